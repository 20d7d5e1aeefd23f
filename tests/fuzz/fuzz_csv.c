/* Up to the first zero byte: a mapping; behind it: the table. */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[IMPORT_ARENA_SIZE];
    static uint8_t mapping_memory[1 << 20];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct arena mapping_arena = arena_over(mapping_memory, sizeof(mapping_memory));
    const uint8_t *zero = size == 0 ? NULL : memchr(data, 0, size);
    struct import_account account;
    struct csv_mapping mapping;
    struct json json;
    uint32_t count = 0;
    struct import_host host = fuzz_host(TEXT("NER"), &count);
    if (zero == NULL)
        return 0;
    size_t first = (size_t)(zero - data);
    if (failed(json_parse(bytes_of(data, first), &mapping_arena, &json)) ||
        failed(csv_mapping_parse(&json, &mapping)))
        return 0;
    struct bytes table = bytes_of(zero + 1, size - first - 1);
    if (failed(import_csv(table, &mapping, &host, &arena, &account)) && count > 0)
        abort();
    if (count != account.accepted || account.read != account.accepted + account.refused)
        abort();
    struct json preview;
    if (!failed(import_csv_preview(table, &mapping, &host, 5, &arena, &preview)) &&
        preview.kind != JSON_OBJECT)
        abort();
    return 0;
}
