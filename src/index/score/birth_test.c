#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "index/find/gather.h"
#include "index/score/score.h"

static void births_are_compared_as_people_write_them(void **state)
{
    (void)state;
    const struct index_birth day = index_birth_exact((struct date){ 1985, 3, 4 });
    const struct {
        struct index_birth theirs;
        const char *rule;
    } cases[] = {
        { index_birth_exact((struct date){ 1985, 3, 4 }), "birth.same-day" },
        { index_birth_exact((struct date){ 1985, 4, 3 }), "birth.day-month-swap" },
        { index_birth_exact((struct date){ 1986, 3, 4 }), "birth.one-off" },
        { index_birth_exact((struct date){ 1985, 1, 1 }), "birth.registry-day" },
        { index_birth_exact((struct date){ 1985, 9, 9 }), "birth.same-year" },
        { index_birth_exact((struct date){ 1958, 3, 4 }), "birth.one-digit" },
        { index_birth_exact((struct date){ 1988, 7, 7 }), "birth.years-off" },
        { index_birth_exact((struct date){ 1940, 7, 7 }), "birth.far" },
        { index_birth_year(1985), "birth.year" },
        { index_birth_about(1986), "birth.about" },
        { index_birth_about(1988), "birth.near" },
        { index_birth_age(40, (struct date){ 2026, 1, 1 }), "birth.about" },
        { { { 1985, 1, 1 }, { 1985, 1, 1 }, INDEX_BIRTH_REGISTRY }, "birth.year" },
        { { .quality = INDEX_BIRTH_UNKNOWN }, "birth.not-known" },
        { index_birth_exact((struct date){ 1405, 6, 12 }), "birth.other-calendar" }, /* Islamic */
        { index_birth_year(1363), "birth.other-calendar" },                          /* Iranian */
        { index_birth_exact((struct date){ 2528, 3, 4 }), "birth.other-calendar" },  /* Buddhist */
        { index_birth_year(74), "birth.other-calendar" }, /* of the Republic of China */
        { index_birth_exact((struct date){ 1420, 6, 12 }), "birth.far" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(birth_compare(score_table(0), &day, &cases[i].theirs).rule,
                            cases[i].rule);
        struct field_likeness back = birth_compare(score_table(0), &cases[i].theirs, &day);
        assert_int_equal(back.weight, birth_compare(score_table(0), &day, &cases[i].theirs).weight);
    }
}

/* What fits is worth the more, the less else would fit. */
static void a_narrower_estimate_is_worth_more(void **state)
{
    (void)state;
    const struct score_table *score = score_table(0);
    struct index_birth day = index_birth_exact((struct date){ 1985, 3, 4 });
    struct index_birth decade = { { 1980, 1, 1 }, { 1989, 12, 31 }, INDEX_BIRTH_ABOUT };
    struct index_birth age = index_birth_age(40, (struct date){ 2026, 1, 1 });
    struct index_birth about = index_birth_about(1985);
    const struct index_birth *falling[] = { &day, &about, &age, &decade };
    for (size_t i = 1; i < sizeof falling / sizeof falling[0]; i++)
        assert_true(birth_compare(score, &day, falling[i - 1]).weight >
                    birth_compare(score, &day, falling[i]).weight);
    assert_true(birth_compare(score, &day, &decade).weight > 0); /* it fits */
    assert_string_equal(birth_compare(score, &day, &decade).rule, "birth.wide");
    assert_string_equal(birth_compare(score, &about, &about).rule, "birth.estimate");
    assert_true(birth_compare(score, &about, &about).weight >
                birth_compare(score, &about, &day).weight);
    /* version 4 has one worth for all of them, one rule, and held a decade against them */
    score = score_table(4);
    assert_int_equal(birth_compare(score, &about, &about).weight, 22);
    assert_string_equal(birth_compare(score, &about, &about).rule, "birth.about");
    assert_int_equal(birth_compare(score, &day, &age).weight, 22);
    assert_int_equal(birth_compare(score, &day, &decade).weight, -55);
}

static void a_version_of_before_knows_no_other_calendar(void **state)
{
    (void)state;
    struct index_birth ours = index_birth_exact((struct date){ 1985, 3, 4 });
    struct index_birth theirs = index_birth_year(1405);
    assert_string_equal(birth_compare(score_table(3), &ours, &theirs).rule, "birth.far");
    assert_string_equal(birth_compare(score_table(4), &ours, &theirs).rule, "birth.other-calendar");
}

/* Two days of one foreign reckoning are days like others. */
static void two_years_of_one_calendar_are_compared_as_they_stand(void **state)
{
    (void)state;
    struct index_birth ours = index_birth_exact((struct date){ 1405, 3, 4 });
    struct index_birth theirs = index_birth_exact((struct date){ 1405, 4, 3 });
    assert_string_equal(birth_compare(score_table(0), &ours, &theirs).rule, "birth.day-month-swap");
}

/* What the ranges of an index add, against every day by itself. */
static void no_day_adds_more_than_its_range_says(void **state)
{
    (void)state;
    static struct birth_steps steps;
    struct asked asked = { .score = score_table(0), .name.count = 1 };
    struct index_query query = { 0 };
    const struct date days[] = { { 1985, 3, 4 },   { 1984, 2, 29 },  { 1990, 1, 1 },
                                 { 1979, 12, 31 }, { 2001, 8, 31 },  { 1966, 6, 6 },
                                 { 1, 1, 1 },      { 9999, 12, 31 }, { 1405, 6, 12 },
                                 { 1950, 5, 30 },  { 1971, 1, 12 },  { 1912, 11, 1 } };
    asked.query = &query;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        query.birth = index_birth_exact(days[i]);
        gather_births(&asked, &steps);
        int32_t zero = date_days((struct date){ 1, 1, 1 });
        int32_t ours = date_days(days[i]) - zero;
        size_t at = 0;
        for (int32_t day = ours > 60000 ? ours - 60000 : 0; day < ours + 60000; day++) {
            struct date date = date_from_days(day + zero);
            struct index_birth theirs = index_birth_exact(date);
            if (!date_valid(date))
                break;
            while (at < steps.count && steps.list[at].day <= day)
                at++;
            int32_t most = at < steps.count ? steps.list[at].most : steps.rest;
            int32_t weight = compare_birth_weight(asked.score, &query.birth, &theirs);
            assert_true(weight <= most);
            if (day > ours - 360 && day < ours + 360)
                assert_int_equal(weight, most);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(births_are_compared_as_people_write_them),
        cmocka_unit_test(a_narrower_estimate_is_worth_more),
        cmocka_unit_test(a_version_of_before_knows_no_other_calendar),
        cmocka_unit_test(two_years_of_one_calendar_are_compared_as_they_stand),
        cmocka_unit_test(no_day_adds_more_than_its_range_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
