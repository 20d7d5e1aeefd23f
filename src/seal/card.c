#include "seal/card.h"

#include <assert.h>

#include "core/encode.h"
#include "seal/label.h"

static const struct {
    const char *name;
    size_t members; /* of the JSON object: none may be added */
    int64_t life;
} kinds[] = {
    [CARD_ROOT] = { "root", 7, 0 },
    [CARD_NODE] = { "node", 9, CARD_NODE_LIFE },
    [CARD_TLS] = { "tls", 10, CARD_TLS_LIFE },
};

struct hash card_key_hash(const struct sign_public *key)
{
    return hash_of(BYTES_OF(key->bytes));
}

static bool labels_valid(const struct card *card)
{
    return label_valid(card->realm, CARD_REALM_MAX) &&
           label_code_valid(card->member, CARD_MEMBER_MAX);
}

static bool life_valid(const struct card *card)
{
    int64_t life = kinds[card->kind].life;
    return card->kind == CARD_ROOT ||
           (instant_before(card->from, card->until) && card->until.ms - card->from.ms <= life);
}

/* The key that signs a card of this kind. */
static const struct sign_public *signer_of(const struct card *card)
{
    if (card->kind == CARD_ROOT)
        return &card->key;
    return card->kind == CARD_NODE ? &card->root : &card->node;
}

static void set_hex(struct arena *arena, struct json *object, const char *name, struct bytes in)
{
    json_set_text(arena, object, name, hex_format(arena, in));
}

struct err card_make(const struct card *card, const struct sign_secret *secret, struct arena *arena,
                     struct bytes *out)
{
    struct json content = json_object();
    struct sign_public signer = sign_public_of(secret);
    assert(card->kind >= CARD_ROOT && card->kind <= CARD_TLS && labels_valid(card));
    assert(life_valid(card) && sign_public_equal(signer_of(card), &signer));
    json_set_integer(arena, &content, "comity", 1);
    json_set_text(arena, &content, "card", text_literal(kinds[card->kind].name));
    json_set_text(arena, &content, "realm", card->realm);
    json_set_text(arena, &content, "member", card->member);
    json_set_text(arena, &content, "from", instant_format(arena, card->from));
    set_hex(arena, &content, "key", BYTES_OF(card->key.bytes));
    if (card->kind == CARD_ROOT) {
        set_hex(arena, &content, "next", BYTES_OF(card->next.bytes));
    } else {
        assert(card->generation > 0);
        json_set_integer(arena, &content, "generation", card->generation);
        json_set_text(arena, &content, "until", instant_format(arena, card->until));
        set_hex(arena, &content, "root", BYTES_OF(card->root.bytes));
    }
    if (card->kind == CARD_TLS)
        set_hex(arena, &content, "node", BYTES_OF(card->node.bytes));
    return statement_sign(TEXT("card"), &content, secret, arena, out);
}

static bool get_hex(const struct json *object, const char *name, uint8_t out[static 32])
{
    return !failed(hex_parse(json_get_text(object, name), out, 32));
}

/* The fields that every card has. */
static bool read_common(const struct json *content, struct card *out)
{
    int64_t version = 0;
    struct text name = json_get_text(content, "card");
    out->kind = (enum card_kind)0;
    for (int kind = CARD_ROOT; kind <= CARD_TLS; kind++) {
        if (text_is(name, kinds[kind].name))
            out->kind = (enum card_kind)kind;
    }
    out->realm = json_get_text(content, "realm");
    out->member = json_get_text(content, "member");
    return out->kind != 0 && json_count(content) == kinds[out->kind].members &&
           json_get_integer(content, "comity", &version) && version == 1 && labels_valid(out) &&
           !failed(instant_parse(json_get_text(content, "from"), &out->from)) &&
           get_hex(content, "key", out->key.bytes);
}

static bool read_certified(const struct json *content, struct card *out)
{
    int64_t generation = 0;
    if (!json_get_integer(content, "generation", &generation) || generation < 1 ||
        generation > UINT32_MAX)
        return false;
    out->generation = (uint32_t)generation;
    return !failed(instant_parse(json_get_text(content, "until"), &out->until)) &&
           get_hex(content, "root", out->root.bytes) &&
           (out->kind != CARD_TLS || get_hex(content, "node", out->node.bytes));
}

struct err card_parse(struct bytes in, struct arena *arena, struct card *out)
{
    struct signed_statement statement;
    struct card card = { 0 };
    if (in.len > CARD_LEN_MAX)
        return err_make(ERR_LIMIT, "seal.card");
    struct bytes kept = arena_copy(arena, in); /* texts of the card borrow from it */
    if (kept.data == NULL)
        return arena_check(arena);
    struct err e = statement_parse(kept, arena, &statement);
    if (failed(e))
        return e;
    if (!read_common(statement.content, &card))
        return err_make(ERR_INVALID, "seal.card");
    bool whole = card.kind == CARD_ROOT ? get_hex(statement.content, "next", card.next.bytes)
                                        : read_certified(statement.content, &card);
    if (!whole)
        return err_make(ERR_INVALID, "seal.card");
    if (card.kind == CARD_ROOT)
        card.root = card.key;
    if (!life_valid(&card))
        return err_make(ERR_INVALID, "seal.card-life");
    e = statement_check(&statement, TEXT("card"), signer_of(&card), arena);
    if (!failed(e))
        *out = card;
    return e;
}

struct err card_check_next(const struct card *old, const struct card *next)
{
    struct hash key = card_key_hash(&next->key);
    if (old->kind != CARD_ROOT || next->kind != CARD_ROOT || !hash_equal(&old->next, &key) ||
        !text_equal(old->member, next->member) || !text_equal(old->realm, next->realm))
        return err_make(ERR_DENIED, "seal.chain");
    return err_none();
}

static struct err check_time(const struct card *card, struct instant now)
{
    if (now.ms < card->from.ms - CARD_CLOCK_SLACK)
        return err_make(ERR_DENIED, "seal.not-yet");
    if (now.ms >= card->until.ms + CARD_CLOCK_SLACK)
        return err_make(ERR_DENIED, "seal.expired");
    return err_none();
}

struct err card_check_node(const struct card *node, const struct card_expect *expect)
{
    if (node->kind != CARD_NODE)
        return err_make(ERR_DENIED, "seal.chain");
    if (!sign_public_equal(&node->root, &expect->root))
        return err_make(ERR_DENIED, "seal.unknown-root");
    if (!text_equal(node->realm, expect->realm))
        return err_make(ERR_DENIED, "seal.wrong-realm");
    return check_time(node, expect->now);
}

struct err card_check_tls(const struct card *node, const struct card *tls,
                          const struct card_expect *expect)
{
    struct err e = card_check_node(node, expect);
    if (failed(e))
        return e;
    if (tls->kind != CARD_TLS || !sign_public_equal(&tls->root, &node->root) ||
        !sign_public_equal(&tls->node, &node->key) || tls->generation != node->generation ||
        !text_equal(tls->member, node->member) || !text_equal(tls->realm, node->realm))
        return err_make(ERR_DENIED, "seal.chain");
    return check_time(tls, expect->now);
}
