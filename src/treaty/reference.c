/* The decision of the reference evaluator, alert by alert (spec/agreement.md section 5). */
#include "treaty/reference_parts.h"

static bool between(const struct looking *l, const struct clause *clause, struct text from,
                    struct text to)
{
    return reference_on_side(l->treaty, clause->from, from) &&
           reference_on_side(l->treaty, clause->to, to);
}

static bool kind_permitted(const struct looking *l, const struct clause *clause)
{
    struct code kind = code_of(CODE_KIND, l->q->view->kind);
    return !code_is_raw(kind) && (reference_listed(clause->codes, TEXT("record")) ||
                                  reference_listed(clause->codes, kind.code));
}

static bool kind_restricted(const struct looking *l, const struct clause *clause)
{
    struct code kind = code_of(CODE_KIND, l->q->view->kind);
    return clause->kind != CLAUSE_NEVER_SHARE || code_is_raw(kind) ||
           reference_listed(clause->codes, TEXT("record")) ||
           reference_listed(clause->codes, kind.code);
}

static bool below_ceiling(const struct looking *l, enum level ceiling)
{
    if (ceiling == LEVEL_NONE)
        return true;
    return l->alert->classification != LEVEL_NONE && l->alert->classification <= ceiling;
}

bool reference_purpose(struct codes purposes, struct text purpose)
{
    int number = code_find(CODE_PURPOSE, purpose);
    for (uint32_t i = 0; i < purposes.count; i++) {
        struct text stem = purposes.items[i];
        if (number == CODE_RAW)
            continue;
        if (text_is(stem, "*"))
            return true;
        if (text_ends(stem, TEXT(".*")))
            stem.len -= 2;
        if (code_within(CODE_PURPOSE, number, code_find(CODE_PURPOSE, stem)))
            return true;
    }
    return false;
}

bool reference_forbids_use(const struct reference_question *q, const struct clause *clause)
{
    return clause->kind == CLAUSE_NEVER_USE && (reference_listed(clause->purposes, q->purpose) ||
                                                reference_purpose(clause->purposes, q->purpose));
}

static bool restricts(const struct looking *l, const struct clause *clause)
{
    return between(l, clause, l->q->from, l->q->to) && kind_restricted(l, clause) &&
           reference_perhaps(l, clause);
}

static enum decision_reason forbidden(const struct looking *l, const struct clause *clauses,
                                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!restricts(l, &clauses[i]))
            continue;
        if (clauses[i].kind == CLAUSE_HALT)
            return REASON_HALTED;
        if (clauses[i].kind == CLAUSE_NEVER_SHARE)
            return REASON_NEVER;
        if (reference_forbids_use(l->q, &clauses[i]))
            return REASON_NEVER_USE;
    }
    return REASON_NONE;
}

bool reference_reserves(const struct reference_question *q, const struct reservation *r,
                        uint16_t article, uint32_t clause)
{
    bool party = text_equal(r->party, q->from) || text_equal(r->party, q->to);
    return party && r->article == article && (r->clause == 0 || r->clause == clause);
}

/* REASON_NONE: nothing that the two reserved stands in the way of this clause. */
static enum decision_reason reserved(const struct looking *l, const struct treaty *treaty,
                                     uint16_t article, uint32_t clause)
{
    enum decision_reason reason = REASON_NONE;
    for (uint32_t i = 0; i < treaty->reservation_count && reason == REASON_NONE; i++) {
        const struct reservation *r = &treaty->reservations[i];
        if (reference_reserves(l->q, r, article, clause))
            reason = r->not_bound ? REASON_NO_CLAUSE : forbidden(l, r->clauses, r->count);
    }
    return reason;
}

bool reference_taken_out(const struct reference_question *q, const struct treaty *treaty,
                         uint16_t article, uint32_t clause)
{
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        if (treaty->reservations[i].not_bound &&
            reference_reserves(q, &treaty->reservations[i], article, clause))
            return true;
    }
    return false;
}

struct found {
    const struct treaty_force *force;
    const struct article *article;
    uint32_t number; /* of the clause in its article, from 1 */
    const struct clause *clause;
    enum decision_reason reason; /* when none was found */
};

/* Who may hold a copy may also query and ask. */
static bool mode_fits(const struct looking *l, const struct clause *clause)
{
    enum access_mode asked = l->q->mode == MODE_NONE ? MODE_COPY : l->q->mode;
    return clause->mode == MODE_COPY || clause->mode == asked;
}

static bool returned(const struct looking *l, const struct clause *clause)
{
    return !clause->reciprocal || between(l, clause, l->q->to, l->q->from);
}

