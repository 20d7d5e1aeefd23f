/* A release: persons who must say yes before one record may leave for one partner (I1, layer
 * four). Needs are set by the clause or the national rule; a release can only be completed, never
 * overridden, and covers one version of the record.
 *
 * R1  A person counts once, however often they say yes.
 * R2  Who created the record does not release it alone: with a need of one, it is another
 * person. */
#ifndef COMITY_FLOW_RELEASE_H
#define COMITY_FLOW_RELEASE_H

#include "core/bytes.h"

enum { RELEASE_PERSONS_MAX = 4 };

struct release {
    struct text office; /* the unit or role that must be among them; empty: any */
    struct text author; /* who created the version */
    int needed;         /* 1..RELEASE_PERSONS_MAX */
    int given;
    struct text persons[RELEASE_PERSONS_MAX];
    bool office_heard;
};

enum release_state { RELEASE_OPEN, RELEASE_DONE };

enum release_state release_state(const struct release *release);

/* `person` says yes, sitting in `office`. ERR_CONFLICT "release.already-said" for a second yes of
 * the same person, "release.complete" when it is done, ERR_DENIED "release.own-record" (R2). */
MUST_USE struct err release_give(struct release *release, struct text person, struct text office);

#endif
