#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "index/score/pattern.h"
#include "test_files.h"

enum {
    ARENA_BYTES = 64 << 20,
    DOCS = 1200,
    QUESTIONS = 600,
    NUMBER_LEN = 9,
    KIND_VEHICLE = 2,
    CLASS_PLATE = 4,
    CLASS_SERIAL = 5
};

static struct arena built, arena;

static int fresh(void **state)
{
    (void)state;
    arena_reset(&built);
    arena_reset(&arena);
    return 0;
}

static struct index_identifier plate(const char *number)
{
    return (struct index_identifier){ .cls = CLASS_PLATE, .canonical = text_literal(number) };
}

static struct index_identifier partial(const char *pattern)
{
    struct index_identifier out = plate(pattern);
    out.partial = true;
    return out;
}

static struct index_doc vehicle(uint64_t number, const struct index_identifier *identifier)
{
    return (struct index_doc){
        .number = number, .kind = KIND_VEHICLE, .identifiers = identifier, .identifier_count = 1
    };
}

static struct index_segment build(const struct index_doc *docs, size_t count)
{
    struct bytes bytes;
    struct index_segment segment;
    assert_false(failed(index_build(docs, count, &built, &bytes)));
    assert_false(failed(index_open(bytes, &segment)));
    return segment;
}

static struct index_answer ask(const struct index_segment *segments, size_t count,
                               const struct index_filter *filter, const struct index_query *query)
{
    struct index_answer answer = { 0 };
    struct err e = index_search(segments, count, filter, query, &arena, &answer);
    if (failed(e))
        fail_msg("%s", e.rule);
    return answer;
}

static const char *refusal(const char *pattern)
{
    struct index_identifier id = partial(pattern);
    struct partial unused;
    return pattern_read(&id, &unused).rule;
}

static enum pattern_fit fit(const char *pattern, const char *number)
{
    struct index_identifier ours = partial(pattern);
    struct index_identifier theirs = plate(number);
    struct partial read;
    assert_false(failed(pattern_read(&ours, &read)));
    return pattern_fit(&read, &theirs);
}

static void what_says_too_little_is_refused_and_says_why(void **state)
{
    (void)state;
    assert_string_equal(refusal("*"), "index.pattern-empty");
    assert_string_equal(refusal("?-?-?"), "index.pattern-empty");
    assert_string_equal(refusal(""), "index.pattern-empty");
    assert_string_equal(refusal("AB?1*"), "index.pattern-short");
    assert_string_equal(refusal("A-B-1-*"), "index.pattern-short"); /* marks say nothing */
    assert_string_equal(refusal("*4711"), "");
    assert_string_equal(refusal("أبت*"), "index.pattern-short"); /* six bytes, three letters */
    assert_string_equal(refusal("0123456789012345678901234567890123456789"
                                "0123456789012345678901234567890123456789*"),
                        "index.pattern-too-long");
    struct index_identifier id = partial("AB*");
    struct index_query query = { .identifiers = &id, .identifier_count = 1 };
    struct index_filter filter = { 0 };
    struct index_answer answer;
    struct err e = index_search(NULL, 0, &filter, &query, &arena, &answer);
    assert_string_equal(e.rule, "index.pattern-short");
}

static void wildcards_stand_for_one_and_for_any_run(void **state)
{
    (void)state;
    assert_int_equal(fit("AB?12*", "ABX1234"), PATTERN_FITS);
    assert_int_equal(fit("AB?12*", "ABX12"), PATTERN_FITS);
    assert_int_equal(fit("ab-?12*", "AB X-12 34"), PATTERN_FITS);
    assert_int_equal(fit("AB?12*", "AB1234"), PATTERN_DIFFERS);
    assert_int_equal(fit("*4711", "NE94711"), PATTERN_FITS);
    assert_int_equal(fit("*4711", "NE47110"), PATTERN_DIFFERS);
    assert_int_equal(fit("*47*11*", "4474711"), PATTERN_FITS);
    assert_int_equal(fit("NE4711", "NE4711"), PATTERN_FITS);
    assert_int_equal(fit("NE4711", "NE47112"), PATTERN_DIFFERS);
    assert_int_equal(fit("????1234", "NÉ1234"), PATTERN_DIFFERS);
    assert_int_equal(fit("??1234", "NÉ1234"), PATTERN_FITS); /* É is one character */
    assert_int_equal(fit("AB?O23*", "ABX0234"), PATTERN_ALIKE);
    assert_int_equal(fit("AB??8O*", "ABXSB0"), PATTERN_ALIKE);
}

