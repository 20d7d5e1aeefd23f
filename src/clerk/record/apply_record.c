/* Facts about records: own, copied, from sources; effects and notes on them; erasure. */
#include <assert.h>

#include "catalogue/warn.h"
#include "clerk/apply.h"
#include "clerk/record/file.h"
#include "clerk/record/apart.h"
#include "clerk/record/standing.h"
#include "clerk/state.h"
#include "core/encode.h"
#include "flow/duties.h"

static struct row_key doc_key(uint64_t number)
{
    return key_u64(number);
}

typedef struct err deadline_fn(struct act *act, struct instant at, const char *kind,
                               struct text id);

/* Puts or drops what is to come: what lies before `since` has been looked at already. */
struct turns {
    deadline_fn *set;
    struct instant since;
};

static struct err turn(struct act *act, const struct turns *turns, struct instant at,
                       struct text id)
{
    return instant_before(turns->since, at) ? turns->set(act, at, "alert", id) : err_none();
}

/* What the owner is warned of: each review, and the day on which a child comes of age. */
static struct err warning_deadlines(struct act *act, const struct json *record,
                                    const struct turns *turns)
{
    const struct json *alerts = json_get(record, "alerts");
    struct text id = json_get_text(record, "id");
    struct err e = err_none();
    struct date day;
    for (size_t i = 0; !failed(e) && i < json_count(alerts); i++) {
        if (!failed(date_parse(json_get_text(json_item(alerts, i), "review"), &day)) &&
            instant_before(turns->since, date_begin(day)))
            e = turns->set(act, date_begin(day), "review", id);
    }
    if (!failed(e) && warn_majority(record, &day) &&
        instant_before(turns->since, date_begin(day)))
        e = turns->set(act, date_begin(day), "majority", id);
    return e;
}

/* Alerts begin, end and come out of hiding by themselves: the couriers look again then. */
static struct err alert_deadlines(struct act *act, const struct json *record,
                                  const struct turns *turns)
{
    const struct json *alerts = json_get(record, "alerts");
    struct text id = json_get_text(record, "id");
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(alerts); i++) {
        const struct json *valid = json_get(json_item(alerts, i), "valid");
        struct text hidden = json_get_text(json_item(alerts, i), "hidden_until");
        struct date day;
        struct instant at;
        if (!failed(date_parse(json_get_text(valid, "until"), &day)))
            e = turn(act, turns, instant_plus(date_begin(day), INSTANT_DAY), id);
        if (!failed(e) && !failed(date_parse(json_get_text(valid, "from"), &day)))
            e = turn(act, turns, date_begin(day), id);
        if (!failed(e) && !failed(instant_parse(hidden, &at)))
            e = turn(act, turns, at, id);
    }
    return failed(e) ? e : warning_deadlines(act, record, turns);
}

/* The document and the change of the row that the fact `at` replaces go. */
static struct err retire(struct act *act, const struct row_key *key, uint64_t at,
                         struct json *old_out)
{
    struct record_key record;
    int64_t number = 0;
    struct err e = row_get(act, TABLE_RECORD, key, old_out);
    if (e.code == ERR_NOT_FOUND) {
        *old_out = json_null();
        return err_none();
    }
    static const struct turns drop = { deadline_drop, { 0 } };
    if (!failed(e) && json_get_bool(old_out, "own"))
        e = alert_deadlines(act, json_get(old_out, "record"), &drop);
    if (failed(e))
        return e;
    e = end_drop(act, old_out);
    if (failed(e))
        return e;
    memcpy(record.bytes, key->data, sizeof(record.bytes));
    e = standing_drop(act, &record, old_out);
    if (failed(e))
        return e;
    if (json_get_integer(old_out, "change", &number)) {
        struct row_key change = key_u64((uint64_t)number);
        e = row_delete(act, TABLE_CHANGE, &change);
        if (failed(e))
            return e;
    }
    if (!json_get_integer(old_out, "doc", &number) || number == 0)
        return err_none();
    struct row_key doc = doc_key((uint64_t)number);
    e = doc_kill(act, (uint64_t)number, at);
    return failed(e) ? e : row_delete(act, TABLE_DOC, &doc);
}

