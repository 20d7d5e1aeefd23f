/* One random operation list on both stores gives equal answers and equal dumps. Each answer is
 * reduced to a hash of its error and its bytes; scans are also compared with a filter over the
 * whole table, which shares no code with the stores. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "core/writer.h"
#include "test_store.h"

enum {
    STORES = 2,
    OPERATIONS = 5000,
    SEEDS = 8,
    SNAPSHOTS = 3,
    BLOBS = 32,
    ARENA = 40 * 1024 * 1024,
    VALUE_TEST_MAX = 150000
};

struct twin {
    struct store *stores[STORES];
    struct store_view *snapshots[STORES][SNAPSHOTS];
    struct test_random random;
    bool writing;
    uint64_t last; /* as the stores should have it, in the transaction */
    uint64_t last_committed;
    uint64_t failures; /* answers that were errors */
    struct hash blobs[BLOBS];
    uint8_t *memory;
    uint8_t *value;
};

struct answer {
    struct hasher hasher;
    struct err err;
};

static void answer_bytes(struct answer *a, struct bytes in)
{
    uint8_t head[8];
    struct writer w = writer_over(head, sizeof head);
    writer_u64(&w, in.len);
    hasher_add(&a->hasher, BYTES_OF(head));
    hasher_add(&a->hasher, in);
}

static void answer_number(struct answer *a, uint64_t number)
{
    uint8_t head[8];
    struct writer w = writer_over(head, sizeof head);
    writer_u64(&w, number);
    hasher_add(&a->hasher, BYTES_OF(head));
}

static void answer_entries(struct answer *a, const struct journal_entries *in)
{
    answer_number(a, in->count);
    for (size_t i = 0; i < in->count; i++) {
        const struct journal_entry *e = &in->entries[i];
        answer_number(a, e->number);
        answer_number(a, e->log);
        answer_number(a, e->leaf);
        answer_number(a, e->class_);
        answer_number(a, e->month);
        answer_bytes(a, BYTES_OF(e->entry.bytes));
        answer_bytes(a, e->sealed);
    }
}

/* What one store is asked; everything random is drawn before, once for both. */
struct operation {
    unsigned kind;
    enum store_table table;
    uint8_t key[STORE_KEY_MAX + 1];
    size_t key_len;
    uint8_t after[STORE_KEY_MAX + 1];
    size_t after_len;
    struct bytes value;
    struct journal_entry entry;
    struct store_node node;
    struct hash hash;
    uint64_t number;
    uint32_t limit;
    bool reverse;
    size_t slot;
    int view; /* -1 the writer's, else a snapshot's slot */
};

static struct bytes key_of(const struct operation *op)
{
    return bytes_of(op->key, op->key_len);
}

/* Short keys over few bytes, both ends of the byte range among them, so that keys meet. */
static size_t draw_key(struct test_random *r, uint8_t out[static STORE_KEY_MAX + 1])
{
    static const uint8_t letters[] = { 0x00, 0x01, 'a', 'b', 0xFE, 0xFF };
    size_t len = test_below(r, 50) == 0 ? test_below(r, STORE_KEY_MAX + 2) : test_below(r, 5);
    for (size_t i = 0; i < len; i++)
        out[i] = letters[test_below(r, sizeof letters)];
    return len;
}

static size_t draw_len(struct test_random *r)
{
    uint64_t kind = test_below(r, 100);
    if (kind == 0)
        return test_below(r, VALUE_TEST_MAX);
    return kind < 10 ? 0 : test_below(r, 1500);
}

static void draw(struct twin *t, struct operation *op)
{
    struct test_random *r = &t->random;
    *op = (struct operation){ .kind = (unsigned)test_below(r, 1000) };
    op->table = (enum store_table)test_below(r, STORE_TABLES);
    if (test_below(r, 2) == 0)
        op->table = TABLE_RECORD;
    op->key_len = draw_key(r, op->key);
    op->after_len = draw_key(r, op->after);
    size_t len = draw_len(r);
    uint64_t number = t->last + (test_below(r, 30) == 0 ? test_below(r, 3) : 1);
    op->entry = test_entry(r, number, t->value, len);
    if (number > 0 && test_below(r, 40) == 0)
        op->entry.leaf = test_below(r, number);
    op->value = op->entry.sealed;
    op->hash = op->entry.entry;
    op->node =
        (struct store_node){ (uint16_t)test_below(r, 3),
                             (uint8_t)test_below(r, STORE_LEVEL_MAX + 2), test_below(r, 40) };
    if (test_below(r, 30) == 0)
        op->node.index = STORE_INDEX_MAX + test_below(r, 2);
    op->number = test_below(r, t->last + 3);
    op->limit = (uint32_t)(1 + test_below(r, test_below(r, 4) == 0 ? 500 : 10));
    op->reverse = test_below(r, 2) == 0;
    op->slot = test_below(r, SNAPSHOTS);
    op->view = (int)test_below(r, 6) - 3;
}

