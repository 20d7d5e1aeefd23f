/* Two laws, asked the same. */
#include <assert.h>

#include "survey/asking.h"

enum { DIFFERENCES_MAX = 256 };

enum change {
    CHANGE_NONE,
    CHANGE_GAINED,
    CHANGE_LOST,
    CHANGE_NARROWER,
    CHANGE_WIDER,
    CHANGE_TERMS
};

/* One way to differ: between two classes of members, under two clauses. */
struct difference {
    enum change change;
    uint16_t from, to; /* classes of members */
    struct text from_member, to_member; /* the two of the example */
    uint16_t before, after; /* rules; NO_RULE */
    uint32_t cases;
    struct space_point example;
};

struct contrast {
    struct tour tour;
    const struct ruleset *before, *after;
    uint8_t names[NAME_LISTS][RULESET_NAMES_MAX]; /* number before to number after */
    struct difference differences[DIFFERENCES_MAX];
    uint32_t count;
    bool more; /* kinds of difference beyond the room */
    struct arena *arena;
};

/* -- comparing decisions ------------------------------------------------------------------ */

static void match_names(struct contrast *c, enum name_list list)
{
    for (uint32_t i = 0; i < RULESET_NAMES_MAX; i++) {
        struct text name = treaty_name_of(c->before, list, i);
        c->names[list][i] = RULESET_NAMES_MAX;
        for (uint32_t j = 0; name.len > 0 && j < RULESET_NAMES_MAX; j++) {
            if (text_equal(name, treaty_name_of(c->after, list, j)))
                c->names[list][i] = (uint8_t)j;
        }
    }
}

static bool same_names(const struct contrast *c, enum name_list list, uint64_t before,
                       uint64_t after)
{
    uint64_t seen = 0;
    for (uint32_t i = 0; i < RULESET_NAMES_MAX; i++) {
        if ((before >> i & 1) == 0)
            continue;
        if (c->names[list][i] == RULESET_NAMES_MAX)
            return false;
        seen |= UINT64_C(1) << c->names[list][i];
    }
    return seen == after;
}

static bool same_audience(const struct contrast *c, uint64_t before, uint64_t after)
{
    if (before == UINT64_MAX || after == UINT64_MAX)
        return before == after;
    return same_names(c, NAME_BRANCH, before, after);
}

static bool same_terms(const struct contrast *c, const struct decision *a,
                       const struct decision *b)
{
    bool same = a->retain_days == b->retain_days && a->review_days == b->review_days &&
                a->urgent_hours == b->urgent_hours && a->otherwise_hours == b->otherwise_hours &&
                a->silence_days == b->silence_days && a->persons == b->persons &&
                a->achieved_days == b->achieved_days && a->offline_hours == b->offline_hours &&
                a->warn_days == b->warn_days && a->extend == b->extend;
    for (enum coarse_way way = COARSE_YEAR; same && way < COARSE_WAYS; way++)
        same = same_names(c, NAME_FIELD, a->coarse[way], b->coarse[way]);
    return same && same_names(c, NAME_FIELD, a->withheld, b->withheld) &&
           same_names(c, NAME_CONDITION, a->conditions, b->conditions) &&
           same_names(c, NAME_USE, a->never_use, b->never_use) &&
           same_names(c, NAME_OFFICE, a->offices, b->offices) &&
           same_names(c, NAME_OFFICE, a->duties, b->duties) &&
           same_audience(c, a->audience, b->audience);
}

static enum change change_of(const struct contrast *c, const struct decision *a,
                             const struct decision *b)
{
    if (a->outcome == b->outcome)
        return a->outcome == DECISION_DENY || same_terms(c, a, b) ? CHANGE_NONE : CHANGE_TERMS;
    if (a->outcome == DECISION_DENY)
        return CHANGE_GAINED;
    if (b->outcome == DECISION_DENY)
        return CHANGE_LOST;
    return a->outcome == DECISION_SHARE ? CHANGE_NARROWER : CHANGE_WIDER;
}

static void add_difference(struct contrast *c, const struct difference *one)
{
    for (uint32_t i = 0; i < c->count; i++) {
        struct difference *known = &c->differences[i];
        if (known->change == one->change && known->from == one->from && known->to == one->to &&
            known->before == one->before && known->after == one->after) {
            known->cases++;
            return;
        }
    }
    if (c->count == DIFFERENCES_MAX)
        c->more = true;
    else
        c->differences[c->count++] = *one;
}

/* A law that does not know a member denies it everything. */
static struct decision decide(const struct ruleset *rules, const struct space_case *one,
                              const struct treaty_row *row, struct text from, struct text to)
{
    struct decision decision = { .outcome = DECISION_DENY, .rule = NO_RULE,
                                 .denied_by = NO_RULE };
    struct question question;
    if (pair_question(rules, one, row, from, to, &question))
        treaty_decide(rules, &question, &decision);
    return decision;
}