bool reference_spent_up(const struct reference_question *q, const struct clause *clause)
{
    for (size_t i = 0; i < q->spent_count; i++) {
        if (q->spent[i].clause == clause)
            return clause->capacity.count > 0 && q->spent[i].count >= clause->capacity.count;
    }
    return false;
}

static bool permits(const struct looking *l, const struct treaty_force *force,
                    const struct clause *clause)
{
    return clause->kind == CLAUSE_SHARE && mode_fits(l, clause) && returned(l, clause) &&
           between(l, clause, l->q->from, l->q->to) && kind_permitted(l, clause) &&
           below_ceiling(l, force->treaty->ceiling) && below_ceiling(l, clause->ceiling) &&
           reference_surely(l, clause) &&
           (l->q->purpose.len == 0 || reference_purpose(clause->purposes, l->q->purpose));
}

/* What stands in the way of one clause; REASON_NONE: it permits. */
static enum decision_reason hindrance(const struct looking *l, const struct treaty_force *force,
                                      const struct article *article, uint32_t number)
{
    const struct clause *clause = &article->clauses[number - 1];
    if (!permits(l, force, clause) ||
        reference_taken_out(l->q, force->treaty, article->number, number) ||
        !reference_undisputed(l->q, force, article->number, number))
        return REASON_NO_CLAUSE;
    enum decision_reason reason = reserved(l, force->treaty, article->number, number);
    if (reason == REASON_NONE && reference_spent_up(l->q, clause))
        reason = REASON_CAPACITY;
    return reason;
}

static void search_treaty(struct looking *l, const struct treaty_force *force, struct found *found)
{
    const struct treaty *treaty = force->treaty;
    if (!reference_binds(l->q, force))
        return;
    l->treaty = treaty;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        for (uint32_t j = 1; j <= article->count && found->clause == NULL; j++) {
            enum decision_reason reason = hindrance(l, force, article, j);
            if (reason == REASON_NONE)
                *found = (struct found){ force, article, j, &article->clauses[j - 1], reason };
            else if (reason == REASON_CAPACITY || found->reason == REASON_NO_CLAUSE)
                found->reason = reason;
        }
    }
}

static struct found search(struct looking *l)
{
    struct found found = { .reason = REASON_NO_CLAUSE };
    const struct treaty_force *order[RULESET_TREATIES_MAX];
    reference_order(l->q, order);
    for (size_t n = 0; n < l->q->treaty_count && found.clause == NULL; n++)
        search_treaty(l, order[n], &found);
    return found;
}

static enum decision_reason forbidden_by_treaties(struct looking *l)
{
    enum decision_reason reason = REASON_NONE;
    const struct treaty_force *order[RULESET_TREATIES_MAX];
    reference_order(l->q, order);
    for (size_t n = 0; n < l->q->treaty_count && reason == REASON_NONE; n++) {
        const struct treaty_force *force = order[n];
        if (!reference_binds(l->q, force))
            continue;
        l->treaty = force->treaty;
        for (uint32_t a = 0; a < force->treaty->article_count && reason == REASON_NONE; a++) {
            const struct article *article = &force->treaty->articles[a];
            for (uint32_t c = 0; c < article->count && reason == REASON_NONE; c++)
                reason = forbidden(l, &article->clauses[c], 1);
        }
    }
    return reason;
}

static bool national_speaks(const struct reference_question *q)
{
    return q->national_opt != NULL && text_equal(q->national_opt->member, q->from);
}

static enum decision_reason forbidden_by_nation(struct looking *l)
{
    enum decision_reason reason = REASON_NONE;
    l->treaty = NULL;
    if (national_speaks(l->q))
        reason = forbidden(l, l->q->national_opt->clauses, l->q->national_opt->count);
    return reason == REASON_NEVER || reason == REASON_NEVER_USE ? REASON_NATIONAL : reason;
}

static enum decision_reason forbidden_by_record(const struct looking *l)
{
    const struct view_alert *a = l->alert;
    int64_t now = l->q->as_of.ms;
    if (now < a->valid_from.ms || (a->valid_until.ms != 0 && now >= a->valid_until.ms))
        return REASON_NOT_VALID;
    if (now < a->hidden_until.ms)
        return REASON_HIDDEN;
    if (reference_listed(a->never, l->q->to) ||
        (a->restricted && !reference_listed(a->only, l->q->to)))
        return REASON_RECIPIENTS;
    return REASON_NONE;
}

static void set_add(struct reference_set *set, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        bool there = false;
        for (uint32_t j = 0; j < set->count; j++)
            there = there || text_equal(set->items[j], codes.items[i]);
        if (!there && set->count < REFERENCE_SET_MAX)
            set->items[set->count++] = codes.items[i];
    }
}

