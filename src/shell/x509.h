/* X.509 over our Ed25519 keys, so that GnuTLS, curl and strangers' tools can check what seal/
 * certifies: root (self-signed, CA) -> node (CA, path length 0) -> leaf (server and client, 7
 * days). What is trusted is the pinned root key, never a name. A leaf's only name is the dNSName
 * "<first 16 hex of SHA-256(root key)>.comity". No file, no clock: the keeper calls this too. */
#ifndef COMITY_SHELL_X509_H
#define COMITY_SHELL_X509_H

#include "core/arena.h"
#include "core/hash.h"
#include "core/time.h"

enum {
    X509_KEY_LEN = 32, /* Ed25519 public key or seed */
    X509_SERIAL_LEN = 16,
    X509_NAME_LEN = 23,   /* 16 hex and ".comity" */
    X509_CERT_MAX = 1024, /* DER of one of ours */
    X509_CHAIN_MAX = 3,
    X509_SKEW_S = 300, /* a peer's clock may be 5 minutes off (design section 9) */
    X509_LEAF_DAYS = 7,
    X509_NODE_DAYS = 90,
    X509_ROOT_DAYS = 7305
};

struct x509_key {
    uint8_t bytes[X509_KEY_LEN];
};

/* What is to be certified. `serial`: random bytes of the caller. Instants are cut to seconds. */
struct x509_grant {
    struct x509_key root;    /* public: gives the names */
    struct x509_key subject; /* public: what is certified */
    struct instant from, until;
    uint8_t serial[X509_SERIAL_LEN];
};

/* "<16 hex>.comity", not NUL-terminated. */
void x509_name(const struct x509_key *root, char out[static X509_NAME_LEN]);
/* Public key of a seed. */
struct x509_key x509_public(const struct x509_key *seed);

/* DER. `seed` is the signer's: the root's own for root and node, the node's for the leaf.
 * ERR_INVALID x509.bad-period when until <= from or longer than the kind allows; ERR_UNAVAILABLE
 * x509.no-memory. Same arguments, same bytes (Ed25519 is deterministic). */
MUST_USE struct err x509_make_root(const struct x509_grant *grant, const struct x509_key *seed,
                                   struct arena *arena, struct bytes *out);
MUST_USE struct err x509_make_node(const struct x509_grant *grant, const struct x509_key *seed,
                                   struct arena *arena, struct bytes *out);
/* Inside the keeper. */
MUST_USE struct err x509_make_leaf(const struct x509_grant *grant, const struct x509_key *seed,
                                   struct arena *arena, struct bytes *out);

/* PEM "CERTIFICATE" of one DER; PEM PKCS#8 (RFC 8410) of a seed: secret. */
struct text x509_cert_pem(struct arena *arena, struct bytes der);
struct text x509_key_pem(struct arena *arena, const struct x509_key *seed);
/* The first certificate of a PEM, DER into the arena; `rest` moves behind it. ERR_NOT_FOUND
 * x509.no-pem. */
MUST_USE struct err x509_pem_next(struct bytes *rest, struct arena *arena, struct bytes *out);

/* A peer that has shown a chain that holds, up to the root key. */
struct x509_peer {
    struct x509_key root, node, leaf;
    struct instant until; /* the leaf's end */
};

/* `ders` as they came in the handshake: leaf, node, root; exactly three, Ed25519 throughout, leaf
 * signed by node and node by root, usages and periods as x509_make_* sets them, the leaf's name the
 * root's, node and leaf valid at `now` (with X509_SKEW_S). The root's own period and signature do
 * not matter: its key is what is pinned. `pinned_opt` NULL: any root; the caller compares.
 * ERR_DENIED x509.chain-length, x509.not-ours, x509.bad-signature, x509.wrong-name, x509.expired,
 * x509.not-yet, x509.wrong-root; ERR_CORRUPT x509.damaged. */
MUST_USE struct err x509_check_chain(const struct bytes *ders, size_t count, struct instant now,
                                     const struct x509_key *pinned_opt, struct x509_peer *out);

#endif
