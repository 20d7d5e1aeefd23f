#include "core/json.h"

#include <assert.h>

#include "core/number.h"

/* Elements are gathered on a chain of cells while a container is open and copied into one
 * array when it closes, so that a view of them is contiguous. */
struct cell {
    struct cell *before;
    struct json_member member;
};

struct parser {
    struct text in;
    size_t at;
    struct arena *arena;
    struct err err;
};

static struct json read_value(struct parser *p, unsigned depth);

static void fail(struct parser *p, size_t at, const char *rule)
{
    if (!failed(p->err))
        p->err = err_at(ERR_INVALID, (uint32_t)at, rule);
}

static void fail_limit(struct parser *p, const char *rule)
{
    if (!failed(p->err))
        p->err = err_at(ERR_LIMIT, (uint32_t)p->at, rule);
}

/* Next byte, or -1 at the end or after a failure. */
static int peek(const struct parser *p)
{
    if (failed(p->err) || p->at >= p->in.len)
        return -1;
    return (unsigned char)p->in.data[p->at];
}

static void skip_white(struct parser *p)
{
    int c = peek(p);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        p->at++;
        c = peek(p);
    }
}

static bool take_char(struct parser *p, char wanted)
{
    if (peek(p) != wanted)
        return false;
    p->at++;
    return true;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static void skip_digits(struct parser *p)
{
    if (!is_digit(peek(p)))
        fail(p, p->at, "json.bad-number");
    while (is_digit(peek(p)))
        p->at++;
}

static struct json read_number(struct parser *p)
{
    size_t from = p->at;
    struct json out = { .kind = JSON_NUMBER, .at = (uint32_t)from };
    take_char(p, '-');
    if (!take_char(p, '0'))
        skip_digits(p);
    if (take_char(p, '.'))
        skip_digits(p);
    if (peek(p) == 'e' || peek(p) == 'E') {
        p->at++;
        if (!take_char(p, '+'))
            take_char(p, '-');
        skip_digits(p);
    }
    if (failed(p->err))
        return out;
    if (!number_parse(text_slice(p->in, from, p->at - from), &out.number))
        fail(p, from, "json.number-too-big");
    return out;
}

static unsigned hex_value(int c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

/* The four digits behind \u. */
static unsigned read_unit(struct parser *p)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; i++) {
        unsigned value = hex_value(peek(p));
        if (value > 15) {
            fail(p, p->at, "json.bad-escape");
            return 0;
        }
        unit = unit << 4 | value;
        p->at++;
    }
    return unit;
}

