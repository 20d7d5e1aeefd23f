/* The terminal of a person: width, colours, progress after half a second, and text from records
 * made harmless (control characters cannot move the cursor or recolour a line). */
#ifndef COMITY_SHELL_TERM_H
#define COMITY_SHELL_TERM_H

#include "core/arena.h"

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_RED, TERM_GREEN, TERM_YELLOW, TERM_BLUE };

struct term {
    int fd;
    bool tty;
    bool colours; /* a tty, no NO_COLOR, TERM not "dumb" */
    int width;    /* columns; 80 when unknown */
    int64_t begun_ms;
    int64_t drawn_ms; /* 0: no progress line stands */
};

struct term term_open(int fd);
/* The escape sequence of the style, or "" without colours. TERM_PLAIN resets. */
const char *term_style(const struct term *term, enum term_style style);
/* C0, C1, DEL, bidirectional controls and line separators become U+FFFD; newline and tab stay. */
struct text term_clean(struct arena *arena, struct text in);
/* Columns that `in` takes: East Asian wide counts 2, combining 0. */
size_t term_columns(struct text in);

/* One line on stderr that overwrites itself, from half a second on, on a tty only; at most ten a
 * second. total 0: unknown. */
void term_progress(struct term *term, struct text label, uint64_t done, uint64_t total);
void term_progress_end(struct term *term);

#endif
