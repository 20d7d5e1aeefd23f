#include "link/batch.h"

#include <assert.h>

#include "core/checked.h"
#include "core/reader.h"
#include "core/writer.h"

static const char magic[8] = { 'c', 'o', 'm', 'i', 't', 'y', '-', 'b' };

enum {
    FLAG_HOLLOW = 1,
    /* magic, version, suite, realm, generation, from, to, first, count, anchors: first, count,
     * and the two lengths of notes */
    HEADER_LEN = 8 + 2 + 2 + 32 + 4 + 32 + 32 + 8 + 4 + 8 + 4 + 4 + 4,
    FRAME_HEADER_LEN = 8 + 1,
    FULL_OVERHEAD = FRAME_HEADER_LEN + FRAME_SALT_LEN + 4,
    HOLLOW_LEN = FRAME_HEADER_LEN + HASH_LEN,
};

/* The fullest batch that the clerk's window allows fits (bulk, urgent, and the one frame that is
 * always allowed), with every anchor and both notes. */
_Static_assert((size_t)BATCH_BULK_AHEAD_MAX + BATCH_URGENT_AHEAD_MAX + FRAME_CONTENT_LEN_MAX +
                       (size_t)BATCH_FRAMES_MAX * FULL_OVERHEAD +
                       (size_t)BATCH_ANCHORS_MAX * HASH_LEN + 2 * (size_t)BATCH_NOTE_LEN_MAX +
                       HEADER_LEN <=
                   (size_t)BATCH_LEN_MAX,
               "limits add up");

struct hash batch_realm_hash(struct text realm)
{
    static const char domain[] = "comity/realm/v1"; /* with its NUL */
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, bytes_of(domain, sizeof domain));
    hasher_add(&h, text_bytes(realm));
    return hasher_end(&h);
}

size_t batch_frame_len(size_t content_len, bool hollow)
{
    return hollow ? (size_t)HOLLOW_LEN : (size_t)FULL_OVERHEAD + content_len;
}

static struct err read_head(struct reader *r, struct batch *batch)
{
    struct bytes mark = reader_take(r, sizeof magic);
    uint16_t version = reader_u16(r);
    uint16_t suite = reader_u16(r);
    if (failed(r->err))
        return r->err;
    if (!bytes_equal(mark, bytes_of(magic, sizeof magic)))
        return err_make(ERR_CORRUPT, "batch.not-a-batch");
    if (version != BATCH_VERSION)
        return err_at(ERR_INVALID, sizeof magic, "batch.version");
    if (suite != BATCH_SUITE_PLAIN)
        return err_at(ERR_INVALID, sizeof magic + 2, "batch.suite");
    reader_copy(r, batch->realm.bytes, HASH_LEN);
    batch->generation = reader_u32(r);
    reader_copy(r, batch->from, BATCH_KEY_LEN);
    reader_copy(r, batch->to, BATCH_KEY_LEN);
    batch->first = reader_u64(r);
    batch->count = reader_u32(r);
    batch->checkpoint = reader_block(r, BATCH_NOTE_LEN_MAX);
    if (failed(r->err))
        return r->err;
    if (batch->count > BATCH_FRAMES_MAX)
        return err_at(ERR_LIMIT, (uint32_t)r->at, "batch.too-many");
    if (batch->count == 0 || batch->generation == 0 || batch->first == 0 ||
        batch->first > FRAME_NUMBER_MAX - batch->count || batch->checkpoint.len == 0)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "batch.head");
    return err_none();
}

static struct err read_anchors(struct reader *r, struct arena *arena, struct batch_anchors *out)
{
    struct batch_anchors anchors = { .first = reader_u64(r), .count = reader_u32(r) };
    if (failed(r->err))
        return r->err;
    if (anchors.count > BATCH_ANCHORS_MAX)
        return err_at(ERR_LIMIT, (uint32_t)r->at, "batch.too-many");
    size_t len = (size_t)anchors.count * HASH_LEN;
    if (len > reader_left(r)) /* before memory is taken for what is not there */
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "wire.short");
    struct hash *entries = ARENA_ARRAY(arena, struct hash, anchors.count);
    if (entries == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < anchors.count; i++)
        reader_copy(r, entries[i].bytes, HASH_LEN);
    anchors.entries = entries;
    anchors.checkpoint = reader_block(r, BATCH_NOTE_LEN_MAX);
    if (failed(r->err))
        return r->err;
    bool nothing = anchors.count == 0 && anchors.checkpoint.len == 0;
    if ((anchors.checkpoint.len == 0 && anchors.count > 0) || (nothing && anchors.first != 0) ||
        anchors.first > FRAME_NUMBER_MAX - anchors.count)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "batch.anchors");
    *out = anchors;
    return err_none();
}

