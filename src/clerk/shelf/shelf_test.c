/* The life of the index: what it answers is what the records say, whatever was written, merged,
 * torn, damaged or begun anew in between. */
#include "test_shelf.h"

enum { STEPS = 400 };

static void step(void)
{
    unsigned person = (unsigned)roll(PEOPLE);
    bool more = false;
    clock_ms += (int64_t)roll(2000);
    switch (roll(8)) {
    case 0:
        withdraw(person);
        break;
    case 1:
    case 2:
        must(care((enum shelf_task)roll(2), &more));
        break;
    default:
        put(person);
    }
}

static void random_histories_give_what_the_rows_give(void **state)
{
    (void)state;
    for (dice = 1; dice < 4; dice++) {
        uint64_t seed = dice;
        for (int i = 0; i < STEPS; i++) {
            arena_reset(&arena);
            step();
            if (i % 40 == 39) {
                same_as_the_records();
                if (roll(2) == 0)
                    power_cycle();
                same_as_the_records();
            }
        }
        arena_reset(&arena);
        care_all();
        same_as_the_records();
        dice = seed;
    }
}

static void a_crash_at_any_effect_loses_and_revives_nothing(void **state)
{
    (void)state;
    dice = 11;
    for (int round = 0; round < 60; round++) {
        arena_reset(&arena);
        for (int i = 0; i < 5; i++)
            step();
        clock_ms += 20000; /* everything is due */
        depot_memory_script(depot, depot_memory_effects(depot) + 1 + roll(14));
        struct err e = err_none();
        for (int i = 0; i < 30 && !failed(e); i++) {
            bool more = false;
            e = care(i % 2 == 0 ? SHELF_KEEP : SHELF_MERGE, &more);
            shelf_settle(clerk_shelf(ben.clerk));
        }
        if (roll(2) == 0)
            put((unsigned)roll(PEOPLE)); /* life goes on without files */
        power_cycle();
        same_as_the_records();
    }
}

static void a_start_reads_no_row_that_a_file_has(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PEOPLE; i++)
        put(i);
    withdraw(3);
    care_all();
    power_cycle();
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    const struct page *page = (const struct page *)view; /* its first member */
    assert_int_equal(page->count, 1);
    assert_true(volume_in_file(page->volumes[0]));
    assert_int_equal(view->doc_count, PEOPLE - 1);
    shelf_give(clerk_shelf(ben.clerk), view);
    same_as_the_records();
}

static void a_damaged_file_is_made_again_while_the_rest_answers(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        put(i);
    care_all();
    put(4);
    assert_true(depot_memory_damage(depot, a_file('s'), 1500)); /* behind its head */
    power_cycle();
    assert_false(is_partial()); /* a start looks at heads alone */
    for (int i = 0; i < 100 && !is_partial(); i++) {
        bool more = false;
        must(care(SHELF_MERGE, &more));
        shelf_settle(clerk_shelf(ben.clerk));
    }
    assert_true(is_partial());
    assert_int_equal(office_hits(&ben, names[4]), 1);
    assert_int_equal(office_hits(&ben, names[1]), 0);
    withdraw(2); /* it dies while nobody knows whether it is there */
    care_all();
    assert_false(is_partial());
    assert_int_equal(office_hits(&ben, names[1]), 1);
    same_as_the_records();
}

static void a_cut_missing_or_foreign_file_is_seen_at_the_start(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        struct bytes bytes;
        for (unsigned i = 0; i < 4; i++)
            put(i);
        care_all();
        const char *name = a_file('s');
        if (how == 0)
            assert_true(depot_memory_cut(depot, name, 700));
        if (how == 1)
            must(depot_remove(depot, name));
        if (how == 2) { /* whole, but not what the list names */
            struct index_doc doc = { .number = 1 };
            must(index_build(&doc, 1, &arena, &bytes));
            must(depot_write(depot, name, bytes));
        }
        power_cycle();
        assert_true(is_partial());
        put(5);
        assert_int_equal(office_hits(&ben, names[5]), 1);
        same_as_the_records();
    }
}

static void a_damaged_list_or_one_of_another_store_is_no_list(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        put(i);
    withdraw(1);
    care_all();
    assert_true(depot_memory_damage(depot, "list", 200));
    power_cycle();
    same_as_the_records();
    care_all();
    struct office other;
    office_open(&other, "BEN");
    struct office mine = ben;
    other.config.depot_opt = depot; /* its journal has other facts */
    clerk_close(mine.clerk);
    ben = other;
    office_reopen(&ben);
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    assert_int_equal(view->doc_count, 0);
    shelf_give(clerk_shelf(ben.clerk), view);
    store_close(mine.store);
    free(mine.keeper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(random_histories_give_what_the_rows_give),
        TEST_OF(a_crash_at_any_effect_loses_and_revives_nothing),
        TEST_OF(a_start_reads_no_row_that_a_file_has),
        TEST_OF(a_damaged_file_is_made_again_while_the_rest_answers),
        TEST_OF(a_cut_missing_or_foreign_file_is_seen_at_the_start),
        TEST_OF(a_damaged_list_or_one_of_another_store_is_no_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
