#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "flow/photo.h"

static uint8_t memory[1 << 20];
static const uint8_t png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 1, 2, 3 };

static void a_photo_that_is_made_is_one(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json photo;
    assert_false(failed(photo_make(BYTES_OF(png), &arena, &photo)));
    assert_true(text_is(json_get_text(&photo, "type"), "image/png"));
    assert_false(failed(photo_check(&photo, &arena)));
}

static void what_is_not_what_it_says_is_refused(void **state)
{
    (void)state;
    static const char *const members[] = { "type", "sha256", "data" };
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    const char *const lies[] = { "image/jpeg", zeros, "iVBORw0KGgoBAgQ=" };
    for (size_t i = 0; i < 3; i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct json photo;
        assert_false(failed(photo_make(BYTES_OF(png), &arena, &photo)));
        json_set(&arena, &photo, members[i], json_literal(lies[i]));
        assert_string_equal(photo_check(&photo, &arena).rule, "photo.not-what-it-says");
        json_remove(&photo, members[i]);
        assert_string_equal(photo_check(&photo, &arena).rule, "photo.bad-form");
    }
}

static void other_files_and_big_ones_are_refused(void **state)
{
    (void)state;
    static uint8_t big[PHOTO_BYTES_MAX + 1];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json photo;
    assert_string_equal(photo_make(BYTES_OF(big), &arena, &photo).rule, "photo.bad-form");
    memcpy(big, png, sizeof(png));
    assert_string_equal(photo_make(BYTES_OF(big), &arena, &photo).rule, "photo.too-big");
    assert_false(failed(photo_make(bytes_of(big, PHOTO_BYTES_MAX), &arena, &photo)));
    assert_false(failed(photo_check(&photo, &arena)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photo_that_is_made_is_one),
        cmocka_unit_test(what_is_not_what_it_says_is_refused),
        cmocka_unit_test(other_files_and_big_ones_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
