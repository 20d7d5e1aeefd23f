/* Which values the clauses tell apart. */
#include "survey/space.h"

#include <assert.h>

#include "core/hash.h"

enum { PATTERNS_MAX = 1024, THRESHOLDS_MAX = 64, OTHER_AGE = 40 };

/* Everything that some clause names of one attribute. */
struct patterns {
    struct text items[PATTERNS_MAX];
    uint32_t count;
};

struct maker {
    struct arena *arena;
    const struct survey_law *laws;
    size_t law_count;
    struct space *out;
    struct patterns *patterns;
    struct err err;
};

typedef void each_clause(struct maker *m, const struct clause *clause, void *context);

static void fail(struct maker *m, const char *rule)
{
    if (!failed(m->err))
        m->err = err_make(ERR_LIMIT, rule);
}

static void walk_clauses(struct maker *m, const struct clause *clauses, uint32_t count,
                         each_clause *each, void *context)
{
    for (uint32_t i = 0; i < count; i++)
        each(m, &clauses[i], context);
}

static void walk_treaty(struct maker *m, const struct treaty *treaty, each_clause *each,
                        void *context)
{
    for (uint32_t i = 0; i < treaty->article_count; i++)
        walk_clauses(m, treaty->articles[i].clauses, treaty->articles[i].count, each, context);
    for (uint32_t i = 0; i < treaty->reservation_count; i++)
        walk_clauses(m, treaty->reservations[i].clauses, treaty->reservations[i].count, each,
                     context);
}

static void walk_laws(struct maker *m, each_clause *each, void *context)
{
    for (size_t l = 0; l < m->law_count; l++) {
        const struct survey_law *law = &m->laws[l];
        for (size_t t = 0; t < law->count; t++)
            walk_treaty(m, law->forces[t].treaty, each, context);
        if (law->national_opt != NULL)
            walk_clauses(m, law->national_opt->clauses, law->national_opt->count, each, context);
    }
}

/* -- patterns and thresholds -------------------------------------------------------------- */

static void add_pattern(struct maker *m, struct text code)
{
    struct patterns *p = m->patterns;
    for (uint32_t i = 0; i < p->count; i++) {
        if (text_equal(p->items[i], code))
            return;
    }
    if (p->count == PATTERNS_MAX)
        fail(m, "survey.too-many-attributes");
    else
        p->items[p->count++] = code;
}

static void add_codes(struct maker *m, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++)
        add_pattern(m, codes.items[i]);
}

struct wanted {
    enum condition_test test;
    uint32_t numbers[THRESHOLDS_MAX];
    uint32_t count;
    bool seen;
};

static void note_number(struct maker *m, struct wanted *w, uint32_t number)
{
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->numbers[i] == number)
            return;
    }
    if (w->count == THRESHOLDS_MAX)
        fail(m, "survey.too-many-attributes");
    else
        w->numbers[w->count++] = number;
}

static void collect_condition(struct maker *m, const struct condition *condition,
                              struct wanted *w)
{
    for (uint32_t i = 0; i < condition->count; i++)
        collect_condition(m, &condition->items[i], w);
    if (condition->op != CONDITION_TEST || condition->test != w->test)
        return;
    w->seen = true;
    add_codes(m, condition->codes);
    if (condition->number > 0)
        note_number(m, w, condition->number);
}

static void collect_clause(struct maker *m, const struct clause *clause, void *context)
{
    struct wanted *w = context;
    if (clause->where_opt != NULL)
        collect_condition(m, clause->where_opt, w);
    if (clause->unless_opt != NULL)
        collect_condition(m, clause->unless_opt, w);
}

static struct wanted collect(struct maker *m, enum condition_test test)
{
    struct wanted w = { .test = test };
    m->patterns->count = 0;
    walk_laws(m, collect_clause, &w);
    return w;
}

static void collect_purposes(struct maker *m, const struct clause *clause, void *context)
{
    (void)context;
    add_codes(m, clause->purposes);
}

/* -- axes --------------------------------------------------------------------------------- */

