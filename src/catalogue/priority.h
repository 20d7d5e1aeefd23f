/* Two alerts about the same person or object: may both stand, and if not, which has priority
 * (SIRENE Manual 2.2 for the edition sis). */
#ifndef COMITY_CATALOGUE_PRIORITY_H
#define COMITY_CATALOGUE_PRIORITY_H

#include "catalogue/edition.h"

struct alert_kind { /* all that matters of an alert here */
    struct text category, check;
};

struct meeting {
    enum entry entry;
    const char *rule; /* NULL when it is free; else catalogue.… */
    const struct priority_table *table; /* NULL: the edition compares no such alerts */
    int newer, standing; /* classes of the table, or CODE_RAW */
};

/* The class of an alert in the table: its category with its check type, else its category. Or
 * CODE_RAW. */
int priority_class(const struct priority_table *table, struct alert_kind alert);

/* What a new alert meets in a standing one. Alerts that no class holds are compatible with all. */
struct meeting priority_meet(const struct edition *edition, enum record_kind kind,
                             struct alert_kind newer, struct alert_kind standing);

#endif
