/* Keys of a token: what token_compare can bring together shares one (A2).
 *   one raw edit (3 letters or more): deletions of one letter; two (6 or more): of two
 *   same tight fold; one edit of it (4 or more); same stem (3 or more)
 *   same class; same skeleton of one family (2 or more); one edit of it (4 or more); same shape
 *   no Latin form: the letters themselves */
#include "index/analyse.h"
#include "index/sort.h"

enum {
    SALT_RAW = 16,
    SALT_TIGHT,
    SALT_CLASS,
    SALT_SKELETON,
    SALT_LETTERS,
    SALT_SYLLABLE,
    SALT_STEM,
    SALT_SHAPE
};

enum { STEM_KEY_MIN = 3 };

struct keys {
    uint32_t *at;
    uint8_t *kinds_opt;
    size_t count;
};

static void keep_key(struct keys *k, uint32_t key, enum key_kind kind)
{
    if (k->count == KEYS_MAX)
        return;
    if (k->kinds_opt != NULL)
        k->kinds_opt[k->count] = (uint8_t)kind;
    k->at[k->count++] = key;
}

static struct letters without(const struct letters *in, size_t at)
{
    struct letters out = *in;
    out.len--;
    memmove(out.at + at, out.at + at + 1, out.len - at);
    return out;
}

static void keep_deletions(struct keys *k, const struct letters *in, unsigned edits, uint32_t salt)
{
    enum key_kind kind = salt == SALT_RAW ? KEY_RAW : salt == SALT_TIGHT ? KEY_TIGHT : KEY_SKELETON;
    keep_key(k, letters_hash(in, salt), kind);
    for (size_t i = 0; edits > 0 && i < in->len; i++) {
        struct letters one = without(in, i);
        keep_key(k, letters_hash(&one, salt), kind);
        for (size_t j = i; edits > 1 && j < one.len; j++) {
            struct letters two = without(&one, j);
            keep_key(k, letters_hash(&two, salt), kind);
        }
    }
}

static void keep_letters(struct keys *k, const struct codes *codes)
{
    uint64_t h = codes->count;
    for (size_t i = 0; i < codes->count; i++)
        h = (h ^ codes->at[i]) * UINT64_C(0x9e3779b97f4a7c15);
    keep_key(k, (uint32_t)(h >> 32) ^ SALT_LETTERS, KEY_OTHER);
}

uint32_t token_tight_key(const struct letters *tight)
{
    return letters_hash(tight, SALT_TIGHT);
}

static void keep_sounds(struct keys *k, const struct token *token, enum sound family)
{
    bool east = family == SOUND_EAST;
    const struct skeletons *all = east ? &token->syllables : &token->skeletons;
    for (size_t i = 0; i < all->count; i++) {
        const struct letters *skeleton = &all->at[i];
        if (skeleton->len >= 2)
            keep_deletions(k, skeleton, skeleton->len >= 4, east ? SALT_SYLLABLE : SALT_SKELETON);
    }
    struct letters shapes[SHAPES_MAX];
    size_t count = token_shapes(token, family, shapes);
    for (size_t i = 0; i < count; i++)
        keep_key(k, letters_hash(&shapes[i], SALT_SHAPE + family), KEY_OTHER);
}

static void make_keys(const struct token *token, struct keys *k)
{
    if (token->form_count == 0)
        keep_letters(k, &token->codes);
    for (size_t i = 0; i < token->form_count; i++) {
        const struct letters *tight = &token->tight[i];
        bool plain = token->word == WORD_NAME && !token->initial;
        keep_deletions(k, tight, plain && tight->len >= 4, SALT_TIGHT);
        if (plain) {
            unsigned len = token->form[i].len;
            keep_deletions(k, &token->form[i], len >= 6 ? 2 : len >= 3, SALT_RAW);
        }
        struct letters stem;
        fold_stem(&token->form[i], tight, &stem);
        if (stem.len >= STEM_KEY_MIN && token->word != WORD_PARTICLE)
            keep_key(k, letters_hash(&stem, SALT_STEM), KEY_OTHER);
    }
    for (size_t i = 0; i < token->class_count; i++)
        keep_key(k, (token->classes[i].id + UINT32_C(1)) * UINT32_C(0x9e3779b1) ^ SALT_CLASS,
                 KEY_OTHER);
    if (token->word == WORD_NAME && !token->initial) {
        keep_sounds(k, token, SOUND_WEST);
        keep_sounds(k, token, SOUND_EAST);
    }
}

size_t token_keys(const struct token *token, uint32_t out[static KEYS_MAX])
{
    struct keys k = { out, NULL, 0 };
    make_keys(token, &k);
    return sort_keys(out, k.count);
}

size_t token_keys_kinds(const struct token *token, uint32_t out[static KEYS_MAX],
                        uint8_t kinds[static KEYS_MAX])
{
    struct keys k = { out, kinds, 0 };
    make_keys(token, &k);
    return k.count;
}
