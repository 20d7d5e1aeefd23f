/* Facts about cases. */
#include "clerk/apply.h"
#include "clerk/casework/casefile.h"
#include "flow/casefile.h"
#include "flow/duties.h"

enum { PAGE = 256 };

static struct text number_of(const struct json *in)
{
    return json_get_text(in, "case");
}

static struct err load(struct act *act, const struct applied *in, struct json *row_out)
{
    struct row_key key = casefile_key(number_of(in->body));
    return row_get(act, TABLE_CASE, &key, row_out);
}

static struct err put(struct act *act, const struct json *row)
{
    struct row_key key = casefile_key(number_of(row));
    return row_put(act, TABLE_CASE, &key, row);
}

/* What happened, by whom: the case tells its own history. */
static struct err add_entry(struct act *act, const struct applied *in)
{
    struct row_key key = casefile_entry_key(number_of(in->body), in->entry->number);
    struct json value = json_copy(act->arena, in->body);
    json_remove(&value, "case");
    json_set_text(act->arena, &value, "what", in->fact->kind_text);
    json_set_text(act->arena, &value, "at", instant_format(act->arena, in->fact->at));
    json_set_text(act->arena, &value, "by", in->fact->by.user);
    json_set_text(act->arena, &value, "unit", in->fact->by.unit);
    return row_put(act, TABLE_CASE_ENTRY, &key, &value);
}

static struct err finish(struct act *act, const struct applied *in, const struct json *row)
{
    struct err e = put(act, row);
    return failed(e) ? e : add_entry(act, in);
}

/* Its one deadline: the review of an open case, the erasure of a closed one. */
static struct err move_due(struct act *act, struct json *row, struct instant due)
{
    struct instant before;
    struct err e = err_none();
    if (!failed(instant_parse(json_get_text(row, "due"), &before)))
        e = deadline_drop(act, before, "case", number_of(row));
    json_set_text(act->arena, row, "due", instant_format(act->arena, due));
    return failed(e) ? e : deadline_put(act, due, "case", number_of(row));
}

static void set_state(struct act *act, struct json *row, enum casefile_state state)
{
    json_set_text(act->arena, row, "state", casefile_state_name(state));
}

/* Open until the review that the fact names. */
static struct err open_until(struct act *act, const struct applied *in, struct json *row)
{
    struct instant review;
    if (failed(instant_parse(json_get_text(in->body, "review"), &review)))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    set_state(act, row, CASEFILE_OPEN);
    json_set_text(act->arena, row, "review", json_get_text(in->body, "review"));
    json_set_integer(act->arena, row, "level", 0);
    return move_due(act, row, review);
}

struct err apply_case_open(struct act *act, const struct applied *in)
{
    struct json row = json_copy(act->arena, in->body);
    struct row_key numbers = key_text(TEXT(CASEFILE_ROW));
    struct json given = json_object();
    json_remove(&row, "year");
    json_remove(&row, "last");
    json_set_text(act->arena, &row, "unit", in->fact->by.unit);
    json_set_text(act->arena, &row, "lead", in->fact->by.user);
    json_set_text(act->arena, &row, "since", instant_format(act->arena, in->fact->at));
    json_set(act->arena, &row, "links", json_array());
    json_set(act->arena, &row, "watches", json_array());
    json_take(act->arena, &given, in->body, "year");
    json_take(act->arena, &given, in->body, "last");
    struct err e = row_put(act, TABLE_META, &numbers, &given);
    if (!failed(e))
        e = open_until(act, in, &row);
    return failed(e) ? e : finish(act, in, &row);
}

struct err apply_case_note(struct act *act, const struct applied *in)
{
    return add_entry(act, in);
}

