/* The order in which the points of the table are asked. */
#include "survey/space.h"

enum { IMPOSSIBLE_MAX = 1000000 }; /* in a row: the sample finds nothing more */

/* -- toward a clause ---------------------------------------------------------------------- */

static bool axis_of_test(enum condition_test test, enum axis_kind *kind, enum code_list *list)
{
    static const struct {
        bool listed;
        enum axis_kind kind;
        enum code_list list;
    } axes[TESTS] = {
        [TEST_CATEGORY] = { true, AXIS_CATEGORY, CODE_CATEGORY },
        [TEST_KIND] = { true, AXIS_RECORD, CODE_KIND },
        [TEST_OFFENCE] = { true, AXIS_OFFENCE, CODE_OFFENCE },
        [TEST_SUBJECT] = { true, AXIS_SUBJECT, CODE_SUBJECT },
        [TEST_NATIONALITY] = { true, AXIS_NATIONALITY, CODE_COUNTRY },
        [TEST_WARNING] = { true, AXIS_WARNING, CODE_WARNING },
        [TEST_GRADING] = { true, AXIS_GRADING, CODE_GRADING },
        [TEST_HANDLING] = { true, AXIS_HANDLING, CODE_HANDLING },
        [TEST_ACTION] = { true, AXIS_ACTION, CODE_ACTION },
    };
    *kind = axes[test].kind;
    *list = axes[test].list;
    return axes[test].listed;
}

static void pick_code(const struct space *space, enum axis_kind kind, enum code_list list,
                      struct codes codes, struct space_point *point)
{
    for (uint32_t a = 0; a < space->count; a++) {
        const struct axis *axis = &space->axes[a];
        for (uint32_t v = 0; axis->kind == kind && v < axis->count; v++) {
            struct code code = code_of(list, axis->values[v].code);
            for (uint32_t i = 0; i < codes.count && !axis->values[v].doubt; i++) {
                if (code_matches(list, code, codes.items[i])) {
                    point->at[a] = (uint16_t)v;
                    return;
                }
            }
        }
    }
}

/* The value of a threshold or flag that makes the test true. */
static void pick_number(const struct space *space, const struct condition *test,
                        struct space_point *point)
{
    static const enum axis_kind kinds[TESTS] = {
        [TEST_AGE] = AXIS_AGE,         [TEST_DEATH] = AXIS_DEATH, [TEST_PENALTY] = AXIS_PENALTY,
        [TEST_SENTENCE] = AXIS_SENTENCE, [TEST_THIRD] = AXIS_THIRD, [TEST_NOTE] = AXIS_NOTE,
        [TEST_ASSURANCE] = AXIS_ASSURANCE, [TEST_URGENT] = AXIS_URGENT, [TEST_UNIT] = AXIS_UNIT,
    };
    for (uint32_t a = 0; a < space->count; a++) {
        const struct axis *axis = &space->axes[a];
        bool named = axis->name.len == 0 || (test->codes.count > 0 &&
                                             text_equal(axis->name, test->codes.items[0]));
        for (uint32_t v = 0; axis->kind == kinds[test->test] && named && v < axis->count; v++) {
            const struct axis_value *value = &axis->values[v];
            bool wanted = value->number == 1;
            if (test->test == TEST_AGE)
                wanted = value->number + 1U == test->number;
            else if (test->test == TEST_PENALTY || test->test == TEST_SENTENCE)
                wanted = value->number == test->number;
            else if (test->test == TEST_UNIT)
                wanted = text_equal(value->code, test->codes.items[0]);
            if (wanted && !value->doubt)
                point->at[a] = (uint16_t)v;
        }
    }
}

/* All of a conjunction, the first of a disjunction; what is negated stays where it is. */
static void pick_condition(const struct space *space, const struct condition *condition,
                           struct space_point *point)
{
    enum axis_kind kind = AXIS_RECORD;
    enum code_list list = CODE_KIND;
    if (condition->op == CONDITION_ALL) {
        for (uint32_t i = 0; i < condition->count; i++)
            pick_condition(space, &condition->items[i], point);
    } else if (condition->op == CONDITION_ANY) {
        pick_condition(space, &condition->items[0], point);
    } else if (condition->op == CONDITION_TEST) {
        if (axis_of_test(condition->test, &kind, &list))
            pick_code(space, kind, list, condition->codes, point);
        else
            pick_number(space, condition, point);
    }
}

void space_toward(const struct space *space, const struct clause *clause,
                  struct space_point *point)
{
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_NEVER_SHARE)
        pick_code(space, AXIS_RECORD, CODE_KIND, clause->codes, point);
    pick_code(space, AXIS_PURPOSE, CODE_PURPOSE, clause->purposes, point);
    if (clause->where_opt != NULL)
        pick_condition(space, clause->where_opt, point);
    for (uint32_t a = 0; a < space->count; a++) {
        const struct axis *axis = &space->axes[a];
        for (uint32_t v = 0; axis->kind == AXIS_MODE && v < axis->count; v++) {
            if (axis->values[v].number == (uint32_t)clause->mode)
                point->at[a] = (uint16_t)v;
        }
    }
}

/* -- what a clause tests ------------------------------------------------------------------ */

