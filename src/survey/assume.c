/* Texts that nobody has signed, as if all parties had consented. */
#include "survey/survey.h"

static bool may_accede(const struct treaty *treaty, struct text party)
{
    for (uint32_t i = 0; i < treaty->accession.count; i++) {
        if (text_equal(treaty->accession.items[i], party))
            return true;
    }
    return false;
}

/* The act by which the text lets this party be bound. */
static enum treaty_act consent_of(const struct treaty *treaty, struct text party)
{
    if (may_accede(treaty, party))
        return ACT_ACCEDE;
    return treaty->consent == CONSENT_RATIFICATION ? ACT_RATIFY : ACT_SIGN;
}

static struct err assume_one(const struct treaty *treaty, struct arena *arena,
                             struct instant *as_of, struct treaty_force *out)
{
    struct treaty_status *status = ARENA_NEW(arena, struct treaty_status);
    struct treaty_event *events =
        ARENA_ARRAY(arena, struct treaty_event, treaty->parties.count);
    size_t count = treaty->parties.count;
    if (status == NULL || events == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        struct text party = treaty->parties.items[i];
        events[i] = (struct treaty_event){ .act = consent_of(treaty, party), .party = party };
    }
    *status = treaty_status(treaty, events, count, *as_of);
    if (status->from.ms != INT64_MAX && status->from.ms > as_of->ms) {
        *as_of = status->from;
        *status = treaty_status(treaty, events, count, *as_of);
    }
    *out = (struct treaty_force){ .treaty = treaty, .status = status };
    return err_none();
}

struct err survey_assume(const struct treaty *treaties, size_t count, struct arena *arena,
                         struct instant *as_of, struct survey_law *out)
{
    struct treaty_force *forces = ARENA_ARRAY(arena, struct treaty_force, count);
    if (forces == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < count; i++) {
        struct err e = assume_one(&treaties[i], arena, as_of, &forces[i]);
        if (failed(e))
            return e;
    }
    *out = (struct survey_law){ forces, count, NULL };
    return err_none();
}
