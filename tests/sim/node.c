/* A node: store, clerk and keeper; its birth, its death, its commands. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clerk/shelf/shelf.h"
#include "store/memory_depot.h"
#include "world.h"

static struct text realm = { "simulation", 10 };

struct instant node_now(const struct world *world, const struct node *node)
{
    return (struct instant){ world->now + node->clock_off };
}

struct caller node_caller(const struct node *node, bool user)
{
    struct caller caller = { .roles = ROLE_BIT_NODE, .clearance = CLASSIFICATION_SECRET };
    if (failed(member_code_parse(node->config.member, &caller.who.member)))
        abort();
    if (user) {
        caller.who.unit = TEXT("registry");
        caller.who.user = TEXT("clerk");
        caller.roles = ROLE_BIT(ROLE_OFFICER) | ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEGAL) |
                       ROLE_BIT(ROLE_ADMINISTRATOR);
    }
    return caller;
}

struct err node_ask(void *context, const struct keeper_question *question, struct arena *arena,
                    struct keeper_answer *out)
{
    struct node_line *line = context;
    struct keeper_tick tick = { .now = node_now(line->world, line->node) };
    struct bytes bytes;
    bool changed = false;
    dice_fill(&line->world->dice, tick.seed.bytes, sizeof tick.seed.bytes);
    struct err e = keeper_question_format(question, arena, &bytes);
    if (failed(e))
        return e;
    bytes = keeper_step(line->node->keeper, bytes, &tick, arena, &changed);
    return keeper_answer_parse(bytes, out);
}

/* The keys that the clerk lacks, from the keeper. */
static void keys_give(struct world *world, struct node *node)
{
    struct clerk_month wanted[SIM_KEYS_WANTED_MAX];
    struct node_line line = { world, node };
    size_t count =
        clerk_keys_wanted(node->clerk, node_now(world, node), wanted, SIM_KEYS_WANTED_MAX);
    for (size_t i = 0; i < count; i++) {
        struct keeper_question question = { .kind = KEEPER_OPEN_MONTH_KEY };
        struct keeper_answer answer;
        question.month.month = wanted[i].month;
        question.month.retention =
            text_literal(retention_name((enum retention)wanted[i].retention));
        struct err e = node_ask(&line, &question, &world->arena, &answer);
        if (!failed(e) && failed(answer.err)) {
            question.kind = KEEPER_NEW_MONTH_KEY;
            e = node_ask(&line, &question, &world->arena, &answer);
        }
        if (!failed(e))
            e = answer.err;
        if (!failed(e))
            e = clerk_key_give(node->clerk, wanted[i], &answer.month.key);
        if (failed(e))
            world_fail(world, "setup", "month key: %s", e.rule);
    }
}

/* -- the index -------------------------------------------------------------------------------- */

enum { ERASE_MS = 600000, CARE_STEPS = 1000 };

static struct err care(struct world *world, struct node *node, enum shelf_task task, bool *more)
{
    struct shelf_care with = { .store = node->store, .now = node_now(world, node),
                               .erase_ms = ERASE_MS };
    return shelf_care(clerk_shelf(node->clerk), task, &with, more);
}

/* What upkeep would do on its threads, now and then, and now and then without power. */
static void attend(struct world *world, struct node *node)
{
    bool more = false;
    if (!dice_falls(&world->dice, 250000))
        return;
    if (!world->calm && dice_falls(&world->dice, 2000))
        depot_memory_script(node->depot, depot_memory_effects(node->depot) +
                                             (uint64_t)dice_between(&world->dice, 1, 10));
    struct err e = care(world, node, dice_falls(&world->dice, 500000) ? SHELF_KEEP : SHELF_MERGE,
                        &more);
    if (failed(e) && strcmp(e.rule, "store.crashed") == 0) {
        world->counters.crashes++;
        node_kill(world, node);
    }
}

static bool lives(const struct shelf_view *view, uint64_t number)
{
    uint16_t group = 0;
    if (index_set_has(&view->dead, number))
        return false;
    for (size_t i = 0; i < view->segment_count; i++) {
        if (index_group_find(&view->segments[i], number, &group))
            return true;
    }
    return false;
}

/* What is found is what the rows say, whatever happened to the files. */
static void oracle_index(struct world *world, struct node *node)
{
    struct shelf *shelf = clerk_shelf(node->clerk);
    struct shelf *fresh = NULL;
    bool more = true;
    struct err e = err_none();
    for (int i = 0; i < CARE_STEPS && more && !failed(e); i++) {
        e = care(world, node, SHELF_MERGE, &more);
        shelf_settle(shelf);
    }
    if (failed(e))
        return; /* without power: looked at after the next start */
    e = shelf_open(NULL, &fresh);
    if (!failed(e))
        e = shelf_load(fresh, store_view(node->store), &world->arena);
    if (failed(e))
        world_fail(world, "index", "%s: %s", member_name(node->number), e.rule);
    const struct shelf_view *ours = shelf_take(shelf);
    const struct shelf_view *rows = shelf_take(fresh);
    if (ours->partial || ours->doc_count != rows->doc_count)
        world_fail(world, "index", "%s finds %zu documents of %zu", member_name(node->number),
                   ours->doc_count, rows->doc_count);
    for (size_t i = 0; i < rows->segment_count; i++) {
        for (uint32_t doc = 0; doc < rows->segments[i].doc_count; doc++) {
            uint64_t number = index_number(&rows->segments[i], doc);
            if (!index_set_has(&rows->dead, number) && !lives(ours, number))
                world_fail(world, "index", "%s does not find document %llu",
                           member_name(node->number), (unsigned long long)number);
        }
    }
    shelf_give(shelf, ours);
    shelf_give(fresh, rows);
    shelf_close(fresh);
}

