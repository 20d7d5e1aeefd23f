#include "core/hash.h"

void hasher_init(struct hasher *h)
{
    sha256_init(&h->sha);
}

void hasher_add(struct hasher *h, struct bytes in)
{
    if (in.len > 0) /* memcpy inside takes no NULL */
        sha256_update(&h->sha, in.len, in.data);
}

struct hash hasher_end(struct hasher *h)
{
    struct hash out;
    sha256_digest(&h->sha, sizeof(out.bytes), out.bytes);
    return out;
}

struct hash hash_of(struct bytes in)
{
    struct hasher h;
    hasher_init(&h);
    hasher_add(&h, in);
    return hasher_end(&h);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_LEN) == 0;
}
