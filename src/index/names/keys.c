/* Keys of a token: what token_compare can bring together shares one (A2).
 *   one raw edit (3 letters or more): deletions of one letter; two (6 or more): of two
 *   same tight fold; one edit of it (4 or more); same stem (3 or more)
 *   same class; of one script, same skeleton (3 or more)
 *   of two: same skeleton of one family (2 or more); one edit of it (4 or more); same shape
 *   no Latin form: the letters themselves */
#include "index/segment/sort.h"
#include "index/names/token.h"

enum {
    SALT_RAW = 16,
    SALT_TIGHT,
    SALT_CLASS,
    SALT_SKELETON,
    SALT_LETTERS,
    SALT_SYLLABLE,
    SALT_STEM,
    SALT_SHAPE,
    SALT_SOUND = 32, /* and the script */
    SALT_SIDE = 64   /* and the side of a cross key */
};

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
    enum key_kind kind = salt == SALT_RAW ? KEY_RAW : salt == SALT_TIGHT ? KEY_TIGHT : KEY_CROSS;
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

/* Skeletons for another script. What one script stores, others ask for, never the same one: its own
 * words are told apart by less. */
enum side { SIDE_LATIN, SIDE_OTHER };

static void keep_cross(struct keys *k, const struct token *token, enum sound family, enum side side)
{
    bool east = family == SOUND_EAST;
    const struct skeletons *all = east ? &token->syllables : &token->skeletons;
    uint32_t salt = (uint32_t)side * SALT_SIDE;
    for (size_t i = 0; i < all->count; i++) {
        const struct letters *skeleton = &all->at[i];
        if (skeleton->len >= SKELETON_MIN)
            keep_deletions(k, skeleton, skeleton->len >= SKELETON_EDIT_MIN,
                           salt + (east ? SALT_SYLLABLE : SALT_SKELETON));
    }
    struct letters shapes[SHAPES_MAX];
    size_t count = token_shapes(token, family, shapes);
    for (size_t i = 0; i < count; i++)
        keep_key(k, letters_hash(&shapes[i], salt + SALT_SHAPE + family), KEY_CROSS);
}

/* Between two scripts the eastern family counts when one of them is eastern. */
static void store_cross(struct keys *k, const struct token *token)
{
    enum side side = token->script == SCRIPT_LATIN ? SIDE_LATIN : SIDE_OTHER;
    if (!script_is_east(token->script))
        keep_cross(k, token, SOUND_WEST, side);
    keep_cross(k, token, SOUND_EAST, side);
}

static void ask_cross(struct keys *k, const struct token *token)
{
    bool east = script_is_east(token->script);
    bool latin = token->script == SCRIPT_LATIN;
    if (!east)
        keep_cross(k, token, SOUND_WEST, SIDE_OTHER);
    keep_cross(k, token, SOUND_EAST, SIDE_OTHER);
    if (!latin)
        keep_cross(k, token, east ? SOUND_EAST : SOUND_WEST, SIDE_LATIN);
}

static void keep_sound(struct keys *k, const struct token *token)
{
    for (size_t i = 0; i < token->skeletons.count; i++) {
        if (token->skeletons.at[i].len >= SOUND_MIN)
            keep_key(k, letters_hash(&token->skeletons.at[i], SALT_SOUND + token->script),
                     KEY_SOUND);
    }
}

static void make_keys(const struct token *token, bool asked, struct keys *k)
{
    if (token->form_count == 0)
        keep_letters(k, &token->codes);
    for (size_t i = 0; i < token->form_count; i++) {
        const struct letters *tight = &token->tight[i];
        bool plain = token->word == WORD_NAME && !token->initial;
        keep_deletions(k, tight, plain && tight->len >= TIGHT_EDIT_MIN, SALT_TIGHT);
        if (plain) {
            unsigned len = token->form[i].len;
            keep_deletions(k, &token->form[i], len >= RAW_TWO_EDITS_MIN ? 2 : len >= RAW_EDIT_MIN,
                           SALT_RAW);
        }
        struct letters stem;
        fold_stem(&token->form[i], tight, &stem);
        if (stem.len >= STEM_MIN && token->word != WORD_PARTICLE)
            keep_key(k, letters_hash(&stem, SALT_STEM), KEY_OTHER);
    }
    for (size_t i = 0; i < token->class_count; i++)
        keep_key(k, (token->classes[i].id + UINT32_C(1)) * UINT32_C(0x9e3779b1) ^ SALT_CLASS,
                 KEY_OTHER);
    if (token->word == WORD_NAME && !token->initial) {
        keep_sound(k, token);
        if (asked)
            ask_cross(k, token);
        else
            store_cross(k, token);
    }
}

size_t token_keys(const struct token *token, uint32_t out[static KEYS_MAX])
{
    struct keys k = { out, NULL, 0 };
    make_keys(token, false, &k);
    return sort_keys(out, k.count);
}

size_t token_asks(const struct token *token, uint32_t out[static KEYS_MAX],
                  uint8_t kinds[static KEYS_MAX])
{
    struct keys k = { out, kinds, 0 };
    make_keys(token, true, &k);
    return k.count;
}
