/* A person's request over two nodes; the note of inaccuracy; the report of use. */
#include "test_duty.h"

#define REQUEST(kind)                                                                             \
    "{\"kind\":\"" kind "\",\"person\":{\"name\":\"Zinsou Marguerite\",\"birth\":\"1980-03-04\"}," \
    "\"language\":\"fr\",\"text\":\"It is wrong\",\"records\":[\"" ID_A "\"]}"

static struct text opened(struct office *at, const char *body)
{
    struct json reply = office_do(at, "chief", VERB_SUBJECT_OPEN, "%s", body);
    return json_get_text(&reply, "subject");
}

static struct reply act_on(struct office *at, enum verb verb, struct text subject,
                           const char *more)
{
    return office_try(at, "chief", verb, "{\"subject\":\"%.32s\"%s}", subject.data, more);
}

static struct json request(struct office *at, struct text subject)
{
    struct row_key key = key_text(subject);
    struct json row;
    must(view_get(store_view(at->store), TABLE_SUBJECT, &key, &arena, &row));
    return row;
}

/* The first record of a request. */
static struct json item(struct office *at, struct text subject)
{
    struct json row = request(at, subject);
    const struct json *items = json_get(&row, "records");
    assert_int_equal(json_count(items), 1);
    return items->members[0].value;
}

/* What the owner was asked. */
static struct text asked_at(struct office *owner)
{
    struct store_range range = { .table = TABLE_SUBJECT, .limit = 8 };
    struct store_rows rows;
    must(store_scan(store_view(owner->store), &range, &arena, &rows));
    assert_int_equal(rows.count, 1);
    struct text key = { (const char *)rows.rows[0].key.data, rows.rows[0].key.len };
    return arena_copy_text(&arena, key);
}

static bool is(struct json row, const char *name, const char *value)
{
    return text_is(json_get_text(&row, name), value);
}

/* NER's person asks NER about a copy of BEN's record. */
static struct text forwarded(const char *body)
{
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    struct text subject = opened(&ner, body);
    (void)reply_good(act_on(&ner, VERB_SUBJECT_FORWARD, subject, ",\"record\":\"" ID_A "\""),
                     __LINE__);
    assert_int_equal(office_send(&ner, &ben), 1);
    return subject;
}

static void a_copy_is_answered_by_its_owner_without_the_persons_name(void **state)
{
    (void)state;
    struct text subject = forwarded(REQUEST("access"));
    assert_true(is(item(&ner, subject), "state", "forwarded"));
    reply_refused(act_on(&ner, VERB_SUBJECT_ANSWER, subject,
                         ",\"record\":\"" ID_A "\",\"outcome\":\"granted\""),
                  "subject.owner-answers"); /* I2 */
    reply_refused(act_on(&ner, VERB_SUBJECT_CLOSE, subject, ""), "subject.not-answered");
    struct text asked = asked_at(&ben);
    assert_true(is(request(&ben, asked), "kind", "access"));
    assert_true(is(request(&ben, asked), "partner", "NER"));
    struct json theirs = request(&ben, asked);
    assert_null(json_get(&theirs, "person")); /* I7: the desk knows who, the owner knows what */
    reply_refused(act_on(&ben, VERB_SUBJECT_ANSWER, asked, ",\"outcome\":\"refused\""),
                  "subject.ground-missing");
    (void)reply_good(act_on(&ben, VERB_SUBJECT_ANSWER, asked,
                            ",\"outcome\":\"refused\",\"ground\":\"neither-confirmed-nor-denied\""),
                     __LINE__);
    reply_refused(act_on(&ben, VERB_SUBJECT_ANSWER, asked, ",\"outcome\":\"granted\""),
                  "clerk.request-closed");
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_true(is(item(&ner, subject), "ground", "neither-confirmed-nor-denied"));
    assert_true(is(request(&ner, subject), "state", "answered"));
    (void)reply_good(act_on(&ner, VERB_SUBJECT_CLOSE, subject, ""), __LINE__);
    assert_true(is(request(&ner, subject), "state", "closed"));
    rebuilt_alike(&ben);
    rebuilt_alike(&ner);
}

