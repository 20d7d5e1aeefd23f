/* What rules_make() makes; only rules*.c read it. */
#ifndef COMITY_CLERK_RULES_PARTS_H
#define COMITY_CLERK_RULES_PARTS_H

#include "clerk/law/rules.h"
#include "treaty/decide.h"

/* An agreement that has, or had, effect here. */
struct force_row {
    struct hash hash;
    const struct treaty *treaty;
    const struct treaty_status *status;
    const struct treaty_status *kept; /* treaty_status_kept() */
};

struct rules {
    struct text self;
    const struct ruleset *set; /* NULL: nothing is in force, everything is denied */
    /* The same law, as if nothing were suspended or disputed and nobody had left a text that keeps
     * what was received: it decides what stays. NULL: it would be `set`. */
    const struct ruleset *kept_opt;
    const struct national *national_opt;
    struct texts halted;
    struct force_row forces[RULESET_TREATIES_MAX];
    size_t force_count;
    struct instant now; /* when they were loaded; nothing changes before next_change */
    struct instant next_change;
};

#endif
