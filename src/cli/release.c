/* comity release: records that wait for persons before they may go to a partner, and what a partner
 * has assured for them. */
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

static const struct cli_action assurances = {
    .command = "comity release assurances", .usage = "cli.no-usage",
    .help = "cli.release-assurances-help", .method = "GET", .before = "/v1/assurances",
    .columns = { { "record", "cli.column-record", 30 }, { "partner", "cli.column-partner", 8 },
                 { "assurances", "cli.column-assurances", 60 } },
};
static const struct cli_action assure = {
    .command = "comity release assure", .usage = "cli.release-usage",
    .help = "cli.release-assure-help", .method = "POST", .before = "/v1/assurances",
    .words = { "record", "partner" },
    .fields = {
        { .form = CLI_TEXT, .option = "code", .letter = 'c', .value = "CODE",
          .help = "cli.release-code", .needed = true },
        { .form = CLI_TEXT, .option = "reference", .letter = 'r', .value = "TEXT",
          .help = "cli.release-reference", .needed = true },
        { .form = CLI_TEXT, .option = "until", .letter = 'u', .value = "DATE",
          .help = "cli.release-until" },
    },
};
static const struct cli_action revoke = {
    .command = "comity release revoke", .usage = "cli.release-usage",
    .help = "cli.release-revoke-help", .method = "POST", .before = "/v1/assurances/revoke",
    .words = { "record", "partner" },
    .fields = { { .form = CLI_TEXT, .option = "code", .letter = 'c', .value = "CODE",
                  .help = "cli.release-code", .needed = true } },
};

int cli_release(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "list", NULL, "cli.release-list-help", &list },
        { "give", NULL, "cli.release-give-help", &give },
        { "assurances", NULL, "cli.release-assurances-help", &assurances },
        { "assure", NULL, "cli.release-assure-help", &assure },
        { "revoke", NULL, "cli.release-revoke-help", &revoke },
    };
    return cli_dispatch(cli, "release", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
