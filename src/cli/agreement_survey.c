/* comity agreement analyse, table, compare: what texts say as a whole. They need no node. */
#include <stdio.h>

#include "cli/agreement.h"

enum { LAWS_MAX = 8, QUESTIONS_MAX = 100000000 };

enum { OPTION_ON, OPTION_QUESTIONS, OPTION_NATIONAL, OPTIONS };
static const struct args_option options[OPTIONS] = {
    { ARGS_TEXT, "on", 'd', "DATE", "cli.survey-on", 0, 0 },
    { ARGS_NUMBER, "questions", 'q', "N", "cli.survey-questions", 1, QUESTIONS_MAX },
    { ARGS_TEXT, "national", 'n', "FILE", "cli.survey-national", 0, 0 },
};

/* What the options and files of one command say. */
struct survey_task {
    struct args args;
    struct treaty treaties[LAWS_MAX];
    struct national national;
    struct survey_law laws[LAWS_MAX];
    struct instant as_of;
    uint32_t questions;
};

static bool read_national(struct cli *cli, struct survey_task *task, int *exit_out)
{
    struct treaty_errors errors = { .count = 0 };
    struct text path = task->args.values[OPTION_NATIONAL].text;
    struct text text;
    if (!task->args.values[OPTION_NATIONAL].set)
        return true;
    if (!agreement_text(cli, path, &text, exit_out))
        return false;
    struct err e = national_parse(text, LANGUAGE_ANY, cli->arena, &errors, &task->national);
    agreement_say_errors(cli, path, text, &errors);
    if (failed(e))
        *exit_out = errors.count > 0 ? CLI_FINDINGS : cli_fail(cli, e, path);
    return !failed(e);
}

/* One law of all files, or one of each. */
enum laws { LAWS_TOGETHER, LAWS_EACH };

static struct err assume(struct cli *cli, struct survey_task *task, enum laws laws)
{
    const struct args_value *on = &task->args.values[OPTION_ON];
    size_t count = laws == LAWS_EACH ? task->args.word_count : 1;
    size_t texts = laws == LAWS_EACH ? 1 : task->args.word_count;
    struct err e = err_none();
    for (size_t i = 0; i < count && !failed(e); i++) {
        e = agreement_assume(cli, on, &task->treaties[i], texts, &task->as_of, &task->laws[i]);
        if (task->national.member.len > 0)
            task->laws[i].national_opt = &task->national;
    }
    return e;
}

/* Options, files and what they make law; NULL: said, and *exit_out is the exit code. */
static struct survey_task *begin(struct cli *cli, const struct args_table *table, int argc,
                                 char **argv, enum laws laws, int *exit_out)
{
    struct survey_task *task = ARENA_NEW(cli->arena, struct survey_task);
    if (task == NULL) {
        *exit_out = cli_fail(cli, err_make(ERR_LIMIT, "arena.full"), TEXT(""));
        return NULL;
    }
    if (!cli_args(cli, table, argc, argv, &task->args, exit_out) ||
        !agreement_day(cli, &task->args.values[OPTION_ON], &task->as_of, exit_out))
        return NULL;
    const struct args_value *questions = &task->args.values[OPTION_QUESTIONS];
    task->questions = questions->set ? (uint32_t)questions->number : SURVEY_QUESTIONS;
    for (size_t i = 0; i < task->args.word_count; i++) {
        if (!agreement_take(cli, task->args.words[i], &task->treaties[i], exit_out))
            return NULL;
    }
    if (!read_national(cli, task, exit_out))
        return NULL;
    struct err e = assume(cli, task, laws);
    if (failed(e))
        *exit_out = cli_fail(cli, e, task->args.words[0]);
    return failed(e) ? NULL : task;
}

static void say_proof(struct cli *cli, const struct json *answer)
{
    int64_t questions = 0;
    (void)json_get_integer(answer, "questions", &questions);
    (void)fprintf(stderr, "%s (%lld)\n",
                  text_say(cli->lang, json_get_bool(answer, "decided") ? "cli.survey-proved"
                                                                       : "cli.survey-sampled"),
                  (long long)questions);
}

/* One line each unless JSON was asked for; what was found is no success. */
static int show_list(struct cli *cli, const struct json *answer, const char *name,
                     void show(struct cli *cli, const struct json *item))
{
    const struct json *list = json_get(answer, name);
    int code = json_count(list) > 0 ? CLI_FINDINGS : CLI_OK;
    if (cli_print_json(cli, answer))
        return code;
    for (size_t i = 0; i < json_count(list); i++)
        show(cli, json_item(list, i));
    say_proof(cli, answer);
    return code;
}