static struct store_view *view_of(struct twin *t, size_t which, const struct operation *op)
{
    struct store_view *snapshot = op->view < 0 ? NULL : t->snapshots[which][op->view];
    return snapshot != NULL ? snapshot : store_view(t->stores[which]);
}

/* The scan's answer once more: all rows, filtered here. */
static void check_scan(struct store_view *view, const struct store_range *range,
                       const struct store_rows *rows, struct arena *arena)
{
    struct store_range whole = { .table = range->table, .limit = STORE_READ_MAX };
    struct store_rows all = { NULL, 0 };
    assert_false(failed(store_scan(view, &whole, arena, &all)));
    size_t at = 0;
    for (size_t i = 0; i < all.count && at < range->limit; i++) {
        const struct store_row *row = &all.rows[range->reverse ? all.count - 1 - i : i];
        if (i > 0 && !range->reverse)
            assert_true(bytes_compare(all.rows[i - 1].key, row->key) < 0);
        int order = bytes_compare(row->key, range->after);
        bool prefixed = row->key.len >= range->prefix.len &&
                        bytes_equal(bytes_of(row->key.data, range->prefix.len), range->prefix);
        bool behind = range->after.len == 0 || (range->reverse ? order < 0 : order > 0);
        if (!prefixed || !behind)
            continue;
        assert_true(at < rows->count);
        assert_true(bytes_equal(rows->rows[at].key, row->key));
        assert_true(bytes_equal(rows->rows[at].value, row->value));
        at++;
    }
    assert_int_equal(at, rows->count);
}

static void do_scan(struct twin *t, size_t which, const struct operation *op, struct arena *arena,
                    struct answer *a)
{
    struct store_range range = { op->table, bytes_of(op->key, op->key_len / 2),
                                 bytes_of(op->after, op->after_len), op->limit, op->reverse };
    struct store_rows rows = { NULL, 0 };
    a->err = store_scan(view_of(t, which, op), &range, arena, &rows);
    answer_number(a, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        answer_bytes(a, rows.rows[i].key);
        answer_bytes(a, rows.rows[i].value);
    }
    if (!failed(a->err))
        check_scan(view_of(t, which, op), &range, &rows, arena);
}

static void do_read(struct twin *t, size_t which, const struct operation *op, struct arena *arena,
                    struct answer *a)
{
    struct store_view *view = view_of(t, which, op);
    struct bytes value = { NULL, 0 };
    struct journal_entries entries = { NULL, 0 };
    struct hash hash = { { 0 } };
    uint64_t number = 0;
    switch (op->kind % 9) {
    case 0:
    case 1:
        a->err = store_get(view, op->table, key_of(op), arena, &value);
        answer_bytes(a, value);
        return;
    case 2:
    case 3:
        do_scan(t, which, op, arena, a);
        return;
    case 4:
        a->err = store_journal_read(view, op->number, op->limit, arena, &entries);
        answer_entries(a, &entries);
        return;
    case 5:
        a->err = store_log_read(view, op->node.log, op->number / 3, op->limit, arena, &entries);
        answer_entries(a, &entries);
        return;
    case 6:
        a->err = store_log_size(view, op->node.log, &number);
        answer_number(a, number);
        if (!failed(a->err))
            a->err = store_journal_last(view, &number);
        answer_number(a, number);
        return;
    case 7:
        a->err = store_hollow_read(view, op->number, op->limit, arena, &entries);
        answer_entries(a, &entries);
        for (size_t i = 0; i < entries.count; i++)
            assert_int_equal(entries.entries[i].sealed.len, 0);
        return;
    default:
        a->err = store_node_get(view, op->node, &hash);
        answer_bytes(a, BYTES_OF(hash.bytes));
        return;
    }
}

