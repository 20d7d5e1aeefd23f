#include "store/memory_state.h"

#include <assert.h>

#include "core/reader.h"
#include "core/writer.h"

enum {
    LOG_MAGIC = 0x434C6F67, /* "CLog" */
    LOG_DIGEST = 16,
    LOG_HEAD = 4 + 8 + 4 + LOG_DIGEST,
    LOG_PUT = 1,
    LOG_DELETE = 2
};

static void digest_of(const struct memory_store *m, uint64_t sequence, struct bytes body,
                      uint8_t out[static LOG_DIGEST])
{
    uint8_t memory[16];
    struct writer w = writer_over(memory, sizeof memory);
    writer_u64(&w, m->disk.plan.seed); /* so that no value can pass for a record */
    writer_u64(&w, sequence);
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, bytes_of(memory, w.len));
    hasher_add(&h, body);
    struct hash hash = hasher_end(&h);
    memcpy(out, hash.bytes, LOG_DIGEST);
}

void memory_log_start(struct memory_store *m)
{
    m->changes.len = 0;
}

static struct err log_add(struct memory_store *m, uint8_t op, struct bytes key)
{
    uint8_t memory[8];
    struct writer w = writer_over(memory, sizeof memory);
    writer_u8(&w, op);
    writer_u32(&w, (uint32_t)key.len);
    static const uint8_t no_head[LOG_HEAD];
    bool added = (m->changes.len > 0 || disk_buffer_add(&m->changes, BYTES_OF(no_head))) &&
                 disk_buffer_add(&m->changes, bytes_of(memory, w.len)) &&
                 disk_buffer_add(&m->changes, key);
    return added ? err_none() : err_make(ERR_UNAVAILABLE, "store.no-memory");
}

struct err memory_log_add_put(struct memory_store *m, struct bytes key, struct bytes value)
{
    struct err e = log_add(m, LOG_PUT, key);
    if (failed(e))
        return e;
    uint8_t memory[4];
    struct writer w = writer_over(memory, sizeof memory);
    writer_u32(&w, (uint32_t)value.len);
    bool added = disk_buffer_add(&m->changes, bytes_of(memory, w.len)) &&
                 disk_buffer_add(&m->changes, value);
    return added ? err_none() : err_make(ERR_UNAVAILABLE, "store.no-memory");
}

struct err memory_log_add_delete(struct memory_store *m, struct bytes key)
{
    return log_add(m, LOG_DELETE, key);
}

struct err memory_log_commit(struct memory_store *m)
{
    if (m->changes.len == 0)
        return err_none(); /* nothing changed: nothing to make durable */
    assert(m->changes.len > LOG_HEAD && m->changes.len <= UINT32_MAX);
    struct bytes body = bytes_of(m->changes.data + LOG_HEAD, m->changes.len - LOG_HEAD);
    uint8_t digest[LOG_DIGEST];
    digest_of(m, m->sequence, body, digest);
    struct writer w = writer_over(m->changes.data, LOG_HEAD);
    writer_u32(&w, LOG_MAGIC);
    writer_u64(&w, m->sequence);
    writer_u32(&w, (uint32_t)body.len);
    writer_put(&w, BYTES_OF(digest));
    assert(w.len == LOG_HEAD);
    struct err e = disk_write(&m->disk, m->log_end, bytes_of(m->changes.data, m->changes.len));
    if (!failed(e))
        e = disk_fsync(&m->disk);
    if (failed(e)) {
        /* A restart of the process alone must not find what was reported as failed. When this
         * write fails too, it may: store.h says so. */
        static const uint8_t no_head[LOG_HEAD];
        struct err second = disk_write(&m->disk, m->log_end, BYTES_OF(no_head));
        (void)second;
        return e;
    }
    m->log_end += m->changes.len;
    m->sequence++;
    return err_none();
}

/* The record at the reader, if it is whole and has this sequence or (`later`) a higher one. */
static bool record_read(const struct memory_store *m, struct reader *r, bool later,
                        struct bytes *body_out)
{
    uint32_t magic = reader_u32(r);
    uint64_t sequence = reader_u64(r);
    uint32_t len = reader_u32(r);
    struct bytes digest = reader_take(r, LOG_DIGEST);
    struct bytes body = reader_take(r, len);
    if (failed(r->err) || magic != LOG_MAGIC)
        return false;
    if (later ? sequence <= m->sequence : sequence != m->sequence)
        return false;
    uint8_t expected[LOG_DIGEST];
    digest_of(m, sequence, body, expected);
    if (memcmp(expected, digest.data, LOG_DIGEST) != 0)
        return false;
    *body_out = body;
    return true;
}

static struct err record_apply(struct memory_store *m, struct bytes body)
{
    struct reader r = reader_over(body);
    struct err e = err_none();
    while (reader_left(&r) > 0 && !failed(r.err) && !failed(e)) {
        uint8_t op = reader_u8(&r);
        struct bytes key = reader_block(&r, MEMORY_KEY_MAX);
        assert(op == LOG_PUT || op == LOG_DELETE);
        if (op == LOG_DELETE)
            e = tree_delete(&m->pool, &m->committed, key);
        else
            e = tree_put(&m->pool, &m->committed, key,
                         reader_block(&r, STORE_VALUE_MAX + MEMORY_ENTRY_HEAD));
    }
    assert(!failed(r.err)); /* the digest was right: we wrote this */
    return e;
}

/* M1: a whole record behind a broken one was durable once, so what it follows was too. */
static bool later_record(const struct memory_store *m, struct bytes rest)
{
    static const uint8_t magic[4] = { 0x43, 0x4C, 0x6F, 0x67 };
    while (rest.len > LOG_HEAD) {
        const uint8_t *hit = memmem(rest.data + 1, rest.len - 1, magic, sizeof magic);
        if (hit == NULL)
            return false;
        rest = bytes_of(hit, rest.len - (size_t)(hit - rest.data));
        struct reader r = reader_over(rest);
        struct bytes body = { NULL, 0 };
        if (record_read(m, &r, true, &body))
            return true;
    }
    return false;
}

struct err memory_log_recover(struct memory_store *m)
{
    tree_release(m->committed);
    m->committed = tree_retain(m->image);
    m->sequence = m->image_sequence;
    m->log_end = 0;
    for (;;) {
        struct bytes rest = bytes_of(m->disk.seen.data, m->disk.seen.len);
        if (m->log_end < rest.len)
            rest = bytes_of(rest.data + m->log_end, rest.len - m->log_end);
        else
            return err_none();
        struct reader r = reader_over(rest);
        struct bytes body = { NULL, 0 };
        if (!record_read(m, &r, false, &body))
            return later_record(m, rest) ? err_make(ERR_CORRUPT, "store.database-damaged")
                                         : err_none();
        struct err e = record_apply(m, body);
        if (failed(e))
            return e;
        m->log_end += LOG_HEAD + body.len;
        m->sequence++;
    }
}
