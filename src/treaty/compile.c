/* Trees to a table of rules. */
#include "treaty/order.h"

#include <assert.h>

struct compiler {
    struct arena *arena;
    struct ruleset *out;
    struct err err; /* the first */
};

static void compiler_fail(struct compiler *c, enum err_code code, const char *rule)
{
    if (!failed(c->err))
        c->err = err_make(code, rule);
}

/* The number of a name, given now if it is new. */
static uint32_t name_number(struct compiler *c, enum name_list list, struct text name)
{
    struct names *names = &c->out->names[list];
    uint32_t max = list == NAME_MEMBER ? RULESET_MEMBERS_MAX : RULESET_NAMES_MAX;
    for (uint32_t i = 0; i < names->count; i++) {
        if (text_equal(names->items[i], name))
            return i;
    }
    if (names->count == max) {
        compiler_fail(c, ERR_LIMIT, "treaty.too-many-names");
        return 0;
    }
    names->items[names->count] = name;
    return names->count++;
}

static uint64_t names_mask(struct compiler *c, enum name_list list, struct codes codes)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < codes.count; i++)
        mask |= UINT64_C(1) << name_number(c, list, codes.items[i]);
    return mask;
}

static bool codes_equal(struct codes a, struct codes b)
{
    bool equal = a.count == b.count;
    for (uint32_t i = 0; equal && i < a.count; i++)
        equal = text_equal(a.items[i], b.items[i]);
    return equal;
}

static bool test_list(enum condition_test test, enum code_list *out)
{
    static const enum code_list lists[TESTS] = {
        [TEST_CATEGORY] = CODE_CATEGORY,   [TEST_KIND] = CODE_KIND,
        [TEST_OFFENCE] = CODE_OFFENCE,     [TEST_SUBJECT] = CODE_SUBJECT,
        [TEST_NATIONALITY] = CODE_COUNTRY, [TEST_WARNING] = CODE_WARNING,
        [TEST_GRADING] = CODE_GRADING,     [TEST_NOTE] = CODE_NOTE,
        [TEST_HANDLING] = CODE_HANDLING,   [TEST_ACTION] = CODE_ACTION,
    };
    *out = lists[test];
    return lists[test] != CODE_CATEGORY || test == TEST_CATEGORY;
}

static const struct atom_code *pattern_codes(struct compiler *c, enum code_list list,
                                             struct codes patterns)
{
    struct atom_code *codes = ARENA_ARRAY(c->arena, struct atom_code, patterns.count);
    for (uint32_t i = 0; codes != NULL && i < patterns.count; i++) {
        struct text code = patterns.items[i];
        codes[i].any = text_is(code, "*");
        codes[i].below = text_ends(code, TEXT(".*"));
        code.len -= codes[i].below ? 2 : 0;
        codes[i].number = (int16_t)code_find(list, code);
    }
    return codes;
}

static const struct atom_code *atom_codes(struct compiler *c, const struct condition *test)
{
    enum code_list list;
    bool listed = test_list(test->test, &list);
    return pattern_codes(c, list, listed ? test->codes : (struct codes){ NULL, 0 });
}

static uint16_t atom_number(struct compiler *c, const struct condition *test)
{
    struct ruleset *out = c->out;
    for (uint32_t i = 0; i < out->atom_count; i++) {
        const struct condition *other = out->atoms[i].test;
        if (other->test == test->test && other->number == test->number &&
            codes_equal(other->codes, test->codes))
            return (uint16_t)i;
    }
    if (out->atom_count == ATOMS_MAX) {
        compiler_fail(c, ERR_LIMIT, "treaty.too-many-rules");
        return 0;
    }
    const struct atom_code *codes = atom_codes(c, test);
    out->atoms[out->atom_count] =
        (struct atom){ test, codes, codes == NULL ? 0 : test->codes.count };
    enum code_list list;
    if (!test_list(test->test, &list))
        out->atoms[out->atom_count].count = 0;
    return (uint16_t)out->atom_count++;
}

static void add_op(struct compiler *c, enum op_kind kind, uint16_t atom)
{
    if (c->out->op_count == OPS_MAX) {
        compiler_fail(c, ERR_LIMIT, "treaty.too-many-rules");
        return;
    }
    c->out->ops[c->out->op_count++] = (struct op){ (uint8_t)kind, atom };
}

/* True when the program depends on the partner or on what was given for it. */
static bool add_condition(struct compiler *c, const struct condition *condition)
{
    if (condition->op == CONDITION_TEST) {
        bool late = condition->test == TEST_ASSURANCE || condition->test == TEST_DUAL ||
                    condition->test == TEST_URGENT ||
                    (condition->test == TEST_NOTE && condition->number == 1);
        add_op(c, late ? OP_LATE : OP_ATOM, atom_number(c, condition));
        return late;
    }
    bool late = false;
    for (uint32_t i = 0; i < condition->count; i++) {
        late = add_condition(c, &condition->items[i]) || late;
        if (i > 0)
            add_op(c, condition->op == CONDITION_ALL ? OP_AND : OP_OR, 0);
    }
    if (condition->op == CONDITION_NOT)
        add_op(c, OP_NOT, 0);
    return late;
}

