/* condition = conjunction { "or" conjunction };  conjunction = negation { "and" negation };
 * negation = "not" negation | "(" condition ")" | test. Depth and size are bounded. */
#include "wording/parser.h"

struct nesting {
    uint32_t depth;
    uint32_t *nodes;
};

static struct condition parse_any(struct parser *p, struct nesting nest);

static struct codes parse_values(struct parser *p, enum word_list list)
{
    if (parser_accept(p, PHRASE_IS)) {
        struct text *item = ARENA_NEW(p->arena, struct text);
        if (item == NULL)
            return (struct codes){ 0 };
        *item = parser_code(p, list, "treaty.expected-code");
        return (struct codes){ item, 1 };
    }
    parser_expect(p, PHRASE_IN, "treaty.expected-is-or-in");
    if (!parser_accept_kind(p, TOKEN_OPEN))
        parser_fail(p, p->token.at, "treaty.expected-open");
    struct codes codes = parser_codes(p, list, "treaty.expected-code");
    if (!parser_accept_kind(p, TOKEN_CLOSE))
        parser_fail(p, p->token.at, "treaty.expected-close");
    return codes;
}

static bool parse_list_test(struct parser *p, struct condition *test)
{
    static const struct {
        enum phrase phrase;
        enum condition_test test;
        enum word_list list;
    } tests[] = {
        { PHRASE_CATEGORY, TEST_CATEGORY, WORDS_NONE },
        { PHRASE_KIND, TEST_KIND, WORDS_KIND },
        { PHRASE_OFFENCE, TEST_OFFENCE, WORDS_NONE },
        { PHRASE_SUBJECT, TEST_SUBJECT, WORDS_SUBJECT },
        { PHRASE_NATIONALITY, TEST_NATIONALITY, WORDS_NONE },
        { PHRASE_WARNING, TEST_WARNING, WORDS_NONE },
        { PHRASE_GRADING, TEST_GRADING, WORDS_NONE },
        { PHRASE_HANDLING, TEST_HANDLING, WORDS_NONE },
        { PHRASE_ACTION, TEST_ACTION, WORDS_NONE },
        { PHRASE_UNIT, TEST_UNIT, WORDS_NONE },
    };
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (parser_accept(p, tests[i].phrase)) {
            test->test = tests[i].test;
            test->codes = parse_values(p, tests[i].list);
            return true;
        }
    }
    return false;
}

static void parse_one_code(struct parser *p, struct condition *test, enum condition_test kind)
{
    struct text *item = ARENA_NEW(p->arena, struct text);
    test->test = kind;
    if (item == NULL)
        return;
    *item = parser_code(p, WORDS_NONE, "treaty.expected-code");
    test->codes = (struct codes){ item, 1 };
}

/* Tests of which the phrase says all. */
static bool parse_plain_test(struct parser *p, struct condition *test)
{
    static const struct {
        enum phrase phrase;
        enum condition_test test;
    } tests[] = {
        { PHRASE_DEATH, TEST_DEATH },
        { PHRASE_THIRD, TEST_THIRD },
        { PHRASE_DUAL, TEST_DUAL },
        { PHRASE_URGENT_CASE, TEST_URGENT },
    };
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (parser_accept(p, tests[i].phrase)) {
            test->test = tests[i].test;
            return true;
        }
    }
    return false;
}

static void parse_months(struct parser *p, struct condition *test, enum condition_test kind)
{
    uint32_t at = p->token.at;
    struct span span = parser_span(p);
    uint32_t months = span.unit == SPAN_YEAR ? span.count * UINT32_C(12) : span.count;
    test->test = kind;
    if (!p->failed && span.unit != SPAN_MONTH && span.unit != SPAN_YEAR)
        parser_fail(p, at, "treaty.penalty-in-months");
    else if (!p->failed && months > TREATY_PENALTY_MAX)
        parser_fail(p, at, "treaty.number-too-big");
    test->number = (uint16_t)months;
}

