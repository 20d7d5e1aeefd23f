/* Our own records, a JSON document a line; behind a first zero byte instead a travel document's
 * zone as a draft. Whatever is handed over has passed the model's parser. */
#include "fuzz_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_zone(struct bytes in, struct arena *arena)
{
    struct mrz_origin origin = { .unit = TEXT("unit"),
                                 .reference = TEXT("lane 2"),
                                 .today = { 2026, 11, 23 } };
    struct findings findings;
    struct json draft;
    struct text zone;
    if (failed(record_id_parse(TEXT("BEN-01ARZ3NDEKTSV4RRFFQ69G5FAV"), &origin.id)) ||
        failed(text_parse(in, &zone)))
        return;
    findings_init(&findings, arena);
    struct err e = import_mrz(zone, &origin, arena, &findings, &draft);
    if (failed(e) ? e.rule[0] == '\0' : draft.kind != JSON_OBJECT)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[IMPORT_ARENA_SIZE];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_account account;
    uint32_t count = 0;
    if (size > 0 && data[0] == 0) {
        check_zone(bytes_of(data + 1, size - 1), &arena);
        return 0;
    }
    struct import_host host = fuzz_host(TEXT("BEN"), &count);
    struct err e = import_ndjson(bytes_of(data, size), &host, &arena, &account);
    if (count != account.accepted || (failed(e) && e.rule[0] == '\0'))
        abort();
    if (account.read != account.accepted + account.refused)
        abort();
    return 0;
}
