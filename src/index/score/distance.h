/* Optimal string alignment (one edit: insert, delete, replace, swap neighbours; no substring is
 * edited twice), bit-parallel after Hyyrö, "A bit-vector algorithm for computing Levenshtein and
 * Damerau edit distances" (2003). */
#ifndef COMITY_INDEX_DISTANCE_H
#define COMITY_INDEX_DISTANCE_H

#include "index/names/fold.h"

enum { DISTANCE_FAR = 99 };

struct pattern {         /* one word, for many distances */
    uint32_t places[64]; /* where each letter stands; a-z and A-Z differ in their low six bits */
    uint8_t len;
};
void pattern_make(const struct letters *word, struct pattern *out);
/* The distance to `len` letters, at most FORM_MAX, or DISTANCE_FAR when the lengths alone put it
 * above `max`. */
unsigned pattern_distance(const struct pattern *pattern, const char *letters, size_t len,
                          unsigned max);

#endif
