#include "core/json.h"

#include <assert.h>
#include <math.h>

#include "core/number.h"
#include "core/writer.h"

enum { NOT_PRETTY = -1 };

struct printer {
    struct writer w;
    const struct json_member **scratch; /* a stack: one slice for each open large object */
    size_t scratch_size;
    size_t scratch_used;
    struct err err;
};

static void put_value(struct printer *p, const struct json *value, int indent);

/* UTF-16 order of two UTF-8 texts: as bytes, but that U+E000..U+FFFF (EE, EF) sort behind
 * the supplementary planes (F0..F4) as surrogates sort before them. */
static int utf16_order(struct text a, struct text b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < len; i++) {
        uint8_t x = (uint8_t)a.data[i];
        uint8_t y = (uint8_t)b.data[i];
        if (x == y)
            continue;
        bool x_high = x >= 0xF0;
        bool y_high = y >= 0xF0;
        if (x_high != y_high && x >= 0xEE && y >= 0xEE)
            return x_high ? -1 : 1;
        return x < y ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static void put_escaped(struct writer *w, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char plain[] = "\b\t\n\f\r\"\\";
    static const char named[] = "btnfr\"\\";
    const char *hit = c == 0 ? NULL : strchr(plain, c);
    writer_u8(w, '\\');
    if (hit != NULL) {
        writer_u8(w, (uint8_t)named[hit - plain]);
        return;
    }
    writer_literal(w, "u00");
    writer_u8(w, (uint8_t)hex[c >> 4]);
    writer_u8(w, (uint8_t)hex[c & 15]);
}

static void put_string(struct writer *w, struct text t)
{
    size_t from = 0;
    writer_u8(w, '"');
    for (size_t i = 0; i < t.len; i++) {
        unsigned char c = (unsigned char)t.data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        writer_text(w, text_slice(t, from, i - from));
        put_escaped(w, c);
        from = i + 1;
    }
    writer_text(w, text_slice(t, from, t.len - from));
    writer_u8(w, '"');
}

static void put_break(struct printer *p, int indent)
{
    if (indent < 0)
        return;
    writer_u8(&p->w, '\n');
    for (int i = 0; i < indent; i++)
        writer_literal(&p->w, "  ");
}

static int deeper(int indent)
{
    return indent < 0 ? NOT_PRETTY : indent + 1;
}

static void put_array(struct printer *p, const struct json *value, int indent)
{
    writer_u8(&p->w, '[');
    for (uint32_t i = 0; i < value->count; i++) {
        if (i > 0)
            writer_u8(&p->w, ',');
        put_break(p, deeper(indent));
        put_value(p, &value->items[i], deeper(indent));
    }
    if (value->count > 0)
        put_break(p, indent);
    writer_u8(&p->w, ']');
}

/* The next member in UTF-16 order behind `last`; NULL when there is none. Objects here have
 * a dozen members: selection beats sorting, and needs no memory. */
static const struct json_member *next_member(const struct json *object,
                                             const struct json_member *last)
{
    const struct json_member *best = NULL;
    for (uint32_t i = 0; i < object->count; i++) {
        const struct json_member *m = &object->members[i];
        if (last != NULL && utf16_order(m->name, last->name) <= 0)
            continue;
        if (best == NULL || utf16_order(m->name, best->name) < 0)
            best = m;
    }
    return best;
}

static void put_member(struct printer *p, const struct json_member *m, int indent, bool first)
{
    if (!first)
        writer_u8(&p->w, ',');
    put_break(p, deeper(indent));
    put_string(&p->w, m->name);
    writer_literal(&p->w, indent < 0 ? ":" : ": ");
    put_value(p, &m->value, deeper(indent));
}

enum { SELECT_MAX = 64 };

static void sift(const struct json_member **heap, size_t at, size_t n)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= n)
            return;
        if (child + 1 < n && utf16_order(heap[child + 1]->name, heap[child]->name) > 0)
            child++;
        if (utf16_order(heap[at]->name, heap[child]->name) >= 0)
            return;
        const struct json_member *swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
        at = child;
    }
}

static void heap_sort(const struct json_member **heap, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(heap, i, n);
    for (size_t left = n; left-- > 1;) {
        const struct json_member *top = heap[0];
        heap[0] = heap[left];
        heap[left] = top;
        sift(heap, 0, left);
    }
}

