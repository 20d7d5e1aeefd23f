/* Documents to one segment. */
#include <assert.h>

#include "index/score/compare.h"
#include "index/segment/dictionary.h"
#include "index/score/identifier.h"
#include "index/segment/object.h"
#include "index/segment/rows.h"
#include "index/segment/sort.h"

struct build {
    const struct index_source *source;
    struct arena *arena;
    struct arena scratch; /* for one document of the source */
    uint32_t count;
    uint32_t row_count;
    uint32_t named_count;
    uint32_t narrow_count;
    uint32_t *order;     /* place in the source of each document of the segment */
    uint32_t *words_end; /* per named document */
    uint64_t blob_bytes;
    uint64_t identifiers;
    uint32_t bucket_count;
    uint32_t key_bits;
    struct dictionary dictionary;
    uint64_t at[SECTIONS];
    uint64_t len[SECTIONS];
    uint8_t *data;
};

enum { /* places in the order of the segment: named by birth, wide ones, others, objects */
       ORDER_INEXACT = 1 << 24, /* behind exact births */
       ORDER_WIDE = 2 << 24,
       ORDER_OTHER,
       ORDER_OBJECT
};

static struct err get(struct build *b, size_t i, struct index_doc *out)
{
    arena_reset(&b->scratch);
    return b->source->get(b->source->state, i, &b->scratch, out);
}

static uint64_t order_key(const struct index_doc *doc)
{
    if (doc->name_count == 0)
        return object_fits(doc) ? ORDER_OBJECT : ORDER_OTHER;
    struct birth_days days = birth_days(&doc->birth);
    if (days.wide)
        return ORDER_WIDE;
    return days.from + (doc->birth.quality == INDEX_BIRTH_EXACT ? 0 : ORDER_INEXACT);
}

static struct err check_doc(struct build *b, uint32_t i, const struct index_doc *doc, uint64_t key)
{
    size_t len = blob_len(doc);
    if (doc->number == 0)
        return err_at(ERR_INVALID, i, "index.doc-number");
    if (!birth_valid(&doc->birth))
        return err_at(ERR_INVALID, i, "index.bad-birth");
    if (len == 0)
        return err_at(ERR_LIMIT, i, "index.doc-too-large");
    b->blob_bytes += key == ORDER_OBJECT ? 0 : len;
    b->identifiers += doc->identifier_count;
    b->named_count += key <= ORDER_WIDE;
    b->narrow_count += key < ORDER_WIDE;
    b->row_count += key != ORDER_OBJECT;
    return err_none();
}

/* Numbers ascending, which most sources are already. */
static struct err order_by_number(struct sort_pair *pairs, struct sort_pair *scratch, size_t count)
{
    bool ascending = true;
    for (size_t i = 1; i < count && ascending; i++)
        ascending = pairs[i].key > pairs[i - 1].key;
    if (!ascending)
        sort_pairs(pairs, scratch, count);
    for (size_t i = 1; i < count; i++) {
        if (pairs[i].key == pairs[i - 1].key)
            return err_at(ERR_INVALID, (uint32_t)pairs[i].value, "index.doc-number");
    }
    return err_none();
}

/* Looks at every document once and puts them in order. What it takes beside `order` is given back.
 */
static struct err order_docs(struct build *b)
{
    b->order = ARENA_ARRAY(b->arena, uint32_t, b->count);
    size_t mark = b->arena->used;
    uint32_t *keys = ARENA_ARRAY(b->arena, uint32_t, b->count);
    struct sort_pair *pairs = ARENA_ARRAY(b->arena, struct sort_pair, b->count);
    struct sort_pair *scratch = ARENA_ARRAY(b->arena, struct sort_pair, b->count);
    struct err e = arena_check(b->arena);
    for (uint32_t i = 0; !failed(e) && i < b->count; i++) {
        struct index_doc doc;
        e = get(b, i, &doc);
        if (failed(e))
            return e;
        keys[i] = (uint32_t)order_key(&doc);
        pairs[i] = (struct sort_pair){ doc.number, i };
        e = check_doc(b, i, &doc, keys[i]);
    }
    if (!failed(e))
        e = order_by_number(pairs, scratch, b->count);
    if (failed(e))
        return e;
    for (uint32_t i = 0; i < b->count; i++)
        pairs[i].key = keys[pairs[i].value];
    sort_pairs(pairs, scratch, b->count);
    for (uint32_t i = 0; i < b->count; i++)
        b->order[i] = (uint32_t)pairs[i].value;
    arena_rewind(b->arena, mark);
    return err_none();
}

