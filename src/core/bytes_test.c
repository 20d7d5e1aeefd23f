#include "core/bytes.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 3629 by arithmetic: decode, then ask whether this scalar is written so. */
static bool oracle(const uint8_t *p, size_t len)
{
    size_t i = 0;
    while (i < len) {
        unsigned lead = p[i];
        size_t n = lead < 0x80 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
        if (n == 4 && (lead & 0xF8) != 0xF0)
            return false;
        if (len - i < n)
            return false;
        uint32_t scalar = n == 1 ? lead : lead & (0x7Fu >> n);
        for (size_t k = 1; k < n; k++) {
            if ((p[i + k] & 0xC0) != 0x80)
                return false;
            scalar = scalar << 6 | (p[i + k] & 63);
        }
        static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
        if (scalar < least[n] || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar <= 0xDFFF))
            return false;
        i += n;
    }
    return true;
}

static void test_utf8_agrees_with_arithmetic(void **state)
{
    (void)state;
    struct text out;
    for (uint32_t pair = 0; pair < 0x10000; pair++) {
        uint8_t in[4] = { (uint8_t)(pair >> 8), (uint8_t)pair, 0x80, 0xBF };
        for (size_t len = 1; len <= 4; len++)
            assert_int_equal(!failed(text_parse(bytes_of(in, len), &out)), oracle(in, len));
    }
}

static void test_utf8_names_the_first_bad_byte(void **state)
{
    (void)state;
    struct text out = TEXT("kept");
    struct err e = text_parse(bytes_of("ab\xc3\xa9\xed\xa0\x80", 7), &out);
    assert_int_equal(e.at, 4);
    assert_string_equal(e.rule, "text.not-utf8");
    assert_true(text_is(out, "kept"));
}

static void test_compares_as_unsigned_prefix_first(void **state)
{
    (void)state;
    assert_true(bytes_compare(bytes_of("a", 1), bytes_of("ab", 2)) < 0);
    assert_true(bytes_compare(bytes_of("\xff", 1), bytes_of("a", 1)) > 0);
    assert_int_equal(bytes_compare(bytes_of("ab", 2), bytes_of("ab", 2)), 0);
    assert_true(bytes_compare(bytes_of(NULL, 0), bytes_of("a", 1)) < 0);
    assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of("a", 0)));
}

static void test_starts_and_ends(void **state)
{
    (void)state;
    assert_true(text_starts(TEXT("abc"), TEXT("ab")));
    assert_false(text_starts(TEXT("a"), TEXT("ab")));
    assert_true(text_ends(TEXT("abc"), TEXT("bc")));
    assert_false(text_ends(TEXT("abc"), TEXT("b")));
    assert_true(text_ends(TEXT(""), TEXT("")));
}

static void test_splits_into_all_parts(void **state)
{
    (void)state;
    struct text rest = TEXT("a,,b,");
    static const char *const want[] = { "a", "", "b", "" };
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(rest.data);
        assert_true(text_is(text_split(&rest, ','), want[i]));
    }
    assert_null(rest.data);
}

static void test_lists_whole_parts_only(void **state)
{
    (void)state;
    assert_true(text_lists(TEXT("a,bc,d"), ',', TEXT("a")));
    assert_true(text_lists(TEXT("a,bc,d"), ',', TEXT("bc")));
    assert_true(text_lists(TEXT("a,bc,d"), ',', TEXT("d")));
    assert_false(text_lists(TEXT("a,bc,d"), ',', TEXT("b")));
    assert_false(text_lists(TEXT("a,bc,d"), ' ', TEXT("a")));
    assert_false(text_lists(TEXT("a"), ',', TEXT("")));
    assert_true(text_lists(TEXT("a,"), ',', TEXT("")));
    assert_false(text_lists((struct text){ NULL, 0 }, ',', TEXT("a")));
}

static void test_slices_within_and_trims(void **state)
{
    (void)state;
    assert_true(text_is(text_slice(TEXT("abc"), 1, 9), "bc"));
    assert_true(text_is(text_slice(TEXT("abc"), 9, 9), ""));
    assert_true(text_is(text_slice((struct text){ NULL, 0 }, 3, 1), ""));
    assert_true(text_is(text_trim(TEXT(" \t a b\r\n")), "a b"));
    assert_true(text_is(text_trim(TEXT(" \n")), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_agrees_with_arithmetic),
        cmocka_unit_test(test_utf8_names_the_first_bad_byte),
        cmocka_unit_test(test_compares_as_unsigned_prefix_first),
        cmocka_unit_test(test_starts_and_ends),
        cmocka_unit_test(test_splits_into_all_parts),
        cmocka_unit_test(test_lists_whole_parts_only),
        cmocka_unit_test(test_slices_within_and_trims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
