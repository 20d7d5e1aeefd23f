#include "clerk/record/standing.h"

#include "catalogue/identity.h"
#include "catalogue/priority.h"
#include "clerk/apply.h"
#include "clerk/state.h"
#include "core/writer.h"

enum { IDENTITY_PREFIX = 16, AGAIN_STEP = 64 };

const struct edition *clerk_edition(const struct clerk *clerk)
{
    const struct edition *chosen = clerk->config.edition_opt;
    return chosen != NULL ? chosen : edition_find(TEXT(EDITION_DEFAULT));
}

/* -- rows --------------------------------------------------------------------------------- */

static struct row_key identity_row(const struct identity_key *key, const struct record_key *record)
{
    struct row_key row = key_of(bytes_of(key->key.bytes, IDENTITY_PREFIX));
    key_add(&row, BYTES_OF(record->bytes));
    return row;
}

static struct row_key wait_row(const struct record_key *blocker, const struct record_key *waiter)
{
    struct row_key row = key_record(blocker);
    key_add(&row, BYTES_OF(waiter->bytes));
    return row;
}

static struct err identity_rows_set(struct act *act, const struct record_key *record,
                                    const struct json *row, bool put)
{
    static const uint8_t here = 1;
    struct identity *identity = ARENA_NEW(act->arena, struct identity);
    const struct json *json = json_get(row, "record");
    if (json == NULL || json_get(row, "source") != NULL)
        return err_none();
    if (identity == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = identity_keys(json, act->arena, identity);
    for (size_t i = 0; !failed(e) && i < identity->count; i++) {
        struct row_key key = identity_row(&identity->keys[i], record);
        e = put ? row_put_bytes(act, TABLE_IDENTITY, &key, bytes_of(&here, 1))
                : row_delete(act, TABLE_IDENTITY, &key);
    }
    return e;
}

/* One alert that waits behind one record: found again from there, and on the day after its end. */
static struct err behind_set(struct act *act, const struct record_key *waiter, struct text id,
                             const struct json *behind, bool put)
{
    struct record_key blocker;
    struct date day;
    struct json value = json_object();
    struct err e = record_key_of(act, json_get_text(behind, "record"), &blocker);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct row_key key = wait_row(&blocker, waiter);
    json_set_text(act->arena, &value, "record", id);
    e = put ? row_put(act, TABLE_WAIT, &key, &value) : row_delete(act, TABLE_WAIT, &key);
    if (failed(e) || failed(date_parse(json_get_text(behind, "until"), &day)))
        return e;
    struct instant at = instant_plus(date_begin(day), INSTANT_DAY);
    return put ? deadline_put(act, at, "wait", id) : deadline_drop(act, at, "wait", id);
}

static struct err waiting_set(struct act *act, const struct record_key *record,
                              const struct json *row, bool put)
{
    const struct json *waiting = json_get(row, "waiting");
    struct text id = json_get_text(json_get(row, "record"), "id");
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(waiting); i++) {
        const struct json *behind = json_get(json_item(waiting, i), "behind");
        for (size_t j = 0; !failed(e) && j < json_count(behind); j++)
            e = behind_set(act, record, id, json_item(behind, j), put);
    }
    return e;
}

struct err standing_put(struct act *act, const struct record_key *record, const struct json *row)
{
    struct err e = identity_rows_set(act, record, row, true);
    return failed(e) ? e : waiting_set(act, record, row, true);
}

/* Not computed from the journal, and kept over a rebuild: whom the tick looks at again. */
static struct row_key again_row(struct text id)
{
    struct row_key key = key_text(TEXT("wait"));
    key_add_text(&key, id);
    return key;
}

static struct err wake(struct act *act, const struct record_key *record)
{
    static const uint8_t due = 1;
    if (act->replay)
        return err_none();
    struct row_key prefix = key_record(record);
    struct store_range range = { .table = TABLE_WAIT, .prefix = key_bytes(&prefix),
                                 .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json value;
        e = json_parse(rows.rows[i].value, act->arena, &value);
        struct row_key again = again_row(json_get_text(&value, "record"));
        if (!failed(e))
            e = row_put_bytes(act, TABLE_META, &again, bytes_of(&due, 1));
    }
    return e;
}

struct err standing_drop(struct act *act, const struct record_key *record, const struct json *row)
{
    struct err e = identity_rows_set(act, record, row, false);
    if (!failed(e))
        e = waiting_set(act, record, row, false);
    return failed(e) ? e : wake(act, record);
}

