/* comity subject: what a person asks about data on them, from the request to the letter. */
#include "cli/cli.h"

#define ID                                                                                        \
    .usage = "cli.subject-usage", .method = "POST", .before = "/v1/subjects/"

static const struct cli_action open_request = {
    .command = "comity subject open", .usage = "cli.subject-open-usage",
    .help = "cli.subject-open-help", .method = "POST", .before = "/v1/subjects",
    .words = { "person/name" },
    .fields = {
        { .form = CLI_TEXT, .option = "kind", .letter = 'k', .value = "KIND",
          .help = "cli.subject-kind", .needed = true },
        { .form = CLI_TEXT, .option = "birth", .letter = 'b', .value = "DATE",
          .help = "cli.subject-birth", .member = "person/birth" },
        { .form = CLI_LIST, .option = "record", .value = "RECORD", .help = "cli.subject-record",
          .member = "records" },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
        { .form = CLI_TEXT, .option = "received", .value = "DATE",
          .help = "cli.subject-received" },
        { .form = CLI_TEXT, .option = "language", .letter = 'l', .value = "en|fr",
          .help = "cli.subject-language" },
    },
};
static const struct cli_action list = {
    .command = "comity subject list", .usage = "cli.no-usage", .help = "cli.subject-list-help",
    .method = "GET", .before = "/v1/subjects",
    .columns = { { "subject", "cli.column-request", 32 }, { "side", "cli.column-side", 6 },
                 { "kind", "cli.column-kind", 12 }, { "state", "cli.column-state", 9 },
                 { "partner", "cli.column-partner", 8 }, { "due", "cli.column-due", 24 },
                 { "overdue", "cli.column-overdue", 8 } },
};
static const struct cli_action show = {
    .command = "comity subject show", .usage = "cli.subject-usage",
    .help = "cli.subject-show-help", .method = "GET", .before = "/v1/subjects/", .after = "",
};
static const struct cli_action forward = {
    ID, .command = "comity subject forward", .help = "cli.subject-forward-help",
    .after = "/forward",
    .fields = { { .form = CLI_TEXT, .option = "record", .value = "RECORD",
                  .help = "cli.subject-copy", .needed = true } },
};
static const struct cli_action answer = {
    ID, .command = "comity subject answer", .help = "cli.subject-answer-help",
    .after = "/answer",
    .fields = {
        { .form = CLI_TEXT, .option = "outcome", .letter = 'o', .value = "OUTCOME",
          .help = "cli.subject-outcome", .needed = true },
        { .form = CLI_TEXT, .option = "record", .value = "RECORD",
          .help = "cli.subject-own" },
        { .form = CLI_TEXT, .option = "ground", .value = "GROUND", .help = "cli.effect-ground" },
        { .form = CLI_TEXT, .option = "text", .value = "TEXT", .help = "cli.text" },
    },
};
static const struct cli_action close_request = {
    ID, .command = "comity subject close", .help = "cli.subject-close-help", .after = "/close",
    .fields = { { .form = CLI_TEXT, .option = "ground", .value = "GROUND",
                  .help = "cli.subject-close-ground" } },
};

/* -- the letter --------------------------------------------------------------------------- */

static struct text sentence(struct cli *cli, const char *before, struct text code)
{
    return cli_sentence(cli, arena_join(cli->arena, text_literal(before), code));
}

static void line(struct cli *cli, const char *id, const struct text_param *params, size_t count)
{
    cli_line(cli, text_fill(cli->arena, cli->lang, id, params, count));
}

static struct text day_of(struct text instant)
{
    return text_slice(instant, 0, 10);
}

static struct text names_of(struct cli *cli, const struct json *codes)
{
    struct text out = TEXT("");
    for (size_t i = 0; i < json_count(codes); i++) {
        if (i > 0)
            out = arena_join(cli->arena, out, TEXT(", "));
        out = arena_join(cli->arena, out, json_item_text(codes, i));
    }
    return out.len == 0 ? text_literal(text_say(cli->lang, "letter.nobody")) : out;
}

