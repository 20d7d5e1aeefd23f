/* Inside the UN importer: one entry while it becomes a draft. */
#ifndef COMITY_IMPORT_UN_H
#define COMITY_IMPORT_UN_H

#include "import/listing.h"
#include "import/xml.h"

struct un_entry {
    struct listing l; /* reference: REFERENCE_NUMBER */
    const struct xml_element *element;
    size_t identities; /* of aliases that have dates or places of their own */
};

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
