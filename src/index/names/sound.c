#include "index/names/sound.h"

#include <assert.h>
#include <string.h>

/* ------------------------------------------------------------------- several ways to sound */

void sounds_init(struct sounds *s)
{
    s->count = 1;
    s->cost[0] = 0;
    s->at[0].len = 0;
}

static void add_classes(struct letters *to, const char *classes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool twice = to->len > 0 && to->at[to->len - 1] == classes[i];
        if (classes[i] != '-' && !twice)
            letters_add(to, classes + i, 1);
    }
}

/* Keeps the cheaper of twins; over the limit, the dearest goes. */
static void keep_sound(struct sounds *s, const struct letters *one, uint8_t cost)
{
    size_t dearest = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (letters_equal(&s->at[i], one)) {
            s->cost[i] = cost < s->cost[i] ? cost : s->cost[i];
            return;
        }
        if (s->cost[i] >= s->cost[dearest])
            dearest = i;
    }
    if (s->count < SOUNDS_MAX)
        dearest = s->count++;
    else if (s->cost[dearest] <= cost)
        return;
    s->at[dearest] = *one;
    s->cost[dearest] = cost;
}

void sounds_add(struct sounds *s, const char *alternatives)
{
    if (alternatives[0] == '\0' || (alternatives[0] == '-' && alternatives[1] == '\0'))
        return;
    if (s->count == 1 && alternatives[1] == '\0') { /* one way so far, and no other now */
        add_classes(&s->at[0], alternatives, 1);
        return;
    }
    struct sounds next;
    next.count = 0;
    uint8_t rank = 0;
    for (const char *from = alternatives; *from != '\0'; rank++) {
        size_t len = strcspn(from, "|");
        for (size_t i = 0; i < s->count; i++) {
            struct letters one = s->at[i];
            add_classes(&one, from, len);
            uint8_t cost = s->cost[i] < UINT8_MAX - 8 ? (uint8_t)(s->cost[i] + rank) : UINT8_MAX;
            keep_sound(&next, &one, cost);
        }
        from += len + (from[len] == '|');
    }
    memcpy(s->at, next.at, next.count * sizeof next.at[0]);
    memcpy(s->cost, next.cost, next.count * sizeof next.cost[0]);
    s->count = next.count;
}

void sounds_end(const struct sounds *s, struct skeletons *out)
{
    uint8_t at[SOUNDS_MAX];
    size_t count = 0;
    for (uint8_t i = 0; i < s->count; i++) { /* by cost, the earlier first */
        size_t slot = count++;
        for (; slot > 0 && s->cost[at[slot - 1]] > s->cost[i]; slot--)
            at[slot] = at[slot - 1];
        at[slot] = i;
    }
    out->count = (uint8_t)(count < SKELETONS_MAX ? count : SKELETONS_MAX);
    for (size_t i = 0; i < out->count; i++)
        out->at[i] = s->at[at[i]];
}

/* ------------------------------------------------------------------------- Latin letters */

enum place {
    ANYWHERE,
    AT_BEGIN,
    BEFORE_VOWEL,
    BEFORE_FRONT,
    BEFORE_CONSONANT, /* or at the end */
    AT_END,
    AT_SILENT_END /* last, or before a last s or x, after a vowel, n, r or l: French */
};

struct sound_rule {
    char from[4];
    uint8_t len;
    enum place place;
    char west[10];
    char east[10]; /* empty: as west */
};

