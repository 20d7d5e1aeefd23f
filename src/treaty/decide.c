/* The decision (I1). Per alert: a permission, then what the agreements forbid, then the national
 * rules, then the record's own restriction, then release by persons. */
#include <assert.h>

#include "treaty/ruleset.h"

/* What became of one alert. */
struct verdict {
    enum decision_layer layer; /* that stopped it; LAYER_NONE: it goes */
    enum decision_reason reason;
    uint16_t rule; /* the permission; NO_RULE */
    uint16_t denied_by;
    uint64_t offices; /* release still needed */
    uint8_t persons;
};

/* What does not change from alert to alert. */
struct pair {
    const struct question *q;
    int purpose;                       /* row of the list, or CODE_RAW */
    uint64_t standing[RULE_WORDS_MAX]; /* rules between the two that bind both */
};

static void clear_range(uint64_t *words, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i = (i / 64 + 1) * 64) {
        uint64_t above = UINT64_MAX << (i % 64);
        uint64_t below = end - i / 64 * 64 >= 64 ? UINT64_MAX : ~(UINT64_MAX << (end % 64));
        words[i / 64] &= ~(above & below);
    }
}

static bool binds(const struct question *q, uint32_t treaty)
{
    const struct treaty_row *row = q->row;
    const uint64_t *bound = row->bound[treaty].words;
    if (!bit_test(bound, q->from) || !bit_test(bound, q->to))
        return false;
    return row->rules->treaties[treaty].plain ||
           treaty_binding(row->rules, (uint16_t)treaty, q->from, q->to, row->as_of) == BINDS;
}

static void pair_begin(struct pair *pair, const struct question *q)
{
    const struct ruleset *rules = q->row->rules;
    const uint64_t *from = rules->from + (size_t)q->from * RULE_WORDS_MAX;
    const uint64_t *to = rules->to + (size_t)q->to * RULE_WORDS_MAX;
    pair->q = q;
    pair->purpose = q->purpose.len == 0 ? CODE_RAW : purpose_number(q->purpose);
    for (uint32_t w = 0; w < rules->words; w++)
        pair->standing[w] = from[w] & to[w];
    for (uint32_t i = 0; i < rules->treaty_count; i++) {
        if (!binds(q, i))
            clear_range(pair->standing, rules->treaties[i].rule_begin,
                        rules->treaties[i].rule_end);
    }
}

/* The bits of one word of rules that concern the pair and this alert. */
static inline uint64_t word_of(const struct pair *pair, const uint64_t *set, uint32_t alert,
                               uint32_t w)
{
    return set[w] & pair->standing[w] & pair->q->row->alerts[alert].match[w];
}

int purpose_number(struct text purpose)
{
    return code_find(CODE_PURPOSE, purpose);
}

bool purpose_listed(struct codes purposes, struct text purpose)
{
    int wanted = code_find(CODE_PURPOSE, purpose);
    for (uint32_t i = 0; i < purposes.count; i++) {
        struct text one = purposes.items[i];
        if (text_equal(one, purpose) && wanted >= 0)
            return true;
        if (text_ends(one, TEXT(".*")))
            one.len -= 2;
        if (wanted >= 0 &&
            (text_is(one, "*") || code_within(CODE_PURPOSE, wanted, code_find(CODE_PURPOSE, one))))
            return true;
    }
    return false;
}

/* Forbidden uses need not be in our list. */
static bool use_forbidden(const struct rule *rule, struct text purpose, int number)
{
    if (number >= 0)
        return (rule->purposes >> number & 1) != 0;
    for (uint32_t i = 0; i < rule->clause->purposes.count; i++) {
        if (text_equal(rule->clause->purposes.items[i], purpose))
            return true;
    }
    return false;
}

/* The late part of a condition. */
static bool applies(const struct question *q, const struct rule *rule, uint32_t alert)
{
    if (!rule->late)
        return true;
    enum truth truth = rule_truth(q->row->rules, rule, q->row, alert, q);
    return rule->kind == CLAUSE_SHARE ? truth == TRUTH_TRUE : truth != TRUTH_FALSE;
}

