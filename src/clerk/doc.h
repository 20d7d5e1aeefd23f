/* Records as documents of the index. */
#ifndef COMITY_CLERK_DOC_H
#define COMITY_CLERK_DOC_H

#include "clerk/shelf.h"
#include "core/json.h"

/* A row of TABLE_RECORD: pushes its document onto *changes when it is to be found (in force, not
 * withdrawn). All in `arena`. */
MUST_USE struct err doc_of_row(struct bytes row, struct arena *arena,
                               struct shelf_change **changes);
/* The same from the parts. */
MUST_USE struct err doc_push(const struct json *record, uint64_t number, struct arena *arena,
                             struct shelf_change **changes);
/* A legal hold or a restriction keeps the row's record out of every search. */
bool row_apart(const struct json *row);
void doc_kill(uint64_t number, struct arena *arena, struct shelf_change **changes);

#endif
