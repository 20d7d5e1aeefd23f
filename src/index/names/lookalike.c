/* What only looks like a name's letters: Cyrillic and Greek for Latin ones and the other way, and
 * the machine-readable zone's letters for Arabic ones. */
#include "index/names/analyse.h"

/* Small letters whose capital or small shape is that of a Latin one. */
static const struct {
    uint32_t latin;
    uint32_t cyrillic;
    uint32_t greek;
} shapes[] = {
    { 'a', 0x430, 0x3b1 }, { 'b', 0x432, 0x3b2 }, { 'c', 0x441, 0 },     { 'e', 0x435, 0x3b5 },
    { 'h', 0x43d, 0x3b7 }, { 'i', 0x456, 0x3b9 }, { 'j', 0x458, 0 },     { 'k', 0x43a, 0x3ba },
    { 'm', 0x43c, 0x3bc }, { 'n', 0, 0x3bd },     { 'o', 0x43e, 0x3bf }, { 'p', 0x440, 0x3c1 },
    { 's', 0x455, 0 },     { 't', 0x442, 0x3c4 }, { 'x', 0x445, 0x3c7 }, { 'y', 0x443, 0x3c5 },
    { 'z', 0, 0x3b6 },
};

static bool is_other(uint32_t code, enum script other)
{
    return script_of(code) == other;
}

/* The shape of the letter in the alphabet; 0: it has none there. */
static uint32_t shape_in(uint32_t code, enum script alphabet)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (code != shapes[i].latin && code != shapes[i].cyrillic && code != shapes[i].greek)
            continue;
        return alphabet == SCRIPT_LATIN      ? shapes[i].latin
               : alphabet == SCRIPT_CYRILLIC ? shapes[i].cyrillic
                                             : shapes[i].greek;
    }
    return 0;
}

static bool rewrite(const struct codes *in, enum script alphabet, struct codes *out)
{
    *out = *in;
    for (size_t i = 0; i < in->count; i++) {
        if (is_other(in->at[i], alphabet))
            continue;
        out->at[i] = shape_in(in->at[i], alphabet);
        if (out->at[i] == 0)
            return false;
    }
    return true;
}

bool codes_unmix(const struct codes *in, struct codes *out)
{
    size_t latin = 0;
    size_t cyrillic = 0;
    size_t greek = 0;
    for (size_t i = 0; i < in->count; i++) {
        enum script script = script_of(in->at[i]);
        latin += script == SCRIPT_LATIN;
        cyrillic += script == SCRIPT_CYRILLIC;
        greek += script == SCRIPT_GREEK;
    }
    if (latin + cyrillic + greek < in->count || latin == in->count || cyrillic == in->count ||
        greek == in->count)
        return false;
    enum script others = cyrillic >= greek ? SCRIPT_CYRILLIC : SCRIPT_GREEK;
    enum script most = latin >= cyrillic + greek ? SCRIPT_LATIN : others;
    return rewrite(in, most, out) || rewrite(in, most == SCRIPT_LATIN ? others : SCRIPT_LATIN, out);
}

/* ICAO Doc 9303-3, transliteration of Arabic: the longer first. */
static const struct {
    char from[5];
    char to[3];
    bool sure; /* seen in no other names */
} combinations[] = {
    { "xtah", "a", true }, { "xaa", "a", false }, { "xae", "a", false }, { "xay", "a", false },
    { "xth", "th", true }, { "xkh", "kh", true }, { "xdh", "dh", true }, { "xsh", "sh", true },
    { "xss", "s", true },  { "xdz", "d", true },  { "xtt", "t", true },  { "xzz", "z", true },
    { "xta", "a", true },  { "xah", "a", false }, { "xch", "ch", true }, { "xzh", "zh", true },
    { "xkk", "k", true },  { "xgg", "g", true },  { "xh", "h", true },   { "xe", "", false },
    { "xi", "y", false },
};

bool mrz_plain(const struct letters *in, struct letters *out)
{
    bool sure = false;
    bool vowel = false;
    bool albanian = false;
    size_t count = 0;
    struct letters done = { 0 };
    if (memchr(in->at, 'x', in->len) == NULL) /* as nearly all */
        return false;
    for (size_t i = 0; i < in->len;) {
        size_t len = 0;
        size_t rows = in->at[i] == 'x' ? sizeof combinations / sizeof combinations[0] : 0;
        for (size_t k = 0; k < rows && len == 0; k++) {
            size_t n = strlen(combinations[k].from);
            if (i + n > in->len || memcmp(in->at + i, combinations[k].from, n) != 0)
                continue;
            letters_add(&done, combinations[k].to, strlen(combinations[k].to));
            sure = sure || combinations[k].sure;
            albanian = albanian || strcmp(combinations[k].from, "xh") == 0; /* Xhemal */
            len = n;
            count++;
        }
        if (len == 0) {
            letters_add(&done, in->at + i, 1);
            vowel = vowel || strchr("aeou", in->at[i]) != NULL;
        }
        i += len > 0 ? len : 1;
    }
    *out = done;
    return sure && (count > 1 || !vowel || !albanian) && done.len > 0;
}
