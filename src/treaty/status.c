#include "treaty/status.h"

struct acts {
    struct instant signed_at[TREATY_PARTIES_MAX]; /* INSTANT_OPEN: never */
    struct instant left_at[TREATY_PARTIES_MAX];
};

static struct instant earlier(struct instant a, struct instant b)
{
    return a.ms < b.ms ? a : b;
}

static struct instant later(struct instant a, struct instant b)
{
    return a.ms > b.ms ? a : b;
}

static struct acts collect(const struct treaty *treaty, const struct treaty_event *events,
                           size_t count)
{
    struct acts acts;
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        acts.signed_at[i] = INSTANT_OPEN;
        acts.left_at[i] = INSTANT_OPEN;
    }
    for (size_t e = 0; e < count; e++) {
        for (uint32_t i = 0; i < treaty->parties.count; i++) {
            if (!text_equal(treaty->parties.items[i], events[e].party))
                continue;
            struct instant *at = events[e].act == ACT_SIGN ? &acts.signed_at[i] : &acts.left_at[i];
            *at = earlier(*at, events[e].at);
        }
    }
    return acts;
}

/* Who has signed at `t` and has not left before the agreement could enter into force then. */
static uint32_t count_standing(const struct treaty *treaty, const struct acts *acts,
                               struct instant t, struct instant first_day)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < treaty->parties.count; i++)
        count += acts->signed_at[i].ms <= t.ms && acts->left_at[i].ms >= later(t, first_day).ms;
    return count;
}

static struct instant entry(const struct treaty *treaty, const struct acts *acts)
{
    uint32_t needed = treaty->signatures == 0 ? treaty->parties.count : treaty->signatures;
    struct instant first_day = { INT64_MIN };
    struct instant best = INSTANT_OPEN;
    if (treaty->from.year != 0)
        first_day = date_begin(treaty->from);
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        struct instant t = acts->signed_at[i];
        if (t.ms != INT64_MAX && count_standing(treaty, acts, t, first_day) >= needed)
            best = earlier(best, later(t, first_day));
    }
    return best;
}

/* When fewer than two parties are left: the second last to leave. */
static struct instant last_pair(const struct treaty *treaty, const struct acts *acts)
{
    struct instant last = { INT64_MIN };
    struct instant second = { INT64_MIN };
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        struct instant t =
            acts->signed_at[i].ms == INT64_MAX ? (struct instant){ INT64_MIN } : acts->left_at[i];
        second = later(second, earlier(last, t));
        last = later(last, t);
    }
    return second;
}

struct treaty_status treaty_status(const struct treaty *treaty, const struct treaty_event *events,
                                   size_t count, struct instant now)
{
    struct acts acts = collect(treaty, events, count);
    struct treaty_status status = { .state = TREATY_DRAFT, .from = entry(treaty, &acts) };
    status.until = last_pair(treaty, &acts);
    if (treaty->until.year != 0)
        status.until = earlier(status.until, instant_plus(date_begin(treaty->until), INSTANT_DAY));
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        struct treaty_bound *bound = &status.bound[i];
        bool signed_it = acts.signed_at[i].ms != INT64_MAX;
        status.signed_count = (uint16_t)(status.signed_count + signed_it);
        bound->from = later(status.from, acts.signed_at[i]);
        bound->until = earlier(status.until, acts.left_at[i]);
        bound->withdrawn = signed_it && acts.left_at[i].ms <= now.ms;
    }
    for (uint32_t i = treaty->parties.count; i < TREATY_PARTIES_MAX; i++)
        status.bound[i].from = INSTANT_OPEN;
    if (status.signed_count > 0)
        status.state = TREATY_SIGNED_BY_SOME;
    if (status.from.ms <= now.ms)
        status.state = now.ms < status.until.ms ? TREATY_IN_FORCE : TREATY_ENDED;
    return status;
}
