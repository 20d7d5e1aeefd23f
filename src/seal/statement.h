/* A signed statement: canonical JSON (RFC 8785)
 *     {"signature":"<128 hex>","statement":{…}}
 * where the Ed25519 signature is over "comity/<kind>/v1\n" and the canonical bytes of the
 * inner object. One kind of statement can never be taken for another. */
#ifndef COMITY_SEAL_STATEMENT_H
#define COMITY_SEAL_STATEMENT_H

#include "core/json.h"
#include "seal/secret.h"

enum { STATEMENT_LEN_MAX = 64 * 1024 };

struct signed_statement {
    const struct json *content;
    struct bytes signed_bytes; /* canonical bytes of content */
    struct signature signature;
};

/* `kind` such as "card": never from a peer, so that no one can have a card signed as a receipt. */
MUST_USE struct err statement_sign(struct text kind, const struct json *content,
                                   const struct sign_secret *secret, struct arena *arena,
                                   struct bytes *out);
/* Shape only: ERR_INVALID seal.statement, seal.not-canonical, json.*. */
MUST_USE struct err statement_parse(struct bytes in, struct arena *arena,
                                    struct signed_statement *out);
/* ERR_CORRUPT seal.signature. */
MUST_USE struct err statement_check(const struct signed_statement *statement, struct text kind,
                                    const struct sign_public *key, struct arena *arena);

#endif
