/* Hits between two nodes with their clocks; and what a partner who lies or errs can do with frames
 * that are well signed: be refused whole, and nothing else. */
#include "test_pact.h"

#include "catalogue/edition.h"
#include "clerk/apply.h"
#include "clerk/exchange/disclose.h"

static struct json opened; /* reply of hit.open */

static void hit_open(bool urgent)
{
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    opened = office_do(&ner, "officer", VERB_HIT_OPEN,
                       "{\"record\":\"" ID_A "\",\"urgent\":%s,"
                       "\"report\":{\"place\":\"Malanville\"}}",
                       urgent ? "true" : "false");
    assert_int_equal(office_send(&ner, &ben), 1);
}

static struct json hit_row(struct office *office)
{
    struct json row;
    struct row_key key = key_text(json_get_text(&opened, "hit"));
    must(view_get(store_view(office->store), TABLE_HIT, &key, &arena, &row));
    return row;
}

static void state_is(struct office *office, const char *state)
{
    struct json row = hit_row(office);
    struct text is = json_get_text(&row, "state");
    if (!text_is(is, state))
        fail_msg("%s: %.*s, not %s", office->code.data, (int)is.len, is.data, state);
}

static struct reply answer(struct office *office, const char *confirmed)
{
    return office_try(office, "officer", VERB_HIT_ANSWER, "{\"hit\":\"%.32s\",\"confirmed\":%s}",
                      json_get_text(&opened, "hit").data, confirmed);
}

static struct reply outcome(struct office *office)
{
    return office_try(office, "officer", VERB_HIT_OUTCOME,
                      "{\"hit\":\"%.32s\",\"outcome\":\"arrested\"}",
                      json_get_text(&opened, "hit").data);
}

