/* What has outlived its period goes, here and at partners, and a court's hold keeps it apart. */
#include "clerk/apply.h"
#include "clerk/rights/retain.h"
#include "test_duty.h"

#define HOLD "{\"record\":\"" ID_A "\",\"reason\":\"court file 7\",\"until\":\"2027-03-01\"}"

static const char *state_at(struct office *owner, const char *partner)
{
    static char name[32];
    struct record_key record;
    struct json row;
    must(record_key_view(owner->clerk, store_view(owner->store), TEXT(ID_A), &arena, &record));
    struct row_key key = key_text(text_literal(partner));
    key_add_u8(&key, 0);
    key_add(&key, BYTES_OF(record.bytes));
    if (failed(view_get(store_view(owner->store), TABLE_SHARED, &key, &arena, &row)))
        return "none";
    struct text state = json_get_text(&row, "state");
    snprintf(name, sizeof(name), "%.*s", (int)state.len, state.data);
    return name;
}

/* A frame about something else: the feed is heard. */
static void a_word(struct office *from, struct office *to)
{
    struct test_person other = adult;
    static char name[32];
    snprintf(name, sizeof(name), "Okpara Number%d", (int)(now.ms / INSTANT_DAY));
    other.id = ID_B;
    other.name = name;
    (void)reply_good(office_put(from, other), __LINE__);
    assert_true(office_send(from, to) > 0);
}

static void a_copy_goes_when_its_period_is_over_and_the_owner_is_told(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    days_pass(39);
    a_word(&ben, &ner);
    days_pass(20);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    days_pass(1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0); /* I6 */
    assert_true(office_mentions(&ner, "\"reason\":\"expired\"") > 0);
    rebuilt_alike(&ner);
    office_keys(&ner);
    assert_string_equal(state_at(&ben, "NER"), "held");
    assert_true(office_send(&ner, &ben) > 0);
    assert_string_equal(state_at(&ben, "NER"), "expired");
    (void)office_do(&ben, "officer", VERB_NOTE_PUT, "%s",
                    "{\"record\":\"" ID_A "\",\"kind\":\"remark\",\"text\":\"x\"}");
    assert_int_equal(office_number(&ben, &ner), 0); /* its period is not begun again */
    rebuilt_alike(&ben);
}

static void a_new_version_begins_the_period_again(void **state)
{
    (void)state;
    struct test_person renamed = adult;
    renamed.name = "Zinsou Margot";
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    days_pass(30);
    (void)reply_good(office_put(&ben, renamed), __LINE__);
    (void)office_send(&ben, &ner);
    days_pass(31);
    a_word(&ben, &ner);
    assert_int_equal(office_hits(&ner, "ZINSOU Margot"), 1);
    days_pass(29);
    assert_int_equal(office_hits(&ner, "ZINSOU Margot"), 0);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 1);
}

static void an_own_record_goes_when_its_last_alert_is_over(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__); /* open, review on 2027-06-01 */
    (void)office_send(&ben, &ner);
    must(instant_parse(TEXT("2027-07-01T23:00:00.000Z"), &now));
    office_tick(&ben);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
    must(instant_parse(TEXT("2027-07-02T00:00:00.000Z"), &now));
    office_tick(&ben);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_mentions(&ben, "Zinsou"), 0);
    rebuilt_alike(&ben);
    office_keys(&ben);
    assert_true(office_number(&ben, &ner) > 0); /* the erasure, for whoever holds it */
}

/* The put of `adult` with a second alert that ends on a day. */
static void put_with_second(const char *until)
{
    struct json row;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_true(duty_row(&ben, ID_A, &row));
    struct json record = json_copy(&arena, json_get(&row, "record"));
    struct json alerts = json_copy(&arena, json_get(&record, "alerts"));
    struct json second = json_copy(&arena, json_item(&alerts, 0));
    struct json valid = test_json("{\"from\":\"2020-01-01\"}");
    json_set_text(&arena, &valid, "until", text_literal(until));
    json_set(&arena, &second, "valid", valid);
    json_set(&arena, &second, "id", json_literal("a2"));
    json_set(&arena, &second, "reason", json_literal("Xylocarp affair"));
    json_push(&arena, &alerts, second);
    json_set(&arena, &record, "alerts", alerts);
    struct json body = json_object();
    json_set(&arena, &body, "record", record);
    (void)reply_good(office_command(&ben, test_command(&ben, "officer", VERB_RECORD_PUT, &body)),
                     __LINE__);
}

