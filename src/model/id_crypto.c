#include <nettle/sha3.h>

#include "core/hash.h"
#include "model/id_checks.h"

/* Addresses of crypto-assets, told by their form. Checked: Base58Check (Bitcoin, Litecoin, Dash,
 * Zcash, Tron and their like), segregated witness (BIP 173, BIP 350), and the capitals of Ethereum
 * (EIP-55). Not checked: CashAddr, Monero, and what is unknown. */

#define BASE58 "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#define BECH32 "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
#define HEX_LOWER "0123456789abcdef"

enum {
    BASE58_LEN_MIN = 26,
    BASE58_LEN_MAX = 36,
    BASE58_BYTES_MAX = 32,
    SUM_BYTES = 4,
    WITNESS_LEN_MAX = 90,
    WITNESS_SUM_LEN = 6,
    ETHER_HEX = 40,
    KECCAK_RATE = 136
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The key in lower case: where capitals mean nothing but a check. */
static struct text lower_key(struct id_work *w)
{
    char *out = arena_take(w->arena, w->key.len);
    if (out == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < w->key.len; i++)
        out[i] = lower(w->key.data[i]);
    return (struct text){ out, w->key.len };
}

static bool has_range(struct text t, char from, char to)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.data[i] >= from && t.data[i] <= to)
            return true;
    }
    return false;
}

/* ---- Base58Check ---- */

/* Length of the number in bytes, leading zeros with it, or 0: too large. */
static size_t base58_bytes(struct text t, uint8_t out[static BASE58_BYTES_MAX])
{
    size_t zeros = 0;
    size_t len = 0; /* of the number, at the end of `out` */
    while (zeros < t.len && t.data[zeros] == '1')
        zeros++;
    for (size_t i = zeros; i < t.len; i++) {
        unsigned carry = (unsigned)checkdigit_value(t.data[i], BASE58);
        for (size_t k = 0; k < len || carry > 0; k++) {
            if (k == BASE58_BYTES_MAX)
                return 0;
            carry += k < len ? out[BASE58_BYTES_MAX - 1 - k] * 58u : 0;
            out[BASE58_BYTES_MAX - 1 - k] = (uint8_t)carry;
            carry >>= 8;
            len = k + 1 > len ? k + 1 : len;
        }
    }
    if (zeros + len > BASE58_BYTES_MAX)
        return 0;
    memmove(out + zeros, out + BASE58_BYTES_MAX - len, len);
    memset(out, 0, zeros);
    return zeros + len;
}

static void check_base58(struct id_work *w)
{
    uint8_t bytes[BASE58_BYTES_MAX];
    size_t len = base58_bytes(w->key, bytes);
    if (len <= SUM_BYTES) {
        id_say(w, IDENTIFIER_WRONG_LENGTH);
        return;
    }
    struct hash once = hash_of(bytes_of(bytes, len - SUM_BYTES));
    struct hash twice = hash_of(bytes_of(once.bytes, HASH_LEN));
    bool right = memcmp(twice.bytes, bytes + len - SUM_BYTES, SUM_BYTES) == 0;
    id_say(w, right ? IDENTIFIER_VALID : IDENTIFIER_WRONG_DIGIT);
}

/* ---- segregated witness ---- */

static uint32_t bech32_step(uint32_t sum, unsigned value)
{
    static const uint32_t generator[] = { 0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD,
                                          0x2A1462B3 };
    uint32_t top = sum >> 25;
    sum = (sum & 0x1FFFFFF) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        sum ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return sum;
}

static uint32_t bech32_sum(struct text prefix, struct text data)
{
    uint32_t sum = 1;
    for (size_t i = 0; i < prefix.len; i++)
        sum = bech32_step(sum, (unsigned)prefix.data[i] >> 5);
    sum = bech32_step(sum, 0);
    for (size_t i = 0; i < prefix.len; i++)
        sum = bech32_step(sum, (unsigned)prefix.data[i] & 31);
    for (size_t i = 0; i < data.len; i++)
        sum = bech32_step(sum, (unsigned)checkdigit_value(data.data[i], BECH32));
    return sum;
}

/* Length of a known prefix with its separator, or 0. */
static size_t witness_prefix(struct text t)
{
    static const char *const prefixes[] = { "bc1", "tb1", "bcrt1", "ltc1", "tltc1" };
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        struct text prefix = text_literal(prefixes[i]);
        if (text_starts(t, prefix))
            return prefix.len;
    }
    return 0;
}

