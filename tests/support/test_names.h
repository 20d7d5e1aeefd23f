/* Mined pairs of a Latin and a native name token, and the rule that tells which of them are not one
 * name. The sets were mined from titles word by word, so that given names stand against surnames
 * and "king" against a king's name. The rule was fixed before any table was made better by these
 * sets; tests and bench share it.
 *
 * The generic skeleton of a name is its main Latin form without vowels, h, w and y, in five classes
 * (labials, t d, sibilants with velars, liquids, nasals), doubles once. Two skeletons are far when
 * their edit distance is more than half of the longer, near when it is at most a third. A pair that
 * is far is dropped when
 *   PAIR_OTHER   another partner of either token is near to it: that is its name (partners are
 *                those of the pairs, and of the whole names where the set has them); or
 *   PAIR_WORD    the native token has three partners or more, none of them near: a word; or
 *   PAIR_NOTHING both skeletons have two classes or more, and none in common. */
#ifndef COMITY_TESTS_TEST_NAMES_H
#define COMITY_TESTS_TEST_NAMES_H

#include "index/names/analyse.h"
#include "test_files.h"

enum pair_verdict { PAIR_KEPT, PAIR_OTHER, PAIR_WORD, PAIR_NOTHING, PAIR_VERDICTS };

struct name_pair {
    const char *latin;
    const char *native;
    struct letters latin_sound;
    struct letters native_sound;
    unsigned far; /* edit distance of the two */
    enum pair_verdict verdict;
};

struct name_pairs {
    struct test_file file;
    struct name_pair *pair;
    size_t count;
    uint64_t *wrong; /* pairs that whole names disprove, ascending */
    size_t wrong_count;
};

/* The single token of a name; an unspaced name that was split is joined again. */
static inline void pair_token(const char *name, struct token *out)
{
    struct index_name whole = { .full = text_literal(name) };
    struct analysed analysed;
    analyse_name(&whole, (struct bytes){ 0 }, &analysed);
    *out = (struct token){ 0 };
    if (analysed.count >= 2)
        token_join(&analysed.token[0], &analysed.token[1], (struct bytes){ 0 }, out);
    else if (analysed.count > 0)
        *out = analysed.token[0];
}

/* The first asks for a key that the second stores (invariant A2). */
static inline bool test_share_key(const struct token *a, const struct token *b)
{
    uint32_t ours[KEYS_MAX];
    uint8_t kinds[KEYS_MAX];
    uint32_t theirs[KEYS_MAX];
    size_t our_count = token_asks(a, ours, kinds);
    size_t their_count = token_keys(b, theirs);
    for (size_t i = 0; i < our_count; i++) {
        for (size_t k = 0; k < their_count; k++) {
            if (ours[i] == theirs[k])
                return true;
        }
    }
    return false;
}

static inline void pair_sound(const char *name, struct letters *out)
{
    static const char classes[] = "-PST-PS--SSLNN-PSLST-P-S-S"; /* of a to z */
    struct token token;
    pair_token(name, &token);
    *out = (struct letters){ 0 };
    for (size_t i = 0; token.form_count > 0 && i < token.form[0].len; i++) {
        char c = token.form[0].at[i];
        c = c >= 'a' && c <= 'z' ? classes[c - 'a'] : '-';
        if (c != '-' && (out->len == 0 || out->at[out->len - 1] != c))
            letters_add(out, &c, 1);
    }
}

static inline unsigned pair_distance(const struct letters *a, const struct letters *b)
{
    unsigned row[FORM_MAX + 1];
    for (unsigned k = 0; k <= b->len; k++)
        row[k] = k;
    for (unsigned i = 1; i <= a->len; i++) {
        unsigned before = row[0]++;
        for (unsigned k = 1; k <= b->len; k++) {
            unsigned change = before + (a->at[i - 1] != b->at[k - 1]);
            before = row[k];
            unsigned best = change < before + 1 ? change : before + 1;
            row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
        }
    }
    return row[b->len];
}

