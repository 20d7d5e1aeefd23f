/* Values made less exact, as an agreement may demand of a field (spec/agreement.md, "coarsen
 * field"): a date to its year or month, a place to its country, a text or name to its initials. */
#ifndef COMITY_MODEL_COARSEN_H
#define COMITY_MODEL_COARSEN_H

#include "model/record.h"

enum coarse_way {
    COARSE_NONE,
    COARSE_YEAR,
    COARSE_MONTH,
    COARSE_COUNTRY,
    COARSE_INITIALS,
    COARSE_WAYS
};

/* This type of value can be made less exact so: never COARSE_NONE. */
bool coarsen_fits(enum value_type type, enum coarse_way way);

/* The value of a statement, less exact; what it also said (as written, time, street) is gone. false
 * when the way does not fit the type, or nothing is left of the value: then it must not be shown at
 * all. A full arena gives false as well. */
bool coarsen_value(enum value_type type, const struct json *value, enum coarse_way way,
                   struct arena *arena, struct json *out);

#endif
