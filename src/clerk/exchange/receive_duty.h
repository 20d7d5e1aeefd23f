/* Messages about the protection of a copy's data that come in (treaty_protects). */
#ifndef COMITY_CLERK_RECEIVE_DUTY_H
#define COMITY_CLERK_RECEIVE_DUTY_H

#include "clerk/exchange/receive.h"

/* Like receive_frame(), for a message whose form is one of these. */
MUST_USE struct err receive_duty(struct act *act, const struct incoming *in, struct text form);

/* receive.c */
MUST_USE struct err receive_may(struct act *act, const struct incoming *in, const char *kind);
MUST_USE struct err receive_owner(struct act *act, const struct incoming *in, struct text id);
MUST_USE struct err receive_receipt(struct act *act, const struct incoming *in);

#endif