static void a_closed_request_goes_after_its_own_period(void **state)
{
    (void)state;
    struct text subject = forwarded(REQUEST("access"));
    (void)reply_good(act_on(&ben, VERB_SUBJECT_ANSWER, asked_at(&ben),
                            ",\"outcome\":\"granted\""), __LINE__);
    (void)office_send(&ben, &ner);
    (void)reply_good(act_on(&ner, VERB_SUBJECT_CLOSE, subject, ""), __LINE__);
    (void)office_do(&ner, "chief", VERB_RECORD_HOLD, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court\",\"until\":\"2030-01-01\"}");
    assert_true(office_mentions(&ner, "1980-03-04\",\"name\"") > 0);
    now = instant_plus(now, 364 * INSTANT_DAY);
    office_tick(&ner);
    assert_true(office_mentions(&ner, "1980-03-04\",\"name\"") > 0);
    now = instant_plus(now, 1 * INSTANT_DAY);
    office_tick(&ner);
    office_tick(&ben);
    assert_int_equal(office_mentions(&ner, "1980-03-04\",\"name\""), 0);
    assert_int_equal(office_rows(&ner, TABLE_SUBJECT), 0);
    assert_int_equal(office_rows(&ben, TABLE_SUBJECT), 0);
    rebuilt_alike(&ner);
    rebuilt_alike(&ben);
}

static void an_erasure_granted_by_the_owner_erases_every_copy(void **state)
{
    (void)state;
    struct text subject = forwarded(REQUEST("erasure"));
    (void)reply_good(act_on(&ben, VERB_SUBJECT_ANSWER, asked_at(&ben),
                            ",\"outcome\":\"granted\""), __LINE__);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    (void)office_send(&ben, &ner);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
    assert_true(is(item(&ner, subject), "outcome", "granted"));
    rebuilt_alike(&ner);
    rebuilt_alike(&ben);
}

