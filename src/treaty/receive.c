/* The receiver's second opinion: the same clauses, for the same instant, on what it can see. What
 * it cannot see is unknown, and unknown is no contradiction: the sender knew. */
#include <assert.h>

#include "treaty/ruleset.h"

struct opinion {
    const struct ruleset *rules;
    const struct treaty_row *row;
    struct question question; /* with nothing given: late tests are unknown on a partial view */
};

/* The permission may have been true for the sender. */
static bool may_permit(const struct opinion *o, uint32_t i, uint32_t alert)
{
    const struct rule *rule = &o->rules->rules[i];
    enum level level = o->row->view->alerts[alert].classification;
    uint16_t from = o->question.from;
    uint16_t to = o->question.to;
    return rule->kind == CLAUSE_SHARE && rule->clause->mode == MODE_COPY &&
           bit_test(o->rules->from + (size_t)from * RULE_WORDS_MAX, i) &&
           bit_test(o->rules->to + (size_t)to * RULE_WORDS_MAX, i) &&
           rule_in_force(o->row, rule, from, to) && rule_reciprocated(o->rules, i, from, to) &&
           !rule_disputed(o->rules, rule, from, to, o->row->as_of) && o->row->kind >= 0 &&
           (rule->kinds >> o->row->kind & 1) != 0 &&
           (rule->ceiling == LEVEL_NONE || level <= rule->ceiling) &&
           rule_truth(o->rules, rule, o->row, alert, &o->question) != TRUTH_FALSE;
}

/* A prohibition was surely broken. National rules here are the receiver's own and bind only what it
 * sends, so they are not asked. */
static bool surely_forbidden(const struct opinion *o, uint32_t share, uint32_t alert)
{
    for (uint32_t i = 0; i < o->rules->rule_count; i++) {
        const struct rule *rule = &o->rules->rules[i];
        if (rule->kind == CLAUSE_NEVER_SHARE && rule->treaty != NATIONAL_RULE &&
            rule->scope_begin <= share && share < rule->scope_end &&
            bit_test(o->rules->from + (size_t)o->question.from * RULE_WORDS_MAX, i) &&
            bit_test(o->rules->to + (size_t)o->question.to * RULE_WORDS_MAX, i) &&
            rule_in_force(o->row, rule, o->question.from, o->question.to) && o->row->kind >= 0 &&
            (rule->kinds >> o->row->kind & 1) != 0 &&
            rule_truth(o->rules, rule, o->row, alert, &o->question) == TRUTH_TRUE)
            return true;
    }
    return false;
}

static bool alert_plausible(const struct opinion *o, uint32_t alert, uint32_t *share_out)
{
    for (uint32_t i = 0; i < o->rules->rule_count; i++) {
        if (may_permit(o, i, alert) && !surely_forbidden(o, i, alert)) {
            *share_out = i;
            return true;
        }
    }
    return false;
}

static bool any_present(struct codes withheld, struct codes fields)
{
    for (uint32_t i = 0; i < withheld.count; i++) {
        for (uint32_t j = 0; j < fields.count; j++) {
            if (attribute_find(fields.items[j]) != ATTRIBUTE_RAW &&
                attribute_matches(fields.items[j], withheld.items[i]))
                return true;
        }
    }
    return false;
}

/* The clause of the basis withholds a field that is there; or one that surely applies does. */
static bool field_withheld(const struct opinion *o, uint32_t share, struct codes fields)
{
    if (any_present(o->rules->rules[share].clause->withheld, fields))
        return true;
    for (uint32_t i = 0; i < o->rules->rule_count; i++) {
        const struct rule *rule = &o->rules->rules[i];
        if (rule->kind != CLAUSE_WITHHOLD || rule->treaty == NATIONAL_RULE ||
            share < rule->scope_begin || share >= rule->scope_end ||
            !bit_test(o->rules->from + (size_t)o->question.from * RULE_WORDS_MAX, i) ||
            !bit_test(o->rules->to + (size_t)o->question.to * RULE_WORDS_MAX, i) ||
            !rule_in_force(o->row, rule, o->question.from, o->question.to))
            continue;
        for (uint32_t a = 0; a < o->row->alert_count; a++) {
            if (may_permit(o, share, a) &&
                rule_truth(o->rules, rule, o->row, a, &o->question) == TRUTH_TRUE &&
                any_present(rule->clause->withheld, fields))
                return true;
        }
    }
    return false;
}

struct err treaty_receive_check(const struct ruleset *rules, const struct treaty_received *received)
{
    struct opinion o = { .rules = rules, .row = received->row };
    o.question.from = received->from;
    o.question.to = received->to;
    o.question.row = received->row;
    assert(received->row->rules == rules && received->row->view->partial);
    uint16_t basis = treaty_rule_find(rules, &received->agreement, received->clause);
    uint32_t members = rules->names[NAME_MEMBER].count;
    if (basis == NO_RULE || received->from >= members || received->to >= members)
        return err_make(ERR_NOT_FOUND, "treaty.basis-unknown");
    if (treaty_basis(rules, basis).treaty->version != received->version ||
        received->from == received->to || received->row->alert_count == 0)
        return err_make(ERR_DENIED, "treaty.basis-contradicted");
    bool named = false;
    for (uint32_t i = 0; i < received->row->alert_count; i++) {
        uint32_t share = 0;
        if (!alert_plausible(&o, i, &share))
            return err_make(ERR_DENIED, "treaty.basis-contradicted");
        named = named || (may_permit(&o, basis, i) && !surely_forbidden(&o, basis, i));
    }
    if (!named)
        return err_make(ERR_DENIED, "treaty.basis-contradicted");
    if (field_withheld(&o, basis, received->fields))
        return err_make(ERR_DENIED, "treaty.basis-withheld");
    return err_none();
}

static bool use_forbidden(const struct opinion *o, uint32_t share, struct text purpose)
{
    for (uint32_t i = 0; i < o->rules->rule_count; i++) {
        const struct rule *rule = &o->rules->rules[i];
        if (rule->kind != CLAUSE_NEVER_USE || share < rule->scope_begin ||
            share >= rule->scope_end || rule->treaty == NATIONAL_RULE ||
            !rule_in_force(o->row, rule, o->question.from, o->question.to))
            continue;
        for (uint32_t j = 0; j < rule->clause->purposes.count; j++) {
            if (text_equal(rule->clause->purposes.items[j], purpose))
                return true;
        }
        if (purpose_listed(rule->clause->purposes, purpose))
            return true;
    }
    return false;
}

struct err treaty_may_use(const struct ruleset *rules, const struct treaty_received *received,
                          struct text purpose)
{
    struct opinion o = { .rules = rules, .row = received->row };
    o.question.from = received->from;
    o.question.to = received->to;
    o.question.row = received->row;
    assert(received->row->rules == rules);
    uint32_t members = rules->names[NAME_MEMBER].count;
    bool known = received->from < members && received->to < members;
    for (uint32_t a = 0; known && a < received->row->alert_count; a++) {
        for (uint32_t i = 0; i < rules->rule_count; i++) {
            if (may_permit(&o, i, a) && !surely_forbidden(&o, i, a) &&
                purpose_listed(rules->rules[i].clause->purposes, purpose) &&
                !use_forbidden(&o, i, purpose))
                return err_none();
        }
    }
    return err_make(ERR_DENIED, "treaty.purpose-not-covered");
}
