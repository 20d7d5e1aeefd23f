/* Values made less exact, as an agreement may demand of a field (spec/agreement.md, "coarsen
 * field"): a date to its year or month, a place to its country, a text or name to its initials. */
#ifndef COMITY_MODEL_COARSEN_H
#define COMITY_MODEL_COARSEN_H

#include "model/record.h"

enum coarsen_way {
    COARSEN_YEAR,
    COARSEN_MONTH,
    COARSEN_COUNTRY,
    COARSEN_INITIALS,
    COARSEN_WAYS
};

/* "year", "month", "country", "initials"; false for anything else. */
bool coarsen_way_parse(struct text word, enum coarsen_way *out);

/* The value of a statement, less exact; what it also said (as written, time, street) is gone. false
 * when this type of value cannot be made less exact in this way, or nothing is left of it: then it
 * must not be shown at all. A full arena gives false as well. */
bool coarsen_value(enum value_type type, const struct json *value, enum coarsen_way way,
                   struct arena *arena, struct json *out);

#endif
