/* Whether the two evaluators said the same. */
#ifndef COMITY_TREATY_SAME_TEST_H
#define COMITY_TREATY_SAME_TEST_H

#include "treaty/question_test.h"

static bool same_set(const struct ruleset *rules, enum name_list list, uint64_t mask,
                     const struct reference_set *set)
{
    uint64_t other = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        for (uint32_t j = 0; j < RULESET_NAMES_MAX; j++) {
            if (text_equal(treaty_name_of(rules, list, j), set->items[i]))
                other |= UINT64_C(1) << j;
        }
    }
    return mask == other;
}

/* A name that the other does not have is a difference, too: every branch of a clause has one. */
static bool same_audience(const struct ruleset *rules, uint64_t mask,
                          const struct reference_decision *b)
{
    return b->restricted ? mask != UINT64_MAX && same_set(rules, NAME_BRANCH, mask, &b->audience)
                         : mask == UINT64_MAX;
}

static bool same_terms(const struct ruleset *rules, const struct decision *a,
                       const struct reference_decision *b)
{
    bool same = a->achieved_days == b->achieved_days && a->offline_hours == b->offline_hours &&
                a->warn_days == b->warn_days && a->extend == b->extend &&
                same_set(rules, NAME_OFFICE, a->duties, &b->duties) &&
                same_audience(rules, a->audience, b);
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++)
        same = same && same_set(rules, NAME_FIELD, a->coarse[way], &b->coarse[way]);
    return same;
}

static bool same_decision(const struct ruleset *rules, const struct decision *a,
                          const struct reference_decision *b)
{
    const struct clause *basis = a->rule == NO_RULE ? NULL : treaty_basis(rules, a->rule).clause;
    return a->outcome == b->outcome && a->layer == b->layer && a->reason == b->reason &&
           basis == b->basis && a->shared == b->shared && a->held == b->held &&
           a->persons == b->persons && a->silence_days == b->silence_days &&
           a->retain_days == b->retain_days && a->review_days == b->review_days &&
           a->urgent_hours == b->urgent_hours && a->otherwise_hours == b->otherwise_hours &&
           same_set(rules, NAME_FIELD, a->withheld, &b->withheld) &&
           same_set(rules, NAME_CONDITION, a->conditions, &b->conditions) &&
           same_set(rules, NAME_USE, a->never_use, &b->never_use) &&
           same_set(rules, NAME_OFFICE, a->offices, &b->offices) && same_terms(rules, a, b);
}

/* What `m` asks, of both. */
static bool same_message(const struct world *world, const struct reference_message *m,
                         const struct given *given, uint16_t basis, enum decision_reason *reason)
{
    struct decision d;
    struct treaty_ask ask = { .from = treaty_member(world->rules, m->from),
                              .to = treaty_member(world->rules, m->to),
                              .kind = m->kind,
                              .purpose = m->purpose,
                              .as_of = m->as_of,
                              .basis = basis,
                              .reply = m->reply,
                              .spent = given->same,
                              .spent_count = given->spent_count };
    const struct clause *slow = reference_may_ask(m, reason);
    treaty_may_ask(world->rules, &ask, &d);
    const struct clause *fast = d.outcome == DECISION_SHARE && d.rule != NO_RULE
                                    ? treaty_basis(world->rules, d.rule).clause
                                    : NULL;
    return fast == slow && d.reason == *reason &&
           (d.outcome == DECISION_SHARE) == (*reason == REASON_NONE);
}

#endif
