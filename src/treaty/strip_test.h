/* A world without one construct of the language: what the construct decides is what differs. */
#ifndef COMITY_TREATY_STRIP_TEST_H
#define COMITY_TREATY_STRIP_TEST_H

#include "treaty/question_test.h"

/* Behind the tests of conditions, which are constructs as well. */
#define CONSTRUCTS_X(X)                        \
    X(WHERE, "where")                          \
    X(UNLESS, "unless")                        \
    X(PATTERN, "pattern")                      \
    X(NEVER_SHARE, "never share")              \
    X(NEVER_USE, "never use")                  \
    X(FIELD, "never share field")              \
    X(RELEASE, "release")                      \
    X(HALT, "halt")                            \
    X(COARSEN, "coarsen")                      \
    X(DUTY, "duty")                            \
    X(NOT_BOUND, "not bound")                  \
    X(RESERVED, "clauses of reservations")     \
    X(NATIONAL, "national rules")              \
    X(HIT, "by hit")                           \
    X(REQUEST, "by request")                   \
    X(RECIPROCAL, "reciprocally")              \
    X(AUDIENCE, "for use by")                  \
    X(CAPACITY, "at most")                     \
    X(CEILING, "classification up to")         \
    X(CEILING_ALL, "ceiling of the agreement") \
    X(SILENCE, "silence")                      \
    X(WITHHELD, "withhold field")              \
    X(CONDITIONS, "on condition")              \
    X(RETAIN, "retain")                        \
    X(REVIEW, "review")                        \
    X(WARN, "warn")                            \
    X(EXTEND, "extend")                        \
    X(ACHIEVED, "when achieved")               \
    X(OFFLINE, "offline")                      \
    X(ANSWER, "answer")                        \
    X(SIDES, "by and to")                      \
    X(GROUPS, "group")                         \
    X(PREVAILS, "prevails over")               \
    X(REPLACES, "replaces")                    \
    X(FROM, "later from")                      \
    X(SUSPENDED, "suspension")                 \
    X(DISPUTED, "dispute")                     \
    X(OPPOSED, "opposed reservation")          \
    X(LEFT, "withdrawal")                      \
    X(NOT_YET, "bound later")                  \
    X(GIVEN_RELEASE, "releases given")         \
    X(PURPOSE, "purpose asked")                \
    X(SPENT, "capacity given")                 \
    X(DOUBT, "doubt")                          \
    X(ONLY, "only for")                        \
    X(NOT_FOR, "not for")                      \
    X(VALID, "validity")                       \
    X(HIDDEN, "hidden until")

enum construct {
    WITHOUT_TEST, /* + enum condition_test */
    WITHOUT_TESTS = TESTS,
#define X(id, name) WITHOUT_##id,
    CONSTRUCTS_X(X)
#undef X
        CONSTRUCTS
};

static const char *const construct_names[CONSTRUCTS] = {
#define X(id, name) [WITHOUT_##id] = name,
    CONSTRUCTS_X(X)
#undef X
};

/* A test that nothing is known of stands for one that is not there. */
static struct condition strip_condition(const struct condition *c, enum construct what,
                                        struct arena *arena)
{
    struct condition out = *c;
    struct condition *items = ARENA_ARRAY(arena, struct condition, c->count);
    struct text *codes = ARENA_ARRAY(arena, struct text, c->codes.count);
    if (c->op == CONDITION_TEST && (enum construct)c->test == what)
        out.test = TEST_NONE;
    for (uint32_t i = 0; i < c->count; i++)
        items[i] = strip_condition(&c->items[i], what, arena);
    for (uint32_t i = 0; i < c->codes.count; i++) {
        codes[i] = c->codes.items[i];
        if (what == WITHOUT_PATTERN && text_ends(codes[i], TEXT(".*")))
            codes[i].len -= 2;
    }
    out.items = items;
    out.codes.items = codes;
    return out;
}

static const struct condition *strip_opt(const struct condition *c_opt, enum construct what,
                                         struct arena *arena)
{
    if (c_opt == NULL || (what >= WITHOUT_TESTS && what != WITHOUT_PATTERN))
        return c_opt;
    struct condition *out = ARENA_NEW(arena, struct condition);
    *out = strip_condition(c_opt, what, arena);
    return out;
}

static bool gone_whole(const struct clause *clause, enum construct what)
{
    static const enum construct whole[CLAUSE_KINDS] = {
        [CLAUSE_NEVER_SHARE] = WITHOUT_NEVER_SHARE,
        [CLAUSE_NEVER_USE] = WITHOUT_NEVER_USE,
        [CLAUSE_WITHHOLD] = WITHOUT_FIELD,
        [CLAUSE_RELEASE] = WITHOUT_RELEASE,
        [CLAUSE_HALT] = WITHOUT_HALT,
        [CLAUSE_COARSEN] = WITHOUT_COARSEN,
        [CLAUSE_DUTY] = WITHOUT_DUTY,
    };
    return whole[clause->kind] == what && what > WITHOUT_TESTS;
}

