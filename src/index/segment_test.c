/* Corrupted bytes are refused, or answer within their bounds (run under ASan to see it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "index/segment.h"
#include "test_files.h"

enum { ARENA_BYTES = 16 << 20 };

static struct bytes small_segment(struct arena *arena)
{
    const struct index_name names[2] = { { .full = TEXT("HUSSAINI Abdullahi") },
                                         { .full = TEXT("محمد"), .set = INDEX_ALIAS } };
    const struct text nationality = TEXT("NGA");
    const struct index_identifier ids[2] = {
        { .cls = 1, .canonical = TEXT("A00185213") },
        { .cls = 2, .canonical = TEXT("WDB9634031L123456"), .country = TEXT("D") },
    };
    struct index_doc docs[3] = {
        { .number = 3,
          .names = names,
          .name_count = 2,
          .nationalities = &nationality,
          .nationality_count = 1,
          .identifiers = &ids[0],
          .identifier_count = 1,
          .birth = { { 1985, 3, 4 }, { 1985, 3, 4 }, INDEX_BIRTH_EXACT } },
        { .number = 9, .names = &names[1], .name_count = 1 },
        { .number = 4, .kind = 2, .identifiers = &ids[1], .identifier_count = 1 },
    };
    struct bytes out;
    assert_false(failed(index_build(docs, 3, arena, &out)));
    return out;
}

static void try_search(const struct index_segment *segment, struct arena *arena)
{
    struct index_identifier asked = { .cls = 1, .canonical = TEXT("A00185213") };
    struct index_query query = { .name.full = TEXT("Ousseini Abdoulaye Muhammad"),
                                 .identifiers = &asked,
                                 .identifier_count = 1 };
    struct index_filter filter = { 0 };
    struct index_answer answer;
    size_t mark = arena->used;
    struct err e = index_search(segment, 1, &filter, &query, arena, &answer);
    assert_true(!failed(e) || e.rule[0] != 0);
    arena_rewind(arena, mark);
}

static void documents_come_back_whole(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct index_segment segment;
    struct index_doc doc;
    assert_false(failed(index_open(small_segment(&arena), &segment)));
    assert_false(failed(index_get(&segment, 3, &arena, &doc)));
    assert_int_equal(doc.name_count, 2);
    assert_true(text_is(doc.names[1].full, "محمد"));
    assert_int_equal(doc.names[1].set, INDEX_ALIAS);
    assert_int_equal(doc.birth.from.year, 1985);
    assert_true(text_is(doc.identifiers[0].canonical, "A00185213"));
    assert_string_equal(index_get(&segment, 5, &arena, &doc).rule, "index.no-document");
    free(arena.data);
}

static void every_changed_byte_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct bytes good = small_segment(&arena);
    uint8_t *copy = malloc(good.len);
    memcpy(copy, good.data, good.len);
    for (size_t i = 0; i < good.len; i++) {
        struct index_segment segment;
        for (unsigned bit = 0; bit < 8; bit += 3) {
            copy[i] ^= (uint8_t)(1u << bit);
            assert_true(failed(index_open(bytes_of(copy, good.len), &segment)));
            copy[i] = good.data[i];
        }
    }
    free(copy);
    free(arena.data);
}

/* A forger can mend the hash: then every offset must still be proved. */
static void a_changed_byte_under_a_mended_hash_stays_within_bounds(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct bytes good = small_segment(&arena);
    uint8_t *copy = malloc(good.len);
    size_t opened = 0;
    for (size_t i = 0; i < good.len; i++) {
        static const uint8_t changes[] = { 0x01, 0x80, 0xff };
        for (size_t c = 0; c < sizeof changes; c++) {
            struct index_segment segment;
            memcpy(copy, good.data, good.len);
            copy[i] ^= changes[c];
            struct hash hash = segment_hash(bytes_of(copy, good.len));
            memcpy(copy + HASH_AT, hash.bytes, HASH_LEN);
            if (failed(index_open(bytes_of(copy, good.len), &segment)))
                continue;
            opened++;
            try_search(&segment, &arena);
        }
    }
    assert_true(opened > 0); /* else this test shows nothing */
    free(copy);
    free(arena.data);
}

static void every_proper_prefix_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct bytes good = small_segment(&arena);
    for (size_t len = 0; len < good.len; len++) {
        uint8_t *exact = malloc(len + 1);
        memcpy(exact, good.data, len);
        struct index_segment segment = { .doc_count = 77 };
        assert_true(failed(index_open(bytes_of(exact, len), &segment)));
        assert_int_equal(segment.doc_count, 77);
        free(exact);
    }
    free(arena.data);
}

static void another_version_says_so(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct bytes good = small_segment(&arena);
    uint8_t *copy = malloc(good.len);
    struct index_segment segment;
    memcpy(copy, good.data, good.len);
    copy[8]++;
    assert_string_equal(index_open(bytes_of(copy, good.len), &segment).rule,
                        "index.segment-version");
    free(copy);
    free(arena.data);
}

static void numbers_that_are_nought_or_twice_are_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct index_doc docs[2] = { { .number = 7 }, { .number = 7 } };
    struct bytes out;
    assert_string_equal(index_build(docs, 2, &arena, &out).rule, "index.doc-number");
    docs[1].number = 0;
    assert_string_equal(index_build(docs, 2, &arena, &out).rule, "index.doc-number");
    struct index_segment segment;
    assert_false(failed(index_build(docs, 0, &arena, &out)));
    assert_false(failed(index_open(out, &segment)));
    try_search(&segment, &arena);
    free(arena.data);
}

static void a_full_arena_refuses_and_writes_nothing(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct index_name name = { .full = TEXT("HUSSAINI Abdullahi") };
    struct index_doc doc = { .number = 1, .names = &name, .name_count = 1 };
    struct bytes out = { NULL, 123 };
    size_t refused = 0;
    for (size_t size = 0; size < 32768; size += 97) {
        struct arena small = arena_over(arena.data, size);
        struct err e = index_build(&doc, 1, &small, &out);
        if (!failed(e))
            break;
        assert_string_equal(e.rule, "arena.full");
        assert_int_equal(out.len, 123);
        refused++;
    }
    assert_true(refused > 10);
    assert_true(out.len != 123);
    free(arena.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_come_back_whole),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(a_changed_byte_under_a_mended_hash_stays_within_bounds),
        cmocka_unit_test(every_proper_prefix_is_refused),
        cmocka_unit_test(another_version_says_so),
        cmocka_unit_test(numbers_that_are_nought_or_twice_are_refused),
        cmocka_unit_test(a_full_arena_refuses_and_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
