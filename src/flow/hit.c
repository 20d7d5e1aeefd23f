#include "flow/hit.h"

#include <assert.h>

#include "core/checked.h"

static const enum hit_state steps[HIT_STATES][HIT_EVENTS] = {
    [HIT_NONE] = { [HIT_REPORT] = HIT_REPORTED },
    [HIT_REPORTED] = { [HIT_CONFIRM] = HIT_CONFIRMED,
                       [HIT_DENY] = HIT_DENIED,
                       [HIT_LAPSE] = HIT_OVERDUE,
                       [HIT_END] = HIT_CLOSED },
    [HIT_OVERDUE] = { [HIT_CONFIRM] = HIT_CONFIRMED,
                      [HIT_DENY] = HIT_DENIED,
                      [HIT_LAPSE] = HIT_OVERDUE,
                      [HIT_END] = HIT_CLOSED },
    [HIT_CONFIRMED] = { [HIT_LAPSE] = HIT_CONFIRMED,
                        [HIT_OUTCOME] = HIT_CLOSED,
                        [HIT_END] = HIT_CLOSED },
    [HIT_DENIED] = { [HIT_LAPSE] = HIT_DENIED,
                     [HIT_OUTCOME] = HIT_CLOSED,
                     [HIT_END] = HIT_CLOSED },
};

static const char *const state_names[HIT_STATES] = {
    [HIT_NONE] = "none",           [HIT_REPORTED] = "reported", [HIT_OVERDUE] = "overdue",
    [HIT_CONFIRMED] = "confirmed", [HIT_DENIED] = "denied",     [HIT_CLOSED] = "closed",
};

struct err hit_step(enum hit_state from, enum hit_event event, enum hit_state *to_out)
{
    assert(from < HIT_STATES && event < HIT_EVENTS);
    enum hit_state to = steps[from][event];
    if (to == HIT_NONE)
        return err_make(ERR_CONFLICT, "hit.not-now"); /* F1 */
    *to_out = to;
    return err_none();
}

struct text hit_state_name(enum hit_state state)
{
    assert(state < HIT_STATES);
    return text_literal(state_names[state]);
}

struct err hit_state_parse(struct text name, enum hit_state *out)
{
    for (int i = HIT_REPORTED; i < HIT_STATES; i++) {
        if (text_is(name, state_names[i])) {
            *out = (enum hit_state)i;
            return err_none();
        }
    }
    return err_make(ERR_INVALID, "hit.no-such-state");
}

bool hit_due(enum hit_state state, const struct hit_clock *clock, struct instant since, int level,
             struct instant *due_out)
{
    assert(clock->answer_ms > 0 && clock->outcome_ms > 0);
    assert(level >= 0);
    if (state == HIT_NONE || state == HIT_CLOSED)
        return false; /* F2 */
    int64_t base = state == HIT_REPORTED || state == HIT_OVERDUE ? clock->answer_ms
                                                                  : clock->outcome_ms;
    int power = level > HIT_LEVEL_MAX ? HIT_LEVEL_MAX : level;
    int64_t wait = 0;
    if (!i64_mul(base, (int64_t)1 << power, &wait) || !i64_add(since.ms, wait, &wait))
        return false;
    *due_out = (struct instant){ wait };
    return true;
}
