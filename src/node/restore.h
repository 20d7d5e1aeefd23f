/* A backup back into a node's directory: no daemon runs, files are opened directly. */
#ifndef COMITY_NODE_RESTORE_H
#define COMITY_NODE_RESTORE_H

#include "core/json.h"
#include "node/home.h"

struct node_restore {
    const char *dir;      /* has node.json and keeper.state, and no journal */
    struct text passphrase;
    const char *backup;   /* path */
    const char *erasures; /* path of the newest list of erasures; NULL: nothing was erased since */
};

/* Journal and blobs, then the erasures (I6), then every table computed again. Writes
 * {"entries","erased","blobs"}. ERR_CONFLICT backup.store-not-empty, backup.other-journal;
 * ERR_INVALID backup.other-realm; ERR_DENIED seal.wrong-key; those of backup.h. */
MUST_USE struct err node_restore(const struct node_restore *what, struct arena *arena,
                                 struct json *out);

#endif
