/* Random questions about a record, to both evaluators. */
#ifndef COMITY_TREATY_QUESTION_TEST_H
#define COMITY_TREATY_QUESTION_TEST_H

#include "treaty/sight_test.h"
#include "treaty/world_test.h"

enum { WORLD_SPENT_MAX = 16 };

static struct text random_member(struct dice *dice, const struct world_shape *shape)
{
    if (dice_one_in(dice, 100))
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

/* Clauses with a capacity, and what they have given in their period. */
static void random_spent(struct dice *dice, const struct world *world, struct given *out)
{
    out->spent_count = 0;
    for (uint32_t i = 0; i < treaty_rule_count(world->rules); i++) {
        const struct clause *clause = treaty_basis(world->rules, (uint16_t)i).clause;
        if (clause->capacity.count == 0 || out->spent_count == WORLD_SPENT_MAX ||
            dice_one_in(dice, 3))
            continue;
        uint32_t count = dice_roll(dice, clause->capacity.count + 2);
        out->same[out->spent_count] = (struct treaty_spent){ (uint16_t)i, count };
        out->spent[out->spent_count++] = (struct reference_spent){ clause, count };
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
    do
        q.to = random_member(dice, shape);
    while (text_equal(q.from, q.to) && !dice_one_in(dice, 20));
    q.purpose = TEXT("");
    if (dice_one_in(dice, 2))
        q.purpose =
            dice_one_in(dice, 20) ? TEXT("targeting") : text_literal(any_code(dice, CODE_PURPOSE));
    q.mode = dice_one_in(dice, 3) ? (enum access_mode)dice_roll(dice, 4) : MODE_COPY;
    q.urgent = dice_one_in(dice, 4);
    q.spent = given->spent;
    q.spent_count = given->spent_count;
    q.alerts = dice_one_in(dice, 4) ? 1 + dice_roll(dice, 15) : UINT64_MAX;
    q.releases = given->releases;
    q.release_count = given->release_count;
    q.assurances = (struct codes){ given->assurances, given->assurance_count };
    return q;
}

static struct question same_question(const struct reference_question *q, const struct given *given,
                                     const struct ruleset *rules, const struct treaty_row *row)
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

static const char *const all_messages[] = { "trace",       "verify",          "hit-report",
                                            "hit-answer",  "subject-request", "copy-erased",
                                            "restriction", "use-report",      "subject-answer",
                                            "inaccuracy",  "inaccuracy-known" };

/* The rule of the share clause that the message is about goes into `basis`. */
__attribute__((unused)) static struct reference_message
random_message(struct dice *dice, const struct world *world, const struct reference_question *q,
               uint16_t *basis)
{
    struct reference_message m = { .treaties = world->force,
                                   .treaty_count = world->treaty_count,
                                   .national_opt = &world->national,
                                   .from = q->from,
                                   .to = q->to,
                                   .purpose = q->purpose,
                                   .as_of = WORLD_NOW,
                                   .reply = dice_one_in(dice, 3),
                                   .spent = q->spent,
                                   .spent_count = q->spent_count };
    m.kind = text_literal(all_messages[dice_roll(dice, dice_one_in(dice, 2) ? 3 : 11)]);
    *basis = NO_RULE;
    if (dice_one_in(dice, 2)) {
        *basis = (uint16_t)dice_roll(dice, treaty_rule_count(world->rules));
        m.basis_opt = treaty_basis(world->rules, *basis).clause;
    }
    return m;
}

#endif