static enum decision_reason forbids(const struct rule *rule, struct text purpose, int number)
{
    bool national = rule->treaty == NATIONAL_RULE;
    if (rule->kind == CLAUSE_HALT)
        return REASON_HALTED;
    if (rule->kind == CLAUSE_NEVER_SHARE)
        return national ? REASON_NATIONAL : REASON_NEVER;
    if (rule->kind == CLAUSE_NEVER_USE && use_forbidden(rule, purpose, number))
        return national ? REASON_NATIONAL : REASON_NEVER_USE;
    return REASON_NONE;
}

enum decision_reason rule_forbids(const struct question *q, const struct rule *rule)
{
    return forbids(rule, q->purpose, purpose_number(q->purpose));
}

/* The first rule that forbids under permission `share`. */
static struct verdict find_forbidding(const struct pair *pair, uint32_t alert, uint32_t share,
                                      enum forbidder whose)
{
    const struct question *q = pair->q;
    const struct ruleset *rules = q->row->rules;
    for (uint32_t w = 0; w < rules->words; w++) {
        for (uint64_t bits = word_of(pair, rules->forbid[whose], alert, w); bits != 0;
             bits &= bits - 1) {
            uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
            const struct rule *rule = &rules->rules[i];
            enum decision_reason reason = forbids(rule, q->purpose, pair->purpose);
            if (reason == REASON_NONE || !rule_narrows(rule, share) || !applies(q, rule, alert))
                continue;
            return (struct verdict){ .layer = whose == FORBID_NATION ? LAYER_NATIONAL
                                                                     : LAYER_TREATY,
                                     .reason = reason,
                                     .rule = (uint16_t)share,
                                     .denied_by = (uint16_t)i };
        }
    }
    return (struct verdict){ .layer = LAYER_NONE, .rule = (uint16_t)share, .denied_by = NO_RULE };
}

/* Everything that a permission needs but reservations and capacity. */
static bool permits(const struct pair *pair, uint32_t i, uint32_t alert)
{
    const struct question *q = pair->q;
    const struct ruleset *rules = q->row->rules;
    const struct rule *rule = &rules->rules[i];
    bool purpose = q->purpose.len == 0 ||
                   (pair->purpose >= 0 && (rule->purposes >> pair->purpose & 1) != 0);
    return purpose && applies(q, rule, alert) && rule_reciprocated(rules, i, q->from, q->to) &&
           !rule_disputed(rules, rule, q->from, q->to, q->row->as_of);
}

/* The first permission that no reservation takes away and that is not used up. That a capacity
 * alone is missing is said rather than what a reservation says. */
static struct verdict find_permission(const struct pair *pair, uint32_t alert)
{
    const struct question *q = pair->q;
    const struct ruleset *rules = q->row->rules;
    enum access_mode mode = q->mode == MODE_NONE ? MODE_COPY : q->mode;
    struct verdict best = {
        .layer = LAYER_TREATY, .reason = REASON_NO_CLAUSE, .rule = NO_RULE, .denied_by = NO_RULE
    };
    for (uint32_t w = 0; w < rules->words; w++) {
        for (uint64_t bits = word_of(pair, rules->share[mode], alert, w); bits != 0;
             bits &= bits - 1) {
            uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
            if (!permits(pair, i, alert))
                continue;
            struct verdict verdict = find_forbidding(pair, alert, i, FORBID_RESERVATION);
            bool reserved = verdict.layer != LAYER_NONE;
            if (!reserved && !rule_used_up(rules, i, q->spent, q->spent_count))
                return verdict;
            if (!reserved && best.reason != REASON_CAPACITY)
                best = (struct verdict){ .layer = LAYER_TREATY,
                                         .reason = REASON_CAPACITY,
                                         .denied_by = (uint16_t)i };
            else if (best.reason == REASON_NO_CLAUSE)
                best = verdict;
        }
    }
    best.rule = NO_RULE;
    return best;
}

