/* Believing the X.509 face of a member's keys, which seal/certificate.h makes: root (self-signed,
 * CA) -> node (CA, path length 0) -> leaf (server and client, 7 days), Ed25519 throughout. What is
 * trusted is the pinned root key, never a name. A leaf's only name is the dNSName
 * "<first 16 hex of SHA-256(root key)>.comity". */
#ifndef COMITY_SHELL_X509_H
#define COMITY_SHELL_X509_H

#include "core/arena.h"
#include "core/time.h"
#include "seal/secret.h"

enum {
    X509_NAME_LEN = 23, /* 16 hex and ".comity" */
    X509_CERT_MAX = 1024,
    X509_CHAIN_MAX = 3,
    X509_SKEW_S = 300 /* a peer's clock may be 5 minutes off (design section 9) */
};

/* "<16 hex>.comity", not NUL-terminated. */
void x509_name(const struct sign_public *root, char out[static X509_NAME_LEN]);

/* PEM "CERTIFICATE" of one DER, NUL-terminated beyond its length. */
struct text x509_cert_pem(struct arena *arena, struct bytes der);
/* PEM PKCS#8 (RFC 8410) of an Ed25519 seed, NUL-terminated beyond its length: secret. */
struct text x509_key_pem(struct arena *arena, const struct secret_key *seed);
/* The first certificate of a PEM, DER into the arena; `rest` moves behind it. ERR_NOT_FOUND
 * x509.no-pem, ERR_CORRUPT x509.damaged. */
MUST_USE struct err x509_pem_next(struct bytes *rest, struct arena *arena, struct bytes *out);

/* A peer that has shown a chain that holds, up to the root key. */
struct x509_peer {
    struct sign_public root, node, leaf;
    struct instant until; /* the leaf's end */
};

/* `ders` as they came in the handshake: leaf, node, root; exactly three, Ed25519 throughout, leaf
 * signed by node and node by root, usages and periods as seal/card.h limits them, the leaf's name
 * the root's, node and leaf valid at `now` (with X509_SKEW_S). The root's own period and signature
 * do not matter: its key is what is pinned. `pinned_opt` NULL: any root; the caller compares.
 * ERR_DENIED x509.chain-length, x509.not-ours, x509.bad-signature, x509.wrong-name, x509.expired,
 * x509.not-yet, x509.wrong-root; ERR_CORRUPT x509.damaged. */
MUST_USE struct err x509_check_chain(const struct bytes *ders, size_t count, struct instant now,
                                     const struct sign_public *pinned_opt, struct x509_peer *out);

#endif