/* By first letter; the first that fits wins. */
static const struct sound_rule sound_rules[26][12] = {
    ['a' - 'a'] = { { "au", 2, BEFORE_CONSONANT, "-|F", "-" } },
    ['b' - 'a'] = { { "b", 1, ANYWHERE, "P", "" } },
    ['c' - 'a'] = { { "cch", 3, ANYWHERE, "K|S", "" },
                    { "cc", 2, BEFORE_FRONT, "S|KS|K", "" },
                    { "ch", 2, ANYWHERE, "S|K", "S|K|-" },
                    { "cz", 2, ANYWHERE, "S", "" },
                    { "cs", 2, ANYWHERE, "S|KS", "" },
                    { "ck", 2, BEFORE_FRONT, "K|SK", "K" },
                    { "ck", 2, ANYWHERE, "K", "" },
                    { "c", 1, BEFORE_FRONT, "S|K", "" },
                    { "c", 1, AT_SILENT_END, "K|S|-", "" },
                    { "c", 1, ANYWHERE, "K|S", "" } },
    ['d' - 'a'] = { { "dzh", 3, ANYWHERE, "S", "" },
                    { "dz", 2, ANYWHERE, "S|TS", "S" },
                    { "dj", 2, ANYWHERE, "S", "" },
                    { "dg", 2, BEFORE_FRONT, "S|TK", "" },
                    { "ds", 2, AT_END, "S|TS|T|-", "" },
                    { "dh", 2, ANYWHERE, "T|S", "" },
                    { "dt", 2, AT_END, "T", "" },
                    { "d", 1, AT_SILENT_END, "T|-", "" },
                    { "d", 1, ANYWHERE, "T", "" } },
    ['e' - 'a'] = { { "eu", 2, BEFORE_CONSONANT, "-|F", "-" } },
    ['f' - 'a'] = { { "f", 1, ANYWHERE, "F", "P" } },
    ['g' - 'a'] = { { "gh", 2, BEFORE_CONSONANT, "-|K|F", "-|K" },
                    { "gh", 2, ANYWHERE, "K|-", "" },
                    { "gn", 2, ANYWHERE, "N|KN", "" },
                    { "gg", 2, BEFORE_FRONT, "K|S", "" },
                    { "gj", 2, ANYWHERE, "S|K", "" },
                    { "gu", 2, BEFORE_FRONT, "K", "" },
                    { "ge", 2, AT_END, "S|K", "" },
                    { "ges", 3, AT_END, "S|K|SS", "" },
                    { "g", 1, BEFORE_FRONT, "K|S", "" },
                    { "g", 1, ANYWHERE, "K", "" } },
    ['i' - 'a'] = { { "il", 2, AT_END, "L|-", "L|-" } },
    ['j' - 'a'] = { { "j", 1, ANYWHERE, "S|-|K", "S|-" } },
    ['k' - 'a'] = { { "kh", 2, ANYWHERE, "K|-", "" },
                    { "kn", 2, AT_BEGIN, "KN|N", "" },
                    { "k", 1, ANYWHERE, "K", "" } },
    ['l' - 'a'] = { { "ll", 2, BEFORE_VOWEL, "L|-", "" },
                    { "lj", 2, ANYWHERE, "L|LS", "L" },
                    { "lk", 2, ANYWHERE, "LK|K", "K|LK" },
                    { "lm", 2, ANYWHERE, "LN|N", "LN|N" },
                    { "lt", 2, AT_END, "LT|-|L", "LT|T|-" },
                    { "ld", 2, AT_END, "LT|L|-", "LT|T|-" },
                    { "l", 1, BEFORE_VOWEL, "L", "" },
                    { "l", 1, ANYWHERE, "L", "L|-" } },
    ['m' - 'a'] = { { "mb", 2, AT_END, "N|NP", "" }, { "m", 1, ANYWHERE, "N", "" } },
    ['n' - 'a'] = { { "ng", 2, BEFORE_CONSONANT, "N|NK", "" },
                    { "ng", 2, BEFORE_FRONT, "NK|NS|N", "" },
                    { "ng", 2, ANYWHERE, "NK|N", "" },
                    { "nj", 2, ANYWHERE, "N|NS", "" },
                    { "n", 1, ANYWHERE, "N", "" } },
    ['p' - 'a'] = { { "ph", 2, ANYWHERE, "F|P", "P" },
                    { "ps", 2, AT_BEGIN, "PS|S", "" },
                    { "p", 1, AT_SILENT_END, "P|-", "" },
                    { "p", 1, ANYWHERE, "P", "" } },
    ['q' - 'a'] = { { "qu", 2, ANYWHERE, "K|KF|S", "K|S" },
                    { "qi", 2, ANYWHERE, "K|S", "" },
                    { "q", 1, ANYWHERE, "K", "" } },
    ['r' - 'a'] = { { "rz", 2, ANYWHERE, "RS|S", "S|LS" },
                    { "rg", 2, AT_END, "RK|R", "K|LK|-" },
                    { "r", 1, BEFORE_VOWEL, "R", "L" },
                    { "r", 1, AT_SILENT_END, "R|-", "-|L" },
                    { "r", 1, ANYWHERE, "R", "-|L" } },
    ['s' - 'a'] = { { "sch", 3, ANYWHERE, "S|SK", "" },
                    { "sh", 2, ANYWHERE, "S", "" },
                    { "sz", 2, ANYWHERE, "S", "" },
                    { "sc", 2, BEFORE_FRONT, "S|SK", "" },
                    { "s", 1, AT_SILENT_END, "S|-", "" },
                    { "s", 1, ANYWHERE, "S", "" } },
    ['t' - 'a'] = { { "tch", 3, ANYWHERE, "S", "" },
                    { "tsc", 3, ANYWHERE, "S", "" },
                    { "tsh", 3, ANYWHERE, "S", "" },
                    { "ts", 2, ANYWHERE, "S|TS", "" },
                    { "tz", 2, ANYWHERE, "S|TS", "" },
                    { "tj", 2, ANYWHERE, "T|S", "S|T" },
                    { "th", 2, ANYWHERE, "T|S", "" },
                    { "t", 1, AT_SILENT_END, "T|-", "" },
                    { "t", 1, ANYWHERE, "T", "" } },
    ['v' - 'a'] = { { "v", 1, ANYWHERE, "F", "P" } },
    ['w' - 'a'] = { { "w", 1, ANYWHERE, "-|F", "-|P" } },
    ['x' - 'a'] = { { "x", 1, AT_SILENT_END, "KS|-|S", "" },
                    { "x", 1, ANYWHERE, "KS|S|K", "KS|S" } },
    ['z' - 'a'] = { { "zh", 2, ANYWHERE, "S", "" },
                    { "zz", 2, ANYWHERE, "S|TS", "S" },
                    { "z", 1, AT_SILENT_END, "S|-", "" },
                    { "z", 1, ANYWHERE, "S", "" } },
};

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static bool is_front(char c)
{
    return c == 'e' || c == 'i' || c == 'y';
}