static void one_alert_that_is_over_goes_and_the_others_stay(void **state)
{
    (void)state;
    struct json row;
    int64_t version = 0;
    put_with_second("2026-11-25");
    (void)office_do(&ben, "officer", VERB_NOTE_PUT, "%s",
                    "{\"record\":\"" ID_A "\",\"kind\":\"remark\",\"text\":\"keep me\"}");
    (void)office_send(&ben, &ner);
    assert_true(office_mentions(&ben, "Xylocarp") > 0);
    must(instant_parse(TEXT("2026-11-26T00:00:00.000Z"), &now));
    office_tick(&ben);
    assert_int_equal(office_mentions(&ben, "Xylocarp"), 0); /* neither in facts nor in frames */
    assert_true(duty_row(&ben, ID_A, &row));
    assert_int_equal(json_count(json_get(json_get(&row, "record"), "alerts")), 1);
    assert_true(json_get_integer(&row, "version", &version));
    assert_int_equal(version, 3);
    assert_true(text_is(json_get_text(&row, "user"), "officer"));
    assert_true(office_mentions(&ben, "keep me") > 0);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
    rebuilt_alike(&ben);
    office_keys(&ben);
    assert_true(office_send(&ben, &ner) > 0);
    assert_int_equal(office_mentions(&ner, "Xylocarp"), 0);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    rebuilt_alike(&ner);
}

static void what_was_withdrawn_does_not_stay_in_the_journal(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"found\"}");
    days_pass(29);
    assert_true(office_mentions(&ben, "Zinsou") > 0);
    days_pass(1);
    assert_int_equal(office_mentions(&ben, "Zinsou"), 0);
    rebuilt_alike(&ben);
}

static void a_hold_takes_a_record_from_search_and_partners_and_keeps_it(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    reply_refused(office_try(&ben, "officer", VERB_RECORD_HOLD, "%s", HOLD), "clerk.role");
    (void)office_do(&ben, "chief", VERB_RECORD_HOLD, "%s", HOLD);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    (void)office_send(&ben, &ner);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    reply_refused(office_try(&ben, "chief", VERB_RECORD_ERASE, "%s",
                             "{\"record\":\"" ID_A "\",\"reason\":\"x\"}"), "clerk.held");
    reply_refused(office_put(&ben, adult), "clerk.held");
    reply_refused(office_try(&ben, "officer", VERB_RECORD_WITHDRAW, "%s",
                             "{\"record\":\"" ID_A "\"}"), "clerk.held");
    office_reopen(&ben);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    rebuilt_alike(&ben);
    office_keys(&ben);
    (void)office_do(&ben, "chief", VERB_RECORD_HOLD_END, "%s", "{\"record\":\"" ID_A "\"}");
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
    (void)office_send(&ben, &ner);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    rebuilt_alike(&ben);
    office_keys(&ben);
    reply_refused(office_try(&ben, "chief", VERB_RECORD_HOLD_END, "%s",
                             "{\"record\":\"" ID_A "\"}"), "clerk.not-held");
}

static void a_hold_outlasts_the_period_and_lapses_by_itself(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_do(&ben, "chief", VERB_RECORD_HOLD, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court\",\"until\":\"2028-01-01\"}");
    must(instant_parse(TEXT("2027-12-31T00:00:00.000Z"), &now));
    office_tick(&ben);
    assert_true(office_mentions(&ben, "Zinsou") > 0);
    must(instant_parse(TEXT("2028-01-01T00:00:01.000Z"), &now));
    office_tick(&ben);
    assert_int_equal(office_mentions(&ben, "Zinsou"), 0);
    rebuilt_alike(&ben);
}

static void a_hold_on_a_copy_yields_to_its_owner(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)office_do(&ner, "chief", VERB_RECORD_HOLD, "%s", HOLD);
    days_pass(61);
    assert_true(office_mentions(&ner, "Zinsou") > 0); /* its own run waits */
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    (void)office_send(&ben, &ner);
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0); /* I2 */
    rebuilt_alike(&ner);
}

static void a_date_of_a_hold_must_be_to_come(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    reply_refused(office_try(&ben, "chief", VERB_RECORD_HOLD, "%s",
                             "{\"record\":\"" ID_A "\",\"reason\":\"x\",\"until\":\"2026-01-01\"}"),
                  "clerk.date-is-past");
    reply_refused(office_try(&ben, "chief", VERB_RECORD_HOLD, "%s",
                             "{\"record\":\"" ID_A "\",\"reason\":\"x\",\"until\":\"soon\"}"),
                  "clerk.bad-date");
    reply_refused(office_try(&ben, "chief", VERB_RECORD_HOLD, "%s",
                             "{\"record\":\"" ID_B "\",\"reason\":\"x\",\"until\":\"2027-01-01\"}"),
                  "clerk.no-such-record");
}