/* Fields of a clause of which the first says whether they are there. */
static const struct {
    enum construct what;
    size_t at, size;
} clause_parts[] = {
#define PART(what, field)                                                        \
    {                                                                            \
        what, offsetof(struct clause, field), sizeof((struct clause){ 0 }.field) \
    }
    PART(WITHOUT_WHERE, where_opt),
    PART(WITHOUT_UNLESS, unless_opt),
    PART(WITHOUT_RECIPROCAL, reciprocal),
    PART(WITHOUT_AUDIENCE, audience),
    PART(WITHOUT_CAPACITY, capacity),
    PART(WITHOUT_CEILING, ceiling),
    PART(WITHOUT_CONDITIONS, conditions),
    PART(WITHOUT_RETAIN, retain),
    PART(WITHOUT_REVIEW, review),
    PART(WITHOUT_WARN, warn),
    PART(WITHOUT_EXTEND, extend),
    PART(WITHOUT_ACHIEVED, achieved),
    PART(WITHOUT_OFFLINE, offline),
    PART(WITHOUT_ANSWER, urgent),
    PART(WITHOUT_ANSWER, otherwise),
    PART(WITHOUT_SIDES, from),
    PART(WITHOUT_SIDES, to),
#undef PART
};
enum { CLAUSE_PARTS = sizeof(clause_parts) / sizeof(clause_parts[0]) };

static void strip_clause(struct clause *clause, enum construct what, struct arena *arena)
{
    if (gone_whole(clause, what))
        clause->kind = CLAUSE_NONE;
    clause->where_opt = strip_opt(clause->where_opt, what, arena);
    clause->unless_opt = strip_opt(clause->unless_opt, what, arena);
    for (size_t i = 0; i < CLAUSE_PARTS; i++) {
        if (clause_parts[i].what == what)
            memset((char *)clause + clause_parts[i].at, 0, clause_parts[i].size);
    }
    if (what == WITHOUT_WITHHELD && clause->kind == CLAUSE_SHARE)
        clause->withheld.count = 0;
    if ((what == WITHOUT_HIT && clause->mode == MODE_HIT) ||
        (what == WITHOUT_REQUEST && clause->mode == MODE_ASK))
        clause->mode = MODE_COPY;
}

static const struct clause *strip_clauses(const struct clause *clauses, uint32_t count,
                                          enum construct what, struct arena *arena)
{
    struct clause *out = ARENA_ARRAY(arena, struct clause, count);
    for (uint32_t i = 0; i < count; i++) {
        out[i] = clauses[i];
        strip_clause(&out[i], what, arena);
    }
    return out;
}

static void strip_treaty(struct treaty *treaty, enum construct what, struct arena *arena)
{
    struct article *articles = ARENA_ARRAY(arena, struct article, treaty->article_count);
    struct reservation *reservations =
        ARENA_ARRAY(arena, struct reservation, treaty->reservation_count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        articles[i] = treaty->articles[i];
        articles[i].clauses = strip_clauses(articles[i].clauses, articles[i].count, what, arena);
    }
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        struct reservation r = treaty->reservations[i];
        r.clauses = strip_clauses(r.clauses, r.count, what, arena);
        if (what != (r.not_bound ? WITHOUT_NOT_BOUND : WITHOUT_RESERVED))
            reservations[kept++] = r;
    }
    treaty->articles = articles;
    treaty->reservations = reservations;
    treaty->reservation_count = kept;
    if (what == WITHOUT_CEILING_ALL)
        treaty->ceiling = LEVEL_NONE;
    if (what == WITHOUT_SILENCE)
        treaty->silence_days = 0;
    if (what == WITHOUT_GROUPS)
        treaty->group_count = 0;
    if (what == WITHOUT_PREVAILS)
        treaty->prevails.count = 0;
    if (what == WITHOUT_REPLACES)
        treaty->replaces_count = 0;
    if (what == WITHOUT_FROM)
        treaty->from.year = 0;
}

static void strip_status(struct treaty_status *status, enum construct what)
{
    static const enum construct stops[STOP_WHYS] = { [STOP_SUSPENDED] = WITHOUT_SUSPENDED,
                                                     [STOP_DISPUTED] = WITHOUT_DISPUTED,
                                                     [STOP_OPPOSED] = WITHOUT_OPPOSED };
    uint32_t kept = 0;
    for (uint32_t i = 0; i < status->stop_count; i++) {
        if (stops[status->stops[i].why] != what)
            status->stops[kept++] = status->stops[i];
    }
    status->stop_count = kept;
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        if (what == WITHOUT_LEFT)
            status->bound[i].until = INSTANT_OPEN;
        if (what == WITHOUT_NOT_YET)
            status->bound[i].from = (struct instant){ 0 };
    }
}

