/* Salted commitments (I6). What stands in a log is the 32-byte commitment
 *     SHA-256("comity/commit/v1" 0x00 salt content)
 * and what is shown to those who may see it is the *opening*: 16 random bytes of salt and the
 * content. Without the opening the entry tells nothing, not even of guessable content; after
 * erasure of the opening every proof still holds. */
#ifndef COMITY_LEDGER_COMMIT_H
#define COMITY_LEDGER_COMMIT_H

#include "core/hash.h"
#include "core/arena.h"

enum {
    COMMIT_SALT_LEN = 16,
    COMMIT_ENTRY_LEN = HASH_LEN,
    COMMIT_CONTENT_MAX = 4 * 1024 * 1024, /* bytes of canonical JSON */
};

struct opening {
    uint8_t salt[COMMIT_SALT_LEN];
    struct bytes content;
};

/* The entry (the commitment), and the RFC 6962 leaf hash SHA-256(0x00 entry). */
struct hash commit_entry(const struct opening *opening);
struct hash commit_leaf(const struct hash *entry);

/* salt, then content. Content is 1 to COMMIT_CONTENT_MAX bytes: ledger.opening-length. */
MUST_USE struct err opening_format(const struct opening *opening, struct arena *arena,
                                   struct bytes *out);
/* `out` borrows from `in`. */
MUST_USE struct err opening_parse(struct bytes in, struct opening *out);
/* ERR_CORRUPT ledger.opening when `opening` is not what `entry` committed to. */
MUST_USE struct err opening_check(const struct opening *opening, const struct hash *entry);

#endif
