/* What would have to change for an alert to be shared: for each permission that joins the two and
 * speaks of this kind of record, everything that stands in its way, in all layers. */
#include <assert.h>

#include "treaty/why.h"
#include "wording/words.h"

/* Counted, and told where there is a list. */
struct plan {
    const struct question *question;
    uint32_t alert;
    struct arena *arena; /* used with `list_opt` only */
    struct json *list_opt;
    uint32_t needs, law;
};

static struct json need_json(struct plan *plan, const char *what)
{
    struct json out = json_object();
    json_set_text(plan->arena, &out, "what", text_literal(what));
    return out;
}

static void push(struct plan *plan, struct json need)
{
    json_push(plan->arena, plan->list_opt, need);
}

/* ---- conditions ---- */

static enum truth contrary(enum truth wanted)
{
    return wanted == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

/* Has every operand to become `wanted` for the condition to be so? */
static bool needs_all(const struct condition *condition, enum truth wanted)
{
    return (condition->op == CONDITION_ALL) == (wanted == TRUTH_TRUE);
}

static enum truth operand_wanted(const struct condition *condition, enum truth wanted)
{
    return condition->op == CONDITION_NOT ? contrary(wanted) : wanted;
}

/* How many tests have to change at least. The cursor goes on behind the condition. */
static uint32_t tests_needed(struct cursor *cursor, const struct condition *condition,
                             enum truth wanted)
{
    uint32_t all = 0;
    uint32_t least = UINT32_MAX;
    if (condition->op == CONDITION_TEST)
        return cursor_test(cursor) != wanted;
    for (uint32_t i = 0; i < condition->count; i++) {
        uint32_t needed = tests_needed(cursor, &condition->items[i],
                                       operand_wanted(condition, wanted));
        all += needed;
        least = needed < least ? needed : least;
        cursor->op += i > 0; /* behind the connective */
    }
    cursor->op += condition->op == CONDITION_NOT;
    return needs_all(condition, wanted) ? all : least;
}

static void tell_test(struct plan *plan, struct cursor *cursor, const struct condition *test,
                      enum truth wanted)
{
    struct cursor look = *cursor;
    if (cursor_test(cursor) == wanted)
        return;
    struct json need = need_json(plan, "condition");
    struct json found = test_json(&look, test, plan->arena);
    for (uint32_t i = 0; i < found.count; i++)
        json_set_name(plan->arena, &need, found.members[i].name, found.members[i].value);
    json_set_text(plan->arena, &need, "must",
                  text_literal(wanted == TRUTH_TRUE ? "true" : "false"));
    push(plan, need);
}

/* Which operand is nearest to `wanted`. */
static uint32_t nearest_operand(struct cursor cursor, const struct condition *condition,
                                enum truth wanted)
{
    uint32_t best = 0;
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < condition->count; i++) {
        uint32_t needed = tests_needed(&cursor, &condition->items[i],
                                       operand_wanted(condition, wanted));
        if (needed < least) {
            least = needed;
            best = i;
        }
        cursor.op += i > 0;
    }
    return best;
}

static void tell_tests(struct plan *plan, struct cursor cursor, const struct condition *condition,
                       enum truth wanted)
{
    if (condition->op == CONDITION_TEST) {
        tell_test(plan, &cursor, condition, wanted);
        return;
    }
    bool all = needs_all(condition, wanted);
    uint32_t nearest = all ? 0 : nearest_operand(cursor, condition, wanted);
    for (uint32_t i = 0; i < condition->count; i++) {
        const struct condition *operand = &condition->items[i];
        if (all || i == nearest)
            tell_tests(plan, cursor, operand, operand_wanted(condition, wanted));
        cursor_skip(&cursor, operand);
        cursor.op += i > 0;
    }
}

static void need_condition(struct plan *plan, struct cursor cursor,
                           const struct condition *condition, enum truth wanted)
{
    struct cursor count = cursor;
    plan->needs += tests_needed(&count, condition, wanted);
    if (plan->list_opt != NULL)
        tell_tests(plan, cursor, condition, wanted);
}

/* ---- the permission ---- */

/* What only states can change. */
static void need_state(struct plan *plan, enum step_result state)
{
    if (state == STEP_MATCHED)
        return;
    plan->needs++;
    plan->law++;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "agreement");
    json_set_text(plan->arena, &need, "state", text_literal(treaty_step_name(state)));
    push(plan, need);
}

