/* Worlds of random agreements, records and questions. */
#ifndef COMITY_TREATY_WORLD_TEST_H
#define COMITY_TREATY_WORLD_TEST_H

#include "treaty/sheet_test.h"

struct world {
    struct treaty treaties[WORLD_TREATIES_MAX];
    struct treaty_status status[WORLD_TREATIES_MAX];
    struct treaty_force force[WORLD_TREATIES_MAX];
    uint32_t treaty_count;
    struct national national;
    const struct ruleset *rules;
};

enum { WORLD_SPENT_MAX = 16 };
#define WORLD_NOW ((struct instant){ INT64_C(1780000000000) }) /* 2026-05-28 */

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
static struct treaty_status random_status(struct dice *dice)
{
    struct treaty_status status = { .state = TREATY_IN_FORCE };
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        status.bound[i].until = INSTANT_OPEN;
        if (dice_one_in(dice, 12))
            status.bound[i].from = instant_plus(WORLD_NOW, INSTANT_DAY);
        if (dice_one_in(dice, 12))
            status.bound[i].until = WORLD_NOW;
    }
    random_stops(dice, &status);
    return status;
}

static void world_make_national(struct world *world, struct dice *dice, struct sheet *sheet,
                                struct arena *arena)
{
    struct treaty_errors errors;
    struct text nobody[] = { TEXT("NER"), TEXT("TCD"), TEXT("CMR") };
    struct codes others = { nobody, 3 };
    sheet->len = 0;
    sheet->dual = sheet->group = false;
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

static void world_make(struct world *world, struct dice *dice, const struct world_shape *shape,
                       struct arena *arena)
{
    struct sheet sheet = { .data = malloc(WORLD_TEXT_MAX) };
    world->treaty_count = 1 + dice_roll(dice, shape->treaties);
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        world->treaties[i] = random_treaty(dice, shape, world->treaty_count - i, &sheet, arena);
        world->status[i] = random_status(dice);
        world->force[i] =
            (struct treaty_force){ .treaty = &world->treaties[i], .status = &world->status[i] };
    }
    world_make_national(world, dice, &sheet, arena);
    struct err e =
        treaty_compile(world->force, world->treaty_count, &world->national, arena, &world->rules);
    assert(!failed(e));
    free(sheet.data);
}

