/* What the importers of sanctions lists share: one entry while it becomes a draft. */
#ifndef COMITY_IMPORT_LISTING_H
#define COMITY_IMPORT_LISTING_H

#include "import/run.h"
#include "import/values.h"

enum {
    LISTING_TEXT_MAX = 4000,
    LISTING_NAME_MAX = 400,
    LISTING_NUMBER_MAX = 64, /* of a document */
    LISTING_WRITTEN_MAX = 500
};

struct listing {
    struct import_run *run;
    struct arena *arena;
    enum record_kind kind;
    const char *authority; /* that keeps the list */
    struct text reference; /* the list's own number of the entry */
    struct text act;       /* that says the next statements, beside the reference; may be empty */
    struct text collected; /* day of the last change; empty: the list does not say */
    struct json statements;
};

/* Adds a statement; the caller may set more in what is returned, before the next one is added.
 * NULL: the arena is full. */
struct json *listing_say(struct listing *l, const char *attribute, struct json value);
/* Nothing for an empty text, as in all of these; what is too long is cut. */
void listing_text(struct listing *l, const char *attribute, struct text text);
/* A text that has no attribute of its own: "LABEL: text". */
void listing_remark(struct listing *l, struct text label, struct text text);
bool listing_applies(const struct listing *l, const char *attribute);
/* An identifier; `country` may be empty. One that is too long becomes a remark, one whose attribute
 * does not apply to the kind a reference. */
void listing_number(struct listing *l, const char *attribute, struct text number,
                    struct text country);
/* A number of the list itself: people ask by it. */
void listing_reference(struct listing *l, struct text number);
/* Nothing for a kind that has no such attribute. */
void listing_country(struct listing *l, const char *attribute, struct text country);
/* Sets a member unless the text is empty. */
void listing_set(struct listing *l, struct json *value, const char *name, struct text text);
/* The statement is an alias in the script of `name`. NULL: nothing. */
void listing_alias(struct listing *l, struct json *statement_opt, struct text name);

/* What an entry rests on. */
struct listing_act {
    const char *authority; /* that decided */
    struct text number;
    struct text text;
    struct date decided; /* year 0: the list does not say */
    struct date from, review;
    struct date until; /* year 0: without an end */
};
/* The listing as an alert of its authority: held where it was imported, and for nobody else. */
struct json listing_alert(struct listing *l, struct text reason, const struct listing_act *act);
/* The draft of what was said. */
struct json listing_draft(struct listing *l, const struct record_id *id, struct json alert);

#endif
