#include "link/hello.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static uint8_t memory[1024 * 1024];
static const struct instant now = { 1795313640000 };
static struct hash root_held; /* of the feed NGA -> NER at 4711 */

/* NER greets NGA. */
static struct hello sample(void)
{
    struct hello hello = {
        .version_min = 1, .version_max = 1, .realm = TEXT("demo"), .generation = 3,
        .member = TEXT("NER"), .at = now, .holds = { 2, 4711, { { 0 } } }, .sends = 900,
        .anchors = 120,
    };
    memset(hello.root, 0x0e, BATCH_KEY_LEN);
    memset(hello.to, 0x0a, BATCH_KEY_LEN);
    memset(root_held.bytes, 0x77, HASH_LEN);
    hello.holds.root = root_held;
    return hello;
}

/* What NGA knows. */
static struct hello_known known_sample(void)
{
    struct hello_known known = {
        .realm = TEXT("demo"), .generation = 2, .peer_code = TEXT("NER"), .peer_known = true,
        .peer_generation = 3, .numbered = 4800, .acked = 4700, .root_at_opt = &root_held,
        .held = { 3, 890, { { 0 } } }, .answers = true, .now = now,
    };
    memset(known.self, 0x0a, BATCH_KEY_LEN);
    memset(known.peer, 0x0e, BATCH_KEY_LEN);
    return known;
}

static void a_hello_comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof memory);
    struct hello hello = sample();
    const struct text cards[] = { TEXT("root card"), TEXT("node card") };
    hello.cards = cards;
    hello.cards_count = 2;
    struct bytes out;
    struct hello back;
    assert_false(failed(hello_format(&hello, &arena, &out)));
    assert_false(failed(hello_parse(out, &arena, &back)));
    assert_true(text_is(back.member, "NER") && text_is(back.realm, "demo"));
    assert_int_equal(back.generation, 3);
    assert_int_equal(back.holds.generation, 2);
    assert_int_equal(back.holds.number, 4711);
    assert_true(hash_equal(&back.holds.root, &root_held));
    assert_int_equal(back.sends, 900);
    assert_int_equal(back.anchors, 120);
    assert_int_equal(back.at.ms, now.ms);
    assert_int_equal(back.root[5], 0x0e);
    assert_int_equal(back.to[5], 0x0a);
    assert_int_equal(back.cards_count, 2);
    assert_true(text_is(back.cards[1], "node card"));
    bool refusal = true;
    assert_true(hello_is_refusal(out, &arena, &refusal) && !refusal);
    for (size_t len = 0; len < out.len; len++) {
        struct arena small = arena_over(memory + sizeof memory / 2, sizeof memory / 2);
        struct hello untouched = { .sends = 4242 };
        assert_true(failed(hello_parse(bytes_of(out.data, len), &small, &untouched)));
        assert_int_equal(untouched.sends, 4242);
    }
}

static void a_refusal_comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof memory);
    struct refusal refusal = { .realm = TEXT("demo"), .at = now, .rule = TEXT("link.fork") };
    memset(refusal.root, 0x0a, BATCH_KEY_LEN);
    struct bytes out;
    struct refusal back;
    assert_false(failed(refusal_format(&refusal, &arena, &out)));
    assert_false(failed(refusal_parse(out, &arena, &back)));
    assert_true(text_is(back.rule, "link.fork"));
    assert_int_equal(back.root[9], 0x0a);
    bool is = false;
    assert_true(hello_is_refusal(out, &arena, &is) && is);
    struct hello hello;
    assert_true(failed(hello_parse(out, &arena, &hello)));
    for (size_t len = 0; len < out.len; len++)
        assert_true(failed(refusal_parse(bytes_of(out.data, len), &arena, &back)));
}

/* Goal E4: one round trip, at most 1 kB in all. */
static void resume_fits_in_one_kilobyte_both_ways(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof memory);
    struct hello hello = sample();
    hello.realm = TEXT("production");
    hello.member = TEXT("x-mnjtf");
    hello.holds.number = 10000000000;
    hello.sends = 10000000000;
    hello.anchors = 5000000;
    struct bytes out;
    assert_false(failed(hello_format(&hello, &arena, &out)));
    print_message("a hello on resume: %zu bytes\n", out.len);
    assert_true(out.len <= HELLO_RESUME_LEN_MAX);
    assert_true(2 * HELLO_RESUME_LEN_MAX <= 1024);
}

