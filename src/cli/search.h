/* Searches and comparisons on the command line: what they are asked with, and how a person reads
 * the answer: warnings first. */
#ifndef COMITY_CLI_SEARCH_H
#define COMITY_CLI_SEARCH_H

#include "cli/batch.h"

struct index_frequency;

void search_show(struct cli *cli, const struct json *answer);
/* Of a record: warnings, owner and basis, each alert with its effect here. */
void search_show_card(struct cli *cli, const struct json *card);
/* Band and score, then the reasons. */
void search_show_verdict(struct cli *cli, const struct json *verdict);
/* A line of JSON on stdout. */
void search_print(struct cli *cli, const struct json *value);

struct search_batch {
    struct text path;         /* empty: no batch */
    const struct json *frame; /* purpose and reference */
    char separator;           /* of the columns of the result; 0: a line of JSON each */
    uint32_t from;            /* lines before it are passed over */
};
int search_batch(struct cli *cli, const struct search_batch *task);

/* A file of pairs, or two words, held against each other: by the node when `node`, for the purpose
 * in the batch's frame; otherwise here, by the table in the file `frequency` (empty: the built-in
 * one). */
struct search_compare {
    struct search_batch batch;
    struct text frequency;
    bool node;
};
int search_compare(struct cli *cli, const struct args *args, const struct search_compare *how);
/* A table that comity frequency made; empty path: the built-in one. */
MUST_USE struct err frequency_read(struct cli *cli, struct text path, struct index_frequency *out);

/* What the lines of a batch are to the node: some of them a call, as `member` of its body. */
enum { SEARCH_COLUMNS_MAX = 5 };
struct batch_of {
    enum batch_use use;
    const char *path;      /* "/v1/searches" */
    const char *member;    /* "queries" */
    const char *in_answer; /* where a line of JSON holds its result; NULL: it is the result */
    const char *columns[SEARCH_COLUMNS_MAX];
    size_t column_count;
    /* What the node would say of the line itself, before it is asked. */
    struct err (*check)(struct cli *cli, const struct json *line);
    /* The columns behind the first, which is the line; each has its separator before it. */
    void (*print)(struct cli *cli, const struct json *answer, char separator);
};
int search_many(struct cli *cli, const struct batch_of *of, const struct search_batch *task);
/* The first line of a table of results; nothing without a separator. */
void search_columns(const struct batch_of *of, char separator);
/* A line's result, or the rule by which it has none, which is said as well. */
void search_result(struct cli *cli, const struct batch_of *of, uint32_t line,
                   const struct json *answer, char separator);
void search_refused(struct cli *cli, const struct batch_of *of, uint32_t line, struct text rule,
                    char separator);

#endif
