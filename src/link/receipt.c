#include "link/receipt.h"

#include <assert.h>

#include "link/field.h"
#include "link/frame.h"

bool receipt_rule_valid(struct text rule)
{
    if (rule.len == 0 || rule.len > RECEIPT_RULE_LEN_MAX)
        return false;
    for (size_t i = 0; i < rule.len; i++) {
        char c = rule.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
            return false;
    }
    return true;
}

/* Numbers rise strictly and end at `number_max`: one spelling per set. */
static const struct receipt_line *lines_take(struct fields *f, const char *name,
                                             uint64_t number_max, struct arena *arena,
                                             size_t *count_out)
{
    const struct json *array = fields_take(f, name, JSON_ARRAY);
    size_t count = json_count(array);
    *count_out = 0;
    fields_check(f, count <= RECEIPT_LIST_MAX, name);
    if (failed(f->err) || count == 0)
        return NULL;
    struct receipt_line *lines = ARENA_ARRAY(arena, struct receipt_line, count);
    if (lines == NULL) {
        f->err = err_make(ERR_LIMIT, "arena.full");
        return NULL;
    }
    uint64_t next = 1;
    for (size_t i = 0; i < count; i++) {
        struct fields line = fields_over(json_item(array, i), f->rule);
        lines[i].number = fields_number(&line, "number", next, number_max);
        lines[i].rule = fields_text(&line, "rule", RECEIPT_RULE_LEN_MAX);
        fields_check(&line, receipt_rule_valid(lines[i].rule), "rule");
        f->err = fields_end(&line);
        if (failed(f->err))
            return NULL;
        next = lines[i].number + 1;
    }
    *count_out = count;
    return lines;
}

struct err receipt_parse(struct bytes in, struct arena *arena, struct receipt *out)
{
    if (in.len > RECEIPT_LEN_MAX)
        return err_make(ERR_LIMIT, "receipt.too-long");
    struct fields f = fields_read(in, arena, "receipt.member");
    fields_literal(&f, "type", "receipt");
    fields_number(&f, "comity", FRAME_FORMAT, FRAME_FORMAT);
    struct receipt receipt = {
        .realm = fields_text(&f, "realm", FRAME_REALM_LEN_MAX),
        .feed = fields_text(&f, "feed", FRAME_CODE_LEN_MAX),
        .generation = (uint32_t)fields_number(&f, "generation", 1, UINT32_MAX),
        .number = fields_number(&f, "number", 0, FRAME_NUMBER_MAX),
        .anchors = fields_number(&f, "anchors", 0, FRAME_NUMBER_MAX),
    };
    fields_check(&f, frame_realm_valid(receipt.realm), "realm");
    fields_check(&f, frame_code_valid(receipt.feed), "feed");
    fields_hex(&f, "root", receipt.root.bytes, HASH_LEN);
    receipt.parked = lines_take(&f, "parked", receipt.number, arena, &receipt.parked_count);
    receipt.refused = lines_take(&f, "refused", receipt.number, arena, &receipt.refused_count);
    struct err e = fields_end(&f);
    if (failed(e))
        return e;
    *out = receipt;
    return err_none();
}

static struct json lines_json(struct arena *arena, const struct receipt_line *lines, size_t count)
{
    assert(count <= RECEIPT_LIST_MAX);
    struct json array = json_array();
    for (size_t i = 0; i < count; i++) {
        assert(i == 0 || lines[i].number > lines[i - 1].number);
        assert(receipt_rule_valid(lines[i].rule));
        struct json line = json_object();
        json_set_integer(arena, &line, "number", (int64_t)lines[i].number);
        json_set_text(arena, &line, "rule", lines[i].rule);
        json_push(arena, &array, line);
    }
    return array;
}

struct err receipt_format(const struct receipt *receipt, struct arena *arena, struct bytes *out)
{
    assert(frame_realm_valid(receipt->realm) && frame_code_valid(receipt->feed));
    struct json root = json_object();
    json_set(arena, &root, "type", json_literal("receipt"));
    json_set_integer(arena, &root, "comity", FRAME_FORMAT);
    json_set_text(arena, &root, "realm", receipt->realm);
    json_set_text(arena, &root, "feed", receipt->feed);
    json_set_integer(arena, &root, "generation", receipt->generation);
    json_set_integer(arena, &root, "number", (int64_t)receipt->number);
    json_set_integer(arena, &root, "anchors", (int64_t)receipt->anchors);
    json_set(arena, &root, "root", field_hex(arena, receipt->root.bytes, HASH_LEN));
    json_set(arena, &root, "parked", lines_json(arena, receipt->parked, receipt->parked_count));
    json_set(arena, &root, "refused", lines_json(arena, receipt->refused, receipt->refused_count));
    return json_format(&root, arena, out);
}
