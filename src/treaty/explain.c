/* Why: every rule that could speak about the two members, and what it said. Codes only; sentences
 * are the catalogue's. The decision itself is treaty_decide()'s. */
#include "treaty/why.h"

static bool on_sides(const struct question *q, uint32_t i)
{
    const struct ruleset *rules = q->row->rules;
    return bit_test(rules->from + (size_t)q->from * RULE_WORDS_MAX, i) &&
           bit_test(rules->to + (size_t)q->to * RULE_WORDS_MAX, i);
}

static enum step_result binding_result(const struct question *q, uint32_t i)
{
    static const enum step_result results[] = {
        [BINDS] = STEP_MATCHED,          [BINDS_NOT_BOUND] = STEP_NOT_BOUND,
        [BINDS_SUSPENDED] = STEP_SUSPENDED, [BINDS_OPPOSED] = STEP_OPPOSED,
        [BINDS_REPLACED] = STEP_REPLACED,
    };
    const struct ruleset *rules = q->row->rules;
    const struct rule *rule = &rules->rules[i];
    if (!on_sides(q, i))
        return STEP_NOT_PARTIES;
    if (rule->treaty == NATIONAL_RULE)
        return STEP_MATCHED;
    return results[treaty_binding(rules, rule->treaty, q->from, q->to, q->row->as_of)];
}

/* What stands in the way of a permission before its condition is read. */
static enum step_result permission_result(const struct question *q, uint32_t i, uint32_t alert)
{
    const struct treaty_row *row = q->row;
    const struct rule *rule = &row->rules->rules[i];
    enum level level = row->view->alerts[alert].classification;
    if (rule_disputed(row->rules, rule, q->from, q->to, row->as_of))
        return STEP_DISPUTED;
    if (!rule_reciprocated(row->rules, i, q->from, q->to))
        return STEP_NOT_RECIPROCAL;
    if (row->kind < 0 || (rule->kinds >> row->kind & 1) == 0)
        return STEP_OTHER_KIND;
    if (!mode_gives(rule->clause->mode, q->mode == MODE_NONE ? MODE_COPY : q->mode))
        return STEP_OTHER_MODE;
    if (rule->ceiling != LEVEL_NONE && (level == LEVEL_NONE || level > rule->ceiling))
        return STEP_CEILING;
    return STEP_MATCHED;
}

static bool is_reserved(const struct question *q, uint32_t share, uint32_t alert)
{
    const struct ruleset *rules = q->row->rules;
    const struct compiled_treaty *t = &rules->treaties[rules->rules[share].treaty];
    for (uint32_t i = t->rule_begin; i < t->rule_end; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule_is_reservation(rule) && rule_narrows(rule, share) &&
            rule_forbids(q, rule) != REASON_NONE && rule_result(q, i, alert) < STEP_NOT_PARTIES)
            return true;
    }
    return false;
}

/* What may still stand in the way of a permission whose condition is true. */
static enum step_result rest_result(const struct question *q, uint32_t i, uint32_t alert)
{
    const struct ruleset *rules = q->row->rules;
    if (q->purpose.len > 0 && !purpose_listed(rules->rules[i].clause->purposes, q->purpose))
        return STEP_OTHER_PURPOSE;
    if (is_reserved(q, i, alert))
        return STEP_RESERVED;
    return rule_used_up(rules, i, q->spent, q->spent_count) ? STEP_CAPACITY : STEP_MATCHED;
}

enum step_result rule_result(const struct question *q, uint32_t i, uint32_t alert)
{
    const struct treaty_row *row = q->row;
    const struct rule *rule = &row->rules->rules[i];
    bool permits = rule->kind == CLAUSE_SHARE;
    enum step_result result = binding_result(q, i);
    if (result == STEP_MATCHED && permits)
        result = permission_result(q, i, alert);
    else if (result == STEP_MATCHED && row->kind >= 0 && (rule->kinds >> row->kind & 1) == 0)
        result = STEP_OTHER_KIND;
    if (result != STEP_MATCHED)
        return result;
    enum truth truth = rule_truth(row->rules, rule, row, alert, q);
    if (truth == TRUTH_FALSE)
        return STEP_CONDITION_FALSE;
    if (truth == TRUTH_UNKNOWN)
        return permits ? STEP_CONDITION_UNKNOWN : STEP_MATCHED_BY_DOUBT;
    return permits ? rest_result(q, i, alert) : STEP_MATCHED;
}

