/* What the node holds, held against what somebody says: a look at each record, and no way around
 * what may be seen. */
#include "test_api.h"

#define FRAME "{\"purpose\":\"criminal-investigation\",\"reference\":{\"case\":\"2026-17\"},"
#define HELD(id) "{\"record\":\"" id "\"}"
#define OWN_ID "NER-01ARZ3NDEKTSV4RRFFQ69G5FAV"

static const struct test_person own = { OWN_ID, "Marguerite Zinsou", "1980-03-04",
                                        "wanted.arrest" };

static struct test_answer compare_as(const char *user, const char *pairs)
{
    char body[2048];
    (void)snprintf(body, sizeof(body), FRAME "\"pairs\":%s}", pairs);
    return test_call(&ner, user, API_POST, "/v1/compare", body);
}

static struct test_answer compare(const char *pairs)
{
    return compare_as("officer", pairs);
}

static const struct json *result(const struct json *answer, size_t i)
{
    return json_item(json_get(answer, "results"), i);
}

static void refused(const struct json *answer, size_t i, const char *rule, const char *pointer)
{
    assert_true(text_is(json_get_text(result(answer, i), "code"), rule));
    assert_true(text_is(json_get_text(result(answer, i), "pointer"), pointer));
}

/* A copy of ADULT and a record of our own. */
static void hold_two(void)
{
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)reply_good(office_put(&ner, own), __LINE__);
}

static void two_records_are_compared_and_each_is_looked_at(void **state)
{
    (void)state;
    hold_two();
    struct json answer = call_good(
        compare("[{\"a\":" HELD(ID_A) ",\"b\":" HELD(OWN_ID) "}]"), __LINE__);
    const struct json *one = result(&answer, 0);
    assert_true(text_is(json_get_text(one, "band"), "strong"));
    assert_true(json_count(json_get(one, "reasons")) >= 3);
    assert_true(text_is(json_get_text(json_get(one, "a"), "owner"), "BEN"));
    assert_true(json_get(json_get(one, "a"), "basis") != NULL);
    assert_true(text_is(json_get_text(json_get(one, "b"), "owner"), "NER"));
    assert_true(json_get(json_get(one, "b"), "content") == NULL);
    static const char *const paths[] = { "/v1/audit?record=" ID_A, "/v1/audit?record=" OWN_ID };
    for (size_t i = 0; i < 2; i++) {
        struct json log = call_good(test_call(&ner, "auditor", API_GET, paths[i], NULL), __LINE__);
        const struct json *items = json_get(&log, "items");
        const struct json *last = json_item(items, json_count(items) - 1);
        assert_true(text_is(json_get_text(last, "kind"), "compare"));
        assert_true(json_equal(json_get(last, "entry"), json_get(one, "entry")));
        const struct json *sides = json_get(json_get(last, "query"), "compare");
        assert_true(text_is(json_get_text(json_get(sides, "b"), "record"), OWN_ID));
    }
}

static void a_record_is_compared_as_a_search_would_have_found_it(void **state)
{
    (void)state;
    hold_two();
    struct json found = call_good(test_call(&ner, "officer", API_POST, "/v1/search", SEARCH),
                                  __LINE__);
    struct json answer = call_good(
        compare("[{\"a\":{\"name\":\"ZINSOU Marguerite\"},\"b\":" HELD(ID_A) "},"
                "{\"a\":\"Kim Jong\",\"b\":" HELD(ID_A) "}]"),
        __LINE__);
    const struct json *hits = json_get(&found, "hits");
    const struct json *hit = json_item(hits, 0);
    if (!text_is(json_get_text(hit, "record"), ID_A))
        hit = json_item(hits, 1);
    assert_true(text_is(json_get_text(hit, "record"), ID_A));
    static const char *const same[] = { "band", "score", "reasons" };
    for (size_t i = 0; i < 3; i++)
        assert_true(json_equal(json_get(result(&answer, 0), same[i]), json_get(hit, same[i])));
    assert_true(text_is(json_get_text(result(&answer, 1), "band"), "none"));
}