static const enum axis_kind tested_axes[TESTS] = {
    [TEST_CATEGORY] = AXIS_CATEGORY,   [TEST_KIND] = AXIS_RECORD,
    [TEST_OFFENCE] = AXIS_OFFENCE,     [TEST_SUBJECT] = AXIS_SUBJECT,
    [TEST_NATIONALITY] = AXIS_NATIONALITY, [TEST_WARNING] = AXIS_WARNING,
    [TEST_GRADING] = AXIS_GRADING,     [TEST_CLASSIFICATION] = AXIS_LEVEL,
    [TEST_AGE] = AXIS_AGE,             [TEST_DEATH] = AXIS_DEATH,
    [TEST_NOTE] = AXIS_NOTE,           [TEST_ASSURANCE] = AXIS_ASSURANCE,
    [TEST_HANDLING] = AXIS_HANDLING,   [TEST_ACTION] = AXIS_ACTION,
    [TEST_UNIT] = AXIS_UNIT,           [TEST_PENALTY] = AXIS_PENALTY,
    [TEST_SENTENCE] = AXIS_SENTENCE,   [TEST_THIRD] = AXIS_THIRD,
    [TEST_DUAL] = AXIS_OFFENCE,        [TEST_URGENT] = AXIS_URGENT,
};

static uint64_t tested_by(const struct space *space, const struct condition *condition_opt)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; condition_opt != NULL && i < condition_opt->count; i++)
        mask |= tested_by(space, &condition_opt->items[i]);
    if (condition_opt == NULL || condition_opt->op != CONDITION_TEST)
        return mask;
    for (uint32_t a = 0; a < space->count; a++) {
        const struct axis *axis = &space->axes[a];
        bool named = axis->name.len == 0 ||
                     (condition_opt->codes.count > 0 &&
                      text_equal(axis->name, condition_opt->codes.items[0]));
        if (axis->kind == tested_axes[condition_opt->test] && named)
            mask |= UINT64_C(1) << a;
    }
    return mask;
}

/* Kind and category always: which go together is a rule of its own. */
uint64_t space_tested(const struct space *space, const struct clause *clause)
{
    uint64_t mask = tested_by(space, clause->where_opt) | tested_by(space, clause->unless_opt);
    bool gives = clause->kind == CLAUSE_SHARE;
    for (uint32_t a = 0; a < space->count; a++) {
        enum axis_kind kind = space->axes[a].kind;
        if (kind == AXIS_RECORD || kind == AXIS_CATEGORY ||
            (gives && (kind == AXIS_PURPOSE || kind == AXIS_MODE || kind == AXIS_LEVEL)) ||
            (clause->kind == CLAUSE_NEVER_USE && kind == AXIS_PURPOSE))
            mask |= UINT64_C(1) << a;
    }
    return mask;
}

/* -- the walk ----------------------------------------------------------------------------- */

struct walk walk_over(const struct space *space, const struct space_point *bases,
                      uint32_t base_count, uint32_t max)
{
    struct walk walk = { .space = space, .bases = bases, .base_count = base_count, .max = max,
                         .chance = UINT64_C(88172645463325252) };
    walk.exhaustive = space->size <= (double)max;
    walk.moving = UINT64_MAX;
    return walk;
}

struct walk walk_near(const struct space *space, const struct clause *const *clauses,
                      uint32_t count, uint32_t max)
{
    struct walk walk = walk_over(space, NULL, 0, max);
    double size = 1;
    walk.moving = 0;
    for (uint32_t i = 0; i < count; i++)
        walk.moving |= space_tested(space, clauses[i]);
    for (uint32_t i = 0; i < space->count; i++)
        size *= (walk.moving >> i & 1) != 0 ? space->axes[i].count : 1;
    walk.exhaustive = size <= (double)max;
    return walk;
}

/* The next in the order of a counter with one digit an axis. */
static bool count_up(struct walk *walk)
{
    const struct space *space = walk->space;
    for (uint32_t i = 0; i < space->count; i++) {
        if ((walk->moving >> i & 1) == 0)
            continue;
        if (++walk->point.at[i] < space->axes[i].count)
            return true;
        walk->point.at[i] = 0;
    }
    return false;
}

/* Each base point with one axis after the other run through its values. */
static bool around_base(struct walk *walk)
{
    if (walk->base == walk->base_count)
        return false;
    walk->point = walk->bases[walk->base];
    walk->point.at[walk->axis] = (uint16_t)walk->value;
    if (++walk->value < walk->space->axes[walk->axis].count)
        return true;
    walk->value = 0;
    if (++walk->axis < walk->space->count)
        return true;
    walk->axis = 0;
    walk->base++;
    return true;
}

static uint64_t draw(struct walk *walk, uint64_t below)
{
    /* xorshift64: a fixed sequence, so that the same text gets the same answer (I9) */
    walk->chance ^= walk->chance << 13;
    walk->chance ^= walk->chance >> 7;
    walk->chance ^= walk->chance << 17;
    return (walk->chance >> 11) % below;
}

/* Half of the sample lies near a base point: three axes of it move. */
static void sample(struct walk *walk)
{
    const struct space *space = walk->space;
    bool near_base = walk->base_count > 0 && draw(walk, 2) == 0;
    if (near_base)
        walk->point = walk->bases[draw(walk, walk->base_count)];
    for (uint32_t i = 0; i < (near_base ? 3 : space->count); i++) {
        uint32_t axis = near_base ? (uint32_t)draw(walk, space->count) : i;
        walk->point.at[axis] = (uint16_t)draw(walk, space->axes[axis].count);
    }
}

static bool step(struct walk *walk)
{
    if (walk->exhaustive) {
        bool first = !walk->begun;
        walk->begun = true;
        return first || count_up(walk);
    }
    if (!around_base(walk))
        sample(walk);
    return true;
}

bool walk_next(struct walk *walk)
{
    for (uint32_t tries = 0; walk->asked < walk->max; tries++) {
        if ((!walk->exhaustive && tries > IMPOSSIBLE_MAX) || !step(walk))
            return false;
        if (space_possible(walk->space, &walk->point)) {
            walk->asked++;
            return true;
        }
    }
    return false;
}
