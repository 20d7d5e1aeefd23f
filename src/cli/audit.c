/* comity audit: who did what with a record, what a user saw, what is odd, and the weekly sample. */
#include <stdio.h>

#include "cli/cli.h"

#define COLUMNS                                                                                   \
    { { "entry", "cli.column-entry", 8 }, { "at", "cli.column-at", 24 },                          \
      { "kind", "cli.column-kind", 16 }, { "user", "cli.column-user", 14 },                       \
      { "unit", "cli.column-unit", 14 }, { "partner", "cli.column-partner", 8 },                  \
      { "purpose", "cli.column-purpose", 22 }, { "reference", "cli.column-reference", 24 } }

static void show_who(struct cli *cli, const struct json *answer)
{
    static const struct cli_column columns[] = COLUMNS;
    static const struct cli_column holders[] = {
        { "partner", "cli.column-partner", 8 }, { "at", "cli.column-at", 24 },
        { "state", "cli.column-state", 10 },    { "clause", "cli.column-clause", 10 },
        { "version", "cli.column-version", 8 },
    };
    cli_table(cli, json_get(answer, "items"), columns, sizeof(columns) / sizeof(columns[0]));
    cli_line(cli, TEXT(""));
    cli_table(cli, json_get(answer, "recipients"), holders,
              sizeof(holders) / sizeof(holders[0]));
}

static const struct cli_action record = {
    .command = "comity audit record", .usage = "cli.record-usage",
    .help = "cli.audit-record-help", .method = "GET", .before = "/v1/audit?record=",
    .after = "", .columns = COLUMNS, .show = show_who,
};
static const struct cli_action who = {
    .command = "comity audit who", .usage = "cli.record-usage", .help = "cli.audit-record-help",
    .method = "GET", .before = "/v1/audit?record=", .after = "", .columns = COLUMNS,
    .show = show_who,
};
static const struct cli_action user = {
    .command = "comity audit user", .usage = "cli.user-id-usage",
    .help = "cli.audit-user-help", .method = "GET", .before = "/v1/audit?user=", .after = "",
    .columns = COLUMNS,
};
static const struct cli_action odd = {
    .command = "comity audit odd", .usage = "cli.audit-period-usage",
    .help = "cli.audit-odd-help", .method = "GET", .before = "/v1/audit/odd",
    .fields = {
        { .form = CLI_QUERY, .option = "from", .letter = 'f', .value = "DATE",
          .help = "cli.audit-from" },
        { .form = CLI_QUERY, .option = "to", .letter = 't', .value = "DATE",
          .help = "cli.audit-to" },
    },
    .columns = { { "entry", "cli.column-entry", 8 }, { "at", "cli.column-at", 24 },
                 { "user", "cli.column-user", 14 }, { "unit", "cli.column-unit", 14 },
                 { "reasons", "cli.column-reasons", 24 },
                 { "purpose", "cli.column-purpose", 22 },
                 { "reference", "cli.column-reference", 24 } },
};
static const struct cli_action finding = {
    .command = "comity audit finding", .usage = "cli.audit-finding-usage",
    .help = "cli.audit-finding-help", .method = "POST", .before = "/v1/audit/findings",
    .words = { "week" },
    .fields = {
        { .form = CLI_NUMBER, .option = "entry", .letter = 'e', .value = "ENTRY",
          .help = "cli.audit-entry", .needed = true },
        { .form = CLI_TEXT, .option = "finding", .value = "FINDING",
          .help = "cli.audit-finding", .needed = true },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
    },
};
static const struct cli_action protect = {
    .command = "comity audit protect", .usage = "cli.audit-protect-usage",
    .help = "cli.audit-protect-help", .method = "PUT", .before = "/v1/audit/protected",
    .body = "{\"names\":[]}",
    .fields = { { .form = CLI_LIST, .option = "name", .value = "NAME",
                  .help = "cli.audit-name", .member = "names" } },
};

