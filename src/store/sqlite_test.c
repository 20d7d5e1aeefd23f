/* The SQLite store against what may happen to it: the process is killed, pages are damaged, and
 * what was erased is searched for in the files. */
#include "store/sqlite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include "core/encode.h"
#include "core/writer.h"
#include "test_files.h"
#include "test_workload.h"

/* -- Kill -9 ------------------------------------------------------------------------------- */

static void commit_for_ever(const char *directory, int out)
{
    struct store *store = NULL;
    uint64_t last = 0;
    static uint8_t memory[4000];
    if (failed(test_open_sqlite(directory, &store)) ||
        failed(store_journal_last(store_view(store), &last)))
        _exit(1);
    for (;;) {
        struct test_random r = { last + 1 };
        struct journal_entry entry =
            test_entry(&r, last + 1, memory, test_below(&r, sizeof memory));
        uint8_t key[8];
        struct writer w = writer_over(key, sizeof key);
        writer_u64(&w, last + 1);
        if (failed(store_begin(store)) || failed(store_append(store, &entry)) ||
            failed(store_put(store, TABLE_RECORD, BYTES_OF(key), entry.sealed)) ||
            failed(store_commit(store)))
            _exit(2);
        last++;
        if (write(out, &last, sizeof last) != (ssize_t)sizeof last)
            _exit(3);
        if (last % 16 == 0 && failed(store_checkpoint(store, STORE_CHECKPOINT_PASSIVE)))
            _exit(4);
    }
}

/* Kills a child after `wanted` acknowledgements; the last number it acknowledged. */
static uint64_t kill_after(const char *directory, size_t wanted)
{
    int ends[2];
    uint64_t acknowledged = 0;
    uint64_t number = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        commit_for_ever(directory, ends[1]);
    }
    close(ends[1]);
    for (size_t i = 0; i < wanted; i++)
        assert_int_equal(read(ends[0], &number, sizeof number), sizeof number);
    kill(child, SIGKILL);
    acknowledged = number;
    while (read(ends[0], &number, sizeof number) == (ssize_t)sizeof number)
        acknowledged = number; /* acknowledged before it died */
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    close(ends[0]);
    return acknowledged;
}

static void check_all(struct store *store, uint64_t last)
{
    static uint8_t memory[4000];
    static uint8_t block[65536];
    for (uint64_t number = 1; number <= last; number++) {
        struct arena arena = arena_over(block, sizeof block);
        struct test_random r = { number };
        struct journal_entry expected =
            test_entry(&r, number, memory, test_below(&r, sizeof memory));
        struct journal_entry found;
        struct bytes row = { NULL, 0 };
        uint8_t key[8];
        struct writer w = writer_over(key, sizeof key);
        writer_u64(&w, number);
        assert_false(failed(store_journal_get(store_view(store), number, &arena, &found)));
        assert_true(bytes_equal(found.sealed, expected.sealed));
        assert_true(hash_equal(&found.entry, &expected.entry));
        assert_false(
            failed(store_get(store_view(store), TABLE_RECORD, BYTES_OF(key), &arena, &row)));
        assert_true(bytes_equal(row, expected.sealed));
    }
}

static void what_was_acknowledged_survives_kill_9(void **state)
{
    (void)state;
    char directory[TEST_DIRECTORY_MAX];
    struct test_random r = { 9 };
    uint64_t last = 0;
    uint64_t extra = 0;
    test_fast_directory(directory);
    for (size_t i = 0; i < 25; i++) {
        uint64_t acknowledged = kill_after(directory, 1 + test_below(&r, 40));
        struct store *store = test_open_in(directory);
        assert_false(failed(store_journal_last(store_view(store), &last)));
        assert_true(last == acknowledged || last == acknowledged + 1); /* I4 */
        extra += last - acknowledged;
        check_all(store, last);
        assert_false(failed(store_check(store)));
        store_close(store);
    }
    printf("25 kills, %llu commits, %llu not yet acknowledged when found\n",
           (unsigned long long)last, (unsigned long long)extra);
    test_directory_remove(directory);
}

/* -- Erasure ------------------------------------------------------------------------------- */

static const char mark_gone[] = "THIS-WAS-ERASED";
static const char mark_kept[] = "THIS-WAS-KEPT";

static size_t count_in_file(const char *directory, const char *name, const char *mark)
{
    char path[TEST_PATH_MAX];
    struct test_file file;
    size_t count = 0;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    if (!test_file_read(path, &file))
        return 0;
    const uint8_t *at = file.data;
    size_t left = file.len;
    while ((at = memmem(at, left, mark, strlen(mark))) != NULL) {
        count++;
        at++;
        left = file.len - (size_t)(at - file.data);
    }
    free(file.data);
    return count;
}

static size_t count_in_store(const char *directory, const char *mark)
{
    return count_in_file(directory, "store.db", mark) +
           count_in_file(directory, "store.db-wal", mark);
}

enum { ENTRIES = 900, BATCH = 20 };