static void do_write(struct twin *t, size_t which, const struct operation *op, struct answer *a)
{
    struct store *store = t->stores[which];
    switch (op->kind % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
        a->err = store_put(store, op->table, key_of(op), op->value);
        return;
    case 4:
        a->err = store_delete(store, op->table, key_of(op));
        return;
    case 5:
        a->err = store_erase(store, op->number);
        return;
    case 6:
        a->err = op->value.len == 0 ? err_none() : store_reseal(store, op->number, op->value);
        return;
    case 7:
    case 8:
        a->err = store_node_put(store, op->node, &op->hash);
        return;
    default:
        a->err = store_append(store, &op->entry);
        return;
    }
}

static void do_snapshot(struct twin *t, size_t which, const struct operation *op, struct answer *a)
{
    struct store_view **slot = &t->snapshots[which][op->slot];
    if (*slot != NULL) {
        store_snapshot_close(*slot);
        *slot = NULL;
        return;
    }
    a->err = store_snapshot_open(t->stores[which], slot);
}

static void do_blob(struct twin *t, size_t which, const struct operation *op, struct arena *arena,
                    struct answer *a)
{
    struct store *store = t->stores[which];
    struct hash *name = &t->blobs[op->number % BLOBS];
    struct bytes blob = { NULL, 0 };
    if (op->kind % 3 == 0)
        a->err = store_blob_put(store, op->value, name);
    else if (op->kind % 3 == 1)
        a->err = store_blob_get(store, name, arena, &blob);
    else
        a->err = store_blob_erase(store, name);
    answer_bytes(a, blob);
    answer_bytes(a, BYTES_OF(name->bytes));
}

static void do_one(struct twin *t, size_t which, const struct operation *op, struct answer *a)
{
    struct arena arena = arena_over(t->memory, ARENA);
    struct store *store = t->stores[which];
    a->err = err_none();
    hasher_init(&a->hasher);
    if (op->kind < 100)
        a->err = !t->writing ? store_begin(store) : store_commit(store);
    else if (op->kind < 130 && t->writing)
        store_rollback(store);
    else if (op->kind < 150)
        do_snapshot(t, which, op, a);
    else if (op->kind < 180)
        do_blob(t, which, op, &arena, a);
    else if (op->kind < 185)
        a->err = t->writing ? store_reset_tables(store)
                            : store_checkpoint(store, STORE_CHECKPOINT_TRUNCATE);
    else if (op->kind < 190)
        a->err = store_checkpoint(store, STORE_CHECKPOINT_PASSIVE);
    else if (op->kind < 500 || !t->writing)
        do_read(t, which, op, &arena, a);
    else
        do_write(t, which, op, a);
}

/* What the test itself knows of the transaction after an operation. */
static void follow(struct twin *t, const struct operation *op, struct err e)
{
    if (op->kind < 100) {
        t->last_committed = t->writing && !failed(e) ? t->last : t->last_committed;
        t->last = t->last_committed;
        t->writing = !t->writing;
    } else if (op->kind < 130 && t->writing) {
        t->writing = false;
        t->last = t->last_committed;
    } else if (op->kind >= 500 && t->writing && op->kind % 12 > 8 && !failed(e)) {
        t->last = op->entry.number;
    }
    t->failures += failed(e) ? 1 : 0;
}

static void step(struct twin *t)
{
    struct operation op;
    struct answer answers[STORES];
    struct hash hashes[STORES];
    draw(t, &op);
    for (size_t i = 0; i < STORES; i++) {
        do_one(t, i, &op, &answers[i]);
        hashes[i] = hasher_end(&answers[i].hasher);
    }
    assert_string_equal(answers[0].err.rule, answers[1].err.rule);
    assert_int_equal(answers[0].err.code, answers[1].err.code);
    assert_true(hash_equal(&hashes[0], &hashes[1]));
    follow(t, &op, answers[0].err);
}

static void twin_close_snapshots(struct twin *t)
{
    for (size_t i = 0; i < STORES; i++) {
        for (size_t s = 0; s < SNAPSHOTS; s++) {
            store_snapshot_close(t->snapshots[i][s]);
            t->snapshots[i][s] = NULL;
        }
    }
}

static void twin_compare(struct twin *t)
{
    struct hash hashes[STORES];
    uint64_t last = 0;
    for (size_t i = 0; i < STORES; i++) {
        assert_false(failed(store_dump_hash(t->stores[i], &hashes[i])));
        assert_false(failed(store_check(t->stores[i])));
        assert_false(failed(store_journal_last(store_view(t->stores[i]), &last)));
        assert_int_equal(last, t->last_committed);
    }
    assert_true(hash_equal(&hashes[0], &hashes[1]));
}

