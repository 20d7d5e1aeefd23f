/* A world without one construct of the language: what the construct decides is what differs. */
#ifndef COMITY_TREATY_STRIP_TEST_H
#define COMITY_TREATY_STRIP_TEST_H

#include "treaty/construct_test.h"

static void strip_treaty(struct treaty *treaty, enum construct what, struct arena *arena)
{
    struct article *articles = ARENA_ARRAY(arena, struct article, treaty->article_count);
    struct reservation *reservations =
        ARENA_ARRAY(arena, struct reservation, treaty->reservation_count);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        articles[i] = treaty->articles[i];
        articles[i].clauses = strip_clauses(articles[i].clauses, articles[i].count, what, arena);
    }
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        struct reservation r = treaty->reservations[i];
        r.clauses = strip_clauses(r.clauses, r.count, what, arena);
        if (what != (r.not_bound ? WITHOUT_NOT_BOUND : WITHOUT_RESERVED))
            reservations[kept++] = r;
    }
    treaty->articles = articles;
    treaty->reservations = reservations;
    treaty->reservation_count = kept;
    if (what == WITHOUT_CEILING_ALL)
        treaty->ceiling = LEVEL_NONE;
    if (what == WITHOUT_SILENCE)
        treaty->silence_days = 0;
    if (what == WITHOUT_GROUPS)
        treaty->group_count = 0;
    if (what == WITHOUT_PREVAILS)
        treaty->prevails.count = 0;
    if (what == WITHOUT_REPLACES)
        treaty->replaces_count = 0;
    if (what == WITHOUT_FROM)
        treaty->from.year = 0;
}

static void strip_status(struct treaty_status *status, enum construct what)
{
    static const enum construct stops[STOP_WHYS] = { [STOP_SUSPENDED] = WITHOUT_SUSPENDED,
                                                     [STOP_DISPUTED] = WITHOUT_DISPUTED,
                                                     [STOP_OPPOSED] = WITHOUT_OPPOSED };
    uint32_t kept = 0;
    for (uint32_t i = 0; i < status->stop_count; i++) {
        if (stops[status->stops[i].why] != what)
            status->stops[kept++] = status->stops[i];
    }
    status->stop_count = kept;
    for (uint32_t i = 0; i < TREATY_PARTIES_MAX; i++) {
        if (what == WITHOUT_LEFT)
            status->bound[i].until = INSTANT_OPEN;
        if (what == WITHOUT_NOT_YET)
            status->bound[i].from = (struct instant){ 0 };
    }
}

/* A copy: it borrows from `world` and is compared by the reference alone. */
static void strip_world(const struct world *world, enum construct what, struct arena *arena,
                        struct world *out)
{
    *out = *world;
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        strip_treaty(&out->treaties[i], what, arena);
        strip_status(&out->status[i], what);
        out->force[i].treaty = &out->treaties[world->force[i].treaty - world->treaties];
        out->force[i].status = &out->status[world->force[i].treaty - world->treaties];
    }
    out->national.clauses =
        strip_clauses(world->national.clauses, world->national.count, what, arena);
    if (what == WITHOUT_NATIONAL)
        out->national.count = 0;
}

static void strip_alert(struct view_alert *alert, enum construct what)
{
    struct view_values *values[] = { &alert->offences, &alert->subjects, &alert->warnings,
                                     &alert->grading, &alert->handling };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]) && what == WITHOUT_DOUBT; i++)
        values[i]->doubt = false;
    if (what == WITHOUT_ONLY)
        alert->restricted = false;
    if (what == WITHOUT_NOT_FOR)
        alert->never.count = 0;
    if (what == WITHOUT_VALID)
        alert->valid_from = alert->valid_until = (struct instant){ 0 };
    if (what == WITHOUT_HIDDEN)
        alert->hidden_until = (struct instant){ 0 };
}

static void strip_view(struct treaty_view *view, enum construct what, struct arena *arena)
{
    struct view_alert *alerts = ARENA_ARRAY(arena, struct view_alert, view->alert_count);
    for (uint32_t i = 0; i < view->alert_count; i++) {
        alerts[i] = view->alerts[i];
        strip_alert(&alerts[i], what);
    }
    view->alerts = alerts;
}

static const struct clause *same_clause(const struct world *world, const struct world *other,
                                        const struct clause *clause)
{
    for (uint32_t i = 0; i < world->treaty_count; i++) {
        for (uint32_t j = 0; j < world->treaties[i].article_count; j++) {
            const struct article *article = &world->treaties[i].articles[j];
            for (uint32_t k = 0; k < article->count; k++) {
                if (&article->clauses[k] == clause)
                    return &other->treaties[i].articles[j].clauses[k];
            }
        }
    }
    return clause;
}

static void strip_question(struct reference_question *q, enum construct what)
{
    if (what == WITHOUT_GIVEN_RELEASE)
        q->release_count = 0;
    if (what == WITHOUT_PURPOSE)
        q->purpose = TEXT("");
    if (what == WITHOUT_SPENT)
        q->spent_count = 0;
}

static bool same_slow_set(const struct reference_set *a, const struct reference_set *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++)
        same = text_equal(a->items[i], b->items[i]);
    return same;
}

/* But for the clause, which stands in another world. */
static bool same_slow(const struct reference_decision *a, const struct reference_decision *b)
{
    bool same = a->outcome == b->outcome && a->reason == b->reason && a->shared == b->shared &&
                a->held == b->held && a->restricted == b->restricted && a->extend == b->extend &&
                a->persons == b->persons && a->silence_days == b->silence_days &&
                a->retain_days == b->retain_days && a->review_days == b->review_days &&
                a->achieved_days == b->achieved_days && a->warn_days == b->warn_days &&
                a->offline_hours == b->offline_hours && a->urgent_hours == b->urgent_hours &&
                a->otherwise_hours == b->otherwise_hours;
    const struct reference_set *ours[] = { &a->withheld, &a->conditions, &a->never_use,
                                           &a->offices,  &a->duties,     &a->audience };
    const struct reference_set *theirs[] = { &b->withheld, &b->conditions, &b->never_use,
                                             &b->offices,  &b->duties,     &b->audience };
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        same = same && same_slow_set(ours[i], theirs[i]);
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++)
        same = same && same_slow_set(&a->coarse[way], &b->coarse[way]);
    return same;
}

/* Would the question be answered otherwise without the construct? */
static bool is_decisive(const struct world *world, const struct world *stripped,
                        const struct reference_question *q, enum construct what,
                        struct arena *arena)
{
    struct reference_question other = *q;
    struct treaty_view view = *q->view;
    struct reference_spent spent[WORLD_SPENT_MAX];
    struct reference_decision with;
    struct reference_decision without;
    size_t mark = arena->used;
    strip_view(&view, what, arena);
    strip_question(&other, what);
    for (size_t i = 0; i < q->spent_count; i++) {
        spent[i].clause = same_clause(world, stripped, q->spent[i].clause);
        spent[i].count = q->spent[i].count;
    }
    other.spent = spent;
    other.treaties = stripped->force;
    other.national_opt = &stripped->national;
    other.view = &view;
    reference_decide(q, &with);
    reference_decide(&other, &without);
    arena_rewind(arena, mark);
    return !same_slow(&with, &without);
}

#endif
