/* Cases, as rows and facts; what their states mean is in flow/casefile.h.
 *
 * A case is its unit's: whoever is of the unit, or of one that the case names, and cleared for it
 * reads it and adds to it (I8: for others it is not there); its lead and the unit's supervisors
 * decide on it. Searches that name it as their reference stand in it: a review lets them stand on,
 * its end ends them, so that nobody is watched for a case that is over. It is kept `case-closed`
 * days behind its end and then forgotten, entry by entry (I6).
 *
 * TABLE_CASE: {"case","title","areas","purpose","classification","unit","units","lead","state",
 * "since","review","due","level","links","watches","outcome","closed"}; TABLE_CASE_ENTRY: what
 * happened in it, an entry a fact: its body with "what", "at", "by" and "unit". */
#ifndef COMITY_CLERK_CASEFILE_H
#define COMITY_CLERK_CASEFILE_H

#include "clerk/act.h"

struct row_key casefile_key(struct text number);
/* Of TABLE_CASE_ENTRY; 0: what all of a case begin with. */
struct row_key casefile_entry_key(struct text number, uint64_t entry);

bool casefile_of_caller(const struct json *row, const struct caller *caller);
/* Its lead, or a supervisor of its unit. */
bool casefile_led_by(const struct json *row, const struct caller *caller);

/* The case of ours that the caller's reference names and the caller sees; ERR_NOT_FOUND case.none:
 * it names another system's, or none. ERR_CONFLICT case.not-now, case.watches-full: no search may
 * stand in it. */
MUST_USE struct err casefile_for_watch(struct act *act, struct text *number_out);

/* For apply_watch.c: a search that stands, as "unit/watch", begins and is gone. */
MUST_USE struct err casefile_watch_begins(struct act *act, struct text number, struct text watch);
MUST_USE struct err casefile_watch_gone(struct act *act, struct text number, struct text watch);

/* A deadline "case" has come: an open one lapses, a closed one is forgotten. */
MUST_USE struct err casefile_due(struct act *act, struct text number);

#define CASEFILE_ROW "cases" /* of TABLE_META: {"year","last"}, the numbers that were given */

#endif
