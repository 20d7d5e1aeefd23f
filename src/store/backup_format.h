/* Inside of backups: one chunk after the other, each with a digest that covers all before it. */
#ifndef COMITY_STORE_BACKUP_FORMAT_H
#define COMITY_STORE_BACKUP_FORMAT_H

#include "store/backup.h"

enum backup_kind { BACKUP_JOURNAL = 1, BACKUP_ERASURES = 2 };

enum backup_chunk_type {
    CHUNK_HEAD = 1,    /* at u64 (milliseconds, two's complement), label block */
    CHUNK_ENTRIES = 2, /* entries, one behind the other */
    CHUNK_BLOB = 3,    /* the blob */
    CHUNK_ERASED = 4,  /* number u64, commitment 32 bytes; again and again */
    CHUNK_END = 5      /* entries u64, blobs u64 */
};

enum {
    BACKUP_FILE_HEAD = 12, /* "COMITYBK", version u16, kind u8, 0 */
    BACKUP_ENTRY_HEAD = 8 + 2 + 8 + 1 + 4 + HASH_LEN + 4,
    BACKUP_ERASED_LEN = 8 + HASH_LEN
};
extern const uint8_t backup_magic[8];

/* Digest of a chunk from that of the chunk before; of the first, from the file's head. */
struct hash backup_digest(const struct hash *before, uint8_t type, struct bytes payload);

#endif
