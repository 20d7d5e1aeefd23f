/* Any JSON as a question of POST /v1/search, or {"a","b"} as two sides of a comparison: refused
 * with a rule, or taken as it stands and judged the same twice. */
#include <stdlib.h>

#include "index/question.h"

enum { MEMORY = 8 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct date today = { 2026, 11, 23 };

/* What was taken stands in the question: no part of it is passed over in silence. */
static void check_taken(const struct json *in, const struct index_query *query)
{
    const struct json *list = json_get(in, "nationalities");
    if (query->nationality_count != json_count(list) ||
        query->identifier_count != json_count(json_get(in, "identifiers")))
        abort();
    for (size_t i = 0; i < query->nationality_count; i++) {
        if (json_item(list, i)->kind != JSON_STRING)
            abort();
    }
}

static struct json verdict(const struct index_doc *a, const struct index_doc *b,
                           struct arena *arena)
{
    struct index_hit hit;
    static const struct index_scoring newest;
    struct json out = json_object();
    struct err e = index_compare_docs(a, b, &newest, arena, &hit);
    if (!failed(e))
        question_verdict(&hit, arena, &out);
    else if (e.rule[0] == '\0')
        abort();
    return out;
}

static void compare(const struct json *in, struct arena *arena)
{
    struct index_doc sides[2];
    struct err e = question_side(json_get(in, "a"), today, arena, &sides[0]);
    if (!failed(e))
        e = question_side(json_get(in, "b"), today, arena, &sides[1]);
    if (failed(e) && e.rule[0] == '\0')
        abort();
    if (failed(e))
        return;
    struct json first = verdict(&sides[0], &sides[1], arena);
    struct json again = verdict(&sides[0], &sides[1], arena);
    struct bytes text;
    if (!failed(arena_check(arena)) &&
        (!json_equal(&first, &again) || failed(json_format(&first, arena, &text))))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[MEMORY];
    static struct question question;
    struct arena arena = arena_over(memory, MEMORY);
    struct text place;
    struct json in;
    if (failed(json_parse(bytes_of(data, size), &arena, &in)))
        return 0;
    if (json_get(&in, "a") != NULL) {
        compare(&in, &arena);
        return 0;
    }
    struct err e = question_parse(&in, today, &arena, &question, &place);
    if (failed(e) && e.rule[0] == '\0')
        abort();
    if (!failed(e))
        check_taken(&in, &question.query);
    return 0;
}
