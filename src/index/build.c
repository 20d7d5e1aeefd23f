/* Documents to one segment. */
#include <assert.h>

#include "core/checked.h"
#include "core/hash.h"
#include "index/compare.h"
#include "index/dictionary.h"
#include "index/identifier.h"
#include "index/segment.h"
#include "index/sort.h"

struct build {
    const struct index_doc *docs;
    uint32_t count;
    uint32_t named_count;
    uint32_t *order;   /* place in docs of each document of the segment */
    uint32_t *numbers; /* documents of the segment by number */
    size_t blob_bytes;
    size_t identifiers;
    uint32_t bucket_count;
    uint32_t key_bits;
    struct dictionary dictionary;
};

static void store_u32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static void store_u64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

/* Named before unnamed, by birth with unknown ones last. */
static uint64_t order_key(const struct index_doc *doc)
{
    int32_t from = 0;
    int32_t to = 0;
    if (doc->name_count == 0)
        return UINT64_MAX;
    birth_pack(&doc->birth, &from, &to);
    return (uint64_t)((int64_t)from - INT32_MIN);
}

static struct err check_docs(struct build *b)
{
    for (uint32_t i = 0; i < b->count; i++) {
        const struct index_doc *doc = &b->docs[i];
        size_t len = blob_len(doc);
        if (doc->number == 0)
            return err_at(ERR_INVALID, i, "index.doc-number");
        if (!birth_valid(&doc->birth))
            return err_at(ERR_INVALID, i, "index.bad-birth");
        if (len == 0)
            return err_at(ERR_LIMIT, i, "index.doc-too-large");
        b->blob_bytes += len;
        b->identifiers += doc->identifier_count;
        b->named_count += doc->name_count > 0;
    }
    return err_none();
}

static struct err order_docs(struct build *b, struct arena *arena)
{
    struct sort_pair *pairs = ARENA_ARRAY(arena, struct sort_pair, b->count);
    struct sort_pair *scratch = ARENA_ARRAY(arena, struct sort_pair, b->count);
    b->order = ARENA_ARRAY(arena, uint32_t, b->count);
    b->numbers = ARENA_ARRAY(arena, uint32_t, b->count);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    for (uint32_t i = 0; i < b->count; i++)
        pairs[i] = (struct sort_pair){ b->docs[i].number, i };
    sort_pairs(pairs, scratch, b->count);
    for (uint32_t i = 1; i < b->count; i++) {
        if (pairs[i].key == pairs[i - 1].key)
            return err_at(ERR_INVALID, (uint32_t)pairs[i].value, "index.doc-number");
    }
    for (uint32_t i = 0; i < b->count; i++)
        pairs[i].key = order_key(&b->docs[pairs[i].value]);
    sort_pairs(pairs, scratch, b->count);
    for (uint32_t i = 0; i < b->count; i++) {
        b->order[i] = (uint32_t)pairs[i].value;
        scratch[i] = (struct sort_pair){ b->docs[pairs[i].value].number, i };
    }
    sort_pairs(scratch, pairs, b->count);
    for (uint32_t i = 0; i < b->count; i++)
        b->numbers[i] = (uint32_t)scratch[i].value;
    return err_none();
}

/* --------------------------------------------------------------------- writing sections */

static void write_rows(const struct build *b, uint8_t *rows, uint8_t *blobs)
{
    uint32_t blob = 0;
    for (uint32_t i = 0; i < b->count; i++, rows += ROW_BYTES) {
        const struct index_doc *doc = &b->docs[b->order[i]];
        int32_t from = 0;
        int32_t to = 0;
        birth_pack(&doc->birth, &from, &to);
        store_u64(rows, doc->number);
        store_u32(rows + 8, blob);
        store_u32(rows + 12, (uint32_t)from);
        store_u32(rows + 16, (uint32_t)to);
        rows[20] = (uint8_t)doc->kind;
        rows[21] = (uint8_t)(doc->kind >> 8);
        bool light = i < b->named_count && b->dictionary.light[i];
        rows[22] = (uint8_t)(doc->sex | (light ? ROW_LIGHT : 0));
        rows[23] = (uint8_t)doc->birth.quality;
        blob_write(doc, blobs + blob);
        blob += (uint32_t)blob_len(doc);
    }
}

