/* The index of one clerk over a depot in memory, for the tests of the shelf: records that come and
 * go, upkeep step by step, and whether the index says what the records say. */
#ifndef COMITY_TESTS_TEST_SHELF_H
#define COMITY_TESTS_TEST_SHELF_H

#include "test_clerk.h"

#include "clerk/record/doc.h"
#include "clerk/shelf/shelf_parts.h"
#include "store/memory_depot.h"

enum { PEOPLE = 24, ERASE_MS = 1000 };

static struct office ben;
static struct depot *depot;
static uint64_t dice;
static int64_t clock_ms;
static char names[PEOPLE][40]; /* what the records say; empty: withdrawn */
static unsigned versions;

static inline uint64_t roll(uint64_t sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (dice >> 33) % sides;
}

static inline int begin(void **state)
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

static inline int end(void **state)
{
    (void)state;
    office_close(&ben);
    depot_memory_close(depot);
    return 0;
}

static inline const char *id_of(unsigned person)
{
    static char id[40];
    (void)snprintf(id, sizeof(id), "BEN-01ARZ3NDEKTSV4RRFFQ69G5F%c%c", 'A' + (int)(person / 10),
                   '0' + (int)(person % 10));
    return id;
}

/* Letters that no other version shares enough of to be close. */
static inline void rename_to(unsigned person)
{
    static const char *const parts[] = { "Bak", "Dor", "Fen", "Gul", "Hir", "Jom", "Kat", "Lev",
                                         "Mus", "Niz", "Pol", "Rag", "Sib", "Tev", "Vun", "Zor" };
    unsigned n = versions++;
    (void)snprintf(names[person], sizeof(names[person]), "%s%s%s %s%s%s", parts[n % 16],
                   parts[n / 16 % 16], parts[(n * 7 + 3) % 16], parts[(n * 5 + 1) % 16],
                   parts[n / 16 % 16], parts[(n + n / 16) % 16]);
}

static inline void put(unsigned person)
{
    rename_to(person);
    struct test_person who = { id_of(person), names[person], "1980-03-04", "wanted.arrest" };
    (void)reply_good(office_put(&ben, who), __LINE__);
}

static inline void withdraw(unsigned person)
{
    if (names[person][0] == '\0')
        return;
    names[person][0] = '\0';
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW,
                    "{\"record\":\"%s\",\"reason\":\"closed\"}", id_of(person));
}

static inline struct err care(enum shelf_task task, bool *more)
{
    struct shelf_care with = { .store = ben.store, .now = { clock_ms }, .erase_ms = ERASE_MS };
    return shelf_care(clerk_shelf(ben.clerk), task, &with, more);
}

/* Everything that upkeep has to do, the clerk settling in between. */
static inline void care_all(void)
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

static inline void list_living(const struct shelf_view *view, struct living *out)
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
static inline void same_as_rebuilt(void)
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

static inline void same_as_the_records(void)
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

/* After a file of the depot failed in the middle: switched off, and on again. */
static inline void power_cycle(void)
{
    clerk_close(ben.clerk);
    depot_memory_crash(depot, roll(1000));
    must(store_memory_reopen(ben.store));
    must(clerk_open(&ben.config, ben.store, &ben.clerk));
    office_keys(&ben);
}

static inline const char *a_file(char first)
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

static inline bool is_partial(void)
{
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    bool partial = view->partial;
    shelf_give(clerk_shelf(ben.clerk), view);
    return partial;
}

#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
