/* The two threads that attend to the index: what is soon done, and what may take long. */
#include <stdlib.h>

#include "node/parts.h"
#include "shell/clock.h"
#include "shell/log.h"

enum {
    BUSY_MS = 20,   /* between steps while there is something to do */
    IDLE_MS = 200,  /* and when there was nothing for a while */
    IDLE_STEPS = 50,
    ERROR_MS = 5000,
    SAY_MS = 5000, /* between lines on how far a rebuild has come */
    REST_MS = 1
};

struct progress {
    int64_t said;
    uint64_t holes;
    bool partial;
};

/* A line for every part of the index that is found missing or damaged, however soon it is whole
 * again, and now and then while one is made again. */
static void say_progress(struct node *node, struct progress *progress)
{
    const struct shelf_view *view = shelf_take(clerk_shelf(node->clerk));
    int64_t now = clock_monotonic_ms();
    int64_t permille =
        view->numbers == 0 ? 1000 : 1000 - (int64_t)(view->gaps * 1000 / view->numbers);
    bool found = view->holes != progress->holes;
    if (found || (view->partial && now - progress->said >= SAY_MS)) {
        LOG(LOG_WARN, "index.rebuilding", log_number("permille", permille));
        progress->said = now;
    }
    if (!view->partial && (found || progress->partial))
        LOG(LOG_INFO, "index.rebuilt", log_number("documents", (int64_t)view->doc_count));
    progress->partial = view->partial;
    progress->holes = view->holes;
    shelf_give(clerk_shelf(node->clerk), view);
}

static void pause(struct node *node, int64_t ms)
{
    struct upkeep *upkeep = &node->upkeep;
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&upkeep->lock);
    if (!upkeep->stops)
        (void)pthread_cond_timedwait(&upkeep->stop, &upkeep->lock, &until);
    pthread_mutex_unlock(&upkeep->lock);
}

static bool stops(struct node *node)
{
    pthread_mutex_lock(&node->upkeep.lock);
    bool yes = node->upkeep.stops;
    pthread_mutex_unlock(&node->upkeep.lock);
    return yes;
}

static struct shelf_care care_of(struct node *node)
{
    return (struct shelf_care){ .store = node->store,
                                .now = clock_now(),
                                .erase_ms = 1000 *
                                            config_number(&node->config, CONFIG_INDEX_ERASE) };
}

static void attend(struct node *node, enum shelf_task task)
{
    struct progress progress = { .said = 0 };
    int idle = 0;
    while (!stops(node)) {
        struct shelf_care care = care_of(node);
        bool more = false;
        struct err e = shelf_care(clerk_shelf(node->clerk), task, &care, &more);
        idle = more ? 0 : idle + 1;
        if (more && node->desk != NULL)
            desk_nudge(node->desk);
        if (task == SHELF_MERGE)
            say_progress(node, &progress);
        if (failed(e) && !stops(node)) {
            LOG(LOG_ERROR, "index.upkeep", log_rule(e));
            pause(node, ERROR_MS);
        } else {
            pause(node, more ? REST_MS : idle < IDLE_STEPS ? BUSY_MS : IDLE_MS);
        }
    }
}

static void *keep(void *context)
{
    attend(context, SHELF_KEEP);
    return NULL;
}

static void *merge(void *context)
{
    attend(context, SHELF_MERGE);
    return NULL;
}

struct err upkeep_start(struct node *node)
{
    struct upkeep *upkeep = &node->upkeep;
    void *(*const tasks[SHELF_TASKS])(void *) = { keep, merge };
    pthread_mutex_init(&upkeep->lock, NULL);
    pthread_cond_init(&upkeep->stop, NULL);
    shelf_attended(clerk_shelf(node->clerk), true);
    for (; upkeep->count < SHELF_TASKS; upkeep->count++) {
        if (pthread_create(&upkeep->threads[upkeep->count], NULL, tasks[upkeep->count], node) != 0)
            return err_make(ERR_UNAVAILABLE, "node.no-thread");
    }
    return err_none();
}

void upkeep_stop(struct node *node)
{
    struct upkeep *upkeep = &node->upkeep;
    if (upkeep->count == 0)
        return;
    pthread_mutex_lock(&upkeep->lock);
    upkeep->stops = true;
    pthread_cond_broadcast(&upkeep->stop);
    pthread_mutex_unlock(&upkeep->lock);
    shelf_hurry(clerk_shelf(node->clerk), true);
    while (upkeep->count > 0)
        pthread_join(upkeep->threads[--upkeep->count], NULL);
    shelf_hurry(clerk_shelf(node->clerk), false);
    shelf_attended(clerk_shelf(node->clerk), false);
}

/* What the commits of the last seconds added goes to a file, so that the next start reads no row:
 * the clerk's thread has ended, and this is it. */
void upkeep_finish(struct node *node)
{
    struct shelf *shelf = clerk_shelf(node->clerk);
    struct shelf_care care = care_of(node);
    bool more = true;
    struct err e = err_none();
    care.all = true;
    for (int i = 0; i < UPKEEP_LAST_STEPS && more && !failed(e); i++) {
        shelf_settle(shelf);
        e = shelf_care(shelf, SHELF_KEEP, &care, &more);
        shelf_settle(shelf);
    }
    if (failed(e))
        LOG(LOG_ERROR, "index.upkeep", log_rule(e));
}