struct json standing_whole(struct arena *arena, const struct json *record,
                           const struct json *waiting)
{
    const struct json *here = json_get(record, "alerts");
    struct json alerts = json_array();
    if (json_count(waiting) == 0)
        return *record;
    struct json whole = json_copy(arena, record);
    if (whole.kind != JSON_OBJECT)
        return whole; /* the arena is full, and says so */
    for (size_t i = 0; i < json_count(here); i++)
        json_push(arena, &alerts, *json_item(here, i));
    for (size_t i = 0; i < json_count(waiting); i++) {
        const struct json *alert = json_get(json_item(waiting, i), "alert");
        if (alert != NULL)
            json_push(arena, &alerts, *alert);
    }
    json_set(arena, &whole, "alerts", alerts);
    return whole;
}

/* -- what stands -------------------------------------------------------------------------- */

struct standing {
    struct json rows[STANDING_MAX];
    enum same same[STANDING_MAX];
    size_t count;
};

/* A row under one key: another record about the same, once. */
static struct err standing_add(struct act *act, const struct identity *identity,
                               const struct record_key *self, struct bytes key,
                               struct standing *out)
{
    struct identity *other = ARENA_NEW(act->arena, struct identity);
    struct bytes tail = bytes_of(key.data + IDENTITY_PREFIX, key.len - IDENTITY_PREFIX);
    struct row_key row_key = key_of(tail);
    struct json row;
    if (bytes_equal(tail, BYTES_OF(self->bytes)) || out->count == STANDING_MAX)
        return err_none();
    struct err e = row_get(act, TABLE_RECORD, &row_key, &row);
    if (failed(e) || other == NULL)
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    const struct json *record = json_get(&row, "record");
    struct text id = json_get_text(record, "id");
    for (size_t i = 0; i < out->count; i++) {
        if (text_equal(json_get_text(json_get(&out->rows[i], "record"), "id"), id))
            return err_none();
    }
    e = record == NULL ? err_none() : identity_keys(record, act->arena, other);
    if (failed(e) || record == NULL)
        return e;
    out->same[out->count] = identity_compare(identity, other);
    out->rows[out->count++] = row;
    return err_none();
}

