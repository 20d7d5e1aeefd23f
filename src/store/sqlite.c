#include "store/sqlite.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite_state.h"

enum {
    TRUNCATE_MS = 250,       /* a checkpoint may make the writer wait so long, then gives way */
    LOG_PAGES = 8192,        /* 64 MiB of write-ahead log are begun again from the front */
    WRITER_CACHE_KIB = 16384 /* readers keep SQLite's 2,000 KiB: 512 MB machines (I11) */
};

static struct sqlite_store *sqlite_of(struct store *store)
{
    return (struct sqlite_store *)store;
}

static struct store_view *sqlite_writer_view(struct store *store)
{
    return &sqlite_of(store)->writer.base;
}

/* -- Snapshots ---------------------------------------------------------------------------- */

/* Q3. While a commit is under way some see it and some do not: nobody may see it and then not. */
static bool is_last(const struct sqlite_view *v, uint64_t commits)
{
    return v->kept && v->commits == commits && commits % 2 == 0;
}

/* How dear it is to begin a transaction with this reader. */
static int reader_cost(const struct sqlite_view *v, uint64_t commits)
{
    if (v->taken)
        return INT_MAX;
    if (is_last(v, commits))
        return 0;
    return v->db != NULL ? 1 : 2;
}

static struct sqlite_view *reader_take(struct sqlite_store *q)
{
    struct sqlite_view *best = &q->readers[0];
    uint64_t commits = atomic_load(&q->commits);
    pthread_mutex_lock(&q->readers_lock);
    for (size_t i = 1; i < STORE_SNAPSHOTS_MAX; i++) {
        if (reader_cost(&q->readers[i], commits) < reader_cost(best, commits))
            best = &q->readers[i];
    }
    bool found = !best->taken;
    if (found) {
        best->taken = true;
        q->snapshots++;
    }
    pthread_mutex_unlock(&q->readers_lock);
    return found ? best : NULL;
}

static void reader_give(struct sqlite_view *v, bool keep)
{
    pthread_mutex_lock(&v->store->readers_lock);
    v->kept = keep;
    v->taken = false;
    v->store->snapshots--;
    pthread_mutex_unlock(&v->store->readers_lock);
}

/* Never again with this connection. */
static void reader_drop(struct sqlite_view *v)
{
    sqlite_disconnect(v->db);
    *v = (struct sqlite_view){ .base = v->base, .store = v->store, .taken = v->taken };
}

/* Ends the transaction in which it was kept. */
static void reader_end(struct sqlite_view *v)
{
    if (v->kept && failed(sqlite_simple(v, SQL_ROLLBACK)))
        reader_drop(v);
    v->kept = false;
}

/* With the readers' lock, before a checkpoint: nobody's snapshot is in its way. */
static void readers_end(struct sqlite_store *q)
{
    for (size_t i = 0; i < STORE_SNAPSHOTS_MAX; i++) {
        if (!q->readers[i].taken)
            reader_end(&q->readers[i]);
    }
}

static struct err reader_begin(struct sqlite_view *v)
{
    struct err e = err_none();
    uint64_t last = 0;
    v->commits = atomic_load(&v->store->commits);
    v->ends = (struct sqlite_ends){ 0 };
    if (v->db == NULL)
        e = sqlite_connect(v->store->path, SQLITE_OPEN_READONLY, STORE_SQLITE_BUSY_MS, &v->db);
    if (failed(e))
        return e;
    e = sqlite_simple(v, SQL_BEGIN_READ);
    if (!failed(e))
        e = store_journal_last(&v->base, &last); /* the first read, not BEGIN, fixes what is seen */
    if (failed(e))
        reader_drop(v);
    return e;
}

static struct err sqlite_snapshot_open(struct store *store, struct store_view **out)
{
    struct sqlite_store *q = sqlite_of(store);
    struct sqlite_view *v = reader_take(q);
    if (v == NULL)
        return err_make(ERR_UNAVAILABLE, "store.snapshots-taken");
    struct err e = err_none();
    if (!is_last(v, atomic_load(&q->commits))) {
        reader_end(v);
        e = reader_begin(v);
    }
    if (failed(e))
        reader_give(v, false);
    else
        *out = &v->base;
    return e;
}

void sqlite_view_close(struct store_view *view)
{
    struct sqlite_view *v = (struct sqlite_view *)view;
    assert(v->taken);
    bool keep = sqlite3_get_autocommit(v->db) == 0;
    if (!keep) /* SQLite ended the transaction by itself */
        reader_drop(v);
    reader_give(v, keep);
}

/* -- Transactions ------------------------------------------------------------------------- */

/* Q2. SQLite has rolled back by itself after some errors, and not after others. */
static void sqlite_rollback(struct store *store)
{
    struct sqlite_view *w = &sqlite_of(store)->writer;
    w->ends = (struct sqlite_ends){ 0 };
    if (sqlite3_get_autocommit(w->db) != 0)
        return;
    struct err e = sqlite_simple(w, SQL_ROLLBACK);
    (void)e; /* sqlite_begin tries again */
}

