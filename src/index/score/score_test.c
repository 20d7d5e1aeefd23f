/* What is promised of every version of the score. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "index/score/compare.h"

static const struct index_birth born = { { 1985, 3, 4 }, { 1985, 3, 4 }, INDEX_BIRTH_EXACT };

static struct index_hit compare(const char *ours, const char *theirs, uint32_t version,
                                struct arena *arena)
{
    struct index_name name = { .full = text_literal(theirs) };
    struct index_doc doc = { .number = 1, .birth = born, .names = &name, .name_count = 1 };
    struct index_query query = { .name.full = text_literal(ours),
                                 .birth = born,
                                 .scoring.version = version };
    struct index_hit hit;
    struct err e = index_compare(&query, &doc, arena, &hit);
    if (failed(e))
        fail_msg("%s", e.rule);
    return hit;
}

/* Of plain Latin names, so that no table of sounds moves them. */
static const struct {
    const char *ours, *theirs;
    int32_t score[2]; /* of version 1; of 2 to 4 */
} golden[] = {
    { "Khoroshev Dmitri", "Khoroshev Dmitri", { 340, 350 } },
    { "Khoroshev Dmitri", "Khoroshev", { 230, 230 } },
    { "Khoroshev Dmitri", "Khoroshev Oleg", { 190, 180 } },
    { "Khoroshev Dmitri", "Koroshev Dmitri", { 326, 336 } },
    { "D. Khoroshev", "Dmitri Khoroshev", { 260, 250 } },
    { "O. Khoroshev", "Dmitri Khoroshev", { 230, 180 } },
    { "VanderBilt", "Vander Bilt", { 233, 253 } },
};

static void a_version_scores_as_it_always_did(void **state)
{
    (void)state;
    static uint8_t memory[1 << 20];
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        for (uint32_t version = 1; version <= 4; version++) {
            struct arena arena = arena_over(memory, sizeof memory);
            struct index_hit hit = compare(golden[i].ours, golden[i].theirs, version, &arena);
            int32_t always = golden[i].score[version > 1];
            if (hit.score != always)
                print_error("%s, %s: version %u gives %d\n", golden[i].ours, golden[i].theirs,
                            (unsigned)version, (int)hit.score);
            assert_int_equal(hit.score, always);
        }
    }
}

static void a_score_is_the_sum_of_its_reasons_and_the_same_from_either_side(void **state)
{
    (void)state;
    static const char *const words[] = { "Khoroshev", "Koroshev", "Dmitri",    "D.",  "Maria",
                                         "Marta",     "Hussaini", "Ousseini",  "Ali", "Al",
                                         "Vander",    "Bilt",     "Vanderbilt" };
    enum { WORDS = sizeof words / sizeof words[0] };
    static uint8_t memory[1 << 20];
    for (size_t i = 0; i < WORDS * WORDS * WORDS; i++) {
        char ours[64];
        char theirs[64];
        snprintf(ours, sizeof ours, "%s %s", words[i % WORDS], words[i / WORDS % WORDS]);
        snprintf(theirs, sizeof theirs, "%s %s", words[i / WORDS / WORDS], words[i * 7 % WORDS]);
        for (uint32_t version = 1; version <= 2; version++) {
            struct arena arena = arena_over(memory, sizeof memory);
            struct index_hit hit = compare(ours, theirs, version, &arena);
            int32_t sum = 0;
            for (size_t r = 0; r < hit.reason_count; r++) {
                sum += hit.reasons[r].weight;
                assert_true(r == 0 || hit.reasons[r].relation != INDEX_CONTRADICT ||
                            hit.reasons[r - 1].relation == INDEX_CONTRADICT);
                assert_true(hit.reasons[r].rarity == 0 || hit.reasons[r].weight >= 0);
                if (text_is(hit.reasons[r].ours, "Khoroshev") && hit.reasons[r].weight == 110)
                    assert_int_equal(hit.reasons[r].rarity, 2000);
            }
            if (hit.score != sum)
                print_error("%s, %s: %d, reasons %d\n", ours, theirs, (int)hit.score, (int)sum);
            assert_int_equal(hit.score, sum);
            assert_int_equal(compare(theirs, ours, version, &arena).band, hit.band);
        }
    }
}

