/* What leaves: one partner's share of what we know, numbered in the transaction that appends it. */
#ifndef COMITY_CLERK_DISCLOSE_H
#define COMITY_CLERK_DISCLOSE_H

#include "clerk/act.h"

/* A partner as a courier sees it. Text borrows from the row. */
struct partner {
    struct text code;
    struct json row;
    uint8_t root[32];
    uint16_t log; /* of the feed to it */
    struct json refused; /* lines of its last receipt, where a courier asks; else JSON_NULL */
};

/* ERR_NOT_FOUND clerk.no-such-partner. */
MUST_USE struct err partner_get(struct act *act, struct text code, struct partner *out);

/* The instant for which what leaves is decided. */
struct instant disclose_as_of(const struct act *act);
/* One frame on its way into a feed; number and as_of are given here. */
struct outgoing {
    enum frame_kind kind;
    const struct json *basis_opt; /* {"agreement","version","clause"} */
    struct json body;
};
MUST_USE struct err frame_number(struct act *act, const struct partner *partner,
                                 const struct outgoing *outgoing, size_t *len_out);

/* Decides one own record for one partner and, where that differs from what the partner holds,
 * appends the frame. *len_out: bytes numbered, 0 when nothing was to be sent. */
MUST_USE struct err disclose_record(struct act *act, const struct partner *partner,
                                    const struct record_key *record, size_t *len_out);

/* The question that disclose_record() asks, for explanation and preview. */
struct rules_question;
struct disclosure_case {
    struct json row;
    struct json notes;
    struct json releases;
    struct json assurances;
    const struct json *record_opt;
};
MUST_USE struct err disclosure_case(const struct clerk *clerk, struct store_view *view,
                                    struct text partner, const struct record_key *record,
                                    struct arena *arena, struct disclosure_case *out);

#endif
