/* What the desk sees of the catalogue, of alerts that wait, and of what it is warned. */
#include "catalogue/edition.h"
#include "test_api.h"

#define RECORD(id, category, action, more)                                                     \
    "{\"record\":{\"schema\":1,\"id\":\"" id "\",\"owner\":\"BEN\",\"kind\":\"person\","         \
    "\"unit\":\"registry\",\"classification\":\"restricted\",\"statements\":["                   \
    "{\"id\":\"s1\",\"attribute\":\"name\",\"value\":{\"parts\":[{\"type\":\"surname\","         \
    "\"text\":\"ZINSOU\"},{\"type\":\"given\",\"text\":\"Marguerite\"}]}," SOURCE "},"           \
    "{\"id\":\"s2\",\"attribute\":\"birth-date\",\"value\":{\"from\":\"2009-05-01\","            \
    "\"to\":\"2009-05-01\",\"quality\":\"exact\"}," SOURCE "},"                                  \
    "{\"id\":\"s3\",\"attribute\":\"sex\",\"value\":{\"code\":\"F\"}," SOURCE "}],"              \
    "\"alerts\":[{\"id\":\"a1\",\"category\":\"" category "\",\"action\":\"" action "\","        \
    "\"reason\":\"r\",\"subject\":[\"suspect\"],\"valid\":{\"from\":\"2026-11-01\"},"            \
    "\"review\":\"2027-03-01\"" more ",\"recipients\":{\"never\":[\"x-nobody\"]}}]}}"
#define SOURCE "\"source\":{\"unit\":\"registry\",\"reference\":\"f\"},\"basis\":\"fact\""

static void under(const char *edition)
{
    ben.config.edition_opt = edition_find(text_literal(edition));
    office_reopen(&ben);
}

static void the_rules_of_a_category_are_answered(void **state)
{
    (void)state;
    under("sis");
    struct json list = call_good(test_call(&ben, "auditor", API_GET, "/v1/catalogue", NULL),
                                 __LINE__);
    assert_true(text_is(json_get_text(&list, "edition"), "sis"));
    struct json one = call_good(
        test_call(&ben, "officer", API_GET, "/v1/catalogue/wanted.arrest", NULL), __LINE__);
    const struct json *rules = json_item(json_get(&one, "rules"), 0);
    assert_true(text_is(json_get_text(rules, "flag"), "report-whereabouts"));
    one = call_good(test_call(&ben, "officer", API_GET,
                              "/v1/catalogue/wanted.arrest?edition=interpol", NULL), __LINE__);
    assert_true(text_is(json_get_text(&one, "edition"), "interpol"));
    struct test_answer bad = test_call(&ben, "officer", API_GET, "/v1/catalogue?edition=x", NULL);
    assert_string_equal(bad.rule, "catalogue.no-such-edition");
    bad = test_call(&ben, "officer", API_GET, "/v1/catalogue/police-record", NULL);
    assert_string_equal(bad.rule, "catalogue.not-covered");
}

static void a_refusal_names_place_and_rule(void **state)
{
    (void)state;
    under("sis");
    struct test_answer bad = test_call(&ben, "officer", API_POST, "/v1/records",
                                       RECORD(ID_A, "missing.child", "protect", ""));
    assert_int_equal(bad.status, 400);
    assert_string_equal(bad.rule, "catalogue.needs-case-type");
    assert_true(text_is(bad.subject, "/alerts/0/case_type"));
}

