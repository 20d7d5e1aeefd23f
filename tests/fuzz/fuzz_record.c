/* A document from anywhere: parsed or refused with findings. What parses is redacted in two ways,
 * and the view parses as a view, has the same id, and is smaller in statements. */
#include <stdlib.h>

#include "model/redact.h"

static uint8_t memory[24 << 20];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_view(const struct record *r, struct redaction *rules, struct arena *arena)
{
    struct json view;
    struct json again;
    struct bytes bytes;
    struct findings findings;
    struct record back;
    struct err e = record_redact(r, rules, arena, &view);
    if (failed(e))
        return; /* nothing shared, or no room */
    if (failed(json_format(&view, arena, &bytes)))
        return;
    if (failed(json_parse(bytes, arena, &again))) {
        if (!arena->full)
            abort();
        return;
    }
    findings_init(&findings, arena);
    e = record_parse_view(&again, arena, &findings, &back);
    if (failed(e) && !arena->full)
        abort();
    if (!failed(e) && (record_id_compare(&r->id, &back.id) != 0 ||
                       back.statement_count > r->statement_count || !back.redacted))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct text withheld[] = { { "contact", 7 }, { "name", 4 }, { "image", 5 } };
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json;
    struct findings findings;
    struct record record;
    bool all[RECORD_ALERTS_MAX];
    if (failed(json_parse(bytes_of(data, size), &arena, &json)))
        return 0;
    findings_init(&findings, &arena);
    struct err e = record_parse(&json, &arena, &findings, &record);
    if (failed(e)) {
        if (e.code == ERR_INVALID && text_is(text_literal(e.rule), "record.refused") &&
            findings.errors == 0)
            abort();
        return 0;
    }
    memset(all, true, sizeof(all));
    struct redaction rules = { .alerts = all };
    check_view(&record, &rules, &arena);
    rules.withheld = withheld;
    rules.withheld_count = 3;
    check_view(&record, &rules, &arena);
    (void)record_is_minor(&record, (struct date){ 2026, 11, 22 });
    return 0;
}
