/* Facts about searches that stand.
 *
 * TABLE_WATCH: {"watch","kind","least","until","purpose","reference","question","unit","user",
 * "clearance","since","from","number","state","matches","news","case","facts",…}: `from` is the
 * last document that the search itself saw, `news` how many matches nobody has judged, `case` the
 * case of ours in which it stands, `facts` whose openings go with it. TABLE_WATCHED:
 * {"record","state","doc","band","score","at",…}; a state is "known" (the search itself found it),
 * "new", or a verdict. */
#include "clerk/apply.h"
#include "clerk/casework/casefile.h"
#include "clerk/watch/watch.h"
#include "flow/duties.h"
#include "flow/watch.h"

static struct row_key row_key_of(const struct json *row)
{
    return watch_key(json_get_text(row, "unit"), json_get_text(row, "watch"));
}

/* false: it is over and gone, which facts of ours may outlive. */
static bool find(struct act *act, const struct applied *in, struct json *row_out, struct err *err)
{
    struct row_key key = row_key_of(in->body);
    *err = row_get(act, TABLE_WATCH, &key, row_out);
    bool gone = err->code == ERR_NOT_FOUND;
    if (gone)
        *err = err_none();
    return !gone && !failed(*err);
}

static struct err put(struct act *act, const struct json *row)
{
    struct row_key key = row_key_of(row);
    return row_put(act, TABLE_WATCH, &key, row);
}

/* A deadline finds it by this. */
static struct text due_id(struct act *act, const struct json *row)
{
    struct text unit = arena_join(act->arena, json_get_text(row, "unit"), TEXT("/"));
    return arena_join(act->arena, unit, json_get_text(row, "watch"));
}

static void count(struct act *act, struct json *row, const char *name, int64_t more)
{
    int64_t value = 0;
    (void)json_get_integer(row, name, &value);
    json_set_integer(act->arena, row, name, value + more);
}

static struct err watched_put(struct act *act, struct text watch, const struct json *value)
{
    struct record_key record;
    struct err e = record_key_of(act, json_get_text(value, "record"), &record);
    if (e.code == ERR_NOT_FOUND)
        return err_none(); /* its owner is no partner any more */
    struct row_key key = watched_key(watch, &record);
    return failed(e) ? e : row_put(act, TABLE_WATCHED, &key, value);
}

static struct err known_put(struct act *act, const struct applied *in)
{
    const struct json *known = json_get(in->body, "known");
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < json_count(known); i++) {
        struct json value = json_object();
        json_set(act->arena, &value, "record", *json_item(known, i));
        json_set(act->arena, &value, "state", json_literal("known"));
        e = watched_put(act, json_get_text(in->body, "watch"), &value);
    }
    return e;
}

struct err apply_watch_put(struct act *act, const struct applied *in)
{
    struct json row = json_copy(act->arena, in->body);
    struct row_key doc = key_u64(in->entry->number);
    struct instant until;
    if (failed(instant_parse(json_get_text(in->body, "until"), &until)))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    json_remove(&row, "known");
    json_set_text(act->arena, &row, "unit", in->fact->by.unit);
    json_set_text(act->arena, &row, "user", in->fact->by.user);
    json_set_text(act->arena, &row, "since", instant_format(act->arena, in->fact->at));
    json_set_integer(act->arena, &row, "number", (int64_t)in->entry->number);
    json_set(act->arena, &row, "state", json_literal("open"));
    json_set_integer(act->arena, &row, "matches", 0);
    json_set_integer(act->arena, &row, "news", 0);
    row_add_fact(act, in, &row);
    struct row_key key = row_key_of(&row);
    struct err e = put(act, &row);
    if (!failed(e))
        e = row_put_bytes(act, TABLE_WATCH_DOC, &doc, key_bytes(&key));
    if (!failed(e))
        e = known_put(act, in);
    if (!failed(e) && json_get(&row, "case") != NULL)
        e = casefile_watch_begins(act, json_get_text(&row, "case"), due_id(act, &row));
    return failed(e) ? e : deadline_put(act, until, "watch", due_id(act, &row));
}

/* Its deadline is now `until`. */
static struct err move_deadline(struct act *act, struct json *row, struct instant until)
{
    struct instant before;
    struct text id = due_id(act, row);
    struct err e = err_none();
    if (!failed(instant_parse(json_get_text(row, "until"), &before)))
        e = deadline_drop(act, before, "watch", id);
    json_set_text(act->arena, row, "until", instant_format(act->arena, until));
    return failed(e) ? e : deadline_put(act, until, "watch", id);
}

struct err apply_watch_renew(struct act *act, const struct applied *in)
{
    struct json row;
    struct instant until;
    struct err e;
    if (!find(act, in, &row, &e))
        return e;
    if (failed(instant_parse(json_get_text(in->body, "until"), &until)))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    row_add_fact(act, in, &row);
    e = move_deadline(act, &row, until);
    return failed(e) ? e : put(act, &row);
}

