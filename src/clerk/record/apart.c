#include "clerk/record/apart.h"

#include "clerk/apply.h"
#include "clerk/state.h"
#include "clerk/exchange/tell.h"
#include "flow/duties.h"

/* -- ends --------------------------------------------------------------------------------- */

void end_set(struct arena *arena, struct json *row, struct instant end)
{
    if (end.ms != DUTY_NEVER.ms)
        json_set_text(arena, row, "until", instant_format(arena, end));
}

static struct text id_of(const struct json *row)
{
    const struct json *record = json_get(row, "record");
    return record != NULL ? json_get_text(record, "id") : json_get_text(row, "id");
}

/* The one deadline of a row: its hold's end while it is held, else its own. */
static bool end_of(const struct json *row, const char **kind_out, struct instant *at_out)
{
    const struct json *hold = json_get(row, "hold");
    *kind_out = hold != NULL ? "hold" : "retain";
    const struct json *of = hold != NULL ? hold : row;
    return !failed(instant_parse(json_get_text(of, "until"), at_out)) && at_out->ms >= 0;
}

struct err end_put(struct act *act, const struct json *row)
{
    const char *kind;
    struct instant at;
    return end_of(row, &kind, &at) ? deadline_put(act, at, kind, id_of(row)) : err_none();
}

struct err end_drop(struct act *act, const struct json *row)
{
    const char *kind;
    struct instant at;
    return end_of(row, &kind, &at) ? deadline_drop(act, at, kind, id_of(row)) : err_none();
}

void apart_carry(struct arena *arena, const struct json *old, struct json *row)
{
    static const char *const names[] = { "hold", "restricted", "inaccurate" };
    json_take_all(arena, row, old, names, sizeof(names) / sizeof(names[0]));
}

/* -- erasure ------------------------------------------------------------------------------ */

struct err record_erase(struct act *act, const struct record_key *record, const struct json *row,
                        struct text reason, uint64_t *number_out)
{
    struct json body = json_object();
    struct json shared = json_array();
    bool own = json_get_bool(row, "own");
    struct err e = own ? holders_of(act, record, &shared) : err_none();
    if (failed(e))
        return e;
    json_set_text(act->arena, &body, "record", id_of(row));
    json_set(act->arena, &body, "own", json_bool(own));
    json_set_text(act->arena, &body, "reason", reason);
    if (own || json_get(row, "from") != NULL)
        json_take(act->arena, &body, row, "version");
    json_take(act->arena, &body, row, "from");
    json_take(act->arena, &body, row, "basis");
    if (json_count(&shared) > 0)
        json_set(act->arena, &body, "shared", shared);
    return fact_add(act, FACT_ERASURE, body, number_out);
}

/* What we erased by ourselves its owner learns: a statement, not a proof. */
struct err copy_erased_tell(struct act *act, const struct applied *in)
{
    struct text reason = json_get_text(in->body, "reason");
    struct tell tell = { .partner = json_get_text(in->body, "from"),
                         .form = "copy-erased",
                         .basis_opt = json_get(in->body, "basis"),
                         .record = json_get_text(in->body, "record"),
                         .body = json_object() };
    if (tell.partner.len == 0 || (!text_is(reason, "expired") && !text_is(reason, "silence")))
        return err_none();
    json_set_text(act->arena, &tell.body, "reason", reason);
    json_take(act->arena, &tell.body, in->body, "version");
    return tell_put(act, in->entry, &tell);
}

