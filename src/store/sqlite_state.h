/* Inside of the SQLite store. Connections: one writer (the clerk's thread), up to
 * STORE_SNAPSHOTS_MAX readers (one thread at a time each), one that only moves the write-ahead
 * log. None is shared between threads without its mutex, hence SQLITE_OPEN_NOMUTEX.
 *
 * Q1 no statement is left unreset: it would hold the snapshot of its connection.
 * Q2 after any failure the writer is in autocommit mode before the next transaction.
 * Q3 a snapshot that was closed is the next one, pages read and all, while nothing was committed
 *    since it was opened; no checkpoint waits for it. */
#ifndef COMITY_STORE_SQLITE_STATE_H
#define COMITY_STORE_SQLITE_STATE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/sqlite.h"
#include "store/store_ops.h"

enum sqlite_sql {
    SQL_BEGIN_WRITE,
    SQL_BEGIN_READ,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_APPEND,
    SQL_RESEAL,
    SQL_IS_ERASED,
    SQL_JOURNAL_LAST,
    SQL_JOURNAL_READ,
    SQL_LOG_READ,
    SQL_HOLLOW_READ,
    SQL_LOG_SIZE,
    SQL_NODE_GET,
    SQL_NODE_PUT,
    SQL_NODE_SCAN,
    SQL_COUNT
};

/* Statements that each table has its own of. */
enum sqlite_row_sql { ROW_GET, ROW_PUT, ROW_DELETE, ROW_SCAN, ROW_SCAN_REVERSE, ROW_SQL_COUNT };

struct sqlite_store;

/* Ends that were read or written in this transaction. */
struct sqlite_ends {
    bool has_last;
    bool has_size;
    uint16_t log;  /* of the size */
    uint64_t last; /* of the journal */
    uint64_t size;
};

struct sqlite_view {
    struct store_view base;
    struct sqlite_store *store;
    sqlite3 *db;      /* NULL: not opened yet */
    bool taken;       /* a reader that is someone's snapshot */
    bool kept;        /* a reader that is nobody's, its transaction open: Q3 */
    uint64_t commits; /* of the store, before its transaction began */
    struct sqlite_ends ends;
    sqlite3_stmt *statements[SQL_COUNT]; /* prepared at first use */
    sqlite3_stmt *rows[STORE_TABLES][ROW_SQL_COUNT];
};

struct sqlite_store {
    struct store base;
    struct sqlite_view writer;
    struct sqlite_view readers[STORE_SNAPSHOTS_MAX];
    unsigned snapshots;
    /* Of the writer, each counted twice: before anybody may see it, and before anybody is told of
     * it. Odd: in between. */
    _Atomic uint64_t commits;
    pthread_mutex_t readers_lock; /* readers[].taken and .kept, snapshots */
    sqlite3 *checkpointer;
    pthread_mutex_t checkpoint_lock;
    int lock_fd;
    int blobs_fd;
    atomic_uint blob_count;                     /* names temporary files */
    char path[STORE_SQLITE_DIRECTORY_MAX + 16]; /* of store.db */
};

extern const struct store_view_ops sqlite_view_ops;

/* The error of a result code that is not OK, ROW or DONE. */
struct err sqlite_error(int code);

/* Name of the VFS that leaves no moved copies of cells in store.db (store/sqlite_scrub.c). */
const char *sqlite_scrub_vfs(void);

/* One connection with its settings; `flags` as of sqlite3_open_v2. */
MUST_USE struct err sqlite_connect(const char *path, int flags, int busy_ms, sqlite3 **db_out);
void sqlite_disconnect(sqlite3 *db_own_opt);
MUST_USE struct err sqlite_exec(sqlite3 *db, const char *sql);
/* The one integer that `sql` answers. */
MUST_USE struct err sqlite_integer(sqlite3 *db, const char *sql, int64_t *out);

MUST_USE struct err sqlite_statement(struct sqlite_view *view, enum sqlite_sql which,
                                     sqlite3_stmt **out);
MUST_USE struct err sqlite_row_statement(struct sqlite_view *view, enum store_table table,
                                         enum sqlite_row_sql which, sqlite3_stmt **out);
/* Steps a statement that answers no rows, and resets it. */
MUST_USE struct err sqlite_run(sqlite3_stmt *statement);
MUST_USE struct err sqlite_simple(struct sqlite_view *view, enum sqlite_sql which);
/* SQLite takes a NULL pointer for the value NULL; here it is empty bytes. */
int sqlite_bind(sqlite3_stmt *statement, int at, struct bytes in);

int64_t sqlite_node_id(struct store_node node);

/* Checks and creates (store/sqlite_schema.c). */
MUST_USE struct err sqlite_schema_open(sqlite3 *db, const struct store_sqlite_options *options);
MUST_USE struct err sqlite_schema_check(sqlite3 *db, bool full);

/* Ends a snapshot (store/sqlite.c). */
void sqlite_view_close(struct store_view *view);

/* Writes (store/sqlite_write.c). */
struct err sqlite_append(struct store *store, const struct journal_entry *entry);
struct err sqlite_reseal(struct store *store, uint64_t number, struct bytes sealed);
struct err sqlite_put(struct store *store, enum store_table table, struct bytes key,
                      struct bytes value);
struct err sqlite_delete(struct store *store, enum store_table table, struct bytes key);
struct err sqlite_node_put(struct store *store, struct store_node node, const struct hash *hash);
struct err sqlite_reset_tables(struct store *store);

/* Blobs (store/sqlite_blob.c): files under `blobs_fd`. */
MUST_USE struct err sqlite_blob_open(int directory_fd, int *blobs_fd_out);
struct err sqlite_blob_put(struct store *store, const struct hash *name, struct bytes blob);
struct err sqlite_blob_get(struct store *store, const struct hash *name, struct arena *arena,
                           struct bytes *out);
struct err sqlite_blob_erase(struct store *store, const struct hash *name);
struct err sqlite_blob_names(struct store *store, const struct hash *after_opt, size_t limit,
                             struct hash *names, size_t *count_out);

#endif