static enum decision_layer layer_of(const struct rule *rule)
{
    if (rule->kind == CLAUSE_RELEASE)
        return LAYER_RELEASE;
    return rule->treaty == NATIONAL_RULE ? LAYER_NATIONAL : LAYER_TREATY;
}

static struct treaty_step step_of(const struct question *q, uint32_t i)
{
    const struct rule *rule = &q->row->rules->rules[i];
    struct treaty_step step = { .rule = (uint16_t)i,
                                .result = STEP_NOT_PARTIES,
                                .layer = layer_of(rule) };
    bool first = true;
    for (uint32_t alert = 0; alert < q->row->alert_count; alert++) {
        if ((q->alerts >> alert & 1) == 0)
            continue;
        enum step_result result = rule_result(q, i, alert);
        bool matched = result < STEP_NOT_PARTIES;
        bool further = matched ? step.alerts == 0 || result < step.result
                               : step.alerts == 0 && result > step.result;
        if (matched)
            step.alerts |= UINT64_C(1) << alert;
        if (first || further) {
            step.result = result;
            step.alert = (uint8_t)alert;
        }
        first = false;
    }
    return step;
}

struct err treaty_explain(const struct ruleset *rules, const struct question *question,
                          struct arena *arena, struct explanation *out)
{
    struct explanation explanation = { .question = *question };
    treaty_decide(rules, question, &explanation.decision);
    struct treaty_step *steps = ARENA_ARRAY(arena, struct treaty_step, rules->rule_count);
    if (steps == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (uint32_t i = 0; i < rules->rule_count && explanation.decision.reason != REASON_NOT_MEMBER;
         i++) {
        if (rules->rules[i].kind != CLAUSE_ASK)
            steps[explanation.count++] = step_of(question, i);
    }
    explanation.steps = steps;
    *out = explanation;
    return err_none();
}

const char *treaty_reason_name(enum decision_reason reason)
{
    static const char *const names[REASONS] = {
        [REASON_NONE] = "none",
        [REASON_NOT_MEMBER] = "not-member",
        [REASON_NO_ALERT] = "no-alert",
        [REASON_NO_CLAUSE] = "no-clause",
        [REASON_CAPACITY] = "capacity",
        [REASON_NEVER] = "never",
        [REASON_NEVER_USE] = "never-use",
        [REASON_NATIONAL] = "national",
        [REASON_HALTED] = "halted",
        [REASON_RECIPIENTS] = "recipients",
        [REASON_HIDDEN] = "hidden",
        [REASON_NOT_VALID] = "not-valid",
        [REASON_RELEASE] = "release",
    };
    return names[reason];
}

const char *treaty_layer_name(enum decision_layer layer)
{
    static const char *const names[] = {
        [LAYER_NONE] = "none",     [LAYER_TREATY] = "treaty",   [LAYER_NATIONAL] = "national",
        [LAYER_RECORD] = "record", [LAYER_RELEASE] = "release",
    };
    return names[layer];
}

const char *treaty_step_name(enum step_result result)
{
    static const char *const names[STEP_RESULTS] = {
        [STEP_MATCHED] = "matched",
        [STEP_MATCHED_BY_DOUBT] = "matched-by-doubt",
        [STEP_NOT_PARTIES] = "not-parties",
        [STEP_NOT_BOUND] = "not-bound",
        [STEP_SUSPENDED] = "suspended",
        [STEP_OPPOSED] = "opposed",
        [STEP_REPLACED] = "replaced",
        [STEP_DISPUTED] = "disputed",
        [STEP_NOT_RECIPROCAL] = "not-reciprocal",
        [STEP_OTHER_KIND] = "other-kind",
        [STEP_OTHER_MODE] = "other-mode",
        [STEP_OTHER_PURPOSE] = "other-purpose",
        [STEP_CEILING] = "ceiling",
        [STEP_CONDITION_FALSE] = "condition-false",
        [STEP_CONDITION_UNKNOWN] = "condition-unknown",
        [STEP_RESERVED] = "reserved",
        [STEP_CAPACITY] = "capacity",
    };
    return names[result];
}
