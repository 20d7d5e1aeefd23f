#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "index/question.h"

enum { ARENA_BYTES = 8 << 20 };

static struct arena arena;
static const struct date today = { 2026, 11, 23 };

static struct json parsed(const char *in)
{
    struct json out;
    assert_false(failed(json_parse(text_bytes(text_literal(in)), &arena, &out)));
    return out;
}

static struct err side(const char *in, struct index_doc *out)
{
    struct json json = parsed(in);
    return question_side(&json, today, &arena, out);
}

static const char *refusal(const char *in, struct text *place)
{
    struct question question;
    struct json json = parsed(in);
    return question_parse(&json, today, &arena, &question, place).rule;
}

static void a_question_is_read_whole(void **state)
{
    (void)state;
    struct question q;
    struct text place;
    struct json json = parsed("{\"kind\":\"person\",\"family\":\"Bello\",\"sex\":\"male\","
                              "\"nationalities\":[\"NGA\"],\"birth\":{\"age\":41},"
                              "\"identifiers\":[{\"type\":\"document\",\"value\":\"a-12\"}]}");
    assert_false(failed(question_parse(&json, today, &arena, &q, &place)));
    assert_true(text_is(q.query.name.family, "Bello"));
    assert_int_equal(q.query.sex, INDEX_SEX_MALE);
    assert_int_equal(q.query.birth.quality, INDEX_BIRTH_ABOUT);
    assert_int_equal(q.query.identifier_count, 1);
    assert_true(text_is(q.query.nationalities[0], "NGA"));
    assert_true(q.query.kinds != 0);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    (void)state;
    struct text place;
    assert_string_equal(refusal("{\"kind\":\"ghost\"}", &place), "api.unknown-kind");
    assert_true(text_is(place, "/kind"));
    assert_string_equal(refusal("{\"name\":\"A\",\"birth\":{\"date\":\"1985-02-31\"}}", &place),
                        "api.bad-birth");
    assert_true(text_is(place, "/birth"));
    assert_string_equal(refusal("{\"identifiers\":[{\"type\":\"vin\"}]}", &place), "api.bad-query");
    assert_string_equal(
        refusal("{\"identifiers\":[{\"type\":\"plate\",\"pattern\":\"AB?1*\"}]}", &place),
        "index.pattern-short");
    assert_true(text_is(place, "/identifiers"));
    assert_string_equal(refusal("{\"identifiers\":[{\"type\":\"plate\",\"pattern\":\"AB12*\","
                                "\"value\":\"AB12\"}]}",
                                &place),
                        "api.bad-query");
    assert_string_equal(
        refusal("{\"identifiers\":[{\"type\":\"plate\",\"pattern\":4711}]}", &place),
        "api.bad-query");
    assert_string_equal(refusal("[]", &place), "clerk.field-missing");
    assert_string_equal(refusal("{\"name\":\"A\",\"nationalities\":{\"NGA\":1}}", &place),
                        "api.bad-query");
    assert_string_equal(refusal("{\"name\":\"A\",\"nationalities\":[12.5]}", &place),
                        "api.bad-query");
    assert_string_equal(refusal("{\"name\":\"A\",\"sex\":\"Homme\"}", &place), "api.bad-query");
    assert_string_equal(refusal("{\"name\":\"A\",\"sex\":\"unknown\"}", &place), "");
}

static void a_name_and_a_question_with_it_score_alike(void **state)
{
    (void)state;
    struct index_doc name;
    struct index_doc question;
    struct index_hit plain;
    struct index_hit whole;
    static const struct index_scoring built_in;
    assert_false(failed(side("\"Hussaini Abdullahi\"", &name)));
    assert_false(failed(side("{\"name\":\"Hussaini Abdullahi\"}", &question)));
    assert_false(failed(index_compare_docs(&name, &name, &built_in, &arena, &plain)));
    assert_false(failed(index_compare_docs(&question, &name, &built_in, &arena, &whole)));
    assert_int_equal(plain.score, whole.score);
    assert_true(plain.band >= INDEX_POSSIBLE);
}

/* More of them than a question may have: the one that both hold is found, wherever it stands. */
static void a_number_among_many_is_compared(void **state)
{
    (void)state;
    static const struct index_scoring built_in;
    enum { MANY = 2 * INDEX_QUERY_IDENTIFIERS_MAX };
    struct index_identifier numbers[MANY];
    char text[MANY][8];
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(text[i], sizeof(text[i]), "A%05zu", 11111 * (i % 8 + 1) + i / 8);
        numbers[i] = (struct index_identifier){ .cls = 1,
                                                .canonical = text_literal(text[i]),
                                                .confusable = text_literal(text[i]) };
    }
    struct index_name name = { .full = TEXT("Sani Bello") };
    struct index_doc many = { .number = 1,
                              .names = &name,
                              .name_count = 1,
                              .identifiers = numbers,
                              .identifier_count = MANY };
    for (size_t i = 0; i < MANY; i++) {
        struct index_doc one = { .number = 1, .identifiers = &numbers[i], .identifier_count = 1 };
        struct index_hit hit;
        assert_false(failed(index_compare_docs(&many, &one, &built_in, &arena, &hit)));
        assert_true(hit.band >= INDEX_POSSIBLE); /* the others speak against it a little */
    }
}

