/* comity national: the member's own rules, which only narrow what agreements allow. */
#include <stdio.h>

#include "cli/agreement.h"

static int run_set(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity national set", .usage = "cli.agreement-put-usage",
        .help = "cli.national-set-help", .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct text text;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_text(cli, args.words[0], &text, &code))
        return code;
    json_set_text(cli->arena, &body, "text", text);
    struct cli_call call = { "PUT", TEXT("/v1/national"), &body, text };
    if (!cli_request(cli, &call, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_line(cli, text_literal(text_say(cli->lang, "cli.national-done")));
    return CLI_OK;
}

static int run_show(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = { .command = "comity national show",
                                             .usage = "cli.no-usage",
                                             .help = "cli.national-show-help" };
    struct args args;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !cli_send(cli, "GET", TEXT("/v1/national"), NULL, &answer, &code))
        return code;
    if (cli_print_json(cli, &answer))
        return CLI_OK;
    struct text text = term_clean(cli->arena, json_get_text(&answer, "text"));
    if (text.len == 0)
        cli_say(cli, "cli.national-none", TEXT(""));
    (void)fwrite(text.data, 1, text.len, stdout);
    return CLI_OK;
}

int cli_national(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "show", run_show, "cli.national-show-help", NULL },
        { "set", run_set, "cli.national-set-help", NULL },
    };
    return cli_dispatch(cli, "national", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
