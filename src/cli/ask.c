/* comity ask: questions to a partner, as far as an ask clause allows. */
#include "cli/cli.h"

static const struct cli_action open_ask = {
    .command = "comity ask open", .usage = "cli.ask-usage", .help = "cli.ask-open-help",
    .method = "POST", .before = "/v1/questions", .words = { "partner" },
    .fields = {
        { .form = CLI_TEXT, .option = "form", .letter = 'f', .value = "FORM",
          .help = "cli.ask-form", .needed = true },
        { .form = CLI_TEXT, .option = "purpose", .letter = 'p', .value = "PURPOSE",
          .help = "cli.purpose", .needed = true },
        { .form = CLI_TEXT, .option = "record", .value = "ID", .help = "cli.ask-record" },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.ask-text",
          .member = "question/text" },
        { .form = CLI_JSON, .option = "question", .value = "FILE", .help = "cli.ask-question" },
    },
};
static const struct cli_action list = {
    .command = "comity ask list", .usage = "cli.no-usage", .help = "cli.ask-list-help",
    .method = "GET", .before = "/v1/questions",
    .columns = { { "ask", "cli.column-ask", 32 }, { "side", "cli.column-side", 7 },
                 { "partner", "cli.column-partner", 8 }, { "form", "cli.column-form", 16 },
                 { "purpose", "cli.column-purpose", 24 }, { "state", "cli.column-state", 10 } },
};

int cli_ask(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "open", NULL, "cli.ask-open-help", &open_ask },
        { "list", NULL, "cli.ask-list-help", &list },
    };
    return cli_dispatch(cli, "ask", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
