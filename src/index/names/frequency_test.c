#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "index/names/frequency.h"

enum { NAMES = 4, MANY = 300 };

static uint8_t memory[4 << 20];
static struct arena arena;
static const char *const names[NAMES] = { "Dmitri Khoroshev", "Amina Diallo", "Ousmane Diallo",
                                          "Иван Петров" };

static int begin(void **state)
{
    (void)state;
    arena = arena_over(memory, sizeof(memory));
    return 0;
}

/* Each name once, borne by so many. */
struct list {
    size_t at;
    uint32_t bearers;
};

static bool next(void *state, struct index_name *out, uint32_t *bearers_out)
{
    struct list *list = state;
    if (list->at == NAMES) {
        list->at = 0;
        return false;
    }
    *out = (struct index_name){ .full = text_literal(names[list->at++]) };
    *bearers_out = list->bearers;
    return true;
}

static struct bytes listed(uint32_t bearers)
{
    struct list list = { .bearers = bearers };
    struct index_names source = { &list, next, 0 };
    struct bytes out;
    assert_false(failed(index_frequency_build(&source, &arena, &out)));
    return out;
}

/* So many documents a name. */
static struct bytes of_documents(size_t each)
{
    struct index_name *all = arena_take_array(&arena, NAMES * each, sizeof *all);
    struct index_doc *docs = arena_take_array(&arena, NAMES * each, sizeof *docs);
    struct bytes out;
    for (size_t i = 0; i < NAMES * each; i++) {
        all[i] = (struct index_name){ .full = text_literal(names[i % NAMES]) };
        docs[i] = (struct index_doc){ .number = i + 1, .names = &all[i], .name_count = 1 };
    }
    assert_false(failed(index_frequency_of(docs, NAMES * each, 0, &arena, &out)));
    return out;
}

static void so_many_bearers_are_a_name_so_many_times(void **state)
{
    (void)state;
    assert_true(bytes_equal(listed(MANY), of_documents(MANY)));
    assert_false(bytes_equal(listed(MANY), of_documents(MANY - 50)));
    assert_true(listed(UINT32_MAX).len > 12); /* a register of any size */
}

static void a_score_replays_with_the_table_it_was_made_with(void **state)
{
    (void)state;
    struct index_frequency frequency = { .proved = { NULL, 0 } };
    struct index_query query = { .name.full = TEXT("Khoroshev Dmitri") };
    struct index_name name = { .full = TEXT("Dmitri Khoroshev") };
    struct index_doc doc = { .number = 9, .names = &name, .name_count = 1 };
    struct index_hit common;
    struct index_hit again;
    struct index_hit rare;
    assert_false(failed(index_compare(&query, &doc, &arena, &rare)));
    assert_false(failed(index_frequency_open(listed(MANY), &frequency)));
    query.scoring.frequency = frequency;
    assert_false(failed(index_compare(&query, &doc, &arena, &common)));
    assert_true(common.score < rare.score);
    struct hash first = frequency.hash;
    assert_false(failed(index_frequency_open(of_documents(MANY), &frequency)));
    assert_true(hash_equal(&first, &frequency.hash)); /* the name by which it is asked for */
    query.scoring.frequency = frequency;
    assert_false(failed(index_compare(&query, &doc, &arena, &again)));
    assert_int_equal(again.score, common.score);
}

static struct index_hit held(uint32_t persons, const struct index_query *asked,
                             const struct index_doc *doc)
{
    struct list list = { .bearers = MANY };
    struct index_names source = { &list, next, persons };
    struct index_query query = *asked;
    struct bytes table;
    struct index_hit hit;
    assert_false(failed(index_frequency_build(&source, &arena, &table)));
    assert_false(failed(index_frequency_open(table, &query.scoring.frequency)));
    assert_false(failed(index_compare(&query, doc, &arena, &hit)));
    return hit;
}

static void among_more_persons_a_band_asks_for_more(void **state)
{
    (void)state;
    struct index_query query = { .name.full = TEXT("Wilder Kowalczyk") };
    struct index_name name = { .full = TEXT("Kowalczyk Wilder") };
    struct index_doc doc = { .number = 9, .names = &name, .name_count = 1 };
    struct index_query known = { .name.full = TEXT("Khoroshev Dmitri") };
    struct index_name known_name = { .full = TEXT("Khoroshev Dmitri") };
    struct index_doc known_doc = { .number = 8, .names = &known_name, .name_count = 1 };
    struct index_hit few = held(0, &known, &known_doc);
    struct index_hit many = held(UINT32_MAX, &known, &known_doc);
    assert_true(few.band > many.band && many.band >= INDEX_WEAK); /* told still, as less */
    assert_int_equal(few.score, many.score);
    assert_int_equal(held(20000, &known, &known_doc).band, few.band);
    assert_true(held(UINT32_MAX, &query, &doc).score > held(0, &query, &doc).score); /* rarer */
}

static void a_number_says_who_it_is_among_any_many(void **state)
{
    (void)state;
    struct index_identifier number = { .cls = 1, .canonical = TEXT("A1234567") };
    struct index_query query = { .identifiers = &number, .identifier_count = 1 };
    struct index_doc doc = { .number = 9, .identifiers = &number, .identifier_count = 1 };
    assert_int_equal(held(UINT32_MAX, &query, &doc).band, INDEX_STRONG);
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    struct index_frequency frequency = { .proved = { NULL, 0 } };
    struct bytes good = listed(MANY);
    static const uint8_t other[] = "xyz";
    assert_string_equal(index_frequency_open(bytes_of(other, 3), &frequency).rule,
                        "index.bad-frequency");
    for (size_t len = 0; len < good.len; len++)
        assert_true(failed(index_frequency_open(bytes_of(good.data, len), &frequency)));
    assert_int_equal(frequency.proved.len, 0);
    assert_false(failed(index_frequency_open(good, &frequency)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(so_many_bearers_are_a_name_so_many_times, begin),
        cmocka_unit_test_setup(a_score_replays_with_the_table_it_was_made_with, begin),
        cmocka_unit_test_setup(among_more_persons_a_band_asks_for_more, begin),
        cmocka_unit_test_setup(a_number_says_who_it_is_among_any_many, begin),
        cmocka_unit_test_setup(what_is_no_table_is_refused, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
