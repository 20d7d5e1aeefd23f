#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <zstd.h>

#include "shell/zip.h"

enum { PLAIN_LEN = 200000 };
static uint8_t memory[4 << 20];
static uint8_t plain[PLAIN_LEN];

static struct bytes packed(struct arena *arena)
{
    uint32_t x = 1;
    for (size_t i = 0; i < PLAIN_LEN; i++) {
        x = x * 1664525 + 1013904223;
        plain[i] = (uint8_t)((x >> 24) & 7);
    }
    struct bytes out = { NULL, 0 };
    assert_false(failed(zip_pack(BYTES_OF(plain), arena, &out)));
    return out;
}

static void it_comes_back_whole_and_smaller(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes small = packed(&arena);
    struct bytes back = { NULL, 0 };
    assert_true(small.len < PLAIN_LEN / 2);
    assert_false(failed(zip_unpack(small, PLAIN_LEN, &arena, &back)));
    assert_true(bytes_equal(back, BYTES_OF(plain)));
    assert_false(failed(zip_pack(bytes_of(plain, 0), &arena, &small)));
    assert_false(failed(zip_unpack(small, 0, &arena, &back)));
    assert_int_equal(back.len, 0);
}

static void prefixes_tails_and_changed_bytes_are_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes small = packed(&arena);
    struct bytes back = { NULL, 0 };
    uint8_t *copy = arena_take(&arena, small.len + 1);
    assert_non_null(copy);
    memcpy(copy, small.data, small.len);
    copy[small.len] = 0;
    size_t mark = arena.used;
    assert_string_equal(zip_unpack(bytes_of(copy, small.len + 1), PLAIN_LEN, &arena, &back).rule,
                        "zip.trailing");
    for (size_t len = 0; len < small.len; len += len < 64 ? 1 : 997)
        assert_true(failed(zip_unpack(bytes_of(copy, len), PLAIN_LEN, &arena, &back)));
    for (size_t i = 0; i < small.len; i += i < 64 ? 1 : 997) {
        copy[i] ^= 0x10;
        bool bad = failed(zip_unpack(bytes_of(copy, small.len), PLAIN_LEN, &arena, &back));
        /* unused and reserved bits of the header aside, the checksum tells */
        if (!bad)
            assert_true(bytes_equal(back, BYTES_OF(plain)));
        copy[i] ^= 0x10;
        arena_rewind(&arena, mark);
    }
}

static void a_bomb_costs_nothing(void **state)
{
    (void)state;
    enum { BOMB = 64 << 20 };
    uint8_t *zeros = calloc(1, BOMB);
    assert_non_null(zeros);
    uint8_t *bomb = calloc(1, 1 << 16);
    assert_non_null(bomb);
    size_t len = ZSTD_compress(bomb, 1 << 16, zeros, BOMB, 3);
    assert_false(ZSTD_isError(len));
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes back = { NULL, 0 };
    assert_string_equal(zip_unpack(bytes_of(bomb, len), 1 << 20, &arena, &back).rule,
                        "zip.too-big");
    assert_int_equal(arena.used, 0);
    free(zeros);
    free(bomb);
}

static void a_frame_without_its_size_is_refused(void **state)
{
    (void)state;
    /* magic, descriptor without content size, window, one last raw block of one byte */
    static const uint8_t frame[] = { 0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x58, 0x09, 0x00, 0x00, 'a' };
    static const uint8_t skippable[] = { 0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0 };
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes back = { NULL, 0 };
    assert_string_equal(zip_unpack(BYTES_OF(frame), 100, &arena, &back).rule, "zip.damaged");
    assert_string_equal(zip_unpack(BYTES_OF(skippable), 100, &arena, &back).rule, "zip.damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_whole_and_smaller),
        cmocka_unit_test(prefixes_tails_and_changed_bytes_are_refused),
        cmocka_unit_test(a_bomb_costs_nothing),
        cmocka_unit_test(a_frame_without_its_size_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
