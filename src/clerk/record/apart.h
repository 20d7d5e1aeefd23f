/* What takes a record out of daily use or ends it: its period, a hold, a restriction, erasure.
 *
 * The row of TABLE_RECORD says of itself: "until" (its end, with a deadline "retain" as long as
 * no hold stands), "hold" {reason, until, …} with a deadline "hold", "restricted" {ground, …}. A
 * record that is held or restricted is in no search (row_apart); a held one is with no partner.
 *
 * Who wins: a hold stops what this node would erase by itself or by its own people; on a copy it
 * does not stop its owner's withdrawal or the end of the agreement (I2, I6). */
#ifndef COMITY_CLERK_APART_H
#define COMITY_CLERK_APART_H

#include "clerk/act.h"
#include "core/time.h"

struct applied;

/* Rows (apply_*.c): the end of a row, and its deadlines. */
void end_set(struct arena *arena, struct json *row, struct instant end);
MUST_USE struct err end_put(struct act *act, const struct json *row);
MUST_USE struct err end_drop(struct act *act, const struct json *row);
/* Hold and restriction pass on from the row that is replaced. */
void apart_carry(struct arena *arena, const struct json *old, struct json *row);

/* The document of a row comes and goes with what hides it: `was_hidden` is before, the row after.
 */
MUST_USE struct err row_reindex(struct act *act, const struct applied *in,
                                const struct row_key *key, bool was_hidden, struct json *row);

/* A note of inaccuracy stands on the row until a later version comes. */
void inaccuracy_settle(struct json *row);
MUST_USE struct err inaccuracy_mark(struct act *act, const struct applied *in);

/* Adds the fact that erases a record, own or copy, of which `row` is left. `reason`: a code or a
 * person's words; "expired" and "silence" are told to the owner of a copy. */
MUST_USE struct err record_erase(struct act *act, const struct record_key *record,
                                 const struct json *row, struct text reason,
                                 uint64_t *number_out);
MUST_USE struct err copy_erased_tell(struct act *act, const struct applied *in);

#endif
