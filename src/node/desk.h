/* The clerk's thread. Group commit without a timer: what was queued while the last commit was
 * written goes into the next one, small jobs before large ones (queue.h). */
#ifndef COMITY_NODE_DESK_H
#define COMITY_NODE_DESK_H

#include "clerk/clerk.h"
#include "node/keeping.h"

struct desk;

/* Commands of one caller; those of more than QUEUE_SMALL may lie in several commits. Everything it
 * points to lives until `done` returns; replies are copied into `arena`. `done` runs on the clerk's
 * thread: it must not block. */
struct desk_job {
    const struct command *commands;
    size_t count;
    struct reply *replies; /* count of them */
    struct arena *arena;
    void (*done)(struct desk_job *job);
    void *context;
    struct desk_job *next; /* the queue's */
};

struct desk_setup {
    struct clerk *clerk;
    struct keeper *keeper;
    void (*news)(void *context); /* after a commit that changed something; must not block */
    /* After a commit that halted a partner, before its answer leaves; must not block. */
    void (*halted)(void *context, struct text partner);
    void *context;
};

MUST_USE struct err desk_start(const struct desk_setup *setup, struct desk **out);
/* Any thread. After desk_stop every command answers ERR_UNAVAILABLE desk.stopping. */
void desk_submit(struct desk *desk, struct desk_job *job);
/* Submits and waits; not from the clerk's thread or a server's. */
void desk_call(struct desk *desk, struct desk_job *job);
/* One command, its reply. */
struct reply desk_one(struct desk *desk, const struct command *command, struct arena *arena);
/* The clerk takes in what the upkeep of the index has made, without waiting for a command. */
void desk_nudge(struct desk *desk);
/* Finishes what is queued, then ends the thread. */
void desk_stop(struct desk *desk_own);

struct desk_counts {
    uint64_t commits, commands, queued;
};
struct desk_counts desk_counts(struct desk *desk);

#endif
