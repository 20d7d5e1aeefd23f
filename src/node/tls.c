/* Our TLS key lives seven days and is certified by the keeper; what we trust of a partner is its
 * root key, given to the TLS library as a stand-in certificate around that key. */
#include <stdio.h>
#include <stdlib.h>

#include "core/encode.h"
#include "node/parts.h"
#include "seal/certificate.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/identity.h"
#include "shell/random.h"

enum { TLS_ARENA = 128 << 10 };

static char *c_string(struct text t)
{
    char *out = malloc(t.len + 1);
    if (out == NULL)
        return NULL;
    memcpy(out, t.data, t.len);
    out[t.len] = 0;
    return out;
}

/* What servers and hellos show from now on; couriers read it under the same lock. */
static struct err take(struct node *node, const struct identity *identity)
{
    char *chain = c_string(identity->cert_pem);
    char *key = c_string(identity->key_pem);
    if (chain == NULL || key == NULL) {
        free(chain);
        free(key);
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    }
    pthread_mutex_lock(&node->sign_lock);
    free(node->chain_pem);
    free(node->key_pem);
    node->chain_pem = chain;
    node->key_pem = key;
    arena_reset(&node->cards_arena);
    node->cards = json_array();
    for (size_t i = 0; i < sizeof(identity->cards) / sizeof(identity->cards[0]); i++) {
        struct text card = { (const char *)identity->cards[i].data, identity->cards[i].len };
        json_push(&node->cards_arena, &node->cards,
                  json_string(arena_copy_text(&node->cards_arena, card)));
    }
    pthread_mutex_unlock(&node->sign_lock);
    return arena_check(&node->cards_arena);
}

struct err tls_renew(struct node *node)
{
    char path[HOME_PATH_MAX + 64];
    struct identity identity;
    void *memory = malloc(TLS_ARENA);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : TLS_ARENA);
    home_path(&node->home, "tls", path);
    struct err e = files_make_dir(path, 0700);
    if (!failed(e))
        e = identity_renew(node->keeper, path, clock_now(), &arena, &identity);
    if (!failed(e))
        e = take(node, &identity);
    if (memory != NULL)
        secret_wipe(memory, TLS_ARENA);
    free(memory);
    return e;
}

struct err tls_partner_file(const struct node *node, struct text code,
                            const uint8_t root[static 32], char out[static HOME_PATH_MAX + 64])
{
    uint8_t memory[8192];
    struct arena arena = arena_over(memory, sizeof(memory));
    char name[MEMBER_CODE_MAX + 32];
    struct instant now = clock_now();
    struct certificate anchor = { .kind = CARD_ROOT, .from = now,
                                  .until = instant_plus(now, 3650 * INSTANT_DAY) };
    struct secret_key seed;
    struct sign_secret secret;
    struct sign_public public;
    struct bytes der;
    (void)snprintf(name, sizeof(name), "tls/partner-%.*s.pem", (int)code.len, code.data);
    home_path(&node->home, name, out);
    if (files_exists(out))
        return err_none();
    memcpy(anchor.root.bytes, root, sizeof(anchor.root.bytes));
    anchor.key = anchor.root;
    random_bytes(seed.bytes, sizeof(seed.bytes)); /* a trust anchor is its name and key; the
                                                   * signature on it is never read */
    sign_keypair(&seed, &secret, &public);
    struct err e = certificate_make(&anchor, &secret, &arena, &der);
    if (failed(e))
        return e;
    struct text pem = x509_cert_pem(&arena, der);
    e = arena_check(&arena);
    return failed(e) ? e : files_write(out, text_bytes(pem), 0600);
}
