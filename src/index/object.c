#include "index/object.h"

/* Place in it is the code; 0 ends. Letters stand for both cases. */
static const char alphabet[64] = "\0"
                                 "0123456789"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "-./+@_: #*&(),;=!%<>~|$'^?";

enum { COUNTRY_BASE = 27, CODE_BITS = 6, LETTER_A = 11 };

static unsigned code_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 1;
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A') + LETTER_A;
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + LETTER_A;
    for (unsigned i = LETTER_A + 26; i < sizeof alphabet; i++) {
        if (alphabet[i] == c)
            return c == '\0' ? 0 : i;
    }
    return 0;
}

bool packed_from(struct text canonical, struct packed *out)
{
    struct packed packed = { { 0, 0 }, false };
    bool upper = false;
    if (canonical.len == 0 || canonical.len > PACKED_CHARS_MAX)
        return false;
    for (size_t i = 0; i < canonical.len; i++) {
        char c = canonical.data[i];
        uint64_t code = code_of(c);
        if (code == 0)
            return false;
        packed.lower = packed.lower || (c >= 'a' && c <= 'z');
        upper = upper || (c >= 'A' && c <= 'Z');
        if (i < 20) {
            packed.bits[i / 10] |= code << CODE_BITS * (i % 10);
        } else { /* the last one in the bits left over: four and two */
            packed.bits[0] |= (code & 15) << 60;
            packed.bits[1] |= (code >> 4) << 60;
        }
    }
    if (packed.lower && upper)
        return false;
    *out = packed;
    return true;
}

static unsigned packed_code(const struct packed *packed, size_t i)
{
    if (i < 20)
        return packed->bits[i / 10] >> CODE_BITS * (i % 10) & 63;
    return (unsigned)(packed->bits[0] >> 60) | (unsigned)(packed->bits[1] >> 60 & 3) << 4;
}

static bool country_code(struct text country, uint16_t *out)
{
    unsigned code = 0;
    if (country.len > 3)
        return false;
    for (size_t i = 0; i < 3; i++) {
        char c = i < country.len ? country.data[i] : '@';
        if (i < country.len && (c < 'A' || c > 'Z'))
            return false;
        code = code * COUNTRY_BASE + (unsigned)(c - '@');
    }
    *out = (uint16_t)code;
    return true;
}

bool object_fits(const struct index_doc *doc)
{
    struct packed packed;
    uint16_t country = 0;
    return doc->kind <= UINT8_MAX && doc->name_count == 0 &&
           doc->nationality_count == 0 && doc->identifier_count == 1 &&
           doc->birth.quality == INDEX_BIRTH_UNKNOWN && doc->sex == INDEX_SEX_UNKNOWN &&
           doc->identifiers[0].confusable.len == 0 &&
           country_code(doc->identifiers[0].country, &country) &&
           packed_from(doc->identifiers[0].canonical, &packed);
}

static void put_u16(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, sizeof value);
}

static uint16_t get_u16(const uint8_t *at)
{
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

void object_write(const struct index_doc *doc, uint8_t out[static OBJECT_BYTES])
{
    struct packed packed = { { 0, 0 }, false };
    uint16_t country = 0;
    (void)packed_from(doc->identifiers[0].canonical, &packed);
    (void)country_code(doc->identifiers[0].country, &country);
    store_u64(out, doc->number);
    store_u64(out + 8, packed.bits[0]);
    store_u64(out + 16, packed.bits[1]);
    put_u16(out + 24, doc->identifiers[0].cls);
    out[26] = (uint8_t)doc->kind;
    out[27] = (uint8_t)doc->group;
    put_u16(out + 28, country);
    out[30] = packed.lower;
    out[31] = (uint8_t)(doc->group >> 8);
}

uint16_t object_kind(const uint8_t in[static OBJECT_BYTES])
{
    return in[26];
}

uint16_t object_group(const uint8_t in[static OBJECT_BYTES])
{
    return (uint16_t)(in[27] | in[31] << 8);
}

static size_t unpack(const struct packed *packed, char out[static PACKED_CHARS_MAX])
{
    size_t len = 0;
    for (; len < PACKED_CHARS_MAX; len++) {
        char c = alphabet[packed_code(packed, len)];
        if (c == '\0')
            break;
        out[len] = packed->lower && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return len;
}

static size_t country_text(uint16_t code, char out[static 3])
{
    unsigned letters[3] = { code / (COUNTRY_BASE * COUNTRY_BASE),
                            code / COUNTRY_BASE % COUNTRY_BASE, code % COUNTRY_BASE };
    size_t len = 0;
    while (len < 3 && letters[len] > 0 && letters[len] < COUNTRY_BASE) {
        out[len] = (char)('@' + letters[len]);
        len++;
    }
    return len;
}

struct err object_read(const uint8_t in[static OBJECT_BYTES], struct arena *arena,
                       struct index_doc *out)
{
    struct packed packed = { { load_u64(in + 8), load_u64(in + 16) }, in[30] == 1 };
    char text[PACKED_CHARS_MAX];
    char country[3];
    size_t len = unpack(&packed, text);
    size_t country_len = country_text(get_u16(in + 28), country);
    struct index_identifier *id = ARENA_NEW(arena, struct index_identifier);
    if (id == NULL)
        return arena_check(arena);
    id->cls = get_u16(in + 24);
    id->canonical = arena_copy_text(arena, (struct text){ text, len });
    id->country = arena_copy_text(arena, (struct text){ country, country_len });
    struct err e = arena_check(arena);
    if (failed(e))
        return e;
    *out = (struct index_doc){ .number = load_u64(in),
                               .kind = object_kind(in),
                               .group = object_group(in),
                               .identifiers = id,
                               .identifier_count = 1 };
    return err_none();
}

bool object_holds(const uint8_t in[static OBJECT_BYTES], uint16_t cls, const struct packed *packed)
{
    return load_u64(in + 8) == packed->bits[0] && load_u64(in + 16) == packed->bits[1] &&
           get_u16(in + 24) == cls && in[30] == packed->lower;
}
