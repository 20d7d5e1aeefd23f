/* The sending side of one feed as a state machine: which range leaves next, when to try again.
 * The clerk numbers, this only counts; nothing here is durable but `acked`, which the clerk
 * keeps with each receipt. After a restart the machine starts anew from `acked` (L1).
 *
 * L1  What is sent again is always acked+1 … numbered, in one batch: the checkpoint of a batch
 *     is at the newest numbered frame, so the keeper never signs an older size.
 * L2  acked <= sent <= numbered; none ever decreases but `sent`, on loss, to acked.
 * L3  A receipt or hello for more than was numbered, or with another root than ours at that
 *     size, or a hello for less than was acknowledged when we greeted, freezes the feed; only
 *     an operator thaws it. A receipt for less is an old one that was overtaken: no error.
 *
 * The courier loop: feed_out_do(); do it; report with feed_out_greeted / _sent / _hello /
 * _receipt / _lost; sleep until feed_out_deadline() or news; feed_out_tick(). */
#ifndef COMITY_LINK_SEND_H
#define COMITY_LINK_SEND_H

#include "core/time.h"
#include "link/batch.h"
#include "link/receipt.h"

enum {
    FEED_OUT_FLIGHT_MAX = 8, /* batches under way at once */
    FEED_OUT_BACKOFF_FIRST_MS = 500,
    FEED_OUT_BACKOFF_MAX_MS = 5 * 60 * 1000,
    FEED_OUT_ANSWER_MS = 30 * 1000, /* a greeting or batch without an answer is lost after this */
};

/* Zero is down: an event that the table does not name hangs up. */
enum feed_out_phase {
    FEED_OUT_DOWN,     /* waiting for the deadline, then greet */
    FEED_OUT_GREETING, /* hello is under way */
    FEED_OUT_OPEN,
    FEED_OUT_FROZEN, /* fork, rollback: no frame leaves until an operator thaws it */
    FEED_OUT_PHASES
};

enum feed_out_event {
    FEED_OUT_GREETED, /* our hello has left */
    FEED_OUT_AGREED,  /* the partner's hello fits */
    FEED_OUT_REFUSED, /* it does not, or the partner said no: try again later */
    FEED_OUT_FORKED,  /* two histories (L3) */
    FEED_OUT_LEFT,    /* a batch has left */
    FEED_OUT_ACKED,   /* a receipt that fits */
    FEED_OUT_LOST,    /* the line broke, or nothing came in time */
    FEED_OUT_THAWED,  /* an operator has looked at both sides */
    FEED_OUT_EVENTS
};

struct feed_out {
    enum feed_out_phase phase;
    uint64_t acked;
    uint64_t sent;
    uint64_t acked_greeting; /* `acked` when the hello left: its answer may not be below */
    uint64_t flight[FEED_OUT_FLIGHT_MAX]; /* last number of each batch under way, oldest first */
    uint32_t flying;
    uint32_t attempts;        /* losses in a row */
    struct instant deadline;  /* of the phase; see feed_out_deadline() */
    const char *frozen_rule;  /* why, else "" */
};

enum feed_out_do { FEED_OUT_WAIT, FEED_OUT_GREET, FEED_OUT_SEND };

/* Frames first…last, both included. */
struct feed_range {
    uint64_t first;
    uint64_t last;
};

/* Down, due at once. */
struct feed_out feed_out_start(uint64_t acked, struct instant now);

/* What to do now. FEED_OUT_SEND writes the range; it is at most BATCH_FRAMES_MAX frames, which
 * the clerk guarantees by numbering no more ahead (feed_out_room()). Due exactly at the
 * deadline. */
enum feed_out_do feed_out_next(const struct feed_out *feed, uint64_t numbered, struct instant now,
                               struct feed_range *range_out);

/* May a frame of `len` content bytes be numbered, when `ahead` bytes and `frames` frames are
 * numbered and not acknowledged? Always one. Urgent frames have room of their own on top. */
bool feed_out_room(size_t ahead, uint64_t frames, size_t len, bool urgent);

/* Reports. `spread` is random and spreads the next attempt over [half, whole] of the back-off. */
void feed_out_greeted(struct feed_out *feed, struct instant now);
/* The partner's hello passed hello_check() and says that it holds our feed up to `held`; works
 * in any phase but frozen, so that a partner that dials us opens the feed, too. ERR_CONFLICT
 * link.receipt-ahead, link.rolled-back: the feed is frozen (L3). */
MUST_USE struct err feed_out_hello(struct feed_out *feed, uint64_t held, uint64_t numbered,
                                   struct instant now);
void feed_out_refused(struct feed_out *feed, struct instant now, uint32_t spread);
void feed_out_freeze(struct feed_out *feed, const char *rule);
void feed_out_sent(struct feed_out *feed, struct feed_range range, struct instant now);
void feed_out_lost(struct feed_out *feed, struct instant now, uint32_t spread);
void feed_out_thaw(struct feed_out *feed, struct instant now);

/* `root_at` is the root of our log of this feed at size receipt->number (the caller read it;
 * for number 0 the empty root). ERR_CONFLICT link.receipt-ahead, link.fork: the feed is frozen
 * (L3). ERR_CONFLICT link.frozen when it already was. */
MUST_USE struct err feed_out_receipt(struct feed_out *feed, const struct receipt *receipt,
                                     uint64_t numbered, const struct hash *root_at,
                                     struct instant now);

/* When feed_out_tick() has something to do; INT64_MAX ms when never. */
struct instant feed_out_deadline(const struct feed_out *feed);
/* A deadline that has passed: an answer that did not come is a loss. */
void feed_out_tick(struct feed_out *feed, struct instant now, uint32_t spread);

#endif
