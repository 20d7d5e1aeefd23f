#include "clerk/rules.h"

#include <assert.h>

#include "core/encode.h"
#include "treaty/decide.h"

struct partner_row {
    struct text code;
    bool halted;
};

struct force_row {
    struct hash hash;
    const struct treaty *treaty;
    const struct treaty_status *status;
};

struct rules {
    struct text self;
    const struct ruleset *set; /* NULL: nothing is in force, everything is denied */
    const struct national *national_opt;
    struct partner_row partners[RULESET_MEMBERS_MAX];
    size_t partner_count;
    struct texts halted;
    struct force_row in_force[RULESET_TREATIES_MAX];
    size_t in_force_count;
    struct instant now; /* when they were loaded; nothing changes before next_change */
    struct instant next_change;
};

enum { EVENTS_MAX = 2 * TREATY_PARTIES_MAX, NOTES_MAX = 16 };

struct loader {
    struct arena *memory;
    struct rules *rules;
    struct instant now;
    struct treaty_force *forces;
    size_t count;
};

/* -- loading ------------------------------------------------------------------------------ */

static struct err events_of(const struct json *row, struct treaty_event *out, size_t *count_out)
{
    const struct json *events = json_get(row, "events");
    size_t count = json_count(events);
    if (count > EVENTS_MAX)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    for (size_t i = 0; i < count; i++) {
        const struct json *event = json_item(events, i);
        bool sign = text_is(json_get_text(event, "act"), "sign");
        out[i].act = sign ? ACT_SIGN : ACT_WITHDRAW;
        out[i].party = json_get_text(event, "party");
        struct err e = instant_parse(json_get_text(event, "at"), &out[i].at);
        if (failed(e))
            return e;
    }
    *count_out = count;
    return err_none();
}

static struct err status_of(const struct json *row, const struct treaty *treaty,
                            struct instant now, struct treaty_status *out)
{
    struct treaty_event events[EVENTS_MAX];
    size_t count = 0;
    struct err e = events_of(row, events, &count);
    if (failed(e))
        return e;
    *out = treaty_status(treaty, events, count, now);
    return err_none();
}

static void note_change(struct rules *rules, struct instant at, struct instant now)
{
    if (instant_before(now, at) && instant_before(at, rules->next_change))
        rules->next_change = at;
}

static void note_changes(struct loader *l, const struct treaty *treaty,
                         const struct treaty_status *status)
{
    note_change(l->rules, status->from, l->now);
    note_change(l->rules, status->until, l->now);
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        note_change(l->rules, status->bound[i].from, l->now);
        note_change(l->rules, status->bound[i].until, l->now);
    }
}

static bool bound_now(const struct treaty_status *status, size_t i, struct instant now)
{
    return !instant_before(now, status->bound[i].from) &&
           instant_before(now, status->bound[i].until);
}

static void add_partner(struct rules *rules, struct text code)
{
    for (size_t i = 0; i < rules->partner_count; i++) {
        if (text_equal(rules->partners[i].code, code))
            return;
    }
    if (rules->partner_count < RULESET_MEMBERS_MAX)
        rules->partners[rules->partner_count++] = (struct partner_row){ code, false };
}

static void add_partners(struct loader *l, const struct treaty *treaty,
                         const struct treaty_status *status)
{
    bool us = false;
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        if (text_equal(treaty->parties.items[i], l->rules->self))
            us = bound_now(status, i, l->now);
    }
    for (uint32_t i = 0; us && i < treaty->parties.count; i++) {
        if (!text_equal(treaty->parties.items[i], l->rules->self) &&
            bound_now(status, i, l->now))
            add_partner(l->rules, treaty->parties.items[i]);
    }
}

/* One agreement row: compiled when it is or was in force, so that what was disclosed under it
 * can still be judged for its instant. */
