/* What a world, a record and a question can do without, one thing at a time. */
#ifndef COMITY_TREATY_CUT_TEST_H
#define COMITY_TREATY_CUT_TEST_H

#include "treaty/same_test.h"

struct trial {
    struct world world; /* its `rules` are of no use here */
    struct treaty_view view;
    struct reference_question
        q; /* `treaties`, `national_opt` and `view` are set by trial_ready() */
};

/* Cuts what stands at the place number `left`. */
struct cutter {
    uint32_t left;
    bool done;
    struct arena *arena;
};

static bool cut_here(struct cutter *c)
{
    if (c->done)
        return false;
    c->done = c->left == 0;
    c->left--;
    return c->done;
}

/* The list without one of its items. */
static const void *cut_list(struct cutter *c, const void *items, uint32_t *count, size_t size)
{
    for (uint32_t i = 0; i < *count && !c->done; i++) {
        if (!cut_here(c))
            continue;
        char *out = (char *)arena_take_array(c->arena, *count, size);
        memcpy(out, items, i * size);
        memcpy(out + i * size, (const char *)items + (i + 1) * size, (*count - i - 1) * size);
        (*count)--;
        return out;
    }
    return items;
}

#define CUT_LIST(c, list, count) ((list) = cut_list((c), (list), &(count), sizeof((list)[0])))

/* Codes of which one has to stay. */
static void cut_codes(struct cutter *c, struct codes *codes)
{
    if (codes->count > 1)
        CUT_LIST(c, codes->items, codes->count);
}

/* An operand in place of the whole, somewhere. */
static const struct condition *cut_condition(struct cutter *c, const struct condition *condition)
{
    struct condition *items = ARENA_ARRAY(c->arena, struct condition, condition->count);
    struct condition *out = ARENA_NEW(c->arena, struct condition);
    *out = *condition;
    for (uint32_t i = 0; i < condition->count && !c->done; i++) {
        if (cut_here(c))
            return &condition->items[i];
    }
    for (uint32_t i = 0; i < condition->count; i++)
        items[i] = c->done ? condition->items[i] : *cut_condition(c, &condition->items[i]);
    out->items = items;
    cut_codes(c, &out->codes);
    return out;
}

static void cut_condition_opt(struct cutter *c, const struct condition **condition_opt)
{
    if (*condition_opt == NULL || c->done)
        return;
    if (cut_here(c))
        *condition_opt = NULL;
    else
        *condition_opt = cut_condition(c, *condition_opt);
}

/* Bytes that are not zero become so. */
static void cut_part(struct cutter *c, void *part, size_t size)
{
    static const char nothing[64];
    if (memcmp(part, nothing, size) != 0 && cut_here(c))
        memset(part, 0, size);
}

#define CUT_PART(c, part) cut_part((c), &(part), sizeof(part))

static void cut_clause(struct cutter *c, struct clause *clause)
{
    CUT_PART(c, clause->from);
    CUT_PART(c, clause->to);
    cut_condition_opt(c, &clause->where_opt);
    cut_condition_opt(c, &clause->unless_opt);
    CUT_PART(c, clause->ceiling);
    CUT_PART(c, clause->audience);
    CUT_PART(c, clause->capacity);
    CUT_PART(c, clause->reciprocal);
    CUT_PART(c, clause->conditions);
    CUT_PART(c, clause->retain);
    CUT_PART(c, clause->review);
    CUT_PART(c, clause->warn);
    CUT_PART(c, clause->extend);
    CUT_PART(c, clause->achieved);
    CUT_PART(c, clause->offline);
    CUT_PART(c, clause->urgent);
    CUT_PART(c, clause->otherwise);
    CUT_PART(c, clause->counted);
    CUT_PART(c, clause->stopped);
    CUT_PART(c, clause->grounds);
    CUT_PART(c, clause->under);
    if (clause->kind == CLAUSE_SHARE)
        CUT_PART(c, clause->withheld);
    cut_codes(c, &clause->codes);
    cut_codes(c, &clause->purposes);
    cut_codes(c, &clause->offices);
}

/* One clause of the list less, or a smaller one. */
static const struct clause *cut_clauses(struct cutter *c, const struct clause *clauses,
                                        uint32_t *count)
{
    clauses = cut_list(c, clauses, count, sizeof(clauses[0]));
    struct clause *out = ARENA_ARRAY(c->arena, struct clause, *count);
    for (uint32_t i = 0; i < *count; i++) {
        out[i] = clauses[i];
        if (!c->done)
            cut_clause(c, &out[i]);
    }
    return out;
}

