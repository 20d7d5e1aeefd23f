#include "dice.h"

#include <assert.h>

static uint64_t split(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct dice dice_of(uint64_t seed)
{
    struct dice dice;
    for (int i = 0; i < 4; i++)
        dice.state[i] = split(&seed);
    return dice;
}

static uint64_t rotl(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t dice_next(struct dice *dice)
{
    uint64_t *s = dice->state;
    uint64_t result = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

uint64_t dice_below(struct dice *dice, uint64_t count)
{
    assert(count > 0);
    return dice_next(dice) % count;
}

int64_t dice_between(struct dice *dice, int64_t first, int64_t last)
{
    assert(first <= last);
    return first + (int64_t)dice_below(dice, (uint64_t)(last - first) + 1);
}

bool dice_falls(struct dice *dice, uint32_t chance)
{
    return dice_below(dice, 1000000) < chance;
}

void dice_fill(struct dice *dice, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(dice_next(dice) >> 32);
}
