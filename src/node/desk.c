#include "node/desk.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "clerk/shelf/shelf.h"
#include "node/queue.h"
#include "shell/clock.h"
#include "shell/log.h"
#include "shell/random.h"

#define DESK_ARENA ((size_t)256 << 20) /* one group commit: 1,024 commands of 256 KiB at most */
enum { KEYS_STEP = 16 };
_Static_assert((int)QUEUE_COMMANDS <= (int)CLERK_BATCH_MAX, "a commit has room");

struct desk {
    struct desk_setup setup;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct queue queue;
    bool stopping;
    bool nudged;
    struct arena arena;
    struct command *commands;
    struct reply *replies;
    struct desk_counts counts;
};

/* Data keys for this month are asked of the keeper before they are needed. */
static struct err give_keys(struct desk *desk, struct instant now)
{
    struct clerk_month wanted[KEYS_STEP];
    size_t count = clerk_keys_wanted(desk->setup.clerk, now, wanted, KEYS_STEP);
    for (size_t i = 0; i < count; i++) {
        struct secret_key key;
        struct text retention =
            text_literal(retention_name((enum retention)wanted[i].retention));
        struct err e = keeping_month(desk->setup.keeper, wanted[i].month, retention, &key);
        if (!failed(e))
            e = clerk_key_give(desk->setup.clerk, wanted[i], &key);
        secret_wipe(&key, sizeof(key));
        if (failed(e))
            return e;
    }
    return err_none();
}

static struct err all_keys(struct desk *desk)
{
    struct clerk_month wanted[1];
    struct instant now = clock_now();
    while (clerk_keys_wanted(desk->setup.clerk, now, wanted, 1) > 0) {
        struct err e = give_keys(desk, now);
        if (failed(e))
            return e;
    }
    return err_none();
}

/* Parts of the next commit; waits for the first, or for a nudge. false: stopping. */
static bool take(struct desk *desk, struct queue_part parts[static QUEUE_PARTS], size_t *count_out)
{
    pthread_mutex_lock(&desk->lock);
    while (queue_empty(&desk->queue) && !desk->stopping && !desk->nudged)
        pthread_cond_wait(&desk->arrived, &desk->lock);
    desk->nudged = false;
    size_t count = queue_take(&desk->queue, parts);
    for (size_t i = 0; i < count; i++)
        desk->counts.queued -= parts[i].last ? 1 : 0;
    bool ends = count == 0 && desk->stopping;
    pthread_mutex_unlock(&desk->lock);
    *count_out = count;
    return !ends;
}

static void answer(const struct queue_part *parts, size_t count, const struct reply *replies)
{
    size_t at = 0;
    for (size_t p = 0; p < count; p++) {
        struct desk_job *job = parts[p].job;
        for (size_t i = 0; i < parts[p].count; i++) {
            const struct reply *from = &replies[at + i];
            job->replies[parts[p].from + i] =
                (struct reply){ from->err, arena_copy_text(job->arena, from->subject),
                                json_copy(job->arena, &from->body) };
        }
        at += parts[p].count;
        if (parts[p].last)
            job->done(job); /* gives the job back */
    }
}

/* Does a command of this batch give couriers something to do? Looking and numbering nothing do
 * not. */
static bool is_news(const struct command *command, const struct reply *reply)
{
    int64_t numbered = 0;
    if (failed(reply->err) || command->verb == VERB_LOOK || command->verb == VERB_EXPLAIN ||
        command->verb == VERB_FEED_RECEIPT)
        return false;
    if (command->verb == VERB_FEED_NUMBER)
        return json_get_integer(&reply->body, "numbered", &numbered) && numbered > 0;
    return true;
}

static void tell_halts(struct desk *desk, size_t count)
{
    for (size_t i = 0; i < count && desk->setup.halted != NULL; i++) {
        const struct command *command = &desk->commands[i];
        if (command->verb == VERB_PARTNER_HALT && !failed(desk->replies[i].err))
            desk->setup.halted(desk->setup.context, json_get_text(command->body, "partner"));
    }
}

static void tell(struct desk *desk, size_t count)
{
    for (size_t i = 0; i < count && desk->setup.news != NULL; i++) {
        if (is_news(&desk->commands[i], &desk->replies[i])) {
            desk->setup.news(desk->setup.context);
            return;
        }
    }
}

