/* One agreement of TABLE_AGREEMENT as law: its tree with the reservations of acts, what its
 * parties did, where it stands, and why it has no effect here where it has none. Writes nothing. */
#ifndef COMITY_CLERK_LIFE_H
#define COMITY_CLERK_LIFE_H

#include "core/hash.h"
#include "core/json.h"
#include "store/store.h"
#include "treaty/act.h"

struct life {
    struct hash hash;     /* of the tree that was signed */
    struct treaty treaty; /* with the reservations made by acts */
    struct treaty_event *events;
    size_t count;
    struct treaty_status status;
    bool entered;           /* it has entered into force here */
    const char *unaccepted; /* as an amendment: treaty.amendment-not-accepted, …; NULL */
};

struct lives {
    struct life *items;
    size_t count;
};

/* One row of the table, by its own text and acts: whether an amendment is accepted is not looked
 * at. */
MUST_USE struct err life_read(const struct json *row, struct bytes key, struct instant now,
                              struct arena *arena, struct life *out);
/* Every agreement of the table. ERR_CORRUPT clerk.bad-row, ERR_LIMIT arena.full. */
MUST_USE struct err lives_read(struct store_view *view, struct instant now, struct arena *arena,
                               struct lives *out);
const struct life *lives_find(const struct lives *lives, const struct hash *hash);

/* Why it has no effect on this node at `now`: a rule id; NULL: it may. What depends on the node's
 * other rows and on compiling (labels, size) is not looked at. */
const char *life_kept_out(const struct lives *lives, const struct life *of, struct text self,
                          struct instant now);

/* For people: state, each party with its consent and what is missing, stops, reservations, …
 * `row` is the agreement's. */
struct json life_json(const struct life *life, const struct json *row, struct arena *arena);

/* -- acts ----------------------------------------------------------------------------------- */

/* One signed act as events of rows have it: {"act","party","at","against"?,"article"?,"clause"?,
 * "opposing"?,"terms"?}. */
MUST_USE struct err life_event(const struct json *event, struct treaty_event *out);
/* The tree of an agreement with the reservations of `events` (an array of such objects). Its errors
 * are the parser's. */
MUST_USE struct err life_tree(const struct json *tree, const struct json *events,
                              struct arena *arena, struct treaty *out);
/* What a text of reservations says, as the terms of an act: an array. `tree` is the agreement's.
 * The errors are the parser's; `at` is a place in `text`. */
MUST_USE struct err life_reservations(const struct json *tree, struct text text,
                                      struct arena *arena, struct json *out);

#endif
