#include "clerk/shelf.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MERGE_RATIO = 2 };

/* One segment and the numbers of its documents; shared by the views that show it. */
struct volume {
    atomic_size_t holders;
    struct bytes bytes;
    struct index_segment segment;
    uint64_t *numbers;
    size_t count;
};

struct page {
    struct shelf_view view; /* first: shelf_give() gets a page back by it */
    size_t holders;
    struct volume *volumes[INDEX_SEGMENTS_MAX];
    struct index_segment segments[INDEX_SEGMENTS_MAX];
    uint64_t *dead;
};

struct shelf {
    atomic_flag lock; /* held for a pointer and a count, never across work */
    struct page *page;
};

static void lock(struct shelf *shelf)
{
    while (atomic_flag_test_and_set_explicit(&shelf->lock, memory_order_acquire)) {
    }
}

static void unlock(struct shelf *shelf)
{
    atomic_flag_clear_explicit(&shelf->lock, memory_order_release);
}

static void volume_release(struct volume *volume)
{
    if (atomic_fetch_sub(&volume->holders, 1) > 1)
        return;
    free((void *)(uintptr_t)volume->bytes.data);
    free(volume->numbers);
    free(volume);
}

static void page_free(struct page *page)
{
    for (size_t i = 0; i < page->view.segment_count; i++)
        volume_release(page->volumes[i]);
    free(page->dead);
    free(page);
}

/* Under the lock. */
static void page_release(struct page *page)
{
    if (--page->holders == 0)
        page_free(page);
}

struct err shelf_open(struct shelf **out)
{
    struct shelf *shelf = calloc(1, sizeof(*shelf));
    struct page *page = calloc(1, sizeof(*page));
    if (shelf == NULL || page == NULL) {
        free(shelf);
        free(page);
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    }
    atomic_flag_clear(&shelf->lock);
    page->holders = 1;
    page->view.segments = page->segments;
    shelf->page = page;
    *out = shelf;
    return err_none();
}

void shelf_close(struct shelf *shelf_own_opt)
{
    if (shelf_own_opt == NULL)
        return;
    assert(shelf_own_opt->page->holders == 1);
    page_release(shelf_own_opt->page);
    free(shelf_own_opt);
}

void shelf_adopt(struct shelf *shelf, struct shelf *other_own)
{
    lock(shelf);
    struct page *old = shelf->page;
    shelf->page = other_own->page;
    page_release(old);
    unlock(shelf);
    free(other_own);
}

const struct shelf_view *shelf_take(struct shelf *shelf)
{
    lock(shelf);
    struct page *page = shelf->page;
    page->holders++;
    unlock(shelf);
    return &page->view;
}

void shelf_give(struct shelf *shelf, const struct shelf_view *view_own)
{
    struct page *page = (struct page *)(uintptr_t)view_own; /* view is its first member */
    lock(shelf);
    page_release(page);
    unlock(shelf);
}

static struct err build(const struct index_doc *docs, size_t count, struct volume **out)
{
    size_t room = index_build_room(docs, count);
    struct volume *volume = calloc(1, sizeof(*volume));
    uint64_t *numbers = calloc(count, sizeof(*numbers));
    void *memory = malloc(room);
    struct bytes bytes = { NULL, 0 };
    struct err e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (volume != NULL && numbers != NULL && memory != NULL) {
        struct arena arena = arena_over(memory, room);
        e = index_build(docs, count, &arena, &bytes);
    }
    void *kept = failed(e) ? NULL : malloc(bytes.len);
    if (!failed(e) && kept == NULL)
        e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (kept != NULL) {
        memcpy(kept, bytes.data, bytes.len);
        volume->bytes = bytes_of(kept, bytes.len);
        e = index_open(volume->bytes, &volume->segment);
    }
    free(memory);
    if (failed(e)) {
        free(kept);
        free(numbers);
        free(volume);
        return e;
    }
    for (size_t i = 0; i < count; i++)
        numbers[i] = docs[i].number;
    volume->numbers = numbers;
    volume->count = count;
    atomic_init(&volume->holders, 1);
    *out = volume;
    return err_none();
}

struct draft {
    struct page *page;
    size_t dead_count;
    struct arena *scratch;
};

static bool is_dead(const struct draft *draft, uint64_t number)
{
    struct index_set set = { .numbers = draft->page->dead, .count = draft->dead_count };
    return index_set_has(&set, number);
}

static void drop_dead(struct draft *draft, uint64_t number)
{
    uint64_t *dead = draft->page->dead;
    size_t kept = 0;
    for (size_t i = 0; i < draft->dead_count; i++) {
        if (dead[i] != number)
            dead[kept++] = dead[i];
    }
    draft->dead_count = kept;
}

/* Documents of `volume` that live, behind `docs`. */
static struct err gather(struct draft *draft, const struct volume *volume, struct index_doc *docs,
                         size_t *count)
{
    for (size_t i = 0; i < volume->count; i++) {
        if (is_dead(draft, volume->numbers[i]))
            continue;
        struct err e = index_get(&volume->segment, volume->numbers[i], draft->scratch,
                                 &docs[*count]);
        if (failed(e))
            return e;
        (*count)++;
    }
    return err_none();
}

