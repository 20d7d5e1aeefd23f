/* comity agreement sign, ratify, …, declare: what this member does to an agreement; and status:
 * what all parties have done and what is missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/agreement.h"

enum { ANSWER_MAX = 16, SIGNATURE_MAX = 64 << 10 };

enum act_option { ON, SIGNATURE, YES, AGAINST, ARTICLE, CLAUSE, OPPOSING, LANGUAGE, ACT_OPTIONS };

static const struct args_option all_options[ACT_OPTIONS] = {
    [ON] = { ARGS_TEXT, "on", 'd', "DATE", "cli.act-on", 0, 0 },
    [SIGNATURE] = { ARGS_TEXT, "signature", 0, "FILE", "cli.agreement-signature", 0, 0 },
    [YES] = { ARGS_FLAG, "yes", 'y', NULL, "cli.act-yes", 0, 0 },
    [AGAINST] = { ARGS_TEXT, "against", 'a', "MEMBER", "cli.act-against", 0, 0 },
    [ARTICLE] = { ARGS_NUMBER, "article", 0, "N", "cli.act-article", 1, TREATY_COUNT_MAX },
    [CLAUSE] = { ARGS_TEXT, "clause", 'c', "N.N", "cli.act-clause", 0, 0 },
    [OPPOSING] = { ARGS_FLAG, "opposing", 0, NULL, "cli.act-opposing", 0, 0 },
    [LANGUAGE] = { ARGS_TEXT, "language", 'l', "en|fr|…", "cli.act-language", 0, 0 },
};

static const struct act_row {
    const char *name; /* of the act, on the wire */
    const char *command, *usage, *help, *effect;
    bool file; /* a second word names its text */
    enum act_option options[4]; /* besides on, signature and yes; ended by ON */
} acts[] = {
    { "sign", "comity agreement sign", "cli.hash-usage", "cli.agreement-sign-help",
      "cli.act-effect-sign", false, { ON } },
    { "ratify", "comity agreement ratify", "cli.hash-usage", "cli.agreement-ratify-help",
      "cli.act-effect-ratify", false, { ON } },
    { "accede", "comity agreement accede", "cli.hash-usage", "cli.agreement-accede-help",
      "cli.act-effect-accede", false, { ON } },
    { "withdraw", "comity agreement withdraw", "cli.hash-usage", "cli.agreement-withdraw-help",
      "cli.act-effect-withdraw", false, { ON } },
    { "suspend", "comity agreement suspend", "cli.hash-usage", "cli.agreement-suspend-help",
      "cli.act-effect-suspend", false, { AGAINST, ON } },
    { "resume", "comity agreement resume", "cli.hash-usage", "cli.agreement-resume-help",
      "cli.act-effect-resume", false, { AGAINST, ON } },
    { "dispute", "comity agreement dispute", "cli.hash-usage", "cli.agreement-dispute-help",
      "cli.act-effect-dispute", false, { ARTICLE, CLAUSE, AGAINST, ON } },
    { "settle", "comity agreement settle", "cli.hash-usage", "cli.agreement-settle-help",
      "cli.act-effect-settle", false, { ARTICLE, CLAUSE, AGAINST, ON } },
    { "reserve", "comity agreement reserve", "cli.act-file-usage", "cli.agreement-reserve-help",
      "cli.act-effect-reserve", true, { ON } },
    { "object", "comity agreement object", "cli.hash-usage", "cli.agreement-object-help",
      "cli.act-effect-object", false, { AGAINST, OPPOSING, ON } },
    { "declare", "comity agreement declare", "cli.act-file-usage", "cli.agreement-declare-help",
      "cli.act-effect-declare", true, { LANGUAGE, ON } },
};

static const struct act_row *act_find(const char *name)
{
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
        if (strcmp(acts[i].name, name) == 0)
            return &acts[i];
    }
    abort(); /* the table of verbs and this one differ */
}

/* -- status --------------------------------------------------------------------------------- */

