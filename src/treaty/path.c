/* The condition of a rule as its tree, with the value of every node and what the record has. */
#include <assert.h>

#include "wording/tree_json.h"
#include "wording/words.h"
#include "treaty/why.h"

static uint32_t ops_of(const struct condition *condition)
{
    uint32_t count = condition->op == CONDITION_TEST || condition->op == CONDITION_NOT
                         ? 1
                         : condition->count - 1;
    for (uint32_t i = 0; i < condition->count; i++)
        count += ops_of(&condition->items[i]);
    return count;
}

struct cursor cursor_where(const struct question *q, uint32_t rule, uint32_t alert)
{
    const struct rule *of = &q->row->rules->rules[rule];
    return (struct cursor){ q, of, alert, of->op_begin };
}

struct cursor cursor_unless(const struct question *q, uint32_t rule, uint32_t alert)
{
    struct cursor cursor = cursor_where(q, rule, alert);
    if (cursor.rule->clause->where_opt != NULL)
        cursor_skip(&cursor, cursor.rule->clause->where_opt);
    return cursor;
}

void cursor_skip(struct cursor *cursor, const struct condition *condition)
{
    cursor->op += ops_of(condition);
}

enum truth cursor_test(struct cursor *cursor)
{
    const struct treaty_row *row = cursor->question->row;
    assert(cursor->op < cursor->rule->op_end);
    return test_truth(cursor->rule, row->rules->ops[cursor->op++], row, cursor->alert,
                      cursor->question);
}

static struct json truth_json(enum truth truth)
{
    static const char *const names[] = {
        [TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true", [TRUTH_UNKNOWN] = "unknown"
    };
    return json_literal(names[truth]);
}

static struct json birth_json(const struct treaty_view *view, struct arena *arena)
{
    struct json out = json_array();
    if (view->born_first.year != 0 && !view->ageless) {
        json_push(arena, &out, json_string(date_format(arena, view->born_first)));
        json_push(arena, &out, json_string(date_format(arena, view->born_last)));
    }
    return out;
}

static struct json term_json(struct view_term term, struct arena *arena)
{
    struct json out = json_array();
    if (term.greatest == UINT32_MAX)
        json_push(arena, &out, json_literal("life"));
    else if (term.greatest > 0)
        json_push(arena, &out, json_integer(term.greatest));
    return out;
}

static struct json one_json(struct text value, struct arena *arena)
{
    struct json out = json_array();
    if (value.len > 0)
        json_push(arena, &out, json_string(value));
    return out;
}

static struct json notes_json(const struct treaty_view *view, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < view->note_count; i++)
        json_push(arena, &out, json_string(view->notes[i].code));
    return out;
}

static struct json values_json(const struct view_values *values, bool *doubt_out,
                               struct arena *arena)
{
    *doubt_out = values->doubt;
    return codes_json(values->codes, arena);
}

/* What the record or the question has where the test looks. */
static struct json value_json(const struct cursor *cursor, enum condition_test test, bool *doubt,
                              struct arena *arena)
{
    const struct treaty_view *view = cursor->question->row->view;
    const struct view_alert *alert = &view->alerts[cursor->alert];
    switch (test) {
    case TEST_CATEGORY:
        return one_json(alert->category, arena);
    case TEST_KIND:
        return one_json(view->kind, arena);
    case TEST_ACTION:
        return one_json(alert->action, arena);
    case TEST_UNIT:
        return one_json(view->unit, arena);
    case TEST_OFFENCE:
    case TEST_DUAL:
        return values_json(&alert->offences, doubt, arena);
    case TEST_SUBJECT:
        return values_json(&alert->subjects, doubt, arena);
    case TEST_NATIONALITY:
        return values_json(&view->nationalities, doubt, arena);
    case TEST_WARNING:
        return values_json(&alert->warnings, doubt, arena);
    case TEST_GRADING:
        return values_json(&alert->grading, doubt, arena);
    case TEST_HANDLING:
        return values_json(&alert->handling, doubt, arena);
    case TEST_CLASSIFICATION:
        return one_json(level_code(alert->classification), arena);
    case TEST_AGE:
        return birth_json(view, arena);
    case TEST_PENALTY:
        *doubt = alert->penalty.unsaid;
        return term_json(alert->penalty, arena);
    case TEST_SENTENCE:
        *doubt = alert->sentence.unsaid;
        return term_json(alert->sentence, arena);
    case TEST_NOTE:
        return notes_json(view, arena);
    case TEST_ASSURANCE:
        return codes_json(cursor->question->assurances, arena);
    case TEST_DEATH: /* their value is the truth itself */
    case TEST_THIRD:
    case TEST_URGENT:
    case TEST_NONE:
    case TESTS:
        break;
    }
    return json_null();
}

static struct json test_with(const struct cursor *cursor, const struct condition *test,
                             enum truth truth, struct arena *arena)
{
    struct json out = json_object();
    bool doubt = false;
    struct json value = value_json(cursor, test->test, &doubt, arena);
    json_set_text(arena, &out, "test", text_literal(test_name(test->test)));
    if (test->codes.count > 0)
        json_set(arena, &out, "in", codes_json(test->codes, arena));
    if (test->test == TEST_CLASSIFICATION)
        json_set(arena, &out, "in", one_json(level_code((enum level)test->number), arena));
    else if (test->number > 0)
        json_set_integer(arena, &out, "number", test->number);
    if (value.kind == JSON_ARRAY)
        json_set(arena, &out, "value", value);
    if (doubt)
        json_set(arena, &out, "doubt", json_bool(true));
    json_set(arena, &out, "truth", truth_json(truth));
    return out;
}

struct json test_json(struct cursor *cursor, const struct condition *test, struct arena *arena)
{
    enum truth truth = cursor_test(cursor);
    return test_with(cursor, test, truth, arena);
}

static struct json node_json(struct cursor *cursor, const struct condition *condition,
                             enum truth *truth_out, struct arena *arena)
{
    static const char *const names[] = {
        [CONDITION_NOT] = "not", [CONDITION_ALL] = "all", [CONDITION_ANY] = "any"
    };
    struct json out = json_object();
    struct json items = json_array();
    enum truth all = TRUTH_TRUE;
    enum truth any = TRUTH_FALSE;
    if (condition->op == CONDITION_TEST) {
        *truth_out = cursor_test(cursor);
        return test_with(cursor, condition, *truth_out, arena);
    }
    for (uint32_t i = 0; i < condition->count; i++) {
        enum truth truth = TRUTH_UNKNOWN;
        json_push(arena, &items, node_json(cursor, &condition->items[i], &truth, arena));
        all = truth_and(all, truth);
        any = truth_or(any, truth);
        cursor->op += i > 0; /* behind the connective */
    }
    cursor->op += condition->op == CONDITION_NOT;
    *truth_out = condition->op == CONDITION_ALL   ? all
                 : condition->op == CONDITION_ANY ? any
                                                  : truth_not(all);
    json_set(arena, &out, names[condition->op], items);
    json_set(arena, &out, "truth", truth_json(*truth_out));
    return out;
}

struct json path_json(struct cursor *cursor, const struct condition *condition,
                      struct arena *arena)
{
    enum truth truth;
    return node_json(cursor, condition, &truth, arena);
}
