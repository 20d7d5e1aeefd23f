/* What a schema cannot say about a record. Private to model/. */
#ifndef COMITY_MODEL_RULES_H
#define COMITY_MODEL_RULES_H

#include "model/schema.h"

/* Adds findings about the parts of `r` together: ids, audience, consent, periods, references. */
void rules_check_record(struct walk *w, const struct record *r);

#endif