static void compile_program(struct compiler *c, const struct clause *clause, struct rule *rule)
{
    rule->op_begin = c->out->op_count;
    if (clause->where_opt != NULL)
        rule->late = add_condition(c, clause->where_opt);
    if (clause->unless_opt != NULL) {
        rule->late = add_condition(c, clause->unless_opt) || rule->late;
        add_op(c, OP_NOT, 0);
        if (clause->where_opt != NULL)
            add_op(c, OP_AND, 0);
    }
    rule->op_end = c->out->op_count;
}

static uint32_t kinds_mask(const struct clause *clause)
{
    uint32_t mask = 0;
    if (clause->kind != CLAUSE_SHARE && clause->kind != CLAUSE_NEVER_SHARE)
        return UINT32_MAX;
    for (uint32_t i = 0; i < clause->codes.count; i++) {
        int number = code_find(CODE_KIND, clause->codes.items[i]);
        if (text_is(clause->codes.items[i], "record"))
            mask = UINT32_MAX;
        else if (number >= 0)
            mask |= UINT32_C(1) << number;
    }
    return mask;
}

/* A purpose stands for all below it. */
static uint64_t purposes_mask(const struct clause *clause)
{
    uint64_t mask = 0;
    size_t count = code_count(CODE_PURPOSE);
    assert(count <= 64);
    for (uint32_t i = 0; i < clause->purposes.count; i++) {
        struct text one = clause->purposes.items[i];
        bool any = text_is(one, "*");
        if (text_ends(one, TEXT(".*")))
            one.len -= 2;
        int above = code_find(CODE_PURPOSE, one);
        for (size_t n = 0; n < count; n++) {
            if (any || code_within(CODE_PURPOSE, (int)n, above))
                mask |= UINT64_C(1) << n;
        }
    }
    return mask;
}

static uint32_t span_days(struct span span)
{
    return (span_hours(span) + 23) / 24;
}

static enum level stricter_level(enum level a, enum level b)
{
    if (a == LEVEL_NONE)
        return b;
    return b == LEVEL_NONE || a < b ? a : b;
}

static struct rule *add_rule(struct compiler *c, const struct clause *clause, uint16_t treaty,
                             enum level ceiling)
{
    if (c->out->rule_count == RULES_MAX) {
        compiler_fail(c, ERR_LIMIT, "treaty.too-many-rules");
        c->out->rule_count--; /* what follows overwrites the last; nothing is published */
    }
    struct rule *rule = &c->out->rules[c->out->rule_count++];
    *rule = (struct rule){ .kind = clause->kind, .clause = clause, .treaty = treaty };
    rule->kinds = kinds_mask(clause);
    rule->ceiling = stricter_level(ceiling, clause->ceiling);
    rule->withheld = names_mask(c, NAME_FIELD, clause->withheld);
    rule->conditions = names_mask(c, NAME_CONDITION, clause->conditions);
    rule->offices = names_mask(c, NAME_OFFICE, clause->offices);
    if (clause->kind == CLAUSE_NEVER_USE)
        rule->uses = names_mask(c, NAME_USE, clause->purposes);
    rule->purposes = purposes_mask(clause);
    rule->persons = clause->persons;
    rule->retain_days = span_days(clause->retain);
    rule->review_days = span_days(clause->review);
    rule->urgent_hours = span_hours(clause->urgent);
    rule->otherwise_hours = span_hours(clause->otherwise);
    rule->achieved_days = span_days(clause->achieved);
    rule->offline_hours = span_hours(clause->offline);
    rule->warn_days = span_days(clause->warn);
    rule->audience = clause->audience.count == 0 ? UINT64_MAX
                                                 : names_mask(c, NAME_BRANCH, clause->audience);
    compile_program(c, clause, rule);
    return rule;
}

/* `only_opt`: of a reservation, the reserving party, which stands on that side. */
static void bind_side(struct compiler *c, const struct compiled_treaty *t, struct codes listed,
                      const struct text *only_opt, uint64_t *side)
{
    uint32_t number = c->out->rule_count - 1;
    for (uint32_t i = 0; i < t->treaty->parties.count; i++) {
        struct text party = t->treaty->parties.items[i];
        bool in = treaty_names(t->treaty, listed, party);
        if (in && (only_opt == NULL || text_equal(*only_opt, party)))
            bit_set(side + (size_t)t->parties[i] * RULE_WORDS_MAX, number);
    }
}

