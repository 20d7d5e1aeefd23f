/* Facts about hits and questions. */
#include <assert.h>

#include "clerk/apply.h"
#include "clerk/record/standing.h"
#include "clerk/state.h"
#include "clerk/exchange/tell.h"
#include "flow/hit.h"

static struct row_key hit_key(const struct applied *in)
{
    return key_text(json_get_text(in->body, "hit"));
}

/* A line of the story, as both sides keep it. */
static void tell(struct act *act, const struct applied *in, const char *event, struct json *row)
{
    const struct json *old = json_get(row, "story");
    struct json story = json_array();
    struct json line = json_object();
    for (size_t i = 0; i < json_count(old); i++)
        json_push(act->arena, &story, *json_item(old, i));
    json_set_text(act->arena, &line, "at", instant_format(act->arena, in->fact->at));
    json_set(act->arena, &line, "event", json_literal(event));
    struct text teller = json_get_text(in->body, "told_by"); /* a partner's message, or us */
    json_set_text(act->arena, &line, "member",
                  teller.len > 0 ? teller : member_code_text(&in->fact->by.member));
    json_set_text(act->arena, &line, "unit", in->fact->by.unit);
    json_set_text(act->arena, &line, "user", in->fact->by.user);
    json_push(act->arena, &story, line);
    json_set(act->arena, row, "story", story);
}

/* The deadline of the state that the row has entered; an old one is dropped. */
static struct err reschedule(struct act *act, struct json *row, struct text id)
{
    struct instant due;
    enum hit_state state = HIT_NONE;
    int64_t answer = 0;
    int64_t outcome = 0;
    int64_t level = 0;
    struct instant since;
    if (!failed(instant_parse(json_get_text(row, "due"), &due))) {
        struct err e = deadline_drop(act, due, "hit", id);
        if (failed(e))
            return e;
    }
    json_remove(row, "due");
    struct err e = hit_state_parse(json_get_text(row, "state"), &state);
    if (failed(e))
        return e;
    (void)json_get_integer(row, "level", &level);
    if (!json_get_integer(row, "answer_ms", &answer) || answer < 1 ||
        !json_get_integer(row, "outcome_ms", &outcome) || outcome < 1)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    e = instant_parse(json_get_text(row, "since"), &since);
    if (failed(e))
        return e;
    struct hit_clock clock = { answer, outcome };
    if (!hit_due(state, &clock, since, (int)level, &due))
        return err_none();
    json_set_text(act->arena, row, "due", instant_format(act->arena, due));
    return deadline_put(act, due, "hit", id);
}

static struct err hit_put(struct act *act, const struct applied *in, struct json *row)
{
    struct row_key key = hit_key(in);
    struct err e = reschedule(act, row, json_get_text(in->body, "hit"));
    return failed(e) ? e : row_put(act, TABLE_HIT, &key, row);
}

/* A message to the other side of a hit or question, for the courier; its basis is the clause under
 * which the record came, or that of the ask clause. */
static struct err message_due(struct act *act, const struct applied *in, const char *form,
                              const struct json *about)
{
    static const char *const carried[] = { "hit", "ask", "record", "report", "urgent", "confirmed",
                                           "code", "text", "photo", "outcome", "question",
                                           "purpose", "answer", "answer_ms", "outcome_ms" };
    struct json item = json_object();
    struct json body = json_object();
    struct text id = entry_id(act, in->entry, form);
    const struct json *basis = json_get(about, "basis");
    json_set_text(act->arena, &body, "id", id);
    json_set(act->arena, &body, "form", json_literal(form));
    json_take_all(act->arena, &body, in->body, carried, sizeof(carried) / sizeof(carried[0]));
    json_set(act->arena, &item, "kind", json_literal("message"));
    json_set(act->arena, &item, "form", json_literal(form));
    json_set(act->arena, &item, "basis", basis == NULL ? json_null() : *basis);
    if (json_get(about, "ask") != NULL) { /* what treaty calls the kind of the question */
        json_set_text(act->arena, &item, "ask_form", json_get_text(about, "form"));
        json_set_text(act->arena, &body, "ask_form", json_get_text(about, "form"));
    }
    json_set(act->arena, &item, "body", body);
    return outbox_put(act, json_get_text(about, "partner"), id, &item);
}

