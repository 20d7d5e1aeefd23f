/* Lists and files to records. Every importer reads bytes that the caller has (a mapped file), makes
 * one draft of a record at a time, has the model's own parser check it, and hands it to the host:
 * memory holds one entry, the ids seen, and nothing else.
 *
 * A file that is broken as a whole (not well-formed, truncated, of a foreign encoding) is refused
 * before the first entry is handed over, with its line; an entry that is wrong is refused alone,
 * with line, field and rule, and the rest goes on. */
#ifndef COMITY_IMPORT_IMPORT_H
#define COMITY_IMPORT_IMPORT_H

#include "core/hash.h"
#include "core/json.h"
#include "model/record.h"

enum {
    IMPORT_BYTES_MAX = 1 << 30,
    IMPORT_UNKNOWN_MAX = 64,
    IMPORT_NAME_MAX = 64,
    IMPORT_ARENA_SIZE = 8 << 20, /* enough for any one entry within the model's limits */
    PREVIEW_MAX = 100,
    IMPORT_FEW = 50 /* up to so many may all be withdrawn */
};

struct import_refusal {
    uint32_t line;     /* where the entry begins, from 1 */
    struct text field; /* JSON pointer into the draft, element or column; empty: the entry */
    const char *rule;
    struct text reference; /* the source's own number, if it was read */
};

/* What the caller does with the entries. `sink` is passed through. */
struct import_host {
    void *sink;
    struct member_code owner; /* of all records: a member, or a source such as x-un */
    struct text unit;         /* slug of the unit that answers for them */
    /* The draft passes record_parse. ERR_INVALID, ERR_DENIED and ERR_CONFLICT refuse the entry; any
     * other error ends the run. */
    struct err (*accept)(void *sink, const struct json *record_draft, uint32_t line);
    /* SHA-256 of the canonical draft that is held under this id; false: none is. NULL: nothing is.
     */
    bool (*lookup_opt)(void *sink, const struct record_id *id, struct hash *out);
    /* Ids that are held of this owner: *at begins at 0, false at the end. NULL: nothing is
     * withdrawn. */
    bool (*next_held_opt)(void *sink, size_t *at, struct record_id *out);
    struct err (*withdraw_opt)(void *sink, const struct record_id *id);
    bool withdraw_most; /* also when most of what is held is not in the list */
    void (*refuse_opt)(void *sink, const struct import_refusal *refusal);
    void (*progress_opt)(void *sink, uint64_t done, uint64_t total); /* bytes */
};

struct import_unknown {
    char name[IMPORT_NAME_MAX]; /* element or column, NUL-terminated, cut if longer */
    uint32_t count;
};

/* read = accepted + changed + unchanged + refused. */
struct import_account {
    uint32_t read;
    uint32_t accepted; /* new */
    uint32_t changed;
    uint32_t unchanged; /* not handed over */
    uint32_t refused;
    uint32_t warned;    /* of those handed over or unchanged: with a warning about their data */
    uint32_t withdrawn; /* held, and no longer in the list */
    uint32_t
        not_understood; /* values with no place in a record: the sum over `unknown` and beyond */
    char as_of[IMPORT_NAME_MAX]; /* the list's own date, as it writes it; empty: it has none */
    size_t unknown_count;
    struct import_unknown unknown[IMPORT_UNKNOWN_MAX];
};
struct json import_account_format(const struct import_account *account, struct arena *arena);

/* Id of an entry of a source: the first 128 bits of SHA-256 over "comity/source-id/v1", 0, the
 * source's code, 0, the entry's own number. The same on every node and in every generation. */
struct record_id import_source_id(const struct member_code *source, struct text number);

/* All of these: `arena` is rewound after each entry (IMPORT_ARENA_SIZE). Errors: import.*, `at` is
 * the line; what the host's functions return. On an error nothing is withdrawn; `out` is written
 * always, and says what was done until then. */

/* The Security Council's consolidated list, XML, elements in any order. */
MUST_USE struct err import_un(struct bytes in, const struct import_host *host, struct arena *arena,
                              struct import_account *out);

/* The European Union's financial sanctions list: its XML as JSON, one entity a line. */
MUST_USE struct err import_eu(struct bytes in, const struct import_host *host, struct arena *arena,
                              struct import_account *out);

/* A list of the Office of Foreign Assets Control as CSV (sdn.csv, alt.csv, add.csv and, if there is
 * one, the file of comments; or the same of the consolidated non-SDN list), in any order. An error
 * is about the file at *wrong_out. Two lists need two sources: what one does not hold is withdrawn.
 */
MUST_USE struct err import_ofac(const struct bytes *files, size_t count,
                                const struct import_host *host, struct arena *arena,
                                struct import_account *out, size_t *wrong_out);

/* Our own records, one JSON document a line. */
MUST_USE struct err import_ndjson(struct bytes in, const struct import_host *host,
                                  struct arena *arena, struct import_account *out);

/* Any table by a mapping, which spec/import-mapping.md describes. */
struct csv_mapping {
    const struct json *json;
    char separator;
    bool latin1;
    struct text reference; /* column that holds the entry's own number */
    const struct json *record;
    const struct json *nulls_opt; /* texts that mean "no value" */
};
/* ERR_INVALID import.bad-mapping. Borrows from `in`. */
MUST_USE struct err csv_mapping_parse(const struct json *in, struct csv_mapping *out);
MUST_USE struct err import_csv(struct bytes in, const struct csv_mapping *mapping,
                               const struct import_host *host, struct arena *arena,
                               struct import_account *out);
/* The first `rows` entries (at most PREVIEW_MAX), as they would become:
 * {"columns":[…],"entries":[{"line","record"} | {"line","field","rule"}],"account":{…}}. */
MUST_USE struct err import_csv_preview(struct bytes in, const struct csv_mapping *mapping,
                                       const struct import_host *host, size_t rows,
                                       struct arena *arena, struct json *out);

/* A person as a travel document's zone shows them: a draft without alerts, to search with or to
 * file. `findings` says what is doubtful. ERR_INVALID mrz.*. */
struct mrz_origin {
    struct record_id id;
    struct text unit;
    struct text reference; /* case, or post and lane */
    struct date today;
};
MUST_USE struct err import_mrz(struct text in, const struct mrz_origin *origin, struct arena *arena,
                               struct findings *findings, struct json *out);

#endif
