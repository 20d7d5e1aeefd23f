/* Records as documents of the index. */
#ifndef COMITY_CLERK_DOC_H
#define COMITY_CLERK_DOC_H

#include "clerk/act.h"
#include "clerk/shelf/shelf.h"

/* A row of TABLE_RECORD: pushes its document onto *changes when it is to be found (in force, not
 * withdrawn). All in `arena`. */
MUST_USE struct err doc_of_row(struct bytes row, struct arena *arena,
                               struct shelf_change **changes);
/* The same from the parts. */
MUST_USE struct err doc_push(const struct json *row, uint64_t number, struct arena *arena,
                             struct shelf_change **changes);
/* The document dies by the fact numbered `at`: of the act's changes, and of TABLE_DEAD. */
MUST_USE struct err doc_kill(struct act *act, uint64_t number, uint64_t at);
/* A legal hold or a restriction keeps the row's record out of every search. */
bool row_apart(const struct json *row);
/* That, or none of a copy's alerts is shown here: its document is not in the index. */
bool row_hidden(const struct json *row);
/* Marks a row of a copy by what its alerts do here. */
MUST_USE struct err row_mark_shown(struct act *act, const struct row_key *key, struct json *row);

/* The highest classification of the record, its alerts and its statements: a card shows them all.
 */
enum classification record_level(const struct json *record);
/* What decides who may see the row's document, of all that the row says: canonical JSON
 * {"level"} and, of a partner's copy, {"from", "purposes", "audience", "silence_days"}. */
MUST_USE struct err doc_group(const struct json *row, struct arena *arena, struct text *out);

#endif
