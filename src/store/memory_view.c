#include "store/memory_state.h"

#include <assert.h>
#include <stdlib.h>

#include "core/reader.h"
#include "core/writer.h"

/* -- Keys --------------------------------------------------------------------------------- */

struct memory_key memory_key_entry(uint64_t number)
{
    struct memory_key key = { .len = 0 };
    struct writer w = writer_over(key.data, sizeof key.data);
    writer_u8(&w, 'J');
    writer_u64(&w, number);
    key.len = w.len;
    return key;
}

struct memory_key memory_key_leaf(uint16_t log, uint64_t leaf)
{
    struct memory_key key = { .len = 0 };
    struct writer w = writer_over(key.data, sizeof key.data);
    writer_u8(&w, 'L');
    writer_u16(&w, log);
    writer_u64(&w, leaf);
    key.len = w.len;
    return key;
}

struct memory_key memory_key_node(struct store_node node)
{
    struct memory_key key = { .len = 0 };
    struct writer w = writer_over(key.data, sizeof key.data);
    writer_u8(&w, 'N');
    writer_u16(&w, node.log);
    writer_u8(&w, node.level);
    writer_u64(&w, node.index);
    key.len = w.len;
    return key;
}

struct memory_key memory_key_row(enum store_table table, struct bytes row_key)
{
    struct memory_key key = { .len = 0 };
    struct writer w = writer_over(key.data, sizeof key.data);
    writer_u8(&w, 'R');
    writer_u8(&w, (uint8_t)table);
    writer_put(&w, row_key);
    assert(!w.full);
    key.len = w.len;
    return key;
}

/* -- Reading ------------------------------------------------------------------------------ */

