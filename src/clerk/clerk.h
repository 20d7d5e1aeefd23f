/* The clerk: the one writer of a node. Commands in, facts and rows out; no thread, socket, clock or
 * randomness, so that the simulator runs exactly this code.
 *
 * Everything that changes the node is a command. clerk_run() executes many in one store
 * transaction and returns when they are durable (I4); a command that fails changes nothing and does
 * not touch its neighbours. Each accepted change is a fact in the journal; every row is computed
 * from facts by apply_fact() and by nothing else (clerk_rebuild() proves it).
 *
 * One thread calls the functions that take a `struct clerk *` that is not const. Readers work on a
 * store snapshot and on the shelf that clerk_shelf() publishes. */
#ifndef COMITY_CLERK_CLERK_H
#define COMITY_CLERK_CLERK_H

#include "clerk/command.h"
#include "core/json.h"
#include "seal/secret.h"
#include "store/store.h"

struct clerk;
struct depot;
struct edition;
struct shelf;
struct rules;

enum { CLERK_BATCH_MAX = 1024, CLERK_SEED_LEN = 32 };

/* Fixed for the life of a node's directory; text is borrowed until clerk_close(). */
struct clerk_config {
    struct text realm;
    struct text member;    /* our label, such as NER */
    uint8_t root_key[32];  /* our Ed25519 root: what a member is */
    uint32_t generation;   /* 1, and one more after each restore from a backup */
    enum classification ceiling; /* what lies above is refused at input; 0: no ceiling */
    const struct edition *edition_opt; /* of the catalogue; NULL: EDITION_DEFAULT */
    struct depot *depot_opt; /* where the index lies; NULL: in memory */
};

/* Opens over an open store and reads what it needs into memory. Month keys are given before the
 * first clerk_run(). Errors: ERR_CORRUPT when rows contradict the journal. */
MUST_USE struct err clerk_open(const struct clerk_config *config, struct store *store,
                               struct clerk **out);
void clerk_close(struct clerk *clerk_opt);

/* Data keys of openings, one per month and retention class; see seal/vault.h. */
struct clerk_month {
    uint32_t month; /* 202611 */
    uint8_t retention; /* enum retention */
};
/* Keys that exist in the journal or are needed at `now` and were not given: at most `size`. */
size_t clerk_keys_wanted(struct clerk *clerk, struct instant now, struct clerk_month *out,
                         size_t size);
MUST_USE struct err clerk_key_give(struct clerk *clerk, struct clerk_month month,
                                   const struct secret_key *key);

/* One group commit. `seed` is fresh random bytes of this call; replies[i] answers commands[i], its
 * JSON lives in `arena`. A failed commit fails every command with its rule and changes nothing. */
MUST_USE struct err clerk_run(struct clerk *clerk, const struct command *commands, size_t count,
                              struct instant now, const uint8_t seed[static CLERK_SEED_LEN],
                              struct arena *arena, struct reply *replies);

/* The index as of the last commit; see shelf.h for its life. */
struct shelf *clerk_shelf(const struct clerk *clerk);
/* Agreements and national rules in force, compiled; valid until the next clerk_run(). */
const struct rules *clerk_rules(const struct clerk *clerk);
const struct clerk_config *clerk_config(const struct clerk *clerk);
struct store *clerk_store(const struct clerk *clerk);

/* Empties every table and computes it again from the journal (one transaction). */
MUST_USE struct err clerk_rebuild(struct clerk *clerk, struct arena *arena);

#endif
