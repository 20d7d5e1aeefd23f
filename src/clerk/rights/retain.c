#include "clerk/rights/retain.h"

#include <assert.h>

#include "clerk/record/apart.h"
#include "clerk/apply.h"
#include "clerk/state.h"
#include "clerk/exchange/tell.h"
#include "core/encode.h"
#include "link/receive.h"
#include "seal/vault.h"

enum { SILENCE_STEP = 256, LOG_STEP = 64 };
#define SILENCE_EVERY INSTANT_HOUR
#define ROW_SILENCE "silence"       /* {"at"} or, in a round, {"partner","after"} too */
#define ROW_ACCESS_LOG "access-log" /* {"next"}: the first entry not yet looked at */

/* -- the end of a record's period, of a hold ---------------------------------------------- */

static bool ends_at(const struct json *row, struct text kind, struct instant at)
{
    const struct json *hold = json_get(row, "hold");
    struct instant end;
    const struct json *of = text_is(kind, "hold") ? hold : row;
    return of != NULL && (hold != NULL) == text_is(kind, "hold") &&
           !failed(instant_parse(json_get_text(of, "until"), &end)) && end.ms == at.ms;
}

static struct err hold_lapse(struct act *act, struct text id)
{
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "record", id);
    json_set(act->arena, &body, "reason", json_literal("expired"));
    return fact_add(act, FACT_RECORD_HOLD_END, body, &number);
}

struct err retain_due(struct act *act, struct text id, struct instant at, struct text kind)
{
    struct record_key record;
    struct json row;
    uint64_t number = 0;
    struct err e = record_key_of(act, id, &record);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct row_key key = key_record(&record);
    e = row_get(act, TABLE_RECORD, &key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    if (!ends_at(&row, kind, at))
        return err_none(); /* it has been extended, or is gone */
    if (text_is(kind, "hold"))
        return hold_lapse(act, id);
    bool withdrawn = json_get_bool(&row, "withdrawn");
    return record_erase(act, &record, &row, withdrawn ? TEXT("withdrawn") : TEXT("expired"),
                        &number);
}

/* -- one alert of several ----------------------------------------------------------------- */

static bool is_over(const struct json *alert, struct instant now)
{
    struct date day;
    struct text until = json_get_text(json_get(alert, "valid"), "until");
    return !failed(date_parse(until, &day)) &&
           !instant_before(now, instant_plus(date_begin(day), INSTANT_DAY));
}

/* The record without the alerts that are over; *removed: their ids. */
static struct json without_over(struct act *act, const struct json *record, struct json *removed)
{
    const struct json *alerts = json_get(record, "alerts");
    struct json kept = json_array();
    struct json out = json_copy(act->arena, record);
    *removed = json_array();
    for (size_t i = 0; i < json_count(alerts); i++) {
        const struct json *alert = json_item(alerts, i);
        if (is_over(alert, act->now))
            json_push(act->arena, removed, json_string(json_get_text(alert, "id")));
        else
            json_push(act->arena, &kept, *alert);
    }
    json_set(act->arena, &out, "alerts", kept);
    return out;
}

/* Something may refer to the alert: then it stays until a person has looked. */
static bool stands(struct act *act, const struct json *record)
{
    struct findings *findings = ARENA_NEW(act->arena, struct findings);
    struct record parsed;
    if (findings == NULL)
        return false;
    findings_init(findings, act->arena);
    return !failed(record_parse(record, act->arena, findings, &parsed));
}

struct err alert_due(struct act *act, struct text id)
{
    struct record_key record;
    struct json row;
    struct json removed;
    struct json shared;
    int64_t version = 0;
    uint64_t number = 0;
    struct err e = record_key_of(act, id, &record);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct row_key key = key_record(&record);
    e = row_get(act, TABLE_RECORD, &key, &row);
    const struct json *old = failed(e) ? NULL : json_get(&row, "record");
    if (old == NULL || !json_get_bool(&row, "own") || json_get(&row, "hold") != NULL ||
        !json_get_integer(&row, "version", &version))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct json fresh = without_over(act, old, &removed);
    if (json_count(&removed) == 0 || json_count(json_get(&fresh, "alerts")) == 0 ||
        !stands(act, &fresh))
        return arena_check(act->arena);
    e = holders_of(act, &record, &shared);
    if (failed(e))
        return e;
    struct json body = json_object();
    struct json author = json_object();
    json_set_text(act->arena, &author, "user", json_get_text(&row, "user"));
    json_set_text(act->arena, &author, "unit", json_get_text(&row, "unit"));
    json_set(act->arena, &body, "record", fresh);
    json_set_integer(act->arena, &body, "version", version + 1);
    json_set(act->arena, &body, "removed", removed);
    json_set(act->arena, &body, "reason", json_literal("expired"));
    json_set(act->arena, &body, "author", author);
    if (json_count(&shared) > 0)
        json_set(act->arena, &body, "shared", shared);
    if (json_get(&row, "waiting") != NULL)
        json_set(act->arena, &body, "waiting", *json_get(&row, "waiting"));
    return fact_add(act, FACT_RECORD_PRUNE, body, &number);
}

struct err request_due(struct act *act, struct text id)
{
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "subject", id);
    json_set(act->arena, &body, "reason", json_literal("expired"));
    return fact_add(act, FACT_SUBJECT_ERASE, body, &number);
}

