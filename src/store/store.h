/* What a node remembers: the journal, tables computed from it, Merkle nodes, and blobs.
 *
 * One interface, two implementations: memory (store/memory.h: the simulator's, whose disk can
 * crash, tear, lose and fail) and SQLite (store/sqlite.h). The same operations give the same
 * answers and the same store_dump_hash() on both.
 *
 * Threads. One thread, the clerk's, owns a store: it alone calls what takes a `struct store *`.
 * Exceptions, from any thread: store_snapshot_open, store_checkpoint, store_blob_get,
 * store_blob_put, store_blob_erase. A snapshot is used by one thread at a time.
 *
 * Transactions. Every change but blobs stands between store_begin and store_commit (asserted).
 * When store_commit returns without error the changes are on the disk (I4); when it fails nothing
 * of them is visible and the store stays usable. A failed commit's data must be treated as not
 * durable; if the machine or the process then dies before the next good commit, it may be found
 * whole after all, never in part. A write that fails with ERR_IO or ERR_UNAVAILABLE breaks the
 * transaction: later writes and the commit repeat that error, and the commit rolls back.
 * ERR_CONFLICT, ERR_LIMIT and ERR_NOT_FOUND of a write change nothing and break nothing.
 *
 * Errors. ERR_UNAVAILABLE store.disk-full, store.busy, store.no-memory, store.snapshots-taken,
 * store.crashed (memory only); ERR_IO store.io, store.fsync; ERR_CORRUPT store.database-damaged,
 * store.journal-gap, store.blob-damaged; ERR_LIMIT store.key-too-long, store.value-too-long,
 * arena.full. Reads that fail have written nothing but arena memory. */
#ifndef COMITY_STORE_STORE_H
#define COMITY_STORE_STORE_H

#include "core/arena.h"
#include "core/hash.h"

enum {
    STORE_KEY_MAX = 256,                /* bytes; a key has at least one */
    STORE_VALUE_MAX = 16 * 1024 * 1024, /* bytes: rows, sealed openings, blobs */
    STORE_READ_MAX = 65536,             /* rows or entries of one scan or read */
    STORE_SNAPSHOTS_MAX = 16,           /* open at once */
    STORE_LEVEL_MAX = 40                /* Merkle level: 0 holds leaf hashes */
};
#define STORE_NUMBER_MAX ((uint64_t)INT64_MAX)    /* journal number */
#define STORE_INDEX_MAX (((uint64_t)1 << 41) - 1) /* leaf, or node index within its level */

/* Tables of opaque rows. Their names and whether store_reset_tables() keeps them stand in
 * store/table.c; new ones are appended, and an older database gets them at open. */
enum store_table {
    TABLE_META,        /* what is not computed from the journal; kept by store_reset_tables() */
    TABLE_COURIER,     /* progress towards each partner; kept by store_reset_tables() */
    TABLE_FEED_IN,     /* state of each feed that comes in; kept by store_reset_tables() */
    TABLE_IDEMPOTENCY, /* replies already given; kept by store_reset_tables() */
    TABLE_LOG,         /* frontiers of the node's logs */
    TABLE_RECORD,      /* records, own and copies, current version */
    TABLE_DOC,         /* journal number to record, for the index */
    TABLE_CHANGE,      /* own records in the order of their last change */
    TABLE_HOLDS,       /* openings that hold the content of a record */
    TABLE_SHARED,      /* what each partner holds of ours */
    TABLE_EFFECT,      /* what a foreign alert does here */
    TABLE_NOTE,        /* local notes */
    TABLE_RELEASE,     /* what waits for persons before it may leave */
    TABLE_ASSURANCE,   /* what a partner has assured for a record, or its sender declared */
    TABLE_HIT,
    TABLE_ASK,       /* questions to and from partners */
    TABLE_AGREEMENT, /* instruments, national rules, halts */
    TABLE_PARTNER,
    TABLE_UNIT,
    TABLE_USER,
    TABLE_SOURCE,        /* public lists */
    TABLE_OUTBOX,        /* messages and instruments due to partners */
    TABLE_PARKED,        /* frames that wait */
    TABLE_ACCESS_RECORD, /* who looked at a record */
    TABLE_ACCESS_USER,   /* what a user looked at */
    TABLE_DEADLINE,
    TABLE_MONTH, /* data keys in use */
    TABLE_FILE,  /* which fact holds the bytes of an attachment */
    TABLE_SUBJECT, /* requests of the persons concerned */
    TABLE_SAMPLE,  /* access entries drawn for review, by week; names for the eye of auditors */
    TABLE_IDENTITY, /* records by the keys that make two of them the same */
    TABLE_WAIT,     /* alerts that wait behind a standing one */
    TABLE_DEAD,     /* documents that died, until the index on disk knows; kept by
                     * store_reset_tables() */
    TABLE_WATCH,     /* searches that stand */
    TABLE_WATCH_DOC, /* journal number to watch, for screening */
    TABLE_WATCHED,   /* what a watch has found */
    TABLE_CASE,
    TABLE_CASE_ENTRY, /* what happened in a case */
    STORE_TABLES
};

