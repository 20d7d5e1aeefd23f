/* The simulator's only chance: xoshiro256** (Blackman, Vigna), seeded by splitmix64. */
#ifndef COMITY_TESTS_SIM_DICE_H
#define COMITY_TESTS_SIM_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state[4];
};

struct dice dice_of(uint64_t seed);
uint64_t dice_next(struct dice *dice);
/* 0 … count - 1; count is not 0. */
uint64_t dice_below(struct dice *dice, uint64_t count);
/* first … last. */
int64_t dice_between(struct dice *dice, int64_t first, int64_t last);
/* True `chance` times in a million. */
bool dice_falls(struct dice *dice, uint32_t chance);
void dice_fill(struct dice *dice, uint8_t *out, size_t len);

#endif
