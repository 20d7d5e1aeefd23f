#include "model/schema.h"

#include <assert.h>

#include "core/writer.h"
#include "model/form.h"

enum field_type {
    FIELD_TEXT,
    FIELD_INTEGER,
    FIELD_DECIMAL,
    FIELD_BOOL,
    FIELD_DATE,
    FIELD_INSTANT,
    FIELD_MEMBER,
    FIELD_SLUG,
    FIELD_LOCAL,
    FIELD_RECORD_ID,
    FIELD_SHA256,
    FIELD_SCRIPT,
    FIELD_LANGUAGE,
    FIELD_CODE,
    FIELD_CODED,
    FIELD_SHAPE,
    FIELD_VALUE,
    FIELD_ATTRIBUTE,
    FIELD_ANY
};

enum { FIELD_IS_REQUIRED = 1, FIELD_IS_OWNER = 2 };

struct field {
    struct text name; /* a literal: ends with NUL */
    enum field_type type;
    int32_t low;  /* integer */
    int32_t high; /* integer, or bytes of a text */
    enum code_list list;
    int shape;
    uint32_t many; /* elements of an array, 0: one value */
    unsigned flags;
};

struct shape {
    const char *name;
    const struct field *fields;
    size_t count;
};

#include "model/schema_tables.inc"

enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };
enum { POINTER_MAX = 512 };

/* ---- where the walk is ---- */

static void enter(struct walk *w, struct step step)
{
    assert(w->depth < SCHEMA_DEPTH_MAX); /* shapes do not nest deeper than their table */
    w->steps[w->depth++] = step;
}

void walk_enter(struct walk *w, struct text name)
{
    enter(w, (struct step){ name, 0 });
}

void walk_enter_index(struct walk *w, size_t index)
{
    enter(w, (struct step){ { NULL, 0 }, (uint32_t)index });
}

void walk_leave(struct walk *w)
{
    assert(w->depth > 0);
    w->depth--;
}

static void put_name(struct writer *out, struct text name)
{
    writer_u8(out, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '~')
            writer_literal(out, "~0");
        else if (name.data[i] == '/')
            writer_literal(out, "~1");
        else
            writer_u8(out, (uint8_t)name.data[i]);
    }
}

/* Pointer to `name` at the place of the walk; to the place itself when that is too long. */
static struct text pointer_to(const struct walk *w, struct text name, uint8_t *memory)
{
    struct writer out = writer_over(memory, POINTER_MAX);
    for (size_t i = 0; i < w->depth; i++) {
        if (w->steps[i].name.data != NULL) {
            put_name(&out, w->steps[i].name);
        } else {
            writer_u8(&out, '/');
            writer_decimal(&out, w->steps[i].index);
        }
    }
    struct text place = { (const char *)memory, out.len };
    if (name.data != NULL)
        put_name(&out, name);
    struct bytes whole;
    if (failed(writer_end(&out, &whole)))
        return place;
    return (struct text){ (const char *)memory, whole.len };
}

static void find_at(struct walk *w, struct text name, const char *rule, enum severity severity)
{
    uint8_t memory[POINTER_MAX];
    findings_add(w->findings, pointer_to(w, name, memory), rule, severity);
}

void walk_offer(struct walk *w, const char *name, const char *rule, struct text correction)
{
    uint8_t memory[POINTER_MAX];
    struct text pointer = pointer_to(w, text_literal(name), memory);
    findings_offer(w->findings, pointer, rule, correction);
}

void walk_find(struct walk *w, const char *name_opt, const char *rule, enum severity severity)
{
    struct text name = { NULL, 0 };
    if (name_opt != NULL)
        name = text_literal(name_opt);
    find_at(w, name, rule, severity);
}

static void wrong(struct walk *w, const char *rule)
{
    walk_find(w, NULL, rule, SEVERITY_ERROR);
}

/* ---- single values ---- */

/* An unknown code of a newer vocabulary is kept; one of ours is a mistake to be mended. */
static void check_known(struct walk *w, bool known, const char *rule)
{
    if (known)
        return;
    if (w->newer)
        walk_find(w, NULL, "record.newer-code", SEVERITY_WARNING);
    else
        wrong(w, rule);
}

static void check_code(struct walk *w, struct text in, enum code_list list)
{
    if (in.len == 0 || in.len > CODE_TEXT_MAX)
        wrong(w, "record.unknown-code");
    else
        check_known(w, code_find(list, in) >= 0, "record.unknown-code");
}

static void check_attribute(struct walk *w, struct text in)
{
    bool own = memchr(in.data, ':', in.len) != NULL; /* a member's own, under its prefix */
    if (!form_attribute(in))
        wrong(w, "record.unknown-attribute");
    else if (!own)
        check_known(w, attribute_find(in) >= 0, "record.unknown-attribute");
}

