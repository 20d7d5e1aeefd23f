#include "core/writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/reader.h"

static void put_all(struct writer *w)
{
    writer_u8(w, 0x01);
    writer_u16(w, 0x0203);
    writer_u32(w, 0x04050607);
    writer_u64(w, 0x08090A0B0C0D0E0F);
    writer_block(w, text_bytes(TEXT("block")));
    writer_literal(w, "lit");
    writer_decimal(w, 0);
    writer_decimal(w, -42);
    writer_decimal(w, INT64_MIN);
}

static void test_writes_big_endian_what_the_reader_reads(void **state)
{
    (void)state;
    uint8_t memory[128];
    struct writer w = writer_over(memory, sizeof(memory));
    put_all(&w);
    struct bytes out;
    assert_false(failed(writer_end(&w, &out)));
    struct reader r = reader_over(out);
    assert_int_equal(reader_u8(&r), 0x01);
    assert_int_equal(reader_u16(&r), 0x0203);
    assert_int_equal(reader_u32(&r), 0x04050607);
    assert_true(reader_u64(&r) == 0x08090A0B0C0D0E0F);
    assert_true(text_is(reader_text(&r, 5), "block"));
    struct bytes rest = reader_take(&r, reader_left(&r));
    assert_true(bytes_equal(rest, text_bytes(TEXT("lit0-42-9223372036854775808"))));
    assert_false(failed(reader_end(&r)));
}

static void test_overflow_sticks_at_every_size(void **state)
{
    (void)state;
    uint8_t memory[128];
    struct writer whole = writer_over(memory, sizeof(memory));
    put_all(&whole);
    for (size_t size = 0; size < whole.len; size++) {
        memset(memory, 0xAA, sizeof(memory));
        struct writer w = writer_over(memory, size);
        put_all(&w);
        struct bytes out = { NULL, 7 };
        struct err e = writer_end(&w, &out);
        assert_string_equal(e.rule, "wire.no-room");
        assert_int_equal(out.len, 7);
        assert_int_equal(memory[size], 0xAA);
    }
}

static void test_keeps_in_the_arena_what_was_written(void **state)
{
    (void)state;
    uint8_t memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes out;
    struct writer w = writer_in(&arena);
    writer_literal(&w, "abc");
    assert_false(failed(writer_keep(&w, &arena, &out)));
    assert_int_equal(arena.used, 3);
    w = writer_in(&arena);
    for (int i = 0; i < 100; i++)
        writer_u8(&w, 1);
    assert_true(failed(writer_keep(&w, &arena, &out)));
    assert_true(arena.full);
    assert_int_equal(arena.used, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_big_endian_what_the_reader_reads),
        cmocka_unit_test(test_overflow_sticks_at_every_size),
        cmocka_unit_test(test_keeps_in_the_arena_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
