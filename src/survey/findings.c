/* What a lawyer should look at again. */
#include <assert.h>

#include "survey/asking.h"

enum { SET_WORDS = RULES_MAX / 64 };

struct rule_set {
    uint64_t words[SET_WORDS];
};

/* What became of one clause over all questions. */
struct fate {
    const struct clause *clause;
    const struct treaty *treaty; /* NULL: a national rule */
    bool applied;   /* to some record between some two members */
    bool first;     /* a share: it was the basis */
    bool allowed;   /* a share: what it gives was shared or waits for release */
    bool narrowed;  /* a restriction: something was given where it applied */
    bool all_asked; /* every point that differs in what it tests */
    struct rule_set always_with; /* rules that applied whenever it did */
};

struct survey {
    struct tour tour;
    const struct ruleset *rules;
    struct fate *fates; /* by rule */
    uint32_t fate_count;
    bool *category_given; /* by value of the axis of categories */
    bool categories_proved;
    uint32_t questions; /* points asked in all */
    struct arena *arena;
    struct json list;
};

static bool set_has(const struct rule_set *set, uint32_t i)
{
    return (set->words[i / 64] >> (i % 64) & 1) != 0;
}

static const struct axis *category_axis(const struct space *space)
{
    for (uint32_t i = 0; i < space->count; i++) {
        if (space->axes[i].kind == AXIS_CATEGORY)
            return &space->axes[i];
    }
    assert(false); /* space_make() always makes one */
    return NULL;
}

/* -- asking ------------------------------------------------------------------------------- */

static bool is_applied(const struct treaty_step *step)
{
    return step->result == STEP_MATCHED || step->result == STEP_MATCHED_BY_DOUBT;
}

static bool is_share(const struct fate *fate)
{
    return fate->clause->kind == CLAUSE_SHARE;
}

static void note_step(struct survey *s, uint32_t rule, const struct rule_set *applied,
                      const struct decision *decision, bool given)
{
    struct fate *fate = &s->fates[rule];
    for (uint32_t w = 0; w < SET_WORDS; w++)
        fate->always_with.words[w] &= applied->words[w];
    fate->first = fate->first || decision->rule == rule;
    fate->allowed = fate->allowed || decision->outcome != DECISION_DENY;
    fate->narrowed = fate->narrowed || given;
    fate->applied = true;
}

static void ask_pair(struct survey *s, const struct question *question)
{
    struct explanation explanation;
    struct rule_set applied = { { 0 } };
    bool given = false;
    if (failed(treaty_explain(s->rules, question, s->arena, &explanation)))
        return; /* the arena says so */
    for (uint32_t i = 0; i < explanation.count; i++) {
        uint32_t rule = explanation.steps[i].rule;
        if (!is_applied(&explanation.steps[i]))
            continue;
        applied.words[rule / 64] |= UINT64_C(1) << (rule % 64);
        given = given || is_share(&s->fates[rule]);
    }
    for (uint32_t rule = 0; rule < s->fate_count; rule++) {
        if (set_has(&applied, rule))
            note_step(s, rule, &applied, &explanation.decision, given);
    }
    if (given) {
        const struct space *space = &s->tour.space;
        for (uint32_t a = 0; a < space->count; a++) {
            if (space->axes[a].kind == AXIS_CATEGORY)
                s->category_given[s->tour.walk.point.at[a]] = true;
        }
    }
}

static struct err ask_all(struct survey *s)
{
    const struct space *space = &s->tour.space;
    struct space_case one;
    struct err e = err_none();
    while (tour_next(&s->tour, &one, &e)) {
        const struct treaty_row *row = NULL;
        e = treaty_row_make(s->rules, &one.view, s->tour.as_of, s->arena, &row);
        for (uint32_t i = 0; !failed(e) && i < space->picked_count; i++) {
            for (uint32_t j = 0; j < space->picked_count; j++) {
                struct question question;
                if (i != j && pair_question(s->rules, &one, row, space->picked[i],
                                            space->picked[j], &question))
                    ask_pair(s, &question);
            }
        }
        if (!failed(e))
            e = arena_check(s->arena);
        if (failed(e))
            return e;
    }
    s->questions += s->tour.walk.asked;
    return e;
}

/* Asks every point that differs in what these clauses test; false: they are too many. */
static bool ask_near(struct survey *s, const struct clause *const *clauses, uint32_t count,
                     struct err *err_out)
{
    struct walk whole = s->tour.walk;
    bool proved = true;
    *err_out = err_none();
    if (whole.exhaustive)
        return true; /* everything has been asked */
    s->tour.walk = walk_near(&s->tour.space, clauses, count, whole.max);
    proved = s->tour.walk.exhaustive;
    if (proved)
        *err_out = ask_all(s);
    s->tour.walk = whole;
    return proved && !failed(*err_out);
}