/* A copy: it borrows from `world` and is compared by the reference alone. */
static void strip_world(const struct world *world, enum construct what, struct arena *arena,
                        struct world *out)
{
    *out = *world;
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        strip_treaty(&out->treaties[i], what, arena);
        strip_status(&out->status[i], what);
        out->force[i].treaty = &out->treaties[world->force[i].treaty - world->treaties];
        out->force[i].status = &out->status[world->force[i].treaty - world->treaties];
    }
    out->national.clauses =
        strip_clauses(world->national.clauses, world->national.count, what, arena);
    if (what == WITHOUT_NATIONAL)
        out->national.count = 0;
}

static void strip_alert(struct view_alert *alert, enum construct what)
{
    struct view_values *values[] = { &alert->offences, &alert->subjects, &alert->warnings,
                                     &alert->grading, &alert->handling };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]) && what == WITHOUT_DOUBT; i++)
        values[i]->doubt = false;
    if (what == WITHOUT_ONLY)
        alert->restricted = false;
    if (what == WITHOUT_NOT_FOR)
        alert->never.count = 0;
    if (what == WITHOUT_VALID)
        alert->valid_from = alert->valid_until = (struct instant){ 0 };
    if (what == WITHOUT_HIDDEN)
        alert->hidden_until = (struct instant){ 0 };
}

static void strip_view(struct treaty_view *view, enum construct what, struct arena *arena)
{
    struct view_alert *alerts = ARENA_ARRAY(arena, struct view_alert, view->alert_count);
    for (uint32_t i = 0; i < view->alert_count; i++) {
        alerts[i] = view->alerts[i];
        strip_alert(&alerts[i], what);
    }
    view->alerts = alerts;
}

static const struct clause *same_clause(const struct world *world, const struct world *other,
                                        const struct clause *clause)
{
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        for (uint32_t j = 0; j < world->treaties[i].article_count; j++) {
            const struct article *article = &world->treaties[i].articles[j];
            for (uint32_t k = 0; k < article->count; k++) {
                if (&article->clauses[k] == clause)
                    return &other->treaties[i].articles[j].clauses[k];
            }
        }
    }
    return clause;
}

static void strip_question(struct reference_question *q, enum construct what)
{
    if (what == WITHOUT_GIVEN_RELEASE)
        q->release_count = 0;
    if (what == WITHOUT_PURPOSE)
        q->purpose = TEXT("");
    if (what == WITHOUT_SPENT)
        q->spent_count = 0;
}

static bool same_slow_set(const struct reference_set *a, const struct reference_set *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++)
        same = text_equal(a->items[i], b->items[i]);
    return same;
}

/* But for the clause, which stands in another world. */
static bool same_slow(const struct reference_decision *a, const struct reference_decision *b)
{
    bool same = a->outcome == b->outcome && a->reason == b->reason && a->shared == b->shared &&
                a->held == b->held && a->restricted == b->restricted && a->extend == b->extend &&
                a->persons == b->persons && a->silence_days == b->silence_days &&
                a->retain_days == b->retain_days && a->review_days == b->review_days &&
                a->achieved_days == b->achieved_days && a->warn_days == b->warn_days &&
                a->offline_hours == b->offline_hours && a->urgent_hours == b->urgent_hours &&
                a->otherwise_hours == b->otherwise_hours;
    const struct reference_set *ours[] = { &a->withheld, &a->conditions, &a->never_use,
                                           &a->offices,  &a->duties,     &a->audience };
    const struct reference_set *theirs[] = { &b->withheld, &b->conditions, &b->never_use,
                                             &b->offices,  &b->duties,     &b->audience };
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        same = same && same_slow_set(ours[i], theirs[i]);
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++)
        same = same && same_slow_set(&a->coarse[way], &b->coarse[way]);
    return same;
}

/* Would the question be answered otherwise without the construct? */
static bool is_decisive(const struct world *world, const struct world *stripped,
                        const struct reference_question *q, enum construct what,
                        struct arena *arena)
{
    struct reference_question other = *q;
    struct treaty_view view = *q->view;
    struct reference_spent spent[WORLD_SPENT_MAX];
    struct reference_decision with;
    struct reference_decision without;
    size_t mark = arena->used;
    strip_view(&view, what, arena);
    strip_question(&other, what);
    for (size_t i = 0; i < q->spent_count; i++) {
        spent[i].clause = same_clause(world, stripped, q->spent[i].clause);
        spent[i].count = q->spent[i].count;
    }
    other.spent = spent;
    other.treaties = stripped->force;
    other.national_opt = &stripped->national;
    other.view = &view;
    reference_decide(q, &with);
    reference_decide(&other, &without);
    arena_rewind(arena, mark);
    return !same_slow(&with, &without);
}

#endif
