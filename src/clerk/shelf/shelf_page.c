/* Pages: what one view shows. */
#include <assert.h>
#include <stdlib.h>

#include "clerk/shelf/shelf_parts.h"

static struct err no_memory(void)
{
    return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
}

struct page *page_new(void)
{
    struct page *page = calloc(1, sizeof(*page));
    if (page != NULL)
        page->holders = 1;
    return page;
}

void page_free(struct page *page)
{
    for (size_t i = 0; i < page->count; i++)
        volume_release(page->volumes[i]);
    free(page->dead);
    free(page->dead_groups);
    free(page->in_group);
    free(page);
}

static bool dead_reserve(struct page *page, size_t room)
{
    if (page->dead != NULL && room <= page->dead_room)
        return true;
    room += room / 8 + 16;
    uint64_t *dead = realloc(page->dead, room * sizeof(*dead));
    if (dead == NULL)
        return false;
    page->dead = dead;
    uint16_t *groups = realloc(page->dead_groups, room * sizeof(*groups));
    if (groups == NULL)
        return false;
    page->dead_groups = groups;
    page->dead_room = room;
    return true;
}

struct page *page_copy(const struct page *old)
{
    struct page *page = page_new();
    if (page == NULL || !dead_reserve(page, old->dead_count + 1)) {
        if (page != NULL)
            page_free(page);
        return NULL;
    }
    for (size_t i = 0; i < old->count; i++) {
        page->volumes[i] = old->volumes[i];
        volume_hold(page->volumes[i]);
    }
    page->count = old->count;
    if (old->dead_count > 0) {
        memcpy(page->dead, old->dead, old->dead_count * sizeof(*old->dead));
        memcpy(page->dead_groups, old->dead_groups,
               old->dead_count * sizeof(*old->dead_groups));
    }
    page->dead_count = old->dead_count;
    page->seen = old->seen;
    page->kills = old->kills;
    page->holes = old->holes;
    return page;
}

/* -- the dead --------------------------------------------------------------------------------- */

/* Place of the first dead number above `number`. */
static size_t dead_above(const struct page *page, uint64_t number)
{
    size_t low = 0;
    size_t high = page->dead_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (page->dead[mid] <= number)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

struct index_set page_dead(const struct page *page, uint64_t from, uint64_t upto)
{
    size_t begin = dead_above(page, from);
    size_t end = dead_above(page, upto);
    return (struct index_set){ .numbers = end > begin ? page->dead + begin : NULL,
                               .count = end - begin };
}

struct err page_kill_known(struct page *page, uint64_t number, uint16_t group)
{
    size_t at = dead_above(page, number);
    if (at > 0 && page->dead[at - 1] == number)
        return err_none();
    if (!dead_reserve(page, page->dead_count + 1))
        return no_memory();
    size_t behind = page->dead_count - at;
    memmove(page->dead + at + 1, page->dead + at, behind * sizeof(*page->dead));
    memmove(page->dead_groups + at + 1, page->dead_groups + at,
            behind * sizeof(*page->dead_groups));
    page->dead[at] = number;
    page->dead_groups[at] = group;
    page->dead_count++;
    return err_none();
}

struct err page_kill(struct page *page, uint64_t number)
{
    size_t at = page_find(page, number);
    uint16_t group = GROUP_NONE;
    if (at == page->count || (!page->volumes[at]->gap &&
                              !index_group_find(&page->volumes[at]->segment, number, &group)))
        return err_none();
    page->kills++;
    return page_kill_known(page, number, group);
}

static void dead_forget(struct page *page, uint64_t from, uint64_t upto)
{
    size_t begin = dead_above(page, from);
    size_t end = dead_above(page, upto);
    size_t behind = page->dead_count - end;
    if (end == begin)
        return;
    memmove(page->dead + begin, page->dead + end, behind * sizeof(*page->dead));
    memmove(page->dead_groups + begin, page->dead_groups + end,
            behind * sizeof(*page->dead_groups));
    page->dead_count -= end - begin;
}

/* -- volumes ---------------------------------------------------------------------------------- */

size_t page_find(const struct page *page, uint64_t number)
{
    for (size_t i = page->count; i-- > 0;) {
        if (number > page->volumes[i]->upto)
            break;
        if (number > page->volumes[i]->from)
            return i;
    }
    return page->count;
}

void page_replace(struct page *page, size_t first, size_t count, struct volume *const *into,
                  size_t into_count)
{
    size_t behind = page->count - first - count;
    assert(page->count - count + into_count <= VOLUMES_MAX);
    for (size_t i = 0; i < into_count; i++)
        page->holes += into[i]->gap && !page->volumes[first]->gap;
    dead_forget(page, page->volumes[first]->from, page->volumes[first + count - 1]->upto);
    for (size_t i = 0; i < count; i++)
        volume_release(page->volumes[first + i]);
    memmove(page->volumes + first + into_count, page->volumes + first + count,
            behind * sizeof(struct volume *));
    for (size_t i = 0; i < into_count; i++)
        page->volumes[first + i] = into[i];
    page->count = first + into_count + behind;
}

static size_t segments_of(const struct page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++)
        count += !page->volumes[i]->gap;
    return count;
}

