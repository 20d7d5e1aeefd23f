#include "seal/instrument.h"

#include <assert.h>

#include "core/encode.h"
#include "seal/card.h"
#include "seal/label.h"

enum { MEMBERS = 7 };

enum more { MORE_AGAINST = 1, MORE_PLACE = 2, MORE_OPPOSING = 4, MORE_TERMS = 8 };

static const struct role {
    const char *name;
    unsigned more; /* which further members it may have */
} roles[] = {
    { "sign", 0 },
    { "ratify", 0 },
    { "accede", 0 },
    { "withdraw", 0 },
    { "suspend", MORE_AGAINST },
    { "resume", MORE_AGAINST },
    { "dispute", MORE_AGAINST | MORE_PLACE },
    { "settle", MORE_AGAINST | MORE_PLACE },
    { "reserve", MORE_TERMS },
    { "object", MORE_AGAINST | MORE_OPPOSING },
    { "declare", MORE_TERMS },
};

static const struct role *role_find(struct text role)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (text_is(role, roles[i].name))
            return &roles[i];
    }
    return NULL;
}

/* -- the members that only some acts have --------------------------------------------------- */

static bool read_place(const struct json *object, const char *name, uint16_t *out)
{
    int64_t number = 0;
    if (json_get(object, name) == NULL)
        return true;
    if (!json_get_integer(object, name, &number) || number < 1 || number > INSTRUMENT_PLACE_MAX)
        return false;
    *out = (uint16_t)number;
    return true;
}

static bool read_at(const struct json *object, struct instrument_signature *inout)
{
    if (json_get(object, "at") == NULL)
        return true;
    if (failed(instant_parse(json_get_text(object, "at"), &inout->at)) || inout->at.ms == 0)
        return false;
    return date_days(date_of_instant(inout->at)) == date_days(inout->on);
}

static unsigned said(const struct instrument_signature *s)
{
    return (s->against.len > 0 ? MORE_AGAINST : 0u) |
           (s->article != 0 || s->clause != 0 ? MORE_PLACE : 0u) |
           (s->opposing ? MORE_OPPOSING : 0u) | (s->terms_opt != NULL ? MORE_TERMS : 0u);
}

static struct err more_check(const struct instrument_signature *s)
{
    const struct role *role = role_find(s->role);
    if (role == NULL)
        return err_make(ERR_INVALID, "seal.role");
    bool fits = (said(s) & ~role->more) == 0 && (s->article != 0 || s->clause == 0) &&
                (s->against.len == 0 || label_code_valid(s->against, CARD_MEMBER_MAX)) &&
                (s->terms_opt == NULL || s->terms_opt->kind == JSON_ARRAY ||
                 s->terms_opt->kind == JSON_OBJECT);
    return fits ? err_none() : err_make(ERR_INVALID, "seal.instrument");
}

struct err instrument_more_read(const struct json *object, struct instrument_signature *inout)
{
    struct instrument_signature made = *inout;
    const struct json *against = json_get(object, "against");
    const struct json *opposing = json_get(object, "opposing");
    made.against = json_get_text(object, "against");
    made.opposing = json_get_bool(object, "opposing");
    made.terms_opt = json_get(object, "terms");
    bool good = read_place(object, "article", &made.article) &&
                read_place(object, "clause", &made.clause) && read_at(object, &made) &&
                (against == NULL || made.against.len > 0) && (opposing == NULL || made.opposing);
    struct err e = good ? more_check(&made) : err_make(ERR_INVALID, "seal.instrument");
    if (!failed(e))
        *inout = made;
    return e;
}

static void more_set(struct json *content, const struct instrument_signature *s,
                     struct arena *arena)
{
    if (s->at.ms != 0)
        json_set_text(arena, content, "at", instant_format(arena, s->at));
    if (s->against.len > 0)
        json_set_text(arena, content, "against", s->against);
    if (s->article != 0)
        json_set_integer(arena, content, "article", s->article);
    if (s->clause != 0)
        json_set_integer(arena, content, "clause", s->clause);
    if (s->opposing)
        json_set(arena, content, "opposing", json_bool(true));
    if (s->terms_opt != NULL)
        json_set(arena, content, "terms", *s->terms_opt);
}

/* How many of them stand there: a foreign member then makes the count wrong. */
static size_t more_count(const struct json *content)
{
    static const char *const names[] = { "at", "against", "article", "clause", "opposing",
                                         "terms" };
    size_t count = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        count += json_get(content, names[i]) != NULL;
    return count;
}

/* -- the statement --------------------------------------------------------------------------- */

struct err instrument_signature_format(const struct instrument_signature *signature,
                                       const struct sign_secret *secret, struct arena *arena,
                                       struct bytes *out)
{
    struct json content = json_object();
    struct sign_public root = sign_public_of(secret);
    assert(sign_public_equal(&root, &signature->root) && date_valid(signature->on));
    struct err e = more_check(signature);
    if (failed(e))
        return e;
    json_set_integer(arena, &content, "comity", 1);
    json_set_text(arena, &content, "instrument",
                  hex_format(arena, BYTES_OF(signature->tree.bytes)));
    json_set_text(arena, &content, "member", signature->member);
    json_set_text(arena, &content, "on", date_format(arena, signature->on));
    json_set_text(arena, &content, "realm", signature->realm);
    json_set_text(arena, &content, "role", signature->role);
    json_set_text(arena, &content, "root", hex_format(arena, BYTES_OF(root.bytes)));
    more_set(&content, signature, arena);
    return statement_sign(TEXT("instrument"), &content, secret, arena, out);
}

static bool read_content(const struct json *content, struct instrument_signature *out)
{
    int64_t version = 0;
    out->realm = json_get_text(content, "realm");
    out->member = json_get_text(content, "member");
    out->role = json_get_text(content, "role");
    return json_count(content) == MEMBERS + more_count(content) &&
           json_get_integer(content, "comity", &version) &&
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
    struct instrument_signature made = { .at = { 0 } };
    struct bytes kept = arena_copy(arena, in);
    if (kept.data == NULL)
        return arena_check(arena);
    struct err e = statement_parse(kept, arena, &statement);
    if (failed(e))
        return e;
    if (!read_content(statement.content, &made))
        return err_make(ERR_INVALID, "seal.instrument");
    e = instrument_more_read(statement.content, &made);
    if (failed(e))
        return e;
    e = statement_check(&statement, TEXT("instrument"), &made.root, arena);
    if (!failed(e))
        *out = made;
    return e;
}
