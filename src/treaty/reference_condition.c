/* Conditions of the reference evaluator: three values, from spec/agreement.md section 5. */
#include "treaty/reference_parts.h"

bool reference_listed(struct codes codes, struct text code)
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

/* Months that some offence reaches; where one says nothing there is doubt. */
static enum truth reaches(const struct view_term *term, uint32_t months)
{
    if (term->greatest >= months)
        return TRUTH_TRUE;
    return term->unsaid ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static bool below(struct text unit, struct text stem)
{
    return text_equal(unit, stem) ||
           (unit.len > stem.len && text_starts(unit, stem) && unit.data[stem.len] == '.');
}

static enum truth made_by(struct text unit, struct codes patterns)
{
    for (uint32_t i = 0; i < patterns.count && unit.len > 0; i++) {
        struct text stem = patterns.items[i];
        bool tree = text_ends(stem, TEXT(".*"));
        if (tree)
            stem.len -= 2;
        if (text_is(patterns.items[i], "*") || text_equal(unit, patterns.items[i]) ||
            (tree && below(unit, stem)))
            return TRUTH_TRUE;
    }
    return unit.len == 0 ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static const struct recognition *law_of(const struct treaty *treaty, struct text member)
{
    for (uint32_t i = 0; i < treaty->recognition_count; i++) {
        if (text_equal(treaty->recognitions[i].party, member))
            return &treaty->recognitions[i];
    }
    return NULL;
}

static bool punishable(const struct recognition *law, struct code offence)
{
    for (uint32_t i = 0; i < law->offences.count; i++) {
        if (code_matches(CODE_OFFENCE, offence, law->offences.items[i]))
            return true;
    }
    return false;
}

/* Every offence under both laws; an offence surely missing from a law that is there says no. */
static enum truth dual(const struct looking *l)
{
    const struct view_values *offences = &l->alert->offences;
    if (l->treaty == NULL)
        return TRUTH_UNKNOWN;
    const struct recognition *laws[2] = { law_of(l->treaty, l->q->from),
                                          law_of(l->treaty, l->q->to) };
    bool unsure =
        offences->doubt || offences->codes.count == 0 || laws[0] == NULL || laws[1] == NULL;
    for (size_t side = 0; side < 2; side++) {
        for (uint32_t i = 0; laws[side] != NULL && i < offences->codes.count; i++) {
            struct code offence = code_of(CODE_OFFENCE, offences->codes.items[i]);
            if (punishable(laws[side], offence))
                continue;
            if (!code_is_raw(offence))
                return TRUTH_FALSE;
            unsure = true;
        }
    }
    return unsure ? TRUTH_UNKNOWN : TRUTH_TRUE;
}

static enum truth test(const struct looking *l, const struct condition *c)
{
    const struct view_alert *a = l->alert;
    switch (c->test) {
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
        if (reference_listed(l->q->assurances, c->codes.items[0]))
            return TRUTH_TRUE;
        return l->q->view->partial ? TRUTH_UNKNOWN : TRUTH_FALSE;
    case TEST_HANDLING:
        return any_value(CODE_HANDLING, a->handling.codes, a->handling.doubt, c->codes);
    case TEST_ACTION:
        return one_value(CODE_ACTION, a->action, c->codes);
    case TEST_UNIT:
        return made_by(l->q->view->unit, c->codes);
    case TEST_PENALTY:
        return reaches(&a->penalty, c->number);
    case TEST_SENTENCE:
        return reaches(&a->sentence, c->number);
    case TEST_THIRD:
        return l->q->view->third;
    case TEST_DUAL:
        return dual(l);
    case TEST_URGENT:
        if (l->q->urgent)
            return TRUTH_TRUE;
        return l->q->view->partial ? TRUTH_UNKNOWN : TRUTH_FALSE;
    case TEST_NONE:
    case TESTS:
        break;
    }
    return TRUTH_UNKNOWN;
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

bool reference_surely(const struct looking *l, const struct clause *clause)
{
    return (clause->where_opt == NULL || holds(l, clause->where_opt) == TRUTH_TRUE) &&
           (clause->unless_opt == NULL || holds(l, clause->unless_opt) == TRUTH_FALSE);
}

bool reference_perhaps(const struct looking *l, const struct clause *clause)
{
    return (clause->where_opt == NULL || holds(l, clause->where_opt) != TRUTH_FALSE) &&
           (clause->unless_opt == NULL || holds(l, clause->unless_opt) != TRUTH_TRUE);
}
