/* What the statements of one agreement, or of reservations alone, fill while they are read. */
#ifndef COMITY_WORDING_DRAFT_H
#define COMITY_WORDING_DRAFT_H

#include "wording/parser.h"

struct draft {
    struct treaty treaty;
    struct list articles, reservations, annex;
    struct list groups, replaces, recognitions, markings;
    uint32_t clauses;
    uint32_t said; /* bit per header that may stand once (parse_header.c) */
    bool annex_said;
    uint32_t until_at;
};

/* parse_header.c: the lines above the first article. draft_header() reads the one that begins here,
 * or gives false. */
bool draft_sees_header(const struct parser *p);
bool draft_header(struct parser *p, struct draft *draft);

/* parse.c */
bool draft_sees_section(const struct parser *p);
bool draft_sees_statement(const struct parser *p);
/* The clauses of an article or a reservation; what stands in their way is an error and skipped. */
struct list draft_clauses(struct parser *p, struct draft *draft, bool *not_bound_opt);

/* parse_reservation.c */
void draft_reservation(struct parser *p, struct draft *draft);

#endif