static void clerk_begin(struct world *world, struct node *node)
{
    struct err e = clerk_open(&node->config, node->store, &node->clerk);
    if (failed(e))
        world_fail(world, "start", "%s does not start: %s", member_name(node->number), e.rule);
    keys_give(world, node);
    node->up = true;
    for (unsigned i = 0; i < SIM_MEMBERS_MAX; i++) {
        struct peer *peer = &node->peers[i];
        uint64_t halted_size = peer->halted_size;
        uint64_t seen = peer->line_seen;
        *peer = (struct peer){ .halted_size = halted_size, .line_seen = seen };
        struct line line;
        e = line_open(node->clerk, store_view(node->store), text_literal(member_name(i)),
                      &world->arena, &line);
        uint64_t acked = failed(e) ? 0 : line.acked;
        peer->out = feed_out_start(acked, (struct instant){ world->now });
    }
}

void node_boot(struct world *world, struct node *node)
{
    struct store_memory_plan plan = { .seed = dice_next(&world->dice), .fsync_ms = 4 };
    struct keeper_birth birth = {
        .realm = realm, .generation = 1, .keep_root = true, .now = node_now(world, node)
    };
    birth.member = text_literal(member_name(node->number));
    dice_fill(&world->dice, birth.root_seed.bytes, SECRET_LEN);
    dice_fill(&world->dice, birth.seed.bytes, SECRET_LEN);
    node->keeper = calloc(1, sizeof *node->keeper);
    assert(node->keeper != NULL);
    struct err e = keeper_create(&birth, &world->arena, node->keeper);
    if (!failed(e))
        e = store_memory_open(&plan, &node->store);
    if (!failed(e))
        e = depot_memory_open(&node->depot);
    if (failed(e))
        world_fail(world, "setup", "boot: %s", e.rule);
    node->config = (struct clerk_config){ .realm = realm, .member = birth.member, .generation = 1 };
    node->config.depot_opt = node->depot;
    memcpy(node->config.root_key, node->keeper->root.bytes, sizeof node->config.root_key);
    for (size_t i = 0; i < 32; i++)
        snprintf(node->root_hex + 2 * i, 3, "%02x", node->config.root_key[i]);
    clerk_begin(world, node);
}

void node_kill(struct world *world, struct node *node)
{
    if (!node->up)
        return;
    world_say(world, "%s dies", member_name(node->number));
    clerk_close(node->clerk);
    node->clerk = NULL;
    node->up = false;
    world_put(world,
              dice_falls(&world->dice, 800000) ? dice_between(&world->dice, 200, 20000)
                                               : dice_between(&world->dice, 20000, 600000),
              EVENT_START, node->number, 0);
}

void node_start(struct world *world, struct node *node)
{
    if (node->up)
        return;
    struct err e = store_memory_crash(node->store, dice_next(&world->dice));
    if (failed(e))
        world_fail(world, "store", "%s: %s", member_name(node->number), e.rule);
    depot_memory_crash(node->depot, dice_next(&world->dice));
    world_say(world, "%s starts", member_name(node->number));
    clerk_begin(world, node);
    oracle_index(world, node);
    oracle_owner(world, node);
    oracle_copies(world, node);
    for (unsigned i = 0; i < world->config.nodes; i++) {
        oracle_feed(world, node->number, i);
        oracle_feed(world, i, node->number);
    }
}

struct reply node_run(struct world *world, struct node *node, struct command command)
{
    uint8_t seed[CLERK_SEED_LEN];
    struct reply reply = { .err = err_none() };
    assert(node->up);
    keys_give(world, node);
    dice_fill(&world->dice, seed, sizeof seed);
    struct err e =
        clerk_run(node->clerk, &command, 1, node_now(world, node), seed, &world->arena, &reply);
    if (failed(e))
        reply.err = e;
    world->counters.commands++;
    uint64_t last = 0;
    e = store_journal_last(store_view(node->store), &last); /* whatever the reply says */
    if (failed(e) && strcmp(e.rule, "store.crashed") == 0) {
        world->counters.crashes++;
        node_kill(world, node);
    }
    if (node->up)
        attend(world, node);
    return reply;
}

void node_free(struct node *node)
{
    clerk_close(node->clerk);
    depot_memory_close(node->depot);
    store_close(node->store);
    if (node->keeper != NULL)
        secret_wipe(node->keeper, sizeof *node->keeper);
    free(node->keeper);
    *node = (struct node){ .number = 0 };
}
