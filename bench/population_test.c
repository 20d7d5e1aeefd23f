/* The population that every figure of search stands on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "population.h"

enum { PERSONS = 2000, OBJECTS = 3000, ASKED = 400, WORDS = 8, WORD_BYTES = 64 };

static struct population *make(uint64_t seed)
{
    struct population_options o = population_options(seed, PERSONS, OBJECTS);
    struct population *p = population_new(&o);
    assert_non_null(p);
    return p;
}

static void test_a_person_is_the_same_in_any_order(void **state)
{
    (void)state;
    struct population *p = make(POPULATION_TUNING);
    struct population *again = make(POPULATION_TUNING);
    struct population *other = make(POPULATION_TESTING);
    size_t same = 0;
    for (uint64_t i = 0; i < PERSONS; i++) {
        struct population_scratch first;
        struct population_scratch second;
        struct population_scratch third;
        struct index_doc a;
        struct index_doc b;
        struct index_doc c;
        population_person(p, i, &a, &first);
        population_person(again, PERSONS - 1 - i, &b, &second);
        population_person(again, i, &b, &second);
        population_person(other, i, &c, &third);
        assert_int_equal(a.number, i + 1);
        assert_true(text_equal(a.names[0].full, b.names[0].full));
        assert_memory_equal(&a.birth.from, &b.birth.from, sizeof a.birth.from);
        same += text_equal(a.names[0].full, c.names[0].full);
    }
    assert_int_equal(same, 0);
    population_free(p);
    population_free(again);
    population_free(other);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void test_no_key_stands_twice(void **state)
{
    (void)state;
    struct population *p = make(POPULATION_TESTING);
    static char keys[OBJECTS][POPULATION_KEY_BYTES];
    for (uint64_t i = 0; i < OBJECTS; i++) {
        struct population_scratch scratch;
        struct index_doc doc;
        population_object(p, i, &doc, &scratch);
        assert_int_equal(doc.number, PERSONS + i + 1);
        memcpy(keys[i], scratch.key, doc.identifiers[0].canonical.len + 1);
    }
    qsort(keys, OBJECTS, sizeof keys[0], by_key);
    for (size_t i = 1; i < OBJECTS; i++)
        assert_true(strcmp(keys[i - 1], keys[i]) != 0);
    population_free(p);
}

static size_t split(struct text name, char words[WORDS][WORD_BYTES])
{
    size_t count = 0;
    size_t len = 0;
    for (size_t i = 0; i <= name.len; i++) {
        if (i < name.len && name.data[i] != ' ') {
            words[count][len++] = name.data[i];
        } else {
            words[count++][len] = '\0';
            len = 0;
        }
    }
    return count;
}

/* Letters left out, put in, changed or changed over with their neighbour. */
static size_t edits(const char *a, const char *b)
{
    size_t table[WORD_BYTES][WORD_BYTES];
    size_t m = strlen(a);
    size_t n = strlen(b);
    for (size_t i = 0; i <= m; i++) {
        for (size_t k = 0; k <= n; k++) {
            size_t best = i == 0 ? k : k == 0 ? i : table[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
            if (i > 0 && k > 0 && table[i - 1][k] + 1 < best)
                best = table[i - 1][k] + 1;
            if (i > 0 && k > 0 && table[i][k - 1] + 1 < best)
                best = table[i][k - 1] + 1;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
                table[i - 2][k - 2] + 1 < best)
                best = table[i - 2][k - 2] + 1;
            table[i][k] = best;
        }
    }
    return table[m][n];
}

/* Goal S4: every word of four letters or more has an edit, only one of six or more has two. */
static void test_a_misspelt_question_has_the_edits_of_the_goal(void **state)
{
    (void)state;
    struct population *p = make(POPULATION_TESTING);
    static struct population_question question;
    size_t long_words = 0;
    size_t twice = 0;
    size_t thrice = 0;
    for (uint64_t q = 0; q < ASKED; q++) {
        char asked[WORDS][WORD_BYTES];
        char held[WORDS][WORD_BYTES];
        struct population_scratch scratch;
        struct index_doc doc;
        population_ask(p, POPULATION_MISSPELT, q, &question);
        population_person(p, question.number - 1, &doc, &scratch);
        size_t count = split(doc.names[0].full, held);
        assert_int_equal(split(question.name, asked), count);
        for (size_t i = 0; i < count; i++) {
            size_t best = WORD_BYTES;
            for (size_t k = 0; k < count; k++) {
                size_t here = edits(held[i], asked[k]);
                best = here < best ? here : best;
            }
            assert_in_range(best, 0, strlen(held[i]) < 4 ? 0 : strlen(held[i]) < 6 ? 1 : 3);
            thrice += best == 3; /* a letter put between two that were changed over */
            long_words += strlen(held[i]) >= 6;
            twice += strlen(held[i]) >= 6 && best == 2;
        }
    }
    assert_in_range(thrice * 100 / long_words, 0, 2);
    assert_in_range(twice * 100 / long_words, 20, 35); /* two edits may undo each other */
    population_free(p);
}

static void test_nobody_is_not_in_the_population(void **state)
{
    (void)state;
    struct population *p = make(POPULATION_TESTING);
    static struct population_question question;
    for (uint64_t q = 0; q < ASKED; q++) {
        struct population_scratch scratch;
        struct index_doc doc;
        population_ask(p, POPULATION_NOBODY, q, &question);
        assert_int_equal(question.number, 0);
        population_person(p, PERSONS + q, &doc, &scratch);
        assert_true(text_equal(question.name, doc.names[0].full));
        population_ask(p, POPULATION_EXACT, q, &question);
        assert_in_range(question.number, 1, PERSONS);
        population_person(p, question.number - 1, &doc, &scratch);
        assert_true(text_equal(question.name, doc.names[0].full));
    }
    population_free(p);
}

static void test_options_out_of_range_are_refused(void **state)
{
    (void)state;
    struct population_options o = population_options(POPULATION_TUNING, PERSONS, 0);
    o.birth_about = 0.95;
    assert_null(population_new(&o));
    o = population_options(POPULATION_TUNING, PERSONS, 0);
    o.native = 0.5; /* without lists */
    assert_null(population_new(&o));
    o = population_options(POPULATION_TUNING, 0, 0);
    assert_null(population_new(&o));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_person_is_the_same_in_any_order),
        cmocka_unit_test(test_no_key_stands_twice),
        cmocka_unit_test(test_a_misspelt_question_has_the_edits_of_the_goal),
        cmocka_unit_test(test_nobody_is_not_in_the_population),
        cmocka_unit_test(test_options_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
