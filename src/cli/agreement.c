/* comity agreement: written, checked, signed, exchanged as files, and asked what it would do. */
#include <stdio.h>
#include <string.h>

#include "cli/agreement.h"

enum { TEXT_MAX = 1 << 20, SET_MAX = 8 << 20 };

static const struct cli_action put = {
    .command = "comity agreement put", .usage = "cli.agreement-put-usage",
    .help = "cli.agreement-put-help", .method = "POST", .before = "/v1/agreements",
};
static const struct cli_action list = {
    .command = "comity agreement list", .usage = "cli.no-usage",
    .help = "cli.agreement-list-help", .method = "GET", .before = "/v1/agreements",
    .columns = { { "hash", "cli.column-hash", 64 }, { "name", "cli.column-name", 20 },
                 { "version", "cli.column-version", 7 }, { "state", "cli.column-state", 14 },
                 { "parties", "cli.column-parties", 30 } },
};
static const struct cli_action show = {
    .command = "comity agreement show", .usage = "cli.hash-usage",
    .help = "cli.agreement-show-help", .method = "GET", .before = "/v1/agreements/",
    .after = "",
};
static const struct cli_action sign = {
    .command = "comity agreement sign", .usage = "cli.hash-usage",
    .help = "cli.agreement-sign-help", .method = "POST", .before = "/v1/agreements/",
    .after = "/sign",
    .fields = { { .form = CLI_SECRET, .option = "signature", .value = "FILE",
                  .help = "cli.agreement-signature" } },
};
static const struct cli_action withdraw = {
    .command = "comity agreement withdraw", .usage = "cli.hash-usage",
    .help = "cli.agreement-withdraw-help", .method = "POST", .before = "/v1/agreements/",
    .after = "/withdraw",
    .fields = { { .form = CLI_SECRET, .option = "signature", .value = "FILE",
                  .help = "cli.agreement-signature" } },
};
static const struct cli_action explain = {
    .command = "comity agreement explain", .usage = "cli.explain-usage",
    .help = "cli.record-explain-help", .method = "GET", .before = "/v1/records/",
    .after = "/explain",
    .fields = { { .form = CLI_QUERY, .option = "to", .value = "MEMBER", .help = "cli.to",
                  .needed = true } },
    .show = cli_show_explanation,
};

/* file:line:column: sentence [rule], one an error. Nothing to say: the text is in order. */
static int show_errors(struct cli *cli, struct text file, const struct json *found)
{
    const struct json *errors = json_get(found, "errors");
    struct text name = term_clean(cli->arena, file);
    for (size_t i = 0; i < json_count(errors); i++) {
        const struct json *one = json_item(errors, i);
        struct text rule = json_get_text(one, "rule");
        struct text sentence = cli_sentence(cli, rule);
        int64_t line = 0;
        int64_t column = 0;
        (void)json_get_integer(one, "line", &line);
        (void)json_get_integer(one, "column", &column);
        (void)fprintf(stderr, "%.*s:%lld:%lld: %.*s [%.*s]\n", (int)name.len, name.data,
                      (long long)line, (long long)column, (int)sentence.len, sentence.data,
                      (int)rule.len, rule.data);
    }
    return json_get_bool(found, "ok") ? CLI_OK : CLI_FINDINGS;
}

bool agreement_text(struct cli *cli, struct text path, struct text *out, int *exit_out)
{
    struct bytes bytes;
    struct err e = cli_read(cli, path, TEXT_MAX, &bytes);
    if (!failed(e))
        e = text_parse(bytes, out);
    if (failed(e))
        *exit_out = cli_fail(cli, e, path);
    return !failed(e);
}

static bool one_file(struct cli *cli, const struct cli_action *of, int argc, char **argv,
                     struct text *path_out, int *exit_out)
{
    struct args args;
    struct args_table table = { .command = of->command, .usage = of->usage, .help = of->help,
                                .words_min = 1, .words_max = 1 };
    if (!cli_args(cli, &table, argc, argv, &args, exit_out))
        return false;
    *path_out = args.words[0];
    return true;
}

/* The node's check of a text: true when the answer came. */
static bool check_text(struct cli *cli, struct text text, struct json *found, int *exit_out)
{
    struct json body = json_object();
    json_set_text(cli->arena, &body, "text", text);
    return cli_send(cli, "POST", TEXT("/v1/agreements/check"), &body, found, exit_out);
}

