#include "store/backup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "test_workload.h"

struct file {
    uint8_t *data;
    size_t len;
    size_t room;
    size_t at;          /* of reading */
    size_t step;        /* at most so many bytes a read */
    size_t fail_at;     /* writing and reading fail here; 0: never */
    struct store *busy; /* a store that commits once while it is backed up */
};

static bool file_write(void *context, struct bytes part)
{
    struct file *f = context;
    if (f->fail_at > 0 && f->len + part.len > f->fail_at)
        return false;
    if (f->len + part.len > f->room) {
        f->room = 2 * (f->len + part.len);
        f->data = realloc(f->data, f->room);
        assert_non_null(f->data);
    }
    memcpy(f->data + f->len, part.data, part.len);
    f->len += part.len;
    if (f->busy != NULL) {
        struct store *store = f->busy;
        f->busy = NULL;
        assert_false(failed(workload_step(store, 8)));
    }
    return true;
}

static bool file_read(void *context, uint8_t *out, size_t size, size_t *len_out)
{
    struct file *f = context;
    size_t len = f->len - f->at < size ? f->len - f->at : size;
    if (f->step > 0 && len > f->step)
        len = f->step;
    if (f->fail_at > 0 && f->at + len > f->fail_at)
        return false;
    if (len > 0)
        memcpy(out, f->data + f->at, len);
    f->at += len;
    *len_out = len;
    return true;
}

static struct store_sink sink_of(struct file *f)
{
    return (struct store_sink){ file_write, f };
}

static struct backup_source source_of(struct file *f)
{
    f->at = 0;
    return (struct backup_source){ file_read, f };
}

static const struct backup_head head = { { 1795312800000 }, { "demo/1", 6 } };

static void backup(struct store *store, struct file *f, struct backup_account *account)
{
    assert_false(failed(backup_write(store, &head, sink_of(f), account)));
    assert_int_equal(account->bytes, f->len);
}

static struct err verify(struct file *f, struct backup_account *account)
{
    static uint8_t memory[1024];
    struct arena arena = arena_over(memory, sizeof memory);
    struct backup_head found = { { 0 }, { NULL, 0 } };
    struct err e = backup_verify(source_of(f), &arena, &found, account);
    if (!failed(e)) {
        assert_true(text_equal(found.label, head.label));
        assert_int_equal(found.at.ms, head.at.ms);
    }
    return e;
}

static void fill(struct store *store, size_t steps)
{
    for (size_t i = 0; i < steps; i++)
        assert_false(failed(workload_step(store, i)));
}

static struct hash dump_of(struct store *store)
{
    struct hash hash;
    assert_false(failed(store_dump_hash(store, &hash)));
    return hash;
}

/* The dump of journal and blobs alone. */
static struct hash bare_dump(struct store *store)
{
    assert_false(failed(store_begin(store)));
    assert_false(failed(store_reset_tables(store)));
    assert_false(failed(store_commit(store)));
    return dump_of(store);
}

static enum backup_state state_of(struct store *store)
{
    enum backup_state state = BACKUP_INCOMPLETE;
    assert_false(failed(backup_state(store_view(store), &state)));
    return state;
}

static void assert_rule(struct err e, enum err_code code, const char *rule)
{
    assert_string_equal(e.rule, rule);
    assert_int_equal(e.code, code);
}

static void check_round_trip(struct store *from, struct store *to)
{
    struct file f = { .step = 7 };
    struct file list = { .step = 0 };
    struct backup_account written;
    struct backup_account read;
    fill(from, WORKLOAD_STEPS);
    backup(from, &f, &written);
    assert_true(written.entries > 30 && written.hollow > 3 && written.blobs > 0);
    assert_false(failed(verify(&f, &read)));
    assert_memory_equal(&written, &read, sizeof read);
    assert_int_equal(state_of(to), BACKUP_NONE);
    assert_false(failed(backup_restore(source_of(&f), to, &read)));
    assert_memory_equal(&written, &read, sizeof read);
    assert_int_equal(state_of(to), BACKUP_ERASURES_DUE);
    assert_false(failed(backup_write_erasures(from, &head, sink_of(&list), &written)));
    assert_false(failed(backup_apply_erasures(source_of(&list), to, &read)));
    assert_int_equal(read.hollow, written.hollow);
    assert_false(failed(backup_finish(to)));
    assert_int_equal(state_of(to), BACKUP_NONE);
    struct hash a = bare_dump(from);
    struct hash b = dump_of(to);
    assert_true(hash_equal(&a, &b));
    free(f.data);
    free(list.data);
}

