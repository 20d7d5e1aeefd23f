/* Upkeep: work on what never changes, beside searches and the clerk. */
#include <stdlib.h>

#include "clerk/shelf/shelf_parts.h"

enum {
    PROVE_STEP = 8 << 20,
    MEMORY_VOLUMES = 8, /* in memory before they are merged */
    FILE_VOLUMES = 6,
    LIST_KILLS = 1000, /* deaths that may be read again at a start */
    REBUILD_ARENA = 96 << 20
};

static struct err no_memory(void)
{
    return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
}

/* Work on volumes first to first + count - 1 begins: into[] is what comes of it. */
struct work {
    struct shelf *shelf;
    enum shelf_task task;
    struct page *page; /* held */
    size_t first;
    size_t count;
    struct volume *into[2];
    size_t into_count;
};

static void work_mark(const struct work *work, bool busy)
{
    for (size_t i = 0; i < work->count; i++)
        atomic_store(&work->page->volumes[work->first + i]->busy, busy);
}

/* To the clerk, who takes the page as well. */
static struct err hand_over(struct work *work)
{
    struct made *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        work_mark(work, false);
        for (size_t i = 0; i < work->into_count; i++)
            volume_release(work->into[i]);
        page_drop(work->shelf, work->page);
        return no_memory();
    }
    *made = (struct made){ .page = work->page, .first = work->first, .count = work->count,
                           .into_count = work->into_count };
    memcpy(made->into, work->into, sizeof(made->into));
    atomic_store(&work->shelf->made[work->task], made);
    return err_none();
}

static struct err work_end(struct work *work, struct err e)
{
    if (!failed(e))
        return hand_over(work);
    work_mark(work, false);
    page_drop(work->shelf, work->page);
    return e;
}

static struct err merge(struct work *work, bool file)
{
    work_mark(work, true);
    struct err e = volume_merge(work->shelf, work->page, work->first, work->count, file,
                                &work->into[0]);
    work->into_count = work->into[0] != NULL;
    return work_end(work, e);
}

static size_t docs_of(const struct page *page, size_t at)
{
    return page->volumes[at]->segment.doc_count;
}

/* Where the volumes begin that are not much larger than all behind them, up to `end`. */
static size_t tail_of(const struct page *page, size_t begin, size_t end)
{
    size_t behind = docs_of(page, end - 1);
    size_t first = end - 1;
    for (size_t i = end - 1; i-- > begin;) {
        if (docs_of(page, i) <= MERGE_RATIO * behind)
            first = i;
        behind += docs_of(page, i);
    }
    return first == end - 1 ? end - 2 : first;
}

/* -- SHELF_KEEP ------------------------------------------------------------------------------- */

static bool same_files(const struct page *a, const struct page *b)
{
    for (size_t i = 0;; i++) {
        bool has_a = i < a->count && volume_in_file(a->volumes[i]);
        bool has_b = i < b->count && volume_in_file(b->volumes[i]);
        if (has_a != has_b)
            return false;
        if (!has_a)
            return true;
        if (a->volumes[i] != b->volumes[i])
            return false;
    }
}

static bool list_due(const struct shelf *shelf, const struct page *page,
                     const struct shelf_care *care)
{
    const struct page *old = shelf->listed;
    if (old == NULL)
        return page->count > 0 && volume_in_file(page->volumes[0]);
    if (!same_files(old, page))
        return true;
    uint64_t kills = page->kills - old->kills;
    return kills > LIST_KILLS ||
           (kills > 0 && (care->all || care->now.ms - shelf->listed_at.ms >= DELTA_AGE_MAX));
}

static struct err write_list(struct work *work, const struct shelf_care *care, uint64_t floor)
{
    struct shelf *shelf = work->shelf;
    struct err e = list_write(shelf, care->store, work->page, floor);
    if (failed(e)) {
        page_drop(shelf, work->page);
        return e;
    }
    if (shelf->listed != NULL)
        page_drop(shelf, shelf->listed);
    shelf->listed = work->page;
    shelf->listed_at = care->now;
    return err_none();
}

/* Milliseconds since upkeep first saw it; it does now. */
static int64_t age_of(struct volume *volume, struct instant now)
{
    int64_t since = atomic_load(&volume->since);
    if (since == 0 || since > now.ms) {
        since = now.ms;
        atomic_store(&volume->since, since);
    }
    return now.ms - since;
}

