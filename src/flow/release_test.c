#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/release.h"

/* Where people sit; the last sits in two offices. */
static struct seats desk, legal, court, both;

static int take_seats(void **state)
{
    (void)state;
    desk = (struct seats){ { TEXT("desk") }, 1 };
    legal = (struct seats){ { TEXT("legal") }, 1 };
    court = (struct seats){ { TEXT("court") }, 1 };
    both = (struct seats){ { TEXT("legal"), TEXT("court") }, 2 };
    return 0;
}

static void two_different_persons_complete_a_release(void **state)
{
    (void)state;
    struct release r = { .author = TEXT("a"), .needed = 2 };
    assert_false(failed(release_give(&r, TEXT("a"), &desk)));
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    struct err again = release_give(&r, TEXT("a"), &desk);
    assert_string_equal(again.rule, "release.already-said");
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_false(failed(release_give(&r, TEXT("b"), &desk)));
    assert_int_equal(release_state(&r), RELEASE_DONE);
    assert_string_equal(release_give(&r, TEXT("c"), &desk).rule, "release.complete");
}

static void the_author_alone_releases_nothing(void **state)
{
    (void)state;
    struct release r = { .author = TEXT("a"), .needed = 1 };
    assert_string_equal(release_give(&r, TEXT("a"), &desk).rule, "release.own-record");
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_false(failed(release_give(&r, TEXT("b"), &desk)));
    assert_int_equal(release_state(&r), RELEASE_DONE);
}

static void every_named_office_must_be_heard(void **state)
{
    (void)state;
    struct release r = { .author = TEXT("a"), .needed = 1, .office_count = 2,
                         .offices = { TEXT("legal"), TEXT("court") } };
    assert_false(failed(release_give(&r, TEXT("b"), &desk)));
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_false(failed(release_give(&r, TEXT("c"), &legal)));
    assert_int_equal(release_state(&r), RELEASE_OPEN);
    assert_int_equal(release_missing(&r), 1);
    assert_false(failed(release_give(&r, TEXT("d"), &court)));
    assert_int_equal(release_state(&r), RELEASE_DONE);
}

static void one_person_speaks_for_each_of_her_offices(void **state)
{
    (void)state;
    struct release r = { .author = TEXT("a"), .needed = 1, .office_count = 2,
                         .offices = { TEXT("legal"), TEXT("court") } };
    assert_false(failed(release_give(&r, TEXT("b"), &both)));
    assert_int_equal(release_state(&r), RELEASE_DONE);
}

static void the_last_places_are_kept_for_the_offices(void **state)
{
    (void)state;
    static const char names[] =
        "bcdefghijklmnopqrstuvwxABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/-_";
    assert_true(sizeof(names) > RELEASE_PERSONS_MAX - 2);
    struct release r = { .author = TEXT("a"), .needed = 1, .office_count = 2,
                         .offices = { TEXT("legal"), TEXT("court") } };
    for (size_t i = 0; i < RELEASE_PERSONS_MAX - 2; i++)
        assert_false(failed(release_give(&r, (struct text){ names + i, 1 }, &desk)));
    struct release before = r;
    assert_string_equal(release_give(&r, TEXT("z"), &desk).rule, "release.wrong-office");
    assert_int_equal(r.given, before.given);
    assert_false(failed(release_give(&r, TEXT("z"), &court)));
    assert_string_equal(release_give(&r, TEXT("y"), &desk).rule, "release.wrong-office");
    assert_false(failed(release_give(&r, TEXT("y"), &legal)));
    assert_int_equal(release_state(&r), RELEASE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_different_persons_complete_a_release),
        cmocka_unit_test(the_author_alone_releases_nothing),
        cmocka_unit_test(every_named_office_must_be_heard),
        cmocka_unit_test(one_person_speaks_for_each_of_her_offices),
        cmocka_unit_test(the_last_places_are_kept_for_the_offices),
    };
    return cmocka_run_group_tests(tests, take_seats, NULL);
}
