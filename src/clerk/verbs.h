/* The table of verbs: who may, and who does. */
#ifndef COMITY_CLERK_VERBS_H
#define COMITY_CLERK_VERBS_H

#include "clerk/state.h"

struct verb_row {
    const char *name;
    uint32_t roles; /* one of these bits is needed */
    verb_handler *handler;
};

/* NULL for what is not in the table. */
const struct verb_row *verb_find(enum verb verb);

#endif
