/* The bytes of a segment, little end first. Files of many GB are mapped and answer at once: opening
 * proves the head alone, every later read is held within its section, and index_prove() checks the
 * sections' hashes piece by piece while the segment serves.
 *
 *   head       magic "CMTYIDX", format and analysis, counts, place, length and SHA-256 of each
 *              section, SHA-256 of all that
 *   ROWS       ROW_BYTES a document that is no compact object: those with names first, by day of
 *              birth where it is exact, by first day where it is not, then wide or unknown
 *              ones; then the others by number
 *   BLOBS      these documents whole, as index_get returns them, in the same order
 *   OBJECTS    OBJECT_BYTES a document that is one identifier (object.h), by number
 *   NUMBERS    documents of ROWS by number
 *   TOKENS_AT, TOKENS    the dictionary: each token, analysed
 *   KEYS_AT    directory: where the keys with these top bits begin
 *   KEYS       (u32 key, u32 token), ascending
 *   POSTS_AT, POSTS      documents of each token, ascending
 *   ALONE_AT, ALONE      of them those of which one name may agree by this word (words.h)
 *   WORDS_AT, WORDS      the names of each named document as tokens (words.h)
 *   BUCKETS    identifiers: lines of 8 tags and 8 documents
 *
 * Documents are numbered by place: ROWS, then OBJECTS. Every section begins at a multiple of 8.
 * Nothing depends on the order of the documents handed to index_build. */
#ifndef COMITY_INDEX_SEGMENT_H
#define COMITY_INDEX_SEGMENT_H

#include <string.h>

#include "core/hash.h"
#include "index/index.h"

enum segment_section {
    SECTION_ROWS,
    SECTION_BLOBS,
    SECTION_OBJECTS,
    SECTION_NUMBERS,
    SECTION_TOKENS_AT,
    SECTION_TOKENS,
    SECTION_KEYS_AT,
    SECTION_KEYS,
    SECTION_POSTS_AT,
    SECTION_POSTS,
    SECTION_ALONE_AT,
    SECTION_ALONE,
    SECTION_WORDS_AT,
    SECTION_WORDS,
    SECTION_BUCKETS,
    SECTIONS
};

enum {
    SEGMENT_COUNTS = 8,
    SECTION_HEAD = 8 + 8 + HASH_LEN,
    HASH_AT = 8 + 4 + 4 + 4 * SEGMENT_COUNTS + SECTIONS * SECTION_HEAD,
    SEGMENT_HEAD = HASH_AT + HASH_LEN,
    ROW_BYTES = 24,
    OBJECT_BYTES = 32,
    BUCKET_BYTES = 64,
    BUCKET_SLOTS = 8,
    KEY_BITS_MAX = 24
};
#define SEGMENT_MAGIC "CMTYIDX\2"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are mapped as they lie");
_Static_assert(SEGMENT_HEAD % 8 == 0, "sections are aligned");
_Static_assert((int)SECTIONS <= (int)INDEX_SECTIONS_MAX, "room");

static inline uint32_t load_u32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint64_t load_u64(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline void store_u32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline void store_u64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

static inline const uint8_t *section(const struct index_segment *s, enum segment_section which)
{
    return s->bytes.data + s->at[which];
}

static inline uint32_t section_u32(const struct index_segment *s, enum segment_section which,
                                   uint64_t i)
{
    return load_u32(section(s, which) + 4 * i);
}

/* Entries i to i + 1 of a section of places, held within 0 and `total`. */
struct span {
    uint32_t begin;
    uint32_t end;
};

static inline struct span section_span(const struct index_segment *s, enum segment_section which,
                                       uint64_t i, uint64_t total)
{
    struct span span = { section_u32(s, which, i), section_u32(s, which, i + 1) };
    if (span.end > total || span.begin > span.end)
        span = (struct span){ 0, 0 };
    return span;
}

struct row { /* of ROWS or OBJECTS */
    uint64_t number;
    uint64_t blob; /* of ROWS: its place */
    uint16_t kind;
    uint16_t group;
    enum index_sex sex;
    struct index_birth birth;
};

/* `doc` is below doc_count. */
struct row segment_row(const struct index_segment *s, uint32_t doc);
uint64_t segment_number(const struct index_segment *s, uint32_t doc);
/* The document of ROWS whole, as a blob; empty when its places are wrong. */
struct bytes segment_blob(const struct index_segment *s, uint32_t doc);
/* A token, for token_read. */
struct bytes segment_token(const struct index_segment *s, uint32_t token);
/* The whole document. ERR_CORRUPT index.segment-corrupt, ERR_LIMIT arena.full. */
MUST_USE struct err segment_doc(const struct index_segment *s, uint32_t doc, struct arena *arena,
                                struct index_doc *out);
uint32_t segment_find(const struct index_segment *s, uint64_t number); /* UINT32_MAX: none */

/* Days of a row. A birth that is not known or spans more than BIRTH_NARROW days is wide: its
 * document stands behind those whose first day orders them. */
enum { BIRTH_NARROW = 3 * 366 };
struct birth_days {
    uint32_t from; /* days since 1 January of the year 1 */
    uint32_t to;
    bool wide;
};
struct birth_days birth_days(const struct index_birth *birth);
/* The first document of `zone`, which lies in order, whose first day is `from` or later; else its
 * end. */
uint32_t segment_born_from(const struct index_segment *s, struct span zone, uint32_t from);

/* What the head says of the rest, recomputed: for the builder and for tests that forge. */
void segment_seal(uint8_t *data, size_t len);

/* Length of a document as a blob; 0: a part is too large. */
size_t blob_len(const struct index_doc *doc);
void blob_write(const struct index_doc *doc, uint8_t *out);
/* Names, nationalities and identifiers. ERR_CORRUPT index.segment-corrupt, ERR_LIMIT arena.full. */
MUST_USE struct err blob_read(struct bytes in, struct arena *arena, struct index_doc *in_out);
/* Its identifiers one after the other, without reading the rest; texts are bytes of the blob, not
 * proved to be UTF-8. A damaged blob ends early. */
struct blob_walk {
    const uint8_t *at;
    const uint8_t *end;
    unsigned left;
};
void blob_identifiers(struct bytes blob, struct blob_walk *out);
bool blob_identifier(struct blob_walk *walk, struct index_identifier *out);

#endif
