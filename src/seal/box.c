#include "seal/box.h"

#include <assert.h>
#include <sodium/crypto_aead_xchacha20poly1305.h>
#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

enum { BOX_VERSION = 1, COMMITMENT_LEN = 32, HEADER_LEN = 1 + BOX_NONCE_LEN + COMMITMENT_LEN };
_Static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == BOX_NONCE_LEN, "XChaCha20");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == BOX_TAG_LEN, "Poly1305");
_Static_assert((int)HEADER_LEN + (int)BOX_TAG_LEN == (int)BOX_OVERHEAD, "layout");

void aead_seal(const struct secret_key *key, const uint8_t nonce[static BOX_NONCE_LEN],
               struct bytes associated, struct bytes plain, uint8_t *out)
{
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.data, plain.len, associated.data,
                                               associated.len, NULL, nonce, key->bytes);
}

bool aead_open(const struct secret_key *key, const uint8_t nonce[static BOX_NONCE_LEN],
               struct bytes associated, struct bytes sealed, uint8_t *out)
{
    return sealed.len >= BOX_TAG_LEN &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.data, sealed.len,
                                                      associated.data, associated.len, nonce,
                                                      key->bytes) == 0;
}

static void make_nonce(const struct secret_key *key, struct bytes associated, struct bytes plain,
                       uint8_t out[static BOX_NONCE_LEN])
{
    static const uint8_t prefix[] = "comity/box/nonce/v1\n";
    uint8_t len[8];
    crypto_generichash_state state;
    for (size_t i = 0; i < sizeof(len); i++)
        len[i] = (uint8_t)((uint64_t)associated.len >> (56 - 8 * i));
    crypto_generichash_init(&state, key->bytes, SECRET_LEN, BOX_NONCE_LEN);
    crypto_generichash_update(&state, prefix, sizeof(prefix) - 1);
    crypto_generichash_update(&state, len, sizeof(len));
    crypto_generichash_update(&state, associated.data, associated.len);
    crypto_generichash_update(&state, plain.data, plain.len);
    crypto_generichash_final(&state, out, BOX_NONCE_LEN);
    secret_wipe(&state, sizeof(state));
}

struct box_keys {
    struct secret_key subkey;
    uint8_t commitment[COMMITMENT_LEN];
};
_Static_assert(sizeof(struct box_keys) == crypto_generichash_BYTES_MAX, "BLAKE2b-512");

static void make_keys(const struct secret_key *key, const uint8_t nonce[static BOX_NONCE_LEN],
                      struct box_keys *out)
{
    static const uint8_t prefix[] = "comity/box/key/v1\n";
    uint8_t made[sizeof(struct box_keys)];
    crypto_generichash_state state;
    crypto_generichash_init(&state, key->bytes, SECRET_LEN, sizeof(made));
    crypto_generichash_update(&state, prefix, sizeof(prefix) - 1);
    crypto_generichash_update(&state, nonce, BOX_NONCE_LEN);
    crypto_generichash_final(&state, made, sizeof(made));
    memcpy(out->subkey.bytes, made, SECRET_LEN);
    memcpy(out->commitment, made + SECRET_LEN, COMMITMENT_LEN);
    secret_wipe(&state, sizeof(state));
    secret_wipe(made, sizeof(made));
}

struct err box_seal(const struct secret_key *key, struct bytes associated, struct bytes plain,
                    struct arena *arena, struct bytes *out)
{
    struct box_keys keys;
    assert(plain.len <= SIZE_MAX - BOX_OVERHEAD);
    uint8_t *sealed = arena_take(arena, plain.len + BOX_OVERHEAD);
    if (sealed == NULL)
        return arena_check(arena);
    uint8_t *nonce = sealed + 1;
    sealed[0] = BOX_VERSION;
    make_nonce(key, associated, plain, nonce);
    make_keys(key, nonce, &keys);
    memcpy(nonce + BOX_NONCE_LEN, keys.commitment, COMMITMENT_LEN);
    aead_seal(&keys.subkey, nonce, associated, plain, sealed + HEADER_LEN);
    secret_wipe(&keys, sizeof(keys));
    *out = bytes_of(sealed, plain.len + BOX_OVERHEAD);
    return err_none();
}

struct err box_open(const struct secret_key *key, struct bytes associated, struct bytes sealed,
                    struct arena *arena, struct bytes *out)
{
    struct box_keys keys;
    struct err e = err_none();
    if (sealed.len < BOX_OVERHEAD || sealed.data[0] != BOX_VERSION)
        return err_make(ERR_CORRUPT, "seal.damaged");
    const uint8_t *nonce = sealed.data + 1;
    size_t len = sealed.len - BOX_OVERHEAD;
    uint8_t *plain = arena_take(arena, len);
    if (plain == NULL)
        return arena_check(arena);
    make_keys(key, nonce, &keys);
    if (sodium_memcmp(keys.commitment, nonce + BOX_NONCE_LEN, COMMITMENT_LEN) != 0)
        e = err_make(ERR_DENIED, "seal.wrong-key");
    else if (!aead_open(&keys.subkey, nonce, associated,
                        bytes_of(sealed.data + HEADER_LEN, len + BOX_TAG_LEN), plain))
        e = err_make(ERR_CORRUPT, "seal.damaged");
    secret_wipe(&keys, sizeof(keys));
    if (!failed(e))
        *out = bytes_of(plain, len);
    return e;
}
