#include "link/send.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const struct instant start = { 1000000 };

static struct hash root_of(uint64_t number)
{
    struct hash root = { { 0 } };
    root.bytes[0] = (uint8_t)number;
    root.bytes[1] = 0x55;
    return root;
}

static struct receipt receipt_for(uint64_t number)
{
    return (struct receipt){ .realm = TEXT("demo"), .feed = TEXT("NER"), .generation = 1,
                             .number = number, .root = root_of(number) };
}

static struct err receive(struct feed_out *feed, uint64_t number, uint64_t numbered)
{
    struct receipt receipt = receipt_for(number);
    struct hash root = root_of(number);
    return feed_out_receipt(feed, &receipt, numbered, &root, start);
}

/* A feed in `phase` with frames 11…14 numbered, 10 acknowledged and, when open, 11…12 sent. */
static struct feed_out feed_in_phase(enum feed_out_phase phase)
{
    struct feed_out feed = feed_out_start(10, start);
    if (phase == FEED_OUT_DOWN)
        return feed;
    feed_out_greeted(&feed, start);
    if (phase == FEED_OUT_GREETING)
        return feed;
    assert_false(failed(feed_out_hello(&feed, 10, 14, start)));
    feed_out_sent(&feed, (struct feed_range){ 11, 12 }, start);
    if (phase == FEED_OUT_FROZEN)
        feed_out_freeze(&feed, "link.fork");
    return feed;
}

static void fire(struct feed_out *feed, enum feed_out_event event)
{
    switch (event) {
    case FEED_OUT_GREETED: feed_out_greeted(feed, start); return;
    case FEED_OUT_AGREED: (void)!failed(feed_out_hello(feed, 11, 14, start)); return;
    case FEED_OUT_REFUSED: feed_out_refused(feed, start, 0); return;
    case FEED_OUT_FORKED: feed_out_freeze(feed, "link.rolled-back"); return;
    case FEED_OUT_LEFT: feed_out_sent(feed, (struct feed_range){ 13, 14 }, start); return;
    case FEED_OUT_ACKED: (void)!failed(receive(feed, 12, 14)); return;
    case FEED_OUT_LOST: feed_out_lost(feed, start, 0); return;
    case FEED_OUT_THAWED: feed_out_thaw(feed, start); return;
    case FEED_OUT_EVENTS: break;
    }
    fail();
}

/* Written down a second time, by hand: D G O F for the phase that each event leads to. */
static const char *const expected[FEED_OUT_PHASES] = {
    /*                      greeted agreed refused forked left acked lost thawed */
    [FEED_OUT_DOWN] = "GODFDDDD",
    [FEED_OUT_GREETING] = "DODFDGDG",
    [FEED_OUT_OPEN] = "DODFOODO",
    [FEED_OUT_FROZEN] = "FFFFFFFD",
};

static void every_cell_of_the_table_is_as_written_down(void **state)
{
    (void)state;
    static const char letters[] = { 'D', 'G', 'O', 'F' };
    for (unsigned phase = 0; phase < FEED_OUT_PHASES; phase++) {
        for (unsigned event = 0; event < FEED_OUT_EVENTS; event++) {
            struct feed_out feed = feed_in_phase((enum feed_out_phase)phase);
            assert_int_equal(feed.phase, phase);
            fire(&feed, (enum feed_out_event)event);
            assert_int_equal(letters[feed.phase], expected[phase][event]);
            assert_true(feed.acked <= feed.sent); /* L2 */
            if (feed.phase != FEED_OUT_OPEN)
                assert_int_equal(feed.sent, feed.acked); /* L1: what is lost is sent again */
            if (phase == FEED_OUT_FROZEN && event != FEED_OUT_THAWED)
                assert_string_equal(feed.frozen_rule, "link.fork"); /* the first reason */
        }
    }
}

