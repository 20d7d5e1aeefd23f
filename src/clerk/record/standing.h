/* What stands about the same person or object, and the alerts that wait behind it.
 *
 * TABLE_IDENTITY finds other records by the keys of catalogue/identity; the edition of the node
 * judges each pair of alerts. An alert that must wait is kept beside the record in its row,
 *   "waiting":[{"alert":{},"rule","since","behind":[{"record","alert","until"}]}]
 * goes nowhere, and goes in by itself (fact record.enter) when nothing stands in its way:
 * TABLE_WAIT and deadlines "wait" say when to look again. Public sources are no alerts under any
 * edition. */
#ifndef COMITY_CLERK_STANDING_H
#define COMITY_CLERK_STANDING_H

#include "catalogue/edition.h"
#include "clerk/act.h"

enum { STANDING_MAX = 64, STANDING_BEHIND_MAX = 16 };

const struct edition *clerk_edition(const struct clerk *clerk);

/* -- rows, for apply_record.c ------------------------------------------------------------- */

/* Of the row that now stands. */
MUST_USE struct err standing_put(struct act *act, const struct record_key *record,
                                 const struct json *row);
/* Of the row that goes or is replaced: the next tick looks again at who waits behind it. */
MUST_USE struct err standing_drop(struct act *act, const struct record_key *record,
                                  const struct json *row);
/* The record with the alerts that wait: by it is said how long it stays. */
struct json standing_whole(struct arena *arena, const struct json *record,
                           const struct json *waiting);

/* -- judging ------------------------------------------------------------------------------ */

/* An own record at the edge. The alerts that must wait leave `json` for `waiting`; what is entered
 * at once, waits or is suspected is a warning of `findings`. */
struct standing_draft {
    struct json *json;
    const struct record *record; /* of the whole of it */
    const struct json *row;      /* as it stands; JSON_NULL */
    struct text consulted;       /* reference of a consultation that let it in; or empty */
    struct findings *findings;
    struct json waiting; /* out: an array */
};
/* ERR_CONFLICT catalogue.incompatible, incompatible-within, already-entered. */
MUST_USE struct err standing_judge(struct act *act, const struct record_key *key,
                                   struct standing_draft *draft);

/* A deadline "wait" of this record has come; and all those behind whom something has moved. */
MUST_USE struct err standing_due(struct act *act, struct text id);
MUST_USE struct err standing_again(struct act *act, bool *more_out);

/* A deadline "achieved" of this record has come. */
MUST_USE struct err achieved_due(struct act *act, struct text id, struct instant at);

#endif
