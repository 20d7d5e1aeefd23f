/* Texts that nobody has signed, as if all parties had consented. */
#include "survey/survey.h"

enum { ACTS_A_PARTY = 3 };

static struct err assume_one(const struct treaty *treaty, struct arena *arena,
                             struct instant *as_of, struct treaty_force *out)
{
    struct treaty_status *status = ARENA_NEW(arena, struct treaty_status);
    struct treaty_event *events =
        ARENA_ARRAY(arena, struct treaty_event, (size_t)ACTS_A_PARTY * treaty->parties.count);
    size_t count = 0;
    if (status == NULL || events == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    static const enum treaty_act acts[ACTS_A_PARTY] = { ACT_SIGN, ACT_RATIFY, ACT_ACCEDE };
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        for (size_t a = 0; a < ACTS_A_PARTY; a++)
            events[count++] = (struct treaty_event){ .act = acts[a],
                                                     .party = treaty->parties.items[i],
                                                     .at = { 0 } };
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
