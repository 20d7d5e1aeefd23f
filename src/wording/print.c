/* Tree to the one canonical text of a language. print(parse(x)) == x for every x that it printed.
 */
#include "core/encode.h"
#include "core/writer.h"
#include "wording/parts.h"

struct printer {
    struct writer w;
    enum language language;
};

static void put_phrase(struct printer *out, enum phrase phrase)
{
    writer_text(&out->w, phrase_text(phrase, out->language));
}

static void put_literal(struct printer *out, const char *literal)
{
    writer_literal(&out->w, literal);
}

static void put_code(struct printer *out, enum word_list list, struct text code)
{
    writer_text(&out->w, code_to_word(list, out->language, code));
}

static void put_codes(struct printer *out, enum word_list list, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        put_literal(out, i > 0 ? ", " : "");
        put_code(out, list, codes.items[i]);
    }
}

static void put_string(struct printer *out, struct text text)
{
    writer_u8(&out->w, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            writer_u8(&out->w, '\\');
        writer_u8(&out->w, (uint8_t)text.data[i]);
    }
    writer_u8(&out->w, '"');
}

static void put_titles(struct printer *out, struct titles titles)
{
    for (uint32_t i = 0; i < titles.count; i++) {
        put_literal(out, i > 0 ? ", " : " ");
        writer_text(&out->w, titles.items[i].language);
        put_literal(out, titles.items[i].language.len > 0 ? " " : "");
        put_string(out, titles.items[i].text);
    }
}

static void put_number(struct printer *out, uint32_t number)
{
    writer_decimal(&out->w, number);
}

static void put_date(struct printer *out, struct date date)
{
    uint8_t memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    writer_text(&out->w, date_format(&arena, date));
}

static void put_span(struct printer *out, struct span span)
{
    static const enum phrase units[SPAN_UNITS][2] = {
        [SPAN_HOUR] = { PHRASE_HOURS, PHRASE_HOUR }, [SPAN_DAY] = { PHRASE_DAYS, PHRASE_DAY },
        [SPAN_WEEK] = { PHRASE_WEEKS, PHRASE_WEEK }, [SPAN_MONTH] = { PHRASE_MONTHS, PHRASE_MONTH },
        [SPAN_YEAR] = { PHRASE_YEARS, PHRASE_YEAR },
    };
    put_number(out, span.count);
    put_literal(out, " ");
    put_phrase(out, units[span.unit][span.count == 1]);
}

static void put_rate(struct printer *out, struct rate rate)
{
    static const enum phrase units[SPAN_UNITS] = {
        [SPAN_HOUR] = PHRASE_HOUR,   [SPAN_DAY] = PHRASE_DAY,   [SPAN_WEEK] = PHRASE_WEEK,
        [SPAN_MONTH] = PHRASE_MONTH, [SPAN_YEAR] = PHRASE_YEAR,
    };
    put_number(out, rate.count);
    put_literal(out, " ");
    put_phrase(out, PHRASE_PER);
    put_literal(out, " ");
    put_phrase(out, units[rate.per]);
}

static void put_list_test(struct printer *out, enum phrase phrase, enum word_list list,
                          struct codes codes)
{
    put_phrase(out, phrase);
    put_literal(out, " ");
    put_phrase(out, codes.count == 1 ? PHRASE_IS : PHRASE_IN);
    put_literal(out, codes.count == 1 ? " " : " (");
    put_codes(out, list, codes);
    put_literal(out, codes.count == 1 ? "" : ")");
}

static void put_code_test(struct printer *out, enum phrase phrase, const struct condition *test)
{
    put_phrase(out, phrase);
    put_literal(out, " ");
    put_code(out, WORDS_NONE, test->codes.items[0]);
    if (test->test == TEST_NOTE && test->number == 1) {
        put_literal(out, " ");
        put_phrase(out, PHRASE_THAT_PARTY);
    }
}