static void a_contradicted_word_keeps_a_name_below_possible(void **state)
{
    (void)state;
    static uint8_t memory[1 << 20];
    struct arena arena = arena_over(memory, sizeof memory);
    struct index_name name = { .full = TEXT("Barzan Ibrahim Hasan Khoroshev Petrov") };
    struct index_doc doc = { .number = 1, .names = &name, .name_count = 1 };
    struct index_query query = { .name.full = TEXT("Barzan Ibrahim Hasan Khoroshev Sidorenko") };
    struct index_hit hit;
    assert_false(failed(index_compare(&query, &doc, &arena, &hit)));
    assert_int_equal(hit.band, INDEX_WEAK);
    assert_int_equal(hit.score, score_table(2)->contradicted_cap);
    query.name.full = TEXT("Barzan Ibrahim Hasan Khoroshev"); /* left out is not contradicted */
    assert_false(failed(index_compare(&query, &doc, &arena, &hit)));
    assert_int_equal(hit.band, INDEX_STRONG);
}

/* A birth that fits never takes a name from "possible", and what it adds must be more than a
 * margin: two common words and an estimate are many people. */
static void a_birth_that_fits_never_lowers_a_band(void **state)
{
    (void)state;
    static uint8_t memory[1 << 20];
    static const struct index_birth fits[] = {
        { { 1985, 3, 4 }, { 1985, 3, 4 }, INDEX_BIRTH_EXACT },
        { { 1985, 1, 1 }, { 1985, 12, 31 }, INDEX_BIRTH_INTERVAL },
        { { 1984, 1, 1 }, { 1986, 12, 31 }, INDEX_BIRTH_ABOUT },
        { { 1983, 1, 1 }, { 1987, 12, 31 }, INDEX_BIRTH_ABOUT },
        { { 1980, 1, 1 }, { 1989, 12, 31 }, INDEX_BIRTH_ABOUT },
    };
    static const char *const held[] = { "Ali Hassan",       "Ali Hassan Musa",  "Ali",
                                        "Hassan Khoroshev", "Khoroshev Dmitri", "Aly Hasan" };
    size_t risen = 0;
    for (size_t n = 0; n < sizeof held / sizeof held[0]; n++) {
        struct index_name name = { .full = text_literal(held[n]) };
        enum index_band before = INDEX_STRONG;
        for (size_t i = 0; i <= sizeof fits / sizeof fits[0]; i++) {
            struct arena arena = arena_over(memory, sizeof memory);
            struct index_doc doc = { .number = 1, .names = &name, .name_count = 1 };
            struct index_query query = { .name.full = TEXT("Ali Hassan"), .birth = born };
            struct index_hit hit;
            if (i < sizeof fits / sizeof fits[0])
                doc.birth = fits[i];
            assert_false(failed(index_compare(&query, &doc, &arena, &hit)));
            assert_true(hit.band <= before); /* from the day to nothing known */
            risen += i > 0 && hit.band < before;
            before = hit.band;
        }
    }
    assert_true(risen > 0);
}

static void a_version_that_there_is_not_is_refused(void **state)
{
    (void)state;
    static uint8_t memory[1 << 16];
    struct arena arena = arena_over(memory, sizeof memory);
    struct index_name name = { .full = TEXT("Khoroshev") };
    struct index_doc doc = { .number = 1, .names = &name, .name_count = 1 };
    struct index_query query = { .name = name, .scoring.version = INDEX_SCORE_VERSION + 1 };
    struct index_hit hit;
    struct err e = index_compare(&query, &doc, &arena, &hit);
    assert_string_equal(e.rule, "index.score-version");
    assert_null(score_table(INDEX_SCORE_VERSION + 1));
    assert_ptr_equal(score_table(0), score_table(INDEX_SCORE_VERSION));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_scores_as_it_always_did),
        cmocka_unit_test(a_score_is_the_sum_of_its_reasons_and_the_same_from_either_side),
        cmocka_unit_test(a_contradicted_word_keeps_a_name_below_possible),
        cmocka_unit_test(a_birth_that_fits_never_lowers_a_band),
        cmocka_unit_test(a_version_that_there_is_not_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
