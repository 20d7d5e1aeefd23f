#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "flow/duties.h"

static struct instant at(const char *text)
{
    struct instant out;
    assert_false(failed(instant_parse(text_literal(text), &out)));
    return out;
}

static struct instant end_of(const char *text)
{
    static uint8_t memory[1 << 16];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json record;
    struct text source = text_literal(text);
    assert_false(failed(json_parse(text_bytes(source), &arena, &record)));
    return record_end(&record);
}

static void a_record_ends_behind_the_last_day_of_its_last_alert(void **state)
{
    (void)state;
    struct instant end = end_of("{\"alerts\":[{\"valid\":{\"until\":\"2026-01-31\"}},"
                                "{\"valid\":{\"until\":\"2026-03-01\"}}]}");
    assert_int_equal(end.ms, at("2026-03-02T00:00:00.000Z").ms);
}

static void an_open_alert_ends_when_its_review_was_missed(void **state)
{
    (void)state;
    struct instant end = end_of("{\"alerts\":[{\"valid\":{\"from\":\"2020-01-01\"},"
                                "\"review\":\"2026-01-01\"}]}");
    assert_int_equal(end.ms, at("2026-01-02T00:00:00.000Z").ms + duty_ms("review-lapsed"));
}

static void a_record_without_an_alert_has_no_end_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(end_of("{\"alerts\":[]}").ms, INT64_MAX);
    assert_int_equal(end_of("{}").ms, INT64_MAX);
    assert_int_equal(end_of("{\"alerts\":[{\"valid\":{\"until\":\"2026-01-31\"}},{}]}").ms,
                     INT64_MAX);
}

static void a_copy_stays_as_long_as_its_clause_says(void **state)
{
    (void)state;
    struct instant as_of = at("2026-01-01T10:00:00.000Z");
    assert_int_equal(copy_end(as_of, 0).ms, INT64_MAX);
    assert_int_equal(copy_end(as_of, 36).ms, at("2026-01-02T22:00:00.000Z").ms);
}

static void silence_is_shown_then_hides_then_erases(void **state)
{
    (void)state;
    struct instant heard = at("2026-01-01T00:00:00.000Z");
    static const struct {
        int64_t days;
        enum silence state;
    } steps[] = { { 0, SILENCE_NONE },  { 6, SILENCE_NONE },    { 7, SILENCE_SHOWN },
                  { 19, SILENCE_SHOWN }, { 20, SILENCE_HIDES }, { 39, SILENCE_HIDES },
                  { 40, SILENCE_ERASES } };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct instant now = instant_plus(heard, steps[i].days * INSTANT_DAY);
        assert_int_equal(silence_clock(heard, 20, now).state, steps[i].state);
    }
    struct silence_clock unsaid = silence_clock(heard, 0, heard);
    assert_int_equal(unsaid.hides.ms, heard.ms + 90 * INSTANT_DAY);
    assert_int_equal(unsaid.erases.ms, heard.ms + 180 * INSTANT_DAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_ends_behind_the_last_day_of_its_last_alert),
        cmocka_unit_test(an_open_alert_ends_when_its_review_was_missed),
        cmocka_unit_test(a_record_without_an_alert_has_no_end_of_its_own),
        cmocka_unit_test(a_copy_stays_as_long_as_its_clause_says),
        cmocka_unit_test(silence_is_shown_then_hides_then_erases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