static struct err add_names(struct build *b)
{
    struct err e = dictionary_init(&b->dictionary, b->arena);
    b->words_end = ARENA_ARRAY(b->arena, uint32_t, b->named_count);
    if (!failed(e))
        e = arena_check(b->arena);
    for (uint32_t doc = 0; !failed(e) && doc < b->named_count; doc++) {
        struct index_doc from;
        e = get(b, b->order[doc], &from);
        if (!failed(e))
            e = dictionary_add(&b->dictionary, doc, &from, &b->words_end[doc]);
    }
    return e;
}

/* --------------------------------------------------------------------- writing sections */

static uint8_t *to(const struct build *b, enum segment_section which)
{
    return b->data + b->at[which];
}

static void write_bucket(const struct build *b, uint64_t hash, uint32_t doc)
{
    uint32_t bucket = (uint32_t)((hash >> 32) * b->bucket_count >> 32);
    for (;; bucket = bucket + 1 == b->bucket_count ? 0 : bucket + 1) {
        uint8_t *line = to(b, SECTION_BUCKETS) + (size_t)bucket * BUCKET_BYTES;
        for (size_t slot = 0; slot < BUCKET_SLOTS; slot++) {
            if (load_u32(line + 4 * slot) != 0)
                continue;
            store_u32(line + 4 * slot, (uint32_t)hash | 1);
            store_u32(line + 32 + 4 * slot, doc);
            return;
        }
    }
}

static struct err write_docs(struct build *b)
{
    uint64_t blob = 0;
    struct err e = err_none();
    for (uint32_t doc = 0; !failed(e) && doc < b->count; doc++) {
        struct index_doc from;
        e = get(b, b->order[doc], &from);
        if (failed(e))
            return e;
        for (size_t k = 0; k < from.identifier_count; k++) {
            struct key key = identifier_key(&from.identifiers[k]);
            if (key.len > 0)
                write_bucket(b, key_hash(from.identifiers[k].cls, &key), doc);
        }
        if (doc >= b->row_count) {
            object_write(&from,
                         to(b, SECTION_OBJECTS) + (size_t)(doc - b->row_count) * OBJECT_BYTES);
            continue;
        }
        row_write(&from, blob, to(b, SECTION_ROWS) + (size_t)doc * ROW_BYTES);
        blob_write(&from, to(b, SECTION_BLOBS) + blob);
        blob += blob_len(&from);
    }
    return e;
}

static struct err write_numbers(const struct build *b)
{
    size_t mark = b->arena->used;
    struct sort_pair *pairs = ARENA_ARRAY(b->arena, struct sort_pair, b->row_count);
    struct sort_pair *scratch = ARENA_ARRAY(b->arena, struct sort_pair, b->row_count);
    struct err e = arena_check(b->arena);
    if (failed(e))
        return e;
    for (uint32_t i = 0; i < b->row_count; i++)
        pairs[i] = (struct sort_pair){ load_u64(to(b, SECTION_ROWS) + (size_t)i * ROW_BYTES), i };
    sort_pairs(pairs, scratch, b->row_count);
    for (uint32_t i = 0; i < b->row_count; i++)
        store_u32(to(b, SECTION_NUMBERS) + 4 * (size_t)i, (uint32_t)pairs[i].value);
    arena_rewind(b->arena, mark);
    return err_none();
}

static void write_names(const struct build *b)
{
    const struct dictionary *d = &b->dictionary;
    dictionary_write_tokens(d, to(b, SECTION_TOKENS_AT), to(b, SECTION_TOKENS));
    dictionary_write_keys(d, b->key_bits, to(b, SECTION_KEYS_AT), to(b, SECTION_KEYS));
    store_u32(to(b, SECTION_WORDS_AT), 0);
    for (uint32_t i = 0; i < b->named_count; i++)
        store_u32(to(b, SECTION_WORDS_AT) + 4 * ((size_t)i + 1), b->words_end[i]);
    chunks_copy(&d->words, to(b, SECTION_WORDS));
    const struct post_sections sections = {
        to(b, SECTION_WORDS_AT), to(b, SECTION_WORDS),    to(b, SECTION_POSTS_AT),
        to(b, SECTION_POSTS),    to(b, SECTION_ALONE_AT), to(b, SECTION_ALONE),
    };
    dictionary_write_posts(d, b->named_count, &sections);
}

