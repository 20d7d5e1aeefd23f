/* What the agreement language can test of one record: its attributes, taken out of it once.
 * treaty_view_of() reads them from a record; tests make their own. */
#ifndef COMITY_TREATY_VIEW_H
#define COMITY_TREATY_VIEW_H

#include "model/note.h"
#include "model/record.h"
#include "wording/tree.h"

enum { VIEW_ALERTS_MAX = 64 };
_Static_assert((int)RECORD_ALERTS_MAX <= (int)VIEW_ALERTS_MAX, "a mask of alerts has 64 bits");

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

/* Values of one attribute. `doubt`: there may be more than these (none is known where there should
 * be some; an offence that is not mapped). A code that our list does not have is doubt too. */
struct view_values {
    struct codes codes;
    bool doubt;
};

struct view_note {
    struct text code;     /* "protected-from" */
    struct codes members; /* whom it names */
};

/* Months that offences name; `unsaid`: one of them, or the alert, names none. */
struct view_term {
    uint32_t greatest; /* UINT32_MAX: life, or death */
    bool unsaid;
};

struct view_alert {
    struct text category;
    struct view_values offences, subjects, warnings, grading;
    struct view_values handling; /* of the alert and of every statement */
    struct text action;
    enum truth death;          /* may the penalty be death? */
    struct view_term penalty, sentence;
    enum level classification; /* LEVEL_NONE: unknown */
    struct codes only, never;  /* recipients; `only` counts when `restricted` */
    bool restricted;
    struct instant valid_from, valid_until, hidden_until; /* ms 0: not set; until is exclusive */
};

struct treaty_view {
    struct text kind;
    struct view_values nationalities;
    /* Born within these days; years 0: unknown. */
    struct date born_first, born_last;
    bool ageless;        /* a thing: of no age, and no child */
    bool child_presumed; /* age unknown, but sought as a child */
    struct text unit;  /* that made it; empty: unknown */
    enum truth third;  /* it came from a third party */
    bool partial; /* a received view: attributes may have been withheld, so absence is doubt */
    const struct view_note *notes;
    uint32_t note_count;
    const struct view_alert *alerts; /* in the order of record.alerts */
    uint32_t alert_count;
};

/* Borrows from the record and the notes. ERR_LIMIT arena.full. */
MUST_USE struct err treaty_view_of(const struct record *record, const struct note *notes,
                                   size_t note_count, struct arena *arena, struct treaty_view *out);

#endif