static enum silence silence_of(struct office *at)
{
    struct json row;
    struct silence_clock clock = { .state = SILENCE_NONE };
    assert_true(duty_row(at, ID_A, &row));
    must(copy_silence(store_view(at->store), &row, now, &arena, &clock));
    return clock.state;
}

static void a_silent_feed_hides_its_copies_and_then_loses_them(void **state)
{
    (void)state;
    struct test_person late = adult;
    late.name = "Zinsou Margot";
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    now = instant_plus(now, 8 * INSTANT_DAY);
    assert_int_equal(silence_of(&ner), SILENCE_SHOWN);
    (void)office_send(&ben, &ner); /* nothing new: no word either */
    now = instant_plus(now, 12 * INSTANT_DAY);
    assert_int_equal(silence_of(&ner), SILENCE_HIDES);
    (void)reply_good(office_put(&ben, late), __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(silence_of(&ner), SILENCE_NONE); /* any frame renews them all */
    now = instant_plus(now, 29 * INSTANT_DAY);
    office_tick(&ner);
    assert_int_equal(silence_of(&ner), SILENCE_HIDES);
}

static void after_twice_the_silence_copies_go_and_come_back_with_the_feed(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    now = instant_plus(now, 39 * INSTANT_DAY);
    office_tick(&ner);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 1);
    now = instant_plus(now, 1 * INSTANT_DAY);
    office_tick(&ner);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0);
    rebuilt_alike(&ner);
    office_keys(&ner);
    assert_string_equal(state_at(&ben, "NER"), "held");
    assert_true(office_send(&ner, &ben) > 0);
    assert_string_equal(state_at(&ben, "NER"), "lapsed");
    assert_true(office_send(&ben, &ner) > 0); /* and is shared again */
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    assert_string_equal(state_at(&ben, "NER"), "held");
    rebuilt_alike(&ben);
}

static void an_access_entry_goes_after_its_own_period_not_with_its_record(void **state)
{
    (void)state;
    struct json body = test_json("{\"kind\":\"search\",\"query\":{\"name\":\"Zinsou Wxyz\"},"
                                 "\"hits\":[\"" ID_A "\"]}");
    struct json reference = test_json("{\"case\":\"2026-17\"}");
    (void)office_do(&ben, "admin", VERB_UNIT_PUT, "%s",
                    "{\"unit\":{\"id\":\"registry\",\"name\":\"Registry\",\"branch\":\"police\","
                    "\"purposes\":[\"law-enforcement\"],\"ceiling\":\"restricted\"}}");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    struct command look = test_command(&ben, "officer", VERB_LOOK, &body);
    look.by.purpose = TEXT("criminal-investigation");
    look.by.reference = &reference;
    (void)reply_good(office_command(&ben, look), __LINE__);
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_RECORD), 2); /* look, erasure */
    now = instant_plus(now, 3 * 365 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(office_mentions(&ben, "Wxyz") > 0); /* its month is not over yet */
    now = instant_plus(now, 32 * INSTANT_DAY);
    office_tick(&ben);
    assert_int_equal(office_mentions(&ben, "Wxyz"), 0);
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_RECORD), 1);
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_USER), 0);
    rebuilt_alike(&ben);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DUTY_TEST(a_copy_goes_when_its_period_is_over_and_the_owner_is_told),
        DUTY_TEST(a_new_version_begins_the_period_again),
        DUTY_TEST(an_own_record_goes_when_its_last_alert_is_over),
        DUTY_TEST(one_alert_that_is_over_goes_and_the_others_stay),
        DUTY_TEST(what_was_withdrawn_does_not_stay_in_the_journal),
        DUTY_TEST(a_hold_takes_a_record_from_search_and_partners_and_keeps_it),
        DUTY_TEST(a_hold_outlasts_the_period_and_lapses_by_itself),
        DUTY_TEST(a_hold_on_a_copy_yields_to_its_owner),
        DUTY_TEST(a_date_of_a_hold_must_be_to_come),
        DUTY_TEST(a_silent_feed_hides_its_copies_and_then_loses_them),
        DUTY_TEST(after_twice_the_silence_copies_go_and_come_back_with_the_feed),
        DUTY_TEST(an_access_entry_goes_after_its_own_period_not_with_its_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
