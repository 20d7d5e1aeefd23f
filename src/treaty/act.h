/* Which act of a party may follow those that are known (spec/agreement.md, section 4). Pure:
 * whoever calls has checked signature, key, realm and tree, and what a reservation says. */
#ifndef COMITY_TREATY_ACT_H
#define COMITY_TREATY_ACT_H

#include "treaty/status.h"

enum {
    TREATY_EVENTS_MAX = 1024, /* of one agreement */
    TREATY_REPEATED_MAX = 768, /* suspensions, disputes and the like among them: every party can
                                * always consent and withdraw */
    TREATY_PARTY_REPEATED_MAX = 64,
};

/* How far a date may lie ahead: clocks differ. */
#define TREATY_CLOCK_SLACK (5 * INSTANT_MINUTE)

/* The same act has been done, and a second one would change nothing: whoever repeats it is told so.
 * Only of signatures, ratifications, accessions and withdrawals. */
bool treaty_act_done(const struct treaty_event *events, size_t count,
                     const struct treaty_event *act);

/* ERR_INVALID, ERR_CONFLICT treaty.*; ERR_NOT_FOUND treaty.act-in-future: wait until its day. */
MUST_USE struct err treaty_act_check(const struct treaty *treaty,
                                     const struct treaty_event *events, size_t count,
                                     const struct treaty_event *act, struct instant now);

#endif
