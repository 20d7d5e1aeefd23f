#include "store/memory_disk.h"

#include <assert.h>
#include <stdlib.h>

struct disk_write {
    size_t offset;
    struct disk_buffer bytes;
    bool lost;     /* acknowledged, and will not be there after a crash */
    bool forsaken; /* its fsync failed: the system thinks it clean, later fsyncs skip it */
};

bool disk_buffer_reserve(struct disk_buffer *buffer, size_t len)
{
    if (len <= buffer->size)
        return true;
    size_t size = buffer->size * 2 > len ? buffer->size * 2 : len;
    uint8_t *data = realloc(buffer->data, size);
    if (data == NULL)
        return false;
    buffer->data = data;
    buffer->size = size;
    return true;
}

bool disk_buffer_add(struct disk_buffer *buffer, struct bytes in)
{
    if (!disk_buffer_reserve(buffer, buffer->len + in.len))
        return false;
    if (in.len > 0)
        memcpy(buffer->data + buffer->len, in.data, in.len);
    buffer->len += in.len;
    return true;
}

void disk_buffer_clear(struct disk_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct disk_buffer){ NULL, 0, 0 };
}

/* The file grows with zeros, as a file with a hole does. */
static bool overlay(struct disk_buffer *file, size_t offset, struct bytes in)
{
    if (!disk_buffer_reserve(file, offset + in.len))
        return false;
    if (file->len < offset)
        memset(file->data + file->len, 0, offset - file->len);
    if (in.len > 0)
        memcpy(file->data + offset, in.data, in.len);
    if (file->len < offset + in.len)
        file->len = offset + in.len;
    return true;
}

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t disk_random(struct disk *disk)
{
    return next_random(&disk->random);
}

void disk_open(struct disk *disk, const struct store_memory_plan *plan)
{
    *disk = (struct disk){ .plan = *plan, .random = plan->seed };
}

static void forget_writes(struct disk *disk)
{
    for (size_t i = 0; i < disk->write_count; i++)
        disk_buffer_clear(&disk->writes[i].bytes);
    disk->write_count = 0;
}

void disk_close(struct disk *disk)
{
    forget_writes(disk);
    free(disk->writes);
    disk_buffer_clear(&disk->seen);
    disk_buffer_clear(&disk->platter);
}

static bool drawn(struct disk *disk, uint32_t per_million)
{
    return per_million > 0 && disk_random(disk) % 1000000 < per_million;
}

static bool fits(enum store_fault fault, enum disk_effect effect)
{
    if (fault == STORE_FAULT_WRITE_FAIL || fault == STORE_FAULT_WRITE_LOST)
        return effect == DISK_WRITE;
    if (fault == STORE_FAULT_FSYNC_FAIL || fault == STORE_FAULT_FSYNC_SLOW)
        return effect == DISK_FSYNC;
    return true;
}

static enum store_fault draw_fault(struct disk *disk, enum disk_effect effect)
{
    if (drawn(disk, disk->plan.crash))
        return STORE_FAULT_CRASH;
    if (effect == DISK_WRITE && drawn(disk, disk->plan.write_fail))
        return STORE_FAULT_WRITE_FAIL;
    if (effect == DISK_WRITE && drawn(disk, disk->plan.write_lost))
        return STORE_FAULT_WRITE_LOST;
    if (effect == DISK_FSYNC && drawn(disk, disk->plan.fsync_fail))
        return STORE_FAULT_FSYNC_FAIL;
    if (effect == DISK_FSYNC && drawn(disk, disk->plan.fsync_slow))
        return STORE_FAULT_FSYNC_SLOW;
    return STORE_FAULT_NONE;
}

enum store_fault disk_step(struct disk *disk, enum disk_effect effect)
{
    disk->effects++;
    enum store_fault fault = draw_fault(disk, effect);
    if (disk->script_effect == disk->effects && fits(disk->script_fault, effect))
        fault = disk->script_fault;
    if (effect == DISK_FSYNC)
        disk->ms += fault == STORE_FAULT_FSYNC_SLOW ? disk->plan.slow_ms : disk->plan.fsync_ms;
    if (fault == STORE_FAULT_CRASH)
        disk->crashed = true;
    return fault;
}