static void need_standing(struct plan *plan, uint32_t share)
{
    const struct question *q = plan->question;
    const struct ruleset *rules = q->row->rules;
    const struct rule *rule = &rules->rules[share];
    static const enum step_result results[] = {
        [BINDS] = STEP_MATCHED,
        [BINDS_NOT_BOUND] = STEP_NOT_BOUND,
        [BINDS_SUSPENDED] = STEP_SUSPENDED,
        [BINDS_OPPOSED] = STEP_OPPOSED,
        [BINDS_REPLACED] = STEP_REPLACED,
    };
    need_state(plan,
               results[treaty_binding(rules, rule->treaty, q->from, q->to, q->row->as_of)]);
    if (rule_disputed(rules, rule, q->from, q->to, q->row->as_of))
        need_state(plan, STEP_DISPUTED);
    if (!rule_reciprocated(rules, share, q->from, q->to))
        need_state(plan, STEP_NOT_RECIPROCAL);
}

/* A purpose that nothing which applies to this permission forbids. */
static bool purpose_free(const struct plan *plan, uint32_t share, struct text purpose)
{
    struct question q = *plan->question;
    const struct ruleset *rules = q.row->rules;
    q.purpose = purpose;
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->kind == CLAUSE_NEVER_USE && rule_forbids(&q, rule) != REASON_NONE &&
            rule_narrows(rule, share) && rule_result(&q, i, plan->alert) < STEP_NOT_PARTIES)
            return false;
    }
    return true;
}

static bool purpose_fits(const struct question *q, uint32_t share)
{
    return q->purpose.len == 0 ||
           purpose_listed(q->row->rules->rules[share].clause->purposes, q->purpose);
}

static void need_purpose(struct plan *plan, uint32_t share)
{
    struct codes purposes = plan->question->row->rules->rules[share].clause->purposes;
    struct json free = json_array();
    uint32_t count = 0;
    if (purpose_fits(plan->question, share))
        return;
    for (uint32_t i = 0; i < purposes.count; i++) {
        if (!purpose_free(plan, share, purposes.items[i]))
            continue;
        count++;
        if (plan->list_opt != NULL)
            json_push(plan->arena, &free, json_string(purposes.items[i]));
    }
    plan->needs++;
    plan->law += count == 0;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "purpose");
    json_set(plan->arena, &need, "one_of", free);
    push(plan, need);
}

static void need_mode(struct plan *plan, const struct rule *rule)
{
    enum access_mode asked = plan->question->mode;
    if (mode_gives(rule->clause->mode, asked == MODE_NONE ? MODE_COPY : asked))
        return;
    plan->needs++;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "mode");
    json_set_text(plan->arena, &need, "mode", mode_code(rule->clause->mode));
    push(plan, need);
}

static void need_level(struct plan *plan, const struct rule *rule)
{
    enum level level = plan->question->row->view->alerts[plan->alert].classification;
    if (rule->ceiling == LEVEL_NONE || (level != LEVEL_NONE && level <= rule->ceiling))
        return;
    plan->needs++;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "classification");
    json_set_text(plan->arena, &need, "up_to", level_code(rule->ceiling));
    json_set_text(plan->arena, &need, "value", level_code(level));
    push(plan, need);
}

static void need_capacity(struct plan *plan, uint32_t share)
{
    const struct question *q = plan->question;
    const struct ruleset *rules = q->row->rules;
    struct rate capacity = rules->rules[share].clause->capacity;
    if (!rule_used_up(rules, share, q->spent, q->spent_count))
        return;
    plan->needs++;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "capacity");
    json_set_rate(plan->arena, &need, capacity);
    push(plan, need);
}

static void need_permission(struct plan *plan, uint32_t share)
{
    const struct question *q = plan->question;
    const struct rule *rule = &q->row->rules->rules[share];
    const struct clause *clause = rule->clause;
    need_standing(plan, share);
    need_mode(plan, rule);
    need_level(plan, rule);
    if (clause->where_opt != NULL)
        need_condition(plan, cursor_where(q, share, plan->alert), clause->where_opt, TRUTH_TRUE);
    if (clause->unless_opt != NULL)
        need_condition(plan, cursor_unless(q, share, plan->alert), clause->unless_opt,
                       TRUTH_FALSE);
    need_purpose(plan, share);
    need_capacity(plan, share);
}

/* ---- what narrows it ---- */

/* A prohibition without condition. */
static void need_no_rule(struct plan *plan, uint32_t rule)
{
    plan->needs++;
    plan->law++;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "prohibition");
    json_set(plan->arena, &need, "rule",
             rule_json(plan->question->row->rules, (uint16_t)rule, plan->arena));
    push(plan, need);
}

