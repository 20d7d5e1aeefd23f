#include "index/identifier.h"

#include "index/compare.h"
#include "index/score.h"

/* Look-alikes after ISO 7501 zones, plates and hand-writing: 0 D O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, V
 * U. */
static const char folded[26] = "A8C0EF6H1JK1MN0P0R5TVVWXY2";

struct key identifier_key(const struct index_identifier *identifier)
{
    bool given = identifier->confusable.len > 0;
    struct text in = given ? identifier->confusable : identifier->canonical;
    struct key key = { 0 };
    for (size_t i = 0; i < in.len && key.len < INDEX_KEY_BYTES_MAX; i++) {
        char c = in.data[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        bool ascii_mark =
            (unsigned char)c < 0x80 && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9');
        if (!ascii_mark)
            key.at[key.len++] = given || c < 'A' || c > 'Z' ? c : folded[c - 'A'];
    }
    return key;
}

uint64_t key_hash(uint16_t cls, const struct key *key)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ cls;
    for (size_t i = 0; i < key->len; i++)
        h = (h ^ (uint8_t)key->at[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return h ^ h >> 32;
}

bool key_swap(struct key *key, size_t at)
{
    char first = key->at[at];
    if (at + 1 >= key->len || first == key->at[at + 1])
        return false;
    key->at[at] = key->at[at + 1];
    key->at[at + 1] = first;
    return true;
}

static bool key_equal(const struct key *a, const struct key *b)
{
    return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

/* One swap of neighbours apart: the first difference and its neighbour tell. */
static bool key_swapped(const struct key *a, const struct key *b)
{
    size_t at = 0;
    while (at < a->len && at < b->len && a->at[at] == b->at[at])
        at++;
    struct key swapped = *a;
    return key_swap(&swapped, at) && key_equal(&swapped, b);
}

struct field_likeness identifier_compare(const struct index_identifier *ours,
                                         const struct index_identifier *theirs)
{
    struct key our_key = identifier_key(ours);
    struct key their_key = identifier_key(theirs);
    bool country_differs = ours->country.len > 0 && theirs->country.len > 0 &&
                           !text_equal(ours->country, theirs->country);
    if (our_key.len == 0 || !key_equal(&our_key, &their_key)) {
        if (our_key.len >= INDEX_SWAP_LEN_MIN && key_swapped(&our_key, &their_key))
            return (struct field_likeness){ WEIGHT_IDENTIFIER_CLOSE, INDEX_CLOSE,
                                            "identifier.swapped" };
        return (struct field_likeness){ WEIGHT_IDENTIFIER_CONTRADICT, INDEX_CONTRADICT,
                                        "identifier.differs" };
    }
    if (!text_equal(ours->canonical, theirs->canonical))
        return (struct field_likeness){ WEIGHT_IDENTIFIER_CLOSE, INDEX_CLOSE,
                                        "identifier.look-alike" };
    if (country_differs)
        return (struct field_likeness){ WEIGHT_IDENTIFIER_COUNTRY, INDEX_CLOSE,
                                        "identifier.other-country" };
    return (struct field_likeness){ WEIGHT_IDENTIFIER, INDEX_AGREE, "identifier.same" };
}

struct text index_confusable_key(struct text canonical, struct arena *arena)
{
    struct index_identifier identifier = { .canonical = canonical };
    struct key key = identifier_key(&identifier);
    return arena_copy_text(arena, (struct text){ key.at, key.len });
}
