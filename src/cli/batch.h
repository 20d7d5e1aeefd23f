/* Many questions from one file, in order: NDJSON, a table with a header (tabs or commas), lines of
 * travel documents' zones, or passenger lists (PAXLST, where a line is a segment). A broken line is
 * told with its number; the rest goes on. */
#ifndef COMITY_CLI_BATCH_H
#define COMITY_CLI_BATCH_H

#include "cli/cli.h"
#include "import/csv.h"
#include "import/paxlst.h"

enum { BATCH_BYTES_MAX = 48 << 20 };

enum batch_use {
    BATCH_SEARCH,  /* columns are members of a question; any other is refused */
    BATCH_COMPARE, /* columns end in _a or _b; any other is a remark, and not read */
};

struct batch {
    enum batch_use use;
    enum { BATCH_NDJSON, BATCH_TABLE, BATCH_ZONES, BATCH_PAXLST } form;
    struct bytes in;
    size_t at; /* NDJSON and zones */
    uint32_t line;
    struct csv_reader csv;
    struct csv_row *header;
    struct csv_row *row;
    struct paxlst list;
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
/* "comity: line 7: …" on stderr, the sentence of this rule. */
void batch_say(struct cli *cli, uint32_t line, struct text rule);

/* A number as it is asked for: one with ? or * is known in part. */
struct json batch_identifier(struct arena *arena, struct text type, struct text number);
/* 1985, about:1985, age:41; all else is a date. */
struct json batch_birth(struct arena *arena, struct text in);

#endif