/* \u escape, `at` behind the u: one scalar value, of a pair if need be. */
static uint32_t read_scalar(struct parser *p)
{
    size_t from = p->at;
    unsigned high = read_unit(p);
    if (failed(p->err) || high < 0xD800 || high > 0xDFFF)
        return high;
    if (high > 0xDBFF || !take_char(p, '\\') || !take_char(p, 'u')) {
        fail(p, from, "json.lone-surrogate");
        return 0;
    }
    unsigned low = read_unit(p);
    if (low < 0xDC00 || low > 0xDFFF) {
        fail(p, from, "json.lone-surrogate");
        return 0;
    }
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static size_t put_utf8(char *out, uint32_t scalar)
{
    if (scalar < 0x80) {
        out[0] = (char)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        out[0] = (char)(0xC0 | scalar >> 6);
        out[1] = (char)(0x80 | (scalar & 63));
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = (char)(0xE0 | scalar >> 12);
        out[1] = (char)(0x80 | (scalar >> 6 & 63));
        out[2] = (char)(0x80 | (scalar & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | scalar >> 18);
    out[1] = (char)(0x80 | (scalar >> 12 & 63));
    out[2] = (char)(0x80 | (scalar >> 6 & 63));
    out[3] = (char)(0x80 | (scalar & 63));
    return 4;
}

static size_t read_escape(struct parser *p, char *out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    int c = peek(p);
    if (c == 'u') {
        p->at++;
        return put_utf8(out, read_scalar(p));
    }
    const char *hit = c <= 0 ? NULL : strchr(names, c);
    if (hit == NULL) {
        fail(p, p->at, "json.bad-escape");
        return 0;
    }
    p->at++;
    *out = values[hit - names];
    return 1;
}

/* The closing quote's offset and whether there is an escape before it. */
static size_t scan_string(struct parser *p, bool *escaped)
{
    *escaped = false;
    for (size_t i = p->at; i < p->in.len; i++) {
        unsigned char c = (unsigned char)p->in.data[i];
        if (c == '"')
            return i;
        if (c < 0x20) {
            fail(p, i, "json.control-character");
            return i;
        }
        if (c == '\\') {
            *escaped = true;
            i++;
        }
    }
    fail(p, p->in.len, "json.unterminated");
    return p->in.len;
}

/* `at` behind the opening quote. */
static struct text read_string(struct parser *p)
{
    bool escaped = false;
    size_t from = p->at;
    size_t end = scan_string(p, &escaped);
    struct text raw = text_slice(p->in, from, end - from);
    if (failed(p->err))
        return raw;
    if (!escaped) {
        p->at = end + 1;
        return raw;
    }
    char *out = arena_take(p->arena, raw.len); /* an escape is never longer unescaped */
    if (out == NULL) {
        fail_limit(p, "arena.full");
        return raw;
    }
    size_t len = 0;
    while (!failed(p->err) && p->at < end) {
        if (take_char(p, '\\'))
            len += read_escape(p, out + len);
        else
            out[len++] = p->in.data[p->at++];
    }
    if (!take_char(p, '"'))
        fail(p, p->at, "json.bad-escape");
    return (struct text){ out, len };
}

static struct cell *push_cell(struct parser *p, struct cell *before)
{
    struct cell *cell = ARENA_NEW(p->arena, struct cell);
    if (cell == NULL) {
        fail_limit(p, "arena.full");
        return before;
    }
    cell->before = before;
    return cell;
}

static struct json read_array(struct parser *p, unsigned depth)
{
    struct json out = { .kind = JSON_ARRAY, .at = (uint32_t)p->at - 1 };
    struct cell *last = NULL;
    skip_white(p);
    if (take_char(p, ']'))
        return out;
    do {
        struct json value = read_value(p, depth);
        last = push_cell(p, last);
        if (failed(p->err))
            return out;
        last->member.value = value;
        out.count++;
        skip_white(p);
    } while (take_char(p, ','));
    if (!take_char(p, ']'))
        fail(p, p->at, "json.expected-comma");
    out.items = ARENA_ARRAY(p->arena, struct json, out.count);
    if (out.items == NULL)
        fail_limit(p, "arena.full");
    for (uint32_t i = out.count; !failed(p->err) && i-- > 0; last = last->before)
        out.items[i] = last->member.value;
    out.room = out.count;
    return out;
}

enum { SMALL_OBJECT = 24 };

static int member_order(const struct json_member *a, const struct json_member *b)
{
    return bytes_compare(text_bytes(a->name), text_bytes(b->name));
}

/* Sorts pointers bottom-up: no recursion, no comparison callback into foreign code. */
static void sort_names(const struct json_member **names, const struct json_member **spare, size_t n)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width) {
            size_t middle = low + width < n ? low + width : n;
            size_t high = low + 2 * width < n ? low + 2 * width : n;
            size_t left = low;
            size_t right = middle;
            for (size_t to = low; to < high; to++) {
                bool take_left = left < middle &&
                    (right >= high || member_order(names[left], names[right]) <= 0);
                spare[to] = take_left ? names[left++] : names[right++];
            }
        }
        memcpy(names, spare, n * sizeof(*names));
    }
}

