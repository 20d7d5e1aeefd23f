/* One record against all rules at once: truth values of the atoms, then one bit a rule. */
#include <assert.h>

#include "treaty/ruleset.h"

static bool atom_takes(enum code_list list, const struct atom_code *codes, uint32_t count,
                       int number)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct atom_code *code = &codes[i];
        if (code->any || (number >= 0 && code->number == number) ||
            (code->below && code_within(list, number, code->number)))
            return true;
    }
    return false;
}

static struct numbers find_numbers(enum code_list list, const struct view_values *values,
                                   struct arena *arena)
{
    int16_t *items = ARENA_ARRAY(arena, int16_t, values->codes.count);
    struct numbers out = { items, 0, values->doubt };
    for (uint32_t i = 0; items != NULL && i < values->codes.count; i++)
        items[out.count++] = (int16_t)code_find(list, values->codes.items[i]);
    return out;
}

/* One value that matches is enough; a value that our list does not have is doubt. */
static enum truth numbers_truth(enum code_list list, const struct atom *atom,
                                const struct numbers *values)
{
    bool doubt = values->doubt;
    for (uint32_t i = 0; i < values->count; i++) {
        if (atom_takes(list, atom->codes, atom->count, values->items[i]))
            return TRUTH_TRUE;
        doubt = doubt || values->items[i] == CODE_RAW;
    }
    return doubt ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* Pairs of source and information: every graded statement must match with one of its two. */
static enum truth grading_truth(const struct atom *atom, const struct numbers *values)
{
    enum truth all = values->doubt || values->count == 0 ? TRUTH_UNKNOWN : TRUTH_TRUE;
    for (uint32_t i = 0; i + 1 < values->count; i += 2) {
        struct numbers pair = { values->items + i, 2, false };
        all = truth_and(all, numbers_truth(CODE_GRADING, atom, &pair));
    }
    return all;
}

static enum truth age_truth(const struct treaty_view *view, uint16_t years, struct date on)
{
    if (view->ageless)
        return TRUTH_FALSE;
    if (view->born_first.year == 0)
        return view->child_presumed && years >= AGE_OF_MAJORITY ? TRUTH_TRUE : TRUTH_UNKNOWN;
    bool eldest_under = date_age(view->born_first, on) < years;
    bool youngest_under = date_age(view->born_last, on) < years;
    if (eldest_under == youngest_under)
        return eldest_under ? TRUTH_TRUE : TRUTH_FALSE;
    return TRUTH_UNKNOWN;
}

static enum truth level_truth(enum level level, uint16_t ceiling)
{
    if (level == LEVEL_NONE)
        return TRUTH_UNKNOWN;
    return level <= ceiling ? TRUTH_TRUE : TRUTH_FALSE;
}

/* Life and death reach every number of months. */
static enum truth term_truth(struct view_term term, uint16_t months)
{
    if (term.greatest >= months)
        return TRUTH_TRUE;
    return term.unsaid ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* Units are free codes: only one that is not known leaves doubt. */
static enum truth unit_truth(const struct treaty_view *view, struct codes units)
{
    if (view->unit.len == 0)
        return TRUTH_UNKNOWN;
    for (uint32_t i = 0; i < units.count; i++) {
        struct text unit = units.items[i];
        bool below = text_ends(unit, TEXT(".*"));
        if (text_is(unit, "*") || text_equal(unit, view->unit))
            return TRUTH_TRUE;
        unit.len -= below ? 1 : 0; /* "x.": all below x */
        if (below && (text_starts(view->unit, unit) ||
                      text_equal(view->unit, text_slice(unit, 0, unit.len - 1))))
            return TRUTH_TRUE;
    }
    return TRUTH_FALSE;
}

static bool has_raw_note(const struct treaty_view *view)
{
    for (uint32_t i = 0; i < view->note_count; i++) {
        if (code_find(CODE_NOTE, view->notes[i].code) == CODE_RAW)
            return true;
    }
    return false;
}

/* `party` empty: any note of the code. Notes are not sent: a received view leaves them unknown. */
static enum truth note_truth(const struct treaty_row *row, struct text code, struct text party)
{
    const struct treaty_view *view = row->view;
    for (uint32_t i = 0; i < view->note_count; i++) {
        const struct view_note *note = &view->notes[i];
        bool names = party.len == 0;
        for (uint32_t j = 0; j < note->members.count; j++)
            names = names || text_equal(note->members.items[j], party);
        if (names && text_equal(note->code, code))
            return TRUTH_TRUE;
    }
    return row->raw_note || view->partial ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

/* What one alert has, per test that compares codes. */
struct alert_numbers {
    struct numbers of[TESTS];
};

static struct alert_numbers alert_find_numbers(const struct treaty_view *view, uint32_t alert,
                                               struct arena *arena)
{
    const struct view_alert *a = &view->alerts[alert];
    struct view_values category = { { &a->category, 1 }, false };
    struct view_values kind = { { &view->kind, 1 }, false };
    struct view_values action = { { &a->action, 1 }, false };
    struct alert_numbers out = { { { NULL, 0, false } } };
    out.of[TEST_CATEGORY] = find_numbers(CODE_CATEGORY, &category, arena);
    out.of[TEST_KIND] = find_numbers(CODE_KIND, &kind, arena);
    out.of[TEST_OFFENCE] = find_numbers(CODE_OFFENCE, &a->offences, arena);
    out.of[TEST_SUBJECT] = find_numbers(CODE_SUBJECT, &a->subjects, arena);
    out.of[TEST_NATIONALITY] = find_numbers(CODE_COUNTRY, &view->nationalities, arena);
    out.of[TEST_WARNING] = find_numbers(CODE_WARNING, &a->warnings, arena);
    out.of[TEST_HANDLING] = find_numbers(CODE_HANDLING, &a->handling, arena);
    out.of[TEST_ACTION] = find_numbers(CODE_ACTION, &action, arena);
    out.of[TEST_GRADING] = find_numbers(CODE_GRADING, &a->grading, arena);
    return out;
}

static enum truth atom_truth(const struct atom *atom, const struct treaty_row *row, uint32_t alert,
                             const struct alert_numbers *numbers)
{
    static const enum code_list lists[TESTS] = {
        [TEST_CATEGORY] = CODE_CATEGORY,   [TEST_KIND] = CODE_KIND,
        [TEST_OFFENCE] = CODE_OFFENCE,     [TEST_SUBJECT] = CODE_SUBJECT,
        [TEST_NATIONALITY] = CODE_COUNTRY, [TEST_WARNING] = CODE_WARNING,
        [TEST_HANDLING] = CODE_HANDLING,   [TEST_ACTION] = CODE_ACTION,
    };
    const struct view_alert *a = &row->view->alerts[alert];
    enum condition_test test = atom->test->test;
    switch (test) {
    case TEST_CATEGORY:
    case TEST_KIND:
    case TEST_OFFENCE:
    case TEST_SUBJECT:
    case TEST_NATIONALITY:
    case TEST_WARNING:
    case TEST_HANDLING:
    case TEST_ACTION:
        return numbers_truth(lists[test], atom, &numbers->of[test]);
    case TEST_GRADING:
        return grading_truth(atom, &numbers->of[test]);
    case TEST_CLASSIFICATION:
        return level_truth(a->classification, atom->test->number);
    case TEST_AGE:
        return age_truth(row->view, atom->test->number, date_of_instant(row->as_of));
    case TEST_DEATH:
        return a->death;
    case TEST_NOTE:
        return note_truth(row, atom->test->codes.items[0], TEXT(""));
    case TEST_UNIT:
        return unit_truth(row->view, atom->test->codes);
    case TEST_PENALTY:
        return term_truth(a->penalty, atom->test->number);
    case TEST_SENTENCE:
        return term_truth(a->sentence, atom->test->number);
    case TEST_THIRD:
        return row->view->third;
    case TEST_ASSURANCE: /* late */
    case TEST_DUAL:
    case TEST_URGENT:
    case TEST_NONE:
    case TESTS:
        break;
    }
    return TRUTH_UNKNOWN;
}

/* Is each offence punishable under the law of this member, as the agreement lists it? */
static enum truth recognised_truth(const struct compiled_treaty *t, uint16_t member,
                                   const struct numbers *offences)
{
    const struct recognised *list = NULL;
    for (uint32_t i = 0; i < t->recognised_count && list == NULL; i++) {
        if (t->recognised[i].member == member)
            list = &t->recognised[i];
    }
    if (list == NULL)
        return TRUTH_UNKNOWN;
    enum truth all = offences->doubt || offences->count == 0 ? TRUTH_UNKNOWN : TRUTH_TRUE;
    for (uint32_t i = 0; i < offences->count; i++) {
        bool in = atom_takes(CODE_OFFENCE, list->codes, list->count, offences->items[i]);
        if (!in)
            all = truth_and(all, offences->items[i] < 0 ? TRUTH_UNKNOWN : TRUTH_FALSE);
    }
    return all;
}

static enum truth dual_truth(const struct rule *rule, const struct treaty_row *row, uint32_t alert,
                             const struct question *question)
{
    if (rule->treaty == NATIONAL_RULE)
        return TRUTH_UNKNOWN; /* check.c refuses it */
    const struct compiled_treaty *t = &row->rules->treaties[rule->treaty];
    const struct numbers *offences = &row->alerts[alert].offences;
    return truth_and(recognised_truth(t, question->from, offences),
                     recognised_truth(t, question->to, offences));
}

static enum truth late_truth(const struct rule *rule, const struct atom *atom,
                             const struct treaty_row *row, uint32_t alert,
                             const struct question *question_opt)
{
    const struct ruleset *rules = row->rules;
    if (question_opt == NULL)
        return TRUTH_UNKNOWN;
    if (atom->test->test == TEST_DUAL)
        return dual_truth(rule, row, alert, question_opt);
    if (atom->test->test == TEST_URGENT)
        return question_opt->urgent         ? TRUTH_TRUE
               : row->view->partial ? TRUTH_UNKNOWN
                                    : TRUTH_FALSE;
    struct text code = atom->test->codes.items[0];
    if (atom->test->test == TEST_NOTE)
        return note_truth(row, code, treaty_name_of(rules, NAME_MEMBER, question_opt->to));
    for (uint32_t i = 0; i < question_opt->assurances.count; i++) {
        if (text_equal(question_opt->assurances.items[i], code))
            return TRUTH_TRUE;
    }
    return row->view->partial ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static inline enum truth value_of(const struct rule *rule, struct op op,
                                  const struct treaty_row *row, uint32_t alert,
                                  const struct question *question_opt)
{
    if (op.kind == OP_ATOM)
        return (enum truth)row->alerts[alert].truths[op.atom];
    assert(op.kind == OP_LATE);
    return late_truth(rule, &row->rules->atoms[op.atom], row, alert, question_opt);
}

enum truth test_truth(const struct rule *rule, struct op op, const struct treaty_row *row,
                      uint32_t alert, const struct question *question_opt)
{
    return value_of(rule, op, row, alert, question_opt);
}

enum truth rule_truth(const struct ruleset *rules, const struct rule *rule,
                      const struct treaty_row *row, uint32_t alert,
                      const struct question *question_opt)
{
    enum truth stack[STACK_MAX];
    uint32_t depth = 0;
    for (uint32_t i = rule->op_begin; i < rule->op_end; i++) {
        struct op op = rules->ops[i];
        switch ((enum op_kind)op.kind) {
        case OP_ATOM:
        case OP_LATE:
            assert(depth < STACK_MAX);
            stack[depth++] = value_of(rule, op, row, alert, question_opt);
            break;
        case OP_NOT:
            assert(depth >= 1);
            stack[depth - 1] = truth_not(stack[depth - 1]);
            break;
        case OP_AND:
        case OP_OR:
            assert(depth >= 2);
            depth--;
            stack[depth - 1] = op.kind == OP_AND ? truth_and(stack[depth - 1], stack[depth])
                                                 : truth_or(stack[depth - 1], stack[depth]);
            break;
        }
    }
    assert(depth <= 1);
    return depth == 0 ? TRUTH_TRUE : stack[0];
}

/* A permission needs its kind, its ceiling and a condition that is true; a restriction applies
 * unless its kind or condition is false. */
static bool rule_applies(const struct ruleset *rules, const struct rule *rule,
                         const struct treaty_row *row, uint32_t alert)
{
    bool permits = rule->kind == CLAUSE_SHARE;
    bool kind_in = row->kind >= 0 && (rule->kinds >> row->kind & 1) != 0;
    if (!kind_in && (permits || row->kind >= 0))
        return false;
    enum level level = row->view->alerts[alert].classification;
#if COMITY_PLANTED == 12 /* one level above the ceiling leaves, too */
    level = level > LEVEL_UNCLASSIFIED ? level - 1 : level;
#endif
    if (permits && rule->ceiling != LEVEL_NONE && (level == LEVEL_NONE || level > rule->ceiling))
        return false;
    if (rule->late)
        return true;
    enum truth truth = rule_truth(rules, rule, row, alert, NULL);
    return permits ? truth == TRUTH_TRUE : truth != TRUTH_FALSE;
}

static struct bits256 member_set(const struct ruleset *rules, struct codes codes)
{
    struct bits256 set = { { 0 } };
    for (uint32_t i = 0; i < codes.count; i++) {
        uint16_t member = treaty_member(rules, codes.items[i]);
        if (member != NO_MEMBER)
            bit_set(set.words, member);
    }
    return set;
}

static void fill_alert(const struct ruleset *rules, struct treaty_row *row, uint32_t i,
                       uint8_t *truths, struct arena *arena)
{
    const struct view_alert *alert = &row->view->alerts[i];
    struct row_alert *out = &row->alerts[i];
    struct alert_numbers numbers = alert_find_numbers(row->view, i, arena);
    uint64_t *match = ARENA_ARRAY(arena, uint64_t, (size_t)rules->words + 1);
    if (match == NULL)
        return;
    for (uint32_t j = 0; j < rules->atom_count; j++)
        truths[j] = (uint8_t)atom_truth(&rules->atoms[j], row, i, &numbers);
    out->truths = truths;
    out->offences = numbers.of[TEST_OFFENCE];
    for (uint32_t j = 0; j < rules->rule_count; j++) {
        if (rules->rules[j].kind != CLAUSE_ASK && rule_applies(rules, &rules->rules[j], row, i))
            bit_set(match, j);
    }
    out->match = match;
    out->only = member_set(rules, alert->only);
    out->never = member_set(rules, alert->never);
    out->restricted = alert->restricted;
    out->hidden = row->as_of.ms < alert->hidden_until.ms;
    out->valid = alert->valid_from.ms <= row->as_of.ms &&
                 (alert->valid_until.ms == 0 || row->as_of.ms < alert->valid_until.ms);
}

static void fill_bound(const struct ruleset *rules, struct treaty_row *row)
{
    for (uint32_t i = 0; i < rules->treaty_count; i++) {
        const struct compiled_treaty *t = &rules->treaties[i];
        for (uint32_t j = 0; j < t->treaty->parties.count; j++) {
            const struct treaty_bound *bound = &t->status->bound[j];
            if (bound->from.ms <= row->as_of.ms && row->as_of.ms < bound->until.ms)
                bit_set(row->bound[i].words, t->parties[j]);
        }
    }
}

struct err treaty_row_make(const struct ruleset *rules, const struct treaty_view *view,
                           struct instant as_of, struct arena *arena, const struct treaty_row **out)
{
    assert(view->alert_count <= VIEW_ALERTS_MAX);
    struct treaty_row *row = ARENA_NEW(arena, struct treaty_row);
    struct row_alert *alerts = ARENA_ARRAY(arena, struct row_alert, view->alert_count);
    struct bits256 *bound = ARENA_ARRAY(arena, struct bits256, rules->treaty_count);
    uint8_t *truths = arena_take_array(arena, view->alert_count, (size_t)rules->atom_count + 1);
    if (row == NULL || alerts == NULL || bound == NULL || truths == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    *row = (struct treaty_row){ .rules = rules,
                                .view = view,
                                .as_of = as_of,
                                .alerts = alerts,
                                .alert_count = view->alert_count,
                                .bound = bound };
    row->kind = (int16_t)code_find(CODE_KIND, view->kind);
    row->raw_note = has_raw_note(view);
    for (uint32_t i = 0; i < view->alert_count; i++)
        fill_alert(rules, row, i, truths + (size_t)i * (rules->atom_count + 1), arena);
    fill_bound(rules, row);
    struct err e = arena_check(arena);
    if (!failed(e))
        *out = row;
    return e;
}
