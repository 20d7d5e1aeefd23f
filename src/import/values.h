/* Values of lists as the model writes them. */
#ifndef COMITY_IMPORT_VALUES_H
#define COMITY_IMPORT_VALUES_H

#include "core/json.h"
#include "model/when.h"

/* ICAO code of a state by its English name (case does not matter) or its own code; empty: unknown.
 */
struct text value_country(struct text name);
/* ICAO code by the two letters of ISO 3166 (also of some dissolved states); empty: unknown. */
struct text value_country_of_two(struct text letters);
/* At most `max` bytes, cut between characters. */
struct text value_cut(struct text t, size_t max);

/* ISO 15924 of the first letter that is not Latin; "Latn" when all are. */
const char *value_script(struct text t);

/* An object of shape `when`. `written` may be empty. */
struct json value_when(struct arena *arena, struct text written, struct date from, struct date to,
                       const char *quality);
/* YYYY-MM-DD, a time zone behind it is dropped; YYYY; else quality unknown with the text as
 * written. */
struct json value_when_of(struct arena *arena, struct text written);
/* Four digits, or 0. */
int value_year(struct text t);
/* First and last day of a span of years. */
struct json value_when_years(struct arena *arena, struct text written, int from, int to,
                             const char *quality);
struct json value_when_month(struct arena *arena, struct text written, int year, int month);
/* Leading YYYY-MM-DD. */
bool value_date(struct text t, struct date *out);

/* Texts with ", " between those that are not empty. */
struct text value_list(struct arena *arena, const struct text *parts, size_t count,
                       struct text separator);

#endif
