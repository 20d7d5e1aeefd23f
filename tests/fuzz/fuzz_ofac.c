/* Files of an OFAC list, with zero bytes between them, up to four: each is copied to memory of its
 * own size, so that a reader that runs past its end is caught. */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 4 };

static size_t split(const uint8_t *data, size_t size, struct bytes files[static FILES],
                    uint8_t *copies[static FILES])
{
    size_t count = 0;
    for (size_t at = 0; at <= size && count < FILES; count++) {
        const uint8_t *zero = at == size ? NULL : memchr(data + at, 0, size - at);
        size_t len = zero == NULL ? size - at : (size_t)(zero - (data + at));
        copies[count] = malloc(len == 0 ? 1 : len);
        if (copies[count] == NULL)
            abort();
        if (len > 0)
            memcpy(copies[count], data + at, len);
        files[count] = bytes_of(copies[count], len);
        at += len + 1;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[IMPORT_ARENA_SIZE];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_account account;
    struct bytes files[FILES];
    uint8_t *copies[FILES];
    uint32_t taken = 0;
    size_t wrong = 0;
    size_t count = split(data, size, files, copies);
    struct import_host host = fuzz_host(TEXT("x-ofac"), &taken);
    struct err e = import_ofac(files, count, &host, &arena, &account, &wrong);
    if (taken != account.accepted || (failed(e) && (e.rule[0] == 0 || taken > 0)))
        abort();
    if (account.read != account.accepted + account.refused || wrong >= FILES || arena.used != 0)
        abort();
    for (size_t i = 0; i < count; i++)
        free(copies[i]);
    return 0;
}
