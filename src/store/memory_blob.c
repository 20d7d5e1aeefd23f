/* Blobs of the memory store: what this process sees, and what a power failure would leave. A
 * put is write, fsync, rename, fsync of the directory; an erase is unlink, fsync of it. */
#include "store/memory_state.h"

#include <stdlib.h>

static struct memory_store *memory_of(struct store *store)
{
    return (struct memory_store *)store;
}

static struct err step_fault(struct memory_store *m, enum disk_effect effect, bool *lost_out)
{
    if (m->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    enum store_fault fault = disk_step(&m->disk, effect);
    *lost_out = fault == STORE_FAULT_WRITE_LOST;
    if (fault == STORE_FAULT_CRASH)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    if (fault == STORE_FAULT_WRITE_FAIL)
        return err_make(ERR_UNAVAILABLE, "store.disk-full");
    if (fault == STORE_FAULT_FSYNC_FAIL)
        return err_make(ERR_IO, "store.fsync");
    return err_none();
}

static bool coin(struct memory_store *m)
{
    return disk_random(&m->disk) % 2 == 0;
}

/* On the platter: the blob, or zeros of its length where the write was lost. */
static struct err platter_put(struct memory_store *m, struct bytes key, struct bytes blob,
                              bool lost)
{
    if (!lost)
        return tree_put(&m->pool, &m->blobs_platter, key, blob);
    uint8_t *zeros = calloc(blob.len + 1, 1);
    if (zeros == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    struct err e = tree_put(&m->pool, &m->blobs_platter, key, bytes_of(zeros, blob.len));
    free(zeros);
    return e;
}

struct err memory_blob_put(struct store *store, const struct hash *name, struct bytes blob)
{
    struct memory_store *m = memory_of(store);
    struct bytes key = BYTES_OF(name->bytes);
    bool lost = false;
    bool ignored = false;
    struct err e = step_fault(m, DISK_WRITE, &lost);
    if (!failed(e))
        e = step_fault(m, DISK_FSYNC, &ignored);
    if (failed(e))
        return e;
    e = step_fault(m, DISK_RENAME, &ignored);
    if (!failed(e))
        e = step_fault(m, DISK_FSYNC, &ignored);
    if (failed(e)) { /* the name may have reached the platter */
        struct err second = coin(m) ? platter_put(m, key, blob, lost) : err_none();
        return failed(second) ? second : e;
    }
    e = platter_put(m, key, blob, lost);
    return failed(e) ? e : tree_put(&m->pool, &m->blobs, key, blob);
}

struct err memory_blob_get(struct store *store, const struct hash *name, struct arena *arena,
                           struct bytes *out)
{
    struct memory_store *m = memory_of(store);
    if (m->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    struct bytes blob = { NULL, 0 };
    if (!tree_get(m->blobs, BYTES_OF(name->bytes), &blob))
        return err_make(ERR_NOT_FOUND, "store.no-blob");
    blob = arena_copy(arena, blob);
    struct err e = arena_check(arena);
    if (!failed(e))
        *out = blob;
    return e;
}

struct err memory_blob_erase(struct store *store, const struct hash *name)
{
    struct memory_store *m = memory_of(store);
    struct bytes key = BYTES_OF(name->bytes);
    bool ignored = false;
    struct err e = step_fault(m, DISK_RENAME, &ignored);
    if (!failed(e)) {
        e = tree_delete(&m->pool, &m->blobs, key);
        if (failed(e))
            return e;
        e = step_fault(m, DISK_FSYNC, &ignored);
    }
    if (failed(e) && coin(m))
        return e;
    struct err second = tree_delete(&m->pool, &m->blobs_platter, key);
    return failed(second) ? second : e;
}

struct names {
    struct hash *names;
    size_t count;
    size_t limit;
};

static bool collect_name(void *context, struct bytes key, struct bytes value)
{
    (void)value;
    struct names *n = context;
    memcpy(n->names[n->count++].bytes, key.data, HASH_LEN);
    return n->count < n->limit;
}

struct err memory_blob_names(struct store *store, const struct hash *after_opt, size_t limit,
                             struct hash *names, size_t *count_out)
{
    struct memory_store *m = memory_of(store);
    if (m->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    uint8_t low[HASH_LEN + 1] = { 0 };
    uint8_t high[HASH_LEN + 1];
    memset(high, 0xFF, sizeof high);
    size_t low_len = 0;
    if (after_opt != NULL) {
        memcpy(low, after_opt->bytes, HASH_LEN);
        low_len = sizeof low; /* name and a zero: the next possible key */
    }
    struct names n = { names, 0, limit };
    struct tree_walk walk = { bytes_of(low, low_len), BYTES_OF(high), false, collect_name, &n };
    tree_walk(m->blobs, &walk);
    *count_out = n.count;
    return err_none();
}
