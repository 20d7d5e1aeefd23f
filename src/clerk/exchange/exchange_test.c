/* Two nodes, BEN the owner and NER the finder, under one agreement: what is sent, taken in, taken
 * back, and refused; and that a rebuild finds every row again. */
#include "test_pact.h"

#include "clerk/apply.h"

static const struct test_person child = { ID_B, "Okpara Theophile", "2016-01-02",
                                          "missing.child" };

/* -- records ------------------------------------------------------------------------------ */

static void a_shared_record_is_found_there_and_receipted(void **state)
{
    (void)state;
    struct line line;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    must(line_open(ben.clerk, store_view(ben.store), TEXT("NER"), &arena, &line));
    assert_int_equal(line.acked, line.numbered);
    assert_int_equal(office_number(&ben, &ner), 0); /* they hold it */
}

static void a_copy_says_for_what_it_may_be_used(void **state)
{
    (void)state;
    struct record_key record;
    struct json row;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    must(record_key_view(ner.clerk, store_view(ner.store), TEXT(ID_A), &arena, &record));
    struct row_key key = key_record(&record);
    must(view_get(store_view(ner.store), TABLE_RECORD, &key, &arena, &row));
    const struct json *purposes = json_get(&row, "purposes");
    assert_int_equal(json_count(purposes), 1); /* I2 */
    assert_true(text_is(json_item_text(purposes, 0), "criminal-investigation"));
}

static void a_category_that_no_clause_names_stays_at_home(void **state)
{
    (void)state;
    struct test_person other = adult;
    other.category = "wanted.unknown";
    (void)reply_good(office_put(&ben, other), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 0); /* I1 */
}

static void a_batch_that_comes_twice_is_taken_once(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 1);
    struct bytes batch = office_pack(&ben, &ner, 0);
    struct json first = reply_good(office_receive(&ner, &ben, batch), __LINE__);
    uint64_t journal = office_journal(&ner);
    struct json again = reply_good(office_receive(&ner, &ben, batch), __LINE__);
    assert_int_equal(office_journal(&ner), journal); /* I4 */
    int64_t a = 0;
    int64_t b = 0;
    assert_true(json_get_integer(&first, "number", &a) && json_get_integer(&again, "number", &b));
    assert_int_equal(a, b);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
}

static void a_lost_receipt_does_not_fill_the_window(void **state)
{
    (void)state;
    struct line line;
    struct line_room row;
    struct line_room hello;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 1);
    must(line_open(ben.clerk, store_view(ben.store), TEXT("NER"), &arena, &line));
    assert_int_equal(line.acked, line.numbered - 1); /* the receipt is in no row */
    must(line_room(&line, 0, &arena, &row));
    assert_int_equal(row.frames, BATCH_FRAMES_MAX - 1);
    assert_true(row.bytes < BATCH_BULK_AHEAD_MAX);
    must(line_room(&line, line.numbered, &arena, &hello));
    assert_int_equal(hello.frames, BATCH_FRAMES_MAX);
    assert_int_equal(hello.bytes, BATCH_BULK_AHEAD_MAX);
}

static void a_gap_is_answered_with_what_is_held(void **state)
{
    (void)state;
    struct test_person second = adult;
    struct line line;
    int64_t number = 0;
    second.id = ID_B;
    second.name = "Okpara Theophile";
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)reply_good(office_put(&ben, second), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 2);
    must(line_open(ben.clerk, store_view(ben.store), TEXT("NER"), &arena, &line));
    struct bytes late = office_pack(&ben, &ner, line.numbered); /* without the one before */
    struct json body = reply_good(office_receive(&ner, &ben, late), __LINE__);
    assert_true(json_get_integer(&body, "number", &number));
    assert_int_equal(number, line.acked);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    (void)office_send(&ben, &ner); /* from what is held */
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 1);
}

