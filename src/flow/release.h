/* A release: persons who must say yes before one record may leave for one partner (I1, layer
 * four). Needs are set by the clause or the national rule; a release can only be completed, never
 * overridden, and covers one version of the record.
 *
 * R1  A person counts once, however often they say yes.
 * R2  Who created the record does not release it alone: with a need of one, it is another
 * person.
 * R3  Every office that is named has been heard; a person who sits in several speaks for each. */
#ifndef COMITY_FLOW_RELEASE_H
#define COMITY_FLOW_RELEASE_H

#include "core/bytes.h"

enum { RELEASE_PERSONS_MAX = 64, RELEASE_OFFICES_MAX = 64 };

struct release {
    struct text author; /* who created the version */
    int needed;         /* persons, 1..RELEASE_PERSONS_MAX */
    int given;
    struct text persons[RELEASE_PERSONS_MAX];
    struct text offices[RELEASE_OFFICES_MAX]; /* units or roles that must be among them */
    bool heard[RELEASE_OFFICES_MAX];
    int office_count; /* 0: any */
};

/* Where a person sits. */
struct seats {
    struct text offices[RELEASE_OFFICES_MAX];
    int count;
};

enum release_state { RELEASE_OPEN, RELEASE_DONE };

enum release_state release_state(const struct release *release);
/* Offices that have not been heard. */
int release_missing(const struct release *release);

/* `person` says yes for each of `seats`. ERR_CONFLICT "release.already-said" for a second yes of
 * the same person, "release.complete" when it is done, ERR_DENIED "release.own-record" (R2),
 * "release.wrong-office" when the places left are kept for the offices missing. */
MUST_USE struct err release_give(struct release *release, struct text person,
                                 const struct seats *seats);

#endif
