/* How a keeper comes to be, and the certificates it holds. */
#include <assert.h>

#include "seal/keeper.h"
#include "seal/label.h"
#include "seal/x509.h"

#define ROOT_X509_LIFE (3650 * INSTANT_DAY) /* the root's card has no end: `next` follows it */

enum { NAME_MAX = CARD_MEMBER_MAX + 1 + CARD_REALM_MAX + 5 };
_Static_assert((int)NAME_MAX <= (int)X509_NAME_MAX, "a common name holds member, realm, part");

_Static_assert((int)CARD_LEN_MAX <= (int)KEEPER_CARD_MAX, "a card fits");
_Static_assert((int)X509_LEN_MAX <= (int)KEEPER_CARD_MAX, "a certificate fits");

static void keep(struct keeper_blob *blob, struct bytes in)
{
    assert(in.len <= KEEPER_CARD_MAX);
    blob->len = (uint16_t)in.len;
    memcpy(blob->data, in.data, in.len);
}

/* "NER demo root" */
static struct text name_of(const struct keeper *k, struct text part, struct arena *arena)
{
    struct text name = { k->member, k->member_len };
    struct text realm = { k->realm, k->realm_len };
    name = arena_join(arena, name, TEXT(" "));
    name = arena_join(arena, name, realm);
    return arena_join(arena, name, part);
}

/* Clocks that are behind by a little must take a new certificate: X.509 has no slack. */
static struct instant backdated(struct instant now)
{
    return instant_plus(now, -CARD_CLOCK_SLACK);
}

struct err keeper_x509_leaf(const struct keeper *k, const struct card *card, struct text host_opt,
                            struct arena *arena, struct bytes *out)
{
    const struct x509 leaf = {
        .issuer = name_of(k, TEXT(" node"), arena),
        .subject = name_of(k, TEXT(" tls"), arena),
        .key = card->key,
        .from = backdated(card->from),
        .until = card->until,
        .host_opt = host_opt,
    };
    if (failed(arena_check(arena)))
        return arena_check(arena);
    return x509_make(&leaf, &k->node_secret, arena, out);
}

static struct err certify_root(struct keeper *k, const struct sign_secret *root,
                               const struct keeper_birth *birth, struct arena *arena)
{
    struct bytes made;
    const struct card card = { .kind = CARD_ROOT, .realm = birth->realm, .member = birth->member,
                               .key = k->root, .next = birth->next_root, .from = birth->now };
    struct err e = card_make(&card, root, arena, &made);
    if (failed(e))
        return e;
    keep(&k->root_card, made);
    const struct x509 x = {
        .issuer = name_of(k, TEXT(" root"), arena),
        .subject = name_of(k, TEXT(" root"), arena),
        .key = k->root,
        .authority = true,
        .path_len = 1,
        .from = backdated(birth->now),
        .until = instant_plus(birth->now, ROOT_X509_LIFE),
    };
    if (failed(arena_check(arena)))
        return arena_check(arena);
    e = x509_make(&x, root, arena, &made);
    if (!failed(e))
        keep(&k->root_x509, made);
    return e;
}

struct err keeper_certify_node(struct keeper *k, const struct sign_secret *root,
                               const struct secret_key *seed, struct instant now,
                               struct arena *arena)
{
    struct sign_secret secret;
    struct sign_public public;
    struct bytes card_bytes;
    struct bytes x509_bytes;
    const struct instant until = instant_plus(now, CARD_NODE_LIFE);
    sign_keypair(seed, &secret, &public);
    const struct card card = {
        .kind = CARD_NODE, .realm = { k->realm, k->realm_len },
        .member = { k->member, k->member_len }, .key = public, .root = k->root,
        .generation = k->generation, .from = now, .until = until,
    };
    const struct x509 x = {
        .issuer = name_of(k, TEXT(" root"), arena), .subject = name_of(k, TEXT(" node"), arena),
        .key = public, .authority = true, .path_len = 0,
        .from = backdated(now), .until = until,
    };
    struct err e = arena_check(arena);
    if (!failed(e))
        e = card_make(&card, root, arena, &card_bytes);
    if (!failed(e))
        e = x509_make(&x, root, arena, &x509_bytes);
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

static struct err fill(struct keeper *k, const struct keeper_birth *birth, struct arena *arena)
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

struct err keeper_create(const struct keeper_birth *birth, struct arena *arena, struct keeper *out)
{
    assert(birth->generation >= 1);
    if (!label_valid(birth->realm, CARD_REALM_MAX))
        return err_make(ERR_INVALID, "seal.realm");
    if (!label_code_valid(birth->member, CARD_MEMBER_MAX))
        return err_make(ERR_INVALID, "seal.member");
    struct keeper *made = ARENA_NEW(arena, struct keeper);
    if (made == NULL)
        return arena_check(arena);
    struct err e = fill(made, birth, arena);
    if (!failed(e))
        *out = *made;
    secret_wipe(made, sizeof(*made));
    return e;
}