static struct err write_piece(struct disk *disk, size_t offset, struct bytes in)
{
    enum store_fault fault = disk_step(disk, DISK_WRITE);
    if (fault == STORE_FAULT_WRITE_FAIL)
        return err_make(ERR_UNAVAILABLE, "store.disk-full");
    if (disk->write_count == disk->write_room) {
        size_t room = disk->write_room * 2 + 16;
        struct disk_write *writes = realloc(disk->writes, room * sizeof *writes);
        if (writes == NULL)
            return err_make(ERR_UNAVAILABLE, "store.no-memory");
        disk->writes = writes;
        disk->write_room = room;
    }
    struct disk_write write = { .offset = offset, .lost = fault == STORE_FAULT_WRITE_LOST };
    if (!disk_buffer_add(&write.bytes, in) || !overlay(&disk->seen, offset, in)) {
        disk_buffer_clear(&write.bytes);
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    }
    disk->writes[disk->write_count++] = write;
    if (fault == STORE_FAULT_CRASH)
        return err_make(ERR_UNAVAILABLE, "store.crashed"); /* this piece is under way */
    return err_none();
}

struct err disk_write(struct disk *disk, size_t offset, struct bytes in)
{
    if (disk->crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    for (size_t at = 0; at < in.len; at += DISK_PIECE) {
        size_t len = in.len - at < DISK_PIECE ? in.len - at : DISK_PIECE;
        struct err e = write_piece(disk, offset + at, bytes_of(in.data + at, len));
        if (failed(e))
            return e;
    }
    return err_none();
}

/* Pending writes reach the platter in their order. Whether a forsaken one did, long ago, is
 * settled here: it stands before those that follow it. */
static bool settle(struct disk *disk)
{
    for (size_t i = 0; i < disk->write_count; i++) {
        struct disk_write *w = &disk->writes[i];
        bool there = w->forsaken ? disk_random(disk) % 2 == 0 : !w->lost;
        if (there && !overlay(&disk->platter, w->offset, bytes_of(w->bytes.data, w->bytes.len)))
            return false;
    }
    forget_writes(disk);
    return true;
}

struct err disk_fsync(struct disk *disk)
{
    if (disk->crashed)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    enum store_fault fault = disk_step(disk, DISK_FSYNC);
    if (fault == STORE_FAULT_CRASH)
        return err_make(ERR_UNAVAILABLE, "store.crashed");
    if (fault == STORE_FAULT_FSYNC_FAIL) {
        for (size_t i = 0; i < disk->write_count; i++)
            disk->writes[i].forsaken = true;
        return err_make(ERR_IO, "store.fsync");
    }
    if (!settle(disk))
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    return err_none();
}

void disk_truncate(struct disk *disk)
{
    forget_writes(disk);
    disk->seen.len = 0;
    disk->platter.len = 0;
}

/* Which pending writes survive. A disk may write in any order and stop within a sector. */
struct err disk_crash(struct disk *disk, uint64_t seed)
{
    uint64_t random = seed;
    uint64_t mode = next_random(&random) % 4; /* none, all, a prefix with a torn end, any */
    size_t prefix = disk->write_count == 0 ? 0 : next_random(&random) % disk->write_count;
    for (size_t i = 0; i < disk->write_count; i++) {
        struct disk_write *w = &disk->writes[i];
        size_t len = w->bytes.len;
        if (w->lost || mode == 0 || (mode == 2 && i > prefix) ||
            (mode == 3 && next_random(&random) % 2 == 0))
            continue;
        if ((mode == 2 && i == prefix) || (mode == 3 && next_random(&random) % 4 == 0))
            len = next_random(&random) % (len + 1);
        if (!overlay(&disk->platter, w->offset, bytes_of(w->bytes.data, len)))
            return err_make(ERR_UNAVAILABLE, "store.no-memory");
    }
    forget_writes(disk);
    disk->seen.len = 0;
    if (!disk_buffer_add(&disk->seen, bytes_of(disk->platter.data, disk->platter.len)))
        return err_make(ERR_UNAVAILABLE, "store.no-memory");
    disk->crashed = false;
    return err_none();
}