static void a_hello_that_fits_gives_version_and_resume_point(void **state)
{
    (void)state;
    struct hello hello = sample();
    struct hello_known known = known_sample();
    struct hello_agreed agreed;
    hello.version_max = 9;
    assert_false(failed(hello_check(&hello, &known, &agreed)));
    assert_int_equal(agreed.version, 1);
    assert_int_equal(agreed.resume, 4711);
    assert_false(agreed.clock_off || agreed.new_generation);
}

static void what_does_not_fit_is_refused_by_its_rule(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "link.version", "link.realm", "link.not-for-us", "link.unknown-root", "link.other-root",
        "link.other-code", "link.generation-behind", "link.rolled-back", "link.receipt-ahead",
        "link.rolled-back", "link.fork", "link.fork", "link.rolled-back",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct hello hello = sample();
        struct hello_known known = known_sample();
        struct hello_agreed agreed = { .resume = 4242 };
        switch (i) {
        case 0: hello.version_min = 2; hello.version_max = 3; break;
        case 1: hello.realm = TEXT("exercise"); break;
        case 2: hello.to[0] ^= 1; break;
        case 3: known.peer_known = false; break;
        case 4: hello.root[31] ^= 1; break;
        case 5: hello.member = TEXT("TCD"); break;
        case 6: hello.generation = 2; break;
        case 7: hello.sends = 889; break;            /* numbered less than we hold */
        case 8: hello.holds.number = 4801; break;    /* holds more than we sent */
        case 9: hello.holds.number = 4699; break;    /* less than it acknowledged */
        case 10: hello.holds.root.bytes[3] ^= 1; break;
        case 11: known.root_at_opt = NULL; break;
        case 12: hello.holds.generation = 3; break;  /* saw a generation of ours that we lost */
        default: break;
        }
        struct err e = hello_check(&hello, &known, &agreed);
        assert_true(failed(e));
        assert_string_equal(e.rule, rules[i]);
        assert_int_equal(e.code, i < 6 ? ERR_DENIED : ERR_CONFLICT);
        assert_int_equal(link_rule_freezes(text_literal(e.rule)), i >= 6);
        assert_int_equal(agreed.resume, 4242);
    }
}

static void an_unasked_hello_that_was_overtaken_is_no_rollback(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct hello hello = sample();
        struct hello_known known = known_sample();
        struct hello_agreed agreed;
        known.answers = false;
        if (i == 0)
            known.acked = 4712;
        else
            known.held.number = 901;
        struct err e = hello_check(&hello, &known, &agreed);
        assert_string_equal(e.rule, "link.hello-overtaken");
        assert_false(link_rule_freezes(text_literal(e.rule)));
    }
}

static void a_new_generation_begins_again_at_one(void **state)
{
    (void)state;
    struct hello hello = sample();
    struct hello_known known = known_sample();
    struct hello_agreed agreed;
    hello.generation = 4;
    hello.sends = 0;
    assert_false(failed(hello_check(&hello, &known, &agreed)));
    assert_true(agreed.new_generation);
    hello = sample();
    known.generation = 3; /* ours is new: what they hold ended with the old one */
    known.numbered = 5;
    known.acked = 0;
    assert_false(failed(hello_check(&hello, &known, &agreed)));
    assert_int_equal(agreed.resume, 0);
}

static void clocks_more_than_five_minutes_apart_are_told(void **state)
{
    (void)state;
    static const struct {
        int64_t off;
        bool told;
    } cases[] = { { 300000, false }, { 300001, true }, { -300000, false }, { -300001, true } };
    for (size_t i = 0; i < 4; i++) {
        struct hello hello = sample();
        struct hello_known known = known_sample();
        struct hello_agreed agreed;
        hello.at.ms += cases[i].off;
        assert_false(failed(hello_check(&hello, &known, &agreed)));
        assert_int_equal(agreed.clock_off, cases[i].told);
        assert_int_equal(agreed.clock_off_ms, cases[i].off);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hello_comes_back_as_it_was_written),
        cmocka_unit_test(a_refusal_comes_back_as_it_was_written),
        cmocka_unit_test(resume_fits_in_one_kilobyte_both_ways),
        cmocka_unit_test(a_hello_that_fits_gives_version_and_resume_point),
        cmocka_unit_test(what_does_not_fit_is_refused_by_its_rule),
        cmocka_unit_test(an_unasked_hello_that_was_overtaken_is_no_rollback),
        cmocka_unit_test(a_new_generation_begins_again_at_one),
        cmocka_unit_test(clocks_more_than_five_minutes_apart_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
