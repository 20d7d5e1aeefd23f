/* What the desk sees of holds, restrictions, silence and of what is due. */
#include "test_api.h"

#define RECORD_A "/v1/records/" ID_A

static void a_held_record_is_the_legal_desks_alone_and_says_so(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(test_hits(&ben), 1);
    struct test_answer held = test_call(&ben, "chief", API_POST, RECORD_A "/hold",
                                        "{\"reason\":\"court file 7\",\"until\":\"2027-03-01\"}");
    (void)call_good(held, __LINE__);
    assert_int_equal(test_hits(&ben), 0);
    struct test_answer look = test_call(&ben, "deputy", API_GET, RECORD_A LOOK, NULL);
    assert_string_equal(look.rule, "clerk.no-such-record"); /* I8 */
    struct json card = call_good(test_call(&ben, "chief", API_GET, RECORD_A LOOK, NULL),
                                 __LINE__);
    assert_true(text_is(json_get_text(json_get(&card, "hold"), "reason"), "court file 7"));
    (void)call_good(test_call(&ben, "chief", API_POST, RECORD_A "/release-hold", "{}"), __LINE__);
    assert_int_equal(test_hits(&ben), 1);
}

static void a_restriction_goes_to_every_copy_and_comes_back(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(test_hits(&ner), 1);
    struct test_answer done = test_call(&ner, "chief", API_POST, RECORD_A "/restrict",
                                        "{\"restricted\":true,\"ground\":\"inaccurate\"}");
    assert_string_equal(done.rule, "clerk.not-the-owner"); /* I2 */
    done = test_call(&ben, "chief", API_POST, RECORD_A "/restrict", "{\"restricted\":true}");
    assert_string_equal(done.rule, "clerk.unknown-ground");
    done = test_call(&ben, "chief", API_POST, RECORD_A "/restrict",
                     "{\"restricted\":true,\"ground\":\"inaccurate\"}");
    (void)call_good(done, __LINE__);
    assert_int_equal(test_hits(&ben), 0);
    (void)office_send(&ben, &ner);
    assert_int_equal(test_hits(&ner), 0);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 1); /* marked, not taken back */
    rebuilt_alike(&ner);
    office_keys(&ner);
    done = test_call(&ben, "chief", API_POST, RECORD_A "/restrict", "{\"restricted\":false}");
    (void)call_good(done, __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(test_hits(&ben), 1);
    assert_int_equal(test_hits(&ner), 1);
    rebuilt_alike(&ben);
}

static void a_restricted_record_is_not_shared_anew(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)call_good(test_call(&ben, "chief", API_POST, RECORD_A "/restrict",
                              "{\"restricted\":true,\"ground\":\"unlawful\"}"), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 0);
}

static void a_copy_of_a_silent_partner_is_hidden_and_the_countdown_said(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    now = instant_plus(now, 10 * INSTANT_DAY);
    struct json card = call_good(test_call(&ner, "officer", API_GET, RECORD_A LOOK, NULL),
                                 __LINE__);
    struct text hides = json_get_text(json_get(&card, "silence"), "hides");
    assert_true(text_is(hides, "2026-12-12T12:00:00.000Z"));
    now = instant_plus(now, 10 * INSTANT_DAY - 1);
    assert_int_equal(test_hits(&ner), 1);
    now = instant_plus(now, 1);
    assert_int_equal(test_hits(&ner), 0);
    struct test_answer look = test_call(&ner, "officer", API_GET, RECORD_A LOOK, NULL);
    assert_string_equal(look.rule, "clerk.no-such-record");
}

static void what_ends_soon_is_on_the_list_of_duties(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    struct json near = call_good(test_call(&ner, "chief", API_GET, "/v1/duties?days=59", NULL),
                                 __LINE__);
    assert_int_equal(json_count(json_get(&near, "items")), 0);
    struct json far = call_good(test_call(&ner, "chief", API_GET, "/v1/duties", NULL), __LINE__);
    const struct json *first = json_item(json_get(&far, "items"), 0);
    assert_int_equal(json_count(json_get(&far, "items")), 1);
    assert_true(text_is(json_get_text(first, "duty"), "erasure"));
    assert_true(text_is(json_get_text(first, "id"), ID_A));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(a_held_record_is_the_legal_desks_alone_and_says_so),
        API_TEST(a_restriction_goes_to_every_copy_and_comes_back),
        API_TEST(a_restricted_record_is_not_shared_anew),
        API_TEST(a_copy_of_a_silent_partner_is_hidden_and_the_countdown_said),
        API_TEST(what_ends_soon_is_on_the_list_of_duties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
