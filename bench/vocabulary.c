#include "vocabulary.h"

#include <stdio.h>
#include <stdlib.h>

/* -- chance ------------------------------------------------------------------------------------ */

uint64_t dice_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

uint64_t dice_roll(struct dice *d)
{
    d->state += UINT64_C(0x9e3779b97f4a7c15);
    return dice_mix(d->state);
}

size_t dice_below(struct dice *d, size_t limit)
{
    return (size_t)(dice_roll(d) % limit);
}

double dice_part(struct dice *d)
{
    return (double)(dice_roll(d) >> 11) / 9007199254740992.0;
}

bool dice_chance(struct dice *d, double share)
{
    return dice_part(d) < share;
}

/* -- lists ------------------------------------------------------------------------------------- */

static char *read_file(const char *folder, const char *list, size_t *len)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, list);
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && ftell(file) > 0) {
        *len = (size_t)ftell(file);
        rewind(file);
        bytes = malloc(*len);
        if (bytes != NULL && fread(bytes, 1, *len, file) != *len) {
            free(bytes);
            bytes = NULL;
        }
    }
    fclose(file);
    return bytes;
}

/* In `words`, a word stands with its count behind a NUL: its length is of the word alone. */
static void add_line(struct vocabulary *v, struct text line, bool latin)
{
    const char *tab = memchr(line.data, '\t', line.len);
    const char *end = line.data + line.len;
    const char *second = tab == NULL ? NULL : memchr(tab + 1, '\t', (size_t)(end - tab - 1));
    if (second == NULL || tab == line.data)
        return;
    struct text word = { line.data, (size_t)(tab - line.data) };
    if (!latin)
        word = (struct text){ tab + 1, (size_t)(second - tab - 1) };
    char *own = v->bytes + v->used;
    size_t len = 0;
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] != ' ')
            own[len++] = word.data[i];
    uint32_t count = (uint32_t)strtoul(second + 1, NULL, 10);
    memcpy(own + len, &count, sizeof count);
    v->words[v->count++] = (struct text){ own, len };
    v->used += len + sizeof count;
}

bool vocabulary_read(struct vocabulary *v, const char *folder, const char *list, bool latin)
{
    size_t len = 0;
    char *bytes = read_file(folder, list, &len);
    size_t lines = 0;
    if (bytes == NULL)
        return false;
    for (size_t i = 0; i < len; i++)
        lines += bytes[i] == '\n';
    char *more = malloc(v->used + len + lines * sizeof(uint32_t));
    struct text *words = realloc(v->words, (v->count + lines) * sizeof *words);
    v->words = words != NULL ? words : v->words;
    if (more != NULL && words != NULL && v->bytes != NULL) {
        memcpy(more, v->bytes, v->used);
        for (size_t i = 0; i < v->count; i++)
            words[i].data = more + (words[i].data - v->bytes);
        free(v->bytes);
    }
    bool ok = more != NULL && words != NULL;
    if (ok)
        v->bytes = more;
    else
        free(more);
    for (size_t at = 0; ok && at < len;) {
        const char *end = memchr(bytes + at, '\n', len - at);
        size_t line = end == NULL ? len - at : (size_t)(end - bytes) - at;
        if (end != NULL)
            add_line(v, (struct text){ bytes + at, line }, latin);
        at += line + 1;
    }
    free(bytes);
    return ok;
}

static uint32_t count_of(struct text word)
{
    uint32_t count;
    memcpy(&count, word.data + word.len, sizeof count);
    return count;
}

static int by_word(const void *a, const void *b)
{
    return bytes_compare(text_bytes(*(const struct text *)a), text_bytes(*(const struct text *)b));
}

static int by_count(const void *a, const void *b)
{
    uint32_t x = count_of(*(const struct text *)a);
    uint32_t y = count_of(*(const struct text *)b);
    return x != y ? (x < y) - (x > y) : by_word(a, b);
}

static void order(struct vocabulary *v)
{
    uint32_t kept = 0;
    if (v->count == 0)
        return;
    qsort(v->words, v->count, sizeof *v->words, by_word);
    for (uint32_t i = 1; i < v->count; i++) {
        struct text last = v->words[kept];
        if (bytes_equal(text_bytes(last), text_bytes(v->words[i]))) {
            uint32_t sum = count_of(last) + count_of(v->words[i]);
            memcpy(v->bytes + (last.data + last.len - v->bytes), &sum, sizeof sum);
        } else {
            v->words[++kept] = v->words[i];
        }
    }
    v->count = v->listed = kept + 1;
    qsort(v->words, v->count, sizeof *v->words, by_count);
}

/* -- frequency --------------------------------------------------------------------------------- */

static double top_of(double q, uint32_t count)
{
    double total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += 1 / ((double)i + 1 + q);
    return 1 / (1 + q) / total;
}

bool vocabulary_weigh(struct vocabulary *v, uint32_t stems, double top)
{
    double low = 0;
    double high = 4096;
    double total = 0;
    order(v);
    v->count += stems;
    v->cumulated = malloc((v->count + (size_t)1) * sizeof *v->cumulated);
    if (v->cumulated == NULL || v->count == 0)
        return false;
    for (int i = 0; i < 40; i++) {
        double q = (low + high) / 2;
        if (top_of(q, v->count) > top)
            low = q;
        else
            high = q;
    }
    for (uint32_t i = 0; i < v->count; i++)
        v->cumulated[i] = total += 1 / ((double)i + 1 + low);
    return true;
}

void vocabulary_free(struct vocabulary *v)
{
    free(v->words);
    free(v->bytes);
    free(v->cumulated);
    *v = (struct vocabulary){ 0 };
}

uint32_t vocabulary_pick(const struct vocabulary *v, struct dice *dice)
{
    double at = dice_part(dice) * v->cumulated[v->count - 1];
    uint32_t low = 0;
    uint32_t high = v->count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (v->cumulated[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Two to four syllables; rarer words are longer, or there would not be enough of them. */
struct text vocabulary_word(const struct vocabulary *v, uint32_t rank,
                            char stem[static VOCABULARY_STEM_BYTES])
{
    static const char *const onsets[] = { "b",  "d",  "f",  "g",  "h", "j", "k", "l",  "m",
                                          "n",  "p",  "r",  "s",  "t", "v", "w", "y",  "z",
                                          "sh", "ch", "kh", "dj", "",  "n", "m", "tr", "br" };
    static const char *const ends[] = { "a",  "e",  "i",  "o",  "u",  "ou", "ai", "an",
                                        "en", "in", "ar", "er", "am", "al", "is", "as" };
    struct dice d = { dice_mix(v->seed ^ dice_mix(rank)) };
    size_t syllables = 2 + dice_below(&d, 3);
    int len = 0;
    if (rank < v->listed)
        return v->words[rank];
    if (rank > 50000 && syllables == 2)
        syllables += dice_below(&d, 3);
    for (size_t i = 0; i < syllables; i++)
        len += snprintf(stem + len, VOCABULARY_STEM_BYTES - (size_t)len, "%s%s",
                        onsets[dice_below(&d, sizeof onsets / sizeof onsets[0])],
                        ends[dice_below(&d, sizeof ends / sizeof ends[0])]);
    return (struct text){ stem, (size_t)len };
}
