/* Chance from a seed, and words in the order of their frequency: made up, or of name lists. */
#ifndef COMITY_BENCH_VOCABULARY_H
#define COMITY_BENCH_VOCABULARY_H

#include "core/bytes.h"

struct dice {
    uint64_t state;
};
uint64_t dice_mix(uint64_t x);
uint64_t dice_roll(struct dice *dice);
size_t dice_below(struct dice *dice, size_t limit);
double dice_part(struct dice *dice); /* at least 0, below 1 */
bool dice_chance(struct dice *dice, double share);

/* Those beyond `listed` are made up, from `seed` and their rank alone. */
struct vocabulary {
    uint64_t seed;
    uint32_t count;
    uint32_t listed;
    struct text *words;
    char *bytes; /* what they borrow */
    size_t used;
    double *cumulated;
};

enum { VOCABULARY_STEM_BYTES = 32 };

/* Adds the words of one list (Latin word TAB letters with spaces TAB count), those of the first
 * column or of the second. False when it cannot be read. */
bool vocabulary_read(struct vocabulary *v, const char *folder, const char *list, bool latin);
/* Each word once, the most frequent first, then `stems` made-up ones; weights 1 / (rank + q), q
 * such that the first has `top` of all. False when memory is short or there is no word. */
bool vocabulary_weigh(struct vocabulary *v, uint32_t stems, double top);
void vocabulary_free(struct vocabulary *v);
uint32_t vocabulary_pick(const struct vocabulary *v, struct dice *dice);
/* `stem` is for a made-up one. */
struct text vocabulary_word(const struct vocabulary *v, uint32_t rank,
                            char stem[static VOCABULARY_STEM_BYTES]);

#endif