static int run_check(struct cli *cli, int argc, char **argv)
{
    static const struct cli_action check = { .command = "comity agreement check",
                                             .usage = "cli.agreement-put-usage",
                                             .help = "cli.agreement-check-help" };
    struct text path;
    struct text text;
    struct json found;
    int code = CLI_OK;
    if (!one_file(cli, &check, argc, argv, &path, &code) ||
        !agreement_text(cli, path, &text, &code) || !check_text(cli, text, &found, &code))
        return code;
    if (!cli_print_json(cli, &found) && json_get_bool(&found, "ok"))
        cli_line(cli, json_get_text(&found, "hash"));
    return show_errors(cli, path, &found);
}

/* Checked first, so that every error is shown with its place, not only the first. */
static int run_put(struct cli *cli, int argc, char **argv)
{
    struct text path;
    struct text text;
    struct json found;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!one_file(cli, &put, argc, argv, &path, &code) ||
        !agreement_text(cli, path, &text, &code) || !check_text(cli, text, &found, &code))
        return code;
    code = show_errors(cli, path, &found);
    json_set_text(cli->arena, &body, "text", text);
    if (code != CLI_OK || !cli_send(cli, "POST", TEXT("/v1/agreements"), &body, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_line(cli, json_get_text(&answer, "hash"));
    return CLI_OK;
}

/* The canonical text, in the reader's language or --language. */
static int run_print(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_TEXT, "language", 'l', "en|fr", "cli.agreement-language", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity agreement print", .usage = "cli.hash-usage",
        .help = "cli.agreement-print-help", .options = options, .count = 1,
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    struct text language = cli->lang == TEXT_FR ? TEXT("fr") : TEXT("en");
    if (args.values[0].set)
        language = args.values[0].text;
    struct text query = cli_path(cli, "?language=", language, "");
    struct text path = cli_path(cli, "/v1/agreements/", args.words[0], "");
    path = arena_join(cli->arena, path, query);
    if (!cli_send(cli, "GET", path, NULL, &answer, &code))
        return code;
    if (cli_print_json(cli, &answer))
        return CLI_OK;
    struct text text = term_clean(cli->arena, json_get_text(&answer, "text"));
    (void)fwrite(text.data, 1, text.len, stdout);
    return CLI_OK;
}

/* Text and signatures as one file, to carry to another party. */
static int run_export(struct cli *cli, int argc, char **argv)
{
    static const struct cli_action export = { .command = "comity agreement export",
                                              .usage = "cli.hash-usage",
                                              .help = "cli.agreement-export-help" };
    struct text hash;
    struct json answer;
    int code = CLI_OK;
    if (!one_file(cli, &export, argc, argv, &hash, &code) ||
        !cli_send(cli, "GET", cli_path(cli, "/v1/agreements/", hash, "/set"), NULL, &answer,
                  &code))
        return code;
    cli->json = true; /* the file is JSON whoever reads it */
    (void)cli_print_json(cli, &answer);
    return CLI_OK;
}

static int run_receive(struct cli *cli, int argc, char **argv)
{
    static const struct cli_action receive = { .command = "comity agreement receive",
                                               .usage = "cli.agreement-put-usage",
                                               .help = "cli.agreement-receive-help" };
    struct text path;
    struct bytes file;
    struct json set;
    struct json answer;
    int code = CLI_OK;
    if (!one_file(cli, &receive, argc, argv, &path, &code))
        return code;
    struct err e = cli_read(cli, path, SET_MAX, &file);
    if (!failed(e))
        e = json_parse(file, cli->arena, &set);
    if (failed(e))
        return cli_fail(cli, e, path);
    if (!cli_send(cli, "POST", TEXT("/v1/agreements"), &set, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_line(cli, json_get_text(&answer, "hash"));
    return CLI_OK;
}

int cli_agreement(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "check", run_check, "cli.agreement-check-help", NULL },
        { "put", run_put, "cli.agreement-put-help", NULL },
        { "list", NULL, "cli.agreement-list-help", &list },
        { "show", NULL, "cli.agreement-show-help", &show },
        { "status", NULL, "cli.agreement-show-help", &show },
        { "analyse", agreement_analyse, "cli.agreement-analyse-help", NULL },
        { "table", agreement_table, "cli.agreement-table-help", NULL },
        { "compare", agreement_compare, "cli.agreement-compare-help", NULL },
        { "print", run_print, "cli.agreement-print-help", NULL },
        { "sign", NULL, "cli.agreement-sign-help", &sign },
        { "withdraw", NULL, "cli.agreement-withdraw-help", &withdraw },
        { "export", run_export, "cli.agreement-export-help", NULL },
        { "receive", run_receive, "cli.agreement-receive-help", NULL },
        { "explain", NULL, "cli.record-explain-help", &explain },
    };
    return cli_dispatch(cli, "agreement", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
