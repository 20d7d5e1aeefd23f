/* The X.509 face of the cards: root, node and TLS certificates over the same Ed25519 keys
 * (RFC 5280, RFC 8410), so that GnuTLS, curl and strangers' tools can check a chain. What is
 * pinned stays the root key. Written here because the node key never leaves the keeper, and
 * nowhere parsed here: shell/ believes a chain only after GnuTLS has checked it.
 *
 * Profile: common names "<first 16 hex of SHA-256(root key)>.comity" with " root", " node" or
 * nothing; root and node may sign certificates only, the node's path length is 0; the leaf is
 * for servers and clients, and has the dNSName "<16 hex>.comity". */
#ifndef COMITY_SEAL_CERTIFICATE_H
#define COMITY_SEAL_CERTIFICATE_H

#include "seal/card.h"

enum { CERTIFICATE_LEN_MAX = 1024, CERTIFICATE_HOST_MAX = 253 };

struct certificate {
    enum card_kind kind;     /* root, node or tls: the leaf */
    struct sign_public root; /* gives the names */
    struct sign_public key;  /* what is certified */
    struct instant from;     /* cut to seconds */
    struct instant until;
    struct text host_opt; /* leaf: one more dNSName, or an IPv4 address in dotted form */
};

/* DER. `secret` is the signer's: the root's for root and node, the node's for the leaf. The
 * serial comes from the hash of what is signed: same arguments, same bytes. ERR_INVALID
 * seal.host when the host is neither form. */
MUST_USE struct err certificate_make(const struct certificate *certificate,
                                     const struct sign_secret *secret, struct arena *arena,
                                     struct bytes *out);

#endif
