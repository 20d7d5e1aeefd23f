/* Inside of the memory store. All content is one sorted map (store/memory_tree.h); the first
 * byte of a key says what it is:
 *   'J' number          journal entry        'L' log leaf          its number
 *   'N' log level index Merkle node          'R' table key         row
 * The disk holds an image (a map) and a log of commits since. One commit is one record:
 *   magic u32, sequence u64, length u32, digest 16 bytes; then its changes.
 *
 * M1 recovery stops at the first record that is not whole; a whole one behind it is damage.
 * M2 a snapshot is a root that nobody changes (T1). */
#ifndef COMITY_STORE_MEMORY_STATE_H
#define COMITY_STORE_MEMORY_STATE_H

#include <pthread.h>

#include "store/memory_disk.h"
#include "store/memory_tree.h"
#include "store/store_ops.h"

struct memory_store;

struct memory_view {
    struct store_view base;
    struct memory_store *store;
    struct tree_node *root; /* of a snapshot; the writer's view reads store->working */
    bool snapshot;
};

struct memory_store {
    struct store base;
    struct memory_view writer;
    struct disk disk;
    struct tree_pool pool;
    struct tree_node *working; /* with the changes of the transaction */
    struct tree_node *committed;
    struct tree_node *image; /* on the platter; the log goes on from here */
    struct tree_node *blobs; /* as this process sees them */
    struct tree_node *blobs_platter;
    struct disk_buffer changes; /* header and changes of the transaction's record */
    uint64_t image_sequence;    /* of the log's first record */
    uint64_t sequence;          /* of the next record */
    size_t log_end;
    unsigned snapshots;
    pthread_mutex_t lock; /* committed, snapshots */
};

enum { MEMORY_KEY_MAX = STORE_BOUND_MAX + 2 };
struct memory_key {
    uint8_t data[MEMORY_KEY_MAX];
    size_t len;
};
static inline struct bytes memory_key_bytes(const struct memory_key *key)
{
    return bytes_of(key->data, key->len);
}
struct memory_key memory_key_entry(uint64_t number);
struct memory_key memory_key_leaf(uint16_t log, uint64_t leaf);
struct memory_key memory_key_node(struct store_node node);
struct memory_key memory_key_row(enum store_table table, struct bytes key);

enum { MEMORY_ENTRY_HEAD = 8 + 2 + 8 + 1 + 4 + HASH_LEN };
extern const struct store_view_ops memory_view_ops;

/* Changes of the map that are part of the transaction. */
MUST_USE struct err memory_put(struct memory_store *m, const struct memory_key *key,
                               struct bytes value);
MUST_USE struct err memory_delete(struct memory_store *m, struct bytes key);

/* The log (store/memory_log.c). */
void memory_log_start(struct memory_store *m);
MUST_USE struct err memory_log_add_put(struct memory_store *m, struct bytes key,
                                       struct bytes value);
MUST_USE struct err memory_log_add_delete(struct memory_store *m, struct bytes key);
MUST_USE struct err memory_log_commit(struct memory_store *m);
/* Image and log to `committed`. ERR_CORRUPT store.database-damaged (M1). */
MUST_USE struct err memory_log_recover(struct memory_store *m);

/* Blobs (store/memory_blob.c). */
struct err memory_blob_put(struct store *store, const struct hash *name, struct bytes blob);
struct err memory_blob_get(struct store *store, const struct hash *name, struct arena *arena,
                           struct bytes *out);
struct err memory_blob_erase(struct store *store, const struct hash *name);
struct err memory_blob_names(struct store *store, const struct hash *after_opt, size_t limit,
                             struct hash *names, size_t *count_out);

#endif
