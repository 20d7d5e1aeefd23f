#include "index/segment/object.h"

/* Place in it is the code; 0 ends. Letters stand for both cases. */
static const char alphabet[64] = "\0"
                                 "0123456789"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "-./+@_: #*&(),;=!%<>~|$'^?";

enum { COUNTRY_BASE = 27, CODE_BITS = 6, LETTER_A = 11 };
#define TEN_CODES ((UINT64_C(1) << 60) - 1)

/* The code of each character, and of a letter its case; 0: it has none. */
enum { CODE_MASK = 63, UPPER = 64, LOWER = 128 };
#define LETTER_CODES(flag)                                                                         \
    11 | (flag), 12 | (flag), 13 | (flag), 14 | (flag), 15 | (flag), 16 | (flag), 17 | (flag),     \
        18 | (flag), 19 | (flag), 20 | (flag), 21 | (flag), 22 | (flag), 23 | (flag), 24 | (flag), \
        25 | (flag), 26 | (flag), 27 | (flag), 28 | (flag), 29 | (flag), 30 | (flag), 31 | (flag), \
        32 | (flag), 33 | (flag), 34 | (flag), 35 | (flag), 36 | (flag)
static const uint8_t code_of[256] = {
    ['0'] = 1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    ['A'] = LETTER_CODES(UPPER),
    ['a'] = LETTER_CODES(LOWER),
    ['-'] = 37,
    ['.'] = 38,
    ['/'] = 39,
    ['+'] = 40,
    ['@'] = 41,
    ['_'] = 42,
    [':'] = 43,
    [' '] = 44,
    ['#'] = 45,
    ['*'] = 46,
    ['&'] = 47,
    ['('] = 48,
    [')'] = 49,
    [','] = 50,
    [';'] = 51,
    ['='] = 52,
    ['!'] = 53,
    ['%'] = 54,
    ['<'] = 55,
    ['>'] = 56,
    ['~'] = 57,
    ['|'] = 58,
    ['$'] = 59,
    ['\''] = 60,
    ['^'] = 61,
    ['?'] = 62,
};

/* Up to ten characters, the first lowest; what they have in common and what some have. */
static uint64_t pack_ten(const char *at, size_t len, uint8_t *least, uint8_t *seen)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t code = code_of[(uint8_t)at[i]];
        *least = code < *least ? code : *least;
        *seen |= code;
        bits |= (uint64_t)(code & CODE_MASK) << CODE_BITS * i;
    }
    return bits;
}

bool packed_from(struct text canonical, struct packed *out)
{
    uint8_t least = UINT8_MAX;
    uint8_t seen = 0;
    size_t len = canonical.len;
    if (len == 0 || len > PACKED_CHARS_MAX)
        return false;
    out->bits[0] = pack_ten(canonical.data, len < 10 ? len : 10, &least, &seen);
    out->bits[1] =
        len > 10 ? pack_ten(canonical.data + 10, len < 20 ? len - 10 : 10, &least, &seen) : 0;
    if (len > 20) { /* the last one in the bits left over: four and two */
        uint64_t last = pack_ten(canonical.data + 20, 1, &least, &seen);
        out->bits[0] |= (last & 15) << 60;
        out->bits[1] |= (last >> 4) << 60;
    }
    out->lower = (seen & LOWER) != 0;
    return least > 0 && (seen & (LOWER | UPPER)) != (LOWER | UPPER);
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
    return doc->kind <= UINT8_MAX && doc->name_count == 0 && doc->nationality_count == 0 &&
           doc->identifier_count == 1 && doc->birth.quality == INDEX_BIRTH_UNKNOWN &&
           doc->sex == INDEX_SEX_UNKNOWN && doc->identifiers[0].confusable.len == 0 &&
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

uint16_t object_class(const uint8_t in[static OBJECT_BYTES])
{
    return get_u16(in + 24);
}

void object_codes_make(char (*becomes)(char upper), struct object_codes *out)
{
    for (size_t code = 0; code < sizeof alphabet; code++)
        out->of[code] = becomes(alphabet[code]);
}

size_t object_key(const uint8_t in[static OBJECT_BYTES], const struct object_codes *codes,
                  char out[static PACKED_CHARS_MAX])
{
    struct packed packed = { { load_u64(in + 8), load_u64(in + 16) }, false };
    uint64_t bits = packed.bits[0] & TEN_CODES;
    size_t len = 0;
    for (; bits != 0; bits >>= CODE_BITS) {
        out[len] = codes->of[bits & 63];
        len += out[len] != 0;
    }
    if (packed.bits[1] == 0 && packed.bits[0] >> 60 == 0)
        return len; /* most */
    for (bits = packed.bits[1] & TEN_CODES; bits != 0; bits >>= CODE_BITS) {
        out[len] = codes->of[bits & 63];
        len += out[len] != 0;
    }
    out[len] = codes->of[packed_code(&packed, 20)];
    return len + (out[len] != 0);
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
    const unsigned letters[3] = { code / (COUNTRY_BASE * COUNTRY_BASE),
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