static struct view_values random_values(struct dice *dice, enum code_list list, struct arena *arena)
{
    uint32_t count = dice_roll(dice, 3);
    struct text *items = ARENA_ARRAY(arena, struct text, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = dice_one_in(dice, 10) ? TEXT("future-code") : text_literal(any_code(dice, list));
    return (struct view_values){ { items, count }, dice_one_in(dice, 8) };
}

static struct codes random_members(struct dice *dice, struct arena *arena)
{
    uint32_t count = dice_roll(dice, 3);
    struct text *items = ARENA_ARRAY(arena, struct text, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = text_literal(world_members[dice_roll(dice, 6)]);
    return (struct codes){ items, count };
}

static struct view_alert random_alert(struct dice *dice, struct arena *arena)
{
    struct view_alert alert = { .classification = (enum level)(1 + dice_roll(dice, 3)) };
    alert.category = text_literal(any_code(dice, CODE_CATEGORY));
    if (dice_one_in(dice, 15))
        alert.category = TEXT("wanted.future");
    alert.offences = random_values(dice, CODE_OFFENCE, arena);
    alert.subjects = random_values(dice, CODE_SUBJECT, arena);
    alert.warnings = random_values(dice, CODE_WARNING, arena);
    alert.grading = random_values(dice, CODE_GRADING, arena);
    if (alert.grading.codes.count % 2 == 1)
        alert.grading.codes.count--; /* pairs */
    alert.handling = random_values(dice, CODE_HANDLING, arena);
    alert.action = text_literal(any_code(dice, CODE_ACTION));
    alert.penalty = (struct view_term){ dice_roll(dice, 400), dice_one_in(dice, 3) };
    alert.sentence = (struct view_term){ dice_roll(dice, 30), dice_one_in(dice, 3) };
    if (dice_one_in(dice, 10))
        alert.penalty.greatest = UINT32_MAX;
    alert.death = (enum truth)dice_roll(dice, 3);
    if (dice_one_in(dice, 15))
        alert.classification = LEVEL_NONE;
    if (dice_one_in(dice, 6))
        alert.never = random_members(dice, arena);
    alert.restricted = dice_one_in(dice, 8);
    if (alert.restricted)
        alert.only = random_members(dice, arena);
    if (dice_one_in(dice, 10))
        alert.valid_from = instant_plus(WORLD_NOW, (int64_t)dice_roll(dice, 3) - 1);
    if (dice_one_in(dice, 10))
        alert.valid_until = instant_plus(WORLD_NOW, (int64_t)dice_roll(dice, 3) - 1);
    if (dice_one_in(dice, 10))
        alert.hidden_until = instant_plus(WORLD_NOW, (int64_t)dice_roll(dice, 3) - 1);
    return alert;
}

static struct treaty_view random_view(struct dice *dice, struct arena *arena)
{
    struct view_alert *alerts = ARENA_ARRAY(arena, struct view_alert, WORLD_ALERTS_MAX);
    struct view_note *note = ARENA_NEW(arena, struct view_note);
    struct treaty_view view = { .kind = TEXT("person"), .alerts = alerts, .notes = note };
    if (dice_one_in(dice, 3))
        view.kind = dice_one_in(dice, 4) ? TEXT("future-kind") : TEXT("vehicle");
    view.nationalities = random_values(dice, CODE_COUNTRY, arena);
    static const char *const units[] = { "registry", "seme-krake", "border.north", "" };
    view.unit = text_literal(units[dice_roll(dice, 4)]);
    view.third = (enum truth)dice_roll(dice, 3);
    view.ageless = dice_one_in(dice, 8);
    view.child_presumed = dice_one_in(dice, 10);
    view.partial = dice_one_in(dice, 20);
    if (!dice_one_in(dice, 6)) {
        view.born_first = (struct date){ (int16_t)(1985 + dice_roll(dice, 35)), 5, 28 };
        view.born_last = view.born_first;
        view.born_last.year = (int16_t)(view.born_last.year + (int16_t)dice_roll(dice, 3));
    }
    note->code = dice_one_in(dice, 5) ? TEXT("") : text_literal(any_code(dice, CODE_NOTE));
    note->members = random_members(dice, arena);
    view.note_count = dice_roll(dice, 2);
    view.alert_count = dice_roll(dice, WORLD_ALERTS_MAX + 1);
    for (uint32_t i = 0; i < view.alert_count; i++)
        alerts[i] = random_alert(dice, arena);
    return view;
}

static struct text random_member(struct dice *dice, const struct world_shape *shape)
{
    if (dice_one_in(dice, 40))
        return TEXT("USA");
    return text_literal(world_members[dice_roll(dice, shape->members)]);
}

/* What a person could have done for this record and partner before. */
struct given {
    struct treaty_release releases[4];
    struct text assurances[2];
    uint32_t release_count, assurance_count;
    struct reference_spent spent[WORLD_SPENT_MAX];
    struct treaty_spent same[WORLD_SPENT_MAX];
    uint32_t spent_count;
};

static void random_given(struct dice *dice, struct given *out)
{
    static const char *const persons[] = { "a.bah", "b.diallo", "c.eze" };
    out->release_count = dice_roll(dice, 5);
    for (uint32_t i = 0; i < out->release_count; i++) {
        out->releases[i].office = text_literal(world_offices[dice_roll(dice, 3)]);
        out->releases[i].person = text_literal(persons[dice_roll(dice, 3)]);
    }
    out->assurances[0] = TEXT("no-death-penalty");
    out->assurances[1] = TEXT("no-torture");
    out->assurance_count = dice_roll(dice, 3);
}

/* Some clauses have given something today. */
static void random_spent(struct dice *dice, const struct ruleset *rules, struct given *out)
{
    out->spent_count = 0;
    uint32_t rule = dice_roll(dice, 4);
    while (out->spent_count < WORLD_SPENT_MAX && rule < treaty_rule_count(rules)) {
        uint32_t count = dice_roll(dice, 4);
        out->same[out->spent_count] = (struct treaty_spent){ (uint16_t)rule, count };
        out->spent[out->spent_count].clause = treaty_basis(rules, (uint16_t)rule).clause;
        out->spent[out->spent_count++].count = count;
        rule += 1 + dice_roll(dice, 3);
    }
}

static struct reference_question random_question(struct dice *dice, const struct world *world,
                                                 const struct world_shape *shape,
                                                 const struct treaty_view *view,
                                                 const struct given *given)
{
    struct reference_question q = { .treaties = world->force,
                                    .treaty_count = world->treaty_count,
                                    .national_opt = &world->national,
                                    .view = view,
                                    .as_of = WORLD_NOW };
    q.from = dice_one_in(dice, 2) ? TEXT("NGA") : random_member(dice, shape);
    q.to = random_member(dice, shape);
    q.purpose = TEXT("");
    if (dice_one_in(dice, 2))
        q.purpose =
            dice_one_in(dice, 20) ? TEXT("targeting") : text_literal(any_code(dice, CODE_PURPOSE));
    q.mode = dice_one_in(dice, 3) ? (enum access_mode)dice_roll(dice, 4) : MODE_COPY;
    q.urgent = dice_one_in(dice, 4);
    q.spent = given->spent;
    q.spent_count = given->spent_count;
    q.alerts = dice_one_in(dice, 4) ? dice_roll(dice, 16) : UINT64_MAX;
    q.releases = given->releases;
    q.release_count = given->release_count;
    q.assurances = (struct codes){ given->assurances, given->assurance_count };
    return q;
}

static struct question same_question(const struct reference_question *q,
                                     const struct given *given, const struct ruleset *rules,
                                     const struct treaty_row *row)
{
    return (struct question){ .from = treaty_member(rules, q->from),
                              .to = treaty_member(rules, q->to),
                              .mode = q->mode,
                              .urgent = q->urgent,
                              .spent = given->same,
                              .spent_count = given->spent_count,
                              .purpose = q->purpose,
                              .row = row,
                              .alerts = q->alerts,
                              .releases = q->releases,
                              .release_count = q->release_count,
                              .assurances = q->assurances };
}

#endif
