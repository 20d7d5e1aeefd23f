#include "node/parts.h"

static void *work(void *context)
{
    struct node *node = context;
    for (;;) {
        pthread_mutex_lock(&node->worker_lock);
        while (node->worker_first == NULL && !node->worker_stops)
            pthread_cond_wait(&node->worker_arrived, &node->worker_lock);
        struct worker_job *job = node->worker_first;
        if (job != NULL)
            node->worker_first = job->next;
        if (node->worker_first == NULL)
            node->worker_last = NULL;
        pthread_mutex_unlock(&node->worker_lock);
        if (job == NULL)
            return NULL; /* stopping, and nothing left */
        job->work(job);
    }
}

struct err worker_start(struct node *node)
{
    pthread_mutex_init(&node->worker_lock, NULL);
    pthread_cond_init(&node->worker_arrived, NULL);
    if (pthread_create(&node->worker, NULL, work, node) != 0)
        return err_make(ERR_UNAVAILABLE, "node.no-thread");
    node->worker_runs = true;
    return err_none();
}

void worker_submit(struct node *node, struct worker_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&node->worker_lock);
    if (node->worker_last == NULL)
        node->worker_first = job;
    else
        node->worker_last->next = job;
    node->worker_last = job;
    pthread_cond_signal(&node->worker_arrived);
    pthread_mutex_unlock(&node->worker_lock);
}

void worker_stop(struct node *node)
{
    if (!node->worker_runs)
        return;
    pthread_mutex_lock(&node->worker_lock);
    node->worker_stops = true;
    pthread_cond_signal(&node->worker_arrived);
    pthread_mutex_unlock(&node->worker_lock);
    pthread_join(node->worker, NULL);
    node->worker_runs = false;
}
