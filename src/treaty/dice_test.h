/* Chance from one seed, that a test throws again and finds the same. */
#ifndef COMITY_TREATY_DICE_TEST_H
#define COMITY_TREATY_DICE_TEST_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint32_t dice_roll(struct dice *dice, uint32_t sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (uint32_t)((dice->state >> 16) % sides);
}

static inline bool dice_one_in(struct dice *dice, uint32_t n)
{
    return dice_roll(dice, n) == 0;
}

#endif