/* Makes room for a row of `record`, which begins with it and where it comes from. */
static struct err row_begin(struct act *act, const struct applied *in, const struct json *record,
                            struct record_key *key, struct json *row_out)
{
    struct json old;
    struct err e = record_key_of(act, json_get_text(record, "id"), key);
    if (failed(e))
        return e;
    struct row_key row_key = key_record(key);
    e = retire(act, &row_key, in->entry->number, &old);
    if (failed(e))
        return e;
    *row_out = json_object();
    json_set(act->arena, row_out, "record", *record);
    json_set_integer(act->arena, row_out, "doc", (int64_t)in->entry->number);
    json_set_text(act->arena, row_out, "at", instant_format(act->arena, in->fact->at));
    json_set_text(act->arena, row_out, "user", in->fact->by.user);
    json_set_text(act->arena, row_out, "unit", in->fact->by.unit);
    apart_carry(act->arena, &old, row_out); /* a new version stays where the old one was */
    return err_none();
}

/* Writes the row with its record, its document and its hold. */
static struct err settle(struct act *act, const struct record_key *record, uint64_t number,
                         struct json *row)
{
    struct row_key key = key_record(record);
    struct row_key doc = doc_key(number);
    struct err e = row_mark_shown(act, &key, row);
    if (!failed(e))
        e = row_put(act, TABLE_RECORD, &key, row);
    if (failed(e))
        return e;
    e = row_put_bytes(act, TABLE_DOC, &doc, key_bytes(&key));
    if (failed(e))
        return e;
    e = holds_put(act, record, number);
    if (!failed(e) && json_get(row, "source") == NULL) /* a public list has no such log */
        e = record_log(act, record, number);
    if (!failed(e))
        e = end_put(act, row);
    if (!failed(e))
        e = standing_put(act, record, row);
    if (failed(e) || act->replay || row_hidden(row))
        return e;
    return doc_push(row, number, act->arena, &act->changes);
}

/* What the clause lets us do with the copy, and for how long (I2). */
static void copy_terms(struct arena *arena, const struct json *received, struct json *row)
{
    static const char *const kept[] = { "purposes", "conditions", "silence_days",
                                        "audience" };
    struct instant as_of;
    int64_t hours = 0;
    json_take_all(arena, row, received, kept, sizeof(kept) / sizeof(kept[0]));
    (void)json_get_integer(received, "retain_hours", &hours);
    if (hours > 0 && hours <= UINT32_MAX &&
        !failed(instant_parse(json_get_text(row, "as_of"), &as_of)))
        end_set(arena, row, copy_end(as_of, (uint32_t)hours));
}

static struct err change_put(struct act *act, const struct record_key *record, uint64_t number)
{
    struct row_key change = key_u64(number);
    return row_put_bytes(act, TABLE_CHANGE, &change, BYTES_OF(record->bytes));
}

/* The alerts that wait beside it: they say as well how long it stays. */
static void waiting_take(struct act *act, const struct applied *in, const struct json *record,
                         struct json *row)
{
    const struct json *waiting = json_get(in->body, "waiting");
    struct json whole = standing_whole(act->arena, record, waiting);
    if (waiting != NULL)
        json_set(act->arena, row, "waiting", *waiting);
    end_set(act->arena, row, record_end(&whole));
}

static struct err own_put(struct act *act, const struct applied *in, struct record_key *key_out)
{
    const struct json *record = json_get(in->body, "record");
    struct record_key key;
    struct json row;
    struct err e = row_begin(act, in, record, &key, &row);
    if (failed(e))
        return e;
    *key_out = key;
    const struct json *author = json_get(in->body, "author"); /* what the node does is nobody's */
    if (author != NULL) {
        json_set_text(act->arena, &row, "user", json_get_text(author, "user"));
        json_set_text(act->arena, &row, "unit", json_get_text(author, "unit"));
    }
    const struct json *version = json_get(in->body, "version");
    json_set(act->arena, &row, "own", json_bool(true));
    json_set(act->arena, &row, "version", version == NULL ? json_integer(1) : *version);
    json_set_integer(act->arena, &row, "change", (int64_t)in->entry->number);
    waiting_take(act, in, record, &row);
    inaccuracy_settle(&row);
    e = settle(act, &key, in->entry->number, &row);
    if (failed(e))
        return e;
    e = change_put(act, &key, in->entry->number);
    struct turns put = { deadline_put, in->fact->at };
    return failed(e) ? e : alert_deadlines(act, record, &put);
}

struct err apply_record_put(struct act *act, const struct applied *in)
{
    struct record_key key;
    return own_put(act, in, &key);
}

