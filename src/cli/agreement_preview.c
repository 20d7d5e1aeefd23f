/* comity agreement preview: who would get a record, asked of the node before anything leaves; and
 * comity agreement simulate: what texts would say of a record file, without a node. */
#include <stdio.h>

#include "cli/agreement.h"
#include "treaty/decide.h"
#include "wording/words.h"

enum { RECORD_MAX = 4 << 20, LAWS_MAX = 8 };

/* -- preview ------------------------------------------------------------------------------ */

static bool preview_body(struct cli *cli, const struct args *args, struct json *body,
                         int *exit_out)
{
    struct bytes file;
    struct json draft;
    *body = json_object();
    if (!args->values[0].set) {
        json_set_text(cli->arena, body, "record", args->words[0]);
        return true;
    }
    struct err e = cli_read(cli, args->words[0], RECORD_MAX, &file);
    if (!failed(e))
        e = json_parse(file, cli->arena, &draft);
    if (failed(e)) {
        *exit_out = cli_fail(cli, e, args->words[0]);
        return false;
    }
    json_set(cli->arena, body, "draft", draft);
    return true;
}

int agreement_preview(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_FLAG, "draft", 'd', NULL, "cli.preview-draft", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity agreement preview", .usage = "cli.preview-usage",
        .help = "cli.agreement-preview-help", .options = options, .count = 1,
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct json body;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !preview_body(cli, &args, &body, &code) ||
        !cli_send(cli, "POST", TEXT("/v1/records/preview"), &body, &answer, &code))
        return code;
    if (cli_print_json(cli, &answer))
        return CLI_OK;
    const struct json *items = json_get(&answer, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        cli_line(cli, json_get_text(json_item(items, i), "to"));
        cli_show_explanation(cli, json_item(items, i));
    }
    return CLI_OK;
}

/* -- simulate ----------------------------------------------------------------------------- */

enum { OPTION_RECORD, OPTION_FROM, OPTION_TO, OPTION_PURPOSE, OPTION_MODE, OPTION_ON,
       OPTION_RELEASE, OPTION_ASSURANCE, OPTION_URGENT, OPTIONS };
static const struct args_option simulate_options[OPTIONS] = {
    { ARGS_TEXT, "record", 'r', "FILE", "cli.simulate-record", 0, 0 },
    { ARGS_TEXT, "from", 'f', "MEMBER", "cli.simulate-from", 0, 0 },
    { ARGS_TEXT, "to", 't', "MEMBER", "cli.simulate-to", 0, 0 },
    { ARGS_TEXT, "purpose", 'p', "PURPOSE", "cli.simulate-purpose", 0, 0 },
    { ARGS_TEXT, "mode", 'm', "copy|hit|ask", "cli.simulate-mode", 0, 0 },
    { ARGS_TEXT, "on", 'd', "DATE", "cli.survey-on", 0, 0 },
    { ARGS_LIST, "release", 0, "OFFICE", "cli.simulate-release", 0, 0 },
    { ARGS_LIST, "assurance", 0, "CODE", "cli.simulate-assurance", 0, 0 },
    { ARGS_FLAG, "urgent", 0, NULL, "cli.simulate-urgent", 0, 0 },
};

struct simulation {
    struct args args;
    struct treaty treaties[LAWS_MAX];
    struct record record;
    struct treaty_view view;
    const struct ruleset *rules;
    struct question question;
    struct instant as_of;
};