static void twin_run(uint64_t seed, uint64_t *last_out, uint64_t *failures_out)
{
    char directory[TEST_DIRECTORY_MAX];
    test_fast_directory(directory);
    struct twin t = { .random = { seed },
                      .memory = malloc(ARENA),
                      .value = malloc(VALUE_TEST_MAX) };
    t.stores[0] = test_open_memory(seed);
    assert_false(failed(test_open_sqlite(directory, &t.stores[1])));
    for (size_t i = 0; i < OPERATIONS; i++) {
        step(&t);
        if (i % 500 == 0 && !t.writing)
            twin_compare(&t);
    }
    for (size_t i = 0; i < STORES; i++)
        store_rollback(t.stores[i]);
    twin_close_snapshots(&t);
    twin_compare(&t);
    store_close(t.stores[1]);
    assert_false(failed(test_open_sqlite(directory, &t.stores[1])));
    assert_false(failed(store_memory_reopen(t.stores[0])));
    twin_compare(&t);
    assert_false(failed(store_memory_crash(t.stores[0], seed)));
    twin_compare(&t);
    *last_out = t.last_committed;
    *failures_out = t.failures;
    store_close(t.stores[0]);
    store_close(t.stores[1]);
    free(t.memory);
    free(t.value);
    test_directory_remove(directory);
}

static void both_stores_answer_alike_and_dump_alike(void **state)
{
    (void)state;
    uint64_t entries = 0;
    uint64_t failures = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        uint64_t last = 0;
        uint64_t failed_answers = 0;
        twin_run(seed, &last, &failed_answers);
        entries += last;
        failures += failed_answers;
    }
    printf("%d seeds of %d operations: %llu entries committed, %llu answers were errors\n", SEEDS,
           OPERATIONS, (unsigned long long)entries, (unsigned long long)failures);
    assert_true(entries > 1000 && failures > 1000); /* the list reaches what it should reach */
}

static struct store *open_one(bool sqlite, const char *directory)
{
    struct store *store = NULL;
    if (!sqlite)
        return test_open_memory(1);
    assert_false(failed(test_open_sqlite(directory, &store)));
    return store;
}

static void assert_rule(struct err e, enum err_code code, const char *rule)
{
    assert_string_equal(e.rule, rule);
    assert_int_equal(e.code, code);
}

static void for_both(void (*test)(struct store *store))
{
    for (int sqlite = 0; sqlite < 2; sqlite++) {
        char directory[TEST_DIRECTORY_MAX];
        test_fast_directory(directory);
        struct store *store = open_one(sqlite == 1, directory);
        test(store);
        store_close(store);
        test_directory_remove(directory);
    }
}

static void check_limits(struct store *store)
{
    uint8_t key[STORE_KEY_MAX + 1] = { 1 };
    static uint8_t value[STORE_VALUE_MAX + 1];
    static uint8_t memory[STORE_VALUE_MAX + 4096];
    struct arena arena = arena_over(memory, sizeof memory);
    struct bytes out = { NULL, 0 };
    struct hash name;
    struct journal_entry entry = { .number = 1, .sealed = BYTES_OF(value) };
    assert_false(failed(store_begin(store)));
    assert_rule(store_put(store, TABLE_META, BYTES_OF(key), bytes_of(value, 1)), ERR_LIMIT,
                "store.key-too-long");
    assert_rule(store_put(store, TABLE_META, bytes_of(key, 0), bytes_of(value, 1)), ERR_INVALID,
                "store.key-empty");
    assert_rule(store_put(store, TABLE_META, bytes_of(key, 1), BYTES_OF(value)), ERR_LIMIT,
                "store.value-too-long");
    assert_rule(store_append(store, &entry), ERR_LIMIT, "store.value-too-long");
    assert_rule(store_blob_put(store, BYTES_OF(value), &name), ERR_LIMIT, "store.value-too-long");
    struct bytes greatest = bytes_of(value, STORE_VALUE_MAX);
    struct bytes longest = bytes_of(key, STORE_KEY_MAX);
    entry.sealed = greatest;
    entry.leaf = STORE_INDEX_MAX;
    assert_false(failed(store_put(store, TABLE_NOTE, longest, greatest)));
    assert_false(failed(store_append(store, &entry)));
    assert_false(failed(store_commit(store)));
    assert_false(failed(store_get(store_view(store), TABLE_NOTE, longest, &arena, &out)));
    assert_true(bytes_equal(out, greatest));
    arena = arena_over(memory, STORE_VALUE_MAX / 2);
    assert_rule(store_get(store_view(store), TABLE_NOTE, longest, &arena, &out), ERR_LIMIT,
                "arena.full");
    struct hash dump;
    assert_false(failed(store_dump_hash(store, &dump))); /* the greatest row fits a page */
}

