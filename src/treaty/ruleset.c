/* What a compiled set of rules answers about itself. */
#include "treaty/ruleset.h"

#include <assert.h>

uint16_t treaty_member(const struct ruleset *rules, struct text code)
{
    const struct names *names = &rules->names[NAME_MEMBER];
    for (uint32_t i = 0; i < names->count; i++) {
        if (text_equal(names->items[i], code))
            return (uint16_t)i;
    }
    return NO_MEMBER;
}

struct text treaty_name_of(const struct ruleset *rules, enum name_list list, uint32_t i)
{
    assert(list < NAME_LISTS);
    return i < rules->names[list].count ? rules->names[list].items[i] : TEXT("");
}

uint32_t treaty_rule_count(const struct ruleset *rules)
{
    return rules->rule_count;
}

struct treaty_basis treaty_basis(const struct ruleset *rules, uint16_t rule)
{
    assert(rule < rules->rule_count);
    const struct rule *found = &rules->rules[rule];
    struct treaty_basis basis = { .clause = found->clause };
    if (found->treaty != NATIONAL_RULE) {
        basis.treaty = rules->treaties[found->treaty].treaty;
        basis.hash = rules->treaties[found->treaty].hash;
    }
    return basis;
}

uint16_t treaty_rule_find(const struct ruleset *rules, const struct hash *agreement,
                          struct text clause)
{
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->treaty != NATIONAL_RULE && text_equal(rule->clause->id, clause) &&
            hash_equal(&rules->treaties[rule->treaty].hash, agreement))
            return (uint16_t)i;
    }
    return NO_RULE;
}
