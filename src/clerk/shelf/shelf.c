#include "clerk/shelf/shelf.h"

#include <assert.h>
#include <stdlib.h>

#include "clerk/shelf/shelf_parts.h"

void shelf_lock(struct shelf *shelf)
{
    while (atomic_flag_test_and_set_explicit(&shelf->lock, memory_order_acquire)) {
    }
}

void shelf_unlock(struct shelf *shelf)
{
    atomic_flag_clear_explicit(&shelf->lock, memory_order_release);
}

struct page *page_hold(struct shelf *shelf)
{
    shelf_lock(shelf);
    struct page *page = shelf->page;
    page->holders++;
    shelf_unlock(shelf);
    return page;
}

void page_drop(struct shelf *shelf, struct page *page)
{
    shelf_lock(shelf);
    bool last = --page->holders == 0;
    shelf_unlock(shelf);
    if (last)
        page_free(page);
}

void page_show(struct shelf *shelf, struct page *page_own)
{
    shelf_lock(shelf);
    struct page *old = shelf->page;
    shelf->page = page_own;
    shelf_unlock(shelf);
    page_drop(shelf, old);
}

const struct shelf_view *shelf_take(struct shelf *shelf)
{
    return &page_hold(shelf)->view;
}

void shelf_give(struct shelf *shelf, const struct shelf_view *view_own)
{
    page_drop(shelf, (struct page *)(uintptr_t)view_own); /* view is its first member */
}

/* -- open, close ------------------------------------------------------------------------------ */

static void made_free(struct shelf *shelf, struct made *made)
{
    for (size_t i = 0; i < made->count; i++)
        atomic_store(&made->page->volumes[made->first + i]->busy, false);
    for (size_t i = 0; i < made->into_count; i++)
        volume_release(made->into[i]);
    page_drop(shelf, made->page);
    free(made);
}

void shelf_close(struct shelf *shelf_own_opt)
{
    struct shelf *shelf = shelf_own_opt;
    if (shelf == NULL)
        return;
    for (size_t i = 0; i < SHELF_TASKS; i++) {
        struct made *made = atomic_load(&shelf->made[i]);
        if (made != NULL)
            made_free(shelf, made);
    }
    if (shelf->listed != NULL)
        page_drop(shelf, shelf->listed);
    if (shelf->page != NULL) {
        assert(shelf->page->holders == 1);
        page_drop(shelf, shelf->page);
    }
    groups_free(shelf);
    free(shelf);
}

