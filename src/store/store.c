/* The part of the store that both implementations share: limits, the order of calls, and what a
 * failure does to a transaction.
 *
 * S1 journal numbers have no gap.  S2 what breaks a transaction is reported again by its commit.
 * S3 after commit or rollback, whatever came of it, no transaction is open. */
#include "store/store_ops.h"

#include <assert.h>

static struct err check_key(struct bytes key)
{
    if (key.len == 0)
        return err_make(ERR_INVALID, "store.key-empty");
    if (key.len > STORE_KEY_MAX)
        return err_make(ERR_LIMIT, "store.key-too-long");
    return err_none();
}

void store_close(struct store *store_own_opt)
{
    if (store_own_opt == NULL)
        return;
    store_rollback(store_own_opt);
    store_own_opt->ops->close(store_own_opt);
}

struct store_view *store_view(struct store *store)
{
    return store->ops->view(store);
}

struct err store_snapshot_open(struct store *store, struct store_view **out)
{
    return store->ops->snapshot_open(store, out);
}

/* -- Reading ------------------------------------------------------------------------------ */

struct err store_get(struct store_view *view, enum store_table table, struct bytes key,
                     struct arena *arena, struct bytes *value_out)
{
    assert(table < STORE_TABLES);
    struct err e = check_key(key);
    if (failed(e))
        return e;
    return view->ops->get(view, table, key, arena, value_out);
}

struct err store_scan(struct store_view *view, const struct store_range *range, struct arena *arena,
                      struct store_rows *out)
{
    assert(range->table < STORE_TABLES);
    assert(range->limit >= 1 && range->limit <= STORE_READ_MAX);
    if (range->prefix.len > STORE_KEY_MAX || range->after.len > STORE_KEY_MAX)
        return err_make(ERR_LIMIT, "store.key-too-long");
    return view->ops->scan(view, range, arena, out);
}

struct err store_journal_last(struct store_view *view, uint64_t *number_out)
{
    return view->ops->journal_last(view, number_out);
}

static struct err journal_read(struct store_view *view, const struct journal_range *range,
                               struct arena *arena, struct journal_entries *out)
{
    assert(range->limit >= 1 && range->limit <= STORE_READ_MAX);
    if (range->from > STORE_NUMBER_MAX) {
        *out = (struct journal_entries){ NULL, 0 };
        return err_none();
    }
    return view->ops->journal_read(view, range, arena, out);
}

struct err store_journal_read(struct store_view *view, uint64_t from, uint32_t limit,
                              struct arena *arena, struct journal_entries *out)
{
    struct journal_range range = { .from = from, .limit = limit };
    return journal_read(view, &range, arena, out);
}

struct err store_journal_get(struct store_view *view, uint64_t number, struct arena *arena,
                             struct journal_entry *out)
{
    struct journal_entries found = { NULL, 0 };
    struct err e = store_journal_read(view, number, 1, arena, &found);
    if (failed(e))
        return e;
    if (found.count == 0 || found.entries[0].number != number)
        return err_make(ERR_NOT_FOUND, "store.no-entry");
    *out = found.entries[0];
    return err_none();
}

struct err store_log_read(struct store_view *view, uint16_t log, uint64_t from, uint32_t limit,
                          struct arena *arena, struct journal_entries *out)
{
    struct journal_range range = { .by_log = true, .log = log, .from = from, .limit = limit };
    return journal_read(view, &range, arena, out);
}

struct err store_hollow_read(struct store_view *view, uint64_t from, uint32_t limit,
                             struct arena *arena, struct journal_entries *out)
{
    struct journal_range range = { .hollow = true, .from = from, .limit = limit };
    return journal_read(view, &range, arena, out);
}

struct err store_log_size(struct store_view *view, uint16_t log, uint64_t *size_out)
{
    return view->ops->log_size(view, log, size_out);
}

struct err store_node_get(struct store_view *view, struct store_node node, struct hash *out)
{
    if (node.level > STORE_LEVEL_MAX || node.index > STORE_INDEX_MAX)
        return err_make(ERR_NOT_FOUND, "store.no-node");
    return view->ops->node_get(view, node, out);
}

/* -- Writing ------------------------------------------------------------------------------ */

struct err store_begin(struct store *store)
{
    assert(!store->writing);
    struct err e = store->ops->begin(store);
    if (failed(e))
        return e;
    e = store_journal_last(store_view(store), &store->last);
    if (failed(e)) {
        store->ops->rollback(store);
        return e;
    }
    store->broken = err_none();
    store->writing = true;
    return err_none();
}

struct err store_commit(struct store *store)
{
    assert(store->writing);
    store->writing = false; /* S3 */
    if (failed(store->broken)) {
        store->ops->rollback(store);
        return store->broken; /* S2 */
    }
    return store->ops->commit(store);
}

