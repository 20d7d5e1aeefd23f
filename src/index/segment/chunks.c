#include "index/segment/chunks.h"

#include <string.h>

enum { CHUNK_FIRST = 1 << 10, CHUNK_MAX = 1 << 20 };

void *chunks_add(struct chunks *chunks, size_t len)
{
    struct chunk *last = chunks->last;
    if (last == NULL || last->size - last->len < len) {
        size_t size = last == NULL             ? CHUNK_FIRST
                      : last->size < CHUNK_MAX ? 2 * last->size
                                               : CHUNK_MAX;
        if (size < len)
            size = len;
        struct chunk *more = arena_take(chunks->arena, sizeof(*more) + size);
        if (more == NULL)
            return NULL;
        more->size = size;
        if (last == NULL)
            chunks->first = more;
        else
            last->next = more;
        chunks->last = more;
        last = more;
    }
    void *place = (uint8_t *)last->data + last->len;
    last->len += len;
    chunks->len += len;
    return place;
}

void chunks_copy(const struct chunks *chunks, uint8_t *out)
{
    for (const struct chunk *chunk = chunks->first; chunk != NULL; chunk = chunk->next) {
        memcpy(out, chunk->data, chunk->len);
        out += chunk->len;
    }
}
