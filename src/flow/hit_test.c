#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow/hit.h"

/* Restates the life of a hit in words, independent of the table. */
static bool allowed(enum hit_state from, enum hit_event event)
{
    bool open = from != HIT_NONE && from != HIT_CLOSED;
    bool unanswered = from == HIT_REPORTED || from == HIT_OVERDUE;
    switch (event) {
    case HIT_REPORT:
        return from == HIT_NONE;
    case HIT_CONFIRM:
    case HIT_DENY:
        return unanswered;
    case HIT_OUTCOME:
        return open && !unanswered;
    case HIT_LAPSE:
    case HIT_END:
        return open;
    case HIT_EVENT_NONE:
    case HIT_EVENTS:
        break;
    }
    return false;
}

static void every_cell_of_the_table_is_as_the_words_say(void **state)
{
    (void)state;
    for (int from = 0; from < HIT_STATES; from++) {
        for (int event = 0; event < HIT_EVENTS; event++) {
            enum hit_state to = HIT_NONE;
            struct err e = hit_step((enum hit_state)from, (enum hit_event)event, &to);
            assert_int_equal(!failed(e), allowed((enum hit_state)from, (enum hit_event)event));
            if (failed(e))
                assert_int_equal(to, HIT_NONE);
        }
    }
}

static void a_lapse_never_answers_for_the_owner(void **state)
{
    (void)state;
    enum hit_state at = HIT_REPORTED;
    for (int i = 0; i < 10; i++) {
        assert_false(failed(hit_step(at, HIT_LAPSE, &at)));
        assert_int_equal(at, HIT_OVERDUE);
    }
}

static void every_open_state_has_a_deadline_and_a_closed_one_has_none(void **state)
{
    (void)state;
    struct hit_clock clock = { 8 * INSTANT_HOUR, 3 * INSTANT_DAY };
    struct instant due = { 0 };
    for (int s = 0; s < HIT_STATES; s++) {
        bool open = s != HIT_NONE && s != HIT_CLOSED;
        assert_int_equal(hit_due((enum hit_state)s, &clock, (struct instant){ 0 }, 0, &due), open);
    }
    assert_true(hit_due(HIT_REPORTED, &clock, (struct instant){ 1000 }, 0, &due));
    assert_int_equal(due.ms, 1000 + 8 * INSTANT_HOUR);
    assert_true(hit_due(HIT_OVERDUE, &clock, (struct instant){ 0 }, 1, &due));
    assert_int_equal(due.ms, 16 * INSTANT_HOUR);
    assert_true(hit_due(HIT_OVERDUE, &clock, (struct instant){ 0 }, 99, &due));
    assert_int_equal(due.ms, (8 << HIT_LEVEL_MAX) * INSTANT_HOUR);
}

static void state_names_are_read_back(void **state)
{
    (void)state;
    for (int s = HIT_REPORTED; s < HIT_STATES; s++) {
        enum hit_state back = HIT_NONE;
        assert_false(failed(hit_state_parse(hit_state_name((enum hit_state)s), &back)));
        assert_int_equal(back, s);
    }
    enum hit_state none = HIT_NONE;
    assert_true(failed(hit_state_parse(TEXT("arrested"), &none)));
    assert_true(failed(hit_state_parse(TEXT("none"), &none)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table_is_as_the_words_say),
        cmocka_unit_test(a_lapse_never_answers_for_the_owner),
        cmocka_unit_test(every_open_state_has_a_deadline_and_a_closed_one_has_none),
        cmocka_unit_test(state_names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