static void frames_leave_in_order_and_several_batches_fly(void **state)
{
    (void)state;
    struct feed_out feed = feed_out_start(10, start);
    struct feed_range range;
    assert_int_equal(feed_out_next(&feed, 14, start, &range), FEED_OUT_GREET);
    feed_out_greeted(&feed, start);
    assert_int_equal(feed_out_next(&feed, 14, start, &range), FEED_OUT_WAIT);
    assert_false(failed(feed_out_hello(&feed, 10, 14, start)));
    for (uint64_t numbered = 14; numbered < 14 + FEED_OUT_FLIGHT_MAX; numbered++) {
        assert_int_equal(feed_out_next(&feed, numbered, start, &range), FEED_OUT_SEND);
        assert_int_equal(range.first, numbered == 14 ? 11 : numbered);
        assert_int_equal(range.last, numbered);
        feed_out_sent(&feed, range, start);
        assert_int_equal(feed_out_next(&feed, numbered, start, &range), FEED_OUT_WAIT);
    }
    assert_int_equal(feed_out_next(&feed, 100, start, &range), FEED_OUT_WAIT); /* window full */
    assert_false(failed(receive(&feed, 16, 100)));
    assert_int_equal(feed.acked, 16);
    assert_int_equal(feed.flying, FEED_OUT_FLIGHT_MAX - 3);
    assert_int_equal(feed_out_next(&feed, 100, start, &range), FEED_OUT_SEND);
    assert_int_equal(range.first, 14 + FEED_OUT_FLIGHT_MAX);
}

static void after_a_loss_everything_unacknowledged_is_one_batch(void **state)
{
    (void)state;
    struct feed_out feed = feed_in_phase(FEED_OUT_OPEN);
    struct feed_range range;
    feed_out_sent(&feed, (struct feed_range){ 13, 14 }, start);
    assert_false(failed(receive(&feed, 12, 14)));
    feed_out_lost(&feed, start, 0);
    struct instant later = feed_out_deadline(&feed);
    assert_true(later.ms > start.ms);
    assert_int_equal(feed_out_next(&feed, 15, start, &range), FEED_OUT_WAIT);
    assert_int_equal(feed_out_next(&feed, 15, later, &range), FEED_OUT_GREET);
    feed_out_greeted(&feed, later);
    assert_false(failed(feed_out_hello(&feed, 12, 15, later)));
    assert_int_equal(feed_out_next(&feed, 15, later, &range), FEED_OUT_SEND);
    assert_int_equal(range.first, 13);
    assert_int_equal(range.last, 15);
}

static void the_receipt_that_was_lost_comes_with_the_hello(void **state)
{
    (void)state;
    struct feed_out feed = feed_in_phase(FEED_OUT_OPEN);
    feed_out_lost(&feed, start, 0);
    feed_out_greeted(&feed, start);
    assert_false(failed(feed_out_hello(&feed, 12, 14, start)));
    assert_int_equal(feed.acked, 12);
}

static void lies_about_numbers_and_roots_freeze_until_thawed(void **state)
{
    (void)state;
    struct feed_out feed = feed_in_phase(FEED_OUT_OPEN);
    struct feed_range range;
    assert_string_equal(receive(&feed, 15, 14).rule, "link.receipt-ahead");
    assert_int_equal(feed_out_next(&feed, 14, start, &range), FEED_OUT_WAIT);
    assert_string_equal(receive(&feed, 12, 14).rule, "link.frozen");
    assert_string_equal(feed_out_hello(&feed, 12, 14, start).rule, "link.frozen");
    assert_int_equal(feed_out_deadline(&feed).ms, INT64_MAX);
    feed_out_thaw(&feed, start);
    assert_int_equal(feed_out_next(&feed, 14, start, &range), FEED_OUT_GREET);

    feed = feed_in_phase(FEED_OUT_OPEN);
    struct receipt receipt = receipt_for(12);
    struct hash other = root_of(13);
    assert_string_equal(feed_out_receipt(&feed, &receipt, 14, &other, start).rule, "link.fork");
    assert_int_equal(feed.acked, 10);

    feed = feed_in_phase(FEED_OUT_GREETING);
    assert_string_equal(feed_out_hello(&feed, 9, 14, start).rule, "link.rolled-back");
    feed = feed_in_phase(FEED_OUT_GREETING);
    assert_string_equal(feed_out_hello(&feed, 15, 14, start).rule, "link.receipt-ahead");
}

