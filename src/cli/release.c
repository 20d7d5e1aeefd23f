/* comity release: records that wait for persons before they may go to a partner. */
#include "cli/cli.h"

static const struct cli_action list = {
    .command = "comity release list", .usage = "cli.no-usage", .help = "cli.release-list-help",
    .method = "GET", .before = "/v1/releases",
    .columns = { { "record", "cli.column-record", 30 }, { "partner", "cli.column-partner", 8 },
                 { "persons", "cli.column-needed", 8 }, { "offices", "cli.column-offices", 20 },
                 { "author", "cli.column-author", 16 } },
};
static const struct cli_action give = {
    .command = "comity release give", .usage = "cli.release-usage",
    .help = "cli.release-give-help", .method = "POST", .before = "/v1/releases",
    .words = { "record", "partner" },
};

int cli_release(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "list", NULL, "cli.release-list-help", &list },
        { "give", NULL, "cli.release-give-help", &give },
    };
    return cli_dispatch(cli, "release", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