static void section_lengths(struct build *b)
{
    const struct dictionary *d = &b->dictionary;
    const uint64_t places = 4 * ((uint64_t)d->token_count + 1);
    b->len[SECTION_ROWS] = (uint64_t)b->row_count * ROW_BYTES;
    b->len[SECTION_BLOBS] = b->blob_bytes;
    b->len[SECTION_OBJECTS] = (uint64_t)(b->count - b->row_count) * OBJECT_BYTES;
    b->len[SECTION_NUMBERS] = 4 * (uint64_t)b->row_count;
    b->len[SECTION_TOKENS_AT] = places;
    b->len[SECTION_TOKENS] = d->token_bytes;
    b->len[SECTION_KEYS_AT] = 4 * ((UINT64_C(1) << b->key_bits) + 1);
    b->len[SECTION_KEYS] = d->keys.len;
    b->len[SECTION_POSTS_AT] = places;
    b->len[SECTION_POSTS] = 4 * d->post_count;
    b->len[SECTION_ALONE_AT] = places;
    b->len[SECTION_ALONE] = 4 * d->alone_count;
    b->len[SECTION_WORDS_AT] = 4 * ((uint64_t)b->named_count + 1);
    b->len[SECTION_WORDS] = d->words.len;
    b->len[SECTION_BUCKETS] = (uint64_t)b->bucket_count * BUCKET_BYTES;
}

static void write_head(const struct build *b)
{
    const uint32_t counts[SEGMENT_COUNTS] = {
        b->count,
        b->row_count,
        b->named_count,
        b->narrow_count,
        b->dictionary.token_count,
        b->key_bits,
        (uint32_t)(b->dictionary.keys.len / sizeof(uint64_t)),
        b->bucket_count,
    };
    memcpy(b->data, SEGMENT_MAGIC, 8);
    store_u32(b->data + 8, INDEX_FORMAT_VERSION);
    store_u32(b->data + 12, INDEX_ANALYSIS_VERSION);
    uint8_t *p = b->data + 16;
    for (size_t i = 0; i < SEGMENT_COUNTS; i++, p += 4)
        store_u32(p, counts[i]);
    for (size_t i = 0; i < SECTIONS; i++, p += SECTION_HEAD) {
        store_u64(p, b->at[i]);
        store_u64(p + 8, b->len[i]);
    }
}

static struct err write_segment(struct build *b, struct bytes *out)
{
    uint64_t total = SEGMENT_HEAD;
    section_lengths(b);
    for (size_t i = 0; i < SECTIONS; i++) {
        b->at[i] = total;
        total += (b->len[i] + 7) / 8 * 8;
    }
    b->data = arena_take(b->arena, total);
    if (b->data == NULL)
        return arena_check(b->arena);
    write_head(b);
    write_names(b);
    struct err e = write_docs(b);
    if (!failed(e))
        e = write_numbers(b);
    if (failed(e))
        return e;
    segment_seal(b->data, total);
    *out = bytes_of(b->data, total);
    return err_none();
}

struct err index_build_from(const struct index_source *source, struct arena *arena,
                            struct bytes *segment_out)
{
    if (source->count > INDEX_DOCS_MAX)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    struct build *b = ARENA_NEW(arena, struct build);
    void *scratch = arena_take(arena, INDEX_SOURCE_SCRATCH);
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    b->source = source;
    b->arena = arena;
    b->scratch = arena_over(scratch, INDEX_SOURCE_SCRATCH);
    b->count = (uint32_t)source->count;
    e = order_docs(b);
    if (!failed(e))
        e = add_names(b);
    if (failed(e))
        return e;
    if (b->identifiers * 10 / 64 + 2 > UINT32_MAX)
        return err_make(ERR_LIMIT, "index.segment-too-large");
    /* 8 slots a line at a load of 0.8, and never full */
    b->bucket_count = b->identifiers > 0 ? (uint32_t)(b->identifiers * 10 / 64 + 2) : 0;
    b->key_bits = 1;
    while (b->key_bits < KEY_BITS_MAX &&
           UINT64_C(4) << b->key_bits < b->dictionary.keys.len / sizeof(uint64_t))
        b->key_bits++;
    return write_segment(b, segment_out);
}

