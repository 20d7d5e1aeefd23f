/* What the printers of wording/ share. What does not fit sticks in the writer. */
#ifndef COMITY_WORDING_PRINTER_H
#define COMITY_WORDING_PRINTER_H

#include "core/writer.h"
#include "wording/words.h"

struct printer {
    struct writer w;
    enum language language;
};

void put_phrase(struct printer *out, enum phrase phrase);
void put_line(struct printer *out, enum phrase phrase); /* and a space */
void put_literal(struct printer *out, const char *literal);
void put_code(struct printer *out, enum word_list list, struct text code);
void put_codes(struct printer *out, enum word_list list, struct codes codes);
void put_string(struct printer *out, struct text text); /* in quotation marks */
void put_titles(struct printer *out, struct titles titles);
void put_number(struct printer *out, uint32_t number);
void put_date(struct printer *out, struct date date);
void put_span(struct printer *out, struct span span);
void put_rate(struct printer *out, struct rate rate);

/* print_clause.c, print_header.c, print.c */
void put_clause(struct printer *out, const struct clause *clause, const char *indent);
void put_reservation(struct printer *out, const struct reservation *reservation);
void put_header(struct printer *out, const struct treaty *treaty);
void put_annex(struct printer *out, const struct treaty *treaty);
/* Ends a printing: the text now belongs to the arena. */
MUST_USE struct err printer_end(struct printer *out, struct arena *arena, struct text *text_out);

#endif
