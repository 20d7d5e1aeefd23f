#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/sample.h"

static void a_week_begins_on_its_monday(void **state)
{
    (void)state;
    static const struct {
        struct date day, monday;
    } rows[] = { { { 2026, 11, 22 }, { 2026, 11, 16 } }, { { 2026, 11, 23 }, { 2026, 11, 23 } },
                 { { 1969, 12, 31 }, { 1969, 12, 29 } }, { { 2027, 1, 1 }, { 2026, 12, 28 } } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sample_week week = sample_week(rows[i].day);
        assert_int_equal(date_days(week.monday), date_days(rows[i].monday));
        assert_int_equal(week.end.ms - week.begin.ms, 7 * INSTANT_DAY);
    }
}

static void a_seed_draws_the_same_and_another_seed_others(void **state)
{
    (void)state;
    struct hash a = { { 1 } };
    struct hash b = { { 2 } };
    size_t same = 0;
    bool seen[10] = { false };
    for (uint64_t i = 0; i < 1000; i++) {
        struct sample_draw one = sample_draw(&a, i, 100, 110);
        struct sample_draw again = sample_draw(&a, i, 100, 110);
        assert_int_equal(one.leaf, again.leaf);
        assert_in_range(one.leaf, 100, 109);
        seen[one.leaf - 100] = true;
        same += one.leaf == sample_draw(&b, i, 100, 110).leaf;
    }
    for (size_t i = 0; i < 10; i++)
        assert_true(seen[i]);
    assert_true(same < 200); /* a tenth by chance */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_begins_on_its_monday),
        cmocka_unit_test(a_seed_draws_the_same_and_another_seed_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
