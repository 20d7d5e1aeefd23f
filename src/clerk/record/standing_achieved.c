/* The purpose of an alert is achieved: its owner is asked, and silence withdraws it. */
#include "clerk/apply.h"
#include "clerk/record/standing.h"
#include "clerk/state.h"

/* With these the partner has done what was asked; the others leave the alert its purpose. */
static bool achieves(struct text outcome)
{
    static const char *const codes[] = { "arrested", "detained",      "located", "identified",
                                         "protected", "entry-refused", "seized",  "frozen" };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (text_is(outcome, codes[i]))
            return true;
    }
    return false;
}

static const struct period *period_of(const struct act *act)
{
    return edition_period(clerk_edition(act->clerk), "achieved");
}

struct err achieved_begin(struct act *act, const struct applied *in, struct text record)
{
    const struct period *period = period_of(act);
    if (period == NULL || !achieves(json_get_text(in->body, "outcome")))
        return err_none();
    struct date last = period_move(period, date_of_instant(in->fact->at), 1);
    return deadline_put(act, instant_plus(date_begin(last), INSTANT_DAY), "achieved", record);
}

/* The owner has put the record again since the day of the outcome: that is its answer. */
static bool answered(const struct act *act, const struct json *row, struct instant at)
{
    const struct period *period = period_of(act);
    struct instant put;
    if (period == NULL || failed(instant_parse(json_get_text(row, "at"), &put)))
        return true;
    struct date last = date_of_instant(instant_plus(at, -INSTANT_DAY));
    return date_days(date_of_instant(put)) > date_days(period_move(period, last, -1));
}

/* A record with other alerts has other purposes: its owner alone takes one out. */
struct err achieved_due(struct act *act, struct text id, struct instant at)
{
    struct record_key key;
    struct json row;
    struct json body = json_object();
    int64_t version = 0;
    uint64_t number = 0;
    struct err e = record_key_of(act, id, &key);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    struct row_key row_key = key_record(&key);
    e = row_get(act, TABLE_RECORD, &row_key, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    const struct json *alerts = json_get(json_get(&row, "record"), "alerts");
    if (!json_get_bool(&row, "own") || json_get(&row, "hold") != NULL ||
        json_count(alerts) != 1 || json_get(&row, "waiting") != NULL || answered(act, &row, at))
        return err_none();
    (void)json_get_integer(&row, "version", &version);
    json_set_text(act->arena, &body, "record", id);
    json_set_integer(act->arena, &body, "version", version + 1);
    json_set(act->arena, &body, "reason", json_literal("achieved"));
    json_set_text(act->arena, &body, "due", instant_format(act->arena, at));
    return fact_add(act, FACT_RECORD_WITHDRAW, body, &number);
}
