#include "core/bytes.h"

#include <assert.h>

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.data, b.data, len);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

struct text text_literal(const char *literal)
{
    assert(literal != NULL);
    return (struct text){ literal, strlen(literal) };
}

bool text_is(struct text t, const char *literal)
{
    return text_equal(t, text_literal(literal));
}

bool text_starts(struct text t, struct text prefix)
{
    return t.len >= prefix.len && (prefix.len == 0 || memcmp(t.data, prefix.data, prefix.len) == 0);
}

bool text_ends(struct text t, struct text suffix)
{
    return t.len >= suffix.len &&
           (suffix.len == 0 || memcmp(t.data + (t.len - suffix.len), suffix.data, suffix.len) == 0);
}

/* Length of the well-formed character at `p`, 0 if none (Unicode table 3-7). */
static size_t utf8_length(const uint8_t *p, size_t left)
{
    uint8_t lead = p[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    size_t len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < len)
        return 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    return len;
}

struct err text_parse(struct bytes in, struct text *out)
{
    size_t i = 0;
    while (i < in.len) {
        size_t len = utf8_length(in.data + i, in.len - i);
        if (len == 0)
            return err_at(ERR_INVALID, (uint32_t)i, "text.not-utf8");
        i += len;
    }
    *out = (struct text){ (const char *)in.data, in.len };
    return err_none();
}

struct text text_slice(struct text t, size_t from, size_t len)
{
    if (from > t.len)
        from = t.len;
    if (len > t.len - from)
        len = t.len - from;
    return (struct text){ t.data == NULL ? NULL : t.data + from, len };
}

struct text text_split(struct text *rest, char separator)
{
    struct text all = *rest;
    const char *hit = all.len == 0 ? NULL : memchr(all.data, separator, all.len);
    if (hit == NULL) {
        *rest = (struct text){ NULL, 0 };
        return all;
    }
    size_t len = (size_t)(hit - all.data);
    *rest = (struct text){ hit + 1, all.len - len - 1 };
    return (struct text){ all.data, len };
}

bool text_lists(struct text list, char separator, struct text word)
{
    while (list.data != NULL) {
        if (text_equal(text_split(&list, separator), word))
            return true;
    }
    return false;
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct text text_trim(struct text t)
{
    while (t.len > 0 && is_white(t.data[0])) {
        t.data++;
        t.len--;
    }
    while (t.len > 0 && is_white(t.data[t.len - 1]))
        t.len--;
    return t;
}