static void put_age(struct printer *out, uint16_t years)
{
    if (years == AGE_OF_MAJORITY) {
        put_phrase(out, PHRASE_MINOR);
        return;
    }
    put_phrase(out, PHRASE_AGE);
    put_literal(out, " ");
    put_number(out, years);
}

static void put_test(struct printer *out, const struct condition *test)
{
    static const struct {
        enum phrase phrase;
        enum word_list list;
    } lists[TESTS] = {
        [TEST_CATEGORY] = { PHRASE_CATEGORY, WORDS_NONE },
        [TEST_KIND] = { PHRASE_KIND, WORDS_KIND },
        [TEST_OFFENCE] = { PHRASE_OFFENCE, WORDS_NONE },
        [TEST_SUBJECT] = { PHRASE_SUBJECT, WORDS_SUBJECT },
        [TEST_NATIONALITY] = { PHRASE_NATIONALITY, WORDS_NONE },
        [TEST_WARNING] = { PHRASE_WARNING, WORDS_NONE },
        [TEST_GRADING] = { PHRASE_GRADING, WORDS_NONE },
    };
    if (test->test == TEST_CLASSIFICATION) {
        put_phrase(out, PHRASE_CEILING);
        put_literal(out, " ");
        put_code(out, WORDS_LEVEL, level_code((enum level)test->number));
    } else if (test->test == TEST_AGE) {
        put_age(out, test->number);
    } else if (test->test == TEST_DEATH) {
        put_phrase(out, PHRASE_DEATH);
    } else if (test->test == TEST_NOTE) {
        put_code_test(out, PHRASE_NOTE, test);
    } else if (test->test == TEST_ASSURANCE) {
        put_code_test(out, PHRASE_ASSURANCE, test);
    } else {
        put_list_test(out, lists[test->test].phrase, lists[test->test].list, test->codes);
    }
}

static void put_condition(struct printer *out, const struct condition *condition);

/* Parentheses only where the grammar would read another tree without them. */
static void put_operand(struct printer *out, const struct condition *operand, enum condition_op in)
{
    bool open =
        operand->op == CONDITION_ANY || (operand->op == CONDITION_ALL && in != CONDITION_ANY);
    put_literal(out, open ? "(" : "");
    put_condition(out, operand);
    put_literal(out, open ? ")" : "");
}

static void put_condition(struct printer *out, const struct condition *condition)
{
    if (condition->op == CONDITION_TEST) {
        put_test(out, condition);
    } else if (condition->op == CONDITION_NOT) {
        put_phrase(out, PHRASE_NOT);
        put_literal(out, " ");
        put_operand(out, &condition->items[0], CONDITION_NOT);
    } else {
        for (uint32_t i = 0; i < condition->count; i++) {
            if (i > 0) {
                put_literal(out, " ");
                put_phrase(out, condition->op == CONDITION_ALL ? PHRASE_AND : PHRASE_OR);
                put_literal(out, " ");
            }
            put_operand(out, &condition->items[i], condition->op);
        }
    }
}

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
    if (clause->from.count > 0) {
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
        } else if (!part->same_line) {
            before = false;
        }
    }
    put_literal(out, "\n");
}

static void put_clause(struct printer *out, const struct clause *clause, const char *indent)
{
    const struct clause_form *form = &clause_forms[clause->kind];
    struct codes codes;
    memcpy(&codes, (const uint8_t *)clause + form->codes, sizeof(codes));
    put_literal(out, indent);
    put_phrase(out, form->phrase);
    put_literal(out, " ");
    if (clause->kind == CLAUSE_RELEASE && clause->persons == 2)
        put_phrase(out, PHRASE_TWO_PERSONS);
    put_codes(out, form->list, codes);
    if (clause->kind == CLAUSE_SHARE || clause->kind == CLAUSE_ASK) {
        put_conditions(out, clause);
        put_literal(out, "\n    ");
        put_scope(out, clause);
        put_parts(out, clause);
        return;
    }
    if (clause->kind != CLAUSE_HALT && clause->to.count > 0) {
        put_literal(out, " ");
        put_scope(out, clause);
    }
    put_conditions(out, clause);
    put_literal(out, "\n");
}

