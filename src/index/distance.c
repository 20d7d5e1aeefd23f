#include "index/distance.h"

#include <string.h>

_Static_assert(FORM_MAX < 32, "a form is one 32-bit vector");

unsigned distance_osa(const struct letters *a, const struct letters *b, unsigned max)
{
    unsigned longer = a->len > b->len ? a->len : b->len;
    unsigned shorter = a->len > b->len ? b->len : a->len;
    if (longer - shorter > max)
        return DISTANCE_FAR;
    if (shorter == 0)
        return longer;
    uint32_t places[64] = { 0 }; /* a-z and A-Z differ in their low six bits */
    for (unsigned i = 0; i < a->len; i++)
        places[(uint8_t)a->at[i] & 63] |= UINT32_C(1) << i;
    uint32_t up = UINT32_MAX;
    uint32_t down = 0;
    uint32_t same = 0;
    uint32_t before = 0;
    unsigned score = a->len;
    uint32_t top = UINT32_C(1) << (a->len - 1);
    for (unsigned i = 0; i < b->len; i++) {
        uint32_t here = places[(uint8_t)b->at[i] & 63];
        uint32_t swapped = ((~same & here) << 1) & before;
        same = (((here & up) + up) ^ up) | here | down | swapped;
        uint32_t plus = down | ~(same | up);
        uint32_t minus = same & up;
        score += (plus & top) != 0;
        score -= (minus & top) != 0;
        plus = plus << 1 | 1;
        minus <<= 1;
        up = minus | ~(same | plus);
        down = plus & same;
        before = here;
    }
    return score;
}
