/* Inside api/: what an auditor reads of the journal. */
#ifndef COMITY_API_AUDIT_H
#define COMITY_API_AUDIT_H

#include "api/call.h"
#include "clerk/act.h"

/* One entry of the journal, opened: a fact or a frame. */
struct audited {
    struct journal_entry entry;
    struct opening_bytes opening;
    bool is_frame;
    struct fact fact;   /* unless is_frame */
    struct frame frame; /* if is_frame */
    struct instant at;
};
/* ERR_NOT_FOUND clerk.erased, store.no-entry. */
MUST_USE struct err audit_open(struct call *call, uint64_t number, struct audited *out);

/* What it was: who, when, what for, about which record; never what a record held (I6). */
struct json audit_line(struct call *call, uint64_t number);

/* ?from= and ?to= (days; `to` is included; ?since= where days_back is 0) as journal numbers
 * [first, end). Entries whose time is
 * erased are placed by their neighbours. false: the call has failed. */
struct period {
    uint64_t first, end;
    struct instant from, to; /* [from, to) */
};
bool audit_period(struct call *call, int64_t days_back, struct period *out);
/* ?after= as a number: where a page of journal entries begins. */
uint64_t audit_after(struct call *call, uint64_t first);
void audit_next(struct call *call, uint64_t next, const struct period *period,
                struct json *answer);
/* The answer waits for its own entry (I3). */
void audit_answer(struct call *call, struct json answer, const char *what, struct text about);

#endif