/* -- silence ------------------------------------------------------------------------------ */

static struct err heard_from(struct store_view *view, struct text partner, struct arena *arena,
                             struct instant *out)
{
    struct row_key key = key_text(partner);
    struct bytes bytes;
    struct feed_in feed;
    struct err e = store_get(view, TABLE_FEED_IN, key_bytes(&key), arena, &bytes);
    if (!failed(e))
        e = feed_in_parse(bytes, arena, &feed);
    if (!failed(e))
        *out = feed.heard;
    return e;
}

static struct silence_clock clock_of(const struct json *row, struct instant heard,
                                     struct instant now)
{
    int64_t days = 0;
    (void)json_get_integer(row, "silence_days", &days);
    return silence_clock(heard, days > 0 && days <= UINT16_MAX ? (uint32_t)days : 0, now);
}

struct err copy_silence(struct store_view *view, const struct json *row, struct instant now,
                        struct arena *arena, struct silence_clock *out)
{
    struct instant heard = { 0 };
    size_t mark = arena->used;
    struct err e = heard_from(view, json_get_text(row, "from"), arena, &heard);
    arena_rewind(arena, mark);
    if (!failed(e))
        *out = clock_of(row, heard, now);
    return e;
}

static struct err silent_row(struct act *act, const struct store_row *stored,
                             struct instant heard)
{
    struct json row;
    struct record_key record;
    uint64_t number = 0;
    size_t mark = act->arena->used;
    struct err e = json_parse(stored->value, act->arena, &row);
    if (failed(e))
        return e;
    if (json_get(&row, "from") == NULL || json_get(&row, "hold") != NULL ||
        clock_of(&row, heard, act->now).state != SILENCE_ERASES) {
        arena_rewind(act->arena, mark);
        return err_none();
    }
    assert(stored->key.len == sizeof(record.bytes));
    memcpy(record.bytes, stored->key.data, sizeof(record.bytes));
    return record_erase(act, &record, &row, TEXT("silence"), &number);
}

/* The partner's copies behind `after`; *last_out: the last key looked at, empty at the end. */
static struct err silent_step(struct act *act, const struct json *partner, struct bytes after,
                              struct bytes *last_out)
{
    uint8_t root[32];
    struct store_rows rows;
    struct instant heard = { 0 };
    struct text code = json_get_text(partner, "code");
    *last_out = (struct bytes){ NULL, 0 };
    struct err e = heard_from(store_view(act->store), code, act->arena, &heard);
    if (e.code == ERR_NOT_FOUND)
        return err_none(); /* never heard: it has sent nothing */
    if (!failed(e))
        e = hex_parse(json_get_text(partner, "root"), root, sizeof(root));
    if (failed(e))
        return e;
    struct hash owner = hash_of(BYTES_OF(root));
    struct store_range range = { .table = TABLE_RECORD, .prefix = bytes_of(owner.bytes, 16),
                                 .after = after, .limit = SILENCE_STEP };
    e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        e = silent_row(act, &rows.rows[i], heard);
    if (!failed(e) && rows.count == SILENCE_STEP)
        *last_out = rows.rows[rows.count - 1].key;
    return e;
}

static struct err silence_round(struct act *act, struct json *row, bool *more_out)
{
    struct row_key after = key_of(bytes_of(NULL, 0));
    struct row_key before = key_text(json_get_text(row, "partner"));
    uint8_t key[RECORD_KEY_LEN];
    struct store_rows rows;
    struct bytes last = { NULL, 0 };
    struct text place = json_get_text(row, "after");
    bool within = place.len > 0 && !failed(hex_parse(place, key, sizeof(key)));
    if (within)
        after = key_of(BYTES_OF(key));
    struct store_range range = { .table = TABLE_PARTNER, .limit = 1,
                                 .after = within ? (struct bytes){ NULL, 0 }
                                                 : key_bytes(&before) };
    range.prefix = within ? key_bytes(&before) : (struct bytes){ NULL, 0 };
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    *more_out = !failed(e) && rows.count > 0;
    if (failed(e) || rows.count == 0)
        return e;
    struct json partner;
    struct bytes code = rows.rows[0].key;
    e = json_parse(rows.rows[0].value, act->arena, &partner);
    json_set_text(act->arena, &partner, "code",
                  (struct text){ (const char *)code.data, code.len });
    if (!failed(e))
        e = silent_step(act, &partner, key_bytes(&after), &last);
    json_set_text(act->arena, row, "partner", json_get_text(&partner, "code"));
    json_set_text(act->arena, row, "after", hex_format(act->arena, last));
    return e;
}

