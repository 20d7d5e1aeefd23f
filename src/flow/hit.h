/* A hit: a confirmed match between somebody at our counter and a record of a partner, from the
 * report to the outcome. Both sides hold one and walk the same table; what the table does not
 * mention is refused (F1).
 *
 * F1  A pair (state, event) that is not in the table changes nothing and is an error.
 * F2  Every open state has a deadline; only HIT_CLOSED has none.
 * F3  A lapse never answers for the owner: it escalates (I10). */
#ifndef COMITY_FLOW_HIT_H
#define COMITY_FLOW_HIT_H

#include "core/bytes.h"
#include "core/time.h"

enum hit_state {
    HIT_NONE = 0,
    HIT_REPORTED,  /* the finder has reported, the owner's clock runs */
    HIT_OVERDUE,   /* the clock has lapsed; still answerable, the duty list is told */
    HIT_CONFIRMED, /* the owner says: it is him; the finder owes an outcome */
    HIT_DENIED,    /* the owner says: it is not; the finder owes an outcome */
    HIT_CLOSED,
    HIT_STATES
};

enum hit_event {
    HIT_EVENT_NONE = 0,
    HIT_REPORT,
    HIT_CONFIRM,
    HIT_DENY,
    HIT_LAPSE,
    HIT_OUTCOME,
    HIT_END, /* the record or the agreement ended under it */
    HIT_EVENTS
};

/* ERR_CONFLICT "hit.not-now" for what the table does not mention. */
MUST_USE struct err hit_step(enum hit_state from, enum hit_event event, enum hit_state *to_out);

struct text hit_state_name(enum hit_state state);
MUST_USE struct err hit_state_parse(struct text name, enum hit_state *out);

/* When the owner must have answered, and when the finder must have given the outcome. */
struct hit_clock {
    int64_t answer_ms;  /* the clause's answer time for this urgency */
    int64_t outcome_ms; /* from the answer */
};

/* The instant at which `state`, entered at `since`, lapses. HIT_OVERDUE lapses again and again,
 * each time a level higher: level n at answer_ms * 2^n after the report, n at most
 * HIT_LEVEL_MAX. HIT_CLOSED and HIT_NONE have none (false). */
enum { HIT_LEVEL_MAX = 4 };
bool hit_due(enum hit_state state, const struct hit_clock *clock, struct instant since, int level,
             struct instant *due_out);

#endif
