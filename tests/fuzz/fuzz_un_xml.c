/* The UN importer over any bytes: whatever is handed over has passed the model's parser. */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[IMPORT_ARENA_SIZE];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_account account;
    uint32_t count = 0;
    struct import_host host = fuzz_host(TEXT("x-un"), &count);
    struct err e = import_un(bytes_of(data, size), &host, &arena, &account);
    if (count != account.accepted || (failed(e) && e.rule[0] == 0))
        abort();
    if (account.read != account.accepted + account.refused)
        abort();
    return 0;
}
