#include "core/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint8_t whole[] = { 1, 0, 2, 0, 0, 0,   3,   0, 0, 0, 0, 0,   0, 0,
                                 4, 0, 0, 0, 2, 'o', 'k', 0, 0, 0, 1, 'x', 9, 9 };

static struct err read_all(struct bytes in)
{
    struct reader r = reader_over(in);
    uint8_t copy[2];
    reader_u8(&r);
    reader_u16(&r);
    reader_u32(&r);
    reader_u64(&r);
    reader_text(&r, 8);
    reader_block(&r, 8);
    reader_copy(&r, copy, sizeof(copy));
    return reader_end(&r);
}

static void test_refuses_every_prefix(void **state)
{
    (void)state;
    assert_false(failed(read_all(bytes_of(whole, sizeof(whole)))));
    for (size_t len = 0; len < sizeof(whole); len++) {
        uint8_t *exact = malloc(len + 1);
        memcpy(exact, whole, len);
        struct err e = read_all(bytes_of(exact, len));
        assert_string_equal(e.rule, "wire.short");
        free(exact);
    }
}

static void test_refuses_trailing_bytes(void **state)
{
    (void)state;
    struct reader r = reader_over(bytes_of(whole, sizeof(whole)));
    reader_u8(&r);
    struct err e = reader_end(&r);
    assert_string_equal(e.rule, "wire.trailing");
    assert_int_equal(e.at, 1);
}

static void test_first_failure_sticks_and_later_reads_are_zero(void **state)
{
    (void)state;
    static const uint8_t in[] = { 0, 0, 0, 9, 'x', 1, 1, 1 };
    struct reader r = reader_over(bytes_of(in, sizeof(in)));
    assert_int_equal(reader_block(&r, 8).len, 0);
    assert_int_equal(reader_u8(&r), 0);
    assert_int_equal(reader_left(&r), 0);
    uint8_t copy[2] = { 5, 5 };
    reader_copy(&r, copy, 2);
    assert_int_equal(copy[0] + copy[1], 0);
    struct err e = reader_end(&r);
    assert_string_equal(e.rule, "wire.block-too-long");
    assert_int_equal(e.code, ERR_LIMIT);
    assert_int_equal(e.at, 4);
}

static void test_text_must_be_utf8(void **state)
{
    (void)state;
    static const uint8_t in[] = { 0, 0, 0, 1, 0xFF };
    struct reader r = reader_over(bytes_of(in, sizeof(in)));
    assert_null(reader_text(&r, 8).data);
    assert_string_equal(reader_end(&r).rule, "text.not-utf8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refuses_every_prefix),
        cmocka_unit_test(test_refuses_trailing_bytes),
        cmocka_unit_test(test_first_failure_sticks_and_later_reads_are_zero),
        cmocka_unit_test(test_text_must_be_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