static struct axis *add_axis(struct maker *m, enum axis_kind kind, struct text name)
{
    struct space *s = m->out;
    if (s->count == SPACE_AXES_MAX) {
        fail(m, "survey.too-many-attributes");
        return &s->axes[SPACE_AXES_MAX - 1]; /* nothing is published */
    }
    struct axis *axis = &s->axes[s->count++];
    *axis = (struct axis){ .kind = kind, .name = name };
    return axis;
}

static struct axis_value *take_values(struct maker *m, struct axis *axis, size_t room)
{
    struct axis_value *values = ARENA_ARRAY(m->arena, struct axis_value, room);
    axis->values = values;
    if (values == NULL)
        fail(m, "arena.full");
    return values;
}

static bool matches(enum code_list list, size_t row, struct text pattern)
{
    return code_matches(list, code_of(list, text_literal(code_row(list, row)->code)), pattern);
}

/* Rows alike in what every pattern says of them have one signature. */
static struct hash signature_of(struct maker *m, enum code_list list, size_t row)
{
    struct hasher hasher;
    hasher_init(&hasher);
    for (uint32_t i = 0; i < m->patterns->count; i++) {
        uint8_t bit = matches(list, row, m->patterns->items[i]);
        hasher_add(&hasher, bytes_of(&bit, 1));
    }
    if (list == CODE_CATEGORY)
        hasher_add(&hasher, text_bytes(code_column(list, row, 2))); /* its kinds */
    return hasher_end(&hasher);
}

/* One value for each class of rows; `none`: also no value at all, and one not known. */
static void list_axis(struct maker *m, enum axis_kind kind, enum code_list list, bool none)
{
    struct axis *axis = add_axis(m, kind, TEXT(""));
    size_t rows = code_count(list);
    struct axis_value *values = take_values(m, axis, rows + 2);
    struct hash *seen = ARENA_ARRAY(m->arena, struct hash, rows);
    uint16_t *class_of_row = ARENA_ARRAY(m->arena, uint16_t, rows);
    if (values == NULL || seen == NULL || class_of_row == NULL)
        return;
    for (size_t row = 0; row < rows; row++) {
        struct hash signature = signature_of(m, list, row);
        uint32_t class = 0;
        while (class < axis->count && !hash_equal(&seen[class], &signature))
            class++;
        class_of_row[row] = (uint16_t)class;
        if (class < axis->count)
            continue;
        seen[class] = signature;
        values[axis->count++].code = text_literal(code_row(list, row)->code);
    }
    axis->class_of_row = class_of_row;
    if (none) {
        values[axis->count++].code = TEXT("");
        values[axis->count++].doubt = true;
    }
}

static void list_axis_where_tested(struct maker *m, enum axis_kind kind, enum code_list list,
                                   enum condition_test test)
{
    struct wanted w = collect(m, test);
    if (w.seen)
        list_axis(m, kind, list, true);
}

/* A threshold tells "below" from "from there on"; `unknown` is a class of its own. */
static void number_axis(struct maker *m, enum axis_kind kind, enum condition_test test)
{
    struct wanted w = collect(m, test);
    if (!w.seen)
        return;
    struct axis *axis = add_axis(m, kind, TEXT(""));
    struct axis_value *values = take_values(m, axis, w.count + 2);
    if (values == NULL)
        return;
    for (uint32_t i = 0; i < w.count; i++)
        values[axis->count++].number = kind == AXIS_AGE ? w.numbers[i] - 1U : w.numbers[i];
    values[axis->count++].number = kind == AXIS_AGE ? OTHER_AGE : 0;
    values[axis->count++].doubt = true;
}

static void flag_axis(struct maker *m, enum axis_kind kind, struct text name, bool unknown)
{
    struct axis *axis = add_axis(m, kind, name);
    struct axis_value *values = take_values(m, axis, 3);
    if (values == NULL)
        return;
    values[axis->count++].number = 0;
    values[axis->count++].number = 1;
    if (unknown)
        values[axis->count++].doubt = true;
}

/* One axis for each code that is tested. */
static void code_flags(struct maker *m, enum axis_kind kind, enum condition_test test)
{
    struct wanted w = collect(m, test);
    (void)w;
    for (uint32_t i = 0; i < m->patterns->count; i++)
        flag_axis(m, kind, m->patterns->items[i], false);
}

