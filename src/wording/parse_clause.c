/* clause = form { scope | "where" condition | "unless" condition | part }, each at most once, in
 * any order; the printer has one order. */
#include <assert.h>

#include "core/writer.h"
#include "wording/parser.h"
#include "wording/parts.h"

/* What a clause has said so far. */
struct said {
    bool scope, among, where, unless;
    uint32_t parts; /* bit per row of clause_parts */
};

bool parser_sees_clause(const struct parser *p)
{
    for (enum clause_kind kind = CLAUSE_SHARE; kind < CLAUSE_KINDS; kind++) {
        if (parser_sees(p, clause_forms[kind].phrase))
            return true;
    }
    return parser_sees(p, PHRASE_WITHHOLD);
}

static void parse_part(struct parser *p, const struct part *part, struct clause *clause)
{
    uint8_t *field = (uint8_t *)clause + part->offset;
    struct codes codes;
    struct span span;
    struct rate rate;
    struct text text;
    bool flag = true;
    switch (part->type) {
    case PART_CODES:
        codes = parser_codes(p, WORDS_NONE, "treaty.expected-code");
        memcpy(field, &codes, sizeof(codes));
        break;
    case PART_SPAN:
        span = parser_span(p);
        memcpy(field, &span, sizeof(span));
        break;
    case PART_LEVEL:
        clause->ceiling = parser_level(p);
        break;
    case PART_MODE:
        clause->mode = (enum access_mode)part->mode;
        break;
    case PART_FLAG:
        memcpy(field, &flag, sizeof(flag));
        break;
    case PART_RATE:
        rate = parser_rate(p);
        memcpy(field, &rate, sizeof(rate));
        break;
    case PART_STRING:
        text = parser_string(p);
        memcpy(field, &text, sizeof(text));
        break;
    }
}

/* The row that may stand in this kind of clause and whose phrase is next: the longest, for "for"
 * begins "for use by" as well. PARTS when there is none. */
static uint32_t part_next(const struct parser *p, const struct clause *clause)
{
    uint32_t row = PARTS;
    uint32_t longest = 0;
    for (uint32_t i = 0; i < PARTS; i++) {
        const struct part *part = &clause_parts[i];
        uint32_t end = 0;
        /* a second "withhold field" is a clause of its own */
        bool own = part->phrase == PHRASE_WITHHOLD && clause->withheld.count > 0;
        if (!part_fits(part, clause->kind) || own || !parser_sees_to(p, part->phrase, &end) ||
            end <= longest)
            continue;
        row = i;
        longest = end;
    }
    return row;
}

static bool accept_part(struct parser *p, struct clause *clause, struct said *said)
{
    uint32_t row = p->failed ? PARTS : part_next(p, clause);
    uint32_t at = p->token.at;
    if (row == PARTS)
        return false;
    const struct part *part = &clause_parts[row];
    (void)parser_accept(p, part->phrase);
    for (uint32_t i = 0; i < PARTS; i++) {
        if ((said->parts >> i & 1) != 0 && clause_parts[i].offset == part->offset)
            parser_fail(p, at, "treaty.said-twice");
    }
    said->parts |= UINT32_C(1) << row;
    parse_part(p, part, clause);
    return true;
}

static bool accept_scope(struct parser *p, struct clause *clause, struct said *said)
{
    uint32_t at = p->token.at;
    if (parser_sees(p, PHRASE_BY_COPY) || parser_sees(p, PHRASE_BY_HIT) ||
        parser_sees(p, PHRASE_BY_REQUEST))
        return false;
    if (parser_accept(p, PHRASE_AMONG) || parser_accept(p, PHRASE_WITH_PARTY)) {
        said->among = true;
    } else if (parser_accept(p, PHRASE_WITH)) {
        clause->to = parser_members(p);
    } else if (parser_accept(p, PHRASE_AMONG_LIST)) {
        clause->from = parser_members(p);
        clause->to = clause->from;
    } else if (parser_accept(p, PHRASE_BY)) {
        clause->from = parser_members(p);
        parser_expect(p, PHRASE_TO, "treaty.expected-to");
        clause->to = parser_members(p);
    } else {
        return false;
    }
    if (said->scope)
        parser_fail(p, at, "treaty.said-twice");
    said->scope = true;
    return true;
}

static bool accept_condition(struct parser *p, enum phrase phrase, bool *said,
                             const struct condition **out)
{
    uint32_t at = p->token.at;
    if (!parser_accept(p, phrase))
        return false;
    if (*said)
        parser_fail(p, at, "treaty.said-twice");
    *said = true;
    *out = parser_condition(p);
    return true;
}

