/* Random acts of parties: for the statuses of random worlds, and for the property of status.c. */
#ifndef COMITY_TREATY_ACTS_TEST_H
#define COMITY_TREATY_ACTS_TEST_H

#include "treaty/condition_test.h"

enum { WORLD_ACTS_MAX = 64 };

/* What was done to one agreement. `count` 0: its status was made of chance and not of acts. */
struct world_acts {
    struct treaty_event events[WORLD_ACTS_MAX];
    uint32_t count;
};

/* The days, counted from a first one, on which acts are done, and how many stops there are. */
struct acts_shape {
    struct instant begin;
    uint32_t days;
    uint32_t stops;
    bool eager; /* everyone consents, early */
};

/* The beginning of a day, or an instant of it. */
static struct instant random_instant(struct dice *dice, const struct acts_shape *shape,
                                     uint32_t from, uint32_t to)
{
    struct instant day =
        instant_plus(shape->begin, (from + dice_roll(dice, to - from)) * INSTANT_DAY);
    return dice_one_in(dice, 3) ? instant_plus(day, dice_roll(dice, 86400) * INSTANT_SECOND) : day;
}

static void add_act(struct world_acts *acts, enum treaty_act act, struct text party,
                    struct instant at)
{
    if (acts->count < WORLD_ACTS_MAX)
        acts->events[acts->count++] = (struct treaty_event){ .act = act, .party = party, .at = at };
}

/* What the text counts, mostly; early, mostly. */
static void random_consent(struct dice *dice, const struct treaty *treaty,
                           const struct acts_shape *shape, uint32_t party, struct world_acts *acts)
{
    struct text code = treaty->parties.items[party];
    uint32_t end = dice_one_in(dice, 6) ? shape->days : shape->days / 3;
    struct instant at = random_instant(dice, shape, 0, end);
    if (dice_one_in(dice, 12))
        return;
    if (treaty_may_accede(treaty, code) && !dice_one_in(dice, 6)) {
        add_act(acts, ACT_ACCEDE, code, at);
        return;
    }
    if (!dice_one_in(dice, 6))
        add_act(acts, ACT_SIGN, code, at);
    if (treaty->consent == CONSENT_RATIFICATION || dice_one_in(dice, 8))
        add_act(acts, ACT_RATIFY, code, random_instant(dice, shape, 0, end));
}

/* Between the first parties mostly, who ask most of the questions. */
static void random_stop_act(struct dice *dice, const struct treaty *treaty,
                            const struct acts_shape *shape, struct world_acts *acts)
{
    static const enum treaty_act pairs[3][2] = { { ACT_SUSPEND, ACT_RESUME },
                                                 { ACT_DISPUTE, ACT_SETTLE },
                                                 { ACT_OBJECT, ACT_OBJECT } };
    uint32_t what = dice_roll(dice, 3);
    uint32_t party = dice_roll(dice, dice_one_in(dice, 4) ? treaty->parties.count : 2);
    uint32_t other =
        (party + 1 + dice_roll(dice, dice_one_in(dice, 4) ? treaty->parties.count - 1 : 1)) %
        treaty->parties.count;
    struct treaty_event event = { .act = pairs[what][0],
                                  .party = treaty->parties.items[party],
                                  .at = random_instant(dice, shape, 0, shape->days) };
    event.opposing = what == 2 && !dice_one_in(dice, 4);
    if (what == 2 || !dice_one_in(dice, 3))
        event.against = treaty->parties.items[other];
    if (what == 1) {
        event.article = (uint16_t)(1 + dice_roll(dice, 3));
        event.clause = (uint16_t)dice_roll(dice, 3);
    }
    for (uint32_t i = 0; i < 2 && acts->count < WORLD_ACTS_MAX; i++) {
        acts->events[acts->count++] = event;
        if (!dice_one_in(dice, 3))
            break;
        event.act = pairs[what][1];
        event.at = random_instant(dice, shape, 0, shape->days);
        if (dice_one_in(dice, 4))
            event.against = TEXT("");
    }
}

static void random_acts(struct dice *dice, const struct treaty *treaty,
                        const struct acts_shape *shape, struct world_acts *acts)
{
    acts->count = 0;
    for (uint32_t i = 0; i < treaty->parties.count; i++)
        random_consent(dice, treaty, shape, i, acts);
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        if (dice_one_in(dice, 10))
            add_act(acts, ACT_WITHDRAW, treaty->parties.items[i],
                    random_instant(dice, shape, 0, shape->days));
    }
    for (uint32_t i = dice_one_in(dice, 2) ? dice_roll(dice, shape->stops + 1) : 0; i > 0; i--)
        random_stop_act(dice, treaty, shape, acts);
    for (uint32_t i = acts->count; i > 1; i--) { /* in any order */
        uint32_t other = dice_roll(dice, i);
        struct treaty_event event = acts->events[i - 1];
        acts->events[i - 1] = acts->events[other];
        acts->events[other] = event;
    }
}

#endif
