#include "index/fold.h"

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
enum place { ANYWHERE, BEFORE_VOWEL, BEFORE_FRONT, AT_END };

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
enum { FINAL_E_LEN_MIN = 4 };

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
    if (at + len > in->len || memcmp(in->at + at, rule->from, len) != 0)
        return false;
    char next = at + len < in->len ? in->at[at + len] : '\0';
    if (rule->place == BEFORE_VOWEL)
        return is_vowel(next);
    if (rule->place == BEFORE_FRONT)
        return is_front(next);
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

/* abdel-kader, abdul-qadir, abdou-rahman: the article between is a matter of habit. */
static void fold_servant(struct letters *in_out)
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

void skeletons_init(struct skeletons *s)
{
    memset(s, 0, sizeof *s);
    s->count = 1;
}

static void add_classes(struct letters *to, const char *classes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (classes[i] != '-')
            add_once(to, classes[i]);
    }
}

/* Two may have become one: "-" and "K" before a K. */
static void drop_twins(struct skeletons *s)
{
    for (uint8_t i = 1; i < s->count; i++) {
        for (uint8_t k = 0; k < i; k++) {
            if (!letters_equal(&s->at[k], &s->at[i]))
                continue;
            s->count--;
            memmove(&s->at[i], &s->at[i + 1], (size_t)(s->count - i) * sizeof s->at[0]);
            i--;
            break;
        }
    }
}

void skeletons_add(struct skeletons *s, const char *alternatives)
{
    if (alternatives[0] != '\0' && alternatives[1] == '\0') { /* the common case */
        for (size_t i = 0; i < s->count; i++)
            add_classes(&s->at[i], alternatives, 1);
        drop_twins(s);
        return;
    }
    struct skeletons next = { 0 };
    for (const char *from = alternatives; *from != '\0';) {
        size_t len = strcspn(from, "|");
        for (size_t i = 0; i < s->count && next.count < SKELETONS_MAX; i++) {
            struct letters one = s->at[i];
            add_classes(&one, from, len);
            bool known = false;
            for (size_t k = 0; k < next.count; k++)
                known = known || letters_equal(&next.at[k], &one);
            if (!known)
                next.at[next.count++] = one;
        }
        from += len + (from[len] == '|');
    }
    if (next.count > 0)
        *s = next;
}

struct class_rule {
    char from[4];
    uint8_t len;
    char classes[6];
    bool before_front;
};

static const struct class_rule class_rules[26][8] = {
    ['b' - 'a'] = { { "b", 1, "P", false } },
    ['c' - 'a'] = { { "ch", 2, "S|K", false },
                    { "cz", 2, "S", false },
                    { "ck", 2, "K", false },
                    { "c", 1, "S", true },
                    { "c", 1, "K|S", false } },
    ['d' - 'a'] = { { "dh", 2, "T|S", false }, { "dj", 2, "S", false }, { "d", 1, "T", false } },
    ['f' - 'a'] = { { "f", 1, "F", false } },
    ['g' - 'a'] = { { "gh", 2, "K|-", false }, { "g", 1, "K|S", true }, { "g", 1, "K", false } },
    ['j' - 'a'] = { { "j", 1, "S|-", false } },
    ['k' - 'a'] = { { "kh", 2, "K|-", false }, { "k", 1, "K", false } },
    ['l' - 'a'] = { { "l", 1, "L", false } },
    ['m' - 'a'] = { { "m", 1, "N", false } },
    ['n' - 'a'] = { { "n", 1, "N", false } },
    ['p' - 'a'] = { { "ph", 2, "F", false }, { "p", 1, "P", false } },
    ['q' - 'a'] = { { "qu", 2, "K", false }, { "q", 1, "K", false } },
    ['r' - 'a'] = { { "r", 1, "R", false } },
    ['s' - 'a'] = { { "sch", 3, "S", false },
                    { "sh", 2, "S", false },
                    { "sz", 2, "S", false },
                    { "s", 1, "S", false } },
    ['t' - 'a'] = { { "tch", 3, "S", false },
                    { "ts", 2, "S", false },
                    { "tz", 2, "S", false },
                    { "th", 2, "T|S", false },
                    { "t", 1, "T", false } },
    ['v' - 'a'] = { { "v", 1, "F", false } },
    ['w' - 'a'] = { { "w", 1, "-|F", false } },
    ['x' - 'a'] = { { "x", 1, "K|KS", false } },
    ['z' - 'a'] = { { "zh", 2, "S", false }, { "z", 1, "S", false } },
};

static const struct class_rule *class_rule_at(const char *in, size_t len)
{
    if (in[0] < 'a' || in[0] > 'z')
        return NULL;
    for (const struct class_rule *rule = class_rules[in[0] - 'a']; rule->len > 0; rule++) {
        size_t n = rule->len;
        if (n > len || memcmp(in, rule->from, n) != 0)
            continue;
        if (!rule->before_front || (n < len && is_front(in[n])))
            return rule;
    }
    return NULL;
}

void skeletons_add_latin(struct skeletons *s, const char *in, size_t len)
{
    for (size_t i = 0; i < len;) {
        const struct class_rule *rule = class_rule_at(in + i, len - i);
        if (rule == NULL) {
            i++;
            continue;
        }
        skeletons_add(s, rule->classes);
        i += rule->len;
    }
}

void fold_skeletons(const struct letters *in, struct skeletons *out)
{
    struct letters form = *in;
    fold_servant(&form);
    skeletons_init(out);
    skeletons_add_latin(out, form.at, form.len);
}
