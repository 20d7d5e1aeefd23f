#include "seal/statement.h"

#include "core/encode.h"
#include "core/writer.h"

/* "comity/<kind>/v1\n" and the canonical bytes. */
static struct err message_of(struct text kind, struct bytes canonical, struct arena *arena,
                             struct bytes *out)
{
    struct writer w = writer_in(arena);
    writer_literal(&w, "comity/");
    writer_text(&w, kind);
    writer_literal(&w, "/v1\n");
    writer_put(&w, canonical);
    return writer_keep(&w, arena, out);
}

struct err statement_sign(struct text kind, const struct json *content,
                          const struct sign_secret *secret, struct arena *arena, struct bytes *out)
{
    struct bytes canonical;
    struct bytes message;
    struct err e = json_format(content, arena, &canonical);
    if (!failed(e))
        e = message_of(kind, canonical, arena, &message);
    if (failed(e))
        return e;
    struct signature signature = sign_make(secret, message);
    struct json whole = json_object();
    json_set_text(arena, &whole, "signature", hex_format(arena, BYTES_OF(signature.bytes)));
    json_set(arena, &whole, "statement", *content);
    return json_format(&whole, arena, out);
}

struct err statement_parse(struct bytes in, struct arena *arena, struct signed_statement *out)
{
    const struct err bad = err_make(ERR_INVALID, "seal.statement");
    struct signed_statement made;
    struct bytes canonical;
    if (in.len > STATEMENT_LEN_MAX)
        return err_make(ERR_LIMIT, "seal.statement-length");
    struct json *whole = ARENA_NEW(arena, struct json);
    if (whole == NULL)
        return arena_check(arena);
    struct err e = json_parse(in, arena, whole);
    if (!failed(e))
        e = json_format(whole, arena, &canonical);
    if (failed(e))
        return e;
    if (!bytes_equal(in, canonical))
        return err_make(ERR_INVALID, "seal.not-canonical");
    made.content = json_get(whole, "statement");
    if (json_count(whole) != 2 || made.content == NULL || made.content->kind != JSON_OBJECT ||
        failed(hex_parse(json_get_text(whole, "signature"), made.signature.bytes, SIGNATURE_LEN)))
        return bad;
    e = json_format(made.content, arena, &made.signed_bytes);
    if (!failed(e))
        *out = made;
    return e;
}

struct err statement_check(const struct signed_statement *statement, struct text kind,
                           const struct sign_public *key, struct arena *arena)
{
    struct bytes message;
    struct err e = message_of(kind, statement->signed_bytes, arena, &message);
    if (failed(e))
        return e;
    if (!sign_check(key, message, BYTES_OF(statement->signature.bytes)))
        return err_make(ERR_CORRUPT, "seal.signature");
    return err_none();
}
