/* Cases: a unit's list, one with its records, searches and history, and what is done to it. */
#include "api/call.h"

#include "clerk/casework/casefile.h"
#include "clerk/record/doc.h"
#include "clerk/watch/watch.h"

enum { ENTRIES_PAGE = 50, CARDS_MAX = 50 };

/* Others than keepers of the law see their own, and those they work on. */
static bool sees(const struct call *call, const struct json *row)
{
    return call_keeps_the_law(call) || casefile_of_caller(row, &call->request->caller);
}

static struct json head_of(struct call *call, const struct json *row)
{
    static const char *const members[] = { "case",    "title",          "external", "areas",
                                           "purpose", "classification", "unit",     "units",
                                           "lead",    "state",          "since",    "review",
                                           "due",     "level",          "outcome",  "closed" };
    struct json out = json_object();
    json_take_all(call->arena, &out, row, members, sizeof(members) / sizeof(members[0]));
    return out;
}

static void pick_case(struct call *call, struct bytes key, struct json *row, struct json *list)
{
    struct text wanted;
    (void)key;
    if (!sees(call, row) ||
        (call_parameter(call, "state", &wanted) &&
         !text_equal(wanted, json_get_text(row, "state"))) ||
        (call_parameter(call, "lead", &wanted) && !text_equal(wanted, json_get_text(row, "lead"))))
        return;
    json_push(call->arena, list, head_of(call, row));
}

void route_cases(struct call *call)
{
    const struct bytes all = { NULL, 0 };
    call_list(call, TABLE_CASE, all, pick_case);
}

/* -- one ---------------------------------------------------------------------------------- */

static bool find(struct call *call, struct json *row)
{
    struct row_key key = casefile_key(call->ids[0]);
    if (!call_row(call, TABLE_CASE, &key, "case.none", row))
        return false;
    bool ours = casefile_of_caller(row, &call->request->caller);
    if (!ours)
        call_fail(call, ERR_NOT_FOUND, "case.none", call->ids[0]);
    return ours;
}

/* Whatever is done in a case is done for its purpose, on its number. */
static void purpose_of(struct call *call, const struct json *row)
{
    struct json reference = json_object();
    json_take(call->arena, &reference, row, "case");
    call_act_for(call, json_get_text(row, "purpose"), reference);
}

/* Its records, the first of them with cards. */
static struct json records_of(struct call *call, const struct json *row, struct json *entry)
{
    const struct json *links = json_get(row, "links");
    struct json list = json_array();
    for (size_t i = 0; i < json_count(links); i++) {
        struct record_seen record;
        struct json one = json_object();
        struct text id = json_item_text(links, i);
        json_set_text(call->arena, &one, "record", id);
        if (i < CARDS_MAX) {
            bool there = !failed(record_seen(call, id, &record));
            (void)record_show(call, there ? &record : NULL, &one, entry);
        }
        json_push(call->arena, &list, one);
    }
    return list;
}

/* The searches that stand in it, of the caller's own unit: another's are that one's to read. */
static struct json watches_of(struct call *call, const struct json *row)
{
    static const char *const members[] = { "watch", "state", "news", "until", "user", "note" };
    const struct json *watches = json_get(row, "watches");
    struct json list = json_array();
    for (size_t i = 0; i < json_count(watches); i++) {
        struct json watch;
        struct json one = json_object();
        struct text id = json_item_text(watches, i);
        struct text unit = text_split(&id, '/');
        struct row_key key = watch_key(unit, id);
        if (failed(view_get(call->world->view, TABLE_WATCH, &key, call->arena, &watch)) ||
            !watch_of_caller(&watch, &call->request->caller))
            continue;
        json_take_all(call->arena, &one, &watch, members, sizeof(members) / sizeof(members[0]));
        json_push(call->arena, &list, one);
    }
    return list;
}

/* A page of what happened in it. */
static struct err history(struct call *call, struct json *answer)
{
    uint8_t after[STORE_KEY_MAX];
    struct store_rows rows;
    struct json list = json_array();
    struct row_key prefix = casefile_entry_key(call->ids[0], 0);
    struct store_range range = { .table = TABLE_CASE_ENTRY,
                                 .prefix = key_bytes(&prefix),
                                 .limit = ENTRIES_PAGE };
    range.after = call_after(call, after);
    struct err e = store_scan(call->world->view, &range, call->arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json entry;
        e = json_parse(rows.rows[i].value, call->arena, &entry);
        if (failed(e))
            break;
        json_set_integer(call->arena, &entry, "entry", (int64_t)key_tail_u64(rows.rows[i].key));
        json_push(call->arena, &list, entry);
    }
    if (failed(e))
        return e;
    json_set(call->arena, answer, "history", list);
    call_next(call, &rows, ENTRIES_PAGE, answer);
    return e;
}

/* Reading it is a look, for its purpose (I3); the first page has its records and searches. */
void route_case_get(struct call *call)
{
    struct json row;
    struct text after;
    struct json entry = json_object();
    if (!find(call, &row))
        return;
    purpose_of(call, &row);
    struct json answer = head_of(call, &row);
    json_set(call->arena, &entry, "hits", json_array());
    if (!call_parameter(call, "after", &after)) {
        json_set(call->arena, &answer, "records", records_of(call, &row, &entry));
        json_set(call->arena, &answer, "watches", watches_of(call, &row));
    }
    struct err e = history(call, &answer);
    if (failed(e)) {
        call_error(call, e);
        return;
    }
    json_set(call->arena, &entry, "kind", json_literal("look"));
    json_take(call->arena, &entry, &row, "case");
    call_look(call, answer, entry);
}

/* -- what is done to it ------------------------------------------------------------------- */

void route_case_open(struct call *call)
{
    call_command(call, VERB_CASE_OPEN, call->body);
}

void route_case_note(struct call *call)
{
    call_on(call, VERB_CASE_NOTE, "case");
}

/* {"record","text"}: of what this caller sees for the purpose of the case. */
void route_case_link(struct call *call)
{
    struct json row;
    struct record_seen record;
    struct text id = json_get_text(&call->body, "record");
    if (!find(call, &row))
        return;
    purpose_of(call, &row);
    if (failed(record_seen(call, id, &record)) || row_apart(&record.row)) {
        call_fail(call, ERR_NOT_FOUND, "clerk.no-such-record", id);
        return;
    }
    json_remove(&call->body, "remove");
    call_on(call, VERB_CASE_LINK, "case");
}

void route_case_unlink(struct call *call)
{
    json_set(call->arena, &call->body, "remove", json_bool(true));
    call_on(call, VERB_CASE_LINK, "case");
}

void route_case_assign(struct call *call)
{
    call_on(call, VERB_CASE_ASSIGN, "case");
}

void route_case_review(struct call *call)
{
    call_on(call, VERB_CASE_REVIEW, "case");
}

void route_case_close(struct call *call)
{
    call_on(call, VERB_CASE_CLOSE, "case");
}

void route_case_reopen(struct call *call)
{
    call_on(call, VERB_CASE_REOPEN, "case");
}
