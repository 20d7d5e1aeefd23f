/* A proof file that parses is written again to the same bytes. */
#include <stdlib.h>

#include "ledger/proof_file.h"

static uint8_t memory[16 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct proof_file file;
    struct checkpoint cp;
    struct text again;
    static const uint8_t public[NOTE_KEY_LEN] = { 1 };
    struct note_key key;
    if (failed(proof_file_parse(bytes_of(data, size), &arena, &file)))
        return 0;
    if (!failed(proof_file_format(&file, &arena, &again)) &&
        !bytes_equal(text_bytes(again), bytes_of(data, size)))
        abort();
    if (failed(note_key_make(TEXT("nobody"), public, &key)) ||
        !failed(proof_file_check(&file, &key, &arena, &cp)))
        abort(); /* nobody has signed it */
    return 0;
}
