#include "model/fact.h"

#include "test_record.h"

static uint8_t memory[4 << 20];

static const char content[] =
    "{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{\"n\":1},\"by\":{\"member\":\"BEN\","
    "\"unit\":\"seme-krake\",\"user\":\"a.officer\"},\"comity\":1,\"generation\":1,"
    "\"kind\":\"record.put\",\"realm\":\"demo\"}";

static struct err parse(const char *in, struct fact *out)
{
    static struct arena arena;
    arena = arena_over(memory, sizeof(memory));
    return fact_parse(text_bytes(text_literal(in)), &arena, out);
}

static void refused(const char *in, const char *rule)
{
    struct fact fact = { .generation = 77 };
    struct err e = parse(in, &fact);
    if (!failed(e))
        fail_msg("accepted: %s", in);
    assert_string_equal(e.rule, rule);
    assert_int_equal(fact.generation, 77);
}

static void a_fact_is_read_and_written_to_the_same_bytes(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct fact fact;
    struct bytes again;
    struct bytes in = text_bytes(text_literal(content));
    assert_false(failed(fact_parse(in, &arena, &fact)));
    assert_int_equal(fact.kind, FACT_RECORD_PUT);
    assert_true(text_is(fact.realm, "demo"));
    assert_true(text_is(fact.by.user, "a.officer"));
    assert_false(failed(fact_format(&fact, &arena, &again)));
    assert_true(bytes_equal(in, again));
}

static void every_proper_prefix_is_refused(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof(content) - 1; len++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct fact fact = { .generation = 77 };
        assert_true(failed(fact_parse(bytes_of(content, len), &arena, &fact)));
        assert_int_equal(fact.generation, 77);
    }
}

/* Every kind there is, with and without unit and user, comes back as it went. */
static void every_kind_round_trips_and_names_its_user(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < FACT_KINDS; kind++) {
        for (int person = 0; person < 2; person++) {
            struct arena arena = arena_over(memory, sizeof(memory));
            struct fact fact = { .realm = TEXT("demo"),
                                 .generation = 3,
                                 .kind = (enum fact_kind)kind,
                                 .at = { 1766369640000 },
                                 .body = json_object() };
            assert_false(failed(member_code_parse(TEXT("x-mnjtf"), &fact.by.member)));
            if (person) {
                fact.by.unit = TEXT("post");
                fact.by.user = TEXT("o");
            }
            struct bytes bytes;
            struct fact back;
            struct err e = fact_format(&fact, &arena, &bytes);
            if (!person && fact_needs_user((enum fact_kind)kind)) {
                assert_string_equal(e.rule, "fact.user-missing");
                continue;
            }
            assert_false(failed(e));
            assert_false(failed(fact_parse(bytes, &arena, &back)));
            assert_int_equal(back.kind, kind);
            assert_int_equal(back.at.ms, fact.at.ms);
            assert_int_equal(fact_kind_find(text_literal(fact_kind_name(back.kind))), kind);
        }
    }
    assert_true(fact_needs_user(FACT_SEARCH));
    assert_int_equal(fact_retention(FACT_SEARCH), RETENTION_ACCESS);
    assert_int_equal(fact_log(FACT_DISCLOSE), FACT_LOG_FEED);
    assert_int_equal(fact_log(FACT_ANCHOR), FACT_LOG_ANCHORS);
}

static void bytes_that_are_not_canonical_are_refused(void **state)
{
    (void)state;
    refused("{\"comity\":1,\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":"
            "\"BEN\"},\"generation\":1,\"kind\":\"anchor\",\"realm\":\"demo\"}",
            "fact.not-canonical");
    refused("{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":\"BEN\"},"
            "\"comity\":1,\"generation\":1.0,\"kind\":\"anchor\",\"realm\":\"demo\"}",
            "fact.not-canonical");
}

static void what_is_wrong_in_an_envelope_is_refused(void **state)
{
    (void)state;
    refused("{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":\"BEN\"},"
            "\"comity\":1,\"generation\":1,\"kind\":\"search\",\"realm\":\"demo\"}",
            "fact.user-missing");
    refused("{\"!seal\":1,\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":"
            "\"BEN\"},\"comity\":1,\"generation\":1,\"kind\":\"anchor\",\"realm\":\"demo\"}",
            "fact.critical");
    refused("{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":\"BEN\"},"
            "\"comity\":2,\"generation\":1,\"kind\":\"anchor\",\"realm\":\"demo\"}",
            "fact.bad-field");
    refused("{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":[],\"by\":{\"member\":\"BEN\"},"
            "\"comity\":1,\"generation\":1,\"kind\":\"anchor\",\"realm\":\"demo\"}",
            "fact.bad-field");
    refused("{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":\"BEN\"},"
            "\"comity\":1,\"generation\":1,\"kind\":\"anchor\",\"realm\":\"-\"}",
            "fact.bad-field");
    refused("{\"at\":\"2026-11-22 02:14\",\"body\":{},\"by\":{\"member\":\"BEN\"},"
            "\"comity\":1,\"generation\":1,\"kind\":\"anchor\",\"realm\":\"demo\"}",
            "time.not-an-instant");
    refused("[]", "fact.bad-field");
    refused("[[[[[]]]]]", "fact.bad-field"); /* has members, and none has a name */
}

static void a_kind_of_a_later_release_is_kept(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *in = "{\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{},\"by\":{\"member\":"
                     "\"BEN\"},\"comity\":1,\"generation\":1,\"kind\":\"moon.landing\",\"realm\":"
                     "\"demo\"}";
    struct fact fact;
    struct bytes again;
    assert_false(failed(fact_parse(text_bytes(text_literal(in)), &arena, &fact)));
    assert_int_equal(fact.kind, FACT_RAW);
    assert_int_equal(fact_retention(fact.kind), RETENTION_PERSONAL);
    assert_false(failed(fact_format(&fact, &arena, &again)));
    assert_true(bytes_equal(text_bytes(text_literal(in)), again));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_is_read_and_written_to_the_same_bytes),
        cmocka_unit_test(every_proper_prefix_is_refused),
        cmocka_unit_test(every_kind_round_trips_and_names_its_user),
        cmocka_unit_test(bytes_that_are_not_canonical_are_refused),
        cmocka_unit_test(what_is_wrong_in_an_envelope_is_refused),
        cmocka_unit_test(a_kind_of_a_later_release_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
