/* comity status, login, logout. */
#include <stdio.h>

#include "cli/cli.h"

int cli_status(struct cli *cli, int argc, char **argv)
{
    static const struct cli_action status = {
        .command = "comity status", .usage = "cli.no-usage", .help = "cli.status-help",
        .method = "GET", .before = "/v1/status",
    };
    return cli_act(cli, &status, argc, argv);
}

/* Prints the token alone: export COMITY_TOKEN=$(comity login USER). */
int cli_login(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_TEXT, "password", 'p', "FILE", "cli.login-password", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity login", .usage = "cli.login-usage", .help = "cli.login-help",
        .options = options, .count = 1, .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct text password;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    struct text file = args.values[0].set ? args.values[0].text : TEXT("-");
    struct err e = cli_secret(cli, file, &password);
    if (failed(e))
        return cli_fail(cli, e, TEXT(""));
    json_set_text(cli->arena, &body, "user", args.words[0]);
    json_set_text(cli->arena, &body, "password", password);
    if (!cli_send(cli, "POST", TEXT("/v1/session"), &body, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_line(cli, json_get_text(&answer, "token"));
    return CLI_OK;
}

int cli_logout(struct cli *cli, int argc, char **argv)
{
    static const struct cli_action logout = {
        .command = "comity logout", .usage = "cli.no-usage", .help = "cli.logout-help",
        .method = "DELETE", .before = "/v1/session",
    };
    return cli_act(cli, &logout, argc, argv);
}