static void an_answer_says_what_was_asked_and_what_fills_it(void **state)
{
    (void)state;
    struct index_identifier ids[] = { plate("ABX1234"), plate("A8X1234"), plate("ZZX1234") };
    struct index_doc docs[] = { vehicle(1, &ids[0]), vehicle(2, &ids[1]), vehicle(3, &ids[2]) };
    struct index_segment segment = build(docs, 3);
    struct index_identifier asked = partial("AB?12*");
    struct index_query query = { .identifiers = &asked, .identifier_count = 1 };
    struct index_filter filter = { 0 };
    struct index_answer answer = ask(&segment, 1, &filter, &query);
    assert_int_equal(answer.hit_count, 2);
    assert_int_equal(answer.hits[0].doc, 1);
    assert_int_equal(answer.hits[0].band, INDEX_POSSIBLE);
    const struct index_reason *reason = &answer.hits[0].reasons[0];
    assert_string_equal(reason->rule, "identifier.pattern");
    assert_true(text_is(reason->ours, "AB?12*"));
    assert_true(text_is(reason->theirs, "ABX1234"));
    assert_true(reason->partial);
    assert_string_equal(answer.hits[1].reasons[0].rule, "identifier.pattern-look-alike");
    assert_true(answer.hits[1].score < answer.hits[0].score);
    struct text filled[INDEX_KEY_BYTES_MAX];
    assert_int_equal(pattern_filled(reason->ours, reason->theirs, &arena, filled), 2);
    assert_true(text_is(filled[0], "X"));
    assert_true(text_is(filled[1], "34"));
    assert_int_equal(pattern_filled(TEXT("AB?12*"), TEXT("A8X12"), &arena, filled), 2);
    assert_true(text_is(filled[0], "X"));
    assert_int_equal(filled[1].len, 0);
}

static void a_part_of_a_number_alone_is_never_strong(void **state)
{
    (void)state;
    struct index_identifier ids[] = { plate("ABX123456789"), plate("ABX123456789") };
    ids[1].country = TEXT("NGA");
    struct index_doc docs[] = { vehicle(1, &ids[0]), vehicle(2, &ids[1]) };
    struct index_segment segment = build(docs, 2);
    struct index_identifier asked = partial("ABX12345678?");
    asked.country = TEXT("BEN");
    struct index_query query = { .identifiers = &asked, .identifier_count = 1 };
    struct index_filter filter = { 0 };
    struct index_answer answer = ask(&segment, 1, &filter, &query);
    assert_int_equal(answer.hit_count, 2);
    assert_int_equal(answer.hits[0].doc, 1);
    assert_int_equal(answer.hits[0].band, INDEX_POSSIBLE);
    assert_string_equal(answer.hits[1].reasons[0].rule, "identifier.pattern-other-country");
}

static void hidden_and_dead_numbers_leave_no_trace(void **state)
{
    (void)state;
    enum { SEEN = 20, HIDDEN = 900 };
    static struct index_identifier ids[SEEN + HIDDEN];
    static struct index_doc docs[SEEN + HIDDEN];
    static char numbers[SEEN + HIDDEN][16];
    for (size_t i = 0; i < SEEN + HIDDEN; i++) {
        (void)snprintf(numbers[i], sizeof numbers[i], "NE4711%03zu", i);
        ids[i] = plate(numbers[i]);
        docs[i] = vehicle(i + 1, &ids[i]);
        docs[i].group = i >= SEEN;
    }
    struct index_segment all = build(docs, SEEN + HIDDEN);
    struct index_segment seen = build(docs, SEEN);
    const uint64_t groups[] = { 1 };
    const uint64_t dead[] = { 7 };
    struct index_filter filter = { .groups_opt = groups,
                                   .group_count = 2,
                                   .dead = { .numbers = dead, .count = 1 } };
    struct index_identifier asked = partial("NE4711*");
    struct index_query query = { .identifiers = &asked, .identifier_count = 1 };
    struct index_answer one = ask(&all, 1, &filter, &query);
    struct index_answer other = ask(&seen, 1, &filter, &query);
    assert_int_equal(one.hit_count, SEEN - 1);
    assert_int_equal(other.hit_count, SEEN - 1);
    assert_false(one.too_common);
    for (size_t i = 0; i < one.hit_count; i++)
        assert_int_equal(one.hits[i].doc, other.hits[i].doc);
    filter.groups_opt = NULL;
    one = ask(&all, 1, &filter, &query);
    assert_true(one.too_common); /* nothing is cut silently */
    assert_int_equal(one.narrow, INDEX_FIELD_BIT(INDEX_IDENTIFIER));
}

