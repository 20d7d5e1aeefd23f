#include "flow/subject.h"

#include <assert.h>

#include "flow/duties.h"

static const char *const names[SUBJECT_KINDS] = {
    [SUBJECT_ACCESS] = "access",
    [SUBJECT_CORRECTION] = "correction",
    [SUBJECT_ERASURE] = "erasure",
    [SUBJECT_RESTRICTION] = "restriction",
};

struct err subject_kind_parse(struct text text, enum subject_kind *out)
{
    for (int i = SUBJECT_KIND_NONE + 1; i < SUBJECT_KINDS; i++) {
        if (text_is(text, names[i])) {
            *out = (enum subject_kind)i;
            return err_none();
        }
    }
    return err_make(ERR_INVALID, "subject.unknown-kind");
}

struct instant subject_due(enum subject_kind kind, struct instant received)
{
    assert(kind > SUBJECT_KIND_NONE && kind < SUBJECT_KINDS);
    return instant_plus(received, duty_ms(names[kind]));
}

struct instant subject_owner_due(struct instant asked)
{
    return instant_plus(asked, duty_ms("owner-answer"));
}

struct err subject_answer_check(struct text outcome, struct text ground,
                                enum subject_outcome *out)
{
    static const char *const outcomes[] = { "granted", "partly", "refused" };
    size_t i = 0;
    while (i < sizeof(outcomes) / sizeof(outcomes[0]) && !text_is(outcome, outcomes[i]))
        i++;
    if (i == sizeof(outcomes) / sizeof(outcomes[0]))
        return err_make(ERR_INVALID, "subject.unknown-outcome");
    if (i == SUBJECT_GRANTED && ground.len > 0)
        return err_make(ERR_INVALID, "subject.ground-needless");
    if (i != SUBJECT_GRANTED && ground.len == 0)
        return err_make(ERR_INVALID, "subject.ground-missing");
    if (ground.len > 0 && code_find(CODE_GROUND, ground) < 0)
        return err_make(ERR_INVALID, "subject.unknown-ground");
    *out = (enum subject_outcome)i;
    return err_none();
}
