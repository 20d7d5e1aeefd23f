/* Any bytes inflate to at most the limit, or not at all; any bytes packed come back. */
#include <stdlib.h>

#include "shell/zip.h"

enum { LIMIT = 1 << 16 };

static uint8_t memory[4 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes in = bytes_of(data, size);
    struct bytes out = { NULL, 0 };
    if (!failed(zip_unpack(in, LIMIT, &arena, &out)) && out.len > LIMIT)
        abort();
    struct bytes packed = { NULL, 0 };
    if (size > LIMIT || failed(zip_pack(in, &arena, &packed)))
        return 0;
    if (failed(zip_unpack(packed, LIMIT, &arena, &out)) || !bytes_equal(out, in))
        abort();
    return 0;
}
