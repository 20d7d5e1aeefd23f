/* One canonical order over everything a store holds: journal, tables, nodes, blobs. Each item is
 * a tag and blocks with a u32 length, so no two contents give the same bytes. */
#include "store/store_ops.h"

#include <assert.h>
#include <stdlib.h>

#include "core/writer.h"

enum { DUMP_PAGE = 256, DUMP_ARENA = STORE_VALUE_MAX + 1024 * 1024 };

struct dump {
    struct store *store;
    struct store_view *view;
    struct store_sink sink;
    struct arena arena; /* of one page */
    uint32_t limit;     /* rows a page; halved when a page does not fit */
};

static struct err dump_write(struct dump *d, struct bytes part)
{
    if (part.len > 0 && !d->sink.write(d->sink.context, part))
        return err_make(ERR_IO, "store.dump-refused");
    return err_none();
}

static struct err dump_item(struct dump *d, struct bytes head, struct bytes value)
{
    uint8_t memory[STORE_BOUND_MAX + 64];
    struct writer w = writer_over(memory, sizeof memory);
    writer_block(&w, head);
    writer_u32(&w, (uint32_t)value.len);
    struct bytes out = { NULL, 0 };
    struct err e = writer_end(&w, &out);
    assert(!failed(e));
    e = dump_write(d, out);
    return failed(e) ? e : dump_write(d, value);
}

/* A page that does not fit is read again with half the rows; one row always fits. */
static bool dump_retry(struct dump *d, struct err e)
{
    if (e.code != ERR_LIMIT || d->limit == 1)
        return false;
    d->limit /= 2;
    return true;
}

static struct err dump_entry(struct dump *d, const struct journal_entry *entry)
{
    uint8_t memory[64];
    struct writer w = writer_over(memory, sizeof memory);
    writer_u8(&w, 'J');
    writer_u64(&w, entry->number);
    writer_u16(&w, entry->log);
    writer_u64(&w, entry->leaf);
    writer_u8(&w, entry->class_);
    writer_u32(&w, entry->month);
    writer_put(&w, BYTES_OF(entry->entry.bytes));
    struct bytes head = { NULL, 0 };
    struct err e = writer_end(&w, &head);
    assert(!failed(e));
    return dump_item(d, head, entry->sealed);
}

static struct err dump_journal(struct dump *d)
{
    uint64_t from = 1;
    for (;;) {
        struct journal_entries page = { NULL, 0 };
        arena_reset(&d->arena);
        struct err e = store_journal_read(d->view, from, d->limit, &d->arena, &page);
        if (dump_retry(d, e))
            continue;
        for (size_t i = 0; i < page.count && !failed(e); i++)
            e = dump_entry(d, &page.entries[i]);
        if (failed(e) || page.count == 0)
            return e;
        from = page.entries[page.count - 1].number + 1;
    }
}

static struct err dump_row(struct dump *d, enum store_table table, const struct store_row *row)
{
    uint8_t head[STORE_KEY_MAX + 2] = { 'R', (uint8_t)table };
    memcpy(head + 2, row->key.data, row->key.len);
    return dump_item(d, bytes_of(head, row->key.len + 2), row->value);
}

static struct err dump_table(struct dump *d, enum store_table table)
{
    uint8_t last[STORE_KEY_MAX];
    struct store_range range = { .table = table };
    for (;;) {
        struct store_rows page = { NULL, 0 };
        arena_reset(&d->arena);
        range.limit = d->limit;
        struct err e = store_scan(d->view, &range, &d->arena, &page);
        if (dump_retry(d, e))
            continue;
        for (size_t i = 0; i < page.count && !failed(e); i++)
            e = dump_row(d, table, &page.rows[i]);
        if (failed(e) || page.count == 0)
            return e;
        struct bytes key = page.rows[page.count - 1].key;
        memcpy(last, key.data, key.len);
        range.after = bytes_of(last, key.len);
    }
}

static struct err dump_nodes(struct dump *d)
{
    struct store_node last = { 0, 0, 0 };
    const struct store_node *from = NULL;
    for (;;) {
        struct store_nodes page = { NULL, 0 };
        arena_reset(&d->arena);
        struct err e = d->view->ops->node_scan(d->view, from, DUMP_PAGE, &d->arena, &page);
        for (size_t i = 0; i < page.count && !failed(e); i++) {
            uint8_t memory[16];
            struct writer w = writer_over(memory, sizeof memory);
            last = page.nodes[i].node;
            writer_u8(&w, 'N');
            writer_u16(&w, last.log);
            writer_u8(&w, last.level);
            writer_u64(&w, last.index);
            e = dump_item(d, bytes_of(memory, w.len), BYTES_OF(page.nodes[i].hash.bytes));
        }
        if (failed(e) || page.count == 0)
            return e;
        from = &last;
    }
}

static struct err dump_blobs(struct dump *d)
{
    struct hash names[DUMP_PAGE];
    struct hash last;
    const struct hash *after = NULL;
    for (;;) {
        size_t count = 0;
        struct err e = d->store->ops->blob_names(d->store, after, DUMP_PAGE, names, &count);
        for (size_t i = 0; i < count && !failed(e); i++) {
            struct bytes blob = { NULL, 0 };
            arena_reset(&d->arena);
            e = store_blob_get(d->store, &names[i], &d->arena, &blob);
            if (!failed(e))
                e = dump_item(d, BYTES_OF(names[i].bytes), blob);
        }
        if (failed(e) || count == 0)
            return e;
        last = names[count - 1];
        after = &last;
    }
}

struct err store_dump(struct store *store, struct store_sink sink)
{
    assert(!store->writing);
    void *memory = malloc(DUMP_ARENA);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    struct dump d = { store, store_view(store), sink, arena_over(memory, DUMP_ARENA), DUMP_PAGE };
    struct err e = dump_journal(&d);
    for (enum store_table t = 0; t < STORE_TABLES && !failed(e); t++)
        e = dump_table(&d, t);
    if (!failed(e))
        e = dump_nodes(&d);
    if (!failed(e))
        e = dump_blobs(&d);
    free(memory);
    return e;
}

static bool dump_hash_part(void *context, struct bytes part)
{
    hasher_add(context, part);
    return true;
}

struct err store_dump_hash(struct store *store, struct hash *out)
{
    struct hasher h;
    hasher_init(&h);
    struct err e = store_dump(store, (struct store_sink){ dump_hash_part, &h });
    if (failed(e))
        return e;
    *out = hasher_end(&h);
    return err_none();
}
