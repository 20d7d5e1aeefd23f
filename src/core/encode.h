/* Bytes as text and back: hex, base64 (RFC 4648 section 4, padded), base32 (Crockford's
 * alphabet, upper case, no padding: what stands in record identifiers). Decoders are strict: one
 * text per value, so that an identifier has one spelling. */
#ifndef COMITY_CORE_ENCODE_H
#define COMITY_CORE_ENCODE_H

#include "core/arena.h"

struct text hex_format(struct arena *arena, struct bytes in); /* lower case */
MUST_USE struct err hex_parse(struct text in, uint8_t *out, size_t len);
struct text base64_format(struct arena *arena, struct bytes in);
/* At most `size` bytes to `out`. */
MUST_USE struct err base64_parse(struct text in, uint8_t *out, size_t size, size_t *len_out);

enum { BASE32_128_LEN = 26 };
/* 128 bits as 26 characters; the first holds 3 bits. */
void base32_format_128(const uint8_t in[static 16], char out[static BASE32_128_LEN]);
MUST_USE struct err base32_parse_128(struct text in, uint8_t out[static 16]);

#endif