/* `t` is the key in lower case, `prefix` its length with the separator. */
static void check_witness(struct id_work *w, struct text t, size_t prefix)
{
    struct text data = text_slice(t, prefix, t.len);
    bool mixed = has_range(w->key, 'A', 'Z') && has_range(w->key, 'a', 'z');
    w->out->key = t;
    if (data.len < WITNESS_SUM_LEN + 1 || t.len > WITNESS_LEN_MAX) {
        id_say(w, IDENTIFIER_WRONG_LENGTH);
        return;
    }
    if (mixed || !checkdigit_text_in(data, BECH32)) {
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
        return;
    }
    uint32_t sum = bech32_sum(text_slice(t, 0, prefix - 1), data);
    uint32_t wanted = data.data[0] == 'q' ? 1 : 0x2BC830A3; /* version 0: BIP 173, else BIP 350 */
    id_say(w, sum == wanted ? IDENTIFIER_VALID : IDENTIFIER_WRONG_DIGIT);
}

/* ---- Ethereum ---- */

/* Keccak with 256 bits of one block, as before FIPS 202 gave it another padding. */
static void keccak_256(struct text in, uint8_t out[static HASH_LEN])
{
    struct sha3_state state = { { 0 } };
    uint8_t block[KECCAK_RATE] = { 0 };
    memcpy(block, in.data, in.len);
    block[in.len] = 0x01;
    block[KECCAK_RATE - 1] |= 0x80;
    for (size_t i = 0; i < KECCAK_RATE; i++)
        state.a[i / 8] ^= (uint64_t)block[i] << (8 * (i % 8));
    sha3_permute(&state);
    for (size_t i = 0; i < HASH_LEN; i++)
        out[i] = (uint8_t)(state.a[i / 8] >> (8 * (i % 8)));
}

/* A letter is a capital when its nibble of the hash is 8 or more. */
static bool capitals_fit(struct text digits, struct text small)
{
    uint8_t hash[HASH_LEN];
    keccak_256(small, hash);
    for (size_t i = 0; i < ETHER_HEX; i++) {
        unsigned nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15u;
        bool letter = small.data[i] >= 'a';
        bool capital = digits.data[i] >= 'A' && digits.data[i] <= 'Z';
        if (letter && capital != (nibble >= 8))
            return false;
    }
    return true;
}

static void check_ether(struct id_work *w, struct text t)
{
    struct text digits = text_slice(w->key, 2, ETHER_HEX);
    struct text small = text_slice(t, 2, ETHER_HEX);
    w->out->key = t;
    if (!checkdigit_text_in(small, HEX_LOWER))
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
    else if (!has_range(digits, 'A', 'F') || !has_range(digits, 'a', 'f'))
        id_say(w, IDENTIFIER_UNCHECKED); /* written without the check */
    else
        id_say(w, capitals_fit(digits, small) ? IDENTIFIER_VALID : IDENTIFIER_WRONG_DIGIT);
}

/* ---- which it is ---- */

/* "bitcoin:" and its like belong to links. */
static void drop_scheme(struct id_work *w)
{
    static const char *const schemes[] = { "bitcoin:",     "litecoin:", "ethereum:", "dash:",
                                           "bitcoincash:", "zcash:",    "tron:",     "monero:" };
    struct text t = lower_key(w);
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        struct text scheme = text_literal(schemes[i]);
        if (text_starts(t, scheme) && t.len > scheme.len)
            w->key = w->out->key = text_slice(w->key, scheme.len, w->key.len);
    }
}

void id_check_crypto(struct id_work *w)
{
    drop_scheme(w);
    struct text small = lower_key(w);
    if (w->arena->full)
        return;
    size_t prefix = witness_prefix(small);
    if (text_starts(small, TEXT("0x")) && small.len == ETHER_HEX + 2)
        check_ether(w, small);
    else if (prefix > 0 && small.len > BASE58_LEN_MIN)
        check_witness(w, small, prefix);
    else if (w->key.len >= BASE58_LEN_MIN && w->key.len <= BASE58_LEN_MAX &&
             checkdigit_text_in(w->key, BASE58))
        check_base58(w);
}
