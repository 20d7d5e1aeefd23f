/* One block of memory from which a request, and nothing else, is served: no free, no
 * growth. A full arena refuses the request that filled it and stays usable. */
#ifndef COMITY_CORE_ARENA_H
#define COMITY_CORE_ARENA_H

#include "core/bytes.h"

struct arena {
    uint8_t *data;
    size_t size;
    size_t used;
    bool full; /* sticks: some arena_take since arena_reset found no room */
};

/* `memory` stays the caller's and outlives the arena. */
struct arena arena_over(void *memory, size_t size);

/* Zeroed memory aligned for any type, or NULL when full (and `full` sticks). size 0 gives
 * a valid pointer that must not be read. */
void *arena_take(struct arena *arena, size_t size);

/* Room for `count` items of `size` bytes; NULL on overflow or when full. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* Copies; a failed copy has data NULL and len 0. */
struct bytes arena_copy(struct arena *arena, struct bytes in);
struct text arena_copy_text(struct arena *arena, struct text in);

/* a then b. */
struct text arena_join(struct arena *arena, struct text a, struct text b);

/* Everything taken since `mark` (a former value of `used`) is given back. */
void arena_rewind(struct arena *arena, size_t mark);
void arena_reset(struct arena *arena);

/* ERR_LIMIT "arena.full" if any take failed. */
MUST_USE struct err arena_check(const struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) \
    ((type *)arena_take_array((arena), (count), sizeof(type)))

#endif
