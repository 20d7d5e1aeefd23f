/* Attachments and backups at rest: chunks of 64 KiB, each sealed (seal/box.h) with its number
 * and whether it is the last in the associated data, so that chunks cannot be swapped,
 * repeated, dropped or cut off. Random access: any chunk opens alone. */
#ifndef COMITY_SEAL_BLOB_H
#define COMITY_SEAL_BLOB_H

#include "seal/box.h"

enum {
    BLOB_CHUNK_LEN = 64 * 1024, /* plain bytes; only the last chunk may have fewer, even none */
    BLOB_SEALED_MAX = BLOB_CHUNK_LEN + BOX_OVERHEAD,
    BLOB_ID_LEN = 32,
};

enum blob_kind {
    BLOB_ATTACHMENT = 1,
    BLOB_BACKUP = 2,
    BLOB_POUCH = 3,
};

struct blob_chunk {
    enum blob_kind kind;
    struct text realm;
    uint8_t id[BLOB_ID_LEN]; /* of the blob: hash of its content, or random */
    uint64_t index;          /* from 0 */
    bool last;
};

/* plain.len == BLOB_CHUNK_LEN unless last (asserted <=). */
MUST_USE struct err blob_seal_chunk(const struct secret_key *key, const struct blob_chunk *chunk,
                                    struct bytes plain, struct arena *arena, struct bytes *out);
/* ERR_DENIED seal.wrong-key, ERR_CORRUPT seal.damaged. */
MUST_USE struct err blob_open_chunk(const struct secret_key *key, const struct blob_chunk *chunk,
                                    struct bytes sealed, struct arena *arena, struct bytes *out);

#endif
