/* Lines to partners, as gate (they dial), couriers (we dial) and pulls (they fetch) share them:
 * who is behind a root key, our hello, numbering, signing. What is said on a line and what is
 * believed of it is clerk/exchange/line.h. */
#ifndef COMITY_NODE_LINES_H
#define COMITY_NODE_LINES_H

#include "clerk/exchange/line.h"
#include "node/parts.h"

/* The code of the partner with this root key. ERR_NOT_FOUND clerk.no-such-partner. */
MUST_USE struct err lines_by_root(struct store_view *view, const uint8_t root[static 32],
                                  struct arena *arena, struct text *code_out);
/* Our hello, with our certificates. */
MUST_USE struct err lines_hello(struct node *node, const struct line *line, struct arena *arena,
                                struct bytes *out);
/* The body of VERB_CARD_PUT that takes their certificates in. */
struct json lines_cards(struct text partner, const struct hello *hello, struct arena *arena);
/* Has the clerk number what is due, at most `room`. *more_out: there is more than fitted. */
MUST_USE struct err lines_number(struct node *node, struct text partner,
                                 const struct line_room *room, struct arena *arena,
                                 bool *more_out);
/* Signs with node_sign_head(). */
struct line_signer lines_signer(struct node *node);

#endif
