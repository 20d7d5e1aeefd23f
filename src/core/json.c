#include "core/json.h"

#include <assert.h>

const struct json *json_get(const struct json *object, const char *name)
{
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    struct text wanted = text_literal(name);
    for (uint32_t i = 0; i < object->count; i++) {
        if (text_equal(object->members[i].name, wanted))
            return &object->members[i].value;
    }
    return NULL;
}

const struct json *json_item(const struct json *array, size_t i)
{
    static const struct json nothing = { .kind = JSON_NULL };
    if (array == NULL || array->kind != JSON_ARRAY || i >= array->count)
        return &nothing;
    return &array->items[i];
}

size_t json_count(const struct json *value_opt)
{
    if (value_opt == NULL || (value_opt->kind != JSON_ARRAY && value_opt->kind != JSON_OBJECT))
        return 0;
    return value_opt->count;
}

struct text json_get_text(const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    if (value == NULL || value->kind != JSON_STRING)
        return (struct text){ NULL, 0 };
    return value->string;
}

struct text json_item_text(const struct json *array, size_t i)
{
    const struct json *value = json_item(array, i);
    return value->kind == JSON_STRING ? value->string : (struct text){ NULL, 0 };
}

bool json_is_integer(const struct json *value_opt, int64_t *out)
{
    if (value_opt == NULL || value_opt->kind != JSON_NUMBER)
        return false;
    double limit = (double)JSON_INTEGER_MAX;
    if (!(value_opt->number >= -limit && value_opt->number <= limit))
        return false;
    int64_t integer = (int64_t)value_opt->number;
    if ((double)integer < value_opt->number || (double)integer > value_opt->number)
        return false;
    *out = integer;
    return true;
}

bool json_get_integer(const struct json *object, const char *name, int64_t *out)
{
    return json_is_integer(json_get(object, name), out);
}

bool json_get_bool(const struct json *object, const char *name)
{
    const struct json *value = json_get(object, name);
    return value != NULL && value->kind == JSON_TRUE;
}

static bool items_equal(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (!json_equal(&a->items[i], &b->items[i]))
            return false;
    }
    return true;
}

static const struct json *member_find(const struct json *object, struct text name)
{
    for (uint32_t i = 0; i < object->count; i++) {
        if (text_equal(object->members[i].name, name))
            return &object->members[i].value;
    }
    return NULL;
}

static bool members_equal(const struct json *a, const struct json *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        const struct json *other = member_find(b, a->members[i].name);
        if (other == NULL || !json_equal(&a->members[i].value, other))
            return false;
    }
    return true;
}

bool json_equal(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
        return true;
    case JSON_NUMBER:
        return !(a->number < b->number || a->number > b->number);
    case JSON_STRING:
        return text_equal(a->string, b->string);
    case JSON_ARRAY:
        return a->count == b->count && items_equal(a, b);
    case JSON_OBJECT:
        return a->count == b->count && members_equal(a, b);
    }
    return false;
}

struct json json_null(void)
{
    return (struct json){ .kind = JSON_NULL };
}

struct json json_bool(bool value)
{
    return (struct json){ .kind = value ? JSON_TRUE : JSON_FALSE };
}

struct json json_integer(int64_t value)
{
    assert(value >= -JSON_INTEGER_MAX && value <= JSON_INTEGER_MAX);
    return (struct json){ .kind = JSON_NUMBER, .number = (double)value };
}

struct json json_string(struct text value)
{
    return (struct json){ .kind = JSON_STRING, .string = value };
}

struct json json_literal(const char *literal)
{
    return json_string(text_literal(literal));
}

struct json json_object(void)
{
    return (struct json){ .kind = JSON_OBJECT };
}

struct json json_array(void)
{
    return (struct json){ .kind = JSON_ARRAY };
}

/* Room for one more of `size` bytes behind `old`; NULL when the arena is full. */
static void *grow(struct arena *arena, struct json *value, const void *old, size_t size)
{
    assert(value->count == value->room);
    uint32_t room = value->room == 0 ? 4 : value->room * 2;
    void *block = arena_take_array(arena, room, size);
    if (block == NULL)
        return NULL;
    if (value->count > 0)
        memcpy(block, old, value->count * size);
    value->room = room;
    return block;
}

void json_set_name(struct arena *arena, struct json *object, struct text name, struct json value)
{
    assert(object->kind == JSON_OBJECT);
    for (uint32_t i = 0; i < object->count; i++) {
        if (text_equal(object->members[i].name, name)) {
            object->members[i].value = value;
            return;
        }
    }
    if (object->room <= object->count) {
        object->room = object->count;
        void *block = grow(arena, object, object->members, sizeof(struct json_member));
        if (block == NULL)
            return;
        object->members = block;
    }
    object->members[object->count++] = (struct json_member){ name, value };
}

void json_set(struct arena *arena, struct json *object, const char *name, struct json value)
{
    json_set_name(arena, object, text_literal(name), value);
}

void json_set_text(struct arena *arena, struct json *object, const char *name, struct text value)
{
    json_set(arena, object, name, json_string(value));
}

void json_set_integer(struct arena *arena, struct json *object, const char *name, int64_t value)
{
    json_set(arena, object, name, json_integer(value));
}

void json_take(struct arena *arena, struct json *to, const struct json *from, const char *name)
{
    const struct json *value = json_get(from, name);
    if (value != NULL)
        json_set(arena, to, name, *value);
}

void json_take_all(struct arena *arena, struct json *to, const struct json *from,
                   const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        json_take(arena, to, from, names[i]);
}

void json_push(struct arena *arena, struct json *array, struct json value)
{
    assert(array->kind == JSON_ARRAY);
    if (array->room <= array->count) {
        array->room = array->count;
        void *block = grow(arena, array, array->items, sizeof(struct json));
        if (block == NULL)
            return;
        array->items = block;
    }
    array->items[array->count++] = value;
}

void json_remove(struct json *object, const char *name)
{
    assert(object->kind == JSON_OBJECT);
    for (uint32_t i = 0; i < object->count; i++) {
        if (!text_is(object->members[i].name, name))
            continue;
        for (uint32_t j = i + 1; j < object->count; j++)
            object->members[j - 1] = object->members[j];
        object->count--;
        return;
    }
}

struct json json_copy(struct arena *arena, const struct json *value)
{
    struct json copy = *value;
    copy.room = copy.count;
    switch (value->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
    case JSON_NUMBER:
        return copy;
    case JSON_STRING:
        copy.string = arena_copy_text(arena, value->string);
        return copy;
    case JSON_ARRAY:
        copy.items = ARENA_ARRAY(arena, struct json, value->count);
        for (uint32_t i = 0; copy.items != NULL && i < value->count; i++)
            copy.items[i] = json_copy(arena, &value->items[i]);
        break;
    case JSON_OBJECT:
        copy.members = ARENA_ARRAY(arena, struct json_member, value->count);
        for (uint32_t i = 0; copy.members != NULL && i < value->count; i++) {
            copy.members[i].name = arena_copy_text(arena, value->members[i].name);
            copy.members[i].value = json_copy(arena, &value->members[i].value);
        }
        break;
    }
    return arena->full ? json_null() : copy;
}
