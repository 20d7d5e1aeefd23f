/* comity record: our own records, and what was done with them. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { RECORDS_BYTES_MAX = 64 << 20, OPT_DRY = 0, OPT_CONSULTED };

#define PURPOSE                                                                                   \
    { .form = CLI_QUERY, .option = "purpose", .letter = 'p', .value = "PURPOSE",                  \
      .help = "cli.purpose", .needed = true },                                                    \
    { .form = CLI_REFERENCE, .option = "ref", .letter = 'r', .value = "KEY=VALUE",                \
      .help = "cli.ref" }

static const struct cli_action show = {
    .command = "comity record show", .usage = "cli.record-show-usage",
    .help = "cli.record-show-help", .method = "GET", .before = "/v1/records/", .after = "",
    .fields = { PURPOSE },
};
static const struct cli_action withdraw = {
    .command = "comity record withdraw", .usage = "cli.id-usage",
    .help = "cli.record-withdraw-help", .method = "POST", .before = "/v1/records/",
    .after = "/withdraw",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason" } },
};
static const struct cli_action erase = {
    .command = "comity record erase", .usage = "cli.id-usage", .help = "cli.record-erase-help",
    .method = "POST", .before = "/v1/records/", .after = "/erase",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
                  .needed = true } },
};
static const struct cli_action hold = {
    .command = "comity record hold", .usage = "cli.record-hold-usage",
    .help = "cli.record-hold-help", .method = "POST", .before = "/v1/records/", .after = "/hold",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
                  .needed = true },
                { .form = CLI_TEXT, .option = "until", .value = "DATE", .help = "cli.hold-until",
                  .needed = true } },
};
static const struct cli_action release_hold = {
    .command = "comity record release-hold", .usage = "cli.id-usage",
    .help = "cli.record-release-hold-help", .method = "POST", .before = "/v1/records/",
    .after = "/release-hold",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason" } },
};
static const struct cli_action restrict_record = {
    .command = "comity record restrict", .usage = "cli.record-restrict-usage",
    .help = "cli.record-restrict-help", .method = "POST", .before = "/v1/records/",
    .after = "/restrict", .body = "{\"restricted\":true}",
    .fields = { { .form = CLI_TEXT, .option = "ground", .value = "GROUND",
                  .help = "cli.effect-ground" },
                { .form = CLI_FALSE, .option = "lift", .help = "cli.restrict-lift",
                  .member = "restricted" } },
};
static const struct cli_action inaccurate = {
    .command = "comity record inaccurate", .usage = "cli.record-inaccurate-usage",
    .help = "cli.record-inaccurate-help", .method = "POST", .before = "/v1/records/",
    .after = "/inaccuracy",
    .fields = { { .form = CLI_TEXT, .option = "ground", .value = "GROUND",
                  .help = "cli.inaccurate-ground", .needed = true },
                { .form = CLI_TEXT, .option = "statement", .value = "ID",
                  .help = "cli.inaccurate-statement" },
                { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" } },
};
static const struct cli_action due = {
    .command = "comity record due", .usage = "cli.no-usage", .help = "cli.record-due-help",
    .method = "GET", .before = "/v1/duties",
    .fields = { { .form = CLI_QUERY, .option = "days", .letter = 'd', .value = "DAYS",
                  .help = "cli.due-days" } },
    .columns = { { "at", "cli.column-at", 24 }, { "duty", "cli.column-duty", 10 },
                 { "id", "cli.column-record", 32 }, { "days", "cli.column-days", 6 } },
};
static const struct cli_action note = {
    .command = "comity record note", .usage = "cli.id-usage", .help = "cli.record-note-help",
    .method = "POST", .before = "/v1/records/", .after = "/notes",
    .fields = {
        { .form = CLI_TEXT, .option = "kind", .value = "KIND", .help = "cli.note-kind",
          .needed = true },
        { .form = CLI_LIST, .option = "from", .value = "MEMBER", .help = "cli.note-from",
          .member = "members" },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
        { .form = CLI_TEXT, .option = "note", .value = "ID", .help = "cli.note-id" },
    },
};
static const struct cli_action effect = {
    .command = "comity record effect", .usage = "cli.id-usage", .help = "cli.record-effect-help",
    .method = "POST", .before = "/v1/records/", .after = "/effect",
    .fields = {
        { .form = CLI_TEXT, .option = "alert", .value = "ALERT", .help = "cli.effect-alert",
          .needed = true },
        { .form = CLI_TEXT, .option = "effect", .value = "EFFECT", .help = "cli.effect-effect",
          .needed = true },
        { .form = CLI_TEXT, .option = "to", .value = "ACTION", .help = "cli.effect-to",
          .member = "reduced_to" },
        { .form = CLI_TEXT, .option = "ground", .value = "GROUND", .help = "cli.effect-ground" },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
        { .form = CLI_TEXT, .option = "until", .value = "DATE", .help = "cli.effect-until" },
    },
};
static const struct cli_action explain = {
    .command = "comity record explain", .usage = "cli.explain-usage",
    .help = "cli.record-explain-help", .method = "GET", .before = "/v1/records/",
    .after = "/explain",
    .fields = { { .form = CLI_QUERY, .option = "to", .value = "MEMBER", .help = "cli.to",
                  .needed = true },
                { .form = CLI_QUERY, .option = "purpose", .value = "PURPOSE",
                  .help = "cli.explain-purpose" } },
    .show = cli_show_explanation,
};
static const struct cli_action waiting = {
    .command = "comity record waiting", .usage = "cli.no-usage",
    .help = "cli.record-waiting-help", .method = "GET", .before = "/v1/waiting",
    .columns = { { "record", "cli.column-record", 30 }, { "category", "cli.column-category", 22 },
                 { "since", "cli.column-since", 24 }, { "rule", "cli.column-rule", 40 } },
};
static const struct cli_action deliveries = {
    .command = "comity record deliveries", .usage = "cli.id-usage",
    .help = "cli.record-deliveries-help", .method = "GET", .before = "/v1/records/",
    .after = "/deliveries",
    .columns = { { "partner", "cli.column-partner", 10 }, { "state", "cli.column-state", 14 },
                 { "number", "cli.column-number", 8 }, { "version", "cli.column-version", 8 },
                 { "note", "cli.column-note", 8 }, { "note_days", "cli.column-days", 5 } },
};

static const struct args_option put_options[] = {
    [OPT_DRY] = { ARGS_FLAG, "dry-run", 'n', NULL, "cli.dry-run", 0, 0 },
    [OPT_CONSULTED] = { ARGS_TEXT, "consulted", 'c', "TEXT", "cli.consulted", 0, 0 },
};
static const struct args_table put_table = {
    .command = "comity record put", .usage = "cli.record-put-usage",
    .help = "cli.record-put-help", .options = put_options, .count = 2,
    .words_min = 1, .words_max = 1,
};

struct put {
    struct cli *cli;
    bool dry;
    struct text consulted; /* reference of a consultation; or empty */
    uint64_t done, refused;
    int code; /* of the last refusal */
};

