/* Which agreement binds which two members at which instant (spec/agreement.md sections 4 and 5). */
#include <assert.h>

#include "treaty/ruleset.h"

static int party_of(const struct compiled_treaty *t, uint16_t member)
{
    return t->party_of[member] == NO_PARTY ? -1 : t->party_of[member];
}

static bool bound_at(const struct compiled_treaty *t, int party, struct instant as_of)
{
    const struct treaty_bound *bound = &t->status->bound[party];
    return bound->from.ms <= as_of.ms && as_of.ms < bound->until.ms;
}

/* The stop stands between these two parties then, whoever of them did it. */
static bool stops(const struct treaty_stop *stop, int a, int b, struct instant as_of)
{
    bool between = (stop->party == a && (stop->against == STOP_ALL || stop->against == b)) ||
                   (stop->party == b && (stop->against == STOP_ALL || stop->against == a));
    return between && stop->from.ms <= as_of.ms && as_of.ms < stop->until.ms;
}

enum binding treaty_binding(const struct ruleset *rules, uint16_t treaty, uint16_t from,
                            uint16_t to, struct instant as_of)
{
    const struct compiled_treaty *t = &rules->treaties[treaty];
    int a = party_of(t, from);
    int b = party_of(t, to);
    enum binding stopped = BINDS;
    if (a < 0 || b < 0 || !bound_at(t, a, as_of) || !bound_at(t, b, as_of))
        return BINDS_NOT_BOUND;
    for (uint32_t i = 0; i < t->status->stop_count; i++) {
        const struct treaty_stop *stop = &t->status->stops[i];
        if (stop->why == STOP_DISPUTED || !stops(stop, a, b, as_of))
            continue;
        if (stop->why == STOP_OPPOSED)
            return BINDS_OPPOSED; /* there is no agreement that could be suspended */
        stopped = BINDS_SUSPENDED;
    }
    if (stopped != BINDS)
        return stopped;
    for (uint64_t bits = t->replaced_by; bits != 0; bits &= bits - 1) {
        const struct compiled_treaty *next = &rules->treaties[__builtin_ctzll(bits)];
        int x = party_of(next, from);
        int y = party_of(next, to);
        if (x >= 0 && y >= 0 &&
            treaty_status_took_over(next->status, (uint32_t)x, (uint32_t)y, as_of))
            return BINDS_REPLACED;
    }
    return BINDS;
}

bool dispute_stands(const struct ruleset *rules, const struct rule *rule, uint16_t from,
                   uint16_t to, struct instant as_of)
{
    assert(rule->treaty != NATIONAL_RULE);
    const struct compiled_treaty *t = &rules->treaties[rule->treaty];
    int a = party_of(t, from);
    int b = party_of(t, to);
    for (uint32_t i = 0; a >= 0 && b >= 0 && i < t->status->stop_count; i++) {
        const struct treaty_stop *stop = &t->status->stops[i];
        if (stop->why == STOP_DISPUTED && stop->article == rule->article &&
            (stop->clause == 0 || stop->clause == rule->number) && stops(stop, a, b, as_of))
            return true;
    }
    return false;
}

bool binds_back(const struct ruleset *rules, uint32_t rule, uint16_t from, uint16_t to)
{
    return bit_test(rules->from + (size_t)to * RULE_WORDS_MAX, rule) &&
           bit_test(rules->to + (size_t)from * RULE_WORDS_MAX, rule);
}

bool capacity_used(const struct ruleset *rules, uint32_t rule, const struct treaty_spent *spent,
                  size_t count)
{
    uint32_t capacity = rules->rules[rule].clause->capacity.count;
    for (size_t i = 0; i < count; i++) {
        if (spent[i].rule == rule)
            return spent[i].count >= capacity;
    }
    return false;
}