static struct text day_of(const struct json *object, const char *name)
{
    return text_slice(json_get_text(object, name), 0, DATE_LEN);
}

/* A sentence of the catalogue with what it is about. */
static void say(struct cli *cli, const char *id, const struct json *about)
{
    static const char *const names[] = { "party", "against", "from", "until", "at", "text" };
    struct text_param params[8];
    size_t count = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct text value = json_get_text(about, names[i]);
        bool day = strcmp(names[i], "from") == 0 || strcmp(names[i], "until") == 0 ||
                   strcmp(names[i], "at") == 0;
        if (value.len == 0)
            value = text_literal(text_say(cli->lang, "cli.status-all"));
        params[count++] = (struct text_param){
            names[i], term_clean(cli->arena, day ? text_slice(value, 0, DATE_LEN) : value)
        };
    }
    int64_t article = 0;
    int64_t clause = 0;
    char place[32] = "";
    if (json_get_integer(about, "article", &article))
        (void)snprintf(place, sizeof(place), "%lld", (long long)article);
    size_t len = strlen(place);
    if (json_get_integer(about, "clause", &clause))
        (void)snprintf(place + len, sizeof(place) - len, ".%lld", (long long)clause);
    params[count++] = (struct text_param){ "place", text_literal(place) };
    cli_line(cli, text_fill(cli->arena, cli->lang, id, params, count));
}

static void say_each(struct cli *cli, const struct json *list, const char *before,
                     const char *member)
{
    for (size_t i = 0; i < json_count(list); i++) {
        char id[64];
        const struct json *one = json_item(list, i);
        struct text what = member == NULL ? TEXT("") : json_get_text(one, member);
        (void)snprintf(id, sizeof(id), "%s%.*s", before, (int)what.len, what.data);
        if (json_get_text(one, "until").len > 0 && member != NULL && text_known(id))
            (void)snprintf(id, sizeof(id), "%s%.*s-until", before, (int)what.len, what.data);
        say(cli, id, one);
    }
}

static struct json party_row(struct cli *cli, const struct json *party)
{
    struct json row = json_object();
    struct text by = arena_join(cli->arena, TEXT("cli.consent-"),
                                json_get_text(party, "consent_by"));
    const char *missing = text_say(cli->lang, "cli.status-missing");
    bool consented = json_get_text(party, "consented").len > 0;
    json_set_text(cli->arena, &row, "party", json_get_text(party, "party"));
    json_set_text(cli->arena, &row, "by", cli_sentence(cli, by));
    json_set_text(cli->arena, &row, "signed", day_of(party, "signed"));
    json_set_text(cli->arena, &row, "consented",
                  consented ? day_of(party, "consented") : text_literal(missing));
    json_set_text(cli->arena, &row, "from", day_of(party, "bound_from"));
    json_set_text(cli->arena, &row, "until", day_of(party, "bound_until"));
    json_set_text(cli->arena, &row, "notice", day_of(party, "notice"));
    return row;
}

static void show_status(struct cli *cli, const struct json *agreement)
{
    static const struct cli_column columns[] = {
        { "party", "cli.column-party", 10 },       { "by", "cli.column-consent", 14 },
        { "signed", "cli.column-signed", 10 },     { "consented", "cli.column-consented", 12 },
        { "from", "cli.column-bound-from", 10 },   { "until", "cli.column-bound-until", 10 },
        { "notice", "cli.column-notice", 10 },
    };
    const struct json *status = json_get(agreement, "status");
    const struct json *parties = json_get(status, "parties");
    struct json rows = json_array();
    struct text why = json_get_text(status, "kept_out");
    struct text state = arena_join(cli->arena, TEXT("cli.state-"), json_get_text(status, "state"));
    int64_t version = 0;
    (void)json_get_integer(agreement, "version", &version);
    struct text name = term_clean(cli->arena, json_get_text(agreement, "name"));
    struct text said = cli_sentence(cli, state);
    (void)printf("%.*s %lld: %.*s\n", (int)name.len, name.data, (long long)version, (int)said.len,
                 said.data);
    say(cli, why.len > 0 ? "cli.status-kept-out" : "cli.status-entered", status);
    if (why.len > 0)
        cli_line(cli, cli_sentence(cli, why));
    if (json_get_text(status, "term").len > 0) {
        struct json term = json_object();
        json_set_text(cli->arena, &term, "until", json_get_text(status, "term"));
        say(cli, "cli.status-term", &term);
    }
    for (size_t i = 0; i < json_count(parties); i++)
        json_push(cli->arena, &rows, party_row(cli, json_item(parties, i)));
    cli_table(cli, &rows, columns, sizeof(columns) / sizeof(columns[0]));
    say_each(cli, json_get(status, "stops"), "cli.status-", "why");
    say_each(cli, json_get(status, "reservations"), "cli.status-reserved-", "by");
    say_each(cli, json_get(status, "objections"), "cli.status-objected", NULL);
    say_each(cli, json_get(status, "declarations"), "cli.status-declared", NULL);
}

