#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow/casefile.h"
#include "flow/duties.h"

/* The whole table, written once more from the rules and not from the code. */
static void what_the_table_does_not_mention_is_refused(void **state)
{
    (void)state;
    for (int from = CASEFILE_NONE; from < CASEFILE_STATES; from++) {
        for (int event = 0; event < CASEFILE_EVENTS; event++) {
            enum casefile_state to = CASEFILE_NONE;
            struct err e =
                casefile_step((enum casefile_state)from, (enum casefile_event)event, &to);
            bool goes_on = from == CASEFILE_OPEN || from == CASEFILE_OVERDUE;
            bool good = (from == CASEFILE_NONE && event == CASEFILE_BEGIN) ||
                        (from == CASEFILE_CLOSED && event == CASEFILE_REOPEN) ||
                        (goes_on && event != CASEFILE_BEGIN && event != CASEFILE_REOPEN);
            assert_int_equal(failed(e), !good);
            if (!good)
                assert_string_equal(e.rule, "case.not-now");
            else if (event == CASEFILE_CLOSE)
                assert_int_equal(to, CASEFILE_CLOSED);
            else if (event == CASEFILE_LAPSE)
                assert_int_equal(to, CASEFILE_OVERDUE);
            else if (event == CASEFILE_WORK)
                assert_int_equal(to, from);
            else
                assert_int_equal(to, CASEFILE_OPEN);
        }
    }
}

static void a_state_is_read_as_it_is_written(void **state)
{
    (void)state;
    enum casefile_state read;
    for (int i = CASEFILE_OPEN; i < CASEFILE_STATES; i++) {
        assert_false(
            failed(casefile_state_parse(casefile_state_name((enum casefile_state)i), &read)));
        assert_int_equal(read, i);
    }
    assert_true(failed(casefile_state_parse(TEXT("none"), &read)));
    assert_true(failed(casefile_state_parse(TEXT(""), &read)));
}

static void a_lapse_comes_again_later_and_later_and_never_stops(void **state)
{
    (void)state;
    struct instant now = { 1000 };
    int64_t before = 0;
    for (int64_t level = 0; level < 20; level++) {
        int64_t wait = casefile_next_lapse(now, level).ms - now.ms;
        assert_true(wait >= before && wait > 0);
        assert_true(wait <= 16 * 7 * INSTANT_DAY);
        before = wait;
    }
}

static void notes_are_facts_assessments_or_decisions_and_graded_by_two_letters(void **state)
{
    (void)state;
    assert_false(failed(casefile_note_check(TEXT("assessment"))));
    assert_true(failed(casefile_note_check(TEXT("rumour"))));
    assert_false(failed(casefile_grading_check(TEXT(""))));
    assert_false(failed(casefile_grading_check(TEXT("B2"))));
    assert_false(failed(casefile_grading_check(TEXT("X4"))));
    const char *const bad[] = { "B", "B5", "D1", "2B", "B2 ", "bb" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(failed(casefile_grading_check(text_literal(bad[i]))));
    assert_true(duty_ms("case-review") <= duty_ms("case-review-most"));
    assert_true(duty_ms("case-closed") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_table_does_not_mention_is_refused),
        cmocka_unit_test(a_state_is_read_as_it_is_written),
        cmocka_unit_test(a_lapse_comes_again_later_and_later_and_never_stops),
        cmocka_unit_test(notes_are_facts_assessments_or_decisions_and_graded_by_two_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
