/* What the legal desk sees before a record leaves, and after it was taken back. */
#include "test_api.h"

static const struct json *first(const struct json *answer)
{
    return json_item(json_get(answer, "items"), 0);
}

static void a_preview_says_it_for_every_partner_and_sends_nothing(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    struct json found = call_good(test_call(&ben, "officer", API_POST, "/v1/records/preview",
                                            "{\"record\":\"" ID_A "\"}"),
                                  __LINE__);
    assert_int_equal(json_count(json_get(&found, "items")), 1);
    assert_true(text_is(json_get_text(first(&found), "to"), "NER"));
    assert_true(text_is(json_get_text(first(&found), "outcome"), "share"));
    assert_true(text_is(json_get_text(json_get(first(&found), "basis"), "clause"), "1.1"));
    assert_int_equal(office_rows(&ben, TABLE_SHARED), 0); /* still here */
    struct test_answer none = test_call(&ben, "officer", API_POST, "/v1/records/preview",
                                        "{\"record\":\"" ID_B "\"}");
    assert_string_equal(none.rule, "clerk.no-such-record");
}

static void a_partner_that_has_not_confirmed_a_withdrawal_shows_its_age(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)reply_good(office_try(&ben, "chief", VERB_RECORD_WITHDRAW,
                                "{\"record\":\"" ID_A "\",\"reason\":\"achieved\"}"),
                     __LINE__);
    assert_int_equal(office_number(&ben, &ner), 1); /* on its way, not yet there */
    struct json card = call_good(test_call(&ben, "officer", API_GET, "/v1/partners/NER", NULL),
                                 __LINE__);
    const struct json *waiting = json_get(&card, "unconfirmed_withdrawals");
    int64_t count = 0;
    struct instant oldest;
    assert_true(json_get_integer(waiting, "count", &count));
    assert_int_equal(count, 1);
    assert_false(failed(instant_parse(json_get_text(waiting, "oldest"), &oldest)));
    (void)office_send(&ben, &ner);
    card = call_good(test_call(&ben, "officer", API_GET, "/v1/partners/NER", NULL), __LINE__);
    assert_true(json_get_integer(json_get(&card, "unconfirmed_withdrawals"), "count", &count));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(a_preview_says_it_for_every_partner_and_sends_nothing),
        TEST_OF(a_partner_that_has_not_confirmed_a_withdrawal_shows_its_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
