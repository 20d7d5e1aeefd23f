/* Bytes that are appended, of a length nobody knows before, in an arena. */
#ifndef COMITY_INDEX_CHUNKS_H
#define COMITY_INDEX_CHUNKS_H

#include "core/arena.h"

struct chunk {
    struct chunk *next;
    size_t len;
    size_t size;
    uint64_t data[];
};

struct chunks {
    struct arena *arena;
    struct chunk *first;
    struct chunk *last;
    uint64_t len; /* of all */
};

/* `len` bytes in one piece behind the others, aligned to 8 when all lengths are multiples of it;
 * NULL: no room. */
void *chunks_add(struct chunks *chunks, size_t len);
/* Everything in order. */
void chunks_copy(const struct chunks *chunks, uint8_t *out);

#endif
