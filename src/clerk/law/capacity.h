/* What clauses with a capacity ("at most 200 per day") have given one partner in their present
 * period. Periods are counted from 1970-01-01T00:00Z in hours, days, weeks of 7, months of 30 and
 * years of 365 days. A row a partner of TABLE_COURIER, which a rebuild keeps:
 *   {"spent":[{"agreement","clause","hours","period","count"}],"again"?} */
#ifndef COMITY_CLERK_CAPACITY_H
#define COMITY_CLERK_CAPACITY_H

#include "clerk/act.h"
#include "clerk/law/rules.h"

/* [{"agreement","clause","count"}] of the present periods: for rules_question.spent_opt. The row is
 * not looked at while no clause has a capacity. */
MUST_USE struct err capacity_read(struct act *act, struct text partner, struct json *out);
/* One more was given under the ruling's clause; nothing where it has no capacity. */
MUST_USE struct err capacity_count(struct act *act, struct text partner,
                                   const struct ruling *ruling);
/* Something waits for a new period: the first that ends has the partner's records looked at
 * again. */
MUST_USE struct err capacity_wait(struct act *act, struct text partner);
MUST_USE struct err capacity_due(struct act *act);

#endif