static void add_articles(struct compiler *c, struct compiled_treaty *t, uint16_t index,
                         uint16_t *article_begin)
{
    const struct treaty *treaty = t->treaty;
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        article_begin[i] = (uint16_t)c->out->rule_count;
        for (uint32_t j = 0; j < treaty->articles[i].count; j++) {
            const struct clause *clause = &treaty->articles[i].clauses[j];
            struct rule *rule = add_rule(c, clause, index, treaty->ceiling);
            rule->article = treaty->articles[i].number;
            rule->number = (uint16_t)(j + 1);
            bind_side(c, t, clause->from, NULL, c->out->from);
            bind_side(c, t, clause->to, NULL, c->out->to);
        }
    }
}

/* Who is not bound neither sends, receives nor asks under it; a prohibition stays, since a
 * reservation only narrows (check.c refuses one that is made to a prohibition). */
static void unbind(struct compiler *c, uint16_t member, uint32_t begin, uint32_t end)
{
    size_t base = (size_t)member * RULE_WORDS_MAX;
    for (uint32_t i = begin; i < end; i++) {
        if (c->out->rules[i].kind != CLAUSE_SHARE && c->out->rules[i].kind != CLAUSE_ASK)
            continue;
        c->out->from[base + i / 64] &= ~(UINT64_C(1) << (i % 64));
        c->out->to[base + i / 64] &= ~(UINT64_C(1) << (i % 64));
    }
}

static void add_reservation(struct compiler *c, struct compiled_treaty *t, uint16_t index,
                            const struct reservation *reservation, const uint16_t *article_begin)
{
    const struct treaty *treaty = t->treaty;
    uint32_t article = 0;
    while (treaty->articles[article].number != reservation->article)
        article++; /* check.c: it exists */
    uint32_t begin = article_begin[article];
    uint32_t end = begin + treaty->articles[article].count;
    if (reservation->clause != 0) {
        begin += reservation->clause - 1U;
        end = begin + 1;
    }
    if (reservation->not_bound)
        unbind(c, (uint16_t)name_number(c, NAME_MEMBER, reservation->party), begin, end);
    for (uint32_t i = 0; i < 2 * reservation->count; i++) {
        const struct clause *clause = &reservation->clauses[i / 2];
        bool sends = i % 2 == 0; /* reciprocal: once for what it sends, once for what it gets */
        struct rule *rule = add_rule(c, clause, index, LEVEL_NONE);
        rule->scope_begin = (uint16_t)begin;
        rule->scope_end = (uint16_t)end;
        bind_side(c, t, clause->from, sends ? &reservation->party : NULL, c->out->from);
        bind_side(c, t, clause->to, sends ? NULL : &reservation->party, c->out->to);
    }
}

static void scope_articles(struct compiler *c, const struct compiled_treaty *t)
{
    for (uint32_t i = t->rule_begin; i < t->rule_end; i++) {
        struct rule *rule = &c->out->rules[i];
        if (rule->scope_end > 0)
            continue; /* a reservation's */
        bool never = rule->kind == CLAUSE_NEVER_SHARE || rule->kind == CLAUSE_NEVER_USE;
        rule->scope_begin = never ? 0 : t->rule_begin;
        rule->scope_end = never ? RULES_MAX : t->rule_end;
    }
}

static void add_recognised(struct compiler *c, struct compiled_treaty *t)
{
    const struct treaty *treaty = t->treaty;
    struct recognised *list = ARENA_ARRAY(c->arena, struct recognised, treaty->recognition_count);
    for (uint32_t i = 0; list != NULL && i < treaty->recognition_count; i++) {
        const struct recognition *one = &treaty->recognitions[i];
        list[i].member = (uint16_t)name_number(c, NAME_MEMBER, one->party);
        list[i].codes = pattern_codes(c, CODE_OFFENCE, one->offences);
        list[i].count = list[i].codes == NULL ? 0 : one->offences.count;
    }
    t->recognised = list;
    t->recognised_count = list == NULL ? 0 : treaty->recognition_count;
}

static void add_treaty(struct compiler *c, uint16_t index)
{
    struct compiled_treaty *t = &c->out->treaties[index];
    uint16_t article_begin[TREATY_ARTICLES_MAX] = { 0 };
    t->rule_begin = (uint16_t)c->out->rule_count;
    memset(t->party_of, NO_PARTY, sizeof(t->party_of));
    for (uint32_t i = 0; i < t->treaty->parties.count; i++) {
        t->parties[i] = (uint16_t)name_number(c, NAME_MEMBER, t->treaty->parties.items[i]);
        t->party_of[t->parties[i]] = (uint8_t)i;
    }
    add_recognised(c, t);
    add_articles(c, t, index, article_begin);
    for (uint32_t i = 0; i < t->treaty->reservation_count; i++)
        add_reservation(c, t, index, &t->treaty->reservations[i], article_begin);
    t->rule_end = (uint16_t)c->out->rule_count;
    scope_articles(c, t);
}

