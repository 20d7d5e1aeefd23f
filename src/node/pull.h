/* Either side may dial: a member that nobody can dial fetches its feed.
 * GET /link/v1/batch?anchors=N is answered with everything that is numbered and not acknowledged
 * (204: nothing), POST /link/v1/receipt acknowledges it. The same frames, checks and commands as
 * when we dial (spec/frame.md). */
#ifndef COMITY_NODE_PULL_H
#define COMITY_NODE_PULL_H

#include "node/parts.h"
#include "shell/client.h"

/* Answers `x` from the worker's thread: numbering and signing may block. */
void pull_serve(struct node *node, struct exchange *x, struct text partner);

/* Fetches once over an open line. *got_out: there was a batch, and there may be more. `arena` is
 * the caller's, 32 MiB. ERR_DENIED courier.refused; errors of the line. */
struct pull_from {
    struct node *node;
    struct client *client;
    struct text partner;
    uint64_t anchors; /* of theirs that we hold */
};
MUST_USE struct err pull_fetch(const struct pull_from *from, struct arena *arena, bool *got_out);

#endif
