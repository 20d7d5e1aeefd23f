/* Backups: the journal with its encrypted openings, and the encrypted blobs; never tables, which
 * are computed again, and never keys (I12). spec/backup.md has the format.
 *
 * What was erased after a backup was made must not come back with it (I6). Therefore a second,
 * small file: the list of entries that have no opening, written anew after each erasure and kept
 * apart from the backups. A store into which a backup was read says so (backup_state) until such
 * a list was applied and backup_finish was called; a node must not serve before.
 *
 * Errors: ERR_INVALID backup.not-a-backup, backup.newer-version, backup.wrong-kind; ERR_CORRUPT
 * backup.damaged (`at`: number of the chunk, from 0), backup.cut-short, backup.trailing; ERR_LIMIT
 * backup.chunk-too-long, backup.label-too-long; ERR_IO backup.write-failed, backup.read-failed;
 * ERR_CONFLICT backup.store-not-empty, backup.other-journal, backup.not-restored; those of the
 * store. */
#ifndef COMITY_STORE_BACKUP_H
#define COMITY_STORE_BACKUP_H

#include "core/time.h"
#include "store/store.h"

enum {
    BACKUP_VERSION = 1,
    BACKUP_LABEL_MAX = 512,                   /* bytes */
    BACKUP_CHUNK = 64 * 1024,                 /* bytes after which a chunk is closed */
    BACKUP_CHUNK_MAX = STORE_VALUE_MAX + 1024 /* bytes: one entry or blob of greatest size */
};

struct backup_head {
    struct instant at;
    struct text label; /* whose: the caller's, for example realm and generation */
};

struct backup_account {
    uint64_t entries;
    uint64_t hollow; /* of them without opening */
    uint64_t blobs;
    uint64_t bytes; /* of the file */
};

/* Online: from a snapshot, so that the clerk goes on; from any thread. Blobs are those that exist
 * while it runs, hence at least all that the snapshot's openings name and that were not erased. */
MUST_USE struct err backup_write(struct store *store, const struct backup_head *head,
                                 struct store_sink sink, struct backup_account *out);

/* The list of erasures, likewise. `entries` and `hollow` count its lines. */
MUST_USE struct err backup_write_erasures(struct store *store, const struct backup_head *head,
                                          struct store_sink sink, struct backup_account *out);

/* Gives at most `size` bytes and how many; 0 at the end. false: the reading failed. */
struct backup_source {
    bool (*read)(void *context, uint8_t *out, size_t size, size_t *len_out);
    void *context;
};

/* Reads a backup or list to its end and keeps nothing. The label lies in the arena. */
MUST_USE struct err backup_verify(struct backup_source source, struct arena *arena,
                                  struct backup_head *head_out, struct backup_account *out);

/* Into a store without entries. After an error the store is BACKUP_INCOMPLETE and of no further
 * use; after success it is BACKUP_ERASURES_DUE. Tables are empty: rebuild them. */
MUST_USE struct err backup_restore(struct backup_source source, struct store *store,
                                   struct backup_account *out);

/* Erases what the list names. Entries younger than the backup are passed over; an entry with
 * another commitment means that the list belongs to another journal. `hollow` of the account:
 * those erased now or before. */
MUST_USE struct err backup_apply_erasures(struct backup_source source, struct store *store,
                                          struct backup_account *out);

enum backup_state {
    BACKUP_NONE,        /* never restored, or finished: may serve */
    BACKUP_INCOMPLETE,  /* a restore was cut short: begin again in an empty directory */
    BACKUP_ERASURES_DUE /* restored; the list of erasures is still to be applied */
};
MUST_USE struct err backup_state(struct store_view *view, enum backup_state *out);

/* ERASURES_DUE becomes NONE: the caller answers for the lists it applied. ERR_CONFLICT
 * backup.not-restored in another state. */
MUST_USE struct err backup_finish(struct store *store);

#endif
