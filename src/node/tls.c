/* Our TLS key lives seven days and is certified by the keeper; what we trust of a partner is its root
 * key, given to the TLS library as a stand-in certificate around that key. */
#include <stdio.h>
#include <stdlib.h>

#include "core/encode.h"
#include "node/parts.h"
#include "seal/certificate.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/random.h"

enum { TLS_ARENA = 128 << 10 };

/* leaf, node, root as PEM, and our cards as texts. */
static struct err chain_make(struct node *node, const struct secret_key *seed, struct arena *arena,
                             struct text *chain_out)
{
    struct keeper_question question = { .kind = KEEPER_STATUS };
    struct keeper_answer status;
    struct keeper_answer leaf;
    struct err e = keeper_ask(node->keeper, &question, arena, &status);
    if (failed(e))
        return e;
    struct sign_secret secret;
    question = (struct keeper_question){ .kind = KEEPER_CERTIFY_TLS };
    sign_keypair(seed, &secret, &question.tls.key);
    secret_wipe(&secret, sizeof(secret));
    e = keeper_ask(node->keeper, &question, arena, &leaf);
    if (failed(e))
        return e;
    struct text chain = x509_cert_pem(arena, leaf.tls.x509);
    chain = arena_join(arena, chain, x509_cert_pem(arena, status.status.node_x509));
    chain = arena_join(arena, chain, x509_cert_pem(arena, status.status.root_x509));
    const struct bytes cards[] = { status.status.root_card, status.status.node_card,
                                   leaf.tls.card };
    arena_reset(&node->cards_arena);
    node->cards = json_array();
    for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
        struct text card = { (const char *)cards[i].data, cards[i].len };
        json_push(&node->cards_arena, &node->cards,
                  json_string(arena_copy_text(&node->cards_arena, card)));
    }
    *chain_out = chain;
    return arena_check(arena);
}

static char *c_string(struct text t)
{
    char *out = malloc(t.len + 1);
    if (out == NULL)
        return NULL;
    memcpy(out, t.data, t.len);
    out[t.len] = 0;
    return out;
}

struct err tls_renew(struct node *node)
{
    char path[HOME_PATH_MAX + 64];
    struct secret_key seed;
    struct text chain = { NULL, 0 };
    void *memory = malloc(TLS_ARENA);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : TLS_ARENA);
    random_bytes(seed.bytes, sizeof(seed.bytes));
    home_path(&node->home, "tls", path);
    struct err e = files_make_dir(path, 0700);
    if (!failed(e))
        e = chain_make(node, &seed, &arena, &chain);
    struct text key = x509_key_pem(&arena, &seed);
    home_path(&node->home, "tls/chain.pem", path);
    if (!failed(e))
        e = files_write(path, text_bytes(chain), 0600);
    home_path(&node->home, "tls/key.pem", path);
    if (!failed(e))
        e = files_write(path, text_bytes(key), 0600);
    if (!failed(e)) {
        free(node->chain_pem);
        free(node->key_pem);
        node->chain_pem = c_string(chain);
        node->key_pem = c_string(key);
        if (node->chain_pem == NULL || node->key_pem == NULL)
            e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    }
    secret_wipe(&seed, sizeof(seed));
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
