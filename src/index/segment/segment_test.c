/* Corrupted bytes are refused, or answer within their bounds (run under ASan to see it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "index/segment/segment.h"
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

/* Opens and proves in small steps. */
static struct err open_and_prove(struct bytes in, struct index_segment *out)
{
    struct index_segment segment;
    struct index_proof proof = { 0 };
    struct err e = index_open(in, &segment);
    while (!failed(e) && !proof.done)
        e = index_prove(&segment, 100, &proof);
    if (!failed(e))
        *out = segment;
    return e;
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
            assert_true(failed(open_and_prove(bytes_of(copy, good.len), &segment)));
            copy[i] = good.data[i];
        }
    }
    free(copy);
    free(arena.data);
}

/* A forger can mend the hashes, and a disk can damage what is served: no read leaves the bytes. */
static void a_changed_byte_under_mended_hashes_stays_within_bounds(void **state)
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
            segment_seal(copy, good.len);
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
    for (size_t size = 0; size < 256 << 10; size += 397) {
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

/* Identifiers that a compact object holds, and such that it must not: class, canonical, country,
 * confusable. */
static const char *const odd[][4] = {
    { "1", "A00185213", "", "" },
    { "2", "WDB9634031L123456", "D", "" },
    { "3", "123456789012345678901", "NER", "" },
    { "3", "1234567890123456789012", "NER", "" },
    { "4", "someone@example.org", "", "" },
    { "4", "Someone@Example.org", "", "" },
    { "5", "AA-123-BB", "XK-1", "" },
    { "5", "قطر123", "", "" },
    { "6", "+22790123456", "", "" },
    { "7", "FROM0", "", "ABC" },
    { "8", "0123456789ABCDEFGHIJK", "", "" }, /* every character that a compact object has */
    { "8", "LMNOPQRSTUVWXYZ-./+@_", "", "" },
    { "8", "A: #*&(),;=!%<>~|$'^?", "", "" },
    { "8", "abcdefghijklmnopqrstu", "", "" },
    { "8", "vwxyz", "", "" },
};
enum { ODD_IDS = sizeof odd / sizeof odd[0] };

static void odd_identifiers(struct index_identifier out[static ODD_IDS])
{
    for (size_t i = 0; i < ODD_IDS; i++)
        out[i] = (struct index_identifier){ .cls = (uint16_t)(odd[i][0][0] - '0'),
                                            .canonical = text_literal(odd[i][1]),
                                            .country = text_literal(odd[i][2]),
                                            .confusable = text_literal(odd[i][3]) };
}

static void every_identifier_comes_back_and_is_found(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct index_identifier odd_ids[ODD_IDS];
    struct index_doc docs[ODD_IDS];
    struct index_segment segment;
    struct bytes out;
    odd_identifiers(odd_ids);
    for (size_t i = 0; i < ODD_IDS; i++)
        docs[i] = (struct index_doc){ .number = 100 - i,
                                      .kind = (uint16_t)i,
                                      .group = (uint16_t)(i * 257),
                                      .identifiers = &odd_ids[i],
                                      .identifier_count = 1 };
    assert_false(failed(index_build(docs, ODD_IDS, &arena, &out)));
    assert_false(failed(open_and_prove(out, &segment)));
    for (size_t i = 0; i < ODD_IDS; i++) {
        struct index_doc doc;
        uint64_t numbers[4] = { 0 };
        assert_false(failed(index_get(&segment, 100 - i, &arena, &doc)));
        assert_int_equal(doc.kind, i);
        assert_int_equal(doc.group, i * 257);
        uint16_t group = 0;
        assert_true(index_group_find(&segment, 100 - i, &group));
        assert_int_equal(group, i * 257);
        assert_int_equal(doc.identifiers[0].cls, odd_ids[i].cls);
        assert_true(text_equal(doc.identifiers[0].canonical, odd_ids[i].canonical));
        assert_true(text_equal(doc.identifiers[0].country, odd_ids[i].country));
        assert_int_equal(index_lookup(&segment, &odd_ids[i], numbers, 4), 1);
        assert_int_equal(numbers[0], 100 - i);
        struct index_identifier other = odd_ids[i];
        other.cls = 99;
        assert_int_equal(index_lookup(&segment, &other, numbers, 4), 0);
    }
    assert_true(segment.row_count > 0 && segment.row_count < ODD_IDS); /* both kinds */
    free(arena.data);
}

/* Two segments, one dead document: what lives, built at once, gives the same bytes. */
static void a_merge_is_what_would_have_been_built(void **state)
{
    (void)state;
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct index_identifier odd_ids[ODD_IDS];
    struct index_name names[8];
    struct index_doc docs[8];
    odd_identifiers(odd_ids);
    static const char *const full[] = { "Ousseini Abdou", "Musa",        "Ли Эр",  "J. Musa",
                                        "El Hadj Musa",   "Ousseini Ly", "习近平", "Musa Musa" };
    for (size_t i = 0; i < 8; i++) {
        names[i] = (struct index_name){ .full = text_literal(full[i]) };
        docs[i] = (struct index_doc){
            .number = 8 - i,
            .group = (uint16_t)(i * 1000),
            .names = &names[i],
            .name_count = i != 3,
            .identifiers = odd_ids + i,
            .identifier_count = i % 2,
        };
        if (i % 3 > 0)
            docs[i].birth = index_birth_year((int)(1990 - i));
    }
    struct bytes part[2];
    struct index_segment segments[2];
    assert_false(failed(index_build(docs, 3, &arena, &part[0])));
    assert_false(failed(index_build(docs + 3, 5, &arena, &part[1])));
    assert_false(failed(index_open(part[0], &segments[0])));
    assert_false(failed(index_open(part[1], &segments[1])));
    const uint64_t dead_number = 1; /* the last one */
    struct index_set dead = { .numbers = &dead_number, .count = 1 };
    struct bytes merged;
    struct bytes whole;
    size_t before = arena.used;
    assert_false(failed(index_merge(segments, 2, &dead, NULL, &arena, &merged)));
    assert_true(arena.used - before <= index_merge_room(segments, 2));
    before = arena.used;
    assert_false(failed(index_build(docs, 7, &arena, &whole)));
    assert_true(arena.used - before <= index_build_room(docs, 7));
    assert_true(bytes_equal(merged, whole));
    free(arena.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_come_back_whole),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(a_changed_byte_under_mended_hashes_stays_within_bounds),
        cmocka_unit_test(every_proper_prefix_is_refused),
        cmocka_unit_test(another_version_says_so),
        cmocka_unit_test(numbers_that_are_nought_or_twice_are_refused),
        cmocka_unit_test(every_identifier_comes_back_and_is_found),
        cmocka_unit_test(a_merge_is_what_would_have_been_built),
        cmocka_unit_test(a_full_arena_refuses_and_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
