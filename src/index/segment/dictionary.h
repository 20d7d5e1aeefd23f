/* The dictionary of a segment while it is built: every token once, and the names of each document
 * as tokens. Documents are added in the order of the segment. */
#ifndef COMITY_INDEX_DICTIONARY_H
#define COMITY_INDEX_DICTIONARY_H

#include "index/segment/chunks.h"
#include "index/segment/words.h"

struct dictionary {
    struct arena *arena;
    uint32_t token_count;
    uint32_t token_room;
    const uint8_t **token; /* of each, as token_write has it */
    uint32_t *token_len;
    uint32_t *posts; /* documents of each */
    uint32_t *alone; /* of them those that stand in ALONE by it (words_alone) */
    uint32_t *last;  /* the last document of each, + 1 */
    uint32_t *last_alone;
    uint32_t *slots; /* token + 1; 0: free */
    uint32_t slot_mask;
    uint64_t token_bytes;
    uint64_t post_count;
    uint64_t alone_count;
    struct chunks words; /* WORDS */
    struct chunks keys;  /* (u32 token, u32 key) as they came */
};

MUST_USE struct err dictionary_init(struct dictionary *d, struct arena *arena);
/* The names of document `doc`, which is one more than the last; the bytes of its words so far. */
MUST_USE struct err dictionary_add(struct dictionary *d, uint32_t doc, const struct index_doc *from,
                                   uint32_t *words_end_out);

/* Sections, each into memory of its length. */
void dictionary_write_tokens(const struct dictionary *d, uint8_t *places, uint8_t *tokens);
void dictionary_write_keys(const struct dictionary *d, uint32_t key_bits, uint8_t *places,
                           uint8_t *keys);
/* From the WORDS sections as written. */
struct post_sections {
    const uint8_t *words_at;
    const uint8_t *words;
    uint8_t *posts_at;
    uint8_t *posts;
    uint8_t *alone_at;
    uint8_t *alone;
};
void dictionary_write_posts(const struct dictionary *d, uint32_t named_count,
                            const struct post_sections *sections);

#endif
