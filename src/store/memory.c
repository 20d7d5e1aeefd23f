#include "store/memory.h"

#include <assert.h>
#include <stdlib.h>

#include "core/writer.h"
#include "store/memory_state.h"

static struct memory_store *memory_of(struct store *store)
{
    return (struct memory_store *)store;
}

static const struct memory_store *memory_of_const(const struct store *store)
{
    return (const struct memory_store *)store;
}

static void memory_close(struct store *store)
{
    struct memory_store *m = memory_of(store);
    assert(m->snapshots == 0); /* store.h: snapshots are closed before */
    tree_release(m->working);
    tree_release(m->committed);
    tree_release(m->image);
    tree_release(m->blobs);
    tree_release(m->blobs_platter);
    tree_pool_clear(&m->pool);
    disk_buffer_clear(&m->changes);
    disk_close(&m->disk);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static struct store_view *memory_view(struct store *store)
{
    return &memory_of(store)->writer.base;
}

static struct err memory_snapshot_open(struct store *store, struct store_view **out)
{
    struct memory_store *m = memory_of(store);
    struct memory_view *view = malloc(sizeof *view);
    if (view == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    struct err e = err_none();
    pthread_mutex_lock(&m->lock);
    if (m->disk.crashed)
        e = err_make(ERR_UNAVAILABLE, "store.crashed");
    else if (m->snapshots == STORE_SNAPSHOTS_MAX)
        e = err_make(ERR_UNAVAILABLE, "store.snapshots-taken");
    if (!failed(e)) {
        m->snapshots++;
        *view = (struct memory_view){ { &memory_view_ops }, m, tree_retain(m->committed), true };
    }
    pthread_mutex_unlock(&m->lock);
    if (failed(e)) {
        free(view);
        return e;
    }
    *out = &view->base;
    return err_none();
}

/* -- Transactions ------------------------------------------------------------------------- */

static struct err memory_begin(struct store *store)
{
    struct memory_store *m = memory_of(store);
    if (m->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    assert(m->working == NULL);
    m->working = tree_retain(m->committed);
    memory_log_start(m);
    return err_none();
}

static void memory_rollback(struct store *store)
{
    struct memory_store *m = memory_of(store);
    tree_release(m->working);
    m->working = NULL;
}

static struct err memory_commit(struct store *store)
{
    struct memory_store *m = memory_of(store);
    struct err e = memory_log_commit(m);
    if (failed(e)) {
        memory_rollback(store);
        return e;
    }
    pthread_mutex_lock(&m->lock);
    struct tree_node *old = m->committed;
    m->committed = m->working;
    pthread_mutex_unlock(&m->lock);
    m->working = NULL;
    tree_release(old);
    return err_none();
}

struct err memory_put(struct memory_store *m, const struct memory_key *key, struct bytes value)
{
    struct err e = memory_log_add_put(m, memory_key_bytes(key), value);
    return failed(e) ? e : tree_put(&m->pool, &m->working, memory_key_bytes(key), value);
}

struct err memory_delete(struct memory_store *m, struct bytes key)
{
    struct err e = memory_log_add_delete(m, key);
    return failed(e) ? e : tree_delete(&m->pool, &m->working, key);
}

/* -- Writing ------------------------------------------------------------------------------ */

static struct err put_entry(struct memory_store *m, const struct journal_entry *entry)
{
    size_t size = MEMORY_ENTRY_HEAD + entry->sealed.len;
    uint8_t *memory = malloc(size);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    struct writer w = writer_over(memory, size);
    writer_u64(&w, entry->number);
    writer_u16(&w, entry->log);
    writer_u64(&w, entry->leaf);
    writer_u8(&w, entry->class_);
    writer_u32(&w, entry->month);
    writer_put(&w, BYTES_OF(entry->entry.bytes));
    writer_put(&w, entry->sealed);
    assert(w.len == size && !w.full);
    struct memory_key key = memory_key_entry(entry->number);
    struct err e = memory_put(m, &key, bytes_of(memory, size));
    free(memory);
    return e;
}

static struct err memory_append(struct store *store, const struct journal_entry *entry)
{
    struct memory_store *m = memory_of(store);
    struct memory_key leaf = memory_key_leaf(entry->log, entry->leaf);
    struct bytes taken = { NULL, 0 };
    if (tree_get(m->working, memory_key_bytes(&leaf), &taken))
        return err_make(ERR_CONFLICT, "store.leaf-taken");
    struct err e = put_entry(m, entry);
    if (failed(e))
        return e;
    uint8_t number[8];
    struct writer w = writer_over(number, sizeof number);
    writer_u64(&w, entry->number);
    return memory_put(m, &leaf, BYTES_OF(number));
}

static struct err memory_reseal(struct store *store, uint64_t number, struct bytes sealed)
{
    struct memory_store *m = memory_of(store);
    struct memory_key key = memory_key_entry(number);
    struct bytes old = { NULL, 0 };
    bool found = tree_get(m->working, memory_key_bytes(&key), &old);
    assert(found && old.len >= MEMORY_ENTRY_HEAD); /* S1: number <= last */
    if (!found || old.len == MEMORY_ENTRY_HEAD)
        return err_make(ERR_CONFLICT, "store.entry-erased");
    size_t size = MEMORY_ENTRY_HEAD + sealed.len;
    uint8_t *memory = malloc(size);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    memcpy(memory, old.data, MEMORY_ENTRY_HEAD);
    if (sealed.len > 0)
        memcpy(memory + MEMORY_ENTRY_HEAD, sealed.data, sealed.len);
    struct err e = memory_put(m, &key, bytes_of(memory, size));
    free(memory);
    return e;
}

static struct err memory_row_put(struct store *store, enum store_table table, struct bytes key,
                                 struct bytes value)
{
    struct memory_key at = memory_key_row(table, key);
    return memory_put(memory_of(store), &at, value);
}

static struct err memory_row_delete(struct store *store, enum store_table table, struct bytes key)
{
    struct memory_store *m = memory_of(store);
    struct memory_key at = memory_key_row(table, key);
    struct bytes old = { NULL, 0 };
    if (!tree_get(m->working, memory_key_bytes(&at), &old))
        return err_none();
    return memory_delete(m, memory_key_bytes(&at));
}

static struct err memory_node_put(struct store *store, struct store_node node,
                                  const struct hash *hash)
{
    struct memory_key key = memory_key_node(node);
    return memory_put(memory_of(store), &key, BYTES_OF(hash->bytes));
}

struct reset {
    struct memory_store *m;
    struct err err;
};

static bool reset_one(void *context, struct bytes key, struct bytes value)
{
    (void)value;
    struct reset *r = context;
    if (key.data[0] == 'R' && store_tables[key.data[1]].kept)
        return true;
    r->err = memory_delete(r->m, key);
    return !failed(r->err);
}

static struct err memory_reset_tables(struct store *store)
{
    struct memory_store *m = memory_of(store);
    struct reset r = { m, err_none() };
    static const uint8_t low = 'N'; /* nodes, then rows, and nothing between */
    static const uint8_t high = 'R' + 1;
    struct tree_node *before = tree_retain(m->working); /* walked while working changes (T1) */
    struct tree_walk walk = { bytes_of(&low, 1), bytes_of(&high, 1), false, reset_one, &r };
    tree_walk(before, &walk);
    tree_release(before);
    return r.err;
}

/* -- Housekeeping ------------------------------------------------------------------------- */

/* A new image beside the old one, then the name moves: the old or the new, never a mixture. */
static struct err memory_checkpoint(struct store *store, enum store_checkpoint how)
{
    struct memory_store *m = memory_of(store);
    if (m->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    pthread_mutex_lock(&m->lock);
    bool busy = m->snapshots > 0;
    pthread_mutex_unlock(&m->lock);
    if (busy && how == STORE_CHECKPOINT_TRUNCATE)
        return err_make(ERR_UNAVAILABLE, "store.busy");
    enum store_fault fault = disk_step(&m->disk, DISK_WRITE);
    if (fault == STORE_FAULT_WRITE_FAIL)
        return err_make(ERR_UNAVAILABLE, "store.disk-full");
    if (!m->disk.crashed) {
        fault = disk_step(&m->disk, DISK_FSYNC);
        if (fault == STORE_FAULT_FSYNC_FAIL)
            return err_make(ERR_IO, "store.fsync");
    }
    if (m->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    (void)disk_step(&m->disk, DISK_RENAME);
    if (m->disk.crashed && disk_random(&m->disk) % 2 == 0)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    tree_release(m->image);
    m->image = tree_retain(m->committed);
    m->image_sequence = m->sequence;
    m->log_end = 0;
    disk_truncate(&m->disk);
    return m->disk.crashed ? err_make(ERR_UNAVAILABLE, "store.crashed") : err_none();
}

static struct err memory_check(struct store *store)
{
    struct memory_store *m = memory_of(store);
    return m->disk.crashed ? err_make(ERR_UNAVAILABLE, "store.crashed") : err_none();
}

static const struct store_ops memory_ops = {
    .close = memory_close,
    .view = memory_view,
    .snapshot_open = memory_snapshot_open,
    .begin = memory_begin,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .append = memory_append,
    .reseal = memory_reseal,
    .put = memory_row_put,
    .delete = memory_row_delete,
    .node_put = memory_node_put,
    .reset_tables = memory_reset_tables,
    .blob_put = memory_blob_put,
    .blob_get = memory_blob_get,
    .blob_erase = memory_blob_erase,
    .blob_names = memory_blob_names,
    .checkpoint = memory_checkpoint,
    .check = memory_check,
};

struct err store_memory_open(const struct store_memory_plan *plan, struct store **out)
{
    struct memory_store *m = calloc(1, sizeof *m);
    if (m == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    m->base.ops = &memory_ops;
    m->writer = (struct memory_view){ { &memory_view_ops }, m, NULL, false };
    disk_open(&m->disk, plan);
    m->image_sequence = 1;
    m->sequence = 1;
    if (pthread_mutex_init(&m->lock, NULL) != 0) {
        free(m);
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    }
    *out = &m->base;
    return err_none();
}

void store_memory_script(struct store *store, uint64_t effect, enum store_fault fault)
{
    struct memory_store *m = memory_of(store);
    m->disk.script_effect = effect;
    m->disk.script_fault = fault;
}

uint64_t store_memory_effects(const struct store *store)
{
    return memory_of_const(store)->disk.effects;
}

uint64_t store_memory_ms(const struct store *store)
{
    return memory_of_const(store)->disk.ms;
}

/* A store that cannot be recovered answers nothing. */
static struct err recover(struct memory_store *m)
{
    m->disk.crashed = false;
    struct err e = memory_log_recover(m);
    if (failed(e))
        m->disk.crashed = true;
    return e;
}

struct err store_memory_crash(struct store *store, uint64_t seed)
{
    struct memory_store *m = memory_of(store);
    store_rollback(store);
    struct err e = disk_crash(&m->disk, seed);
    if (failed(e))
        return e;
    tree_release(m->blobs);
    m->blobs = tree_retain(m->blobs_platter);
    return recover(m);
}

struct err store_memory_reopen(struct store *store)
{
    struct memory_store *m = memory_of(store);
    store_rollback(store);
    return recover(m);
}
