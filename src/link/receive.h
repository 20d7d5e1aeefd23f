/* The receiving side of one feed: a batch against what is held, and a verdict for each frame.
 *
 * R1  Pure: `feed` is not touched. What would change is returned as a new value that the clerk
 *     stores in the same commit as the frames (I4); if that commit fails, nothing happened.
 * R2  Every numbered frame becomes a leaf, also a refused, parked or hollow one: numbers never
 *     break, and one bad frame never blocks the next.
 * R3  Frames about one record are applied in order: behind a parked one they are parked (I1).
 *
 * How the clerk uses it:
 *     e = feed_in_accept(&feed, &batch, &view, arena, &accepted);
 *     ERR_CONFLICT: feed_in_freeze() and store; other errors: refuse, store nothing
 *     ACCEPT_GAP / ACCEPT_DUPLICATE: nothing to store, answer with the receipt of `feed`
 *     ACCEPT_NEW: for each verdict i in order
 *         VERDICT_APPLY: apply; lacks the instrument: accept_park(&accepted, i, rule);
 *                        contradicts: accept_refuse(&accepted, i, rule)
 *     store frames, parked rows and accepted.next; commit; answer with its receipt. */
#ifndef COMITY_LINK_RECEIVE_H
#define COMITY_LINK_RECEIVE_H

#include "ledger/commit.h"
#include "ledger/tree.h"
#include "link/batch.h"
#include "link/hello.h"
#include "link/receipt.h"

enum {
    FEED_IN_PARKED_MAX = 1024,  /* frames of one partner; one more is refused (link.parked-full),
                                 * which the sender may disclose again later */
    FEED_IN_REFUSED_MAX = 64,   /* named in receipts, the newest */
    FEED_IN_LEN_MAX = 384 * 1024,
};

struct feed_parked {
    uint64_t number;
    struct text subject; /* record id, or empty: nothing waits behind it */
    struct text rule;
};

/* What a node keeps about a partner's feed. Texts and arrays lie in the arena of whoever made
 * it (feed_in_parse(), feed_in_accept()). */
struct feed_in {
    uint8_t root[BATCH_KEY_LEN]; /* the partner's pinned key */
    uint32_t generation;         /* theirs; 0 before the first hello */
    struct frontier frontier;    /* of their feed's log; size = last number held */
    struct frontier anchors;     /* of their anchor log */
    struct tree_head anchored;   /* newest anchor checkpoint that was signed; size >= anchors.size
                                  * when some are still on their way */
    struct instant heard;        /* last frame or anchor: copies live as long as the feed does */
    const struct feed_parked *parked; /* by number */
    size_t parked_count;
    const struct receipt_line *refused; /* by number */
    size_t refused_count;
    struct text frozen; /* rule; empty when not frozen */
};

/* Nothing held yet. */
struct feed_in feed_in_start(const uint8_t root[static BATCH_KEY_LEN], uint32_t generation);
/* For the row in the store. ERR_CORRUPT link.feed-row, wire.*, ledger.*; ERR_LIMIT arena.full. */
MUST_USE struct err feed_in_parse(struct bytes in, struct arena *arena, struct feed_in *out);
MUST_USE struct err feed_in_format(const struct feed_in *feed, struct arena *arena,
                                   struct bytes *out);

/* The number that must come next. */
static inline uint64_t feed_in_next(const struct feed_in *feed)
{
    return feed->frontier.size + 1;
}

struct feed_mark feed_in_mark(const struct feed_in *feed);
/* Cumulative, of what `feed` holds; lists borrow from `feed`. `self`: our code. */
MUST_USE struct err feed_in_receipt(const struct feed_in *feed, struct text realm,
                                    struct text self, struct arena *arena, struct receipt *out);
/* The first reason stays. An operator who has looked at both sides thaws. */
void feed_in_freeze(struct feed_in *feed, struct text rule);
void feed_in_thaw(struct feed_in *feed);