static bool agreement_get(struct cli *cli, struct text hash, struct json *out, int *exit_out)
{
    return cli_send(cli, "GET", cli_path(cli, "/v1/agreements/", hash, ""), NULL, out, exit_out);
}

int agreement_status(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = { .command = "comity agreement status",
                                             .usage = "cli.hash-usage",
                                             .help = "cli.agreement-status-help",
                                             .words_min = 1, .words_max = 1 };
    struct args args;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_get(cli, args.words[0], &answer, &code))
        return code;
    const struct json *status = json_get(&answer, "status");
    if (status != NULL && !cli_print_json(cli, status))
        show_status(cli, &answer);
    return CLI_OK;
}

/* -- acts ----------------------------------------------------------------------------------- */

/* The options of one act, in its table's order; `where[o]` is the place of option o. */
struct act_table {
    struct args_option options[ACT_OPTIONS];
    size_t where[ACT_OPTIONS];
    size_t count;
};

static void table_add(struct act_table *table, enum act_option option)
{
    table->where[option] = table->count;
    table->options[table->count++] = all_options[option];
}

static const struct args_value *value_of(const struct act_table *table, const struct args *args,
                                         enum act_option option)
{
    static const struct args_value none = { .set = false };
    return table->where[option] == SIZE_MAX ? &none : &args->values[table->where[option]];
}

/* 1 to 9999, as written in "3.1". */
static bool place_of(struct text word, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9' || *out > TREATY_COUNT_MAX)
            return false;
        *out = *out * 10 + (word.data[i] - '0');
    }
    return *out >= 1 && *out <= TREATY_COUNT_MAX;
}

static bool clause_of(struct cli *cli, struct text word, struct json *body)
{
    struct text rest = word;
    struct text head = text_split(&rest, '.');
    int64_t article = 0;
    int64_t clause = 0;
    if (!place_of(head, &article) || !place_of(rest, &clause)) {
        cli_say(cli, "treaty.expected-clause-number", word);
        return false;
    }
    json_set_integer(cli->arena, body, "article", article);
    json_set_integer(cli->arena, body, "clause", clause);
    return true;
}