static void run(struct desk *desk, const struct queue_part *parts, size_t part_count)
{
    uint8_t seed[CLERK_SEED_LEN];
    struct instant now = clock_now();
    size_t count = 0;
    for (size_t p = 0; p < part_count; p++) {
        memcpy(desk->commands + count, parts[p].job->commands + parts[p].from,
               parts[p].count * sizeof(*desk->commands));
        count += parts[p].count;
    }
    arena_reset(&desk->arena);
    random_bytes(seed, sizeof(seed));
    struct err e = give_keys(desk, now);
    if (!failed(e))
        e = clerk_run(desk->setup.clerk, desk->commands, count, now, seed, &desk->arena,
                      desk->replies);
    for (size_t i = 0; failed(e) && i < count; i++)
        desk->replies[i] = (struct reply){ .err = e };
    if (failed(e))
        LOG(LOG_ERROR, "desk.failed", log_rule(e));
    pthread_mutex_lock(&desk->lock);
    desk->counts.commits++;
    desk->counts.commands += count;
    pthread_mutex_unlock(&desk->lock);
    tell_halts(desk, count);
    tell(desk, count);
    answer(parts, part_count, desk->replies);
}

static void *work(void *context)
{
    struct desk *desk = context;
    struct queue_part parts[QUEUE_PARTS];
    size_t count = 0;
    while (take(desk, parts, &count)) {
        if (count > 0)
            run(desk, parts, count);
        else
            shelf_settle(clerk_shelf(desk->setup.clerk));
    }
    return NULL;
}

static void desk_free(struct desk *desk)
{
    free(desk->arena.data);
    free(desk->commands);
    free(desk->replies);
    free(desk);
}

struct err desk_start(const struct desk_setup *setup, struct desk **out)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    if (desk == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    desk->setup = *setup;
    void *memory = malloc(DESK_ARENA); /* touched only as far as a commit needs it */
    desk->arena = arena_over(memory, memory == NULL ? 0 : DESK_ARENA);
    desk->commands = calloc(CLERK_BATCH_MAX, sizeof(*desk->commands));
    desk->replies = calloc(CLERK_BATCH_MAX, sizeof(*desk->replies));
    struct err e = err_none();
    if (memory == NULL || desk->commands == NULL || desk->replies == NULL)
        e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (!failed(e))
        e = all_keys(desk);
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->arrived, NULL);
    if (!failed(e) && pthread_create(&desk->thread, NULL, work, desk) != 0)
        e = err_make(ERR_UNAVAILABLE, "node.no-thread");
    if (failed(e)) {
        desk_free(desk);
        return e;
    }
    *out = desk;
    return err_none();
}

static void refuse(struct desk_job *job)
{
    for (size_t i = 0; i < job->count; i++)
        job->replies[i] =
            (struct reply){ .err = err_make(ERR_UNAVAILABLE, "desk.stopping") };
    job->done(job);
}

void desk_submit(struct desk *desk, struct desk_job *job)
{
    assert(job->count > 0 && job->count <= CLERK_BATCH_MAX);
    pthread_mutex_lock(&desk->lock);
    bool stopping = desk->stopping;
    if (!stopping) {
        queue_add(&desk->queue, job);
        desk->counts.queued++;
        pthread_cond_signal(&desk->arrived);
    }
    pthread_mutex_unlock(&desk->lock);
    if (stopping)
        refuse(job);
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool ready;
};

static void wake(struct desk_job *job)
{
    struct waiter *waiter = job->context;
    pthread_mutex_lock(&waiter->lock);
    waiter->ready = true;
    pthread_cond_signal(&waiter->done);
    pthread_mutex_unlock(&waiter->lock);
}

void desk_call(struct desk *desk, struct desk_job *job)
{
    struct waiter waiter = { .ready = false };
    pthread_mutex_init(&waiter.lock, NULL);
    pthread_cond_init(&waiter.done, NULL);
    job->context = &waiter;
    job->done = wake;
    desk_submit(desk, job);
    pthread_mutex_lock(&waiter.lock);
    while (!waiter.ready)
        pthread_cond_wait(&waiter.done, &waiter.lock);
    pthread_mutex_unlock(&waiter.lock);
    pthread_cond_destroy(&waiter.done);
    pthread_mutex_destroy(&waiter.lock);
    job->context = NULL;
}

struct reply desk_one(struct desk *desk, const struct command *command, struct arena *arena)
{
    struct reply reply = { .err = err_none() };
    struct desk_job job = { .commands = command, .count = 1, .replies = &reply, .arena = arena };
    desk_call(desk, &job);
    return reply;
}

void desk_nudge(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    desk->nudged = true;
    pthread_cond_signal(&desk->arrived);
    pthread_mutex_unlock(&desk->lock);
}

void desk_stop(struct desk *desk_own)
{
    pthread_mutex_lock(&desk_own->lock);
    desk_own->stopping = true;
    pthread_cond_signal(&desk_own->arrived);
    pthread_mutex_unlock(&desk_own->lock);
    pthread_join(desk_own->thread, NULL);
    pthread_cond_destroy(&desk_own->arrived);
    pthread_mutex_destroy(&desk_own->lock);
    desk_free(desk_own);
}

struct desk_counts desk_counts(struct desk *desk)
{
    pthread_mutex_lock(&desk->lock);
    struct desk_counts counts = desk->counts;
    pthread_mutex_unlock(&desk->lock);
    return counts;
}
