/* The lines above the first article, in one order. What counts although nothing is said of it
 * (consents, withdrawal, amendment, silence) is printed. */
#include "wording/printer.h"

static void put_implements(struct printer *out, const struct treaty *treaty)
{
    if (treaty->implements.len == 0)
        return;
    put_line(out, PHRASE_IMPLEMENTS);
    put_string(out, treaty->implements);
    put_literal(out, " ");
    if (treaty->dated.year != 0) {
        put_line(out, PHRASE_DATED);
        put_date(out, treaty->dated);
        put_literal(out, " ");
    }
    if (treaty->depositary.len > 0) {
        put_line(out, PHRASE_DEPOSITARY);
        put_string(out, treaty->depositary);
        put_literal(out, " ");
    }
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

static void put_groups(struct printer *out, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->group_count; i++) {
        put_line(out, PHRASE_GROUP);
        put_code(out, WORDS_NONE, treaty->groups[i].name);
        put_literal(out, " ");
        put_codes(out, WORDS_NONE, treaty->groups[i].members);
        put_literal(out, "\n");
    }
}

static void put_list(struct printer *out, enum phrase phrase, struct codes codes)
{
    if (codes.count == 0)
        return;
    put_line(out, phrase);
    put_codes(out, WORDS_NONE, codes);
    put_literal(out, "\n");
}

static void put_force(struct printer *out, const struct treaty *treaty)
{
    bool ratified = treaty->consent == CONSENT_RATIFICATION;
    put_line(out, treaty->from.year != 0 ? PHRASE_FORCE_FROM : PHRASE_FORCE);
    if (treaty->from.year != 0) {
        put_date(out, treaty->from);
        put_literal(out, " ");
    }
    if (treaty->signatures == 0) {
        put_phrase(out, ratified ? PHRASE_ALL_RATIFIED : PHRASE_WHEN_ALL);
    } else {
        put_line(out, PHRASE_WHEN);
        put_number(out, treaty->signatures);
        put_literal(out, " ");
        put_phrase(out, ratified ? PHRASE_HAVE_RATIFIED : PHRASE_HAVE_SIGNED);
    }
    if (treaty->after.count > 0) {
        put_literal(out, " ");
        put_line(out, PHRASE_AFTER);
        put_span(out, treaty->after);
    }
    put_literal(out, "\n");
}

static void put_until(struct printer *out, const struct treaty *treaty)
{
    if (treaty->until.year == 0)
        return;
    put_line(out, PHRASE_UNTIL);
    put_date(out, treaty->until);
    if (treaty->renewal.count > 0) {
        put_literal(out, " ");
        put_line(out, PHRASE_RENEWED);
        put_span(out, treaty->renewal);
    }
    if (treaty->renewal_notice.count > 0) {
        put_literal(out, " ");
        put_line(out, PHRASE_UNLESS_NOTICE);
        put_span(out, treaty->renewal_notice);
    }
    put_literal(out, "\n");
}

static void put_withdrawal(struct printer *out, const struct treaty *treaty)
{
    if (treaty->notice.count > 0) {
        put_line(out, PHRASE_WITHDRAWAL);
        put_span(out, treaty->notice);
    } else {
        put_phrase(out, PHRASE_WITHDRAWAL_NOW);
    }
    put_literal(out, ", ");
    put_phrase(out, treaty->leftover == LEFTOVER_KEPT ? PHRASE_DATA_KEPT : PHRASE_DATA_ERASED);
    put_literal(out, "\n");
}

static void put_amended(struct printer *out, const struct treaty *treaty)
{
    if (treaty->amended_by > 0) {
        put_line(out, PHRASE_AMENDED);
        put_number(out, treaty->amended_by);
        put_literal(out, " ");
    }
    put_phrase(out, treaty->amended_by > 0 ? PHRASE_PARTIES : PHRASE_AMENDED_ALL);
    put_literal(out, "\n");
}

static void put_replaces(struct printer *out, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->replaces_count; i++) {
        if (i == 0)
            put_line(out, PHRASE_REPLACES);
        put_code(out, WORDS_NONE, treaty->replaces[i].name);
        put_literal(out, " ");
        put_line(out, PHRASE_VERSION);
        put_number(out, treaty->replaces[i].version);
        put_literal(out, i + 1 < treaty->replaces_count ? ", " : "\n");
    }
}

static void put_level(struct printer *out, enum level level)
{
    put_code(out, WORDS_LEVEL, level_code(level));
}

static void put_tables(struct printer *out, const struct treaty *treaty)
{
    for (uint32_t i = 0; i < treaty->recognition_count; i++) {
        put_line(out, PHRASE_OFFENCES_OF);
        put_code(out, WORDS_NONE, treaty->recognitions[i].party);
        put_literal(out, " (");
        put_codes(out, WORDS_NONE, treaty->recognitions[i].offences);
        put_literal(out, ")\n");
    }
    for (uint32_t i = 0; i < treaty->marking_count; i++) {
        put_line(out, PHRASE_MARKING);
        put_code(out, WORDS_NONE, treaty->markings[i].party);
        put_literal(out, " ");
        put_level(out, treaty->markings[i].level);
        put_literal(out, " ");
        put_string(out, treaty->markings[i].text);
        put_literal(out, "\n");
    }
}

static void put_names(struct printer *out, const struct treaty *treaty)
{
    put_line(out, PHRASE_AGREEMENT);
    put_code(out, WORDS_NONE, treaty->name);
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
        put_code(out, WORDS_NONE, treaty->parties.items[i]);
    }
    put_literal(out, "\n");
}

void put_header(struct printer *out, const struct treaty *treaty)
{
    put_names(out, treaty);
    put_groups(out, treaty);
    put_list(out, PHRASE_ACCESSION, treaty->accession);
    put_force(out, treaty);
    put_list(out, PHRASE_PROVISIONAL, treaty->provisional);
    put_until(out, treaty);
    put_withdrawal(out, treaty);
    put_amended(out, treaty);
    put_replaces(out, treaty);
    put_list(out, PHRASE_PREVAILS, treaty->prevails);
    if (treaty->ceiling != LEVEL_NONE) {
        put_line(out, PHRASE_CEILING);
        put_level(out, treaty->ceiling);
        put_literal(out, "\n");
    }
    put_line(out, PHRASE_SILENCE);
    put_span(out, (struct span){ treaty->silence_days, SPAN_DAY });
    put_literal(out, "\n");
    put_tables(out, treaty);
}