static void what_waits_is_shown_with_its_rule(void **state)
{
    (void)state;
    under("lake-chad");
    (void)call_good(test_call(&ben, "officer", API_POST, "/v1/records",
                              RECORD(ID_A, "check", "check", ",\"check\":\"discreet\"")),
                    __LINE__);
    (void)call_good(test_call(&ben, "officer", API_POST, "/v1/records",
                              RECORD(ID_B, "missing.locate", "locate", "")), __LINE__);
    struct json list = call_good(test_call(&ben, "officer", API_GET, "/v1/waiting", NULL),
                                 __LINE__);
    const struct json *items = json_get(&list, "items");
    assert_int_equal(json_count(items), 1);
    assert_true(text_is(json_get_text(json_item(items, 0), "record"), ID_B));
    struct json card = call_good(
        test_call(&ben, "officer", API_GET, "/v1/records/" ID_B LOOK, NULL), __LINE__);
    const struct json *waiting = json_item(json_get(&card, "waiting"), 0);
    assert_true(text_is(json_get_text(waiting, "rule"), "catalogue.waits-for-consultation"));
    const struct json *behind = json_item(json_get(waiting, "behind"), 0);
    assert_true(text_is(json_get_text(behind, "record"), ID_A));
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "{\"record\":\"%s\"}", ID_A);
    office_tick(&ben);
    list = call_good(test_call(&ben, "officer", API_GET, "/v1/waiting", NULL), __LINE__);
    assert_int_equal(json_count(json_get(&list, "items")), 0);
    struct bytes log;
    list = call_good(test_call(&ben, "auditor", API_GET, "/v1/audit?record=" ID_B, NULL), __LINE__);
    must(json_format(&list, &arena, &log));
    assert_true(bytes_hold(log, text_bytes(TEXT("record.enter"))));
    assert_false(bytes_hold(log, text_bytes(TEXT("ZINSOU")))); /* a log has no content */
}

/* Whoever may not see the standing record learns that something stands, and not what. */
static void what_it_waits_behind_is_for_those_who_may_see_it(void **state)
{
    (void)state;
    under("lake-chad");
    (void)call_good(test_call(&ben, "officer", API_POST, "/v1/records",
                              RECORD(ID_A, "check", "check",
                                     ",\"check\":\"discreet\",\"classification\":"
                                     "\"top-secret\"")), __LINE__);
    (void)call_good(test_call(&ben, "officer", API_POST, "/v1/records",
                              RECORD(ID_B, "missing.locate", "locate", "")), __LINE__);
    struct json card = call_good(
        test_call(&ben, "officer", API_GET, "/v1/records/" ID_B LOOK, NULL), __LINE__);
    const struct json *waiting = json_item(json_get(&card, "waiting"), 0);
    assert_int_equal(json_count(json_get(waiting, "behind")), 0);
}

static size_t due(const char *path, const char *duty)
{
    struct json list = call_good(test_call(&ben, "chief", API_GET, path, NULL), __LINE__);
    const struct json *items = json_get(&list, "items");
    size_t count = 0;
    for (size_t i = 0; i < json_count(items); i++)
        count += text_is(json_get_text(json_item(items, i), "duty"), duty);
    return count;
}

/* A review on 1 March 2027, of age on 1 May 2027; today is 22 November 2026. */
static void the_owner_is_warned_as_long_before_as_the_edition_says(void **state)
{
    (void)state;
    under("lake-chad"); /* deletion 3 months before, majority 4 */
    (void)call_good(test_call(&ben, "officer", API_POST, "/v1/records",
                              RECORD(ID_A, "missing.child", "protect", "")), __LINE__);
    assert_int_equal(due("/v1/duties", "review"), 0);
    assert_int_equal(due("/v1/duties?days=120", "review"), 1);
    assert_int_equal(due("/v1/duties", "majority"), 0);
    under("sis"); /* 4 months each */
    assert_int_equal(due("/v1/duties", "review"), 1);
    now = instant_plus(now, 9 * INSTANT_DAY);
    under("lake-chad");
    assert_int_equal(due("/v1/duties", "review"), 1);
    assert_int_equal(due("/v1/duties", "majority"), 0);
    now = instant_plus(now, 31 * INSTANT_DAY);
    assert_int_equal(due("/v1/duties", "majority"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(the_rules_of_a_category_are_answered),
        API_TEST(a_refusal_names_place_and_rule),
        API_TEST(what_waits_is_shown_with_its_rule),
        API_TEST(what_it_waits_behind_is_for_those_who_may_see_it),
        API_TEST(the_owner_is_warned_as_long_before_as_the_edition_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
