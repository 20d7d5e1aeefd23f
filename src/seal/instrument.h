/* A party's signature on an instrument (an agreement's text, a withdrawal from it, …): a
 * statement of kind "instrument" by the member's root key:
 *     {"comity":1,"instrument":"<tree hash, 64 hex>","member":…,"on":"YYYY-MM-DD","realm":…,
 *      "role":…,"root":"<64 hex>"}
 * `role` says what is done: sign, ratify, withdraw, suspend, resume, reserve. */
#ifndef COMITY_SEAL_INSTRUMENT_H
#define COMITY_SEAL_INSTRUMENT_H

#include "core/hash.h"
#include "core/time.h"
#include "seal/statement.h"

struct instrument_signature {
    struct hash tree; /* of the agreement's language-neutral tree */
    struct text realm;
    struct text member;
    struct text role;
    struct date on;
    struct sign_public root;
};

/* `root` must be the public key of `secret` (asserted); ERR_INVALID seal.role. */
MUST_USE struct err instrument_signature_format(const struct instrument_signature *signature,
                                                const struct sign_secret *secret,
                                                struct arena *arena, struct bytes *out);
/* Shape and signature by the root key that it names. The caller compares root, realm, member
 * and tree with what it expects. ERR_INVALID seal.instrument, seal.role; ERR_CORRUPT
 * seal.signature. `out` lies in the arena. */
MUST_USE struct err instrument_signature_verify(struct bytes in, struct arena *arena,
                                                struct instrument_signature *out);

#endif
