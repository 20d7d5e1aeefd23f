#include "store/backup_format.h"

#include <assert.h>
#include <stdlib.h>

#include "core/writer.h"
#include "store/store_ops.h"

const uint8_t backup_magic[8] = { 'C', 'O', 'M', 'I', 'T', 'Y', 'B', 'K' };

struct hash backup_digest(const struct hash *before, uint8_t type, struct bytes payload)
{
    uint8_t memory[8];
    struct writer w = writer_over(memory, sizeof memory);
    writer_u8(&w, type);
    writer_u32(&w, (uint32_t)payload.len);
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, BYTES_OF(before->bytes));
    hasher_add(&h, bytes_of(memory, w.len));
    hasher_add(&h, payload);
    return hasher_end(&h);
}

enum { PAGE = 256, PAGE_ARENA = STORE_VALUE_MAX + 1024 * 1024 };

struct output {
    struct store *store;
    struct store_view *view;
    struct store_sink sink;
    struct hash digest;
    struct backup_account account;
    uint8_t *memory; /* PAGE_ARENA for what is read, then BACKUP_CHUNK_MAX for the chunk */
    struct arena arena;
    struct writer chunk;
    uint32_t limit; /* entries a page */
};

static struct err put_bytes(struct output *o, struct bytes part)
{
    if (part.len > 0 && !o->sink.write(o->sink.context, part))
        return err_make(ERR_IO, "backup.write-failed");
    o->account.bytes += part.len;
    return err_none();
}

static struct err put_chunk(struct output *o, enum backup_chunk_type type, struct bytes payload)
{
    uint8_t memory[8];
    struct writer w = writer_over(memory, sizeof memory);
    writer_u8(&w, (uint8_t)type);
    writer_u32(&w, (uint32_t)payload.len);
    o->digest = backup_digest(&o->digest, (uint8_t)type, payload);
    struct err e = put_bytes(o, bytes_of(memory, w.len));
    if (!failed(e))
        e = put_bytes(o, payload);
    return failed(e) ? e : put_bytes(o, BYTES_OF(o->digest.bytes));
}

/* Sends what was gathered in `chunk`, if anything. */
static struct err flush(struct output *o, enum backup_chunk_type type)
{
    struct bytes payload = { NULL, 0 };
    struct err e = writer_end(&o->chunk, &payload);
    assert(!failed(e)); /* flushed before it could be full */
    o->chunk.len = 0;
    return payload.len == 0 ? err_none() : put_chunk(o, type, payload);
}

static struct err put_head(struct output *o, enum backup_kind kind, const struct backup_head *head)
{
    uint8_t memory[BACKUP_FILE_HEAD];
    struct writer w = writer_over(memory, sizeof memory);
    writer_put(&w, BYTES_OF(backup_magic));
    writer_u16(&w, BACKUP_VERSION);
    writer_u8(&w, (uint8_t)kind);
    writer_u8(&w, 0);
    o->digest = hash_of(BYTES_OF(memory));
    struct err e = put_bytes(o, BYTES_OF(memory));
    if (failed(e))
        return e;
    writer_u64(&o->chunk, (uint64_t)head->at.ms);
    writer_block(&o->chunk, text_bytes(head->label));
    return flush(o, CHUNK_HEAD);
}

static struct err put_end(struct output *o)
{
    writer_u64(&o->chunk, o->account.entries);
    writer_u64(&o->chunk, o->account.blobs);
    return flush(o, CHUNK_END);
}

static struct err put_entry(struct output *o, const struct journal_entry *entry)
{
    if (o->chunk.len > 0 && o->chunk.len + BACKUP_ENTRY_HEAD + entry->sealed.len > BACKUP_CHUNK) {
        struct err e = flush(o, CHUNK_ENTRIES);
        if (failed(e))
            return e;
    }
    writer_u64(&o->chunk, entry->number);
    writer_u16(&o->chunk, entry->log);
    writer_u64(&o->chunk, entry->leaf);
    writer_u8(&o->chunk, entry->class_);
    writer_u32(&o->chunk, entry->month);
    writer_put(&o->chunk, BYTES_OF(entry->entry.bytes));
    writer_block(&o->chunk, entry->sealed);
    o->account.entries++;
    o->account.hollow += entry->sealed.len == 0 ? 1 : 0;
    return err_none();
}

