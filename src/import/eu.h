/* Inside the EU importer: one entity while it becomes a draft. */
#ifndef COMITY_IMPORT_EU_H
#define COMITY_IMPORT_EU_H

#include "import/listing.h"

struct eu_entity {
    struct listing l; /* reference: eu_reference_number */
    const struct json *json;
    const struct json *main; /* the name that stands for the entity */
    uint32_t sexes;          /* already said, by letter */
};

/* Text of a member, trimmed; empty when it is absent. */
struct text eu_text(const struct json *object, const char *name);
/* "true", or a JSON true. */
bool eu_true(const struct json *object, const char *name);
/* From which act, and of which day, are the next statements. */
void eu_cite(struct eu_entity *u, const struct json *part);

/* All of these take one item of a list of the entity. */
void eu_name(struct eu_entity *u, const struct json *in);
void eu_citizenship(struct eu_entity *u, const struct json *in);
void eu_birth(struct eu_entity *u, const struct json *in);
void eu_address(struct eu_entity *u, const struct json *in);
void eu_identification(struct eu_entity *u, const struct json *in);
void eu_contact(struct eu_entity *u, const struct json *in);

#endif
