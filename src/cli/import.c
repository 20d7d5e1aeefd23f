/* comity import: lists and tables, one entry at a time, with an exact account. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import.h"
#include "core/encode.h"
#include "shell/clock.h"
#include "shell/random.h"

enum { OPT_SOURCE, OPT_UNIT, OPT_MOST, OPTS_LIST,
       OPT_MAPPING = OPTS_LIST, OPT_PREVIEW, OPTS_RUN };
enum { OPT_REF = 2, OPT_PUT };
enum { FILE_MAX = 96 << 20, MAPPING_MAX = 1 << 20, MRZ_MAX = 4096, FILES_MAX = 4 };

static const struct args_option run_options[] = {
    [OPT_SOURCE] = { ARGS_TEXT, "source", 's', "CODE", "cli.import-source", 0, 0 },
    [OPT_UNIT] = { ARGS_TEXT, "unit", 'u', "UNIT", "cli.import-unit", 0, 0 },
    [OPT_MOST] = { ARGS_FLAG, "withdraw-most", 0, NULL, "cli.import-most", 0, 0 },
    [OPT_MAPPING] = { ARGS_TEXT, "mapping", 'm', "FILE", "cli.import-mapping", 0, 0 },
    [OPT_PREVIEW] = { ARGS_NUMBER, "preview", 'n', "ROWS", "cli.import-preview", 1, PREVIEW_MAX },
};

/* What a run needs: the files, whose it is, and the mapping of a table. */
struct job {
    struct cli *cli;
    struct args args;
    struct bytes files[FILES_MAX];
    size_t wrong; /* the file that an error is about */
    struct json mapping_json;
    struct csv_mapping mapping;
    struct member_code owner;
    struct text unit;
    struct import_sink sink;
    struct import_account account;
    struct arena arena; /* the importer's */
};

typedef struct err importer(struct job *job, const struct import_host *host);

static struct err run_un(struct job *job, const struct import_host *host)
{
    return import_un(job->files[0], host, &job->arena, &job->account);
}

static struct err run_eu(struct job *job, const struct import_host *host)
{
    return import_eu(job->files[0], host, &job->arena, &job->account);
}

static struct err run_ofac(struct job *job, const struct import_host *host)
{
    return import_ofac(job->files, job->args.word_count, host, &job->arena, &job->account,
                       &job->wrong);
}

static struct err run_ndjson(struct job *job, const struct import_host *host)
{
    return import_ndjson(job->files[0], host, &job->arena, &job->account);
}

static struct err run_csv(struct job *job, const struct import_host *host)
{
    return import_csv(job->files[0], &job->mapping, host, &job->arena, &job->account);
}

/* Unit of the caller, member of the node: what is not said comes from the session. */
static bool take_owner(struct job *job, const char *source, int *exit_out)
{
    struct cli *cli = job->cli;
    struct json status;
    const struct args_value *given = job->args.values;
    if (!cli_send(cli, "GET", TEXT("/v1/status"), NULL, &status, exit_out))
        return false;
    job->unit = given[OPT_UNIT].set ? given[OPT_UNIT].text : json_get_text(&status, "unit");
    job->sink.source = given[OPT_SOURCE].set ? given[OPT_SOURCE].text
                       : source != NULL      ? text_literal(source)
                                             : TEXT("");
    struct text owner = job->sink.source.len > 0 ? job->sink.source
                                                 : json_get_text(&status, "member");
    struct err e = member_code_parse(owner, &job->owner);
    if (!failed(e) && job->sink.source.len > 0 && !member_code_is_private(&job->owner))
        e = err_make(ERR_INVALID, "clerk.bad-source");
    if (failed(e))
        *exit_out = cli_fail(cli, e, owner);
    return !failed(e);
}

static bool take_mapping(struct job *job, int *exit_out)
{
    struct cli *cli = job->cli;
    struct bytes bytes;
    if (!job->args.values[OPT_MAPPING].set) {
        cli_say(cli, "cli.option-missing", TEXT("--mapping"));
        *exit_out = CLI_USAGE;
        return false;
    }
    struct text path = job->args.values[OPT_MAPPING].text;
    struct err e = cli_read(cli, path, MAPPING_MAX, &bytes);
    if (!failed(e))
        e = json_parse(bytes, cli->arena, &job->mapping_json);
    if (!failed(e))
        e = csv_mapping_parse(&job->mapping_json, &job->mapping);
    if (failed(e))
        *exit_out = cli_fail(cli, e, path);
    return !failed(e);
}

