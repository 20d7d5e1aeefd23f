/* A record's template, filled from the cells of a row. spec/import-mapping.md describes it. */
#ifndef COMITY_IMPORT_MAPPING_H
#define COMITY_IMPORT_MAPPING_H

#include "import/csv.h"
#include "import/run.h"

struct mapping_row {
    const struct csv_mapping *mapping;
    const struct csv_row *header;
    const struct csv_row *row;
    struct text number; /* of the entry, in its source */
};

/* Column by name, or CSV_FIELDS_MAX. */
size_t mapping_column(const struct csv_row *header, struct text name);
/* Marks what the mapping reads. ERR_INVALID import.column-missing for a name that the table lacks.
 */
MUST_USE struct err mapping_columns(const struct csv_mapping *mapping, const struct csv_row *header,
                                    bool used[static CSV_FIELDS_MAX]);
/* The cell, empty for what means "no value". */
struct text mapping_cell(const struct mapping_row *in, struct text column);
/* The draft: template filled, with id, owner, unit, ids and sources of statements added. */
struct json mapping_fill(const struct mapping_row *in, const struct import_host *host,
                         struct arena *arena);

#endif
