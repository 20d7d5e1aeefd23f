/* What signatures prove, in plain values: the clerk's door to seal/. */
#ifndef COMITY_CLERK_TRUST_H
#define COMITY_CLERK_TRUST_H

#include "core/hash.h"
#include "core/json.h"
#include "core/time.h"

/* A party's signed act on an instrument (seal/instrument.h), genuine under the key it names. */
struct trust_act {
    struct hash tree;
    struct text realm;
    struct text member;
    struct text role;
    struct date on;
    struct instant at; /* ms 0: the beginning of `on` */
    struct text against;
    uint16_t article, clause;
    bool opposing;
    const struct json *terms_opt;
    uint8_t root[32];
};
MUST_USE struct err trust_instrument(struct text statement, struct arena *arena,
                                     struct trust_act *out);

/* The node key that `cards` (an array of texts) certify for the pinned root at `now`. */
struct trust_expect {
    uint8_t root[32];
    struct text realm;
    struct instant now;
};
struct trust_node {
    uint8_t key[32];
    uint32_t generation;
};
/* ERR_NOT_FOUND clerk.no-card when there is no node card among them; ERR_DENIED seal.*. */
MUST_USE struct err trust_cards(const struct json *cards, const struct trust_expect *expect,
                                struct arena *arena, struct trust_node *out);

#endif
