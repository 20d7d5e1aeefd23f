/* What a text must not say of itself: one clause twice in an article, a permission that a clause
 * beside it forbids, a condition that no alert can meet. Only what the words alone show; what takes
 * the table of all attributes is the work of survey/. */
#include "wording/parser.h"
#include "wording/parts.h"

/* Tests that a `where` joins by "and", opened to any depth. */
struct joined {
    const struct condition *items[TREATY_NODES_MAX];
    uint32_t count;
};

static void join(struct joined *joined, const struct condition *condition)
{
    if (condition->op == CONDITION_ALL) {
        for (uint32_t i = 0; i < condition->count; i++)
            join(joined, &condition->items[i]);
    } else if (joined->count < TREATY_NODES_MAX) {
        joined->items[joined->count++] = condition;
    }
}

static bool matches_any(enum code_list list, struct code code, struct codes patterns)
{
    for (uint32_t i = 0; i < patterns.count; i++) {
        if (code_matches(list, code, patterns.items[i]))
            return true;
    }
    return false;
}

/* Can a code of which an alert has exactly one pass all of these tests, denied ones as well? */
static bool code_passes(const struct joined *joined, enum condition_test test, enum code_list list,
                        struct code code)
{
    for (uint32_t i = 0; i < joined->count; i++) {
        const struct condition *one = joined->items[i];
        bool denied = one->op == CONDITION_NOT;
        const struct condition *inner = denied ? &one->items[0] : one;
        if (inner->op == CONDITION_TEST && inner->test == test &&
            matches_any(list, code, inner->codes) == denied)
            return false;
    }
    return true;
}

/* "record" stands for every kind. */
static bool any_kind(struct codes kinds)
{
    for (uint32_t i = 0; i < kinds.count; i++) {
        if (text_is(kinds.items[i], "record"))
            return true;
    }
    return false;
}

static bool some_code_passes(const struct joined *joined, enum condition_test test,
                             enum code_list list, struct codes only)
{
    for (size_t i = 0; i < code_count(list); i++) {
        struct code code = code_of(list, text_literal(code_row(list, i)->code));
        if ((only.count == 0 || any_kind(only) || matches_any(list, code, only)) &&
            code_passes(joined, test, list, code))
            return true;
    }
    return false;
}

static bool denies(const struct condition *a, const struct condition *b)
{
    return a->op == CONDITION_NOT && condition_same(&a->items[0], b);
}

/* One says what another, or `unless`, takes back. */
static bool takes_itself_back(const struct joined *joined, const struct condition *unless_opt)
{
    for (uint32_t i = 0; i < joined->count; i++) {
        if (condition_same(joined->items[i], unless_opt))
            return true;
        for (uint32_t j = 0; j < joined->count; j++) {
            if (denies(joined->items[i], joined->items[j]))
                return true;
        }
    }
    return false;
}

static bool never_true(const struct clause *clause)
{
    struct joined joined = { .count = 0 };
    if (clause->where_opt == NULL)
        return false;
    join(&joined, clause->where_opt);
    return takes_itself_back(&joined, clause->unless_opt) ||
           condition_same(clause->where_opt, clause->unless_opt) ||
           !some_code_passes(&joined, TEST_CATEGORY, CODE_CATEGORY, (struct codes){ 0 }) ||
           !some_code_passes(&joined, TEST_KIND, CODE_KIND, clause->codes);
}

static bool covers(struct codes wide, struct codes narrow)
{
    for (uint32_t i = 0; i < narrow.count; i++) {
        bool found = false;
        for (uint32_t j = 0; j < wide.count; j++)
            found |= text_equal(wide.items[j], narrow.items[i]);
        if (!found)
            return false;
    }
    return true;
}

static bool covers_members(const struct treaty *treaty, struct codes wide, struct codes narrow)
{
    struct text out[TREATY_PARTIES_MAX];
    uint32_t count = treaty_members_of(treaty, narrow, out);
    for (uint32_t i = 0; i < count; i++) {
        if (!treaty_names(treaty, wide, out[i]))
            return false;
    }
    return true;
}

/* Whatever the share would permit, the prohibition forbids: as wide in records and members, and
 * under no condition or the same. A `with` prohibition binds whoever sends. */
static bool forbids_all(const struct treaty *treaty, const struct clause *never,
                        const struct clause *share)
{
    return (any_kind(never->codes) || covers(never->codes, share->codes)) &&
           covers_members(treaty, never->from, share->from) &&
           covers_members(treaty, never->to, share->to) && never->unless_opt == NULL &&
           (never->where_opt == NULL || condition_same(never->where_opt, share->where_opt));
}

static void check_beside(struct parser *p, const struct treaty *treaty, const struct clause *first,
                         const struct clause *second)
{
    bool permits = first->kind == CLAUSE_SHARE || second->kind == CLAUSE_SHARE;
    const struct clause *share = first->kind == CLAUSE_SHARE ? first : second;
    const struct clause *never = share == first ? second : first;
    if (clause_same(first, second))
        parser_report(p, second->at, "treaty.clause-twice");
    else if (permits && never->kind == CLAUSE_NEVER_SHARE && forbids_all(treaty, never, share))
        parser_report(p, never->at, "treaty.contradicts-itself");
}

void check_sense(struct parser *p, const struct treaty *treaty, const struct clause *clauses,
                 uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (clauses[i].kind == CLAUSE_SHARE && never_true(&clauses[i]))
            parser_report(p, clauses[i].at, "treaty.never-true");
        for (uint32_t j = 0; j < i; j++)
            check_beside(p, treaty, &clauses[j], &clauses[i]);
    }
}
