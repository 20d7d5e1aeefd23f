/* The store on a real disk: one directory with
 *   store.db  store.db-wal  store.db-shm   SQLite in WAL mode, synchronous=FULL
 *   blobs/ab/<64 hex>                      encrypted chunks named by SHA-256
 *   lock                                   held by the one process that has the store open
 * The write-ahead log is moved into the database by store_checkpoint() only. */
#ifndef COMITY_STORE_SQLITE_H
#define COMITY_STORE_SQLITE_H

#include "store/store.h"

enum {
    STORE_SQLITE_SCHEMA = 1,
    STORE_SQLITE_APPLICATION = 0x436D7479, /* "Cmty" */
    STORE_SQLITE_PAGES = 1 << 24,          /* 128 GiB */
    STORE_SQLITE_PAGE = 8192,              /* bytes */
    STORE_SQLITE_BUSY_MS = 5000,           /* a writer or checkpoint waits so long for another */
    STORE_SQLITE_DIRECTORY_MAX = 3800      /* bytes of the path */
};

struct store_sqlite_options {
    bool create; /* make the database when there is none, else ERR_NOT_FOUND store.no-database */
    bool verify; /* read every page at open; without it, only databases up to 64 MiB */
};

/* `directory` exists and belongs to the node.
 * ERR_NOT_FOUND store.no-database; ERR_CONFLICT store.in-use (another process);
 * ERR_CORRUPT store.database-damaged, store.journal-gap; ERR_INVALID store.not-ours (some other
 * SQLite file), store.newer-schema; ERR_LIMIT store.path-too-long. */
MUST_USE struct err store_sqlite_open(struct text directory,
                                      const struct store_sqlite_options *options,
                                      struct store **out);

#endif