static void put_line(struct printer *out, enum phrase phrase)
{
    put_phrase(out, phrase);
    put_literal(out, " ");
}

static void put_implements(struct printer *out, const struct treaty *treaty)
{
    if (treaty->implements.len == 0)
        return;
    put_line(out, PHRASE_IMPLEMENTS);
    put_string(out, treaty->implements);
    put_literal(out, " ");
    put_phrase(out, PHRASE_AUTHENTIC);
    for (uint32_t i = 0; i < treaty->authentic.count; i++) {
        put_literal(out, " ");
        writer_text(&out->w, treaty->authentic.items[i]);
    }
    if (treaty->text_hash.len > 0) {
        put_literal(out, ", ");
        put_line(out, PHRASE_TEXT_HASH);
        writer_text(&out->w, treaty->text_hash);
    }
    put_literal(out, "\n");
}

static void put_force(struct printer *out, const struct treaty *treaty)
{
    put_line(out, treaty->from.year != 0 ? PHRASE_FORCE_FROM : PHRASE_FORCE);
    if (treaty->from.year != 0) {
        put_date(out, treaty->from);
        put_literal(out, " ");
    }
    if (treaty->signatures == 0) {
        put_phrase(out, PHRASE_WHEN_ALL);
    } else {
        put_line(out, PHRASE_WHEN);
        put_number(out, treaty->signatures);
        put_literal(out, " ");
        put_phrase(out, PHRASE_HAVE_SIGNED);
    }
    if (treaty->until.year != 0) {
        put_literal(out, "\n");
        put_line(out, PHRASE_UNTIL);
        put_date(out, treaty->until);
    }
    put_literal(out, "\n");
}

static void put_header(struct printer *out, const struct treaty *treaty)
{
    put_line(out, PHRASE_AGREEMENT);
    writer_text(&out->w, treaty->name);
    put_literal(out, " ");
    put_line(out, PHRASE_VERSION);
    put_number(out, treaty->version);
    put_literal(out, "\n");
    if (treaty->titles.count > 0) {
        put_phrase(out, PHRASE_TITLE);
        put_titles(out, treaty->titles);
        put_literal(out, "\n");
    }
    put_implements(out, treaty);
    put_phrase(out, PHRASE_PARTIES);
    for (uint32_t i = 0; i < treaty->parties.count; i++) {
        put_literal(out, " ");
        writer_text(&out->w, treaty->parties.items[i]);
    }
    put_literal(out, "\n");
    put_force(out, treaty);
    if (treaty->ceiling != LEVEL_NONE) {
        put_line(out, PHRASE_CEILING);
        put_code(out, WORDS_LEVEL, level_code(treaty->ceiling));
        put_literal(out, "\n");
    }
    put_line(out, PHRASE_SILENCE);
    put_span(out, (struct span){ treaty->silence_days, SPAN_DAY });
    put_literal(out, "\n");
}

static void put_reservation(struct printer *out, const struct reservation *reservation)
{
    put_literal(out, "\n");
    put_line(out, PHRASE_RESERVATION);
    writer_text(&out->w, reservation->party);
    put_literal(out, " ");
    put_line(out, reservation->clause != 0 ? PHRASE_TO_CLAUSE : PHRASE_TO_ARTICLE);
    put_number(out, reservation->article);
    if (reservation->clause != 0) {
        put_literal(out, ".");
        put_number(out, reservation->clause);
    }
    put_literal(out, "\n");
    if (reservation->not_bound) {
        put_literal(out, "  ");
        put_phrase(out, PHRASE_NOT_BOUND);
        put_literal(out, "\n");
    }
    for (uint32_t i = 0; i < reservation->count; i++)
        put_clause(out, &reservation->clauses[i], "  ");
}