/* Without what stands in `other`. */
static void set_take(struct reference_set *set, const struct reference_set *other)
{
    struct codes gone = { other->items, other->count };
    uint32_t kept = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        if (!reference_listed(gone, set->items[i]))
            set->items[kept++] = set->items[i];
    }
    set->count = kept;
}

/* Everything that narrows this permission, one clause at a time. */
typedef void clause_fn(const struct clause *clause, struct reference_decision *out);

static void each_narrowing(struct looking *l, const struct found *found, clause_fn *each,
                           struct reference_decision *out)
{
    const struct treaty *treaty = found->force->treaty;
    l->treaty = treaty;
    for (uint32_t a = 0; a < treaty->article_count; a++) {
        for (uint32_t c = 0; c < treaty->articles[a].count; c++) {
            const struct clause *clause = &treaty->articles[a].clauses[c];
            if (clause->kind != CLAUSE_SHARE && clause->kind != CLAUSE_ASK &&
                clause->kind != CLAUSE_NEVER_USE && restricts(l, clause))
                each(clause, out);
        }
    }
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        const struct reservation *r = &treaty->reservations[i];
        for (uint32_t c = 0; c < r->count; c++) {
            if (reference_reserves(l->q, r, found->article->number, found->number) &&
                restricts(l, &r->clauses[c]))
                each(&r->clauses[c], out);
        }
    }
    l->treaty = NULL;
    for (uint32_t c = 0; national_speaks(l->q) && c < l->q->national_opt->count; c++) {
        if (restricts(l, &l->q->national_opt->clauses[c]))
            each(&l->q->national_opt->clauses[c], out);
    }
}

/* A forbidden use binds between the parties of whichever agreement says so. */
static void each_forbidden_use(struct looking *l, clause_fn *each, struct reference_decision *out)
{
    for (size_t t = 0; t < l->q->treaty_count; t++) {
        const struct treaty_force *force = &l->q->treaties[t];
        if (!reference_binds(l->q, force))
            continue;
        l->treaty = force->treaty;
        for (uint32_t a = 0; a < force->treaty->article_count; a++) {
            const struct article *article = &force->treaty->articles[a];
            for (uint32_t c = 0; c < article->count; c++) {
                const struct clause *clause = &article->clauses[c];
                if (clause->kind == CLAUSE_NEVER_USE && restricts(l, clause))
                    each(clause, out);
            }
        }
    }
}

static void add_release(const struct clause *clause, struct reference_decision *out)
{
    if (clause->kind != CLAUSE_RELEASE)
        return;
    set_add(&out->offices, clause->offices);
    if (clause->persons > out->persons)
        out->persons = clause->persons;
}

static void add_duty(const struct clause *clause, struct reference_decision *out)
{
    if (clause->kind == CLAUSE_WITHHOLD)
        set_add(&out->withheld, clause->withheld);
    if (clause->kind == CLAUSE_NEVER_USE)
        set_add(&out->never_use, clause->purposes);
    if (clause->kind == CLAUSE_COARSEN)
        set_add(&out->coarse[clause->way], clause->withheld);
    if (clause->kind == CLAUSE_DUTY)
        set_add(&out->duties, clause->offices);
}

static bool office_released(const struct reference_question *q, struct text office)
{
    for (size_t i = 0; i < q->release_count; i++) {
        if (text_equal(q->releases[i].office, office))
            return true;
    }
    return false;
}

static uint32_t persons_released(const struct reference_question *q)
{
    struct reference_set persons = { .count = 0 };
    for (size_t i = 0; i < q->release_count; i++) {
        if (q->releases[i].person.len > 0)
            set_add(&persons, (struct codes){ &q->releases[i].person, 1 });
    }
    return persons.count;
}

/* What is still missing. */
static bool must_wait(struct looking *l, const struct found *found,
                      struct reference_decision *needed)
{
    struct reference_decision all = { .persons = 0 };
    each_narrowing(l, found, add_release, &all);
    for (uint32_t i = 0; i < all.offices.count; i++) {
        if (!office_released(l->q, all.offices.items[i]))
            set_add(&needed->offices, (struct codes){ &all.offices.items[i], 1 });
    }
    if (persons_released(l->q) < all.persons)
        needed->persons = all.persons;
    return needed->offices.count > 0 || needed->persons > 0;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    if (a == 0 || b == 0)
        return a + b;
    return a < b ? a : b;
}

static uint32_t days(struct span span)
{
    return (span_hours(span) + 23) / 24;
}

