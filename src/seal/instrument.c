#include "seal/instrument.h"

#include <assert.h>

#include "core/encode.h"
#include "seal/card.h"
#include "seal/label.h"

enum { MEMBERS = 7 };

static const char *const roles[] = { "sign", "ratify", "withdraw", "suspend", "resume", "reserve" };

static bool role_valid(struct text role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (text_is(role, roles[i]))
            return true;
    }
    return false;
}

struct err instrument_signature_format(const struct instrument_signature *signature,
                                       const struct sign_secret *secret, struct arena *arena,
                                       struct bytes *out)
{
    struct json content = json_object();
    struct sign_public root = sign_public_of(secret);
    assert(sign_public_equal(&root, &signature->root) && date_valid(signature->on));
    if (!role_valid(signature->role))
        return err_make(ERR_INVALID, "seal.role");
    json_set_integer(arena, &content, "comity", 1);
    json_set_text(arena, &content, "instrument",
                  hex_format(arena, BYTES_OF(signature->tree.bytes)));
    json_set_text(arena, &content, "member", signature->member);
    json_set_text(arena, &content, "on", date_format(arena, signature->on));
    json_set_text(arena, &content, "realm", signature->realm);
    json_set_text(arena, &content, "role", signature->role);
    json_set_text(arena, &content, "root", hex_format(arena, BYTES_OF(root.bytes)));
    return statement_sign(TEXT("instrument"), &content, secret, arena, out);
}

static bool read_content(const struct json *content, struct instrument_signature *out)
{
    int64_t version = 0;
    out->realm = json_get_text(content, "realm");
    out->member = json_get_text(content, "member");
    out->role = json_get_text(content, "role");
    return json_count(content) == MEMBERS && json_get_integer(content, "comity", &version) &&
           version == 1 && label_valid(out->realm, CARD_REALM_MAX) &&
           label_code_valid(out->member, CARD_MEMBER_MAX) &&
           !failed(hex_parse(json_get_text(content, "instrument"), out->tree.bytes, HASH_LEN)) &&
           !failed(hex_parse(json_get_text(content, "root"), out->root.bytes, SIGN_PUBLIC_LEN)) &&
           !failed(date_parse(json_get_text(content, "on"), &out->on));
}

struct err instrument_signature_verify(struct bytes in, struct arena *arena,
                                       struct instrument_signature *out)
{
    struct signed_statement statement;
    struct instrument_signature made;
    struct bytes kept = arena_copy(arena, in);
    if (kept.data == NULL)
        return arena_check(arena);
    struct err e = statement_parse(kept, arena, &statement);
    if (failed(e))
        return e;
    if (!read_content(statement.content, &made))
        return err_make(ERR_INVALID, "seal.instrument");
    if (!role_valid(made.role))
        return err_make(ERR_INVALID, "seal.role");
    e = statement_check(&statement, TEXT("instrument"), &made.root, arena);
    if (!failed(e))
        *out = made;
    return e;
}
