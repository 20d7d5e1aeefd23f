/* Takes the members of one JSON object apart. The first failure sticks: later takes give zero,
 * and fields_end() reports it, or a member that nobody asked for: a message of format 1 is
 * closed. */
#ifndef COMITY_LINK_FIELD_H
#define COMITY_LINK_FIELD_H

#include "core/hash.h"
#include "core/json.h"
#include "core/time.h"

struct fields {
    const struct json *object;
    const char *rule; /* of every failure; `at` is the place of the value or of the object */
    uint32_t taken;
    struct err err;
};

struct fields fields_over(const struct json *object, const char *rule);
/* Reads canonical JSON that is an object; anything else is the sticky failure. */
struct fields fields_read(struct bytes in, struct arena *arena, const char *rule);

bool fields_has(const struct fields *f, const char *name);
/* NULL on failure. */
const struct json *fields_take(struct fields *f, const char *name, enum json_kind kind);
struct text fields_text(struct fields *f, const char *name, size_t len_max); /* not empty */
uint64_t fields_number(struct fields *f, const char *name, uint64_t min, uint64_t max);
void fields_hex(struct fields *f, const char *name, uint8_t *out, size_t len);
struct instant fields_instant(struct fields *f, const char *name);
/* The value must be exactly `literal`. */
void fields_literal(struct fields *f, const char *name, const char *literal);
/* A check of the caller's own. */
void fields_check(struct fields *f, bool right, const char *name);
MUST_USE struct err fields_end(const struct fields *f);

struct json field_hex(struct arena *arena, const uint8_t *in, size_t len);

#endif
