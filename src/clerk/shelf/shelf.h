/* The index of a node: immutable segments behind one another, oldest first, and the numbers of the
 * documents that are dead. Publishing makes a new view; whoever searches holds on to the view it
 * took, so a search, a commit and a merge never wait for each other.
 *
 * Segments are files of a depot, mapped; behind them stand small ones in memory, which the clerk
 * adds, one a commit. Who attends to the shelf (shelf_care(), on threads of its own) writes those
 * out before they hold more than some thousand documents, merges files, proves their checksums,
 * writes anew what holds bytes of dead documents, and makes again what is missing or damaged. What
 * it has made the clerk takes in (shelf_settle()): only the clerk changes what is seen.
 *
 * A list, itself checksummed and replaced whole, names the files, what of them is dead and up to
 * which fact all that holds; a start maps them and reads again what came later: documents above
 * `upto`, and of TABLE_DEAD what died since. Without a depot the index lives in memory and is
 * computed from TABLE_RECORD at each start.
 *
 * Segments lie in order of their documents' numbers, each covering an interval of them; a file that
 * is missing or damaged leaves a gap, an interval that is computed again from the rows while the
 * others answer, and says so (`partial`). */
#ifndef COMITY_CLERK_SHELF_H
#define COMITY_CLERK_SHELF_H

#include "core/json.h"
#include "index/index.h"
#include "store/depot.h"
#include "store/store.h"

struct shelf;

enum { SHELF_GROUPS_MAX = 65535 };

/* What one commit does to the index; a list in the arena of the commit. */
struct shelf_change {
    struct shelf_change *next;
    uint64_t dead; /* number of a document that is no more; 0: none */
    uint64_t at;   /* of the fact by which it died */
    const struct index_doc *add_opt;
    struct text group; /* of the document to add: canonical JSON (doc_group) */
};

/* `depot_opt` outlives the shelf. */
MUST_USE struct err shelf_open(struct depot *depot_opt, struct shelf **out);
void shelf_close(struct shelf *shelf_own_opt);

/* A frozen view, for any thread; given back once. */
struct shelf_view {
    const struct index_segment *segments;
    size_t segment_count;
    struct index_set dead;
    size_t doc_count;         /* alive */
    const uint64_t *in_group; /* alive, of each group */
    size_t group_count;
    bool partial;        /* a part is being made again: */
    uint64_t numbers;    /* of so many document numbers, */
    uint64_t gaps;       /* these are not yet looked at */
    uint64_t holes;      /* parts found missing or damaged so far */
};
const struct shelf_view *shelf_take(struct shelf *shelf);
void shelf_give(struct shelf *shelf, const struct shelf_view *view_own);
/* What the documents of a group have in common, as doc_group() made it; below group_count of any
 * view. */
const struct json *shelf_group(const struct shelf *shelf, size_t group);

/* -- The clerk's ------------------------------------------------------------------------------ */

/* On error the view is as before. */
MUST_USE struct err shelf_publish(struct shelf *shelf, const struct shelf_change *changes,
                                  struct arena *scratch);
/* Takes in what shelf_care() has made. */
void shelf_settle(struct shelf *shelf);
/* The whole index anew: from the depot and the rows that came later, or from the rows alone. A
 * large part that the depot does not have becomes a gap. */
MUST_USE struct err shelf_load(struct shelf *shelf, struct store_view *rows, struct arena *scratch);
/* Row of TABLE_META: {"dead"}: rows of TABLE_DEAD up to this fact were removed. */
#define SHELF_ROW "index"
/* Rows of TABLE_DEAD up to this fact are needed no more. */
uint64_t shelf_saved(const struct shelf *shelf);

/* -- Upkeep ----------------------------------------------------------------------------------- */

enum shelf_task {
    SHELF_KEEP,  /* memory to files, the list, removal of old files: soon */
    SHELF_MERGE, /* files to larger ones, proofs, gaps: may take long */
    SHELF_TASKS
};

struct shelf_care {
    struct store *store;
    struct instant now;
    int64_t erase_ms; /* bytes of what died lie in files for so long at most, and one merge */
    bool all;         /* SHELF_KEEP: everything goes to files now, as before a clean stop */
};
/* One step, on any one thread a task; *more_out: another at once has something to do. What it made
 * is seen when the clerk has settled. An error leaves everything as it was; try again later. */
MUST_USE struct err shelf_care(struct shelf *shelf, enum shelf_task task,
                               const struct shelf_care *care, bool *more_out);
/* While somebody attends to it the clerk leaves merging to them. */
void shelf_attended(struct shelf *shelf, bool yes);
/* What takes long ends with ERR_UNAVAILABLE index.stopped, as long as this holds. */
void shelf_hurry(struct shelf *shelf, bool yes);

#endif
