/* Random records as the evaluators see them. */
#ifndef COMITY_TREATY_SIGHT_TEST_H
#define COMITY_TREATY_SIGHT_TEST_H

#include "treaty/condition_test.h"

#define WORLD_NOW ((struct instant){ INT64_C(1780000000000) }) /* 2026-05-28 */

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
    alert.action = dice_one_in(dice, 10) ? TEXT("") : text_literal(any_code(dice, CODE_ACTION));
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
    view.alert_count = dice_one_in(dice, 20) ? 0 : 1 + dice_roll(dice, WORLD_ALERTS_MAX);
    for (uint32_t i = 0; i < view.alert_count; i++)
        alerts[i] = random_alert(dice, arena);
    return view;
}

#endif
