#include "core/number.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/encode.h"
#include "core/hash.h"
#include "test_files.h"

enum { RANDOM_CASES = 100000, STATIC_MAX = 256, SERIAL = 2000, DIGITS_LONG = 1500 };

static uint64_t random_state = 88172645463325252ULL;

static uint64_t random_u64(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double from_bits(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double random_finite(void)
{
    double value = from_bits(random_u64());
    while (!isfinite(value))
        value = from_bits(random_u64());
    return value;
}

/* The 25 samples of RFC 8785 appendix B (two of them, NaN and Infinity, are not formatted). */
static void test_prints_the_samples_of_rfc_8785(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } samples[] = {
        { 0x0000000000000000, "0" },
        { 0x8000000000000000, "0" },
        { 0x0000000000000001, "5e-324" },
        { 0x8000000000000001, "-5e-324" },
        { 0x7fefffffffffffff, "1.7976931348623157e+308" },
        { 0xffefffffffffffff, "-1.7976931348623157e+308" },
        { 0x4340000000000000, "9007199254740992" },
        { 0xc340000000000000, "-9007199254740992" },
        { 0x4430000000000000, "295147905179352830000" },
        { 0x44b52d02c7e14af5, "9.999999999999997e+22" },
        { 0x44b52d02c7e14af6, "1e+23" },
        { 0x44b52d02c7e14af7, "1.0000000000000001e+23" },
        { 0x444b1ae4d6e2ef4e, "999999999999999700000" },
        { 0x444b1ae4d6e2ef4f, "999999999999999900000" },
        { 0x444b1ae4d6e2ef50, "1e+21" },
        { 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7" },
        { 0x3eb0c6f7a0b5ed8d, "0.000001" },
        { 0x41b3de4355555553, "333333333.3333332" },
        { 0x41b3de4355555554, "333333333.33333325" },
        { 0x41b3de4355555555, "333333333.3333333" },
        { 0x41b3de4355555556, "333333333.3333334" },
        { 0x41b3de4355555557, "333333333.33333343" },
        { 0xbecbf647612f3696, "-0.0000033333333333333333" },
        { 0x43143ff3c1cb0959, "1424953923781206.2" },
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        char out[NUMBER_LEN_MAX + 1] = { 0 };
        out[number_format(from_bits(samples[i].bits), out)] = 0;
        assert_string_equal(out, samples[i].text);
    }
}

/* The ES6 number file of the JCS authors, made here by its published algorithm; the SHA-256
 * of its first lines is published with it. */
struct es6 {
    struct hasher hasher;
    uint8_t block[32];
    size_t left; /* doubles not yet used in `block` */
    size_t lines;
};

static double es6_random(struct es6 *es6)
{
    double value = 0;
    while (!isfinite(value) || fpclassify(value) == FP_ZERO) {
        if (es6->left == 0) {
            struct hash next = hash_of(bytes_of(es6->block, sizeof(es6->block)));
            memcpy(es6->block, next.bytes, sizeof(es6->block));
            es6->left = 4;
        }
        memcpy(&value, es6->block + 8 * (4 - es6->left), 8);
        es6->left--;
    }
    return value;
}

static void es6_line(struct es6 *es6, double value)
{
    char line[64];
    char out[NUMBER_LEN_MAX];
    size_t len = number_format(value, out);
    int written = snprintf(line, sizeof(line), "%lx,%.*s\n", to_bits(value), (int)len, out);
    hasher_add(&es6->hasher, bytes_of(line, (size_t)written));
    es6->lines++;
}

/* The static values stand in the README as 0x…n. */
static size_t es6_static(const struct test_file *readme, uint64_t out[static STATIC_MAX])
{
    size_t n = 0;
    const char *at = strstr((const char *)readme->data, "staticU64s = new");
    const char *end = strstr((const char *)readme->data, "staticF64s = new");
    assert_non_null(at);
    for (at = strstr(at, "0x"); at != NULL && at < end; at = strstr(at + 2, "0x")) {
        assert_true(n < STATIC_MAX);
        out[n++] = strtoull(at, NULL, 16);
    }
    return n;
}

static void test_prints_the_es6_file_byte_for_byte(void **state)
{
    (void)state;
    static const char want[] =
        "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7"; /* 100,000 lines */
    char path[TEST_PATH_MAX];
    struct test_file readme = { NULL, 0 };
    assert_true(test_source("tests/vectors/jcs/README.md", path));
    assert_true(test_file_read(path, &readme));
    assert_non_null(strstr((const char *)readme.data, want));
    uint64_t statics[STATIC_MAX];
    size_t n = es6_static(&readme, statics);
    struct es6 es6 = { .left = 0 };
    hasher_init(&es6.hasher);
    for (size_t i = 0; i < n; i++)
        es6_line(&es6, from_bits(statics[i]));
    for (uint64_t i = 0; i < SERIAL; i++)
        es6_line(&es6, from_bits(0x0010000000000000 + i));
    while (es6.lines < 100000)
        es6_line(&es6, es6_random(&es6));
    struct hash got = hasher_end(&es6.hasher);
    uint8_t memory[256];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text hex = hex_format(&arena, bytes_of(got.bytes, sizeof(got.bytes)));
    assert_true(text_is(hex, want));
    free(readme.data);
}

static void test_prints_shortest_text_that_reads_back(void **state)
{
    (void)state;
    for (int i = 0; i < RANDOM_CASES; i++) {
        double value = random_finite();
        char out[NUMBER_LEN_MAX + 1] = { 0 };
        size_t len = number_format(value, out);
        assert_true(to_bits(strtod(out, NULL)) == to_bits(value));
        double back = 0;
        assert_true(number_parse((struct text){ out, len }, &back));
        assert_true(to_bits(back) == to_bits(value));
        char theirs[64];
        int digits = 1;
        for (; digits < 17; digits++) {
            snprintf(theirs, sizeof(theirs), "%.*e", digits - 1, value);
            if (to_bits(strtod(theirs, NULL)) == to_bits(value))
                break;
        }
        int ours = 0;
        bool leading = true;
        for (size_t at = 0; at < len && out[at] != 'e'; at++) {
            leading = leading && (out[at] == '0' || out[at] == '.' || out[at] == '-');
            ours += !leading && out[at] >= '0' && out[at] <= '9';
        }
        while (ours > 1 && len == (size_t)ours + (out[0] == '-') && out[len - 1] == '0') {
            ours--; /* zeros that only fill up to the point */
            len--;
        }
        assert_true(ours <= digits);
    }
}

static void check_parse(const char *in)
{
    double value = 0;
    double want = strtod(in, NULL);
    bool fits = number_parse(text_literal(in), &value);
    assert_true(fits == isfinite(want));
    if (fits && to_bits(value) != to_bits(want))
        fail_msg("%s", in);
}

static void test_reads_as_the_c_library_does(void **state)
{
    (void)state;
    for (int i = 0; i < RANDOM_CASES; i++) {
        char in[128];
        snprintf(in, sizeof(in), "%.17g", random_finite());
        check_parse(in);
        snprintf(in, sizeof(in), "%.*e", (int)(random_u64() % 40), random_finite());
        check_parse(in);
        snprintf(in, sizeof(in), "%lu.%lue%d", random_u64() >> random_u64() % 64,
                 random_u64() >> random_u64() % 64, (int)(random_u64() % 700) - 350);
        check_parse(in);
    }
}

/* Exact halfway points between two doubles, and those moved by their last digit. */
static void test_rounds_halfway_points_to_even(void **state)
{
    (void)state;
    for (int i = 0; i < 3000; i++) {
        uint64_t bits = random_u64() & 0x7fffffffffffffff;
        if (i % 3 == 0)
            bits &= 0x001fffffffffffff; /* subnormal and near */
        double low = from_bits(bits);
        double high = from_bits(bits + 1);
        if (!isfinite(low) || !isfinite(high))
            continue;
        char in[DIGITS_LONG];
        snprintf(in, sizeof(in), "%.1200Lg", ((long double)low + (long double)high) / 2);
        check_parse(in);
        size_t last = strcspn(in, "e");
        memmove(in + last + 3, in + last, strlen(in + last) + 1);
        memcpy(in + last, memchr(in, '.', last) == NULL ? ".01" : "001", 3);
        check_parse(in);
    }
}

static void test_reads_the_edges(void **state)
{
    (void)state;
    static const char *const edges[] = {
        "0",
        "-0",
        "0e999999999",
        "-0.000e-99999999999999999999",
        "1e308",
        "1e309",
        "1e310",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649"
        "017977587207096330286416692887910946555547851940402630657488671505820681908902000708383"
        "676273854845817711531764475730270069855571366959622842914819860834936475292719074168444"
        "365510704342711559699508093042880",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2.5e-324",
        "1e-324",
        "1e-400",
        "1e-99999999999999999999",
        "-1e99999999999999999999",
        "9007199254740993",
        "9007199254740992.99999999999999999999",
        "1e23",
        "8.5e22",
        "123456789012345678901234567890",
        "0.1e1",
        "100000e-5",
    };
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
        check_parse(edges[i]);
}

static void test_counts_zeros_and_digits_beyond_its_memory(void **state)
{
    (void)state;
    static char in[5200];
    memset(in, '0', 5000);
    memcpy(in, "1.", 2);
    memcpy(in + 4999, "1e3", 4);
    check_parse(in);
    memcpy(in, "0.", 2);
    memcpy(in + 4000, "1e3900", 7);
    check_parse(in);
    memset(in, '7', 5000);
    memcpy(in + 5000, "e-5100", 7);
    check_parse(in);
    memset(in, '0', 5000);
    memcpy(in, "9007199254740993.", 17); /* halfway, but for a digit past all memory */
    memcpy(in + 4000, "1", 2);
    check_parse(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prints_the_samples_of_rfc_8785),
        cmocka_unit_test(test_prints_the_es6_file_byte_for_byte),
        cmocka_unit_test(test_prints_shortest_text_that_reads_back),
        cmocka_unit_test(test_reads_as_the_c_library_does),
        cmocka_unit_test(test_rounds_halfway_points_to_even),
        cmocka_unit_test(test_reads_the_edges),
        cmocka_unit_test(test_counts_zeros_and_digits_beyond_its_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