struct marked {
    bool gone;
    uint8_t key[5]; /* begins with 1 when it is gone */
};

/* Bytes full of one mark, of a random length. */
static struct bytes draw_marked(struct test_random *r, bool gone)
{
    static uint8_t memory[12000];
    const char *mark = gone ? mark_gone : mark_kept;
    size_t limit = test_below(r, 12) == 0 ? sizeof memory : 1200;
    size_t len = 20 + test_below(r, limit - 20);
    for (size_t i = 0; i < len; i++)
        memory[i] = (uint8_t)mark[i % strlen(mark)];
    return bytes_of(memory, len);
}

static void put_marked(struct store *store, struct test_random *r, const struct marked *m)
{
    struct bytes key = BYTES_OF(m->key);
    assert_false(failed(store_put(store, TABLE_RECORD, key, draw_marked(r, m->gone))));
    assert_false(failed(store_put(store, TABLE_CHANGE, key, draw_marked(r, m->gone))));
}

static void append_marked(struct store *store, struct test_random *r, uint64_t number,
                          struct marked *m)
{
    uint8_t memory[1];
    struct journal_entry entry = test_entry(r, number, memory, 0);
    m->gone = test_below(r, 3) == 0;
    m->key[0] = m->gone ? 1 : 0;
    memcpy(m->key + 1, entry.entry.bytes, 4);
    entry.sealed = draw_marked(r, m->gone);
    assert_false(failed(store_append(store, &entry)));
    put_marked(store, r, m);
}

/* Rows and openings come and then change their size, so that pages split, merge and move their
 * cells while they hold what is erased later. */
static void fill_marked(struct store *store, struct test_random *r, struct marked *all)
{
    for (uint64_t number = 1; number <= ENTRIES; number += BATCH) {
        assert_false(failed(store_begin(store)));
        for (uint64_t i = number; i < number + BATCH; i++)
            append_marked(store, r, i, &all[i]);
        for (size_t i = 0; i < BATCH; i++) {
            uint64_t other = 1 + test_below(r, number);
            put_marked(store, r, &all[other]);
            assert_false(failed(store_reseal(store, other, draw_marked(r, all[other].gone))));
        }
        assert_false(failed(store_commit(store)));
        if (test_below(r, 5) == 0)
            assert_false(failed(store_checkpoint(store, STORE_CHECKPOINT_PASSIVE)));
    }
}

static void erase_marked(struct store *store, const struct marked *all)
{
    static uint8_t block[8 * 1024 * 1024];
    for (uint64_t number = 1; number <= ENTRIES; number++) {
        if (all[number].gone)
            assert_false(failed(store_erase(store, number)));
    }
    for (int t = 0; t < 2; t++) {
        struct arena arena = arena_over(block, sizeof block);
        struct store_range range = { t == 0 ? TABLE_RECORD : TABLE_CHANGE,
                                     bytes_of("\1", 1),
                                     { NULL, 0 },
                                     STORE_READ_MAX,
                                     false };
        struct store_rows rows = { NULL, 0 };
        assert_false(failed(store_scan(store_view(store), &range, &arena, &rows)));
        for (size_t i = 0; i < rows.count; i++)
            assert_false(failed(store_delete(store, range.table, rows.rows[i].key)));
    }
}

static void what_is_erased_is_in_no_file(void **state)
{
    (void)state;
    static struct marked all[ENTRIES + 2];
    for (uint64_t seed = 1; seed <= 8; seed++) {
        char directory[TEST_DIRECTORY_MAX];
        struct test_random r = { seed };
        test_fast_directory(directory);
        struct store *store = test_open_in(directory);
        fill_marked(store, &r, all);
        assert_true(count_in_store(directory, mark_gone) > 1000);
        assert_false(failed(store_begin(store)));
        erase_marked(store, all);
        assert_false(failed(store_commit(store)));
        assert_false(failed(store_checkpoint(store, STORE_CHECKPOINT_TRUNCATE)));
        assert_int_equal(count_in_store(directory, mark_gone), 0); /* I6 */
        assert_true(count_in_store(directory, mark_kept) > 1000);
        assert_false(failed(store_begin(store))); /* nor does the writer's cache bring it back */
        for (uint64_t i = 1; i <= ENTRIES; i += 3) {
            if (!all[i].gone)
                put_marked(store, &r, &all[i]);
        }
        assert_false(failed(store_commit(store)));
        assert_int_equal(count_in_store(directory, mark_gone), 0);
        store_close(store);
        test_directory_remove(directory);
    }
}

/* -- Damage and strangers ------------------------------------------------------------------ */

static void assert_rule(struct err e, enum err_code code, const char *rule)
{
    assert_string_equal(e.rule, rule);
    assert_int_equal(e.code, code);
}

static void overwrite(const char *directory, long offset, size_t len, int value)
{
    char path[TEST_PATH_MAX];
    snprintf(path, sizeof path, "%s/store.db", directory);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, offset, SEEK_SET), 0);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(fputc(value, f), value);
    fclose(f);
}