static void a_hit_goes_to_the_owner_and_its_answer_comes_back(void **state)
{
    (void)state;
    hit_open(true);
    state_is(&ben, "reported");
    state_is(&ner, "reported");
    (void)reply_good(answer(&ben, "true"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    state_is(&ner, "confirmed");
    (void)reply_good(outcome(&ner), __LINE__);
    assert_int_equal(office_send(&ner, &ben), 1);
    state_is(&ben, "closed");
    state_is(&ner, "closed");
    rebuilt_alike(&ben);
    rebuilt_alike(&ner);
}

static bool stands(const char *id)
{
    struct record_key record;
    struct json row;
    must(record_key_view(ben.clerk, store_view(ben.store),
                         arena_copy_text(&arena, text_literal(id)), &arena, &record));
    struct row_key key = key_record(&record);
    must(view_get(store_view(ben.store), TABLE_RECORD, &key, &arena, &row));
    return json_get(&row, "record") != NULL;
}

/* To the end of a hit: the partner has arrested whom the owner seeks. */
static void hit_to_its_end(const char *edition)
{
    ben.config.edition_opt = edition_find(text_literal(edition));
    hit_open(false);
    office_reopen(&ben);
    (void)reply_good(answer(&ben, "true"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    (void)reply_good(outcome(&ner), __LINE__);
    assert_int_equal(office_send(&ner, &ben), 1);
}

static void an_alert_whose_purpose_is_achieved_goes_when_its_owner_is_silent(void **state)
{
    (void)state;
    hit_to_its_end("sis"); /* 15 days; today is 22 November */
    must(instant_parse(TEXT("2026-12-07T23:59:59.999Z"), &now));
    office_tick(&ben);
    assert_true(stands(ID_A));
    must(instant_parse(TEXT("2026-12-08T00:00:00.000Z"), &now));
    office_tick(&ben);
    assert_false(stands(ID_A));
    assert_true(office_mentions(&ben, "\"reason\":\"achieved\"") > 0);
    rebuilt_alike(&ben);
}

static void an_owner_who_answers_keeps_the_alert(void **state)
{
    struct test_person renamed = adult;
    (void)state;
    hit_to_its_end("sis");
    now = instant_plus(now, INSTANT_DAY);
    renamed.name = "Zinsou Margot";
    ben.config.edition_opt = edition_find(TEXT("general"));
    office_reopen(&ben);
    (void)reply_good(office_put(&ben, renamed), __LINE__);
    ben.config.edition_opt = edition_find(TEXT("sis"));
    office_reopen(&ben);
    must(instant_parse(TEXT("2026-12-08T00:00:00.000Z"), &now));
    office_tick(&ben);
    assert_true(stands(ID_A));
}

static void without_such_a_period_silence_changes_nothing(void **state)
{
    (void)state;
    hit_to_its_end("general");
    now = instant_plus(now, 60 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(stands(ID_A));
}

static void each_side_makes_its_own_moves_once(void **state)
{
    (void)state;
    hit_open(false);
    reply_refused(answer(&ner, "true"), "clerk.not-your-move");
    reply_refused(outcome(&ben), "clerk.not-your-move");
    reply_refused(outcome(&ner), "hit.not-now");
    (void)reply_good(answer(&ben, "false"), __LINE__);
    reply_refused(answer(&ben, "true"), "hit.not-now");
    state_is(&ben, "denied");
}

static void a_hit_needs_a_copy_and_a_report(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    reply_refused(office_try(&ner, "officer", VERB_HIT_OPEN, "%s",
                             "{\"record\":\"" ID_A "\",\"report\":{}}"),
                  "clerk.no-such-record");
    reply_refused(office_try(&ben, "officer", VERB_HIT_OPEN, "%s",
                             "{\"record\":\"" ID_A "\",\"report\":{}}"),
                  "clerk.no-such-record"); /* one's own record is no hit */
    reply_refused(office_try(&ner, "officer", VERB_HIT_OPEN, "%s", "{\"record\":\"" ID_A "\"}"),
                  "clerk.field-missing");
}

static size_t story(struct office *office, const char *event)
{
    struct json row = hit_row(office);
    const struct json *lines = json_get(&row, "story");
    size_t count = 0;
    for (size_t i = 0; i < json_count(lines); i++)
        count += text_is(json_get_text(json_item(lines, i), "event"), event);
    return count;
}

static void a_lapsed_clock_escalates_once_a_level(void **state)
{
    (void)state;
    hit_open(true); /* one hour */
    now = instant_plus(now, INSTANT_HOUR - 1);
    office_tick(&ben);
    assert_int_equal(story(&ben, "escalate"), 0);
    now = instant_plus(now, 1);
    for (int i = 0; i < 3; i++)
        office_tick(&ben);
    assert_int_equal(story(&ben, "escalate"), 1);
    state_is(&ben, "overdue");
    now = instant_plus(now, INSTANT_HOUR); /* two hours after the report: the next level */
    for (int i = 0; i < 3; i++)
        office_tick(&ben);
    assert_int_equal(story(&ben, "escalate"), 2);
    (void)reply_good(answer(&ben, "true"), __LINE__); /* late is better than never */
    office_tick(&ben);
    assert_int_equal(story(&ben, "escalate"), 2);
    rebuilt_alike(&ben);
}

static void a_question_without_a_clause_does_not_leave(void **state)
{
    (void)state;
    reply_refused(office_try(&ben, "officer", VERB_ASK, "%s",
                             "{\"partner\":\"NER\",\"form\":\"trace\","
                             "\"purpose\":\"criminal-investigation\",\"question\":{}}"),
                  "clerk.no-clause");
    assert_int_equal(office_number(&ben, &ner), 0);
}

/* -- a partner that lies ------------------------------------------------------------------- */

static void lie(enum frame_kind kind, const char *body)
{
    office_lie(&ner, &ben, kind, body);
}

/* The lie is one contradiction in BEN's journal, and the next frame is taken. */
static void refused_alone(enum frame_kind kind, const char *body)
{
    static struct tables before;
    static struct tables after;
    uint64_t journal = office_journal(&ben);
    tables_read(&ben, &before);
    lie(kind, body);
    (void)office_send(&ner, &ben);
    tables_read(&ben, &after);
    if (office_journal(&ben) != journal + 1)
        fail_msg("%d facts of %s", (int)(office_journal(&ben) - journal), body);
    for (int t = TABLE_RECORD; t < STORE_TABLES; t++) {
        if (before.rows[t].count != after.rows[t].count)
            fail_msg("%s changed by %s", store_table_name((enum store_table)t), body);
    }
}

#define REPORT(hit, record, answer_ms)                                                           \
    "{\"id\":\"00112233445566778899aabbccddeeff\",\"form\":\"hit-report\",\"hit\":\"" hit        \
    "\",\"record\":\"" record "\",\"report\":{},\"urgent\":false,\"answer_ms\":" answer_ms       \
    ",\"outcome_ms\":3600000}"
#define GOOD_HIT "00112233445566778899aabbccddeeff"
#define LONG_HIT GOOD_HIT GOOD_HIT GOOD_HIT GOOD_HIT GOOD_HIT GOOD_HIT GOOD_HIT

static void a_report_with_a_bad_id_record_or_clock_is_refused_alone(void **state)
{
    (void)state;
    static const char *const lies[] = {
        REPORT(LONG_HIT, ID_A, "3600000"),       REPORT("", ID_A, "3600000"),
        REPORT("not hex", ID_A, "3600000"),      REPORT(GOOD_HIT, ID_B, "3600000"),
        REPORT(GOOD_HIT, "no id", "3600000"),    REPORT(GOOD_HIT, ID_A, "9007199254740991"),
        REPORT(GOOD_HIT, ID_A, "0"),             REPORT(GOOD_HIT, ID_A, "\"soon\""),
        REPORT(GOOD_HIT, "TCD-01ARZ3NDEKTSV4RRFFQ69G5FAV", "3600000"),
        "{\"id\":\"x\",\"form\":\"hit-answer\",\"hit\":\"" GOOD_HIT "\",\"confirmed\":true}",
        "{\"id\":\"x\",\"form\":\"hit-outcome\",\"hit\":\"" GOOD_HIT "\"}",
        "{\"id\":\"x\",\"form\":\"unheard-of\"}",
    };
    (void)reply_good(office_put(&ben, adult), __LINE__);
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
        refused_alone(FRAME_MESSAGE, lies[i]);
    (void)office_send(&ben, &ner);
    hit_open(true); /* and an honest one still arrives */
    state_is(&ben, "reported");
}

/* 1.1 MB of report: its writer has a hit that never left, and the next report leaves. */
static void a_report_too_long_for_a_frame_does_not_stop_the_feed(void **state)
{
    (void)state;
    enum { LONG = 1100 << 10 };
    char *text = arena_take(&arena, LONG);
    struct json body = test_json("{\"record\":\"" ID_A "\"}");
    struct json report = json_object();
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    memset(text, 'x', LONG);
    json_set_text(&arena, &report, "text", (struct text){ text, LONG });
    json_set(&arena, &body, "report", report);
    (void)office_command(&ner, test_command(&ner, "officer", VERB_HIT_OPEN, &body));
    hit_open(true);
    state_is(&ben, "reported");
    assert_int_equal(office_rows(&ner, TABLE_OUTBOX), 0);
}

static void a_report_brings_no_state_story_or_deadline_of_its_own(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    lie(FRAME_MESSAGE, "{\"id\":\"x\",\"form\":\"hit-report\",\"hit\":\"" GOOD_HIT
                       "\",\"record\":\"" ID_A "\",\"report\":{},\"urgent\":false,"
                       "\"answer_ms\":3600000,\"outcome_ms\":3600000,"
                       "\"due\":\"1931-01-01T00:00:00.000Z\",\"state\":\"closed\",\"level\":4,"
                       "\"story\":[{\"event\":\"answer\",\"member\":\"BEN\"}]}");
    (void)office_send(&ner, &ben);
    opened = test_json("{\"hit\":\"" GOOD_HIT "\"}");
    state_is(&ben, "reported");
    assert_int_equal(story(&ben, "report"), 1);
    assert_int_equal(story(&ben, "answer"), 0);
    /* its clock; review and end of the record */
    assert_int_equal(office_rows(&ben, TABLE_DEADLINE), 3);
}

static void an_outcome_before_the_answer_leaves_no_half_a_frame(void **state)
{
    (void)state;
    char text[256];
    hit_open(true);
    (void)snprintf(text, sizeof(text),
                   "{\"id\":\"x\",\"form\":\"hit-outcome\",\"hit\":\"%.32s\","
                   "\"outcome\":\"arrested\"}",
                   json_get_text(&opened, "hit").data);
    refused_alone(FRAME_MESSAGE, text);
    state_is(&ben, "reported");
}

static void a_withdrawal_of_anothers_record_is_refused_alone(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    refused_alone(FRAME_WITHDRAW, "{\"record\":\"" ID_A "\",\"version\":1,\"reason\":\"ended\"}");
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1); /* I2 */
}

/* The first signature is good, the second is not: neither the text nor the first is kept. */
static void an_instrument_with_one_bad_signature_is_refused_whole(void **state)
{
    (void)state;
    struct text hash = draft_put("third");
    struct hash bytes;
    struct json row;
    must(hex_parse(hash, bytes.bytes, HASH_LEN));
    struct row_key key = key_of(BYTES_OF(bytes.bytes));
    must(view_get(store_view(ner.store), TABLE_AGREEMENT, &key, &arena, &row));
    struct json body = json_object();
    struct json list = json_array();
    struct bytes out;
    json_push(&arena, &list, json_string(office_signature(&ner, hash, "sign")));
    json_push(&arena, &list, json_string(office_signature(&ner, pact, "sign")));
    json_set(&arena, &body, "id", json_literal("instrument-x"));
    json_set(&arena, &body, "tree", *json_get(&row, "tree"));
    json_set(&arena, &body, "signatures", list);
    must(json_format(&body, &arena, &out));
    char *text = arena_take(&arena, out.len + 1);
    memcpy(text, out.data, out.len);
    refused_alone(FRAME_INSTRUMENT, text);
    must(view_get(store_view(ben.store), TABLE_AGREEMENT, &key, &arena, &row));
    assert_int_equal(json_count(json_get(&row, "events")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(a_hit_goes_to_the_owner_and_its_answer_comes_back),
        TEST_OF(an_alert_whose_purpose_is_achieved_goes_when_its_owner_is_silent),
        TEST_OF(an_owner_who_answers_keeps_the_alert),
        TEST_OF(without_such_a_period_silence_changes_nothing),
        TEST_OF(each_side_makes_its_own_moves_once),
        TEST_OF(a_hit_needs_a_copy_and_a_report),
        TEST_OF(a_lapsed_clock_escalates_once_a_level),
        TEST_OF(a_question_without_a_clause_does_not_leave),
        TEST_OF(a_report_with_a_bad_id_record_or_clock_is_refused_alone),
        TEST_OF(a_report_too_long_for_a_frame_does_not_stop_the_feed),
        TEST_OF(a_report_brings_no_state_story_or_deadline_of_its_own),
        TEST_OF(an_outcome_before_the_answer_leaves_no_half_a_frame),
        TEST_OF(a_withdrawal_of_anothers_record_is_refused_alone),
        TEST_OF(an_instrument_with_one_bad_signature_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
