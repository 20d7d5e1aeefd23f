/* The index of a node in memory: immutable segments behind one another, newest last, and the set of
 * documents that are dead. Publishing makes a new view; whoever searches holds on to the view it
 * took, so a search and a commit never wait for each other.
 *
 * Computed from TABLE_RECORD at start; merged so that at most a few dozen segments stand (each is
 * at least twice the one behind it). Thin: a merge is done by the clerk, in the commit that made it
 * necessary. */
#ifndef COMITY_CLERK_SHELF_H
#define COMITY_CLERK_SHELF_H

#include "core/arena.h"
#include "index/index.h"

struct shelf;

/* What one commit does to the index; a list in the arena of the commit. */
struct shelf_change {
    struct shelf_change *next;
    uint64_t dead;        /* number of a document that is no more; 0: none */
    const struct index_doc *add_opt;
};

MUST_USE struct err shelf_open(struct shelf **out);
void shelf_close(struct shelf *shelf_own_opt);
/* Clerk only. On error the view is as before. */
MUST_USE struct err shelf_publish(struct shelf *shelf, const struct shelf_change *changes,
                                  struct arena *scratch);

/* `shelf` shows what `other_own`, on which nobody else holds a view, showed. */
void shelf_adopt(struct shelf *shelf, struct shelf *other_own);

/* A frozen view, for any thread; given back once. */
struct shelf_view {
    const struct index_segment *segments;
    size_t segment_count;
    struct index_set dead;
    size_t doc_count; /* alive */
};
const struct shelf_view *shelf_take(struct shelf *shelf);
void shelf_give(struct shelf *shelf, const struct shelf_view *view_own);

#endif