static void a_damaged_database_is_refused_or_found_out(void **state)
{
    (void)state;
    struct hash empty;
    size_t refused = 0;
    size_t pages = 60;
    struct store *nothing = test_open_memory(0);
    assert_false(failed(store_dump_hash(nothing, &empty)));
    store_close(nothing);
    for (size_t page = 0; page < pages; page++) {
        char directory[TEST_DIRECTORY_MAX];
        test_fast_directory(directory);
        struct store *store = test_open_in(directory);
        for (size_t i = 0; i < WORKLOAD_STEPS; i++)
            assert_false(failed(workload_step(store, i)));
        store_close(store);
        overwrite(directory, (long)(page * STORE_SQLITE_PAGE), STORE_SQLITE_PAGE, 0x5A);
        store = NULL;
        struct err e = test_open_sqlite(directory, &store);
        if (failed(e)) {
            assert_rule(e, ERR_CORRUPT, "store.database-damaged");
            refused++;
        } else { /* a page of content alone: no structure tells */
            struct hash found;
            e = store_dump_hash(store, &found);
            assert_true(failed(e) || !hash_equal(&found, &empty));
            store_close(store);
        }
        test_directory_remove(directory);
    }
    printf("%zu of %zu damaged pages refused at open\n", refused, pages);
    assert_true(refused > pages / 2);
}

static void run_sql(const char *directory, const char *sql)
{
    char path[TEST_PATH_MAX];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/store.db", directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_gap_in_the_journal_is_refused(void **state)
{
    (void)state;
    char directory[TEST_DIRECTORY_MAX];
    struct store *store = NULL;
    test_fast_directory(directory);
    store = test_open_in(directory);
    assert_false(failed(workload_step(store, 0)));
    store_close(store);
    run_sql(directory, "DELETE FROM journal WHERE number = 2");
    assert_rule(test_open_sqlite(directory, &store), ERR_CORRUPT, "store.journal-gap");
    test_directory_remove(directory);
}

static void only_our_own_database_is_opened(void **state)
{
    (void)state;
    char directory[TEST_DIRECTORY_MAX];
    struct store *store = NULL;
    struct store_sqlite_options options = { .create = false };
    test_fast_directory(directory);
    struct text path = text_literal(directory);
    assert_rule(store_sqlite_open(path, &options, &store), ERR_NOT_FOUND, "store.no-database");
    assert_rule(store_sqlite_open(TEXT("/nowhere/at/all"), &options, &store), ERR_NOT_FOUND,
                "store.no-database");
    store = test_open_in(directory);
    struct store *second = NULL;
    assert_rule(test_open_sqlite(directory, &second), ERR_CONFLICT, "store.in-use");
    store_close(store);
    run_sql(directory, "PRAGMA user_version = 99");
    assert_rule(test_open_sqlite(directory, &store), ERR_INVALID, "store.newer-schema");
    run_sql(directory, "PRAGMA application_id = 7");
    assert_rule(test_open_sqlite(directory, &store), ERR_INVALID, "store.not-ours");
    overwrite(directory, 0, 64, 'x');
    assert_rule(test_open_sqlite(directory, &store), ERR_CORRUPT, "store.database-damaged");
    test_directory_remove(directory);
}

static void a_damaged_blob_is_not_handed_out(void **state)
{
    (void)state;
    char directory[TEST_DIRECTORY_MAX];
    char path[TEST_PATH_MAX];
    static uint8_t block[4096];
    struct arena arena = arena_over(block, sizeof block);
    struct bytes blob = { (const uint8_t *)"encrypted", 9 };
    struct hash name;
    test_fast_directory(directory);
    struct store *store = test_open_in(directory);
    assert_false(failed(store_blob_put(store, blob, &name)));
    assert_false(failed(store_blob_get(store, &name, &arena, &blob)));
    assert_int_equal(blob.len, 9);
    struct text hex = hex_format(&arena, BYTES_OF(name.bytes));
    snprintf(path, sizeof path, "%s/blobs/%.2s/%.64s", directory, hex.data, hex.data);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs("encryptoR", f);
    fclose(f);
    assert_rule(store_blob_get(store, &name, &arena, &blob), ERR_CORRUPT, "store.blob-damaged");
    assert_rule(store_check(store), ERR_CORRUPT, "store.blob-damaged");
    assert_false(failed(store_blob_erase(store, &name)));
    assert_rule(store_blob_get(store, &name, &arena, &blob), ERR_NOT_FOUND, "store.no-blob");
    store_close(store);
    test_directory_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kill_9),
        cmocka_unit_test(what_is_erased_is_in_no_file),
        cmocka_unit_test(a_damaged_database_is_refused_or_found_out),
        cmocka_unit_test(a_gap_in_the_journal_is_refused),
        cmocka_unit_test(only_our_own_database_is_opened),
        cmocka_unit_test(a_damaged_blob_is_not_handed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
