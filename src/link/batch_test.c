#include "link/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <stdlib.h>

static uint8_t memory[40 * 1024 * 1024];
static uint8_t memory_read[40 * 1024 * 1024];

static const struct hash anchors[2] = { { { 0xa1 } }, { { 0xa2 } } };

/* A batch of three frames, the second hollow, and two anchors. */
static struct batch sample(struct batch_frame frames[3])
{
    memset(frames, 0, 3 * sizeof *frames);
    for (uint64_t i = 0; i < 3; i++)
        frames[i].number = 4711 + i;
    memset(frames[0].salt, 0x11, FRAME_SALT_LEN);
    frames[0].content = text_bytes(TEXT("{\"first\":1}"));
    frames[1].hollow = true;
    frames[1].commitment.bytes[31] = 0x77;
    memset(frames[2].salt, 0x33, FRAME_SALT_LEN);
    frames[2].content = text_bytes(TEXT("{\"third\":3}"));
    struct batch batch = {
        .realm = batch_realm_hash(TEXT("demo")),
        .generation = 2,
        .first = 4711,
        .checkpoint = text_bytes(TEXT("a signed note")),
        .anchors = { 88, anchors, 2, text_bytes(TEXT("another note")) },
        .frames = frames,
        .count = 3,
    };
    memset(batch.from, 0x44, BATCH_KEY_LEN);
    memset(batch.to, 0x55, BATCH_KEY_LEN);
    return batch;
}

static struct bytes sample_bytes(void)
{
    static struct arena arena;
    struct batch_frame frames[3];
    struct batch batch = sample(frames);
    struct bytes out;
    arena = arena_over(memory, sizeof memory);
    assert_false(failed(batch_format(&batch, &arena, &out)));
    return out;
}

static struct err parse(struct bytes in, struct batch *out)
{
    static struct arena arena;
    arena = arena_over(memory_read, sizeof memory_read);
    return batch_parse(in, &arena, out);
}

static void a_batch_comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct batch batch;
    struct bytes wire = sample_bytes();
    assert_false(failed(parse(wire, &batch)));
    assert_int_equal(batch.first, 4711);
    assert_int_equal(batch.count, 3);
    assert_int_equal(batch.generation, 2);
    assert_int_equal(batch.from[0], 0x44);
    assert_int_equal(batch.to[31], 0x55);
    assert_int_equal(batch.anchors.first, 88);
    assert_int_equal(batch.anchors.count, 2);
    assert_int_equal(batch.anchors.entries[1].bytes[0], 0xa2);
    assert_true(bytes_equal(batch.anchors.checkpoint, text_bytes(TEXT("another note"))));
    assert_true(bytes_equal(batch.checkpoint, text_bytes(TEXT("a signed note"))));
    assert_int_equal(batch.frames[0].salt[15], 0x11);
    assert_true(bytes_equal(batch.frames[2].content, text_bytes(TEXT("{\"third\":3}"))));
    assert_true(batch.frames[1].hollow && !batch.frames[0].hollow);
    assert_int_equal(batch.frames[1].commitment.bytes[31], 0x77);
    size_t frames = batch_frame_len(11, false) * 2 + batch_frame_len(0, true);
    assert_int_equal(wire.len, 144 + 13 + 12 + 2 * HASH_LEN + frames); /* spec/frame.md */
}

static void format_of_parse_is_the_same_bytes(void **state)
{
    (void)state;
    static uint8_t again[4096];
    struct arena arena = arena_over(again, sizeof again);
    struct batch batch;
    struct bytes wire = sample_bytes();
    struct bytes out;
    assert_false(failed(parse(wire, &batch)));
    assert_false(failed(batch_format(&batch, &arena, &out)));
    assert_true(bytes_equal(wire, out));
}

static void every_proper_prefix_is_refused_and_writes_nothing(void **state)
{
    (void)state;
    struct bytes wire = sample_bytes();
    for (size_t len = 0; len < wire.len; len++) {
        uint8_t *exact = malloc(len + 1); /* a read past the end is seen by ASan */
        assert_non_null(exact);
        memcpy(exact, wire.data, len);
        struct batch batch = { .first = 4242 };
        assert_true(failed(parse(bytes_of(exact, len), &batch)));
        assert_int_equal(batch.first, 4242);
        free(exact);
    }
}