static enum decision_reason record_says(const struct question *q, uint32_t alert)
{
    const struct row_alert *a = &q->row->alerts[alert];
    if (!a->valid)
        return REASON_NOT_VALID;
    if (a->hidden)
        return REASON_HIDDEN;
    if (bit_test(a->never.words, q->to) || (a->restricted && !bit_test(a->only.words, q->to)))
        return REASON_RECIPIENTS;
    return REASON_NONE;
}

uint8_t distinct_persons(const struct question *q)
{
    uint8_t count = 0;
    for (size_t i = 0; i < q->release_count && count < UINT8_MAX; i++) {
        bool again = q->releases[i].person.len == 0;
        for (size_t j = 0; j < i; j++)
            again = again || text_equal(q->releases[i].person, q->releases[j].person);
        count = (uint8_t)(count + !again);
    }
    return count;
}

uint64_t offices_missing(const struct question *q, uint64_t mask)
{
    uint64_t missing = mask;
    for (uint32_t i = 0; i < RULESET_NAMES_MAX; i++) {
        if ((mask >> i & 1) == 0)
            continue;
        struct text office = treaty_name_of(q->row->rules, NAME_OFFICE, i);
        for (size_t j = 0; j < q->release_count; j++) {
            if (text_equal(q->releases[j].office, office))
                missing &= ~(UINT64_C(1) << i);
        }
    }
    return missing;
}

static void add_release_duties(const struct pair *pair, uint32_t alert, struct verdict *verdict)
{
    const struct question *q = pair->q;
    const struct ruleset *rules = q->row->rules;
    uint64_t offices = 0;
    uint8_t persons = 0;
    for (uint32_t w = 0; w < rules->words; w++) {
        for (uint64_t bits = word_of(pair, rules->release, alert, w); bits != 0; bits &= bits - 1) {
            const struct rule *rule = &rules->rules[w * 64 + (uint32_t)__builtin_ctzll(bits)];
            if (!rule_narrows(rule, verdict->rule) || !applies(q, rule, alert))
                continue;
            offices |= rule->offices;
            persons = rule->persons > persons ? rule->persons : persons;
        }
    }
    verdict->offices = offices == 0 ? 0 : offices_missing(q, offices);
    verdict->persons = persons != 0 && distinct_persons(q) < persons ? persons : 0;
    if (verdict->offices != 0 || verdict->persons != 0) {
        verdict->layer = LAYER_RELEASE;
        verdict->reason = REASON_RELEASE;
    }
}

static struct verdict decide_alert(const struct pair *pair, uint32_t alert)
{
    struct verdict verdict = find_permission(pair, alert);
    if (verdict.layer == LAYER_NONE)
        verdict = find_forbidding(pair, alert, verdict.rule, FORBID_AGREEMENT);
    if (verdict.layer == LAYER_NONE)
        verdict = find_forbidding(pair, alert, verdict.rule, FORBID_NATION);
    if (verdict.layer != LAYER_NONE)
        return verdict;
    enum decision_reason reason = record_says(pair->q, alert);
    if (reason != REASON_NONE) {
        verdict.layer = LAYER_RECORD;
        verdict.reason = reason;
        return verdict;
    }
    add_release_duties(pair, alert, &verdict);
    return verdict;
}

static uint32_t shorter(uint32_t a, uint32_t b)
{
    if (a == 0)
        return b;
    return b == 0 || a < b ? a : b;
}

/* What the permission itself demands. */
static void add_terms(const struct ruleset *rules, const struct rule *permission,
                      struct decision *out)
{
    const struct treaty *treaty = rules->treaties[permission->treaty].treaty;
    out->withheld |= permission->withheld;
    out->audience &= permission->audience;
    out->extend = out->extend && permission->clause->extend;
    out->achieved_days = shorter(out->achieved_days, permission->achieved_days);
    out->offline_hours = shorter(out->offline_hours, permission->offline_hours);
    if (permission->warn_days > out->warn_days)
        out->warn_days = permission->warn_days;
    out->conditions |= permission->conditions;
    out->retain_days = shorter(out->retain_days, permission->retain_days);
    out->review_days = shorter(out->review_days, permission->review_days);
    out->urgent_hours = shorter(out->urgent_hours, permission->urgent_hours);
    out->otherwise_hours = shorter(out->otherwise_hours, permission->otherwise_hours);
    out->silence_days = (uint16_t)shorter(out->silence_days, treaty->silence_days);
}