/* A partner says that it has erased what it held: the version it names is no longer there. */
struct err apply_copy_erased(struct act *act, const struct applied *in)
{
    struct record_key record;
    struct json row;
    const struct json *version = json_get(in->body, "version");
    struct err e = record_key_of(act, json_get_text(in->body, "record"), &record);
    if (failed(e))
        return e;
    struct row_key key = key_text(json_get_text(in->body, "partner"));
    key_add_u8(&key, 0);
    key_add(&key, BYTES_OF(record.bytes));
    e = row_get(act, TABLE_SHARED, &key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    const struct json *held = json_get(&row, "version");
    if (!text_is(json_get_text(&row, "state"), "held") || version == NULL || held == NULL ||
        !json_equal(version, held))
        return err_none(); /* a newer one is on its way */
    bool silence = text_is(json_get_text(in->body, "reason"), "silence");
    json_set(act->arena, &row, "state", json_literal(silence ? "lapsed" : "expired"));
    json_set_text(act->arena, &row, "erased_at", instant_format(act->arena, in->fact->at));
    e = row_put(act, TABLE_SHARED, &key, &row);
    return failed(e) || !silence ? e : record_touch(act, &record, in->entry->number);
}

/* -- hold and restriction ----------------------------------------------------------------- */

/* The row of a fact's record and its key; the fact stands in the record's log, row or not. */
static struct err find(struct act *act, const struct applied *in, struct record_key *record,
                       struct row_key *key, struct json *row)
{
    struct err e = record_key_of(act, json_get_text(in->body, "record"), record);
    if (!failed(e))
        e = record_log(act, record, in->entry->number);
    if (failed(e))
        return e;
    *key = key_record(record);
    return row_get(act, TABLE_RECORD, key, row);
}

/* The index never takes a number twice. */
struct err row_reindex(struct act *act, const struct applied *in, const struct row_key *key,
                       bool was_hidden, struct json *row)
{
    int64_t old = 0;
    bool hidden = row_hidden(row);
    if (was_hidden == hidden || json_get(row, "record") == NULL ||
        !json_get_integer(row, "doc", &old) || old < 1)
        return err_none();
    if (hidden)
        return doc_kill(act, (uint64_t)old, in->entry->number);
    uint64_t number = in->entry->number;
    struct row_key before = key_u64((uint64_t)old);
    struct row_key now = key_u64(number);
    struct err e = row_delete(act, TABLE_DOC, &before);
    if (!failed(e))
        e = row_put_bytes(act, TABLE_DOC, &now, key_bytes(key));
    json_set_integer(act->arena, row, "doc", (int64_t)number);
    if (failed(e) || act->replay)
        return e;
    return doc_push(row, number, act->arena, &act->changes);
}

/* Sets or removes `name` of the row; `value_opt` NULL removes it. */
static struct err mark(struct act *act, const struct applied *in, const char *name,
                       const struct json *value_opt)
{
    struct record_key record;
    struct row_key key;
    struct json row;
    struct err e = find(act, in, &record, &key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    bool was_hidden = row_hidden(&row);
    e = end_drop(act, &row);
    if (value_opt == NULL)
        json_remove(&row, name);
    else
        json_set(act->arena, &row, name, *value_opt);
    if (!failed(e))
        e = end_put(act, &row);
    if (!failed(e))
        e = row_reindex(act, in, &key, was_hidden, &row);
    if (!failed(e))
        e = row_put(act, TABLE_RECORD, &key, &row);
    return failed(e) ? e : record_touch(act, &record, in->entry->number);
}

static struct json stamped(struct act *act, const struct applied *in)
{
    struct json value = json_copy(act->arena, in->body);
    json_remove(&value, "record");
    json_set_text(act->arena, &value, "at", instant_format(act->arena, in->fact->at));
    json_set_text(act->arena, &value, "unit", in->fact->by.unit);
    json_set_text(act->arena, &value, "user", in->fact->by.user);
    return value;
}

/* A version behind the one that is noted is the corrected one. */
void inaccuracy_settle(struct json *row)
{
    int64_t noted = 0;
    int64_t version = 0;
    (void)json_get_integer(json_get(row, "inaccurate"), "version", &noted);
    (void)json_get_integer(row, "version", &version);
    if (version > noted)
        json_remove(row, "inaccurate");
}

struct err inaccuracy_mark(struct act *act, const struct applied *in)
{
    struct record_key record;
    struct row_key key;
    struct json row;
    struct err e = find(act, in, &record, &key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct json value = stamped(act, in);
    json_remove(&value, "basis");
    json_set(act->arena, &row, "inaccurate", value);
    inaccuracy_settle(&row); /* the correction may have come first */
    return row_put(act, TABLE_RECORD, &key, &row);
}

struct err apply_record_hold(struct act *act, const struct applied *in)
{
    struct json value = stamped(act, in);
    return mark(act, in, "hold", &value);
}

struct err apply_record_hold_end(struct act *act, const struct applied *in)
{
    return mark(act, in, "hold", NULL);
}

struct err apply_record_restrict(struct act *act, const struct applied *in)
{
    struct json value = stamped(act, in);
    struct record_key record;
    bool on = json_get_bool(in->body, "restricted");
    struct tell tell = { .form = "restriction",
                         .record = json_get_text(in->body, "record"),
                         .body = json_object() };
    struct err e = mark(act, in, "restricted", on ? &value : NULL);
    if (failed(e) || json_get(in->body, "told_by") != NULL)
        return e; /* the owner told us: nobody holds it from us */
    e = record_key_of(act, tell.record, &record);
    if (failed(e))
        return e;
    json_set(act->arena, &tell.body, "restricted", json_bool(on));
    json_take(act->arena, &tell.body, in->body, "ground");
    return tell_holders(act, in->entry, &record, tell, false);
}
