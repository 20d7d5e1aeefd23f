#include "clerk/law/rules_parts.h"

#include <assert.h>

#include "core/encode.h"

enum { NOTES_MAX = 16 };

/* -- deciding ----------------------------------------------------------------------------- */

struct prepared {
    struct record record;
    struct treaty_view view;
    const struct treaty_row *row;
    struct treaty_spent spent[RULES_TEXTS_MAX];
    struct question question;
};

static struct err notes_of(const struct json *notes_opt, struct arena *arena,
                           struct note **notes_out, size_t *count_out)
{
    size_t count = json_count(notes_opt);
    struct note *notes = ARENA_ARRAY(arena, struct note, count);
    if (notes == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < count; i++) {
        struct err e = note_parse(json_item(notes_opt, i), arena, &notes[i]);
        if (failed(e))
            return e;
    }
    *notes_out = notes;
    *count_out = count;
    return err_none();
}

static struct err releases_of(const struct json *releases_opt, struct arena *arena,
                              struct question *out)
{
    size_t count = json_count(releases_opt);
    struct treaty_release *list = ARENA_ARRAY(arena, struct treaty_release, count);
    if (list == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < count; i++) {
        const struct json *release = json_item(releases_opt, i);
        list[i].office = json_get_text(release, "office");
        list[i].person = json_get_text(release, "person");
    }
    out->releases = list;
    out->release_count = count;
    return err_none();
}

/* Those that stand on the day of the question; one of them may declare it urgent. */
static struct err assurances_of(const struct rules_question *asked, struct arena *arena,
                                struct question *out)
{
    size_t count = json_count(asked->assurances_opt);
    struct text *items = ARENA_ARRAY(arena, struct text, count);
    uint32_t standing = 0;
    if (items == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < count; i++) {
        const struct json *one = json_item(asked->assurances_opt, i);
        struct text code = json_get_text(one, "code");
        struct date until;
        bool over = !failed(date_parse(json_get_text(one, "until"), &until)) &&
                    !instant_before(asked->as_of,
                                    instant_plus(date_begin(until), INSTANT_DAY));
        if (over)
            continue;
        if (text_is(code, RULES_URGENT))
            out->urgent = true;
        items[standing++] = code;
    }
    out->assurances = (struct codes){ items, standing };
    return err_none();
}

/* What clauses have given, by their numbers here; what is not of ours is passed over. */
static size_t spent_few(const struct rules *rules, const struct json *spent_opt,
                        struct treaty_spent out[RULES_TEXTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < json_count(spent_opt) && count < RULES_TEXTS_MAX; i++) {
        const struct json *one = json_item(spent_opt, i);
        struct hash agreement;
        int64_t given = 0;
        if (failed(hex_parse(json_get_text(one, "agreement"), agreement.bytes, HASH_LEN)) ||
            !json_get_integer(one, "count", &given) || given < 0 || given > UINT32_MAX)
            continue;
        uint16_t rule = treaty_rule_find(rules->set, &agreement, json_get_text(one, "clause"));
        if (rule != NO_RULE)
            out[count++] = (struct treaty_spent){ rule, (uint32_t)given };
    }
    return count;
}

