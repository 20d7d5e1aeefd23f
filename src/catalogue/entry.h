/* What an edition says of one record: is each alert whole, is it what the category permits, when is
 * it warned of. Pure: today is an argument. */
#ifndef COMITY_CATALOGUE_ENTRY_H
#define COMITY_CATALOGUE_ENTRY_H

#include "catalogue/edition.h"

enum catalogue_field {
#define FIELD(id, name, test, target, pointer, rule) CATALOGUE_##id,
#include "catalogue/field.def"
#undef FIELD
    CATALOGUE_FIELDS
};

const char *catalogue_field_name(size_t field);

/* Gives every alert of `record` (JSON of an own record, not yet parsed) that has no review date the
 * latest that the edition permits. */
void catalogue_fill(const struct edition *edition, struct arena *arena, struct json *record);

/* Adds an error for each rule of the edition that an alert or a statement breaks: catalogue.needs-…
 * at the place to be filled in; catalogue.action-not-allowed, check-not-allowed,
 * check-not-asked, decision-not-allowed, penalty-below, review-too-late; field-not-allowed and
 * value-not-allowed where every alert's list is closed; last-resort; hidden-too-long and
 * hidden-without-court of an alert that is hidden at `now`. The edition covers alerts, so
 * a record without alerts is not judged. */
void catalogue_check(const struct edition *edition, const struct record *record,
                     struct instant now, struct findings *findings);

/* May a receiving member set this effect on such an alert? NULL, or the rule that it breaks:
 * catalogue.flag-not-allowed, catalogue.flag-otherwise. `reduced_to` is a row of list action. */
const char *catalogue_flag(const struct edition *edition, int category, enum record_kind kind,
                           int effect, int reduced_to);

/* The latest review date that the edition permits; year 0: it sets none. */
struct date catalogue_review_max(const struct category_rules *rules, const struct alert *alert);

#endif
