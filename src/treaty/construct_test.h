/* The constructs of the language, and clauses without one of them. */
#ifndef COMITY_TREATY_CONSTRUCT_TEST_H
#define COMITY_TREATY_CONSTRUCT_TEST_H

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

#endif
