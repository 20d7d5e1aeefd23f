/* A decision and its explanation as JSON. */
#include "core/encode.h"
#include "treaty/why.h"
#include "wording/parts.h"

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

struct json rule_json(const struct ruleset *rules, uint16_t rule, struct arena *arena)
{
    struct json out = json_object();
    struct treaty_basis basis = treaty_basis(rules, rule);
    if (basis.treaty != NULL) {
        uint16_t treaty = rules->rules[rule].treaty;
        struct text hash = hex_format(arena, BYTES_OF(basis.hash.bytes));
        json_set_text(arena, &out, "agreement", hash);
        json_set_text(arena, &out, "name", basis.treaty->name);
        json_set_integer(arena, &out, "version", basis.treaty->version);
        json_set_integer(arena, &out, "order", treaty + 1);
        json_set_integer(arena, &out, "rank", rules->treaties[treaty].rank);
    }
    json_set_text(arena, &out, "clause", basis.clause->id);
    if (basis.clause->under.len > 0)
        json_set_text(arena, &out, "under", basis.clause->under);
    return out;
}

static void set_positive(struct arena *arena, struct json *out, const char *name, uint32_t value)
{
    if (value > 0)
        json_set_integer(arena, out, name, value);
}

static void set_coarse(const struct ruleset *rules, const struct decision *d, struct arena *arena,
                       struct json *out)
{
    struct json coarse = json_object();
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++) {
        if (d->coarse[way] != 0)
            json_set_name(arena, &coarse, way_code(way),
                          names_json(rules, NAME_FIELD, d->coarse[way], arena));
    }
    if (json_count(&coarse) > 0)
        json_set(arena, out, "coarse", coarse);
}

/* What the clause of the basis says that no other narrows. */
static void set_basis(const struct ruleset *rules, const struct decision *d, struct arena *arena,
                      struct json *out)
{
    const struct clause *clause = rules->rules[d->rule].clause;
    struct json rate = json_object();
    json_set(arena, out, "basis", rule_json(rules, d->rule, arena));
    json_set_codes(arena, out, "purposes", clause->purposes);
    if (clause->capacity.count > 0) {
        json_set_rate(arena, &rate, clause->capacity);
        json_set(arena, out, "capacity", rate);
    }
    json_set_codes(arena, out, "counted", clause->counted);
    json_set_codes(arena, out, "stopped", clause->stopped);
    json_set_codes(arena, out, "grounds", clause->grounds);
}

static void set_terms(const struct decision *d, struct arena *arena, struct json *out)
{
    set_positive(arena, out, "persons", d->persons);
    set_positive(arena, out, "silence_days", d->silence_days);
    set_positive(arena, out, "retain_days", d->retain_days);
    set_positive(arena, out, "review_days", d->review_days);
    set_positive(arena, out, "achieved_days", d->achieved_days);
    set_positive(arena, out, "offline_hours", d->offline_hours);
    set_positive(arena, out, "warn_days", d->warn_days);
    set_positive(arena, out, "urgent_hours", d->urgent_hours);
    set_positive(arena, out, "otherwise_hours", d->otherwise_hours);
    if (d->extend)
        json_set(arena, out, "extend", json_bool(true));
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
        set_basis(rules, d, arena, &out);
    if (d->denied_by != NO_RULE)
        json_set(arena, &out, "denied_by", rule_json(rules, d->denied_by, arena));
    json_set(arena, &out, "shared", alerts_json(d->shared, arena));
    json_set(arena, &out, "held", alerts_json(d->held, arena));
    json_set(arena, &out, "withheld", names_json(rules, NAME_FIELD, d->withheld, arena));
    set_coarse(rules, d, arena, &out);
    json_set(arena, &out, "conditions", names_json(rules, NAME_CONDITION, d->conditions, arena));
    if (d->audience != UINT64_MAX)
        json_set(arena, &out, "audience", names_json(rules, NAME_BRANCH, d->audience, arena));
    if (d->duties != 0)
        json_set(arena, &out, "duties", names_json(rules, NAME_OFFICE, d->duties, arena));
    json_set(arena, &out, "never_use", names_json(rules, NAME_USE, d->never_use, arena));
    json_set(arena, &out, "offices", names_json(rules, NAME_OFFICE, d->offices, arena));
    set_terms(d, arena, &out);
    return out;
}

