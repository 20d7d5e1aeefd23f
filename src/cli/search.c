/* comity search: one question to our records, our partners' copies and the public lists. */
#include <stdio.h>
#include <string.h>

#include "cli/search.h"

enum {
    OPT_FAMILY,
    OPT_GIVEN,
    OPT_BIRTH,
    OPT_SEX,
    OPT_NATIONALITY,
    OPT_DOC,
    OPT_PLATE,
    OPT_VIN,
    OPT_SERIAL,
    OPT_ID,
    OPT_COUNTRY,
    OPT_KIND,
    OPT_PURPOSE,
    OPT_REF,
    OPT_COMPARE,
    OPT_BATCH,
    OPT_FORMAT,
    OPT_FROM,
    OPT_WATCH,
    OPT_RECHECK,
    OPT_DAYS,
    OPT_LEAST,
    OPT_NOTE,
    OPT_FREQUENCY,
};

static const struct args_option options[] = {
    [OPT_FAMILY] = { ARGS_TEXT, "family", 0, "NAME", "cli.search-family", 0, 0 },
    [OPT_GIVEN] = { ARGS_TEXT, "given", 0, "NAME", "cli.search-given", 0, 0 },
    [OPT_BIRTH] = { ARGS_TEXT, "birth", 'b', "WHEN", "cli.search-birth", 0, 0 },
    [OPT_SEX] = { ARGS_TEXT, "sex", 's', "SEX", "cli.search-sex", 0, 0 },
    [OPT_NATIONALITY] = { ARGS_LIST, "nationality", 'n', "CODE", "cli.search-nationality", 0, 0 },
    [OPT_DOC] = { ARGS_LIST, "doc", 'd', "NUMBER", "cli.search-doc", 0, 0 },
    [OPT_PLATE] = { ARGS_LIST, "plate", 0, "PLATE", "cli.search-plate", 0, 0 },
    [OPT_VIN] = { ARGS_LIST, "vin", 0, "NUMBER", "cli.search-vin", 0, 0 },
    [OPT_SERIAL] = { ARGS_LIST, "serial", 0, "NUMBER", "cli.search-serial", 0, 0 },
    [OPT_ID] = { ARGS_LIST, "id", 0, "TYPE=NUMBER", "cli.search-id", 0, 0 },
    [OPT_COUNTRY] = { ARGS_TEXT, "country", 0, "CODE", "cli.search-country", 0, 0 },
    [OPT_KIND] = { ARGS_TEXT, "kind", 'k', "KIND", "cli.search-kind", 0, 0 },
    [OPT_PURPOSE] = { ARGS_TEXT, "purpose", 'p', "PURPOSE", "cli.purpose", 0, 0 },
    [OPT_REF] = { ARGS_LIST, "ref", 'r', "KEY=VALUE", "cli.ref", 0, 0 },
    [OPT_COMPARE] = { ARGS_FLAG, "compare", 0, NULL, "cli.search-compare", 0, 0 },
    [OPT_BATCH] = { ARGS_TEXT, "batch", 0, "FILE", "cli.search-batch", 0, 0 },
    [OPT_FORMAT] = { ARGS_TEXT, "format", 0, "FORMAT", "cli.search-format", 0, 0 },
    [OPT_FROM] = { ARGS_NUMBER, "from", 0, "LINE", "cli.search-from", 1, UINT32_MAX },
    [OPT_WATCH] = { ARGS_FLAG, "watch", 'w', NULL, "cli.search-watch", 0, 0 },
    [OPT_RECHECK] = { ARGS_FLAG, "recheck", 0, NULL, "cli.search-recheck", 0, 0 },
    [OPT_DAYS] = { ARGS_NUMBER, "days", 0, "DAYS", "cli.watch-days", 1, 3650 },
    [OPT_LEAST] = { ARGS_TEXT, "least", 0, "BAND", "cli.watch-least", 0, 0 },
    [OPT_NOTE] = { ARGS_TEXT, "note", 0, "TEXT", "cli.watch-note", 0, 0 },
    [OPT_FREQUENCY] = { ARGS_TEXT, "frequency", 0, "FILE", "cli.search-frequency", 0, 0 },
};
static const struct args_table table = {
    .command = "comity search", .usage = "cli.search-usage", .help = "cli.search-help",
    .options = options, .count = sizeof(options) / sizeof(options[0]),
    .words_max = ARGS_WORDS_MAX,
};

static void add_identifier(struct cli *cli, const struct args *args, struct text type,
                           struct text value, struct json *list)
{
    struct json one = batch_identifier(cli->arena, type, value);
    if (args->values[OPT_COUNTRY].set)
        json_set_text(cli->arena, &one, "country", args->values[OPT_COUNTRY].text);
    json_push(cli->arena, list, one);
}

