/* comity init: a node in a directory. */
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/encode.h"
#include "node/node.h"

enum { OPT_MEMBER, OPT_REALM, OPT_SECRET, OPT_UNIT, OPT_USER, OPT_NAME, OPT_ALONE };

static const struct args_option options[] = {
    [OPT_MEMBER] = { ARGS_TEXT, "member", 'm', "CODE", "cli.init-member", 0, 0 },
    [OPT_REALM] = { ARGS_TEXT, "realm", 'r', "REALM", "cli.init-realm", 0, 0 },
    [OPT_SECRET] = { ARGS_TEXT, "secret", 's', "FILE", "cli.secret", 0, 0 },
    [OPT_UNIT] = { ARGS_TEXT, "unit", 0, "UNIT", "cli.init-unit", 0, 0 },
    [OPT_USER] = { ARGS_TEXT, "user", 'u', "USER", "cli.init-user", 0, 0 },
    [OPT_NAME] = { ARGS_TEXT, "name", 0, "NAME", "cli.init-name", 0, 0 },
    [OPT_ALONE] = { ARGS_FLAG, "alone", 0, NULL, "cli.init-alone", 0, 0 },
};
static const struct args_table table = {
    .command = "comity init", .usage = "cli.init-usage", .help = "cli.init-help",
    .options = options, .count = sizeof(options) / sizeof(options[0]),
};

static struct text given(const struct args *args, int option, struct text fallback)
{
    return args->values[option].set ? args->values[option].text : fallback;
}

int cli_init(struct cli *cli, int argc, char **argv)
{
    struct args args;
    int code = CLI_OK;
    struct home home;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (!args.values[OPT_MEMBER].set) {
        cli_say(cli, "cli.init-needs-member", TEXT(""));
        return CLI_USAGE;
    }
    const struct passwd *account = getpwuid(getuid());
    struct text me = account == NULL ? TEXT("admin") : text_literal(account->pw_name);
    struct node_birth birth = { .dir = cli->dir,
                                .realm = given(&args, OPT_REALM, TEXT("production")),
                                .member = args.values[OPT_MEMBER].text,
                                .unit = given(&args, OPT_UNIT, TEXT("headquarters")),
                                .user = given(&args, OPT_USER, me),
                                .name = given(&args, OPT_NAME, me),
                                .all_roles = args.values[OPT_ALONE].set };
    struct err e = cli_secret(cli, given(&args, OPT_SECRET, TEXT("")), &birth.passphrase);
    if (!failed(e))
        e = node_init(&birth, &home);
    if (failed(e))
        return cli_fail(cli, e, text_literal(cli->dir));
    struct json answer = json_object();
    json_set_text(cli->arena, &answer, "root", hex_format(cli->arena, BYTES_OF(home.root)));
    json_set_text(cli->arena, &answer, "member", birth.member);
    json_set_text(cli->arena, &answer, "realm", birth.realm);
    if (!cli_print_json(cli, &answer))
        cli_line(cli, json_get_text(&answer, "root")); /* what an annex pins */
    return CLI_OK;
}
