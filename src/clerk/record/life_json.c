/* Where an agreement stands, as people ask it. */
#include "clerk/record/life.h"
#include "clerk/law/rules.h"
#include "core/encode.h"

struct telling {
    const struct life *life;
    struct arena *arena;
};

static bool is_open(struct instant t)
{
    return t.ms == INT64_MAX || t.ms == INT64_MIN;
}

static void set_instant(struct arena *arena, struct json *out, const char *name, struct instant t)
{
    if (!is_open(t))
        json_set_text(arena, out, name, instant_format(arena, t));
}

static void set_party(const struct telling *t, struct json *out, const char *name, uint8_t index)
{
    if (index != STOP_ALL)
        json_set_text(t->arena, out, name, t->life->treaty.parties.items[index]);
}

static const struct treaty_event *act_of(const struct life *life, struct text party,
                                         enum treaty_act act)
{
    const struct treaty_event *first = NULL;
    for (size_t i = 0; i < life->count; i++) {
        const struct treaty_event *event = &life->events[i];
        if (event->act == act && text_equal(event->party, party) &&
            (first == NULL || event->at.ms < first->at.ms))
            first = event;
    }
    return first;
}

static struct json party_json(const struct telling *t, uint32_t i)
{
    const struct life *life = t->life;
    const struct treaty_bound *bound = &life->status.bound[i];
    struct text party = life->treaty.parties.items[i];
    bool accedes = treaty_may_accede(&life->treaty, party);
    bool ratifies = life->treaty.consent == CONSENT_RATIFICATION;
    const char *consent = accedes ? "accession" : ratifies ? "ratification" : "signature";
    const struct treaty_event *signature = act_of(life, party, ACT_SIGN);
    const struct treaty_event *notice = act_of(life, party, ACT_WITHDRAW);
    struct json out = json_object();
    json_set_text(t->arena, &out, "party", party);
    json_set(t->arena, &out, "consent_by", json_literal(consent));
    if (signature != NULL)
        set_instant(t->arena, &out, "signed", signature->at);
    set_instant(t->arena, &out, "consented", life->status.consent[i]);
    if (is_open(life->status.consent[i]))
        json_set(t->arena, &out, "missing", json_literal(consent));
    if (notice != NULL)
        set_instant(t->arena, &out, "notice", notice->at);
    if (bound->from.ms >= bound->until.ms)
        return out;
    set_instant(t->arena, &out, "bound_from", bound->from);
    set_instant(t->arena, &out, "bound_until", bound->until);
    return out;
}

static struct json stops_json(const struct telling *t)
{
    static const char *const names[STOP_WHYS] = { [STOP_SUSPENDED] = "suspended",
                                                  [STOP_DISPUTED] = "disputed",
                                                  [STOP_OPPOSED] = "opposed" };
    struct json list = json_array();
    for (uint32_t i = 0; i < t->life->status.stop_count; i++) {
        const struct treaty_stop *stop = &t->life->status.stops[i];
        struct json out = json_object();
        json_set(t->arena, &out, "why", json_literal(names[stop->why]));
        set_party(t, &out, "party", stop->party);
        set_party(t, &out, "against", stop->against);
        if (stop->article != 0)
            json_set_integer(t->arena, &out, "article", stop->article);
        if (stop->clause != 0)
            json_set_integer(t->arena, &out, "clause", stop->clause);
        set_instant(t->arena, &out, "from", stop->from);
        set_instant(t->arena, &out, "until", stop->until);
        json_push(t->arena, &list, out);
    }
    return list;
}

/* Those of the text come first; what acts have added stands behind them. */
static struct json reservations_json(const struct telling *t, size_t written)
{
    struct json list = json_array();
    for (uint32_t i = 0; i < t->life->treaty.reservation_count; i++) {
        const struct reservation *one = &t->life->treaty.reservations[i];
        struct json out = json_object();
        json_set_text(t->arena, &out, "party", one->party);
        json_set_integer(t->arena, &out, "article", one->article);
        if (one->clause != 0)
            json_set_integer(t->arena, &out, "clause", one->clause);
        json_set(t->arena, &out, "by", json_literal(i < written ? "text" : "act"));
        json_push(t->arena, &list, out);
    }
    return list;
}

