/* The retention run: what has outlived its period is erased by the tick, a bounded step at a time;
 * every erasure is a fact that says what went and why, never what it held (I6). */
#ifndef COMITY_CLERK_RETAIN_H
#define COMITY_CLERK_RETAIN_H

#include "clerk/act.h"
#include "flow/duties.h"

/* A deadline "retain" or "hold" of this record has come. The facts drop the deadline's row. */
MUST_USE struct err retain_due(struct act *act, struct text id, struct instant at,
                               struct text kind);
/* A deadline "alert" of this record has come: an alert that is over goes, the others stay; that all
 * are over is the record's own end. */
MUST_USE struct err alert_due(struct act *act, struct text id);
/* A deadline "request" has come: a closed request of a person goes. */
MUST_USE struct err request_due(struct act *act, struct text id);
/* Copies of partners that have been silent for twice their agreement's silence: looked at once an
 * hour, some hundred rows a tick. */
MUST_USE struct err silence_due(struct act *act, bool *more_out);
/* Openings of access entries that are older than their own period. */
MUST_USE struct err access_log_due(struct act *act, bool *more_out);

/* How a copy stands with its feed: `row` of TABLE_RECORD has "from". */
MUST_USE struct err copy_silence(struct store_view *view, const struct json *row,
                                 struct instant now, struct arena *arena,
                                 struct silence_clock *out);

#endif