/* The two newest volumes become one. */
static struct err merge_last(struct draft *draft)
{
    struct page *page = draft->page;
    size_t n = page->view.segment_count;
    struct volume *a = page->volumes[n - 2];
    struct volume *b = page->volumes[n - 1];
    size_t room = (a->count + b->count) * sizeof(struct index_doc) +
                  8 * (a->bytes.len + b->bytes.len) + (64 << 10);
    void *memory = malloc(room);
    struct arena scratch = arena_over(memory, memory == NULL ? 0 : room);
    struct index_doc *docs = ARENA_ARRAY(&scratch, struct index_doc, a->count + b->count);
    struct volume *merged = NULL;
    size_t count = 0;
    struct draft inner = { page, draft->dead_count, &scratch };
    struct err e = docs == NULL ? err_make(ERR_UNAVAILABLE, "clerk.no-memory") : err_none();
    if (!failed(e))
        e = gather(&inner, a, docs, &count);
    if (!failed(e))
        e = gather(&inner, b, docs, &count);
    if (!failed(e) && count > 0)
        e = build(docs, count, &merged);
    free(memory);
    if (failed(e))
        return e;
    for (size_t i = 0; i < a->count; i++)
        drop_dead(draft, a->numbers[i]);
    for (size_t i = 0; i < b->count; i++)
        drop_dead(draft, b->numbers[i]);
    volume_release(a);
    volume_release(b);
    page->view.segment_count = n - 2;
    if (merged != NULL)
        page->volumes[page->view.segment_count++] = merged;
    return err_none();
}

static struct err merge(struct draft *draft)
{
    struct page *page = draft->page;
    while (page->view.segment_count >= 2) {
        size_t n = page->view.segment_count;
        size_t older = page->volumes[n - 2]->count;
        size_t newer = page->volumes[n - 1]->count;
        if (older > newer * MERGE_RATIO && n < INDEX_SEGMENTS_MAX)
            return err_none();
        struct err e = merge_last(draft);
        if (failed(e)) /* one more segment costs a search little; a lost document a hit */
            return n < INDEX_SEGMENTS_MAX ? err_none() : e;
    }
    return err_none();
}

static void insert_dead(struct draft *draft, uint64_t number)
{
    uint64_t *dead = draft->page->dead;
    size_t at = draft->dead_count;
    while (at > 0 && dead[at - 1] > number) {
        dead[at] = dead[at - 1];
        at--;
    }
    if (at > 0 && dead[at - 1] == number) { /* already dead: undo the shift */
        memmove(dead + at, dead + at + 1, (draft->dead_count - at) * sizeof(*dead));
        return;
    }
    dead[at] = number;
    draft->dead_count++;
}

static struct err apply(struct draft *draft, const struct shelf_change *changes)
{
    size_t adds = 0;
    for (const struct shelf_change *c = changes; c != NULL; c = c->next)
        adds += c->add_opt != NULL;
    struct index_doc *docs = ARENA_ARRAY(draft->scratch, struct index_doc, adds);
    if (docs == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    size_t count = 0;
    for (const struct shelf_change *c = changes; c != NULL; c = c->next) {
        if (c->dead != 0)
            insert_dead(draft, c->dead);
        if (c->add_opt != NULL)
            docs[count++] = *c->add_opt;
    }
    size_t live = 0; /* a document may come and go in one commit */
    for (size_t i = 0; i < count; i++) {
        if (is_dead(draft, docs[i].number))
            drop_dead(draft, docs[i].number);
        else
            docs[live++] = docs[i];
    }
    if (live == 0)
        return err_none();
    struct volume *volume = NULL;
    struct err e = build(docs, live, &volume);
    if (failed(e))
        return e;
    draft->page->volumes[draft->page->view.segment_count++] = volume;
    return merge(draft);
}

static void finish(struct draft *draft)
{
    struct page *page = draft->page;
    size_t docs = 0;
    for (size_t i = 0; i < page->view.segment_count; i++) {
        page->segments[i] = page->volumes[i]->segment;
        docs += page->volumes[i]->count;
    }
    page->view.segments = page->segments;
    page->view.dead = (struct index_set){ .numbers = page->dead, .count = draft->dead_count };
    page->view.doc_count = docs - (draft->dead_count < docs ? draft->dead_count : docs);
}

/* A copy of the current page that can take `extra` more dead numbers. */
static struct page *page_copy(struct shelf *shelf, size_t extra)
{
    struct page *old = shelf->page; /* only the clerk replaces it */
    struct page *page = calloc(1, sizeof(*page));
    uint64_t *dead = calloc(old->view.dead.count + extra + 1, sizeof(*dead));
    if (page == NULL || dead == NULL) {
        free(page);
        free(dead);
        return NULL;
    }
    if (old->view.dead.count > 0)
        memcpy(dead, old->dead, old->view.dead.count * sizeof(*dead));
    page->dead = dead;
    page->holders = 1;
    page->view.segment_count = old->view.segment_count;
    for (size_t i = 0; i < old->view.segment_count; i++) {
        page->volumes[i] = old->volumes[i];
        atomic_fetch_add(&page->volumes[i]->holders, 1);
    }
    return page;
}

struct err shelf_publish(struct shelf *shelf, const struct shelf_change *changes,
                         struct arena *scratch)
{
    size_t extra = 0;
    if (changes == NULL)
        return err_none();
    for (const struct shelf_change *c = changes; c != NULL; c = c->next)
        extra += c->dead != 0;
    struct page *page = page_copy(shelf, extra);
    if (page == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    struct draft draft = { page, shelf->page->view.dead.count, scratch };
    struct err e = apply(&draft, changes);
    lock(shelf);
    if (failed(e)) {
        page_release(page);
    } else {
        finish(&draft);
        struct page *old = shelf->page;
        shelf->page = page;
        page_release(old);
    }
    unlock(shelf);
    return e;
}
