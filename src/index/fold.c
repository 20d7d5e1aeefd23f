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
    char to[3];
    enum place place;
};

/* First that fits wins: longer before shorter. S is the sound of sh. */
static const struct fold_rule fold_rules[] = {
    { "sch", "S", ANYWHERE },     { "tch", "S", ANYWHERE },    { "sh", "S", ANYWHERE },
    { "ch", "S", ANYWHERE },      { "cz", "S", ANYWHERE },     { "sz", "S", ANYWHERE },
    { "zh", "j", ANYWHERE },      { "ph", "f", ANYWHERE },     { "ck", "k", ANYWHERE },
    { "qu", "k", ANYWHERE },      { "q", "k", ANYWHERE },      { "x", "ks", ANYWHERE },
    { "c", "s", BEFORE_FRONT },   { "c", "k", ANYWHERE },      { "gu", "g", BEFORE_FRONT },
    { "gn", "ni", BEFORE_VOWEL }, { "dj", "j", ANYWHERE },     { "dz", "z", ANYWHERE },
    { "di", "j", BEFORE_VOWEL },  { "dy", "j", BEFORE_VOWEL }, { "ts", "s", ANYWHERE },
    { "tz", "s", ANYWHERE },      { "ow", "u", AT_END },       { "aw", "u", AT_END },
    { "ao", "u", AT_END },        { "au", "u", AT_END },       { "ou", "u", ANYWHERE },
    { "oo", "u", ANYWHERE },      { "ee", "i", ANYWHERE },     { "ei", "i", ANYWHERE },
    { "ey", "i", ANYWHERE },      { "ea", "i", ANYWHERE },     { "ie", "i", ANYWHERE },
    { "ai", "i", ANYWHERE },      { "ay", "i", ANYWHERE },     { "ae", "i", ANYWHERE },
    { "w", "u", ANYWHERE },       { "y", "i", ANYWHERE },      { "o", "u", ANYWHERE },
    { "e", "", AT_END },          { "e", "i", ANYWHERE },
};
enum { FOLD_RULES = sizeof fold_rules / sizeof fold_rules[0], FINAL_E_LEN_MIN = 4 };

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
    if (rule->from[0] != in->at[at])
        return false;
    size_t len = strlen(rule->from);
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
        size_t r = 0;
        while (r < FOLD_RULES && !rule_fits(&fold_rules[r], &plain, i))
            r++;
        if (r == FOLD_RULES) {
            add_once(&done, plain.at[i++]);
            continue;
        }
        for (const char *c = fold_rules[r].to; *c != '\0'; c++)
            add_once(&done, *c);
        i += strlen(fold_rules[r].from);
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

void skeletons_add(struct skeletons *s, const char *alternatives)
{
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
    char classes[6];
    bool before_front;
};

static const struct class_rule class_rules[] = {
    { "sch", "S", false },  { "tch", "S", false },  { "sh", "S", false },   { "zh", "S", false },
    { "ch", "S|K", false }, { "cz", "S", false },   { "sz", "S", false },   { "ts", "S", false },
    { "tz", "S", false },   { "ph", "F", false },   { "kh", "K|-", false }, { "gh", "K|-", false },
    { "th", "T|S", false }, { "dh", "T|S", false }, { "dj", "S", false },   { "ck", "K", false },
    { "qu", "K", false },   { "b", "P", false },    { "p", "P", false },    { "f", "F", false },
    { "v", "F", false },    { "w", "-|F", false },  { "d", "T", false },    { "t", "T", false },
    { "k", "K", false },    { "q", "K", false },    { "x", "K|KS", false }, { "g", "K|S", true },
    { "g", "K", false },    { "c", "S", true },     { "c", "K|S", false },  { "s", "S", false },
    { "z", "S", false },    { "j", "S|-", false },  { "l", "L", false },    { "r", "R", false },
    { "m", "N", false },    { "n", "N", false },
};
enum { CLASS_RULES = sizeof class_rules / sizeof class_rules[0] };

static const struct class_rule *class_rule_at(const char *in, size_t len)
{
    for (size_t r = 0; r < CLASS_RULES; r++) {
        const struct class_rule *rule = &class_rules[r];
        if (rule->from[0] != in[0])
            continue;
        size_t n = strlen(rule->from);
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
        i += strlen(rule->from);
    }
}

void fold_skeletons(const struct letters *in, struct skeletons *out)
{
    struct letters form = *in;
    fold_servant(&form);
    skeletons_init(out);
    skeletons_add_latin(out, form.at, form.len);
}
