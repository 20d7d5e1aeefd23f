/* What is wrong or doubtful in a document, for the person who must mend it (I8): place, rule,
 * severity, and a correction where one can be offered (a check digit). */
#ifndef COMITY_MODEL_FINDINGS_H
#define COMITY_MODEL_FINDINGS_H

#include "core/arena.h"

enum severity { SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
    struct text pointer; /* RFC 6901, in the arena of the findings; "" is the whole document */
    const char *rule;
    enum severity severity;
    struct text correction; /* offered value, or empty */
};

enum { FINDINGS_MAX = 64 };

/* Collects up to FINDINGS_MAX; what comes later is only counted. */
struct findings {
    struct arena *arena;
    size_t count;  /* stored */
    size_t errors; /* found, stored or not */
    size_t warnings;
    struct finding list[FINDINGS_MAX];
};

void findings_init(struct findings *f, struct arena *arena);
void findings_add(struct findings *f, struct text pointer, const char *rule,
                  enum severity severity);
void findings_offer(struct findings *f, struct text pointer, const char *rule,
                    struct text correction); /* a warning with a correction */

#endif
