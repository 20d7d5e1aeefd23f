/* The life of an agreement as a pure function of what was signed and when. */
#ifndef COMITY_TREATY_STATUS_H
#define COMITY_TREATY_STATUS_H

#include "wording/treaty.h"

enum treaty_state {
    TREATY_DRAFT,          /* nobody has signed */
    TREATY_SIGNED_BY_SOME, /* too few, or its first day has not come */
    TREATY_IN_FORCE,
    TREATY_ENDED, /* its last day is over, or fewer than two parties are left */
    TREATY_STATES
};

enum treaty_act { ACT_SIGN, ACT_WITHDRAW };

/* One verified act of one party; whoever calls has checked the signature (seal/). */
struct treaty_event {
    enum treaty_act act;
    struct text party;
    struct instant at; /* of a withdrawal: when it takes effect */
};

/* For one party: bound from..until (until is exclusive; INSTANT_OPEN: no end). */
#define INSTANT_OPEN ((struct instant){ INT64_MAX })

struct treaty_bound {
    struct instant from;
    struct instant until;
    bool withdrawn; /* `until` is its own doing */
};

struct treaty_status {
    enum treaty_state state;
    uint16_t signed_count;
    struct instant from; /* of the agreement; INSTANT_OPEN when not (yet) known */
    struct instant until;
    struct treaty_bound bound[TREATY_PARTIES_MAX]; /* in the order of treaty.parties */
};

/* Events in any order; of several signatures of a party the first counts, of several withdrawals
 * the first too; events of others than parties are ignored. A party that signs after entry into
 * force is bound from its signature. */
struct treaty_status treaty_status(const struct treaty *treaty, const struct treaty_event *events,
                                   size_t count, struct instant now);

#endif
