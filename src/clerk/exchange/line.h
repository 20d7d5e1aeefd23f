/* What a courier says on the line to one partner, and how it takes what the partner says: hello,
 * batch, window. Reads a snapshot, changes nothing (commands do that), so the node's couriers and
 * the simulator run the same code. */
#ifndef COMITY_CLERK_LINE_H
#define COMITY_CLERK_LINE_H

#include "clerk/exchange/logs.h"
#include "link/hello.h"
#include "link/receive.h"
#include "link/send.h"

/* One partner as of one view; valid as long as view and arena. */
struct line {
    const struct clerk *clerk;
    struct store_view *view;
    struct text partner;
    struct text address; /* where to dial; empty: they dial */
    uint8_t root[BATCH_KEY_LEN];
    uint16_t log;
    bool halted;          /* by us: no frame leaves */
    uint64_t numbered;    /* size of our feed for them */
    uint64_t acked;       /* their last durable receipt */
    struct feed_in theirs; /* what we hold of their feed */
};

/* ERR_NOT_FOUND clerk.no-such-partner; ERR_CORRUPT clerk.bad-row and what link/ says of its row. */
MUST_USE struct err line_open(const struct clerk *clerk, struct store_view *view,
                              struct text partner, struct arena *arena, struct line *out);

/* Our hello. `cards`: root card, node card at first contact; none on resume. */
MUST_USE struct err line_hello(const struct line *line, const struct text *cards, size_t count,
                               struct instant now, struct arena *arena, struct bytes *out);
/* What we know at the moment of greeting: kept by the courier until the answer comes. */
struct line_greeting {
    uint64_t acked;
    uint64_t held;
};
struct line_greeting line_greeting(const struct line *line);
/* Theirs, over a connection that proved `root`; `greeting_opt` when it answers ours. Errors of
 * hello_check(): send the refusal of that rule, and where link_rule_freezes(), freeze. */
MUST_USE struct err line_greeted(const struct line *line, const struct hello *hello,
                                 const uint8_t root[static BATCH_KEY_LEN],
                                 const struct line_greeting *greeting_opt, struct instant now,
                                 struct hello_agreed *out);
/* Signed by nothing: TLS shows who says it. */
MUST_USE struct err line_refusal(const struct clerk *clerk, const char *rule, struct instant now,
                                 struct arena *arena, struct bytes *out);

/* Who signs a head of ours: log_head_sign() behind whatever lock and memory the caller needs. */
struct line_signer {
    struct err (*sign)(void *context, struct store_view *view, const struct log_head *which,
                       struct arena *arena, struct text *note_out);
    void *context;
};

/* Frames of `range` (feed_out_next()), the anchors behind the `anchors` that they hold, and both
 * checkpoints, as bytes. The range ends at line->numbered, or the keeper will not sign it
 * (asserted: feed_out_room() keeps the window within one batch). Errors of the signer. */
MUST_USE struct err line_batch(const struct line *line, struct feed_range range, uint64_t anchors,
                               const struct line_signer *signer, struct arena *arena,
                               struct bytes *out);

/* What may still be numbered ahead: for the command feed.number. Both 0: the window is full. They
 * hold our feed up to `held`, as their hello said (feed_out.acked): a receipt that was lost is in
 * no row, and without it a full window would stay full for ever. 0: no hello is known. */
struct line_room {
    size_t bytes;
    uint64_t frames;
};
MUST_USE struct err line_room(const struct line *line, uint64_t held, struct arena *arena,
                              struct line_room *out);

#endif