static void say_findings(struct cli *cli, const struct json *answer)
{
    const struct json *list = json_get(answer, "findings");
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_item(list, i);
        struct text rule = cli_sentence(cli, json_get_text(one, "rule"));
        struct text pointer = term_clean(cli->arena, json_get_text(one, "pointer"));
        (void)fprintf(stderr, "  %.*s: %.*s\n", (int)pointer.len, pointer.data, (int)rule.len,
                      rule.data);
    }
}

/* One record: its id and what became of it on a line. */
static void put_one(struct put *put, const struct json *record, uint64_t line)
{
    struct cli *cli = put->cli;
    struct json body = json_object();
    struct json answer;
    int code = CLI_OK;
    json_set(cli->arena, &body, "record", *record);
    if (put->consulted.len > 0)
        json_set_text(cli->arena, &body, "consulted", put->consulted);
    struct text path = put->dry ? TEXT("/v1/records?dry_run=true") : TEXT("/v1/records");
    if (!cli_send(cli, "POST", path, &body, &answer, &code)) {
        (void)fprintf(stderr, "  @%llu\n", (unsigned long long)line);
        put->refused++;
        put->code = code;
        return;
    }
    put->done++;
    if (cli_print_json(cli, &answer))
        return;
    struct text id = json_get_text(&answer, "id");
    struct text result = json_get_text(&answer, "result");
    int64_t version = 0;
    (void)json_get_integer(&answer, "version", &version);
    cli_printf(cli, "%.*s %lld %.*s\n", (int)id.len, id.data, (long long)version,
               (int)result.len, result.data);
    say_findings(cli, &answer);
}