/* "lake-chad-model 3, 3.1"; of a national rule only its number. */
static void put_clause(struct cli *cli, const struct json *clause)
{
    int64_t version = 0;
    if (json_get_integer(clause, "version", &version)) {
        agreement_put_text(cli, json_get_text(clause, "agreement"));
        (void)printf(" %lld, ", (long long)version);
    }
    agreement_put_text(cli, json_get_text(clause, "clause"));
}

/* -- analyse ------------------------------------------------------------------------------ */

static void show_finding(struct cli *cli, const struct json *item)
{
    const struct json *clause = json_get(item, "clause");
    const struct json *other = json_get(item, "other");
    struct text id = arena_join(cli->arena, TEXT("cli.survey-"), json_get_text(item, "finding"));
    if (clause != NULL)
        put_clause(cli, clause);
    else
        agreement_put_text(cli, cli_label(cli, "category", json_get_text(item, "category")));
    (void)fputs(": ", stdout);
    agreement_put_text(cli, cli_sentence(cli, id));
    if (other != NULL) {
        (void)fputc(' ', stdout);
        put_clause(cli, other);
    }
    if (json_get(item, "field") != NULL) {
        (void)fputc(' ', stdout);
        agreement_put_text(cli, json_get_text(item, "field"));
    }
    if (!json_get_bool(item, "decided"))
        (void)printf(" [%s]", text_say(cli->lang, "cli.survey-undecided"));
    (void)fputc('\n', stdout);
}

int agreement_analyse(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement analyse", .usage = "cli.survey-files-usage",
        .help = "cli.agreement-analyse-help", .options = options, .count = OPTIONS,
        .words_min = 1, .words_max = LAWS_MAX,
    };
    struct json answer;
    int code = CLI_OK;
    struct survey_task *task = begin(cli, &table, argc, argv, LAWS_TOGETHER, &code);
    if (task == NULL)
        return code;
    struct err e = survey_findings(&task->laws[0], task->as_of, task->questions, cli->arena,
                                   &answer);
    return failed(e) ? cli_fail(cli, e, task->args.words[0])
                     : show_list(cli, &answer, "findings", show_finding);
}

/* -- table -------------------------------------------------------------------------------- */

static void put_members(struct cli *cli, const struct json *members)
{
    for (size_t i = 0; i < json_count(members); i++) {
        (void)fputs(i > 0 ? ", " : "", stdout);
        agreement_put_text(cli, json_item_text(members, i));
    }
}

static void show_cell(struct cli *cli, const struct json *cell)
{
    const struct json *clauses = json_get(cell, "clauses");
    struct text mode = arena_join(cli->arena, TEXT("cli.survey-mode-"),
                                  json_get_text(cell, "mode"));
    struct text when = arena_join(cli->arena, TEXT("cli.survey-when-"),
                                  json_get_text(cell, "when"));
    struct text category = json_get_text(cell, "category");
    struct text mode_said = cli_sentence(cli, mode);
    struct text when_said = cli_sentence(cli, when);
    (void)printf("  %-24.*s %-10.*s %-20.*s ", (int)category.len, category.data,
                 (int)mode_said.len, mode_said.data, (int)when_said.len, when_said.data);
    put_members(cli, clauses);
    (void)fputc('\n', stdout);
}

static void show_pair(struct cli *cli, const struct json *answer, int64_t from, int64_t to)
{
    const struct json *parties = json_get(answer, "parties");
    const struct json *cells = json_get(answer, "cells");
    bool headed = false;
    for (size_t i = 0; i < json_count(cells); i++) {
        const struct json *cell = json_item(cells, i);
        int64_t cell_from = -1;
        int64_t cell_to = -1;
        (void)json_get_integer(cell, "from", &cell_from);
        (void)json_get_integer(cell, "to", &cell_to);
        if (cell_from != from || cell_to != to)
            continue;
        if (!headed) {
            put_members(cli, json_item(parties, (size_t)from));
            (void)fputs(" → ", stdout);
            put_members(cli, json_item(parties, (size_t)to));
            (void)fputc('\n', stdout);
        }
        headed = true;
        show_cell(cli, cell);
    }
}

