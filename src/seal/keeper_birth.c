/* How a keeper comes to be, and the certificates it holds. */
#include <assert.h>

#include "seal/keeper.h"
#include "seal/label.h"
#include "seal/certificate.h"

#define ROOT_X509_LIFE (7300 * INSTANT_DAY) /* the root's card has no end: `next` follows it */

_Static_assert((int)CARD_LEN_MAX <= (int)KEEPER_CARD_MAX, "a card fits");
_Static_assert((int)CERTIFICATE_LEN_MAX <= (int)KEEPER_CARD_MAX, "a certificate fits");

static void keep(struct keeper_blob *blob, struct bytes in)
{
    assert(in.len <= KEEPER_CARD_MAX);
    blob->len = (uint16_t)in.len;
    memcpy(blob->data, in.data, in.len);
}

struct err keeper_x509_leaf(const struct keeper_state *k, const struct card *card,
                            struct text host_opt, struct arena *arena, struct bytes *out)
{
    const struct certificate leaf = {
        .kind = CARD_TLS,
        .root = k->root,
        .key = card->key,
        .from = card->from,
        .until = card->until,
        .host_opt = host_opt,
    };
    return certificate_make(&leaf, &k->node_secret, arena, out);
}

static struct err certify_root(struct keeper_state *k, const struct sign_secret *root,
                               const struct keeper_birth *birth, struct arena *arena)
{
    struct bytes made;
    const struct card card = { .kind = CARD_ROOT,
                               .realm = birth->realm,
                               .member = birth->member,
                               .key = k->root,
                               .next = birth->next_root,
                               .from = birth->now };
    struct err e = card_make(&card, root, arena, &made);
    if (failed(e))
        return e;
    keep(&k->root_card, made);
    const struct certificate x = {
        .kind = CARD_ROOT,
        .root = k->root,
        .key = k->root,
        .from = birth->now,
        .until = instant_plus(birth->now, ROOT_X509_LIFE),
    };
    e = certificate_make(&x, root, arena, &made);
    if (!failed(e))
        keep(&k->root_x509, made);
    return e;
}

struct err keeper_certify_node(struct keeper_state *k, const struct sign_secret *root,
                               const struct secret_key *seed, struct instant now,
                               struct arena *arena)
{
    struct sign_secret secret;
    struct sign_public public;
    struct bytes card_bytes = { NULL, 0 };
    struct bytes x509_bytes = { NULL, 0 };
    const struct instant until = instant_plus(now, CARD_NODE_LIFE);
    sign_keypair(seed, &secret, &public);
    const struct card card = {
        .kind = CARD_NODE,
        .realm = { k->realm, k->realm_len },
        .member = { k->member, k->member_len },
        .key = public,
        .root = k->root,
        .generation = k->generation,
        .from = now,
        .until = until,
    };
    const struct certificate x = {
        .kind = CARD_NODE,
        .root = k->root,
        .key = public,
        .from = now,
        .until = until,
    };
    struct err e = card_make(&card, root, arena, &card_bytes);
    if (!failed(e))
        e = certificate_make(&x, root, arena, &x509_bytes);
    if (!failed(e)) {
        k->node_secret = secret;
        k->node = public;
        k->node_until = until;
        keep(&k->node_card, card_bytes);
        keep(&k->node_x509, x509_bytes);
    }
    secret_wipe(&secret, sizeof(secret));
    return e;
}

static struct err fill(struct keeper_state *k, const struct keeper_birth *birth,
                       struct arena *arena)
{
    struct sign_secret root;
    const struct bytes none = { NULL, 0 };
    k->realm_len = (uint8_t)birth->realm.len;
    memcpy(k->realm, birth->realm.data, birth->realm.len);
    k->member_len = (uint8_t)birth->member.len;
    memcpy(k->member, birth->member.data, birth->member.len);
    k->generation = birth->generation;
    k->master = secret_derive(&birth->seed, "master key", none);
    sign_keypair(&birth->root_seed, &root, &k->root);
    k->has_root = birth->keep_root;
    if (birth->keep_root)
        k->root_secret = root;
    struct secret_key node_seed = secret_derive(&birth->seed, "node key", none);
    struct err e = certify_root(k, &root, birth, arena);
    if (!failed(e))
        e = keeper_certify_node(k, &root, &node_seed, birth->now, arena);
    secret_wipe(&root, sizeof(root));
    secret_wipe(&node_seed, sizeof(node_seed));
    return e;
}

struct err keeper_create(const struct keeper_birth *birth, struct arena *arena,
                         struct keeper_state *out)
{
    assert(birth->generation >= 1);
    if (!label_valid(birth->realm, CARD_REALM_MAX))
        return err_make(ERR_INVALID, "seal.realm");
    if (!label_code_valid(birth->member, CARD_MEMBER_MAX))
        return err_make(ERR_INVALID, "seal.member");
    struct keeper_state *made = ARENA_NEW(arena, struct keeper_state);
    if (made == NULL)
        return arena_check(arena);
    struct err e = fill(made, birth, arena);
    if (!failed(e))
        *out = *made;
    secret_wipe(made, sizeof(*made));
    return e;
}