/* One fact of the journal. `sealed` is the encrypted opening, empty when erased (or never held:
 * a hollow frame). */
struct journal_entry {
    uint64_t number;   /* 1, 2, 3… */
    uint16_t log;      /* a number that the clerk gave the log */
    uint64_t leaf;     /* index in that log, from 0; (log, leaf) is unique */
    uint8_t class_;    /* retention class */
    uint32_t month;    /* of the data key, year * 12 + month - 1 */
    struct hash entry; /* salted commitment */
    struct bytes sealed;
};

struct journal_entries {
    struct journal_entry *entries;
    size_t count;
};

struct store_row {
    struct bytes key;
    struct bytes value;
};

struct store_rows {
    struct store_row *rows;
    size_t count;
};

struct store;
struct store_view; /* what reads see: the writer's own, or a snapshot */

/* Closes and frees; a transaction in progress is rolled back. Snapshots are closed before. */
void store_close(struct store *store_own_opt);

/* -- Reading ------------------------------------------------------------------------------
 * Everything handed out lies in the arena. */

/* The writer's view: in a transaction it sees the transaction's own changes. Lives as long as
 * the store; never closed. */
struct store_view *store_view(struct store *store);

/* The state of the last commit, frozen until closed. */
MUST_USE struct err store_snapshot_open(struct store *store, struct store_view **out);
void store_snapshot_close(struct store_view *snapshot_own_opt);

/* ERR_NOT_FOUND store.no-row. */
MUST_USE struct err store_get(struct store_view *view, enum store_table table, struct bytes key,
                              struct arena *arena, struct bytes *value_out);

/* Rows whose key starts with `prefix`, by bytes ascending (or descending when `reverse`), those
 * strictly behind `after` in that direction when `after.len` > 0, at most `limit`
 * (1..STORE_READ_MAX). */
struct store_range {
    enum store_table table;
    struct bytes prefix;
    struct bytes after;
    uint32_t limit;
    bool reverse;
};
MUST_USE struct err store_scan(struct store_view *view, const struct store_range *range,
                               struct arena *arena, struct store_rows *out);

/* Number of the last fact, 0 when there is none. */
MUST_USE struct err store_journal_last(struct store_view *view, uint64_t *number_out);
/* Entries from number `from`, ascending, at most `limit` (1..STORE_READ_MAX). */
MUST_USE struct err store_journal_read(struct store_view *view, uint64_t from, uint32_t limit,
                                       struct arena *arena, struct journal_entries *out);
/* One entry; ERR_NOT_FOUND store.no-entry. */
MUST_USE struct err store_journal_get(struct store_view *view, uint64_t number, struct arena *arena,
                                      struct journal_entry *out);
/* Entries of one log from leaf `from`, ascending by leaf. */
MUST_USE struct err store_log_read(struct store_view *view, uint16_t log, uint64_t from,
                                   uint32_t limit, struct arena *arena,
                                   struct journal_entries *out);
/* Entries without an opening from number `from` on, ascending: what a restored backup must erase
 * again (store/backup.h). */
