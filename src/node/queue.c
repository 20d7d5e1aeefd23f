#include "node/queue.h"

static void append(struct desk_job **first, struct desk_job **last, struct desk_job *job)
{
    job->next = NULL;
    if (*first == NULL)
        *first = job;
    else
        (*last)->next = job;
    *last = job;
}

static struct desk_job *pop(struct desk_job **first, struct desk_job **last)
{
    struct desk_job *job = *first;
    *first = job->next;
    if (*first == NULL)
        *last = NULL;
    job->next = NULL;
    return job;
}

void queue_add(struct queue *queue, struct desk_job *job)
{
    if (job->count <= QUEUE_SMALL)
        append(&queue->small, &queue->small_last, job);
    else
        append(&queue->large, &queue->large_last, job);
}

bool queue_empty(const struct queue *queue)
{
    return queue->small == NULL && queue->large == NULL;
}

/* The next slice of the first large job. */
static struct queue_part slice(struct queue *queue, size_t most)
{
    struct desk_job *job = queue->large;
    size_t left = job->count - queue->done;
    struct queue_part part = { job, queue->done, left < most ? left : most, left <= most };
    queue->done += part.count;
    if (part.last) {
        (void)pop(&queue->large, &queue->large_last);
        queue->done = 0;
    }
    return part;
}

size_t queue_take(struct queue *queue, struct queue_part parts[static QUEUE_PARTS])
{
    size_t count = 0;
    size_t commands = 0;
    if (queue->small != NULL)
        queue->quiet = 0;
    else if (queue->quiet < QUEUE_QUIET)
        queue->quiet++;
    while (queue->small != NULL && commands < QUEUE_COMMIT) {
        struct desk_job *job = pop(&queue->small, &queue->small_last);
        parts[count++] = (struct queue_part){ job, 0, job->count, true };
        commands += job->count;
    }
    if (queue->large != NULL)
        parts[count++] = slice(queue, queue->quiet < QUEUE_QUIET ? QUEUE_SLICE : QUEUE_COMMIT);
    return count;
}
