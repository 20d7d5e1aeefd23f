/* The life of an agreement as a pure function of what was signed and when. */
#ifndef COMITY_TREATY_STATUS_H
#define COMITY_TREATY_STATUS_H

#include "wording/treaty.h"

enum treaty_state {
    TREATY_DRAFT,          /* nobody has signed */
    TREATY_SIGNED_BY_SOME, /* too few, or its first day has not come */
    TREATY_PROVISIONAL,    /* not in force, but applied by two or more */
    TREATY_IN_FORCE,
    TREATY_ENDED, /* its last day is over, or fewer than two parties are left */
    TREATY_STATES
};

/* What a party can do to an agreement. Names on the wire: treaty_act_name(). */
enum treaty_act {
    ACT_SIGN,
    ACT_RATIFY,
    ACT_ACCEDE,
    ACT_WITHDRAW,
    ACT_SUSPEND, /* its operation with `against`, or with all */
    ACT_RESUME,
    ACT_DISPUTE, /* an article or clause: it stops between the two until settled */
    ACT_SETTLE,
    ACT_RESERVE, /* before or with its consent; the reservations stand in the act's terms */
    ACT_OBJECT,  /* to the reservations of `against`; `opposing`: no treaty between the two */
    ACT_DECLARE, /* a text that binds nobody */
    TREATY_ACTS
};

/* One verified act of one party; whoever calls has checked the signature (seal/). */
struct treaty_event {
    enum treaty_act act;
    struct text party;
    struct instant at;    /* of a withdrawal: when notice was given */
    struct text against;  /* empty: every other party */
    uint16_t article, clause; /* 0: the whole agreement, the whole article */
    bool opposing;
};

enum stop_why { STOP_SUSPENDED, STOP_DISPUTED, STOP_OPPOSED, STOP_WHYS };

enum { TREATY_STOPS_MAX = 128, STOP_ALL = 0xff };

/* Something does not apply between two parties (either direction) from..until. */
struct treaty_stop {
    uint8_t party;   /* index in treaty.parties: who did it */
    uint8_t against; /* index, or STOP_ALL */
    enum stop_why why;
    uint16_t article, clause; /* 0: all of it */
    struct instant from, until;
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
    struct treaty_stop stops[TREATY_STOPS_MAX];
    uint32_t stop_count;
};

/* "sign", "ratify"… */
const char *treaty_act_name(enum treaty_act act);
bool treaty_act_parse(struct text name, enum treaty_act *out);

/* Events in any order; of several signatures, ratifications or accessions of a party the first
 * counts, of several withdrawals the first too; events of others than parties are ignored. The
 * rules are those of spec/agreement.md section 4. */
struct treaty_status treaty_status(const struct treaty *treaty, const struct treaty_event *events,
                                   size_t count, struct instant now);

#endif