/* A line that is refused is said; the rest goes on, unless the node is gone. */
static void put_lines(struct put *put, struct bytes file)
{
    struct cli *cli = put->cli;
    struct text rest = { (const char *)file.data, file.len };
    for (uint64_t line = 1; rest.data != NULL && put->code != CLI_UNAVAILABLE; line++) {
        size_t mark = cli->arena->used;
        struct text one = text_split(&rest, '\n');
        struct json record;
        if (one.len == 0 || (one.len == 1 && one.data[0] == '\r'))
            continue;
        struct err e = json_parse(text_bytes(one), cli->arena, &record);
        if (failed(e)) {
            char number[24];
            (void)snprintf(number, sizeof(number), "@%llu", (unsigned long long)line);
            put->code = cli_fail(cli, e, text_literal(number));
            put->refused++;
        } else {
            put_one(put, &record, line);
        }
        arena_rewind(cli->arena, mark);
    }
}

static int run_put(struct cli *cli, int argc, char **argv)
{
    struct args args;
    struct bytes file;
    struct json whole;
    int code = CLI_OK;
    if (!cli_args(cli, &put_table, argc, argv, &args, &code))
        return code;
    struct put put = { .cli = cli, .dry = args.values[OPT_DRY].set,
                       .consulted = args.values[OPT_CONSULTED].text };
    struct err e = cli_read(cli, args.words[0], RECORDS_BYTES_MAX, &file);
    if (failed(e))
        return cli_fail(cli, e, args.words[0]);
    if (!failed(json_parse(file, cli->arena, &whole))) {
        put_one(&put, &whole, 1); /* one record, however it is laid out */
        return put.code;
    }
    put_lines(&put, file);
    if (put.code == CLI_UNAVAILABLE)
        return put.code;
    if (put.done + put.refused == 0) {
        cli_say(cli, "cli.empty-file", args.words[0]);
        return CLI_FAILED;
    }
    return put.refused > 0 ? CLI_FINDINGS : CLI_OK;
}

int cli_record(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "put", run_put, "cli.record-put-help", NULL },
        { "show", NULL, "cli.record-show-help", &show },
        { "withdraw", NULL, "cli.record-withdraw-help", &withdraw },
        { "erase", NULL, "cli.record-erase-help", &erase },
        { "hold", NULL, "cli.record-hold-help", &hold },
        { "release-hold", NULL, "cli.record-release-hold-help", &release_hold },
        { "restrict", NULL, "cli.record-restrict-help", &restrict_record },
        { "inaccurate", NULL, "cli.record-inaccurate-help", &inaccurate },
        { "due", NULL, "cli.record-due-help", &due },
        { "note", NULL, "cli.record-note-help", &note },
        { "effect", NULL, "cli.record-effect-help", &effect },
        { "explain", NULL, "cli.record-explain-help", &explain },
        { "waiting", NULL, "cli.record-waiting-help", &waiting },
        { "deliveries", NULL, "cli.record-deliveries-help", &deliveries },
    };
    return cli_dispatch(cli, "record", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
