#include "model/checkdigit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct text join(char *out, struct text t, char digit)
{
    memcpy(out, t.data, t.len);
    out[t.len] = digit;
    return (struct text){ out, t.len + 1 };
}

/* Published: Luhn's usual example, ISO 7064's own examples (clauses 7.1 and 9.1), GLEIF's LEI. */
static void test_gives_the_published_digits(void **state)
{
    (void)state;
    assert_int_equal(luhn_digit(TEXT("7992739871"), DIGITS_10), '3');
    assert_int_equal(luhn_digit(TEXT("49015420323751"), DIGITS_10), '8');
    assert_int_equal(iso7064_pure_digit(TEXT("0794"), DIGITS_11, 2), '0');
    assert_int_equal(iso7064_pure_digit(TEXT("079"), DIGITS_11, 2), 'X');
    assert_int_equal(iso7064_hybrid_digit(TEXT("0794"), DIGITS_10), '5');
    assert_int_equal(iso7064_97_sum(TEXT("529900T8BM49AURSDO55")), 1);
    char two[2];
    iso7064_97_digits(TEXT("5299009N55YRQC69CN"), two);
    assert_memory_equal(two, "08", 2);
}

/* Each system is sold on finding every wrong digit; the pure ones and MOD 97-10 also on finding
 * every swap of neighbours. */
static void test_finds_every_single_wrong_digit(void **state)
{
    (void)state;
    static const char body[] = "3082147596";
    char whole[16];
    struct text t = { body, sizeof(body) - 1 };
    struct text luhn = join(whole, t, luhn_digit(t, DIGITS_10));
    for (size_t at = 0; at < luhn.len; at++) {
        for (char d = '0'; d <= '9'; d++) {
            char old = whole[at];
            whole[at] = d;
            assert_int_equal(luhn_sum(luhn, DIGITS_10) == 0, d == old);
            whole[at] = old;
        }
    }
    struct text pure = join(whole, t, iso7064_pure_digit(t, DIGITS_11, 2));
    for (size_t at = 0; at + 1 < pure.len; at++) {
        for (char d = '0'; d <= '9'; d++) {
            char old = whole[at];
            whole[at] = d;
            assert_int_equal(iso7064_pure_sum(pure, DIGITS_11, 2) == 1, d == old);
            whole[at] = old;
        }
    }
    struct text hybrid = join(whole, t, iso7064_hybrid_digit(t, DIGITS_10));
    for (size_t at = 0; at < hybrid.len; at++) {
        for (char d = '0'; d <= '9'; d++) {
            char old = whole[at];
            whole[at] = d;
            assert_int_equal(iso7064_hybrid_sum(hybrid, DIGITS_10) == 1, d == old);
            whole[at] = old;
        }
    }
}

static void test_mod_97_finds_every_swap_of_neighbours(void **state)
{
    (void)state;
    char whole[] = "3704004405320130001314__";
    iso7064_97_digits((struct text){ whole, 22 }, whole + 22);
    assert_int_equal(iso7064_97_sum((struct text){ whole, 24 }), 1);
    for (size_t at = 0; at + 1 < 24; at++) {
        char swap = whole[at];
        if (whole[at] == whole[at + 1])
            continue;
        whole[at] = whole[at + 1];
        whole[at + 1] = swap;
        assert_int_not_equal(iso7064_97_sum((struct text){ whole, 24 }), 1);
        whole[at + 1] = whole[at];
        whole[at] = swap;
    }
}

static void test_says_where_a_text_leaves_its_alphabet(void **state)
{
    (void)state;
    assert_int_equal(checkdigit_span(TEXT("123a"), DIGITS_10), 3);
    assert_true(checkdigit_text_in(TEXT(""), DIGITS_10));
    assert_int_equal(checkdigit_value(0, DIGITS_10), -1);
    assert_int_equal(checkdigit_value('Z', DIGITS_36), 35);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_the_published_digits),
        cmocka_unit_test(test_finds_every_single_wrong_digit),
        cmocka_unit_test(test_mod_97_finds_every_swap_of_neighbours),
        cmocka_unit_test(test_says_where_a_text_leaves_its_alphabet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
