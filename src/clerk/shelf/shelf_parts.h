/* Inside the shelf: volumes and the pages that show them. */
#ifndef COMITY_CLERK_SHELF_PARTS_H
#define COMITY_CLERK_SHELF_PARTS_H

#include <stdatomic.h>

#include "clerk/rows.h"
#include "clerk/shelf/shelf.h"

enum {
    VOLUMES_MAX = INDEX_SEGMENTS_MAX + 16, /* gaps too */
    FREE_VOLUMES_MAX = 16,                 /* in memory, while upkeep works on others */
    FILES_MAX = 24,                        /* before what goes to a file takes files along */
    DELTA_DOCS_MAX = 1000,                 /* in memory before they go to a file */
    DELTA_AGE_MAX = 10000,                 /* milliseconds */
    REBUILD_STEP = 2000,                   /* documents made again at once */
    MERGE_RATIO = 2,
    GROUP_NONE = SHELF_GROUPS_MAX          /* of a dead document in a gap */
};

struct group_count {
    uint16_t group;
    uint32_t count;
};

/* The documents whose numbers are above `from` and at most `upto`: a segment, or a gap. Shared by
 * the pages that show it. */
struct volume {
    atomic_size_t holders;
    atomic_bool busy; /* somebody merges it */
    uint64_t from;
    uint64_t upto;
    bool gap;
    char name[DEPOT_NAME_MAX + 1]; /* of its file; empty: in memory */
    struct depot *depot;           /* that mapped it */
    struct bytes bytes;
    struct index_segment segment;
    struct group_count *groups;
    size_t group_count;
    atomic_int_least64_t since; /* when upkeep first saw it in memory, or something dead in its
                                   file; 0: not yet */
    atomic_bool proved;         /* nothing unproved is merged: it would get a good checksum */
    struct index_proof proof;   /* SHELF_MERGE's alone */
};

struct page {
    struct shelf_view view; /* first: shelf_give() gets a page back by it */
    size_t holders;
    struct volume *volumes[VOLUMES_MAX];
    size_t count;
    struct index_segment segments[INDEX_SEGMENTS_MAX];
    uint64_t *dead;
    uint16_t *dead_groups;
    size_t dead_count;
    size_t dead_room;
    uint64_t *in_group;
    uint64_t seen;  /* the newest fact that it knows of */
    uint64_t kills; /* so far, since the start */
    uint64_t holes; /* files found missing or damaged, since the start */
};

/* What a task has made: these volumes, neighbours of one page, become those. */
struct made {
    struct page *page; /* held: what was dead when the work began */
    size_t first;      /* place in it */
    size_t count;
    struct volume *into[2];
    size_t into_count;
};

struct shelf {
    atomic_flag lock; /* held for a pointer and a count, never across work */
    struct page *page;
    struct depot *depot_opt;
    atomic_bool attended;
    _Atomic(struct made *) made[SHELF_TASKS]; /* for the clerk */
    atomic_bool stopping; /* what takes long ends with ERR_UNAVAILABLE */
    atomic_uint_least64_t next_name;
    atomic_uint_least64_t floor[SHELF_TASKS]; /* names from here on may be a task's */
    atomic_uint_least64_t saved; /* what died up to here stands in the list */
    /* of SHELF_KEEP */
    struct page *listed; /* held: what the list on disk says */
    struct instant listed_at;
    char dead_name[DEPOT_NAME_MAX + 1]; /* of the file that it names; empty: none */
    /* groups: appended under the lock */
    struct group *groups;
    atomic_size_t group_count;
    uint32_t *group_slots;
};

struct group {
    void *memory;
    struct text text;
    struct json json;
};

/* shelf.c */
void shelf_lock(struct shelf *shelf);
void shelf_unlock(struct shelf *shelf);
struct page *page_hold(struct shelf *shelf);
void page_drop(struct shelf *shelf, struct page *page);
void page_show(struct shelf *shelf, struct page *page_own);
/* An empty page. NULL: no memory. */
struct page *page_new(void);
/* Of one that nobody else holds. */
void page_free(struct page *page);
struct page *page_copy(const struct page *old);
/* View and counts from volumes and the dead. */
MUST_USE struct err page_finish(const struct shelf *shelf, struct page *page);
/* The document dies, when it is here or in a gap. */
MUST_USE struct err page_kill(struct page *page, uint64_t number);
MUST_USE struct err page_kill_known(struct page *page, uint64_t number, uint16_t group);
/* Adds what the changes add, and kills what they kill. */
MUST_USE struct err page_apply(struct shelf *shelf, struct page *page,
                               const struct shelf_change *changes, struct arena *scratch);
/* Volumes first to first + count - 1 become these, which it takes. */
void page_replace(struct page *page, size_t first, size_t count, struct volume *const *into,
                  size_t into_count);
/* Place of the volume that covers the number; page->count: none. */
size_t page_find(const struct page *page, uint64_t number);
/* The numbers of an interval that are dead. */
struct index_set page_dead(const struct page *page, uint64_t from, uint64_t upto);

/* shelf_rows.c */
/* Documents whose numbers are above `after` and at most `upto`, ascending by number, from the rows:
 * at most `max`, and as many as the arena holds. *last_out: nothing up to here is left out. */
struct rows_wanted {
    uint64_t after;
    uint64_t upto;
    uint32_t max;
};
MUST_USE struct err rows_read(struct store_view *view, struct rows_wanted wanted,
                              struct arena *arena, struct shelf_change **out, uint64_t *last_out);
/* Documents of changes as an array that can be built, groups numbered. */
MUST_USE struct err changes_docs(struct shelf *shelf, const struct shelf_change *changes,
                                 struct arena *arena, struct index_doc **docs_out,
                                 size_t *count_out);

/* shelf_volume.c */
struct volume *volume_gap(uint64_t from, uint64_t upto);
void volume_hold(struct volume *volume);
void volume_release(struct volume *volume);
/* A segment of documents in memory. */
MUST_USE struct err volume_build(const struct index_doc *docs, size_t count, uint64_t from,
                                 uint64_t upto, struct volume **out);
/* What lives of neighbours, as one in memory, or as a file of the depot when `shelf` has one and
 * `file`. *out NULL: nothing lives. */
MUST_USE struct err volume_merge(struct shelf *shelf, const struct page *page, size_t first,
                                 size_t count, bool file, struct volume **out);
/* A volume in memory becomes a file. */
MUST_USE struct err volume_file(struct shelf *shelf, struct bytes segment, struct volume *volume);
/* Counts the documents of each group. */
MUST_USE struct err volume_count(struct volume *volume);
static inline bool volume_in_file(const struct volume *volume)
{
    return volume->gap || volume->name[0] != '\0';
}

/* shelf_group.c */
/* The number of a group, a new one when it is not known. Any thread. */
MUST_USE struct err group_number(struct shelf *shelf, struct text group, uint16_t *out);
MUST_USE struct err groups_make(struct shelf *shelf);
void groups_free(struct shelf *shelf);

/* shelf_list.c */
/* What the list of the depot says as a page, gaps where a file is missing or damaged, and up to
 * which fact it knows what died. ERR_NOT_FOUND: there is no good list of this store. */
MUST_USE struct err list_read(struct shelf *shelf, struct store_view *rows, struct arena *arena,
                              struct page **out);
/* Writes the list, and removes the files, numbered below `floor`, that it does not name. */
MUST_USE struct err list_write(struct shelf *shelf, struct store *store, const struct page *page,
                               uint64_t floor);

#endif
