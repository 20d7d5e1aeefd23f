#include "clerk/law/trust.h"

#include "seal/card.h"
#include "seal/instrument.h"

struct err trust_instrument(struct text statement, struct arena *arena, struct trust_act *out)
{
    struct instrument_signature signature;
    struct err e = instrument_signature_verify(text_bytes(statement), arena, &signature);
    if (failed(e))
        return e;
    *out = (struct trust_act){ .tree = signature.tree,
                               .realm = signature.realm,
                               .member = signature.member,
                               .role = signature.role,
                               .on = signature.on,
                               .at = signature.at,
                               .against = signature.against,
                               .article = signature.article,
                               .clause = signature.clause,
                               .opposing = signature.opposing,
                               .terms_opt = signature.terms_opt };
    memcpy(out->root, signature.root.bytes, sizeof(out->root));
    return err_none();
}

struct err trust_cards(const struct json *cards, const struct trust_expect *expect,
                       struct arena *arena, struct trust_node *out)
{
    struct card_expect expected = { .realm = expect->realm, .now = expect->now };
    memcpy(expected.root.bytes, expect->root, sizeof(expected.root.bytes));
    for (size_t i = 0; i < json_count(cards); i++) {
        const struct json *one = json_item(cards, i);
        struct card card;
        if (one->kind != JSON_STRING)
            return err_make(ERR_INVALID, "seal.card");
        struct err e = card_parse(text_bytes(one->string), arena, &card);
        if (failed(e))
            return e;
        if (card.kind != CARD_NODE)
            continue;
        e = card_check_node(&card, &expected);
        if (failed(e))
            return e;
        memcpy(out->key, card.key.bytes, sizeof(out->key));
        out->generation = card.generation;
        return err_none();
    }
    return err_make(ERR_NOT_FOUND, "clerk.no-card");
}
