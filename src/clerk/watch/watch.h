/* Searches that stand, as rows and facts; what they mean is in flow/watch.h, who finds what they
 * are like is in screen.h.
 *
 * A watch begins with a search and in its commit: the entry of the search is the access log's, the
 * watch a list of its own with its own period. It is the unit's: whoever is of the unit,
 * and cleared as its author was, reads and judges what it finds (I7). Its question goes when it
 * ends, or when what it has found is judged, at the latest `watch-unseen` days later (I6). */
#ifndef COMITY_CLERK_WATCH_H
#define COMITY_CLERK_WATCH_H

#include "clerk/act.h"
#include "index/question.h"

/* What the "watch" of a search demands: checks it, puts the watch's id in its place in *search, the
 * body of the access entry, and gives the body of FACT_WATCH_PUT. */
MUST_USE struct err watch_prepare(struct act *act, struct json *search, struct json *put_out);
/* By "unit/watch": it ends, with the reason; one that is gone is no error. */
MUST_USE struct err watch_stop(struct act *act, struct text id, struct text reason);
/* It stands on until the review of its case, as far as its purpose allows. */
MUST_USE struct err watch_stand_on(struct act *act, struct text id, struct text review);
/* It has found what nobody has judged. */
bool watch_waits(struct act *act, struct text id);

/* Of the caller's unit, and not above its clearance. */
bool watch_of_caller(const struct json *row, const struct caller *caller);
/* It has found what nobody has judged. */
bool watch_has_news(const struct json *row);
/* A row of TABLE_WATCH still looks at what comes in. */
bool watch_looks(const struct json *row, struct instant now);
struct row_key watch_key(struct text unit, struct text watch);
/* Of TABLE_WATCHED; `record_opt` NULL: what all of a watch begin with. */
struct row_key watched_key(struct text watch, const struct record_key *record_opt);
/* The author as whom it looks: unit, clearance, purpose; borrows the row. */
struct caller watch_caller(const struct json *row, struct member_code member);

/* The day of its question, of which an age is; and the question, to be judged like this. */
struct date watch_day(const struct json *row);
MUST_USE struct err watch_question(const struct json *row, const struct index_scoring *scoring,
                                   struct arena *arena, struct question **out);

/* Row of TABLE_META: {"docs","watches"}, how far screening has come (screen.h). */
#define WATCH_ROW "screened"

#endif
