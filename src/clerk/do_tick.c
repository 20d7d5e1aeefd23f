/* What is due by itself: deadlines, agreements whose day has come or gone, parked frames, the
 * anchor. */
#include <assert.h>

#include "clerk/apply.h"
#include "clerk/law/capacity.h"
#include "clerk/casework/casefile.h"
#include "clerk/law/law.h"
#include "clerk/exchange/logs.h"
#include "clerk/exchange/receive.h"
#include "clerk/rights/retain.h"
#include "clerk/law/rules.h"
#include "clerk/shelf/shelf.h"
#include "clerk/record/standing.h"
#include "clerk/state.h"
#include "clerk/watch/watch.h"
#include "ledger/anchor.h"

enum { DUE_STEP = 64, KEYS_STEP = 64, DEAD_STEP = 512 };
#define KEY_LIFE INSTANT_DAY

static struct err hit_lapse(struct act *act, struct text id)
{
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "hit", id);
    return fact_add(act, FACT_HIT_ESCALATE, body, &number);
}

static struct err one_due(struct act *act, const struct store_row *row, bool *sweep)
{
    struct json value;
    struct row_key key = key_of(row->key);
    struct err e = json_parse(row->value, act->arena, &value);
    if (failed(e))
        return e;
    struct text kind = json_get_text(&value, "kind");
    if (text_is(kind, "hit"))
        return hit_lapse(act, json_get_text(&value, "id")); /* drops its own row */
    if (text_is(kind, "case"))
        e = casefile_due(act, json_get_text(&value, "id"));
    if (text_is(kind, "achieved"))
        e = achieved_due(act, json_get_text(&value, "id"),
                         (struct instant){ (int64_t)key_tail_u64(bytes_of(row->key.data, 8)) });
    if (text_is(kind, "wait"))
        e = standing_due(act, json_get_text(&value, "id"));
    if (text_is(kind, "watch"))
        e = watch_stop(act, json_get_text(&value, "id"), TEXT("expired"));
    if (failed(e))
        return e;
    if (text_is(kind, "alert")) {
        *sweep = true; /* it begins, ends or comes out of hiding */
        e = alert_due(act, json_get_text(&value, "id"));
        if (failed(e))
            return e;
    }
    if (text_is(kind, "request")) {
        e = request_due(act, json_get_text(&value, "id"));
        if (failed(e))
            return e;
    }
    if (text_is(kind, "retain") || text_is(kind, "hold")) {
        struct instant at = { (int64_t)key_tail_u64(bytes_of(row->key.data, 8)) };
        e = retain_due(act, json_get_text(&value, "id"), at, kind);
        if (failed(e))
            return e;
    }
    return row_delete(act, TABLE_DEADLINE, &key);
}

static struct err due(struct act *act, bool *more_out)
{
    struct store_range range = { .table = TABLE_DEADLINE, .limit = DUE_STEP };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    bool sweep = false;
    *more_out = false;
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        assert(rows.rows[i].key.len > 8);
        uint64_t at = key_tail_u64(bytes_of(rows.rows[i].key.data, 8));
        if (at > (uint64_t)act->now.ms)
            break;
        *more_out = i + 1 == rows.count && rows.count == DUE_STEP;
        e = one_due(act, &rows.rows[i], &sweep);
    }
    return failed(e) || !sweep ? e : sweep_all(act);
}

static struct err put_instant(struct act *act, const char *name)
{
    struct row_key key = key_text(text_literal(name));
    struct json now = json_object();
    json_set_text(act->arena, &now, "at", instant_format(act->arena, act->now));
    return row_put(act, TABLE_META, &key, &now);
}

/* Rules change by themselves when a day begins; then what rests on them is looked at again. */
static struct err rules_due(struct act *act)
{
    struct err e = law_enter_due(act);
    if (failed(e) || !act->clerk->sweep_due)
        return e;
    act->swept = true;
    e = sweep_all(act);
    if (!failed(e))
        e = law_forget_begin(act);
    return failed(e) ? e : put_instant(act, CLERK_SWEPT_ROW);
}

