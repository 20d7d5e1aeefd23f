/* A clause in its canonical order: the first words, conditions and scope, then the parts in the
 * order of clause_parts. */
#include "wording/parts.h"
#include "wording/printer.h"

static void put_list_test(struct printer *out, enum phrase phrase, enum word_list list,
                          struct codes codes)
{
    put_phrase(out, phrase);
    put_literal(out, " ");
    put_phrase(out, codes.count == 1 ? PHRASE_IS : PHRASE_IN);
    put_literal(out, codes.count == 1 ? " " : " (");
    put_codes(out, list, codes);
    put_literal(out, codes.count == 1 ? "" : ")");
}

static void put_code_test(struct printer *out, enum phrase phrase, const struct condition *test)
{
    put_line(out, phrase);
    put_code(out, WORDS_NONE, test->codes.items[0]);
    if (test->test == TEST_NOTE && test->number == 1) {
        put_literal(out, " ");
        put_phrase(out, PHRASE_THAT_PARTY);
    }
}

static void put_age(struct printer *out, uint16_t years)
{
    if (years == AGE_OF_MAJORITY) {
        put_phrase(out, PHRASE_MINOR);
        return;
    }
    put_phrase(out, PHRASE_AGE);
    put_literal(out, " ");
    put_number(out, years);
}

static void put_months(struct printer *out, uint16_t months)
{
    bool years = months % 12 == 0;
    put_span(out, (struct span){ years ? months / 12 : months, years ? SPAN_YEAR : SPAN_MONTH });
}

/* The phrase says all. */
static bool is_plain(enum condition_test test)
{
    return test == TEST_DEATH || test == TEST_THIRD || test == TEST_DUAL || test == TEST_URGENT;
}

static void put_test(struct printer *out, const struct condition *test)
{
    static const enum phrase plain[TESTS] = {
        [TEST_DEATH] = PHRASE_DEATH,
        [TEST_THIRD] = PHRASE_THIRD,
        [TEST_DUAL] = PHRASE_DUAL,
        [TEST_URGENT] = PHRASE_URGENT_CASE,
    };
    static const struct {
        enum phrase phrase;
        enum word_list list;
    } lists[TESTS] = {
        [TEST_CATEGORY] = { PHRASE_CATEGORY, WORDS_NONE },
        [TEST_KIND] = { PHRASE_KIND, WORDS_KIND },
        [TEST_OFFENCE] = { PHRASE_OFFENCE, WORDS_NONE },
        [TEST_SUBJECT] = { PHRASE_SUBJECT, WORDS_SUBJECT },
        [TEST_NATIONALITY] = { PHRASE_NATIONALITY, WORDS_NONE },
        [TEST_WARNING] = { PHRASE_WARNING, WORDS_NONE },
        [TEST_GRADING] = { PHRASE_GRADING, WORDS_NONE },
        [TEST_HANDLING] = { PHRASE_HANDLING, WORDS_NONE },
        [TEST_ACTION] = { PHRASE_ACTION, WORDS_NONE },
        [TEST_UNIT] = { PHRASE_UNIT, WORDS_NONE },
    };
    if (test->test == TEST_CLASSIFICATION) {
        put_line(out, PHRASE_CEILING);
        put_code(out, WORDS_LEVEL, level_code((enum level)test->number));
    } else if (test->test == TEST_AGE) {
        put_age(out, test->number);
    } else if (test->test == TEST_NOTE || test->test == TEST_ASSURANCE) {
        put_code_test(out, test->test == TEST_NOTE ? PHRASE_NOTE : PHRASE_ASSURANCE, test);
    } else if (test->test == TEST_PENALTY || test->test == TEST_SENTENCE) {
        put_line(out, test->test == TEST_PENALTY ? PHRASE_PENALTY : PHRASE_SENTENCE);
        put_months(out, test->number);
    } else if (is_plain(test->test)) {
        put_phrase(out, plain[test->test]);
    } else {
        put_list_test(out, lists[test->test].phrase, lists[test->test].list, test->codes);
    }
}

static void put_condition(struct printer *out, const struct condition *condition);

/* Parentheses only where the grammar would read another tree without them. */
static void put_operand(struct printer *out, const struct condition *operand, enum condition_op in)
{
    bool open =
        operand->op == CONDITION_ANY || (operand->op == CONDITION_ALL && in != CONDITION_ANY);
    put_literal(out, open ? "(" : "");
    put_condition(out, operand);
    put_literal(out, open ? ")" : "");
}

static void put_condition(struct printer *out, const struct condition *condition)
{
    if (condition->op == CONDITION_TEST) {
        put_test(out, condition);
    } else if (condition->op == CONDITION_NOT) {
        put_phrase(out, PHRASE_NOT);
        put_literal(out, " ");
        put_operand(out, &condition->items[0], CONDITION_NOT);
    } else {
        for (uint32_t i = 0; i < condition->count; i++) {
            if (i > 0) {
                put_literal(out, " ");
                put_phrase(out, condition->op == CONDITION_ALL ? PHRASE_AND : PHRASE_OR);
                put_literal(out, " ");
            }
            put_operand(out, &condition->items[i], condition->op);
        }
    }
}

