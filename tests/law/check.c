#include "check.h"

#include <stdio.h>

struct judged {
    const struct scene *scene;
    const struct ruleset *rules;
    struct question question;
    struct decision decision;
    struct explanation explanation;
};

/* "3.1"; of another agreement "name 3.1"; of a national rule "n.1". */
static void clause_said(const struct judged *j, uint16_t rule, char out[static SAID_MAX])
{
    struct treaty_basis basis;
    out[0] = '\0';
    if (rule == NO_RULE)
        return;
    basis = treaty_basis(j->rules, rule);
    bool other = basis.treaty != NULL && basis.treaty != &j->scene->treaties[0];
    struct text name = other ? basis.treaty->name : TEXT("");
    snprintf(out, SAID_MAX, "%.*s%s%.*s", (int)name.len, name.data, other ? " " : "",
             (int)basis.clause->id.len, basis.clause->id.data);
}

static uint16_t telling_rule(const struct decision *d)
{
    return d->outcome == DECISION_DENY ? d->denied_by : d->rule;
}

static void decision_said(const struct judged *j, struct said *said)
{
    static const char *const outcomes[] = { "deny", "share", "hold" };
    const struct decision *d = &j->decision;
    char clause[SAID_MAX];
    bool denied = d->outcome == DECISION_DENY;
    clause_said(j, telling_rule(d), clause);
    snprintf(said->text, SAID_MAX, "%s%s%s %.200s", outcomes[d->outcome], denied ? " " : "",
             denied ? treaty_reason_name(d->reason) : "", clause);
}

/* ---- obligations ---- */

static bool same_names(const struct judged *j, enum name_list list, uint64_t mask, struct text want)
{
    struct text rest = want;
    struct text item;
    uint64_t wanted = 0;
    while (want.len > 0 && phrase_next(&rest, ',', &item)) {
        uint64_t before = wanted;
        for (uint32_t i = 0; i < RULESET_NAMES_MAX; i++) {
            if (text_equal(treaty_name_of(j->rules, list, i), item))
                wanted |= UINT64_C(1) << i;
        }
        if (wanted == before)
            return false;
    }
    return wanted == mask;
}

static bool same_span(struct text words, uint32_t hours)
{
    static const struct {
        const char *unit;
        uint32_t hours;
    } units[] = {
        { "hour", 1 }, { "day", 24 }, { "week", 168 }, { "month", 720 }, { "year", 8760 }
    };
    uint32_t count = 0;
    if (!number_read(word_next(&words), &count))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (text_starts(words, text_literal(units[i].unit)))
            return count * units[i].hours == hours;
    }
    return false;
}

/* "8 hours/3 days", or "12 hours" when there is one. */
static bool same_answer(struct text words, const struct decision *d)
{
    struct text first = text_split(&words, '/');
    if (words.data == NULL)
        return same_span(first, d->otherwise_hours) &&
               (d->urgent_hours == d->otherwise_hours || d->urgent_hours == 0);
    return same_span(first, d->urgent_hours) && same_span(words, d->otherwise_hours);
}

static bool same_coarse(const struct judged *j, struct text words)
{
    static const char *const ways[] = { [COARSE_YEAR] = "year",
                                        [COARSE_MONTH] = "month",
                                        [COARSE_COUNTRY] = "country",
                                        [COARSE_INITIALS] = "initials" };
    struct text rest = words;
    struct text fields = TEXT("");
    for (int way = COARSE_YEAR; way < COARSE_WAYS; way++) {
        size_t tail = strlen(ways[way]) + 4;
        if (rest.len > tail && text_ends(rest, text_literal(ways[way]))) {
            fields = text_trim(text_slice(rest, 0, rest.len - tail));
            return same_names(j, NAME_FIELD, j->decision.coarse[way], fields);
        }
    }
    return false;
}

