/* Immutable files by name, beside the store: the segments of the index and the list that names
 * them. The middle ring reaches these files through this alone; node/ has the real ones, and
 * store/memory_depot.h a twin that crashes, tears and loses.
 *
 * Any thread calls any function; nobody writes or removes a name that another thread is at. Names
 * are letters, digits, '-' and '.', at most DEPOT_NAME_MAX. */
#ifndef COMITY_STORE_DEPOT_H
#define COMITY_STORE_DEPOT_H

#include "core/arena.h"

enum { DEPOT_NAME_MAX = 31 };

struct depot;

struct depot_names {
    struct text *names;
    size_t count;
};

struct depot_ops {
    struct err (*write)(struct depot *depot, const char *name, struct bytes in);
    struct err (*map)(struct depot *depot, const char *name, struct bytes *out);
    void (*unmap)(struct depot *depot, struct bytes bytes);
    struct err (*remove)(struct depot *depot, const char *name);
    struct err (*list)(struct depot *depot, struct arena *arena, struct depot_names *out);
    struct err (*room)(struct depot *depot, size_t size, struct bytes *out);
    void (*room_end)(struct depot *depot, struct bytes room);
};

/* First member of each implementation. */
struct depot {
    const struct depot_ops *ops;
};

/* Whole and durable on return; after an error the former bytes stand, or none. */
static inline struct err depot_write(struct depot *depot, const char *name, struct bytes in)
{
    return depot->ops->write(depot, name, in);
}

/* The bytes as they lie, read only, until depot_unmap(), also when the name is removed or written
 * again. ERR_NOT_FOUND file.missing. */
static inline struct err depot_map(struct depot *depot, const char *name, struct bytes *out)
{
    return depot->ops->map(depot, name, out);
}

static inline void depot_unmap(struct depot *depot, struct bytes bytes)
{
    depot->ops->unmap(depot, bytes);
}

/* No error when there is none. */
static inline struct err depot_remove(struct depot *depot, const char *name)
{
    return depot->ops->remove(depot, name);
}

static inline struct err depot_list(struct depot *depot, struct arena *arena,
                                    struct depot_names *out)
{
    return depot->ops->list(depot, arena, out);
}

/* Memory to work in, zeroed, that the disk may stand behind: it is as large as asked without being
 * held in core. ERR_UNAVAILABLE when there is not enough of either. */
static inline struct err depot_room(struct depot *depot, size_t size, struct bytes *out)
{
    return depot->ops->room(depot, size, out);
}

static inline void depot_room_end(struct depot *depot, struct bytes room)
{
    depot->ops->room_end(depot, room);
}

#endif
