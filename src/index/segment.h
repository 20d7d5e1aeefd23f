/* The bytes of a segment, little end first:
 *
 *   head      magic "CMTYIDX" and format, counts, place and length of each section, SHA-256 of
 *             everything but itself
 *   ROWS      one of ROW_BYTES a document: those with names first, by birth (unknown last), then
 * number BLOBS     the documents whole, as index_get returns them TOKENS_AT, TOKENS  the
 * dictionary: letters of each token in UTF-8 KEYS_AT   directory: where the keys with these top
 * bits begin KEYS      (u32 key, u32 token), ascending POSTS_AT, POSTS  documents of each token,
 * ascending BUCKETS   identifiers: lines of 8 tags and 8 documents NUMBERS   documents by number
 *
 * Every section begins at a multiple of 8. Nothing here depends on the order of the documents
 * handed to index_build. */
#ifndef COMITY_INDEX_SEGMENT_H
#define COMITY_INDEX_SEGMENT_H

#include <string.h>

#include "core/hash.h"
#include "index/index.h"

enum segment_section {
    SECTION_ROWS,
    SECTION_BLOBS,
    SECTION_TOKENS_AT,
    SECTION_TOKENS,
    SECTION_KEYS_AT,
    SECTION_KEYS,
    SECTION_POSTS_AT,
    SECTION_POSTS,
    SECTION_BUCKETS,
    SECTION_NUMBERS,
    SECTIONS
};

enum {
    SEGMENT_COUNTS = 6,
    HASH_AT = 8 + 4 + 4 * SEGMENT_COUNTS + 8 * SECTIONS + 4,
    SEGMENT_HEAD = HASH_AT + 32,
    ROW_BYTES = 24,
    BUCKET_BYTES = 64,
    BUCKET_SLOTS = 8,
    KEY_BITS_MAX = 24
};
#define SEGMENT_MAGIC "CMTYIDX\1"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are mapped as they lie");
_Static_assert(SEGMENT_HEAD % 8 == 0, "sections are aligned");
_Static_assert(SECTIONS <= sizeof((struct index_segment *)0)->at / sizeof(uint32_t), "room");

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

static inline const uint8_t *section(const struct index_segment *s, enum segment_section which)
{
    return s->bytes.data + s->at[which];
}

static inline uint32_t section_u32(const struct index_segment *s, enum segment_section which,
                                   uint32_t i)
{
    return load_u32(section(s, which) + 4 * (size_t)i);
}

struct row { /* of ROWS */
    uint64_t number;
    uint32_t blob;
    uint16_t kind;
    enum index_sex sex;
    bool light; /* a name has an initial, a particle or a title */
    struct index_birth birth;
};
enum { ROW_LIGHT = 0x80, ROW_SEX = 0x7f }; /* of its byte 22 */

struct row segment_row(const struct index_segment *s, uint32_t doc);
/* A token, for token_read. */
struct bytes segment_token(const struct index_segment *s, uint32_t token);
/* The whole document; the segment is opened, so only the arena can fail. */
MUST_USE struct err segment_doc(const struct index_segment *s, uint32_t doc, struct arena *arena,
                                struct index_doc *out);
/* First and end of a token's postings. */
void segment_posts(const struct index_segment *s, uint32_t token, uint32_t *begin_out,
                   uint32_t *end_out);
uint32_t segment_find(const struct index_segment *s, uint64_t number); /* UINT32_MAX: none */

/* Of the bytes but the hash's own. */
struct hash segment_hash(struct bytes segment);

/* Days that stand for "not known" in a row. */
#define BIRTH_NONE INT32_MAX
void birth_pack(const struct index_birth *birth, int32_t *from_out, int32_t *to_out);

/* Length of a document as a blob; 0: a part is too large. */
size_t blob_len(const struct index_doc *doc);
void blob_write(const struct index_doc *doc, uint8_t *out);
/* Names, nationalities and identifiers. ERR_CORRUPT index.segment-corrupt, ERR_LIMIT arena.full. */
MUST_USE struct err blob_read(struct bytes in, struct arena *arena, struct index_doc *in_out);
/* Proves that blob_read cannot leave the bytes and that every text is UTF-8. */
MUST_USE struct err blob_check(struct bytes in, bool *named_out);

#endif
