#include "clerk/law/capacity.h"

#include "clerk/apply.h"
#include "clerk/state.h"
#include "core/encode.h"

static struct row_key spent_key(struct text partner)
{
    struct row_key key = key_text(partner);
    key_add_u8(&key, 0);
    key_add_text(&key, TEXT("spent"));
    return key;
}

static struct err spent_row(struct store_view *view, struct text partner, struct arena *arena,
                            struct json *out)
{
    struct row_key key = spent_key(partner);
    struct err e = view_get(view, TABLE_COURIER, &key, arena, out);
    if (e.code != ERR_NOT_FOUND)
        return e;
    *out = json_object();
    return err_none();
}

static int64_t period_of(struct instant now, int64_t hours)
{
    return now.ms / (hours * INSTANT_HOUR);
}

/* Of the period that now is; *hours_out is its length. */
static bool is_present(const struct json *one, struct instant now, int64_t *hours_out)
{
    int64_t hours = 0;
    int64_t period = 0;
    if (!json_get_integer(one, "hours", &hours) || hours < 1 ||
        !json_get_integer(one, "period", &period))
        return false;
    *hours_out = hours;
    return period == period_of(now, hours);
}

struct err capacity_read(struct act *act, struct text partner, struct json *out)
{
    struct json row;
    int64_t hours = 0;
    *out = json_array();
    if (!rules_has_capacity(act->clerk->rules))
        return err_none();
    struct err e = spent_row(store_view(act->store), partner, act->arena, &row);
    if (failed(e))
        return e;
    const struct json *spent = json_get(&row, "spent");
    for (size_t i = 0; i < json_count(spent); i++) {
        if (is_present(json_item(spent, i), act->now, &hours))
            json_push(act->arena, out, *json_item(spent, i));
    }
    return err_none();
}

static bool is_of(const struct json *one, struct text agreement, struct text clause)
{
    return text_equal(json_get_text(one, "agreement"), agreement) &&
           text_equal(json_get_text(one, "clause"), clause);
}

struct err capacity_count(struct act *act, struct text partner, const struct ruling *ruling)
{
    struct row_key key = spent_key(partner);
    struct json present;
    struct json row;
    struct json list = json_array();
    struct json mine = json_object();
    int64_t count = 0;
    if (ruling->capacity_hours == 0)
        return err_none();
    struct err e = spent_row(store_view(act->store), partner, act->arena, &row);
    if (!failed(e))
        e = capacity_read(act, partner, &present);
    if (failed(e))
        return e;
    struct text agreement = hex_format(act->arena, BYTES_OF(ruling->agreement.bytes));
    for (size_t i = 0; i < json_count(&present); i++) {
        const struct json *one = json_item(&present, i);
        if (is_of(one, agreement, ruling->clause))
            (void)json_get_integer(one, "count", &count);
        else
            json_push(act->arena, &list, *one);
    }
    json_set_text(act->arena, &mine, "agreement", agreement);
    json_set_text(act->arena, &mine, "clause", ruling->clause);
    json_set_integer(act->arena, &mine, "hours", ruling->capacity_hours);
    json_set_integer(act->arena, &mine, "period", period_of(act->now, ruling->capacity_hours));
    json_set_integer(act->arena, &mine, "count", count + 1);
    json_push(act->arena, &list, mine);
    json_set(act->arena, &row, "spent", list);
    return row_put(act, TABLE_COURIER, &key, &row);
}

struct err capacity_wait(struct act *act, struct text partner)
{
    struct row_key key = spent_key(partner);
    struct json row;
    struct instant first = { INT64_MAX };
    int64_t hours = 0;
    struct err e = spent_row(store_view(act->store), partner, act->arena, &row);
    if (failed(e))
        return e;
    const struct json *spent = json_get(&row, "spent");
    for (size_t i = 0; i < json_count(spent); i++) {
        if (!is_present(json_item(spent, i), act->now, &hours))
            continue;
        struct instant end = { (period_of(act->now, hours) + 1) * hours * INSTANT_HOUR };
        first = instant_before(end, first) ? end : first;
    }
    if (first.ms == INT64_MAX)
        return err_none(); /* nothing of ours is used up */
    struct text again = instant_format(act->arena, first);
    if (text_equal(again, json_get_text(&row, "again")))
        return err_none();
    json_set_text(act->arena, &row, "again", again);
    return row_put(act, TABLE_COURIER, &key, &row);
}

static struct err one_due(struct act *act, struct text partner)
{
    struct row_key key = spent_key(partner);
    struct json row;
    struct instant again;
    struct err e = spent_row(store_view(act->store), partner, act->arena, &row);
    if (failed(e) || failed(instant_parse(json_get_text(&row, "again"), &again)) ||
        instant_before(act->now, again))
        return e;
    json_remove(&row, "again");
    e = row_put(act, TABLE_COURIER, &key, &row);
    return failed(e) ? e : sweep_partner(act, partner);
}

struct err capacity_due(struct act *act)
{
    struct store_range range = { .table = TABLE_PARTNER, .limit = CLERK_PARTNERS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(act->store), &range, act->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct bytes key = rows.rows[i].key;
        e = one_due(act, (struct text){ (const char *)key.data, key.len });
    }
    return e;
}
