/* What the clerk's thread does next. Who looks something up does not wait for an import of many:
 * jobs of at most QUEUE_SMALL commands go first, in their order, and a larger one is done in
 * slices, a slice a commit, so that neither starves. While small jobs come the slices are short;
 * when none has come for a while they are as long as a commit. No lock, no clock. */
#ifndef COMITY_NODE_QUEUE_H
#define COMITY_NODE_QUEUE_H

#include "node/desk.h"

enum {
    QUEUE_SMALL = 64,   /* a call of many searches is small */
    QUEUE_COMMIT = 256, /* beyond it a commit takes no further job */
    QUEUE_SLICE = 96,   /* of a larger job, while small ones come */
    QUEUE_QUIET = 32,   /* commits without a small job until slices are long again */
    QUEUE_PARTS = QUEUE_COMMIT + 1,
    QUEUE_COMMANDS = 2 * QUEUE_COMMIT + QUEUE_SMALL
};

struct queue {
    struct desk_job *small, *small_last;
    struct desk_job *large, *large_last;
    size_t done;  /* commands of the first large job */
    size_t quiet; /* commits since the last small job */
};

/* Commands `from` to `from` + `count` - 1 of a job; `last`: the job is done with them. */
struct queue_part {
    struct desk_job *job;
    size_t from, count;
    bool last;
};

void queue_add(struct queue *queue, struct desk_job *job);
bool queue_empty(const struct queue *queue);
/* Parts of the next commit, at most QUEUE_PARTS with QUEUE_COMMANDS commands; 0: none. */
size_t queue_take(struct queue *queue, struct queue_part parts[static QUEUE_PARTS]);

#endif
