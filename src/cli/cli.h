/* The command line: one file a noun, each a table of verbs; a client of the API like any other.
 * Data on stdout, talk on stderr; --json for machines. Exit codes are the design's. */
#ifndef COMITY_CLI_CLI_H
#define COMITY_CLI_CLI_H

#include "core/json.h"
#include "shell/args.h"
#include "shell/client.h"
#include "shell/term.h"
#include "shell/text.h"

enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    CLI_NOT_FOUND = 3,
    CLI_DENIED = 4,
    CLI_CONFLICT = 5,
    CLI_FINDINGS = 6,
    CLI_UNAVAILABLE = 7,
};

enum { CLI_ARENA = 128 << 20, CLI_PATH_MAX = 4096 };

/* What every command gets. */
struct cli {
    const char *dir;      /* --dir, COMITY_DIR, or /var/lib/comity */
    const char *token;    /* COMITY_TOKEN: a session; NULL: the Unix account */
    bool json;
    enum text_lang lang;
    struct arena *arena;
    struct term out;
    struct term err;
    struct client *client; /* opened by the first call */
};

typedef int cli_command(struct cli *cli, int argc, char **argv);

/* A verb of a noun: "agreement sign". */
struct cli_verb {
    const char *name;
    cli_command *run;
    const char *help; /* text id */
};

/* Runs the verb that argv[0] names; lists them for --help and for a wrong one. */
int cli_dispatch(struct cli *cli, const char *noun, const struct cli_verb *verbs, size_t count,
                 int argc, char **argv);
/* Parses by the table; true when the command may go on, else *exit_out is its exit code (help was
 * shown, or the error). */
bool cli_args(struct cli *cli, const struct args_table *table, int argc, char **argv,
              struct args *args, int *exit_out);

/* One call. true: `body_out` is the answer (JSON_NULL for none). false: the problem was shown and
 * *exit_out is its exit code. `body_opt` NULL: no body. */
struct cli_call {
    const char *method;
    struct text path;
    const struct json *body_opt;
};
bool cli_request(struct cli *cli, const struct cli_call *call, struct json *body_out,
                 int *exit_out);
/* "/v1/records/" and an id, percent-encoded. */
struct text cli_path(struct cli *cli, const char *before, struct text id, const char *after);

/* The answer as JSON when --json is given; returns whether it was. */
bool cli_print_json(struct cli *cli, const struct json *value);
/* A line of text on stdout; what comes from records is made harmless first. */
void cli_line(struct cli *cli, struct text line);
/* A sentence by id on stderr, {subject} filled in. */
void cli_say(struct cli *cli, const char *id, struct text subject);
/* Columns of strings from an array of objects. */
struct cli_column {
    const char *member;
    const char *title; /* text id */
    int width;
};
void cli_table(struct cli *cli, const struct json *items, const struct cli_column *columns,
               size_t count);
/* An error of our own: sentence on stderr, exit code. */
int cli_fail(struct cli *cli, struct err e, struct text subject);
int cli_exit_of(struct err e);
/* A file or "-": standard input. */
struct err cli_read(struct cli *cli, struct text path, size_t max, struct bytes *out);
/* A passphrase from --secret FILE, COMITY_SECRET_FILE, or the terminal without echo. */
struct err cli_secret(struct cli *cli, struct text file_opt, struct text *out);

cli_command cli_init, cli_serve, cli_status, cli_user, cli_unit, cli_login, cli_import;
cli_command cli_record, cli_search, cli_agreement, cli_partner, cli_hit, cli_release;
cli_command cli_ask, cli_audit, cli_ledger, cli_backup, cli_restore, cli_config, cli_doctor;
cli_command cli_national, cli_api, cli_demo;

#endif
