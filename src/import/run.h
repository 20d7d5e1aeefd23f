/* What all importers share: the check of a draft, the account, the ids seen, the withdrawals. */
#ifndef COMITY_IMPORT_RUN_H
#define COMITY_IMPORT_RUN_H

#include "import/import.h"

struct import_run {
    const struct import_host *host;
    struct arena *arena;
    struct import_account *account;
    struct findings findings;
    uint8_t (*seen)[RECORD_ID_BITS]; /* open addressing; all-zero is free */
    size_t nameless; /* entries refused before their id was known: any held one may be meant */
    size_t seen_count;
    size_t seen_size;
};

void run_init(struct import_run *run, const struct import_host *host, struct arena *arena,
              struct import_account *account);
void run_free(struct import_run *run);

/* One entry: checked, compared, handed over, counted. `draft` has its id. An error ends the run. */
MUST_USE struct err run_entry(struct import_run *run, const struct json *draft, uint32_t line,
                              struct text reference);
/* An entry that became no draft. */
void run_refuse(struct import_run *run, uint32_t line, struct text field, const char *rule,
                struct text reference);
/* A value that has no place in a record. */
void run_unknown(struct import_run *run, struct text name);
/* An entry of this id was there, whatever became of it: it is not withdrawn. */
MUST_USE struct err run_mark(struct import_run *run, const struct record_id *id, bool *known_out);
/* The same by the source's own number of an entry that is refused: what is held under it stays.
 * An empty number may mean any. */
MUST_USE struct err run_keep(struct import_run *run, struct text number);
/* ERR_INVALID import.empty, import.compressed; ERR_LIMIT import.too-large. */
MUST_USE struct err run_check_file(struct bytes in);
void run_progress(struct import_run *run, size_t done, size_t total);
/* Withdraws what is held and was not seen; nothing when an entry had no readable id. */
MUST_USE struct err run_end(struct import_run *run);

/* `id`, schema, owner, unit and empty lists: what every draft begins with. */
struct json draft_begin(struct arena *arena, const struct record_id *id, struct text unit,
                        const char *kind);
/* One more statement, of basis fact; NULL: the arena is full. */
struct json *draft_statement(struct arena *arena, struct json *statements, const char *attribute,
                             struct json source, struct json value);
/* "s" or "a" and a number. */
struct text draft_local_id(struct arena *arena, char letter, size_t number);

#endif