/* Large objects only: their members are sorted in `scratch`, which sort_room() measured. */
static void put_many(struct printer *p, const struct json *value, int indent)
{
    size_t n = value->count;
    const struct json_member **sorted = p->scratch + p->scratch_used;
    assert(p->scratch_size - p->scratch_used >= n);
    p->scratch_used += n;
    for (size_t i = 0; i < n; i++)
        sorted[i] = &value->members[i];
    heap_sort(sorted, n);
    for (size_t i = 0; i < n; i++)
        put_member(p, sorted[i], indent, i == 0);
    p->scratch_used -= n;
}

/* As objects are that were read from what we wrote. */
static bool in_order(const struct json *value)
{
    for (uint32_t i = 1; i < value->count; i++) {
        if (utf16_order(value->members[i - 1].name, value->members[i].name) >= 0)
            return false;
    }
    return true;
}

static void put_object(struct printer *p, const struct json *value, int indent)
{
    writer_u8(&p->w, '{');
    if (in_order(value)) {
        for (uint32_t i = 0; i < value->count; i++)
            put_member(p, &value->members[i], indent, i == 0);
    } else if (value->count > SELECT_MAX) {
        put_many(p, value, indent);
    } else {
        const struct json_member *m = next_member(value, NULL);
        for (bool first = true; m != NULL; first = false) {
            put_member(p, m, indent, first);
            m = next_member(value, m);
        }
    }
    if (value->count > 0)
        put_break(p, indent);
    writer_u8(&p->w, '}');
}

static void put_number(struct printer *p, double number)
{
    char digits[NUMBER_LEN_MAX];
    if (!isfinite(number)) {
        p->err = err_make(ERR_INVALID, "json.not-finite");
        return;
    }
    size_t len = number_format(number, digits);
    writer_put(&p->w, bytes_of(digits, len));
}

static void put_value(struct printer *p, const struct json *value, int indent)
{
    switch (value->kind) {
    case JSON_NULL:
        writer_literal(&p->w, "null");
        break;
    case JSON_FALSE:
        writer_literal(&p->w, "false");
        break;
    case JSON_TRUE:
        writer_literal(&p->w, "true");
        break;
    case JSON_NUMBER:
        put_number(p, value->number);
        break;
    case JSON_STRING:
        put_string(&p->w, value->string);
        break;
    case JSON_ARRAY:
        put_array(p, value, indent);
        break;
    case JSON_OBJECT:
        put_object(p, value, indent);
        break;
    }
}

/* Pointers that the deepest chain of large objects needs at one time. */
static size_t sort_room(const struct json *value)
{
    size_t deepest = 0;
    bool object = value->kind == JSON_OBJECT;
    size_t count = json_count(value);
    for (size_t i = 0; i < count; i++) {
        size_t room = sort_room(object ? &value->members[i].value : &value->items[i]);
        deepest = room > deepest ? room : deepest;
    }
    return deepest + (object && count > SELECT_MAX ? count : 0);
}

static struct err print(struct printer *p, const struct json *value, struct arena *arena,
                        int indent, struct bytes *out)
{
    p->w = writer_in(arena);
    put_value(p, value, indent);
    if (failed(p->err))
        return p->err;
    return writer_keep(&p->w, arena, out);
}

static struct err format(const struct json *value, struct arena *arena, int indent,
                         struct bytes *out)
{
    struct err e = arena_check(arena); /* a tree built in a full arena is not whole */
    if (failed(e))
        return e;
    size_t mark = arena->used;
    struct printer p = { .scratch_size = sort_room(value), .err = err_none() };
    if (p.scratch_size == 0)
        return print(&p, value, arena, indent, out);
    p.scratch = ARENA_ARRAY(arena, const struct json_member *, p.scratch_size);
    if (p.scratch == NULL)
        return arena_check(arena);
    struct bytes printed;
    e = print(&p, value, arena, indent, &printed);
    arena_rewind(arena, mark);
    if (failed(e))
        return e;
    uint8_t *kept = arena->data + mark; /* the text moves down over the scratch */
    memmove(kept, printed.data, printed.len);
    arena->used = mark + printed.len;
    *out = (struct bytes){ kept, printed.len };
    return err_none();
}

struct err json_format(const struct json *value, struct arena *arena, struct bytes *out)
{
    return format(value, arena, NOT_PRETTY, out);
}

struct err json_format_pretty(const struct json *value, struct arena *arena, struct bytes *out)
{
    return format(value, arena, 0, out);
}