static bool body_of(struct cli *cli, const struct act_row *act, const struct act_table *table,
                    const struct args *args, struct json *body, int *exit_out)
{
    static const struct {
        enum act_option option;
        const char *member;
    } texts[] = { { ON, "on" }, { AGAINST, "against" }, { LANGUAGE, "language" } };
    struct text text;
    json_set(cli->arena, body, "act", json_literal(act->name));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct args_value *value = value_of(table, args, texts[i].option);
        if (value->set)
            json_set_text(cli->arena, body, texts[i].member, value->text);
    }
    if (value_of(table, args, OPPOSING)->set)
        json_set(cli->arena, body, "opposing", json_bool(true));
    if (value_of(table, args, ARTICLE)->set)
        json_set_integer(cli->arena, body, "article", value_of(table, args, ARTICLE)->number);
    const struct args_value *clause = value_of(table, args, CLAUSE);
    *exit_out = CLI_USAGE;
    if (clause->set && !clause_of(cli, clause->text, body))
        return false;
    if (act->file) {
        if (!agreement_text(cli, args->words[1], &text, exit_out))
            return false;
        json_set_text(cli->arena, body, "text", text);
    }
    const struct args_value *signature = value_of(table, args, SIGNATURE);
    struct bytes file;
    if (!signature->set)
        return true;
    struct err e = cli_read(cli, signature->text, SIGNATURE_MAX, &file);
    if (!failed(e))
        e = text_parse(file, &text);
    if (failed(e)) {
        *exit_out = cli_fail(cli, e, signature->text);
        return false;
    }
    while (text_ends(text, TEXT("\n")))
        text.len--;
    json_set_text(cli->arena, body, "signature", text);
    return true;
}

/* What it will do, and whether the person wants it: asked at a terminal only. */
static bool confirmed(struct cli *cli, const struct act_row *act, const struct json *agreement)
{
    char answer[ANSWER_MAX];
    int64_t version = 0;
    char number[24];
    (void)json_get_integer(agreement, "version", &version);
    (void)snprintf(number, sizeof(number), " %lld", (long long)version);
    struct text subject = arena_join(cli->arena, json_get_text(agreement, "name"),
                                     text_literal(number));
    struct text_param params[] = { { "subject", term_clean(cli->arena, subject) } };
    struct text effect = text_fill(cli->arena, cli->lang, act->effect, params, 1);
    (void)fprintf(stderr, "%.*s\n%s ", (int)effect.len, effect.data,
                  text_say(cli->lang, "cli.act-ask"));
    return fgets(answer, sizeof(answer), stdin) != NULL &&
           strchr("yYoO", answer[0]) != NULL && answer[0] != '\0';
}

static int run_act(struct cli *cli, int argc, char **argv, const char *name)
{
    const struct act_row *act = act_find(name);
    struct act_table options = { .count = 0 };
    struct args args;
    struct json agreement;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    for (size_t i = 0; i < ACT_OPTIONS; i++)
        options.where[i] = SIZE_MAX;
    for (size_t i = 0; act->options[i] != ON; i++)
        table_add(&options, act->options[i]);
    table_add(&options, ON);
    table_add(&options, SIGNATURE);
    table_add(&options, YES);
    struct args_table table = { .command = act->command, .usage = act->usage, .help = act->help,
                                .options = options.options, .count = options.count,
                                .words_min = act->file ? 2 : 1, .words_max = act->file ? 2 : 1 };
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !body_of(cli, act, &options, &args, &body, &code) ||
        !agreement_get(cli, args.words[0], &agreement, &code))
        return code;
    if (isatty(STDIN_FILENO) && !value_of(&options, &args, YES)->set &&
        !confirmed(cli, act, &agreement)) {
        cli_say(cli, "cli.act-left", args.words[0]);
        return CLI_FAILED;
    }
    struct text path = cli_path(cli, "/v1/agreements/", args.words[0], "/acts");
    struct cli_call call = { "POST", path, &body, json_get_text(&body, "text") };
    if (!cli_request(cli, &call, &answer, &code) || cli_print_json(cli, &answer))
        return code;
    if (!agreement_get(cli, args.words[0], &agreement, &code))
        return code;
    show_status(cli, &agreement);
    return CLI_OK;
}

int agreement_sign(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "sign");
}

int agreement_ratify(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "ratify");
}

int agreement_accede(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "accede");
}

int agreement_withdraw(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "withdraw");
}

int agreement_suspend(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "suspend");
}

int agreement_resume(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "resume");
}

int agreement_dispute(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "dispute");
}

int agreement_settle(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "settle");
}

int agreement_reserve(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "reserve");
}

int agreement_object(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "object");
}

int agreement_declare(struct cli *cli, int argc, char **argv)
{
    return run_act(cli, argc, argv, "declare");
}
