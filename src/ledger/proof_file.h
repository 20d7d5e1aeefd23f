/* A proof to carry: C2SP tlog-proof (c2sp.org/tlog-proof@v1), one text file
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>
 *     index <n>
 *     <base64 hash>…            leaf to root
 *                               (blank)
 *     <the signed checkpoint>
 * Our `extra` is 0x01 and the opening (salt, content), or 0x02 and the bare 32-byte entry of
 * what was erased. `comity ledger verify FILE` checks it without network or node. */
#ifndef COMITY_LEDGER_PROOF_FILE_H
#define COMITY_LEDGER_PROOF_FILE_H

#include "ledger/checkpoint.h"
#include "ledger/commit.h"

enum {
    PROOF_FILE_CONTENT_MAX = COMMIT_CONTENT_MAX,
    PROOF_FILE_LEN_MAX = 6 * 1024 * 1024,
};

struct proof_file {
    bool hollow;            /* erased: only the entry is known */
    struct opening opening; /* unless hollow */
    struct hash entry;
    uint64_t index;
    struct proof proof;
    struct bytes checkpoint; /* the signed note */
};

/* `file->entry` is computed from the opening unless hollow. */
MUST_USE struct err proof_file_format(const struct proof_file *file, struct arena *arena,
                                      struct text *out);
/* Shape only. Errors ledger.proof-file (at: byte offset), ledger.note-*. */
MUST_USE struct err proof_file_parse(struct bytes in, struct arena *arena, struct proof_file *out);
/* The whole check: signature by `key`, checkpoint of the log key->name, inclusion of the
 * entry, and the opening if there is one. `out` is the head that signed for it. */
MUST_USE struct err proof_file_check(const struct proof_file *file, const struct note_key *key,
                                     struct arena *arena, struct checkpoint *out);

#endif
