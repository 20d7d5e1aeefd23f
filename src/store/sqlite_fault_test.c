/* Each n-th operation on the files of the SQLite store fails: by a VFS laid over the system's.
 * Of the writes every fifth, or each with COMITY_THOROUGH set. */
#include "store/sqlite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "test_files.h"
#include "test_workload.h"

/* -- A VFS whose n-th operation fails ------------------------------------------------------ */

enum faulty { FAULTY_NONE, FAULTY_WRITE, FAULTY_SYNC, FAULTY_READ };

static struct {
    enum faulty kind;
    uint64_t count; /* operations of that kind since armed */
    uint64_t at;    /* the one that fails */
    bool stays;     /* and all after it */
} fault;

struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static sqlite3_vfs *system_vfs;
static sqlite3_io_methods faulty_methods;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct faulty_file *)file)->real;
}

static bool fails(enum faulty kind)
{
    if (fault.kind != kind)
        return false;
    fault.count++;
    return fault.stays ? fault.count >= fault.at : fault.count == fault.at;
}

static int faulty_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int faulty_read(sqlite3_file *file, void *out, int len, sqlite3_int64 offset)
{
    if (fails(FAULTY_READ))
        return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), out, len, offset);
}

static int faulty_write(sqlite3_file *file, const void *in, int len, sqlite3_int64 offset)
{
    if (fails(FAULTY_WRITE)) { /* a full disk takes a part */
        (void)real_of(file)->pMethods->xWrite(real_of(file), in, len / 2, offset);
        return SQLITE_FULL;
    }
    return real_of(file)->pMethods->xWrite(real_of(file), in, len, offset);
}

static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (fails(FAULTY_WRITE))
        return SQLITE_IOERR_TRUNCATE;
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int faulty_sync(sqlite3_file *file, int flags)
{
    if (fails(FAULTY_SYNC))
        return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int faulty_size(sqlite3_file *file, sqlite3_int64 *out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), out);
}

static int faulty_lock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int faulty_unlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int faulty_reserved(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int faulty_control(sqlite3_file *file, int op, void *arg)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int faulty_sector(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int faulty_traits(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int faulty_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, out);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, n, flags);
}

static void faulty_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int faulty_shm_unmap(sqlite3_file *file, int remove_it)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove_it);
}

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *flags_out)
{
    (void)vfs;
    struct faulty_file *f = (struct faulty_file *)file;
    f->real = (sqlite3_file *)(void *)(f + 1);
    int code = system_vfs->xOpen(system_vfs, name, f->real, flags, flags_out);
    f->base.pMethods = f->real->pMethods == NULL ? NULL : &faulty_methods;
    return code;
}

static void faulty_register(void)
{
    static sqlite3_vfs vfs;
    system_vfs = sqlite3_vfs_find(NULL);
    vfs = *system_vfs;
    vfs.zName = "faulty";
    vfs.szOsFile = (int)sizeof(struct faulty_file) + system_vfs->szOsFile;
    vfs.xOpen = faulty_open;
    faulty_methods = (sqlite3_io_methods){ 2,
                                           faulty_close,
                                           faulty_read,
                                           faulty_write,
                                           faulty_truncate,
                                           faulty_sync,
                                           faulty_size,
                                           faulty_lock,
                                           faulty_unlock,
                                           faulty_reserved,
                                           faulty_control,
                                           faulty_sector,
                                           faulty_traits,
                                           faulty_shm_map,
                                           faulty_shm_lock,
                                           faulty_shm_barrier,
                                           faulty_shm_unmap,
                                           NULL,
                                           NULL };
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}

static void arm(enum faulty kind, uint64_t at, bool stays)
{
    fault.kind = kind;
    fault.count = 0;
    fault.at = at;
    fault.stays = stays;
}

static void disarm(void)
{
    fault.kind = FAULTY_NONE;
}

/* -- Fault loops --------------------------------------------------------------------------- */

static struct hash states[WORKLOAD_STEPS + 1];

static int learn_states(void **state)
{
    (void)state;
    struct store *store = test_open_memory(0);
    workload_states(store, states);
    store_close(store);
    faulty_register();
    return 0;
}

static bool is_state(struct store *store, size_t step)
{
    struct hash found;
    assert_false(failed(store_dump_hash(store, &found)));
    return hash_equal(&found, &states[step]);
}

static bool known_rule(enum faulty kind, struct err e)
{
    if (kind == FAULTY_SYNC)
        return strcmp(e.rule, "store.fsync") == 0 && e.code == ERR_IO;
    if (kind == FAULTY_READ)
        return strcmp(e.rule, "store.io") == 0 && e.code == ERR_IO;
    return strcmp(e.rule, "store.disk-full") == 0 || strcmp(e.rule, "store.io") == 0;
}

