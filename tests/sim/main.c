/* sim [--seed N | --from N] [--seconds S | --count C] [--nodes K] [--steps M] [--twice] [--trace]
 *
 * One seed, or seed after seed for so many seconds; --twice runs each again and compares (I9). Exit
 * 0: all invariants held; 1: one was broken, with the command that replays it; 2: usage. */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "world.h"

enum {
    COURIER_MS = 1000,
    TICK_MS = 60000,
    JUMP_MS_MAX = 15 * 60 * 1000, /* of a clock; frames from the future wait so long */
    CALM_MS_MIN = JUMP_MS_MAX + 2 * TICK_MS,
    CALM_MS_MAX = 6 * 3600 * 1000,
    QUIET_ROUNDS = 20, /* looks of each courier in a row that found nothing to do */
};
#define BEGIN_MS INT64_C(1795341600000) /* 2026-11-22T10:00:00Z */

/* -- one world ----------------------------------------------------------------------------- */

static void laws_make(struct world *world)
{
    unsigned all = (1u << world->config.nodes) - 1;
    for (unsigned i = 0; i < SIM_LAWS_MAX; i++) {
        struct law *law = &world->truth.laws[i];
        law->parties = i == 0 ? all : (uint32_t)dice_next(&world->dice) & all;
        if ((law->parties & (law->parties - 1)) == 0)
            law->parties = all; /* fewer than two */
        law->categories = (uint32_t)dice_between(&world->dice, 1, (1 << SIM_CATEGORIES) - 1);
        law->ceiling = (unsigned)dice_below(&world->dice, SIM_LEVELS);
        law->withholds = dice_falls(&world->dice, 400000);
        if (i < SIM_LAWS_FIRST)
            continue;
        struct law *old = &world->truth.laws[i - SIM_LAWS_FIRST + 1];
        law->parties = old->parties;
        law->old = old;
        old->next = law;
    }
}

static void world_begin(struct world *world)
{
    world->now = BEGIN_MS;
    world->dice = dice_of(world->config.seed);
    world->truth.members = world->config.nodes;
    hasher_init(&world->trail);
    laws_make(world);
    for (unsigned i = 0; i < world->config.nodes; i++) {
        world->nodes[i].number = i;
        node_boot(world, &world->nodes[i]);
        arena_reset(&world->arena);
        world_put(world, dice_between(&world->dice, 0, 2000), EVENT_COMMAND, i, 0);
        world_put(world, dice_between(&world->dice, 0, TICK_MS), EVENT_TICK, i, 0);
        world_put(world, dice_between(&world->dice, 60000, 1800000), EVENT_KILL, i, 0);
        world_put(world, dice_between(&world->dice, 60000, 1800000), EVENT_CLOCK, i, 0);
        for (unsigned k = 0; k < world->config.nodes; k++)
            if (k != i)
                world_put(world, dice_between(&world->dice, 0, COURIER_MS), EVENT_COURIER, i, k);
    }
    world_put(world, 300000, EVENT_CUT, 0, 0);
}

static void calm(struct world *world)
{
    world_say(world, "calm");
    world->calm = true;
    memset(world->cut, 0, sizeof world->cut);
    for (unsigned i = 0; i < world->config.nodes; i++) {
        world->nodes[i].clock_off = 0;
        store_memory_script(world->nodes[i].store, 0, STORE_FAULT_NONE);
    }
}

static void cut(struct world *world)
{
    unsigned a = (unsigned)dice_below(&world->dice, world->config.nodes);
    unsigned b = (unsigned)dice_below(&world->dice, world->config.nodes);
    world->cut[a][b] = true;
    world->cut[b][a] = world->cut[b][a] || dice_falls(&world->dice, 600000);
    world->counters.cuts++;
    world_put(world, dice_between(&world->dice, 10000, 1800000), EVENT_MEND, a, b);
    world_put(world, dice_between(&world->dice, 60000, 900000), EVENT_CUT, 0, 0);
}

/* Sometimes the disk fails at one of the next effects. */
static void disk_script(struct world *world, struct node *node)
{
    static const enum store_fault faults[] = { STORE_FAULT_CRASH, STORE_FAULT_CRASH,
                                               STORE_FAULT_WRITE_FAIL, STORE_FAULT_FSYNC_FAIL };
    if (world->calm || !node->up || !dice_falls(&world->dice, 8000))
        return;
    uint64_t effect = store_memory_effects(node->store) + 1 + dice_below(&world->dice, 12);
    store_memory_script(node->store, effect, faults[dice_below(&world->dice, 4)]);
}

