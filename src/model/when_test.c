#include "model/when.h"

#include "test_record.h"

static uint8_t memory[1 << 20];

static struct err parse(const char *in, struct when *out)
{
    static struct arena arena;
    arena = arena_over(memory, sizeof(memory));
    struct json json = text_json(&arena, in);
    return when_parse(&json, out);
}

static void dates_that_say_nothing_certain_are_refused(void **state)
{
    static const struct {
        const char *in;
        const char *rule;
    } rows[] = {
        { "{\"quality\":\"about\"}", "model.date-without-interval" },
        { "{\"quality\":\"about\",\"from\":\"1985-01-01\"}", "model.date-one-end" },
        { "{\"quality\":\"unknown\",\"to\":\"1985-01-01\"}", "model.date-one-end" },
        { "{\"quality\":\"about\",\"from\":\"1985-01-02\",\"to\":\"1985-01-01\"}",
          "model.date-ends-before" },
        { "{\"quality\":\"exact\",\"from\":\"1985-01-01\",\"to\":\"1985-01-02\"}",
          "model.date-not-exact" },
        { "{\"quality\":\"age-estimated\",\"from\":\"1985-01-01\",\"to\":\"1985-12-31\"}",
          "model.date-estimated-when" },
        { "{\"quality\":\"exact\",\"from\":\"1985-02-29\",\"to\":\"1985-02-29\"}",
          "model.bad-date" },
        { "{\"quality\":\"exact\",\"from\":19850101,\"to\":19850101}", "model.bad-date" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct when when = { .written = TEXT("untouched") };
        struct err e = parse(rows[i].in, &when);
        assert_true(failed(e));
        assert_string_equal(e.rule, rows[i].rule);
        assert_true(text_is(when.written, "untouched"));
    }
}

static void a_quality_of_a_later_list_is_no_interval(void **state)
{
    (void)state;
    struct when when;
    assert_false(failed(parse("{\"quality\":\"by-star-sign\",\"from\":\"1985-01-01\","
                              "\"to\":\"1985-01-01\",\"written\":\"aries\"}",
                              &when)));
    assert_false(when_known(&when));
    assert_true(text_is(when.written, "aries"));
}

static void check_widened(const char *quality, const char *day, const char *from, const char *to)
{
    char in[200];
    struct when when;
    struct date first;
    struct date last;
    snprintf(in, sizeof(in),
             "{\"quality\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"estimated_on\":\"2026-01-01\"}",
             quality, day, day);
    assert_false(failed(parse(in, &when)));
    when = when_widen(&when);
    assert_false(failed(date_parse(text_literal(from), &first)));
    assert_false(failed(date_parse(text_literal(to), &last)));
    assert_int_equal(date_days(when.from), date_days(first));
    assert_int_equal(date_days(when.to), date_days(last));
}

static void each_quality_widens_as_far_as_it_doubts(void **state)
{
    (void)state;
    check_widened("exact", "2008-02-29", "2008-02-29", "2008-02-29");
    check_widened("about", "2008-02-29", "2008-02-29", "2008-02-29");
    check_widened("month-only", "2008-02-10", "2008-02-01", "2008-02-29");
    check_widened("year-only", "2008-07-01", "2008-01-01", "2008-12-31");
    check_widened("registry-default", "2008-12-31", "2008-01-01", "2008-12-31");
    check_widened("age-estimated", "2008-02-29", "2006-02-28", "2010-02-28");
    check_widened("age-estimated", "0002-02-01", "0002-02-01", "0004-02-01");
    check_widened("age-estimated", "9998-02-01", "9996-02-01", "9998-02-01");
}

/* Over many days and all qualities: widening never loses a day and never swaps the ends. */
static void widening_only_widens(void **state)
{
    (void)state;
    for (int32_t day = -700000; day < 2900000; day += 7919) {
        for (unsigned quality = WHEN_EXACT; quality < WHEN_UNKNOWN; quality++) {
            struct when when = { .from = date_from_days(day),
                                 .to = date_from_days(day + 40),
                                 .quality = (enum when_quality)quality };
            struct when wide = when_widen(&when);
            assert_true(date_valid(wide.from) && date_valid(wide.to));
            assert_true(date_days(wide.from) <= date_days(when.from));
            assert_true(date_days(wide.to) >= date_days(when.to));
        }
    }
}

static void a_place_is_seen_whole(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json = text_json(&arena, "{\"written\":\"Sèmè-Kraké\",\"country\":\"BEN\",\"post\":"
                                         "\"seme-krake\",\"at\":{\"lat\":\"6.38\",\"lon\":\"2.70\","
                                         "\"radius_m\":200,\"datum\":\"WGS84\"}}");
    struct where where = where_view(&json);
    assert_true(text_is(where.country, "BEN"));
    assert_true(text_is(where.post, "seme-krake"));
    assert_true(text_is(where.lat, "6.38"));
    assert_int_equal(where.radius_m, 200);
    assert_int_equal(where.locality.len, 0);
    json = text_json(&arena, "{\"written\":\"somewhere\"}");
    assert_int_equal(where_view(&json).radius_m, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_that_say_nothing_certain_are_refused),
        cmocka_unit_test(a_quality_of_a_later_list_is_no_interval),
        cmocka_unit_test(each_quality_widens_as_far_as_it_doubts),
        cmocka_unit_test(widening_only_widens),
        cmocka_unit_test(a_place_is_seen_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