static void a_correction_is_granted_by_having_been_made(void **state)
{
    (void)state;
    struct test_person renamed = adult;
    renamed.name = "Zinsou Margot";
    struct text subject = forwarded(REQUEST("correction"));
    struct text asked = asked_at(&ben);
    reply_refused(act_on(&ben, VERB_SUBJECT_ANSWER, asked, ",\"outcome\":\"granted\""),
                  "subject.not-corrected");
    (void)reply_good(office_put(&ben, renamed), __LINE__);
    (void)reply_good(act_on(&ben, VERB_SUBJECT_ANSWER, asked, ",\"outcome\":\"granted\""),
                     __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(office_hits(&ner, "ZINSOU Margot"), 1);
    assert_true(is(item(&ner, subject), "outcome", "granted"));
}

static void a_restriction_granted_takes_every_copy_out_of_search(void **state)
{
    (void)state;
    (void)forwarded(REQUEST("restriction"));
    (void)reply_good(act_on(&ben, VERB_SUBJECT_ANSWER, asked_at(&ben),
                            ",\"outcome\":\"granted\""), __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 1);
    rebuilt_alike(&ner);
}

static void an_own_record_is_answered_here(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    struct text subject = opened(&ben, REQUEST("erasure"));
    reply_refused(act_on(&ben, VERB_SUBJECT_FORWARD, subject, ",\"record\":\"" ID_A "\""),
                  "clerk.no-copy");
    (void)office_do(&ben, "chief", VERB_RECORD_HOLD, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court\",\"until\":\"2027-01-01\"}");
    reply_refused(act_on(&ben, VERB_SUBJECT_ANSWER, subject,
                         ",\"record\":\"" ID_A "\",\"outcome\":\"granted\""), "clerk.held");
    (void)reply_good(act_on(&ben, VERB_SUBJECT_ANSWER, subject,
                            ",\"record\":\"" ID_A "\",\"outcome\":\"refused\","
                            "\"ground\":\"court-order\""), __LINE__);
    (void)reply_good(act_on(&ben, VERB_SUBJECT_CLOSE, subject, ""), __LINE__);
    rebuilt_alike(&ben);
}

static void a_request_about_nothing_we_hold_is_closed_at_once(void **state)
{
    (void)state;
    struct text subject = opened(&ben, "{\"kind\":\"access\",\"person\":{\"name\":\"Nobody\"}}");
    (void)reply_good(act_on(&ben, VERB_SUBJECT_CLOSE, subject,
                            ",\"ground\":\"neither-confirmed-nor-denied\""), __LINE__);
    assert_true(is(request(&ben, subject), "ground", "neither-confirmed-nor-denied"));
    reply_refused(act_on(&ben, VERB_SUBJECT_CLOSE, subject, ""), "clerk.request-closed");
}

static void what_is_wrong_with_a_request_is_said(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        { "{\"kind\":\"objection\",\"person\":{\"name\":\"A\"}}", "subject.unknown-kind" },
        { "{\"kind\":\"access\"}", "clerk.field-missing" },
        { "{\"kind\":\"access\",\"person\":{\"name\":\"A\",\"birth\":\"1980\"}}",
          "clerk.bad-date" },
        { "{\"kind\":\"access\",\"person\":{\"name\":\"A\"},\"records\":[\"" ID_A "\"]}",
          "clerk.no-such-record" },
        { "{\"kind\":\"access\",\"person\":{\"name\":\"A\"},\"records\":[7]}",
          "clerk.no-such-record" },
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        reply_refused(office_try(&ben, "chief", VERB_SUBJECT_OPEN, "%s", bad[i][0]), bad[i][1]);
    reply_refused(office_try(&ben, "officer", VERB_SUBJECT_OPEN, "%s", bad[0][0]), "clerk.role");
}

/* -- lies --------------------------------------------------------------------------------- */

#define MESSAGE(form, record, more)                                                               \
    "{\"id\":\"x\",\"form\":\"" form "\",\"record\":\"" record "\"" more "}"
#define HEX "00112233445566778899aabbccddeeff"

/* One contradiction in the journal, no row, and the feed goes on. */
static void refused_alone(struct office *from, struct office *to, const char *body)
{
    static struct tables before;
    static struct tables after;
    uint64_t journal = office_journal(to);
    tables_read(to, &before);
    office_lie(from, to, FRAME_MESSAGE, body);
    (void)office_send(from, to);
    tables_read(to, &after);
    if (office_journal(to) != journal + 1)
        fail_msg("%d facts of %s", (int)(office_journal(to) - journal), body);
    for (int t = TABLE_RECORD; t < STORE_TABLES; t++) {
        if (before.rows[t].count != after.rows[t].count)
            fail_msg("%s changed by %s", store_table_name((enum store_table)t), body);
    }
}

static void what_a_holder_may_not_say_is_refused_alone(void **state)
{
    (void)state;
    static const char *const lies[] = {
        MESSAGE("subject-request", ID_B, ",\"subject\":\"" HEX "\",\"request\":\"access\""),
        MESSAGE("subject-request", ID_A, ",\"subject\":\"x\",\"request\":\"access\""),
        MESSAGE("subject-request", ID_A, ",\"subject\":\"" HEX "\",\"request\":\"arrest\""),
        MESSAGE("subject-request", "no id", ",\"subject\":\"" HEX "\",\"request\":\"access\""),
        MESSAGE("restriction", ID_A, ",\"restricted\":true"), /* the owner's word alone (I2) */
        MESSAGE("inaccuracy", ID_A, ",\"note\":\"" HEX "\",\"version\":1,"
                                    "\"ground\":\"inaccurate\""),
        MESSAGE("inaccuracy-known", ID_B, ",\"note\":\"" HEX "\""),
        MESSAGE("inaccuracy-known", ID_A, ",\"note\":\"soon\""),
        MESSAGE("copy-erased", ID_B, ",\"version\":1,\"reason\":\"silence\""),
        MESSAGE("copy-erased", ID_A, ",\"version\":\"1\""),
        MESSAGE("use-report", ID_A, ",\"at\":\"soon\",\"used_for\":\"border-check\","
                                    "\"unit\":\"x\""),
        MESSAGE("use-report", ID_A, ",\"at\":\"2026-11-22T00:00:00.000Z\","
                                    "\"used_for\":\"fun\",\"unit\":\"x\""),
        MESSAGE("subject-answer", ID_A, ",\"subject\":\"" HEX "\",\"outcome\":\"granted\""),
        MESSAGE("subject-forgery", ID_A, ""),
    };
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
        refused_alone(&ner, &ben, lies[i]);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
}

static void an_owner_answers_what_it_was_asked_and_nothing_else(void **state)
{
    (void)state;
    (void)forwarded(REQUEST("access"));
    struct text asked = asked_at(&ben);
    char other[400];
    snprintf(other, sizeof(other),
             MESSAGE("subject-answer", ID_B, ",\"subject\":\"%.32s\",\"outcome\":\"granted\""),
             asked.data);
    refused_alone(&ben, &ner, other);
    refused_alone(&ben, &ner, MESSAGE("subject-answer", ID_A, ",\"subject\":\"" HEX
                                      "\",\"outcome\":\"granted\""));
    snprintf(other, sizeof(other),
             MESSAGE("subject-answer", ID_A, ",\"subject\":\"%.32s\",\"outcome\":\"refused\""),
             asked.data);
    refused_alone(&ben, &ner, other); /* without a ground */
}

/* -- notes of inaccuracy ------------------------------------------------------------------ */

#define WRONG "{\"record\":\"" ID_A "\",\"statement\":\"s1\",\"ground\":\"inaccurate\"}"

static struct json shared(void)
{
    struct record_key record;
    struct json row;
    must(record_key_view(ben.clerk, store_view(ben.store), TEXT(ID_A), &arena, &record));
    struct row_key key = key_text(TEXT("NER"));
    key_add_u8(&key, 0);
    key_add(&key, BYTES_OF(record.bytes));
    must(view_get(store_view(ben.store), TABLE_SHARED, &key, &arena, &row));
    return row;
}

static void who_received_what_is_wrong_is_told_and_says_so(void **state)
{
    (void)state;
    struct test_person renamed = adult;
    struct json row;
    renamed.name = "Zinsou Margot";
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    reply_refused(office_try(&ner, "officer", VERB_INACCURACY, "%s", WRONG),
                  "clerk.not-the-owner");
    (void)office_do(&ben, "officer", VERB_INACCURACY, "%s", WRONG);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_true(duty_row(&ner, ID_A, &row));
    assert_true(text_is(json_get_text(json_get(&row, "inaccurate"), "statement"), "s1"));
    struct json before = shared();
    assert_true(json_get_text(json_get(&before, "noted"), "at").len > 0);
    assert_int_equal(json_get_text(json_get(&before, "noted"), "known_at").len, 0);
    assert_int_equal(office_send(&ner, &ben), 1);
    struct json after = shared();
    assert_true(json_get_text(json_get(&after, "noted"), "known_at").len > 0);
    rebuilt_alike(&ner);
    rebuilt_alike(&ben);
    office_keys(&ben);
    office_keys(&ner);
    (void)reply_good(office_put(&ben, renamed), __LINE__); /* the correction ends it */
    (void)office_send(&ben, &ner);
    assert_true(duty_row(&ner, ID_A, &row));
    assert_null(json_get(&row, "inaccurate"));
    assert_true(duty_row(&ben, ID_A, &row));
    assert_null(json_get(&row, "inaccurate"));
}

static void who_held_it_once_is_told_too(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)office_do(&ben, "chief", VERB_RECORD_HOLD, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court\",\"until\":\"2027-01-01\"}");
    (void)office_send(&ben, &ner);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
    (void)office_do(&ben, "officer", VERB_INACCURACY, "%s", WRONG);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_send(&ner, &ben), 1); /* it knows, though it holds nothing */
    struct json row = shared();
    assert_true(json_get_text(json_get(&row, "noted"), "known_at").len > 0);
    rebuilt_alike(&ner);
}

