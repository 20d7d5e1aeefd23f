/* A disk as it may fail: one file. Bytes written are seen by this process at once and are on the
 * platter after an fsync, unless the plan says otherwise. See store/memory.h for the faults. */
#ifndef COMITY_STORE_MEMORY_DISK_H
#define COMITY_STORE_MEMORY_DISK_H

#include "store/memory.h"

enum {
    DISK_PIECE = 4096 /* bytes of one write effect */
};

struct disk_buffer {
    uint8_t *data;
    size_t len;
    size_t size;
};
/* false when there is no memory. */
MUST_USE bool disk_buffer_reserve(struct disk_buffer *buffer, size_t len);
MUST_USE bool disk_buffer_add(struct disk_buffer *buffer, struct bytes in);
void disk_buffer_clear(struct disk_buffer *buffer);

struct disk_write;

struct disk {
    struct store_memory_plan plan;
    uint64_t random;
    uint64_t effects;
    uint64_t ms;
    uint64_t script_effect;
    enum store_fault script_fault;
    bool crashed;
    struct disk_buffer seen;    /* what this process reads back */
    struct disk_buffer platter; /* what a power failure leaves for sure */
    struct disk_write *writes;  /* not on the platter yet, in order */
    size_t write_count;
    size_t write_room;
};

void disk_open(struct disk *disk, const struct store_memory_plan *plan);
void disk_close(struct disk *disk);

/* Next number of the disk's own random sequence. */
uint64_t disk_random(struct disk *disk);

enum disk_effect { DISK_WRITE, DISK_FSYNC, DISK_RENAME };
/* Counts one effect and gives its fault. For callers whose files are not modelled in bytes
 * (images, blobs); disk_write and disk_fsync call it themselves. A crash sets `crashed`. */
enum store_fault disk_step(struct disk *disk, enum disk_effect effect);

/* Errors: ERR_UNAVAILABLE store.crashed, store.disk-full, store.no-memory. */
MUST_USE struct err disk_write(struct disk *disk, size_t offset, struct bytes in);
/* Errors: ERR_UNAVAILABLE store.crashed; ERR_IO store.fsync. */
MUST_USE struct err disk_fsync(struct disk *disk);
/* The file is replaced by an empty one, durably: after a rename. */
void disk_truncate(struct disk *disk);
/* Power failure: what is on no platter is kept, dropped or torn as `seed` says. */
MUST_USE struct err disk_crash(struct disk *disk, uint64_t seed);

#endif
