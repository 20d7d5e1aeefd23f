/* Messages about the protection of a copy's data (treaty_protects): between its owner and whoever
 * holds it, under the clause by which it was shared. */
#ifndef COMITY_CLERK_TELL_H
#define COMITY_CLERK_TELL_H

#include "clerk/act.h"

struct tell {
    struct text partner;
    const char *form;
    const struct json *basis_opt; /* of the copy; NULL: it cannot be told, and nothing is sent */
    struct text record;
    struct json body; /* what it says; id, form and record are added */
};
/* Puts it into the partner's outbox; the same entry gives the same message (C1). */
MUST_USE struct err tell_put(struct act *act, const struct journal_entry *entry,
                             const struct tell *tell);

/* [{"partner","row"}]: what each partner holds of a record of ours, or held once. */
MUST_USE struct err holders_of(struct act *act, const struct record_key *record,
                               struct json *out);
/* The same to everyone who holds a record of ours; `all`: and who held it once. */
MUST_USE struct err tell_holders(struct act *act, const struct journal_entry *entry,
                                 const struct record_key *record, struct tell tell, bool all);

#endif
