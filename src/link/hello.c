#include "link/hello.h"

#include <assert.h>

#include "link/field.h"
#include "link/receipt.h"

static struct feed_mark mark_take(struct fields *f, const char *name)
{
    struct feed_mark mark = { .number = 0 };
    const struct json *object = fields_take(f, name, JSON_OBJECT);
    if (object == NULL)
        return mark;
    struct fields inner = fields_over(object, f->rule);
    mark.generation = (uint32_t)fields_number(&inner, "generation", 0, UINT32_MAX);
    mark.number = fields_number(&inner, "number", 0, FRAME_NUMBER_MAX);
    fields_hex(&inner, "root", mark.root.bytes, HASH_LEN);
    f->err = fields_end(&inner);
    return mark;
}

static const struct text *cards_take(struct fields *f, struct arena *arena, size_t *count_out)
{
    *count_out = 0;
    if (!fields_has(f, "cards"))
        return NULL;
    const struct json *array = fields_take(f, "cards", JSON_ARRAY);
    size_t count = json_count(array);
    fields_check(f, count > 0 && count <= HELLO_CARDS_MAX, "cards");
    if (failed(f->err))
        return NULL;
    struct text *cards = ARENA_ARRAY(arena, struct text, count);
    if (cards == NULL) {
        f->err = err_make(ERR_LIMIT, "arena.full");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json *card = json_item(array, i);
        fields_check(f,
                     card->kind == JSON_STRING && card->string.len > 0 &&
                         card->string.len <= HELLO_CARD_LEN_MAX,
                     "cards");
        if (failed(f->err))
            return NULL;
        cards[i] = card->string;
    }
    *count_out = count;
    return cards;
}

static void versions_take(struct fields *f, struct hello *hello)
{
    const struct json *object = fields_take(f, "versions", JSON_OBJECT);
    if (object == NULL)
        return;
    struct fields inner = fields_over(object, f->rule);
    hello->version_min = (uint32_t)fields_number(&inner, "min", 1, UINT32_MAX);
    hello->version_max = (uint32_t)fields_number(&inner, "max", 1, UINT32_MAX);
    fields_check(&inner, hello->version_min <= hello->version_max, "min");
    f->err = fields_end(&inner);
}

struct err hello_parse(struct bytes in, struct arena *arena, struct hello *out)
{
    if (in.len > HELLO_LEN_MAX)
        return err_make(ERR_LIMIT, "hello.too-long");
    struct fields f = fields_read(in, arena, "hello.member");
    fields_literal(&f, "type", "hello");
    fields_number(&f, "comity", FRAME_FORMAT, FRAME_FORMAT);
    struct hello hello = {
        .realm = fields_text(&f, "realm", FRAME_REALM_LEN_MAX),
        .generation = (uint32_t)fields_number(&f, "generation", 1, UINT32_MAX),
        .member = fields_text(&f, "member", FRAME_CODE_LEN_MAX),
        .at = fields_instant(&f, "at"),
        .sends = fields_number(&f, "sends", 0, FRAME_NUMBER_MAX),
        .anchors = fields_number(&f, "anchors", 0, FRAME_NUMBER_MAX),
    };
    fields_check(&f, frame_realm_valid(hello.realm), "realm");
    fields_check(&f, frame_code_valid(hello.member), "member");
    fields_hex(&f, "root", hello.root, BATCH_KEY_LEN);
    fields_hex(&f, "to", hello.to, BATCH_KEY_LEN);
    versions_take(&f, &hello);
    hello.holds = mark_take(&f, "holds");
    hello.cards = cards_take(&f, arena, &hello.cards_count);
    struct err e = fields_end(&f);
    if (failed(e))
        return e;
    *out = hello;
    return err_none();
}