static void an_overtaken_receipt_changes_nothing(void **state)
{
    (void)state;
    struct feed_out feed = feed_in_phase(FEED_OUT_OPEN);
    assert_false(failed(receive(&feed, 12, 14)));
    assert_false(failed(receive(&feed, 11, 14)));
    assert_int_equal(feed.acked, 12);
    assert_int_equal(feed.phase, FEED_OUT_OPEN);
}

static void silence_is_a_loss_at_the_deadline_and_not_before(void **state)
{
    (void)state;
    struct feed_out feed = feed_in_phase(FEED_OUT_OPEN);
    struct instant due = feed_out_deadline(&feed);
    assert_int_equal(due.ms, start.ms + FEED_OUT_ANSWER_MS);
    feed_out_tick(&feed, (struct instant){ due.ms - 1 }, 0);
    assert_int_equal(feed.phase, FEED_OUT_OPEN);
    feed_out_tick(&feed, due, 0);
    assert_int_equal(feed.phase, FEED_OUT_DOWN);
    feed = feed_in_phase(FEED_OUT_GREETING);
    feed_out_tick(&feed, feed_out_deadline(&feed), 0);
    assert_int_equal(feed.phase, FEED_OUT_DOWN);
}

static void the_backoff_doubles_to_its_limit_and_is_spread(void **state)
{
    (void)state;
    struct feed_out feed = feed_out_start(0, start);
    int64_t whole = FEED_OUT_BACKOFF_FIRST_MS;
    for (int i = 0; i < 40; i++) {
        struct feed_out least = feed, most = feed;
        feed_out_lost(&least, start, 0);
        feed_out_lost(&most, start, (uint32_t)(whole / 2));
        assert_int_equal(feed_out_deadline(&least).ms - start.ms, whole / 2);
        assert_int_equal(feed_out_deadline(&most).ms - start.ms, whole / 2 * 2);
        feed_out_lost(&feed, start, 7);
        whole = whole * 2 > FEED_OUT_BACKOFF_MAX_MS ? FEED_OUT_BACKOFF_MAX_MS : whole * 2;
    }
    assert_int_equal(whole, FEED_OUT_BACKOFF_MAX_MS);
}

static void bulk_waits_for_its_window_and_urgent_overtakes(void **state)
{
    (void)state;
    assert_true(feed_out_room(0, 0, FRAME_CONTENT_LEN_MAX, false)); /* one always */
    assert_true(feed_out_room(BATCH_BULK_AHEAD_MAX - 100, 5, 100, false));
    assert_false(feed_out_room(BATCH_BULK_AHEAD_MAX - 100, 5, 101, false));
    assert_true(feed_out_room(BATCH_BULK_AHEAD_MAX, 5, 1000, true));
    assert_false(feed_out_room((size_t)BATCH_BULK_AHEAD_MAX + BATCH_URGENT_AHEAD_MAX, 5, 1, true));
    assert_false(feed_out_room(10, BATCH_FRAMES_MAX, 1, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table_is_as_written_down),
        cmocka_unit_test(frames_leave_in_order_and_several_batches_fly),
        cmocka_unit_test(after_a_loss_everything_unacknowledged_is_one_batch),
        cmocka_unit_test(the_receipt_that_was_lost_comes_with_the_hello),
        cmocka_unit_test(lies_about_numbers_and_roots_freeze_until_thawed),
        cmocka_unit_test(an_overtaken_receipt_changes_nothing),
        cmocka_unit_test(silence_is_a_loss_at_the_deadline_and_not_before),
        cmocka_unit_test(the_backoff_doubles_to_its_limit_and_is_spread),
        cmocka_unit_test(bulk_waits_for_its_window_and_urgent_overtakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
