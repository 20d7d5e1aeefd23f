/* A sorted map from bytes to bytes that keeps its old versions: a changed map shares with the
 * former one all nodes that did not change. So a snapshot, a rollback and the last durable state
 * are each one pointer. Versions are counted; threads may share them, one writer at a time.
 *
 * T1 a node reachable from two roots is never changed (put and delete copy the path). */
#ifndef COMITY_STORE_MEMORY_TREE_H
#define COMITY_STORE_MEMORY_TREE_H

#include "core/bytes.h"

struct tree_node;

/* Nodes taken in advance, so that a change cannot fail half way. */
enum { TREE_POOL = 256 }; /* far above the depth of any tree that fits in memory */
struct tree_pool {
    struct tree_node *nodes[TREE_POOL];
    size_t count;
};
void tree_pool_clear(struct tree_pool *pool);

struct tree_node *tree_retain(struct tree_node *root_opt);
void tree_release(struct tree_node *root_own_opt);

/* ERR_UNAVAILABLE store.no-memory, then *root is as before. */
MUST_USE struct err tree_put(struct tree_pool *pool, struct tree_node **root, struct bytes key,
                             struct bytes value);
MUST_USE struct err tree_delete(struct tree_pool *pool, struct tree_node **root, struct bytes key);
/* false when there is none. The view lives as long as the version. */
bool tree_get(const struct tree_node *root_opt, struct bytes key, struct bytes *value_out);

/* Visits low <= key < high in order (or backwards) until `visit` returns false. */
struct tree_walk {
    struct bytes low;
    struct bytes high;
    bool reverse;
    bool (*visit)(void *context, struct bytes key, struct bytes value);
    void *context;
};
void tree_walk(const struct tree_node *root_opt, const struct tree_walk *walk);

#endif
