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

/* Parentheses only where the grammar would read another tree without them. */
static void put_operand(struct printer *out, const struct condition *operand, enum condition_op in)
{
    bool open =
        operand->op == CONDITION_ANY || (operand->op == CONDITION_ALL && in != CONDITION_ANY);
    put_literal(out, open ? "(" : "");
    put_condition(out, operand);
    put_literal(out, open ? ")" : "");
}

void put_condition(struct printer *out, const struct condition *condition)
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
