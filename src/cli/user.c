/* comity user, unit: who may do what. */
#include "cli/cli.h"

static const struct cli_action user_list = {
    .command = "comity user list", .usage = "cli.no-usage", .help = "cli.user-list-help",
    .method = "GET", .before = "/v1/users",
    .columns = { { "id", "cli.column-id", 16 }, { "name", "cli.column-name", 20 },
                 { "unit", "cli.column-unit", 16 }, { "roles", "cli.column-roles", 40 },
                 { "clearance", "cli.column-clearance", 12 } },
};
static const struct cli_action user_add = {
    .command = "comity user add", .usage = "cli.user-usage", .help = "cli.user-add-help",
    .method = "PUT", .before = "/v1/users/", .after = "", .done = "cli.user-added",
    .path_member = "user/id",
    .body = "{\"user\":{\"languages\":[],\"clearance\":\"restricted\"}}",
    .fields = {
        { .form = CLI_TEXT, .option = "name", .value = "NAME", .help = "cli.user-name",
          .member = "user/name", .needed = true },
        { .form = CLI_TEXT, .option = "unit", .letter = 'u', .value = "UNIT",
          .help = "cli.user-unit", .member = "user/unit", .needed = true },
        { .form = CLI_LIST, .option = "role", .letter = 'r', .value = "ROLE",
          .help = "cli.user-role", .member = "user/roles", .needed = true },
        { .form = CLI_LIST, .option = "language", .value = "CODE", .help = "cli.user-language",
          .member = "user/languages" },
        { .form = CLI_TEXT, .option = "clearance", .value = "LEVEL",
          .help = "cli.user-clearance", .member = "user/clearance" },
        { .form = CLI_TRUE, .option = "disabled", .help = "cli.user-disabled",
          .member = "user/disabled" },
        { .form = CLI_NUMBER, .option = "uid", .value = "NUMBER", .help = "cli.user-uid" },
        { .form = CLI_SECRET, .option = "password", .value = "FILE",
          .help = "cli.user-password" },
    },
};
static const struct cli_action unit_list = {
    .command = "comity unit list", .usage = "cli.no-usage", .help = "cli.unit-list-help",
    .method = "GET", .before = "/v1/units",
    .columns = { { "id", "cli.column-id", 16 }, { "name", "cli.column-name", 24 },
                 { "branch", "cli.column-branch", 10 }, { "parent", "cli.column-parent", 16 },
                 { "purposes", "cli.column-purposes", 40 } },
};
static const struct cli_action unit_add = {
    .command = "comity unit add", .usage = "cli.unit-usage", .help = "cli.unit-add-help",
    .method = "PUT", .before = "/v1/units/", .after = "", .done = "cli.unit-added",
    .path_member = "unit/id", .body = "{\"unit\":{\"ceiling\":\"restricted\"}}",
    .fields = {
        { .form = CLI_TEXT, .option = "name", .value = "NAME", .help = "cli.unit-name",
          .member = "unit/name", .needed = true },
        { .form = CLI_TEXT, .option = "branch", .value = "BRANCH", .help = "cli.unit-branch",
          .member = "unit/branch", .needed = true },
        { .form = CLI_TEXT, .option = "parent", .value = "UNIT", .help = "cli.unit-parent",
          .member = "unit/parent" },
        { .form = CLI_LIST, .option = "purpose", .letter = 'p', .value = "PURPOSE",
          .help = "cli.unit-purpose", .member = "unit/purposes", .needed = true },
        { .form = CLI_LIST, .option = "territory", .value = "CODE",
          .help = "cli.unit-territory", .member = "unit/territory" },
        { .form = CLI_TEXT, .option = "ceiling", .value = "LEVEL", .help = "cli.unit-ceiling",
          .member = "unit/ceiling" },
    },
};

int cli_user(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "add", NULL, "cli.user-add-help", &user_add },
        { "list", NULL, "cli.user-list-help", &user_list },
    };
    return cli_dispatch(cli, "user", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}

int cli_unit(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "add", NULL, "cli.unit-add-help", &unit_add },
        { "list", NULL, "cli.unit-list-help", &unit_list },
    };
    return cli_dispatch(cli, "unit", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
