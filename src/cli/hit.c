/* comity hit: what became of a match: reported, answered by the owner, closed with an outcome. */
#include "cli/cli.h"

static const struct cli_action open_hit = {
    .command = "comity hit open", .usage = "cli.record-usage", .help = "cli.hit-open-help",
    .method = "POST", .before = "/v1/hits", .words = { "record" },
    .fields = {
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text",
          .member = "report/text" },
        { .form = CLI_TEXT, .option = "place", .value = "PLACE", .help = "cli.hit-place",
          .member = "report/place" },
        { .form = CLI_JSON, .option = "report", .value = "FILE", .help = "cli.hit-report" },
        { .form = CLI_TRUE, .option = "urgent", .help = "cli.hit-urgent" },
    },
};
static const struct cli_action list = {
    .command = "comity hit list", .usage = "cli.no-usage", .help = "cli.hit-list-help",
    .method = "GET", .before = "/v1/hits",
    .columns = { { "hit", "cli.column-hit", 32 }, { "side", "cli.column-side", 7 },
                 { "state", "cli.column-state", 12 }, { "partner", "cli.column-partner", 8 },
                 { "record", "cli.column-record", 30 }, { "due", "cli.column-due", 24 } },
};
static const struct cli_action show = {
    .command = "comity hit show", .usage = "cli.hit-usage", .help = "cli.hit-show-help",
    .method = "GET", .before = "/v1/hits/", .after = "",
};
static const struct cli_action answer = {
    .command = "comity hit answer", .usage = "cli.hit-usage", .help = "cli.hit-answer-help",
    .method = "POST", .before = "/v1/hits/", .after = "/answer",
    .fields = {
        { .form = CLI_TRUE, .option = "confirm", .help = "cli.hit-confirm",
          .member = "confirmed" },
        { .form = CLI_FALSE, .option = "deny", .help = "cli.hit-deny", .member = "confirmed" },
        { .form = CLI_TEXT, .option = "code", .value = "CODE", .help = "cli.hit-code" },
        { .form = CLI_PHOTO, .option = "photo", .value = "FILE", .help = "cli.hit-photo" },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
    },
};
static const struct cli_action outcome = {
    .command = "comity hit outcome", .usage = "cli.hit-usage", .help = "cli.hit-outcome-help",
    .method = "POST", .before = "/v1/hits/", .after = "/outcome",
    .fields = {
        { .form = CLI_TEXT, .option = "outcome", .letter = 'o', .value = "CODE",
          .help = "cli.hit-outcome", .needed = true },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
    },
};

int cli_hit(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "open", NULL, "cli.hit-open-help", &open_hit },
        { "list", NULL, "cli.hit-list-help", &list },
        { "show", NULL, "cli.hit-show-help", &show },
        { "answer", NULL, "cli.hit-answer-help", &answer },
        { "outcome", NULL, "cli.hit-outcome-help", &outcome },
    };
    return cli_dispatch(cli, "hit", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
