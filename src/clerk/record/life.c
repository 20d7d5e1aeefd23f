#include "clerk/record/life.h"

#include "clerk/rows.h"
#include "wording/words.h"

/* -- a row ---------------------------------------------------------------------------------- */

static uint16_t number_of(const struct json *event, const char *name)
{
    int64_t number = 0;
    if (!json_get_integer(event, name, &number) || number < 0 || number > TREATY_COUNT_MAX)
        return 0;
    return (uint16_t)number;
}

struct err life_event(const struct json *event, struct treaty_event *out)
{
    struct treaty_event made = { .party = json_get_text(event, "party"),
                                 .against = json_get_text(event, "against"),
                                 .article = number_of(event, "article"),
                                 .clause = number_of(event, "clause"),
                                 .opposing = json_get_bool(event, "opposing") };
    if (!treaty_act_parse(json_get_text(event, "act"), &made.act))
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    struct err e = instant_parse(json_get_text(event, "at"), &made.at);
    if (!failed(e))
        *out = made;
    return e;
}

struct err life_tree(const struct json *tree, const struct json *events, struct arena *arena,
                     struct treaty *out)
{
    struct json all = json_array();
    const struct json *written = json_get(tree, "reservations");
    for (size_t i = 0; i < json_count(written); i++)
        json_push(arena, &all, *json_item(written, i));
    for (size_t i = 0; i < json_count(events); i++) {
        const struct json *event = json_item(events, i);
        const struct json *terms = json_get(event, "terms");
        bool reserves = text_is(json_get_text(event, "act"), treaty_act_name(ACT_RESERVE));
        for (size_t k = 0; reserves && k < json_count(terms); k++)
            json_push(arena, &all, *json_item(terms, k));
    }
    if (json_count(&all) == json_count(written))
        return treaty_from_json(tree, arena, out);
    struct json whole = json_copy(arena, tree);
    json_set(arena, &whole, "reservations", all);
    return treaty_from_json(&whole, arena, out);
}

