/* comity search --batch: one question a line, some lines a call, each a search of its own: entered
 * with purpose and reference before its answer leaves. A line that is no question is told and costs
 * nothing; where the node refuses, the batch stops and says from which line to go on. Pairs of
 * --compare that name records of the node go the same way. */
#include <stdio.h>
#include <string.h>

#include "cli/search.h"
#include "index/question.h"
#include "shell/clock.h"

void search_print(struct cli *cli, const struct json *value)
{
    struct bytes line;
    if (failed(json_format(value, cli->arena, &line)))
        return; /* the arena is full, which the line's own error has said */
    (void)fwrite(line.data, 1, line.len, stdout);
    (void)fputc('\n', stdout);
}

static void put(struct text text)
{
    (void)fwrite(text.data, 1, text.len, stdout);
}

/* -- questions ---------------------------------------------------------------------------- */

static struct err check_question(struct cli *cli, const struct json *query)
{
    struct question *question = ARENA_NEW(cli->arena, struct question);
    struct index_doc nobody = { .number = 1 };
    struct index_hit hit;
    struct text place;
    if (question == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e = question_parse(query, date_of_instant(clock_now()), cli->arena, question,
                                  &place);
    return failed(e) ? e : index_compare(&question->query, &nobody, cli->arena, &hit);
}

/* hits, and of the best: band, score, record */
static void print_answer(struct cli *cli, const struct json *answer, char separator)
{
    const struct json *hits = json_get(answer, "hits");
    const struct json *best = json_item(hits, 0);
    bool common = json_get_bool(answer, "too_common");
    int64_t score = 0;
    (void)printf("%c%zu%s%c", separator, json_count(hits), common ? "+" : "", separator);
    if (json_count(hits) > 0) {
        (void)json_get_integer(best, "score", &score);
        put(json_get_text(best, "band"));
        (void)printf("%c%lld%c", separator, (long long)score, separator);
        put(term_clean(cli->arena, json_get_text(best, "record")));
    } else {
        (void)printf("none%c%c", separator, separator);
    }
}

/* -- lines -------------------------------------------------------------------------------- */

void search_columns(const struct batch_of *of, char separator)
{
    for (size_t i = 0; separator != 0 && i < of->column_count; i++)
        (void)printf("%s%c", of->columns[i], i + 1 < of->column_count ? separator : '\n');
}

void search_result(struct cli *cli, const struct batch_of *of, uint32_t line,
                   const struct json *answer, char separator)
{
    struct json out = json_object();
    if (separator != 0) {
        (void)printf("%u", (unsigned)line);
        of->print(cli, answer, separator);
        (void)fputc('\n', stdout);
        return;
    }
    json_set_integer(cli->arena, &out, "line", line);
    if (of->in_answer != NULL)
        json_set(cli->arena, &out, of->in_answer, *answer);
    for (uint32_t i = 0; of->in_answer == NULL && i < json_count(answer); i++)
        json_set_name(cli->arena, &out, answer->members[i].name, answer->members[i].value);
    search_print(cli, &out);
}

/* In its place: "error" where a band would stand, the rule in the last column. */
void search_refused(struct cli *cli, const struct batch_of *of, uint32_t line, struct text rule,
                    char separator)
{
    struct json out = json_object();
    term_progress_end(&cli->err);
    batch_say(cli, line, rule);
    if (separator == 0) {
        json_set_integer(cli->arena, &out, "line", line);
        json_set_text(cli->arena, &out, "error", rule);
        search_print(cli, &out);
        return;
    }
    (void)printf("%u", (unsigned)line);
    for (size_t i = 1; i < of->column_count; i++) {
        (void)fputc(separator, stdout);
        if (strcmp(of->columns[i], "band") == 0)
            (void)fputs("error", stdout);
        else if (i + 1 == of->column_count)
            put(rule);
    }
    (void)fputc('\n', stdout);
}

/* -- some lines at once ------------------------------------------------------------------- */

enum { AT_ONCE = 32 };

struct some {
    struct batch_line lines[AT_ONCE];
    size_t count;
};

static bool is_question(const struct batch_line *line)
{
    return !failed(line->err);
}

struct sent {
    struct json results;
    int exit; /* of the batch */
};

/* Sends the questions from line `from` of `some` on; false: said, and out->exit. */
static bool send(struct cli *cli, const struct batch_of *of, const struct json *frame,
                 const struct some *some, size_t from, struct sent *out)
{
    struct json body = json_copy(cli->arena, frame);
    struct json queries = json_array();
    struct json answer;
    bool json = cli->json;
    out->results = json_array();
    for (size_t i = from; i < some->count; i++) {
        if (is_question(&some->lines[i]))
            json_push(cli->arena, &queries, some->lines[i].json);
    }
    if (json_count(&queries) == 0)
        return true;
    json_remove(&body, "query");
    json_set(cli->arena, &body, of->member, queries);
    cli->json = false; /* a refusal is said once, on stderr: stdout is lines */
    bool sent = cli_send(cli, "POST", text_literal(of->path), &body, &answer, &out->exit);
    cli->json = json;
    if (sent && json_get(&answer, "results") != NULL)
        out->results = *json_get(&answer, "results");
    return sent;
}

static void say_stopped(struct cli *cli, uint32_t line)
{
    char number[16];
    (void)snprintf(number, sizeof(number), "%u", (unsigned)line);
    cli_say(cli, "cli.batch-stopped", text_literal(number));
}

/* Lines in their order: errors of their own, answers of the node, which may leave some for another
 * call. */
static bool flush(struct cli *cli, const struct batch_of *of, const struct search_batch *task,
                  struct some *some, int *exit_out)
{
    struct sent sent = { .results = json_array(), .exit = *exit_out };
    size_t used = 0;
    bool asked = false;
    for (size_t i = 0; i < some->count; i++) {
        const struct batch_line *line = &some->lines[i];
        if (!is_question(line)) {
            search_refused(cli, of, line->line, text_literal(line->err.rule), task->separator);
            *exit_out = CLI_FINDINGS;
            continue;
        }
        if (!asked || used == json_count(&sent.results)) {
            asked = send(cli, of, task->frame, some, i, &sent);
            used = 0;
        }
        if (!asked || json_count(&sent.results) == 0) {
            *exit_out = sent.exit;
            say_stopped(cli, line->line);
            return false;
        }
        const struct json *answer = json_item(&sent.results, used++);
        if (text_is(json_get_text(answer, "result"), "refused")) {
            search_refused(cli, of, line->line, json_get_text(answer, "code"), task->separator);
            *exit_out = CLI_FINDINGS;
        } else {
            search_result(cli, of, line->line, answer, task->separator);
        }
    }
    some->count = 0;
    return true;
}

int search_many(struct cli *cli, const struct batch_of *of, const struct search_batch *task)
{
    struct batch batch;
    struct some some = { .count = 0 };
    int code = CLI_OK;
    bool more = true;
    if (!batch_open(cli, task->path, of->use, &batch, &code))
        return code;
    search_columns(of, task->separator);
    size_t mark = cli->arena->used;
    while (more) {
        struct batch_line *line = &some.lines[some.count];
        size_t before = cli->arena->used;
        more = batch_next(cli, &batch, line);
        if (more && line->line < task->from) {
            arena_rewind(cli->arena, before);
            continue;
        }
        if (more && !failed(line->err))
            line->err = of->check(cli, &line->json);
        some.count += more ? 1 : 0;
        if (more && some.count < AT_ONCE)
            continue;
        if (!flush(cli, of, task, &some, &code))
            break;
        arena_rewind(cli->arena, mark);
        term_progress(&cli->err, task->path,
                      batch.form == BATCH_TABLE ? batch.csv.at : batch.at, batch.in.len);
    }
    term_progress_end(&cli->err);
    return code;
}

int search_batch(struct cli *cli, const struct search_batch *task)
{
    static const struct batch_of questions = {
        .use = BATCH_SEARCH,
        .path = "/v1/searches",
        .member = "queries",
        .in_answer = "answer",
        .columns = { "line", "hits", "band", "score", "record" },
        .column_count = 5,
        .check = check_question,
        .print = print_answer,
    };
    return search_many(cli, &questions, task);
}