/* What stays of an own record that is withdrawn or erased: its number and its version. */
static struct err tombstone(struct act *act, const struct record_key *key, struct text id,
                            const struct applied *in, const char *why)
{
    struct row_key row_key = key_record(key);
    struct json old;
    struct err e = retire(act, &row_key, in->entry->number, &old);
    if (failed(e))
        return e;
    struct json row = json_object();
    int64_t version = 0;
    (void)json_get_integer(&old, "version", &version);
    (void)json_get_integer(in->body, "version", &version);
    json_set(act->arena, &row, "own", json_bool(true));
    json_set_text(act->arena, &row, "id", id);
    json_set_integer(act->arena, &row, "version", version);
    json_set_integer(act->arena, &row, "change", (int64_t)in->entry->number);
    json_set(act->arena, &row, why, json_bool(true));
    json_set_text(act->arena, &row, "at", instant_format(act->arena, in->fact->at));
    if (strcmp(why, "withdrawn") == 0) /* its openings go as well, in their time */
        end_set(act->arena, &row, instant_plus(in->fact->at, duty_ms("withdrawn")));
    e = row_put(act, TABLE_RECORD, &row_key, &row);
    if (!failed(e))
        e = end_put(act, &row);
    return failed(e) ? e : change_put(act, key, in->entry->number);
}

struct err apply_record_withdraw(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct instant due; /* of the silence that withdrew it */
    struct text id = json_get_text(in->body, "record");
    struct err e = record_key_of(act, id, &key);
    if (!failed(e))
        e = record_log(act, &key, in->entry->number);
    if (!failed(e) && !failed(instant_parse(json_get_text(in->body, "due"), &due)))
        e = deadline_drop(act, due, "achieved", id);
    return failed(e) ? e : tombstone(act, &key, id, in, "withdrawn");
}

struct err apply_source_put(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct json row;
    struct err e = row_begin(act, in, json_get(in->body, "record"), &key, &row);
    if (failed(e))
        return e;
    json_set(act->arena, &row, "own", json_bool(false));
    json_set_text(act->arena, &row, "source", json_get_text(in->body, "source"));
    json_set_text(act->arena, &row, "hash", json_get_text(in->body, "hash"));
    return settle(act, &key, in->entry->number, &row);
}

/* A copy or a source's entry leaves no row at all. */
static struct err drop(struct act *act, const struct record_key *key, uint64_t at)
{
    struct row_key row_key = key_record(key);
    struct json old;
    struct err e = retire(act, &row_key, at, &old);
    if (failed(e))
        return e;
    return row_delete(act, TABLE_RECORD, &row_key);
}

struct err apply_source_withdraw(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct err e = record_key_of(act, json_get_text(in->body, "record"), &key);
    return failed(e) ? e : drop(act, &key, in->entry->number);
}

static bool parked_key(const struct applied *in, struct row_key *out)
{
    int64_t number = 0;
    struct text partner = json_get_text(in->body, "partner");
    if (!json_get_integer(in->body, "number", &number) || number < 1 || partner.len == 0)
        return false;
    *out = key_text(partner);
    key_add_u8(out, 0);
    key_add_u64(out, (uint64_t)number);
    return true;
}

/* What has been taken in or refused waits no longer. */
struct err apply_judged(struct act *act, const struct applied *in)
{
    struct row_key key;
    if (!parked_key(in, &key) || !row_exists(act, TABLE_PARKED, &key))
        return err_none();
    return row_delete(act, TABLE_PARKED, &key);
}

/* A frame that waited, and waits no longer. */
static bool was_parked(struct act *act, const struct fact *fact)
{
    struct applied in = { .body = &fact->body };
    struct row_key key;
    return fact->kind == FACT_PARKED && parked_key(&in, &key) &&
           !row_exists(act, TABLE_PARKED, &key);
}

/* The record as it was: in a fact of ours, or in a frame. Not a note on it, nor a photo. */
static bool holds_record(struct act *act, uint64_t number)
{
    struct journal_entry entry;
    struct opening_bytes opening;
    struct fact fact;
    size_t mark = act->arena->used;
    struct err e = store_journal_get(store_view(act->store), number, act->arena, &entry);
    bool frame = !failed(e) && entry.log >= LOG_FEED_FIRST;
    if (!failed(e) && !frame)
        e = journal_open(act->clerk, &entry, act->arena, &opening);
    if (!failed(e) && !frame)
        e = fact_parse(opening.content, act->arena, &fact);
    bool record = !failed(e) && (frame || fact.kind == FACT_RECORD_PUT ||
                                 fact.kind == FACT_RECORD_PRUNE ||
                                 fact.kind == FACT_RECORD_ENTER ||
                                 fact.kind == FACT_RECEIVED || was_parked(act, &fact));
    arena_rewind(act->arena, mark);
    return record;
}