/* Texts whose form alone is checked. */
static const struct {
    bool (*valid)(struct text in);
    const char *rule;
} forms[] = {
    [FIELD_DECIMAL] = { form_decimal, "record.not-a-decimal" },
    [FIELD_DATE] = { form_date, "record.not-a-date" },
    [FIELD_INSTANT] = { form_instant, "record.not-an-instant" },
    [FIELD_MEMBER] = { form_member, "record.not-a-member" },
    [FIELD_SLUG] = { slug_valid, "record.not-a-unit" },
    [FIELD_LOCAL] = { form_local, "record.not-a-local-id" },
    [FIELD_RECORD_ID] = { form_record_id, "record.not-a-record-id" },
    [FIELD_SHA256] = { form_sha256, "record.not-a-hash" },
    [FIELD_SCRIPT] = { form_script, "record.not-a-script" },
    [FIELD_LANGUAGE] = { form_language, "record.not-a-language" },
};

static void check_string(struct walk *w, const struct field *field, struct text in)
{
    if (field->type == FIELD_TEXT) {
        const char *rule = form_text(in, (size_t)field->high);
        if (rule != NULL)
            wrong(w, rule);
    } else if (field->type == FIELD_CODE) {
        check_code(w, in, field->list);
    } else if (field->type == FIELD_ATTRIBUTE) {
        check_attribute(w, in);
    } else if (!forms[field->type].valid(in)) {
        wrong(w, forms[field->type].rule);
    }
}

static void check_integer(struct walk *w, const struct field *field, const struct json *in)
{
    int64_t value = 0;
    if (!json_is_integer(in, &value))
        wrong(w, "record.wrong-type");
    else if (value < field->low || value > field->high)
        wrong(w, "record.out-of-range");
}

static void check_coded(struct walk *w, const struct field *field, const struct json *in)
{
    struct code code;
    if (failed(code_parse(in, &code))) {
        wrong(w, "record.bad-code");
        return;
    }
    if (field->list == CODE_LISTS)
        return;
    if (!text_is(code.list, code_list_name(field->list)))
        wrong(w, "record.wrong-list");
    else if (code_is_raw(code) && !text_is(code.version, code_list_version(field->list)))
        walk_find(w, NULL, "record.newer-code", SEVERITY_WARNING);
    else if (code_is_raw(code))
        wrong(w, "record.unknown-code");
}

/* ---- shapes ---- */

static void check_shape(struct walk *w, const struct shape *shape, const struct json *in);

static void check_one(struct walk *w, const struct field *field, const struct json *in)
{
    switch (field->type) {
    case FIELD_ANY:
        return;
    case FIELD_BOOL:
        if (in->kind != JSON_TRUE && in->kind != JSON_FALSE)
            wrong(w, "record.wrong-type");
        return;
    case FIELD_INTEGER:
        check_integer(w, field, in);
        return;
    case FIELD_CODED:
        check_coded(w, field, in);
        return;
    case FIELD_SHAPE:
        check_shape(w, &shapes[field->shape], in);
        return;
    case FIELD_VALUE: /* its shape is checked with its attribute, by check_statement */
        if (in->kind != JSON_OBJECT)
            wrong(w, "record.wrong-type");
        return;
    case FIELD_TEXT:
    case FIELD_DECIMAL:
    case FIELD_DATE:
    case FIELD_INSTANT:
    case FIELD_MEMBER:
    case FIELD_SLUG:
    case FIELD_LOCAL:
    case FIELD_RECORD_ID:
    case FIELD_SHA256:
    case FIELD_SCRIPT:
    case FIELD_LANGUAGE:
    case FIELD_CODE:
    case FIELD_ATTRIBUTE:
        if (in->kind != JSON_STRING)
            wrong(w, "record.wrong-type");
        else
            check_string(w, field, in->string);
        return;
    }
}

static void check_field(struct walk *w, const struct field *field, const struct json *in)
{
    if (field->many == 0) {
        check_one(w, field, in);
        return;
    }
    if (in->kind != JSON_ARRAY) {
        wrong(w, "record.wrong-type");
        return;
    }
    if (in->count > field->many) {
        wrong(w, "record.too-many");
        return;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        walk_enter_index(w, i);
        check_one(w, field, &in->items[i]);
        walk_leave(w);
    }
}

static const struct field *field_find(const struct shape *shape, struct text name)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (text_equal(name, shape->fields[i].name))
            return &shape->fields[i];
    }
    return NULL;
}

/* A member's own fields stand under its prefix and may say what they like; a name without a
 * prefix is most likely misspelt, and one with "!" must be understood. */
