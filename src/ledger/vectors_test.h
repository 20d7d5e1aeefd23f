/* For tests only: files of published vectors under $COMITY_SHARED. */
#ifndef COMITY_LEDGER_VECTORS_TEST_H
#define COMITY_LEDGER_VECTORS_TEST_H

#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"

/* The file's bytes, from malloc, or data NULL. */
static inline struct bytes vectors_read_path(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct bytes none = { NULL, 0 };
    if (f == NULL)
        return none;
    size_t size = 0;
    size_t room = 1 << 16;
    uint8_t *data = malloc(room);
    while (data != NULL) {
        size += fread(data + size, 1, room - size, f);
        if (size < room)
            break;
        room *= 2;
        uint8_t *more = realloc(data, room);
        if (more == NULL)
            abort();
        data = more;
    }
    fclose(f);
    return data == NULL ? none : bytes_of(data, size);
}

/* `name` is relative to $COMITY_SHARED; says so when it is not there. Bytes in `arena`. */
static inline struct bytes vectors_read(const char *name, struct arena *arena)
{
    const char *shared = getenv("COMITY_SHARED");
    char path[4096];
    struct bytes in = { NULL, 0 };
    if (shared != NULL && snprintf(path, sizeof(path), "%s/%s", shared, name) < 4096)
        in = vectors_read_path(path);
    if (in.data == NULL) {
        printf("skipped: no vectors %s\n", name);
        return in;
    }
    struct bytes out = arena_copy(arena, in);
    free((void *)(uintptr_t)in.data);
    return out;
}

/* A parsed file, or NULL when it is not there. */
static inline const struct json *vectors_json(const char *name, struct arena *arena)
{
    struct bytes in = vectors_read(name, arena);
    static struct json value;
    if (in.data == NULL)
        return NULL;
    struct err e = json_parse(in, arena, &value);
    if (failed(e)) {
        printf("%s: %s at %u\n", name, e.rule, e.at);
        abort();
    }
    return &value;
}

static inline struct arena vectors_arena(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        abort();
    return arena_over(memory, size);
}

#endif