static void add_national(struct compiler *c, const struct national *national)
{
    struct ruleset *out = c->out;
    uint16_t self = (uint16_t)name_number(c, NAME_MEMBER, national->member);
    out->self = self;
    for (uint32_t i = 0; i < national->count; i++) {
        const struct clause *clause = &national->clauses[i];
        struct rule *rule = add_rule(c, clause, NATIONAL_RULE, LEVEL_NONE);
        uint32_t number = out->rule_count - 1;
        rule->scope_end = RULES_MAX;
        bit_set(out->from + (size_t)self * RULE_WORDS_MAX, number);
        for (uint32_t m = 0; m < out->names[NAME_MEMBER].count; m++) {
            if (clause->to.count == 0 || codes_have(clause->to, out->names[NAME_MEMBER].items[m]))
                bit_set(out->to + (size_t)m * RULE_WORDS_MAX, number);
        }
    }
}

static void sort_restriction(struct ruleset *out, uint32_t i)
{
    const struct rule *rule = &out->rules[i];
    enum forbidder whose = rule->treaty == NATIONAL_RULE ? FORBID_NATION
                           : rule_is_reservation(rule)   ? FORBID_RESERVATION
                                                         : FORBID_AGREEMENT;
    switch (rule->kind) {
    case CLAUSE_NEVER_USE:
        bit_set(out->oblige, i);
        bit_set(out->forbid[whose], i);
        return;
    case CLAUSE_NEVER_SHARE:
    case CLAUSE_HALT:
        bit_set(out->forbid[whose], i);
        return;
    case CLAUSE_RELEASE:
        bit_set(out->release, i);
        return;
    case CLAUSE_WITHHOLD:
    case CLAUSE_COARSEN:
    case CLAUSE_DUTY:
        bit_set(out->oblige, i);
        return;
    case CLAUSE_SHARE:
    case CLAUSE_ASK:
    case CLAUSE_NONE:
    case CLAUSE_KINDS:
        return;
    }
}

static void sort_rules(struct ruleset *out)
{
    for (uint32_t i = 0; i < out->rule_count; i++) {
        const struct rule *rule = &out->rules[i];
        sort_restriction(out, i);
        out->capacity = out->capacity || rule->clause->capacity.count > 0;
        /* who may hold a copy may also query and ask */
        for (enum access_mode mode = MODE_COPY; mode <= MODE_ASK; mode++) {
            if (rule->kind == CLAUSE_SHARE && mode_gives(rule->clause->mode, mode))
                bit_set(out->share[mode], i);
        }
    }
    out->words = (out->rule_count + 63) / 64;
}

static bool take_tables(struct compiler *c, size_t count)
{
    struct ruleset *out = c->out;
    out->treaties = ARENA_ARRAY(c->arena, struct compiled_treaty, count);
    out->rules = ARENA_ARRAY(c->arena, struct rule, RULES_MAX);
    out->atoms = ARENA_ARRAY(c->arena, struct atom, ATOMS_MAX);
    out->ops = ARENA_ARRAY(c->arena, struct op, OPS_MAX);
    size_t sides = (size_t)RULESET_MEMBERS_MAX * RULE_WORDS_MAX;
    out->from = ARENA_ARRAY(c->arena, uint64_t, sides);
    out->to = ARENA_ARRAY(c->arena, uint64_t, sides);
    return !failed(arena_check(c->arena));
}

bool treaty_has_capacity(const struct ruleset *rules)
{
    return rules->capacity;
}

struct err treaty_compile(const struct treaty_force *treaties, size_t count,
                          const struct national *national_opt, struct arena *arena,
                          const struct ruleset **out)
{
    struct compiler c = { .arena = arena,
                          .out = ARENA_NEW(arena, struct ruleset),
                          .err = err_none() };
    if (count > RULESET_TREATIES_MAX)
        return err_make(ERR_LIMIT, "treaty.too-many-rules");
    if (c.out == NULL || !take_tables(&c, count))
        return err_make(ERR_LIMIT, "arena.full");
    c.out->self = NO_MEMBER;
    if (!failed(c.err))
        c.err = order_treaties(c.out, treaties, count, arena);
    for (uint32_t i = 0; i < count && !failed(c.err); i++)
        add_treaty(&c, (uint16_t)i);
    if (national_opt != NULL && !failed(c.err))
        add_national(&c, national_opt);
    sort_rules(c.out);
    if (!failed(c.err))
        c.err = arena_check(arena);
    if (!failed(c.err))
        *out = c.out;
    return c.err;
}
