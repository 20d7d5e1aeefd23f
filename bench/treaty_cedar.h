/* The questions of bench-treaty in the words of Cedar, for bench/cedar to decide them as well. */
#ifndef COMITY_BENCH_TREATY_CEDAR_H
#define COMITY_BENCH_TREATY_CEDAR_H

#include "treaty/decide.h"

struct cedar_world {
    const struct ruleset *rules;
    const struct treaty_view *views;
    const struct text *purposes; /* one a view */
    uint32_t count;
    uint16_t from;
    struct instant as_of;
    struct arena *arena;
};

/* Writes into the folder plain.cedar (no purpose asked), purposed.cedar, entities.json, and what
 * treaty_decide() says, records.json. A permission that waits for release by persons counts
 * as one: Cedar has no third answer. Ends the process where Cedar cannot say a rule. */
void cedar_export(const char *dir, const struct cedar_world *world);

#endif
