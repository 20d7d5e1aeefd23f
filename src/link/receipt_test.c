#include "link/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static uint8_t memory[2 * 1024 * 1024];

static const struct receipt_line parked[] = { { 4702, { "link.clock", 10 } },
                                              { 4703, { "link.behind-parked", 18 } } };
static const struct receipt_line refused[] = { { 4700, { "treaty.no-clause", 16 } } };

static struct receipt sample(void)
{
    struct receipt receipt = {
        .realm = TEXT("demo"), .feed = TEXT("NER"), .generation = 1, .number = 4711,
        .anchors = 88, .parked = parked, .parked_count = 2, .refused = refused,
        .refused_count = 1,
    };
    receipt.root.bytes[0] = 0xab;
    return receipt;
}

static void a_receipt_is_the_canonical_text_of_its_header(void **state)
{
    (void)state;
    static const char expected[] =
        "{\"anchors\":88,\"comity\":1,\"feed\":\"NER\",\"generation\":1,\"number\":4711,"
        "\"parked\":[{\"number\":4702,\"rule\":\"link.clock\"},{\"number\":4703,"
        "\"rule\":\"link.behind-parked\"}],\"realm\":\"demo\",\"refused\":[{\"number\":4700,"
        "\"rule\":\"treaty.no-clause\"}],\"root\":\"ab00000000000000000000000000000000000000"
        "000000000000000000000000\",\"type\":\"receipt\"}";
    struct arena arena = arena_over(memory, sizeof memory);
    struct receipt receipt = sample();
    struct bytes out;
    assert_false(failed(receipt_format(&receipt, &arena, &out)));
    assert_true(bytes_equal(out, bytes_of(expected, sizeof expected - 1)));
    struct receipt back;
    assert_false(failed(receipt_parse(out, &arena, &back)));
    assert_int_equal(back.number, 4711);
    assert_int_equal(back.anchors, 88);
    assert_int_equal(back.parked_count, 2);
    assert_int_equal(back.parked[1].number, 4703);
    assert_true(text_is(back.refused[0].rule, "treaty.no-clause"));
    assert_int_equal(back.root.bytes[0], 0xab);
    for (size_t len = 0; len < out.len; len++) {
        struct receipt untouched = { .number = 4242 };
        assert_true(failed(receipt_parse(bytes_of(expected, len), &arena, &untouched)));
        assert_int_equal(untouched.number, 4242);
        arena_reset(&arena);
    }
}

static void lists_that_lie_are_refused(void **state)
{
    (void)state;
    static const struct receipt_line lists[][2] = {
        { { 4712, { "link.clock", 10 } } },     /* beyond what is held */
        { { 1, { "A sentence, or a name", 21 } } }, /* a partner writes rules, not text */
    };
    for (size_t i = 0; i < 2; i++) {
        char text[512];
        struct arena arena = arena_over(memory, sizeof memory);
        int len = snprintf(text, sizeof text,
            "{\"anchors\":88,\"comity\":1,\"feed\":\"NER\",\"generation\":1,\"number\":4711,"
            "\"parked\":[{\"number\":%llu,\"rule\":\"%s\"}],\"realm\":\"demo\",\"refused\":[],"
            "\"root\":\"ab00000000000000000000000000000000000000000000000000000000000000\","
            "\"type\":\"receipt\"}",
            (unsigned long long)lists[i][0].number, lists[i][0].rule.data);
        struct receipt back;
        struct err e = receipt_parse(bytes_of(text, (size_t)len), &arena, &back);
        assert_string_equal(e.rule, "receipt.member");
    }
}

static void a_list_may_be_full_and_not_longer(void **state)
{
    (void)state;
    static struct receipt_line lines[RECEIPT_LIST_MAX];
    static uint8_t room[4 * 1024 * 1024];
    for (size_t i = 0; i < RECEIPT_LIST_MAX; i++)
        lines[i] = (struct receipt_line){ i + 1, TEXT("link.clock") };
    struct arena arena = arena_over(room, sizeof room);
    struct receipt receipt = sample();
    receipt.parked = lines;
    receipt.parked_count = RECEIPT_LIST_MAX;
    struct bytes out;
    struct receipt back;
    assert_false(failed(receipt_format(&receipt, &arena, &out)));
    assert_false(failed(receipt_parse(out, &arena, &back)));
    assert_int_equal(back.parked_count, RECEIPT_LIST_MAX);
    static uint8_t longer[RECEIPT_LEN_MAX + 1];
    assert_string_equal(receipt_parse(BYTES_OF(longer), &arena, &back).rule, "receipt.too-long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_is_the_canonical_text_of_its_header),
        cmocka_unit_test(lists_that_lie_are_refused),
        cmocka_unit_test(a_list_may_be_full_and_not_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