static struct err record_of(const struct json *json, bool view, struct arena *arena,
                            struct record *out)
{
    struct findings *findings = ARENA_NEW(arena, struct findings);
    if (findings == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    findings_init(findings, arena);
    return view ? record_parse_view(json, arena, findings, out)
                : record_parse(json, arena, findings, out);
}

static struct err prepare(const struct rules *rules, const struct rules_question *asked,
                          bool partial, struct arena *arena, struct prepared *out)
{
    struct note *notes = NULL;
    size_t note_count = 0;
    struct err e = record_of(asked->record, partial, arena, &out->record);
    if (failed(e))
        return e;
    e = notes_of(asked->notes_opt, arena, &notes, &note_count);
    if (failed(e))
        return e;
    e = treaty_view_of(&out->record, notes, note_count, arena, &out->view);
    if (failed(e))
        return e;
    out->view.partial = partial;
    e = treaty_row_make(rules->set, &out->view, asked->as_of, arena, &out->row);
    if (failed(e))
        return e;
    size_t alerts = out->record.alert_count;
    out->question = (struct question){ .from = treaty_member(rules->set, asked->from),
                                       .to = treaty_member(rules->set, asked->to),
                                       .purpose = asked->purpose,
                                       .row = out->row };
    out->question.alerts = alerts >= 64 ? UINT64_MAX : ((uint64_t)1 << alerts) - 1;
    out->question.spent = out->spent;
    out->question.spent_count = spent_few(rules, asked->spent_opt, out->spent);
    e = assurances_of(asked, arena, &out->question);
    return failed(e) ? e : releases_of(asked->releases_opt, arena, &out->question);
}

static void names_of(const struct rules *rules, enum name_list list, uint64_t bits,
                     struct texts *out)
{
    out->count = 0;
    for (uint32_t i = 0; i < RULES_TEXTS_MAX; i++) {
        if ((bits >> i & 1) != 0)
            out->items[out->count++] = treaty_name_of(rules->set, list, i);
    }
}

static void basis_of(const struct rules *rules, uint16_t rule, struct ruling *out)
{
    struct treaty_basis basis = treaty_basis(rules->set, rule);
    out->agreement = basis.hash;
    out->version = basis.treaty == NULL ? 0 : basis.treaty->version;
    out->clause = basis.clause->id;
    out->purposes.count = 0;
    for (uint32_t i = 0; i < basis.clause->purposes.count && i < RULES_TEXTS_MAX; i++)
        out->purposes.items[out->purposes.count++] = basis.clause->purposes.items[i];
    if (basis.clause->capacity.count > 0)
        out->capacity_hours = span_hours((struct span){ 1, basis.clause->capacity.per });
}

static void coarse_of(const struct rules *rules, const struct decision *decision,
                      struct ruling *out)
{
    struct texts fields;
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++) {
        names_of(rules, NAME_FIELD, decision->coarse[way], &fields);
        for (size_t i = 0; i < fields.count && out->coarse_count < RULES_TEXTS_MAX; i++)
            out->coarse[out->coarse_count++] = (struct coarse_field){ fields.items[i], way };
    }
}

static void ruling_of(const struct rules *rules, const struct decision *decision,
                       struct ruling *out)
{
    memset(out, 0, sizeof(*out));
    out->reason = treaty_reason_name(decision->reason);
    out->layer = treaty_layer_name(decision->layer);
    out->used_up = decision->reason == REASON_CAPACITY;
    if (decision->outcome == DECISION_DENY || decision->rule == NO_RULE)
        return; /* RULING_DENY is zero */
    bool share = decision->outcome == DECISION_SHARE;
    out->outcome = share ? RULING_SHARE : RULING_HOLD;
    out->alerts = share ? decision->shared : decision->held;
    basis_of(rules, decision->rule, out);
    names_of(rules, NAME_FIELD, decision->withheld, &out->withheld);
    names_of(rules, NAME_CONDITION, decision->conditions, &out->conditions);
    names_of(rules, NAME_OFFICE, decision->offices, &out->offices);
    coarse_of(rules, decision, out);
    out->restricted = decision->audience != UINT64_MAX;
    if (out->restricted)
        names_of(rules, NAME_BRANCH, decision->audience, &out->audience);
    out->persons = decision->persons;
    out->urgent_hours = decision->urgent_hours;
    out->otherwise_hours = decision->otherwise_hours;
    out->retain_days = decision->retain_days;
    out->review_days = decision->review_days;
    out->silence_days = decision->silence_days;
}

static void deny(struct ruling *out)
{
    memset(out, 0, sizeof(*out));
    out->reason = treaty_reason_name(REASON_NOT_MEMBER);
    out->layer = treaty_layer_name(LAYER_TREATY);
}

static struct err decide_by(const struct rules *rules, const struct rules_question *question,
                            struct arena *arena, struct ruling *out)
{
    struct prepared prepared;
    struct decision decision;
    if (rules->set == NULL) {
        deny(out);
        return err_none();
    }
    struct err e = prepare(rules, question, false, arena, &prepared);
    if (failed(e))
        return e;
    if (rules_halted(rules, question->to)) {
        deny(out);
        out->reason = treaty_reason_name(REASON_HALTED);
        out->layer = treaty_layer_name(LAYER_NATIONAL);
        return err_none();
    }
    treaty_decide(rules->set, &prepared.question, &decision);
    ruling_of(rules, &decision, out);
    return err_none();
}