static struct err sqlite_begin(struct store *store)
{
    struct sqlite_view *w = &sqlite_of(store)->writer;
    sqlite_rollback(store);
    w->ends = (struct sqlite_ends){ 0 };
    return sqlite_simple(w, SQL_BEGIN_WRITE);
}

/* The frames of a commit that failed stand whole in the write-ahead log, and a process that died
 * now would find them when it starts again. A commit that changes nothing takes their place. */
static void overwrite_frames(struct sqlite_view *w)
{
    char sql[80];
    sqlite3_snprintf(sizeof sql, sql, "BEGIN IMMEDIATE; PRAGMA user_version=%d; COMMIT",
                     (int)STORE_SQLITE_SCHEMA);
    struct err e = sqlite_exec(w->db, sql);
    (void)e; /* then the outcome is open until the next good commit: store.h says so */
}

static struct err sqlite_commit(struct store *store)
{
    struct sqlite_view *w = &sqlite_of(store)->writer;
    atomic_fetch_add(&sqlite_of(store)->commits, 1); /* from here on some may see it: Q3 */
    struct err e = sqlite_simple(w, SQL_COMMIT);
    if (failed(e)) {
        sqlite_rollback(store);
        overwrite_frames(w);
        sqlite_rollback(store);
    }
    atomic_fetch_add(&sqlite_of(store)->commits, 1); /* also then: its outcome is open */
    return e;
}

/* -- Housekeeping ------------------------------------------------------------------------- */

/* A checkpoint for which the writer waits. Whoever opens a snapshot waits as well: a front that
 * asks the clerk for something holds its snapshot until the answer, so that the checkpoint would
 * hold the writer and wait for a reader who waits for the writer. */
static int checkpoint_alone(struct sqlite_store *q, int mode, bool whoever_reads)
{
    pthread_mutex_lock(&q->readers_lock);
    int code = SQLITE_BUSY;
    readers_end(q);
    if (q->snapshots == 0 || whoever_reads)
        code = sqlite3_wal_checkpoint_v2(q->checkpointer, NULL, mode, NULL, NULL);
    pthread_mutex_unlock(&q->readers_lock);
    return code;
}

static struct err checkpoint_locked(struct sqlite_store *q, enum store_checkpoint how)
{
    if (q->checkpointer == NULL) {
        struct err e =
            sqlite_connect(q->path, SQLITE_OPEN_READWRITE, TRUNCATE_MS, &q->checkpointer);
        if (failed(e))
            return e;
    }
    /* Most of the work without the writer's lock, whatever was asked for. */
    int pages = 0;
    pthread_mutex_lock(&q->readers_lock);
    readers_end(q);
    pthread_mutex_unlock(&q->readers_lock);
    int code =
        sqlite3_wal_checkpoint_v2(q->checkpointer, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, NULL);
    if (code == SQLITE_BUSY) /* the writer was just changing the log's head: next time */
        code = SQLITE_OK;
    if (code != SQLITE_OK)
        return sqlite_error(code);
    if (how == STORE_CHECKPOINT_TRUNCATE)
        code = checkpoint_alone(q, SQLITE_CHECKPOINT_TRUNCATE, false);
    /* A log that is written while it is moved never comes to its end, and would grow for ever: now
     * and then the writer waits for the rest, at last even where a reader may be in the way, which
     * is no error. */
    if ((code == SQLITE_BUSY || how == STORE_CHECKPOINT_PASSIVE) && pages > LOG_PAGES)
        (void)checkpoint_alone(q, SQLITE_CHECKPOINT_RESTART, pages > 4 * LOG_PAGES);
    return code == SQLITE_OK ? err_none() : sqlite_error(code);
}

static struct err sqlite_checkpoint(struct store *store, enum store_checkpoint how)
{
    struct sqlite_store *q = sqlite_of(store);
    pthread_mutex_lock(&q->checkpoint_lock);
    struct err e = checkpoint_locked(q, how);
    pthread_mutex_unlock(&q->checkpoint_lock);
    return e;
}

static struct err check_blobs(struct store *store)
{
    enum { PAGE = 256 };
    struct hash names[PAGE];
    size_t count = 0;
    size_t size = STORE_VALUE_MAX + 64;
    void *memory = malloc(size);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    struct arena arena = arena_over(memory, size);
    struct hash after;
    struct err e = sqlite_blob_names(store, NULL, PAGE, names, &count);
    while (!failed(e) && count > 0) {
        for (size_t i = 0; i < count && !failed(e); i++) {
            struct bytes blob = { NULL, 0 };
            arena_reset(&arena);
            e = store_blob_get(store, &names[i], &arena, &blob);
        }
        after = names[count - 1];
        if (!failed(e))
            e = sqlite_blob_names(store, &after, PAGE, names, &count);
    }
    free(memory);
    return e;
}