/* Is there a parked frame about this record? false for the empty subject. */
bool feed_in_waits(const struct feed_in *feed, struct text subject);
/* May a parked frame be tried again? Not while an earlier one about the same record is parked (R3),
 * nor while its as_of is more than LINK_CLOCK_OFF_MS_MAX ahead. */
bool feed_in_ready(const struct feed_in *feed, const struct frame *frame, struct instant now);
/* `feed` without the parked frame `number`: it was applied, or refused by `refused_rule_opt`.
 * Its successors about the same record may then be ready; try in order of number.
 * ERR_NOT_FOUND link.not-parked. */
MUST_USE struct err feed_in_unpark(const struct feed_in *feed, uint64_t number,
                                   const char *refused_rule_opt, struct arena *arena,
                                   struct feed_in *out);

/* What is true around the batch when it comes in. */
struct feed_view {
    struct text realm;
    uint8_t self[BATCH_KEY_LEN];     /* our root key */
    struct text self_code;           /* our label in the agreement: the name of the feed */
    uint8_t node_key[BATCH_KEY_LEN]; /* theirs: a valid card of theirs certifies it (seal/) */
    struct instant now;
};

enum verdict_kind {
    VERDICT_NONE,
    VERDICT_APPLY,
    VERDICT_HOLLOW, /* erased at the sender: a leaf, and nothing to apply */
    VERDICT_PARK,   /* durable, not applied; rule says why */
    VERDICT_REFUSE, /* recorded with its rule, never applied */
};

struct verdict {
    enum verdict_kind kind;
    const char *rule; /* park, refuse: a literal; else "" */
    uint64_t number;
    struct hash entry;         /* the commitment */
    struct opening opening;    /* unless hollow; borrows from the batch */
    struct frame frame;        /* apply, and park unless the content is unreadable */
    struct text subject;       /* of frame; may be empty */
};

enum accept_kind {
    ACCEPT_NONE,
    ACCEPT_NEW,
    ACCEPT_DUPLICATE, /* all of it is held already, with the same root where that can be seen */
    ACCEPT_GAP,       /* answer with the receipt: send again from feed_in_next() */
};

struct accepted {
    enum accept_kind kind;
    struct feed_in next;      /* ACCEPT_NEW: the new value (R1); else as `feed` */
    struct verdict *verdicts; /* of the new frames only, by number */
    size_t count;
    uint64_t duplicates; /* frames at the front of the batch that were held already */
    struct feed_parked *parked_room; /* these three: for accept_park() and accept_refuse() */
    struct receipt_line *refused_room;
    const struct feed_in *before;
};

/* Errors, nothing changed:
 *   ERR_DENIED   link.realm, link.generation, link.other-root, link.not-for-us (batch or its log);
 *                ledger.note-* (not signed by the node key);
 *   ERR_CORRUPT  link.root: what was signed is not what we hold and these frames: damaged on the
 *                way, or a fork; hang up and greet again, the hello tells which;
 *                link.checkpoint-size, link.anchors;
 *   ERR_CONFLICT link.fork, link.anchor-fork (two signed roots of one size, or a signed anchor log
 *                that is smaller than before), link.frozen (it already is): freeze;
 *   ERR_LIMIT    arena.full.
 * `out` borrows from `feed`, `batch`, `view` and `arena`. */
MUST_USE struct err feed_in_accept(const struct feed_in *feed, const struct batch *batch,
                                   const struct feed_view *view, struct arena *arena,
                                   struct accepted *out);

/* The clerk's own judgement of verdict i, which must be VERDICT_APPLY (asserted): `rule` is a
 * literal. Parked, every later one about the same record is parked with it (R3). accepted.next
 * follows. Judge in order of i. */
void accept_park(struct accepted *accepted, size_t i, const char *rule);
void accept_refuse(struct accepted *accepted, size_t i, const char *rule);

#endif
