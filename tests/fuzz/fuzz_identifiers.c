/* First byte: the kind. An offered correction is valid; the key of a key is itself. */
#include <stdlib.h>

#include "model/identifiers.h"

static uint8_t memory[1 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text in;
    if (size == 0 || size > 4096 || failed(text_parse(bytes_of(data + 1, size - 1), &in)))
        return 0;
    enum identifier_kind kind = (enum identifier_kind)(data[0] % IDENTIFIER_KINDS);
    struct identifier_check first = identifier_check(kind, in, &arena);
    if (first.correction.len > 0) {
        struct identifier_check offered = identifier_check(kind, first.correction, &arena);
        if (offered.verdict != IDENTIFIER_VALID && offered.verdict != IDENTIFIER_UNCHECKED)
            abort();
    }
    if (kind == IDENTIFIER_IMSI && first.key.len >= 3)
        (void)imsi_parts(first.key);
    return 0;
}