static uint32_t count_tests(const struct condition *condition_opt, enum condition_test test)
{
    if (condition_opt == NULL)
        return 0;
    uint32_t count = condition_opt->op == CONDITION_TEST && condition_opt->test == test;
    for (uint32_t i = 0; i < condition_opt->count; i++)
        count += count_tests(&condition_opt->items[i], test);
    return count;
}

/* Two tests of an attribute of which a record may have several values: the points, which have one
 * value each, prove nothing. */
static bool wants_several(const struct clause *clause)
{
    static const enum condition_test many[] = { TEST_OFFENCE, TEST_SUBJECT, TEST_NATIONALITY,
                                                TEST_WARNING, TEST_HANDLING, TEST_GRADING };
    for (size_t i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
        if (count_tests(clause->where_opt, many[i]) > 1 ||
            count_tests(clause->unless_opt, many[i]) > 1)
            return true;
    }
    return false;
}

/* Whether a clause applies at all depends on nothing but what it tests. */
static struct err prove_fates(struct survey *s)
{
    struct err e = err_none();
    s->categories_proved = true;
    for (uint32_t i = 0; !failed(e) && i < s->fate_count; i++) {
        const struct clause *clause = s->fates[i].clause;
        if (clause->kind == CLAUSE_ASK || clause->kind == CLAUSE_HALT)
            continue;
        s->fates[i].all_asked = ask_near(s, &clause, 1, &e) && !wants_several(clause);
        if (clause->kind == CLAUSE_SHARE && !s->fates[i].all_asked)
            s->categories_proved = false;
    }
    return e;
}

/* -- reporting ---------------------------------------------------------------------------- */

static struct json clause_json(struct survey *s, const struct fate *fate)
{
    struct json out = json_object();
    if (fate->treaty != NULL) {
        json_set_text(s->arena, &out, "agreement", fate->treaty->name);
        json_set_integer(s->arena, &out, "version", fate->treaty->version);
    }
    json_set_text(s->arena, &out, "clause", fate->clause->id);
    return out;
}

static void report(struct survey *s, const char *finding, const struct fate *fate,
                   const struct fate *other_opt, bool decided)
{
    struct json item = json_object();
    json_set(s->arena, &item, "finding", json_literal(finding));
    json_set(s->arena, &item, "clause", clause_json(s, fate));
    if (other_opt != NULL)
        json_set(s->arena, &item, "other", clause_json(s, other_opt));
    json_set(s->arena, &item, "decided", json_bool(decided));
    json_push(s->arena, &s->list, item);
    tour_keep(&s->tour); /* further questions give back only what they took */
}

/* A reservation's clause is two rules, one for each direction: what is true of the clause is
 * true of one of them. */
static bool told_before(const struct survey *s, uint32_t rule)
{
    for (uint32_t i = 0; i < rule; i++) {
        if (s->fates[i].clause == s->fates[rule].clause)
            return true;
    }
    return false;
}

static struct fate merged(const struct survey *s, uint32_t rule)
{
    struct fate all = s->fates[rule];
    for (uint32_t i = rule + 1; i < s->fate_count; i++) {
        const struct fate *other = &s->fates[i];
        if (other->clause != all.clause)
            continue;
        all.applied = all.applied || other->applied;
        all.narrowed = all.narrowed || other->narrowed;
        all.all_asked = all.all_asked && other->all_asked;
    }
    return all;
}

static void report_fates(struct survey *s)
{
    bool proved = tour_complete(&s->tour);
    for (uint32_t i = 0; i < s->fate_count; i++) {
        struct fate fate = merged(s, i);
        enum clause_kind kind = fate.clause->kind;
        if (told_before(s, i) || kind == CLAUSE_ASK || kind == CLAUSE_HALT)
            continue; /* a question has no record; a halt is no law */
        if (!fate.applied)
            report(s, "never-applies", &fate, NULL, fate.all_asked);
        else if (kind == CLAUSE_SHARE && !fate.allowed)
            report(s, "always-forbidden", &fate, NULL, proved);
        else if (kind == CLAUSE_SHARE && !fate.first)
            report(s, "never-first", &fate, NULL, proved);
        else if (kind != CLAUSE_SHARE && kind != CLAUSE_NEVER_USE && !fate.narrowed)
            report(s, "never-restricts", &fate, NULL, proved);
    }
}

