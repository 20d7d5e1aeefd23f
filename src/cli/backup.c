/* comity backup, restore. The running node makes backups; a restore opens the files itself. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "node/restore.h"

enum { OPT_ERASURES, OPT_SECRET, OPT_NONE };

/* The node's idea of "here" is not ours: the path it gets is absolute. */
static struct text absolute(struct cli *cli, struct text path)
{
    char here[PATH_MAX];
    if (text_starts(path, TEXT("/")) || getcwd(here, sizeof(here)) == NULL)
        return path;
    struct text dir = arena_copy_text(cli->arena, text_literal(here));
    return arena_join(cli->arena, arena_join(cli->arena, dir, TEXT("/")), path);
}

int cli_backup(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_FLAG, "erasures", 0, NULL, "cli.backup-erasures", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity backup", .usage = "cli.backup-usage", .help = "cli.backup-help",
        .options = options, .count = 1, .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    json_set_text(cli->arena, &body, "path", absolute(cli, args.words[0]));
    json_set(cli->arena, &body, "erasures", json_bool(args.values[OPT_ERASURES].set));
    if (!cli_send(cli, "POST", TEXT("/v1/backup"), &body, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_show(cli, &answer);
    return CLI_OK;
}

static const char *c_string(struct cli *cli, struct text text)
{
    struct text with_nul = arena_join(cli->arena, text, (struct text){ "", 1 });
    return with_nul.data != NULL ? with_nul.data : "";
}

int cli_restore(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        [OPT_ERASURES] = { ARGS_TEXT, "erasures", 'e', "LIST", "cli.restore-erasures", 0, 0 },
        [OPT_SECRET] = { ARGS_TEXT, "secret", 's', "FILE", "cli.secret", 0, 0 },
        [OPT_NONE] = { ARGS_FLAG, "no-erasures", 0, NULL, "cli.restore-none", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity restore", .usage = "cli.restore-usage", .help = "cli.restore-help",
        .options = options, .count = sizeof(options) / sizeof(options[0]),
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct json answer;
    struct node_restore what = { .dir = cli->dir };
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (args.values[OPT_ERASURES].set == args.values[OPT_NONE].set) {
        cli_say(cli, "cli.restore-which", TEXT("")); /* I6: never by forgetting */
        return CLI_USAGE;
    }
    what.backup = c_string(cli, args.words[0]);
    if (args.values[OPT_ERASURES].set)
        what.erasures = c_string(cli, args.values[OPT_ERASURES].text);
    struct text file = args.values[OPT_SECRET].set ? args.values[OPT_SECRET].text : TEXT("");
    struct err e = cli_secret(cli, file, &what.passphrase);
    if (!failed(e))
        e = node_restore(&what, cli->arena, &answer);
    if (failed(e))
        return cli_fail(cli, e, args.words[0]);
    if (!cli_print_json(cli, &answer))
        cli_show(cli, &answer);
    return CLI_OK;
}
