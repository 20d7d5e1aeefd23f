/* national = first line { clause that narrows | "effect of" patterns "from" … "is" … }. */
#include "wording/parser.h"

static bool begins_rule(const struct parser *p)
{
    return parser_sees_clause(p) || parser_sees(p, PHRASE_EFFECT);
}

static void parse_way(struct parser *p, struct effect_rule *rule)
{
    if (parser_accept(p, PHRASE_AS_ASKED)) {
        rule->kind = SOIL_AS_ASKED;
    } else if (parser_accept(p, PHRASE_REDUCED)) {
        rule->kind = SOIL_REDUCED;
        if (p->token.kind == TOKEN_STRING && code_valid(p->token.text))
            rule->action = parser_string(p);
        else
            rule->action = parser_code(p, WORDS_NONE, "treaty.expected-code");
    } else if (parser_accept(p, PHRASE_SPECIALISTS)) {
        rule->kind = SOIL_SPECIALISTS;
    } else if (parser_accept(p, PHRASE_NOT_SHOWN)) {
        rule->kind = SOIL_NOT_SHOWN;
    } else if (parser_accept(p, PHRASE_HELD)) {
        rule->kind = SOIL_HELD;
    } else {
        parser_fail(p, p->token.at, "treaty.expected-effect");
    }
}

static struct effect_rule parse_effect(struct parser *p)
{
    struct effect_rule rule = { .at = p->token.at, .action = TEXT(""), .call = TEXT("") };
    (void)parser_accept(p, PHRASE_EFFECT);
    rule.categories = parser_codes(p, WORDS_NONE, "treaty.expected-code");
    parser_expect(p, PHRASE_FROM, "treaty.expected-from");
    if (!parser_accept(p, PHRASE_ANY_PARTY))
        rule.from = parser_members(p);
    parser_expect(p, PHRASE_IS, "treaty.expected-effect");
    parse_way(p, &rule);
    if (parser_accept(p, PHRASE_CALL))
        rule.call = parser_code(p, WORDS_NONE, "treaty.expected-code");
    return rule;
}

static void add_effect(struct parser *p, struct list *effects)
{
    struct effect_rule rule = parse_effect(p);
    if (p->failed)
        return;
    rule.id =
        arena_join(p->arena, TEXT("e."), parser_number_text(p, (uint16_t)(effects->count + 1)));
    struct effect_rule *item = list_add(effects, p->arena, sizeof(rule), TREATY_CLAUSES_MAX);
    if (item == NULL)
        parser_fail(p, rule.at, "treaty.too-many-clauses");
    else
        *item = rule;
}

static void add_clause(struct parser *p, struct list *clauses)
{
    struct clause clause = parser_clause(p);
    if (p->failed)
        return;
    struct clause *item = list_add(clauses, p->arena, sizeof(clause), TREATY_CLAUSES_MAX);
    if (item == NULL)
        parser_fail(p, clause.at, "treaty.too-many-clauses");
    else
        *item = clause;
}

static void parse_rules(struct parser *p, struct list *clauses, struct list *effects)
{
    while (p->token.kind != TOKEN_END || p->failed) {
        if (p->failed)
            parser_recover(p, begins_rule);
        if (p->token.kind == TOKEN_END)
            return;
        if (parser_sees(p, PHRASE_EFFECT)) {
            add_effect(p, effects);
        } else if (parser_sees_clause(p)) {
            add_clause(p, clauses);
        } else {
            parser_fail(p, p->token.at, "treaty.unknown-keyword");
            parser_next(p);
        }
    }
}

struct err national_parse(struct text text, enum language language, struct arena *arena,
                          struct treaty_errors *errors, struct national *out)
{
    struct parser p = { .arena = arena, .errors = errors };
    struct err e = parser_open(&p, text, language, PHRASE_NATIONAL);
    if (failed(e))
        return e;
    struct list clauses = { 0 };
    struct list effects = { 0 };
    struct national national = { 0 };
    (void)parser_accept(&p, PHRASE_NATIONAL);
    national.member = parser_member(&p);
    parser_expect(&p, PHRASE_VERSION, "treaty.expected-version");
    national.version = parser_number(&p, TREATY_COUNT_MAX);
    parse_rules(&p, &clauses, &effects);
    parser_name_clauses(&p, &clauses, TEXT("n"));
    national.clauses = clauses.items;
    national.count = clauses.count;
    national.effects = effects.items;
    national.effect_count = effects.count;
    check_national(&p, &national);
    e = parser_end(&p);
    if (!failed(e))
        *out = national;
    return e;
}
