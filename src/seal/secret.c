#include "seal/secret.h"

#include <sodium/crypto_generichash.h>
#include <sodium/crypto_sign.h>
#include <sodium/utils.h>

_Static_assert(crypto_sign_PUBLICKEYBYTES == SIGN_PUBLIC_LEN, "Ed25519");
_Static_assert(crypto_sign_SECRETKEYBYTES == SIGN_SECRET_LEN, "Ed25519");
_Static_assert(crypto_sign_BYTES == SIGNATURE_LEN, "Ed25519");

bool secret_equal(const struct secret_key *a, const struct secret_key *b)
{
    return sodium_memcmp(a->bytes, b->bytes, SECRET_LEN) == 0;
}

void secret_wipe(void *memory, size_t size)
{
    sodium_memzero(memory, size);
}

struct secret_key secret_derive(const struct secret_key *from, const char *purpose,
                                struct bytes context)
{
    static const uint8_t prefix[] = "comity/derive/v1\n";
    struct bytes name = text_bytes(text_literal(purpose));
    struct secret_key out;
    crypto_generichash_state state;
    crypto_generichash_init(&state, from->bytes, SECRET_LEN, SECRET_LEN);
    crypto_generichash_update(&state, prefix, sizeof(prefix) - 1);
    crypto_generichash_update(&state, name.data, name.len);
    crypto_generichash_update(&state, (const uint8_t *)"\n", 1);
    crypto_generichash_update(&state, context.data, context.len);
    crypto_generichash_final(&state, out.bytes, SECRET_LEN);
    secret_wipe(&state, sizeof(state));
    return out;
}

bool sign_public_equal(const struct sign_public *a, const struct sign_public *b)
{
    return memcmp(a->bytes, b->bytes, SIGN_PUBLIC_LEN) == 0;
}

void sign_keypair(const struct secret_key *seed, struct sign_secret *secret_out,
                  struct sign_public *public_out)
{
    crypto_sign_seed_keypair(public_out->bytes, secret_out->bytes, seed->bytes);
}

/* libsodium keeps the public key behind the seed (RFC 8032 section 5.1.5). */
struct sign_public sign_public_of(const struct sign_secret *secret)
{
    struct sign_public out;
    memcpy(out.bytes, secret->bytes + SECRET_LEN, SIGN_PUBLIC_LEN);
    return out;
}

struct signature sign_make(const struct sign_secret *secret, struct bytes message)
{
    struct signature out;
    crypto_sign_detached(out.bytes, NULL, message.data, message.len, secret->bytes);
    return out;
}

bool sign_check(const struct sign_public *key, struct bytes message, struct bytes signature)
{
    return signature.len == SIGNATURE_LEN &&
           crypto_sign_verify_detached(signature.data, message.data, message.len, key->bytes) == 0;
}
