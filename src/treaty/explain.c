/* Why: every rule that could speak about the two members, and what it said. Codes only; sentences
 * are the catalogue's. The decision itself is treaty_decide()'s. */
#include "core/encode.h"
#include "wording/parts.h"
#include "treaty/ruleset.h"

static bool on_sides(const struct question *q, uint32_t i)
{
    const struct ruleset *rules = q->row->rules;
    return bit_test(rules->from + (size_t)q->from * RULE_WORDS_MAX, i) &&
           bit_test(rules->to + (size_t)q->to * RULE_WORDS_MAX, i);
}

/* For one alert; the order is that of the questions a reader would ask. */
static enum step_result consider(const struct question *q, uint32_t i, uint32_t alert)
{
    const struct treaty_row *row = q->row;
    const struct rule *rule = &row->rules->rules[i];
    bool permits = rule->kind == CLAUSE_SHARE;
    enum level level = row->view->alerts[alert].classification;
    bool kind_in = row->kind >= 0 && (rule->kinds >> row->kind & 1) != 0;
    if (!on_sides(q, i))
        return STEP_NOT_PARTIES;
    if (!rule_in_force(row, rule, q->from, q->to) ||
        (permits && rule_disputed(row->rules, rule, q->from, q->to, row->as_of)))
        return STEP_NOT_IN_FORCE;
    if (permits && !rule_reciprocated(row->rules, i, q->from, q->to))
        return STEP_NOT_PARTIES;
    if (!kind_in && (permits || row->kind >= 0))
        return STEP_OTHER_KIND;
    if (permits && !mode_gives(rule->clause->mode, q->mode == MODE_NONE ? MODE_COPY : q->mode))
        return STEP_OTHER_MODE;
    if (permits && rule->ceiling != LEVEL_NONE && (level == LEVEL_NONE || level > rule->ceiling))
        return STEP_CEILING;
    enum truth truth = rule_truth(row->rules, rule, row, alert, q);
    if (truth == TRUTH_FALSE)
        return STEP_CONDITION_FALSE;
    if (permits && truth == TRUTH_UNKNOWN)
        return STEP_CONDITION_UNKNOWN;
    if (permits && q->purpose.len > 0 && !purpose_listed(rule->clause->purposes, q->purpose))
        return STEP_OTHER_PURPOSE;
    return truth == TRUTH_UNKNOWN ? STEP_MATCHED_BY_DOUBT : STEP_MATCHED;
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
        enum step_result result = consider(q, i, alert);
        bool matched = result == STEP_MATCHED || result == STEP_MATCHED_BY_DOUBT;
        if (matched)
            step.alerts |= UINT64_C(1) << alert;
        if (first || (matched && result < step.result))
            step.result = result;
        first = false;
    }
    return step;
}

struct err treaty_explain(const struct ruleset *rules, const struct question *question,
                          struct arena *arena, struct explanation *out)
{
    struct explanation explanation = { .count = 0 };
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
        [STEP_NOT_IN_FORCE] = "not-in-force",
        [STEP_OTHER_KIND] = "other-kind",
        [STEP_OTHER_MODE] = "other-mode",
        [STEP_OTHER_PURPOSE] = "other-purpose",
        [STEP_CEILING] = "ceiling",
        [STEP_CONDITION_FALSE] = "condition-false",
        [STEP_CONDITION_UNKNOWN] = "condition-unknown",
    };
    return names[result];
}

static struct json names_json(const struct ruleset *rules, enum name_list list, uint64_t mask,
                              struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < RULESET_NAMES_MAX; i++) {
        if ((mask >> i & 1) != 0)
            json_push(arena, &out, json_string(treaty_name_of(rules, list, i)));
    }
    return out;
}

static struct json alerts_json(uint64_t mask, struct arena *arena)
{
    struct json out = json_array();
    for (uint32_t i = 0; i < VIEW_ALERTS_MAX; i++) {
        if ((mask >> i & 1) != 0)
            json_push(arena, &out, json_integer(i));
    }
    return out;
}