static struct err forget_openings(struct act *act, const struct record_key *key,
                                  uint64_t before, bool all)
{
    struct row_key prefix = key_record(key);
    struct store_range range = { .table = TABLE_HOLDS, .prefix = key_bytes(&prefix),
                                 .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct row_key hold = key_of(rows.rows[i].key);
        uint64_t number = key_tail_u64(rows.rows[i].key);
        if (number >= before || !(all || holds_record(act, number)))
            continue;
        e = store_erase(act->store, number);
        if (!failed(e))
            e = row_delete(act, TABLE_HOLDS, &hold);
        if (!failed(e)) /* what it said is gone: it is no line of the record's log any more */
            e = row_delete(act, TABLE_ACCESS_RECORD, &hold);
    }
    return e;
}

/* A partner's record arrives; other frames leave rows by the facts that they cause. */
struct err apply_received(struct act *act, const struct applied *in)
{
    const struct json *frame = json_get(in->body, "frame");
    const struct json *body = json_get(frame, "body");
    const struct json *record = json_get(body, "record");
    struct record_key key;
    struct json row;
    struct err e = apply_judged(act, in);
    if (failed(e) || !text_is(json_get_text(frame, "kind"), "record") || record == NULL)
        return e;
    e = row_begin(act, in, record, &key, &row);
    if (failed(e))
        return e;
    const struct json *basis = json_get(frame, "basis");
    const struct json *number = json_get(frame, "number");
    const struct json *version = json_get(body, "version");
    json_set(act->arena, &row, "own", json_bool(false));
    json_set_text(act->arena, &row, "from", json_get_text(in->body, "partner"));
    json_set(act->arena, &row, "basis", basis == NULL ? json_null() : *basis);
    json_set(act->arena, &row, "frame", number == NULL ? json_null() : *number);
    json_set(act->arena, &row, "version", version == NULL ? json_null() : *version);
    json_set_text(act->arena, &row, "as_of", json_get_text(frame, "as_of"));
    copy_terms(act->arena, in->body, &row);
    inaccuracy_settle(&row);
    e = settle(act, &key, in->entry->number, &row);
    const struct json *carried = json_get(body, "attachments");
    if (!failed(e))
        e = files_settle(act, &key, carried, in->entry->number);
    /* what its owner has replaced, corrected or taken out is not ours to keep (I6) */
    return failed(e) ? e : forget_openings(act, &key, in->entry->number, false);
}

/* Its content is the record's: an erasure finds it (I6). */
struct err apply_parked(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct record_key record;
    const struct json *body = json_get(json_get(in->body, "frame"), "body");
    struct text id = json_get_text(json_get(body, "record"), "id");
    if (!parked_key(in, &key))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    struct err e = row_put(act, TABLE_PARKED, &key, in->body);
    if (failed(e) || id.len == 0 || failed(record_key_of(act, id, &record)))
        return e;
    return holds_put(act, &record, in->entry->number);
}

static struct err forget_notes(struct act *act, const struct record_key *key)
{
    struct row_key prefix = key_record(key);
    struct store_range range = { .table = TABLE_NOTE, .prefix = key_bytes(&prefix),
                                 .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct row_key note = key_of(rows.rows[i].key);
        e = row_delete(act, TABLE_NOTE, &note);
    }
    return e;
}

/* Who holds it is told by the frames, whose openings go: the fact says it again, so that a rebuild
 * still knows from whom it must be taken back. */
static struct err keep_shared(struct act *act, const struct record_key *key,
                              const struct json *shared)
{
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(shared); i++) {
        const struct json *one = json_item(shared, i);
        const struct json *row = json_get(one, "row");
        struct row_key row_key = key_text(json_get_text(one, "partner"));
        key_add_u8(&row_key, 0);
        key_add(&row_key, BYTES_OF(key->bytes));
        if (row != NULL)
            e = row_put(act, TABLE_SHARED, &row_key, row);
    }
    return e;
}

