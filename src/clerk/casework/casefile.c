#include "clerk/casework/casefile.h"

#include "flow/casefile.h"

enum { NUMBER_MAX = 64 };

struct row_key casefile_key(struct text number)
{
    return key_text(text_slice(number, 0, NUMBER_MAX));
}

struct row_key casefile_entry_key(struct text number, uint64_t entry)
{
    struct row_key key = casefile_key(number);
    key_add_u8(&key, 0);
    if (entry > 0)
        key_add_u64(&key, entry);
    return key;
}

static bool is_cleared(const struct json *row, const struct caller *caller)
{
    int level = code_find(CODE_CLASSIFICATION, json_get_text(row, "classification"));
    return level >= 0 && level <= (int)caller->clearance;
}

bool casefile_of_caller(const struct json *row, const struct caller *caller)
{
    const struct json *units = json_get(row, "units");
    struct text unit = caller->who.unit;
    bool of = text_equal(json_get_text(row, "unit"), unit);
    for (size_t i = 0; i < json_count(units); i++)
        of = of || text_equal(json_item_text(units, i), unit);
    return of && unit.len > 0 && is_cleared(row, caller);
}

bool casefile_led_by(const struct json *row, const struct caller *caller)
{
    if (!casefile_of_caller(row, caller) ||
        !text_equal(json_get_text(row, "unit"), caller->who.unit))
        return false;
    return (caller->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0 ||
           text_equal(json_get_text(row, "lead"), caller->who.user);
}

struct err casefile_for_watch(struct act *act, struct text *number_out)
{
    struct json row;
    enum casefile_state state = CASEFILE_NONE;
    struct text number = json_get_text(act->by->reference, "case");
    struct row_key key = casefile_key(number);
    struct err e = number.len == 0 ? err_make(ERR_NOT_FOUND, "case.none")
                                   : row_get(act, TABLE_CASE, &key, &row);
    if (e.code == ERR_NOT_FOUND || (!failed(e) && !casefile_of_caller(&row, act->by)))
        return err_make(ERR_NOT_FOUND, "case.none"); /* I8 */
    if (!failed(e))
        e = casefile_state_parse(json_get_text(&row, "state"), &state);
    if (!failed(e))
        e = casefile_step(state, CASEFILE_WORK, &state);
    if (!failed(e) && json_count(json_get(&row, "watches")) >= CASEFILE_WATCHES_MAX)
        e = err_make(ERR_CONFLICT, "case.watches-full");
    *number_out = json_get_text(&row, "case");
    return e;
}

/* -- the searches that stand in it -------------------------------------------------------- */

/* The list without the watch, and with it again at its end if it begins. */
static struct err list_watch(struct act *act, struct text number, struct text watch, bool begins)
{
    struct json row;
    struct json list = json_array();
    struct row_key key = casefile_key(number);
    struct err e = row_get(act, TABLE_CASE, &key, &row);
    if (failed(e)) /* forgotten before its watch */
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    const struct json *before = json_get(&row, "watches");
    for (size_t i = 0; i < json_count(before); i++) {
        if (!text_equal(json_item_text(before, i), watch))
            json_push(act->arena, &list, *json_item(before, i));
    }
    if (begins)
        json_push(act->arena, &list, json_string(watch));
    json_set(act->arena, &row, "watches", list);
    return row_put(act, TABLE_CASE, &key, &row);
}

struct err casefile_watch_begins(struct act *act, struct text number, struct text watch)
{
    return list_watch(act, number, watch, true);
}

struct err casefile_watch_gone(struct act *act, struct text number, struct text watch)
{
    return list_watch(act, number, watch, false);
}
