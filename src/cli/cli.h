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

/* One call to the API as a row: where options and words go, and what of the answer is shown. */
enum cli_form {
    CLI_TEXT,      /* body member */
    CLI_NUMBER,    /* body member */
    CLI_TRUE,      /* flag: body member true */
    CLI_FALSE,     /* flag: body member false */
    CLI_LIST,      /* repeated: array of texts */
    CLI_JSON,      /* a file (or -) whose JSON becomes the member */
    CLI_FILE,      /* a file (or -) whose text becomes the member */
    CLI_PHOTO,     /* a picture (or -): flow/photo.h */
    CLI_SECRET,    /* the same, without its line end */
    CLI_QUERY,     /* of the path */
    CLI_REFERENCE, /* repeated key=value: of the path for a GET, else the object "reference" */
};

struct cli_field {
    enum cli_form form;
    const char *option; /* without "--" */
    char letter;
    const char *value;  /* how --help calls it */
    const char *help;   /* text id */
    const char *member; /* "reason", "user/roles"; NULL: as the option is called */
    bool needed;
};

struct cli_column {
    const char *member;
    const char *title; /* text id */
    int width;
};

enum { CLI_WORDS_MAX = 2, CLI_COLUMNS_MAX = 8, CLI_FIELDS_MAX = 16 };

struct cli_action {
    const char *command; /* "comity hit answer" */
    const char *usage;   /* text ids */
    const char *help;
    const char *method;
    const char *before; /* "/v1/hits/" */
    const char *after;  /* "/answer": the first word goes between; NULL: no word in the path */
    const char *words[CLI_WORDS_MAX]; /* members of the further words */
    struct cli_field fields[CLI_FIELDS_MAX];   /* to the first without option */
    struct cli_column columns[CLI_COLUMNS_MAX]; /* of `items`; none: the whole answer is shown */
    const char *path_member; /* where in the body the word of the path stands as well */
    const char *body;        /* JSON that the body begins with */
    const char *done;        /* text id said instead of the answer */
    void (*show)(struct cli *cli, const struct json *answer); /* for people; NULL: cli_show */
};
int cli_act(struct cli *cli, const struct cli_action *action, int argc, char **argv);

/* A verb of a noun: "agreement sign"; a function or a row. */
struct cli_verb {
    const char *name;
    cli_command *run;
    const char *help; /* text id */
    const struct cli_action *action;
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
    struct text sent; /* a text in the body that an error's place is in; may be empty */
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
/* An answer for people: members with their labels, codes with theirs, nested by indents. */
void cli_show(struct cli *cli, const struct json *value);
/* Why a record goes to a partner, or not: the decision, then every rule considered. */
void cli_show_explanation(struct cli *cli, const struct json *answer);
/* A code's label in the reader's language, or the code. */
/* yes, no or a number, as a person reads it; anything else as JSON. */
struct text cli_plain(struct cli *cli, const struct json *value);
struct text cli_label(struct cli *cli, const char *list, struct text code);
/* printf to stdout; texts in it must be clean. */
void cli_printf(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The sentence of an id that came as data, or the id itself. */
struct text cli_sentence(struct cli *cli, struct text id);
/* "a/b" below `body`, made on the way. */
void cli_put(struct cli *cli, struct json *body, const char *member, struct json value);
/* key=value,… to an object; false (and said) when a "=" is missing. */
bool cli_pairs(struct cli *cli, const struct args_value *values, struct json *out);
/* The body of a GET-less call: method, path literal, body. */
bool cli_send(struct cli *cli, const char *method, struct text path, const struct json *body_opt,
              struct json *out, int *exit_out);
/* Columns of strings from an array of objects. */
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
cli_command cli_audit_export, cli_audit_check; /* of cli_audit */
cli_command cli_case, cli_watch, cli_frequency, cli_catalogue, cli_subject, cli_national, cli_api;
cli_command cli_logout, cli_demo;

#endif
