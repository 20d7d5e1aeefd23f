/* An importer's host over the API: what is held of a source, batches of what is new. */
#ifndef COMITY_CLI_IMPORT_H
#define COMITY_CLI_IMPORT_H

#include "cli/cli.h"
#include "import/import.h"

enum { IMPORT_BATCH = 200 };

struct held_entry {
    struct record_id id;
    struct hash hash;
};

struct import_sink {
    struct cli *cli;
    struct text source;   /* x-…: a list; empty: our own records */
    struct text label;    /* of the progress line */
    struct held_entry *held; /* sorted by id, then appended to by nobody */
    size_t held_count, held_room;
    struct arena arena;   /* of one batch; its own memory */
    struct json batch;
    uint32_t lines[IMPORT_BATCH];
    bool known[IMPORT_BATCH];
    bool withdrawing;
    uint32_t refused_new, refused_changed, refused_withdrawn; /* by the node, after the importer */
    int code; /* when a call failed: its exit code, the problem was shown */
};

/* Reads what the node holds of the source. false: said, sink->code. */
bool import_open(struct import_sink *sink);
void import_close(struct import_sink *sink);
struct import_host import_host_of(struct import_sink *sink, const struct member_code *owner,
                                  struct text unit);
/* Sends the last batch. */
bool import_flush(struct import_sink *sink);

#endif