/* ----------------------------------------------------------------- against another reading */

/* Written from the words of pattern.h alone: every way of every run is tried. */
static bool oracle_fits(const char *p, const char *t)
{
    if (*p == '\0')
        return *t == '\0';
    if (*p == '*')
        return oracle_fits(p + 1, t) || (*t != '\0' && oracle_fits(p, t + 1));
    return *t != '\0' && (*p == '?' || *p == *t) && oracle_fits(p + 1, t + 1);
}

static void oracle_fold(const char *in, char *out)
{
    static const char alike[][2] = { { 'O', '0' }, { 'B', '8' }, { 'S', '5' }, { 'I', '1' } };
    for (; *in != '\0'; in++) {
        char c = *in;
        for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
            c = c == alike[i][0] ? alike[i][1] : c;
        if (c != '-')
            *out++ = c;
    }
    *out = '\0';
}

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static const char letters[] = "0O8BS5I1X-";

static void random_number(uint64_t *seed, char out[static NUMBER_LEN + 1])
{
    size_t len = 4 + random_next(seed) % (NUMBER_LEN - 3);
    for (size_t i = 0; i < len; i++)
        out[i] = letters[random_next(seed) % (sizeof letters - 1 - (i == 0))];
    out[len] = '\0';
}

static void random_pattern(uint64_t *seed, const char *number, char out[static NUMBER_LEN + 3])
{
    size_t len = 0;
    if (random_next(seed) % 3 == 0)
        out[len++] = '*';
    for (size_t i = random_next(seed) % 2; number[i] != '\0'; i++) {
        uint64_t how = random_next(seed) % 8;
        if (how < 6)
            out[len++] = how == 0 ? '?' : number[i];
        else if (how == 6)
            out[len++] = '*';
    }
    if (random_next(seed) % 3 == 0)
        out[len++] = '*';
    out[len] = '\0';
}

struct fleet {
    struct index_doc docs[DOCS];
    struct index_identifier ids[DOCS];
    struct index_name names[DOCS];
    char numbers[DOCS][NUMBER_LEN + 1];
};

/* A third are rows with a name, the others compact objects. */
static struct fleet *fleet_new(uint64_t seed)
{
    struct fleet *f = calloc(1, sizeof *f);
    for (size_t i = 0; i < DOCS; i++) {
        random_number(&seed, f->numbers[i]);
        f->ids[i] = plate(f->numbers[i]);
        f->ids[i].cls = random_next(&seed) % 4 == 0 ? CLASS_SERIAL : CLASS_PLATE;
        f->docs[i] = vehicle(i + 1, &f->ids[i]);
        f->names[i].full = i % 2 == 0 ? TEXT("Hussaini Abdullahi") : TEXT("Sani Bello");
        f->docs[i].names = &f->names[i];
        f->docs[i].name_count = i % 3 == 0;
    }
    return f;
}

static bool oracle_finds(const struct fleet *f, size_t i, const char *pattern)
{
    char folded_pattern[NUMBER_LEN + 3];
    char folded_number[NUMBER_LEN + 1];
    oracle_fold(pattern, folded_pattern);
    oracle_fold(f->numbers[i], folded_number);
    return f->ids[i].cls == CLASS_PLATE && oracle_fits(folded_pattern, folded_number);
}