static void refuse_duplicates(struct parser *p, const struct json *object)
{
    uint32_t n = object->count;
    if (n <= SMALL_OBJECT) {
        for (uint32_t i = 1; i < n; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (text_equal(object->members[i].name, object->members[j].name))
                    fail(p, object->members[i].value.at, "json.duplicate-name");
            }
        }
        return;
    }
    size_t mark = p->arena->used;
    const struct json_member **names = arena_take_array(p->arena, n, 2 * sizeof(*names));
    if (names == NULL) {
        fail_limit(p, "arena.full");
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        names[i] = &object->members[i];
    sort_names(names, names + n, n);
    for (uint32_t i = 1; i < n; i++) {
        if (text_equal(names[i - 1]->name, names[i]->name))
            fail(p, names[i]->value.at, "json.duplicate-name");
    }
    arena_rewind(p->arena, mark);
}

static void read_member(struct parser *p, unsigned depth, struct json_member *out)
{
    skip_white(p);
    if (!take_char(p, '"'))
        fail(p, p->at, "json.expected-name");
    out->name = read_string(p);
    skip_white(p);
    if (!take_char(p, ':'))
        fail(p, p->at, "json.expected-colon");
    out->value = read_value(p, depth);
    skip_white(p);
}

static struct json read_object(struct parser *p, unsigned depth)
{
    struct json out = { .kind = JSON_OBJECT, .at = (uint32_t)p->at - 1 };
    struct cell *last = NULL;
    skip_white(p);
    if (take_char(p, '}'))
        return out;
    do {
        struct json_member member = { { NULL, 0 }, { .kind = JSON_NULL } };
        read_member(p, depth, &member);
        last = push_cell(p, last);
        if (failed(p->err))
            return out;
        last->member = member;
        out.count++;
    } while (take_char(p, ','));
    if (!take_char(p, '}'))
        fail(p, p->at, "json.expected-comma");
    out.members = ARENA_ARRAY(p->arena, struct json_member, out.count);
    if (out.members == NULL)
        fail_limit(p, "arena.full");
    for (uint32_t i = out.count; !failed(p->err) && i-- > 0; last = last->before)
        out.members[i] = last->member;
    out.room = out.count;
    if (!failed(p->err))
        refuse_duplicates(p, &out);
    return out;
}

static struct json read_word(struct parser *p, const char *word, enum json_kind kind)
{
    struct json out = { .kind = kind, .at = (uint32_t)p->at };
    struct text wanted = text_literal(word);
    if (!text_equal(text_slice(p->in, p->at, wanted.len), wanted))
        fail(p, p->at, "json.unexpected");
    else
        p->at += wanted.len;
    return out;
}

static struct json read_value(struct parser *p, unsigned depth)
{
    skip_white(p);
    struct json out = { .kind = JSON_NULL, .at = (uint32_t)p->at };
    int c = peek(p);
    if (depth == 0 && (c == '{' || c == '['))
        fail_limit(p, "json.too-deep");
    else if (take_char(p, '{'))
        return read_object(p, depth - 1);
    else if (take_char(p, '['))
        return read_array(p, depth - 1);
    else if (take_char(p, '"'))
        return (struct json){ .kind = JSON_STRING, .at = out.at, .string = read_string(p) };
    else if (c == '-' || is_digit(c))
        return read_number(p);
    else if (c == 't')
        return read_word(p, "true", JSON_TRUE);
    else if (c == 'f')
        return read_word(p, "false", JSON_FALSE);
    else if (c == 'n')
        return read_word(p, "null", JSON_NULL);
    else
        fail(p, p->at, c < 0 ? "json.unterminated" : "json.unexpected");
    return out;
}

struct err json_parse(struct bytes in, struct arena *arena, struct json *out)
{
    if (in.len >= UINT32_MAX)
        return err_make(ERR_LIMIT, "json.too-long");
    struct parser p = { .arena = arena, .err = err_none() };
    struct err e = text_parse(in, &p.in);
    if (failed(e))
        return e;
    struct json value = read_value(&p, JSON_DEPTH_MAX);
    skip_white(&p);
    if (!failed(p.err) && p.at != p.in.len)
        fail(&p, p.at, "json.trailing");
    if (failed(p.err))
        return p.err;
    *out = value;
    return err_none();
}
