/* Codes: list, version, code.
 *
 * The lists stand as data in catalogue/codes/<list>.txt; a generator makes the tables. A code that
 * our copy of a list does not have is kept as text with number CODE_RAW, is shown raw, and denies
 * whatever depends on it. In JSON a code of one of our own vocabularies (kind, category, subject)
 * is a plain string: the schema names its list, and the record's "vocabulary" its version. A code
 * of a foreign list (offences of national law, goods) is {"list","version","code"}.
 *
 * Codes with dots or a parent form trees: "missing.child" lies within "missing". */
#ifndef COMITY_MODEL_CODE_H
#define COMITY_MODEL_CODE_H

#include "core/json.h"

#define CODE_LISTS_X(X)                                                                        \
    X(KIND, "kind")                     /* what a record is about */                           \
    X(CATEGORY, "category")             /* of an alert: wanted.arrest, missing.child… */     \
    X(ACTION, "action")                 /* what the owner asks to be done */                   \
    X(CHECK, "check")                   /* discreet, inquiry, specific (2018/1862 art 37) */   \
    X(SUBJECT, "subject")               /* suspect, victim… */                               \
    X(WARNING, "warning")               /* armed, violent… */                                \
    X(CLASSIFICATION, "classification") /* ordered by row */                                   \
    X(HANDLING, "handling")             /* H0…H3, TLP, conditions of use; a set, no scale */ \
    X(CONDITION, "condition")           /* of use, on an alert */                              \
    X(GRADING, "grading")               /* scales: 4x4, 3x5x2, 5x5x5, admiralty */             \
    X(NAME_SET, "name-set")             /* confirmed, unconfirmed, alias, misused */           \
    X(NAME_PART, "name-part")                                                                  \
    X(SEX, "sex")                                                                              \
    X(COUNTRY, "country") /* ICAO 9303-3 section 5 and dissolved states */                     \
    X(OFFENCE, "offence") /* INT-I 6.00 table OTY */                                           \
    X(PURPOSE, "purpose") /* tree, references and crosswalks */                                \
    X(DOCUMENT_TYPE, "document-type")                                                          \
    X(STATUS, "status")         /* of a document, vehicle, firearm, object */                  \
    X(DECISION, "decision")     /* what an alert rests on */                                   \
    X(LINK, "link")             /* between entities */                                         \
    X(IDENTIFIER, "identifier") /* classes: vin, imei, iban… */                              \
    X(EFFECT, "effect")         /* on a foreign alert */                                       \
    X(NOTE, "note")             /* kinds of local note */                                      \
    X(GROUND, "ground")         /* of refusal, effect, erasure */                              \
    X(CLOCK, "clock")           /* events that start or stop an answer time */                 \
    X(OUTCOME, "outcome")       /* of a hit */                                                 \
    X(WHEN_QUALITY, "when-quality")                                                            \
    X(CALENDAR, "calendar")                                                                    \
    X(MODALITY, "modality") /* of a sample */                                                  \
    X(ROLE, "role")                                                                            \
    X(BRANCH, "branch")                                                                        \
    X(VEHICLE_TYPE, "vehicle-type")                                                            \
    X(FIREARM_TYPE, "firearm-type")                                                            \
    X(OBJECT_TYPE, "object-type")                                                              \
    X(EVENT_TYPE, "event-type")                                                                \
    X(COLOUR, "colour")                                                                        \
    X(MEDIA_TYPE, "media-type") /* allow-list of attachments */                                \
    X(DUTY, "duty")             /* periods of data protection and of cases, in days */

enum code_list {
#define X(id, name) CODE_##id,
    CODE_LISTS_X(X)
#undef X
        CODE_LISTS
};

enum { CODE_RAW = -1, CODE_TEXT_MAX = 64, CODE_DEPTH_MAX = 8 };

/* As it stands in a document. */
struct code {
    struct text list;
    struct text version; /* empty: the record's vocabulary */
    struct text code;
    int16_t number; /* row of our copy of the list, or CODE_RAW */
};

/* One row of a list of ours. Views of rows live for ever. */
struct code_row {
    const char *code;
    int16_t parent;   /* row, or CODE_RAW */
    const char *data; /* further columns of the data file, tab-separated, "" if none */
};

const char *code_list_name(enum code_list list);
const char *code_list_version(enum code_list list);
/* false when no list of ours has the name. */
bool code_list_find(struct text name, enum code_list *out);
size_t code_count(enum code_list list);
const struct code_row *code_row(enum code_list list, size_t number);
/* Row of `code`, or CODE_RAW. */
int code_find(enum code_list list, struct text code);
/* The code of a list, raw when unknown. Borrows `code`. */
struct code code_of(enum code_list list, struct text code);
/* Column `n` (0 is the first behind code and parent) of a row's data; empty when absent. */
struct text code_column(enum code_list list, size_t number, size_t n);
/* The same as a whole number below a million; 0 when empty (asserted: our own data). */
uint32_t code_number(enum code_list list, size_t number, size_t n);
/* A record of this kind may carry an alert of this category (a row, or CODE_RAW: any may). */
bool category_fits(int category, struct text kind);
/* `number` is `ancestor` or lies below it. Raw is within nothing. */
bool code_within(enum code_list list, int number, int ancestor);
/* Pattern of an agreement: a code, "missing.*" (all below and missing itself) or "*". False for raw
 * codes but against "*"; so "never" rules must ask code_is_raw() first. */
bool code_matches(enum code_list list, struct code code, struct text pattern);
static inline bool code_is_raw(struct code code)
{
    return code.number < 0;
}
/* {"list","version","code"} as a struct. ERR_INVALID model.bad-code. */
MUST_USE struct err code_parse(const struct json *in, struct code *out);

/* Enums of the lists on which code branches. Each equals its row number; code_test proves it. */
enum classification {
    CLASSIFICATION_UNCLASSIFIED,
    CLASSIFICATION_RESTRICTED,
    CLASSIFICATION_CONFIDENTIAL,
    CLASSIFICATION_SECRET,
    CLASSIFICATION_TOP_SECRET,
    CLASSIFICATION_RAW /* unknown level: above every ceiling */
};

enum subject_class {
    SUBJECT_SUSPECT,
    SUBJECT_ACCUSED,
    SUBJECT_CONVICTED,
    SUBJECT_VICTIM,
    SUBJECT_WITNESS,
    SUBJECT_CONTACT,
    SUBJECT_MISSING,
    SUBJECT_UNIDENTIFIED,
    SUBJECT_AT_RISK,
    SUBJECT_LISTED,
    SUBJECT_HOLDER,
    SUBJECT_NONE,
    SUBJECT_RAW /* some class that we do not know */
};
#define SUBJECT_BIT(s) (1u << (s))

enum warning {
    WARNING_ARMED,
    WARNING_VIOLENT,
    WARNING_ESCAPES,
    WARNING_SELF_HARM,
    WARNING_CONTAGIOUS,
    WARNING_TERRORISM,
    WARNING_RAW
};
#define WARNING_BIT(w) (1u << (w))

/* Purposes: the reference that one demands are the names in column 0 ("case", "post lane"). */
enum { PURPOSE_REFERENCES_MAX = 4 };
/* Checks the reference object {"case":"…"}: each demanded name present with a text that is not
 * blank. ERR_INVALID model.reference-missing; model.unknown-purpose for raw ones. */
MUST_USE struct err purpose_check_reference(struct code purpose, const struct json *reference_opt);
/* Some purpose demands a reference of this name. */
bool purpose_knows_reference(struct text name);

#endif
