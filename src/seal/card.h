/* Cards: who a member is, as signed statements of kind "card".
 *
 *     root  {"card":"root","comity":1,"from":…,"key":…,"member":…,"next":…,"realm":…}
 *           by the root key itself; `next` is SHA-256 of the public root key that may follow
 *     node  {"card":"node","comity":1,"from":…,"generation":…,"key":…,"member":…,"realm":…,
 *            "root":…,"until":…}                                by the root, at most 90 days
 *     tls   {"card":"tls","comity":1,"from":…,"generation":…,"key":…,"member":…,"node":…,
 *            "realm":…,"root":…,"until":…}                      by the node, at most 7 days
 *
 * Keys are Ed25519 public keys in hex. A member *is* its root key; `member` is the label that
 * an agreement binds to it. What is pinned is the root key. */
#ifndef COMITY_SEAL_CARD_H
#define COMITY_SEAL_CARD_H

#include "core/hash.h"
#include "core/time.h"
#include "seal/statement.h"

enum {
    CARD_LEN_MAX = 2048,
    CARD_MEMBER_MAX = 32,
    CARD_REALM_MAX = 32,
};
#define CARD_NODE_LIFE (90 * INSTANT_DAY)
#define CARD_TLS_LIFE (7 * INSTANT_DAY)
#define CARD_CLOCK_SLACK (5 * INSTANT_MINUTE) /* a peer's clock may be off by so much */

enum card_kind { CARD_ROOT = 1, CARD_NODE, CARD_TLS };

struct card {
    enum card_kind kind;
    struct text realm;
    struct text member;
    struct sign_public key;  /* the key that is certified */
    struct sign_public root; /* of a root card: key */
    struct sign_public node; /* tls only: who certified */
    struct hash next;        /* root only */
    uint32_t generation;     /* node and tls; from 1 */
    struct instant from;
    struct instant until; /* node and tls */
};

/* SHA-256 of a public root key: what `next` holds. */
struct hash card_key_hash(const struct sign_public *key);

/* Signed by `secret`: the root's for root and node, the node's for tls (asserted to be the
 * key that the card names). Fields are asserted to be in their limits. */
MUST_USE struct err card_make(const struct card *card, const struct sign_secret *secret,
                              struct arena *arena, struct bytes *out);
/* Shape, limits of life, and the signature by the key that the card itself names: a card
 * that parses is genuine, whether or not its root is trusted. `out` lies in the arena.
 * Errors: seal.card (at: 0), seal.card-life, seal.signature, seal.statement, … */
MUST_USE struct err card_parse(struct bytes in, struct arena *arena, struct card *out);

/* What one side expects of the other. */
struct card_expect {
    struct sign_public root; /* pinned by the agreement's annex */
    struct text realm;
    struct instant now;
};

/* The root after `old`: same member and realm, and the key whose hash `old` named as next.
 * ERR_DENIED seal.chain. */
MUST_USE struct err card_check_next(const struct card *old, const struct card *next);

/* root expected, same member and realm, each link by the one before it, and `now` within
 * from and until with CARD_CLOCK_SLACK. ERR_DENIED seal.unknown-root, seal.wrong-realm,
 * seal.chain, seal.not-yet, seal.expired. */
MUST_USE struct err card_check_node(const struct card *node, const struct card_expect *expect);
MUST_USE struct err card_check_tls(const struct card *node, const struct card *tls,
                                   const struct card_expect *expect);

#endif
