/* comity partner: who is joined to us by an agreement, how far each has got, and the halt. */
#include "cli/cli.h"

static const struct cli_action list = {
    .command = "comity partner list", .usage = "cli.no-usage", .help = "cli.partner-list-help",
    .method = "GET", .before = "/v1/partners",
    .columns = { { "code", "cli.column-partner", 10 }, { "numbered", "cli.column-numbered", 9 },
                 { "acked", "cli.column-acked", 9 }, { "parked", "cli.column-parked", 7 },
                 { "refused", "cli.column-refused", 8 }, { "halted", "cli.column-halted", 8 },
                 { "address", "cli.column-address", 24 } },
};
static const struct cli_action show = {
    .command = "comity partner show", .usage = "cli.partner-usage",
    .help = "cli.partner-show-help", .method = "GET", .before = "/v1/partners/", .after = "",
};
static const struct cli_action halt = {
    .command = "comity partner halt", .usage = "cli.partner-usage",
    .help = "cli.partner-halt-help", .method = "POST", .before = "/v1/partners/",
    .after = "/halt",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason" } },
};
static const struct cli_action resume = {
    .command = "comity partner resume", .usage = "cli.partner-usage",
    .help = "cli.partner-resume-help", .method = "POST", .before = "/v1/partners/",
    .after = "/resume",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason" } },
};

int cli_partner(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "list", NULL, "cli.partner-list-help", &list },
        { "show", NULL, "cli.partner-show-help", &show },
        { "halt", NULL, "cli.partner-halt-help", &halt },
        { "resume", NULL, "cli.partner-resume-help", &resume },
    };
    return cli_dispatch(cli, "partner", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
