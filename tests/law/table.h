/* Tables of cases that lawyers can read (catalogue/cases/NAME.txt; docs/agreements.md tells how).
 *
 *   cases of lake-chad                       the agreement: catalogue/agreements/lake-chad.en
 *   title …                                  of the page that tools/law-cases makes
 *   about …                                  may repeat
 *   life NAME [of AGREEMENT]: …              acts, see scene.h; the first is the usual one
 *   record NAME: …                           a record in shorthand, see shorthand.h
 *   section …                                heading of the rows that follow
 *   | no | record | from > to | purpose | date | facts | decision | clause | obligations | why |
 *
 * Lines that begin with two spaces go on with the line before; `#` begins a comment line. Cells
 * hold no `|`; "-" is an empty cell. A row that no rule of this grammar reads is a fault: nothing
 * is skipped. */
#ifndef COMITY_TESTS_LAW_TABLE_H
#define COMITY_TESTS_LAW_TABLE_H

#include "core/arena.h"

enum { TABLE_NAMES_MAX = 128, TABLE_CASES_MAX = 256, TABLE_LINE_MAX = 4096 };

enum table_cell {
    CELL_NUMBER,
    CELL_RECORD,
    CELL_MEMBERS,
    CELL_PURPOSE,
    CELL_DATE,
    CELL_FACTS,
    CELL_DECISION,
    CELL_CLAUSE,
    CELL_OBLIGATIONS,
    CELL_WHY,
    TABLE_CELLS
};

struct table_name {
    struct text name, of, body; /* `of`: empty but for the life of another agreement */
    uint32_t line;
    bool used;
};

struct table_case {
    struct text cells[TABLE_CELLS];
    uint32_t line;
};

struct table {
    struct text agreement, title;
    struct table_name lives[TABLE_NAMES_MAX], records[TABLE_NAMES_MAX];
    uint32_t life_count, record_count;
    struct table_case cases[TABLE_CASES_MAX];
    uint32_t case_count;
};

/* What is wrong, in which line, and the words it is about. */
struct fault {
    uint32_t line;
    const char *what; /* NULL: nothing */
    struct text where;
};

/* false and `fault` filled: the first thing wrong. Borrows from `in` and the arena. */
bool table_parse(struct text in, struct arena *arena, struct table *out, struct fault *fault);
struct table_name *table_find(struct table_name *names, uint32_t count, struct text name);

bool fault_set(struct fault *fault, const char *what, struct text where); /* false */
/* The next piece of a list, trimmed; false at its end. An empty piece is given as it is. */
bool phrase_next(struct text *rest, char separator, struct text *out);
/* The first word; `rest` moves behind it. */
struct text word_next(struct text *rest);
bool number_read(struct text word, uint32_t *out);

#endif
