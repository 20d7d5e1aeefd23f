/* The life of an agreement as a pure function of what was signed and when (spec/agreement.md,
 * section 4). */
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
    uint16_t signed_count; /* parties whose consent is there */
    uint16_t needed;       /* consents that entry into force needs */
    struct instant from;   /* of the agreement; INSTANT_OPEN when not (yet) known */
    struct instant until;
    struct instant term;   /* end of the term that runs at `now`; INSTANT_OPEN: none is said */
    struct instant consent[TREATY_PARTIES_MAX];    /* INSTANT_OPEN: not given */
    struct treaty_bound bound[TREATY_PARTIES_MAX]; /* in the order of treaty.parties */
    struct treaty_stop stops[TREATY_STOPS_MAX];
    uint32_t stop_count;
};

/* "sign", "ratify"… */
const char *treaty_act_name(enum treaty_act act);
bool treaty_act_parse(struct text name, enum treaty_act *out);
/* "draft", "signed-by-some", "provisional", "in-force", "ended". */
const char *treaty_state_name(enum treaty_state state);
/* Index in treaty.parties, or STOP_ALL. */
uint8_t treaty_party_index(const struct treaty *treaty, struct text code);
/* It may join later: its accession is its consent, and is not waited for. */
bool treaty_may_accede(const struct treaty *treaty, struct text code);
/* Calendar arithmetic: a month later is the same day, or the last, of the next month. */
struct instant span_after(struct instant at, struct span span, int times);

/* Events in any order; of several signatures, ratifications or accessions of a party the first
 * counts, of several withdrawals the first too; events of others than parties are ignored. The
 * rules are those of spec/agreement.md section 4. */
struct treaty_status treaty_status(const struct treaty *treaty, const struct treaty_event *events,
                                   size_t count, struct instant now);

/* Both are bound at the instant, and neither has suspended it with the other or opposed the
 * other's reservations. Parties by index. */
bool treaty_status_joins(const struct treaty_status *status, uint32_t a, uint32_t b,
                         struct instant at);
/* By then both have been bound by it at the same time, with no opposed reservation between them
 * when they became so: what it replaces has ended between the two, and does not come back. */
bool treaty_status_took_over(const struct treaty_status *status, uint32_t a, uint32_t b,
                             struct instant by);
/* The next instant behind `now` at which something in it begins or ends; INSTANT_OPEN. */
struct instant treaty_status_next(const struct treaty_status *status, struct instant now);
/* What decides whether a copy that was received stays: as if nobody had suspended or disputed
 * anything, and, where the text keeps what was received, as if nobody had left. */
struct treaty_status treaty_status_kept(const struct treaty *treaty,
                                        const struct treaty_status *status);

/* When those whom `old` binds, as many as it says, had consented to `next`, a later version of the
 * same name that replaces it; INSTANT_OPEN: not yet. */
struct instant treaty_amendment_accepted(const struct treaty *old,
                                         const struct treaty_status *old_status,
                                         const struct treaty *next,
                                         const struct treaty_status *next_status);
/* Nothing of it applies before `at`: it waited for its acceptance. */
void treaty_status_hold(struct treaty_status *status, struct instant at, struct instant now);

#endif
