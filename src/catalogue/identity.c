#include "catalogue/identity.h"

#include "catalogue/edition.h"
#include "core/writer.h"
#include "model/mrz.h"

enum { COMPONENTS_MAX = 4, VALUES_MAX = 8 };

struct identity_row {
    enum record_kind kind;
    const char *components; /* words */
    const char *twin;       /* words */
    const char *basis;
    const char *unverified;
};

#include "catalogue/identity_tables.inc"

enum { IDENTITY_ROWS = sizeof(identity_rows) / sizeof(identity_rows[0]) };
_Static_assert(IDENTITY_ROWS <= 256, "a row's number is one byte of its keys");

struct values {
    struct text items[VALUES_MAX];
    size_t count;
};

static void value_add(struct values *to, struct text value)
{
    for (size_t i = 0; i < to->count; i++) {
        if (text_equal(to->items[i], value))
            return;
    }
    if (value.len > 0 && to->count < VALUES_MAX)
        to->items[to->count++] = value;
}

/* Letters and digits alone, in capitals: "MAI 000-xa" is "MAI000XA". */
static struct text number_plain(struct text in, struct arena *arena)
{
    char *out = arena_take(arena, in.len);
    size_t len = 0;
    for (size_t i = 0; out != NULL && i < in.len; i++) {
        char c = in.data[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0)
            out[len++] = c;
    }
    return (struct text){ out, len };
}

/* As a travel document writes it; a script without a table stays as it is. */
static struct text name_plain(struct text in, struct arena *arena)
{
    struct text out = mrz_transliterate(in, MRZ_ANY, arena);
    return out.len > 0 ? text_trim(out) : in;
}

static struct text parts_of(const struct json *value, const char *type, struct arena *arena)
{
    const struct json *parts = json_get(value, "parts");
    struct text out = { NULL, 0 };
    for (size_t i = 0; i < json_count(parts); i++) {
        const struct json *part = json_item(parts, i);
        if (!text_is(json_get_text(part, "type"), type))
            continue;
        struct text plain = name_plain(json_get_text(part, "text"), arena);
        out = out.len == 0 ? plain : arena_join(arena, arena_join(arena, out, TEXT(" ")), plain);
    }
    return out;
}

static struct text name_value(const struct json *value, struct arena *arena)
{
    struct text surname = parts_of(value, "surname", arena);
    struct text given = parts_of(value, "given", arena);
    if (surname.len > 0 && given.len > 0)
        return arena_join(arena, arena_join(arena, surname, TEXT("|")), given);
    struct text full = json_get_text(value, "full");
    if (json_count(json_get(value, "parts")) > 0 || full.len == 0)
        return (struct text){ NULL, 0 };
    return arena_join(arena, TEXT("|"), name_plain(full, arena));
}

static struct text day_value(const struct json *value)
{
    struct text from = json_get_text(value, "from");
    bool exact = from.len > 0 && text_equal(from, json_get_text(value, "to"));
    return exact ? from : (struct text){ NULL, 0 };
}

/* A number with the country that gave it; a partial one is none. */
static struct text number_value(const struct json *value, bool country, struct arena *arena)
{
    struct text plain = number_plain(json_get_text(value, "number"), arena);
    if (plain.len == 0 || json_get_bool(value, "partial"))
        return (struct text){ NULL, 0 };
    struct text of = json_get_text(value, "country");
    if (!country)
        return plain;
    return of.len == 0 ? (struct text){ NULL, 0 }
                       : arena_join(arena, arena_join(arena, of, TEXT(":")), plain);
}

static struct text value_of(struct text component, const struct json *value, struct arena *arena)
{
    if (text_is(component, "name"))
        return name_value(value, arena);
    if (text_is(component, "birth-date"))
        return day_value(value);
    if (text_is(component, "sex") || text_is(component, "type"))
        return json_get_text(value, "code");
    if (text_is(component, "make"))
        return name_plain(json_get_text(value, "text"), arena);
    bool country = text_is(component, "plate") || text_is(component, "document");
    return number_value(value, country, arena);
}

static void values_of(struct text component, const struct json *record, struct arena *arena,
                      struct values *out)
{
    const struct json *statements = json_get(record, "statements");
    out->count = 0;
    for (size_t i = 0; i < json_count(statements); i++) {
        const struct json *one = json_item(statements, i);
        const struct json *value = json_get(one, "value");
        if (value != NULL && text_equal(json_get_text(one, "attribute"), component) &&
            !text_is(json_get_text(one, "set"), "misused"))
            value_add(out, value_of(component, value, arena));
    }
}

/* Every component of `words` with its values; false when one has none. */
struct components {
    struct values values[COMPONENTS_MAX];
    size_t count;
};

static bool components_of(const char *words, const struct json *record, struct arena *arena,
                          struct components *out)
{
    struct text rest = text_literal(words);
    struct text word;
    out->count = 0;
    while (word_next(&rest, &word) && out->count < COMPONENTS_MAX) {
        struct values *values = &out->values[out->count++];
        values_of(word, record, arena, values);
        if (values->count == 0)
            return false;
    }
    return out->count > 0;
}

/* The n-th choice of one value a component; false when there are fewer. */
static bool choose(const struct components *of, size_t n, uint8_t salt, struct hash *out)
{
    static const uint8_t between[1] = { 0 };
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, text_bytes(TEXT("comity/identity/v1")));
    hasher_add(&h, bytes_of(&salt, 1));
    for (size_t i = 0; i < of->count; i++) {
        struct text value = of->values[i].items[n % of->values[i].count];
        n /= of->values[i].count;
        hasher_add(&h, text_bytes(value));
        hasher_add(&h, bytes_of(between, 1));
    }
    *out = hasher_end(&h);
    return n == 0;
}

static void row_keys(uint8_t row, const struct json *record, struct arena *arena,
                     struct identity *out)
{
    struct components *keys = ARENA_NEW(arena, struct components);
    struct components *twins = ARENA_NEW(arena, struct components);
    struct identity_key key = { .twinned = false };
    if (keys == NULL || twins == NULL ||
        !components_of(identity_rows[row].components, record, arena, keys))
        return;
    if (components_of(identity_rows[row].twin, record, arena, twins))
        key.twinned = choose(twins, 0, row, &key.twin);
    for (size_t n = 0; out->count < IDENTITY_KEYS_MAX && choose(keys, n, row, &key.key); n++)
        out->keys[out->count++] = key;
}

struct err identity_keys(const struct json *record, struct arena *arena, struct identity *out)
{
    int kind = code_find(CODE_KIND, json_get_text(record, "kind"));
    out->count = 0;
    for (size_t i = 0; i < IDENTITY_ROWS; i++) {
        if ((int)identity_rows[i].kind == kind)
            row_keys((uint8_t)i, record, arena, out);
    }
    return arena_check(arena);
}

enum same identity_compare(const struct identity *a, const struct identity *b)
{
    enum same found = SAME_NO;
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            const struct identity_key *one = &a->keys[i];
            const struct identity_key *other = &b->keys[j];
            if (!hash_equal(&one->key, &other->key))
                continue;
            if (!one->twinned || !other->twinned || hash_equal(&one->twin, &other->twin))
                return SAME_YES;
            found = SAME_CLONE;
        }
    }
    return found;
}
