/* What an implementation of the store provides. Only store/ includes this; callers see store.h.
 * store.c has checked limits, numbers and the order of calls before an operation comes here. */
#ifndef COMITY_STORE_STORE_OPS_H
#define COMITY_STORE_STORE_OPS_H

#include "store/store.h"

/* Which entries: by number, or by leaf of one log; all, or those without an opening. */
struct journal_range {
    bool by_log;
    bool hollow; /* never with by_log */
    uint16_t log;
    uint64_t from;
    uint32_t limit;
};

struct store_node_hash {
    struct store_node node;
    struct hash hash;
};

struct store_nodes {
    struct store_node_hash *nodes;
    size_t count;
};

struct store_view_ops {
    void (*close)(struct store_view *snapshot);
    struct err (*get)(struct store_view *view, enum store_table table, struct bytes key,
                      struct arena *arena, struct bytes *value_out);
    struct err (*scan)(struct store_view *view, const struct store_range *range,
                       struct arena *arena, struct store_rows *out);
    struct err (*journal_last)(struct store_view *view, uint64_t *number_out);
    struct err (*journal_read)(struct store_view *view, const struct journal_range *range,
                               struct arena *arena, struct journal_entries *out);
    struct err (*log_size)(struct store_view *view, uint16_t log, uint64_t *size_out);
    struct err (*node_get)(struct store_view *view, struct store_node node, struct hash *out);
    /* Nodes in order of (log, level, index), from `from_opt` on, that one excluded. */
    struct err (*node_scan)(struct store_view *view, const struct store_node *from_opt,
                            uint32_t limit, struct arena *arena, struct store_nodes *out);
};

struct store_view {
    const struct store_view_ops *ops;
};

struct store_ops {
    void (*close)(struct store *store);
    struct store_view *(*view)(struct store *store);
    struct err (*snapshot_open)(struct store *store, struct store_view **out);
    struct err (*begin)(struct store *store);
    struct err (*commit)(struct store *store); /* rolls back when it fails */
    void (*rollback)(struct store *store);
    struct err (*append)(struct store *store, const struct journal_entry *entry);
    struct err (*reseal)(struct store *store, uint64_t number, struct bytes sealed);
    struct err (*put)(struct store *store, enum store_table table, struct bytes key,
                      struct bytes value);
    struct err (*delete)(struct store *store, enum store_table table, struct bytes key);
    struct err (*node_put)(struct store *store, struct store_node node, const struct hash *hash);
    struct err (*reset_tables)(struct store *store);
    struct err (*blob_put)(struct store *store, const struct hash *name, struct bytes blob);
    struct err (*blob_get)(struct store *store, const struct hash *name, struct arena *arena,
                           struct bytes *out); /* unverified */
    struct err (*blob_erase)(struct store *store, const struct hash *name);
    /* Names above `after_opt`, ascending. */
    struct err (*blob_names)(struct store *store, const struct hash *after_opt, size_t limit,
                             struct hash *names, size_t *count_out);
    struct err (*checkpoint)(struct store *store, enum store_checkpoint how);
    struct err (*check)(struct store *store);
};

/* First member of each implementation's store. */
struct store {
    const struct store_ops *ops;
    bool writing;      /* between begin and commit or rollback */
    struct err broken; /* the write that broke the transaction */
    uint64_t last;     /* number of the last fact, while writing */
};

struct store_table_rule {
    const char *name;
    bool kept;  /* by store_reset_tables(): not computed from the journal */
    bool small; /* rows of some hundred bytes at most: kept in key order on disk */
};
extern const struct store_table_rule store_tables[STORE_TABLES];

/* A range of keys as bounds: low <= key < high. A reverse scan's `after` is the upper bound. */
enum { STORE_BOUND_MAX = STORE_KEY_MAX + 2 };
struct store_bounds {
    uint8_t low[STORE_BOUND_MAX];
    uint8_t high[STORE_BOUND_MAX];
    size_t low_len;
    size_t high_len;
};
void store_bounds_of(const struct store_range *range, struct store_bounds *out);

/* An array in an arena that grows; what it outgrew stays in the arena unused. */
struct store_items {
    void *data;
    size_t count;
    size_t room;
};
/* The next element, zeroed, or NULL when the arena is full. `size` is the same in all calls. */
void *store_items_add(struct store_items *items, struct arena *arena, size_t size);

#endif