MUST_USE struct err store_hollow_read(struct store_view *view, uint64_t from, uint32_t limit,
                                      struct arena *arena, struct journal_entries *out);
/* Last leaf + 1, 0 for a log without entries. */
MUST_USE struct err store_log_size(struct store_view *view, uint16_t log, uint64_t *size_out);

/* A Merkle node: hash of the complete subtree of 2^level leaves that is the index-th of its
 * level. ERR_NOT_FOUND store.no-node. */
struct store_node {
    uint16_t log;
    uint8_t level;
    uint64_t index;
};
MUST_USE struct err store_node_get(struct store_view *view, struct store_node node,
                                   struct hash *out);

/* -- Writing ------------------------------------------------------------------------------ */

MUST_USE struct err store_begin(struct store *store);
MUST_USE struct err store_commit(struct store *store);
void store_rollback(struct store *store);

/* ERR_CONFLICT store.wrong-number unless number is last + 1; store.leaf-taken. */
MUST_USE struct err store_append(struct store *store, const struct journal_entry *entry);
/* Removes the sealed opening; the entry stays. Erasing again changes nothing.
 * ERR_NOT_FOUND store.no-entry. The bytes are gone from the disk after
 * store_checkpoint(STORE_CHECKPOINT_TRUNCATE). */
MUST_USE struct err store_erase(struct store *store, uint64_t number);
/* Replaces the sealed opening (month key re-wrapped). ERR_NOT_FOUND store.no-entry;
 * ERR_CONFLICT store.entry-erased: what is erased stays erased (I6). */
MUST_USE struct err store_reseal(struct store *store, uint64_t number, struct bytes sealed);

/* Adds or replaces. */
MUST_USE struct err store_put(struct store *store, enum store_table table, struct bytes key,
                              struct bytes value);
/* No error when there is no such row. */
MUST_USE struct err store_delete(struct store *store, enum store_table table, struct bytes key);
MUST_USE struct err store_node_put(struct store *store, struct store_node node,
                                   const struct hash *hash);
/* Empties every computed table and all Merkle nodes; journal, blobs and TABLE_META stay. */
MUST_USE struct err store_reset_tables(struct store *store);

/* -- Blobs: encrypted chunks, named by the SHA-256 of their stored bytes ----------------------
 * Outside transactions; durable on return. */

MUST_USE struct err store_blob_put(struct store *store, struct bytes blob, struct hash *name_out);
/* ERR_NOT_FOUND store.no-blob; ERR_CORRUPT store.blob-damaged when the bytes do not hash to
 * the name. */
MUST_USE struct err store_blob_get(struct store *store, const struct hash *name,
                                   struct arena *arena, struct bytes *out);
/* No error when there is no such blob. After an error the blob may be gone or come back: erase
 * it again. */
MUST_USE struct err store_blob_erase(struct store *store, const struct hash *name);

/* -- Housekeeping ------------------------------------------------------------------------- */

enum store_checkpoint {
    STORE_CHECKPOINT_PASSIVE, /* moves what it can without making anyone wait */
    STORE_CHECKPOINT_TRUNCATE /* leaves no byte of erased or overwritten data behind;
                               * ERR_UNAVAILABLE store.busy while a snapshot is older */
};
/* Called by the scheduler: nothing else moves the write-ahead log into the database. */
MUST_USE struct err store_checkpoint(struct store *store, enum store_checkpoint how);

/* Full check of what the disk holds, with everything hashed that has a hash; slow. */
MUST_USE struct err store_check(struct store *store);

/* Everything, in one canonical order, as bytes to `write`; two stores with equal dumps answer
 * every question alike. `write` returns false to stop (then ERR_IO store.dump-refused). Outside
 * of transactions. */
struct store_sink {
    bool (*write)(void *context, struct bytes part);
    void *context;
};
MUST_USE struct err store_dump(struct store *store, struct store_sink sink);
MUST_USE struct err store_dump_hash(struct store *store, struct hash *out);

/* Name of a table, a literal. */
const char *store_table_name(enum store_table table);

#endif