/* Keys of yesterday's requests go: whoever repeats one does so within a day. */
static struct err keys_due(struct act *act)
{
    struct row_key *seen = &act->clerk->key_seen;
    struct store_range range = { .table = TABLE_IDEMPOTENCY, .after = key_bytes(seen),
                                 .limit = KEYS_STEP };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        struct instant at = { 0 };
        struct row_key key = key_of(rows.rows[i].key);
        e = json_parse(rows.rows[i].value, act->arena, &row);
        if (!failed(e))
            e = instant_parse(json_get_text(&row, "at"), &at);
        if (!failed(e) && act->now.ms - at.ms >= KEY_LIFE)
            e = row_delete(act, TABLE_IDEMPOTENCY, &key);
        *seen = key;
    }
    if (!failed(e) && rows.count < KEYS_STEP)
        *seen = (struct row_key){ .len = 0 };
    return e;
}

static struct err parked_due(struct act *act)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = CLERK_PARTNERS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct bytes key = rows.rows[i].key;
        e = receive_parked(act, (struct text){ (const char *)key.data, key.len });
    }
    return e;
}

static struct err anchor_due(struct act *act)
{
    struct row_key key = key_text(TEXT("anchored"));
    struct json row;
    struct instant last = { INT64_MIN };
    struct anchor anchor = { .at = act->now };
    struct store_view *view = store_view(act->store);
    uint64_t number = 0;
    struct err e = row_get(act, TABLE_META, &key, &row);
    if (!failed(e))
        e = instant_parse(json_get_text(&row, "at"), &last);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (last.ms != INT64_MIN && act->now.ms - last.ms < ANCHOR_EVERY)
        return err_none();
    e = store_log_size(view, LOG_INTERNAL, &anchor.head.size);
    if (!failed(e))
        e = log_root_at(view, LOG_INTERNAL, anchor.head.size, &anchor.head.root);
    if (failed(e))
        return e;
    anchor.log = log_origin(&act->clerk->config, TEXT("internal"), act->arena);
    e = fact_add(act, FACT_ANCHOR, anchor_body(act->arena, &anchor), &number);
    if (failed(e))
        return e;
    return put_instant(act, "anchored");
}

/* What died and stands in the list of the index is no longer asked for at a start. First it is
 * written how far, so that an older list is known for what it is. */
static struct err dead_due(struct act *act, bool *more_out)
{
    struct store_range range = { .table = TABLE_DEAD, .limit = DEAD_STEP };
    uint64_t saved = shelf_saved(act->clerk->shelf);
    struct store_rows rows;
    uint64_t last = 0;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct row_key key = key_of(rows.rows[i].key);
        uint64_t at = key_tail_u64(bytes_of(rows.rows[i].key.data, 8));
        if (at > saved)
            break;
        last = at;
        *more_out = i + 1 == DEAD_STEP;
        e = row_delete(act, TABLE_DEAD, &key);
    }
    if (failed(e) || last == 0)
        return e;
    struct row_key key = key_text(TEXT(SHELF_ROW));
    struct json row = json_object();
    json_set_integer(act->arena, &row, "dead", (int64_t)last);
    return row_put(act, TABLE_META, &key, &row);
}

struct err do_tick(struct act *act, const struct command *command, struct json *body_out)
{
    bool more = false;
    bool forgetting = false;
    bool silent = false;
    bool old = false;
    bool waits = false;
    bool dead = false;
    (void)command;
    struct err e = rules_due(act);
    if (!failed(e))
        e = due(act, &more);
    if (!failed(e))
        e = standing_again(act, &waits);
    if (!failed(e))
        e = parked_due(act);
    if (!failed(e) && !act->rules_changed)
        e = law_forget(act, &forgetting);
    if (!failed(e))
        e = silence_due(act, &silent);
    if (!failed(e))
        e = access_log_due(act, &old);
    if (!failed(e))
        e = capacity_due(act);
    if (!failed(e))
        e = keys_due(act);
    if (!failed(e))
        e = dead_due(act, &dead);
    if (!failed(e))
        e = anchor_due(act);
    *body_out = json_object();
    json_set(act->arena, body_out, "more",
             json_bool(more || waits || act->rules_changed || forgetting || silent || old ||
                       dead));
    return e;
}