static void a_verdict_tells_every_reason_of_its_sum(void **state)
{
    (void)state;
    struct index_doc a;
    struct index_doc b;
    struct index_hit hit;
    static const struct index_scoring built_in;
    struct json out = json_object();
    int64_t score = 0;
    int64_t sum = 0;
    assert_false(failed(side("{\"name\":\"Sani Bello\",\"birth\":{\"year\":1985}}", &a)));
    assert_false(failed(side("{\"name\":\"Sani Belo\",\"birth\":{\"year\":1959}}", &b)));
    assert_false(failed(index_compare_docs(&a, &b, &built_in, &arena, &hit)));
    question_verdict(&hit, &arena, &out);
    const struct json *reasons = json_get(&out, "reasons");
    for (size_t i = 0; i < json_count(reasons); i++) {
        int64_t weight = 0;
        assert_true(json_get_integer(json_item(reasons, i), "weight", &weight));
        sum += weight;
    }
    assert_true(json_get_integer(&out, "score", &score));
    assert_int_equal(score, sum);
    assert_true(text_is(json_get_text(json_item(reasons, 0), "relation"), "contradict"));
}

static void a_part_of_a_number_is_searched_and_not_held_against_another(void **state)
{
    (void)state;
    struct index_doc doc;
    struct text place;
    struct question *q = ARENA_NEW(&arena, struct question);
    struct json json = parsed("{\"identifiers\":[{\"type\":\"plate\",\"pattern\":\"AB?12*\"}]}");
    assert_non_null(q);
    assert_false(failed(question_parse(&json, today, &arena, q, &place)));
    assert_true(q->query.identifiers[0].partial);
    assert_true(question_partial(&json));
    assert_string_equal(question_side(&json, today, &arena, &doc).rule, "index.pattern-alone");
    struct index_identifier held = { .cls = q->query.identifiers[0].cls,
                                     .canonical = TEXT("ABX1234") };
    struct index_doc vehicle = { .number = 1, .identifiers = &held, .identifier_count = 1 };
    struct index_hit hit;
    struct json out = json_object();
    assert_false(failed(index_compare(&q->query, &vehicle, &arena, &hit)));
    question_verdict(&hit, &arena, &out);
    const struct json *filled = json_get(json_item(json_get(&out, "reasons"), 0), "filled");
    assert_int_equal(json_count(filled), 2);
    assert_true(text_is(json_item_text(filled, 0), "X"));
    assert_true(text_is(json_item_text(filled, 1), "34"));
}

static void an_answer_that_is_too_common_says_what_to_add(void **state)
{
    (void)state;
    struct json out = json_object();
    struct index_answer found = { .too_common = true,
                                  .narrow = INDEX_FIELD_BIT(INDEX_BIRTH) |
                                            INDEX_FIELD_BIT(INDEX_IDENTIFIER),
                                  .weak_left_out = 7 };
    int64_t weak = 0;
    question_answer(&found, &arena, &out);
    const struct json *narrow = json_get(&out, "narrow");
    assert_int_equal(json_count(narrow), 2);
    assert_true(text_is(json_item_text(narrow, 0), "birth"));
    assert_true(text_is(json_item_text(narrow, 1), "identifier"));
    assert_true(json_get_integer(&out, "weak_left_out", &weak) && weak == 7);
    found = (struct index_answer){ .too_common = false };
    out = json_object();
    question_answer(&found, &arena, &out);
    assert_null(json_get(&out, "narrow"));
    assert_null(json_get(&out, "weak_left_out"));
}

int main(void)
{
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_read_whole),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(a_part_of_a_number_is_searched_and_not_held_against_another),
        cmocka_unit_test(an_answer_that_is_too_common_says_what_to_add),
        cmocka_unit_test(a_name_and_a_question_with_it_score_alike),
        cmocka_unit_test(a_number_among_many_is_compared),
        cmocka_unit_test(a_verdict_tells_every_reason_of_its_sum),
    };
    int wrong = cmocka_run_group_tests(tests, NULL, NULL);
    free(arena.data);
    return wrong;
}
