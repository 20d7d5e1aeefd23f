#include <assert.h>
#include <nettle/sha1.h>

#include "model/id_checks.h"

enum {
    IMEI_LEN = 15,
    IMEISV_LEN = 16,
    MANUFACTURER_DECIMAL_LEN = 10,
    MANUFACTURER_BITS = 32,
    SERIAL_BITS = 24,
    IMSI_LEN_MIN = 6,
    IMSI_LEN_MAX = 15,
    PHONE_LEN_MIN = 5, /* national short numbers occur in files */
    PHONE_LEN_MAX = 15
};

static uint64_t number_of(struct text t, unsigned radix)
{
    uint64_t value = 0;
    for (size_t i = 0; i < t.len; i++)
        value = value * radix + (unsigned)checkdigit_value(t.data[i], DIGITS_16);
    return value;
}

static void put_number(uint64_t value, unsigned radix, char *out, size_t len)
{
    for (size_t i = len; i-- > 0; value /= radix)
        out[i] = DIGITS_16[value % radix];
}

void meid_decimal(struct text key, char out[static MEID_DECIMAL_LEN])
{
    assert(key.len == MEID_LEN);
    put_number(number_of(text_slice(key, 0, 8), 16), 10, out, MANUFACTURER_DECIMAL_LEN);
    put_number(number_of(text_slice(key, 8, 6), 16), 10, out + MANUFACTURER_DECIMAL_LEN,
               MEID_DECIMAL_LEN - MANUFACTURER_DECIMAL_LEN);
}

char meid_digit(struct text key, bool decimal)
{
    assert(key.len == MEID_LEN);
    if (!decimal)
        return luhn_digit(key, checkdigit_text_in(key, DIGITS_10) ? DIGITS_10 : DIGITS_16);
    char digits[MEID_DECIMAL_LEN];
    meid_decimal(key, digits);
    return luhn_digit((struct text){ digits, MEID_DECIMAL_LEN }, DIGITS_10);
}

void meid_pseudo_esn(struct text key, char out[static PSEUDO_ESN_LEN])
{
    assert(key.len == MEID_LEN);
    uint8_t bytes[MEID_LEN / 2];
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct sha1_ctx sha;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)number_of(text_slice(key, 2 * i, 2), 16);
    sha1_init(&sha);
    sha1_update(&sha, sizeof(bytes), bytes);
    sha1_digest(&sha, sizeof(digest), digest);
    uint64_t low = (uint64_t)digest[17] << 16 | (uint64_t)digest[18] << 8 | digest[19];
    put_number(UINT64_C(0x80000000) | low, 16, out, PSEUDO_ESN_LEN);
}

/* Decimal MEID to the 14 hexadecimal digits that are its key. */
static void check_decimal(struct id_work *w)
{
    struct text digits = text_slice(w->key, 0, MEID_DECIMAL_LEN);
    uint64_t manufacturer = number_of(text_slice(digits, 0, MANUFACTURER_DECIMAL_LEN), 10);
    uint64_t serial = number_of(text_slice(digits, MANUFACTURER_DECIMAL_LEN, 8), 10);
    if (manufacturer >> MANUFACTURER_BITS != 0 || serial >> SERIAL_BITS != 0) {
        id_say(w, IDENTIFIER_UNKNOWN);
        return;
    }
    char *hex = arena_take(w->arena, MEID_LEN);
    if (hex == NULL)
        return;
    put_number(manufacturer, 16, hex, 8);
    put_number(serial, 16, hex + 8, 6);
    if (w->key.len == MEID_DECIMAL_LEN + 1)
        id_judge_digit(w, MEID_DECIMAL_LEN, luhn_digit(digits, DIGITS_10));
    w->out->key = (struct text){ hex, MEID_LEN };
}

/* The key is what names the device: neither check digit nor software version. */
static void check_hexadecimal(struct id_work *w, bool decimal)
{
    struct text device = text_slice(w->key, 0, MEID_LEN);
    bool has_digit = w->key.len == IMEI_LEN;
    if (has_digit)
        id_judge_digit(w, MEID_LEN, meid_digit(device, false));
    /* networks send 0 in place of the check digit (3GPP TS 23.003 clause 6.2.1) */
    if (has_digit && decimal && w->key.data[MEID_LEN] == '0' &&
        w->out->verdict == IDENTIFIER_WRONG_DIGIT)
        id_say(w, IDENTIFIER_UNCHECKED);
    w->out->key = device;
}

