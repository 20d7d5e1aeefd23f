/* comity catalogue: what the node's edition demands of an alert, in the reader's language. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { WORD_MAX = 96 };

#define EDITION                                                                                   \
    { .form = CLI_QUERY, .option = "edition", .letter = 'e', .value = "NAME",                     \
      .help = "cli.catalogue-edition" }

/* The sentence of `before` and a word, or the word. */
static struct text word_text(struct cli *cli, const char *before, struct text word)
{
    char id[WORD_MAX];
    int len = snprintf(id, sizeof(id), "%s%.*s", before, (int)word.len, word.data);
    if (len < 0 || (size_t)len >= sizeof(id) || !text_known(id))
        return term_clean(cli->arena, word);
    return text_literal(text_say(cli->lang, id));
}

/* Members whose words have sentences of their own. */
static const char *words_of(struct text member)
{
    static const char *const spoken[] = { "lower", "higher", "flag", "status", "unit" };
    if (text_is(member, "required"))
        return "catalogue.field-";
    for (size_t i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++) {
        if (text_is(member, spoken[i]))
            return "catalogue.word-";
    }
    return NULL;
}

/* {"en","fr"} becomes the reader's, words their sentences. */
static struct json spoken(struct cli *cli, struct text member, const struct json *value)
{
    const char *own = cli->lang == TEXT_FR ? "fr" : "en";
    const char *before = words_of(member);
    struct json out = *value;
    if (value->kind == JSON_STRING && before != NULL)
        return json_string(word_text(cli, before, value->string));
    if (value->kind == JSON_ARRAY) {
        out = json_array();
        for (size_t i = 0; i < json_count(value); i++)
            json_push(cli->arena, &out, spoken(cli, member, json_item(value, i)));
    } else if (value->kind == JSON_OBJECT) {
        const struct json *text = json_get(value, own);
        if (text != NULL)
            return *text;
        out = json_object();
        for (uint32_t i = 0; i < json_count(value); i++)
            json_set_name(cli->arena, &out, value->members[i].name,
                          spoken(cli, value->members[i].name, &value->members[i].value));
    }
    return out;
}

static void show_category(struct cli *cli, const struct json *answer)
{
    struct json said = spoken(cli, TEXT(""), answer);
    cli_show(cli, &said);
}

static struct text joined(struct cli *cli, const struct json *words)
{
    struct text out = TEXT("");
    for (size_t i = 0; i < json_count(words); i++) {
        if (i > 0)
            out = arena_join(cli->arena, out, TEXT(" "));
        out = arena_join(cli->arena, out, json_item_text(words, i));
    }
    return out;
}

static void show_periods(struct cli *cli, const struct json *said)
{
    const struct json *periods = json_get(said, "periods");
    const struct json *statements = json_get(said, "statements");
    for (size_t i = 0; i < json_count(periods); i++) {
        const struct json *one = json_item(periods, i);
        struct text text = json_get_text(one, "text");
        struct text unit = json_get_text(one, "unit");
        struct text basis = json_get_text(one, "basis");
        int64_t count = 0;
        (void)json_get_integer(one, "count", &count);
        cli_printf(cli, "%.*s: %lld %.*s%s%.*s%s\n", (int)text.len, text.data, (long long)count,
                   (int)unit.len, unit.data, basis.len > 0 ? "; " : "", (int)basis.len,
                   basis.len > 0 ? basis.data : "",
                   json_get(one, "unverified") != NULL ? " (u)" : "");
    }
    for (size_t i = 0; i < json_count(statements); i++) {
        struct text text = json_get_text(json_item(statements, i), "text");
        cli_printf(cli, "%.*s%s\n", (int)text.len, text.data,
                   json_get(json_item(statements, i), "unverified") != NULL ? " (u)" : "");
    }
}

static void show_list(struct cli *cli, const struct json *answer)
{
    static const struct cli_column columns[] = {
        { "category", "cli.column-category", 22 }, { "kinds", "cli.column-kind", 14 },
        { "review_months", "cli.column-review", 8 }, { "flag", "cli.column-flag", 18 },
        { "basis", "cli.column-basis", 30 },
    };
    struct json said = spoken(cli, TEXT(""), answer);
    const struct json *items = json_get(&said, "items");
    struct json rows = json_array();
    for (size_t i = 0; i < json_count(items); i++) {
        struct json one = *json_item(items, i);
        const struct json *raw = json_item(json_get(answer, "items"), i);
        json_set_text(cli->arena, &one, "kinds", joined(cli, json_get(&one, "kinds")));
        json_set_text(cli->arena, &one, "flag", json_get_text(raw, "flag"));
        json_push(cli->arena, &rows, one);
    }
    cli_line(cli, json_get_text(&said, "title"));
    cli_line(cli, json_get_text(&said, "status"));
    cli_table(cli, &rows, columns, sizeof(columns) / sizeof(columns[0]));
    show_periods(cli, &said);
    cli_line(cli, text_literal(text_say(cli->lang, "cli.catalogue-unverified")));
}

static const struct cli_action list = {
    .command = "comity catalogue list", .usage = "cli.no-usage",
    .help = "cli.catalogue-list-help", .method = "GET", .before = "/v1/catalogue",
    .fields = { EDITION }, .show = show_list,
};
static const struct cli_action show = {
    .command = "comity catalogue show", .usage = "cli.catalogue-show-usage",
    .help = "cli.catalogue-show-help", .method = "GET", .before = "/v1/catalogue/", .after = "",
    .fields = { EDITION }, .show = show_category,
};

int cli_catalogue(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "list", NULL, "cli.catalogue-list-help", &list },
        { "show", NULL, "cli.catalogue-show-help", &show },
    };
    return cli_dispatch(cli, "catalogue", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
