#include "seal/blob.h"

#include <assert.h>

#include "core/writer.h"

enum { REALM_MAX = 64, PLACE_MAX = 16 + 1 + 4 + REALM_MAX + BLOB_ID_LEN + 8 + 1 };

static struct bytes chunk_place(uint8_t *memory, const struct blob_chunk *chunk)
{
    struct writer w = writer_over(memory, PLACE_MAX);
    assert(chunk->realm.len <= REALM_MAX);
    writer_literal(&w, "comity/blob/v1\n");
    writer_u8(&w, (uint8_t)chunk->kind);
    writer_block(&w, text_bytes(chunk->realm));
    writer_put(&w, BYTES_OF(chunk->id));
    writer_u64(&w, chunk->index);
    writer_u8(&w, chunk->last ? 1 : 0);
    assert(!w.full);
    return bytes_of(memory, w.len);
}

struct err blob_seal_chunk(const struct secret_key *key, const struct blob_chunk *chunk,
                           struct bytes plain, struct arena *arena, struct bytes *out)
{
    uint8_t place[PLACE_MAX];
    assert(plain.len <= BLOB_CHUNK_LEN && (chunk->last || plain.len == BLOB_CHUNK_LEN));
    return box_seal(key, chunk_place(place, chunk), plain, arena, out);
}

struct err blob_open_chunk(const struct secret_key *key, const struct blob_chunk *chunk,
                           struct bytes sealed, struct arena *arena, struct bytes *out)
{
    uint8_t place[PLACE_MAX];
    bool fits = sealed.len <= BLOB_SEALED_MAX && (chunk->last || sealed.len == BLOB_SEALED_MAX);
    if (!fits)
        return err_make(ERR_CORRUPT, "seal.damaged");
    return box_open(key, chunk_place(place, chunk), sealed, arena, out);
}
