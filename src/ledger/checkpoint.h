/* C2SP checkpoints (c2sp.org/tlog-checkpoint): the signed head of a log, three lines
 *     origin LF size LF base64(root) LF
 * and the names of our logs,
 *     comity/<first 16 hex of SHA-256(root public key)>/<generation>/<name>
 * where name is `internal`, `anchors` or the code of the partner whose feed it is. The name of
 * the signing key is the origin, the key is the node key. */
#ifndef COMITY_LEDGER_CHECKPOINT_H
#define COMITY_LEDGER_CHECKPOINT_H

#include "ledger/note.h"
#include "ledger/tree.h"

enum {
    ORIGIN_MEMBER_LEN = 8, /* bytes of the root key's hash that stand in an origin */
    ORIGIN_NAME_MAX = 32,  /* letters, digits and '-' */
    ORIGIN_LEN_MAX = 7 + 16 + 1 + 10 + 1 + ORIGIN_NAME_MAX,
};
_Static_assert((int)ORIGIN_LEN_MAX <= (int)NOTE_NAME_MAX, "an origin is a key name");

struct origin {
    uint8_t member[ORIGIN_MEMBER_LEN];
    uint32_t generation; /* from 1 */
    struct text name;
};

/* The member part of the origins of whoever holds this root key. */
void origin_member(const uint8_t root_key[static NOTE_KEY_LEN],
                   uint8_t out[static ORIGIN_MEMBER_LEN]);
struct text origin_format(struct arena *arena, const struct origin *origin);
/* ERR_INVALID ledger.origin; `out` borrows from `in`. */
MUST_USE struct err origin_parse(struct text in, struct origin *out);

struct checkpoint {
    struct text origin;
    struct tree_head head;
};

/* The text to be signed; full arena: empty text. */
struct text checkpoint_format(struct arena *arena, const struct checkpoint *checkpoint);
/* Exactly three lines, no extension lines, no leading zeros. ERR_INVALID ledger.checkpoint;
 * `out` borrows from `in`. */
MUST_USE struct err checkpoint_parse(struct text in, struct checkpoint *out);
/* A signed note that is a checkpoint of the log key->name by that key. */
MUST_USE struct err checkpoint_open(struct bytes note, const struct note_key *key,
                                    struct arena *arena, struct checkpoint *out);

#endif
