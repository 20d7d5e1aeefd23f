/* When the two evaluators differ: the smallest agreements, record and question that still do. Every
 * smaller world is printed and read again, so that what is left is a text. */
#ifndef COMITY_TREATY_SHRINK_TEST_H
#define COMITY_TREATY_SHRINK_TEST_H

#include "treaty/cut_test.h"

/* Does what is looked for happen? It may use the arena; what it takes is given back. */
typedef bool trial_fn(struct trial *trial, struct arena *arena);

/* As text and back; what was spent is found again by the name of the agreement and the number. */
static bool trial_ready(struct trial *t, const struct trial *before, struct arena *arena)
{
    struct reference_spent *spent = ARENA_ARRAY(arena, struct reference_spent, t->q.spent_count);
    struct world *world = &t->world;
    size_t kept = 0;
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        struct treaty_errors errors;
        struct text text;
        if (failed(treaty_print(&world->treaties[i], LANGUAGE_EN, arena, &text)) ||
            failed(treaty_parse(text, LANGUAGE_EN, arena, &errors, &world->treaties[i])) ||
            failed(treaty_hash(&world->treaties[i], arena, &world->hashes[i])))
            return false;
        if (world->acts[i].count > 0)
            world->status[i] = treaty_status(&world->treaties[i], world->acts[i].events,
                                             world->acts[i].count, WORLD_NOW);
        world->force[i] =
            (struct treaty_force){ &world->treaties[i], &world->status[i], &world->hashes[i] };
    }
    for (size_t s = 0; s < t->q.spent_count; s++) {
        for (uint32_t i = 0; i < world->treaty_count; i++) {
            struct text id = before->q.spent[s].clause->id;
            const struct clause *found = treaty_clause_find(&world->treaties[i], id);
            if (found != NULL && found->capacity.count > 0 && kept < t->q.spent_count)
                spent[kept++] = (struct reference_spent){ found, before->q.spent[s].count };
        }
    }
    t->q.spent = spent;
    t->q.spent_count = kept;
    t->q.treaties = world->force;
    t->q.treaty_count = world->treaty_count;
    t->q.national_opt = &world->national;
    t->q.view = &t->view;
    return !failed(arena_check(arena));
}

/* Pointers into a trial that was copied. */
static void trial_moved(struct trial *t)
{
    for (uint32_t i = 0; i < t->world.treaty_count; i++)
        t->world.force[i] = (struct treaty_force){ &t->world.treaties[i], &t->world.status[i],
                                                   &t->world.hashes[i] };
    t->q.treaties = t->world.force;
    t->q.national_opt = &t->world.national;
    t->q.view = &t->view;
}

/* Cuts as long as what is looked for still happens. Gives how many cuts were made. */
static uint32_t shrink(struct trial *t, trial_fn *happens, struct arena *arena)
{
    static struct trial smaller;
    uint32_t cuts = 0;
    uint32_t before = UINT32_MAX;
    while (cuts != before) {
        before = cuts;
        for (uint32_t place = 0;;) {
            size_t mark = arena->used;
            smaller = *t;
            if (!cut(&smaller, place, arena))
                break;
            bool good = trial_ready(&smaller, t, arena);
            size_t kept = arena->used;
            if (good && happens(&smaller, arena)) {
                arena_rewind(arena, kept);
                *t = smaller;
                trial_moved(t);
                cuts++;
            } else {
                arena_rewind(arena, mark);
                place++;
            }
        }
    }
    return cuts;
}

/* What compare looks for. */
static bool evaluators_differ(struct trial *t, struct arena *arena)
{
    struct treaty_spent spent[WORLD_SPENT_MAX];
    struct given given = { .spent_count = 0 };
    const struct treaty_row *row = NULL;
    struct decision fast;
    struct reference_decision slow;
    world_compile(&t->world, arena);
    if (t->world.rules == NULL ||
        failed(treaty_row_make(t->world.rules, &t->view, WORLD_NOW, arena, &row)))
        return false;
    struct question question = same_question(&t->q, &given, t->world.rules, row);
    for (size_t s = 0; s < t->q.spent_count; s++) {
        for (uint32_t i = 0; i < treaty_rule_count(t->world.rules); i++) {
            if (treaty_basis(t->world.rules, (uint16_t)i).clause == t->q.spent[s].clause)
                spent[s] = (struct treaty_spent){ (uint16_t)i, t->q.spent[s].count };
        }
    }
    question.spent = spent;
    question.spent_count = t->q.spent_count;
    treaty_decide(t->world.rules, &question, &fast);
    reference_decide(&t->q, &slow);
    return !same_decision(t->world.rules, &fast, &slow);
}

static void trial_tell(const struct trial *t, struct arena *arena)
{
    struct text text;
    for (uint32_t i = 0; i < t->world.treaty_count; i++) {
        if (!failed(treaty_print(&t->world.treaties[i], LANGUAGE_EN, arena, &text)))
            fprintf(stderr, "%.*s", (int)text.len, text.data);
        for (uint32_t a = 0; a < t->world.acts[i].count; a++) {
            const struct treaty_event *e = &t->world.acts[i].events[a];
            text = instant_format(arena, e->at);
            fprintf(stderr, "# %.*s %s %s %s %u.%u\n", (int)text.len, text.data,
                    treaty_act_name(e->act), e->party.data,
                    e->against.len > 0 ? e->against.data : "", e->article, e->clause);
        }
    }
    if (!failed(national_print(&t->world.national, LANGUAGE_EN, arena, &text)))
        fprintf(stderr, "%.*s", (int)text.len, text.data);
    for (uint32_t i = 0; i < t->view.alert_count; i++)
        fprintf(stderr, "# alert %u: %.*s, %s, level %d\n", i, (int)t->view.alerts[i].category.len,
                t->view.alerts[i].category.data, t->view.kind.data,
                (int)t->view.alerts[i].classification);
    fprintf(stderr, "# from %s to %s, mode %d, purpose %.*s, alerts %llx\n", t->q.from.data,
            t->q.to.data, (int)t->q.mode, (int)t->q.purpose.len, t->q.purpose.data,
            (unsigned long long)t->q.alerts);
}

#endif
