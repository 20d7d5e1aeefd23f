/* Messages (design section 5): questions under an `ask` clause, reports and answers under the
 * clause that shared the record. */
#include <assert.h>

#include "treaty/ruleset.h"

/* What goes with a share clause: reports and answers under its answer duty, and under any share
 * clause the messages about protecting the data of that very copy (2016/680 art. 7, 14-17). */
static const struct {
    const char *kind;
    bool to_owner; /* from who received the record; else from the owner to it */
    bool answers;  /* only where the clause has an answer duty */
} duties[] = {
    { "hit-report", true, true },       { "hit-answer", false, true },
    { "subject-request", true, false }, { "subject-answer", false, false },
    { "inaccuracy", false, false },     { "inaccuracy-known", true, false },
    { "restriction", false, false },    { "copy-erased", true, false },
    { "use-report", true, false },
};
enum { DUTIES = sizeof(duties) / sizeof(duties[0]) };

bool treaty_protects(struct text kind)
{
    for (size_t i = 0; i < DUTIES; i++) {
        if (!duties[i].answers && text_is(kind, duties[i].kind))
            return true;
    }
    return false;
}

static bool between(const struct ruleset *rules, uint32_t i, uint16_t from, uint16_t to)
{
    return bit_test(rules->from + (size_t)from * RULE_WORDS_MAX, i) &&
           bit_test(rules->to + (size_t)to * RULE_WORDS_MAX, i);
}

static bool concerns(const struct ruleset *rules, uint32_t i, uint16_t from, uint16_t to,
                     struct instant as_of)
{
    const struct rule *rule = &rules->rules[i];
    return between(rules, i, from, to) &&
           (rule->treaty == NATIONAL_RULE ||
            treaty_binding(rules, rule->treaty, from, to, as_of) == BINDS);
}

/* A clause that is suspended or replaced gives nothing anew; who holds a copy under it is still
 * told what protects the person. */
static bool outlives(const struct ruleset *rules, uint32_t i, uint16_t from, uint16_t to,
                     struct instant as_of)
{
    const struct rule *rule = &rules->rules[i];
    enum binding binding = rule->treaty == NATIONAL_RULE
                               ? BINDS_NOT_BOUND
                               : treaty_binding(rules, rule->treaty, from, to, as_of);
    return between(rules, i, from, to) &&
           (binding == BINDS || binding == BINDS_SUSPENDED || binding == BINDS_REPLACED);
}

/* The first clause with something left; *used_up_out: one would fit, but its capacity. */
static uint16_t find_ask(const struct ruleset *rules, const struct treaty_ask *ask, uint16_t from,
                         uint16_t to, bool *used_up_out)
{
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        const struct clause *clause = rules->rules[i].clause;
        if (rules->rules[i].kind == CLAUSE_ASK && codes_have(clause->codes, ask->kind) &&
            purpose_listed(clause->purposes, ask->purpose) &&
            concerns(rules, i, from, to, ask->as_of) && rule_reciprocated(rules, i, from, to) &&
            !rule_disputed(rules, &rules->rules[i], from, to, ask->as_of)) {
            if (ask->reply || !rule_used_up(rules, i, ask->spent, ask->spent_count))
                return (uint16_t)i;
            *used_up_out = true;
        }
    }
    return NO_RULE;
}

static uint16_t find_duty(const struct ruleset *rules, const struct treaty_ask *ask)
{
    size_t i = 0;
    while (i < DUTIES && !text_is(ask->kind, duties[i].kind))
        i++;
    if (ask->basis >= rules->rule_count || i == DUTIES)
        return NO_RULE;
    const struct rule *rule = &rules->rules[ask->basis];
    uint16_t owner = duties[i].to_owner ? ask->to : ask->from;
    uint16_t other = duties[i].to_owner ? ask->from : ask->to;
    bool clock = rule->otherwise_hours + rule->urgent_hours > 0;
    bool may = duties[i].answers
                   ? clock && concerns(rules, ask->basis, owner, other, ask->as_of) &&
                         !rule_disputed(rules, rule, owner, other, ask->as_of)
                   : outlives(rules, ask->basis, owner, other, ask->as_of);
    return rule->kind == CLAUSE_SHARE && may ? ask->basis : NO_RULE;
}

static bool use_forbidden_by(const struct rule *rule, struct text purpose)
{
    return rule->kind == CLAUSE_NEVER_USE && (codes_have(rule->clause->purposes, purpose) ||
                                              purpose_listed(rule->clause->purposes, purpose));
}

/* What forbids a message: a halt, or a forbidden use. What protects the data of a copy has no
 * purpose of its own. */
static void forbid(const struct ruleset *rules, const struct treaty_ask *ask, struct decision *d)
{
    bool protects = treaty_protects(ask->kind) && d->rule == ask->basis;
    for (uint32_t i = 0; i < rules->rule_count && d->outcome == DECISION_SHARE; i++) {
        const struct rule *rule = &rules->rules[i];
        bool use = !protects && use_forbidden_by(rule, ask->purpose) &&
                   rule->scope_begin <= d->rule && d->rule < rule->scope_end;
        if ((rule->kind != CLAUSE_HALT && !use) ||
            !concerns(rules, i, ask->from, ask->to, ask->as_of))
            continue;
        bool national = rule->treaty == NATIONAL_RULE;
        d->outcome = DECISION_DENY;
        d->layer = national ? LAYER_NATIONAL : LAYER_TREATY;
        d->reason = rule->kind == CLAUSE_HALT ? REASON_HALTED
                    : national                ? REASON_NATIONAL
                                              : REASON_NEVER_USE;
        d->denied_by = (uint16_t)i;
    }
}

void treaty_may_ask(const struct ruleset *rules, const struct treaty_ask *ask, struct decision *out)
{
    struct decision d = { .outcome = DECISION_DENY,
                          .layer = LAYER_TREATY,
                          .reason = REASON_NOT_MEMBER,
                          .rule = NO_RULE,
                          .denied_by = NO_RULE,
                          .audience = UINT64_MAX };
    bool used_up = false;
    uint32_t members = rules->names[NAME_MEMBER].count;
    if (ask->from >= members || ask->to >= members || ask->from == ask->to) {
        *out = d;
        return;
    }
    d.rule = find_duty(rules, ask);
    if (d.rule == NO_RULE)
        d.rule = ask->reply ? find_ask(rules, ask, ask->to, ask->from, &used_up)
                            : find_ask(rules, ask, ask->from, ask->to, &used_up);
    d.reason = used_up ? REASON_CAPACITY : REASON_NO_CLAUSE;
    if (d.rule != NO_RULE) {
        const struct rule *rule = &rules->rules[d.rule];
        d.outcome = DECISION_SHARE;
        d.layer = LAYER_NONE;
        d.reason = REASON_NONE;
        d.conditions = rule->conditions;
        d.audience = rule->audience;
        d.urgent_hours = rule->urgent_hours;
        d.otherwise_hours = rule->otherwise_hours;
        forbid(rules, ask, &d);
    }
    *out = d;
}
