/* A fixed list of steps for fault tests. Each step changes a store once, wholly or not at all;
 * what a fault may leave is therefore the state before or after one step, and both are known. */
#ifndef COMITY_TESTS_TEST_WORKLOAD_H
#define COMITY_TESTS_TEST_WORKLOAD_H

#include "test_store.h"

enum { WORKLOAD_STEPS = 18, WORKLOAD_VALUE_MAX = 9000 };

static inline struct err workload_write(struct store *store, size_t step)
{
    static uint8_t memory[WORKLOAD_VALUE_MAX];
    struct test_random r = { step };
    uint64_t last = 0;
    struct err e = store_journal_last(store_view(store), &last);
    for (uint64_t i = 1; i <= 3 && !failed(e); i++) {
        size_t len = i == 3 ? test_below(&r, WORKLOAD_VALUE_MAX) : test_below(&r, 900);
        struct journal_entry entry = test_entry(&r, last + i, memory, len);
        struct bytes key = bytes_of(entry.entry.bytes, 1 + test_below(&r, 3));
        struct store_node node = { entry.log, (uint8_t)(i - 1), last };
        e = store_append(store, &entry);
        if (!failed(e))
            e = store_put(store, i == 1 ? TABLE_CHANGE : TABLE_RECORD, key, entry.sealed);
        if (!failed(e))
            e = store_put(store, TABLE_PARTNER, bytes_of(&i, 1), key);
        if (!failed(e))
            e = store_node_put(store, node, &entry.entry);
    }
    if (!failed(e) && last > 3)
        e = store_erase(store, 1 + test_below(&r, last));
    if (!failed(e) && step % 5 == 0)
        e = store_delete(store, TABLE_PARTNER, bytes_of("\1", 1));
    return e;
}

static inline bool workload_erases_blob(size_t step)
{
    return step % 8 == 6;
}

static inline struct err workload_step(struct store *store, size_t step)
{
    uint8_t blob[3000];
    struct hash name;
    size_t kind = step % 8;
    memset(blob, (int)(workload_erases_blob(step) ? step / 8 - 1 : step / 8), sizeof blob);
    if (kind == 3)
        return store_blob_put(store, BYTES_OF(blob), &name);
    name = hash_of(BYTES_OF(blob));
    if (workload_erases_blob(step))
        return store_blob_erase(store, &name);
    if (kind == 5)
        return store_checkpoint(store, STORE_CHECKPOINT_TRUNCATE);
    struct err e = store_begin(store);
    if (failed(e))
        return e;
    e = workload_write(store, step);
    if (failed(e)) {
        store_rollback(store);
        return e;
    }
    return store_commit(store);
}

/* states[i] is the dump before step i; states[WORKLOAD_STEPS] the last one. */
static inline void workload_states(struct store *store,
                                   struct hash states[static WORKLOAD_STEPS + 1])
{
    for (size_t i = 0; i < WORKLOAD_STEPS; i++) {
        if (failed(store_dump_hash(store, &states[i])) || failed(workload_step(store, i)))
            abort();
    }
    if (failed(store_dump_hash(store, &states[WORKLOAD_STEPS])))
        abort();
}

#endif
