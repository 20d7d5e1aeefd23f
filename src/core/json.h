/* JSON: a strict reader into an arena and a writer that is canonical by construction.
 *
 * Reading (RFC 8259, made strict): UTF-8 only, no byte order mark, no duplicate names (after
 * unescaping), no lone surrogate, no NUL-truncation, depth and size limits; numbers must be
 * finite doubles. `at` of an error is the byte offset in the input. Reading the same bytes gives
 * the same tree; the tree borrows from the input where it can, else from the arena.
 *
 * Writing: RFC 8785 (JCS): members sorted by UTF-16 code units, shortest round-trip numbers as
 * ECMAScript prints them, minimal escapes. Facts, hashes and signatures are over those bytes.
 *
 * Building: json_object()/json_array() and json_set()/json_push() make trees in an arena. A full
 * arena sticks (arena_check, and json_format refuses); builders then do nothing. */
#ifndef COMITY_CORE_JSON_H
#define COMITY_CORE_JSON_H

#include "core/arena.h"

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

enum { JSON_DEPTH_MAX = 64 };
#define JSON_INTEGER_MAX 9007199254740991LL /* 2^53 - 1: design section 9 */

struct json_member;

struct json {
    enum json_kind kind;
    uint32_t at;    /* offset of the value in the input; 0 for built values */
    uint32_t count; /* elements or members */
    uint32_t room;  /* capacity of a built array or object */
    union {
        double number;
        struct text string;
        struct json *items;
        struct json_member *members;
    };
};

struct json_member {
    struct text name;
    struct json value;
};

/* Errors: ERR_INVALID with a json.* rule; ERR_LIMIT json.too-deep, arena.full. */
MUST_USE struct err json_parse(struct bytes in, struct arena *arena, struct json *out);

/* Canonical bytes. ERR_INVALID for a number that is not finite; ERR_LIMIT when the arena is or was
 * full. */
MUST_USE struct err json_format(const struct json *value, struct arena *arena, struct bytes *out);

/* Indented, for people (`--json` on a terminal); same order of members. */
MUST_USE struct err json_format_pretty(const struct json *value, struct arena *arena,
                                       struct bytes *out);

/* The member's value or NULL; also NULL when `object` is NULL or no object. */
const struct json *json_get(const struct json *object, const char *name);
/* Element i; where there is none a JSON null, never NULL: an object has a count too, and whoever
 * sends one for an array must find nothing. */
const struct json *json_item(const struct json *array, size_t i);
size_t json_count(const struct json *value_opt); /* elements or members; 0 for all else */

/* Value of a string member; empty text (data NULL) when absent or not a string. */
struct text json_get_text(const struct json *object, const char *name);
/* Element i, if it is a string; else empty text (data NULL). */
struct text json_item_text(const struct json *array, size_t i);
/* true and *out for an integer member within ±2^53. */
bool json_get_integer(const struct json *object, const char *name, int64_t *out);
bool json_get_bool(const struct json *object, const char *name); /* absent is false */
bool json_is_integer(const struct json *value_opt, int64_t *out);
bool json_equal(const struct json *a, const struct json *b);

struct json json_null(void);
struct json json_bool(bool value);
struct json json_integer(int64_t value); /* within ±2^53 (asserted) */
struct json json_string(struct text value); /* borrows */
struct json json_literal(const char *literal);
struct json json_object(void); /* empty; grows in the arena */
struct json json_array(void);

/* Adds or replaces. `name` is a literal of ours and is borrowed. */
void json_set(struct arena *arena, struct json *object, const char *name, struct json value);
void json_set_name(struct arena *arena, struct json *object, struct text name, struct json value);
void json_set_text(struct arena *arena, struct json *object, const char *name, struct text value);
void json_set_integer(struct arena *arena, struct json *object, const char *name, int64_t value);
/* Sets what `from` has under this name, or under each of these; nothing where it has nothing. The
 * values are shared, not copied. */
void json_take(struct arena *arena, struct json *to, const struct json *from, const char *name);
void json_take_all(struct arena *arena, struct json *to, const struct json *from,
                   const char *const *names, size_t count);
void json_push(struct arena *arena, struct json *array, struct json value);
void json_remove(struct json *object, const char *name);
/* Deep copy into `arena`: nothing is borrowed from the original. */
struct json json_copy(struct arena *arena, const struct json *value);

#endif
