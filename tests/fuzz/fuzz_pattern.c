/* A pattern, a newline, a number: what the wildcards stand for, put in their place, gives the
 * number again, save marks, case and look-alikes. */
#include <stdlib.h>

#include "index/score/identifier.h"
#include "index/score/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t memory[1 << 20];

struct folded {
    size_t len;
    char at[2 * INDEX_TEXT_MAX];
};

static void add(struct folded *to, struct text in)
{
    for (size_t i = 0; i < in.len && to->len < sizeof to->at; i++) {
        char c = identifier_fold_byte(in.data[i]);
        to->at[to->len] = c;
        to->len += c != 0;
    }
}

static void check(struct text pattern, struct text number, const struct text *parts, size_t count)
{
    static struct folded filled, whole;
    size_t part = 0;
    bool run = false; /* of runs side by side only the first stands */
    filled.len = whole.len = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.data[i];
        bool wild = c == '?' || (c == '*' && !run);
        if (wild && part == count)
            abort();
        if (wild)
            add(&filled, parts[part++]);
        else if (c != '*')
            add(&filled, (struct text){ &pattern.data[i], 1 });
        run = c == '*' || (run && c != '?' && identifier_fold_byte(c) == 0);
    }
    add(&whole, number);
    if (part != count || filled.len != whole.len || memcmp(filled.at, whole.at, whole.len) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text all;
    struct text parts[INDEX_KEY_BYTES_MAX];
    struct arena arena = arena_over(memory, sizeof memory);
    if (size > INDEX_TEXT_MAX || failed(text_parse(bytes_of(data, size), &all)))
        return 0;
    const char *cut = size > 0 ? memchr(all.data, '\n', all.len) : NULL;
    if (cut == NULL)
        return 0;
    struct text pattern = { all.data, (size_t)(cut - all.data) };
    struct text number = { cut + 1, all.len - pattern.len - 1 };
    struct index_identifier ours = { .canonical = pattern, .partial = true };
    struct index_identifier theirs = { .canonical = number };
    struct partial read;
    if (failed(pattern_read(&ours, &read)))
        return 0;
    size_t count = pattern_filled(pattern, number, &arena, parts);
    bool wild = memchr(read.plain, '?', read.len) != NULL ||
                memchr(read.plain, '*', read.len) != NULL;
    bool fits = pattern_fit(&read, &theirs) != PATTERN_DIFFERS;
    if (wild && fits != (count > 0))
        abort();
    if (fits)
        check(pattern, number, parts, count);
    return 0;
}