/* Branches that every list names. */
static void narrow_audience(const struct clause *clause, struct reference_decision *out)
{
    struct reference_set both = { .count = 0 };
    if (clause->audience.count == 0)
        return;
    for (uint32_t i = 0; i < clause->audience.count; i++) {
        struct codes one = { &clause->audience.items[i], 1 };
        struct codes before = { out->audience.items, out->audience.count };
        if (!out->restricted || reference_listed(before, clause->audience.items[i]))
            set_add(&both, one);
    }
    out->restricted = true;
    out->audience = both;
}

static void add_terms(struct looking *l, const struct found *found, struct reference_decision *out)
{
    const struct clause *clause = found->clause;
    set_add(&out->withheld, clause->withheld);
    set_add(&out->conditions, clause->conditions);
    each_narrowing(l, found, add_duty, out);
    each_forbidden_use(l, add_duty, out);
    narrow_audience(clause, out);
    out->extend = out->extend && clause->extend;
    out->achieved_days = least(out->achieved_days, days(clause->achieved));
    out->offline_hours = least(out->offline_hours, span_hours(clause->offline));
    if (days(clause->warn) > out->warn_days)
        out->warn_days = days(clause->warn);
    out->retain_days = least(out->retain_days, days(clause->retain));
    out->review_days = least(out->review_days, days(clause->review));
    out->urgent_hours = least(out->urgent_hours, span_hours(clause->urgent));
    out->otherwise_hours = least(out->otherwise_hours, span_hours(clause->otherwise));
    out->silence_days = (uint16_t)least(out->silence_days, found->force->treaty->silence_days);
}

struct stop {
    enum decision_layer layer;
    enum decision_reason reason;
};

static struct stop stop_of(struct looking *l, struct found *found)
{
    enum decision_reason reason = REASON_NONE;
    *found = search(l);
    if (found->clause == NULL)
        return (struct stop){ LAYER_TREATY, found->reason };
    if ((reason = forbidden_by_treaties(l)) != REASON_NONE)
        return (struct stop){ LAYER_TREATY, reason };
    if ((reason = forbidden_by_nation(l)) != REASON_NONE)
        return (struct stop){ LAYER_NATIONAL, reason };
    if ((reason = forbidden_by_record(l)) != REASON_NONE)
        return (struct stop){ LAYER_RECORD, reason };
    return (struct stop){ LAYER_NONE, REASON_NONE };
}

bool reference_member(const struct reference_question *q, struct text member)
{
    bool known = q->national_opt != NULL && text_equal(q->national_opt->member, member);
    for (size_t i = 0; i < q->treaty_count; i++)
        known = known || reference_listed(q->treaties[i].treaty->parties, member);
    return known;
}

static void decide_one(const struct reference_question *q, uint32_t i,
                       struct reference_decision *out)
{
    struct looking l = { q, &q->view->alerts[i], NULL };
    struct found found;
    struct reference_decision needed = { .persons = 0 };
    struct stop stop = stop_of(&l, &found);
    if (stop.layer == LAYER_NONE && must_wait(&l, &found, &needed)) {
        stop = (struct stop){ LAYER_RELEASE, REASON_RELEASE };
        if (out->shared == 0 && out->held == 0)
            out->basis = found.clause;
        out->held |= UINT64_C(1) << i;
        set_add(&out->offices, (struct codes){ needed.offices.items, needed.offices.count });
        out->persons = needed.persons > out->persons ? needed.persons : out->persons;
    } else if (stop.layer == LAYER_NONE) {
        if (out->shared == 0)
            out->basis = found.clause;
        out->shared |= UINT64_C(1) << i;
        add_terms(&l, &found, out);
    }
    if (stop.layer > out->layer) {
        out->layer = stop.layer;
        out->reason = stop.reason;
    }
}

void reference_decide(const struct reference_question *q, struct reference_decision *out)
{
    *out = (struct reference_decision){ .outcome = DECISION_DENY,
                                        .reason = REASON_NO_ALERT,
                                        .extend = true };
    if (!reference_member(q, q->from) || !reference_member(q, q->to) ||
        text_equal(q->from, q->to)) {
        out->layer = LAYER_TREATY;
        out->reason = REASON_NOT_MEMBER;
        out->extend = false;
        return;
    }
    for (uint32_t i = 0; i < q->view->alert_count; i++) {
        if ((q->alerts >> i & 1) != 0)
            decide_one(q, i, out);
    }
    out->extend = out->extend && out->shared != 0;
    for (enum coarse_way way = COARSE_YEAR; way < COARSE_WAYS; way++)
        set_take(&out->coarse[way], &out->withheld);
    if (out->shared != 0) {
        out->outcome = DECISION_SHARE;
        out->layer = LAYER_NONE;
        out->reason = REASON_NONE;
    } else if (out->held != 0) {
        out->outcome = DECISION_HOLD;
    } else if (out->layer == LAYER_NONE) {
        out->layer = LAYER_RECORD;
    }
}
