#include "clerk/record/doc.h"

#include "clerk/record/sight.h"
#include "index/record.h"

bool row_apart(const struct json *row)
{
    return json_get(row, "hold") != NULL || json_get(row, "restricted") != NULL;
}

bool row_hidden(const struct json *row)
{
    return row_apart(row) || json_get(row, "unseen") != NULL;
}

struct err row_mark_shown(struct act *act, const struct row_key *key, struct json *row)
{
    struct json effects;
    if (json_get(row, "from") == NULL)
        return err_none();
    struct err e = row_get(act, TABLE_EFFECT, key, &effects);
    bool hides = !failed(e) && effects_hide(json_get(row, "record"), &effects);
    if (hides)
        json_set(act->arena, row, "unseen", json_bool(true));
    else
        json_remove(row, "unseen");
    return e.code == ERR_NOT_FOUND ? err_none() : e;
}

struct err doc_kill(struct act *act, uint64_t number, uint64_t at)
{
    struct shelf_change *change = ARENA_NEW(act->arena, struct shelf_change);
    struct row_key key = key_u64(at);
    if (change == NULL)
        return arena_check(act->arena);
    change->dead = number;
    change->at = at;
    change->next = act->changes;
    act->changes = change;
    if (act->replay)
        return err_none(); /* the index is made anew */
    key_add_u64(&key, number);
    return row_put_bytes(act, TABLE_DEAD, &key, bytes_of("", 0));
}

/* Restricted unless it says otherwise, as the model reads it (model/record.h). */
static enum classification own_level(const struct json *value, enum classification otherwise)
{
    struct text text = json_get_text(value, "classification");
    int level = text.len == 0 ? (int)otherwise : code_find(CODE_CLASSIFICATION, text);
    return level < 0 ? CLASSIFICATION_RAW : (enum classification)level;
}

enum classification record_level(const struct json *record)
{
    static const char *const parts[] = { "alerts", "statements" };
    enum classification base = own_level(record, CLASSIFICATION_RESTRICTED);
    enum classification level = base;
    for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++) {
        const struct json *list = json_get(record, parts[p]);
        for (size_t i = 0; i < json_count(list); i++) {
            enum classification one = own_level(json_item(list, i), base);
            if (one == CLASSIFICATION_RAW || level == CLASSIFICATION_RAW)
                return CLASSIFICATION_RAW;
            if (one > level)
                level = one;
        }
    }
    return level;
}

struct err doc_group(const struct json *row, struct arena *arena, struct text *out)
{
    static const char *const parts[] = { "from", "purposes", "audience", "silence_days" };
    struct json group = json_object();
    struct bytes bytes;
    json_set_integer(arena, &group, "level", (int64_t)record_level(json_get(row, "record")));
    for (size_t i = 0; json_get(row, "from") != NULL && i < sizeof(parts) / sizeof(parts[0]); i++) {
        const struct json *value = json_get(row, parts[i]);
        if (value != NULL)
            json_set(arena, &group, parts[i], *value);
    }
    struct err e = json_format(&group, arena, &bytes);
    if (!failed(e))
        *out = (struct text){ (const char *)bytes.data, bytes.len };
    return e;
}

struct err doc_push(const struct json *row, uint64_t number, struct arena *arena,
                    struct shelf_change **changes)
{
    struct findings *findings = ARENA_NEW(arena, struct findings);
    struct shelf_change *change = ARENA_NEW(arena, struct shelf_change);
    struct index_doc *doc = ARENA_NEW(arena, struct index_doc);
    const struct json *record = json_get(row, "record");
    struct record parsed;
    if (findings == NULL || change == NULL || doc == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(findings, arena);
    bool view = json_get(record, "withheld") != NULL; /* a partner's */
    struct err e = view ? record_parse_view(record, arena, findings, &parsed)
                        : record_parse(record, arena, findings, &parsed);
    if (!failed(e))
        e = index_doc_from_record(&parsed, number, arena, doc);
    if (!failed(e))
        e = doc_group(row, arena, &change->group);
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
    if (record == NULL || row_hidden(&value))
        return err_none(); /* withdrawn, held for a court, restricted or not shown here */
    if (!json_get_integer(&value, "doc", &number) || number < 1)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    return doc_push(&value, (uint64_t)number, arena, changes);
}