static struct err put_erased(struct output *o, const struct journal_entry *entry)
{
    writer_u64(&o->chunk, entry->number);
    writer_put(&o->chunk, BYTES_OF(entry->entry.bytes));
    o->account.entries++;
    o->account.hollow++;
    return o->chunk.len >= BACKUP_CHUNK ? flush(o, CHUNK_ERASED) : err_none();
}

/* The journal, or its entries without opening, page by page. */
static struct err put_entries(struct output *o, bool hollow)
{
    uint64_t from = 1;
    for (;;) {
        struct journal_entries page = { NULL, 0 };
        arena_reset(&o->arena);
        struct err e = hollow ? store_hollow_read(o->view, from, o->limit, &o->arena, &page)
                              : store_journal_read(o->view, from, o->limit, &o->arena, &page);
        if (e.code == ERR_LIMIT && o->limit > 1) { /* the page does not fit: half of it */
            o->limit /= 2;
            continue;
        }
        for (size_t i = 0; i < page.count && !failed(e); i++)
            e = hollow ? put_erased(o, &page.entries[i]) : put_entry(o, &page.entries[i]);
        if (failed(e))
            return e;
        if (page.count == 0)
            return flush(o, hollow ? CHUNK_ERASED : CHUNK_ENTRIES);
        from = page.entries[page.count - 1].number + 1;
    }
}

static struct err put_blobs(struct output *o)
{
    struct hash names[PAGE];
    struct hash last;
    const struct hash *after = NULL;
    for (;;) {
        size_t count = 0;
        struct err e = o->store->ops->blob_names(o->store, after, PAGE, names, &count);
        for (size_t i = 0; i < count && !failed(e); i++) {
            struct bytes blob = { NULL, 0 };
            arena_reset(&o->arena);
            e = store_blob_get(o->store, &names[i], &o->arena, &blob);
            if (e.code == ERR_NOT_FOUND) { /* erased since it was listed */
                e = err_none();
                continue;
            }
            if (!failed(e))
                e = put_chunk(o, CHUNK_BLOB, blob);
            o->account.blobs += failed(e) ? 0 : 1;
        }
        if (failed(e) || count == 0)
            return e;
        last = names[count - 1];
        after = &last;
    }
}

static struct err write_file(struct store *store, enum backup_kind kind,
                             const struct backup_head *head, struct store_sink sink,
                             struct backup_account *out)
{
    if (head->label.len > BACKUP_LABEL_MAX)
        return err_make(ERR_LIMIT, "backup.label-too-long");
    struct output o = { .store = store, .sink = sink, .limit = PAGE };
    o.memory = malloc((size_t)PAGE_ARENA + BACKUP_CHUNK_MAX);
    if (o.memory == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    o.arena = arena_over(o.memory, PAGE_ARENA);
    o.chunk = writer_over(o.memory + PAGE_ARENA, BACKUP_CHUNK_MAX);
    struct err e = store_snapshot_open(store, &o.view);
    if (!failed(e)) {
        e = put_head(&o, kind, head);
        if (!failed(e))
            e = put_entries(&o, kind == BACKUP_ERASURES);
        if (!failed(e) && kind == BACKUP_JOURNAL)
            e = put_blobs(&o);
        if (!failed(e))
            e = put_end(&o);
        store_snapshot_close(o.view);
    }
    free(o.memory);
    if (!failed(e))
        *out = o.account;
    return e;
}

struct err backup_write(struct store *store, const struct backup_head *head, struct store_sink sink,
                        struct backup_account *out)
{
    return write_file(store, BACKUP_JOURNAL, head, sink, out);
}

struct err backup_write_erasures(struct store *store, const struct backup_head *head,
                                 struct store_sink sink, struct backup_account *out)
{
    return write_file(store, BACKUP_ERASURES, head, sink, out);
}
