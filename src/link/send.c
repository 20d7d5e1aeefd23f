#include "link/send.h"

#include <assert.h>

enum act {
    HANG_UP, /* and try again after the back-off */
    STAY,
    ARM,    /* an answer is awaited */
    RESUME, /* begin behind what they hold */
    FLY,
    COUNT,
    FREEZE,
    RETRY, /* due at once */
};

struct step {
    enum feed_out_phase phase;
    enum act act;
};

/* What is not mentioned is zero: down, hang up. */
static const struct step steps[FEED_OUT_PHASES][FEED_OUT_EVENTS] = {
    [FEED_OUT_DOWN] = {
        [FEED_OUT_GREETED] = { FEED_OUT_GREETING, ARM },
        [FEED_OUT_AGREED] = { FEED_OUT_OPEN, RESUME }, /* the partner dialled */
        [FEED_OUT_ACKED] = { FEED_OUT_DOWN, COUNT },   /* overtaken by the loss of the line */
        [FEED_OUT_FORKED] = { FEED_OUT_FROZEN, FREEZE },
        [FEED_OUT_THAWED] = { FEED_OUT_DOWN, STAY },
    },
    [FEED_OUT_GREETING] = {
        [FEED_OUT_AGREED] = { FEED_OUT_OPEN, RESUME },
        [FEED_OUT_ACKED] = { FEED_OUT_GREETING, COUNT },
        [FEED_OUT_FORKED] = { FEED_OUT_FROZEN, FREEZE },
        [FEED_OUT_THAWED] = { FEED_OUT_GREETING, STAY },
    },
    [FEED_OUT_OPEN] = {
        [FEED_OUT_AGREED] = { FEED_OUT_OPEN, RESUME },
        [FEED_OUT_LEFT] = { FEED_OUT_OPEN, FLY },
        [FEED_OUT_ACKED] = { FEED_OUT_OPEN, COUNT },
        [FEED_OUT_FORKED] = { FEED_OUT_FROZEN, FREEZE },
        [FEED_OUT_THAWED] = { FEED_OUT_OPEN, STAY },
    },
    [FEED_OUT_FROZEN] = {
        [FEED_OUT_GREETED] = { FEED_OUT_FROZEN, STAY },
        [FEED_OUT_AGREED] = { FEED_OUT_FROZEN, STAY },
        [FEED_OUT_REFUSED] = { FEED_OUT_FROZEN, STAY },
        [FEED_OUT_FORKED] = { FEED_OUT_FROZEN, STAY }, /* the first reason stays */
        [FEED_OUT_LEFT] = { FEED_OUT_FROZEN, STAY },
        [FEED_OUT_ACKED] = { FEED_OUT_FROZEN, STAY },
        [FEED_OUT_LOST] = { FEED_OUT_FROZEN, STAY },
        [FEED_OUT_THAWED] = { FEED_OUT_DOWN, RETRY },
    },
};

static const struct instant never = { INT64_MAX };

struct feed_out feed_out_start(uint64_t acked, struct instant now)
{
    return (struct feed_out){
        .phase = FEED_OUT_DOWN,
        .acked = acked,
        .sent = acked,
        .deadline = now,
        .frozen_rule = "",
    };
}

static void land(struct feed_out *feed)
{
    feed->flying = 0;
    feed->sent = feed->acked; /* L1 */
}

/* [half, whole] of the back-off, doubled with each loss. */
static int64_t backoff_ms(uint32_t attempts, uint32_t spread)
{
    int64_t whole = FEED_OUT_BACKOFF_FIRST_MS;
    for (uint32_t i = 0; i < attempts && whole < FEED_OUT_BACKOFF_MAX_MS; i++)
        whole *= 2;
    if (whole > FEED_OUT_BACKOFF_MAX_MS)
        whole = FEED_OUT_BACKOFF_MAX_MS;
    return whole / 2 + (int64_t)spread % (whole / 2 + 1);
}

struct news {
    enum feed_out_event event;
    uint64_t number; /* resume point, last number, or number acknowledged */
    uint32_t spread;
    const char *rule;
};

static void count(struct feed_out *feed, uint64_t number, struct instant now)
{
    if (number <= feed->acked)
        return; /* overtaken */
    feed->acked = number;
    feed->attempts = 0;
    if (feed->sent < number)
        feed->sent = number;
    uint32_t done = 0;
    while (done < feed->flying && feed->flight[done] <= number)
        done++;
    feed->flying -= done;
    memmove(feed->flight, feed->flight + done, feed->flying * sizeof *feed->flight);
    if (feed->phase == FEED_OUT_OPEN)
        feed->deadline = feed->flying > 0 ? instant_plus(now, FEED_OUT_ANSWER_MS) : never;
}

