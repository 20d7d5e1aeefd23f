/* Optimal string alignment (one edit: insert, delete, replace, swap neighbours; no substring is
 * edited twice), bit-parallel after Hyyrö, "A bit-vector algorithm for computing Levenshtein and
 * Damerau edit distances" (2003). */
#ifndef COMITY_INDEX_DISTANCE_H
#define COMITY_INDEX_DISTANCE_H

#include "index/fold.h"

enum { DISTANCE_FAR = 99 };

/* The distance, or DISTANCE_FAR when the lengths alone put it above `max`. */
unsigned distance_osa(const struct letters *a, const struct letters *b, unsigned max);

#endif