static void cut_treaty(struct cutter *c, struct treaty *treaty)
{
    CUT_LIST(c, treaty->articles, treaty->article_count);
    CUT_LIST(c, treaty->reservations, treaty->reservation_count);
    struct article *articles = ARENA_ARRAY(c->arena, struct article, treaty->article_count);
    struct reservation *reservations =
        ARENA_ARRAY(c->arena, struct reservation, treaty->reservation_count);
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        articles[i] = treaty->articles[i];
        articles[i].clauses = cut_clauses(c, articles[i].clauses, &articles[i].count);
    }
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        reservations[i] = treaty->reservations[i];
        reservations[i].clauses = cut_clauses(c, reservations[i].clauses, &reservations[i].count);
    }
    treaty->articles = articles;
    treaty->reservations = reservations;
    CUT_LIST(c, treaty->groups, treaty->group_count);
    CUT_LIST(c, treaty->recognitions, treaty->recognition_count);
    CUT_LIST(c, treaty->markings, treaty->marking_count);
    CUT_LIST(c, treaty->replaces, treaty->replaces_count);
    CUT_PART(c, treaty->prevails);
    CUT_PART(c, treaty->accession);
    CUT_PART(c, treaty->provisional);
    CUT_PART(c, treaty->renewal);
    CUT_PART(c, treaty->until);
    CUT_PART(c, treaty->notice);
    CUT_PART(c, treaty->amended_by);
    CUT_PART(c, treaty->ceiling);
    CUT_PART(c, treaty->from);
}

/* One agreement less; with it goes what was done to it. */
static void cut_agreements(struct cutter *c, struct world *world)
{
    for (uint32_t i = 0; world->treaty_count > 1 && i < world->treaty_count; i++) {
        if (!cut_here(c))
            continue;
        uint32_t behind = --world->treaty_count - i;
        memmove(&world->treaties[i], &world->treaties[i + 1], behind * sizeof(struct treaty));
        memmove(&world->acts[i], &world->acts[i + 1], behind * sizeof(struct world_acts));
        memmove(&world->status[i], &world->status[i + 1], behind * sizeof(struct treaty_status));
        return;
    }
}

/* Acts keep one at least: a status of chance would take their place. */
static void cut_acts(struct cutter *c, struct world_acts *acts, struct treaty_status *status)
{
    for (uint32_t i = 0; acts->count > 1 && i < acts->count; i++) {
        if (cut_here(c))
            acts->events[i] = acts->events[--acts->count];
    }
    for (uint32_t i = 0; acts->count == 0 && i < status->stop_count; i++) {
        if (cut_here(c))
            status->stops[i] = status->stops[--status->stop_count];
    }
}

static void cut_alert(struct cutter *c, struct view_alert *alert)
{
    CUT_PART(c, alert->offences);
    CUT_PART(c, alert->subjects);
    CUT_PART(c, alert->warnings);
    CUT_PART(c, alert->grading);
    CUT_PART(c, alert->handling);
    CUT_PART(c, alert->only);
    CUT_PART(c, alert->never);
    CUT_PART(c, alert->restricted);
    CUT_PART(c, alert->valid_from);
    CUT_PART(c, alert->valid_until);
    CUT_PART(c, alert->hidden_until);
}

static void cut_question(struct cutter *c, struct trial *t)
{
    struct view_alert *alerts = ARENA_ARRAY(c->arena, struct view_alert, t->view.alert_count);
    for (uint32_t i = 0; i < t->view.alert_count; i++) {
        alerts[i] = t->view.alerts[i];
        cut_alert(c, &alerts[i]);
    }
    t->view.alerts = alerts;
    for (uint32_t i = 0; t->view.alert_count > 1 && i < t->view.alert_count; i++) {
        uint64_t below = (UINT64_C(1) << i) - 1;
        if (!cut_here(c))
            continue;
        t->q.alerts = (t->q.alerts & below) | (t->q.alerts >> 1 & ~below);
        t->view.alert_count--;
        memmove(&alerts[i], &alerts[i + 1], (t->view.alert_count - i) * sizeof(alerts[0]));
    }
    CUT_PART(c, t->view.nationalities);
    CUT_PART(c, t->view.note_count);
    CUT_PART(c, t->q.purpose);
    CUT_PART(c, t->q.urgent);
    CUT_PART(c, t->q.release_count);
    CUT_PART(c, t->q.assurances);
    CUT_PART(c, t->q.spent_count);
}

static bool cut(struct trial *t, uint32_t place, struct arena *arena)
{
    struct cutter c = { .left = place, .arena = arena };
    cut_agreements(&c, &t->world);
    for (uint32_t i = 0; i < t->world.treaty_count; i++) {
        cut_treaty(&c, &t->world.treaties[i]);
        cut_acts(&c, &t->world.acts[i], &t->world.status[i]);
    }
    t->world.national.clauses =
        cut_clauses(&c, t->world.national.clauses, &t->world.national.count);
    cut_question(&c, t);
    return c.done;
}

#endif
