/* comity watch: searches that stand, what they have found, and what becomes of it. */
#include <stdio.h>

#include "cli/search.h"

#define ID                                                                                        \
    .usage = "cli.watch-usage", .method = "POST", .before = "/v1/watches/"

static const struct cli_action list = {
    .command = "comity watch list", .usage = "cli.no-usage", .help = "cli.watch-list-help",
    .method = "GET", .before = "/v1/watches",
    .fields = {
        { .form = CLI_QUERY, .option = "kind", .letter = 'k', .value = "KIND",
          .help = "cli.watch-kind" },
        { .form = CLI_QUERY, .option = "news", .value = "true", .help = "cli.watch-news" },
        { .form = CLI_QUERY, .option = "unit", .value = "UNIT", .help = "cli.watch-unit" },
        { .form = CLI_QUERY, .option = "after", .value = "PLACE", .help = "cli.watch-after" },
    },
    .columns = { { "watch", "cli.column-watch", 32 }, { "kind", "cli.column-kind", 8 },
                 { "state", "cli.column-state", 6 }, { "news", "cli.column-news", 5 },
                 { "until", "cli.column-until", 24 }, { "purpose", "cli.column-purpose", 24 },
                 { "user", "cli.column-user", 16 } },
};
static const struct cli_action renew = {
    ID, .command = "comity watch renew", .help = "cli.watch-renew-help", .after = "/renew",
    .fields = {
        { .form = CLI_NUMBER, .option = "days", .letter = 'd', .value = "DAYS",
          .help = "cli.watch-days", .needed = true },
        { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
          .needed = true },
    },
};
static const struct cli_action judge = {
    ID, .command = "comity watch judge", .help = "cli.watch-judge-help", .after = "/judge",
    .fields = {
        { .form = CLI_TEXT, .option = "record", .value = "RECORD", .help = "cli.watch-record",
          .needed = true },
        { .form = CLI_TEXT, .option = "verdict", .letter = 'v', .value = "VERDICT",
          .help = "cli.watch-verdict", .needed = true },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
    },
};
static const struct cli_action end = {
    ID, .command = "comity watch end", .help = "cli.watch-end-help", .after = "/end",
    .fields = { { .form = CLI_TEXT, .option = "reason", .value = "TEXT", .help = "cli.reason",
                  .needed = true } },
};

static struct text clean(struct cli *cli, const struct json *object, const char *name)
{
    return term_clean(cli->arena, json_get_text(object, name));
}

static struct text word(struct cli *cli, const char *prefix, struct text code)
{
    return cli_sentence(cli, arena_join(cli->arena, text_literal(prefix), code));
}

/* What was said of it; then the record as it stands, and why it is alike. */
static void show_found(struct cli *cli, const struct json *found)
{
    const struct json *card = json_get(found, "card");
    const struct json *now = json_get(found, "now");
    struct text_param params[] = { { "record", clean(cli, found, "record") },
                                   { "state", word(cli, "cli.watch-state-",
                                                   json_get_text(found, "state")) },
                                   { "at", clean(cli, found, "at") },
                                   { "by", clean(cli, found, "by") } };
    cli_line(cli, TEXT(""));
    cli_line(cli, text_fill(cli->arena, cli->lang, "cli.watch-found", params, 4));
    if (json_get_text(found, "by").len > 0)
        cli_line(cli, text_fill(cli->arena, cli->lang, "cli.watch-judged", params, 4));
    if (json_get_bool(found, "gone"))
        cli_line(cli, text_literal(text_say(cli->lang, "cli.watch-gone")));
    if (card != NULL)
        search_show_card(cli, card);
    if (now != NULL)
        search_show_verdict(cli, now);
}

static void show_watch(struct cli *cli, const struct json *watch)
{
    static const char *const kept[] = { "watch", "kind", "state", "purpose", "reference", "since",
                                        "until", "least", "user", "note", "question" };
    const struct json *found = json_get(watch, "found");
    struct json head = json_object();
    json_take_all(cli->arena, &head, watch, kept, sizeof(kept) / sizeof(kept[0]));
    cli_show(cli, &head);
    if (json_get_bool(watch, "overflow"))
        cli_line(cli, text_literal(text_say(cli->lang, "cli.watch-overflow")));
    if (json_count(found) == 0)
        cli_line(cli, text_literal(text_say(cli->lang, "cli.watch-nothing")));
    for (size_t i = 0; i < json_count(found); i++)
        show_found(cli, json_item(found, i));
    struct text_param params[] = { { "after", json_get_text(watch, "after") } };
    if (params[0].value.len > 0)
        cli_line(cli, text_fill(cli->arena, cli->lang, "cli.watch-more", params, 1));
}

static const struct cli_action show = {
    .command = "comity watch show", .usage = "cli.watch-usage", .help = "cli.watch-show-help",
    .method = "GET", .before = "/v1/watches/", .after = "", .show = show_watch,
    .fields = { { .form = CLI_QUERY, .option = "after", .value = "PLACE",
                  .help = "cli.watch-after" } },
};

int cli_watch(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "list", NULL, "cli.watch-list-help", &list },
        { "show", NULL, "cli.watch-show-help", &show },
        { "judge", NULL, "cli.watch-judge-help", &judge },
        { "renew", NULL, "cli.watch-renew-help", &renew },
        { "end", NULL, "cli.watch-end-help", &end },
    };
    return cli_dispatch(cli, "watch", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