static bool same_listed(const struct judged *j, struct text word, struct text rest, bool *known)
{
    const struct decision *d = &j->decision;
    const struct {
        const char *word;
        enum name_list list;
        uint64_t mask;
    } lists[] = {
        { "withhold", NAME_FIELD, d->withheld },  { "condition", NAME_CONDITION, d->conditions },
        { "audience", NAME_BRANCH, d->audience }, { "forbidden", NAME_USE, d->never_use },
        { "offices", NAME_OFFICE, d->offices },   { "duty", NAME_OFFICE, d->duties }
    };
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (text_is(word, lists[i].word)) {
            *known = true;
            if (text_is(rest, "none"))
                return lists[i].mask == 0;
            if (text_is(rest, "any"))
                return lists[i].mask == UINT64_MAX;
            return same_names(j, lists[i].list, lists[i].mask, rest);
        }
    }
    return false;
}

static bool same_obligation(const struct judged *j, struct text phrase, struct fault *fault)
{
    const struct decision *d = &j->decision;
    struct text rest = phrase;
    struct text word = word_next(&rest);
    uint32_t number = 0;
    bool known = false;
    bool same = same_listed(j, word, rest, &known);
    const struct {
        const char *word;
        uint32_t hours;
    } spans[] = { { "retain", 24 * d->retain_days },    { "review", 24 * d->review_days },
                  { "warn", 24 * d->warn_days },        { "achieved", 24 * d->achieved_days },
                  { "silence", 24u * d->silence_days }, { "offline", d->offline_hours } };
    for (size_t i = 0; !known && i < sizeof(spans) / sizeof(spans[0]); i++) {
        known = text_is(word, spans[i].word);
        same = known && same_span(rest, spans[i].hours);
    }
    if (text_is(word, "answer"))
        return same_answer(rest, d) || fault_set(fault, "another answer time", phrase);
    if (text_is(word, "coarsen"))
        return same_coarse(j, rest) || fault_set(fault, "coarsened otherwise", phrase);
    if (text_is(word, "extend"))
        return d->extend == !text_is(rest, "no") || fault_set(fault, "extension", phrase);
    if (text_is(word, "persons") || text_is(word, "alerts")) {
        uint64_t have = text_is(word, "persons") ? d->persons : d->shared;
        return (number_read(rest, &number) && number == have) ||
               fault_set(fault, "another number", phrase);
    }
    if (!known)
        return fault_set(fault, "no such obligation", word);
    return same || fault_set(fault, "this obligation differs", phrase);
}

/* ---- the three evaluators ---- */

static bool same_set(const struct judged *j, enum name_list list, uint64_t mask,
                     const struct reference_set *set)
{
    uint64_t other = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        for (uint32_t k = 0; k < RULESET_NAMES_MAX; k++) {
            if (text_equal(treaty_name_of(j->rules, list, k), set->items[i]))
                other |= UINT64_C(1) << k;
        }
    }
    return mask == other;
}

static bool same_times(const struct decision *a, const struct reference_decision *b)
{
    return a->silence_days == b->silence_days && a->retain_days == b->retain_days &&
           a->review_days == b->review_days && a->achieved_days == b->achieved_days &&
           a->offline_hours == b->offline_hours && a->warn_days == b->warn_days &&
           a->extend == b->extend && a->urgent_hours == b->urgent_hours &&
           a->otherwise_hours == b->otherwise_hours;
}

static bool same_as_reference(const struct judged *j, const struct reference_decision *b)
{
    const struct decision *a = &j->decision;
    const struct clause *basis = a->rule == NO_RULE ? NULL : treaty_basis(j->rules, a->rule).clause;
    bool same = a->outcome == b->outcome && a->layer == b->layer && a->reason == b->reason &&
                basis == b->basis && a->shared == b->shared && a->held == b->held &&
                a->persons == b->persons && same_times(a, b) &&
                same_set(j, NAME_FIELD, a->withheld, &b->withheld) &&
                same_set(j, NAME_CONDITION, a->conditions, &b->conditions) &&
                same_set(j, NAME_USE, a->never_use, &b->never_use) &&
                same_set(j, NAME_OFFICE, a->offices, &b->offices) &&
                same_set(j, NAME_OFFICE, a->duties, &b->duties);
    if (b->restricted)
        same = same && same_set(j, NAME_BRANCH, a->audience, &b->audience);
    for (int way = COARSE_YEAR; way < COARSE_WAYS; way++)
        same = same && same_set(j, NAME_FIELD, a->coarse[way], &b->coarse[way]);
    return same;
}

