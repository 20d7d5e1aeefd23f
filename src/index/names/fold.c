#include "index/names/fold.h"

#include <assert.h>
#include <string.h>

void letters_add(struct letters *to, const char *from, size_t len)
{
    size_t room = FORM_MAX - (size_t)to->len;
    size_t take = len < room ? len : room;
    memcpy(to->at + to->len, from, take);
    to->len = (uint8_t)(to->len + take);
}

bool letters_equal(const struct letters *a, const struct letters *b)
{
    return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

uint32_t letters_hash(const struct letters *in, uint32_t salt)
{
    uint64_t h = UINT64_C(1469598103934665603) ^ ((uint64_t)salt << 32 | in->len);
    for (size_t i = 0; i < in->len; i++)
        h = (h ^ (uint8_t)in->at[i]) * UINT64_C(1099511628211);
    h = (h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(h >> 32);
}

/* Where a rule of the tight fold holds. */
enum place { ANYWHERE, BEFORE_VOWEL, BEFORE_FRONT, BEFORE_A, AT_END };

struct fold_rule {
    char from[4];
    uint8_t len;
    char to[3];
    enum place place;
};

/* By first letter; the first that fits wins: longer before shorter. S is the sound of sh. */
static const struct fold_rule fold_rules[26][8] = {
    ['a' - 'a'] = { { "aw", 2, "u", AT_END },
                    { "ao", 2, "u", AT_END },
                    { "au", 2, "u", AT_END },
                    { "ay", 2, "ai", BEFORE_A },
                    { "ai", 2, "i", ANYWHERE },
                    { "ay", 2, "i", ANYWHERE },
                    { "ae", 2, "i", ANYWHERE } },
    ['c' - 'a'] = { { "ch", 2, "S", ANYWHERE },
                    { "cz", 2, "S", ANYWHERE },
                    { "ck", 2, "k", ANYWHERE },
                    { "c", 1, "s", BEFORE_FRONT },
                    { "c", 1, "k", ANYWHERE } },
    ['d' - 'a'] = { { "dj", 2, "j", ANYWHERE },
                    { "dz", 2, "z", ANYWHERE },
                    { "di", 2, "j", BEFORE_VOWEL },
                    { "dy", 2, "j", BEFORE_VOWEL } },
    ['e' - 'a'] = { { "ee", 2, "i", ANYWHERE },
                    { "ei", 2, "i", ANYWHERE },
                    { "ey", 2, "i", ANYWHERE },
                    { "ea", 2, "i", ANYWHERE },
                    { "e", 1, "", AT_END },
                    { "e", 1, "i", ANYWHERE } },
    ['g' - 'a'] = { { "gu", 2, "g", BEFORE_FRONT }, { "gn", 2, "ni", BEFORE_VOWEL } },
    ['i' - 'a'] = { { "ie", 2, "i", ANYWHERE } },
    ['o' - 'a'] = { { "ow", 2, "u", AT_END },
                    { "ou", 2, "u", ANYWHERE },
                    { "oo", 2, "u", ANYWHERE },
                    { "o", 1, "u", ANYWHERE } },
    ['p' - 'a'] = { { "ph", 2, "f", ANYWHERE } },
    ['q' - 'a'] = { { "qu", 2, "k", ANYWHERE }, { "q", 1, "k", ANYWHERE } },
    ['s' - 'a'] = { { "sch", 3, "S", ANYWHERE },
                    { "sh", 2, "S", ANYWHERE },
                    { "sz", 2, "S", ANYWHERE } },
    ['t' - 'a'] = { { "tch", 3, "S", ANYWHERE },
                    { "ts", 2, "s", ANYWHERE },
                    { "tz", 2, "s", ANYWHERE } },
    ['w' - 'a'] = { { "w", 1, "u", ANYWHERE } },
    ['x' - 'a'] = { { "x", 1, "ks", ANYWHERE } },
    ['y' - 'a'] = { { "y", 1, "i", ANYWHERE } },
    ['z' - 'a'] = { { "zh", 2, "j", ANYWHERE } },
};
enum { FINAL_E_LEN_MIN = 4, STEM_FEMININE_MIN = 6 };

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static bool is_front(char c)
{
    return c == 'e' || c == 'i' || c == 'y';
}

static bool rule_fits(const struct fold_rule *rule, const struct letters *in, size_t at)
{
    size_t len = rule->len;
    if (!letters_begin(in->at + at, in->len - at, rule->from, len))
        return false;
    char next = at + len < in->len ? in->at[at + len] : '\0';
    if (rule->place == BEFORE_VOWEL)
        return is_vowel(next);
    if (rule->place == BEFORE_FRONT)
        return is_front(next);
    if (rule->place == BEFORE_A)
        return next == 'a';
    if (rule->place == AT_END)
        return next == '\0' && (len > 1 || in->len >= FINAL_E_LEN_MIN);
    return true;
}

/* The rule for the letters at `at`, or NULL. */
static const struct fold_rule *rule_at(const struct letters *in, size_t at)
{
    if (in->at[at] < 'a' || in->at[at] > 'z')
        return NULL;
    const struct fold_rule *rule = fold_rules[in->at[at] - 'a'];
    for (; rule->len > 0; rule++) {
        if (rule_fits(rule, in, at))
            return rule;
    }
    return NULL;
}

static void add_once(struct letters *out, char c)
{
    if (out->len == 0 || out->at[out->len - 1] != c)
        letters_add(out, &c, 1);
}

/* h is kept at the begin and in sh, ch, ph, zh; elsewhere spellings drop and add it freely. */
static void drop_h(const struct letters *in, struct letters *out)
{
    for (size_t i = 0; i < in->len; i++) {
        char before = i > 0 ? in->at[i - 1] : '\0';
        if (in->at[i] != 'h' || i == 0 || before == 's' || before == 'c' || before == 'p' ||
            before == 'z')
            letters_add(out, in->at + i, 1);
    }
}

void fold_servant(struct letters *in_out)
{
    if (in_out->len < 6 || memcmp(in_out->at, "abd", 3) != 0)
        return;
    size_t from = 3;
    while (from < in_out->len && is_vowel(in_out->at[from]))
        from++;
    if (from + 1 < in_out->len && in_out->at[from] == 'l' && !is_vowel(in_out->at[from + 1]))
        from++;
    struct letters out = { 0 };
    letters_add(&out, "abd", 3);
    for (size_t i = from; i < in_out->len; i++)
        add_once(&out, in_out->at[i]);
    *in_out = out;
}

void fold_tight(const struct letters *in, struct letters *out)
{
    assert(in != out);
    struct letters plain = { 0 };
    drop_h(in, &plain);
    struct letters done = { 0 };
    for (size_t i = 0; i < plain.len;) {
        const struct fold_rule *rule = rule_at(&plain, i);
        if (rule == NULL) {
            add_once(&done, plain.at[i++]);
            continue;
        }
        for (const char *c = rule->to; *c != '\0'; c++)
            add_once(&done, *c);
        i += rule->len;
    }
    fold_servant(&done);
    *out = done;
}

/* ------------------------------------------------------------ what languages add to a name */

static bool is_tight_vowel(char c)
{
    return c == 'a' || c == 'i' || c == 'u';
}

/* A run of vowels is one: a when it has an a, else i. After s and t, i before another makes sh and
 * ch (Issiaka, Ishaku; Thiam, Cham). */
static size_t stem_vowels(const struct letters *in, size_t at, struct letters *out)
{
    bool open = false;
    size_t end = at;
    for (; end < in->len && is_tight_vowel(in->at[end]); end++)
        open = open || in->at[end] == 'a';
    bool softened =
        end > at + 1 && in->at[at] == 'i' && out->len > 0 && out->at[out->len - 1] == 's';
    if (softened)
        out->at[out->len - 1] = 'S';
    char vowel = open ? 'a' : 'i';
    letters_add(out, &vowel, 1);
    return end;
}

/* Endings: vowels of Hausa, Fulfulde, Zarma and Mande, -t, -ta, -tu of Arabic feminines; a last d
 * sounds as t, b as p. */
static void stem_end(struct letters *out)
{
    while (out->len > 0 && is_tight_vowel(out->at[out->len - 1]))
        out->len--;
    char last = out->len > 0 ? out->at[out->len - 1] : '\0';
    if (last == 'd' || last == 'b')
        out->at[out->len - 1] = last == 'd' ? 't' : 'p';
    if (out->len >= STEM_FEMININE_MIN && memcmp(out->at + out->len - 2, "at", 2) == 0)
        out->len = (uint8_t)(out->len - 2);
}

void fold_stem(const struct letters *form, const struct letters *tight, struct letters *out)
{
    struct letters done = { 0 };
    bool kh = form->len > 2 && memcmp(form->at, "kh", 2) == 0;
    size_t at = tight->len > 1 && (tight->at[0] == 'h' || kh); /* French does not hear it */
    size_t rest = tight->len - at;
    const char *in = tight->at + at;
    if (rest >= FINAL_E_LEN_MIN && memcmp(in, "il", 2) == 0) { /* the article el- */
        letters_add(&done, "a", 1);
        at++;
    } else if (rest > 2 && memcmp(in, "iu", 2) == 0) { /* Yusuf, Issoufou */
        at++;
    } else if (rest > 2 && (memcmp(in, "ia", 2) == 0 || memcmp(in, "ua", 2) == 0)) {
        letters_add(&done, in[0] == 'i' ? "Y" : "W", 1); /* consonants y and w */
        at++;
    }
    while (at < tight->len) {
        char c = tight->at[at];
        if (is_tight_vowel(c)) {
            at = stem_vowels(tight, at, &done);
            continue;
        }
        add_once(&done, c == 'j' ? 'z' : c); /* Khadija, Hadiza */
        at++;
    }
    stem_end(&done);
    *out = done;
}

void fold_light(const struct letters *in, struct letters *out)
{
    struct letters done = { 0 };
    for (size_t i = 0; i < in->len; i++) {
        char c = in->at[i];
        char next = i + 1 < in->len ? in->at[i + 1] : '\0';
        if (c == 'o' && (next == 'u' || next == 'o')) {
            c = 'u';
            i++;
        }
        add_once(&done, c == 'y' ? 'i' : c);
    }
    *out = done;
}
