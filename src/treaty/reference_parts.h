/* What the parts of the reference evaluator share; nobody else includes it. */
#ifndef COMITY_TREATY_REFERENCE_PARTS_H
#define COMITY_TREATY_REFERENCE_PARTS_H

#include "treaty/reference.h"

/* One alert of the question, looked at under the agreements. */
struct looking {
    const struct reference_question *q;
    const struct view_alert *alert;
    const struct treaty *treaty; /* whose clause is read; NULL: national rules */
};

bool reference_listed(struct codes codes, struct text code);
/* A permission: its condition is surely true and its exception surely false. */
bool reference_surely(const struct looking *l, const struct clause *clause);
/* A restriction: its condition may be true and its exception is not surely so. */
bool reference_perhaps(const struct looking *l, const struct clause *clause);

/* reference_force.c: spec section 4 and the first paragraph of section 5. */
bool reference_binds(const struct reference_question *q, const struct treaty_force *force);
/* The clause, which permits, is not disputed between the two. */
bool reference_undisputed(const struct reference_question *q, const struct treaty_force *force,
                          uint16_t article, uint32_t clause);
/* The members of a clause's side: listed, in a listed group, or every party. */
bool reference_on_side(const struct treaty *treaty, struct codes side, struct text member);
/* The agreements in the order in which their permissions are tried. */
void reference_order(const struct reference_question *q,
                     const struct treaty_force *out[RULESET_TREATIES_MAX]);

#endif
