/* Agreements between members, shared by the legal desk's verbs and by what a partner sends. */
#ifndef COMITY_CLERK_LAW_H
#define COMITY_CLERK_LAW_H

#include "clerk/act.h"

/* Puts a text that is not known yet. `hash_out`: 64 hex in the arena. */
MUST_USE struct err law_put(struct act *act, const struct json *tree, struct text text,
                            struct text language, struct text *hash_out);
/* Everything that law_put() and law_event() refuse about a text and its signed acts, without a
 * fact: a frame is taken whole or not at all. */
MUST_USE struct err law_check(struct act *act, const struct json *tree,
                              const struct json *signatures);
/* One party's signed act, verified against the root that the annex pins; adds it when it is new and
 * lets the agreement enter into force when it now can. `statement` is the text of an
 * instrument signature (seal/instrument.h). */
MUST_USE struct err law_event(struct act *act, struct text hash, struct text statement,
                              bool *new_out);
/* Agreements whose day has come, here. */
MUST_USE struct err law_enter_due(struct act *act);
/* The set that a partner must hold: the body of an instrument frame. */
MUST_USE struct err law_set(struct act *act, struct text hash, struct json *out);
/* All copies that a partner gave us under an agreement that no longer binds both go (I6): the rules
 * have changed, so they are looked at again; then some hundred of them in each tick. */
MUST_USE struct err law_forget_begin(struct act *act);
MUST_USE struct err law_forget(struct act *act, bool *more_out);

#endif
