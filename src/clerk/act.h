/* Inside the clerk: one command at work in the open transaction.
 *
 * C1  Facts are added by fact_add() only, rows are written by apply_fact() only.
 * C2  A handler that fails after it wrote makes clerk_run() roll the batch back and run its
 *     commands one by one, so that a neighbour never pays for it.
 * C3  The long-lived memory of the clerk (rules, shelf) changes after the commit, never before. */
#ifndef COMITY_CLERK_ACT_H
#define COMITY_CLERK_ACT_H

#include "clerk/clerk.h"
#include "clerk/rows.h"
#include "ledger/tree.h"
#include "link/frame.h"
#include "model/fact.h"
#include "model/record.h"

struct shelf_change;

/* Bytes that nobody can foretell, drawn from the seed of one clerk_run(). */
struct chance {
    uint8_t seed[CLERK_SEED_LEN];
    uint64_t drawn;
};
void chance_draw(struct chance *chance, uint8_t *out, size_t len);


struct act {
    struct clerk *clerk;
    struct store *store;
    struct arena *arena;
    struct instant now;
    struct chance *chance;
    const struct caller *by;
    struct text subject;   /* what an error is about: set before returning it */
    bool wrote;
    bool swept;            /* what rests on changed rules is due to be looked at again */
    bool rules_changed;    /* agreements, national rules or halts: recompile after the commit */
    struct shelf_change *changes; /* index entries to publish after the commit */
    bool replay;           /* clerk_rebuild(): no new facts */
};

/* An id that nobody can foretell: 32 hex characters, in the arena. ERR_LIMIT arena.full. */
MUST_USE struct err act_draw_id(struct act *act, struct text *out);

/* Logs: internal, anchors, and one per partner. */
enum { LOG_INTERNAL = 0, LOG_ANCHORS = 1, LOG_FEED_FIRST = 16 };

/* Appends one fact: content, commitment, sealed opening, leaf; then apply_fact(). `body` and what
 * it borrows live until the command ends. */
MUST_USE struct err fact_add(struct act *act, enum fact_kind kind, struct json body,
                             uint64_t *number_out);
/* The same for a disclosure: the frame is its content, of *len_out bytes, the feed's log its
 * place. */
MUST_USE struct err frame_add(struct act *act, uint16_t log, const struct frame *frame,
                              size_t *len_out);

/* The opening of a journal entry. ERR_NOT_FOUND "clerk.erased" when it is gone; ERR_CORRUPT when it
 * does not match its commitment; ERR_UNAVAILABLE "clerk.no-month-key". */
struct opening_bytes {
    uint8_t salt[16];
    struct bytes content;
};
MUST_USE struct err journal_open(const struct clerk *clerk, const struct journal_entry *entry,
                                 struct arena *arena, struct opening_bytes *out);

/* Write the rows of one fact or frame (C1): the same entry gives the same rows, whenever. */
MUST_USE struct err apply_fact(struct act *act, const struct journal_entry *entry,
                               const struct fact *fact);
MUST_USE struct err apply_frame(struct act *act, const struct journal_entry *entry,
                                const struct frame *frame);
/* One entry of the journal once more, for clerk_rebuild(). */
MUST_USE struct err entry_replay(struct act *act, const struct journal_entry *entry);

/* The compact form of a log as of the last commit or, in a transaction, of now. */
MUST_USE struct err log_frontier(struct store_view *view, uint16_t log, struct arena *arena,
                                 struct frontier *out);

/* Rows as JSON. row_get: ERR_NOT_FOUND when there is none. */
MUST_USE struct err row_get(struct act *act, enum store_table table, const struct row_key *key,
                            struct json *out);
MUST_USE struct err row_put(struct act *act, enum store_table table, const struct row_key *key,
                            const struct json *value);
MUST_USE struct err row_put_bytes(struct act *act, enum store_table table,
                                  const struct row_key *key, struct bytes value);
MUST_USE struct err row_delete(struct act *act, enum store_table table,
                               const struct row_key *key);
bool row_exists(struct act *act, enum store_table table, const struct row_key *key);

/* An error about `subject`. */
struct err act_refuse(struct act *act, enum err_code code, const char *rule, struct text subject);

#endif
