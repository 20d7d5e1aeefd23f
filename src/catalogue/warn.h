/* Of what the owner of an alert is warned, and how long before. */
#ifndef COMITY_CATALOGUE_WARN_H
#define COMITY_CATALOGUE_WARN_H

#include "catalogue/edition.h"

/* The first day on which the child of a missing or at-risk alert may be of age; false when the
 * record (whole, as JSON) has no such alert, no date of birth, or none that makes a child. */
bool warn_majority(const struct json *record, struct date *out);

/* The last day that the owner is warned of today: what ends on it or before. By the period
 * "majority-warning" for a child's majority, else by "deletion-warning". */
struct date warn_horizon(const struct edition *edition, bool majority, struct date today);

#endif