static bool is_free_file(const struct volume *volume)
{
    return !volume->gap && volume->name[0] != '\0' && atomic_load(&volume->proved) &&
           !atomic_load(&volume->busy);
}

/* While one long merge holds the large files, what goes to a file takes the small ones before it
 * along, so that they stay few: each is larger than all behind it. */
static size_t with_files(const struct page *page, size_t first)
{
    size_t files = 0;
    size_t docs = 0;
    for (size_t i = 0; i < first; i++)
        files += !page->volumes[i]->gap;
    for (size_t i = first; i < page->count; i++)
        docs += docs_of(page, i);
    while (files >= FILES_MAX && first > 0 && is_free_file(page->volumes[first - 1]) &&
           docs_of(page, first - 1) <= MERGE_RATIO * docs) {
        first--;
        docs += docs_of(page, first);
    }
    return first;
}

/* What stands in memory becomes a file, or fewer. */
static struct err keep_memory(struct work *work, const struct shelf_care *care, bool *more)
{
    const struct page *page = work->page;
    size_t docs = 0;
    size_t first = page->count;
    int64_t age = 0;
    while (first > 0 && !volume_in_file(page->volumes[first - 1])) {
        first--;
        docs += docs_of(page, first);
        int64_t one = age_of(page->volumes[first], care->now);
        age = one > age ? one : age;
    }
    size_t count = page->count - first;
    bool file = count > 0 && work->shelf->depot_opt != NULL &&
                (care->all || docs >= DELTA_DOCS_MAX || age >= DELTA_AGE_MAX);
    *more = file || count >= MEMORY_VOLUMES;
    if (!*more) {
        page_drop(work->shelf, work->page);
        return err_none();
    }
    work->first = file ? with_files(page, first) : tail_of(page, first, page->count);
    work->count = page->count - work->first;
    return merge(work, file);
}

static struct err keep(struct shelf *shelf, const struct shelf_care *care, bool *more)
{
    uint64_t floor = atomic_load(&shelf->next_name); /* before the page: what it does not show */
    for (size_t i = 0; i < SHELF_TASKS; i++) {
        uint64_t one = atomic_load(&shelf->floor[i]);
        floor = one < floor ? one : floor;
    }
    struct work work = { .shelf = shelf, .task = SHELF_KEEP, .page = page_hold(shelf) };
    if (shelf->depot_opt != NULL && list_due(shelf, work.page, care)) {
        *more = true;
        return write_list(&work, care, floor);
    }
    return keep_memory(&work, care, more);
}

/* -- SHELF_MERGE ------------------------------------------------------------------------------ */

/* A file whose bytes are not what was written leaves a gap. */
static struct err prove(struct work *work, bool *more)
{
    struct volume *volume = work->page->volumes[work->first];
    struct err e = index_prove(&volume->segment, PROVE_STEP, &volume->proof);
    *more = true;
    if (!failed(e)) {
        atomic_store(&volume->proved, volume->proof.done);
        page_drop(work->shelf, work->page);
        return err_none();
    }
    work->count = 1;
    work->into[0] = volume_gap(volume->from, volume->upto);
    work->into_count = 1;
    work_mark(work, true);
    return work_end(work, work->into[0] == NULL ? no_memory() : err_none());
}

/* Documents of the rows as a file; *last_out as rows_read() gives it. */
static struct err rebuild_some(struct work *work, struct store_view *view, struct arena *arena,
                               uint64_t *last_out)
{
    const struct volume *gap = work->page->volumes[work->first];
    struct shelf_change *changes = NULL;
    struct index_doc *docs = NULL;
    size_t count = 0;
    struct bytes segment;
    struct rows_wanted wanted = { gap->from, gap->upto, REBUILD_STEP };
    struct err e = rows_read(view, wanted, arena, &changes, last_out);
    if (!failed(e))
        e = changes_docs(work->shelf, changes, arena, &docs, &count);
    if (failed(e) || count == 0)
        return e;
    size_t size = index_build_room(docs, count);
    void *memory = malloc(size);
    struct volume *volume = volume_gap(gap->from, *last_out);
    if (memory == NULL || volume == NULL) {
        free(memory);
        if (volume != NULL)
            volume_release(volume);
        return no_memory();
    }
    struct arena room = arena_over(memory, size);
    e = index_build(docs, count, &room, &segment);
    if (!failed(e))
        e = volume_file(work->shelf, segment, volume);
    free(memory);
    if (failed(e)) {
        volume_release(volume);
        return e;
    }
    volume->gap = false;
    atomic_store(&volume->proved, true); /* of bytes that we have just written */
    work->into[work->into_count++] = volume;
    return err_none();
}