/* {"watch","record","doc","band","score",…}, or {"watch","overflow"}: it finds too much. */
struct err apply_watch_match(struct act *act, const struct applied *in)
{
    struct json row;
    struct json old;
    struct record_key record;
    struct err e = err_none();
    struct text id = json_get_text(in->body, "record");
    if (id.len > 0) {
        e = record_key_of(act, id, &record);
        if (!failed(e))
            e = record_log(act, &record, in->entry->number);
        if (failed(e))
            return e.code == ERR_NOT_FOUND ? err_none() : e;
    }
    if (!find(act, in, &row, &e))
        return e;
    if (json_get_bool(in->body, "overflow"))
        json_set(act->arena, &row, "overflow", json_bool(true));
    if (id.len == 0)
        return put(act, &row);
    struct row_key key = watched_key(json_get_text(&row, "watch"), &record);
    struct json value = json_copy(act->arena, in->body);
    e = row_get(act, TABLE_WATCHED, &key, &old);
    if (failed(e) && e.code != ERR_NOT_FOUND)
        return e;
    if (failed(e))
        count(act, &row, "matches", 1);
    if (failed(e) || !text_is(json_get_text(&old, "state"), "new"))
        count(act, &row, "news", 1);
    static const char *const dropped[] = { "watch", "purpose", "reference", "unit", "user" };
    for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
        json_remove(&value, dropped[i]);
    json_set(act->arena, &value, "state", json_literal("new"));
    json_set_text(act->arena, &value, "at", instant_format(act->arena, in->fact->at));
    e = row_put(act, TABLE_WATCHED, &key, &value);
    return failed(e) ? e : put(act, &row);
}

/* -- its end ------------------------------------------------------------------------------ */

static struct err drop_found(struct act *act, struct text id)
{
    struct row_key prefix = watched_key(id, NULL);
    struct store_range range = { .table = TABLE_WATCHED, .prefix = key_bytes(&prefix),
                                 .limit = 256 };
    struct store_rows rows = { .count = range.limit };
    struct err e = err_none();
    while (!failed(e) && rows.count == range.limit) {
        size_t mark = act->arena->used;
        e = store_scan(store_view(act->store), &range, act->arena, &rows);
        for (size_t i = 0; !failed(e) && i < rows.count; i++) {
            struct row_key key = key_of(rows.rows[i].key);
            e = row_delete(act, TABLE_WATCHED, &key);
        }
        arena_rewind(act->arena, mark);
    }
    return e;
}

/* The question and all that was said on it (I6). */
static struct err forget(struct act *act, const struct json *row)
{
    struct instant until;
    struct row_key key = row_key_of(row);
    struct err e = drop_found(act, json_get_text(row, "watch"));
    if (!failed(e))
        e = row_forget_facts(act, row);
    if (!failed(e) && json_get(row, "case") != NULL)
        e = casefile_watch_gone(act, json_get_text(row, "case"), due_id(act, row));
    if (!failed(e) && !failed(instant_parse(json_get_text(row, "until"), &until)))
        e = deadline_drop(act, until, "watch", due_id(act, row));
    return failed(e) ? e : row_delete(act, TABLE_WATCH, &key);
}

static bool is_open(const struct json *row)
{
    return text_is(json_get_text(row, "state"), "open");
}

struct err apply_watch_judge(struct act *act, const struct applied *in)
{
    struct json row;
    struct json value;
    struct record_key record;
    struct err e;
    if (!find(act, in, &row, &e))
        return e;
    e = record_key_of(act, json_get_text(in->body, "record"), &record);
    struct row_key key = watched_key(json_get_text(&row, "watch"), &record);
    if (!failed(e))
        e = row_get(act, TABLE_WATCHED, &key, &value);
    if (failed(e))
        return e.code == ERR_NOT_FOUND ? err_none() : e;
    if (text_is(json_get_text(&value, "state"), "new"))
        count(act, &row, "news", -1);
    json_set_text(act->arena, &value, "state", json_get_text(in->body, "verdict"));
    json_set_text(act->arena, &value, "by", in->fact->by.user);
    json_set_text(act->arena, &value, "judged", instant_format(act->arena, in->fact->at));
    if (json_get_text(in->body, "text").len > 0)
        json_set_text(act->arena, &value, "text", json_get_text(in->body, "text"));
    row_add_fact(act, in, &row);
    if (!is_open(&row) && !watch_has_news(&row))
        return forget(act, &row); /* that was all that kept it */
    e = row_put(act, TABLE_WATCHED, &key, &value);
    return failed(e) ? e : put(act, &row);
}

/* It looks no more. What nobody has judged keeps it for a while; a second end is the last. */
struct err apply_watch_end(struct act *act, const struct applied *in)
{
    struct json row;
    int64_t number = 0;
    struct err e;
    if (!find(act, in, &row, &e))
        return e;
    (void)json_get_integer(&row, "number", &number);
    struct row_key doc = key_u64((uint64_t)number);
    if (!is_open(&row) || !watch_has_news(&row)) {
        e = row_delete(act, TABLE_WATCH_DOC, &doc);
        return failed(e) ? e : forget(act, &row);
    }
    json_set(act->arena, &row, "state", json_literal("ended"));
    row_add_fact(act, in, &row);
    e = row_delete(act, TABLE_WATCH_DOC, &doc);
    if (!failed(e))
        e = move_deadline(act, &row, instant_plus(in->fact->at, duty_ms("watch-unseen")));
    return failed(e) ? e : put(act, &row);
}