void id_check_imei(struct id_work *w)
{
    size_t len = w->key.len;
    bool decimal = checkdigit_text_in(w->key, DIGITS_10);
    if (len != MEID_LEN && len != IMEI_LEN && len != IMEISV_LEN && len != MEID_DECIMAL_LEN &&
        len != MEID_DECIMAL_LEN + 1)
        id_say(w, IDENTIFIER_WRONG_LENGTH);
    else if (!decimal && (len >= IMEISV_LEN || !checkdigit_text_in(w->key, DIGITS_16)))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (len >= MEID_DECIMAL_LEN)
        check_decimal(w);
    else
        check_hexadecimal(w, decimal);
}

struct network {
    char country[4];
    const char *codes; /* "01 02 150": network codes assigned there */
};

static const struct network networks[] = {
#include "model/imsi.inc"
};

static const struct network *network_find(struct text country)
{
    for (size_t i = 0; i < sizeof(networks) / sizeof(networks[0]); i++) {
        if (text_is(country, networks[i].country))
            return &networks[i];
    }
    return NULL;
}

/* Length of the assigned code that `rest` begins with, or 0. */
static size_t network_length(const struct network *n, struct text rest)
{
    struct text codes = text_literal(n->codes);
    size_t longest = 0;
    while (codes.len > 0) {
        struct text code = text_split(&codes, ' ');
        if (text_starts(rest, code) && code.len > longest)
            longest = code.len;
    }
    return longest;
}

struct imsi imsi_parts(struct text key)
{
    struct imsi out = { .country = text_slice(key, 0, 3),
                        .subscriber = text_slice(key, 3, key.len) };
    const struct network *n = network_find(out.country);
    size_t len = n == NULL ? 0 : network_length(n, out.subscriber);
    out.network = text_slice(out.subscriber, 0, len);
    out.subscriber = text_slice(out.subscriber, len, out.subscriber.len);
    return out;
}

void id_check_imsi(struct id_work *w)
{
    if (w->key.len < IMSI_LEN_MIN || w->key.len > IMSI_LEN_MAX)
        id_say(w, IDENTIFIER_WRONG_LENGTH);
    else if (!checkdigit_text_in(w->key, DIGITS_10))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (network_find(text_slice(w->key, 0, 3)) == NULL)
        id_say(w, IDENTIFIER_UNKNOWN);
}

/* An extension is dialled within the house: "x5", "ext. 5". */
static struct text without_extension(struct text key)
{
    for (size_t i = 1; i < key.len; i++) {
        struct text rest = text_slice(key, i, key.len);
        bool marked = text_starts(rest, TEXT("X")) || text_starts(rest, TEXT("EXT"));
        if (marked && checkdigit_text_in(text_slice(key, 0, i), DIGITS_10))
            return text_slice(key, 0, i);
    }
    return key;
}

/* "+44 (0)20": the zero is dialled at home only. */
static struct text without_trunk_zero(struct id_work *w, struct text key)
{
    const char *zero = memmem(w->as_seen.data, w->as_seen.len, "(0)", 3);
    size_t digits = 0;
    if (zero == NULL)
        return key;
    for (const char *p = w->as_seen.data; p < zero; p++)
        digits += *p >= '0' && *p <= '9';
    digits -= text_starts(w->key, TEXT("00")) ? 2 : 0;
    if (digits == 0 || digits > 3 || digits >= key.len || key.data[digits] != '0')
        return key;
    return arena_join(w->arena, text_slice(key, 0, digits), text_slice(key, digits + 1, key.len));
}

/* The normal form of ITU-T E.164, without the plus, which has gone with the separators. A national
 * number stays one: its country's plan is not known here. */
void id_check_phone(struct id_work *w)
{
    struct text key = without_extension(w->key);
    bool dialled = text_starts(key, TEXT("00")); /* 00 is how + is dialled */
    bool international = dialled || text_starts(text_trim(w->as_seen), TEXT("+"));
    if (dialled)
        key = text_slice(key, 2, key.len);
    if (international)
        key = without_trunk_zero(w, key);
    w->out->key = key;
    if (!checkdigit_text_in(key, DIGITS_10))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (key.len < PHONE_LEN_MIN || key.len > PHONE_LEN_MAX)
        id_say(w, IDENTIFIER_WRONG_LENGTH);
}