static void a_backup_of_either_store_restores_into_the_other(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        char directory[TEST_DIRECTORY_MAX];
        test_fast_directory(directory);
        struct store *memory = test_open_memory(1);
        struct store *sqlite = test_open_in(directory);
        check_round_trip(i == 0 ? memory : sqlite, i == 0 ? sqlite : memory);
        store_close(memory);
        store_close(sqlite);
        test_directory_remove(directory);
    }
}

static void a_backup_is_of_one_instant_while_the_clerk_goes_on(void **state)
{
    (void)state;
    char directory[TEST_DIRECTORY_MAX];
    struct file quiet = { .step = 0 };
    struct file busy = { .step = 0 };
    struct backup_account before;
    struct backup_account during;
    test_fast_directory(directory);
    struct store *store = test_open_in(directory);
    fill(store, 8);
    backup(store, &quiet, &before);
    busy.busy = store;
    backup(store, &busy, &during);
    assert_null(busy.busy); /* it did commit meanwhile */
    assert_true(bytes_equal(bytes_of(quiet.data, quiet.len), bytes_of(busy.data, busy.len)));
    store_close(store);
    test_directory_remove(directory);
    free(quiet.data);
    free(busy.data);
}

static void make_small(struct file *f)
{
    struct backup_account account;
    struct store *store = test_open_memory(3);
    fill(store, 4);
    backup(store, f, &account);
    store_close(store);
}

static void every_proper_prefix_is_refused(void **state)
{
    (void)state;
    struct file whole = { .step = 0 };
    struct backup_account account = { .entries = 77 };
    make_small(&whole);
    for (size_t len = 0; len < whole.len; len++) {
        struct file f = { .data = whole.data, .len = len };
        struct err e = verify(&f, &account);
        assert_rule(e, len < 12 ? ERR_INVALID : ERR_CORRUPT,
                    len < 12 ? "backup.not-a-backup" : "backup.cut-short");
        assert_int_equal(account.entries, 77);
        if (len % 97 != 0)
            continue;
        struct store *store = test_open_memory(4);
        assert_true(failed(backup_restore(source_of(&f), store, &account)));
        assert_int_not_equal(state_of(store), BACKUP_ERASURES_DUE);
        assert_rule(backup_finish(store), ERR_CONFLICT, "backup.not-restored");
        store_close(store);
    }
    free(whole.data);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct file whole = { .step = 0 };
    struct backup_account account;
    make_small(&whole);
    for (size_t i = 0; i < whole.len; i++) {
        whole.data[i] ^= (uint8_t)(1u << (i % 8));
        assert_true(failed(verify(&whole, &account)));
        whole.data[i] ^= (uint8_t)(1u << (i % 8));
    }
    assert_false(failed(verify(&whole, &account)));
    uint8_t one_more = 0;
    assert_true(file_write(&whole, bytes_of(&one_more, 1)));
    assert_rule(verify(&whole, &account), ERR_CORRUPT, "backup.trailing");
    free(whole.data);
}

/* What was erased after the backup does not come back (I6). */
static void a_later_erasure_is_applied_again(void **state)
{
    (void)state;
    static uint8_t memory[16384];
    struct arena arena = arena_over(memory, sizeof memory);
    struct file f = { .step = 0 };
    struct file list = { .step = 0 };
    struct backup_account account;
    struct journal_entry entry;
    struct store *store = test_open_memory(1);
    struct store *restored = test_open_memory(2);
    fill(store, 3);
    backup(store, &f, &account);
    assert_false(failed(store_journal_get(store_view(store), 8, &arena, &entry)));
    assert_true(entry.sealed.len > 0);
    assert_false(failed(store_begin(store)));
    assert_false(failed(store_erase(store, 8)));
    assert_false(failed(store_commit(store)));
    fill(store, 3); /* entries that the backup does not know, some erased */
    assert_false(failed(backup_write_erasures(store, &head, sink_of(&list), &account)));
    assert_false(failed(verify(&list, &account)));
    assert_false(failed(backup_restore(source_of(&f), restored, &account)));
    assert_false(failed(store_journal_get(store_view(restored), 8, &arena, &entry)));
    assert_true(entry.sealed.len > 0);
    assert_rule(backup_apply_erasures(source_of(&f), restored, &account), ERR_INVALID,
                "backup.wrong-kind");
    assert_false(failed(backup_apply_erasures(source_of(&list), restored, &account)));
    assert_true(account.hollow >= 1 && account.hollow < account.entries);
    assert_false(failed(store_journal_get(store_view(restored), 8, &arena, &entry)));
    assert_int_equal(entry.sealed.len, 0);
    store_close(store);
    store_close(restored);
    free(f.data);
    free(list.data);
}