static bool is_side(const struct json *body, const char *side)
{
    return text_is(json_get_text(body, "side"), side);
}

struct err apply_hit_open(struct act *act, const struct applied *in)
{
    struct json row = json_copy(act->arena, in->body);
    json_set_text(act->arena, &row, "state", hit_state_name(HIT_REPORTED));
    json_set_text(act->arena, &row, "since", instant_format(act->arena, in->fact->at));
    json_set_integer(act->arena, &row, "level", 0);
    tell(act, in, "report", &row);
    struct err e = hit_put(act, in, &row);
    if (failed(e) || !is_side(in->body, "finder"))
        return e;
    return message_due(act, in, "hit-report", &row);
}

static struct err hit_move(struct act *act, const struct applied *in, enum hit_event event,
                           const char *name, struct json *row_out)
{
    struct row_key key = hit_key(in);
    struct json row;
    enum hit_state state = HIT_NONE;
    struct err e = row_get(act, TABLE_HIT, &key, &row);
    if (failed(e))
        return e;
    e = hit_state_parse(json_get_text(&row, "state"), &state);
    if (!failed(e))
        e = hit_step(state, event, &state);
    if (failed(e))
        return e;
    json_set_text(act->arena, &row, "state", hit_state_name(state));
    if (event != HIT_LAPSE) {
        json_set_text(act->arena, &row, "since", instant_format(act->arena, in->fact->at));
        json_set_integer(act->arena, &row, "level", 0);
        json_set(act->arena, &row, name, *in->body);
    } else {
        int64_t level = 0;
        (void)json_get_integer(&row, "level", &level);
        json_set_integer(act->arena, &row, "level", level + 1);
    }
    tell(act, in, name, &row);
    *row_out = row;
    return hit_put(act, in, &row);
}

struct err apply_hit_answer(struct act *act, const struct applied *in)
{
    bool confirmed = json_get_bool(in->body, "confirmed");
    struct json row;
    struct err e = hit_move(act, in, confirmed ? HIT_CONFIRM : HIT_DENY, "answer", &row);
    if (failed(e) || !is_side(in->body, "owner"))
        return e;
    return message_due(act, in, "hit-answer", &row);
}

struct err apply_hit_outcome(struct act *act, const struct applied *in)
{
    struct json row;
    struct err e = hit_move(act, in, HIT_OUTCOME, "outcome", &row);
    if (failed(e))
        return e;
    if (!is_side(in->body, "finder"))
        return achieved_begin(act, in, json_get_text(&row, "record"));
    return message_due(act, in, "hit-outcome", &row);
}

struct err apply_hit_escalate(struct act *act, const struct applied *in)
{
    struct json row;
    return hit_move(act, in, HIT_LAPSE, "escalate", &row);
}

struct err apply_hit_close(struct act *act, const struct applied *in)
{
    struct json row;
    return hit_move(act, in, HIT_END, "end", &row);
}

/* -- questions ---------------------------------------------------------------------------- */

struct err apply_ask_open(struct act *act, const struct applied *in)
{
    struct json row = json_copy(act->arena, in->body);
    json_set_text(act->arena, &row, "since", instant_format(act->arena, in->fact->at));
    json_set(act->arena, &row, "state", json_literal("open"));
    struct row_key key = key_text(json_get_text(in->body, "ask"));
    struct err e = row_put(act, TABLE_ASK, &key, &row);
    if (failed(e) || !is_side(in->body, "asker"))
        return e;
    return message_due(act, in, "question", &row);
}

struct err apply_ask_answer(struct act *act, const struct applied *in)
{
    struct row_key key = key_text(json_get_text(in->body, "ask"));
    struct json row;
    struct err e = row_get(act, TABLE_ASK, &key, &row);
    if (failed(e))
        return e;
    json_set(act->arena, &row, "state", json_literal("answered"));
    json_set(act->arena, &row, "answer", *in->body);
    e = row_put(act, TABLE_ASK, &key, &row);
    if (failed(e) || !is_side(in->body, "asked"))
        return e;
    return message_due(act, in, "answer", &row);
}
