/* Authenticated encryption that needs no nonce from its caller and commits to its key.
 *
 *     version u8 = 1 | nonce 24 | commitment 32 | XChaCha20-Poly1305 ciphertext, tag 16
 *
 * nonce      = BLAKE2b-192, keyed with the key, over "comity/box/nonce/v1\n", the length of the
 *              associated data, the data, and the plain text (synthetic, as in RFC 5297)
 * subkey, commitment = BLAKE2b-512, keyed with the key, over "comity/box/key/v1\n" and the nonce
 *
 * Why synthetic: a random nonce needs a source that the inner ring has not, and a counter (the
 * journal number) repeats when a backup is restored. Here a repetition is harmless: the same
 * key, place and text give the same bytes and nothing else. The commitment makes a wrong key
 * an error of its own, and one ciphertext cannot be opened to two texts under two keys. */
#ifndef COMITY_SEAL_BOX_H
#define COMITY_SEAL_BOX_H

#include "core/arena.h"
#include "seal/secret.h"

enum {
    BOX_NONCE_LEN = 24,
    BOX_TAG_LEN = 16,
    BOX_OVERHEAD = 1 + BOX_NONCE_LEN + 32 + BOX_TAG_LEN,
};

/* `plain` plus BOX_OVERHEAD bytes in the arena. ERR_LIMIT arena.full. */
MUST_USE struct err box_seal(const struct secret_key *key, struct bytes associated,
                             struct bytes plain, struct arena *arena, struct bytes *out);
/* ERR_DENIED seal.wrong-key: made with another key; ERR_CORRUPT seal.damaged: the bytes or
 * the associated data are not what was sealed. */
MUST_USE struct err box_open(const struct secret_key *key, struct bytes associated,
                             struct bytes sealed, struct arena *arena, struct bytes *out);

/* The bare AEAD under both, for its published vectors. out: plain.len + BOX_TAG_LEN bytes. */
void aead_seal(const struct secret_key *key, const uint8_t nonce[static BOX_NONCE_LEN],
               struct bytes associated, struct bytes plain, uint8_t *out);
/* false when it does not authenticate; `out` takes sealed.len - BOX_TAG_LEN bytes. */
bool aead_open(const struct secret_key *key, const uint8_t nonce[static BOX_NONCE_LEN],
               struct bytes associated, struct bytes sealed, uint8_t *out);

#endif
