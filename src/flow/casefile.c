#include "flow/casefile.h"

#include <assert.h>

#include "model/code.h"

enum { LAPSE_LEVEL_MAX = 4, LAPSE_DAYS = 7 };

static const enum casefile_state steps[CASEFILE_STATES][CASEFILE_EVENTS] = {
    [CASEFILE_NONE] = { [CASEFILE_BEGIN] = CASEFILE_OPEN },
    [CASEFILE_OPEN] = { [CASEFILE_WORK] = CASEFILE_OPEN,
                        [CASEFILE_REVIEW] = CASEFILE_OPEN,
                        [CASEFILE_LAPSE] = CASEFILE_OVERDUE,
                        [CASEFILE_CLOSE] = CASEFILE_CLOSED },
    [CASEFILE_OVERDUE] = { [CASEFILE_WORK] = CASEFILE_OVERDUE,
                           [CASEFILE_REVIEW] = CASEFILE_OPEN,
                           [CASEFILE_LAPSE] = CASEFILE_OVERDUE,
                           [CASEFILE_CLOSE] = CASEFILE_CLOSED },
    [CASEFILE_CLOSED] = { [CASEFILE_REOPEN] = CASEFILE_OPEN },
};

static const char *const state_names[CASEFILE_STATES] = {
    [CASEFILE_NONE] = "none",
    [CASEFILE_OPEN] = "open",
    [CASEFILE_OVERDUE] = "overdue",
    [CASEFILE_CLOSED] = "closed",
};

struct err casefile_step(enum casefile_state from, enum casefile_event event,
                         enum casefile_state *to_out)
{
    assert(from < CASEFILE_STATES && event < CASEFILE_EVENTS);
    enum casefile_state to = steps[from][event];
    if (to == CASEFILE_NONE)
        return err_make(ERR_CONFLICT, "case.not-now"); /* F1 */
    *to_out = to;
    return err_none();
}

struct text casefile_state_name(enum casefile_state state)
{
    assert(state < CASEFILE_STATES);
    return text_literal(state_names[state]);
}

struct err casefile_state_parse(struct text name, enum casefile_state *out)
{
    for (int i = CASEFILE_OPEN; i < CASEFILE_STATES; i++) {
        if (text_is(name, state_names[i])) {
            *out = (enum casefile_state)i;
            return err_none();
        }
    }
    return err_make(ERR_INVALID, "case.unknown-state");
}

struct instant casefile_next_lapse(struct instant now, int64_t level)
{
    int power = level < 0 ? 0 : level > LAPSE_LEVEL_MAX ? LAPSE_LEVEL_MAX : (int)level;
    return instant_plus(now, (int64_t)LAPSE_DAYS * INSTANT_DAY * (INT64_C(1) << power));
}

struct err casefile_note_check(struct text kind)
{
    if (text_is(kind, "fact") || text_is(kind, "assessment") || text_is(kind, "decision"))
        return err_none();
    return err_make(ERR_INVALID, "case.unknown-note");
}

static bool is_graded(const char *scale, char grade)
{
    char code[32];
    size_t len = 0;
    for (; scale[len] != '\0'; len++)
        code[len] = scale[len];
    code[len++] = grade;
    return code_find(CODE_GRADING, (struct text){ code, len }) >= 0;
}

struct err casefile_grading_check(struct text grading)
{
    if (grading.len == 0)
        return err_none();
    if (grading.len == 2 && is_graded("4x4.source.", grading.data[0]) &&
        is_graded("4x4.information.", grading.data[1]))
        return err_none();
    return err_make(ERR_INVALID, "case.bad-grading");
}
