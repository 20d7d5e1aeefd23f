/* What the agreement language can test of one record: the attributes, taken out of it once.
 * treaty_view_of() (view_record.c) reads them from a record document; tests make their own. */
#ifndef COMITY_TREATY_VIEW_H
#define COMITY_TREATY_VIEW_H

#include "core/json.h"
#include "treaty/tree.h"

enum { VIEW_ALERTS_MAX = 64 };

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

/* Values of one attribute. `doubt`: there may be more than these (none is known where there should
 * be some; a code of a list version this node does not have). */
struct values {
    struct codes codes;
    bool doubt;
};

struct view_note {
    struct text code; /* "protected-from" */
    struct codes members; /* whom it names */
};

struct view_alert {
    struct text category;
    struct values offences, subjects, warnings, grading;
    enum truth death; /* may the penalty be death? */
    enum level classification; /* LEVEL_NONE: unknown */
    struct codes only, never; /* recipients; empty `only`: all */
    struct instant valid_from, valid_until, hidden_until; /* ms 0: not set */
};

struct treaty_view {
    struct text kind;
    struct values nationalities;
    /* Born within these days; both 0 years: unknown. Not for things: `ageless`. */
    struct date born_first, born_last;
    bool ageless;
    bool partial; /* a received view: attributes may have been withheld, so absence is doubt */
    const struct view_note *notes;
    uint32_t note_count;
    const struct view_alert *alerts;
    uint32_t alert_count; /* at most VIEW_ALERTS_MAX */
};

/* From a record document (canonical JSON of model/record.h) and the local notes on it (an array
 * of {"code","members"}; NULL when none). ERR_INVALID treaty.record-shape, ERR_LIMIT. */
MUST_USE struct err treaty_view_of(const struct json *record, const struct json *notes_opt,
                                   struct arena *arena, struct treaty_view *out);

#endif