static void every_damaged_batch_is_refused_whole(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 1);
    struct bytes batch = office_pack(&ben, &ner, 0);
    uint8_t *bad = arena_take(&arena, batch.len);
    memcpy(bad, batch.data, batch.len);
    uint64_t journal = office_journal(&ner);
    size_t mark = arena.used;
    for (size_t i = 0; i < batch.len; i++) {
        bad[i] ^= 0x20;
        struct reply reply = office_receive(&ner, &ben, bytes_of(bad, batch.len));
        if (!failed(reply.err) && office_journal(&ner) != journal)
            fail_msg("byte %zu of %zu", i, batch.len);
        bad[i] ^= 0x20;
        arena_rewind(&arena, mark);
    }
    for (size_t len = 0; len < batch.len; len += 7) {
        assert_true(failed(office_receive(&ner, &ben, bytes_of(bad, len)).err));
        arena_rewind(&arena, mark);
    }
    assert_int_equal(office_journal(&ner), journal);
    (void)reply_good(office_receive(&ner, &ben, batch), __LINE__);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
}

static void a_withdrawn_record_leaves_the_copy_too(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"found\"}");
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
    assert_int_equal(office_rows(&ner, TABLE_HOLDS), 0);
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0); /* I6 */
    rebuilt_alike(&ner);
}

static void an_erased_record_is_nowhere_on_both_sides_and_roots_stay(void **state)
{
    (void)state;
    struct test_person marked = adult;
    struct store_view *view = store_view(ben.store);
    struct hash before;
    struct hash after;
    uint64_t size = 0;
    marked.name = "Xylocarp Marguerite";
    (void)reply_good(office_put(&ben, marked), __LINE__);
    (void)office_send(&ben, &ner);
    must(store_log_size(view, LOG_FEED_FIRST, &size));
    must(log_root_at(view, LOG_FEED_FIRST, size, &before));
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    assert_int_equal(office_mentions(&ben, "Xylocarp"), 0);
    assert_true(office_mentions(&ner, "Xylocarp") > 0);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_mentions(&ner, "Xylocarp"), 0);
    must(log_root_at(view, LOG_FEED_FIRST, size, &after));
    assert_true(hash_equal(&before, &after));
    rebuilt_alike(&ner);
    rebuilt_alike(&ben);
}

static void a_partner_that_starts_late_gets_hollow_frames_and_the_same_root(void **state)
{
    (void)state;
    struct json body;
    int64_t number = 0;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 1); /* numbered, not sent */
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    assert_int_equal(office_number(&ben, &ner), 1);
    body = reply_good(office_receive(&ner, &ben, office_pack(&ben, &ner, 0)), __LINE__);
    assert_true(json_get_integer(&body, "number", &number)); /* the checkpoint's root was met */
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0);
}

static void an_erasure_that_was_not_sent_is_sent_after_a_rebuild(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    rebuilt_alike(&ben);
    office_keys(&ben);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
}

static struct reply release(const char *user)
{
    return office_try(&ben, user, VERB_RELEASE_GIVE, "%s",
                      "{\"record\":\"" ID_B "\",\"partner\":\"NER\"}");
}

static void a_minor_waits_for_two_persons(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, child), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 0);
    (void)reply_good(release("chief"), __LINE__);
    assert_int_equal(office_number(&ben, &ner), 0);
    reply_refused(release("chief"), "release.already-said");
    struct json body = reply_good(release("deputy"), __LINE__);
    assert_true(json_get_bool(&body, "complete"));
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 1);
    rebuilt_alike(&ben);
}