/* false when the fault no longer met an operation: the loop is through. */
static bool fail_once(enum faulty kind, uint64_t at, bool stays)
{
    char directory[TEST_DIRECTORY_MAX];
    test_fast_directory(directory);
    struct store *store = test_open_in(directory);
    arm(kind, at, stays);
    size_t step = 0;
    struct err e = err_none();
    while (step < WORKLOAD_STEPS && !failed(e)) {
        e = workload_step(store, step);
        step += failed(e) ? 0 : 1;
    }
    bool met = fault.count >= at;
    disarm();
    if (failed(e))
        assert_true(known_rule(kind, e));
    assert_true(is_state(store, step));
    for (; step < WORKLOAD_STEPS; step++)
        assert_false(failed(workload_step(store, step)));
    assert_true(is_state(store, WORKLOAD_STEPS));
    store_close(store);
    store = test_open_in(directory);
    assert_true(is_state(store, WORKLOAD_STEPS));
    store_close(store);
    test_directory_remove(directory);
    return met;
}

static uint64_t fail_each(enum faulty kind, bool stays)
{
    uint64_t step = getenv("COMITY_THOROUGH") != NULL ? 1 : kind != FAULTY_WRITE ? 1 : 5;
    uint64_t at = stays ? 2 : 1;
    while (fail_once(kind, at, stays))
        at += step;
    return (at - 1) / step;
}

static void a_failing_disk_changes_nothing_and_the_store_goes_on(void **state)
{
    (void)state;
    uint64_t writes = fail_each(FAULTY_WRITE, false);
    uint64_t syncs = fail_each(FAULTY_SYNC, false);
    uint64_t reads = fail_each(FAULTY_READ, false);
    uint64_t full = fail_each(FAULTY_WRITE, true);
    printf("failed in turn: %llu writes, %llu syncs, %llu reads; %llu times full for good\n",
           (unsigned long long)writes, (unsigned long long)syncs, (unsigned long long)reads,
           (unsigned long long)full);
    assert_true(writes > 10 && syncs > 10 && full > 10);
}

static void an_opening_that_fails_can_be_repeated(void **state)
{
    (void)state;
    for (enum faulty kind = FAULTY_WRITE; kind <= FAULTY_READ; kind++) {
        bool met = true;
        for (uint64_t at = 1; met; at++) {
            char directory[TEST_DIRECTORY_MAX];
            struct store *store = NULL;
            test_fast_directory(directory);
            arm(kind, at, false);
            struct err e = test_open_sqlite(directory, &store);
            met = fault.count >= at;
            disarm();
            if (failed(e))
                store = test_open_in(directory);
            assert_true(is_state(store, 0));
            assert_false(failed(workload_step(store, 0)));
            assert_true(is_state(store, 1));
            store_close(store);
            test_directory_remove(directory);
        }
    }
}

static void copy_file(const char *from, const char *to, const char *name)
{
    char path[TEST_PATH_MAX];
    struct test_file file;
    snprintf(path, sizeof path, "%s/%s", from, name);
    if (!test_file_read(path, &file))
        return;
    snprintf(path, sizeof path, "%s/%s", to, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(file.data, 1, file.len, f), file.len);
    fclose(f);
    free(file.data);
}

/* The process dies right after the failure: what its files hold then is what was reported. */
static void a_death_after_a_failed_fsync_does_not_bring_its_commit_back(void **state)
{
    (void)state;
    for (uint64_t at = 1; at <= 25; at++) {
        char directory[TEST_DIRECTORY_MAX];
        char copy[TEST_DIRECTORY_MAX];
        test_fast_directory(directory);
        test_directory_make(copy);
        struct store *store = test_open_in(directory);
        arm(FAULTY_SYNC, at, false);
        struct err e = err_none();
        uint64_t before = 0;
        uint64_t after = 0;
        for (size_t i = 0; i < 40 && !failed(e); i++) {
            assert_false(failed(store_journal_last(store_view(store), &before)));
            e = workload_step(store, i * 8);
        }
        disarm();
        assert_string_equal(e.rule, "store.fsync");
        copy_file(directory, copy, "store.db");
        copy_file(directory, copy, "store.db-wal");
        store_close(store);
        store = test_open_in(copy);
        assert_false(failed(store_check(store)));
        assert_false(failed(store_journal_last(store_view(store), &after)));
        assert_int_equal(after, before);
        store_close(store);
        test_directory_remove(directory);
        test_directory_remove(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_disk_changes_nothing_and_the_store_goes_on),
        cmocka_unit_test(an_opening_that_fails_can_be_repeated),
        cmocka_unit_test(a_death_after_a_failed_fsync_does_not_bring_its_commit_back),
    };
    return cmocka_run_group_tests(tests, learn_states, NULL);
}