static inline unsigned pair_longer(const struct name_pair *pair)
{
    return pair->latin_sound.len > pair->native_sound.len ? pair->latin_sound.len
                                                          : pair->native_sound.len;
}

static inline bool pair_is_far(const struct name_pair *pair)
{
    return 2 * pair->far > pair_longer(pair);
}

static inline bool pair_is_near(const struct name_pair *pair)
{
    return 3 * pair->far <= pair_longer(pair);
}

static inline bool pair_shares_nothing(const struct name_pair *pair)
{
    const struct letters *a = &pair->latin_sound;
    const struct letters *b = &pair->native_sound;
    for (size_t i = 0; i < a->len; i++) {
        if (memchr(b->at, a->at[i], b->len) != NULL)
            return false;
    }
    return a->len >= 2 && b->len >= 2;
}

static inline int pair_by_native(const void *a, const void *b)
{
    return strcmp((*(struct name_pair *const *)a)->native, (*(struct name_pair *const *)b)->native);
}

static inline int pair_by_latin(const void *a, const void *b)
{
    return strcmp((*(struct name_pair *const *)a)->latin, (*(struct name_pair *const *)b)->latin);
}

/* One group of pairs that share a token. */
static inline void pair_judge(struct name_pair *const *group, size_t count, bool words)
{
    size_t near = 0;
    for (size_t i = 0; i < count; i++)
        near += pair_is_near(group[i]);
    for (size_t i = 0; i < count; i++) {
        if (!pair_is_far(group[i]) || group[i]->verdict == PAIR_OTHER)
            continue;
        if (near > 0)
            group[i]->verdict = PAIR_OTHER;
        else if (words && count >= 3)
            group[i]->verdict = PAIR_WORD;
    }
}

static inline uint64_t pair_hash(const char *latin, const char *native)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *c = latin; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * UINT64_C(1099511628211);
    h *= UINT64_C(1099511628211);
    for (const char *c = native; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * UINT64_C(1099511628211);
    return h;
}

static inline int pair_by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

enum { PAIR_WORDS_MAX = 8 };

static inline size_t pair_words(char *name, char *words[PAIR_WORDS_MAX],
                                struct letters sounds[PAIR_WORDS_MAX])
{
    size_t count = 0;
    for (char *word = strsep(&name, " -"); word != NULL; word = strsep(&name, " -")) {
        for (char *c = word; *c != '\0'; c++)
            *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        if (*word == '\0' || count == PAIR_WORDS_MAX)
            continue;
        pair_sound(word, &sounds[count]);
        words[count++] = word;
    }
    return count;
}

/* A native word of a whole name to which a Latin one is near is no other Latin word of it. */
static inline void pairs_disprove(struct name_pairs *pairs, char *latin, char *native)
{
    char *ours[PAIR_WORDS_MAX];
    char *theirs[PAIR_WORDS_MAX];
    struct letters our[PAIR_WORDS_MAX];
    struct letters their[PAIR_WORDS_MAX];
    size_t count = pair_words(latin, ours, our);
    size_t native_count = pair_words(native, theirs, their);
    for (size_t k = 0; k < native_count; k++) {
        size_t near = count;
        for (size_t i = 0; i < count; i++) {
            struct name_pair pair = { .latin_sound = our[i], .native_sound = their[k] };
            pair.far = pair_distance(&our[i], &their[k]);
            if (pair_longer(&pair) > 0 && pair_is_near(&pair))
                near = i;
        }
        for (size_t i = 0; near < count && i < count; i++) {
            if (i != near)
                pairs->wrong[pairs->wrong_count++] = pair_hash(ours[i], theirs[k]);
        }
    }
}