static struct err root_of(struct store_view *view, const struct tree_node **root_out)
{
    struct memory_view *v = (struct memory_view *)view;
    if (!v->snapshot && v->store->disk.crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    *root_out = v->snapshot              ? v->root
                : v->store->base.writing ? v->store->working
                                         : v->store->committed;
    return err_none();
}

static void view_close(struct store_view *view)
{
    struct memory_view *v = (struct memory_view *)view;
    assert(v->snapshot);
    tree_release(v->root);
    pthread_mutex_lock(&v->store->lock);
    v->store->snapshots--;
    pthread_mutex_unlock(&v->store->lock);
    free(v);
}

static struct err view_get(struct store_view *view, enum store_table table, struct bytes key,
                           struct arena *arena, struct bytes *value_out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct memory_key at = memory_key_row(table, key);
    struct bytes value = { NULL, 0 };
    if (!tree_get(root, memory_key_bytes(&at), &value))
        return err_make(ERR_NOT_FOUND, "store.no-row");
    value = arena_copy(arena, value);
    e = arena_check(arena);
    if (!failed(e))
        *value_out = value;
    return e;
}

struct collect {
    struct arena *arena;
    struct store_items items;
    size_t limit;
    const struct tree_node *root; /* to find an entry by its leaf */
    const struct store_node *skip_opt;
};

static bool collect_row(void *context, struct bytes key, struct bytes value)
{
    struct collect *c = context;
    struct store_row *row = store_items_add(&c->items, c->arena, sizeof *row);
    if (row == NULL)
        return false;
    row->key = arena_copy(c->arena, bytes_of(key.data + 2, key.len - 2));
    row->value = arena_copy(c->arena, value);
    return !c->arena->full && c->items.count < c->limit;
}

static struct err view_scan(struct store_view *view, const struct store_range *range,
                            struct arena *arena, struct store_rows *out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct store_bounds bounds;
    store_bounds_of(range, &bounds);
    struct memory_key low = memory_key_row(range->table, bytes_of(bounds.low, bounds.low_len));
    struct memory_key high = memory_key_row(range->table, bytes_of(bounds.high, bounds.high_len));
    struct collect c = { .arena = arena, .limit = range->limit };
    struct tree_walk walk = { memory_key_bytes(&low), memory_key_bytes(&high), range->reverse,
                              collect_row, &c };
    tree_walk(root, &walk);
    e = arena_check(arena);
    if (!failed(e))
        *out = (struct store_rows){ c.items.data, c.items.count };
    return e;
}

static bool take_last(void *context, struct bytes key, struct bytes value)
{
    (void)value;
    struct reader r = reader_over(bytes_of(key.data + key.len - 8, 8));
    *(uint64_t *)context = reader_u64(&r) + 1;
    return false;
}

/* 1 + the number at the end of the last key in the range, else 0. */
static uint64_t last_number(const struct tree_node *root, const struct memory_key *low,
                            const struct memory_key *high)
{
    uint64_t after = 0;
    struct tree_walk walk = { memory_key_bytes(low), memory_key_bytes(high), true, take_last,
                              &after };
    tree_walk(root, &walk);
    return after;
}

static struct err view_journal_last(struct store_view *view, uint64_t *number_out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct memory_key low = memory_key_entry(1);
    struct memory_key high = memory_key_entry(UINT64_MAX);
    uint64_t after = last_number(root, &low, &high);
    *number_out = after == 0 ? 0 : after - 1;
    return err_none();
}

static struct err view_log_size(struct store_view *view, uint16_t log, uint64_t *size_out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct memory_key low = memory_key_leaf(log, 0);
    struct memory_key high = memory_key_leaf(log, UINT64_MAX);
    *size_out = last_number(root, &low, &high);
    return err_none();
}

static bool collect_entry(void *context, struct bytes key, struct bytes value)
{
    (void)key;
    struct collect *c = context;
    struct journal_entry *entry = store_items_add(&c->items, c->arena, sizeof *entry);
    if (entry == NULL)
        return false;
    struct reader r = reader_over(value);
    entry->number = reader_u64(&r);
    entry->log = reader_u16(&r);
    entry->leaf = reader_u64(&r);
    entry->class_ = reader_u8(&r);
    entry->month = reader_u32(&r);
    reader_copy(&r, entry->entry.bytes, HASH_LEN);
    entry->sealed = arena_copy(c->arena, reader_take(&r, reader_left(&r)));
    assert(!failed(reader_end(&r)));
    return !c->arena->full && c->items.count < c->limit;
}

static bool collect_hollow(void *context, struct bytes key, struct bytes value)
{
    return value.len > MEMORY_ENTRY_HEAD || collect_entry(context, key, value);
}

static bool collect_leaf(void *context, struct bytes key, struct bytes number)
{
    struct collect *c = context;
    struct reader r = reader_over(number);
    struct memory_key at = memory_key_entry(reader_u64(&r));
    struct bytes value = { NULL, 0 };
    bool found = tree_get(c->root, memory_key_bytes(&at), &value);
    assert(found); /* append wrote both */
    return found && collect_entry(context, key, value);
}

static struct err view_journal_read(struct store_view *view, const struct journal_range *range,
                                    struct arena *arena, struct journal_entries *out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct memory_key low = memory_key_entry(range->from);
    struct memory_key high = memory_key_entry(UINT64_MAX);
    if (range->by_log) {
        low = memory_key_leaf(range->log, range->from);
        high = memory_key_leaf(range->log, UINT64_MAX);
    }
    struct collect c = { .arena = arena, .limit = range->limit, .root = root };
    struct tree_walk walk = { memory_key_bytes(&low), memory_key_bytes(&high), false,
                              range->by_log   ? collect_leaf
                              : range->hollow ? collect_hollow
                                              : collect_entry,
                              &c };
    tree_walk(root, &walk);
    e = arena_check(arena);
    if (!failed(e))
        *out = (struct journal_entries){ c.items.data, c.items.count };
    return e;
}

static struct err view_node_get(struct store_view *view, struct store_node node, struct hash *out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct memory_key key = memory_key_node(node);
    struct bytes value = { NULL, 0 };
    if (!tree_get(root, memory_key_bytes(&key), &value))
        return err_make(ERR_NOT_FOUND, "store.no-node");
    memcpy(out->bytes, value.data, HASH_LEN);
    return err_none();
}

static bool collect_node(void *context, struct bytes key, struct bytes value)
{
    struct collect *c = context;
    struct reader r = reader_over(bytes_of(key.data + 1, key.len - 1));
    struct store_node at = { 0, 0, 0 };
    at.log = reader_u16(&r);
    at.level = reader_u8(&r);
    at.index = reader_u64(&r);
    const struct store_node *skip = c->skip_opt;
    if (skip != NULL && skip->log == at.log && skip->level == at.level && skip->index == at.index)
        return true;
    struct store_node_hash *node = store_items_add(&c->items, c->arena, sizeof *node);
    if (node == NULL)
        return false;
    node->node = at;
    memcpy(node->hash.bytes, value.data, HASH_LEN);
    return c->items.count < c->limit;
}

static struct err view_node_scan(struct store_view *view, const struct store_node *from_opt,
                                 uint32_t limit, struct arena *arena, struct store_nodes *out)
{
    const struct tree_node *root = NULL;
    struct err e = root_of(view, &root);
    if (failed(e))
        return e;
    struct store_node first = from_opt == NULL ? (struct store_node){ 0, 0, 0 } : *from_opt;
    struct memory_key low = memory_key_node(first);
    struct memory_key high = { .data = { 'N' + 1 }, .len = 1 };
    struct collect c = { .arena = arena, .limit = limit, .skip_opt = from_opt };
    struct tree_walk walk = { memory_key_bytes(&low), memory_key_bytes(&high), false, collect_node,
                              &c };
    tree_walk(root, &walk);
    e = arena_check(arena);
    if (!failed(e))
        *out = (struct store_nodes){ c.items.data, c.items.count };
    return e;
}

const struct store_view_ops memory_view_ops = {
    .close = view_close,
    .get = view_get,
    .scan = view_scan,
    .journal_last = view_journal_last,
    .journal_read = view_journal_read,
    .log_size = view_log_size,
    .node_get = view_node_get,
    .node_scan = view_node_scan,
};
