/* Searches that stand: a unit's list, what one has found, and what becomes of it. They begin with
 * POST /v1/search. */
#include "api/call.h"

#include "clerk/apply.h"
#include "clerk/record/doc.h"
#include "clerk/watch/watch.h"
#include "index/question.h"

enum { FOUND_PAGE = 50 };

/* -- begin -------------------------------------------------------------------------------- */

/* The search saw what stands in the view of the index and, row by row, in its snapshot. */
struct err watch_wanted(struct call *call, const struct index_answer *found, uint64_t indexed,
                        struct json *entry)
{
    const struct json *wanted = json_get(&call->body, "watch");
    uint64_t seen = 0;
    if (wanted == NULL)
        return err_none();
    if (wanted->kind != JSON_OBJECT)
        return err_make(ERR_INVALID, "watch.not-object");
    if (question_partial(json_get(entry, "query")))
        return err_make(ERR_INVALID, "watch.partial");
    if (found->too_common)
        return err_make(ERR_INVALID, "watch.too-common");
    struct err e = store_journal_last(call->world->view, &seen);
    if (failed(e))
        return e;
    if (indexed < seen)
        seen = indexed;
    struct json watch = json_copy(call->arena, wanted);
    json_set_integer(call->arena, &watch, "from", (int64_t)seen);
    json_set(call->arena, entry, "watch", watch);
    return err_none();
}

/* -- the list ----------------------------------------------------------------------------- */

/* Others than keepers of the law see their own, as far as they are cleared. */
static bool sees(const struct call *call, const struct json *row)
{
    return call_keeps_the_law(call) || watch_of_caller(row, &call->request->caller);
}

static struct json shown(struct call *call, const struct json *row)
{
    static const char *const members[] = { "watch", "kind",  "state", "news",     "matches",
                                           "overflow", "since", "until", "least", "purpose",
                                           "reference", "unit", "user", "note", "question",
                                           "case" };
    struct json out = json_object();
    json_take_all(call->arena, &out, row, members, sizeof(members) / sizeof(members[0]));
    return out;
}

static void pick_watch(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    struct text only;
    struct text kind;
    bool news = call_parameter(call, "news", &only) && text_is(only, "true");
    (void)key;
    if (!sees(call, row) || (news && !watch_has_news(row)))
        return;
    if (call_parameter(call, "kind", &kind) && !text_equal(kind, json_get_text(row, "kind")))
        return;
    json_push(call->arena, list, shown(call, row));
}

/* ?unit=&news=true&kind=: of the caller's unit, unless a keeper of the law names another. */
void route_watches(struct call *call)
{
    struct text unit;
    if (!call_parameter(call, "unit", &unit) || unit.len == 0 || !call_keeps_the_law(call))
        unit = call->request->caller.who.unit; /* a page's place would tell of another's (I8) */
    struct row_key prefix = key_text(text_slice(unit, 0, 64));
    key_add_u8(&prefix, 0);
    call_list(call, TABLE_WATCH, key_bytes(&prefix), pick_watch);
    if (failed(call->work->err) || call->world->screened == 0)
        return;
    struct row_key done = key_u64(call->world->screened);
    struct store_range range = { .table = TABLE_DOC, .after = key_bytes(&done),
                                 .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    if (failed(e))
        call_error(call, e);
    else
        json_set_integer(call->arena, &call->work->answer, "unscreened", (int64_t)rows.count);
}

/* -- one ---------------------------------------------------------------------------------- */

static bool find(struct call *call, struct json *row)
{
    struct row_key key = watch_key(call->request->caller.who.unit, call->ids[0]);
    if (!call_row(call, TABLE_WATCH, &key, "watch.none", row))
        return false;
    if (!watch_of_caller(row, &call->request->caller))
        call_fail(call, ERR_NOT_FOUND, "watch.none", call->ids[0]);
    return watch_of_caller(row, &call->request->caller);
}

/* Whoever reads it looks for what it looks for. */
static void purpose_of(struct call *call, const struct json *row)
{
    const struct json *of = json_get(row, "reference");
    call_act_for(call, json_get_text(row, "purpose"), of == NULL ? json_object() : *of);
}

/* Why it is a match, as of now; the band and score of the day it was told are beside it. */
static void say_verdict(struct call *call, const struct json *watch, const struct json *row,
                        struct json *card)
{
    struct question *asked = NULL;
    struct shelf_change *change = NULL;
    struct index_hit hit;
    struct json verdict = json_object();
    if (failed(watch_question(watch, &call->world->scoring, call->arena, &asked)) ||
        failed(doc_push(row, 1, call->arena, &change)) ||
        failed(index_compare(&asked->query, change->add_opt, call->arena, &hit)))
        return;
    question_verdict(&hit, call->arena, &verdict);
    json_set(call->arena, card, "now", verdict);
}

/* What was found: the record's card, while the reader may see it, and what was said of it. */
static void add_found(struct call *call, const struct json *watch, const struct store_row *stored,
                      struct json *list, struct json *entry)
{
    static const char *const members[] = { "record", "state", "band", "score", "score_version",
                                           "frequency", "at", "by", "judged", "text" };
    struct json found;
    struct record_seen record_here;
    struct json out = json_object();
    if (stored->key.len < RECORD_KEY_LEN ||
        failed(json_parse(stored->value, call->arena, &found)) ||
        text_is(json_get_text(&found, "state"), "known"))
        return;
    struct record_key record;
    memcpy(record.bytes, stored->key.data + stored->key.len - RECORD_KEY_LEN, RECORD_KEY_LEN);
    json_take_all(call->arena, &out, &found, members, sizeof(members) / sizeof(members[0]));
    bool there = !failed(record_seen_at(call, &record, &record_here));
    if (record_show(call, there ? &record_here : NULL, &out, entry))
        say_verdict(call, watch, &record_here.row, &out);
    json_push(call->arena, list, out);
}

/* The question and what was found since: reading it is a look, for its purpose (I3). */
void route_watch_get(struct call *call)
{
    struct json row;
    uint8_t after[STORE_KEY_MAX];
    struct store_rows rows;
    struct json list = json_array();
    struct json entry = json_object();
    if (!find(call, &row))
        return;
    purpose_of(call, &row);
    struct row_key prefix = watched_key(call->ids[0], NULL);
    struct store_range range = { .table = TABLE_WATCHED, .prefix = key_bytes(&prefix),
                                 .limit = FOUND_PAGE };
    range.after = call_after(call, after);
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &entry, "hits", json_array());
    for (size_t i = 0; i < rows.count; i++)
        add_found(call, &row, &rows.rows[i], &list, &entry);
    struct json answer = shown(call, &row);
    json_set(call->arena, &answer, "found", list);
    call_next(call, &rows, FOUND_PAGE, &answer);
    json_set(call->arena, &entry, "kind", json_literal("search"));
    json_set_text(call->arena, &entry, "watch", call->ids[0]);
    json_set(call->arena, &entry, "query", *json_get(&row, "question"));
    call_look(call, answer, entry);
}

void route_watch_renew(struct call *call)
{
    call_on(call, VERB_WATCH_RENEW, "watch");
}

void route_watch_judge(struct call *call)
{
    call_on(call, VERB_WATCH_JUDGE, "watch");
}

void route_watch_end(struct call *call)
{
    call_on(call, VERB_WATCH_END, "watch");
}
