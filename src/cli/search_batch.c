/* comity search --batch: one question a line, each a search of its own: entered with purpose and
 * reference before its answer leaves. A line that is no question is told and costs nothing; where
 * the node refuses, the batch stops and says from which line to go on. */
#include <stdio.h>

#include "cli/batch.h"
#include "cli/search.h"
#include "index/question.h"
#include "shell/clock.h"

/* What the node would say of the question itself, before it is asked. */
static struct err check(struct cli *cli, const struct json *query)
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

static void put(struct text text)
{
    (void)fwrite(text.data, 1, text.len, stdout);
}

static void print_json(struct cli *cli, uint32_t number, const char *name, struct json value)
{
    struct json out = json_object();
    struct bytes line;
    json_set_integer(cli->arena, &out, "line", number);
    json_set(cli->arena, &out, name, value);
    if (failed(json_format(&out, cli->arena, &line)))
        return; /* the arena is full, which the line's own error has said */
    (void)fwrite(line.data, 1, line.len, stdout);
    (void)fputc('\n', stdout);
}

/* line, hits, and of the best: band, score, record */
static void print_row(struct cli *cli, uint32_t number, const struct json *answer, char separator)
{
    const struct json *hits = json_get(answer, "hits");
    const struct json *best = json_item(hits, 0);
    bool common = json_get_bool(answer, "too_common");
    int64_t score = 0;
    (void)printf("%u%c%zu%s%c", (unsigned)number, separator, json_count(hits), common ? "+" : "",
                 separator);
    if (json_count(hits) > 0) {
        (void)json_get_integer(best, "score", &score);
        put(json_get_text(best, "band"));
        (void)printf("%c%lld%c", separator, (long long)score, separator);
        put(term_clean(cli->arena, json_get_text(best, "record")));
    } else {
        (void)printf("none%c%c", separator, separator);
    }
    (void)fputc('\n', stdout);
}

static void print_error(struct cli *cli, const struct batch_line *line, char separator)
{
    term_progress_end(&cli->err);
    batch_say(cli, line);
    if (separator == 0)
        print_json(cli, line->line, "error", json_literal(line->err.rule));
    else
        (void)printf("%u%c%cerror%c%c%s\n", (unsigned)line->line, separator, separator, separator,
                     separator, line->err.rule);
}

static bool ask(struct cli *cli, const struct json *frame, const struct batch_line *line,
                char separator, int *exit_out)
{
    struct json body = json_copy(cli->arena, frame);
    struct json answer;
    char number[16];
    bool json = cli->json;
    json_set(cli->arena, &body, "query", line->json);
    cli->json = false; /* a refusal is said once, on stderr: stdout is lines */
    bool asked = cli_send(cli, "POST", TEXT("/v1/search"), &body, &answer, exit_out);
    cli->json = json;
    if (!asked) {
        (void)snprintf(number, sizeof(number), "%u", (unsigned)line->line);
        cli_say(cli, "cli.batch-stopped", text_literal(number));
    } else if (separator == 0) {
        print_json(cli, line->line, "answer", answer);
    } else {
        print_row(cli, line->line, &answer, separator);
    }
    return asked;
}

static bool one_line(struct cli *cli, const struct search_batch *task, struct batch_line *line,
                     int *exit_out)
{
    if (!failed(line->err))
        line->err = check(cli, &line->json);
    if (!failed(line->err))
        return ask(cli, task->frame, line, task->separator, exit_out);
    print_error(cli, line, task->separator);
    *exit_out = CLI_FINDINGS;
    return true;
}

int search_batch(struct cli *cli, const struct search_batch *task)
{
    struct batch batch;
    struct batch_line line;
    int code = CLI_OK;
    char s = task->separator;
    if (!batch_open(cli, task->path, BATCH_SEARCH, &batch, &code))
        return code;
    if (s != 0)
        (void)printf("line%chits%cband%cscore%crecord\n", s, s, s, s);
    for (size_t mark = cli->arena->used; batch_next(cli, &batch, &line);
         arena_rewind(cli->arena, mark)) {
        size_t at = batch.form == BATCH_TABLE ? batch.csv.at : batch.at;
        if (line.line < task->from)
            continue;
        if (!one_line(cli, task, &line, &code))
            break;
        term_progress(&cli->err, task->path, at, batch.in.len);
    }
    term_progress_end(&cli->err);
    return code;
}
