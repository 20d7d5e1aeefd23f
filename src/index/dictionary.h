/* The dictionary of a segment while it is built: every token once, with its documents and keys. */
#ifndef COMITY_INDEX_DICTIONARY_H
#define COMITY_INDEX_DICTIONARY_H

#include "index/analyse.h"

struct dictionary {
    uint32_t token_count;
    uint32_t *at;       /* token_count + 1 places in pool */
    uint8_t *pool;      /* letters, UTF-8 */
    uint32_t *bytes_at; /* token_count + 1 places in bytes */
    uint8_t *bytes;     /* tokens as token_write has them */
    size_t post_count;
    uint64_t *posts; /* token << 32 | document, ascending, once each */
    bool *light;     /* per named document: row.light */
    size_t key_count;
    uint64_t *keys; /* key << 32 | token, ascending */
};

/* Of the named documents, in their order of the segment (`order[i]` is a place in docs). */
MUST_USE struct err dictionary_make(const struct index_doc *docs, const uint32_t *order,
                                    uint32_t named_count, struct arena *arena,
                                    struct dictionary *out);

#endif
