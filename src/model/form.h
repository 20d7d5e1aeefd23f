/* Forms of single texts in a record. Private to model/. */
#ifndef COMITY_MODEL_FORM_H
#define COMITY_MODEL_FORM_H

#include "core/bytes.h"

/* NULL, or the rule broken: at most `max` bytes, not blank, no control but tab and newline. */
const char *form_text(struct text in, size_t max);

bool form_decimal(struct text in); /* "-13.3154" */
bool form_date(struct text in);
bool form_instant(struct text in);
bool form_member(struct text in);
bool form_record_id(struct text in);
bool form_local(struct text in);     /* id inside a record: a slug of at most 32 */
bool form_sha256(struct text in);    /* 64 lower-case hex characters */
bool form_script(struct text in);    /* ISO 15924: "Arab" */
bool form_language(struct text in);  /* the form of BCP 47, not its registry */
bool form_attribute(struct text in); /* a-z 0-9 - and the colon of a member's own */

#endif
