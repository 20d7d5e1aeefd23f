/* Questions that stand: what comes in later is held against them.
 *
 * A *standing* search is an officer's, on a case: whoever is of the unit is told when a later
 * record is like it. A *recheck* is a search of today that is asked again of what comes in, because
 * what it was asked for is not over (an application that is not decided yet); purposes that are
 * over at once, such as a check at a border, have none. How long each may stand is data
 * (catalogue/codes/purpose.txt). Neither is taken from the access log: who was looked up once is
 * not watched.
 *
 * What is found is told once a version of a record and waits until somebody has said what it is. */
#ifndef COMITY_FLOW_WATCH_H
#define COMITY_FLOW_WATCH_H

#include "model/code.h"

enum { WATCH_NOTE_MAX = 500, WATCH_MATCHES_MAX = 1000, WATCH_DAYS_DEFAULT = 30 };

enum watch_kind { WATCH_STANDING, WATCH_RECHECK, WATCH_KINDS };
const char *watch_kind_name(enum watch_kind kind);

/* What somebody said of a match: it is the same person or thing, it is not, it cannot be told. */
enum watch_verdict { WATCH_SAME, WATCH_DIFFERENT, WATCH_UNSURE, WATCH_VERDICTS };
/* ERR_INVALID watch.unknown-verdict. */
MUST_USE struct err watch_verdict_parse(struct text in, enum watch_verdict *out);

/* What a caller wants: {"kind","days","least","note"}, all optional. A standing search tells of
 * possible matches, a recheck of strong ones, unless it says otherwise. */
struct watch_ask {
    enum watch_kind kind;
    uint32_t days;
    bool strong;      /* only of strong matches */
    struct text note; /* may be empty */
};
/* The most days for this purpose; 0: none may stand for it. */
uint32_t watch_days(enum watch_kind kind, struct code purpose);
/* ERR_INVALID watch.unknown-kind, watch.unknown-band, watch.bad-days (1 to watch_days);
 * ERR_DENIED watch.not-for-this-purpose; ERR_LIMIT clerk.field-too-long. `place_out`: the pointer
 * below the request of what is wrong. */
MUST_USE struct err watch_ask_parse(const struct json *in, struct code purpose,
                                    struct watch_ask *out, struct text *place_out);

#endif
