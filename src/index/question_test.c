#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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
    assert_string_equal(refusal("[]", &place), "clerk.field-missing");
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
    struct index_frequency built_in = { { NULL, 0 } };
    assert_false(failed(side("\"Hussaini Abdullahi\"", &name)));
    assert_false(failed(side("{\"name\":\"Hussaini Abdullahi\"}", &question)));
    assert_false(failed(index_compare_docs(&name, &name, built_in, &arena, &plain)));
    assert_false(failed(index_compare_docs(&question, &name, built_in, &arena, &whole)));
    assert_int_equal(plain.score, whole.score);
    assert_true(plain.band >= INDEX_POSSIBLE);
}

static void a_verdict_tells_every_reason_of_its_sum(void **state)
{
    (void)state;
    struct index_doc a;
    struct index_doc b;
    struct index_hit hit;
    struct index_frequency built_in = { { NULL, 0 } };
    struct json out = json_object();
    int64_t score = 0;
    int64_t sum = 0;
    assert_false(failed(side("{\"name\":\"Sani Bello\",\"birth\":{\"year\":1985}}", &a)));
    assert_false(failed(side("{\"name\":\"Sani Belo\",\"birth\":{\"year\":1959}}", &b)));
    assert_false(failed(index_compare_docs(&a, &b, built_in, &arena, &hit)));
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
    assert_true(text_is(json_item(narrow, 0)->string, "birth"));
    assert_true(text_is(json_item(narrow, 1)->string, "identifier"));
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
        cmocka_unit_test(an_answer_that_is_too_common_says_what_to_add),
        cmocka_unit_test(a_name_and_a_question_with_it_score_alike),
        cmocka_unit_test(a_verdict_tells_every_reason_of_its_sum),
    };
    int wrong = cmocka_run_group_tests(tests, NULL, NULL);
    free(arena.data);
    return wrong;
}
