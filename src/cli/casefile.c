/* comity case: what a unit works on, with its records, searches and history. */
#include "cli/search.h"

#define ON_CASE .usage = "cli.case-usage", .method = "POST", .before = "/v1/cases/"

static const struct cli_action list = {
    .command = "comity case list", .usage = "cli.no-usage", .help = "cli.case-list-help",
    .method = "GET", .before = "/v1/cases",
    .fields = {
        { .form = CLI_QUERY, .option = "state", .letter = 's', .value = "STATE",
          .help = "cli.case-state" },
        { .form = CLI_QUERY, .option = "lead", .value = "USER", .help = "cli.case-lead" },
        { .form = CLI_QUERY, .option = "after", .value = "PLACE", .help = "cli.case-after" },
    },
    .columns = { { "case", "cli.column-case", 16 }, { "state", "cli.column-state", 8 },
                 { "due", "cli.column-due", 24 }, { "unit", "cli.column-unit", 14 },
                 { "lead", "cli.column-lead", 14 }, { "title", "cli.column-title", 40 } },
};
static const struct cli_action open_case = {
    .command = "comity case open", .usage = "cli.no-usage", .help = "cli.case-open-help",
    .method = "POST", .before = "/v1/cases",
    .fields = {
        { .form = CLI_TEXT, .option = "title", .letter = 't', .value = "TEXT",
          .help = "cli.case-title", .needed = true },
        { .form = CLI_TEXT, .option = "purpose", .letter = 'p', .value = "PURPOSE",
          .help = "cli.case-purpose", .needed = true },
        { .form = CLI_LIST, .option = "area", .value = "CODE", .help = "cli.case-area",
          .member = "areas" },
        { .form = CLI_TEXT, .option = "classification", .value = "LEVEL",
          .help = "cli.case-classification" },
        { .form = CLI_LIST, .option = "with", .value = "UNIT", .help = "cli.case-units",
          .member = "units" },
        { .form = CLI_TEXT, .option = "external", .value = "NUMBER", .help = "cli.case-external" },
        { .form = CLI_NUMBER, .option = "days", .letter = 'd', .value = "DAYS",
          .help = "cli.case-days" },
    },
};
static const struct cli_action note = {
    ON_CASE, .command = "comity case note", .help = "cli.case-note-help", .after = "/notes",
    .fields = {
        { .form = CLI_TEXT, .option = "kind", .letter = 'k', .value = "KIND",
          .help = "cli.case-kind", .needed = true },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text",
          .needed = true },
        { .form = CLI_TEXT, .option = "grading", .value = "GRADE", .help = "cli.case-grading" },
    },
};
static const struct cli_action link_record = {
    ON_CASE, .command = "comity case link", .help = "cli.case-link-help", .after = "/links",
    .fields = {
        { .form = CLI_TEXT, .option = "record", .letter = 'r', .value = "RECORD",
          .help = "cli.case-record", .needed = true },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
    },
};
static const struct cli_action unlink_record = {
    ON_CASE, .command = "comity case unlink", .help = "cli.case-unlink-help", .after = "/unlink",
    .fields = {
        { .form = CLI_TEXT, .option = "record", .letter = 'r', .value = "RECORD",
          .help = "cli.case-record", .needed = true },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text",
          .needed = true },
    },
};
static const struct cli_action assign = {
    ON_CASE, .command = "comity case assign", .help = "cli.case-assign-help", .after = "/assign",
    .fields = {
        { .form = CLI_TEXT, .option = "lead", .value = "USER", .help = "cli.case-lead" },
        { .form = CLI_TEXT, .option = "unit", .value = "UNIT", .help = "cli.case-unit" },
        { .form = CLI_LIST, .option = "with", .value = "UNIT", .help = "cli.case-units",
          .member = "units" },
        { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
          .needed = true },
    },
};
static const struct cli_action review = {
    ON_CASE, .command = "comity case review", .help = "cli.case-review-help", .after = "/review",
    .fields = {
        { .form = CLI_NUMBER, .option = "days", .letter = 'd', .value = "DAYS",
          .help = "cli.case-days" },
        { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
          .needed = true },
    },
};
static const struct cli_action close_case = {
    ON_CASE, .command = "comity case close", .help = "cli.case-close-help", .after = "/close",
    .fields = {
        { .form = CLI_TEXT, .option = "outcome", .letter = 'o', .value = "CODE",
          .help = "cli.case-outcome", .needed = true },
        { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
          .needed = true },
    },
};
static const struct cli_action reopen = {
    ON_CASE, .command = "comity case reopen", .help = "cli.case-reopen-help", .after = "/reopen",
    .fields = {
        { .form = CLI_NUMBER, .option = "days", .letter = 'd', .value = "DAYS",
          .help = "cli.case-days" },
        { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
          .needed = true },
    },
};

static void show_entry(struct cli *cli, const struct json *entry)
{
    struct json rest = json_copy(cli->arena, entry);
    static const char *const said[] = { "at", "what", "by", "unit" };
    struct text_param params[4];
    for (size_t i = 0; i < 4; i++) {
        params[i] =
            (struct text_param){ said[i], term_clean(cli->arena, json_get_text(entry, said[i])) };
        json_remove(&rest, said[i]);
    }
    json_remove(&rest, "entry");
    cli_line(cli, TEXT(""));
    cli_line(cli, text_fill(cli->arena, cli->lang, "cli.case-entry", params, 4));
    cli_show(cli, &rest);
}

static void show_case(struct cli *cli, const struct json *answer)
{
    const struct json *records = json_get(answer, "records");
    const struct json *history = json_get(answer, "history");
    struct json head = json_copy(cli->arena, answer);
    struct text_param params[] = { { "after", json_get_text(answer, "after") } };
    static const char *const later[] = { "records", "history", "after", "more", "entry" };
    for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
        json_remove(&head, later[i]);
    cli_show(cli, &head);
    for (size_t i = 0; i < json_count(records); i++) {
        const struct json *card = json_get(json_item(records, i), "card");
        cli_line(cli, TEXT(""));
        if (card != NULL)
            search_show_card(cli, card);
        else
            cli_show(cli, json_item(records, i));
    }
    for (size_t i = 0; i < json_count(history); i++)
        show_entry(cli, json_item(history, i));
    if (params[0].value.len > 0)
        cli_line(cli, text_fill(cli->arena, cli->lang, "cli.case-more", params, 1));
}

static const struct cli_action show = {
    .command = "comity case show",
    .usage = "cli.case-usage",
    .help = "cli.case-show-help",
    .method = "GET",
    .before = "/v1/cases/",
    .after = "",
    .show = show_case,
    .fields = { { .form = CLI_QUERY,
                  .option = "after",
                  .value = "PLACE",
                  .help = "cli.case-after" } },
};

int cli_case(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "list", NULL, "cli.case-list-help", &list },
        { "open", NULL, "cli.case-open-help", &open_case },
        { "show", NULL, "cli.case-show-help", &show },
        { "note", NULL, "cli.case-note-help", &note },
        { "link", NULL, "cli.case-link-help", &link_record },
        { "unlink", NULL, "cli.case-unlink-help", &unlink_record },
        { "assign", NULL, "cli.case-assign-help", &assign },
        { "review", NULL, "cli.case-review-help", &review },
        { "close", NULL, "cli.case-close-help", &close_case },
        { "reopen", NULL, "cli.case-reopen-help", &reopen },
    };
    return cli_dispatch(cli, "case", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
