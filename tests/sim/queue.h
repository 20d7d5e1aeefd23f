/* What is to happen, by virtual time; what falls on one millisecond, in the order it was put. */
#ifndef COMITY_TESTS_SIM_QUEUE_H
#define COMITY_TESTS_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_COMMAND, /* a user of node `a` does something */
    EVENT_COURIER, /* node `a` looks at its partner `b` */
    EVENT_TICK,    /* the scheduler of node `a` */
    EVENT_LETTER,  /* `letter` arrives */
    EVENT_KILL,    /* node `a` dies */
    EVENT_START,   /* and comes back */
    EVENT_CUT,     /* the line from `a` to `b` breaks */
    EVENT_MEND,
    EVENT_CLOCK, /* node `a`'s clock jumps */
    EVENTS
};

struct letter;

struct event {
    int64_t at; /* virtual ms */
    uint64_t order;
    enum event_kind kind;
    uint8_t a, b;
    struct letter *letter_own;
};

struct queue {
    struct event *heap;
    size_t count;
    size_t room;
    uint64_t order;
};

void queue_put(struct queue *queue, struct event event);
bool queue_take(struct queue *queue, struct event *out);
void queue_free(struct queue *queue);

#endif
