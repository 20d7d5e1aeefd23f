#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "shell/clock.h"
#include "shell/password.h"
#include "shell/random.h"

static void the_right_password_and_no_other_opens(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_LEN];
    assert_false(failed(password_hash(TEXT("correct horse"), hash)));
    assert_true(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
    assert_false(failed(password_check(TEXT("correct horse"), text_literal(hash))));
    assert_string_equal(password_check(TEXT("correct hors"), text_literal(hash)).rule,
                        "password.wrong");
    assert_string_equal(password_check(TEXT("correct horse\0"), text_literal(hash)).rule,
                        "password.wrong");
    char again[PASSWORD_HASH_LEN];
    assert_false(failed(password_hash(TEXT("correct horse"), again)));
    assert_string_not_equal(hash, again);
}

static void lengths_are_limited(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_LEN] = "untouched";
    char big[PASSWORD_LEN_MAX + 1];
    memset(big, 'a', sizeof(big));
    assert_string_equal(password_hash(TEXT("123456789"), hash).rule, "password.too-short");
    assert_string_equal(password_hash((struct text){ big, sizeof(big) }, hash).rule,
                        "password.too-long");
    assert_string_equal(hash, "untouched");
}

static void a_hash_that_is_none_or_costs_more_opens_nothing(void **state)
{
    (void)state;
    assert_true(failed(password_check(TEXT("correct horse"), TEXT(""))));
    assert_true(
        failed(password_check(TEXT("correct horse"), TEXT("$argon2id$v=19$m=19456,t=2,p=1$"))));
    int64_t begun = clock_monotonic_ms();
    assert_true(failed(password_check(TEXT("correct horse"),
                                      TEXT("$argon2id$v=19$m=4194304,t=9,p=1$A6V2pHjyCWilQ3CDc0/xtA"
                                           "$q2+m2fOzUlfTAgX8WqkK7Wof1SdCdnEzSLWaOA6y7as"))));
    assert_true(clock_monotonic_ms() - begun < 1000);
}

static void nobody_costs_what_somebody_costs(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_LEN];
    assert_false(failed(password_hash(TEXT("correct horse"), hash)));
    int64_t begun = clock_monotonic_us();
    assert_true(failed(password_check(TEXT("wrong password"), text_literal(hash))));
    int64_t somebody = clock_monotonic_us() - begun;
    begun = clock_monotonic_us();
    assert_string_equal(password_check_nobody(TEXT("wrong password")).rule, "password.wrong");
    int64_t nobody = clock_monotonic_us() - begun;
    print_message("somebody %lld us, nobody %lld us\n", (long long)somebody, (long long)nobody);
    assert_true(nobody > somebody / 10); /* the work is done, whatever the machine's load */
}

static void chance_stays_below_its_bound(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (int i = 0; i < 1000; i++) {
        uint32_t value = random_below(3);
        assert_in_range(value, 0, 2);
        seen |= 1U << value;
    }
    assert_int_equal(seen, 7);
    uint8_t a[32];
    uint8_t b[32];
    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_password_and_no_other_opens),
        cmocka_unit_test(lengths_are_limited),
        cmocka_unit_test(a_hash_that_is_none_or_costs_more_opens_nothing),
        cmocka_unit_test(nobody_costs_what_somebody_costs),
        cmocka_unit_test(chance_stays_below_its_bound),
    };
    return failed(random_start()) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
