/* comity audit: who looked at what, and a sample to check by hand. */
#include "cli/cli.h"
#include "shell/random.h"

enum { SAMPLE_MAX = 200, SAMPLE_DEFAULT = 10 };

#define COLUMNS                                                                                   \
    { { "entry", "cli.column-entry", 8 }, { "at", "cli.column-at", 24 },                          \
      { "user", "cli.column-user", 14 }, { "unit", "cli.column-unit", 16 },                       \
      { "kind", "cli.column-kind", 8 }, { "purpose", "cli.column-purpose", 22 },                  \
      { "reference", "cli.column-reference", 24 }, { "record", "cli.column-record", 30 } }

static const struct cli_column columns[] = COLUMNS;

/* The query is the word: ?record=ID, ?user=ID. */
static int about(struct cli *cli, const struct args_table *table, const char *before, int argc,
                 char **argv)
{
    struct args args;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, table, argc, argv, &args, &code) ||
        !cli_send(cli, "GET", cli_path(cli, before, args.words[0], ""), NULL, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_table(cli, json_get(&answer, "items"), columns, sizeof(columns) / sizeof(columns[0]));
    return CLI_OK;
}

static int run_record(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity audit record", .usage = "cli.record-usage",
        .help = "cli.audit-record-help", .words_min = 1, .words_max = 1,
    };
    return about(cli, &table, "/v1/audit?record=", argc, argv);
}

static int run_user(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity audit user", .usage = "cli.user-id-usage",
        .help = "cli.audit-user-help", .words_min = 1, .words_max = 1,
    };
    return about(cli, &table, "/v1/audit?user=", argc, argv);
}

/* Without replacement: the chosen one changes places with the first not yet chosen. */
static struct json draw(struct cli *cli, const struct json *items, size_t wanted)
{
    size_t count = json_count(items);
    size_t *order = arena_take_array(cli->arena, count + 1, sizeof(*order));
    struct json out = json_array();
    for (size_t i = 0; order != NULL && i < count; i++)
        order[i] = i;
    for (size_t i = 0; order != NULL && i < wanted && i < count; i++) {
        size_t at = i + random_below((uint32_t)(count - i));
        size_t chosen = order[at];
        order[at] = order[i];
        json_push(cli->arena, &out, *json_item(items, chosen));
    }
    return out;
}

static int run_sample(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_NUMBER, "count", 'n', "NUMBER", "cli.audit-count", 1, SAMPLE_MAX },
    };
    static const struct args_table table = {
        .command = "comity audit sample", .usage = "cli.audit-sample-usage",
        .help = "cli.audit-sample-help", .options = options, .count = 1,
    };
    struct args args;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !cli_send(cli, "GET", TEXT("/v1/audit"), NULL, &answer, &code))
        return code;
    size_t wanted = args.values[0].set ? (size_t)args.values[0].number : SAMPLE_DEFAULT;
    struct json drawn = draw(cli, json_get(&answer, "items"), wanted);
    if (!cli_print_json(cli, &drawn))
        cli_table(cli, &drawn, columns, sizeof(columns) / sizeof(columns[0]));
    return CLI_OK;
}

int cli_audit(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "record", run_record, "cli.audit-record-help", NULL },
        { "user", run_user, "cli.audit-user-help", NULL },
        { "sample", run_sample, "cli.audit-sample-help", NULL },
    };
    return cli_dispatch(cli, "audit", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
