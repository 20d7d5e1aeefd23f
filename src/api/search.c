/* POST /v1/search: one question to our own records, our partners' copies and the public lists;
 * POST /v1/searches: many.
 *
 * The answer names what was searched and how fresh it is, also when nothing was found. It leaves
 * when its access entry is durable (I3). What the asker may not see is taken out before anything
 * is ranked, cut or counted (I7). */
#include "api/call.h"

#include "clerk/record/doc.h"
#include "clerk/rights/retain.h"
#include "index/question.h"
#include "link/receive.h"

/* -- the answer --------------------------------------------------------------------------- */

static void name_of(struct call *call, const struct index_hit *hit, struct json *card)
{
    struct text name = hit->name.full;
    if (name.len == 0 && hit->name.given.len > 0)
        name = arena_join(call->arena,
                          arena_join(call->arena, hit->name.family, TEXT(" ")), hit->name.given);
    if (name.len == 0)
        name = hit->name.family;
    json_set_text(call->arena, card, "name", name);
}

/* The hit's record as this caller sees it; false when it has changed since the index saw it. */
static bool hit_card(struct call *call, const struct index_hit *hit, struct json *entry,
                     struct json *out)
{
    struct row_key doc = key_u64(hit->doc);
    struct record_key key;
    struct bytes found;
    struct record_seen record;
    struct err e = store_get(call->world->view, TABLE_DOC, key_bytes(&doc), call->arena, &found);
    if (failed(e) || found.len != sizeof(key.bytes))
        return false; /* replaced since the view of the index */
    memcpy(key.bytes, found.data, sizeof(key.bytes));
    if (failed(record_seen_at(call, &key, &record)) || row_apart(&record.row))
        return false;
    *out = record_card(call, &record.row, &record.effects);
    record_looked(call, &record.row, entry);
    name_of(call, hit, out);
    question_verdict(hit, call->arena, out);
    return true;
}

/* How fresh each partner's copies are: what a "no hit" is worth. */
static struct json freshness(struct call *call)
{
    struct store_range range = { .table = TABLE_FEED_IN, .limit = API_LIST_MAX };
    struct store_rows rows;
    struct json list = json_array();
    if (failed(store_scan(call->world->view, &range, call->arena, &rows)))
        return list;
    for (size_t i = 0; i < rows.count; i++) {
        struct feed_in feed;
        struct json one = json_object();
        struct bytes key = rows.rows[i].key;
        if (failed(feed_in_parse(rows.rows[i].value, call->arena, &feed)))
            continue;
        json_set_text(call->arena, &one, "partner",
                      (struct text){ (const char *)key.data, key.len });
        json_set_integer(call->arena, &one, "number", (int64_t)feed.frontier.size);
        json_set_text(call->arena, &one, "heard", instant_format(call->arena, feed.heard));
        if (call->world->now.ms - feed.heard.ms >= duty_ms("silence-shown"))
            json_set_integer(call->arena, &one, "silent_days",
                             (call->world->now.ms - feed.heard.ms) / INSTANT_DAY);
        json_push(call->arena, &list, one);
    }
    return list;
}

static void collect(struct call *call, const struct index_answer *found, struct json *hits,
                    struct json *entry)
{
    for (size_t i = 0; i < found->hit_count; i++) {
        struct json card;
        if (!hit_card(call, &found->hits[i], entry, &card))
            continue;
        json_push(call->arena, hits, card);
    }
}

static struct json searched(struct call *call, const struct index_answer *found,
                            const struct shelf_view *shelf, uint64_t documents)
{
    struct json out = json_object();
    json_set_integer(call->arena, &out, "records", (int64_t)documents);
    if (shelf->partial || found->damaged) /* or missing, and being made again */
        json_set(call->arena, &out, "partial", json_bool(true));
    json_set(call->arena, &out, "partners", freshness(call));
    json_set_text(call->arena, &out, "at", instant_format(call->arena, call->world->now));
    return out;
}

static struct err answer(struct call *call, const struct index_answer *found,
                         const struct shelf_view *shelf, uint64_t documents, struct call_asked *out)
{
    struct json hits = json_array();
    json_set(call->arena, &out->entry, "hits", json_array());
    collect(call, found, &hits, &out->entry);
    out->answer = json_object();
    json_set(call->arena, &out->answer, "hits", hits);
    question_answer(found, call->arena, &out->answer);
    json_set(call->arena, &out->answer, "searched", searched(call, found, shelf, documents));
    question_scoring(&call->world->scoring, call->arena, &out->answer);
    question_scoring(&call->world->scoring, call->arena, &out->entry); /* so it replays (I3) */
    return watch_wanted(call, found, shelf->numbers, &out->entry);
}

/* The answer of the index borrows the shelf: who asks copies it before the shelf goes. */
static struct err ask(struct call *call, const struct shelf_view *shelf, const struct json *query,
                      struct call_asked *out)
{
    struct question *question = ARENA_NEW(call->arena, struct question);
    struct sight sight = call_sight(call);
    struct index_answer found;
    struct index_filter filter;
    uint64_t documents = 0;
    *out = (struct call_asked){ .entry = json_object(), .place = TEXT("") };
    if (question == NULL)
        return arena_check(call->arena);
    struct err e = question_parse(query, date_of_instant(call->world->now), call->arena, question,
                                  &out->place);
    if (failed(e))
        return e;
    question->query.scoring = call->world->scoring;
    json_set(call->arena, &out->entry, "kind", json_literal("search"));
    json_set(call->arena, &out->entry, "query", *query);
    e = sight_filter(&sight, call->world->shelf, shelf, &filter, &documents);
    if (!failed(e))
        e = index_search(shelf->segments, shelf->segment_count, &filter, &question->query,
                         call->arena, &found);
    if (!failed(e))
        e = answer(call, &found, shelf, documents, out);
    return failed(e) ? e : arena_check(call->arena);
}

void route_search(struct call *call)
{
    const struct json *query = json_get(&call->body, "query");
    struct call_asked asked;
    if (!call_purpose(call))
        return;
    const struct shelf_view *shelf = shelf_take(call->world->shelf);
    struct err e = ask(call, shelf, query, &asked);
    if (failed(e))
        call_fail(call, e.code, e.rule, arena_join(call->arena, TEXT("/query"), asked.place));
    else
        call_look(call, json_copy(call->arena, &asked.answer), asked.entry);
    shelf_give(call->world->shelf, shelf);
}

/* -- many at once ------------------------------------------------------------------------- */

static struct err ask_of_shelf(struct call *call, const void *context, const struct json *query,
                               struct call_asked *out)
{
    return ask(call, context, query, out);
}

/* {"purpose","reference","queries":[…]}. */
void route_searches(struct call *call)
{
    if (!call_purpose(call))
        return;
    const struct shelf_view *shelf = shelf_take(call->world->shelf);
    struct call_many many = { "queries", ask_of_shelf, shelf };
    call_many(call, &many);
    shelf_give(call->world->shelf, shelf);
}
