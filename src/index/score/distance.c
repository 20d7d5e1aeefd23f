#include "index/score/distance.h"

#include <string.h>

_Static_assert(FORM_MAX < 32, "a form is one 32-bit vector");

void pattern_make(const struct letters *word, struct pattern *out)
{
    memset(out, 0, sizeof *out);
    out->len = word->len;
    for (unsigned i = 0; i < word->len; i++)
        out->places[(uint8_t)word->at[i] & 63] |= UINT32_C(1) << i;
}

unsigned pattern_distance(const struct pattern *pattern, const char *letters, size_t len,
                          unsigned max)
{
    unsigned own = pattern->len;
    unsigned apart = own > len ? own - (unsigned)len : (unsigned)len - own;
    if (apart > max)
        return DISTANCE_FAR;
    if (own == 0 || len == 0)
        return apart;
    uint32_t up = UINT32_MAX;
    uint32_t down = 0;
    uint32_t same = 0;
    uint32_t before = 0;
    unsigned score = own;
    const unsigned top = own - 1;
    for (size_t i = 0; i < len; i++) {
        uint32_t here = pattern->places[(uint8_t)letters[i] & 63];
        uint32_t swapped = ((~same & here) << 1) & before;
        same = (((here & up) + up) ^ up) | here | down | swapped;
        uint32_t plus = down | ~(same | up);
        uint32_t minus = same & up;
        score += plus >> top & 1;
        score -= minus >> top & 1;
        plus = plus << 1 | 1;
        minus <<= 1;
        up = minus | ~(same | plus);
        down = plus & same;
        before = here;
    }
    return score;
}
