/* What is due by itself: deadlines, agreements whose day has come or gone, parked frames, the anchor. */
#include <assert.h>

#include "clerk/apply.h"
#include "clerk/law.h"
#include "clerk/logs.h"
#include "clerk/receive.h"
#include "clerk/rules.h"
#include "clerk/state.h"
#include "ledger/anchor.h"

enum { DUE_STEP = 64 };

static struct err hit_lapse(struct act *act, struct text id)
{
    struct json body = json_object();
    uint64_t number = 0;
    json_set_text(act->arena, &body, "hit", id);
    return fact_add(act, FACT_HIT_ESCALATE, body, &number);
}

static struct err one_due(struct act *act, const struct store_row *row)
{
    struct json value;
    struct row_key key = key_of(row->key);
    struct err e = json_parse(row->value, act->arena, &value);
    if (failed(e))
        return e;
    struct text kind = json_get_text(&value, "kind");
    if (text_is(kind, "hit"))
        return hit_lapse(act, json_get_text(&value, "id")); /* drops its own row */
    e = row_delete(act, TABLE_DEADLINE, &key);
    if (failed(e) || !text_is(kind, "alert"))
        return e;
    return sweep_all(act); /* an alert begins, ends or comes out of hiding */
}

static struct err due(struct act *act, bool *more_out)
{
    struct store_range range = { .table = TABLE_DEADLINE, .limit = DUE_STEP };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    *more_out = false;
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        assert(rows.rows[i].key.len > 8);
        uint64_t at = key_tail_u64(bytes_of(rows.rows[i].key.data, 8));
        if (at > (uint64_t)act->now.ms)
            return err_none();
        *more_out = i + 1 == rows.count && rows.count == DUE_STEP;
        e = one_due(act, &rows.rows[i]);
    }
    return e;
}

/* Rules change by themselves when a day begins; then what rests on them is looked at again. */
static struct err rules_due(struct act *act)
{
    if (act->clerk->sweep_due ||
        !instant_before(act->now, rules_next_change(act->clerk->rules))) {
        act->rules_changed = true;
        struct err e = sweep_all(act);
        if (failed(e))
            return e;
        act->swept = true;
    }
    return law_enter_due(act);
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
    struct json now = json_object();
    json_set_text(act->arena, &now, "at", instant_format(act->arena, act->now));
    return row_put(act, TABLE_META, &key, &now);
}

struct err do_tick(struct act *act, const struct command *command, struct json *body_out)
{
    bool more = false;
    size_t erased = 0;
    (void)command;
    struct err e = rules_due(act);
    if (!failed(e))
        e = due(act, &more);
    if (!failed(e))
        e = parked_due(act);
    if (!failed(e) && !act->rules_changed)
        e = law_forget(act, &erased);
    if (!failed(e))
        e = anchor_due(act);
    *body_out = json_object();
    json_set(act->arena, body_out, "more",
             json_bool(more || act->rules_changed || erased > 0));
    json_set_integer(act->arena, body_out, "erased", (int64_t)erased);
    return e;
}