static void write_keys(const struct build *b, uint8_t *places, uint8_t *keys)
{
    const struct dictionary *d = &b->dictionary;
    size_t at = 0;
    for (uint64_t top = 0; top < UINT64_C(1) << b->key_bits; top++) {
        while (at < d->key_count && d->keys[at] >> (64 - b->key_bits) < top)
            at++;
        store_u32(places + 4 * top, (uint32_t)at);
    }
    store_u32(places + 4 * (UINT64_C(1) << b->key_bits), (uint32_t)d->key_count);
    for (size_t i = 0; i < d->key_count; i++)
        store_u64(keys + 8 * i, d->keys[i]);
}

static void write_posts(const struct dictionary *d, uint8_t *places, uint8_t *posts)
{
    size_t at = 0;
    for (uint32_t token = 0; token <= d->token_count; token++) {
        while (at < d->post_count && d->posts[at] >> 32 < token)
            at++;
        store_u32(places + 4 * (size_t)token, (uint32_t)at);
    }
    for (size_t i = 0; i < d->post_count; i++)
        store_u32(posts + 4 * i, (uint32_t)d->posts[i]);
}

static void write_bucket(const struct build *b, uint8_t *buckets, uint64_t hash, uint32_t doc)
{
    uint32_t bucket = (uint32_t)((hash >> 32) * b->bucket_count >> 32);
    for (;; bucket = bucket + 1 == b->bucket_count ? 0 : bucket + 1) {
        uint8_t *line = buckets + (size_t)bucket * BUCKET_BYTES;
        for (size_t slot = 0; slot < BUCKET_SLOTS; slot++) {
            if (load_u32(line + 4 * slot) != 0)
                continue;
            store_u32(line + 4 * slot, (uint32_t)hash | 1);
            store_u32(line + 32 + 4 * slot, doc);
            return;
        }
    }
}

static void write_buckets(const struct build *b, uint8_t *buckets)
{
    for (uint32_t i = 0; i < b->count; i++) {
        const struct index_doc *doc = &b->docs[b->order[i]];
        for (size_t k = 0; k < doc->identifier_count; k++) {
            struct key key = identifier_key(&doc->identifiers[k]);
            if (key.len > 0)
                write_bucket(b, buckets, key_hash(doc->identifiers[k].cls, &key), i);
        }
    }
}

static void section_lengths(const struct build *b, uint64_t len[SECTIONS])
{
    const struct dictionary *d = &b->dictionary;
    len[SECTION_ROWS] = (uint64_t)b->count * ROW_BYTES;
    len[SECTION_BLOBS] = b->blob_bytes;
    len[SECTION_TOKENS_AT] = 4 * ((uint64_t)d->token_count + 1);
    len[SECTION_TOKENS] = d->bytes_at[d->token_count];
    len[SECTION_KEYS_AT] = 4 * ((UINT64_C(1) << b->key_bits) + 1);
    len[SECTION_KEYS] = 8 * (uint64_t)d->key_count;
    len[SECTION_POSTS_AT] = len[SECTION_TOKENS_AT];
    len[SECTION_POSTS] = 4 * (uint64_t)d->post_count;
    len[SECTION_BUCKETS] = (uint64_t)b->bucket_count * BUCKET_BYTES;
    len[SECTION_NUMBERS] = 4 * (uint64_t)b->count;
}

static void write_head(const struct build *b, const uint64_t at[SECTIONS],
                       const uint64_t len[SECTIONS], uint8_t *out)
{
    const uint32_t counts[SEGMENT_COUNTS] = {
        b->count,    b->named_count,  b->dictionary.token_count,
        b->key_bits, b->bucket_count, (uint32_t)b->dictionary.key_count,
    };
    memcpy(out, SEGMENT_MAGIC, 8);
    store_u32(out + 8, INDEX_FORMAT_VERSION << 16 | INDEX_SCORE_VERSION);
    uint8_t *p = out + 12;
    for (size_t i = 0; i < SEGMENT_COUNTS; i++, p += 4)
        store_u32(p, counts[i]);
    for (size_t i = 0; i < SECTIONS; i++, p += 8) {
        store_u32(p, (uint32_t)at[i]);
        store_u32(p + 4, (uint32_t)len[i]);
    }
}

