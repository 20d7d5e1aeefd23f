/* Volumes: segments in memory and in files. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "clerk/shelf/shelf_parts.h"

static struct err no_memory(void)
{
    return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
}

static struct volume *volume_new(uint64_t from, uint64_t upto)
{
    struct volume *volume = calloc(1, sizeof(*volume));
    if (volume == NULL)
        return NULL;
    atomic_init(&volume->holders, 1);
    volume->from = from;
    volume->upto = upto;
    return volume;
}

struct volume *volume_gap(uint64_t from, uint64_t upto)
{
    struct volume *volume = volume_new(from, upto);
    if (volume != NULL)
        volume->gap = true;
    return volume;
}

void volume_hold(struct volume *volume)
{
    atomic_fetch_add(&volume->holders, 1);
}

void volume_release(struct volume *volume)
{
    if (atomic_fetch_sub(&volume->holders, 1) > 1)
        return;
    if (volume->depot != NULL)
        depot_unmap(volume->depot, volume->bytes);
    else
        free((void *)(uintptr_t)volume->bytes.data);
    free(volume->groups);
    free(volume);
}

struct err volume_count(struct volume *volume)
{
    struct group_count last = { 0, 0 };
    size_t room = 0;
    for (uint32_t i = 0; i < volume->segment.doc_count; i++) {
        uint16_t group = index_group(&volume->segment, i);
        size_t at = 0;
        while (at < volume->group_count && volume->groups[at].group != group)
            at++;
        if (at == volume->group_count && at == room) {
            room = room * 2 + 4;
            void *more = realloc(volume->groups, room * sizeof(last));
            if (more == NULL)
                return no_memory();
            volume->groups = more;
        }
        if (at == volume->group_count)
            volume->groups[volume->group_count++] = (struct group_count){ group, 0 };
        volume->groups[at].count++;
        last = volume->groups[at];
        if (at > 0) { /* what is frequent stands in front */
            volume->groups[at] = volume->groups[at - 1];
            volume->groups[at - 1] = last;
        }
    }
    return err_none();
}

/* The volume stands on these bytes, which are its own. */
static struct err open_on(struct volume *volume, struct bytes bytes)
{
    volume->bytes = bytes;
    struct err e = index_open(bytes, &volume->segment);
    return failed(e) ? e : volume_count(volume);
}

static struct err open_copy(struct volume *volume, struct bytes bytes)
{
    void *kept = malloc(bytes.len);
    if (kept == NULL)
        return no_memory();
    memcpy(kept, bytes.data, bytes.len);
    return open_on(volume, bytes_of(kept, bytes.len));
}

struct err volume_file(struct shelf *shelf, struct bytes segment, struct volume *volume)
{
    struct bytes mapped;
    char name[DEPOT_NAME_MAX + 1];
    (void)snprintf(name, sizeof(name), "s%llu",
                   (unsigned long long)atomic_fetch_add(&shelf->next_name, 1));
    struct err e = depot_write(shelf->depot_opt, name, segment);
    if (!failed(e))
        e = depot_map(shelf->depot_opt, name, &mapped);
    if (failed(e))
        return e;
    volume->depot = shelf->depot_opt;
    memcpy(volume->name, name, sizeof(name));
    return open_on(volume, mapped);
}

struct err volume_build(const struct index_doc *docs, size_t count, uint64_t from, uint64_t upto,
                        struct volume **out)
{
    size_t room = index_build_room(docs, count);
    struct volume *volume = volume_new(from, upto);
    void *memory = malloc(room);
    struct bytes bytes = { NULL, 0 };
    struct err e = no_memory();
    if (volume != NULL && memory != NULL) {
        struct arena arena = arena_over(memory, room);
        e = index_build(docs, count, &arena, &bytes);
    }
    if (!failed(e))
        e = open_copy(volume, bytes);
    free(memory);
    if (failed(e) && volume != NULL)
        volume_release(volume);
    if (!failed(e))
        *out = volume;
    return e;
}

static struct err room_take(struct shelf *shelf, size_t size, bool file, struct bytes *out)
{
    if (file)
        return depot_room(shelf->depot_opt, size, out);
    *out = bytes_of(malloc(size), size);
    return out->data == NULL ? no_memory() : err_none();
}

static void room_give(struct shelf *shelf, struct bytes room, bool file)
{
    if (file)
        depot_room_end(shelf->depot_opt, room);
    else
        free((void *)(uintptr_t)room.data);
}

static bool stops(const void *state)
{
    return atomic_load((const atomic_bool *)state);
}

/* Into `volume`, which is empty. */
static struct err merge_into(struct shelf *shelf, const struct page *page, size_t first,
                             size_t count, struct volume *volume, bool file)
{
    struct index_segment segments[INDEX_SEGMENTS_MAX];
    struct index_set dead = page_dead(page, volume->from, volume->upto);
    struct bytes room;
    struct bytes merged;
    for (size_t i = 0; i < count; i++)
        segments[i] = page->volumes[first + i]->segment;
    struct err e = room_take(shelf, index_merge_room(segments, count), file, &room);
    if (failed(e))
        return e;
    struct arena arena = arena_over((void *)(uintptr_t)room.data, room.len);
    struct index_stop stop = { stops, &shelf->stopping };
    e = index_merge(segments, count, &dead, &stop, &arena, &merged);
    if (!failed(e))
        e = file ? volume_file(shelf, merged, volume) : open_copy(volume, merged);
    room_give(shelf, room, file);
    return e;
}

struct err volume_merge(struct shelf *shelf, const struct page *page, size_t first, size_t count,
                        bool file, struct volume **out)
{
    uint64_t from = page->volumes[first]->from;
    uint64_t upto = page->volumes[first + count - 1]->upto;
    struct index_set dead = page_dead(page, from, upto);
    size_t docs = 0;
    assert(count <= INDEX_SEGMENTS_MAX);
    for (size_t i = 0; i < count; i++)
        docs += page->volumes[first + i]->segment.doc_count;
    *out = NULL;
    if (docs <= dead.count)
        return err_none();
    struct volume *volume = volume_new(from, upto);
    if (volume == NULL)
        return no_memory();
    struct err e = merge_into(shelf, page, first, count, volume, file);
    if (failed(e))
        volume_release(volume);
    else
        *out = volume;
    return e;
}
