#include "core/encode.h"

#include <assert.h>

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base32_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Place of `c` among the `len` digits, or -1. */
static int digit_value(const char *digits, size_t len, char c)
{
    const char *hit = memchr(digits, c, len);
    return hit == NULL ? -1 : (int)(hit - digits);
}

struct text hex_format(struct arena *arena, struct bytes in)
{
    char *out = arena_take_array(arena, in.len, 2);
    if (out == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < in.len; i++) {
        out[2 * i] = hex_digits[in.data[i] >> 4];
        out[2 * i + 1] = hex_digits[in.data[i] & 15];
    }
    return (struct text){ out, 2 * in.len };
}

struct err hex_parse(struct text in, uint8_t *out, size_t len)
{
    if (in.len != 2 * len)
        return err_make(ERR_INVALID, "text.hex-length");
    for (size_t i = 0; i < in.len; i++) {
        if (digit_value(hex_digits, 16, in.data[i]) < 0)
            return err_at(ERR_INVALID, (uint32_t)i, "text.not-hex");
    }
    for (size_t i = 0; i < len; i++) {
        int high = digit_value(hex_digits, 16, in.data[2 * i]);
        int low = digit_value(hex_digits, 16, in.data[2 * i + 1]);
        out[i] = (uint8_t)(high << 4 | low);
    }
    return err_none();
}

struct text base64_format(struct arena *arena, struct bytes in)
{
    char *out = arena_take_array(arena, (in.len + 2) / 3, 4);
    if (out == NULL)
        return (struct text){ NULL, 0 };
    size_t at = 0;
    for (size_t i = 0; i < in.len; i += 3) {
        size_t left = in.len - i;
        uint32_t group = (uint32_t)in.data[i] << 16;
        if (left > 1)
            group |= (uint32_t)in.data[i + 1] << 8;
        if (left > 2)
            group |= in.data[i + 2];
        out[at++] = base64_digits[group >> 18];
        out[at++] = base64_digits[group >> 12 & 63];
        out[at++] = left > 1 ? base64_digits[group >> 6 & 63] : '=';
        out[at++] = left > 2 ? base64_digits[group & 63] : '=';
    }
    return (struct text){ out, at };
}

/* Four characters to 24 bits; `pad` of them are '='. */
static struct err base64_group(struct text in, size_t at, size_t pad, uint32_t *out)
{
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int value = 0;
        if (i < 4 - pad)
            value = digit_value(base64_digits, 64, in.data[at + i]);
        if (value < 0)
            return err_at(ERR_INVALID, (uint32_t)(at + i), "text.not-base64");
        group = group << 6 | (uint32_t)value;
    }
    uint32_t unused = pad == 0 ? 0 : pad == 1 ? 0xFF : 0xFFFF;
    if ((group & unused) != 0)
        return err_at(ERR_INVALID, (uint32_t)at, "text.not-base64");
    *out = group;
    return err_none();
}

struct err base64_parse(struct text in, uint8_t *out, size_t size, size_t *len_out)
{
    if (in.len % 4 != 0)
        return err_at(ERR_INVALID, (uint32_t)in.len, "text.base64-length");
    size_t pad = 0;
    while (pad < 2 && pad < in.len && in.data[in.len - 1 - pad] == '=')
        pad++;
    size_t len = in.len / 4 * 3 - pad;
    if (len > size)
        return err_make(ERR_LIMIT, "wire.no-room");
    size_t to = 0;
    for (size_t at = 0; at < in.len; at += 4) {
        uint32_t group = 0;
        bool last = at + 4 == in.len;
        struct err e = base64_group(in, at, last ? pad : 0, &group);
        if (failed(e))
            return e;
        for (size_t i = 0; i < 3 && to < len; i++)
            out[to++] = (uint8_t)(group >> (16 - 8 * i));
    }
    *len_out = len;
    return err_none();
}

void base32_format_128(const uint8_t in[static 16], char out[static BASE32_128_LEN])
{
    for (size_t i = 0; i < BASE32_128_LEN; i++) {
        unsigned value = 0;
        for (size_t b = 0; b < 5; b++) {
            size_t bit = 5 * i + b; /* of 130, the first two are zero */
            unsigned byte = bit < 2 ? 0 : in[(bit - 2) / 8];
            unsigned one = byte >> (7 - (bit - 2) % 8) & 1;
            value = value << 1 | one;
        }
        out[i] = base32_digits[value];
    }
}

struct err base32_parse_128(struct text in, uint8_t out[static 16])
{
    uint8_t bits[16] = { 0 };
    if (in.len != BASE32_128_LEN)
        return err_make(ERR_INVALID, "text.base32-length");
    for (size_t i = 0; i < in.len; i++) {
        int value = digit_value(base32_digits, 32, in.data[i]);
        if (value < 0 || (i == 0 && value > 7))
            return err_at(ERR_INVALID, (uint32_t)i, "text.not-base32");
        for (size_t b = 0; b < 5; b++) {
            size_t bit = 5 * i + b;
            if (bit >= 2 && ((unsigned)value >> (4 - b) & 1) != 0)
                bits[(bit - 2) / 8] |= (uint8_t)(0x80 >> (bit - 2) % 8);
        }
    }
    memcpy(out, bits, sizeof(bits));
    return err_none();
}