int agreement_table(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement table", .usage = "cli.survey-files-usage",
        .help = "cli.agreement-table-help", .options = options, .count = OPTIONS,
        .words_min = 1, .words_max = LAWS_MAX,
    };
    struct json answer;
    int code = CLI_OK;
    struct survey_task *task = begin(cli, &table, argc, argv, LAWS_TOGETHER, &code);
    if (task == NULL)
        return code;
    struct err e = survey_table(&task->laws[0], task->as_of, task->questions, cli->arena,
                                &answer);
    if (failed(e))
        return cli_fail(cli, e, task->args.words[0]);
    if (cli_print_json(cli, &answer))
        return CLI_OK;
    int64_t classes = (int64_t)json_count(json_get(&answer, "parties"));
    for (int64_t pair = 0; pair < classes * classes; pair++)
        show_pair(cli, &answer, pair / classes, pair % classes);
    say_proof(cli, &answer);
    return CLI_OK;
}

/* -- compare ------------------------------------------------------------------------------ */

/* "retain_days 730 → 365", for each term that is not the same; "-": not said. */
static void show_terms(struct cli *cli, const struct json *before, const struct json *after)
{
    static const char *const told[] = { "outcome", "basis", "shared", "held", "reason", "layer" };
    const struct json *sides[2] = { before, after };
    for (size_t side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < json_count(sides[side]); i++) {
            struct text name = sides[side]->members[i].name;
            char text[64];
            bool known = name.len >= sizeof(text);
            for (size_t t = 0; t < sizeof(told) / sizeof(told[0]); t++)
                known = known || text_is(name, told[t]);
            if (known)
                continue;
            (void)snprintf(text, sizeof(text), "%.*s", (int)name.len, name.data);
            const struct json *was = json_get(before, text);
            const struct json *is = json_get(after, text);
            if ((side == 1 && was != NULL) || (was != NULL && is != NULL && json_equal(was, is)))
                continue; /* the same, or told from the other side */
            (void)printf("    %s ", text);
            agreement_put_text(cli, was == NULL ? TEXT("-") : cli_plain(cli, was));
            (void)fputs(" → ", stdout);
            agreement_put_text(cli, is == NULL ? TEXT("-") : cli_plain(cli, is));
            (void)fputc('\n', stdout);
        }
    }
}

static void show_difference(struct cli *cli, const struct json *item)
{
    const struct json *before = json_get(item, "before");
    const struct json *after = json_get(item, "after");
    const struct json *example = json_get(item, "example");
    struct text change = arena_join(cli->arena, TEXT("cli.survey-change-"),
                                    json_get_text(item, "change"));
    put_members(cli, json_get(item, "from"));
    (void)fputs(" → ", stdout);
    put_members(cli, json_get(item, "to"));
    (void)fputs(": ", stdout);
    agreement_put_text(cli, cli_sentence(cli, change));
    (void)fputs(before != NULL || after != NULL ? " (" : "", stdout);
    if (before != NULL)
        put_clause(cli, before);
    (void)fputs(before != NULL && after != NULL ? " → " : "", stdout);
    if (after != NULL)
        put_clause(cli, after);
    (void)printf("%s\n    %s:", before != NULL || after != NULL ? ")" : "",
                 text_say(cli->lang, "cli.survey-example"));
    for (uint32_t i = 0; i < json_count(example); i++) {
        (void)fputs(i > 0 ? ", " : " ", stdout);
        agreement_put_text(cli, example->members[i].name);
        (void)fputs(" ", stdout);
        const struct json *value = &example->members[i].value;
        agreement_put_text(cli, value->kind == JSON_STRING ? value->string : cli_plain(cli, value));
    }
    (void)fputc('\n', stdout);
    if (before != NULL && after != NULL)
        show_terms(cli, json_get(item, "said_before"), json_get(item, "says_after"));
}

int agreement_compare(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement compare", .usage = "cli.survey-two-usage",
        .help = "cli.agreement-compare-help", .options = options, .count = OPTIONS,
        .words_min = 2, .words_max = 2,
    };
    struct json answer;
    int code = CLI_OK;
    struct survey_task *task = begin(cli, &table, argc, argv, LAWS_EACH, &code);
    if (task == NULL)
        return code;
    struct err e = survey_contrast(&task->laws[0], &task->laws[1], task->as_of, task->questions,
                                   cli->arena, &answer);
    return failed(e) ? cli_fail(cli, e, task->args.words[1])
                     : show_list(cli, &answer, "differences", show_difference);
}
