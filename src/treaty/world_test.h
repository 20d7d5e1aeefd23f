/* Worlds of random agreements, what parties did to them, and national rules. */
#ifndef COMITY_TREATY_WORLD_TEST_H
#define COMITY_TREATY_WORLD_TEST_H

#include "treaty/acts_test.h"
#include "treaty/sheet_test.h"
#include "treaty/sight_test.h"

struct world {
    struct treaty treaties[WORLD_TREATIES_MAX];
    struct world_acts acts[WORLD_TREATIES_MAX];
    struct treaty_status status[WORLD_TREATIES_MAX];
    struct hash hashes[WORLD_TREATIES_MAX];
    struct treaty_force force[WORLD_TREATIES_MAX];
    uint32_t treaty_count;
    struct national national;
    const struct ruleset *rules; /* NULL: refused, a ring of priorities */
};

/* Between the first parties, who ask most of the questions. */
static void random_stops(struct dice *dice, struct treaty_status *status)
{
    uint32_t count = dice_one_in(dice, 2) ? dice_roll(dice, 4) : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct treaty_stop *stop = &status->stops[status->stop_count++];
        stop->party = (uint8_t)dice_roll(dice, 2);
        stop->against = dice_one_in(dice, 4) ? STOP_ALL : (uint8_t)(1 - stop->party);
        stop->why = dice_one_in(dice, 2) ? STOP_DISPUTED : (enum stop_why)dice_roll(dice, 3);
        if (stop->why == STOP_DISPUTED) {
            stop->article = (uint16_t)(1 + dice_roll(dice, 3));
            stop->clause = (uint16_t)dice_roll(dice, 3);
        }
        stop->until = dice_one_in(dice, 6) ? WORLD_NOW : INSTANT_OPEN;
        if (dice_one_in(dice, 6))
            stop->from = instant_plus(WORLD_NOW, 1);
    }
}

/* Most parties are bound; some only from tomorrow, some until yesterday. */
static struct treaty_status random_status(struct dice *dice, bool settled)
{
    struct treaty_status status = { .state = TREATY_IN_FORCE };
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        status.bound[i].until = INSTANT_OPEN;
        if (dice_one_in(dice, 12))
            status.bound[i].from = instant_plus(WORLD_NOW, dice_one_in(dice, 2) ? 1 : 0);
        if (dice_one_in(dice, 12))
            status.bound[i].until = instant_plus(WORLD_NOW, dice_one_in(dice, 2) ? 1 : 0);
    }
    if (!settled)
        random_stops(dice, &status);
    return status;
}

/* Four years up to a month from now. */
static struct treaty_status random_life(struct dice *dice, const struct treaty *treaty,
                                        struct world_acts *acts)
{
    struct acts_shape shape = { instant_plus(WORLD_NOW, -1430 * INSTANT_DAY), 1460, 4,
                                dice_one_in(dice, 2) };
    random_acts(dice, treaty, &shape, acts);
    return treaty_status(treaty, acts->events, acts->count, WORLD_NOW);
}

static void world_make_national(struct world *world, struct dice *dice, struct sheet *sheet,
                                struct arena *arena)
{
    struct treaty_errors errors;
    struct text nobody[] = { TEXT("NER"), TEXT("TCD"), TEXT("CMR") };
    struct codes others = { nobody, 3 };
    sheet->len = 0;
    sheet->dual = false;
    sheet->groups = 0;
    sheet_put(sheet, "national rules of NGA version 1\n");
    for (uint32_t i = dice_roll(dice, 4); i > 0; i--)
        put_narrowing(sheet, dice, &others);
    if (dice_one_in(dice, 6))
        sheet_put(sheet, "halt TCD\n");
    struct err e =
        national_parse(sheet_copy(sheet, arena), LANGUAGE_EN, arena, &errors, &world->national);
    if (failed(e)) {
        fprintf(stderr, "%s at %u in\n%.*s", e.rule, e.at, (int)sheet->len, sheet->data);
        abort();
    }
}

/* Versions of few names, one after the other; seldom two texts of one name and version. */
static void random_names(struct dice *dice, uint32_t count, struct world_name *out)
{
    uint32_t versions[WORLD_NAMES] = { 0 };
    for (uint32_t i = 0; i < count; i++) {
        uint32_t name = dice_roll(dice, WORLD_NAMES);
        if (versions[name] == 0 || !dice_one_in(dice, 12))
            versions[name]++;
        out[i] = (struct world_name){ 1 + name, versions[name] };
    }
}

/* In any order, as a node may load them. */
static void world_shuffle(struct world *world, struct dice *dice)
{
    for (uint32_t i = world->treaty_count; i > 1; i--) {
        uint32_t other = dice_roll(dice, i);
        struct treaty_force force = world->force[i - 1];
        world->force[i - 1] = world->force[other];
        world->force[other] = force;
    }
}

/* The compiler makes every second hash itself. */
static void world_compile(struct world *world, struct arena *arena)
{
    struct treaty_force force[WORLD_TREATIES_MAX];
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        force[i] = world->force[i];
        if (i % 2 == 0)
            force[i].hash_opt = NULL;
    }
    struct err e =
        treaty_compile(force, world->treaty_count, &world->national, arena, &world->rules);
    if (failed(e)) {
        assert(strcmp(e.rule, "treaty.priority-cycle") == 0);
        world->rules = NULL;
    }
}

/* One in twenty names what stands behind it, too: there are rings among them. */
static void world_make(struct world *world, struct dice *dice, const struct world_shape *shape,
                       struct arena *arena)
{
    struct sheet sheet = { .data = malloc(WORLD_TEXT_MAX), .plain = shape->plain };
    struct world_name names[WORLD_TREATIES_MAX];
    uint32_t count = 1 + dice_roll(dice, shape->treaties);
    bool rings = !shape->plain && dice_one_in(dice, 20);
    random_names(dice, count, names);
    world->treaty_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct world_place place = { names, i, rings ? count : i };
        world->treaties[i] = random_treaty(dice, shape, &place, &sheet, arena);
        world->acts[i].count = 0;
        world->status[i] = shape->settled || dice_one_in(dice, 3)
                               ? random_status(dice, shape->settled)
                               : random_life(dice, &world->treaties[i], &world->acts[i]);
        struct err e = treaty_hash(&world->treaties[i], arena, &world->hashes[i]);
        assert(!failed(e));
        world->force[i] =
            (struct treaty_force){ &world->treaties[i], &world->status[i], &world->hashes[i] };
    }
    world_shuffle(world, dice);
    world_make_national(world, dice, &sheet, arena);
    world_compile(world, arena);
    free(sheet.data);
}

#endif