static void a_release_covers_one_version(void **state)
{
    (void)state;
    struct test_person renamed = child;
    renamed.name = "Okpara Theodore";
    (void)reply_good(office_put(&ben, child), __LINE__);
    (void)office_number(&ben, &ner);
    (void)reply_good(release("chief"), __LINE__);
    (void)reply_good(release("deputy"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    (void)reply_good(office_put(&ben, renamed), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1); /* taken back: doubt is denial */
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    assert_int_equal(office_hits(&ner, "OKPARA Theodore"), 0);
}

/* A national rule that a note triggers: the record is taken back, without a look at any other. */
static void a_note_that_forbids_takes_the_record_back(void **state)
{
    (void)state;
    (void)office_do(&ben, "chief", VERB_NATIONAL_SET, "%s",
                    "{\"text\":\"national rules of BEN version 1\\n"
                    "never share person where note refugee-status\\n\"}");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    (void)office_do(&ben, "officer", VERB_NOTE_PUT, "%s",
                    "{\"record\":\"" ID_A "\",\"kind\":\"refugee-status\",\"text\":\"x\"}");
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    rebuilt_alike(&ben);
}

static void a_halt_binds_the_very_next_command(void **state)
{
    (void)state;
    struct json halt = test_json("{\"partner\":\"NER\",\"reason\":\"trouble\"}");
    struct json number = test_json("{\"partner\":\"NER\",\"room\":1000000,\"frames\":500}");
    struct reply replies[2];
    int64_t numbered = -1;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    struct command batch[2] = { test_command(&ben, "chief", VERB_PARTNER_HALT, &halt),
                                test_command(&ben, "node", VERB_FEED_NUMBER, &number) };
    office_batch(&ben, batch, 2, replies);
    must(replies[0].err);
    must(replies[1].err);
    assert_true(json_get_integer(&replies[1].body, "numbered", &numbered));
    assert_int_equal(numbered, 0);
    (void)office_do(&ben, "chief", VERB_PARTNER_RESUME, "%s", "{\"partner\":\"NER\"}");
    assert_int_equal(office_send(&ben, &ner), 1);
}

static void a_restart_takes_nothing_back(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    office_reopen(&ben);
    office_reopen(&ner);
    (void)office_do(&ben, "chief", VERB_NOTE_PUT, "%s",
                    "{\"record\":\"" ID_A "\",\"kind\":\"remark\",\"text\":\"x\"}");
    assert_int_equal(office_number(&ben, &ner), 0); /* before any tick */
    office_tick(&ben);
    office_tick(&ner);
    assert_int_equal(office_number(&ben, &ner), 0);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
}

static void an_agreement_that_is_left_takes_its_copies_along(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    now = instant_plus(now, 2 * INSTANT_DAY);
    (void)reply_good(office_event(&ner, &ner, pact, "withdraw"), __LINE__);
    (void)office_send(&ner, &ben); /* the act itself travels */
    now = instant_plus(now, 2 * INSTANT_DAY);
    office_tick(&ner);
    office_tick(&ben);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0); /* I6 */
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_mentions(&ben, "\"state\":\"held\""), 1);
    (void)office_number(&ben, &ner); /* taken back, for the record */
    assert_int_equal(office_mentions(&ben, "\"state\":\"held\""), 0);
    assert_int_equal(office_number(&ben, &ner), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(a_shared_record_is_found_there_and_receipted),
        TEST_OF(a_copy_says_for_what_it_may_be_used),
        TEST_OF(a_category_that_no_clause_names_stays_at_home),
        TEST_OF(a_batch_that_comes_twice_is_taken_once),
        TEST_OF(a_lost_receipt_does_not_fill_the_window),
        TEST_OF(a_gap_is_answered_with_what_is_held),
        TEST_OF(every_damaged_batch_is_refused_whole),
        TEST_OF(a_withdrawn_record_leaves_the_copy_too),
        TEST_OF(an_erased_record_is_nowhere_on_both_sides_and_roots_stay),
        TEST_OF(a_partner_that_starts_late_gets_hollow_frames_and_the_same_root),
        TEST_OF(an_erasure_that_was_not_sent_is_sent_after_a_rebuild),
        TEST_OF(a_minor_waits_for_two_persons),
        TEST_OF(a_release_covers_one_version),
        TEST_OF(a_note_that_forbids_takes_the_record_back),
        TEST_OF(a_halt_binds_the_very_next_command),
        TEST_OF(a_restart_takes_nothing_back),
        TEST_OF(an_agreement_that_is_left_takes_its_copies_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