struct err silence_due(struct act *act, bool *more_out)
{
    struct row_key key = key_text(TEXT(ROW_SILENCE));
    struct instant at;
    struct json row = json_object();
    *more_out = false;
    struct err e = row_get(act, TABLE_META, &key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    bool begun = json_get(&row, "partner") != NULL;
    if (!begun && !failed(instant_parse(json_get_text(&row, "at"), &at)) &&
        act->now.ms - at.ms < SILENCE_EVERY)
        return err_none();
    e = silence_round(act, &row, more_out);
    if (failed(e))
        return e;
    if (!*more_out) {
        row = json_object();
        json_set_text(act->arena, &row, "at", instant_format(act->arena, act->now));
    }
    return row_put(act, TABLE_META, &key, &row);
}

/* -- access entries ----------------------------------------------------------------------- */

/* The entries from *next on that are of a month past the period, at most LOG_STEP. */
static struct err old_entries(struct act *act, uint64_t *next, bool *found_out, bool *more_out)
{
    struct instant period = instant_plus(act->now, -duty_ms("access-log"));
    uint32_t month = vault_month_of(period);
    *found_out = false;
    *more_out = true;
    for (int i = 0; i < LOG_STEP; i++) {
        struct journal_entry entry;
        size_t mark = act->arena->used;
        struct err e = store_journal_get(store_view(act->store), *next, act->arena, &entry);
        bool old = !failed(e) && entry.month < month;
        *found_out = *found_out || (old && entry.class_ == RETENTION_ACCESS &&
                                    entry.log == LOG_INTERNAL && entry.sealed.len > 0);
        arena_rewind(act->arena, mark);
        if (!old) {
            *more_out = false;
            return e.code == ERR_NOT_FOUND ? err_none() : e;
        }
        (*next)++;
    }
    return err_none();
}

struct err access_log_due(struct act *act, bool *more_out)
{
    struct row_key key = key_text(TEXT(ROW_ACCESS_LOG));
    struct json row = json_object();
    int64_t first = 1;
    bool found = false;
    uint64_t number = 0;
    struct err e = row_get(act, TABLE_META, &key, &row);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    (void)json_get_integer(&row, "next", &first);
    uint64_t next = (uint64_t)first;
    e = old_entries(act, &next, &found, more_out);
    if (failed(e) || next == (uint64_t)first)
        return e;
    if (found) {
        struct json body = json_object();
        json_set(act->arena, &body, "class", json_literal(retention_name(RETENTION_ACCESS)));
        json_set_integer(act->arena, &body, "from", first);
        json_set_integer(act->arena, &body, "to", (int64_t)next - 1);
        json_set(act->arena, &body, "reason", json_literal("expired"));
        e = fact_add(act, FACT_LOG_ERASURE, body, &number);
    }
    json_set_integer(act->arena, &row, "next", (int64_t)next);
    return failed(e) ? e : row_put(act, TABLE_META, &key, &row);
}

static struct err unmark(struct act *act, const struct fact *fact, uint64_t number)
{
    const struct json *hits = json_get(&fact->body, "hits");
    size_t count = json_count(hits);
    struct row_key user = key_text(fact->by.user);
    key_add_u8(&user, 0);
    key_add_u64(&user, number);
    struct err e = row_delete(act, TABLE_ACCESS_USER, &user);
    for (size_t i = 0; !failed(e) && i <= count; i++) {
        struct record_key record;
        struct text id = i < count ? json_item_text(hits, i)
                                   : json_get_text(&fact->body, "record");
        if (id.len == 0 || failed(record_key_of(act, id, &record)))
            continue;
        struct row_key key = key_record(&record);
        key_add_u64(&key, number);
        e = row_delete(act, TABLE_ACCESS_RECORD, &key);
    }
    return e;
}

static struct err forget_entry(struct act *act, uint64_t number)
{
    struct journal_entry entry;
    struct opening_bytes opening;
    struct fact fact;
    struct err e = store_journal_get(store_view(act->store), number, act->arena, &entry);
    if (failed(e) || entry.class_ != RETENTION_ACCESS || entry.log != LOG_INTERNAL ||
        entry.sealed.len == 0)
        return e;
    e = journal_open(act->clerk, &entry, act->arena, &opening);
    if (!failed(e))
        e = fact_parse(opening.content, act->arena, &fact);
    if (!failed(e))
        e = unmark(act, &fact, number);
    return failed(e) ? e : store_erase(act->store, number);
}

struct err apply_log_erasure(struct act *act, const struct applied *in)
{
    int64_t from = 0;
    int64_t to = 0;
    struct err e = err_none();
    if (!json_get_integer(in->body, "from", &from) || !json_get_integer(in->body, "to", &to) ||
        from < 1 || to < from || to - from >= LOG_STEP)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    for (int64_t i = from; !failed(e) && i <= to; i++) {
        size_t mark = act->arena->used;
        e = forget_entry(act, (uint64_t)i);
        arena_rewind(act->arena, mark);
    }
    return e;
}
