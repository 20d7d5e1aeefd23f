/* The life of the index: what it answers is what the records say, whatever was written, merged,
 * torn, damaged or begun anew in between. */
#include "test_clerk.h"

#include "clerk/doc.h"
#include "clerk/shelf_parts.h"
#include "store/memory_depot.h"

enum { PEOPLE = 24, STEPS = 400, ERASE_MS = 1000 };

static struct office ben;
static struct depot *depot;
static uint64_t dice;
static int64_t clock_ms;
static char names[PEOPLE][40]; /* what the records say; empty: withdrawn */
static unsigned versions;

static uint64_t roll(uint64_t sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (dice >> 33) % sides;
}

static int begin(void **state)
{
    int bad = test_begin(state);
    must(depot_memory_open(&depot));
    office_open(&ben, "BEN");
    ben.config.depot_opt = depot;
    office_reopen(&ben);
    memset(names, 0, sizeof(names));
    versions = 0;
    clock_ms = 1000000;
    return bad;
}

static int end(void **state)
{
    (void)state;
    office_close(&ben);
    depot_memory_close(depot);
    return 0;
}

static const char *id_of(unsigned person)
{
    static char id[40];
    (void)snprintf(id, sizeof(id), "BEN-01ARZ3NDEKTSV4RRFFQ69G5F%c%c", 'A' + (int)(person / 10),
                   '0' + (int)(person % 10));
    return id;
}

/* Letters that no other version shares enough of to be close. */
static void rename_to(unsigned person)
{
    static const char *const parts[] = { "Bak", "Dor", "Fen", "Gul", "Hir", "Jom", "Kat", "Lev",
                                         "Mus", "Niz", "Pol", "Rag", "Sib", "Tev", "Vun", "Zor" };
    unsigned n = versions++;
    (void)snprintf(names[person], sizeof(names[person]), "%s%s%s %s%s%s", parts[n % 16],
                   parts[n / 16 % 16], parts[(n * 7 + 3) % 16], parts[(n * 5 + 1) % 16],
                   parts[n / 16 % 16], parts[(n + n / 16) % 16]);
}

static void put(unsigned person)
{
    rename_to(person);
    struct test_person who = { id_of(person), names[person], "1980-03-04", "wanted.arrest" };
    (void)reply_good(office_put(&ben, who), __LINE__);
}

static void withdraw(unsigned person)
{
    if (names[person][0] == '\0')
        return;
    names[person][0] = '\0';
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW,
                    "{\"record\":\"%s\",\"reason\":\"closed\"}", id_of(person));
}

static struct err care(enum shelf_task task, bool *more)
{
    struct shelf_care with = { .store = ben.store, .now = { clock_ms }, .erase_ms = ERASE_MS };
    return shelf_care(clerk_shelf(ben.clerk), task, &with, more);
}

/* Everything that upkeep has to do, the clerk settling in between. */
static void care_all(void)
{
    struct shelf_care with = { .store = ben.store, .now = { clock_ms }, .erase_ms = ERASE_MS,
                               .all = true };
    bool some = true;
    for (int i = 0; some; i++) {
        assert_true(i < 1000);
        some = false;
        for (int task = 0; task < SHELF_TASKS; task++) {
            bool more = false;
            must(shelf_care(clerk_shelf(ben.clerk), (enum shelf_task)task, &with, &more));
            some = some || more;
        }
        shelf_settle(clerk_shelf(ben.clerk));
    }
}

/* Numbers and letters of what lives, in order of the numbers. */
struct living {
    uint64_t numbers[PEOPLE];
    struct text names[PEOPLE];
    size_t count;
};

