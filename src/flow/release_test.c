#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow/release.h"

static void two_different_persons_complete_a_release(void **state)
{
    (void)state;
    struct release r = { .author = TEXT("a"), .needed = 2 };
    assert_false(failed(release_give(&r, TEXT("a"), TEXT("desk"))));
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    struct err again = release_give(&r, TEXT("a"), TEXT("desk"));
    assert_string_equal(again.rule, "release.already-said");
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_false(failed(release_give(&r, TEXT("b"), TEXT("desk"))));
    assert_int_equal(release_state(&r), RELEASE_DONE);
    assert_string_equal(release_give(&r, TEXT("c"), TEXT("desk")).rule, "release.complete");
}

static void the_author_alone_releases_nothing(void **state)
{
    (void)state;
    struct release r = { .author = TEXT("a"), .needed = 1 };
    assert_string_equal(release_give(&r, TEXT("a"), TEXT("desk")).rule, "release.own-record");
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_false(failed(release_give(&r, TEXT("b"), TEXT("desk"))));
    assert_int_equal(release_state(&r), RELEASE_DONE);
}

static void a_named_office_must_be_heard(void **state)
{
    (void)state;
    struct release r = { .office = TEXT("legal"), .author = TEXT("a"), .needed = 1 };
    assert_false(failed(release_give(&r, TEXT("b"), TEXT("desk"))));
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_false(failed(release_give(&r, TEXT("c"), TEXT("desk"))));
    assert_false(failed(release_give(&r, TEXT("d"), TEXT("desk"))));
    assert_string_equal(release_give(&r, TEXT("e"), TEXT("desk")).rule, "release.wrong-office");
    assert_false(failed(release_give(&r, TEXT("f"), TEXT("legal"))));
    assert_int_equal(release_state(&r), RELEASE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_different_persons_complete_a_release),
        cmocka_unit_test(the_author_alone_releases_nothing),
        cmocka_unit_test(a_named_office_must_be_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