static void ask_pair(struct contrast *c, const struct space_case *one,
                     const struct treaty_row *const rows[2], uint32_t i, uint32_t j)
{
    const struct space *space = &c->tour.space;
    struct text from = space->picked[i];
    struct text to = space->picked[j];
    struct decision a = decide(c->before, one, rows[0], from, to);
    struct decision b = decide(c->after, one, rows[1], from, to);
    struct difference difference = { .change = change_of(c, &a, &b),
                                     .from = space_class(space, from),
                                     .to = space_class(space, to),
                                     .from_member = from,
                                     .to_member = to,
                                     .before = a.outcome == DECISION_DENY ? NO_RULE : a.rule,
                                     .after = b.outcome == DECISION_DENY ? NO_RULE : b.rule,
                                     .cases = 1,
                                     .example = c->tour.walk.point };
    if (difference.change != CHANGE_NONE)
        add_difference(c, &difference);
}

static struct err ask_all(struct contrast *c)
{
    const struct space *space = &c->tour.space;
    struct space_case one;
    struct err e = err_none();
    while (tour_next(&c->tour, &one, &e)) {
        const struct treaty_row *rows[2] = { NULL, NULL };
        e = treaty_row_make(c->before, &one.view, c->tour.as_of, c->arena, &rows[0]);
        if (!failed(e))
            e = treaty_row_make(c->after, &one.view, c->tour.as_of, c->arena, &rows[1]);
        if (failed(e))
            return e;
        for (uint32_t i = 0; i < space->picked_count; i++) {
            for (uint32_t j = 0; j < space->picked_count; j++) {
                if (i != j)
                    ask_pair(c, &one, rows, i, j);
            }
        }
    }
    return e;
}

/* -- reporting ---------------------------------------------------------------------------- */

static void set_clause(struct contrast *c, const struct ruleset *rules, uint16_t rule,
                       const char *name, struct json *item)
{
    struct json value = json_object();
    if (rule == NO_RULE)
        return;
    struct treaty_basis basis = treaty_basis(rules, rule);
    if (basis.treaty != NULL) {
        json_set_text(c->arena, &value, "agreement", basis.treaty->name);
        json_set_integer(c->arena, &value, "version", basis.treaty->version);
    }
    json_set_text(c->arena, &value, "clause", basis.clause->id);
    json_set(c->arena, item, name, value);
}

/* What each law says to the example. */
static struct err set_answers(struct contrast *c, const struct difference *d, struct json *item)
{
    const struct ruleset *rules[2] = { c->before, c->after };
    static const char *const names[2] = { "said_before", "says_after" };
    struct space_case one;
    struct err e = space_case(&c->tour.space, &d->example, c->tour.as_of, c->arena, &one);
    for (size_t i = 0; i < 2 && !failed(e); i++) {
        const struct treaty_row *row = NULL;
        e = treaty_row_make(rules[i], &one.view, c->tour.as_of, c->arena, &row);
        if (failed(e))
            break;
        struct decision decision = decide(rules[i], &one, row, d->from_member, d->to_member);
        json_set(c->arena, item, names[i], treaty_decision_json(rules[i], &decision, c->arena));
    }
    return e;
}

static struct json difference_json(struct contrast *c, const struct difference *d)
{
    static const char *const changes[] = { "none",     "gained", "lost",
                                           "narrower", "wider",  "other-terms" };
    struct json item = json_object();
    json_set(c->arena, &item, "from", space_members(&c->tour.space, d->from, c->arena));
    json_set(c->arena, &item, "to", space_members(&c->tour.space, d->to, c->arena));
    json_set(c->arena, &item, "change", json_literal(changes[d->change]));
    json_set_integer(c->arena, &item, "cases", d->cases);
    set_clause(c, c->before, d->before, "before", &item);
    set_clause(c, c->after, d->after, "after", &item);
    json_set(c->arena, &item, "example", space_json(&c->tour.space, &d->example, c->arena));
    return item;
}

struct err survey_contrast(const struct survey_law *before, const struct survey_law *after,
                           struct instant as_of, uint32_t questions_max, struct arena *arena,
                           struct json *out)
{
    struct survey_law both[2] = { *before, *after };
    struct contrast *c = ARENA_NEW(arena, struct contrast);
    if (c == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    c->arena = arena;
    struct err e = tour_begin(both, 2, as_of, questions_max, arena, &c->tour);
    if (!failed(e))
        e = law_compile(before, arena, &c->before);
    if (!failed(e))
        e = law_compile(after, arena, &c->after);
    if (failed(e))
        return e;
    for (enum name_list list = NAME_MEMBER; list < NAME_LISTS; list++)
        match_names(c, list);
    tour_keep(&c->tour);
    e = ask_all(c);
    if (failed(e))
        return e;
    struct json list = json_array();
    for (uint32_t i = 0; i < c->count && !failed(e); i++) {
        struct json item = difference_json(c, &c->differences[i]);
        e = set_answers(c, &c->differences[i], &item);
        json_push(arena, &list, item);
    }
    if (failed(e))
        return e;
    *out = json_object();
    json_set(arena, out, "decided", json_bool(tour_complete(&c->tour) && !c->more));
    json_set_integer(arena, out, "questions", c->tour.walk.asked);
    json_set(arena, out, "differences", list);
    return arena_check(arena);
}
