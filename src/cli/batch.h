/* Many questions from one file, in order: NDJSON, a table with a header (tabs or commas), or lines
 * of travel documents' zones. A broken line is told with its number; the rest goes on. */
#ifndef COMITY_CLI_BATCH_H
#define COMITY_CLI_BATCH_H

#include "cli/cli.h"
#include "import/csv.h"

enum { BATCH_BYTES_MAX = 48 << 20 };

enum batch_use {
    BATCH_SEARCH,  /* columns are members of a question; any other is refused */
    BATCH_COMPARE, /* columns end in _a or _b; any other is a remark, and not read */
};

struct batch {
    enum batch_use use;
    enum { BATCH_NDJSON, BATCH_TABLE, BATCH_ZONES } form;
    struct bytes in;
    size_t at; /* NDJSON and zones */
    uint32_t line;
    struct csv_reader csv;
    struct csv_row *header;
    struct csv_row *row;
};

struct batch_line {
    uint32_t line;   /* from 1 */
    struct err err;  /* of this line alone; else: */
    struct json json; /* NDJSON as it stands; {"a","b"} or a question of the others */
};

/* false: said, and *exit_out is the exit code. */
bool batch_open(struct cli *cli, struct text path, enum batch_use use, struct batch *out,
                int *exit_out);
/* false at the end. What it takes of cli->arena is the caller's to rewind. */
bool batch_next(struct cli *cli, struct batch *batch, struct batch_line *out);
/* "comity: line 7: …" on stderr. */
void batch_say(struct cli *cli, const struct batch_line *line);

/* 1985, about:1985, age:41; all else is a date. */
struct json batch_birth(struct arena *arena, struct text in);

#endif