static void tick(struct world *world, struct node *node)
{
    struct json body = json_object();
    struct command command = { .verb = VERB_TICK, .by = node_caller(node, false), .body = &body };
    bool more = node->up;
    while (more && node->up) {
        struct reply reply = node_run(world, node, command);
        if (failed(reply.err) && reply.err.code != ERR_UNAVAILABLE && reply.err.code != ERR_IO)
            world_fail(world, "command", "tick: %s", reply.err.rule);
        more = !failed(reply.err) && json_get_bool(&reply.body, "more");
        if (more)
            world->quiet = 0;
    }
    oracle_copies(world, node);
}

static void clock_jump(struct world *world, struct node *node)
{
    int64_t most = dice_falls(&world->dice, 300000) ? JUMP_MS_MAX : 4 * 60000;
    node->clock_off = dice_between(&world->dice, -most, most);
    world->counters.jumps++;
    world_say(world, "%s's clock is off by %lld ms", member_name(node->number),
              (long long)node->clock_off);
}

/* A courier with nothing to do looks less often once the faults have stopped. */
static void courier_again(struct world *world, const struct event *event)
{
    int64_t every = world->calm && world->quiet > 0 ? 10 * COURIER_MS : COURIER_MS;
    world_put(world, dice_between(&world->dice, every / 2, every * 2), EVENT_COURIER, event->a,
              event->b);
}

static void happen(struct world *world, const struct event *event)
{
    struct node *node = &world->nodes[event->a];
    bool faults = !world->calm;
    switch (event->kind) {
    case EVENT_COMMAND:
        disk_script(world, node);
        client_step(world, node);
        world_put(world, dice_between(&world->dice, 200, 20000), EVENT_COMMAND, event->a, 0);
        return;
    case EVENT_COURIER:
        disk_script(world, node);
        courier_step(world, node, event->b);
        courier_again(world, event);
        return;
    case EVENT_TICK:
        tick(world, node);
        world_put(world, TICK_MS, EVENT_TICK, event->a, 0);
        return;
    case EVENT_LETTER:
        courier_letter(world, node, event->letter_own);
        return;
    case EVENT_KILL:
        if (faults) {
            world->counters.kills += node->up;
            node_kill(world, node);
            world_put(world, dice_between(&world->dice, 60000, 1800000), EVENT_KILL, event->a, 0);
        }
        return;
    case EVENT_START:
        node_start(world, node);
        return;
    case EVENT_CUT:
        if (faults)
            cut(world);
        return;
    case EVENT_MEND:
        world->cut[event->a][event->b] = false;
        world->cut[event->b][event->a] = false;
        return;
    case EVENT_CLOCK:
        if (faults) {
            clock_jump(world, node);
            world_put(world, dice_between(&world->dice, 60000, 1800000), EVENT_CLOCK, event->a, 0);
        }
        return;
    case EVENTS:
        return;
    }
}

static bool settled(const struct world *world, int64_t calm_since)
{
    if (world->now - calm_since < CALM_MS_MIN)
        return false;
    uint64_t pairs = world->config.nodes * (world->config.nodes - 1);
    return world->calm && client_idle(world) && world->quiet > pairs * QUIET_ROUNDS;
}

/* Law that came into force by itself since a node's last tick is work still to be done: a
 * signature may be dated by a clock that runs ahead. */
static bool rests(struct world *world, int64_t calm_since)
{
    if (!settled(world, calm_since))
        return false;
    for (unsigned i = 0; i < world->config.nodes; i++) {
        tick(world, &world->nodes[i]);
        arena_reset(&world->arena);
    }
    return world->quiet > 0;
}

static void run(struct world *world)
{
    struct event event;
    int64_t calm_since = 0;
    world_begin(world);
    while (!rests(world, calm_since) && queue_take(&world->queue, &event)) {
        world->now = event.at;
        world->counters.events++;
        happen(world, &event);
        free(event.letter_own);
        arena_reset(&world->arena);
        if (!world->calm && world->steps >= world->config.steps) {
            calm(world);
            calm_since = world->now;
        }
        if (world->calm && world->now - calm_since > CALM_MS_MAX)
            world_fail(world, "convergence", "no rest %d minutes after the faults stopped",
                       CALM_MS_MAX / 60000);
    }
    oracle_converged(world);
}

static void world_end(struct world *world)
{
    struct event event;
    while (queue_take(&world->queue, &event))
        free(event.letter_own);
    queue_free(&world->queue);
    for (unsigned i = 0; i < world->config.nodes; i++)
        node_free(&world->nodes[i]);
}

/* -- many ---------------------------------------------------------------------------------- */

struct options {
    struct sim_config config;
    uint64_t seconds;
    uint64_t count;
    bool twice;
};

struct total {
    uint64_t seeds;
    int64_t virtual_ms;
    struct counters counters;
};