/* Two neighbours in memory become one. */
static struct err merge_pair(struct shelf *shelf, struct page *page, size_t first)
{
    struct volume *merged = NULL;
    struct err e = volume_merge(shelf, page, first, 2, false, &merged);
    if (!failed(e))
        page_replace(page, first, 2, &merged, merged != NULL);
    return e;
}

/* The smallest pair of neighbours in memory that nobody merges; page->count: none. */
static size_t smallest_pair(const struct page *page)
{
    size_t best = page->count;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i + 1 < page->count; i++) {
        const struct volume *a = page->volumes[i];
        const struct volume *b = page->volumes[i + 1];
        size_t docs = (size_t)a->segment.doc_count + b->segment.doc_count;
        if (volume_in_file(a) || volume_in_file(b) || a->busy || b->busy || docs >= least)
            continue;
        least = docs;
        best = i;
    }
    return best;
}

/* Nobody attends: each volume in memory is at least MERGE_RATIO times the one behind it. */
static void merge_small(struct shelf *shelf, struct page *page)
{
    while (page->count >= 2) {
        const struct volume *a = page->volumes[page->count - 2];
        const struct volume *b = page->volumes[page->count - 1];
        if (volume_in_file(a) || a->segment.doc_count > b->segment.doc_count * MERGE_RATIO ||
            failed(merge_pair(shelf, page, page->count - 2)))
            return; /* one more segment costs a search little; a lost document a hit */
    }
}

/* Volumes in memory that nobody merges. */
static size_t free_of(const struct page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->count; i++)
        count += !volume_in_file(page->volumes[i]) && !page->volumes[i]->busy;
    return count;
}

/* Room for one more: upkeep may be slow or at work on all that stood here when it began, so the
 * clerk keeps what nobody works on few. */
static struct err make_room(struct shelf *shelf, struct page *page)
{
    while (segments_of(page) >= INDEX_SEGMENTS_MAX || page->count >= VOLUMES_MAX ||
           free_of(page) >= FREE_VOLUMES_MAX) {
        size_t first = smallest_pair(page);
        if (first == page->count)
            return err_make(ERR_LIMIT, "index.too-many-segments");
        struct err e = merge_pair(shelf, page, first);
        if (failed(e))
            return e;
    }
    return err_none();
}

static struct err append(struct shelf *shelf, struct page *page, const struct index_doc *docs,
                         size_t count)
{
    uint64_t from = page->count == 0 ? 0 : page->volumes[page->count - 1]->upto;
    struct volume *volume = NULL;
    if (docs[0].number <= from) /* numbers grow; the index is then made again from the rows */
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    struct err e = make_room(shelf, page);
    if (!failed(e))
        e = volume_build(docs, count, from, docs[count - 1].number, &volume);
    if (failed(e))
        return e;
    page->volumes[page->count++] = volume;
    if (!atomic_load(&shelf->attended))
        merge_small(shelf, page);
    return err_none();
}

