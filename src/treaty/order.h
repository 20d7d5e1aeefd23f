/* Agreements among each other: which comes first, which replaces which. */
#ifndef COMITY_TREATY_ORDER_H
#define COMITY_TREATY_ORDER_H

#include "treaty/ruleset.h"

/* Fills and sorts `out->treaties` (spec/agreement.md section 5): rank, fewer parties, later first
 * day, name, later version, hash. ERR_CONFLICT treaty.priority-cycle, treaty.label-of-another-key;
 * arena.full. */
MUST_USE struct err order_treaties(struct ruleset *out, const struct treaty_force *treaties,
                                   size_t count, struct arena *arena);

#endif