/* French: the last consonant, and the one before a last s or x, may be silent. */
static bool is_silent_end(const char *in, size_t at, size_t len)
{
    if (at < 2 || at + 2 < len || (at + 2 == len && in[at + 1] != 's' && in[at + 1] != 'x'))
        return false;
    if (in[at] == 'r')
        return in[at - 1] == 'e';
    char before = in[at - 1];
    return is_vowel(before) || before == 'n' || before == 'r' || before == 'l' || before == 't' ||
           before == 'd';
}

static bool place_fits(enum place place, const char *in, size_t at, size_t rule_len, size_t len)
{
    char next = at + rule_len < len ? in[at + rule_len] : '\0';
    switch (place) {
    case ANYWHERE:
        return true;
    case AT_BEGIN:
        return at == 0;
    case BEFORE_VOWEL:
        return is_vowel(next);
    case BEFORE_FRONT:
        return is_front(next);
    case BEFORE_CONSONANT:
        return !is_vowel(next);
    case AT_END:
        return next == '\0';
    case AT_SILENT_END:
        return is_silent_end(in, at, len);
    }
    return false;
}

static const struct sound_rule *sound_rule_at(const char *in, size_t at, size_t len)
{
    if (in[at] < 'a' || in[at] > 'z')
        return NULL;
    for (const struct sound_rule *rule = sound_rules[in[at] - 'a']; rule->len > 0; rule++) {
        if (letters_begin(in + at, len - at, rule->from, rule->len) &&
            place_fits(rule->place, in, at, rule->len, len))
            return rule;
    }
    return NULL;
}

void sounds_add_latin(struct sounds *s, enum sound family, const char *in, size_t len)
{
    for (size_t i = 0; i < len;) {
        const struct sound_rule *rule = sound_rule_at(in, i, len);
        if (rule == NULL) {
            i++;
            continue;
        }
        bool east = family == SOUND_EAST && rule->east[0] != '\0';
        sounds_add(s, east ? rule->east : rule->west);
        i += rule->len;
    }
}

/* The rule for the first letters, or the one that ends with the last. */
static const struct sound_rule *sound_rule_end(const struct letters *in, bool last)
{
    const struct sound_rule *rule = NULL;
    for (size_t i = 0; i < in->len; i += rule != NULL ? rule->len : 1) {
        rule = sound_rule_at(in->at, i, in->len);
        if (!last)
            break;
    }
    return rule;
}

enum sound_end sound_at_end(const struct letters *in, enum sound family, bool last, char consonant)
{
    const struct sound_rule *rule = sound_rule_end(in, last);
    if (rule == NULL)
        return END_OTHER;
    bool east = family == SOUND_EAST && rule->east[0] != '\0';
    const char *ways = east ? rule->east : rule->west;
    if (strchr(ways, consonant) == NULL)
        return END_OTHER;
    return strchr(ways, '-') != NULL ? END_EITHER : END_CONSONANT;
}

void sound_latin(const struct letters *in, enum sound family, struct skeletons *out)
{
    struct letters form = *in;
    struct sounds sounds;
    fold_servant(&form);
    sounds_init(&sounds);
    sounds_add_latin(&sounds, family, form.at, form.len);
    sounds_end(&sounds, out);
}

void sound_latin_more(const struct letters *in, enum sound family, struct skeletons *in_out)
{
    struct skeletons more;
    sound_latin(in, family, &more);
    for (size_t i = 0; i < more.count && in_out->count < SKELETONS_MAX; i++) {
        bool known = false;
        for (size_t k = 0; k < in_out->count; k++)
            known = known || letters_equal(&in_out->at[k], &more.at[i]);
        if (!known)
            in_out->at[in_out->count++] = more.at[i];
    }
}
