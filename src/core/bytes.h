/* Views of bytes and of text. A view borrows: it never owns and never frees.
 *
 * `struct bytes` is any bytes. `struct text` is bytes that are proved UTF-8: only
 * text_parse(), the JSON reader and TEXT("literal") make one from foreign input. */
#ifndef COMITY_CORE_BYTES_H
#define COMITY_CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/err.h"

struct bytes {
    const uint8_t *data;
    size_t len;
};

struct text {
    const char *data;
    size_t len;
};

#define BYTES_OF(array) ((struct bytes){ (array), sizeof(array) })
#define TEXT(literal) ((struct text){ ("" literal ""), sizeof(literal) - 1 })

static inline struct bytes bytes_of(const void *data, size_t len)
{
    return (struct bytes){ data, len };
}

static inline struct bytes text_bytes(struct text t)
{
    return (struct bytes){ (const uint8_t *)t.data, t.len };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool text_equal(struct text a, struct text b)
{
    return bytes_equal(text_bytes(a), text_bytes(b));
}

/* Order by unsigned bytes, a prefix first. <0, 0, >0. */
int bytes_compare(struct bytes a, struct bytes b);

/* `literal` is a NUL-terminated literal of ours. */
bool text_is(struct text t, const char *literal);
bool text_starts(struct text t, struct text prefix);
bool text_ends(struct text t, struct text suffix);

/* View of a literal or of a C string of ours that is known to be UTF-8. */
struct text text_literal(const char *literal);

/* Proof of UTF-8 (RFC 3629: no surrogates, no overlong forms, up to U+10FFFF). `at` of the
 * error is the offset of the first bad byte. NUL is a valid character here. */
MUST_USE struct err text_parse(struct bytes in, struct text *out);

/* The part of `t` from `from` (clamped) of at most `len` bytes; the caller cuts on
 * character borders. */
struct text text_slice(struct text t, size_t from, size_t len);

/* Splits at the first `separator`: the part before it, and `rest` moves behind it. The
 * last part leaves `rest->data` NULL. */
struct text text_split(struct text *rest, char separator);

/* `word` is a part of `list`, split so. */
bool text_lists(struct text list, char separator, struct text word);

/* Trims ASCII white space at both ends. */
struct text text_trim(struct text t);

#endif
