/* comity config: what the node would run with, and where each value stands. */
#include <stdio.h>

#include "cli/cli.h"
#include "shell/config.h"

/* NULL: the options' help or the error was shown, and *exit_out is the exit code. */
static struct config *load(struct cli *cli, const struct args_table *table, int argc, char **argv,
                           int *exit_out)
{
    struct args args;
    struct config_place place;
    struct config *config = ARENA_NEW(cli->arena, struct config);
    *exit_out = CLI_FAILED;
    if (config == NULL || !cli_args(cli, table, argc, argv, &args, exit_out))
        return NULL;
    struct err e = config_load(cli->dir, cli->arena, config, &place);
    if (!failed(e))
        return config;
    struct text why = config_explain(e, &place, cli->arena, cli->lang);
    (void)fprintf(stderr, "comity: %.*s\n", (int)why.len, why.data);
    *exit_out = CLI_FAILED;
    return NULL;
}

static int run_print(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = { .command = "comity config print",
                                             .usage = "cli.no-usage",
                                             .help = "cli.config-print-help" };
    int code = CLI_OK;
    const struct config *config = load(cli, &table, argc, argv, &code);
    if (config == NULL)
        return code;
    struct text text = config_print(config, cli->arena, cli->lang);
    (void)fwrite(text.data, 1, text.len, stdout);
    return CLI_OK;
}

static int run_check(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = { .command = "comity config check",
                                             .usage = "cli.no-usage",
                                             .help = "cli.config-check-help" };
    int code = CLI_OK;
    const struct config *config = load(cli, &table, argc, argv, &code);
    if (config == NULL)
        return code;
    cli_line(cli, text_literal(text_say(cli->lang, "cli.config-good")));
    return CLI_OK;
}

int cli_config(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "print", run_print, "cli.config-print-help", NULL },
        { "check", run_check, "cli.config-check-help", NULL },
    };
    return cli_dispatch(cli, "config", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
