/* What comes in from a partner: frames judged by link/ are judged once more by the agreement, and
 * become facts. */
#ifndef COMITY_CLERK_RECEIVE_H
#define COMITY_CLERK_RECEIVE_H

#include "clerk/exchange/disclose.h"
#include "link/receive.h"

/* One frame that may be applied. ERR_NOT_FOUND: park it (the instrument is missing). ERR_DENIED and
 * ERR_INVALID: refuse it. ERR_LIMIT arena.full, ERR_IO and the like: the batch fails. On success
 * its facts are added. `entry` is its commitment. */
struct incoming {
    const struct partner *partner;
    uint64_t number; /* in its feed; `frame` is empty when the content is unreadable */
    const struct frame *frame;
    struct bytes content;
    struct hash entry;
};
MUST_USE struct err receive_frame(struct act *act, const struct incoming *in);
/* Refused or parked frames are remembered with their rule. */
MUST_USE struct err receive_note(struct act *act, const struct incoming *in, enum fact_kind kind,
                                 const char *rule);
/* Parked frames of a partner are tried again (an instrument has entered into force). */
MUST_USE struct err receive_parked(struct act *act, struct text code);

#endif