static void list_living(const struct shelf_view *view, struct living *out)
{
    out->count = 0;
    for (size_t s = 0; s < view->segment_count; s++) {
        for (uint32_t i = 0; i < view->segments[s].doc_count; i++) {
            struct index_doc doc;
            must(index_doc_at(&view->segments[s], i, &arena, &doc));
            if (index_set_has(&view->dead, doc.number))
                continue;
            assert_true(out->count < PEOPLE);
            size_t at = out->count++;
            for (; at > 0 && out->numbers[at - 1] > doc.number; at--) {
                out->numbers[at] = out->numbers[at - 1];
                out->names[at] = out->names[at - 1];
            }
            out->numbers[at] = doc.number;
            out->names[at] = arena_copy_text(&arena, doc.names[0].full);
        }
    }
}

/* The index of the clerk is the one that the rows give. */
static void same_as_rebuilt(void)
{
    struct shelf *fresh = NULL;
    struct living a;
    struct living b;
    must(shelf_open(NULL, &fresh));
    must(shelf_load(fresh, store_view(ben.store), &arena));
    const struct shelf_view *ours = shelf_take(clerk_shelf(ben.clerk));
    const struct shelf_view *theirs = shelf_take(fresh);
    list_living(ours, &a);
    list_living(theirs, &b);
    assert_int_equal(a.count, b.count);
    assert_int_equal(ours->doc_count, a.count);
    assert_int_equal(theirs->doc_count, a.count);
    for (size_t i = 0; i < a.count; i++) {
        assert_int_equal(a.numbers[i], b.numbers[i]);
        assert_true(text_equal(a.names[i], b.names[i]));
    }
    shelf_give(clerk_shelf(ben.clerk), ours);
    shelf_give(fresh, theirs);
    shelf_close(fresh);
}

static void same_as_the_records(void)
{
    size_t living = 0;
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    bool partial = view->partial;
    shelf_give(clerk_shelf(ben.clerk), view);
    if (partial)
        care_all();
    for (unsigned i = 0; i < PEOPLE; i++)
        living += names[i][0] != '\0';
    view = shelf_take(clerk_shelf(ben.clerk));
    assert_false(view->partial);
    assert_int_equal(view->doc_count, living);
    shelf_give(clerk_shelf(ben.clerk), view);
    same_as_rebuilt();
    unsigned one = (unsigned)roll(PEOPLE);
    if (names[one][0] != '\0')
        assert_true(office_hits(&ben, names[one]) >= 1);
}

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

/* After a file of the depot failed in the middle: switched off, and on again. */
static void power_cycle(void)
{
    clerk_close(ben.clerk);
    depot_memory_crash(depot, roll(1000));
    must(store_memory_reopen(ben.store));
    must(clerk_open(&ben.config, ben.store, &ben.clerk));
    office_keys(&ben);
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

static const char *a_file(char first)
{
    static char name[DEPOT_NAME_MAX + 1];
    struct depot_names all;
    must(depot_list(depot, &arena, &all));
    for (size_t i = 0; i < all.count; i++) {
        if (all.names[i].data[0] != first)
            continue;
        memcpy(name, all.names[i].data, all.names[i].len);
        name[all.names[i].len] = '\0';
        return name;
    }
    fail_msg("no file %c", first);
    return "";
}

static bool is_partial(void)
{
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    bool partial = view->partial;
    shelf_give(clerk_shelf(ben.clerk), view);
    return partial;
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

#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(random_histories_give_what_the_rows_give),
        TEST_OF(a_crash_at_any_effect_loses_and_revives_nothing),
        TEST_OF(a_start_reads_no_row_that_a_file_has),
        TEST_OF(a_damaged_file_is_made_again_while_the_rest_answers),
        TEST_OF(a_cut_missing_or_foreign_file_is_seen_at_the_start),
        TEST_OF(a_damaged_list_or_one_of_another_store_is_no_list),
        TEST_OF(what_died_leaves_every_file_within_the_bound),
        TEST_OF(a_view_outlives_what_it_shows),
        TEST_OF(what_dies_while_a_merge_is_at_work_stays_dead),
        TEST_OF(what_dies_while_a_gap_is_filled_stays_dead),
        TEST_OF(rows_of_the_dead_go_when_the_list_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
