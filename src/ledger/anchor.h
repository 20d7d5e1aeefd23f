/* Anchors: every ten minutes one entry of the anchor log commits to the head of the internal
 * log (I5, I7). Partners see only that an interval has passed; an auditor opens two anchors
 * and checks that the second head extends the first.
 *
 * An anchor is a fact of kind "anchor" whose body is
 *     {"log":"<origin>","root":"<64 hex>","size":<leaves>} */
#ifndef COMITY_LEDGER_ANCHOR_H
#define COMITY_LEDGER_ANCHOR_H

#include "core/json.h"
#include "core/time.h"
#include "ledger/checkpoint.h"
#include "ledger/commit.h"

#define ANCHOR_KIND "anchor"
#define ANCHOR_EVERY (10 * INSTANT_MINUTE)

struct anchor {
    struct text log; /* origin of the log whose head is anchored */
    struct tree_head head;
    struct instant at;
};

/* The body of the fact. Borrows anchor->log. */
struct json anchor_body(struct arena *arena, const struct anchor *anchor);
/* From the content of an opening that was checked against its entry. ERR_INVALID
 * ledger.anchor, json.*. */
MUST_USE struct err anchor_parse(struct bytes content, struct arena *arena, struct anchor *out);
/* Opens two anchors of one anchor log: each opening against its entry, same log, times and
 * sizes that do not go back, and `proof` from the first head to the second.
 * ERR_CORRUPT ledger.opening, ledger.consistency; ERR_INVALID ledger.anchor-order. */
struct anchor_opened {
    struct hash entry;
    struct opening opening;
};
MUST_USE struct err anchors_check(const struct anchor_opened *first,
                                  const struct anchor_opened *second, const struct proof *proof,
                                  struct arena *arena);

#endif
