/* A compact object: a document that is one identifier of at most 21 plain characters, 32 bytes.
 *
 * u64 number; 16 bytes: the canonical identifier in six bits a character; u16 class; u8 kind; u8 of
 * the group its low byte; u16 country, three letters to base 27; u8 1 when the letters are lower
 * case; u8 of the group its high byte. */
#ifndef COMITY_INDEX_OBJECT_H
#define COMITY_INDEX_OBJECT_H

#include "index/segment/segment.h"

enum { PACKED_CHARS_MAX = 21, PACKED_BYTES = 16 };

struct packed {
    uint64_t bits[2];
    bool lower;
};

/* The identifier in six bits a character; false when it has others or is too long. */
bool packed_from(struct text canonical, struct packed *out);
/* The document is one identifier, and nothing of it would be lost. */
bool object_fits(const struct index_doc *doc);
void object_write(const struct index_doc *doc, uint8_t out[static OBJECT_BYTES]);
/* Text of the arena. ERR_CORRUPT index.segment-corrupt, ERR_LIMIT arena.full. */
MUST_USE struct err object_read(const uint8_t in[static OBJECT_BYTES], struct arena *arena,
                                struct index_doc *out);
uint16_t object_class(const uint8_t in[static OBJECT_BYTES]);
/* What each code of a character becomes, 0: it is left out. */
struct object_codes {
    char of[64];
};
void object_codes_make(char (*becomes)(char upper), struct object_codes *out);
/* Its identifier so; the length. */
size_t object_key(const uint8_t in[static OBJECT_BYTES], const struct object_codes *codes,
                  char out[static PACKED_CHARS_MAX]);
/* Its kind and its group. */
uint16_t object_kind(const uint8_t in[static OBJECT_BYTES]);
uint16_t object_group(const uint8_t in[static OBJECT_BYTES]);
/* The object holds exactly this identifier. */
bool object_holds(const uint8_t in[static OBJECT_BYTES], uint16_t cls, const struct packed *packed);

#endif