static void put_annex(struct printer *out, const struct treaty *treaty)
{
    if (treaty->annex_count == 0)
        return;
    put_literal(out, "\n");
    put_phrase(out, PHRASE_ANNEX);
    put_literal(out, "\n");
    for (uint32_t i = 0; i < treaty->annex_count; i++) {
        const struct annex_entry *entry = &treaty->annex[i];
        uint8_t memory[2 * TREATY_KEY_LEN + 64];
        struct arena arena = arena_over(memory, sizeof(memory));
        put_literal(out, "  ");
        put_line(out, PHRASE_PARTY);
        writer_text(&out->w, entry->party);
        put_literal(out, " ");
        put_line(out, PHRASE_KEY);
        writer_text(&out->w, hex_format(&arena, BYTES_OF(entry->key)));
        if (entry->address.len > 0) {
            put_literal(out, " ");
            put_line(out, PHRASE_ADDRESS);
            put_string(out, entry->address);
        }
        put_literal(out, "\n");
    }
}

static struct err finish(struct printer *out, struct arena *arena, struct text *text_out)
{
    struct bytes bytes = { 0 };
    struct err e = writer_keep(&out->w, arena, &bytes);
    if (failed(e))
        return err_make(ERR_LIMIT, "arena.full");
    *text_out = (struct text){ (const char *)bytes.data, bytes.len };
    return e;
}

struct err treaty_print(const struct treaty *treaty, enum language language, struct arena *arena,
                        struct text *out)
{
    struct printer printer = { writer_in(arena), language };
    put_header(&printer, treaty);
    for (uint32_t i = 0; i < treaty->article_count; i++) {
        const struct article *article = &treaty->articles[i];
        put_literal(&printer, "\n");
        put_line(&printer, PHRASE_ARTICLE);
        put_number(&printer, article->number);
        put_titles(&printer, article->titles);
        put_literal(&printer, "\n");
        for (uint32_t j = 0; j < article->count; j++)
            put_clause(&printer, &article->clauses[j], "  ");
    }
    for (uint32_t i = 0; i < treaty->reservation_count; i++)
        put_reservation(&printer, &treaty->reservations[i]);
    put_annex(&printer, treaty);
    return finish(&printer, arena, out);
}

static void put_effect(struct printer *out, const struct effect_rule *rule)
{
    static const enum phrase ways[SOIL_EFFECTS] = {
        [SOIL_HELD] = PHRASE_HELD,           [SOIL_AS_ASKED] = PHRASE_AS_ASKED,
        [SOIL_REDUCED] = PHRASE_REDUCED,     [SOIL_SPECIALISTS] = PHRASE_SPECIALISTS,
        [SOIL_NOT_SHOWN] = PHRASE_NOT_SHOWN,
    };
    put_line(out, PHRASE_EFFECT);
    put_codes(out, WORDS_NONE, rule->categories);
    put_literal(out, " ");
    put_line(out, PHRASE_FROM);
    if (rule->from.count == 0)
        put_phrase(out, PHRASE_ANY_PARTY);
    put_codes(out, WORDS_NONE, rule->from);
    put_literal(out, " ");
    put_line(out, PHRASE_IS);
    put_phrase(out, ways[rule->kind]);
    if (rule->kind == SOIL_REDUCED) {
        put_literal(out, " ");
        writer_text(&out->w, rule->action);
    }
    if (rule->call.len > 0) {
        put_literal(out, " ");
        put_line(out, PHRASE_CALL);
        writer_text(&out->w, rule->call);
    }
    put_literal(out, "\n");
}

struct err national_print(const struct national *national, enum language language,
                          struct arena *arena, struct text *out)
{
    struct printer printer = { writer_in(arena), language };
    put_line(&printer, PHRASE_NATIONAL);
    writer_text(&printer.w, national->member);
    put_literal(&printer, " ");
    put_line(&printer, PHRASE_VERSION);
    put_number(&printer, national->version);
    put_literal(&printer, "\n");
    for (uint32_t i = 0; i < national->count; i++)
        put_clause(&printer, &national->clauses[i], "");
    for (uint32_t i = 0; i < national->effect_count; i++)
        put_effect(&printer, &national->effects[i]);
    return finish(&printer, arena, out);
}