static void flag_where_tested(struct maker *m, enum axis_kind kind, enum condition_test test,
                              bool unknown)
{
    struct wanted w = collect(m, test);
    if (w.seen)
        flag_axis(m, kind, TEXT(""), unknown);
}

/* Dual criminality tells apart what the parties' lists of offences do. */
static void offence_axis(struct maker *m)
{
    struct wanted dual = collect(m, TEST_DUAL);
    struct wanted w = collect(m, TEST_OFFENCE);
    for (size_t l = 0; dual.seen && l < m->law_count; l++) {
        for (size_t t = 0; t < m->laws[l].count; t++) {
            const struct treaty *treaty = m->laws[l].forces[t].treaty;
            for (uint32_t i = 0; i < treaty->recognition_count; i++)
                add_codes(m, treaty->recognitions[i].offences);
        }
    }
    if (w.seen || dual.seen)
        list_axis(m, AXIS_OFFENCE, CODE_OFFENCE, true);
}

/* Units are free codes: those named, and one that nobody names. */
static void unit_axis(struct maker *m)
{
    struct wanted w = collect(m, TEST_UNIT);
    if (!w.seen)
        return;
    struct axis *axis = add_axis(m, AXIS_UNIT, TEXT(""));
    struct axis_value *values = take_values(m, axis, (size_t)m->patterns->count + 1);
    for (uint32_t i = 0; values != NULL && i < m->patterns->count; i++) {
        struct text pattern = m->patterns->items[i];
        pattern.len -= text_ends(pattern, TEXT(".*")) ? 2 : 0;
        values[axis->count++].code = pattern;
    }
    if (values != NULL)
        values[axis->count++].code = TEXT("another-unit");
}

struct level_seen {
    uint32_t level;
    bool tested;
};

static void find_ceiling(struct maker *m, const struct clause *clause, void *context)
{
    (void)m;
    struct level_seen *seen = context;
    seen->tested = seen->tested || (uint32_t)clause->ceiling == seen->level;
}

/* Some ceiling or test ends at this level. */
static bool level_tested(struct maker *m, uint32_t level)
{
    struct wanted w = collect(m, TEST_CLASSIFICATION);
    struct level_seen seen = { level, false };
    for (uint32_t i = 0; i < w.count; i++)
        seen.tested = seen.tested || w.numbers[i] == level;
    for (size_t l = 0; l < m->law_count; l++) {
        for (size_t t = 0; t < m->laws[l].count; t++) {
            uint32_t ceiling = (uint32_t)m->laws[l].forces[t].treaty->ceiling;
            seen.tested = seen.tested || ceiling == level;
        }
    }
    walk_laws(m, find_ceiling, &seen);
    return seen.tested;
}

static void level_axis(struct maker *m)
{
    struct axis *axis = add_axis(m, AXIS_LEVEL, TEXT(""));
    struct axis_value *values = take_values(m, axis, LEVELS);
    for (uint32_t i = LEVEL_UNCLASSIFIED; values != NULL && i < LEVELS; i++) {
        if (i == LEVEL_TOP_SECRET || level_tested(m, i)) /* the highest of each class */
            values[axis->count++].number = i;
    }
}

static void find_mode(struct maker *m, const struct clause *clause, void *context)
{
    (void)m;
    bool *seen = context;
    seen[clause->mode] = true;
}

/* Where no clause gives less than a copy, hit and request are answered as a copy is. */
static void mode_axis(struct maker *m)
{
    bool seen[MODE_ASK + 1] = { false };
    walk_laws(m, find_mode, seen);
    struct axis *axis = add_axis(m, AXIS_MODE, TEXT(""));
    struct axis_value *values = take_values(m, axis, 3);
    for (uint32_t i = MODE_COPY; values != NULL && i <= MODE_ASK; i++) {
        if (i == MODE_COPY || seen[i])
            values[axis->count++].number = i;
    }
}

struct kinds_apart {
    struct text a, b;
    bool apart;
};