static bool identifiers_of(struct cli *cli, const struct args *args, struct json *out)
{
    static const struct {
        int option;
        const char *type;
    } named[] = { { OPT_DOC, "document" },
                  { OPT_PLATE, "plate" },
                  { OPT_VIN, "vin" },
                  { OPT_SERIAL, "serial" } };
    struct json pairs;
    *out = json_array();
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
        const struct args_value *value = &args->values[named[i].option];
        for (size_t j = 0; j < value->list_count; j++)
            add_identifier(cli, args, text_literal(named[i].type), value->list[j], out);
    }
    if (!cli_pairs(cli, &args->values[OPT_ID], &pairs))
        return false;
    for (uint32_t i = 0; i < json_count(&pairs); i++)
        add_identifier(cli, args, pairs.members[i].name, pairs.members[i].value.string, out);
    return true;
}

static struct text words_of(struct cli *cli, const struct args *args)
{
    struct text all = TEXT("");
    for (size_t i = 0; i < args->word_count; i++) {
        if (i > 0)
            all = arena_join(cli->arena, all, TEXT(" "));
        all = arena_join(cli->arena, all, args->words[i]);
    }
    return all;
}

static void set_text(struct cli *cli, struct json *query, const struct args *args, int option,
                     const char *member)
{
    if (args->values[option].set)
        json_set_text(cli->arena, query, member, args->values[option].text);
}

/* It is to stand, and how. */
static void watch_of(struct cli *cli, const struct args *args, struct json *body)
{
    struct json watch = json_object();
    bool recheck = args->values[OPT_RECHECK].set;
    if (!recheck && !args->values[OPT_WATCH].set)
        return;
    json_set(cli->arena, &watch, "kind", json_literal(recheck ? "recheck" : "standing"));
    if (args->values[OPT_DAYS].set)
        json_set_integer(cli->arena, &watch, "days", args->values[OPT_DAYS].number);
    set_text(cli, &watch, args, OPT_LEAST, "least");
    set_text(cli, &watch, args, OPT_NOTE, "note");
    json_set(cli->arena, body, "watch", watch);
}

static bool question_of(struct cli *cli, const struct args *args, struct json *body)
{
    struct json query = json_object();
    struct json identifiers;
    struct json reference;
    if (!identifiers_of(cli, args, &identifiers) ||
        !cli_pairs(cli, &args->values[OPT_REF], &reference))
        return false;
    if (args->word_count > 0)
        json_set_text(cli->arena, &query, "name", words_of(cli, args));
    set_text(cli, &query, args, OPT_FAMILY, "family");
    set_text(cli, &query, args, OPT_GIVEN, "given");
    set_text(cli, &query, args, OPT_SEX, "sex");
    set_text(cli, &query, args, OPT_KIND, "kind");
    if (args->values[OPT_BIRTH].set)
        json_set(cli->arena, &query, "birth",
                 batch_birth(cli->arena, args->values[OPT_BIRTH].text));
    if (json_count(&identifiers) > 0)
        json_set(cli->arena, &query, "identifiers", identifiers);
    const struct args_value *nationality = &args->values[OPT_NATIONALITY];
    if (nationality->set) {
        struct json list = json_array();
        for (size_t i = 0; i < nationality->list_count; i++)
            json_push(cli->arena, &list, json_string(nationality->list[i]));
        json_set(cli->arena, &query, "nationalities", list);
    }
    *body = json_object();
    json_set(cli->arena, body, "query", query);
    json_set_text(cli->arena, body, "purpose", args->values[OPT_PURPOSE].text);
    json_set(cli->arena, body, "reference", reference);
    watch_of(cli, args, body);
    return true;
}

/* json (0), tsv or csv; false: said. */
static bool separator_of(struct cli *cli, const struct args *args, char *out)
{
    const struct args_value *format = &args->values[OPT_FORMAT];
    bool tabs = format->set && text_is(format->text, "tsv");
    bool commas = format->set && text_is(format->text, "csv");
    *out = (char)(tabs ? '\t' : commas ? ',' : 0);
    if (!format->set || tabs || commas || text_is(format->text, "json"))
        return true;
    cli_say(cli, "cli.batch-format", format->text);
    return false;
}

int cli_search(struct cli *cli, int argc, char **argv)
{
    struct args args;
    struct json body;
    struct json answer;
    char separator = 0;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (!separator_of(cli, &args, &separator))
        return CLI_USAGE;
    bool compares = args.values[OPT_COMPARE].set;
    if (!compares && !args.values[OPT_PURPOSE].set) {
        cli_say(cli, "cli.option-missing", TEXT("--purpose"));
        return CLI_USAGE;
    }
    if (!question_of(cli, &args, &body))
        return CLI_USAGE;
    struct search_batch batch = { args.values[OPT_BATCH].text, &body, separator,
                                  (uint32_t)args.values[OPT_FROM].number };
    if (compares) {
        struct search_compare how = { batch, args.values[OPT_FREQUENCY].text,
                                      args.values[OPT_PURPOSE].set };
        return search_compare(cli, &args, &how);
    }
    if (batch.path.len > 0)
        return search_batch(cli, &batch);
    if (!cli_send(cli, "POST", TEXT("/v1/search"), &body, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        search_show(cli, &answer);
    return CLI_OK;
}
