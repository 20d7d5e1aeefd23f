/* A clause in its canonical order: the first words, conditions and scope, then the parts in the
 * order of clause_parts. */
#include "wording/parts.h"
#include "wording/printer.h"

static void put_part(struct printer *out, const struct part *part, const struct clause *clause)
{
    const uint8_t *field = (const uint8_t *)clause + part->offset;
    struct codes codes;
    struct span span;
    struct rate rate;
    struct text text;
    put_phrase(out, part->phrase);
    switch (part->type) {
    case PART_CODES:
        memcpy(&codes, field, sizeof(codes));
        put_literal(out, " ");
        put_codes(out, WORDS_NONE, codes);
        break;
    case PART_SPAN:
        memcpy(&span, field, sizeof(span));
        put_literal(out, " ");
        put_span(out, span);
        break;
    case PART_LEVEL:
        put_literal(out, " ");
        put_code(out, WORDS_LEVEL, level_code(clause->ceiling));
        break;
    case PART_MODE:
    case PART_FLAG:
        break;
    case PART_RATE:
        memcpy(&rate, field, sizeof(rate));
        put_literal(out, " ");
        put_rate(out, rate);
        break;
    case PART_STRING:
        memcpy(&text, field, sizeof(text));
        put_literal(out, " ");
        put_string(out, text);
        break;
    }
}

static void put_scope(struct printer *out, const struct clause *clause)
{
    if (clause->from.count > 0 && codes_same(clause->from, clause->to)) {
        put_phrase(out, PHRASE_AMONG_LIST);
    } else if (clause->from.count > 0) {
        put_phrase(out, PHRASE_BY);
        put_literal(out, " ");
        put_codes(out, WORDS_NONE, clause->from);
        put_literal(out, " ");
        put_phrase(out, PHRASE_TO);
    } else {
        put_phrase(out, clause->to.count > 0 ? PHRASE_WITH : PHRASE_AMONG);
    }
    put_literal(out, clause->to.count > 0 ? " " : "");
    put_codes(out, WORDS_NONE, clause->to);
}

static void put_conditions(struct printer *out, const struct clause *clause)
{
    const struct condition *conditions[2] = { clause->where_opt, clause->unless_opt };
    static const enum phrase phrases[2] = { PHRASE_WHERE, PHRASE_UNLESS };
    for (size_t i = 0; i < 2; i++) {
        if (conditions[i] == NULL)
            continue;
        put_literal(out, " ");
        put_phrase(out, phrases[i]);
        put_literal(out, " ");
        put_condition(out, conditions[i]);
    }
}

/* The row before is the same field under another phrase, and is there. */
static bool said_otherwise(size_t row, const struct clause *clause)
{
    return row > 0 && clause_parts[row - 1].offset == clause_parts[row].offset &&
           part_present(&clause_parts[row - 1], clause);
}

static void put_parts(struct printer *out, const struct clause *clause)
{
    bool before = true; /* something stands on the line to be continued */
    for (size_t i = 0; i < PARTS; i++) {
        const struct part *part = &clause_parts[i];
        if (part_fits(part, clause->kind) && part_present(part, clause)) {
            bool same = part->same_line && before;
            put_literal(out, same ? (part->comma ? ", " : " ") : "\n    ");
            put_part(out, part, clause);
            before = true;
        } else if (!part->same_line && !said_otherwise(i, clause)) {
            before = false;
        }
    }
    put_literal(out, "\n");
}

/* The first words, and what belongs to them. */
static void put_head(struct printer *out, const struct clause *clause)
{
    const struct clause_form *form = &clause_forms[clause->kind];
    struct codes codes;
    memcpy(&codes, (const uint8_t *)clause + form->codes, sizeof(codes));
    put_line(out, form->phrase);
    if (clause->kind == CLAUSE_RELEASE && clause->persons == 2)
        put_phrase(out, PHRASE_TWO_PERSONS);
    put_codes(out, form->list, codes);
    if (clause->kind == CLAUSE_COARSEN) {
        put_literal(out, " ");
        put_line(out, PHRASE_TO);
        put_code(out, WORDS_WAY, way_code(clause->way));
    }
    if (clause->kind == CLAUSE_DUTY) {
        put_literal(out, " ");
        put_string(out, clause->text);
    }
}

void put_clause(struct printer *out, const struct clause *clause, const char *indent)
{
    put_literal(out, indent);
    put_head(out, clause);
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK) {
        put_conditions(out, clause);
        put_literal(out, "\n    ");
        put_scope(out, clause);
    } else {
        if (clause->kind != CLAUSE_HALT && clause->to.count > 0) {
            put_literal(out, " ");
            put_scope(out, clause);
        }
        put_conditions(out, clause);
    }
    put_parts(out, clause);
}