static struct condition parse_test(struct parser *p)
{
    struct condition test = { .op = CONDITION_TEST };
    if (parser_accept(p, PHRASE_MINOR)) {
        test.test = TEST_AGE;
        test.number = AGE_OF_MAJORITY;
    } else if (parser_accept(p, PHRASE_AGE)) {
        test.test = TEST_AGE;
        test.number = parser_number(p, TREATY_AGE_MAX);
    } else if (parser_accept(p, PHRASE_PENALTY)) {
        parse_months(p, &test, TEST_PENALTY);
    } else if (parser_accept(p, PHRASE_SENTENCE)) {
        parse_months(p, &test, TEST_SENTENCE);
    } else if (parser_accept(p, PHRASE_CEILING)) {
        test.test = TEST_CLASSIFICATION;
        test.number = (uint16_t)parser_level(p);
    } else if (parser_accept(p, PHRASE_NOTE)) {
        parse_one_code(p, &test, TEST_NOTE);
        test.number = parser_accept(p, PHRASE_THAT_PARTY) ? 1 : 0;
    } else if (parser_accept(p, PHRASE_ASSURANCE)) {
        parse_one_code(p, &test, TEST_ASSURANCE);
    } else if (!parse_plain_test(p, &test) && !parse_list_test(p, &test)) {
        parser_fail(p, p->token.at, "treaty.expected-condition");
    }
    if (!p->failed)
        check_condition_codes(p, test.test, test.codes);
    return test;
}

static bool node_count(struct parser *p, struct nesting nest)
{
    if (nest.depth > TREATY_DEPTH_MAX || ++*nest.nodes > TREATY_NODES_MAX) {
        parser_fail(p, p->token.at, "treaty.condition-too-big");
        return false;
    }
    return true;
}

static struct condition parse_negation(struct parser *p, struct nesting nest)
{
    struct condition none = { 0 };
    if (!node_count(p, nest))
        return none;
    nest.depth++;
    if (parser_accept_kind(p, TOKEN_OPEN)) {
        struct condition inner = parse_any(p, nest);
        if (!parser_accept_kind(p, TOKEN_CLOSE))
            parser_fail(p, p->token.at, "treaty.expected-close");
        return inner;
    }
    if (!parser_accept(p, PHRASE_NOT))
        return parse_test(p);
    struct condition *inner = ARENA_NEW(p->arena, struct condition);
    struct condition operand = parse_negation(p, nest);
    if (inner == NULL)
        return none;
    *inner = operand;
    return (struct condition){ .op = CONDITION_NOT, .items = inner, .count = 1 };
}

/* Operands of one connective; one alone is itself. */
static struct condition parse_connective(struct parser *p, struct nesting nest, enum phrase phrase,
                                         enum condition_op op)
{
    struct list items = { 0 };
    do {
        struct condition operand = op == CONDITION_ANY
                                       ? parse_connective(p, nest, PHRASE_AND, CONDITION_ALL)
                                       : parse_negation(p, nest);
        struct condition *item = list_add(&items, p->arena, sizeof(operand), TREATY_NODES_MAX);
        if (p->failed || item == NULL)
            return (struct condition){ 0 };
        *item = operand;
    } while (parser_accept(p, phrase));
    const struct condition *operands = items.items;
    if (items.count == 1)
        return operands[0];
    return (struct condition){ .op = op, .items = operands, .count = items.count };
}

static struct condition parse_any(struct parser *p, struct nesting nest)
{
    return parse_connective(p, nest, PHRASE_OR, CONDITION_ANY);
}

const struct condition *parser_condition(struct parser *p)
{
    uint32_t nodes = 0;
    struct condition *out = ARENA_NEW(p->arena, struct condition);
    struct condition condition = parse_any(p, (struct nesting){ 0, &nodes });
    if (out == NULL || p->failed)
        return NULL;
    *out = condition;
    return out;
}
