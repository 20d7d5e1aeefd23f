#include "treaty/reference.h"

/* One alert of the question, looked at under the agreements. */
struct looking {
    const struct reference_question *q;
    const struct view_alert *alert;
};

static bool listed(struct codes codes, struct text code)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        if (text_equal(codes.items[i], code))
            return true;
    }
    return false;
}

static enum truth any_value(enum code_list list, struct codes values, bool doubt,
                            struct codes patterns)
{
    bool raw = doubt;
    for (uint32_t v = 0; v < values.count; v++) {
        struct code code = code_of(list, values.items[v]);
        for (uint32_t p = 0; p < patterns.count; p++) {
            if (code_matches(list, code, patterns.items[p]))
                return TRUTH_TRUE;
        }
        if (code_is_raw(code))
            raw = true;
    }
    return raw ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static enum truth one_value(enum code_list list, struct text value, struct codes patterns)
{
    struct codes values = { &value, 1 };
    return any_value(list, values, false, patterns);
}

static enum truth grading(const struct view_alert *alert, struct codes patterns)
{
    bool unknown = alert->grading.doubt || alert->grading.codes.count == 0;
    for (uint32_t i = 0; i + 2 <= alert->grading.codes.count; i += 2) {
        struct codes statement = { &alert->grading.codes.items[i], 2 };
        enum truth one = any_value(CODE_GRADING, statement, false, patterns);
        if (one == TRUTH_FALSE)
            return TRUTH_FALSE;
        if (one == TRUTH_UNKNOWN)
            unknown = true;
    }
    return unknown ? TRUTH_UNKNOWN : TRUTH_TRUE;
}

static enum truth age_under(const struct looking *l, int years)
{
    const struct treaty_view *view = l->q->view;
    struct date today = date_of_instant(l->q->as_of);
    if (view->ageless)
        return TRUTH_FALSE;
    if (view->born_first.year == 0) {
        if (view->child_presumed && years >= 18)
            return TRUTH_TRUE;
        return TRUTH_UNKNOWN;
    }
    int oldest = date_age(view->born_first, today);
    int youngest = date_age(view->born_last, today);
    if (oldest < years && youngest < years)
        return TRUTH_TRUE;
    if (oldest >= years && youngest >= years)
        return TRUTH_FALSE;
    return TRUTH_UNKNOWN;
}

static enum truth has_note(const struct looking *l, struct text code, bool that_party)
{
    const struct treaty_view *view = l->q->view;
    bool raw = view->partial;
    for (uint32_t i = 0; i < view->note_count; i++) {
        if (code_is_raw(code_of(CODE_NOTE, view->notes[i].code)))
            raw = true;
        if (!text_equal(view->notes[i].code, code))
            continue;
        if (!that_party)
            return TRUTH_TRUE;
        for (uint32_t m = 0; m < view->notes[i].members.count; m++) {
            if (text_equal(view->notes[i].members.items[m], l->q->to))
                return TRUTH_TRUE;
        }
    }
    return raw ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static enum truth test(const struct looking *l, const struct condition *c)
{
    const struct view_alert *a = l->alert;
    switch ((int)c->test) {
    case TEST_CATEGORY:
        return one_value(CODE_CATEGORY, a->category, c->codes);
    case TEST_KIND:
        return one_value(CODE_KIND, l->q->view->kind, c->codes);
    case TEST_OFFENCE:
        return any_value(CODE_OFFENCE, a->offences.codes, a->offences.doubt, c->codes);
    case TEST_SUBJECT:
        return any_value(CODE_SUBJECT, a->subjects.codes, a->subjects.doubt, c->codes);
    case TEST_NATIONALITY:
        return any_value(CODE_COUNTRY, l->q->view->nationalities.codes,
                         l->q->view->nationalities.doubt, c->codes);
    case TEST_WARNING:
        return any_value(CODE_WARNING, a->warnings.codes, a->warnings.doubt, c->codes);
    case TEST_GRADING:
        return grading(a, c->codes);
    case TEST_CLASSIFICATION:
        if (a->classification == LEVEL_NONE)
            return TRUTH_UNKNOWN;
        return a->classification <= c->number ? TRUTH_TRUE : TRUTH_FALSE;
    case TEST_AGE:
        return age_under(l, c->number);
    case TEST_DEATH:
        return a->death;
    case TEST_NOTE:
        return has_note(l, c->codes.items[0], c->number == 1);
    case TEST_ASSURANCE:
        if (listed(l->q->assurances, c->codes.items[0]))
            return TRUTH_TRUE;
        return l->q->view->partial ? TRUTH_UNKNOWN : TRUTH_FALSE;
    default: /* the rest is unknown here */
        return TRUTH_UNKNOWN;
    }
}

static enum truth holds(const struct looking *l, const struct condition *c)
{
    uint32_t yes = 0;
    uint32_t no = 0;
    if (c->op == CONDITION_TEST)
        return test(l, c);
    for (uint32_t i = 0; i < c->count; i++) {
        enum truth one = holds(l, &c->items[i]);
        yes += one == TRUTH_TRUE;
        no += one == TRUTH_FALSE;
    }
    if (c->op == CONDITION_NOT)
        return yes == 1 ? TRUTH_FALSE : no == 1 ? TRUTH_TRUE : TRUTH_UNKNOWN;
    if (c->op == CONDITION_ALL)
        return no > 0 ? TRUTH_FALSE : yes == c->count ? TRUTH_TRUE : TRUTH_UNKNOWN;
    return yes > 0 ? TRUTH_TRUE : no == c->count ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

/* A permission: its condition is surely true and its exception surely false. */
static bool surely(const struct looking *l, const struct clause *clause)
{
    return (clause->where_opt == NULL || holds(l, clause->where_opt) == TRUTH_TRUE) &&
           (clause->unless_opt == NULL || holds(l, clause->unless_opt) == TRUTH_FALSE);
}

/* A restriction: its condition may be true and its exception is not surely so. */
static bool perhaps(const struct looking *l, const struct clause *clause)
{
    return (clause->where_opt == NULL || holds(l, clause->where_opt) != TRUTH_FALSE) &&
           (clause->unless_opt == NULL || holds(l, clause->unless_opt) != TRUTH_TRUE);
}

static bool binds(const struct treaty_force *force, struct text member, struct instant as_of)
{
    for (uint32_t i = 0; i < force->treaty->parties.count; i++) {
        if (text_equal(force->treaty->parties.items[i], member))
            return force->status->bound[i].from.ms <= as_of.ms &&
                   force->status->bound[i].until.ms > as_of.ms;
    }
    return false;
}

static bool between(const struct clause *clause, struct text from, struct text to)
{
    return (clause->from.count == 0 || listed(clause->from, from)) &&
           (clause->to.count == 0 || listed(clause->to, to));
}

static bool kind_permitted(const struct looking *l, const struct clause *clause)
{
    struct code kind = code_of(CODE_KIND, l->q->view->kind);
    return !code_is_raw(kind) &&
           (listed(clause->codes, TEXT("record")) || listed(clause->codes, kind.code));
}

static bool kind_restricted(const struct looking *l, const struct clause *clause)
{
    struct code kind = code_of(CODE_KIND, l->q->view->kind);
    return clause->kind != CLAUSE_NEVER_SHARE || code_is_raw(kind) ||
           listed(clause->codes, TEXT("record")) || listed(clause->codes, kind.code);
}

static bool below_ceiling(const struct looking *l, enum level ceiling)
{
    if (ceiling == LEVEL_NONE)
        return true;
    return l->alert->classification != LEVEL_NONE && l->alert->classification <= ceiling;
}

static bool purpose_in(struct codes purposes, struct text purpose)
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

static bool forbids_use(const struct reference_question *q, const struct clause *clause)
{
    return clause->kind == CLAUSE_NEVER_USE &&
           (listed(clause->purposes, q->purpose) || purpose_in(clause->purposes, q->purpose));
}

static bool restricts(const struct looking *l, const struct clause *clause)
{
    return between(clause, l->q->from, l->q->to) && kind_restricted(l, clause) &&
           perhaps(l, clause);
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
        if (forbids_use(l->q, &clauses[i]))
            return REASON_NEVER_USE;
    }
    return REASON_NONE;
}

static bool reserved_by_one(const struct looking *l, const struct reservation *r, uint16_t article,
                            uint32_t clause)
{
    bool party = text_equal(r->party, l->q->from) || text_equal(r->party, l->q->to);
    return party && r->article == article && (r->clause == 0 || r->clause == clause);
}

/* REASON_NONE: nothing that the two reserved stands in the way of this clause. */
static enum decision_reason reserved(const struct looking *l, const struct treaty *treaty,
                                     uint16_t article, uint32_t clause)
{
    enum decision_reason reason = REASON_NONE;
    for (uint32_t i = 0; i < treaty->reservation_count && reason == REASON_NONE; i++) {
        const struct reservation *r = &treaty->reservations[i];
        if (reserved_by_one(l, r, article, clause))
            reason = r->not_bound ? REASON_NO_CLAUSE : forbidden(l, r->clauses, r->count);
    }
    return reason;
}

static bool taken_out(const struct looking *l, const struct treaty *treaty, uint16_t article,
                      uint32_t clause)
{
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        if (treaty->reservations[i].not_bound &&
            reserved_by_one(l, &treaty->reservations[i], article, clause))
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

static bool permits(const struct looking *l, const struct treaty_force *force,
                    const struct clause *clause)
{
    return clause->kind == CLAUSE_SHARE && clause->mode == MODE_COPY &&
           between(clause, l->q->from, l->q->to) && kind_permitted(l, clause) &&
           below_ceiling(l, force->treaty->ceiling) && below_ceiling(l, clause->ceiling) &&
           surely(l, clause) &&
           (l->q->purpose.len == 0 || purpose_in(clause->purposes, l->q->purpose));
}

static void search_treaty(const struct looking *l, const struct treaty_force *force,
                          struct found *found)
{
    const struct treaty *treaty = force->treaty;
    if (!binds(force, l->q->from, l->q->as_of) || !binds(force, l->q->to, l->q->as_of))
        return;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        for (uint32_t j = 0; j < article->count && found->clause == NULL; j++) {
            if (!permits(l, force, &article->clauses[j]) ||
                taken_out(l, treaty, article->number, j + 1))
                continue;
            enum decision_reason reason = reserved(l, treaty, article->number, j + 1);
            if (reason == REASON_NONE)
                *found = (struct found){ force, article, j + 1, &article->clauses[j], reason };
            else if (found->reason == REASON_NO_CLAUSE)
                found->reason = reason;
        }
    }
}

static bool comes_before(const struct treaty_force *a, const struct treaty_force *b)
{
    int names = bytes_compare(text_bytes(a->treaty->name), text_bytes(b->treaty->name));
    if (names != 0)
        return names < 0;
    return a->treaty->version < b->treaty->version;
}

/* The first in order of those not yet tried. */
static const struct treaty_force *next_treaty(const struct reference_question *q, uint64_t *tried)
{
    size_t next = SIZE_MAX;
    for (size_t i = 0; i < q->treaty_count; i++) {
        if ((*tried >> i & 1) == 0 &&
            (next == SIZE_MAX || comes_before(&q->treaties[i], &q->treaties[next])))
            next = i;
    }
    *tried |= UINT64_C(1) << next;
    return &q->treaties[next];
}

static struct found search(const struct looking *l)
{
    struct found found = { .reason = REASON_NO_CLAUSE };
    uint64_t tried = 0;
    for (size_t n = 0; n < l->q->treaty_count && found.clause == NULL; n++) {
        search_treaty(l, next_treaty(l->q, &tried), &found);
    }
    return found;
}

static enum decision_reason forbidden_by_treaties(const struct looking *l)
{
    enum decision_reason reason = REASON_NONE;
    uint64_t tried = 0;
    for (size_t n = 0; n < l->q->treaty_count && reason == REASON_NONE; n++) {
        const struct treaty_force *force = next_treaty(l->q, &tried);
        if (!binds(force, l->q->from, l->q->as_of) || !binds(force, l->q->to, l->q->as_of))
            continue;
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

static enum decision_reason forbidden_by_nation(const struct looking *l)
{
    enum decision_reason reason = REASON_NONE;
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
    if (listed(a->never, l->q->to) || (a->restricted && !listed(a->only, l->q->to)))
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

/* Everything that narrows this permission, one clause at a time. */
typedef void clause_fn(const struct clause *clause, struct reference_decision *out);

static void each_narrowing(const struct looking *l, const struct found *found, clause_fn *each,
                           struct reference_decision *out)
{
    const struct treaty *treaty = found->force->treaty;
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
            if (reserved_by_one(l, r, found->article->number, found->number) &&
                restricts(l, &r->clauses[c]))
                each(&r->clauses[c], out);
        }
    }
    for (uint32_t c = 0; national_speaks(l->q) && c < l->q->national_opt->count; c++) {
        if (restricts(l, &l->q->national_opt->clauses[c]))
            each(&l->q->national_opt->clauses[c], out);
    }
}

/* A forbidden use binds between the parties of whichever agreement says so. */
static void each_forbidden_use(const struct looking *l, clause_fn *each,
                               struct reference_decision *out)
{
    for (size_t t = 0; t < l->q->treaty_count; t++) {
        const struct treaty_force *force = &l->q->treaties[t];
        if (!binds(force, l->q->from, l->q->as_of) || !binds(force, l->q->to, l->q->as_of))
            continue;
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
static bool must_wait(const struct looking *l, const struct found *found,
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

static void add_terms(const struct looking *l, const struct found *found,
                      struct reference_decision *out)
{
    const struct clause *clause = found->clause;
    set_add(&out->withheld, clause->withheld);
    set_add(&out->conditions, clause->conditions);
    each_narrowing(l, found, add_duty, out);
    each_forbidden_use(l, add_duty, out);
    out->retain_days = least(out->retain_days, (span_hours(clause->retain) + 23) / 24);
    out->review_days = least(out->review_days, (span_hours(clause->review) + 23) / 24);
    out->urgent_hours = least(out->urgent_hours, span_hours(clause->urgent));
    out->otherwise_hours = least(out->otherwise_hours, span_hours(clause->otherwise));
    out->silence_days = (uint16_t)least(out->silence_days, found->force->treaty->silence_days);
}

struct stop {
    enum decision_layer layer;
    enum decision_reason reason;
};

static struct stop stop_of(const struct looking *l, struct found *found)
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

static bool is_member(const struct reference_question *q, struct text member)
{
    bool known = q->national_opt != NULL && text_equal(q->national_opt->member, member);
    for (size_t i = 0; i < q->treaty_count; i++)
        known = known || listed(q->treaties[i].treaty->parties, member);
    return known;
}

static void decide_one(const struct reference_question *q, uint32_t i,
                       struct reference_decision *out)
{
    struct looking l = { q, &q->view->alerts[i] };
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
    *out = (struct reference_decision){ .outcome = DECISION_DENY, .reason = REASON_NO_ALERT };
    if (!is_member(q, q->from) || !is_member(q, q->to) || text_equal(q->from, q->to)) {
        out->layer = LAYER_TREATY;
        out->reason = REASON_NOT_MEMBER;
        return;
    }
    for (uint32_t i = 0; i < q->view->alert_count; i++) {
        if ((q->alerts >> i & 1) != 0)
            decide_one(q, i, out);
    }
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