/* What the node refused after the importer had counted it. */
static void settle(struct job *job)
{
    struct import_account *a = &job->account;
    a->accepted -= job->sink.refused_new;
    a->changed -= job->sink.refused_changed;
    a->refused += job->sink.refused_new + job->sink.refused_changed;
    a->withdrawn -= job->sink.refused_withdrawn;
}

static int finish(struct job *job, struct err e)
{
    struct cli *cli = job->cli;
    struct json ignored;
    int code = CLI_OK;
    bool sent = job->sink.source.len == 0 || import_flush(&job->sink);
    term_progress_end(&cli->err);
    settle(job);
    struct json account = import_account_format(&job->account, cli->arena);
    if (!cli_print_json(cli, &account))
        cli_show(cli, &account);
    if (failed(e) && e.at > 0) {
        char line[16];
        (void)snprintf(line, sizeof(line), "@%u", e.at);
        return cli_fail(cli, e, arena_join(cli->arena, job->args.words[job->wrong],
                                           text_literal(line)));
    }
    if (failed(e))
        return cli_fail(cli, e, job->args.words[job->wrong]);
    if (!sent)
        return job->sink.code;
    struct text path = cli_path(cli, "/v1/sources/", job->sink.source, "/runs");
    if (job->sink.source.len > 0 &&
        !cli_send(cli, "POST", path, &account, &ignored, &code))
        return code;
    bool clean = job->account.refused + job->sink.refused_withdrawn == 0;
    return clean ? CLI_OK : CLI_FINDINGS;
}

static int preview(struct job *job, const struct import_host *host)
{
    struct cli *cli = job->cli;
    struct json shown;
    size_t rows = (size_t)job->args.values[OPT_PREVIEW].number;
    struct err e =
        import_csv_preview(job->files[0], &job->mapping, host, rows, &job->arena, &shown);
    if (failed(e))
        return cli_fail(cli, e, job->args.words[0]);
    if (!cli_print_json(cli, &shown))
        cli_show(cli, &shown);
    return CLI_OK;
}

static int work(struct job *job, importer *run, const char *source)
{
    struct cli *cli = job->cli;
    int code = CLI_OK;
    for (size_t i = 0; i < job->args.word_count && i < FILES_MAX; i++) {
        struct err e = cli_read(cli, job->args.words[i], FILE_MAX, &job->files[i]);
        if (failed(e))
            return cli_fail(cli, e, job->args.words[i]);
    }
    if ((run == run_csv && !take_mapping(job, &code)) || !take_owner(job, source, &code))
        return code;
    job->sink.cli = cli;
    job->sink.label = job->args.words[0];
    struct import_host host = import_host_of(&job->sink, &job->owner, job->unit);
    host.withdraw_most = job->args.values[OPT_MOST].set;
    if (job->args.values[OPT_PREVIEW].set && run == run_csv)
        return preview(job, &host);
    if (!import_open(&job->sink))
        return job->sink.code;
    return finish(job, run(job, &host));
}

/* `source_opt`: the list's own code, unless --source says another. */
static int import_with(struct cli *cli, const struct args_table *table, importer *run,
                       const char *source_opt, int argc, char **argv)
{
    struct job *job = calloc(1, sizeof(*job));
    void *memory = malloc(IMPORT_ARENA_SIZE);
    int code = CLI_UNAVAILABLE;
    if (job != NULL && memory != NULL) {
        job->cli = cli;
        job->arena = arena_over(memory, IMPORT_ARENA_SIZE);
        if (cli_args(cli, table, argc, argv, &job->args, &code))
            code = work(job, run, source_opt);
        import_close(&job->sink);
    }
    free(memory);
    free(job);
    return code;
}

static int import_of_un(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import un", .usage = "cli.import-list-usage",
        .help = "cli.import-un-help", .options = run_options, .count = OPTS_LIST,
        .words_min = 1, .words_max = 1,
    };
    return import_with(cli, &table, run_un, "x-un", argc, argv);
}

static int import_of_eu(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import eu", .usage = "cli.import-list-usage",
        .help = "cli.import-eu-help", .options = run_options, .count = OPTS_LIST,
        .words_min = 1, .words_max = 1,
    };
    return import_with(cli, &table, run_eu, "x-eu", argc, argv);
}

static int import_of_ofac(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import ofac", .usage = "cli.import-ofac-usage",
        .help = "cli.import-ofac-help", .options = run_options, .count = OPTS_LIST,
        .words_min = 1, .words_max = FILES_MAX,
    };
    return import_with(cli, &table, run_ofac, "x-ofac", argc, argv);
}

