/* The X.509 face of the cards: root, node and TLS certificates over the same Ed25519 keys
 * (RFC 5280, RFC 8410), so that GnuTLS, curl and strangers' tools can check a chain. What is
 * pinned stays the root key. DER is written here and nowhere parsed. */
#ifndef COMITY_SEAL_X509_H
#define COMITY_SEAL_X509_H

#include "core/time.h"
#include "seal/secret.h"
#include "core/arena.h"

enum { X509_LEN_MAX = 1024, X509_NAME_MAX = 64, X509_HOST_MAX = 253 };

struct x509 {
    struct text issuer;  /* common names, 1 to 64 bytes of UTF-8 */
    struct text subject;
    struct sign_public key;
    bool authority; /* may sign other certificates */
    uint8_t path_len; /* of an authority: how many authorities may follow */
    struct instant from; /* written to the second */
    struct instant until;
    struct text host_opt; /* a leaf's DNS name, or an IPv4 address in dotted form */
};

/* The signed certificate in DER. The serial is taken from the hash of what is signed.
 * `secret` is the issuer's. ERR_INVALID seal.host when the host is neither form. */
MUST_USE struct err x509_make(const struct x509 *certificate, const struct sign_secret *secret,
                              struct arena *arena, struct bytes *out);

/* PEM armour of "CERTIFICATE". */
struct text x509_pem(struct arena *arena, struct bytes der);

#endif
