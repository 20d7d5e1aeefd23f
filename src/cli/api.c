/* comity api METHOD PATH [FILE]: any route, for scripts and for what has no command of its own. */
#include "cli/cli.h"

enum { BODY_MAX = 8 << 20 };

static const struct args_table table = {
    .command = "comity api", .usage = "cli.api-usage", .help = "cli.api-help",
    .words_min = 2, .words_max = 3,
};

int cli_api(struct cli *cli, int argc, char **argv)
{
    struct args args;
    struct json body = json_null();
    struct json answer;
    struct bytes file;
    char method[16] = { 0 };
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    for (size_t i = 0; i < args.words[0].len && i + 1 < sizeof(method); i++)
        method[i] = args.words[0].data[i];
    struct cli_call call = { .method = method, .path = args.words[1] };
    if (args.word_count == 3) {
        struct err e = cli_read(cli, args.words[2], BODY_MAX, &file);
        if (!failed(e))
            e = json_parse(file, cli->arena, &body);
        if (failed(e))
            return cli_fail(cli, e, args.words[2]);
        call.body_opt = &body;
    }
    if (!cli_request(cli, &call, &answer, &code))
        return code;
    cli->json = true;
    (void)cli_print_json(cli, &answer);
    return CLI_OK;
}
