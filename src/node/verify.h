/* The node checks itself: every leaf of every log against its opening, every root against what was
 * signed and what partners acknowledged; proofs of one entry; backups. */
#ifndef COMITY_NODE_VERIFY_H
#define COMITY_NODE_VERIFY_H

#include "node/parts.h"

/* {"entries","erased","damaged","findings":[{"entry","log","leaf","rule"}],"logs":[…]}. Damage is a
 * finding, no error. */
MUST_USE struct err node_verify(struct node *node, struct arena *arena, struct json *out);
/* {"proof": text of a proof file, "vkey": of its log} for journal entry `entry` (a decimal). */
MUST_USE struct err node_prove(struct node *node, struct text entry, struct arena *arena,
                               struct json *out);
/* Writes a verified backup of the journal (or the list of erasures) to work->path. */
MUST_USE struct err node_backup(struct node *node, const struct api_work *work, struct arena *arena,
                                struct json *out);

#endif