/* -- use ---------------------------------------------------------------------------------- */

static void a_report_of_use_reaches_the_owner_without_a_name(void **state)
{
    (void)state;
    struct json row;
    struct json basis;
    (void)office_do(&ner, "admin", VERB_UNIT_PUT, "%s",
                    "{\"unit\":{\"id\":\"registry\",\"name\":\"Registry\",\"branch\":\"police\","
                    "\"purposes\":[\"law-enforcement\"],\"ceiling\":\"restricted\"}}");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    assert_true(duty_row(&ner, ID_A, &row));
    assert_true(text_is(json_item_text(json_get(&row, "conditions"), 0), "report-use"));
    basis = *json_get(&row, "basis");
    struct json reference = test_json("{\"case\":\"2026-17\"}");
    struct json body = test_json("{\"kind\":\"search\",\"hits\":[\"" ID_A "\"]}");
    struct json report = test_json("{\"record\":\"" ID_A "\",\"partner\":\"BEN\"}");
    struct json reports = json_array();
    json_set(&arena, &report, "basis", basis);
    json_push(&arena, &reports, report);
    json_set(&arena, &body, "reports", reports);
    struct command look = test_command(&ner, "officer", VERB_LOOK, &body);
    look.by.purpose = TEXT("criminal-investigation");
    look.by.reference = &reference;
    (void)reply_good(office_command(&ner, look), __LINE__);
    rebuilt_alike(&ner);
    office_keys(&ner);
    size_t before = office_rows(&ben, TABLE_ACCESS_RECORD);
    assert_int_equal(office_send(&ner, &ben), 1);
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_RECORD), before + 1);
    assert_true(office_mentions(&ben, "\"used_for\":\"criminal-investigation\"") > 0);
    assert_int_equal(office_mentions(&ben, "2026-17"), 0);
    rebuilt_alike(&ben);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DUTY_TEST(a_copy_is_answered_by_its_owner_without_the_persons_name),
        DUTY_TEST(a_closed_request_goes_after_its_own_period),
        DUTY_TEST(an_erasure_granted_by_the_owner_erases_every_copy),
        DUTY_TEST(a_correction_is_granted_by_having_been_made),
        DUTY_TEST(a_restriction_granted_takes_every_copy_out_of_search),
        DUTY_TEST(an_own_record_is_answered_here),
        DUTY_TEST(a_request_about_nothing_we_hold_is_closed_at_once),
        DUTY_TEST(what_is_wrong_with_a_request_is_said),
        DUTY_TEST(what_a_holder_may_not_say_is_refused_alone),
        DUTY_TEST(an_owner_answers_what_it_was_asked_and_nothing_else),
        DUTY_TEST(who_received_what_is_wrong_is_told_and_says_so),
        DUTY_TEST(who_held_it_once_is_told_too),
        DUTY_TEST(a_report_of_use_reaches_the_owner_without_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