/* No word about one record when another answer is that nothing is confirmed or denied. */
static bool is_secret(const struct json *request)
{
    const struct json *items = json_get(request, "records");
    bool secret = text_is(json_get_text(request, "ground"), "neither-confirmed-nor-denied");
    for (uint32_t i = 0; i < json_count(items); i++)
        secret = secret || text_is(json_get_text(&items->members[i].value, "ground"),
                                   "neither-confirmed-nor-denied");
    return secret;
}

static void about_record(struct cli *cli, const struct json *request, const struct json *item)
{
    struct text kind = json_get_text(request, "kind");
    struct text outcome = json_get_text(item, "outcome");
    struct text ground = json_get_text(item, "ground");
    const struct json *held = json_get(item, "held");
    if (text_is(outcome, "refused")) {
        struct text_param params[] = { { "ground", cli_label(cli, "ground", ground) } };
        line(cli, "letter.refused", params, 1);
        return;
    }
    cli_line(cli, sentence(cli, "letter.granted-", kind));
    if (text_is(kind, "access")) {
        struct text until = json_get_text(held, "until");
        struct text owner = json_get_text(held, "from");
        struct text_param params[] = {
            { "owner", owner.len > 0 ? owner
                                     : text_literal(text_say(cli->lang, "letter.ourselves")) },
            { "until", until.len > 0 ? day_of(until)
                                     : text_literal(text_say(cli->lang, "letter.review")) },
            { "recipients", names_of(cli, json_get(held, "recipients")) },
        };
        line(cli, "letter.held", params, 3);
    }
    if (text_is(outcome, "partly")) {
        struct text_param params[] = { { "ground", cli_label(cli, "ground", ground) } };
        line(cli, "letter.partly", params, 1);
    }
}

static void print_letter(struct cli *cli, const struct json *request)
{
    const struct json *items = json_get(request, "records");
    struct text_param head[] = {
        { "name", json_get_text(json_get(request, "person"), "name") },
        { "request", sentence(cli, "letter.kind-", json_get_text(request, "kind")) },
        { "date", day_of(json_get_text(request, "received")) },
        { "reference", json_get_text(request, "subject") },
        { "due", day_of(json_get_text(request, "due")) },
    };
    line(cli, "letter.name", head, 5);
    cli_line(cli, TEXT(""));
    line(cli, "letter.request", head, 5);
    if (!text_is(json_get_text(request, "state"), "closed")) {
        line(cli, "letter.pending", head, 5);
        return;
    }
    if (is_secret(request))
        line(cli, "letter.neither", head, 5);
    else if (json_count(items) == 0)
        line(cli, "letter.none", head, 5);
    for (uint32_t i = 0; !is_secret(request) && i < json_count(items); i++)
        about_record(cli, request, &items->members[i].value);
    cli_line(cli, TEXT(""));
    line(cli, "letter.remedy", head, 5);
}

/* In the person's language unless another is asked for. */
static int run_letter(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_TEXT, "language", 'l', "en|fr", "cli.subject-language", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity subject letter", .usage = "cli.subject-usage",
        .help = "cli.subject-letter-help", .options = options, .count = 1,
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct json request;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !cli_send(cli, "GET", cli_path(cli, "/v1/subjects/", args.words[0], ""), NULL, &request,
                  &code))
        return code;
    if (cli_print_json(cli, &request))
        return CLI_OK;
    enum text_lang lang = cli->lang;
    cli->lang = text_lang_of(args.values[0].set ? args.values[0].text
                                                : json_get_text(&request, "language"));
    print_letter(cli, &request);
    cli->lang = lang;
    return CLI_OK;
}

int cli_subject(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "open", NULL, "cli.subject-open-help", &open_request },
        { "list", NULL, "cli.subject-list-help", &list },
        { "show", NULL, "cli.subject-show-help", &show },
        { "forward", NULL, "cli.subject-forward-help", &forward },
        { "answer", NULL, "cli.subject-answer-help", &answer },
        { "close", NULL, "cli.subject-close-help", &close_request },
        { "letter", run_letter, "cli.subject-letter-help", NULL },
    };
    return cli_dispatch(cli, "subject", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