static void put_part(struct printer *out, const struct part *part, const struct clause *clause)
{
    const uint8_t *field = (const uint8_t *)clause + part->offset;
    struct codes codes;
    struct span span;
    struct rate rate;
    struct text text;
    put_phrase(out, part->phrase);
    switch (part->type) {
    case PART_CODES:
        memcpy(&codes, field, sizeof(codes));
        put_literal(out, " ");
        put_codes(out, WORDS_NONE, codes);
        break;
    case PART_SPAN:
        memcpy(&span, field, sizeof(span));
        put_literal(out, " ");
        put_span(out, span);
        break;
    case PART_LEVEL:
        put_literal(out, " ");
        put_code(out, WORDS_LEVEL, level_code(clause->ceiling));
        break;
    case PART_MODE:
    case PART_FLAG:
        break;
    case PART_RATE:
        memcpy(&rate, field, sizeof(rate));
        put_literal(out, " ");
        put_rate(out, rate);
        break;
    case PART_STRING:
        memcpy(&text, field, sizeof(text));
        put_literal(out, " ");
        put_string(out, text);
        break;
    }
}

static void put_scope(struct printer *out, const struct clause *clause)
{
    if (clause->from.count > 0 && codes_same(clause->from, clause->to)) {
        put_phrase(out, PHRASE_AMONG_LIST);
    } else if (clause->from.count > 0) {
        put_phrase(out, PHRASE_BY);
        put_literal(out, " ");
        put_codes(out, WORDS_NONE, clause->from);
        put_literal(out, " ");
        put_phrase(out, PHRASE_TO);
    } else {
        put_phrase(out, clause->to.count > 0 ? PHRASE_WITH : PHRASE_AMONG);
    }
    put_literal(out, clause->to.count > 0 ? " " : "");
    put_codes(out, WORDS_NONE, clause->to);
}

static void put_conditions(struct printer *out, const struct clause *clause)
{
    const struct condition *conditions[2] = { clause->where_opt, clause->unless_opt };
    static const enum phrase phrases[2] = { PHRASE_WHERE, PHRASE_UNLESS };
    for (size_t i = 0; i < 2; i++) {
        if (conditions[i] == NULL)
            continue;
        put_literal(out, " ");
        put_phrase(out, phrases[i]);
        put_literal(out, " ");
        put_condition(out, conditions[i]);
    }
}

/* The row before is the same field under another phrase, and is there. */
static bool said_otherwise(const struct part *part, const struct clause *clause)
{
    return part > clause_parts && part[-1].offset == part->offset &&
           part_present(part - 1, clause);
}

static void put_parts(struct printer *out, const struct clause *clause)
{
    bool before = true; /* something stands on the line to be continued */
    for (size_t i = 0; i < PARTS; i++) {
        const struct part *part = &clause_parts[i];
        if (part_fits(part, clause->kind) && part_present(part, clause)) {
            bool same = part->same_line && before;
            put_literal(out, same ? (part->comma ? ", " : " ") : "\n    ");
            put_part(out, part, clause);
            before = true;
        } else if (!part->same_line && !said_otherwise(part, clause)) {
            before = false;
        }
    }
    put_literal(out, "\n");
}

/* The first words, and what belongs to them. */
static void put_head(struct printer *out, const struct clause *clause)
{
    const struct clause_form *form = &clause_forms[clause->kind];
    struct codes codes;
    memcpy(&codes, (const uint8_t *)clause + form->codes, sizeof(codes));
    put_line(out, form->phrase);
    if (clause->kind == CLAUSE_RELEASE && clause->persons == 2)
        put_phrase(out, PHRASE_TWO_PERSONS);
    put_codes(out, form->list, codes);
    if (clause->kind == CLAUSE_COARSEN) {
        put_literal(out, " ");
        put_line(out, PHRASE_TO);
        put_code(out, WORDS_WAY, way_code(clause->way));
    }
    if (clause->kind == CLAUSE_DUTY) {
        put_literal(out, " ");
        put_string(out, clause->text);
    }
}

void put_clause(struct printer *out, const struct clause *clause, const char *indent)
{
    put_literal(out, indent);
    put_head(out, clause);
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK) {
        put_conditions(out, clause);
        put_literal(out, "\n    ");
        put_scope(out, clause);
    } else {
        if (clause->kind != CLAUSE_HALT && clause->to.count > 0) {
            put_literal(out, " ");
            put_scope(out, clause);
        }
        put_conditions(out, clause);
    }
    put_parts(out, clause);
}
