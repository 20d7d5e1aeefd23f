/* Snapshots in other threads, and the write-ahead log moved by a third, while the writer commits.
 * Run it under -Db_sanitize=thread too. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "test_workload.h"

struct readers {
    struct store *store;
    atomic_bool stop;
    atomic_uint reads;
    atomic_uint wrong;
};

/* Each commit appends 3 entries: a snapshot that shows another number is torn. */
static void *read_for_ever(void *context)
{
    struct readers *r = context;
    uint64_t greatest = 0;
    while (!atomic_load(&r->stop)) {
        struct store_view *view = NULL;
        uint64_t last = 1;
        uint64_t again = 0;
        if (failed(store_snapshot_open(r->store, &view)))
            continue;
        struct err e = store_journal_last(view, &last);
        struct err f = store_journal_last(view, &again);
        if (failed(e) || failed(f) || last % 3 != 0 || last != again || last < greatest)
            atomic_fetch_add(&r->wrong, 1);
        greatest = last;
        atomic_fetch_add(&r->reads, 1);
        store_snapshot_close(view);
    }
    return NULL;
}

static void *checkpoint_for_ever(void *context)
{
    struct readers *r = context;
    while (!atomic_load(&r->stop)) {
        struct err e = store_checkpoint(r->store, STORE_CHECKPOINT_TRUNCATE);
        if (failed(e) && strcmp(e.rule, "store.busy") != 0)
            atomic_fetch_add(&r->wrong, 1);
    }
    return NULL;
}

static void check_threads(struct store *store, bool moves)
{
    enum { READERS = 3, COMMITS = 1000, READS = 1000 };
    pthread_t threads[READERS];
    pthread_t mover;
    struct readers r = { .store = store };
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_for_ever, &r), 0);
    if (moves)
        assert_int_equal(pthread_create(&mover, NULL, checkpoint_for_ever, &r), 0);
    for (size_t i = 0; i < COMMITS || atomic_load(&r.reads) < READS; i++)
        assert_false(failed(workload_step(store, i * 8)));
    atomic_store(&r.stop, true);
    for (size_t i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    if (moves)
        pthread_join(mover, NULL);
    assert_int_equal(atomic_load(&r.wrong), 0);
}

static void other_threads_see_whole_commits_only(void **state)
{
    (void)state;
    char directory[TEST_DIRECTORY_MAX];
    test_fast_directory(directory);
    struct store *store = test_open_in(directory);
    check_threads(store, true);
    store_close(store);
    test_directory_remove(directory);
    store = test_open_memory(1);
    check_threads(store, false); /* its disk belongs to the writer's thread */
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_threads_see_whole_commits_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