static struct json rule_json(const struct ruleset *rules, uint16_t rule, struct arena *arena)
{
    struct json out = json_object();
    struct treaty_basis basis = treaty_basis(rules, rule);
    if (basis.treaty != NULL) {
        struct text hash = hex_format(arena, BYTES_OF(basis.hash.bytes));
        json_set_text(arena, &out, "agreement", hash);
        json_set_text(arena, &out, "name", basis.treaty->name);
        json_set_integer(arena, &out, "version", basis.treaty->version);
    }
    json_set_text(arena, &out, "clause", basis.clause->id);
    return out;
}

static void set_positive(struct arena *arena, struct json *out, const char *name, uint32_t value)
{
    if (value > 0)
        json_set_integer(arena, out, name, value);
}

struct json treaty_decision_json(const struct ruleset *rules, const struct decision *d,
                                 struct arena *arena)
{
    static const char *const outcomes[] = {
        [DECISION_DENY] = "deny",
        [DECISION_SHARE] = "share",
        [DECISION_HOLD] = "hold",
    };
    struct json out = json_object();
    json_set_text(arena, &out, "outcome", text_literal(outcomes[d->outcome]));
    json_set_text(arena, &out, "layer", text_literal(treaty_layer_name(d->layer)));
    json_set_text(arena, &out, "reason", text_literal(treaty_reason_name(d->reason)));
    if (d->rule != NO_RULE)
        json_set(arena, &out, "basis", rule_json(rules, d->rule, arena));
    if (d->denied_by != NO_RULE)
        json_set(arena, &out, "denied_by", rule_json(rules, d->denied_by, arena));
    json_set(arena, &out, "shared", alerts_json(d->shared, arena));
    json_set(arena, &out, "held", alerts_json(d->held, arena));
    json_set(arena, &out, "withheld", names_json(rules, NAME_FIELD, d->withheld, arena));
    json_set(arena, &out, "conditions", names_json(rules, NAME_CONDITION, d->conditions, arena));
    json_set(arena, &out, "never_use", names_json(rules, NAME_USE, d->never_use, arena));
    json_set(arena, &out, "offices", names_json(rules, NAME_OFFICE, d->offices, arena));
    set_positive(arena, &out, "persons", d->persons);
    set_positive(arena, &out, "silence_days", d->silence_days);
    set_positive(arena, &out, "retain_days", d->retain_days);
    set_positive(arena, &out, "review_days", d->review_days);
    set_positive(arena, &out, "urgent_hours", d->urgent_hours);
    set_positive(arena, &out, "otherwise_hours", d->otherwise_hours);
    return out;
}

struct json treaty_explanation_json(const struct ruleset *rules,
                                    const struct explanation *explanation, struct arena *arena)
{
    struct json out = json_object();
    struct json steps = json_array();
    for (uint32_t i = 0; i < explanation->count; i++) {
        const struct treaty_step *step = &explanation->steps[i];
        struct json item = rule_json(rules, step->rule, arena);
        json_set_text(arena, &item, "layer", text_literal(treaty_layer_name(step->layer)));
        json_set_text(arena, &item, "result", text_literal(treaty_step_name(step->result)));
        const struct rule *rule = &rules->rules[step->rule];
        json_set_text(arena, &item, "do", text_literal(clause_forms[rule->kind].name));
        if (step->alerts != 0 && rule->withheld != 0)
            json_set(arena, &item, "withhold",
                     names_json(rules, NAME_FIELD, rule->withheld, arena));
        json_set(arena, &item, "alerts", alerts_json(step->alerts, arena));
        json_push(arena, &steps, item);
    }
    json_set(arena, &out, "decision", treaty_decision_json(rules, &explanation->decision, arena));
    json_set(arena, &out, "steps", steps);
    return out;
}