void store_rollback(struct store *store)
{
    if (!store->writing)
        return;
    store->writing = false;
    store->ops->rollback(store);
}

static struct err note(struct store *store, struct err e)
{
    bool breaks = e.code == ERR_IO || e.code == ERR_UNAVAILABLE || e.code == ERR_CORRUPT;
    if (breaks)
        store->broken = e;
    return e;
}

struct err store_append(struct store *store, const struct journal_entry *entry)
{
    assert(store->writing);
    if (failed(store->broken))
        return store->broken;
    if (entry->number != store->last + 1 || entry->number > STORE_NUMBER_MAX)
        return err_make(ERR_CONFLICT, "store.wrong-number"); /* S1 */
    if (entry->leaf > STORE_INDEX_MAX)
        return err_make(ERR_LIMIT, "store.log-full");
    if (entry->sealed.len > STORE_VALUE_MAX)
        return err_make(ERR_LIMIT, "store.value-too-long");
    struct err e = store->ops->append(store, entry);
    if (!failed(e))
        store->last = entry->number;
    return note(store, e);
}

static struct err check_entry(const struct store *store, uint64_t number)
{
    assert(store->writing);
    if (failed(store->broken))
        return store->broken;
    if (number < 1 || number > store->last)
        return err_make(ERR_NOT_FOUND, "store.no-entry");
    return err_none();
}

struct err store_erase(struct store *store, uint64_t number)
{
    struct err e = check_entry(store, number);
    if (failed(e))
        return e;
    e = store->ops->reseal(store, number, (struct bytes){ NULL, 0 });
    return e.code == ERR_CONFLICT ? err_none() : note(store, e);
}

struct err store_reseal(struct store *store, uint64_t number, struct bytes sealed)
{
    assert(sealed.len > 0);
    struct err e = check_entry(store, number);
    if (failed(e))
        return e;
    if (sealed.len > STORE_VALUE_MAX)
        return err_make(ERR_LIMIT, "store.value-too-long");
    return note(store, store->ops->reseal(store, number, sealed));
}

struct err store_put(struct store *store, enum store_table table, struct bytes key,
                     struct bytes value)
{
    assert(store->writing && table < STORE_TABLES);
    if (failed(store->broken))
        return store->broken;
    struct err e = check_key(key);
    if (failed(e))
        return e;
    if (value.len > STORE_VALUE_MAX)
        return err_make(ERR_LIMIT, "store.value-too-long");
    return note(store, store->ops->put(store, table, key, value));
}

struct err store_delete(struct store *store, enum store_table table, struct bytes key)
{
    assert(store->writing && table < STORE_TABLES);
    if (failed(store->broken))
        return store->broken;
    struct err e = check_key(key);
    if (failed(e))
        return e;
    return note(store, store->ops->delete (store, table, key));
}

struct err store_node_put(struct store *store, struct store_node node, const struct hash *hash)
{
    assert(store->writing);
    if (failed(store->broken))
        return store->broken;
    if (node.level > STORE_LEVEL_MAX || node.index > STORE_INDEX_MAX)
        return err_make(ERR_LIMIT, "store.log-full");
    return note(store, store->ops->node_put(store, node, hash));
}

struct err store_reset_tables(struct store *store)
{
    assert(store->writing);
    if (failed(store->broken))
        return store->broken;
    return note(store, store->ops->reset_tables(store));
}

/* -- Blobs and housekeeping --------------------------------------------------------------- */

void store_snapshot_close(struct store_view *snapshot_own_opt)
{
    if (snapshot_own_opt != NULL)
        snapshot_own_opt->ops->close(snapshot_own_opt);
}

struct err store_blob_put(struct store *store, struct bytes blob, struct hash *name_out)
{
    if (blob.len > STORE_VALUE_MAX)
        return err_make(ERR_LIMIT, "store.value-too-long");
    struct hash name = hash_of(blob);
    struct err e = store->ops->blob_put(store, &name, blob);
    if (failed(e))
        return e;
    *name_out = name;
    return err_none();
}

struct err store_blob_get(struct store *store, const struct hash *name, struct arena *arena,
                          struct bytes *out)
{
    struct bytes blob = { NULL, 0 };
    struct err e = store->ops->blob_get(store, name, arena, &blob);
    if (failed(e))
        return e;
    struct hash found = hash_of(blob);
    if (!hash_equal(&found, name))
        return err_make(ERR_CORRUPT, "store.blob-damaged");
    *out = blob;
    return err_none();
}

struct err store_blob_erase(struct store *store, const struct hash *name)
{
    return store->ops->blob_erase(store, name);
}

struct err store_checkpoint(struct store *store, enum store_checkpoint how)
{
    return store->ops->checkpoint(store, how);
}

struct err store_check(struct store *store)
{
    assert(!store->writing);
    return store->ops->check(store);
}
