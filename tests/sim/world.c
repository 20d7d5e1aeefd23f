#include "world.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DELAY_LEAST_MS = 20,
    DELAY_MOST_MS = 700,
    LOSS = 40000, /* of a million */
    DOUBLE = 60000,
    DAMAGE = 15000,
    LATE = 20000,     /* and arrives only */
    LATE_MS = 120000, /* up to so much later */
};

void world_say(struct world *world, const char *format, ...)
{
    char line[1024];
    va_list list;
    va_start(list, format);
    int len = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    assert(len >= 0);
    size_t used = (size_t)len < sizeof line ? (size_t)len : sizeof line - 1;
    hasher_add(&world->trail, bytes_of(&world->now, sizeof world->now));
    hasher_add(&world->trail, bytes_of(line, used));
    if (world->config.trace)
        printf("%12.3f %s\n", (double)(world->now % 86400000) / 1000.0, line);
}

void world_fail(struct world *world, const char *invariant, const char *format, ...)
{
    va_list list;
    printf("BROKEN %s: ", invariant);
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n  event %llu, step %llu. Again: build/tests/sim/sim --seed %llu --nodes %u "
           "--steps %llu --trace\n",
           (unsigned long long)world->counters.events, (unsigned long long)world->steps,
           (unsigned long long)world->config.seed, world->config.nodes,
           (unsigned long long)world->config.steps);
    fflush(stdout);
    _Exit(1);
}

void world_put(struct world *world, int64_t in_ms, enum event_kind kind, unsigned a, unsigned b)
{
    queue_put(
        &world->queue,
        (struct event){ .at = world->now + in_ms, .kind = kind, .a = (uint8_t)a, .b = (uint8_t)b });
}

static void deliver_later(struct world *world, const struct letter *head, struct bytes bytes)
{
    struct letter *letter = malloc(sizeof *letter + bytes.len);
    assert(letter != NULL);
    memcpy(letter, head, sizeof *letter);
    letter->len = bytes.len;
    if (bytes.len > 0)
        memcpy(letter->bytes, bytes.data, bytes.len);
    if (!world->calm && head->kind == LETTER_BATCH && dice_falls(&world->dice, DAMAGE)) {
        uint8_t *byte = &letter->bytes[dice_below(&world->dice, bytes.len)];
        *byte = (uint8_t)(*byte ^ 1u << dice_below(&world->dice, 8));
        letter->damaged = true;
        world->counters.damaged++;
    }
    int64_t delay = dice_between(&world->dice, DELAY_LEAST_MS, DELAY_MOST_MS);
    if (!world->calm && dice_falls(&world->dice, LATE))
        delay += dice_between(&world->dice, 0, LATE_MS);
    queue_put(&world->queue, (struct event){ .at = world->now + delay,
                                             .kind = EVENT_LETTER,
                                             .a = letter->to,
                                             .letter_own = letter });
}

void world_send(struct world *world, const struct letter *head, struct bytes bytes)
{
    world->counters.letters++;
    bool lost = !world->calm && dice_falls(&world->dice, LOSS);
    if (lost || world->cut[head->from][head->to]) {
        world->counters.lost++;
        return;
    }
    deliver_later(world, head, bytes);
    if (!world->calm && head->kind == LETTER_BATCH && dice_falls(&world->dice, DOUBLE)) {
        world->counters.doubled++;
        deliver_later(world, head, bytes);
    }
}
