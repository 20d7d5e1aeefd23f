#include "ledger/anchor.h"

#include "core/encode.h"

struct json anchor_body(struct arena *arena, const struct anchor *anchor)
{
    struct json body = json_object();
    json_set_text(arena, &body, "log", anchor->log);
    json_set_text(arena, &body, "root", hex_format(arena, BYTES_OF(anchor->head.root.bytes)));
    json_set_integer(arena, &body, "size", (int64_t)anchor->head.size);
    return body;
}

struct err anchor_parse(struct bytes content, struct arena *arena, struct anchor *out)
{
    const struct err bad = err_make(ERR_INVALID, "ledger.anchor");
    struct json fact;
    struct anchor made = { 0 };
    struct origin log;
    int64_t size = 0;
    struct err e = json_parse(content, arena, &fact);
    if (failed(e))
        return e;
    const struct json *body = json_get(&fact, "body");
    made.log = json_get_text(body, "log");
    if (!text_is(json_get_text(&fact, "kind"), ANCHOR_KIND) || json_count(body) != 3 ||
        !json_get_integer(body, "size", &size) || size < 0 ||
        failed(hex_parse(json_get_text(body, "root"), made.head.root.bytes, HASH_LEN)) ||
        failed(origin_parse(made.log, &log)) ||
        failed(instant_parse(json_get_text(&fact, "at"), &made.at)))
        return bad;
    made.head.size = (uint64_t)size;
    *out = made;
    return err_none();
}

static struct err open_anchor(const struct anchor_opened *in, struct arena *arena,
                              struct anchor *out)
{
    struct err e = opening_check(&in->opening, &in->entry);
    if (failed(e))
        return e;
    return anchor_parse(in->opening.content, arena, out);
}

struct err anchors_check(const struct anchor_opened *first, const struct anchor_opened *second,
                         const struct proof *proof, struct arena *arena)
{
    struct anchor a;
    struct anchor b;
    struct err e = open_anchor(first, arena, &a);
    if (!failed(e))
        e = open_anchor(second, arena, &b);
    if (failed(e))
        return e;
    if (!text_equal(a.log, b.log) || instant_before(b.at, a.at) || b.head.size < a.head.size)
        return err_make(ERR_INVALID, "ledger.anchor-order");
    return proof_check_extends(proof, &a.head, &b.head);
}