static void act(struct feed_out *feed, enum act what, const struct news *news, struct instant now)
{
    switch (what) {
    case HANG_UP:
        land(feed);
        feed->deadline = instant_plus(now, backoff_ms(feed->attempts, news->spread));
        feed->attempts += feed->attempts < 32;
        return;
    case STAY:
        return;
    case ARM:
        feed->acked_greeting = feed->acked;
        feed->deadline = instant_plus(now, FEED_OUT_ANSWER_MS);
        return;
    case RESUME:
        count(feed, news->number, now);
        land(feed);
        feed->deadline = never;
        feed->attempts = 0;
        return;
    case FLY:
        assert(feed->flying < FEED_OUT_FLIGHT_MAX && news->number > feed->sent); /* L2 */
        if (feed->flying == 0)
            feed->deadline = instant_plus(now, FEED_OUT_ANSWER_MS);
        feed->flight[feed->flying++] = news->number;
        feed->sent = news->number;
        return;
    case COUNT:
        count(feed, news->number, now);
        return;
    case FREEZE:
        land(feed);
        feed->deadline = never;
        feed->frozen_rule = news->rule;
        return;
    case RETRY:
        feed->deadline = now;
        feed->attempts = 0;
        feed->frozen_rule = "";
        return;
    }
}

static void step(struct feed_out *feed, struct news news, struct instant now)
{
    assert(feed->phase < FEED_OUT_PHASES && news.event < FEED_OUT_EVENTS);
    struct step taken = steps[feed->phase][news.event];
    feed->phase = taken.phase;
    act(feed, taken.act, &news, now);
    assert(feed->acked <= feed->sent); /* L2 */
}

enum feed_out_do feed_out_next(const struct feed_out *feed, uint64_t numbered, struct instant now,
                               struct feed_range *range_out)
{
    if (feed->phase == FEED_OUT_DOWN && !instant_before(now, feed->deadline))
        return FEED_OUT_GREET;
    if (feed->phase != FEED_OUT_OPEN || feed->flying == FEED_OUT_FLIGHT_MAX ||
        numbered <= feed->sent)
        return FEED_OUT_WAIT;
    uint64_t last = numbered;
    if (last - feed->sent > BATCH_FRAMES_MAX)
        last = feed->sent + BATCH_FRAMES_MAX;
    *range_out = (struct feed_range){ feed->sent + 1, last };
    return FEED_OUT_SEND;
}

bool feed_out_room(size_t ahead, uint64_t frames, size_t len, bool urgent)
{
    if (frames == 0)
        return true;
    size_t max = BATCH_BULK_AHEAD_MAX + (urgent ? (size_t)BATCH_URGENT_AHEAD_MAX : 0);
    return frames < BATCH_FRAMES_MAX && ahead <= max && len <= max - ahead;
}

void feed_out_greeted(struct feed_out *feed, struct instant now)
{
    step(feed, (struct news){ .event = FEED_OUT_GREETED, .rule = "" }, now);
}

struct err feed_out_hello(struct feed_out *feed, uint64_t held, uint64_t numbered,
                          struct instant now)
{
    if (feed->phase == FEED_OUT_FROZEN)
        return err_make(ERR_CONFLICT, "link.frozen");
    /* Only an answer to our own greeting is known to be newer than what was acknowledged then. */
    uint64_t least = feed->phase == FEED_OUT_GREETING ? feed->acked_greeting : 0;
    if (held > numbered || held < least) {
        const char *rule = held > numbered ? "link.receipt-ahead" : "link.rolled-back";
        feed_out_freeze(feed, rule);
        return err_make(ERR_CONFLICT, rule);
    }
    step(feed, (struct news){ .event = FEED_OUT_AGREED, .number = held, .rule = "" }, now);
    return err_none();
}

void feed_out_refused(struct feed_out *feed, struct instant now, uint32_t spread)
{
    step(feed, (struct news){ .event = FEED_OUT_REFUSED, .spread = spread, .rule = "" }, now);
}

void feed_out_freeze(struct feed_out *feed, const char *rule)
{
    step(feed, (struct news){ .event = FEED_OUT_FORKED, .rule = rule }, never);
}

void feed_out_sent(struct feed_out *feed, struct feed_range range, struct instant now)
{
    assert(range.first <= range.last);
    step(feed, (struct news){ .event = FEED_OUT_LEFT, .number = range.last, .rule = "" }, now);
}

void feed_out_lost(struct feed_out *feed, struct instant now, uint32_t spread)
{
    step(feed, (struct news){ .event = FEED_OUT_LOST, .spread = spread, .rule = "" }, now);
}

void feed_out_thaw(struct feed_out *feed, struct instant now)
{
    step(feed, (struct news){ .event = FEED_OUT_THAWED, .rule = "" }, now);
}

struct err feed_out_receipt(struct feed_out *feed, const struct receipt *receipt, uint64_t numbered,
                            const struct hash *root_at, struct instant now)
{
    if (feed->phase == FEED_OUT_FROZEN)
        return err_make(ERR_CONFLICT, "link.frozen");
    bool ahead = receipt->number > numbered;
    if (ahead || !hash_equal(&receipt->root, root_at)) {
        const char *rule = ahead ? "link.receipt-ahead" : "link.fork";
        feed_out_freeze(feed, rule);
        return err_make(ERR_CONFLICT, rule);
    }
    step(feed, (struct news){ .event = FEED_OUT_ACKED, .number = receipt->number, .rule = "" },
         now);
    return err_none();
}

struct instant feed_out_deadline(const struct feed_out *feed)
{
    return feed->phase == FEED_OUT_FROZEN ? never : feed->deadline;
}

void feed_out_tick(struct feed_out *feed, struct instant now, uint32_t spread)
{
    bool waits =
        feed->phase == FEED_OUT_GREETING || (feed->phase == FEED_OUT_OPEN && feed->flying > 0);
    if (waits && !instant_before(now, feed->deadline))
        feed_out_lost(feed, now, spread);
}
