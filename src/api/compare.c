/* POST /v1/compare: pairs held against each other by the function that judges every search. A side
 * is a name, a question of POST /v1/search, or {"record": id}, a record that this node holds. To
 * compare with a record is to look at it: what the caller may not see is as if it were not there
 * (I8), each pair has an access entry (I3), and the card beside the verdict says whose the record
 * is and on what terms. Both sides are seen before anything is compared. */
#include "api/call.h"

#include "clerk/record/doc.h"
#include "index/question.h"

struct side {
    const char *name;
    bool held; /* a record of the node's */
    struct record_seen seen;
    struct index_doc doc;
    struct json said; /* as the entry keeps it */
};

static struct err held_side(struct call *call, struct text id, struct side *out)
{
    struct shelf_change *change = NULL;
    struct err e = record_seen(call, id, &out->seen);
    if (!failed(e) && row_hidden(&out->seen.row))
        e = err_make(ERR_NOT_FOUND, "clerk.no-such-record"); /* out of every search */
    if (!failed(e))
        e = doc_push(&out->seen.row, 1, call->arena, &change);
    if (failed(e))
        return e;
    out->held = true;
    out->doc = *change->add_opt;
    return e;
}

/* An entry holds what was asked, and of a record no more than its id (I6). */
static struct err take_side(struct call *call, const struct json *pair, const char *name,
                            struct side *out)
{
    const struct json *in = json_get(pair, name);
    *out = (struct side){ .name = name, .said = json_object() };
    if (in == NULL || (in->kind != JSON_STRING && in->kind != JSON_OBJECT))
        return err_make(ERR_INVALID, "clerk.field-missing");
    if (json_get(in, "statements") != NULL)
        return err_make(ERR_INVALID, "compare.content");
    if (json_get(in, "record") != NULL && json_count(in) > 1)
        return err_make(ERR_INVALID, "compare.record-alone");
    if (json_get(in, "record") != NULL) {
        json_set_text(call->arena, &out->said, "record", json_get_text(in, "record"));
        return held_side(call, json_get_text(in, "record"), out);
    }
    if (in->kind == JSON_STRING)
        json_set_text(call->arena, &out->said, "name", in->string);
    else
        out->said = *in;
    return question_side(in, date_of_instant(call->world->now), call->arena, &out->doc);
}

static void add_side(struct call *call, const struct side *side, struct json *compared,
                     struct json *entry)
{
    json_set(call->arena, compared, side->name, side->said);
    if (!side->held)
        return;
    record_looked(call, &side->seen.row, entry);
}

static struct json entry_of(struct call *call, const struct side sides[static 2])
{
    struct json entry = json_object();
    struct json query = json_object();
    struct json compared = json_object();
    json_set(call->arena, &entry, "hits", json_array());
    for (size_t i = 0; i < 2; i++)
        add_side(call, &sides[i], &compared, &entry);
    json_set(call->arena, &query, "compare", compared);
    json_set(call->arena, &entry, "kind", json_literal("compare"));
    json_set(call->arena, &entry, "query", query);
    question_scoring(&call->world->scoring, call->arena, &entry); /* so it replays (I3) */
    return entry;
}

static struct err compare(struct call *call, const void *context, const struct json *pair,
                          struct call_asked *out)
{
    static const char *const names[] = { "a", "b" };
    static const char *const places[] = { "/a", "/b" };
    struct side sides[2];
    struct index_hit hit;
    (void)context;
    for (size_t i = 0; i < 2; i++) {
        struct err e = take_side(call, pair, names[i], &sides[i]);
        out->place = text_literal(places[i]);
        if (failed(e))
            return e;
    }
    out->place = TEXT("");
    struct err e = index_compare_docs(&sides[0].doc, &sides[1].doc, &call->world->scoring,
                                      call->arena, &hit);
    if (failed(e))
        return e;
    question_verdict(&hit, call->arena, &out->answer);
    question_scoring(&call->world->scoring, call->arena, &out->answer);
    for (size_t i = 0; i < 2; i++) {
        if (sides[i].held)
            json_set(call->arena, &out->answer, names[i],
                     record_card(call, &sides[i].seen.row, &sides[i].seen.effects));
    }
    out->entry = entry_of(call, sides);
    return arena_check(call->arena);
}

/* {"purpose","reference","pairs":[{"a","b"},…]}. */
void route_compare(struct call *call)
{
    struct call_many many = { "pairs", compare, NULL };
    if (!call_purpose(call))
        return;
    call_many(call, &many);
}
