#include "core/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static uint8_t memory[256];

static void test_every_day_of_9999_years_agrees_with_the_c_library(void **state)
{
    (void)state;
    int32_t first = date_days((struct date){ 1, 1, 1 });
    int32_t last = date_days((struct date){ 9999, 12, 31 });
    assert_int_equal(last - first + 1, 3652059);
    for (int32_t days = first; days <= last; days++) {
        struct date date = date_from_days(days);
        assert_int_equal(date_days(date), days);
        if (days % 17 != 0)
            continue;
        time_t seconds = (time_t)days * 86400;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        assert_int_equal(date.year, tm.tm_year + 1900);
        assert_int_equal(date.month, tm.tm_mon + 1);
        assert_int_equal(date.day, tm.tm_mday);
    }
}

static void test_instants_come_back_as_written(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z",
        "2024-02-29T12:34:56.789Z", "2026-02-27T08:30:00.000Z", "9999-12-31T23:59:59.999Z",
    };
    static const int64_t want[] = { -62135596800000, -1, 0, 1709210096789, 1772181000000,
                                    253402300799999 };
    for (size_t i = 0; i < 6; i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct instant at = { 0 };
        assert_false(failed(instant_parse(text_literal(texts[i]), &at)));
        assert_true(at.ms == want[i]);
        assert_true(text_is(instant_format(&arena, at), texts[i]));
    }
}

static void test_refuses_other_spellings_of_an_instant(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "2026-02-27T08:30:00Z",     "2026-02-27T08:30:00.000+00:00", "2026-02-27t08:30:00.000Z",
        "2026-02-27 08:30:00.000Z", "2026-02-27T24:00:00.000Z",      "2026-02-27T08:60:00.000Z",
        "2026-02-27T08:30:60.000Z", "2026-02-29T08:30:00.000Z",      "0000-01-01T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z",      "2026-01-00T00:00:00.000Z",
        "2026-01-32T00:00:00.000Z", "+026-01-01T00:00:00.000Z",      "2026-01-01T00:00:00.00 Z",
        "2026-01-01T00:00:00,000Z", "2026-01-01T-1:00:00.000Z",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct instant at = { 77 };
        assert_true(failed(instant_parse(text_literal(bad[i]), &at)));
        assert_true(at.ms == 77);
    }
}

static void test_refuses_every_prefix(void **state)
{
    (void)state;
    struct text whole = TEXT("2026-02-27T08:30:00.000Z");
    for (size_t len = 0; len < whole.len; len++) {
        struct instant at = { 77 };
        struct date date = { 1, 1, 1 };
        char *exact = malloc(len + 1);
        memcpy(exact, whole.data, len);
        assert_true(failed(instant_parse((struct text){ exact, len }, &at)));
        assert_int_equal(failed(date_parse((struct text){ exact, len }, &date)), len != DATE_LEN);
        assert_true(at.ms == 77);
        free(exact);
    }
}

static void test_the_day_of_an_instant_is_its_utc_day(void **state)
{
    (void)state;
    assert_int_equal(date_of_instant((struct instant){ -1 }).day, 31);
    assert_int_equal(date_of_instant((struct instant){ 0 }).day, 1);
    assert_true(date_begin((struct date){ 1970, 1, 2 }).ms == INSTANT_DAY);
    assert_true(instant_plus((struct instant){ 5 }, -10).ms == -5);
    assert_true(instant_before((struct instant){ 1 }, (struct instant){ 2 }));
}

static void test_months_are_added_as_people_do(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct date date = { 2024, 1, 31 };
    assert_true(text_is(date_format(&arena, date_add_months(date, 1)), "2024-02-29"));
    assert_true(text_is(date_format(&arena, date_add_months(date, 13)), "2025-02-28"));
    assert_true(text_is(date_format(&arena, date_add_months(date, -1)), "2023-12-31"));
    assert_true(text_is(date_format(&arena, date_add_months(date, 36)), "2027-01-31"));
}

static void test_a_birthday_on_29_february_counts_on_1_march(void **state)
{
    (void)state;
    struct date born = { 2008, 2, 29 };
    assert_int_equal(date_age(born, (struct date){ 2026, 2, 28 }), 17);
    assert_int_equal(date_age(born, (struct date){ 2026, 3, 1 }), 18);
    assert_int_equal(date_age(born, (struct date){ 2028, 2, 29 }), 20);
    assert_int_equal(date_age(born, born), 0);
}

static void test_knows_leap_years(void **state)
{
    (void)state;
    assert_int_equal(date_month_days(2000, 2), 29);
    assert_int_equal(date_month_days(1900, 2), 28);
    assert_int_equal(date_month_days(2024, 2), 29);
    assert_int_equal(date_month_days(2023, 2), 28);
    assert_false(date_valid((struct date){ 2023, 2, 29 }));
    assert_false(date_valid((struct date){ 2023, 0, 1 }));
    assert_false(date_valid((struct date){ 0, 1, 1 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_day_of_9999_years_agrees_with_the_c_library),
        cmocka_unit_test(test_instants_come_back_as_written),
        cmocka_unit_test(test_refuses_other_spellings_of_an_instant),
        cmocka_unit_test(test_refuses_every_prefix),
        cmocka_unit_test(test_the_day_of_an_instant_is_its_utc_day),
        cmocka_unit_test(test_months_are_added_as_people_do),
        cmocka_unit_test(test_a_birthday_on_29_february_counts_on_1_march),
        cmocka_unit_test(test_knows_leap_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