struct err shelf_open(struct depot *depot_opt, struct shelf **out)
{
    struct shelf *shelf = calloc(1, sizeof(*shelf));
    if (shelf == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    atomic_flag_clear(&shelf->lock);
    shelf->depot_opt = depot_opt;
    for (size_t i = 0; i < SHELF_TASKS; i++)
        atomic_init(&shelf->floor[i], UINT64_MAX);
    shelf->page = page_new();
    struct err e = groups_make(shelf);
    if (!failed(e) && shelf->page == NULL)
        e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (!failed(e))
        e = page_finish(shelf, shelf->page);
    if (failed(e))
        shelf_close(shelf);
    else
        *out = shelf;
    return e;
}

void shelf_attended(struct shelf *shelf, bool yes)
{
    atomic_store(&shelf->attended, yes);
}

void shelf_hurry(struct shelf *shelf, bool yes)
{
    atomic_store(&shelf->stopping, yes);
}

uint64_t shelf_saved(const struct shelf *shelf)
{
    return atomic_load(&shelf->saved);
}

/* -- what the clerk changes ------------------------------------------------------------------- */

struct err shelf_publish(struct shelf *shelf, const struct shelf_change *changes,
                         struct arena *scratch)
{
    if (changes == NULL)
        return err_none();
    struct page *page = page_copy(shelf->page); /* only the clerk replaces it */
    if (page == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    struct err e = page_apply(shelf, page, changes, scratch);
    if (!failed(e))
        e = page_finish(shelf, page);
    if (failed(e)) {
        page_free(page);
        return e;
    }
    if (shelf->depot_opt == NULL)
        atomic_store(&shelf->saved, page->seen); /* nothing is ever read again */
    page_show(shelf, page);
    return err_none();
}

/* Where the volumes of what was made stand in a page; page->count: they do not. */
static size_t place_of(const struct page *page, const struct made *made)
{
    for (size_t at = 0; at + made->count <= page->count; at++) {
        size_t same = 0;
        while (same < made->count &&
               page->volumes[at + same] == made->page->volumes[made->first + same])
            same++;
        if (same == made->count)
            return at;
    }
    return page->count;
}

/* What died since the work began is dead in what it made; what was dead before is not in it. */
static struct err still_dead(struct page *page, const struct page *old, const struct made *made,
                             size_t first)
{
    uint64_t from = old->volumes[first]->from;
    uint64_t upto = old->volumes[first + made->count - 1]->upto;
    struct index_set before = page_dead(made->page, from, upto);
    struct index_set now = page_dead(old, from, upto);
    for (size_t i = 0; i < now.count; i++) {
        size_t at = page_find(page, now.numbers[i]);
        bool gap = at < page->count && page->volumes[at]->gap;
        if (!gap && index_set_has(&before, now.numbers[i]))
            continue;
        struct err e = page_kill(page, now.numbers[i]);
        if (failed(e))
            return e;
    }
    return err_none();
}

static struct err take_in(struct shelf *shelf, const struct made *made)
{
    const struct page *old = shelf->page;
    size_t first = place_of(old, made);
    if (first == old->count)
        return err_none(); /* the clerk has merged there itself, or begun anew: not needed */
    struct page *page = page_copy(old);
    if (page == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    for (size_t i = 0; i < made->into_count; i++)
        volume_hold(made->into[i]);
    page_replace(page, first, made->count, made->into, made->into_count);
    struct err e = still_dead(page, old, made, first);
    if (!failed(e))
        e = page_finish(shelf, page);
    if (failed(e))
        page_free(page);
    else
        page_show(shelf, page);
    return e;
}

void shelf_settle(struct shelf *shelf)
{
    for (size_t i = 0; i < SHELF_TASKS; i++) {
        struct made *made = atomic_load(&shelf->made[i]);
        if (made == NULL || failed(take_in(shelf, made)))
            continue; /* without memory it waits */
        made_free(shelf, made);
        atomic_store(&shelf->made[i], NULL);
    }
}

/* -- loading ---------------------------------------------------------------------------------- */

enum { LOAD_STEP = 256, LOAD_MAX = 20000 };

/* More documents above `after` than a start may wait for. */
static struct err too_many(struct store_view *rows, uint64_t after, struct arena *scratch,
                           bool *out)
{
    struct row_key key = key_u64(after);
    struct store_range range = { .table = TABLE_DOC, .after = key_bytes(&key),
                                 .limit = LOAD_MAX + 1 };
    struct store_rows found;
    size_t mark = scratch->used;
    struct err e = store_scan(rows, &range, scratch, &found);
    arena_rewind(scratch, mark);
    *out = !failed(e) && found.count > LOAD_MAX;
    return e;
}

/* Documents above what the page covers. */
static struct err load_rows(struct shelf *shelf, struct store_view *rows, struct page *page,
                            struct arena *scratch)
{
    uint64_t after = page->count == 0 ? 0 : page->volumes[page->count - 1]->upto;
    bool many = false;
    struct err e = shelf->depot_opt == NULL ? err_none() : too_many(rows, after, scratch, &many);
    if (!failed(e) && many) {
        struct volume *gap = volume_gap(after, page->seen);
        if (gap == NULL)
            return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
        page->volumes[page->count++] = gap;
        page->holes++;
        return err_none();
    }
    while (!failed(e) && after < page->seen) {
        struct shelf_change *changes = NULL;
        size_t mark = scratch->used;
        struct rows_wanted wanted = { after, page->seen, LOAD_STEP };
        e = rows_read(rows, wanted, scratch, &changes, &after);
        if (!failed(e))
            e = page_apply(shelf, page, changes, scratch);
        arena_rewind(scratch, mark);
    }
    return e;
}

/* What died by facts behind `after`. */
static struct err load_dead(struct store_view *rows, uint64_t after, struct page *page,
                            struct arena *scratch)
{
    struct row_key key = key_u64(after);
    key_add_u64(&key, UINT64_MAX);
    struct store_range range = { .table = TABLE_DEAD, .limit = LOAD_STEP };
    for (;;) {
        struct store_rows found;
        size_t mark = scratch->used;
        range.after = key_bytes(&key);
        struct err e = store_scan(rows, &range, scratch, &found);
        for (size_t i = 0; !failed(e) && i < found.count; i++)
            e = page_kill(page, key_tail_u64(found.rows[i].key));
        if (failed(e) || found.count == 0)
            return e;
        key = key_of(found.rows[found.count - 1].key);
        arena_rewind(scratch, mark);
    }
}

struct err shelf_load(struct shelf *shelf, struct store_view *rows, struct arena *scratch)
{
    struct page *page = NULL;
    uint64_t last = 0;
    struct err e = store_journal_last(rows, &last);
    if (!failed(e) && shelf->depot_opt != NULL)
        e = list_read(shelf, rows, scratch, &page);
    if (e.code == ERR_NOT_FOUND)
        e = err_none();
    if (!failed(e) && page == NULL)
        page = page_new();
    if (!failed(e) && page == NULL)
        e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (!failed(e) && page->count > 0)
        e = load_dead(rows, page->seen, page, scratch);
    if (!failed(e)) {
        page->seen = last;
        e = load_rows(shelf, rows, page, scratch);
    }
    if (!failed(e))
        e = page_finish(shelf, page);
    if (!failed(e))
        page_show(shelf, page);
    else if (page != NULL)
        page_free(page);
    return e;
}
