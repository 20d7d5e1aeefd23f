/* Who may see what: one answer for a record that is opened, and for all that a search counts.
 *
 * What decides is the caller's clearance, purpose and unit, whether the partner that answers for a
 * copy was heard, and what its alerts do on our soil. Of that the index knows beforehand which
 * group a document is of (doc_group): a search asks once a group, and what the caller may not see
 * enters no candidate, rank or number (I7). Copies of which every alert is not shown, and records
 * kept apart, are not in the index at all. */
#ifndef COMITY_CLERK_SIGHT_H
#define COMITY_CLERK_SIGHT_H

#include "clerk/command.h"
#include "clerk/shelf/shelf.h"
#include "core/time.h"

struct sight {
    struct store_view *view;
    const struct caller *caller;
    struct instant now;
    struct arena *arena;
    struct json unit; /* the caller's; looked up once */
    bool unit_known;
};

/* May the caller see the row of TABLE_RECORD? `effects` is its row of TABLE_EFFECT. */
bool sight_of(struct sight *sight, const struct json *row, const struct json *effects);
/* What the caller sees of the documents in a view of the shelf: into `out` (which borrows the
 * view), and their number. */
MUST_USE struct err sight_filter(struct sight *sight, const struct shelf *shelf,
                                 const struct shelf_view *view, struct index_filter *out,
                                 uint64_t *documents_out);
/* Every alert is not to be shown: then the record is not there (I13). */
bool effects_hide(const struct json *record, const struct json *effects);

#endif
