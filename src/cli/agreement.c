/* comity agreement: written, checked, signed, exchanged as files, and asked what it would do. */
#include <stdio.h>
#include <string.h>

#include "cli/agreement.h"
#include "core/encode.h"
#include "shell/clock.h"

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
static const struct cli_action explain = {
    .command = "comity agreement explain", .usage = "cli.explain-usage",
    .help = "cli.record-explain-help", .method = "GET", .before = "/v1/records/",
    .after = "/explain",
    .fields = { { .form = CLI_QUERY, .option = "to", .value = "MEMBER", .help = "cli.to",
                  .needed = true },
                { .form = CLI_QUERY, .option = "purpose", .value = "PURPOSE",
                  .help = "cli.explain-purpose" } },
    .show = cli_show_explanation,
};

void agreement_say_errors(struct cli *cli, struct text path, struct text text,
                          const struct treaty_errors *errors)
{
    struct text name = term_clean(cli->arena, path);
    for (uint32_t i = 0; i < errors->count; i++) {
        struct text_place place = treaty_place(text, errors->items[i].at);
        struct text sentence = cli_sentence(cli, text_literal(errors->items[i].rule));
        (void)fprintf(stderr, "%.*s:%u:%u: %.*s [%s]\n", (int)name.len, name.data, place.line,
                      place.column, (int)sentence.len, sentence.data, errors->items[i].rule);
    }
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

static bool is_hash(struct text word)
{
    struct hash hash;
    return !failed(hex_parse(word, hash.bytes, HASH_LEN));
}

bool agreement_take(struct cli *cli, struct text word, struct treaty *out, int *exit_out)
{
    struct treaty_errors errors = { .count = 0 };
    struct text text;
    struct json answer;
    if (!is_hash(word)) {
        if (!agreement_text(cli, word, &text, exit_out))
            return false;
        struct err e = treaty_parse(text, LANGUAGE_ANY, cli->arena, &errors, out);
        agreement_say_errors(cli, word, text, &errors);
        if (failed(e))
            *exit_out = errors.count > 0 ? CLI_FINDINGS : cli_fail(cli, e, word);
        return !failed(e);
    }
    if (!cli_send(cli, "GET", cli_path(cli, "/v1/agreements/", word, ""), NULL, &answer, exit_out))
        return false;
    struct err e = treaty_from_json(json_get(&answer, "tree"), cli->arena, out);
    if (failed(e))
        *exit_out = cli_fail(cli, e, word);
    return !failed(e);
}

void agreement_put_text(struct cli *cli, struct text text)
{
    struct text clean = term_clean(cli->arena, text);
    (void)fwrite(clean.data, 1, clean.len, stdout);
}

bool agreement_day(struct cli *cli, const struct args_value *on, struct instant *out,
                   int *exit_out)
{
    struct date date;
    struct err e = on->set ? date_parse(on->text, &date) : err_none();
    if (failed(e)) {
        *exit_out = cli_fail(cli, e, on->text);
        return false;
    }
    *out = on->set ? date_begin(date) : clock_now();
    return true;
}

struct err agreement_assume(struct cli *cli, const struct args_value *on,
                            const struct treaty *treaties, size_t count, struct instant *as_of,
                            struct survey_law *out)
{
    struct instant in_force = *as_of;
    struct err e = survey_assume(treaties, count, cli->arena, &in_force, out);
    if (!failed(e) && !on->set)
        *as_of = in_force;
    return e;
}

bool agreement_language(struct cli *cli, const struct args_value *given, enum language *out,
                        int *exit_out)
{
    *out = cli->lang == TEXT_FR ? LANGUAGE_FR : LANGUAGE_EN;
    if (!given->set || treaty_language_parse(given->text, out))
        return true;
    cli_say(cli, "clerk.unknown-language", given->text);
    *exit_out = CLI_USAGE;
    return false;
}

/* Checked here first, so that every error is shown with its place, not only the first. */
static int run_put(struct cli *cli, int argc, char **argv)
{
    struct treaty_errors errors = { .count = 0 };
    struct treaty treaty;
    struct text path;
    struct text text;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!one_file(cli, &put, argc, argv, &path, &code) ||
        !agreement_text(cli, path, &text, &code))
        return code;
    struct err e = treaty_parse(text, LANGUAGE_ANY, cli->arena, &errors, &treaty);
    agreement_say_errors(cli, path, text, &errors);
    if (failed(e))
        return errors.count > 0 ? CLI_FINDINGS : cli_fail(cli, e, path);
    json_set_text(cli->arena, &body, "text", text);
    if (!cli_send(cli, "POST", TEXT("/v1/agreements"), &body, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_line(cli, json_get_text(&answer, "hash"));
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
        { "new", agreement_new, "cli.agreement-new-help", NULL },
        { "check", agreement_check, "cli.agreement-check-help", NULL },
        { "print", agreement_print, "cli.agreement-print-help", NULL },
        { "diff", agreement_diff, "cli.agreement-diff-help", NULL },
        { "compare", agreement_compare, "cli.agreement-compare-help", NULL },
        { "analyse", agreement_analyse, "cli.agreement-analyse-help", NULL },
        { "table", agreement_table, "cli.agreement-table-help", NULL },
        { "simulate", agreement_simulate, "cli.agreement-simulate-help", NULL },
        { "preview", agreement_preview, "cli.agreement-preview-help", NULL },
        { "put", run_put, "cli.agreement-put-help", NULL },
        { "list", NULL, "cli.agreement-list-help", &list },
        { "show", NULL, "cli.agreement-show-help", &show },
        { "status", agreement_status, "cli.agreement-status-help", NULL },
        { "sign", agreement_sign, "cli.agreement-sign-help", NULL },
        { "ratify", agreement_ratify, "cli.agreement-ratify-help", NULL },
        { "accede", agreement_accede, "cli.agreement-accede-help", NULL },
        { "reserve", agreement_reserve, "cli.agreement-reserve-help", NULL },
        { "object", agreement_object, "cli.agreement-object-help", NULL },
        { "declare", agreement_declare, "cli.agreement-declare-help", NULL },
        { "dispute", agreement_dispute, "cli.agreement-dispute-help", NULL },
        { "settle", agreement_settle, "cli.agreement-settle-help", NULL },
        { "suspend", agreement_suspend, "cli.agreement-suspend-help", NULL },
        { "resume", agreement_resume, "cli.agreement-resume-help", NULL },
        { "amend", agreement_amend, "cli.agreement-amend-help", NULL },
        { "withdraw", agreement_withdraw, "cli.agreement-withdraw-help", NULL },
        { "export", run_export, "cli.agreement-export-help", NULL },
        { "receive", run_receive, "cli.agreement-receive-help", NULL },
        { "explain", NULL, "cli.record-explain-help", &explain },
    };
    return cli_dispatch(cli, "agreement", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
