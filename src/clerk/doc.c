#include "clerk/doc.h"

#include "index/record.h"

bool row_apart(const struct json *row)
{
    return json_get(row, "hold") != NULL || json_get(row, "restricted") != NULL;
}

void doc_kill(uint64_t number, struct arena *arena, struct shelf_change **changes)
{
    struct shelf_change *change = ARENA_NEW(arena, struct shelf_change);
    if (change == NULL)
        return; /* the arena remembers, and the command fails */
    change->dead = number;
    change->next = *changes;
    *changes = change;
}

struct err doc_push(const struct json *record, uint64_t number, struct arena *arena,
                    struct shelf_change **changes)
{
    struct findings *findings = ARENA_NEW(arena, struct findings);
    struct shelf_change *change = ARENA_NEW(arena, struct shelf_change);
    struct index_doc *doc = ARENA_NEW(arena, struct index_doc);
    struct record parsed;
    if (findings == NULL || change == NULL || doc == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(findings, arena);
    bool view = json_get(record, "withheld") != NULL; /* a partner's */
    struct err e = view ? record_parse_view(record, arena, findings, &parsed)
                        : record_parse(record, arena, findings, &parsed);
    if (failed(e))
        return e;
    e = index_doc_from_record(&parsed, number, arena, doc);
    if (failed(e))
        return e;
    change->add_opt = doc;
    change->next = *changes;
    *changes = change;
    return err_none();
}

struct err doc_of_row(struct bytes row, struct arena *arena, struct shelf_change **changes)
{
    struct json value;
    int64_t number = 0;
    struct err e = json_parse(row, arena, &value);
    if (failed(e))
        return e;
    const struct json *record = json_get(&value, "record");
    if (record == NULL || row_apart(&value))
        return err_none(); /* withdrawn, held for a court or restricted */
    if (!json_get_integer(&value, "doc", &number) || number < 1)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    return doc_push(record, (uint64_t)number, arena, changes);
}