static void keys_and_values_have_limits(void **state)
{
    (void)state;
    for_both(check_limits);
}

static uint64_t last_of(struct store_view *view)
{
    uint64_t last = UINT64_MAX;
    assert_false(failed(store_journal_last(view, &last)));
    return last;
}

static void append_one(struct store *store, uint64_t number)
{
    uint8_t memory[100];
    struct test_random r = { number };
    struct journal_entry entry = test_entry(&r, number, memory, sizeof memory);
    assert_false(failed(store_begin(store)));
    assert_false(failed(store_append(store, &entry)));
    assert_false(failed(store_put(store, TABLE_RECORD, bytes_of(memory, 8), BYTES_OF(memory))));
    assert_false(failed(store_commit(store)));
}

static void check_snapshots(struct store *store)
{
    struct store_view *snapshots[STORE_SNAPSHOTS_MAX] = { NULL };
    struct store_view *one_more = NULL;
    for (uint64_t i = 0; i < STORE_SNAPSHOTS_MAX; i++) {
        append_one(store, i + 1);
        assert_false(failed(store_snapshot_open(store, &snapshots[i])));
    }
    assert_rule(store_snapshot_open(store, &one_more), ERR_UNAVAILABLE, "store.snapshots-taken");
    assert_rule(store_checkpoint(store, STORE_CHECKPOINT_TRUNCATE), ERR_UNAVAILABLE, "store.busy");
    assert_false(failed(store_begin(store)));
    assert_false(failed(store_reset_tables(store)));
    assert_false(failed(store_commit(store)));
    assert_false(failed(store_checkpoint(store, STORE_CHECKPOINT_PASSIVE)));
    static uint8_t memory[65536];
    for (uint64_t i = 0; i < STORE_SNAPSHOTS_MAX; i++) {
        struct arena arena = arena_over(memory, sizeof memory);
        struct store_range range = { .table = TABLE_RECORD, .limit = 100 };
        struct store_rows rows = { NULL, 0 };
        assert_int_equal(last_of(snapshots[i]), i + 1);
        assert_false(failed(store_scan(snapshots[i], &range, &arena, &rows)));
        assert_int_equal(rows.count, i + 1);
        store_snapshot_close(snapshots[i]);
    }
    assert_false(failed(store_checkpoint(store, STORE_CHECKPOINT_TRUNCATE)));
    assert_false(failed(store_snapshot_open(store, &one_more)));
    assert_int_equal(last_of(one_more), STORE_SNAPSHOTS_MAX);
    store_snapshot_close(one_more);
}

static void a_snapshot_stays_what_it_was(void **state)
{
    (void)state;
    for_both(check_snapshots);
}

static void check_erase(struct store *store)
{
    static uint8_t memory[4096];
    struct arena arena = arena_over(memory, sizeof memory);
    struct journal_entry before;
    struct journal_entry after;
    append_one(store, 1);
    assert_false(failed(store_journal_get(store_view(store), 1, &arena, &before)));
    assert_int_equal(before.sealed.len, 100);
    assert_false(failed(store_begin(store)));
    assert_false(failed(store_erase(store, 1)));
    assert_false(failed(store_erase(store, 1)));
    assert_rule(store_erase(store, 2), ERR_NOT_FOUND, "store.no-entry");
    assert_rule(store_reseal(store, 1, BYTES_OF(memory)), ERR_CONFLICT, "store.entry-erased");
    assert_false(failed(store_commit(store)));
    assert_false(failed(store_journal_get(store_view(store), 1, &arena, &after)));
    assert_int_equal(after.sealed.len, 0);
    assert_true(hash_equal(&before.entry, &after.entry)); /* I6: the proof stays */
}

static void an_erased_opening_stays_erased(void **state)
{
    (void)state;
    for_both(check_erase);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_stores_answer_alike_and_dump_alike),
        cmocka_unit_test(keys_and_values_have_limits),
        cmocka_unit_test(a_snapshot_stays_what_it_was),
        cmocka_unit_test(an_erased_opening_stays_erased),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