static void tell_kinds(struct maker *m, const struct clause *clause, void *context)
{
    (void)m;
    struct kinds_apart *k = context;
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_NEVER_SHARE)
        k->apart = k->apart || codes_have(clause->codes, k->a) != codes_have(clause->codes, k->b);
}

/* A clause, a test or a category's list of kinds names one and not the other. */
static bool kinds_differ(struct maker *m, struct text a, struct text b)
{
    struct kinds_apart k = { a, b, text_is(a, "person") || text_is(b, "person") };
    walk_laws(m, tell_kinds, &k);
    for (uint32_t i = 0; i < m->patterns->count; i++) {
        struct text pattern = m->patterns->items[i];
        k.apart = k.apart || code_matches(CODE_KIND, code_of(CODE_KIND, a), pattern) !=
                                 code_matches(CODE_KIND, code_of(CODE_KIND, b), pattern);
    }
    for (int row = 0; row < (int)code_count(CODE_CATEGORY); row++)
        k.apart = k.apart || category_fits(row, a) != category_fits(row, b);
    return k.apart;
}

static void record_axis(struct maker *m)
{
    (void)collect(m, TEST_KIND);
    struct axis *axis = add_axis(m, AXIS_RECORD, TEXT(""));
    struct axis_value *values = take_values(m, axis, code_count(CODE_KIND));
    for (size_t row = 0; values != NULL && row < code_count(CODE_KIND); row++) {
        struct text kind = text_literal(code_row(CODE_KIND, row)->code);
        bool known = false;
        for (uint32_t i = 0; i < axis->count; i++)
            known = known || !kinds_differ(m, values[i].code, kind);
        if (!known)
            values[axis->count++].code = kind;
    }
}

static void make_axes(struct maker *m)
{
    record_axis(m);
    (void)collect(m, TEST_CATEGORY);
    list_axis(m, AXIS_CATEGORY, CODE_CATEGORY, false);
    offence_axis(m);
    list_axis_where_tested(m, AXIS_SUBJECT, CODE_SUBJECT, TEST_SUBJECT);
    list_axis_where_tested(m, AXIS_NATIONALITY, CODE_COUNTRY, TEST_NATIONALITY);
    list_axis_where_tested(m, AXIS_WARNING, CODE_WARNING, TEST_WARNING);
    list_axis_where_tested(m, AXIS_GRADING, CODE_GRADING, TEST_GRADING);
    list_axis_where_tested(m, AXIS_HANDLING, CODE_HANDLING, TEST_HANDLING);
    list_axis_where_tested(m, AXIS_ACTION, CODE_ACTION, TEST_ACTION);
    unit_axis(m);
    level_axis(m);
    number_axis(m, AXIS_AGE, TEST_AGE);
    flag_where_tested(m, AXIS_DEATH, TEST_DEATH, true);
    number_axis(m, AXIS_PENALTY, TEST_PENALTY);
    number_axis(m, AXIS_SENTENCE, TEST_SENTENCE);
    flag_where_tested(m, AXIS_THIRD, TEST_THIRD, false);
    code_flags(m, AXIS_NOTE, TEST_NOTE);
    code_flags(m, AXIS_ASSURANCE, TEST_ASSURANCE);
    flag_where_tested(m, AXIS_URGENT, TEST_URGENT, false);
    m->patterns->count = 0;
    walk_laws(m, collect_purposes, NULL);
    list_axis(m, AXIS_PURPOSE, CODE_PURPOSE, false);
    mode_axis(m);
}

/* -- members ------------------------------------------------------------------------------ */

static void add_member(struct maker *m, struct text member)
{
    struct space *s = m->out;
    for (uint32_t i = 0; i < s->member_count; i++) {
        if (text_equal(s->members[i], member))
            return;
    }
    if (s->member_count == RULESET_MEMBERS_MAX)
        fail(m, "treaty.too-many-names");
    else
        s->members[s->member_count++] = member;
}

struct telling {
    struct text a, b;
    bool apart;
};

/* A list that names one of the two and not the other tells them apart; so does a record of the
 * nationality of one, which the axes of nationality take care of. */
