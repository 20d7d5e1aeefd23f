#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/watch.h"

static uint8_t memory[1 << 16];
static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_over(memory, sizeof(memory));
    return 0;
}

static struct code purpose(const char *code)
{
    return code_of(CODE_PURPOSE, text_literal(code));
}

static struct err parse(const char *json, const char *of, struct watch_ask *out)
{
    struct json in;
    struct text place;
    struct err e = json_parse(text_bytes(text_literal(json)), &arena, &in);
    return failed(e) ? e : watch_ask_parse(&in, purpose(of), out, &place);
}

static void a_check_at_a_border_is_over_when_it_is_over(void **state)
{
    (void)state;
    struct watch_ask ask;
    assert_int_equal(watch_days(WATCH_RECHECK, purpose("border-check")), 0);
    assert_int_equal(watch_days(WATCH_STANDING, purpose("border-check")), 0);
    assert_string_equal(parse("{\"kind\":\"recheck\"}", "border-check", &ask).rule,
                        "watch.not-for-this-purpose");
    assert_int_equal(watch_days(WATCH_RECHECK, purpose("no-such-purpose")), 0);
    assert_string_equal(parse("{}", "no-such-purpose", &ask).rule, "watch.not-for-this-purpose");
}

static void a_case_has_a_standing_search_and_an_application_a_recheck(void **state)
{
    (void)state;
    struct watch_ask ask;
    assert_false(failed(parse("{}", "criminal-investigation", &ask)));
    assert_int_equal(ask.kind, WATCH_STANDING);
    assert_int_equal(ask.days, WATCH_DAYS_DEFAULT);
    assert_false(ask.strong);
    assert_true(failed(parse("{\"kind\":\"recheck\"}", "criminal-investigation", &ask)));
    assert_false(failed(parse("{\"kind\":\"recheck\",\"days\":365}", "firearm-licence", &ask)));
    assert_int_equal(ask.days, 365);
    assert_true(ask.strong);
    assert_true(failed(parse("{}", "firearm-licence", &ask)));
}

static void what_is_not_allowed_is_refused_with_its_place(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        { "{\"kind\":\"always\"}", "watch.unknown-kind" },
        { "{\"days\":0}", "watch.bad-days" },
        { "{\"days\":366}", "watch.bad-days" },
        { "{\"days\":\"7\"}", "watch.bad-days" },
        { "{\"least\":\"weak\"}", "watch.unknown-band" },
    };
    struct watch_ask ask;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err e = parse(wrong[i][0], "missing-persons", &ask);
        assert_true(failed(e));
        assert_string_equal(e.rule, wrong[i][1]);
    }
    assert_false(failed(parse("{\"days\":365,\"least\":\"strong\"}", "missing-persons", &ask)));
    assert_true(ask.strong);
}

static void a_verdict_is_one_of_three(void **state)
{
    (void)state;
    enum watch_verdict verdict;
    assert_false(failed(watch_verdict_parse(TEXT("same"), &verdict)));
    assert_false(failed(watch_verdict_parse(TEXT("different"), &verdict)));
    assert_int_equal(verdict, WATCH_DIFFERENT);
    assert_true(failed(watch_verdict_parse(TEXT("new"), &verdict)));
    assert_true(failed(watch_verdict_parse(TEXT(""), &verdict)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_check_at_a_border_is_over_when_it_is_over, begin),
        cmocka_unit_test_setup(a_case_has_a_standing_search_and_an_application_a_recheck, begin),
        cmocka_unit_test_setup(what_is_not_allowed_is_refused_with_its_place, begin),
        cmocka_unit_test(a_verdict_is_one_of_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