static struct json hello_json(const struct hello *hello, struct arena *arena)
{
    struct json root = json_object();
    json_set(arena, &root, "type", json_literal("hello"));
    json_set_integer(arena, &root, "comity", FRAME_FORMAT);
    json_set_text(arena, &root, "realm", hello->realm);
    json_set_integer(arena, &root, "generation", hello->generation);
    json_set_text(arena, &root, "member", hello->member);
    json_set(arena, &root, "root", field_hex(arena, hello->root, BATCH_KEY_LEN));
    json_set(arena, &root, "to", field_hex(arena, hello->to, BATCH_KEY_LEN));
    json_set_text(arena, &root, "at", instant_format(arena, hello->at));
    json_set_integer(arena, &root, "sends", (int64_t)hello->sends);
    json_set_integer(arena, &root, "anchors", (int64_t)hello->anchors);
    struct json versions = json_object();
    json_set_integer(arena, &versions, "min", hello->version_min);
    json_set_integer(arena, &versions, "max", hello->version_max);
    json_set(arena, &root, "versions", versions);
    struct json holds = json_object();
    json_set_integer(arena, &holds, "generation", hello->holds.generation);
    json_set_integer(arena, &holds, "number", (int64_t)hello->holds.number);
    json_set(arena, &holds, "root", field_hex(arena, hello->holds.root.bytes, HASH_LEN));
    json_set(arena, &root, "holds", holds);
    return root;
}

struct err hello_format(const struct hello *hello, struct arena *arena, struct bytes *out)
{
    assert(frame_realm_valid(hello->realm) && frame_code_valid(hello->member));
    assert(hello->generation > 0 && hello->cards_count <= HELLO_CARDS_MAX);
    assert(hello->version_min > 0 && hello->version_min <= hello->version_max);
    struct json root = hello_json(hello, arena);
    if (hello->cards_count > 0) {
        struct json cards = json_array();
        for (size_t i = 0; i < hello->cards_count; i++)
            json_push(arena, &cards, json_string(hello->cards[i]));
        json_set(arena, &root, "cards", cards);
    }
    struct bytes content;
    struct err e = json_format(&root, arena, &content);
    if (failed(e))
        return e;
    if (content.len > HELLO_LEN_MAX)
        return err_make(ERR_LIMIT, "hello.too-long");
    *out = content;
    return err_none();
}

struct err refusal_parse(struct bytes in, struct arena *arena, struct refusal *out)
{
    if (in.len > HELLO_LEN_MAX)
        return err_make(ERR_LIMIT, "hello.too-long");
    struct fields f = fields_read(in, arena, "hello.member");
    fields_literal(&f, "type", "refusal");
    fields_number(&f, "comity", FRAME_FORMAT, FRAME_FORMAT);
    struct refusal refusal = {
        .realm = fields_text(&f, "realm", FRAME_REALM_LEN_MAX),
        .at = fields_instant(&f, "at"),
        .rule = fields_text(&f, "rule", RECEIPT_RULE_LEN_MAX),
    };
    fields_hex(&f, "root", refusal.root, BATCH_KEY_LEN);
    fields_check(&f, frame_realm_valid(refusal.realm), "realm");
    fields_check(&f, receipt_rule_valid(refusal.rule), "rule");
    struct err e = fields_end(&f);
    if (failed(e))
        return e;
    *out = refusal;
    return err_none();
}

struct err refusal_format(const struct refusal *refusal, struct arena *arena, struct bytes *out)
{
    assert(frame_realm_valid(refusal->realm) && receipt_rule_valid(refusal->rule));
    struct json root = json_object();
    json_set(arena, &root, "type", json_literal("refusal"));
    json_set_integer(arena, &root, "comity", FRAME_FORMAT);
    json_set_text(arena, &root, "realm", refusal->realm);
    json_set(arena, &root, "root", field_hex(arena, refusal->root, BATCH_KEY_LEN));
    json_set_text(arena, &root, "at", instant_format(arena, refusal->at));
    json_set_text(arena, &root, "rule", refusal->rule);
    return json_format(&root, arena, out);
}

bool hello_is_refusal(struct bytes in, struct arena *arena, bool *refusal_out)
{
    struct json tree;
    if (in.len > HELLO_LEN_MAX || failed(json_parse(in, arena, &tree)))
        return false;
    struct text type = json_get_text(&tree, "type");
    if (!text_is(type, "hello") && !text_is(type, "refusal"))
        return false;
    *refusal_out = text_is(type, "refusal");
    return true;
}