static struct err read_record(struct cli *cli, struct simulation *s)
{
    struct bytes file;
    struct json *json = ARENA_NEW(cli->arena, struct json);
    struct findings *findings = ARENA_NEW(cli->arena, struct findings);
    if (json == NULL || findings == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = cli_read(cli, s->args.values[OPTION_RECORD].text, RECORD_MAX, &file);
    if (!failed(e))
        e = json_parse(file, cli->arena, json);
    if (failed(e))
        return e;
    findings_init(findings, cli->arena);
    e = record_parse(json, cli->arena, findings, &s->record);
    return failed(e) ? e : treaty_view_of(&s->record, NULL, 0, cli->arena, &s->view);
}

static bool set_mode(struct simulation *s)
{
    const struct args_value *mode = &s->args.values[OPTION_MODE];
    s->question.mode = MODE_COPY;
    return !mode->set || mode_parse(mode->text, &s->question.mode);
}

/* Each office that releases is one person more. */
static struct err set_question(struct cli *cli, struct simulation *s)
{
    const struct args_value *offices = &s->args.values[OPTION_RELEASE];
    const struct args_value *assurances = &s->args.values[OPTION_ASSURANCE];
    struct treaty_release *list =
        ARENA_ARRAY(cli->arena, struct treaty_release, offices->list_count);
    if (list == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    for (size_t i = 0; i < offices->list_count; i++)
        list[i] = (struct treaty_release){ offices->list[i], offices->list[i] };
    s->question.releases = list;
    s->question.release_count = offices->list_count;
    s->question.assurances =
        (struct codes){ assurances->list, (uint32_t)assurances->list_count };
    s->question.urgent = s->args.values[OPTION_URGENT].set;
    s->question.purpose = s->args.values[OPTION_PURPOSE].set
                              ? s->args.values[OPTION_PURPOSE].text
                              : TEXT("");
    s->question.from = treaty_member(s->rules, s->args.values[OPTION_FROM].text);
    s->question.alerts = UINT64_MAX;
    return treaty_row_make(s->rules, &s->view, s->as_of, cli->arena, &s->question.row);
}

static struct err make_rules(struct cli *cli, struct simulation *s)
{
    struct survey_law law;
    struct err e = agreement_assume(cli, &s->args.values[OPTION_ON], s->treaties,
                                    s->args.word_count, &s->as_of, &law);
    return failed(e) ? e
                     : treaty_compile(law.forces, law.count, NULL, cli->arena, &s->rules);
}

static struct err answer_for(struct cli *cli, struct simulation *s, struct text to,
                             struct json *items)
{
    struct explanation explanation;
    s->question.to = treaty_member(s->rules, to);
    struct err e = treaty_explain(s->rules, &s->question, cli->arena, &explanation);
    if (failed(e))
        return e;
    struct json one = treaty_explanation_json(s->rules, &explanation, cli->arena);
    json_set_text(cli->arena, &one, "to", to);
    json_push(cli->arena, items, one);
    return err_none();
}

/* The members asked about: one, or every party of every text but the sender, each once. */
static struct err answer_all(struct cli *cli, struct simulation *s, struct json *items)
{
    struct text from = s->args.values[OPTION_FROM].text;
    struct err e = err_none();
    if (s->args.values[OPTION_TO].set)
        return answer_for(cli, s, s->args.values[OPTION_TO].text, items);
    for (uint32_t i = 0; !failed(e); i++) {
        struct text member = treaty_name_of(s->rules, NAME_MEMBER, i);
        if (member.len == 0)
            break;
        if (!text_equal(member, from))
            e = answer_for(cli, s, member, items);
    }
    return e;
}

static int show_answers(struct cli *cli, struct json items)
{
    struct json answer = json_object();
    json_set(cli->arena, &answer, "items", items);
    if (cli_print_json(cli, &answer))
        return CLI_OK;
    for (size_t i = 0; i < json_count(&items); i++) {
        cli_line(cli, json_get_text(json_item(&items, i), "to"));
        cli_show_explanation(cli, json_item(&items, i));
    }
    return CLI_OK;
}

int agreement_simulate(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement simulate", .usage = "cli.survey-files-usage",
        .help = "cli.agreement-simulate-help", .options = simulate_options, .count = OPTIONS,
        .words_min = 1, .words_max = LAWS_MAX,
    };
    struct simulation *s = ARENA_NEW(cli->arena, struct simulation);
    struct json items = json_array();
    int code = CLI_OK;
    if (s == NULL)
        return cli_fail(cli, err_make(ERR_LIMIT, "arena.full"), TEXT(""));
    if (!cli_args(cli, &table, argc, argv, &s->args, &code))
        return code;
    if (!s->args.values[OPTION_RECORD].set || !s->args.values[OPTION_FROM].set || !set_mode(s)) {
        cli_say(cli, "cli.simulate-needs", TEXT(""));
        return CLI_USAGE;
    }
    if (!agreement_day(cli, &s->args.values[OPTION_ON], &s->as_of, &code))
        return code;
    for (size_t i = 0; i < s->args.word_count; i++) {
        if (!agreement_take(cli, s->args.words[i], &s->treaties[i], &code))
            return code;
    }
    struct err e = make_rules(cli, s);
    if (!failed(e))
        e = read_record(cli, s);
    if (!failed(e))
        e = set_question(cli, s);
    if (!failed(e))
        e = answer_all(cli, s, &items);
    return failed(e) ? cli_fail(cli, e, s->args.values[OPTION_RECORD].text)
                     : show_answers(cli, items);
}