static bool reference_agrees(const struct judged *j, struct fault *fault)
{
    const struct scene *s = j->scene;
    struct reference_spent spent[SCENE_FACTS_MAX];
    struct reference_decision out;
    for (uint32_t i = 0; i < s->spent_count; i++)
        spent[i] =
            (struct reference_spent){ treaty_clause_find(&s->treaties[0], s->spent[i].clause),
                                      s->spent[i].count };
    struct reference_question q = { .treaties = s->force,
                                    .treaty_count = s->treaty_count,
                                    .national_opt = s->has_national ? &s->national : NULL,
                                    .from = s->from,
                                    .to = s->to,
                                    .mode = s->mode,
                                    .urgent = s->urgent,
                                    .purpose = s->purpose,
                                    .view = &s->view,
                                    .as_of = s->as_of,
                                    .alerts = UINT64_MAX,
                                    .releases = s->releases,
                                    .release_count = s->release_count,
                                    .assurances = { s->assurances, s->assurance_count },
                                    .spent = spent,
                                    .spent_count = s->spent_count };
    reference_decide(&q, &out);
    return same_as_reference(j, &out) ||
           fault_set(fault, "the reference evaluator decides otherwise", TEXT(""));
}

/* The result with which the deciding clause stands among the steps. */
static bool tells(const struct decision *decision, enum step_result result)
{
    if (decision->reason == REASON_CAPACITY)
        return result == STEP_CAPACITY;
    return result == STEP_MATCHED || result == STEP_MATCHED_BY_DOUBT;
}

/* The explanation repeats the decision, and the clause that decided is among its steps. */
static bool explanation_agrees(struct judged *j, struct arena *arena, struct fault *fault)
{
    const struct decision *a = &j->decision;
    struct explanation *x = &j->explanation;
    struct err e = treaty_explain(j->rules, &j->question, arena, x);
    if (failed(e))
        return fault_set(fault, e.rule, TEXT(""));
    const struct decision *b = &x->decision;
    bool found = telling_rule(a) == NO_RULE;
    for (uint32_t i = 0; i < x->count; i++)
        found = found || (x->steps[i].rule == telling_rule(a) && tells(a, x->steps[i].result));
    if (a->outcome != b->outcome || a->reason != b->reason || a->rule != b->rule ||
        a->denied_by != b->denied_by || a->shared != b->shared || a->withheld != b->withheld)
        return fault_set(fault, "the explanation decides otherwise", TEXT(""));
    return found || fault_set(fault, "the explanation does not name the clause", TEXT(""));
}

static bool said_as_expected(const struct judged *j, const struct table_case *row,
                             const struct said *said, struct fault *fault)
{
    char want[SAID_MAX];
    struct text decision = row->cells[CELL_DECISION];
    struct text clause = row->cells[CELL_CLAUSE];
    struct text rest = row->cells[CELL_OBLIGATIONS];
    struct text phrase;
    snprintf(want, sizeof(want), "%.*s %.*s", (int)decision.len, decision.data, (int)clause.len,
             clause.data);
    if (strcmp(want, said->text) != 0)
        return fault_set(fault, "another decision is expected", decision);
    while (row->cells[CELL_OBLIGATIONS].len > 0 && phrase_next(&rest, ';', &phrase)) {
        if (!same_obligation(j, phrase, fault))
            return false;
    }
    return true;
}

/* ---- verbs ---- */

static bool compile(struct judged *j, struct arena *arena, struct fault *fault)
{
    const struct scene *s = j->scene;
    struct err e = treaty_compile(s->force, s->treaty_count, s->has_national ? &s->national : NULL,
                                  arena, &j->rules);
    return !failed(e) || fault_set(fault, e.rule, TEXT("treaty_compile"));
}