static bool has_doc(const struct index_answer *answer, uint64_t doc)
{
    for (size_t i = 0; i < answer->hit_count; i++) {
        if (answer->hits[i].doc == doc)
            return true;
    }
    return false;
}

static void every_number_that_fits_is_found_and_no_other(void **state)
{
    (void)state;
    struct fleet *f = fleet_new(20261123);
    struct index_segment segments[2] = { build(f->docs, 700), build(f->docs + 700, DOCS - 700) };
    struct index_filter filter = { 0 };
    uint64_t seed = 3;
    size_t asked = 0;
    size_t found = 0;
    for (size_t q = 0; q < QUESTIONS; q++) {
        char text[NUMBER_LEN + 3];
        size_t expected = 0;
        random_pattern(&seed, f->numbers[random_next(&seed) % DOCS], text);
        if (refusal(text)[0] != '\0')
            continue;
        struct index_identifier id = partial(text);
        struct index_query query = { .identifiers = &id,
                                     .identifier_count = 1,
                                     .hits_max = INDEX_HITS_MAX };
        arena_reset(&arena);
        struct index_answer answer = ask(segments, 2, &filter, &query);
        assert_false(answer.too_common);
        for (size_t i = 0; i < DOCS; i++) {
            bool fits = oracle_finds(f, i, text);
            expected += fits;
            if (fits != has_doc(&answer, i + 1))
                fail_msg("%s and %s", text, f->numbers[i]);
        }
        assert_int_equal(answer.hit_count, expected);
        asked++;
        found += expected;
    }
    printf("%zu patterns over %d numbers: %zu fit\n", asked, DOCS, found);
    assert_true(asked > QUESTIONS / 3 && found > asked);
    free(f);
}

/* S1: a name beside it, and each document once, with the score of a plain comparison. */
static void a_name_beside_a_pattern_finds_what_a_scan_finds(void **state)
{
    (void)state;
    struct fleet *f = fleet_new(7);
    struct index_segment segment = build(f->docs, DOCS);
    struct index_filter filter = { 0 };
    uint64_t seed = 5;
    size_t both = 0;
    for (size_t q = 0; q < 25; q++) {
        char text[NUMBER_LEN + 3];
        const char *number = f->numbers[random_next(&seed) % DOCS]; /* found by both */
        random_pattern(&seed, number, text);
        struct index_identifier ids[] = { partial(text), plate(number) };
        struct index_query query = { .name.full = TEXT("Ousseini Abdoulaye"),
                                     .identifiers = ids,
                                     .identifier_count = 2,
                                     .hits_max = INDEX_HITS_MAX };
        if (refusal(text)[0] != '\0')
            continue;
        arena_reset(&arena);
        struct index_answer answer = ask(&segment, 1, &filter, &query);
        size_t expected = 0;
        for (size_t i = 0; i < DOCS; i++) {
            struct index_hit hit;
            size_t mark = arena.used;
            assert_false(failed(index_compare(&query, &f->docs[i], &arena, &hit)));
            arena_rewind(&arena, mark);
            expected += hit.band != INDEX_NONE;
            assert_int_equal(hit.band != INDEX_NONE, has_doc(&answer, i + 1));
            both += hit.band != INDEX_NONE && f->docs[i].name_count > 0 && oracle_finds(f, i, text);
        }
        assert_int_equal(answer.hit_count, expected);
    }
    assert_true(both > 0);
    free(f);
}

int main(void)
{
    built = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_says_too_little_is_refused_and_says_why, fresh),
        cmocka_unit_test_setup(wildcards_stand_for_one_and_for_any_run, fresh),
        cmocka_unit_test_setup(an_answer_says_what_was_asked_and_what_fills_it, fresh),
        cmocka_unit_test_setup(a_part_of_a_number_alone_is_never_strong, fresh),
        cmocka_unit_test_setup(hidden_and_dead_numbers_leave_no_trace, fresh),
        cmocka_unit_test_setup(every_number_that_fits_is_found_and_no_other, fresh),
        cmocka_unit_test_setup(a_name_beside_a_pattern_finds_what_a_scan_finds, fresh),
    };
    int wrong = cmocka_run_group_tests(tests, NULL, NULL);
    free(built.data);
    free(arena.data);
    return wrong;
}