/* What a rule that applies demands. */
static void set_demands(const struct clause *clause, struct arena *arena, struct json *out)
{
    if (clause->kind == CLAUSE_COARSEN) {
        json_set_codes(arena, out, "coarsen", clause->withheld);
        json_set_text(arena, out, "way", way_code(clause->way));
    } else {
        json_set_codes(arena, out, "withhold", clause->withheld);
    }
    if (clause->kind == CLAUSE_NEVER_USE)
        json_set_codes(arena, out, "never_use", clause->purposes);
    json_set_codes(arena, out, "offices", clause->offices);
    set_positive(arena, out, "persons", clause->persons);
    if (clause->text.len > 0)
        json_set_text(arena, out, "text", clause->text);
}

static void set_path(const struct question *q, const struct treaty_step *step, struct arena *arena,
                     struct json *out)
{
    const struct clause *clause = q->row->rules->rules[step->rule].clause;
    struct cursor where = cursor_where(q, step->rule, step->alert);
    struct cursor unless = cursor_unless(q, step->rule, step->alert);
    if (clause->where_opt != NULL)
        json_set(arena, out, "where", path_json(&where, clause->where_opt, arena));
    if (clause->unless_opt != NULL)
        json_set(arena, out, "unless", path_json(&unless, clause->unless_opt, arena));
}

static struct json step_json(const struct explanation *explanation, const struct treaty_step *step,
                             struct arena *arena)
{
    const struct question *q = &explanation->question;
    const struct rule *rule = &q->row->rules->rules[step->rule];
    struct json out = rule_json(q->row->rules, step->rule, arena);
    json_set_text(arena, &out, "layer", text_literal(treaty_layer_name(step->layer)));
    json_set_text(arena, &out, "result", text_literal(treaty_step_name(step->result)));
    json_set_text(arena, &out, "do", text_literal(clause_forms[rule->kind].name));
    json_set(arena, &out, "alerts", alerts_json(step->alerts, arena));
    if (step->alerts != 0)
        set_demands(rule->clause, arena, &out);
    if (step->result != STEP_NOT_PARTIES && (q->alerts >> step->alert & 1) != 0 &&
        step->alert < q->row->alert_count) {
        json_set_integer(arena, &out, "alert", step->alert);
        set_path(q, step, arena, &out);
    }
    return out;
}

static struct json remedies_json(const struct ruleset *rules, const struct explanation *explanation,
                                 struct arena *arena)
{
    struct treaty_remedy remedies[REMEDIES_MAX];
    struct json out = json_array();
    if (explanation->decision.outcome == DECISION_SHARE)
        return out;
    uint32_t count = treaty_remedies(rules, &explanation->question, remedies);
    for (uint32_t i = 0; i < count; i++)
        json_push(arena, &out,
                  treaty_remedy_json(rules, &explanation->question, &remedies[i], arena));
    return out;
}

struct json treaty_explanation_json(const struct ruleset *rules,
                                    const struct explanation *explanation, struct arena *arena)
{
    struct json out = json_object();
    struct json steps = json_array();
    for (uint32_t i = 0; i < explanation->count; i++)
        json_push(arena, &steps, step_json(explanation, &explanation->steps[i], arena));
    json_set(arena, &out, "decision", treaty_decision_json(rules, &explanation->decision, arena));
    json_set(arena, &out, "steps", steps);
    json_set(arena, &out, "remedies", remedies_json(rules, explanation, arena));
    return out;
}
