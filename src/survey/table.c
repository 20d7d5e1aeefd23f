/* A whole agreement on one page: parties × categories × mode. */
#include <assert.h>

#include "survey/asking.h"
#include "wording/words.h"

enum { CELL_CLAUSES_MAX = 8 };

struct cell {
    uint32_t asked, shared, held;
    uint16_t rules[CELL_CLAUSES_MAX];
    uint32_t rule_count;
};

struct table {
    struct tour tour;
    const struct ruleset *rules;
    struct cell *cells; /* from class × to class × category × mode */
    uint32_t category_axis, purpose_axis;
    uint32_t categories;
    struct arena *arena;
};

static uint32_t axis_find(const struct space *space, enum axis_kind kind)
{
    uint32_t i = 0;
    while (space->axes[i].kind != kind)
        i++;
    assert(i < space->count); /* space_make() always makes these */
    return i;
}

static struct cell *cell_at(const struct table *t, uint32_t from, uint32_t to, uint32_t category,
                            uint32_t mode)
{
    uint32_t classes = t->tour.space.class_count;
    assert(from < classes && to < classes && category < t->categories && mode < ACCESS_MODES);
    return &t->cells[((from * classes + to) * t->categories + category) * ACCESS_MODES + mode];
}

static void count_answer(struct cell *cell, const struct decision *decision)
{
    cell->asked++;
    cell->shared += decision->outcome == DECISION_SHARE;
    cell->held += decision->outcome == DECISION_HOLD;
    if (decision->outcome == DECISION_DENY)
        return;
    for (uint32_t i = 0; i < cell->rule_count; i++) {
        if (cell->rules[i] == decision->rule)
            return;
    }
    if (cell->rule_count < CELL_CLAUSES_MAX)
        cell->rules[cell->rule_count++] = decision->rule;
}

static struct err ask_all(struct table *t)
{
    const struct space *space = &t->tour.space;
    struct space_case one;
    struct err e = err_none();
    while (tour_next(&t->tour, &one, &e)) {
        const struct space_point *point = &t->tour.walk.point;
        const struct treaty_row *row = NULL;
        if (point->at[t->purpose_axis] != 0)
            continue; /* for any purpose: one value stands for all */
        one.question.purpose = TEXT("");
        e = treaty_row_make(t->rules, &one.view, t->tour.as_of, t->arena, &row);
        if (failed(e))
            return e;
        for (uint32_t p = 0; p < space->picked_count * space->picked_count; p++) {
            struct text from = space->picked[p / space->picked_count];
            struct text to = space->picked[p % space->picked_count];
            struct question question;
            struct decision decision;
            if (text_equal(from, to) ||
                !pair_question(t->rules, &one, row, from, to, &question))
                continue;
            treaty_decide(t->rules, &question, &decision);
            count_answer(cell_at(t, space_class(space, from), space_class(space, to),
                                 point->at[t->category_axis], one.question.mode),
                         &decision);
        }
    }
    return e;
}

/* Where not every point could be asked, each clause is looked at alone as well, so that no row of
 * the table is lost to chance. */
static struct err ask_near_clauses(struct table *t)
{
    struct err e = err_none();
    struct walk whole = t->tour.walk;
    uint32_t rules = whole.exhaustive ? 0 : treaty_rule_count(t->rules);
    for (uint32_t i = 0; i < rules && !failed(e); i++) {
        const struct clause *clause = treaty_basis(t->rules, (uint16_t)i).clause;
        if (clause->kind != CLAUSE_SHARE)
            continue;
        t->tour.walk = walk_near(&t->tour.space, &clause, 1, whole.max);
        e = ask_all(t);
    }
    t->tour.walk = whole;
    return e;
}

/* -- reporting ---------------------------------------------------------------------------- */

static struct json parties_json(const struct table *t)
{
    const struct space *space = &t->tour.space;
    struct json out = json_array();
    for (uint32_t class = 0; class < space->class_count; class++)
        json_push(t->arena, &out, space_members(space, class, t->arena));
    return out;
}

static void push_cell(const struct table *t, const struct cell *cell, uint32_t from, uint32_t to,
                      struct json *item)
{
    struct json clauses = json_array();
    bool always = cell->shared == cell->asked;
    bool released = cell->shared == 0;
    json_set_integer(t->arena, item, "from", from);
    json_set_integer(t->arena, item, "to", to);
    json_set(t->arena, item, "when",
             json_literal(always ? "always" : released ? "after-release" : "sometimes"));
    for (uint32_t i = 0; i < cell->rule_count; i++)
        json_push(t->arena, &clauses,
                  json_string(treaty_basis(t->rules, cell->rules[i]).clause->id));
    json_set(t->arena, item, "clauses", clauses);
}

static void push_category(const struct table *t, size_t row, uint32_t pair, struct json *list)
{
    const struct space *space = &t->tour.space;
    uint32_t from = pair / space->class_count;
    uint32_t to = pair % space->class_count;
    uint32_t value = space->axes[t->category_axis].class_of_row[row];
    for (uint32_t mode = MODE_COPY; mode < ACCESS_MODES; mode++) {
        const struct cell *cell = cell_at(t, from, to, value, mode);
        if (cell->shared + cell->held == 0)
            continue;
        struct json item = json_object();
        json_set(t->arena, &item, "category", json_literal(code_row(CODE_CATEGORY, row)->code));
        json_set(t->arena, &item, "mode", json_string(mode_code((enum access_mode)mode)));
        push_cell(t, cell, from, to, &item);
        json_push(t->arena, list, item);
        if (mode == MODE_COPY)
            return; /* who may hold a copy may also query and ask */
    }
}

struct err survey_table(const struct survey_law *law, struct instant as_of,
                        uint32_t questions_max, struct arena *arena, struct json *out)
{
    struct table *t = ARENA_NEW(arena, struct table);
    if (t == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    t->arena = arena;
    struct err e = tour_begin(law, 1, as_of, questions_max, arena, &t->tour);
    if (!failed(e))
        e = law_compile(law, arena, &t->rules);
    if (failed(e))
        return e;
    const struct space *space = &t->tour.space;
    t->category_axis = axis_find(space, AXIS_CATEGORY);
    t->purpose_axis = axis_find(space, AXIS_PURPOSE);
    t->categories = space->axes[t->category_axis].count;
    size_t classes = space->class_count;
    t->cells = ARENA_ARRAY(arena, struct cell, classes * classes * t->categories * ACCESS_MODES);
    if (t->cells == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    tour_keep(&t->tour);
    e = ask_all(t);
    if (!failed(e))
        e = ask_near_clauses(t);
    if (failed(e))
        return e;
    struct json cells = json_array();
    for (size_t row = 0; row < code_count(CODE_CATEGORY); row++) {
        for (uint32_t pair = 0; pair < classes * classes; pair++)
            push_category(t, row, pair, &cells);
    }
    *out = json_object();
    json_set(arena, out, "decided", json_bool(tour_complete(&t->tour)));
    json_set_integer(arena, out, "questions", t->tour.walk.asked);
    json_set(arena, out, "parties", parties_json(t));
    json_set(arena, out, "cells", cells);
    return arena_check(arena);
}
