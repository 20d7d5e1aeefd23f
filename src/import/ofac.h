/* Inside the OFAC importer: the files of one list, joined by the number of the entry. */
#ifndef COMITY_IMPORT_OFAC_H
#define COMITY_IMPORT_OFAC_H

#include "import/csv.h"
#include "import/listing.h"

/* Told apart by their columns. */
enum ofac_part { OFAC_MAIN, OFAC_ALT, OFAC_ADD, OFAC_COMMENTS, OFAC_PARTS };
enum {
    OFAC_MAIN_COLUMNS = 12,
    OFAC_ALT_COLUMNS = 5,
    OFAC_ADD_COLUMNS = 6,
    OFAC_COMMENTS_COLUMNS = 2
};

/* One row of a file that is joined to the main one. */
struct ofac_row {
    uint32_t entry;
    uint32_t line;
    size_t at; /* in the file */
    bool used;
};

struct ofac_file {
    struct bytes in;
    size_t given;          /* place among the files given, from 0 */
    struct ofac_row *rows; /* by entry and line; NULL for the main file */
    size_t count, room;
};

struct ofac_list {
    struct import_run run;
    struct ofac_file files[OFAC_PARTS]; /* in.len 0: not given */
};

/* Tells the files apart and proves that each can be read to its end. The place of the file that an
 * error is about is in `wrong_out`. ERR_INVALID import.other-list, import.cut-short,
 * import.text-after-end, import.files-missing, what csv_next says; ERR_UNAVAILABLE. */
MUST_USE struct err ofac_open(struct ofac_list *list, const struct bytes *files, size_t count,
                              size_t *wrong_out);
void ofac_close(struct ofac_list *list);
/* The next row of `part` that belongs to the entry; *at is 0 at first. Its count is 0: none. */
MUST_USE struct err ofac_join(struct ofac_list *list, enum ofac_part part, uint32_t entry,
                              size_t *at, struct csv_row *row_out);
/* 1 to 4294967295, or 0. */
uint32_t ofac_number(struct text t);
/* Of a file, as OFAC calls it; "sdn.csv". */
const char *ofac_part_name(enum ofac_part part);
size_t ofac_part_columns(enum ofac_part part);
/* A cell; empty for "-0-". */
struct text ofac_cell(const struct csv_row *row, size_t column);

/* The remarks: items that are certain become statements, the whole is kept. */
void ofac_remarks(struct listing *l, struct text remarks);
/* "SURNAME, Given" of a person; a company's comma belongs to its name. */
struct json ofac_name(struct listing *l, struct text full);
/* "15 Jan 1955", "Jan 1955", "1955", "circa 1955", "1951 to 1953". */
struct json ofac_when(struct arena *arena, struct text written);

#endif
