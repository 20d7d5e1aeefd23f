/* Inside the UN importer: one entry while it becomes a draft. */
#ifndef COMITY_IMPORT_UN_H
#define COMITY_IMPORT_UN_H

#include "import/run.h"
#include "import/values.h"
#include "import/xml.h"

struct un_entry {
    struct import_run *run;
    struct arena *arena;
    const struct xml_element *element;
    bool person;
    struct text reference; /* REFERENCE_NUMBER */
    struct text collected; /* last day on which the committee changed the entry */
    struct json statements;
    size_t identities; /* of aliases that have dates or places of their own */
};

/* Adds a statement; the caller may set more in what is returned, before the next one is added.
 * NULL: the arena is full. */
struct json *un_say(struct un_entry *u, const char *attribute, struct json value);
/* A text that has no attribute of its own: "LABEL: text". */
void un_remark(struct un_entry *u, struct text label, struct text text);
/* Counts children of `e` that are not in `known` (a list that ends with NULL) and say something. */
void un_leftovers(struct un_entry *u, const struct xml_element *e, const char *const *known);

/* All of these take one child of the entry. */
void un_alias(struct un_entry *u, const struct xml_element *e);
void un_birth_date(struct un_entry *u, const struct xml_element *e);
void un_birth_place(struct un_entry *u, const struct xml_element *e);
void un_address(struct un_entry *u, const struct xml_element *e);
void un_document(struct un_entry *u, const struct xml_element *e);
void un_nationality(struct un_entry *u, const struct xml_element *e);
void un_gender(struct un_entry *u, const struct xml_element *e);

#endif