/* {"case","record"}; "remove": it is no part of it any more. */
struct err apply_case_link(struct act *act, const struct applied *in)
{
    struct json row;
    struct record_key record;
    struct json links = json_array();
    struct text id = json_get_text(in->body, "record");
    struct err e = load(act, in, &row);
    if (failed(e))
        return e;
    const struct json *before = json_get(&row, "links");
    for (size_t i = 0; i < json_count(before); i++) {
        if (!text_equal(json_item_text(before, i), id))
            json_push(act->arena, &links, *json_item(before, i));
    }
    if (!json_get_bool(in->body, "remove"))
        json_push(act->arena, &links, json_string(id));
    json_set(act->arena, &row, "links", links);
    e = record_key_of(act, id, &record);
    if (!failed(e))
        e = record_log(act, &record, in->entry->number);
    if (failed(e) && e.code != ERR_NOT_FOUND) /* its owner is no partner any more */
        return e;
    return finish(act, in, &row);
}

struct err apply_case_assign(struct act *act, const struct applied *in)
{
    struct json row;
    struct err e = load(act, in, &row);
    if (failed(e))
        return e;
    json_take(act->arena, &row, in->body, "lead");
    json_take(act->arena, &row, in->body, "unit");
    json_take(act->arena, &row, in->body, "units");
    return finish(act, in, &row);
}

struct err apply_case_review(struct act *act, const struct applied *in)
{
    struct json row;
    struct err e = load(act, in, &row);
    if (!failed(e))
        e = open_until(act, in, &row);
    return failed(e) ? e : finish(act, in, &row);
}

struct err apply_case_reopen(struct act *act, const struct applied *in)
{
    struct json row;
    struct err e = load(act, in, &row);
    if (failed(e))
        return e;
    json_remove(&row, "closed");
    json_remove(&row, "outcome");
    e = open_until(act, in, &row);
    return failed(e) ? e : finish(act, in, &row);
}

struct err apply_case_lapse(struct act *act, const struct applied *in)
{
    struct json row;
    int64_t level = 0;
    struct err e = load(act, in, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    (void)json_get_integer(&row, "level", &level);
    set_state(act, &row, CASEFILE_OVERDUE);
    json_set_integer(act->arena, &row, "level", level + 1);
    e = move_due(act, &row, casefile_next_lapse(in->fact->at, level));
    return failed(e) ? e : finish(act, in, &row);
}

struct err apply_case_close(struct act *act, const struct applied *in)
{
    struct json row;
    struct err e = load(act, in, &row);
    if (failed(e))
        return e;
    set_state(act, &row, CASEFILE_CLOSED);
    json_set_text(act->arena, &row, "closed", instant_format(act->arena, in->fact->at));
    json_take(act->arena, &row, in->body, "outcome");
    json_remove(&row, "review");
    json_set_integer(act->arena, &row, "level", 0);
    e = move_due(act, &row, instant_plus(in->fact->at, duty_ms("case-closed")));
    return failed(e) ? e : finish(act, in, &row);
}

/* The case and all that was said in it (I6). */
struct err apply_case_erase(struct act *act, const struct applied *in)
{
    struct json row;
    struct instant due;
    struct text number = number_of(in->body);
    struct row_key prefix = casefile_entry_key(number, 0);
    struct row_key key = casefile_key(number);
    struct store_range range = { .table = TABLE_CASE_ENTRY,
                                 .prefix = key_bytes(&prefix),
                                 .limit = PAGE };
    struct store_rows rows = { .count = PAGE };
    struct err e = load(act, in, &row);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    while (!failed(e) && rows.count == PAGE) {
        size_t mark = act->arena->used;
        e = store_scan(store_view(act->store), &range, act->arena, &rows);
        for (size_t i = 0; !failed(e) && i < rows.count; i++) {
            struct row_key entry = key_of(rows.rows[i].key);
            e = store_erase(act->store, key_tail_u64(rows.rows[i].key));
            if (!failed(e))
                e = row_delete(act, TABLE_CASE_ENTRY, &entry);
        }
        arena_rewind(act->arena, mark);
    }
    if (!failed(e) && !failed(instant_parse(json_get_text(&row, "due"), &due)))
        e = deadline_drop(act, due, "case", number);
    return failed(e) ? e : row_delete(act, TABLE_CASE, &key);
}