static struct err sqlite_check(struct store *store)
{
    struct err e = sqlite_schema_check(sqlite_of(store)->writer.db, true);
    return failed(e) ? e : check_blobs(store);
}

/* -- Opening ------------------------------------------------------------------------------ */

static void sqlite_store_close(struct store *store)
{
    struct sqlite_store *q = sqlite_of(store);
    assert(q->snapshots == 0); /* store.h: snapshots are closed before */
    for (size_t i = 0; i < STORE_SNAPSHOTS_MAX; i++)
        sqlite_disconnect(q->readers[i].db);
    sqlite_disconnect(q->checkpointer);
    sqlite_disconnect(q->writer.db);
    if (q->blobs_fd >= 0)
        close(q->blobs_fd);
    if (q->lock_fd >= 0)
        close(q->lock_fd);
    pthread_mutex_destroy(&q->readers_lock);
    pthread_mutex_destroy(&q->checkpoint_lock);
    free(q);
}

static const struct store_ops sqlite_ops = {
    .close = sqlite_store_close,
    .view = sqlite_writer_view,
    .snapshot_open = sqlite_snapshot_open,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .append = sqlite_append,
    .reseal = sqlite_reseal,
    .put = sqlite_put,
    .delete = sqlite_delete,
    .node_put = sqlite_node_put,
    .reset_tables = sqlite_reset_tables,
    .blob_put = sqlite_blob_put,
    .blob_get = sqlite_blob_get,
    .blob_erase = sqlite_blob_erase,
    .blob_names = sqlite_blob_names,
    .checkpoint = sqlite_checkpoint,
    .check = sqlite_check,
};

static struct sqlite_store *store_make(void)
{
    struct sqlite_store *q = calloc(1, sizeof *q);
    if (q == NULL)
        return NULL;
    q->base.ops = &sqlite_ops;
    q->lock_fd = -1;
    q->blobs_fd = -1;
    q->writer = (struct sqlite_view){ .base = { &sqlite_view_ops }, .store = q };
    for (size_t i = 0; i < STORE_SNAPSHOTS_MAX; i++)
        q->readers[i] = (struct sqlite_view){ .base = { &sqlite_view_ops }, .store = q };
    if (pthread_mutex_init(&q->readers_lock, NULL) != 0) {
        free(q);
        return NULL;
    }
    if (pthread_mutex_init(&q->checkpoint_lock, NULL) != 0) {
        pthread_mutex_destroy(&q->readers_lock);
        free(q);
        return NULL;
    }
    return q;
}

/* The lock, an empty store.db for its owner's eyes only, and blobs/. */
static struct err open_files(struct sqlite_store *q, int directory_fd, bool create)
{
    q->lock_fd = openat(directory_fd, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (q->lock_fd < 0)
        return err_make(ERR_IO, "store.io");
    if (flock(q->lock_fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? err_make(ERR_CONFLICT, "store.in-use")
                                    : err_make(ERR_IO, "store.io");
    int fd = openat(directory_fd, "store.db", O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0600);
    if (fd < 0)
        return errno == ENOENT ? err_make(ERR_NOT_FOUND, "store.no-database")
                               : err_make(ERR_IO, "store.io");
    close(fd); /* before SQLite's locks: closing drops a process's POSIX locks */
    return sqlite_blob_open(directory_fd, &q->blobs_fd);
}

static struct err open_database(struct sqlite_store *q, const struct store_sqlite_options *options)
{
    struct err e =
        sqlite_connect(q->path, SQLITE_OPEN_READWRITE, STORE_SQLITE_BUSY_MS, &q->writer.db);
    if (!failed(e))
        e = sqlite_schema_open(q->writer.db, options);
    if (!failed(e)) {
        char sql[80];
        sqlite3_snprintf(sizeof sql, sql, "PRAGMA cache_size=-%d; PRAGMA max_page_count=%d",
                         (int)WRITER_CACHE_KIB, (int)STORE_SQLITE_PAGES);
        e = sqlite_exec(q->writer.db, sql);
    }
    return e;
}

struct err store_sqlite_open(struct text directory, const struct store_sqlite_options *options,
                             struct store **out)
{
    if (directory.len == 0 || directory.len > STORE_SQLITE_DIRECTORY_MAX)
        return err_make(ERR_LIMIT, "store.path-too-long");
    struct sqlite_store *q = store_make();
    if (q == NULL)
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    memcpy(q->path, directory.data, directory.len);
    struct err e = err_none();
    int fd = open(q->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        e = errno == ENOENT ? err_make(ERR_NOT_FOUND, "store.no-database")
                            : err_make(ERR_IO, "store.io");
    if (!failed(e))
        e = open_files(q, fd, options->create);
    memcpy(q->path + directory.len, "/store.db", sizeof "/store.db");
    if (!failed(e))
        e = open_database(q, options);
    if (fd >= 0)
        close(fd);
    if (failed(e)) {
        sqlite_store_close(&q->base);
        return e;
    }
    *out = &q->base;
    return err_none();
}
