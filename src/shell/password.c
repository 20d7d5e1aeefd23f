#include "shell/password.h"

#include <pthread.h>
#include <sodium.h>

enum { PASSWORD_PASSES = 2, PASSWORD_MEMORY = 19 << 20 };

_Static_assert(PASSWORD_HASH_LEN == crypto_pwhash_STRBYTES, "libsodium's PHC string");

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

struct err password_hash(struct text password, char out[static PASSWORD_HASH_LEN])
{
    if (password.len < PASSWORD_LEN_MIN)
        return err_make(ERR_INVALID, "password.too-short");
    if (password.len > PASSWORD_LEN_MAX)
        return err_make(ERR_INVALID, "password.too-long");
    char hash[PASSWORD_HASH_LEN];
    pthread_mutex_lock(&one_at_a_time);
    int bad = crypto_pwhash_str_alg(hash, password.data, password.len, PASSWORD_PASSES,
                                    PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
    pthread_mutex_unlock(&one_at_a_time);
    if (bad)
        return err_make(ERR_UNAVAILABLE, "password.no-memory");
    memcpy(out, hash, sizeof(hash));
    return err_none();
}

struct err password_check(struct text password, struct text hash)
{
    char copy[PASSWORD_HASH_LEN] = { 0 };
    if (password.len > PASSWORD_LEN_MAX || hash.len >= sizeof(copy))
        return err_make(ERR_DENIED, "password.wrong");
    memcpy(copy, hash.data, hash.len);
    /* A stored hash may not ask for more memory than ours do. */
    if (crypto_pwhash_str_needs_rehash(copy, PASSWORD_PASSES, PASSWORD_MEMORY) != 0)
        return err_make(ERR_DENIED, "password.wrong");
    pthread_mutex_lock(&one_at_a_time);
    int bad = crypto_pwhash_str_verify(copy, password.data, password.len);
    pthread_mutex_unlock(&one_at_a_time);
    return bad ? err_make(ERR_DENIED, "password.wrong") : err_none();
}

struct err password_check_nobody(struct text password)
{
    /* Of 32 random bytes that were thrown away. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$A6V2pHjyCWilQ3CDc0/xtA"
                                 "$q2+m2fOzUlfTAgX8WqkK7Wof1SdCdnEzSLWaOA6y7as";
    struct err e = password_check(password, text_literal(nobody));
    return failed(e) ? e : err_make(ERR_DENIED, "password.wrong");
}
