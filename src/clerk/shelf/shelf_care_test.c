/* Upkeep beside the clerk: neither waits for the other, nothing that died comes back or stays. */
#include "test_shelf.h"

static void what_died_leaves_every_file_within_the_bound(void **state)
{
    (void)state;
    struct bytes what = text_bytes(TEXT("Quirimbas"));
    for (unsigned i = 1; i < 10; i++)
        put(i);
    struct test_person who = { id_of(0), "Quirimbas Yoruba", "1980-03-04", "wanted.arrest" };
    (void)reply_good(office_put(&ben, who), __LINE__);
    care_all();
    assert_true(depot_memory_holds(depot, what));
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "{\"record\":\"%s\",\"reason\":\"wrong\"}",
                    id_of(0));
    assert_int_equal(office_hits(&ben, "Quirimbas Yoruba"), 0); /* at once */
    care_all();
    assert_true(depot_memory_holds(depot, what));
    clock_ms += ERASE_MS;
    care_all();
    assert_false(depot_memory_holds(depot, what));
    assert_int_equal(office_hits(&ben, names[1]), 1);
    power_cycle();
    assert_int_equal(office_hits(&ben, "Quirimbas Yoruba"), 0);
}

static void a_view_outlives_what_it_shows(void **state)
{
    (void)state;
    struct living before;
    struct living after;
    for (unsigned i = 0; i < 8; i++)
        put(i);
    care_all();
    struct shelf *shelf = clerk_shelf(ben.clerk);
    const struct shelf_view *view = shelf_take(shelf);
    list_living(view, &before);
    for (unsigned i = 0; i < 8; i++)
        withdraw(i);
    clock_ms += 20000;
    care_all();
    list_living(view, &after);
    assert_int_equal(after.count, before.count);
    for (size_t i = 0; i < before.count; i++)
        assert_true(text_equal(before.names[i], after.names[i]));
    shelf_give(shelf, view);
    view = shelf_take(shelf);
    assert_int_equal(view->doc_count, 0);
    shelf_give(shelf, view);
}

/* One more document dies, as in a commit behind the page that upkeep works on. */
static uint64_t kill_one(size_t which)
{
    struct living all;
    struct shelf *shelf = clerk_shelf(ben.clerk);
    const struct shelf_view *view = shelf_take(shelf);
    list_living(view, &all);
    shelf_give(shelf, view);
    struct shelf_change change = { .dead = all.numbers[which], .at = office_journal(&ben) };
    must(shelf_publish(shelf, &change, &arena));
    return change.dead;
}

static bool lives(uint64_t number)
{
    struct living all;
    struct shelf *shelf = clerk_shelf(ben.clerk);
    const struct shelf_view *view = shelf_take(shelf);
    list_living(view, &all);
    assert_int_equal(view->doc_count, all.count);
    shelf_give(shelf, view);
    for (size_t i = 0; i < all.count; i++) {
        if (all.numbers[i] == number)
            return true;
    }
    return false;
}

static void what_dies_while_a_merge_is_at_work_stays_dead(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++)
        put(i);
    uint64_t before = kill_one(2);
    bool more = false;
    clock_ms += 20000;
    must(care(SHELF_KEEP, &more)); /* ages what stands in memory */
    clock_ms += 20000;
    must(care(SHELF_KEEP, &more)); /* the file is written, the clerk has not seen it */
    assert_true(more);
    uint64_t between = kill_one(3);
    shelf_settle(clerk_shelf(ben.clerk));
    assert_false(lives(before));
    assert_false(lives(between));
    must(care(SHELF_KEEP, &more)); /* the list */
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    assert_int_equal(view->dead.count, 1);
    assert_int_equal(view->doc_count, 6);
    shelf_give(clerk_shelf(ben.clerk), view);
}

static void what_dies_while_a_gap_is_filled_stays_dead(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++)
        put(i);
    care_all();
    struct living all;
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    list_living(view, &all);
    shelf_give(clerk_shelf(ben.clerk), view);
    must(depot_remove(depot, a_file('s')));
    power_cycle();
    bool more = false;
    must(care(SHELF_MERGE, &more)); /* made again, the clerk has not seen it */
    struct shelf_change change = { .dead = all.numbers[3], .at = office_journal(&ben) };
    must(shelf_publish(clerk_shelf(ben.clerk), &change, &arena));
    shelf_settle(clerk_shelf(ben.clerk));
    assert_false(is_partial());
    assert_false(lives(all.numbers[3]));
    assert_true(lives(all.numbers[4]));
}

