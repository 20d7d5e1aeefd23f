#include "core/arena.h"

#include <assert.h>
#include <stdalign.h>

#include "core/checked.h"

enum { ARENA_ALIGN = alignof(max_align_t) };

struct arena arena_over(void *memory, size_t size)
{
    assert(memory != NULL || size == 0);
    return (struct arena){ memory, size, 0, false };
}

void *arena_take(struct arena *arena, size_t size)
{
    assert(arena->used <= arena->size);
    uintptr_t address = (uintptr_t)arena->data + arena->used;
    size_t pad = (size_t)((ARENA_ALIGN - address % ARENA_ALIGN) % ARENA_ALIGN);
    size_t left = arena->size - arena->used;
    if (left < pad || left - pad < size) {
        arena->full = true;
        return NULL;
    }
    uint8_t *block = arena->data + arena->used + pad;
    arena->used += pad + size;
    if (size > 0)
        memset(block, 0, size);
    return block;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
    size_t total = 0;
    if (!size_mul(count, size, &total)) {
        arena->full = true;
        return NULL;
    }
    return arena_take(arena, total);
}

struct bytes arena_copy(struct arena *arena, struct bytes in)
{
    uint8_t *copy = arena_take(arena, in.len);
    if (copy == NULL)
        return (struct bytes){ NULL, 0 };
    if (in.len > 0)
        memcpy(copy, in.data, in.len);
    return (struct bytes){ copy, in.len };
}

struct text arena_copy_text(struct arena *arena, struct text in)
{
    struct bytes copy = arena_copy(arena, text_bytes(in));
    return (struct text){ (const char *)copy.data, copy.len };
}

struct text arena_join(struct arena *arena, struct text a, struct text b)
{
    char *joined = arena_take(arena, a.len + b.len);
    if (joined == NULL)
        return (struct text){ NULL, 0 };
    if (a.len > 0)
        memcpy(joined, a.data, a.len);
    if (b.len > 0)
        memcpy(joined + a.len, b.data, b.len);
    return (struct text){ joined, a.len + b.len };
}

void arena_rewind(struct arena *arena, size_t mark)
{
    assert(mark <= arena->used);
    arena->used = mark;
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
    arena->full = false;
}

struct err arena_check(const struct arena *arena)
{
    return arena->full ? err_make(ERR_LIMIT, "arena.full") : err_none();
}