static struct err rebuild(struct work *work, const struct shelf_care *care, bool *more)
{
    const struct volume *gap = work->page->volumes[work->first];
    struct store_view *view = NULL;
    uint64_t last = gap->from;
    void *memory = malloc(REBUILD_ARENA);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : REBUILD_ARENA);
    struct err e = memory == NULL ? no_memory() : store_snapshot_open(care->store, &view);
    *more = true;
    work->count = 1;
    work_mark(work, true);
    if (!failed(e)) {
        e = rebuild_some(work, view, &arena, &last);
        store_snapshot_close(view);
    }
    free(memory);
    if (!failed(e) && last < gap->upto) {
        struct volume *rest = volume_gap(last, gap->upto);
        if (rest == NULL)
            e = no_memory();
        else
            work->into[work->into_count++] = rest;
    }
    if (failed(e) && work->into_count > 0)
        volume_release(work->into[0]);
    return work_end(work, e);
}

/* The files from `begin` on up to the next gap, or to what the other task works on. */
static size_t run_end(const struct page *page, size_t begin)
{
    size_t end = begin;
    while (end < page->count && is_free_file(page->volumes[end]))
        end++;
    return end;
}

/* It has held something dead for almost as long as it may, or is dead for a quarter. */
static bool must_go(const struct page *page, size_t at, const struct shelf_care *care)
{
    struct volume *volume = page->volumes[at];
    size_t dead = page_dead(page, volume->from, volume->upto).count;
    return dead > 0 && (age_of(volume, care->now) >= care->erase_ms / 4 * 3 ||
                        dead > volume->segment.doc_count / 4);
}

/* What to merge: *count_out 0: nothing. */
static void choose(const struct page *page, const struct shelf_care *care, size_t *first_out,
                   size_t *count_out)
{
    *count_out = 0;
    for (size_t begin = 0; begin < page->count;) {
        size_t end = run_end(page, begin);
        for (size_t i = begin; i < end; i++) {
            if (must_go(page, i, care)) {
                *first_out = i;
                *count_out = 1;
            }
        }
        if (end - begin >= FILE_VOLUMES) {
            *first_out = tail_of(page, begin, end);
            *count_out = end - *first_out;
            return;
        }
        begin = end + 1;
    }
}

static size_t find_gap(const struct page *page)
{
    size_t at = 0;
    while (at < page->count && !page->volumes[at]->gap)
        at++;
    return at;
}

static size_t find_unproved(const struct page *page)
{
    size_t at = 0;
    while (at < page->count && (atomic_load(&page->volumes[at]->proved) || page->volumes[at]->gap ||
                                page->volumes[at]->name[0] == '\0'))
        at++;
    return at;
}

static struct err merge_task(struct shelf *shelf, const struct shelf_care *care, bool *more)
{
    struct work work = { .shelf = shelf, .task = SHELF_MERGE };
    atomic_store(&shelf->floor[SHELF_MERGE], atomic_load(&shelf->next_name));
    work.page = page_hold(shelf);
    work.first = find_unproved(work.page);
    if (work.first < work.page->count)
        return prove(&work, more);
    work.first = find_gap(work.page);
    if (work.first < work.page->count)
        return rebuild(&work, care, more);
    choose(work.page, care, &work.first, &work.count);
    if (work.count > 0) {
        *more = true;
        return merge(&work, true);
    }
    page_drop(shelf, work.page);
    atomic_store(&shelf->floor[SHELF_MERGE], UINT64_MAX);
    *more = false;
    return err_none();
}

struct err shelf_care(struct shelf *shelf, enum shelf_task task, const struct shelf_care *care,
                      bool *more_out)
{
    *more_out = false;
    if (atomic_load(&shelf->made[task]) != NULL)
        return err_none(); /* the clerk has not taken it in yet */
    if (task == SHELF_KEEP)
        return keep(shelf, care, more_out);
    return shelf->depot_opt == NULL ? err_none() : merge_task(shelf, care, more_out);
}