static size_t segment_count(void)
{
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    size_t count = view->segment_count;
    shelf_give(clerk_shelf(ben.clerk), view);
    return count;
}

static void mark_busy(struct page *page, bool busy)
{
    for (size_t i = 0; i < page->count; i++)
        atomic_store(&page->volumes[i]->busy, busy);
}

/* The clerk goes on however long upkeep is at work on what it took. */
static void writes_go_on_while_upkeep_is_slow(void **state)
{
    (void)state;
    struct shelf *shelf = clerk_shelf(ben.clerk);
    shelf_attended(shelf, true);
    for (unsigned i = 0; i < 63; i++)
        put(i % PEOPLE);
    struct page *taken = page_hold(shelf);
    mark_busy(taken, true);
    for (unsigned i = 0; i < 200; i++)
        put(i % PEOPLE);
    size_t segments = segment_count();
    same_as_the_records();
    mark_busy(taken, false);
    page_drop(shelf, taken);
    assert_true(segments <= 2 * FREE_VOLUMES_MAX);
    care_all();
    same_as_the_records();
}

/* As long as one merge holds the large files, those that are written behind it stay few. */
static void files_stay_few_behind_a_long_merge(void **state)
{
    (void)state;
    struct shelf *shelf = clerk_shelf(ben.clerk);
    bool more = false;
    shelf_attended(shelf, true);
    for (unsigned file = 0; file < 120; file++) {
        put(file % PEOPLE);
        for (int step = 0; step < 5; step++) { /* its age, the file, the list */
            must(care(SHELF_KEEP, &more));
            clock_ms += DELTA_AGE_MAX;
            shelf_settle(shelf);
        }
        struct page *page = page_hold(shelf);
        for (size_t i = 0; i < page->count; i++) /* as after a proof, without any merge */
            atomic_store(&page->volumes[i]->proved, true);
        page_drop(shelf, page);
    }
    assert_true(segment_count() <= FILES_MAX + 1);
    same_as_the_records();
}

/* What is not proved is not merged: a wrong bit would stand under a right checksum. */
static void a_damaged_file_is_found_before_it_is_merged(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 12; i++) {
        put(i);
        if (i % 2 == 1)
            care_all();
    }
    for (unsigned i = 0; i < 12; i++)
        withdraw(i / 2 * 2); /* half of each file: all would be written anew */
    power_cycle();
    assert_true(depot_memory_damage(depot, a_file('s'), 1500));
    clock_ms += 2 * ERASE_MS;
    care_all();
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    uint64_t holes = view->holes;
    shelf_give(clerk_shelf(ben.clerk), view);
    assert_int_equal(holes, 1);
    assert_false(is_partial());
    same_as_the_records();
}

static void rows_of_the_dead_go_when_the_list_has_them(void **state)
{
    (void)state;
    put(0);
    put(0);
    withdraw(0);
    (void)office_do(&ben, "node", VERB_TICK, "%s", "{}");
    assert_true(office_rows(&ben, TABLE_DEAD) > 0); /* a start would need them */
    care_all();
    put(1); /* something to list */
    care_all();
    (void)office_do(&ben, "node", VERB_TICK, "%s", "{}");
    assert_int_equal(office_rows(&ben, TABLE_DEAD), 0);
    power_cycle();
    same_as_the_records();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(what_died_leaves_every_file_within_the_bound),
        TEST_OF(a_view_outlives_what_it_shows),
        TEST_OF(what_dies_while_a_merge_is_at_work_stays_dead),
        TEST_OF(what_dies_while_a_gap_is_filled_stays_dead),
        TEST_OF(writes_go_on_while_upkeep_is_slow),
        TEST_OF(files_stay_few_behind_a_long_merge),
        TEST_OF(a_damaged_file_is_found_before_it_is_merged),
        TEST_OF(rows_of_the_dead_go_when_the_list_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