/* The rule would have to stop applying: the shorter way of its `where` and its `unless`. */
static void need_unmet(struct plan *plan, uint32_t rule)
{
    const struct question *q = plan->question;
    const struct clause *clause = q->row->rules->rules[rule].clause;
    struct cursor where = cursor_where(q, rule, plan->alert);
    struct cursor unless = cursor_unless(q, rule, plan->alert);
    struct cursor count = where;
    uint32_t by_where = UINT32_MAX;
    uint32_t by_unless = UINT32_MAX;
    if (clause->where_opt != NULL)
        by_where = tests_needed(&count, clause->where_opt, TRUTH_FALSE);
    count = unless;
    if (clause->unless_opt != NULL)
        by_unless = tests_needed(&count, clause->unless_opt, TRUTH_TRUE);
    if (clause->unless_opt != NULL && by_unless <= by_where)
        need_condition(plan, unless, clause->unless_opt, TRUTH_TRUE);
    else if (clause->where_opt != NULL)
        need_condition(plan, where, clause->where_opt, TRUTH_FALSE);
    else
        need_no_rule(plan, rule);
}

static void need_other_use(struct plan *plan, const struct rule *rule)
{
    plan->needs++;
    if (plan->list_opt == NULL)
        return;
    struct json need = need_json(plan, "purpose");
    json_set(plan->arena, &need, "none_of", codes_json(rule->clause->purposes, plan->arena));
    push(plan, need);
}

/* Prohibitions of the agreements and of the nation, and reservations to this permission. */
static void need_no_prohibition(struct plan *plan, uint32_t share)
{
    const struct question *q = plan->question;
    const struct ruleset *rules = q->row->rules;
    bool fits = purpose_fits(q, share); /* else another purpose is needed anyway */
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->kind == CLAUSE_SHARE || rule->kind == CLAUSE_ASK ||
            rule_forbids(q, rule) == REASON_NONE || !rule_narrows(rule, share) ||
            rule_result(q, i, plan->alert) >= STEP_NOT_PARTIES)
            continue;
        if (rule->kind != CLAUSE_NEVER_USE)
            need_unmet(plan, i);
        else if (fits)
            need_other_use(plan, rule);
    }
}

static void need_record(struct plan *plan)
{
    const struct question *q = plan->question;
    const struct row_alert *alert = &q->row->alerts[plan->alert];
    const struct view_alert *view = &q->row->view->alerts[plan->alert];
    bool barred = bit_test(alert->never.words, q->to) ||
                  (alert->restricted && !bit_test(alert->only.words, q->to));
    bool early = q->row->as_of.ms < view->valid_from.ms;
    struct instant until = alert->hidden ? view->hidden_until : (struct instant){ 0 };
    if (early && view->valid_from.ms > until.ms)
        until = view->valid_from;
    bool over = !alert->valid && !early;
    plan->needs += (uint32_t)barred + (until.ms > 0) + over;
    if (plan->list_opt == NULL)
        return;
    if (over)
        push(plan, need_json(plan, "validity"));
    if (until.ms > 0) {
        struct json need = need_json(plan, "wait");
        json_set_text(plan->arena, &need, "until", instant_format(plan->arena, until));
        push(plan, need);
    }
    if (barred) {
        struct json need = need_json(plan, "recipient");
        json_set_text(plan->arena, &need, "member",
                      treaty_name_of(q->row->rules, NAME_MEMBER, q->to));
        push(plan, need);
    }
}

static void need_release(struct plan *plan, uint32_t share)
{
    const struct question *q = plan->question;
    const struct ruleset *rules = q->row->rules;
    uint64_t offices = 0;
    uint8_t persons = 0;
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        const struct rule *rule = &rules->rules[i];
        if (rule->kind != CLAUSE_RELEASE || !rule_narrows(rule, share) ||
            rule_result(q, i, plan->alert) >= STEP_NOT_PARTIES)
            continue;
        offices |= rule->offices;
        persons = rule->persons > persons ? rule->persons : persons;
    }
    offices = offices_missing(q, offices);
    persons = distinct_persons(q) < persons ? persons : 0;
    plan->needs += (uint32_t)__builtin_popcountll(offices) + (persons > 0);
    if (plan->list_opt == NULL)
        return;
    for (uint64_t bits = offices; bits != 0; bits &= bits - 1) {
        struct json need = need_json(plan, "release");
        json_set_text(plan->arena, &need, "office",
                      treaty_name_of(rules, NAME_OFFICE, (uint32_t)__builtin_ctzll(bits)));
        push(plan, need);
    }
    if (persons > 0) {
        struct json need = need_json(plan, "release");
        json_set_integer(plan->arena, &need, "persons", persons);
        push(plan, need);
    }
}

