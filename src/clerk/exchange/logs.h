/* Reading the node's own logs: heads, proofs, and the batch that is due to a partner. For couriers
 * and proofs; works on any view. */
#ifndef COMITY_CLERK_LOGS_H
#define COMITY_CLERK_LOGS_H

#include "clerk/clerk.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"
#include "link/batch.h"
#include "seal/keeper_wire.h"

/* The root of the first `size` leaves. ERR_NOT_FOUND store.no-node when the log is shorter. */
MUST_USE struct err log_root_at(struct store_view *view, uint16_t log, uint64_t size,
                                struct hash *out);
/* What the root and every later one follow from. */
MUST_USE struct err log_frontier_at(struct store_view *view, uint16_t log, uint64_t size,
                                    struct frontier *out);
MUST_USE struct err log_inclusion(struct store_view *view, uint16_t log, uint64_t index,
                                  uint64_t size, struct proof *out);
/* From `old` to `size`; old 0 gives the empty proof. */
MUST_USE struct err log_consistency(struct store_view *view, uint16_t log, uint64_t old,
                                    uint64_t size, struct proof *out);

/* Frames first…last of a feed as they travel; erased ones hollow. The checkpoint and the anchors
 * are the courier's to add (the keeper signs). */
MUST_USE struct err feed_frames(const struct clerk *clerk, struct store_view *view, uint16_t log,
                                uint64_t first, uint64_t last, struct arena *arena,
                                struct batch *out);
/* The name of a log's origin: internal, anchors, or a partner's code. */
struct text log_origin(const struct clerk_config *config, struct text name, struct arena *arena);

/* One of our logs at one size; `name` as log_origin() takes it. */
struct log_head {
    uint16_t log;
    struct text name;
    uint64_t size;
};
/* How the keeper is asked: over a socket, or in memory. */
struct log_keeper {
    struct err (*ask)(void *context, const struct keeper_question *question, struct arena *arena,
                      struct keeper_answer *out);
    void *context;
};
/* Has the keeper sign a checkpoint, with the proof that it extends what it last signed. Ask one
 * head at a time of a log: two askers would show proofs from a head that is no longer the last.
 * ERR_CONFLICT clerk.behind-keeper: it has signed more than `size`, which is a restored backup or
 * a lost disk write, or an old view. */
MUST_USE struct err log_head_sign(const struct clerk_config *config, struct store_view *view,
                                  const struct log_head *which, const struct log_keeper *keeper,
                                  struct arena *arena, struct text *note_out);

#endif
