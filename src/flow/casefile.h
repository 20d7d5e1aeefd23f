/* A case: what a unit works on, from the opening to the day on which it is forgotten. What the
 * table does not mention is refused (F1).
 *
 * F1  A pair (state, event) that is not in the table changes nothing and is an error.
 * F2  Every state has a deadline: an open case its review, a closed one its erasure.
 * F3  A review that nobody made lets nothing go on by itself: the case is overdue, one level more
 *     each time, until somebody reviews or closes it. */
#ifndef COMITY_FLOW_CASEFILE_H
#define COMITY_FLOW_CASEFILE_H

#include "core/json.h"
#include "core/time.h"

enum {
    CASEFILE_TITLE_MAX = 200,
    CASEFILE_TEXT_MAX = 4000,
    CASEFILE_AREAS_MAX = 8,
    CASEFILE_UNITS_MAX = 16,
    CASEFILE_LINKS_MAX = 500,
    CASEFILE_WATCHES_MAX = 100
};

enum casefile_state {
    CASEFILE_NONE = 0,
    CASEFILE_OPEN,
    CASEFILE_OVERDUE, /* its review has lapsed */
    CASEFILE_CLOSED,
    CASEFILE_STATES
};

enum casefile_event {
    CASEFILE_BEGIN,
    CASEFILE_WORK,   /* a note, a record, a search that stands, another officer */
    CASEFILE_REVIEW, /* it goes on, with the reason */
    CASEFILE_LAPSE,
    CASEFILE_CLOSE,
    CASEFILE_REOPEN,
    CASEFILE_EVENTS
};

/* ERR_CONFLICT "case.not-now" for what the table does not mention. */
MUST_USE struct err casefile_step(enum casefile_state from, enum casefile_event event,
                                  enum casefile_state *to_out);
struct text casefile_state_name(enum casefile_state state);
MUST_USE struct err casefile_state_parse(struct text name, enum casefile_state *out);

/* When a case that lapsed at `now` for the `level`th time lapses again. */
struct instant casefile_next_lapse(struct instant now, int64_t level);

/* What somebody writes down: what is known, what he makes of it, what was decided. An assessment is
 * not a fact (Directive (EU) 2016/680 article 7). ERR_INVALID case.unknown-note. */
MUST_USE struct err casefile_note_check(struct text kind);
/* How far source and information are to be trusted, by the 4x4 scale of the catalogue, such as
 * "B2"; empty: not said. ERR_INVALID case.bad-grading. */
MUST_USE struct err casefile_grading_check(struct text grading);

#endif