static void what_may_not_be_seen_is_as_if_it_were_not_there(void **state)
{
    (void)state;
    static const char *const pairs = "[{\"a\":\"Zinsou Marguerite\",\"b\":" HELD(ID_A) "},"
                                     "{\"a\":" HELD(ID_A) ",\"b\":\"x\"},"
                                     "{\"a\":\"Zinsou Marguerite\",\"b\":" HELD(OWN_ID) "}]";
    (void)reply_good(office_put(&ner, own), __LINE__);
    struct json absent = call_good(compare(pairs), __LINE__);
    refused(&absent, 0, "clerk.no-such-record", "/b");
    refused(&absent, 1, "clerk.no-such-record", "/a");
    assert_true(text_is(json_get_text(result(&absent, 2), "band"), "strong"));
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)office_do(&ner, "chief", VERB_EFFECT_SET,
                    "{\"record\":\"" ID_A "\",\"alert\":\"a1\",\"effect\":\"not-shown\","
                    "\"ground\":\"own-law\"}");
    uint64_t before = office_journal(&ner);
    struct json hidden = call_good(compare(pairs), __LINE__);
    for (size_t i = 0; i < 2; i++)
        assert_true(json_equal(result(&hidden, i), result(&absent, i)));
    assert_true(text_is(json_get_text(result(&hidden, 2), "band"), "strong"));
    assert_int_equal(office_journal(&ner), before + 1); /* the one that was compared */
}

static void a_restricted_record_is_compared_for_nobody(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ner, own), __LINE__);
    (void)office_do(&ner, "chief", VERB_RECORD_RESTRICT,
                    "{\"record\":\"" OWN_ID "\",\"restricted\":true,\"ground\":\"own-law\"}");
    (void)call_good(test_call(&ner, "chief", API_GET, "/v1/records/" OWN_ID LOOK, NULL), __LINE__);
    struct json answer = call_good(
        compare_as("chief", "[{\"a\":\"Zinsou\",\"b\":" HELD(OWN_ID) "}]"), __LINE__);
    refused(&answer, 0, "clerk.no-such-record", "/b");
}

static void what_is_no_side_is_refused_in_its_place(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ner, own), __LINE__);
    struct json answer = call_good(
        compare("[{\"a\":\"Zinsou\"},{\"a\":7,\"b\":\"x\"},{\"a\":" HELD("nobody")
                ",\"b\":\"x\"},{\"a\":\"x\",\"b\":{\"statements\":[]}},"
                "{\"a\":\"x\",\"b\":{\"record\":\"" OWN_ID "\",\"name\":\"x\"}},"
                "{\"a\":\"Zinsou\",\"b\":" HELD(OWN_ID) "},7]"),
        __LINE__);
    refused(&answer, 0, "clerk.field-missing", "/b");
    refused(&answer, 1, "clerk.field-missing", "/a");
    refused(&answer, 2, "clerk.no-such-record", "/a");
    refused(&answer, 3, "compare.content", "/b");
    refused(&answer, 4, "compare.record-alone", "/b");
    assert_true(json_get(result(&answer, 5), "entry") != NULL);
    refused(&answer, 6, "clerk.field-missing", "/a");
    struct test_answer none = compare("[]");
    assert_string_equal(none.rule, "clerk.field-missing");
    assert_int_equal(none.status, 400);
}

/* It names for whom it asks, in the body or in the query; that is no part of the reference. */
static void a_machine_names_for_whom_it_looks(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ner, own), __LINE__);
    struct test_answer none = test_call(&ner, "machine", API_GET, "/v1/records/" OWN_ID LOOK, NULL);
    assert_string_equal(none.rule, "clerk.acting-for-whom");
    none = test_call(&ner, "machine", API_GET,
                     "/v1/records/" OWN_ID LOOK "&acting_for_user=amadou&acting_for_unit=post",
                     NULL);
    assert_string_equal(none.rule, "clerk.acting-for-whom");
    (void)call_good(test_call(&ner, "machine", API_GET,
                              "/v1/records/" OWN_ID LOOK "&acting_for_user=amadou"
                              "&acting_for_unit=post&acting_for_place=lane+2",
                              NULL),
                    __LINE__);
    struct json log = call_good(test_call(&ner, "auditor", API_GET, "/v1/audit?record=" OWN_ID,
                                          NULL),
                                __LINE__);
    const struct json *items = json_get(&log, "items");
    const struct json *last = json_item(items, json_count(items) - 1);
    assert_true(text_is(json_get_text(last, "kind"), "look"));
    assert_true(text_is(json_get_text(json_get(last, "acting_for"), "place"), "lane 2"));
    assert_int_equal(json_count(json_get(last, "reference")), 1);
    assert_true(text_is(json_get_text(json_get(last, "reference"), "case"), "2026-17"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(two_records_are_compared_and_each_is_looked_at),
        API_TEST(a_record_is_compared_as_a_search_would_have_found_it),
        API_TEST(what_may_not_be_seen_is_as_if_it_were_not_there),
        API_TEST(a_restricted_record_is_compared_for_nobody),
        API_TEST(what_is_no_side_is_refused_in_its_place),
        API_TEST(a_machine_names_for_whom_it_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
