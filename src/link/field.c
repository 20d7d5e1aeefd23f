#include "link/field.h"

#include "core/encode.h"

static void fields_fail(struct fields *f, const struct json *value_opt)
{
    if (failed(f->err))
        return;
    const struct json *at = value_opt != NULL ? value_opt : f->object;
    f->err = err_at(ERR_INVALID, at != NULL ? at->at : 0, f->rule);
}

struct fields fields_over(const struct json *object, const char *rule)
{
    struct fields f = { object, rule, 0, err_none() };
    if (object == NULL || object->kind != JSON_OBJECT)
        fields_fail(&f, object);
    return f;
}

struct fields fields_read(struct bytes in, struct arena *arena, const char *rule)
{
    struct fields f = { NULL, rule, 0, err_none() };
    struct json *tree = ARENA_NEW(arena, struct json);
    if (tree == NULL) {
        f.err = err_make(ERR_LIMIT, "arena.full");
        return f;
    }
    f.err = json_parse(in, arena, tree);
    if (failed(f.err))
        return f;
    size_t mark = arena->used;
    struct bytes canonical;
    f.err = json_format(tree, arena, &canonical);
    if (failed(f.err))
        return f;
    if (!bytes_equal(canonical, in))
        f.err = err_make(ERR_INVALID, "link.not-canonical");
    arena_rewind(arena, mark);
    f.object = tree;
    if (tree->kind != JSON_OBJECT)
        fields_fail(&f, tree);
    return f;
}

bool fields_has(const struct fields *f, const char *name)
{
    return json_get(f->object, name) != NULL;
}

const struct json *fields_take(struct fields *f, const char *name, enum json_kind kind)
{
    if (failed(f->err))
        return NULL;
    const struct json *value = json_get(f->object, name);
    if (value == NULL || value->kind != kind) {
        fields_fail(f, value);
        return NULL;
    }
    f->taken++;
    return value;
}

struct text fields_text(struct fields *f, const char *name, size_t len_max)
{
    const struct json *value = fields_take(f, name, JSON_STRING);
    if (value == NULL)
        return TEXT("");
    if (value->string.len == 0 || value->string.len > len_max) {
        fields_fail(f, value);
        return TEXT("");
    }
    return value->string;
}

uint64_t fields_number(struct fields *f, const char *name, uint64_t min, uint64_t max)
{
    const struct json *value = fields_take(f, name, JSON_NUMBER);
    int64_t number = 0;
    if (value == NULL)
        return 0;
    if (!json_is_integer(value, &number) || number < 0 || (uint64_t)number < min ||
        (uint64_t)number > max) {
        fields_fail(f, value);
        return 0;
    }
    return (uint64_t)number;
}

void fields_hex(struct fields *f, const char *name, uint8_t *out, size_t len)
{
    memset(out, 0, len);
    const struct json *value = fields_take(f, name, JSON_STRING);
    if (value == NULL)
        return;
    if (value->string.len != 2 * len || failed(hex_parse(value->string, out, len))) {
        memset(out, 0, len);
        fields_fail(f, value);
    }
}

struct instant fields_instant(struct fields *f, const char *name)
{
    struct instant at = { 0 };
    const struct json *value = fields_take(f, name, JSON_STRING);
    if (value != NULL && failed(instant_parse(value->string, &at)))
        fields_fail(f, value);
    return at;
}

void fields_literal(struct fields *f, const char *name, const char *literal)
{
    const struct json *value = fields_take(f, name, JSON_STRING);
    if (value != NULL && !text_is(value->string, literal))
        fields_fail(f, value);
}

void fields_check(struct fields *f, bool right, const char *name)
{
    if (!right)
        fields_fail(f, json_get(f->object, name));
}

struct err fields_end(const struct fields *f)
{
    if (failed(f->err))
        return f->err;
    if (f->taken != json_count(f->object))
        return err_at(ERR_INVALID, f->object->at, f->rule);
    return err_none();
}

struct json field_hex(struct arena *arena, const uint8_t *in, size_t len)
{
    return json_string(hex_format(arena, bytes_of(in, len)));
}