static struct err standing_find(struct act *act, const struct record_key *self,
                                const struct json *record, struct standing *out)
{
    struct identity *identity = ARENA_NEW(act->arena, struct identity);
    out->count = 0;
    if (identity == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = identity_keys(record, act->arena, identity);
    for (size_t i = 0; !failed(e) && i < identity->count; i++) {
        struct store_range range = { .table = TABLE_IDENTITY,
                                     .prefix = bytes_of(identity->keys[i].key.bytes,
                                                        IDENTITY_PREFIX),
                                     .limit = STANDING_MAX };
        struct store_rows rows;
        e = store_scan(store_view(act->store), &range, act->arena, &rows);
        for (size_t j = 0; !failed(e) && j < rows.count; j++)
            e = standing_add(act, identity, self, rows.rows[j].key, out);
    }
    return e;
}

static struct alert_kind kind_of(const struct json *alert)
{
    return (struct alert_kind){ json_get_text(alert, "category"), json_get_text(alert, "check") };
}

static bool ended(const struct json *alert, struct instant now)
{
    struct date day;
    if (failed(date_parse(json_get_text(json_get(alert, "valid"), "until"), &day)))
        return false;
    return !instant_before(now, instant_plus(date_begin(day), INSTANT_DAY));
}

/* The alert stood before, with this category and check: nobody is asked again. */
static bool stood(const struct json *row, const struct json *alert)
{
    const struct json *alerts = json_get(json_get(row, "record"), "alerts");
    struct alert_kind kind = kind_of(alert);
    for (size_t i = 0; i < json_count(alerts); i++) {
        struct alert_kind other = kind_of(json_item(alerts, i));
        if (text_equal(json_get_text(json_item(alerts, i), "id"), json_get_text(alert, "id")) &&
            text_equal(kind.category, other.category) && text_equal(kind.check, other.check))
            return true;
    }
    return false;
}

/* -- judging ------------------------------------------------------------------------------ */

struct judge {
    struct act *act;
    struct standing_draft *draft;
    const struct edition *edition;
    struct standing standing;
};

static struct text alert_place(struct act *act, size_t index)
{
    struct writer w = writer_in(act->arena);
    struct bytes out = { NULL, 0 };
    writer_literal(&w, "/alerts/");
    writer_decimal(&w, (int64_t)index);
    if (failed(writer_keep(&w, act->arena, &out)))
        return TEXT("/alerts");
    return (struct text){ (const char *)out.data, out.len };
}

/* What one alert meets in all that stands; those that it waits behind go to *behind. */
static struct meeting meet_all(struct judge *j, const struct json *alert, struct json *behind)
{
    struct meeting worst = { .entry = ENTRY_FREE };
    struct arena *arena = j->act->arena;
    for (size_t i = 0; i < j->standing.count; i++) {
        const struct json *record = json_get(&j->standing.rows[i], "record");
        const struct json *alerts = json_get(record, "alerts");
        for (size_t k = 0; j->standing.same[i] == SAME_YES && k < json_count(alerts); k++) {
            const struct json *other = json_item(alerts, k);
            struct meeting m = priority_meet(j->edition, j->draft->record->kind, kind_of(alert),
                                             kind_of(other));
            if (m.entry == ENTRY_FREE || ended(other, j->act->now))
                continue;
            if (m.entry > worst.entry)
                worst = m;
            struct json one = json_object();
            struct text until = json_get_text(json_get(other, "valid"), "until");
            json_set_text(arena, &one, "record", json_get_text(record, "id"));
            json_set_text(arena, &one, "alert", json_get_text(other, "id"));
            if (until.len > 0)
                json_set_text(arena, &one, "until", until);
            if (json_count(behind) < STANDING_BEHIND_MAX)
                json_push(arena, behind, one);
        }
    }
    return worst;
}

/* How long it has waited already. */
static struct text since_of(struct judge *j, struct text alert)
{
    const struct json *waiting = json_get(j->draft->row, "waiting");
    for (size_t i = 0; i < json_count(waiting); i++) {
        const struct json *one = json_item(waiting, i);
        if (text_equal(json_get_text(json_get(one, "alert"), "id"), alert))
            return json_get_text(one, "since");
    }
    return instant_format(j->act->arena, j->act->now);
}

/* One alert of the draft: into `entering`, or to those that wait. */
static struct err judge_alert(struct judge *j, size_t index, struct json *entering)
{
    struct arena *arena = j->act->arena;
    const struct json *alert = json_item(json_get(j->draft->record->json, "alerts"), index);
    struct json behind = json_array();
    struct text place = alert_place(j->act, index);
    if (stood(j->draft->row, alert)) {
        json_push(arena, entering, *alert);
        return err_none();
    }
    struct meeting met = meet_all(j, alert, &behind);
    if (met.entry == ENTRY_REFUSED && j->draft->consulted.len == 0)
        return act_refuse(j->act, ERR_CONFLICT, met.rule, place);
    if (met.entry != ENTRY_FREE)
        findings_add(j->draft->findings, place,
                     j->draft->consulted.len > 0 ? "catalogue.consulted" : met.rule,
                     SEVERITY_WARNING);
    if (met.entry <= ENTRY_AT_ONCE || j->draft->consulted.len > 0) {
        json_push(arena, entering, *alert);
        return err_none();
    }
    struct json one = json_object();
    json_set(arena, &one, "alert", *alert);
    json_set(arena, &one, "rule", json_literal(met.rule));
    json_set_text(arena, &one, "since", since_of(j, json_get_text(alert, "id")));
    json_set(arena, &one, "behind", behind);
    json_push(arena, &j->draft->waiting, one);
    return err_none();
}

/* Two alerts of one record, one of them new, stand side by side or not at all. */
static struct err judge_within(struct judge *j)
{
    const struct json *alerts = json_get(j->draft->record->json, "alerts");
    for (size_t i = 1; i < json_count(alerts); i++) {
        const struct json *one = json_item(alerts, i);
        for (size_t k = 0; k < i; k++) {
            const struct json *other = json_item(alerts, k);
            struct meeting m = priority_meet(j->edition, j->draft->record->kind, kind_of(one),
                                             kind_of(other));
            if (m.entry != ENTRY_FREE && !ended(one, j->act->now) && !ended(other, j->act->now) &&
                !(stood(j->draft->row, one) && stood(j->draft->row, other)))
                return act_refuse(j->act, ERR_CONFLICT, "catalogue.incompatible-within",
                                  alert_place(j->act, i));
        }
    }
    return err_none();
}

static bool covered(const struct judge *j, const struct json *record)
{
    const struct json *alerts = json_get(record, "alerts");
    for (size_t i = 0; i < json_count(alerts); i++) {
        int category = code_find(CODE_CATEGORY, json_get_text(json_item(alerts, i), "category"));
        if (edition_rules(j->edition, category, j->draft->record->kind) != NULL &&
            !ended(json_item(alerts, i), j->act->now))
            return true;
    }
    return false;
}

/* One alert about one person or object and member (2018/1862 art 23), where the edition says so;
 * and a clone is suspected aloud. */
static struct err judge_others(struct judge *j)
{
    for (size_t i = 0; i < j->standing.count; i++) {
        const struct json *row = &j->standing.rows[i];
        const struct json *record = json_get(row, "record");
        if (j->standing.same[i] == SAME_CLONE)
            findings_add(j->draft->findings, TEXT("/statements"), "catalogue.clone-suspected",
                         SEVERITY_WARNING);
        if (j->standing.same[i] == SAME_YES && j->edition->one_each && json_get_bool(row, "own") &&
            json_get(j->draft->row, "record") == NULL && covered(j, record) &&
            covered(j, j->draft->record->json))
            return act_refuse(j->act, ERR_CONFLICT, "catalogue.already-entered",
                              row_apart(row) ? TEXT("/statements") : json_get_text(record, "id"));
    }
    return err_none();
}

struct err standing_judge(struct act *act, const struct record_key *key,
                          struct standing_draft *draft)
{
    struct judge *j = ARENA_NEW(act->arena, struct judge);
    struct json entering = json_array();
    draft->waiting = json_array();
    if (j == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    j->act = act;
    j->draft = draft;
    j->edition = clerk_edition(act->clerk);
    if (j->edition->table_count == 0 && !j->edition->one_each)
        return err_none(); /* it compares nothing */
    struct err e = standing_find(act, key, draft->record->json, &j->standing);
    if (!failed(e))
        e = judge_within(j);
    if (!failed(e))
        e = judge_others(j);
    for (size_t i = 0; !failed(e) && i < draft->record->alert_count; i++)
        e = judge_alert(j, i, &entering);
    if (!failed(e) && json_count(&draft->waiting) > 0)
        json_set(act->arena, draft->json, "alerts", entering);
    return e;
}

/* -- when the way is free ----------------------------------------------------------------- */

static struct err enter(struct act *act, const struct json *row, const struct json *record,
                        const struct json *waiting)
{
    struct json body = json_object();
    struct json author = json_object();
    uint64_t number = 0;
    int64_t version = 0;
    bool same = json_equal(json_get(row, "record"), record);
    (void)json_get_integer(row, "version", &version);
    json_set(act->arena, &body, "record", *record);
    json_set_integer(act->arena, &body, "version", same ? version : version + 1);
    if (json_count(waiting) > 0)
        json_set(act->arena, &body, "waiting", *waiting);
    json_set_text(act->arena, &author, "unit", json_get_text(row, "unit"));
    json_set_text(act->arena, &author, "user", json_get_text(row, "user"));
    json_set(act->arena, &body, "author", author);
    return fact_add(act, FACT_RECORD_ENTER, body, &number);
}

static struct err look_again(struct act *act, const struct record_key *key, const struct json *row)
{
    const struct json *before = json_get(row, "waiting");
    struct findings *findings = ARENA_NEW(act->arena, struct findings);
    struct json whole = standing_whole(act->arena, json_get(row, "record"), before);
    struct json json = whole;
    struct record record;
    struct standing_draft draft = { .json = &json, .record = &record, .row = row,
                                    .findings = findings };
    if (findings == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(findings, act->arena);
    struct err e = record_parse(&whole, act->arena, findings, &record);
    if (!failed(e))
        e = standing_judge(act, key, &draft);
    if (failed(e) || (json_equal(&json, json_get(row, "record")) &&
                      json_equal(&draft.waiting, before)))
        return e;
    return enter(act, row, &json, &draft.waiting);
}

struct err standing_due(struct act *act, struct text id)
{
    struct record_key key;
    struct json row;
    struct err e = record_key_of(act, id, &key);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct row_key row_key = key_record(&key);
    e = row_get(act, TABLE_RECORD, &row_key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    if (json_count(json_get(&row, "waiting")) == 0)
        return err_none();
    if (json_get(&row, "hold") != NULL) /* kept for a court: as it was */
        return deadline_put(act, instant_plus(act->now, INSTANT_DAY), "wait", id);
    e = look_again(act, &key, &row);
    if (e.code == ERR_CONFLICT || e.code == ERR_INVALID)
        return err_none(); /* what now stands refuses it: it goes on waiting, and is shown */
    return e;
}

struct err standing_again(struct act *act, bool *more_out)
{
    struct row_key prefix = again_row((struct text){ NULL, 0 });
    struct store_range range = { .table = TABLE_META, .prefix = key_bytes(&prefix),
                                 .limit = AGAIN_STEP };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    *more_out = !failed(e) && rows.count == AGAIN_STEP;
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct bytes key = rows.rows[i].key;
        struct row_key row = key_of(key);
        struct text id = { (const char *)key.data + prefix.len, key.len - prefix.len };
        e = row_delete(act, TABLE_META, &row);
        if (!failed(e))
            e = standing_due(act, id);
    }
    return e;
}
