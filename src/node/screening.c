/* The thread that screens: after each commit what came in, and in between, a few at a time, the
 * day's round of all searches that stand. What it finds the clerk writes down. */
#include <stdlib.h>

#include "clerk/watch/screen.h"
#include "node/parts.h"
#include "shell/clock.h"
#include "shell/log.h"

enum {
    IDLE_MS = 1000,
    AGAIN_MS = 50, /* between some watches of the round and the next */
    SPACE_MS = 20, /* at least, between a commit's step and the next one's */
    ERROR_MS = 5000,
};

typedef struct err step_fn(struct screen *screen, const struct screen_world *world,
                           struct arena *arena, struct screen_found *out);

/* The clerk writes it down; nothing is lost when it cannot. */
static struct err tell(struct node *node, const struct json *report, struct arena *arena)
{
    struct command command = { .verb = VERB_WATCH_SCREENED, .by = node_caller(node),
                               .body = report };
    return desk_one(node->desk, &command, arena).err;
}

static struct err one_step(struct node *node, step_fn *step, struct arena *arena,
                           struct screen_found *found)
{
    struct screen_world world = { .shelf_opt = clerk_shelf(node->clerk),
                                  .member = node->home.member,
                                  .now = clock_now(),
                                  .scoring = node->scoring };
    arena_reset(arena);
    struct err e = store_snapshot_open(node->store, &world.view);
    if (failed(e))
        return e;
    e = step(node->screening.screen, &world, arena, found);
    if (!failed(e)) /* the snapshot's bytes end with it */
        found->report = json_copy(arena, &found->report);
    store_snapshot_close(world.view);
    if (!failed(e))
        e = arena_check(arena);
    if (!failed(e) && found->unread > 0)
        LOG(LOG_ERROR, "screening.unread", log_number("documents", (int64_t)found->unread));
    if (!failed(e) && found->report.kind == JSON_OBJECT)
        e = tell(node, &found->report, arena);
    return e;
}

/* *pause_out: how long there is nothing to do, unless somebody commits. */
static struct err screen_some(struct node *node, struct arena *arena, int64_t *pause_out)
{
    struct screen_found found = { .more = false };
    struct err e = one_step(node, screen_step, arena, &found);
    if (failed(e))
        return e;
    screen_told(node->screening.screen);
    atomic_store(&node->screening.docs, found.docs);
    *pause_out = 0;
    if (found.more)
        return e;
    e = one_step(node, screen_again, arena, &found);
    *pause_out = !failed(e) && found.more ? AGAIN_MS : IDLE_MS;
    return e;
}

/* Until the time is over, the node stops or, where it is heeded, the bell rings. */
static void rest(struct node *node, uint64_t seen, int64_t ms, bool heeds)
{
    int64_t until = clock_monotonic_ms() + ms;
    for (int64_t now = until - ms; now < until && !atomic_load(&node->stopping);
         now = clock_monotonic_ms()) {
        uint64_t rung = bell_wait(&node->bell, seen, until - now);
        if (heeds && rung != seen)
            return;
        seen = rung;
    }
}

static void *screen_all(void *context)
{
    struct node *node = context;
    void *memory = malloc(SCREEN_STEP_ROOM);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : SCREEN_STEP_ROOM);
    while (!atomic_load(&node->stopping)) {
        int64_t pause = 0;
        uint64_t seen = bell_wait(&node->bell, UINT64_MAX, 0);
        struct err e = screen_some(node, &arena, &pause);
        if (failed(e)) {
            if (!atomic_load(&node->stopping))
                LOG(LOG_ERROR, "screening.failed", log_rule(e));
            rest(node, seen, ERROR_MS, false);
            continue;
        }
        rest(node, seen, pause < SPACE_MS ? pause : SPACE_MS, false);
        rest(node, seen, pause - SPACE_MS, true);
    }
    free(memory);
    return NULL;
}

struct err screening_start(struct node *node)
{
    struct screening *screening = &node->screening;
    struct err e = screen_open(&screening->screen);
    if (failed(e))
        return e;
    screening->runs = pthread_create(&screening->thread, NULL, screen_all, node) == 0;
    return screening->runs ? err_none() : err_make(ERR_UNAVAILABLE, "node.no-thread");
}

void screening_stop(struct node *node)
{
    if (node->screening.runs)
        pthread_join(node->screening.thread, NULL);
    node->screening.runs = false;
    screen_close(node->screening.screen);
    node->screening.screen = NULL;
}