struct err rules_decide(const struct rules *rules, const struct rules_question *question,
                        struct arena *arena, struct ruling *out)
{
    return decide_by(rules, question, arena, out);
}

struct err rules_decide_kept(const struct rules *rules, const struct rules_question *question,
                             struct arena *arena, struct ruling *out)
{
    if (rules->kept_opt == NULL) {
        deny(out);
        return err_none();
    }
    struct rules kept = *rules;
    kept.set = rules->kept_opt;
    return decide_by(&kept, question, arena, out);
}

struct err rules_explain(const struct rules *rules, const struct rules_question *question,
                         struct arena *arena, struct json *out)
{
    struct prepared prepared;
    struct explanation explanation;
    if (rules->set == NULL) {
        *out = json_object();
        json_set(arena, out, "outcome", json_literal("deny"));
        json_set(arena, out, "reason", json_literal(treaty_reason_name(REASON_NOT_MEMBER)));
        return err_none();
    }
    struct err e = prepare(rules, question, false, arena, &prepared);
    if (failed(e))
        return e;
    e = treaty_explain(rules->set, &prepared.question, arena, &explanation);
    if (failed(e))
        return e;
    *out = treaty_explanation_json(rules->set, &explanation, arena);
    return err_none();
}

static struct err preview_one(const struct rules *rules, const struct rules_given *given,
                              struct rules_question *asked, struct prepared *prepared,
                              struct arena *arena, struct json *out)
{
    struct decision decision;
    asked->releases_opt = given->releases;
    asked->assurances_opt = given->assurances;
    prepared->question.to = treaty_member(rules->set, given->to);
    prepared->question.urgent = false;
    prepared->question.spent_count = spent_few(rules, given->spent, prepared->spent);
    struct err e = assurances_of(asked, arena, &prepared->question);
    if (!failed(e))
        e = releases_of(given->releases, arena, &prepared->question);
    if (failed(e))
        return e;
    treaty_decide(rules->set, &prepared->question, &decision);
    *out = treaty_decision_json(rules->set, &decision, arena);
    json_set_text(arena, out, "to", given->to);
    json_set(arena, out, "halted", json_bool(rules_halted(rules, given->to)));
    return err_none();
}

struct err rules_preview(const struct rules *rules, const struct rules_question *question,
                         const struct rules_given *given, size_t count, struct arena *arena,
                         struct json *out)
{
    struct prepared prepared;
    struct rules_question asked = *question;
    struct json items = json_array();
    struct err e = err_none();
    if (rules->set != NULL && count > 0) {
        asked.to = given[0].to;
        e = prepare(rules, &asked, false, arena, &prepared);
    }
    for (size_t i = 0; i < count && rules->set != NULL && !failed(e); i++) {
        struct json item;
        e = preview_one(rules, &given[i], &asked, &prepared, arena, &item);
        if (!failed(e))
            json_push(arena, &items, item);
    }
    if (failed(e))
        return e;
    *out = json_object();
    json_set(arena, out, "items", items);
    return arena_check(arena);
}

static struct err fields_of(const struct record *record, struct arena *arena, struct codes *out)
{
    struct text *names = ARENA_ARRAY(arena, struct text, record->statement_count);
    if (names == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < record->statement_count; i++)
        names[i] = record->statements[i].attribute;
    *out = (struct codes){ names, (uint32_t)record->statement_count };
    return err_none();
}

/* Every purpose, as listed, for which a copy may be used. */
static void uses_of(const struct rules *rules, const struct treaty_received *received,
                    struct texts *out)
{
    out->count = 0;
    for (size_t i = 0; i < code_count(CODE_PURPOSE) && out->count < RULES_TEXTS_MAX; i++) {
        struct text purpose = text_literal(code_row(CODE_PURPOSE, i)->code);
        if (!failed(treaty_may_use(rules->set, received, purpose)))
            out->items[out->count++] = purpose;
    }
}

