/* The view that a partner gets. */
#ifndef COMITY_MODEL_REDACT_H
#define COMITY_MODEL_REDACT_H

#include "model/record.h"

struct redaction {
    const bool *alerts;           /* one per r->alerts: shared on the basis */
    const struct text *withheld;  /* attribute patterns */
    size_t withheld_count;
};

/* A new tree in `arena`: same id, owner and kind; shared alerts only, without recipients, hidden_until
 * and the owner's private fields; statements but those withheld and those whose attribute we do
 * not know; attachments and links only where what refers to them is left. "withheld" names, sorted, what
 * was taken out, so that the receiver knows that something is (I1: the frame names it).
 * Statements marked `local` and identities without consent never leave. The same input gives
 * the same bytes. ERR_LIMIT arena.full; ERR_INVALID record.nothing-shared when no alert is left. */
MUST_USE struct err record_redact(const struct record *r, const struct redaction *rules,
                                  struct arena *arena, struct json *out);

#endif