/* Lines of whole names, Latin and native. */
static inline void pairs_whole(struct name_pairs *pairs, const char *path)
{
    struct test_file file;
    if (!test_file_read(path, &file))
        return;
    size_t lines = 1;
    for (size_t i = 0; i < file.len; i++)
        lines += file.data[i] == '\n';
    pairs->wrong = calloc(lines * PAIR_WORDS_MAX * 7, sizeof *pairs->wrong);
    char *rest = (char *)file.data;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        line[strcspn(line, "\r")] = '\0';
        char *latin = strsep(&line, "\t");
        if (line != NULL)
            pairs_disprove(pairs, latin, strsep(&line, "\t"));
    }
    qsort(pairs->wrong, pairs->wrong_count, sizeof *pairs->wrong, pair_by_hash);
    free(file.data);
}

static inline void pairs_clean(struct name_pairs *pairs)
{
    struct name_pair **order = malloc((pairs->count + 1) * sizeof(struct name_pair *));
    for (size_t i = 0; i < pairs->count; i++)
        order[i] = &pairs->pair[i];
    for (size_t round = 0; round < 2; round++) {
        int (*by)(const void *, const void *) = round == 0 ? pair_by_native : pair_by_latin;
        qsort(order, pairs->count, sizeof(struct name_pair *), by);
        for (size_t i = 0, run = 0; i < pairs->count; i += run) {
            for (run = 1; i + run < pairs->count && by(&order[i], &order[i + run]) == 0; run++)
                ;
            pair_judge(order + i, run, round == 0);
        }
    }
    for (size_t i = 0; i < pairs->count; i++) {
        struct name_pair *pair = &pairs->pair[i];
        uint64_t hash = pair_hash(pair->latin, pair->native);
        if (pair_is_far(pair) && pairs->wrong != NULL &&
            bsearch(&hash, pairs->wrong, pairs->wrong_count, sizeof hash, pair_by_hash) != NULL)
            pair->verdict = PAIR_OTHER;
        if (pair->verdict == PAIR_KEPT && pair_is_far(pair) && pair_shares_nothing(pair))
            pair->verdict = PAIR_NOTHING;
    }
    free(order);
}

/* Half of a pair: tables are made better by half 0 alone, half 1 is reported. */
static inline unsigned pair_half(const struct name_pair *pair)
{
    uint32_t h = UINT32_C(2166136261);
    for (const char *c = pair->latin; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * UINT32_C(16777619);
    for (const char *c = pair->native; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * UINT32_C(16777619);
    return (h ^ h >> 15) & 1;
}

/* Lines of two tokens and perhaps more, between tabs; letters of the native one may stand apart. */
static inline bool pairs_load(const char *path, const char *whole_opt, bool latin_first,
                              struct name_pairs *out)
{
    struct name_pairs pairs = { 0 };
    if (!test_file_read(path, &pairs.file))
        return false;
    size_t lines = 0;
    for (size_t i = 0; i < pairs.file.len; i++)
        lines += pairs.file.data[i] == '\n';
    pairs.pair = calloc(lines + 1, sizeof(struct name_pair));
    char *rest = (char *)pairs.file.data;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        line[strcspn(line, "\r")] = '\0';
        char *first = strsep(&line, "\t");
        char *second = line != NULL ? strsep(&line, "\t") : NULL;
        if (second == NULL || pairs.count == lines + 1)
            continue;
        char *native = latin_first ? second : first;
        char *to = native;
        for (const char *from = native; *from != '\0'; from++) {
            if (*from != ' ')
                *to++ = *from;
        }
        *to = '\0';
        struct name_pair *pair = &pairs.pair[pairs.count++];
        *pair = (struct name_pair){ .latin = latin_first ? first : second, .native = native };
        pair_sound(pair->latin, &pair->latin_sound);
        pair_sound(pair->native, &pair->native_sound);
        pair->far = pair_distance(&pair->latin_sound, &pair->native_sound);
    }
    if (whole_opt != NULL)
        pairs_whole(&pairs, whole_opt);
    pairs_clean(&pairs);
    *out = pairs;
    return true;
}

static inline void pairs_free(struct name_pairs *pairs)
{
    free(pairs->file.data);
    free(pairs->pair);
    free(pairs->wrong);
}

#endif