static void no_changed_byte_crashes_and_trailing_bytes_are_refused(void **state)
{
    (void)state;
    struct bytes wire = sample_bytes();
    uint8_t *copy = malloc(wire.len + 1);
    assert_non_null(copy);
    for (size_t i = 0; i < wire.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(copy, wire.data, wire.len);
            copy[i] ^= (uint8_t)(1u << bit);
            struct batch batch;
            (void)!failed(parse(bytes_of(copy, wire.len), &batch));
        }
    }
    memcpy(copy, wire.data, wire.len);
    copy[wire.len] = 0;
    struct batch batch;
    assert_string_equal(parse(bytes_of(copy, wire.len + 1), &batch).rule, "wire.trailing");
    free(copy);
}

static void bad_heads_are_refused_by_their_rule(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        const char *rule;
    } cases[] = {
        { 0, 'C', "batch.not-a-batch" },
        { 9, 2, "batch.version" },
        { 11, 1, "batch.suite" },
        { 47, 0, "batch.head" },      /* generation 0 */
        { 112, 0xff, "batch.head" },  /* first beyond 2^53 */
        { 120, 1, "batch.too-many" }, /* count */
        { 123, 0, "batch.head" },     /* count 0 */
        { 149, 1, "batch.too-many" }, /* anchors */
    };
    struct bytes wire = sample_bytes();
    uint8_t *copy = malloc(wire.len);
    assert_non_null(copy);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memcpy(copy, wire.data, wire.len);
        copy[cases[i].at] = cases[i].value;
        struct batch batch;
        struct err e = parse(bytes_of(copy, wire.len), &batch);
        assert_true(failed(e));
        if (strcmp(e.rule, cases[i].rule) != 0)
            fail_msg("case %zu: %s, not %s", i, e.rule, cases[i].rule);
    }
    free(copy);
}

static void frames_out_of_sequence_and_unknown_flags_are_refused(void **state)
{
    (void)state;
    struct bytes wire = sample_bytes();
    size_t second = wire.len - batch_frame_len(11, false) - batch_frame_len(0, true);
    uint8_t *copy = malloc(wire.len);
    assert_non_null(copy);
    struct batch batch;
    memcpy(copy, wire.data, wire.len);
    copy[second + 7]++;
    assert_string_equal(parse(bytes_of(copy, wire.len), &batch).rule, "batch.number");
    memcpy(copy, wire.data, wire.len);
    copy[second + 8] |= 2;
    assert_string_equal(parse(bytes_of(copy, wire.len), &batch).rule, "batch.flags");
    free(copy);
}

static void a_full_batch_fits_and_one_more_byte_does_not(void **state)
{
    (void)state;
    static uint8_t content[FRAME_CONTENT_LEN_MAX];
    static struct batch_frame frames[9];
    memset(content, 'x', sizeof content);
    struct batch batch = sample(frames);
    batch.count = 9;
    size_t rest = BATCH_LEN_MAX - (144 + 13 + 12 + 2 * HASH_LEN);
    for (uint64_t i = 0; i < 9; i++) {
        frames[i].number = 4711 + i;
        frames[i].hollow = false;
        size_t room = rest - batch_frame_len(0, false);
        size_t len = i < 8 ? (size_t)FRAME_CONTENT_LEN_MAX - 4096 : room;
        frames[i].content = bytes_of(content, len);
        rest -= batch_frame_len(len, false);
    }
    struct arena arena = arena_over(memory, sizeof memory);
    struct bytes wire;
    assert_false(failed(batch_format(&batch, &arena, &wire)));
    assert_int_equal(wire.len, BATCH_LEN_MAX);
    struct batch back;
    assert_false(failed(parse(wire, &back)));
    frames[8].content.len++;
    arena_reset(&arena);
    assert_string_equal(batch_format(&batch, &arena, &wire).rule, "batch.too-long");
    assert_string_equal(parse(bytes_of(memory, BATCH_LEN_MAX + 1), &back).rule, "batch.too-long");
}

static void realms_have_different_hashes(void **state)
{
    (void)state;
    struct hash demo = batch_realm_hash(TEXT("demo"));
    struct hash other = batch_realm_hash(TEXT("production"));
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, bytes_of("comity/realm/v1\0demo", 20));
    struct hash again = hasher_end(&h);
    assert_true(hash_equal(&demo, &again));
    assert_false(hash_equal(&demo, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_comes_back_as_it_was_written),
        cmocka_unit_test(format_of_parse_is_the_same_bytes),
        cmocka_unit_test(every_proper_prefix_is_refused_and_writes_nothing),
        cmocka_unit_test(no_changed_byte_crashes_and_trailing_bytes_are_refused),
        cmocka_unit_test(bad_heads_are_refused_by_their_rule),
        cmocka_unit_test(frames_out_of_sequence_and_unknown_flags_are_refused),
        cmocka_unit_test(a_full_batch_fits_and_one_more_byte_does_not),
        cmocka_unit_test(realms_have_different_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
