/* SHA-256 (FIPS 180-4), by nettle. */
#ifndef COMITY_CORE_HASH_H
#define COMITY_CORE_HASH_H

#include <nettle/sha2.h>

#include "core/bytes.h"

enum { HASH_LEN = 32 };

struct hash {
    uint8_t bytes[HASH_LEN];
};

struct hasher {
    struct sha256_ctx sha;
};

void hasher_init(struct hasher *h);
void hasher_add(struct hasher *h, struct bytes in);
struct hash hasher_end(struct hasher *h);

struct hash hash_of(struct bytes in);
bool hash_equal(const struct hash *a, const struct hash *b);

#endif