static struct err write_segment(const struct build *b, struct arena *arena, struct bytes *out)
{
    uint64_t at[SECTIONS];
    uint64_t len[SECTIONS];
    uint64_t total = SEGMENT_HEAD;
    section_lengths(b, len);
    for (size_t i = 0; i < SECTIONS; i++) {
        at[i] = total;
        total += (len[i] + 7) / 8 * 8;
    }
    if (total > INDEX_SEGMENT_BYTES_MAX)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    uint8_t *memory = arena_take(arena, total);
    if (memory == NULL)
        return arena_check(arena);
    const struct dictionary *d = &b->dictionary;
    write_head(b, at, len, memory);
    write_rows(b, memory + at[SECTION_ROWS], memory + at[SECTION_BLOBS]);
    for (uint32_t i = 0; i <= d->token_count; i++)
        store_u32(memory + at[SECTION_TOKENS_AT] + 4 * (size_t)i, d->bytes_at[i]);
    memcpy(memory + at[SECTION_TOKENS], d->bytes, len[SECTION_TOKENS]);
    write_keys(b, memory + at[SECTION_KEYS_AT], memory + at[SECTION_KEYS]);
    write_posts(d, memory + at[SECTION_POSTS_AT], memory + at[SECTION_POSTS]);
    write_buckets(b, memory + at[SECTION_BUCKETS]);
    for (uint32_t i = 0; i < b->count; i++)
        store_u32(memory + at[SECTION_NUMBERS] + 4 * (size_t)i, b->numbers[i]);
    struct hash hash = segment_hash(bytes_of(memory, total));
    memcpy(memory + HASH_AT, hash.bytes, HASH_LEN);
    *out = bytes_of(memory, total);
    return err_none();
}

struct err index_build(const struct index_doc *docs, size_t count, struct arena *arena,
                       struct bytes *segment_out)
{
    if (count > UINT32_MAX / ROW_BYTES)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    struct build b = { .docs = docs, .count = (uint32_t)count };
    struct err e = check_docs(&b);
    if (failed(e))
        return e;
    if (b.blob_bytes > INDEX_SEGMENT_BYTES_MAX || b.identifiers > UINT32_MAX / BUCKET_BYTES)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    e = order_docs(&b, arena);
    if (failed(e))
        return e;
    e = dictionary_make(docs, b.order, b.named_count, arena, &b.dictionary);
    if (failed(e))
        return e;
    /* 8 slots a line at a load of 0.8, and never full */
    b.bucket_count = b.identifiers > 0 ? (uint32_t)(b.identifiers * 10 / 64 + 2) : 0;
    b.key_bits = 1;
    while (b.key_bits < KEY_BITS_MAX && UINT64_C(4) << b.key_bits < b.dictionary.key_count)
        b.key_bits++;
    return write_segment(&b, arena, segment_out);
}

size_t index_build_room(const struct index_doc *docs, size_t count)
{
    enum { PER_DOC = 128, PER_IDENTIFIER = 16, PER_TOKEN = 2 * TOKEN_BYTES_MAX, FIXED = 1 << 20 };
    size_t room = FIXED + count * PER_DOC;
    for (size_t i = 0; i < count; i++) {
        room += blob_len(&docs[i]) + docs[i].identifier_count * PER_IDENTIFIER;
        for (size_t n = 0; n < docs[i].name_count; n++) {
            struct analysed name;
            analyse_name(&docs[i].names[n], (struct bytes){ 0 }, &name);
            for (size_t t = 0; t < name.count; t++) {
                uint32_t keys[KEYS_MAX];
                /* twice while sorting, once in the segment, and its directory */
                room += PER_TOKEN + token_keys(&name.token[t], keys) * (3 * 8 + 4);
            }
        }
    }
    return room;
}
