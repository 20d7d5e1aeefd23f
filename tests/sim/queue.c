#include "queue.h"

#include <assert.h>
#include <stdlib.h>

static bool before(const struct event *a, const struct event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void queue_put(struct queue *queue, struct event event)
{
    if (queue->count == queue->room) {
        queue->room = queue->room == 0 ? 1024 : 2 * queue->room;
        queue->heap = realloc(queue->heap, queue->room * sizeof(event));
        assert(queue->heap != NULL);
    }
    event.order = queue->order++;
    size_t i = queue->count++;
    while (i > 0 && before(&event, &queue->heap[(i - 1) / 2])) {
        queue->heap[i] = queue->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    queue->heap[i] = event;
}

bool queue_take(struct queue *queue, struct event *out)
{
    if (queue->count == 0)
        return false;
    *out = queue->heap[0];
    struct event last = queue->heap[--queue->count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= queue->count)
            break;
        if (child + 1 < queue->count && before(&queue->heap[child + 1], &queue->heap[child]))
            child++;
        if (!before(&queue->heap[child], &last))
            break;
        queue->heap[i] = queue->heap[child];
        i = child;
    }
    if (queue->count > 0)
        queue->heap[i] = last;
    return true;
}

void queue_free(struct queue *queue)
{
    free(queue->heap);
    *queue = (struct queue){ .count = 0 };
}