/* That one clause gives whatever another gives depends on what the two test. */
static struct err report_wider(struct survey *s)
{
    struct err e = err_none();
    for (uint32_t narrow = 0; narrow < s->fate_count; narrow++) {
        const struct fate *fate = &s->fates[narrow];
        if (!is_share(fate) || !fate->applied)
            continue;
        for (uint32_t wide = 0; wide < s->fate_count; wide++) {
            const struct clause *both[2] = { fate->clause, s->fates[wide].clause };
            if (wide == narrow || !is_share(&s->fates[wide]) || !set_has(&fate->always_with, wide))
                continue;
            bool proved = ask_near(s, both, 2, &e);
            if (failed(e))
                return e;
            if (set_has(&fate->always_with, wide))
                report(s, "wider", &s->fates[wide], fate, proved);
        }
    }
    return e;
}

static void report_categories(struct survey *s)
{
    const struct axis *axis = category_axis(&s->tour.space);
    for (size_t row = 0; row < code_count(CODE_CATEGORY); row++) {
        if (s->category_given[axis->class_of_row[row]])
            continue;
        struct json item = json_object();
        json_set(s->arena, &item, "finding", json_literal("no-clause"));
        json_set(s->arena, &item, "category", json_literal(code_row(CODE_CATEGORY, row)->code));
        json_set(s->arena, &item, "decided", json_bool(s->categories_proved));
        json_push(s->arena, &s->list, item);
    }
}

/* -- conditions on what is not seen ------------------------------------------------------- */

/* The attributes from which a test reads, as patterns; NULL: it reads no attribute that can be
 * withheld. */
static const char *read_by(enum condition_test test)
{
    static const char *const fields[TESTS] = {
        [TEST_NATIONALITY] = "nationality",
        [TEST_AGE] = "birth-date",
    };
    return fields[test];
}

static void report_unseen(struct survey *s, const struct fate *fate,
                          const struct condition *condition_opt)
{
    if (condition_opt == NULL)
        return;
    for (uint32_t i = 0; i < condition_opt->count; i++)
        report_unseen(s, fate, &condition_opt->items[i]);
    const char *field = condition_opt->op == CONDITION_TEST ? read_by(condition_opt->test) : NULL;
    for (uint32_t i = 0; field != NULL && i < fate->clause->withheld.count; i++) {
        if (!attribute_matches(text_literal(field), fate->clause->withheld.items[i]))
            continue;
        struct json item = json_object();
        json_set(s->arena, &item, "finding", json_literal("unseen"));
        json_set(s->arena, &item, "clause", clause_json(s, fate));
        json_set(s->arena, &item, "field", json_literal(field));
        json_set(s->arena, &item, "decided", json_bool(true));
        json_push(s->arena, &s->list, item);
    }
}

/* -- the whole ---------------------------------------------------------------------------- */

static struct err begin(struct survey *s, const struct survey_law *law, struct instant as_of,
                        uint32_t questions_max)
{
    struct err e = tour_begin(law, 1, as_of, questions_max, s->arena, &s->tour);
    if (!failed(e))
        e = law_compile(law, s->arena, &s->rules);
    if (failed(e))
        return e;
    s->fate_count = law_rules(law);
    s->fates = ARENA_ARRAY(s->arena, struct fate, s->fate_count);
    s->category_given = ARENA_ARRAY(s->arena, bool, category_axis(&s->tour.space)->count);
    if (s->fates == NULL || s->category_given == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < s->fate_count; i++) {
        struct treaty_basis basis = treaty_basis(s->rules, (uint16_t)i);
        s->fates[i].clause = basis.clause;
        s->fates[i].treaty = basis.treaty;
        memset(&s->fates[i].always_with, 0xff, sizeof(s->fates[i].always_with));
    }
    tour_keep(&s->tour);
    return err_none();
}

struct err survey_findings(const struct survey_law *law, struct instant as_of,
                           uint32_t questions_max, struct arena *arena, struct json *out)
{
    struct survey *s = ARENA_NEW(arena, struct survey);
    if (s == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    s->arena = arena;
    s->list = json_array();
    struct err e = begin(s, law, as_of, questions_max);
    if (!failed(e))
        e = ask_all(s);
    if (!failed(e))
        e = prove_fates(s);
    if (failed(e))
        return e;
    report_fates(s);
    e = report_wider(s);
    if (failed(e))
        return e;
    report_categories(s);
    for (uint32_t i = 0; i < s->fate_count; i++) {
        if (is_share(&s->fates[i])) {
            report_unseen(s, &s->fates[i], s->fates[i].clause->where_opt);
            report_unseen(s, &s->fates[i], s->fates[i].clause->unless_opt);
        }
    }
    *out = json_object();
    json_set(arena, out, "decided", json_bool(tour_complete(&s->tour)));
    json_set_integer(arena, out, "questions", s->questions);
    json_set(arena, out, "findings", s->list);
    return arena_check(arena);
}