static struct err load_agreement(struct loader *l, struct bytes key, const struct json *row)
{
    struct treaty *treaty = ARENA_NEW(l->memory, struct treaty);
    struct treaty_status *status = ARENA_NEW(l->memory, struct treaty_status);
    const struct json *tree = json_get(row, "tree");
    if (treaty == NULL || status == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (tree == NULL || key.len != HASH_LEN)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    struct err e = treaty_from_json(tree, l->memory, treaty);
    if (failed(e))
        return e;
    e = status_of(row, treaty, l->now, status);
    if (failed(e))
        return e;
    note_changes(l, treaty, status);
    bool began = status->state == TREATY_IN_FORCE || status->state == TREATY_ENDED;
    /* Over before it entered here: loaded, so that a late frame under it is refused, not parked. */
    bool known = json_get_bool(row, "entered") || status->state == TREATY_ENDED;
    if (!began || !known || l->count == RULESET_TREATIES_MAX)
        return err_none();
    l->forces[l->count++] = (struct treaty_force){ treaty, status };
    if (status->state == TREATY_IN_FORCE) {
        struct force_row *force = &l->rules->in_force[l->rules->in_force_count++];
        memcpy(force->hash.bytes, key.data, HASH_LEN);
        force->treaty = treaty;
        force->status = status;
        add_partners(l, treaty, status);
    }
    return err_none();
}

static struct err load_national(struct loader *l, const struct json *row)
{
    struct national *national = ARENA_NEW(l->memory, struct national);
    struct treaty_errors errors = { .count = 0 };
    if (national == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = national_parse(json_get_text(row, "text"), LANGUAGE_ANY, l->memory, &errors,
                                  national);
    if (!failed(e))
        l->rules->national_opt = national;
    return e;
}

static struct err load_row(struct loader *l, const struct store_row *row)
{
    struct text key = { (const char *)row->key.data, row->key.len };
    struct json value;
    struct err e = json_parse(row->value, l->memory, &value);
    if (failed(e))
        return e;
    if (text_is(key, "national"))
        return load_national(l, &value);
    if (text_starts(key, TEXT("halt/"))) {
        struct texts *halted = &l->rules->halted;
        if (halted->count == RULES_TEXTS_MAX)
            return err_make(ERR_LIMIT, "clerk.too-many-partners");
        halted->items[halted->count++] = arena_copy_text(l->memory, text_slice(key, 5, key.len));
        return err_none();
    }
    return load_agreement(l, row->key, &value);
}

struct err rules_make(struct store_view *view, struct text self, struct instant now,
                      struct arena *memory, struct rules **out)
{
    struct loader l = { .memory = memory, .now = now };
    l.rules = ARENA_NEW(memory, struct rules);
    l.forces = ARENA_ARRAY(memory, struct treaty_force, RULESET_TREATIES_MAX);
    if (l.rules == NULL || l.forces == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    l.rules->self = self;
    l.rules->now = now;
    l.rules->next_change = (struct instant){ INT64_MAX };
    struct store_range range = { .table = TABLE_AGREEMENT, .limit = STORE_READ_MAX };
    struct store_rows rows;
    struct err e = store_scan(view, &range, memory, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++)
        e = load_row(&l, &rows.rows[i]);
    if (failed(e))
        return e;
    if (l.count > 0)
        e = treaty_compile(l.forces, l.count, l.rules->national_opt, memory, &l.rules->set);
    if (failed(e))
        return e;
    *out = l.rules;
    return err_none();
}

/* -- deciding ----------------------------------------------------------------------------- */

struct prepared {
    struct record record;
    struct treaty_view view;
    const struct treaty_row *row;
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
    return releases_of(asked->releases_opt, arena, &out->question);
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
}

static void ruling_of(const struct rules *rules, const struct decision *decision,
                       struct ruling *out)
{
    memset(out, 0, sizeof(*out));
    out->reason = treaty_reason_name(decision->reason);
    out->layer = treaty_layer_name(decision->layer);
    if (decision->outcome == DECISION_DENY || decision->rule == NO_RULE)
        return; /* RULING_DENY is zero */
    bool share = decision->outcome == DECISION_SHARE;
    out->outcome = share ? RULING_SHARE : RULING_HOLD;
    out->alerts = share ? decision->shared : decision->held;
    basis_of(rules, decision->rule, out);
    names_of(rules, NAME_FIELD, decision->withheld, &out->withheld);
    names_of(rules, NAME_CONDITION, decision->conditions, &out->conditions);
    names_of(rules, NAME_OFFICE, decision->offices, &out->offices);
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

struct err rules_decide(const struct rules *rules, const struct rules_question *question,
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

bool rules_halted(const struct rules *rules, struct text partner)
{
    for (size_t i = 0; i < rules->halted.count; i++) {
        if (text_equal(rules->halted.items[i], partner))
            return true;
    }
    return false;
}

size_t rules_partner_count(const struct rules *rules)
{
    return rules->partner_count;
}

struct text rules_partner(const struct rules *rules, size_t i)
{
    assert(i < rules->partner_count);
    return rules->partners[i].code;
}

bool rules_in_force(const struct rules *rules, const struct hash *agreement)
{
    for (size_t i = 0; i < rules->in_force_count; i++) {
        if (hash_equal(&rules->in_force[i].hash, agreement))
            return true;
    }
    return false;
}

static bool is_bound(const struct rules *rules, const struct force_row *force, struct text member)
{
    for (uint32_t i = 0; i < force->treaty->parties.count; i++) {
        if (text_equal(force->treaty->parties.items[i], member))
            return bound_now(force->status, i, rules->now);
    }
    return false;
}

bool rules_binds(const struct rules *rules, const struct hash *agreement, struct text partner)
{
    for (size_t i = 0; i < rules->in_force_count; i++) {
        const struct force_row *force = &rules->in_force[i];
        if (hash_equal(&force->hash, agreement))
            return is_bound(rules, force, rules->self) && is_bound(rules, force, partner);
    }
    return false;
}

struct instant rules_next_change(const struct rules *rules)
{
    return rules->next_change;
}

struct err rules_state(const struct json *row, struct instant now, struct arena *arena,
                       const char **out)
{
    static const char *const names[TREATY_STATES] = {
        [TREATY_DRAFT] = "draft",
        [TREATY_SIGNED_BY_SOME] = "signed-by-some",
        [TREATY_IN_FORCE] = "in-force",
        [TREATY_ENDED] = "ended",
    };
    struct treaty treaty;
    struct treaty_status status;
    const struct json *tree = json_get(row, "tree");
    if (tree == NULL)
        return err_make(ERR_CORRUPT, "clerk.bad-row");
    struct err e = treaty_from_json(tree, arena, &treaty);
    if (failed(e))
        return e;
    e = status_of(row, &treaty, now, &status);
    if (failed(e))
        return e;
    *out = names[status.state];
    return err_none();
}
