/* The view that a partner gets. */
#ifndef COMITY_MODEL_REDACT_H
#define COMITY_MODEL_REDACT_H

#include "model/coarsen.h"

/* An attribute pattern to be made less exact. */
struct coarse_field {
    struct text pattern;
    enum coarse_way way;
};

struct redaction {
    const bool *alerts;          /* one per r->alerts: shared on the basis */
    const bool *links_opt;       /* one per r->links: the partner has both ends; NULL: none */
    const struct text *withheld; /* attribute patterns of the agreement and of national rules */
    size_t withheld_count;
    const struct coarse_field *coarse; /* several of one attribute: the first */
    size_t coarse_count;
};

/* A new tree in `arena`, made member by member from the schema, so that nothing leaves which it
 * does not know: same id, owner and kind; the shared alerts without recipients, hidden_until and
 * what else is the owner's; statements but those withheld, those of an attribute or handling code
 * that we do not know, and those whose handling is `local`; attachments to which a statement left
 * refers, with their thumbnails. "withheld" names, sorted and once each, the attributes taken out
 * (I1), "coarsened" those made less exact; what cannot be made so is taken out. Neither names what
 * is `local` or stands under a member's prefix: that it exists is nobody's knowledge (I7).
 *
 * The same input gives the same bytes. The tree borrows texts from r->json. ERR_LIMIT arena.full;
 * ERR_INVALID record.nothing-shared when no alert is left. */
MUST_USE struct err record_redact(const struct record *r, const struct redaction *rules,
                                  struct arena *arena, struct json *out);

#endif