static void tell(struct telling *t, struct codes codes)
{
    t->apart = t->apart || codes_have(codes, t->a) != codes_have(codes, t->b);
}

static void tell_clause(struct maker *m, const struct clause *clause, void *context)
{
    (void)m;
    struct telling *t = context;
    tell(t, clause->from);
    tell(t, clause->to);
}

static bool named(struct text party, const struct telling *t)
{
    return text_equal(party, t->a) || text_equal(party, t->b);
}

static void tell_status(const struct treaty_force *force, struct telling *t)
{
    uint8_t a = treaty_party_index(force->treaty, t->a);
    uint8_t b = treaty_party_index(force->treaty, t->b);
    if (a == STOP_ALL || b == STOP_ALL)
        return;
    const struct treaty_bound *x = &force->status->bound[a];
    const struct treaty_bound *y = &force->status->bound[b];
    t->apart = t->apart || x->from.ms != y->from.ms || x->until.ms != y->until.ms;
    for (uint32_t i = 0; i < force->status->stop_count; i++) {
        const struct treaty_stop *stop = &force->status->stops[i];
        t->apart = t->apart || stop->party == a || stop->party == b || stop->against == a ||
                   stop->against == b;
    }
}

static void tell_treaty(const struct treaty_force *force, struct telling *t)
{
    const struct treaty *treaty = force->treaty;
    tell(t, treaty->parties);
    for (uint32_t i = 0; i < treaty->group_count; i++)
        tell(t, treaty->groups[i].members);
    for (uint32_t i = 0; i < treaty->reservation_count; i++)
        t->apart = t->apart || named(treaty->reservations[i].party, t);
    for (uint32_t i = 0; i < treaty->recognition_count; i++)
        t->apart = t->apart || named(treaty->recognitions[i].party, t);
    tell_status(force, t);
}

static bool tells_apart(struct maker *m, struct text a, struct text b)
{
    struct telling t = { a, b, false };
    for (size_t l = 0; l < m->law_count; l++) {
        const struct survey_law *law = &m->laws[l];
        for (size_t i = 0; i < law->count; i++)
            tell_treaty(&law->forces[i], &t);
        if (law->national_opt != NULL)
            t.apart = t.apart || named(law->national_opt->member, &t);
    }
    walk_laws(m, tell_clause, &t);
    return t.apart;
}

static void make_classes(struct maker *m)
{
    struct space *s = m->out;
    uint8_t picked[RULESET_MEMBERS_MAX] = { 0 };
    uint16_t first_of[RULESET_MEMBERS_MAX] = { 0 };
    for (size_t l = 0; l < m->law_count; l++) {
        for (size_t t = 0; t < m->laws[l].count; t++) {
            const struct treaty *treaty = m->laws[l].forces[t].treaty;
            for (uint32_t i = 0; i < treaty->parties.count; i++)
                add_member(m, treaty->parties.items[i]);
        }
    }
    for (uint32_t i = 0; i < s->member_count; i++) {
        uint32_t class = 0;
        while (class < s->class_count &&
               tells_apart(m, s->members[first_of[class]], s->members[i]))
            class++;
        if (class == s->class_count)
            first_of[s->class_count++] = (uint16_t)i;
        s->class_of[i] = (uint16_t)class;
        if (picked[class] < 2) {
            picked[class]++;
            s->picked[s->picked_count++] = s->members[i];
        }
    }
}

struct err space_make(const struct survey_law *laws, size_t count, struct arena *arena,
                      struct space *out)
{
    struct space *space = ARENA_NEW(arena, struct space);
    struct patterns *patterns = ARENA_NEW(arena, struct patterns);
    struct maker m = { .arena = arena, .laws = laws, .law_count = count, .out = space,
                       .patterns = patterns };
    if (space == NULL || patterns == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    make_axes(&m);
    make_classes(&m);
    space->size = 1;
    for (uint32_t i = 0; i < space->count; i++)
        space->size *= space->axes[i].count;
    if (!failed(m.err))
        m.err = arena_check(arena);
    if (!failed(m.err))
        *out = *space;
    return m.err;
}