/* -- the sample: drawn once a week, then shown ------------------------------------------- */

static int run_sample(struct cli *cli, int argc, char **argv)
{
    static const struct cli_column columns[] = {
        { "entry", "cli.column-entry", 8 }, { "at", "cli.column-at", 24 },
        { "user", "cli.column-user", 14 }, { "purpose", "cli.column-purpose", 22 },
        { "reference", "cli.column-reference", 24 }, { "auditor", "cli.column-auditor", 14 },
        { "finding", "cli.column-finding", 10 },
    };
    static const struct args_option options[] = {
        { ARGS_TEXT, "week", 'w', "DATE", "cli.audit-week", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity audit sample", .usage = "cli.audit-sample-usage",
        .help = "cli.audit-sample-help", .options = options, .count = 1,
    };
    struct args args;
    struct json body = json_object();
    struct json drawn;
    struct json shown;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (args.values[0].set)
        json_set_text(cli->arena, &body, "week", args.values[0].text);
    if (!cli_send(cli, "POST", TEXT("/v1/audit/samples"), &body, &drawn, &code))
        return code;
    struct text week = json_get_text(&drawn, "week");
    if (!cli_send(cli, "GET", cli_path(cli, "/v1/audit/samples/", week, ""), NULL, &shown, &code))
        return code;
    if (cli_print_json(cli, &shown))
        return CLI_OK;
    cli_line(cli, week);
    cli_table(cli, json_get(&shown, "items"), columns, sizeof(columns) / sizeof(columns[0]));
    return CLI_OK;
}

/* -- breach ------------------------------------------------------------------------------- */

static void add_group(struct cli *cli, const struct json *group, struct json *all)
{
    static const char *const names[] = { "owner", "category", "classification" };
    int64_t more = 0;
    (void)json_get_integer(group, "records", &more);
    for (size_t i = 0; i < json_count(all); i++) {
        struct json *one = &all->items[i];
        int64_t records = 0;
        bool same = true;
        for (size_t k = 0; k < 3; k++)
            same = same && text_equal(json_get_text(one, names[k]),
                                      json_get_text(group, names[k]));
        if (!same)
            continue;
        (void)json_get_integer(one, "records", &records);
        json_set_integer(cli->arena, one, "records", records + more);
        return;
    }
    json_push(cli->arena, all, json_copy(cli->arena, group));
}

/* Owners of what was lost, other than ourselves: they are told. */
static struct text to_tell(struct cli *cli, const struct json *groups, struct text self)
{
    struct text out = TEXT("");
    for (size_t i = 0; i < json_count(groups); i++) {
        struct text owner = json_get_text(json_item(groups, i), "owner");
        bool known = text_equal(owner, self);
        for (size_t k = 0; k < i; k++)
            known = known || text_equal(json_get_text(json_item(groups, k), "owner"), owner);
        if (known)
            continue;
        if (out.len > 0)
            out = arena_join(cli->arena, out, TEXT(", "));
        out = arena_join(cli->arena, out, owner);
    }
    return out.len > 0 ? out : text_literal(text_say(cli->lang, "letter.nobody"));
}

static void notice(struct cli *cli, const struct json *first, const struct json *groups)
{
    static const struct cli_column columns[] = {
        { "owner", "cli.column-owner", 10 }, { "category", "cli.column-category", 24 },
        { "classification", "cli.column-classification", 16 },
        { "records", "cli.column-records", 10 },
    };
    char digits[24];
    int64_t total = 0;
    for (size_t i = 0; i < json_count(groups); i++) {
        int64_t records = 0;
        (void)json_get_integer(json_item(groups, i), "records", &records);
        total += records;
    }
    (void)snprintf(digits, sizeof(digits), "%lld", (long long)total);
    struct text member = json_get_text(first, "member");
    struct text partner = json_get_text(first, "partner");
    struct text_param params[] = {
        { "lost", partner.len > 0 ? partner : member },
        { "member", member },
        { "since", text_slice(json_get_text(first, "since"), 0, 10) },
        { "records", text_literal(digits) },
        { "by", json_get_text(first, "notify_by") },
        { "tell", to_tell(cli, groups, member) },
    };
    static const char *const lines[] = { "breach.title", "breach.what", "breach.by",
                                         "breach.tell" };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        cli_line(cli, text_fill(cli->arena, cli->lang, lines[i], params,
                                sizeof(params) / sizeof(params[0])));
    cli_table(cli, groups, columns, sizeof(columns) / sizeof(columns[0]));
    cli_line(cli, text_literal(text_say(cli->lang, "breach.measures")));
}

static int run_breach(struct cli *cli, int argc, char **argv)
{
    enum { OPT_SINCE, OPT_NODE, OPT_PARTNER, OPT_OUTPOST, OPTS };
    static const struct args_option options[OPTS] = {
        [OPT_SINCE] = { ARGS_TEXT, "since", 's', "DATE", "cli.breach-since", 0, 0 },
        [OPT_NODE] = { ARGS_FLAG, "node", 'n', NULL, "cli.breach-node", 0, 0 },
        [OPT_PARTNER] = { ARGS_TEXT, "partner", 'p', "MEMBER", "cli.breach-partner", 0, 0 },
        [OPT_OUTPOST] = { ARGS_TEXT, "outpost", 'o', "OUTPOST", "cli.breach-outpost", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity audit breach", .usage = "cli.audit-breach-usage",
        .help = "cli.audit-breach-help", .options = options, .count = OPTS,
    };
    struct args args;
    struct json first = json_null();
    struct json groups = json_array();
    struct text after = TEXT("");
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (!args.values[OPT_SINCE].set) {
        cli_say(cli, "cli.option-missing", TEXT("--since"));
        return CLI_USAGE;
    }
    do {
        struct json page;
        struct text path = cli_path(cli, "/v1/audit/breach?since=", args.values[OPT_SINCE].text,
                                    "");
        if (args.values[OPT_PARTNER].set)
            path = arena_join(cli->arena, path,
                              cli_path(cli, "&partner=", args.values[OPT_PARTNER].text, ""));
        if (args.values[OPT_OUTPOST].set)
            path = arena_join(cli->arena, path,
                              cli_path(cli, "&outpost=", args.values[OPT_OUTPOST].text, ""));
        if (after.len > 0)
            path = arena_join(cli->arena, path, cli_path(cli, "&after=", after, ""));
        if (!cli_send(cli, "GET", path, NULL, &page, &code))
            return code;
        const struct json *items = json_get(&page, "items");
        for (size_t i = 0; i < json_count(items); i++)
            add_group(cli, json_item(items, i), &groups);
        after = json_get_text(&page, "after");
        first = first.kind == JSON_NULL ? page : first;
    } while (after.len > 0);
    json_set(cli->arena, &first, "items", groups);
    json_remove(&first, "after");
    if (!cli_print_json(cli, &first))
        notice(cli, &first, &groups);
    return CLI_OK;
}

int cli_audit(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "who", NULL, "cli.audit-record-help", &who },
        { "record", NULL, "cli.audit-record-help", &record },
        { "user", NULL, "cli.audit-user-help", &user },
        { "odd", NULL, "cli.audit-odd-help", &odd },
        { "sample", run_sample, "cli.audit-sample-help", NULL },
        { "finding", NULL, "cli.audit-finding-help", &finding },
        { "protect", NULL, "cli.audit-protect-help", &protect },
        { "export", cli_audit_export, "cli.audit-export-help", NULL },
        { "check", cli_audit_check, "cli.audit-check-help", NULL },
        { "breach", run_breach, "cli.audit-breach-help", NULL },
    };
    return cli_dispatch(cli, "audit", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