static struct err read_frame(struct reader *r, uint64_t number, struct batch_frame *out)
{
    struct batch_frame frame = { .number = reader_u64(r) };
    uint8_t flags = reader_u8(r);
    if (failed(r->err))
        return r->err;
    if (frame.number != number)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "batch.number");
    if ((flags & ~FLAG_HOLLOW) != 0)
        return err_at(ERR_CORRUPT, (uint32_t)r->at, "batch.flags");
    frame.hollow = (flags & FLAG_HOLLOW) != 0;
    if (frame.hollow) {
        reader_copy(r, frame.commitment.bytes, HASH_LEN);
    } else {
        reader_copy(r, frame.salt, FRAME_SALT_LEN);
        frame.content = reader_block(r, FRAME_CONTENT_LEN_MAX);
        if (!failed(r->err) && frame.content.len == 0)
            return err_at(ERR_CORRUPT, (uint32_t)r->at, "batch.empty-frame");
    }
    if (failed(r->err))
        return r->err;
    *out = frame;
    return err_none();
}

struct err batch_parse(struct bytes in, struct arena *arena, struct batch *out)
{
    if (in.len > BATCH_LEN_MAX)
        return err_make(ERR_LIMIT, "batch.too-long");
    struct reader r = reader_over(in);
    struct batch batch = { .first = 0 };
    struct err e = read_head(&r, &batch);
    if (failed(e))
        return e;
    e = read_anchors(&r, arena, &batch.anchors);
    if (failed(e))
        return e;
    struct batch_frame *frames = ARENA_ARRAY(arena, struct batch_frame, batch.count);
    if (frames == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < batch.count; i++) {
        e = read_frame(&r, batch.first + i, &frames[i]);
        if (failed(e))
            return e;
    }
    e = reader_end(&r);
    if (failed(e))
        return e;
    batch.frames = frames;
    *out = batch;
    return err_none();
}

static void write_head(struct writer *w, const struct batch *batch)
{
    writer_put(w, bytes_of(magic, sizeof magic));
    writer_u16(w, BATCH_VERSION);
    writer_u16(w, BATCH_SUITE_PLAIN);
    writer_put(w, BYTES_OF(batch->realm.bytes));
    writer_u32(w, batch->generation);
    writer_put(w, BYTES_OF(batch->from));
    writer_put(w, BYTES_OF(batch->to));
    writer_u64(w, batch->first);
    writer_u32(w, batch->count);
    writer_block(w, batch->checkpoint);
    writer_u64(w, batch->anchors.first);
    writer_u32(w, batch->anchors.count);
    for (uint32_t i = 0; i < batch->anchors.count; i++)
        writer_put(w, BYTES_OF(batch->anchors.entries[i].bytes));
    writer_block(w, batch->anchors.checkpoint);
}

static void write_frame(struct writer *w, const struct batch_frame *frame)
{
    writer_u64(w, frame->number);
    writer_u8(w, frame->hollow ? FLAG_HOLLOW : 0);
    if (frame->hollow) {
        writer_put(w, BYTES_OF(frame->commitment.bytes));
        return;
    }
    assert(frame->content.len > 0 && frame->content.len <= FRAME_CONTENT_LEN_MAX);
    writer_put(w, BYTES_OF(frame->salt));
    writer_block(w, frame->content);
}

struct err batch_format(const struct batch *batch, struct arena *arena, struct bytes *out)
{
    assert(batch->count > 0 && batch->count <= BATCH_FRAMES_MAX);
    assert(batch->first > 0 && batch->generation > 0);
    assert(batch->checkpoint.len > 0 && batch->checkpoint.len <= BATCH_NOTE_LEN_MAX);
    assert(batch->anchors.count <= BATCH_ANCHORS_MAX);
    assert(batch->anchors.checkpoint.len <= BATCH_NOTE_LEN_MAX);
    assert(batch->anchors.checkpoint.len > 0 || batch->anchors.count == 0);
    struct writer w = writer_in(arena);
    write_head(&w, batch);
    for (uint32_t i = 0; i < batch->count; i++) {
        assert(batch->frames[i].number == batch->first + i); /* I4: no gaps */
        write_frame(&w, &batch->frames[i]);
    }
    struct bytes bytes;
    struct err e = writer_keep(&w, arena, &bytes);
    if (failed(e))
        return e;
    if (bytes.len > BATCH_LEN_MAX)
        return err_make(ERR_LIMIT, "batch.too-long");
    *out = bytes;
    return err_none();
}