struct err rules_receive(const struct rules *rules, const struct rules_view *in,
                         struct arena *arena, struct texts *uses_out)
{
    struct prepared prepared;
    const struct rules_basis *basis = &in->basis;
    if (rules->set == NULL ||
        treaty_rule_find(rules->set, &basis->agreement, basis->clause) == NO_RULE)
        return err_make(ERR_NOT_FOUND, "treaty.basis-unknown");
    struct rules_question question = { .from = in->from, .to = rules->self, .record = in->view,
                                       .as_of = in->as_of };
    struct err e = prepare(rules, &question, true, arena, &prepared);
    if (failed(e))
        return e;
    struct treaty_received received = { .agreement = basis->agreement,
                                        .version = (uint16_t)basis->version,
                                        .clause = basis->clause,
                                        .from = prepared.question.from,
                                        .to = prepared.question.to,
                                        .row = prepared.row };
    e = fields_of(&prepared.record, arena, &received.fields);
    if (!failed(e))
        e = treaty_receive_check(rules->set, &received);
    if (!failed(e))
        uses_of(rules, &received, uses_out);
    return e;
}

void rules_may_ask(const struct rules *rules, const struct rules_ask *ask, struct ruling *out)
{
    struct decision decision;
    deny(out);
    if (rules->set == NULL || rules_halted(rules, ask->to))
        return;
    struct treaty_ask question = { .from = treaty_member(rules->set, ask->from),
                                   .to = treaty_member(rules->set, ask->to),
                                   .kind = ask->kind,
                                   .purpose = ask->purpose,
                                   .as_of = ask->as_of,
                                   .basis = NO_RULE,
                                   .reply = ask->reply };
    if (ask->basis_opt != NULL)
        question.basis = treaty_rule_find(rules->set, &ask->basis_opt->agreement,
                                          ask->basis_opt->clause);
    struct treaty_spent spent[RULES_TEXTS_MAX];
    question.spent = spent;
    question.spent_count = spent_few(rules, ask->spent_opt, spent);
    treaty_may_ask(rules->set, &question, &decision);
    ruling_of(rules, &decision, out);
}

bool rules_protects(struct text kind)
{
    return treaty_protects(kind);
}

struct err rules_clause(const struct rules *rules, const struct rules_basis *basis,
                        struct ruling *out)
{
    uint16_t rule = rules->set == NULL
                        ? NO_RULE
                        : treaty_rule_find(rules->set, &basis->agreement, basis->clause);
    if (rule == NO_RULE)
        return err_make(ERR_NOT_FOUND, "treaty.basis-unknown");
    struct treaty_basis found = treaty_basis(rules->set, rule);
    memset(out, 0, sizeof(*out));
    basis_of(rules, rule, out);
    out->urgent_hours = span_hours(found.clause->urgent);
    out->otherwise_hours = span_hours(found.clause->otherwise);
    out->retain_hours = span_hours(found.clause->retain);
    out->retain_days = out->retain_hours / 24;
    out->review_days = span_hours(found.clause->review) / 24;
    for (uint32_t i = 0; i < found.clause->conditions.count && i < RULES_TEXTS_MAX; i++)
        out->conditions.items[out->conditions.count++] = found.clause->conditions.items[i];
    out->restricted = found.clause->audience.count > 0;
    for (uint32_t i = 0; i < found.clause->audience.count && i < RULES_TEXTS_MAX; i++)
        out->audience.items[out->audience.count++] = found.clause->audience.items[i];
    out->silence_days = found.treaty == NULL ? 0 : found.treaty->silence_days;
    return err_none();
}

static const char *const effect_names[SOIL_EFFECTS] = {
    [SOIL_HELD] = "held",
    [SOIL_AS_ASKED] = "as-asked",
    [SOIL_REDUCED] = "reduced",
    [SOIL_SPECIALISTS] = "specialists-only",
    [SOIL_NOT_SHOWN] = "not-shown",
};

struct rules_effect rules_effect(const struct rules *rules, struct text category,
                                 struct text from)
{
    struct effect_default found = treaty_effect(rules->national_opt, category, from);
    return (struct rules_effect){ effect_names[found.kind], found.action, found.call,
                                  found.rule };
}

bool rules_has_capacity(const struct rules *rules)
{
    return rules->set != NULL && treaty_has_capacity(rules->set);
}

bool rules_halted(const struct rules *rules, struct text partner)
{
    for (size_t i = 0; i < rules->halted.count; i++) {
        if (text_equal(rules->halted.items[i], partner))
            return true;
    }
    return false;
}