static void parse_tail(struct parser *p, struct clause *clause, struct said *said)
{
    bool conditional = clause->kind != CLAUSE_ASK && clause->kind != CLAUSE_NEVER_USE &&
                       clause->kind != CLAUSE_HALT;
    bool scoped = clause->kind != CLAUSE_HALT;
    bool more = true;
    while (more && !p->failed) {
        uint32_t at = p->token.at;
        bool comma = parser_accept_kind(p, TOKEN_COMMA);
        more =
            accept_part(p, clause, said) || (scoped && accept_scope(p, clause, said)) ||
            (conditional && accept_condition(p, PHRASE_WHERE, &said->where, &clause->where_opt)) ||
            (conditional && accept_condition(p, PHRASE_UNLESS, &said->unless, &clause->unless_opt));
        if (comma && !more)
            parser_fail(p, at, "treaty.stray-comma");
    }
}

static void parse_way(struct parser *p, struct clause *clause)
{
    parser_expect(p, PHRASE_TO, "treaty.expected-way");
    uint32_t at = p->token.at;
    struct text code = parser_code(p, WORDS_WAY, "treaty.expected-way");
    if (!p->failed && !way_parse(code, &clause->way))
        parser_fail(p, at, "treaty.expected-way");
}

/* What stands behind the first words: a list of codes, members, or "two persons"; then the text of
 * a duty, the way to coarsen. */
static void parse_head(struct parser *p, struct clause *clause)
{
    const struct clause_form *form = &clause_forms[clause->kind];
    if (clause->kind == CLAUSE_RELEASE && parser_accept(p, PHRASE_TWO_PERSONS)) {
        clause->persons = 2;
        return;
    }
    struct codes codes = clause->kind == CLAUSE_HALT
                             ? parser_members(p)
                             : parser_codes(p, form->list, "treaty.expected-code");
    memcpy((uint8_t *)clause + form->codes, &codes, sizeof(codes));
    if (clause->kind == CLAUSE_DUTY)
        clause->text = parser_string(p);
    if (clause->kind == CLAUSE_COARSEN)
        parse_way(p, clause);
}

static void check_complete(struct parser *p, const struct clause *clause, const struct said *said)
{
    bool gives = clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK;
    if (gives && !said->scope)
        parser_fail(p, clause->at, "treaty.without-parties");
    if (gives && !said->among && clause->from.count == 0)
        parser_fail(p, clause->at, "treaty.without-parties");
    if (gives && clause->purposes.count == 0)
        parser_fail(p, clause->at, "treaty.without-purpose");
    if (clause->kind == CLAUSE_SHARE && clause->mode == MODE_NONE)
        parser_fail(p, clause->at, "treaty.without-mode");
}

struct clause parser_clause(struct parser *p)
{
    struct clause clause = { .at = p->token.at };
    struct said said = { 0 };
    /* "withhold field" is another word for it, and "never share" is the beginning of it */
    if (parser_accept(p, PHRASE_NEVER_FIELD) || parser_accept(p, PHRASE_WITHHOLD))
        clause.kind = CLAUSE_WITHHOLD;
    for (enum clause_kind kind = CLAUSE_SHARE; kind < CLAUSE_KINDS; kind++) {
        if (clause.kind == CLAUSE_NONE && parser_accept(p, clause_forms[kind].phrase))
            clause.kind = kind;
    }
    assert(clause.kind != CLAUSE_NONE || p->failed); /* the caller saw one */
    parse_head(p, &clause);
    parse_tail(p, &clause, &said);
    if (!p->failed)
        check_complete(p, &clause, &said);
    if (!p->failed)
        check_clause_codes(p, &clause);
    return clause;
}

struct text parser_number_text(struct parser *p, uint16_t number)
{
    struct writer w = writer_in(p->arena);
    struct bytes out = { 0 };
    writer_decimal(&w, number);
    if (failed(writer_keep(&w, p->arena, &out)))
        return TEXT("");
    return (struct text){ (const char *)out.data, out.len };
}

void parser_name_clauses(struct parser *p, struct list *clauses, struct text head)
{
    struct clause *items = clauses->items;
    for (uint32_t i = 0; i < clauses->count; i++) {
        struct text number = parser_number_text(p, (uint16_t)(i + 1));
        items[i].id = arena_join(p->arena, arena_join(p->arena, head, TEXT(".")), number);
    }
}