static void a_list_of_another_journal_is_refused(void **state)
{
    (void)state;
    struct file list = { .step = 0 };
    struct backup_account account;
    struct store *store = test_open_memory(1);
    struct store *other = test_open_memory(2);
    fill(store, 3);
    assert_false(failed(workload_step(other, 9)));
    assert_false(failed(workload_step(other, 10)));
    assert_false(failed(workload_step(other, 12)));
    assert_false(failed(backup_write_erasures(other, &head, sink_of(&list), &account)));
    assert_true(account.entries > 0);
    struct hash before = dump_of(store);
    assert_rule(backup_apply_erasures(source_of(&list), store, &account), ERR_CONFLICT,
                "backup.other-journal");
    struct hash after = dump_of(store);
    assert_true(hash_equal(&before, &after));
    store_close(store);
    store_close(other);
    free(list.data);
}

static void a_restore_needs_an_empty_store_and_a_backup(void **state)
{
    (void)state;
    struct file f = { .step = 0 };
    struct file list = { .step = 0 };
    struct backup_account account;
    struct store *store = test_open_memory(1);
    struct store *empty = test_open_memory(2);
    fill(store, 2);
    backup(store, &f, &account);
    assert_false(failed(backup_write_erasures(store, &head, sink_of(&list), &account)));
    assert_rule(backup_restore(source_of(&f), store, &account), ERR_CONFLICT,
                "backup.store-not-empty");
    assert_rule(backup_restore(source_of(&list), empty, &account), ERR_INVALID,
                "backup.wrong-kind");
    assert_int_equal(state_of(empty), BACKUP_NONE);
    f.fail_at = f.len / 2;
    assert_rule(backup_restore(source_of(&f), empty, &account), ERR_IO, "backup.read-failed");
    assert_int_equal(state_of(empty), BACKUP_INCOMPLETE);
    struct file full = { .fail_at = 100 };
    assert_rule(backup_write(store, &head, sink_of(&full), &account), ERR_IO,
                "backup.write-failed");
    store_close(store);
    store_close(empty);
    free(f.data);
    free(list.data);
    free(full.data);
}

static void no_row_of_a_table_is_in_a_backup(void **state)
{
    (void)state;
    static const uint8_t mark[] = "A-ROW-IN-THE-CLEAR";
    struct file f = { .step = 0 };
    struct backup_account account;
    struct store *store = test_open_memory(1);
    fill(store, 3);
    assert_false(failed(store_begin(store)));
    for (enum store_table t = 0; t < STORE_TABLES; t++)
        assert_false(failed(store_put(store, t, BYTES_OF(mark), BYTES_OF(mark))));
    assert_false(failed(store_commit(store)));
    backup(store, &f, &account);
    assert_null(memmem(f.data, f.len, mark, sizeof mark - 1)); /* I12 */
    store_close(store);
    free(f.data);
}

static void the_greatest_entry_fits(void **state)
{
    (void)state;
    static uint8_t sealed[STORE_VALUE_MAX];
    struct file f = { .step = 0 };
    struct backup_account account;
    struct store *store = test_open_memory(1);
    struct store *restored = test_open_memory(2);
    struct hash name;
    memset(sealed, 0xA5, sizeof sealed);
    fill(store, 1);
    struct journal_entry entry = { .number = 4, .log = 9, .sealed = BYTES_OF(sealed) };
    assert_false(failed(store_begin(store)));
    assert_false(failed(store_append(store, &entry)));
    assert_false(failed(store_commit(store)));
    assert_false(failed(store_blob_put(store, BYTES_OF(sealed), &name)));
    backup(store, &f, &account);
    assert_false(failed(backup_restore(source_of(&f), restored, &account)));
    assert_false(failed(backup_finish(restored)));
    struct hash a = bare_dump(store);
    struct hash b = dump_of(restored);
    assert_true(hash_equal(&a, &b));
    store_close(store);
    store_close(restored);
    free(f.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_of_either_store_restores_into_the_other),
        cmocka_unit_test(a_backup_is_of_one_instant_while_the_clerk_goes_on),
        cmocka_unit_test(every_proper_prefix_is_refused),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(a_later_erasure_is_applied_again),
        cmocka_unit_test(a_list_of_another_journal_is_refused),
        cmocka_unit_test(a_restore_needs_an_empty_store_and_a_backup),
        cmocka_unit_test(no_row_of_a_table_is_in_a_backup),
        cmocka_unit_test(the_greatest_entry_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
