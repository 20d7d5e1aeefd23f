/* A party's signed act on an agreement (its signature, a withdrawal, a reservation, …): a
 * statement of kind "instrument" by the member's root key:
 *     {"comity":1,"instrument":"<tree hash, 64 hex>","member":…,"on":"YYYY-MM-DD","realm":…,
 *      "role":…,"root":"<64 hex>"}
 * `role` says what is done: sign, ratify, accede, withdraw, suspend, resume, dispute, settle,
 * reserve, object, declare. Members that only some of them have, absent where not said:
 *     "at"       the instant, on that day; absent: the day's beginning (all)
 *     "against"  the other party; absent: all (suspend, resume, dispute, settle; object)
 *     "article", "clause"  what is disputed (dispute, settle)
 *     "opposing" true (object)
 *     "terms"    reservations as in the neutral tree (reserve), {"language","text"} (declare) */
#ifndef COMITY_SEAL_INSTRUMENT_H
#define COMITY_SEAL_INSTRUMENT_H

#include "core/hash.h"
#include "core/time.h"
#include "seal/statement.h"

enum { INSTRUMENT_PLACE_MAX = 9999, INSTRUMENT_MORE_MAX = 16 * 1024 };

struct instrument_signature {
    struct hash tree; /* of the agreement's language-neutral tree */
    struct text realm;
    struct text member;
    struct text role;
    struct date on;
    struct sign_public root;
    struct instant at;   /* ms 0: the beginning of `on` */
    struct text against; /* empty: all */
    uint16_t article, clause;
    bool opposing;
    const struct json *terms_opt;
};

/* `root` must be the public key of `secret` (asserted); ERR_INVALID seal.role, seal.instrument (a
 * member that this role has not). */
MUST_USE struct err instrument_signature_format(const struct instrument_signature *signature,
                                                const struct sign_secret *secret,
                                                struct arena *arena, struct bytes *out);
/* Shape and signature by the root key that it names. The caller compares root, realm, member
 * and tree with what it expects. ERR_INVALID seal.instrument, seal.role; ERR_CORRUPT
 * seal.signature. `out` lies in the arena. */
MUST_USE struct err instrument_signature_verify(struct bytes in, struct arena *arena,
                                                struct instrument_signature *out);
/* The members that only some acts have, out of an object that may have others too; `role` and `on`
 * stand in `inout`. ERR_INVALID seal.instrument. */
MUST_USE struct err instrument_more_read(const struct json *object,
                                         struct instrument_signature *inout);

#endif
