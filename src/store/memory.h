/* The store in memory, on a disk that is a model: what is written is volatile until an fsync,
 * and a plan says what goes wrong. Everything is decided by seeds: same calls, same faults.
 *
 * Everything but store_snapshot_open and reading a snapshot belongs to one thread here, blobs and
 * checkpoints included: order is part of what a seed decides.
 *
 * The disk has numbered effects (each write of a piece, each fsync, each rename), counted from 1
 * over the life of the store. Faults are drawn per effect by the rates below, or set for one
 * effect by store_memory_script(). */
#ifndef COMITY_STORE_MEMORY_H
#define COMITY_STORE_MEMORY_H

#include "store/store.h"

enum store_fault {
    STORE_FAULT_NONE,
    STORE_FAULT_CRASH,      /* power fails at this effect: all calls give ERR_UNAVAILABLE
                             * store.crashed until store_memory_crash() */
    STORE_FAULT_WRITE_FAIL, /* disk full: ERR_UNAVAILABLE store.disk-full */
    STORE_FAULT_WRITE_LOST, /* reported as written, and not there after the next crash */
    STORE_FAULT_FSYNC_FAIL, /* ERR_IO store.fsync; the data count as clean and may be lost */
    STORE_FAULT_FSYNC_SLOW  /* done, after slow_ms of virtual time */
};

struct store_memory_plan {
    uint64_t seed;
    /* chances in a million per effect of the fitting kind */
    uint32_t crash;
    uint32_t write_fail;
    uint32_t write_lost;
    uint32_t fsync_fail;
    uint32_t fsync_slow;
    uint32_t fsync_ms; /* virtual time of an ordinary fsync */
    uint32_t slow_ms;  /* and of a slow one */
};

/* An empty store. A plan of zeros is a perfect disk. */
MUST_USE struct err store_memory_open(const struct store_memory_plan *plan, struct store **out);

/* At effect number `effect` (> those done) `fault` happens, whatever the rates say; one script
 * at a time, 0 removes it. */
void store_memory_script(struct store *store, uint64_t effect, enum store_fault fault);
uint64_t store_memory_effects(const struct store *store); /* done so far */

/* Virtual milliseconds spent in fsyncs so far. */
uint64_t store_memory_ms(const struct store *store);

/* Power failure and restart, in place: what was not synced is dropped, kept in part or torn as
 * `seed` says; then recovery as at open. Snapshots stay readable. Afterwards the state is that of
 * the last durable commit, or of a later one that was being written. ERR_CORRUPT
 * store.database-damaged: a commit before the last is gone (a lost write), which is not a torn
 * tail and must not pass as one. */
MUST_USE struct err store_memory_crash(struct store *store, uint64_t seed);

/* Restart without power failure: everything written is found again. */
MUST_USE struct err store_memory_reopen(struct store *store);

#endif
