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

/* reference.c: what messages ask too. */
bool reference_purpose(struct codes purposes, struct text purpose);
/* A clause that forbids the purpose asked for. */
bool reference_forbids_use(const struct reference_question *q, const struct clause *clause);
/* The reservation is of one of the two, and to this clause. */
bool reference_reserves(const struct reference_question *q, const struct reservation *r,
                        uint16_t article, uint32_t clause);
/* A reservation of one of the two takes the clause out between them. */
bool reference_taken_out(const struct reference_question *q, const struct treaty *treaty,
                         uint16_t article, uint32_t clause);
/* What its capacity allows has been given. */
bool reference_spent_up(const struct reference_question *q, const struct clause *clause);
bool reference_member(const struct reference_question *q, struct text member);

/* reference_force.c: spec section 4 and the first paragraph of section 5. */
bool reference_binds(const struct reference_question *q, const struct treaty_force *force);
/* Both are bound and oppose no reservation, whatever is suspended or replaced between them. */
bool reference_both_bound(const struct reference_question *q, const struct treaty_force *force);
/* The clause, which permits, is not disputed between the two. */
bool reference_undisputed(const struct reference_question *q, const struct treaty_force *force,
                          uint16_t article, uint32_t clause);
/* The members of a clause's side: listed, in a listed group, or every party. */
bool reference_on_side(const struct treaty *treaty, struct codes side, struct text member);
/* The agreements in the order in which their permissions are tried. */
void reference_order(const struct reference_question *q,
                     const struct treaty_force *out[RULESET_TREATIES_MAX]);

#endif
