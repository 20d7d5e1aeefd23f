/* Periods and deadlines of data protection: how long a record may stay, by when a person is
 * answered. The days are data (catalogue/codes/duty.txt). */
#ifndef COMITY_FLOW_DUTIES_H
#define COMITY_FLOW_DUTIES_H

#include "core/json.h"
#include "core/time.h"
#include "model/code.h"

/* Milliseconds of a row of the list duty, which must exist (asserted: the name is ours). */
int64_t duty_ms(const char *code);
/* No such instant. */
#define DUTY_NEVER ((struct instant){ INT64_MAX })

/* When the last alert of an own record is over: behind its last day or, where it has none, when
 * its review date has passed by `review-lapsed`. DUTY_NEVER: it has no alert, or one without both.
 * `record` has passed record_parse(). */
struct instant record_end(const struct json *record);

/* How long a copy stays: so long after it was decided; 0: as long as its owner says. */
struct instant copy_end(struct instant as_of, uint32_t retain_hours);

/* A feed that is silent hides its copies, then erases them (I6). */
enum silence {
    SILENCE_NONE,
    SILENCE_SHOWN,  /* long enough that a countdown is said */
    SILENCE_HIDES,  /* copies are not shown any more */
    SILENCE_ERASES, /* they go */
};
struct silence_clock {
    enum silence state;
    struct instant hides, erases;
};
/* `days` of the agreement; 0: the list's. */
struct silence_clock silence_clock(struct instant heard, uint32_t days, struct instant now);

#endif