static int import_of_ofac_ns(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import ofac-ns", .usage = "cli.import-ofac-usage",
        .help = "cli.import-ofac-ns-help", .options = run_options, .count = OPTS_LIST,
        .words_min = 1, .words_max = FILES_MAX,
    };
    return import_with(cli, &table, run_ofac, "x-ofac-ns", argc, argv);
}

static int import_of_csv(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import csv", .usage = "cli.import-usage",
        .help = "cli.import-csv-help", .options = run_options, .count = OPTS_RUN,
        .words_min = 1, .words_max = 1,
    };
    return import_with(cli, &table, run_csv, NULL, argc, argv);
}

static int import_of_ndjson(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import ndjson", .usage = "cli.import-list-usage",
        .help = "cli.import-ndjson-help", .options = run_options, .count = OPTS_LIST,
        .words_min = 1, .words_max = 1,
    };
    return import_with(cli, &table, run_ndjson, NULL, argc, argv);
}

/* -- one travel document ------------------------------------------------------------------ */

static const struct args_option mrz_options[] = {
    [OPT_UNIT] = { ARGS_TEXT, "unit", 'u', "UNIT", "cli.import-unit", 0, 0 },
    [OPT_SOURCE] = { ARGS_FLAG, "put", 0, NULL, "cli.import-put", 0, 0 },
    [OPT_REF] = { ARGS_TEXT, "reference", 'r', "TEXT", "cli.import-reference", 0, 0 },
};

static int show_draft(struct cli *cli, const struct json *draft, const struct findings *findings)
{
    bool json = cli->json;
    cli->json = true;
    (void)cli_print_json(cli, draft);
    cli->json = json;
    for (size_t i = 0; i < findings->count; i++) {
        struct text sentence = cli_sentence(cli, text_literal(findings->list[i].rule));
        struct text pointer = term_clean(cli->arena, findings->list[i].pointer);
        (void)fprintf(stderr, "%.*s: %.*s\n", (int)pointer.len, pointer.data,
                      (int)sentence.len, sentence.data);
    }
    return findings->count > 0 ? CLI_FINDINGS : CLI_OK;
}

static int import_of_mrz(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity import mrz", .usage = "cli.import-mrz-usage",
        .help = "cli.import-mrz-help", .options = mrz_options,
        .count = sizeof(mrz_options) / sizeof(mrz_options[0]), .words_min = 1, .words_max = 1,
    };
    struct job *job = ARENA_NEW(cli->arena, struct job);
    struct findings *findings = ARENA_NEW(cli->arena, struct findings);
    struct mrz_origin origin = { .today = date_of_instant(clock_now()) };
    struct json draft;
    struct json answer;
    struct text text;
    int code = CLI_OK;
    if (job == NULL || findings == NULL)
        return CLI_UNAVAILABLE;
    job->cli = cli;
    if (!cli_args(cli, &table, argc, argv, &job->args, &code))
        return code;
    bool put = job->args.values[OPT_SOURCE].set;
    job->args.values[OPT_SOURCE].set = false;
    if (!take_owner(job, NULL, &code))
        return code;
    origin.unit = job->unit;
    origin.reference = job->args.values[OPT_REF].text;
    origin.id.owner = job->owner;
    random_bytes(origin.id.bits, sizeof(origin.id.bits));
    findings_init(findings, cli->arena);
    struct err e = cli_read(cli, job->args.words[0], MRZ_MAX, &job->files[0]);
    if (!failed(e))
        e = text_parse(job->files[0], &text);
    if (!failed(e))
        e = import_mrz(text, &origin, cli->arena, findings, &draft);
    if (failed(e))
        return cli_fail(cli, e, job->args.words[0]);
    struct json body = json_object();
    json_set(cli->arena, &body, "record", draft);
    if (put && !cli_send(cli, "POST", TEXT("/v1/records"), &body, &answer, &code))
        return code;
    return show_draft(cli, &draft, findings);
}

int cli_import(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "un", import_of_un, "cli.import-un-help", NULL },
        { "eu", import_of_eu, "cli.import-eu-help", NULL },
        { "ofac", import_of_ofac, "cli.import-ofac-help", NULL },
        { "ofac-ns", import_of_ofac_ns, "cli.import-ofac-ns-help", NULL },
        { "csv", import_of_csv, "cli.import-csv-help", NULL },
        { "ndjson", import_of_ndjson, "cli.import-ndjson-help", NULL },
        { "mrz", import_of_mrz, "cli.import-mrz-help", NULL },
    };
    return cli_dispatch(cli, "import", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