struct err life_read(const struct json *row, struct bytes key, struct instant now,
                     struct arena *arena, struct life *out)
{
    const struct json *tree = json_get(row, "tree");
    const struct json *events = json_get(row, "events");
    if (tree == NULL || key.len != HASH_LEN || json_count(events) > TREATY_EVENTS_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    out->count = json_count(events);
    out->events = ARENA_ARRAY(arena, struct treaty_event, out->count);
    out->entered = json_get_bool(row, "entered");
    memcpy(out->hash.bytes, key.data, HASH_LEN);
    struct err e = arena_check(arena);
    for (size_t i = 0; !failed(e) && i < out->count; i++)
        e = life_event(json_item(events, i), &out->events[i]);
    if (!failed(e))
        e = life_tree(tree, events, arena, &out->treaty);
    if (!failed(e))
        out->status = treaty_status(&out->treaty, out->events, out->count, now);
    return e;
}

/* -- amendment ------------------------------------------------------------------------------ */

/* When the texts of the same name that it replaces had been amended by it: the latest of them. */
static void accept(const struct lives *lives, struct life *of, struct instant now)
{
    struct instant at = { INT64_MIN };
    of->unaccepted = NULL;
    for (uint32_t i = 0; i < of->treaty.replaces_count; i++) {
        const struct succession *old = &of->treaty.replaces[i];
        bool found = false;
        if (!text_equal(old->name, of->treaty.name))
            continue; /* another agreement: no amendment of it */
        for (size_t k = 0; k < lives->count; k++) {
            const struct life *life = &lives->items[k];
            if (!text_equal(life->treaty.name, old->name) || life->treaty.version != old->version)
                continue;
            struct instant t = treaty_amendment_accepted(&life->treaty, &life->status,
                                                         &of->treaty, &of->status);
            at = t.ms > at.ms ? t : at;
            found = true;
        }
        if (!found)
            of->unaccepted = "treaty.amended-text-missing";
    }
    if (of->unaccepted == NULL && at.ms == INT64_MAX)
        of->unaccepted = "treaty.amendment-not-accepted";
    if (of->unaccepted != NULL)
        at = INSTANT_OPEN;
    treaty_status_hold(&of->status, at, now);
}

/* Earlier versions first: what they bind decides who is asked about the next. */
static void accept_all(struct lives *lives, struct instant now)
{
    uint32_t done = 0;
    for (;;) {
        uint32_t next = TREATY_COUNT_MAX + 1;
        for (size_t i = 0; i < lives->count; i++) {
            uint32_t version = lives->items[i].treaty.version;
            next = version > done && version < next ? version : next;
        }
        if (next > TREATY_COUNT_MAX)
            return;
        for (size_t i = 0; i < lives->count; i++) {
            if (lives->items[i].treaty.version == next)
                accept(lives, &lives->items[i], now);
        }
        done = next;
    }
}

struct err lives_read(struct store_view *view, struct instant now, struct arena *arena,
                      struct lives *out)
{
    struct store_range range = { .table = TABLE_AGREEMENT, .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct lives lives = { .count = 0 };
    struct err e = store_scan(view, &range, arena, &rows);
    if (failed(e))
        return e;
    lives.items = ARENA_ARRAY(arena, struct life, rows.count);
    if (lives.items == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct json row;
        if (rows.rows[i].key.len != HASH_LEN)
            continue; /* national rules, a halt */
        e = json_parse(rows.rows[i].value, arena, &row);
        if (!failed(e) && json_get(&row, "tree") == NULL)
            continue;
        if (!failed(e))
            e = life_read(&row, rows.rows[i].key, now, arena, &lives.items[lives.count]);
        if (!failed(e))
            lives.count++;
    }
    accept_all(&lives, now);
    if (!failed(e))
        *out = lives;
    return e;
}

const struct life *lives_find(const struct lives *lives, const struct hash *hash)
{
    for (size_t i = 0; i < lives->count; i++) {
        if (hash_equal(&lives->items[i].hash, hash))
            return &lives->items[i];
    }
    return NULL;
}

/* -- why not --------------------------------------------------------------------------------- */

static bool applies(const struct life *life)
{
    return life->status.state == TREATY_IN_FORCE || life->status.state == TREATY_PROVISIONAL;
}

enum { RING_MAX = 256 }; /* agreements looked at; compiling finds what lies behind */

/* `life` names `other` as one before which it comes, or whose place it takes. */
static bool is_over(const struct life *life, const struct life *other, bool replaces)
{
    const struct treaty *treaty = &life->treaty;
    for (uint32_t i = 0; !replaces && i < treaty->prevails.count; i++) {
        if (text_equal(treaty->prevails.items[i], other->treaty.name))
            return true;
    }
    for (uint32_t i = 0; replaces && i < treaty->replaces_count; i++) {
        if (text_equal(treaty->replaces[i].name, other->treaty.name) &&
            treaty->replaces[i].version == other->treaty.version)
            return true;
    }
    return false;
}

/* Reached again from `of` by "prevails over" or by "replaces", over what has effect here. */
static bool in_ring(const struct lives *lives, const struct life *of, bool replaces)
{
    bool reached[RING_MAX] = { false };
    size_t count = lives->count;
    if (count > RING_MAX)
        count = RING_MAX;
    bool more = true;
    for (size_t i = 0; i < count; i++)
        reached[i] = &lives->items[i] == of;
    while (more) {
        more = false;
        for (size_t i = 0; i < count; i++) {
            if (reached[i] && is_over(&lives->items[i], of, replaces))
                return true;
            for (size_t k = 0; reached[i] && k < count; k++) {
                const struct life *other = &lives->items[k];
                bool hit = !reached[k] && other->entered && applies(other) &&
                           is_over(&lives->items[i], other, replaces);
                reached[k] = reached[k] || hit;
                more = more || hit;
            }
        }
    }
    return false;
}

const char *life_kept_out(const struct lives *lives, const struct life *of, struct text self,
                          struct instant now)
{
    const struct treaty_status *status = &of->status;
    uint8_t us = treaty_party_index(&of->treaty, self);
    if (us == STOP_ALL)
        return "treaty.we-are-no-party";
    if (status->state == TREATY_ENDED)
        return "treaty.over";
    const struct treaty_bound *bound = &status->bound[us];
    if (status->consent[us].ms == INT64_MAX && bound->from.ms == INT64_MAX)
        return "treaty.own-consent-missing";
    if (of->unaccepted != NULL)
        return of->unaccepted;
    if (!applies(of))
        return status->from.ms == INT64_MAX ? "treaty.consents-missing" : "treaty.day-not-come";
    if (bound->until.ms <= now.ms)
        return "treaty.we-have-left";
    if (now.ms < bound->from.ms)
        return bound->from.ms == INT64_MAX ? "treaty.own-consent-missing" : "treaty.day-not-come";
    struct err e = treaty_check_enter(&of->treaty, self);
    if (failed(e))
        return e.rule;
    bool ring = in_ring(lives, of, false) || in_ring(lives, of, true);
    return ring ? "treaty.priority-cycle" : NULL;
}

/* -- reservations as a text ------------------------------------------------------------------ */

static enum language language_of(struct text text)
{
    uint32_t end = 0;
    for (int i = 0; i < LANGUAGES; i++) {
        if (phrase_at(text, 0, PHRASE_RESERVATION, (enum language)i, &end))
            return (enum language)i;
    }
    return LANGUAGE_EN;
}

struct err life_reservations(const struct json *tree, struct text text, struct arena *arena,
                             struct json *out)
{
    struct treaty treaty;
    struct reservations made;
    struct treaty_errors errors = { .count = 0 };
    struct err e = treaty_from_json(tree, arena, &treaty);
    if (!failed(e))
        e = reservations_parse(text, language_of(text), &treaty, arena, &errors, &made);
    if (failed(e))
        return e;
    *out = reservations_to_json(&made, arena);
    return arena_check(arena);
}
