/* Keys have types, are compared in constant time, wiped by their owner, and live in one
 * process. Ed25519 (RFC 8032) by libsodium, which refuses non-canonical and small-order keys. */
#ifndef COMITY_SEAL_SECRET_H
#define COMITY_SEAL_SECRET_H

#include "core/bytes.h"

enum {
    SECRET_LEN = 32,
    SIGN_PUBLIC_LEN = 32,
    SIGN_SECRET_LEN = 64,
    SIGNATURE_LEN = 64,
};

struct secret_key { /* symmetric, or a seed */
    uint8_t bytes[SECRET_LEN];
};

struct sign_public {
    uint8_t bytes[SIGN_PUBLIC_LEN];
};

struct sign_secret {
    uint8_t bytes[SIGN_SECRET_LEN];
};

struct signature {
    uint8_t bytes[SIGNATURE_LEN];
};

bool secret_equal(const struct secret_key *a, const struct secret_key *b);
/* Overwrites in a way that the compiler keeps. */
void secret_wipe(void *memory, size_t size);
/* An independent key for `purpose` (a literal of ours): BLAKE2b-256 keyed with `from` over
 * "comity/derive/v1\n", the purpose, LF and `context`. */
struct secret_key secret_derive(const struct secret_key *from, const char *purpose,
                                struct bytes context);

bool sign_public_equal(const struct sign_public *a, const struct sign_public *b);
/* The key pair of a seed. */
void sign_keypair(const struct secret_key *seed, struct sign_secret *secret_out,
                  struct sign_public *public_out);
struct sign_public sign_public_of(const struct sign_secret *secret);
/* `message` begins with a prefix that no other kind of message has (domain separation). */
struct signature sign_make(const struct sign_secret *secret, struct bytes message);
bool sign_check(const struct sign_public *key, struct bytes message, struct bytes signature);

#endif