/* What goes with an alert that is shared: the strictest of all that applies. */
static void add_obligations(const struct pair *pair, uint32_t alert, uint16_t share,
                            struct decision *out)
{
    const struct question *q = pair->q;
    const struct ruleset *rules = q->row->rules;
    add_terms(rules, &rules->rules[share], out);
    for (uint32_t w = 0; w < rules->words; w++) {
        for (uint64_t bits = word_of(pair, rules->oblige, alert, w); bits != 0; bits &= bits - 1) {
            const struct rule *rule = &rules->rules[w * 64 + (uint32_t)__builtin_ctzll(bits)];
            if (!rule_narrows(rule, share) || !applies(q, rule, alert))
                continue;
            out->withheld |= rule->kind == CLAUSE_WITHHOLD ? rule->withheld : 0;
            out->coarse[rule->clause->way] |=
                rule->kind == CLAUSE_COARSEN ? rule->withheld : 0;
            out->duties |= rule->kind == CLAUSE_DUTY ? rule->offices : 0;
            out->never_use |= rule->uses;
        }
    }
}

static void merge(const struct pair *pair, uint32_t alert, const struct verdict *verdict,
                  struct decision *out)
{
    if (verdict->layer == LAYER_NONE) {
        if (out->shared == 0)
            out->rule = verdict->rule;
        out->shared |= UINT64_C(1) << alert;
        add_obligations(pair, alert, verdict->rule, out);
    } else if (verdict->layer == LAYER_RELEASE) {
        if (out->shared == 0 && out->held == 0)
            out->rule = verdict->rule;
        out->held |= UINT64_C(1) << alert;
        out->offices |= verdict->offices;
        out->persons = verdict->persons > out->persons ? verdict->persons : out->persons;
    }
    if (verdict->layer > out->layer) { /* the alert that came furthest explains a refusal */
        out->layer = verdict->layer;
        out->reason = verdict->reason;
        out->denied_by = verdict->denied_by;
    }
}

void treaty_decide(const struct ruleset *rules, const struct question *question,
                   struct decision *out)
{
    struct decision d = { .outcome = DECISION_DENY,
                          .layer = LAYER_TREATY,
                          .reason = REASON_NOT_MEMBER,
                          .rule = NO_RULE,
                          .denied_by = NO_RULE,
                          .audience = UINT64_MAX,
                          .extend = true };
    const struct treaty_row *row = question->row;
    assert(row->rules == rules);
    uint32_t members = rules->names[NAME_MEMBER].count;
    if (question->from >= members || question->to >= members || question->from == question->to) {
        d.extend = false;
        *out = d;
        return;
    }
    d.layer = LAYER_NONE;
    d.reason = REASON_NO_ALERT;
    struct pair pair;
    pair_begin(&pair, question);
    for (uint32_t i = 0; i < row->alert_count; i++) {
        if ((question->alerts >> i & 1) == 0)
            continue;
        struct verdict verdict = decide_alert(&pair, i);
        merge(&pair, i, &verdict, &d);
    }
    d.extend = d.extend && d.shared != 0;
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++)
        d.coarse[way] &= ~d.withheld; /* what is not sent cannot be made less exact */
    if (d.shared != 0) {
        d.outcome = DECISION_SHARE;
        d.layer = LAYER_NONE;
        d.reason = REASON_NONE;
        d.denied_by = NO_RULE;
    } else if (d.held != 0) {
        d.outcome = DECISION_HOLD;
    } else if (d.layer == LAYER_NONE) {
        d.layer = LAYER_RECORD; /* nothing to share in it */
    }
    *out = d;
}