/* --------------------------------------------------------------------------- from an array */

static struct err get_item(void *state, size_t i, struct arena *scratch, struct index_doc *out)
{
    (void)scratch;
    *out = ((const struct index_doc *)state)[i];
    return err_none();
}

struct err index_build(const struct index_doc *docs, size_t count, struct arena *arena,
                       struct bytes *segment_out)
{
    struct index_source source = { count, (void *)(uintptr_t)docs, get_item };
    return index_build_from(&source, arena, segment_out);
}

enum { /* of the arena, for each */
       ROOM_FIXED = INDEX_SOURCE_SCRATCH + (64 << 10),
       ROOM_DOC = 2 * ROW_BYTES + 4 * 16 + 32, /* sorted, in its rows and places */
       ROOM_IDENTIFIER = 16,
       ROOM_WORD = 2 * (WORD_BYTES + 1) + 2 * 4,
       ROOM_TOKEN = 2 * 2 * (8 + 5 * 4 + 2 * 4) + 2 * 4, /* tables at most half full, doubled */
       ROOM_KEY = 2 * 8 + 8 + 4
};

size_t index_build_room(const struct index_doc *docs, size_t count)
{
    size_t room = ROOM_FIXED + count * ROOM_DOC;
    for (size_t i = 0; i < count; i++) {
        room += blob_len(&docs[i]) + docs[i].identifier_count * ROOM_IDENTIFIER;
        for (size_t n = 0; n < docs[i].name_count; n++) {
            struct analysed name;
            analyse_name(&docs[i].names[n], (struct bytes){ 0 }, &name);
            for (size_t t = 0; t < name.count; t++) {
                uint32_t keys[KEYS_MAX];
                room += ROOM_WORD + ROOM_TOKEN + 2 * TOKEN_BYTES_MAX +
                        token_keys(&name.token[t], keys) * ROOM_KEY;
            }
        }
    }
    return room;
}

/* ---------------------------------------------------------------------------- of segments */

struct merging {
    const struct index_segment *segments;
    const uint64_t *live; /* segment << 32 | document */
    const struct index_stop *stop_opt;
};

static struct err get_live(void *state, size_t i, struct arena *scratch, struct index_doc *out)
{
    const struct merging *m = state;
    if (m->stop_opt != NULL && m->stop_opt->asked(m->stop_opt->state))
        return err_make(ERR_UNAVAILABLE, "index.stopped");
    return segment_doc(&m->segments[m->live[i] >> 32], (uint32_t)m->live[i], scratch, out);
}

struct err index_merge(const struct index_segment *segments, size_t count,
                       const struct index_set *dead, const struct index_stop *stop_opt,
                       struct arena *arena, struct bytes *segment_out)
{
    uint64_t docs = 0;
    for (size_t i = 0; i < count; i++)
        docs += segments[i].doc_count;
    uint64_t *live = ARENA_ARRAY(arena, uint64_t, docs);
    if (live == NULL)
        return arena_check(arena);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        for (uint32_t doc = 0; doc < segments[i].doc_count; doc++) {
            if (!index_set_has(dead, segment_number(&segments[i], doc)))
                live[kept++] = (uint64_t)i << 32 | doc;
        }
    }
    struct merging merging = { segments, live, stop_opt };
    struct index_source source = { kept, &merging, get_live };
    return index_build_from(&source, arena, segment_out);
}

size_t index_merge_room(const struct index_segment *segments, size_t count)
{
    size_t room = ROOM_FIXED;
    for (size_t i = 0; i < count; i++) {
        const struct index_segment *s = &segments[i];
        room += s->bytes.len + s->doc_count * (size_t)(ROOM_DOC + 8) + s->len[SECTION_WORDS] * 2 +
                s->token_count * (size_t)ROOM_TOKEN + s->len[SECTION_TOKENS] +
                s->key_count * (size_t)ROOM_KEY + s->bucket_count * (size_t)BUCKET_BYTES +
                (2 << 20);
    }
    return room;
}