static bool ask(struct judged *j, struct arena *arena, struct treaty_spent *spent,
                struct fault *fault)
{
    const struct scene *s = j->scene;
    struct hash hash = { { 0 } };
    const struct treaty_row *row = NULL;
    if (!compile(j, arena, fault))
        return false;
    if (s->spent_count > 0 && failed(treaty_hash(&s->treaties[0], arena, &hash)))
        return fault_set(fault, "no hash", TEXT(""));
    for (uint32_t i = 0; i < s->spent_count; i++)
        spent[i] = (struct treaty_spent){ treaty_rule_find(j->rules, &hash, s->spent[i].clause),
                                          s->spent[i].count };
    j->question = (struct question){ .from = treaty_member(j->rules, s->from),
                                     .to = treaty_member(j->rules, s->to),
                                     .mode = s->mode,
                                     .urgent = s->urgent,
                                     .purpose = s->purpose,
                                     .alerts = UINT64_MAX,
                                     .releases = s->releases,
                                     .release_count = s->release_count,
                                     .assurances = { s->assurances, s->assurance_count },
                                     .spent = spent,
                                     .spent_count = s->spent_count };
    if (!s->has_view)
        return true;
    struct err e = treaty_row_make(j->rules, &s->view, s->as_of, arena, &row);
    j->question.row = row;
    return !failed(e) || fault_set(fault, e.rule, TEXT("treaty_row_make"));
}

static bool check_decide(struct judged *j, const struct table_case *row, struct arena *arena,
                         struct said *said, struct fault *fault)
{
    struct treaty_spent spent[SCENE_FACTS_MAX];
    if (!j->scene->has_view)
        return fault_set(fault, "a record is needed", TEXT(""));
    if (!ask(j, arena, spent, fault))
        return false;
    treaty_decide(j->rules, &j->question, &j->decision);
    decision_said(j, said);
    return said_as_expected(j, row, said, fault) && reference_agrees(j, fault) &&
           explanation_agrees(j, arena, fault);
}

static bool check_message(struct judged *j, const struct table_case *row, struct arena *arena,
                          struct said *said, struct fault *fault)
{
    struct treaty_spent spent[SCENE_FACTS_MAX];
    if (!ask(j, arena, spent, fault))
        return false;
    struct treaty_ask one = { .from = j->question.from,
                              .to = j->question.to,
                              .kind = j->scene->message,
                              .purpose = j->scene->purpose,
                              .as_of = j->scene->as_of,
                              .basis = NO_RULE,
                              .spent = j->question.spent,
                              .spent_count = j->question.spent_count };
    treaty_may_ask(j->rules, &one, &j->decision);
    decision_said(j, said);
    return said_as_expected(j, row, said, fault);
}

/* What the receiver holds: no notes, and what is absent may have been withheld. */
static bool received(struct judged *j, const struct table_case *row, struct arena *arena,
                     struct treaty_received *out, struct fault *fault)
{
    const struct scene *s = j->scene;
    struct treaty_view *view = ARENA_NEW(arena, struct treaty_view);
    *view = s->view;
    view->partial = true;
    view->note_count = 0;
    *out = (struct treaty_received){ .clause = row->cells[CELL_CLAUSE],
                                     .version = s->treaties[0].version,
                                     .fields = { s->carried, s->carried_count } };
    if (!s->has_view)
        return fault_set(fault, "a record is needed", TEXT(""));
    if (!compile(j, arena, fault))
        return false;
    out->from = treaty_member(j->rules, s->from);
    out->to = treaty_member(j->rules, s->to);
    struct err e = treaty_row_make(j->rules, view, s->as_of, arena, &out->row);
    if (!failed(e))
        e = treaty_hash(&s->treaties[0], arena, &out->agreement);
    return !failed(e) || fault_set(fault, e.rule, TEXT("the frame"));
}