/* -- changes ---------------------------------------------------------------------------------- */

static bool dies(const struct shelf_change *changes, uint64_t number)
{
    for (const struct shelf_change *c = changes; c != NULL; c = c->next) {
        if (c->dead == number)
            return true;
    }
    return false;
}

struct err changes_docs(struct shelf *shelf, const struct shelf_change *changes,
                        struct arena *arena, struct index_doc **docs_out, size_t *count_out)
{
    size_t adds = 0;
    bool kills = false;
    for (const struct shelf_change *c = changes; c != NULL; c = c->next) {
        adds += c->add_opt != NULL;
        kills = kills || c->dead != 0;
    }
    struct index_doc *docs = ARENA_ARRAY(arena, struct index_doc, adds);
    if (docs == NULL)
        return arena_check(arena);
    size_t at = adds; /* the newest change stands first */
    for (const struct shelf_change *c = changes; c != NULL; c = c->next) {
        if (c->add_opt == NULL || (kills && dies(changes, c->add_opt->number)))
            continue; /* a document may come and go in one commit */
        docs[--at] = *c->add_opt;
        struct err e = group_number(shelf, c->group, &docs[at].group);
        if (failed(e))
            return e;
    }
    *docs_out = docs + at;
    *count_out = adds - at;
    return err_none();
}

struct err page_apply(struct shelf *shelf, struct page *page, const struct shelf_change *changes,
                      struct arena *scratch)
{
    struct index_doc *docs = NULL;
    size_t count = 0;
    for (const struct shelf_change *c = changes; c != NULL; c = c->next) {
        struct err e = c->dead != 0 ? page_kill(page, c->dead) : err_none();
        if (failed(e))
            return e;
        if (c->at > page->seen)
            page->seen = c->at;
    }
    struct err e = changes_docs(shelf, changes, scratch, &docs, &count);
    if (failed(e) || count == 0)
        return e;
    if (docs[count - 1].number > page->seen)
        page->seen = docs[count - 1].number;
    return append(shelf, page, docs, count);
}

/* -- the view --------------------------------------------------------------------------------- */

static void count_groups(struct page *page, size_t groups)
{
    size_t docs = 0;
    for (size_t i = 0; i < page->count; i++) {
        const struct volume *volume = page->volumes[i];
        for (size_t g = 0; g < volume->group_count; g++) {
            if (volume->groups[g].group < groups)
                page->in_group[volume->groups[g].group] += volume->groups[g].count;
        }
    }
    for (size_t i = 0; i < page->dead_count; i++) {
        if (page->dead_groups[i] < groups && page->in_group[page->dead_groups[i]] > 0)
            page->in_group[page->dead_groups[i]]--;
    }
    for (size_t g = 0; g < groups; g++)
        docs += page->in_group[g];
    page->view.doc_count = docs;
}

struct err page_finish(const struct shelf *shelf, struct page *page)
{
    struct shelf_view *view = &page->view;
    size_t groups = atomic_load(&shelf->group_count);
    free(page->in_group);
    page->in_group = calloc(groups + 1, sizeof(*page->in_group));
    if (page->in_group == NULL)
        return no_memory();
    *view = (struct shelf_view){ .segments = page->segments,
                                 .dead = { .numbers = page->dead, .count = page->dead_count },
                                 .in_group = page->in_group,
                                 .group_count = groups,
                                 .holes = page->holes };
    for (size_t i = 0; i < page->count; i++) {
        const struct volume *volume = page->volumes[i];
        if (volume->gap) {
            view->partial = true;
            view->gaps += volume->upto - volume->from;
            continue;
        }
        if (view->segment_count == INDEX_SEGMENTS_MAX)
            return err_make(ERR_LIMIT, "index.too-many-segments");
        page->segments[view->segment_count++] = volume->segment;
    }
    if (page->count > 0)
        view->numbers = page->volumes[page->count - 1]->upto;
    count_groups(page, groups);
    return err_none();
}