static void check_unknown(struct walk *w, struct text name)
{
    if (name.len > 0 && name.data[0] == '!')
        find_at(w, name, "record.critical", SEVERITY_ERROR);
    else if (name.len == 0 || memchr(name.data, ':', name.len) == NULL)
        find_at(w, name, "record.unknown-member", SEVERITY_WARNING);
}

static void check_required(struct walk *w, const struct shape *shape, const struct json *in)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        bool wanted = (field->flags & FIELD_IS_REQUIRED) != 0 &&
                      !(w->view && (field->flags & FIELD_IS_OWNER) != 0);
        if (wanted && json_get(in, field->name.data) == NULL)
            walk_find(w, field->name.data, "record.missing", SEVERITY_ERROR);
    }
}

static void check_statement_value(struct walk *w, const struct json *statement)
{
    const struct json *value = json_get(statement, "value");
    int number = attribute_find(json_get_text(statement, "attribute"));
    if (number < 0 || value == NULL || value->kind != JSON_OBJECT)
        return;
    walk_enter(w, TEXT("value"));
    check_shape(w, &shapes[attribute_row((size_t)number)->shape], value);
    walk_leave(w);
}

static void check_shape(struct walk *w, const struct shape *shape, const struct json *in)
{
    if (in->kind != JSON_OBJECT) {
        wrong(w, "record.wrong-type");
        return;
    }
    check_required(w, shape, in);
    for (uint32_t i = 0; i < in->count; i++) {
        const struct json_member *member = &in->members[i];
        const struct field *field = field_find(shape, member->name);
        if (field == NULL) {
            check_unknown(w, member->name);
            continue;
        }
        walk_enter(w, member->name);
        check_field(w, field, &member->value);
        walk_leave(w);
    }
    struct when when;
    if (shape == &shapes[SHAPE_WHEN]) {
        struct err e = when_parse(in, &when);
        if (failed(e))
            wrong(w, e.rule);
    }
    if (shape == &shapes[SHAPE_STATEMENT])
        check_statement_value(w, in);
}

void schema_check_record(struct walk *w, const struct json *in)
{
    check_shape(w, &shapes[SHAPE_RECORD], in);
}

static const struct shape *shape_find(const char *name)
{
    for (size_t i = 0; i < SHAPES; i++) {
        if (text_is(text_literal(shapes[i].name), name))
            return &shapes[i];
    }
    return NULL;
}

/* ---- what partners may see ---- */

static struct json copy_shape(const struct shape *shape, const struct json *in,
                              struct arena *arena);

static struct json copy_one(const struct field *field, const struct json *in, int value_shape,
                            struct arena *arena)
{
    if (field->type == FIELD_SHAPE)
        return copy_shape(&shapes[field->shape], in, arena);
    if (field->type == FIELD_VALUE)
        return value_shape < 0 ? json_object() : copy_shape(&shapes[value_shape], in, arena);
    if (field->type == FIELD_CODED) {
        struct json copy = json_object();
        json_set_text(arena, &copy, "list", json_get_text(in, "list"));
        json_set_text(arena, &copy, "version", json_get_text(in, "version"));
        json_set_text(arena, &copy, "code", json_get_text(in, "code"));
        return copy;
    }
    return *in;
}

static struct json copy_field(const struct field *field, const struct json *in, int value_shape,
                              struct arena *arena)
{
    if (field->many == 0)
        return copy_one(field, in, value_shape, arena);
    struct json list = json_array();
    for (uint32_t i = 0; i < in->count; i++)
        json_push(arena, &list, copy_one(field, &in->items[i], value_shape, arena));
    return list;
}

static struct json copy_shape(const struct shape *shape, const struct json *in, struct arena *arena)
{
    struct json copy = json_object();
    int attribute = ATTRIBUTE_RAW;
    if (shape == &shapes[SHAPE_STATEMENT])
        attribute = attribute_find(json_get_text(in, "attribute"));
    int value_shape = attribute < 0 ? -1 : attribute_row((size_t)attribute)->shape;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *field = &shape->fields[i];
        const struct json *value = json_get(in, field->name.data);
        if (value != NULL && (field->flags & FIELD_IS_OWNER) == 0 && field->type != FIELD_ANY)
            json_set_name(arena, &copy, field->name, copy_field(field, value, value_shape, arena));
    }
    return copy;
}

struct json schema_copy_shared(const char *shape, const struct json *in, struct arena *arena)
{
    const struct shape *found = shape_find(shape);
    assert(found != NULL);
    return copy_shape(found, in, arena);
}

bool schema_next_field(size_t *at, const char **shape_out, const char **field_out)
{
    size_t left = *at;
    for (size_t i = 0; i < SHAPES; i++) {
        if (left < shapes[i].count) {
            *shape_out = shapes[i].name;
            *field_out = shapes[i].fields[left].name.data;
            (*at)++;
            return true;
        }
        left -= shapes[i].count;
    }
    return false;
}