static bool check_use(struct judged *j, const struct table_case *row, struct arena *arena,
                      struct said *said, struct fault *fault)
{
    struct treaty_received one;
    if (!received(j, row, arena, &one, fault))
        return false;
    bool frame = j->scene->verb == VERB_RECEIVES;
    struct err e = frame ? treaty_receive_check(j->rules, &one)
                         : treaty_may_use(j->rules, &one, j->scene->purpose);
    if (frame)
        snprintf(said->text, SAID_MAX, "%s%s", failed(e) ? "refuse " : "accept", e.rule);
    else
        snprintf(said->text, SAID_MAX, "%s", failed(e) ? "no use" : "use");
    return text_is(row->cells[CELL_DECISION], said->text) ||
           fault_set(fault, "another decision is expected", row->cells[CELL_DECISION]);
}

static bool check_arrives(const struct scene *s, const struct table_case *row, struct said *said,
                          struct fault *fault)
{
    static const char *const ways[SOIL_EFFECTS] = { [SOIL_HELD] = "held",
                                                    [SOIL_AS_ASKED] = "as asked",
                                                    [SOIL_REDUCED] = "reduced to",
                                                    [SOIL_SPECIALISTS] = "for specialists only",
                                                    [SOIL_NOT_SHOWN] = "not shown" };
    char want[SAID_MAX];
    struct text decision = row->cells[CELL_DECISION];
    struct text clause = row->cells[CELL_CLAUSE];
    if (!s->has_view || s->view.alert_count == 0)
        return fault_set(fault, "a record with an alert is needed", TEXT(""));
    struct effect_default effect =
        treaty_effect(s->has_national ? &s->national : NULL, s->view.alerts[0].category, s->from);
    snprintf(said->text, SAID_MAX, "%s%s%.*s %.*s", ways[effect.kind],
             effect.action.len > 0 ? " " : "", (int)effect.action.len, effect.action.data,
             (int)effect.rule.len, effect.rule.data);
    snprintf(want, sizeof(want), "%.*s %.*s", (int)decision.len, decision.data, (int)clause.len,
             clause.data);
    return strcmp(want, said->text) == 0 ||
           fault_set(fault, "another effect is expected", decision);
}

static bool check_law(const struct scene *s, const struct table_case *row, struct said *said,
                      struct fault *fault)
{
    static const char *const states[TREATY_STATES] = { [TREATY_DRAFT] = "draft",
                                                       [TREATY_SIGNED_BY_SOME] = "signed by some",
                                                       [TREATY_PROVISIONAL] = "provisional",
                                                       [TREATY_IN_FORCE] = "in force",
                                                       [TREATY_ENDED] = "ended" };
    if (s->verb == VERB_ENTRY) {
        struct err e = treaty_check_enter(&s->treaties[0], s->from);
        snprintf(said->text, SAID_MAX, "%s%s", failed(e) ? "no entry " : "entry", e.rule);
    } else {
        snprintf(said->text, SAID_MAX, "%s", states[s->status[0].state]);
    }
    return text_is(row->cells[CELL_DECISION], said->text) ||
           fault_set(fault, "another state is expected", row->cells[CELL_DECISION]);
}

bool check_case(struct table *table, const struct table_case *row, struct arena *arena,
                struct said *said, struct fault *fault)
{
    struct scene *scene = ARENA_NEW(arena, struct scene);
    struct judged *j = ARENA_NEW(arena, struct judged);
    *said = (struct said){ "" };
    if (scene == NULL || j == NULL)
        return fault_set(fault, "the arena is full", TEXT(""));
    if (!scene_open(table, row, arena, scene, fault))
        return false;
    j->scene = scene;
    switch (scene->verb) {
    case VERB_MESSAGE:
        return check_message(j, row, arena, said, fault);
    case VERB_USE:
    case VERB_RECEIVES:
        return check_use(j, row, arena, said, fault);
    case VERB_ARRIVES:
        return check_arrives(scene, row, said, fault);
    case VERB_ENTRY:
    case VERB_STATE:
        return check_law(scene, row, said, fault);
    case VERB_DECIDE:
    default:
        return check_decide(j, row, arena, said, fault);
    }
}
