/* Frames n…m of one feed as bytes, suite 0 (spec/frame.md): plain; the shell compresses the
 * whole with zstd outside. Authentic because the frames are the last leaves of the log whose
 * checkpoint stands in the header: one signature a batch.
 *
 * batch_parse() proves the form only (lengths, flags, numbers in sequence); who sent it, for
 * whom and whether the root is right is link/receive.h's work. Any bytes may come in. */
#ifndef COMITY_LINK_BATCH_H
#define COMITY_LINK_BATCH_H

#include "core/hash.h"
#include "core/time.h"
#include "link/frame.h"

enum {
    BATCH_VERSION = 1,
    BATCH_SUITE_PLAIN = 0,
    BATCH_KEY_LEN = 32,
    BATCH_FRAMES_MAX = 1024,
    BATCH_ANCHORS_MAX = 65536,             /* 455 days at one each ten minutes */
    BATCH_NOTE_LEN_MAX = 4096,             /* a signed checkpoint */
    BATCH_LEN_MAX = 8 * 1024 * 1024,       /* uncompressed */
    BATCH_BULK_AHEAD_MAX = 64 * 1024,      /* bulk content numbered and not yet acknowledged */
    BATCH_URGENT_AHEAD_MAX = 1024 * 1024,  /* the same for urgent, on top */
};

/* A frame on the wire: either its opening or, once erased, its commitment alone. */
struct batch_frame {
    uint64_t number;
    bool hollow;
    uint8_t salt[FRAME_SALT_LEN]; /* zero when hollow */
    struct bytes content;         /* empty when hollow */
    struct hash commitment;       /* hollow: from the wire; else computed by whoever needs it */
};

/* New entries of the sender's anchor log, `first` counted from 0, and that log's checkpoint.
 * All empty when the sender has nothing new. */
struct batch_anchors {
    uint64_t first;
    const struct hash *entries;
    uint32_t count;
    struct bytes checkpoint; /* signed note; empty only when count is 0 */
};

struct batch {
    struct hash realm; /* batch_realm_hash() */
    uint32_t generation;
    uint8_t from[BATCH_KEY_LEN]; /* root key of the sender */
    uint8_t to[BATCH_KEY_LEN];   /* and of the member for whom it is */
    uint64_t first;              /* number of the first frame */
    struct bytes checkpoint;     /* signed note of the feed's log at size first + count - 1 */
    struct batch_anchors anchors;
    const struct batch_frame *frames;
    uint32_t count; /* 1..BATCH_FRAMES_MAX */
};

/* SHA-256("comity/realm/v1" 0x00 realm). */
struct hash batch_realm_hash(struct text realm);

/* Bytes that one frame adds to a batch; for keeping below the limits while filling it. */
size_t batch_frame_len(size_t content_len, bool hollow);

/* Views borrow from `in`; arrays are in `arena`. Errors: ERR_CORRUPT wire.*, batch.*;
 * ERR_INVALID batch.version, batch.suite; ERR_LIMIT batch.too-long, batch.too-many, arena.full. */
MUST_USE struct err batch_parse(struct bytes in, struct arena *arena, struct batch *out);

/* Asserts what batch_parse() would refuse of our own making; ERR_LIMIT batch.too-long,
 * arena.full. */
MUST_USE struct err batch_format(const struct batch *batch, struct arena *arena,
                                 struct bytes *out);

#endif