/* Objections and declarations, as they were made. */
static struct json said_json(const struct telling *t, const struct json *row, enum treaty_act act)
{
    struct json list = json_array();
    const struct json *events = json_get(row, "events");
    for (size_t i = 0; i < json_count(events); i++) {
        const struct json *event = json_item(events, i);
        const struct json *terms = json_get(event, "terms");
        struct json out = json_object();
        if (!text_is(json_get_text(event, "act"), treaty_act_name(act)))
            continue;
        json_set_text(t->arena, &out, "party", json_get_text(event, "party"));
        json_set_text(t->arena, &out, "at", json_get_text(event, "at"));
        if (json_get_text(event, "against").len > 0)
            json_set_text(t->arena, &out, "against", json_get_text(event, "against"));
        if (act == ACT_OBJECT)
            json_set(t->arena, &out, "opposing", json_bool(json_get_bool(event, "opposing")));
        if (json_get_text(terms, "text").len > 0)
            json_set_text(t->arena, &out, "text", json_get_text(terms, "text"));
        json_push(t->arena, &list, out);
    }
    return list;
}

static void set_list(struct arena *arena, struct json *out, const char *name, struct json list)
{
    if (json_count(&list) > 0)
        json_set(arena, out, name, list);
}

struct json life_json(const struct life *life, const struct json *row, struct arena *arena)
{
    struct telling t = { life, arena };
    struct json out = json_object();
    struct json parties = json_array();
    size_t written = json_count(json_get(json_get(row, "tree"), "reservations"));
    for (uint32_t i = 0; i < life->treaty.parties.count; i++)
        json_push(arena, &parties, party_json(&t, i));
    json_set(arena, &out, "state", json_literal(treaty_state_name(life->status.state)));
    json_set_integer(arena, &out, "consents", life->status.signed_count);
    json_set_integer(arena, &out, "needed", life->status.needed);
    set_instant(arena, &out, "from", life->status.from);
    set_instant(arena, &out, "until", life->status.until);
    set_instant(arena, &out, "term", life->status.term);
    json_set(arena, &out, "parties", parties);
    set_list(arena, &out, "stops", stops_json(&t));
    set_list(arena, &out, "reservations", reservations_json(&t, written));
    set_list(arena, &out, "objections", said_json(&t, row, ACT_OBJECT));
    set_list(arena, &out, "declarations", said_json(&t, row, ACT_DECLARE));
    return out;
}

struct err rules_status(struct store_view *view, const struct json *row, struct text self,
                        struct instant now, struct arena *arena, struct json *out)
{
    struct lives lives;
    struct hash hash;
    struct err e = hex_parse(json_get_text(row, "hash"), hash.bytes, HASH_LEN);
    if (!failed(e))
        e = lives_read(view, now, arena, &lives);
    if (failed(e))
        return e;
    const struct life *life = lives_find(&lives, &hash);
    if (life == NULL)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    const char *why = life_kept_out(&lives, life, self, now);
    *out = life_json(life, row, arena);
    if (why == NULL && !life->entered)
        why = "treaty.does-not-fit";
    if (why != NULL)
        json_set(arena, out, "kept_out", json_literal(why));
    return arena_check(arena);
}

struct err rules_states(struct store_view *view, struct instant now, struct arena *arena,
                        struct json *out)
{
    struct lives lives;
    struct err e = lives_read(view, now, arena, &lives);
    *out = json_object();
    for (size_t i = 0; !failed(e) && i < lives.count; i++)
        json_set_name(arena, out, hex_format(arena, BYTES_OF(lives.items[i].hash.bytes)),
                      json_literal(treaty_state_name(lives.items[i].status.state)));
    return e;
}
