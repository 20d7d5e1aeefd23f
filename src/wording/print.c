/* Tree to the one canonical text of a language. print(parse(x)) == x for every x that it printed.
 */
#include "core/encode.h"
#include "wording/printer.h"

void put_reservation(struct printer *out, const struct reservation *reservation)
{
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

static void put_word(struct printer *out, enum phrase phrase, struct text word)
{
    if (word.len == 0)
        return;
    put_literal(out, " ");
    put_line(out, phrase);
    put_code(out, WORDS_NONE, word);
}

void put_annex(struct printer *out, const struct treaty *treaty)
{
    if (treaty->annex_count == 0)
        return;
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
        put_word(out, PHRASE_CONTACT, entry->contact);
        put_word(out, PHRASE_SIGNS, entry->signs);
        put_literal(out, "\n");
    }
}

struct err printer_end(struct printer *out, struct arena *arena, struct text *text_out)
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
    for (uint32_t i = 0; i < treaty->reservation_count; i++) {
        put_literal(&printer, "\n");
        put_reservation(&printer, &treaty->reservations[i]);
    }
    put_literal(&printer, treaty->annex_count > 0 ? "\n" : "");
    put_annex(&printer, treaty);
    return printer_end(&printer, arena, out);
}

struct err reservations_print(const struct reservations *reservations, enum language language,
                              struct arena *arena, struct text *out)
{
    struct printer printer = { writer_in(arena), language };
    for (uint32_t i = 0; i < reservations->count; i++) {
        put_literal(&printer, i > 0 ? "\n" : "");
        put_reservation(&printer, &reservations->items[i]);
    }
    return printer_end(&printer, arena, out);
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
    return printer_end(&printer, arena, out);
}