static void make_plan(struct plan *plan, uint32_t share)
{
    need_permission(plan, share);
    need_no_prohibition(plan, share);
    need_record(plan);
    need_release(plan, share);
}

/* ---- the nearest ---- */

/* Another text has taken its place, or it never speaks of such a record between these two. */
static bool may_ever(const struct question *q, uint32_t i)
{
    const struct ruleset *rules = q->row->rules;
    const struct rule *rule = &rules->rules[i];
    return rule->kind == CLAUSE_SHARE && q->row->kind >= 0 &&
           (rule->kinds >> q->row->kind & 1) != 0 &&
           bit_test(rules->from + (size_t)q->from * RULE_WORDS_MAX, i) &&
           bit_test(rules->to + (size_t)q->to * RULE_WORDS_MAX, i) &&
           treaty_binding(rules, rule->treaty, q->from, q->to, q->row->as_of) != BINDS_REPLACED;
}

static bool nearer(const struct treaty_remedy *a, const struct treaty_remedy *b)
{
    return a->law < b->law || (a->law == b->law && a->needs < b->needs);
}

/* The first clause that permits this alert: no other then counts. */
static uint16_t permission_of(const struct question *q, uint32_t alert)
{
    const struct ruleset *rules = q->row->rules;
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        if (rules->rules[i].kind == CLAUSE_SHARE && rule_result(q, i, alert) == STEP_MATCHED)
            return (uint16_t)i;
    }
    return NO_RULE;
}

static struct treaty_remedy remedy_of(const struct question *q, uint32_t share,
                                      const uint16_t *permissions)
{
    struct treaty_remedy best = { .rule = (uint16_t)share, .needs = UINT32_MAX, .law = UINT32_MAX };
    for (uint32_t alert = 0; alert < q->row->alert_count; alert++) {
        struct plan plan = { .question = q, .alert = alert };
        bool other = permissions[alert] != NO_RULE && permissions[alert] != share;
        if ((q->alerts >> alert & 1) == 0 || other)
            continue;
        make_plan(&plan, share);
        struct treaty_remedy one = { (uint16_t)share, (uint8_t)alert, plan.needs, plan.law };
        if (nearer(&one, &best))
            best = one;
    }
    return best;
}

/* The list stays in order; those equally near keep the order of the rules. */
static uint32_t insert(struct treaty_remedy *list, uint32_t count, struct treaty_remedy remedy)
{
    uint32_t at = count;
    while (at > 0 && nearer(&remedy, &list[at - 1])) {
        if (at < REMEDIES_MAX)
            list[at] = list[at - 1];
        at--;
    }
    if (at == REMEDIES_MAX)
        return count;
    list[at] = remedy;
    return count < REMEDIES_MAX ? count + 1 : count;
}

uint32_t treaty_remedies(const struct ruleset *rules, const struct question *question,
                         struct treaty_remedy out[REMEDIES_MAX])
{
    uint16_t permissions[VIEW_ALERTS_MAX];
    uint32_t count = 0;
    uint32_t members = rules->names[NAME_MEMBER].count;
    if (question->from >= members || question->to >= members || question->from == question->to)
        return 0;
    for (uint32_t alert = 0; alert < question->row->alert_count; alert++)
        permissions[alert] = permission_of(question, alert);
    for (uint32_t i = 0; i < rules->rule_count; i++) {
        if (!may_ever(question, i))
            continue;
        struct treaty_remedy remedy = remedy_of(question, i, permissions);
        if (remedy.needs != UINT32_MAX)
            count = insert(out, count, remedy);
    }
    return count;
}

struct json treaty_remedy_json(const struct ruleset *rules, const struct question *question,
                               const struct treaty_remedy *remedy, struct arena *arena)
{
    struct json out = rule_json(rules, remedy->rule, arena);
    struct json needs = json_array();
    struct plan plan = { .question = question,
                         .alert = remedy->alert,
                         .arena = arena,
                         .list_opt = &needs };
    make_plan(&plan, remedy->rule);
    assert(plan.needs == remedy->needs);
    json_set_integer(arena, &out, "alert", remedy->alert);
    json_set(arena, &out, "need", needs);
    return out;
}
