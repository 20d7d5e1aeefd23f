#include "core/encode.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t memory[4096];

/* RFC 4648 section 10. */
static void test_base64_gives_the_vectors_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
    };
    for (size_t i = 0; i < 7; i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct text plain = text_literal(pairs[i][0]);
        assert_true(text_is(base64_format(&arena, text_bytes(plain)), pairs[i][1]));
        uint8_t back[8];
        size_t len = 99;
        assert_false(failed(base64_parse(text_literal(pairs[i][1]), back, sizeof(back), &len)));
        assert_true(bytes_equal(bytes_of(back, len), text_bytes(plain)));
    }
}

static void test_base64_has_one_spelling(void **state)
{
    (void)state;
    static const char *const bad[] = { "Zg",   "Zg=",  "Zh==",   "Zm9=", "Zg==Zg==", "Z===",
                                       "====", "Zm 9", "Zm9v\n", "Z-9v", "=Zm9" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t out[16];
        size_t len = 99;
        assert_true(failed(base64_parse(text_literal(bad[i]), out, sizeof(out), &len)));
        assert_int_equal(len, 99);
    }
    uint8_t small[2];
    size_t len = 0;
    assert_int_equal(base64_parse(TEXT("Zm9v"), small, 2, &len).code, ERR_LIMIT);
}

static void test_all_lengths_come_back(void **state)
{
    (void)state;
    uint8_t in[256];
    for (size_t i = 0; i < sizeof(in); i++)
        in[i] = (uint8_t)(i * 167 + 13);
    for (size_t len = 0; len < sizeof(in); len++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        uint8_t back[256];
        size_t got = 0;
        struct text base64 = base64_format(&arena, bytes_of(in, len));
        assert_false(failed(base64_parse(base64, back, sizeof(back), &got)));
        assert_true(bytes_equal(bytes_of(back, got), bytes_of(in, len)));
        struct text hex = hex_format(&arena, bytes_of(in, len));
        assert_false(failed(hex_parse(hex, back, len)));
        assert_true(bytes_equal(bytes_of(back, len), bytes_of(in, len)));
    }
}

static void test_hex_is_lower_case_and_of_the_right_length(void **state)
{
    (void)state;
    uint8_t out[2] = { 7, 7 };
    assert_false(failed(hex_parse(TEXT("00ff"), out, 2)));
    assert_int_equal(out[1], 0xFF);
    assert_true(failed(hex_parse(TEXT("00FF"), out, 2)));
    assert_true(failed(hex_parse(TEXT("00f"), out, 2)));
    assert_true(failed(hex_parse(TEXT("00fg"), out, 2)));
    assert_int_equal(out[1], 0xFF);
}

static void test_base32_is_the_number_in_crockfords_digits(void **state)
{
    (void)state;
    uint8_t in[16] = { 0 };
    char out[BASE32_128_LEN];
    base32_format_128(in, out);
    assert_memory_equal(out, "00000000000000000000000000", BASE32_128_LEN);
    in[15] = 33;
    base32_format_128(in, out);
    assert_memory_equal(out, "00000000000000000000000011", BASE32_128_LEN);
    memset(in, 0xFF, sizeof(in));
    base32_format_128(in, out);
    assert_memory_equal(out, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", BASE32_128_LEN);
}

static void test_base32_has_one_spelling(void **state)
{
    (void)state;
    uint8_t in[16];
    for (unsigned seed = 1; seed < 2000; seed++) {
        unsigned x = seed * 2654435761u;
        for (size_t i = 0; i < 16; i++, x = x * 1664525u + 1013904223u)
            in[i] = (uint8_t)(x >> 24);
        char out[BASE32_128_LEN];
        uint8_t back[16];
        base32_format_128(in, out);
        assert_false(failed(base32_parse_128((struct text){ out, BASE32_128_LEN }, back)));
        assert_memory_equal(in, back, 16);
    }
    uint8_t back[16];
    assert_true(failed(base32_parse_128(TEXT("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"), back)));
    assert_true(failed(base32_parse_128(TEXT("0000000000000000000000000O"), back)));
    assert_true(failed(base32_parse_128(TEXT("0000000000000000000000000a"), back)));
    assert_true(failed(base32_parse_128(TEXT("0000000000000000000000000"), back)));
    assert_true(failed(base32_parse_128(TEXT("000000000000000000000000000"), back)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64_gives_the_vectors_of_rfc_4648),
        cmocka_unit_test(test_base64_has_one_spelling),
        cmocka_unit_test(test_all_lengths_come_back),
        cmocka_unit_test(test_hex_is_lower_case_and_of_the_right_length),
        cmocka_unit_test(test_base32_is_the_number_in_crockfords_digits),
        cmocka_unit_test(test_base32_has_one_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