static void total_add(struct total *total, const struct world *world)
{
    const uint64_t *from = (const uint64_t *)&world->counters;
    uint64_t *to = (uint64_t *)&total->counters;
    for (size_t i = 0; i < sizeof(struct counters) / sizeof(uint64_t); i++)
        to[i] += from[i];
    total->seeds++;
    total->virtual_ms += world->now - BEGIN_MS;
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void total_print(const struct total *total, double seconds)
{
    const struct counters *c = &total->counters;
    printf("%llu seeds in %.1f s: %.1f a minute, %llu events (%.0f/s), %.1f virtual hours "
           "(%.0f times real time)\n",
           (unsigned long long)total->seeds, seconds, 60.0 * (double)total->seeds / seconds,
           (unsigned long long)c->events, (double)c->events / seconds,
           (double)total->virtual_ms / 3.6e6, (double)total->virtual_ms / 1000.0 / seconds);
    printf(
        "commands %llu (%llu repeated), moves of hits %llu, frames %llu, batches %llu (%llu seen "
        "before), "
        "letters %llu (%llu lost, %llu doubled, %llu damaged), kills %llu, crashes %llu, cuts "
        "%llu, "
        "clock jumps %llu, looks of the oracle %llu\n",
        (unsigned long long)c->commands, (unsigned long long)c->retries,
        (unsigned long long)c->hits, (unsigned long long)c->frames, (unsigned long long)c->batches,
        (unsigned long long)c->duplicates, (unsigned long long)c->letters,
        (unsigned long long)c->lost, (unsigned long long)c->doubled, (unsigned long long)c->damaged,
        (unsigned long long)c->kills, (unsigned long long)c->crashes, (unsigned long long)c->cuts,
        (unsigned long long)c->jumps, (unsigned long long)c->checks);
}

static int usage(void)
{
    fprintf(stderr,
            "usage: sim [--seed N | --from N] [--seconds S | --count C] [--nodes 2-%d]\n"
            "           [--steps M] [--twice] [--trace]\n",
            SIM_MEMBERS_MAX);
    return 2;
}

static bool options_parse(int argc, char **argv, struct options *out)
{
    *out = (struct options){ .config = { .seed = 1, .nodes = 4, .steps = 200 }, .count = 1 };
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--trace") == 0) {
            out->config.trace = true;
            continue;
        }
        if (strcmp(name, "--twice") == 0) {
            out->twice = true;
            continue;
        }
        if (i + 1 == argc)
            return false;
        char *end = NULL;
        uint64_t value = strtoull(argv[++i], &end, 10);
        if (*end != '\0' || end == argv[i])
            return false;
        if (strcmp(name, "--seed") == 0 || strcmp(name, "--from") == 0)
            out->config.seed = value;
        else if (strcmp(name, "--seconds") == 0)
            out->seconds = value;
        else if (strcmp(name, "--count") == 0)
            out->count = value;
        else if (strcmp(name, "--nodes") == 0)
            out->config.nodes = (unsigned)value;
        else if (strcmp(name, "--steps") == 0)
            out->config.steps = value;
        else
            return false;
    }
    return out->config.nodes >= 2 && out->config.nodes <= SIM_MEMBERS_MAX;
}

/* Runs one seed in `memory`; the fingerprint of all that was said. */
static struct hash run_one(const struct options *options, struct world *world, void *memory,
                           struct total *total)
{
    memset(world, 0, sizeof *world);
    world->config = options->config;
    world->arena = arena_over(memory, SIM_ARENA);
    run(world);
    total_add(total, world);
    struct hash print = hasher_end(&world->trail);
    world_end(world);
    return print;
}

static void run_many(struct options *options, struct world *world, void *memory,
                     struct total *total)
{
    double begin = seconds_now();
    uint64_t seeds = 0;
    do {
        struct hash print = run_one(options, world, memory, total);
        if (options->twice) {
            struct hash again = run_one(options, world, memory, total);
            if (!hash_equal(&print, &again))
                world_fail(world, "I9", "the same seed went two ways");
        }
        if (options->count == 1 && options->seconds == 0)
            printf("seed %llu: %02x%02x%02x%02x%02x%02x%02x%02x\n",
                   (unsigned long long)options->config.seed, print.bytes[0], print.bytes[1],
                   print.bytes[2], print.bytes[3], print.bytes[4], print.bytes[5], print.bytes[6],
                   print.bytes[7]);
        options->config.seed++;
        seeds++;
    } while (options->seconds > 0 ? seconds_now() - begin < (double)options->seconds
                                  : seeds < options->count);
    total_print(total, seconds_now() - begin);
}

int main(int argc, char **argv)
{
    struct options options;
    struct total total = { .seeds = 0 };
    if (!options_parse(argc, argv, &options))
        return usage();
    if (sodium_init() < 0)
        return 1;
    void *memory = malloc(SIM_ARENA);
    struct world *world = calloc(1, sizeof *world);
    assert(memory != NULL && world != NULL);
    run_many(&options, world, memory, &total);
    free(world);
    free(memory);
    return 0;
}
