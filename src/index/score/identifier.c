#include "index/score/identifier.h"

#include <string.h>

#include "index/score/compare.h"
#include "index/score/score.h"

/* Look-alikes after ISO 7501 zones, plates and hand-writing: 0 D O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, V
 * U. Marks are dropped (0), letters upper; bytes of other scripts stand for themselves. */
#define FOLD_LETTERS                                                                               \
    'A', '8', 'C', '0', 'E', 'F', '6', 'H', '1', 'J', 'K', '1', 'M', 'N', '0', 'P', '0', 'R', '5', \
        'T', 'V', 'V', 'W', 'X', 'Y', '2'
#define FOLD_16(from)                                                                            \
    (from), (from) + 1, (from) + 2, (from) + 3, (from) + 4, (from) + 5, (from) + 6, (from) + 7,  \
        (from) + 8, (from) + 9, (from) + 10, (from) + 11, (from) + 12, (from) + 13, (from) + 14, \
        (from) + 15
static const uint8_t folded[256] = {
    ['0'] = '0',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    ['A'] = FOLD_LETTERS,
    ['a'] = FOLD_LETTERS,
    [0x80] = FOLD_16(0x80),
    FOLD_16(0x90),
    FOLD_16(0xa0),
    FOLD_16(0xb0),
    FOLD_16(0xc0),
    FOLD_16(0xd0),
    FOLD_16(0xe0),
    FOLD_16(0xf0),
};

char identifier_fold_byte(char c)
{
    return (char)folded[(uint8_t)c];
}

char identifier_plain_byte(char c)
{
    if (folded[(uint8_t)c] == 0)
        return 0;
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static void key_as_given(struct text in, struct key *key)
{
    for (size_t i = 0; i < in.len && key->len < INDEX_KEY_BYTES_MAX; i++) {
        char c = identifier_plain_byte(in.data[i]);
        if (c != 0)
            key->at[key->len++] = c;
    }
}

void identifier_fold(const struct index_identifier *identifier, struct key *out)
{
    out->len = 0;
    if (identifier->confusable.len > 0) {
        key_as_given(identifier->confusable, out);
        return;
    }
    struct text in = identifier->canonical;
    size_t len = 0;
    for (size_t i = 0; i < in.len && len < INDEX_KEY_BYTES_MAX; i++) {
        uint8_t c = folded[(uint8_t)in.data[i]];
        out->at[len] = (char)c;
        len += c != 0;
    }
    out->len = (uint8_t)len;
}

struct key identifier_key(const struct index_identifier *identifier)
{
    struct key key = { 0 };
    identifier_fold(identifier, &key);
    return key;
}

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return h ^ h >> 29;
}

/* Eight bytes at a time; what stands behind the key is zero or left out. */
uint64_t key_hash(uint16_t cls, const struct key *key)
{
    uint64_t h = mix(cls * UINT64_C(0x9e3779b97f4a7c15) + key->len);
    for (size_t i = 0; i < key->len; i += 8) {
        uint64_t word;
        memcpy(&word, key->at + i, 8);
        if (key->len - i < 8)
            word &= (UINT64_C(1) << 8 * (key->len - i)) - 1;
        h = mix(h ^ word);
    }
    return mix(h);
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

struct field_likeness identifier_compare(const struct score_table *score,
                                         const struct index_identifier *ours,
                                         const struct index_identifier *theirs)
{
    struct key our_key = identifier_key(ours);
    struct key their_key = identifier_key(theirs);
    bool country_differs = ours->country.len > 0 && theirs->country.len > 0 &&
                           !text_equal(ours->country, theirs->country);
    if (our_key.len == 0 || !key_equal(&our_key, &their_key)) {
        if (our_key.len >= INDEX_SWAP_LEN_MIN && key_swapped(&our_key, &their_key))
            return (struct field_likeness){ score->identifier_close, INDEX_CLOSE,
                                            "identifier.swapped" };
        return (struct field_likeness){ score->identifier_contradict, INDEX_CONTRADICT,
                                        "identifier.differs" };
    }
    if (!text_equal(ours->canonical, theirs->canonical))
        return (struct field_likeness){ score->identifier_close, INDEX_CLOSE,
                                        "identifier.look-alike" };
    if (country_differs)
        return (struct field_likeness){ score->identifier_country, INDEX_CLOSE,
                                        "identifier.other-country" };
    return (struct field_likeness){ score->identifier, INDEX_AGREE, "identifier.same" };
}

struct text index_confusable_key(struct text canonical, struct arena *arena)
{
    struct index_identifier identifier = { .canonical = canonical };
    struct key key = identifier_key(&identifier);
    return arena_copy_text(arena, (struct text){ key.at, key.len });
}
