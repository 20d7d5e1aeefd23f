#include "core/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_gives_zeroed_aligned_memory_until_full(void **state)
{
    (void)state;
    uint8_t memory[256];
    memset(memory, 0xAA, sizeof(memory));
    struct arena arena = arena_over(memory + 1, sizeof(memory) - 1);
    size_t taken = 0;
    for (uint8_t *block = arena_take(&arena, 24); block != NULL; block = arena_take(&arena, 24)) {
        assert_int_equal((uintptr_t)block % alignof(max_align_t), 0);
        for (size_t i = 0; i < 24; i++)
            assert_int_equal(block[i], 0);
        memset(block, 0x55, 24);
        taken++;
    }
    assert_int_equal(taken, 7);
    assert_true(arena.full);
    struct err e = arena_check(&arena);
    assert_string_equal(e.rule, "arena.full");
}

static void test_full_sticks_until_reset(void **state)
{
    (void)state;
    uint8_t memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    assert_null(arena_take(&arena, 65));
    assert_non_null(arena_take(&arena, 1));
    assert_true(failed(arena_check(&arena)));
    arena_reset(&arena);
    assert_false(failed(arena_check(&arena)));
    assert_int_equal(arena.used, 0);
}

static void test_refuses_products_that_overflow(void **state)
{
    (void)state;
    uint8_t memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    assert_null(arena_take_array(&arena, SIZE_MAX / 2, 4));
    assert_true(arena.full);
    arena_reset(&arena);
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_true(arena.full);
}

static void test_copies_joins_and_rewinds(void **state)
{
    (void)state;
    uint8_t memory[128];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct text a = arena_copy_text(&arena, TEXT("ab"));
    size_t mark = arena.used;
    struct text joined = arena_join(&arena, a, TEXT("cd"));
    assert_true(text_is(joined, "abcd"));
    assert_true(text_is(arena_join(&arena, TEXT(""), TEXT("")), ""));
    arena_rewind(&arena, mark);
    assert_int_equal(arena.used, mark);
    assert_true(text_is(a, "ab"));
    uint8_t big[200] = { 0 };
    struct bytes none = arena_copy(&arena, bytes_of(big, sizeof(big)));
    assert_null(none.data);
    assert_int_equal(none.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_zeroed_aligned_memory_until_full),
        cmocka_unit_test(test_full_sticks_until_reset),
        cmocka_unit_test(test_refuses_products_that_overflow),
        cmocka_unit_test(test_copies_joins_and_rewinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