/* A new version by the node: without the alerts that are over, of which nothing stays (I6). */
struct err apply_record_prune(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct err e = own_put(act, in, &key);
    if (!failed(e))
        e = keep_shared(act, &key, json_get(in->body, "shared"));
    return failed(e) ? e : forget_openings(act, &key, in->entry->number, false);
}

/* I6: the content goes, the leaves stay. What was written before this fact is forgotten. */
struct err apply_erasure(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct text id = json_get_text(in->body, "record");
    struct err e = record_key_of(act, id, &key);
    if (failed(e))
        return e;
    bool own = json_get_bool(in->body, "own");
    e = own ? tombstone(act, &key, id, in, "erased") : drop(act, &key, in->entry->number);
    if (failed(e))
        return e;
    struct row_key effect = key_record(&key);
    e = row_delete(act, TABLE_EFFECT, &effect);
    if (!failed(e))
        e = forget_notes(act, &key);
    if (!failed(e))
        e = files_forget(act, &key);
    if (!failed(e))
        e = keep_shared(act, &key, json_get(in->body, "shared"));
    if (!failed(e))
        e = forget_openings(act, &key, in->entry->number, true);
    if (!failed(e))
        e = record_log(act, &key, in->entry->number);
    return failed(e) ? e : copy_erased_tell(act, in);
}

/* What rests on the record beside its content has changed: the couriers look at it again, and at
 * nothing else. */
struct err record_touch(struct act *act, const struct record_key *record, uint64_t number)
{
    struct row_key key = key_record(record);
    struct json row;
    int64_t before = 0;
    struct err e = row_get(act, TABLE_RECORD, &key, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    if (failed(e) || !json_get_integer(&row, "change", &before))
        return e; /* nobody's own: no courier looks at it */
    struct row_key change = key_u64((uint64_t)before);
    e = row_delete(act, TABLE_CHANGE, &change);
    json_set_integer(act->arena, &row, "change", (int64_t)number);
    if (!failed(e))
        e = row_put(act, TABLE_RECORD, &key, &row);
    return failed(e) ? e : change_put(act, record, number);
}

static struct err note_key(struct act *act, const struct applied *in, struct row_key *out)
{
    struct record_key key;
    struct err e = record_key_of(act, json_get_text(in->body, "record"), &key);
    if (failed(e))
        return e;
    *out = key_record(&key);
    key_add_text(out, json_get_text(in->body, "note"));
    return err_none();
}

struct err apply_note_put(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct record_key record;
    struct err e = note_key(act, in, &key);
    if (failed(e))
        return e;
    e = row_put(act, TABLE_NOTE, &key, in->body);
    if (failed(e))
        return e;
    memcpy(record.bytes, key.data, sizeof(record.bytes));
    e = holds_put(act, &record, in->entry->number);
    return failed(e) ? e : record_touch(act, &record, in->entry->number); /* notes may deny */
}

struct err apply_note_remove(struct act *act, const struct applied *in)
{
    struct row_key key;
    struct err e = note_key(act, in, &key);
    return failed(e) ? e : row_delete(act, TABLE_NOTE, &key);
}

/* The copy is found, or not, by what its alerts now do here. */
static struct err show_again(struct act *act, const struct applied *in, const struct row_key *key)
{
    struct json row;
    struct err e = row_get(act, TABLE_RECORD, key, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    if (failed(e) || json_get(&row, "from") == NULL)
        return e;
    bool was_hidden = row_hidden(&row);
    e = row_mark_shown(act, key, &row);
    if (!failed(e))
        e = row_reindex(act, in, key, was_hidden, &row);
    return failed(e) ? e : row_put(act, TABLE_RECORD, key, &row);
}

/* One effect an alert: {"<alert id>":{…}, …} in one row per record. */
struct err apply_effect_set(struct act *act, const struct applied *in)
{
    struct record_key key;
    struct json row = json_object();
    struct err e = record_key_of(act, json_get_text(in->body, "record"), &key);
    if (failed(e))
        return e;
    struct row_key row_key = key_record(&key);
    e = row_get(act, TABLE_EFFECT, &row_key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    json_set_name(act->arena, &row, json_get_text(in->body, "alert"), *in->body);
    e = row_put(act, TABLE_EFFECT, &row_key, &row);
    return failed(e) ? e : show_again(act, in, &row_key);
}
