#include "wording/printer.h"

#include "core/encode.h"

void put_phrase(struct printer *out, enum phrase phrase)
{
    writer_text(&out->w, phrase_text(phrase, out->language));
}

void put_literal(struct printer *out, const char *literal)
{
    writer_literal(&out->w, literal);
}

void put_code(struct printer *out, enum word_list list, struct text code)
{
    writer_text(&out->w, code_to_word(list, out->language, code));
}

void put_codes(struct printer *out, enum word_list list, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        put_literal(out, i > 0 ? ", " : "");
        put_code(out, list, codes.items[i]);
    }
}

void put_string(struct printer *out, struct text text)
{
    writer_u8(&out->w, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            writer_u8(&out->w, '\\');
        writer_u8(&out->w, (uint8_t)text.data[i]);
    }
    writer_u8(&out->w, '"');
}

void put_titles(struct printer *out, struct titles titles)
{
    for (uint32_t i = 0; i < titles.count; i++) {
        put_literal(out, i > 0 ? ", " : " ");
        writer_text(&out->w, titles.items[i].language);
        put_literal(out, titles.items[i].language.len > 0 ? " " : "");
        put_string(out, titles.items[i].text);
    }
}

void put_number(struct printer *out, uint32_t number)
{
    writer_decimal(&out->w, number);
}

void put_date(struct printer *out, struct date date)
{
    uint8_t memory[64];
    struct arena arena = arena_over(memory, sizeof(memory));
    writer_text(&out->w, date_format(&arena, date));
}

void put_span(struct printer *out, struct span span)
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

void put_rate(struct printer *out, struct rate rate)
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

void put_line(struct printer *out, enum phrase phrase)
{
    put_phrase(out, phrase);
    put_literal(out, " ");
}
