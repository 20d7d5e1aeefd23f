/* Tables of text: RFC 4180, with any separator, LF or CRLF, a byte order mark and a last Ctrl-Z
 * tolerated. */
#ifndef COMITY_IMPORT_CSV_H
#define COMITY_IMPORT_CSV_H

#include "core/arena.h"

enum { CSV_FIELDS_MAX = 512, CSV_FIELD_BYTES_MAX = 64 << 10 };

struct csv_reader {
    struct bytes in;
    size_t at;
    uint32_t line; /* of the next row, from 1 */
    char separator;
    bool latin1;
};

struct csv_row {
    struct text fields[CSV_FIELDS_MAX]; /* in the arena, trimmed, UTF-8 */
    size_t count;
    uint32_t line;
};

struct csv_reader csv_over(struct bytes in, char separator, bool latin1);
bool csv_at_end(const struct csv_reader *r);
/* The next row that is not blank; `count` 0 at the end. ERR_INVALID import.quote-open,
 * text.not-utf8; ERR_LIMIT import.row-too-wide, import.field-too-long, arena.full. `at` is the
 * line. */
MUST_USE struct err csv_next(struct csv_reader *r, struct arena *arena, struct csv_row *out);

#endif
