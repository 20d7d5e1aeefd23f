/* comity search --compare: two names, questions or records held against each other by the function
 * that judges every search. It touches no data of a node: it needs none and leaves no entry. */
#include <stdio.h>
#include <string.h>

#include "cli/batch.h"
#include "cli/search.h"
#include "index/question.h"
#include "shell/clock.h"

enum { SIDE_MAX = 1 << 20 };

static struct err compare(struct cli *cli, const struct json *a, const struct json *b,
                          struct index_hit *out)
{
    struct date today = date_of_instant(clock_now());
    struct index_frequency built_in = { { NULL, 0 } };
    struct index_doc ours;
    struct index_doc theirs;
    struct err e = question_side(a, today, cli->arena, &ours);
    if (!failed(e))
        e = question_side(b, today, cli->arena, &theirs);
    return failed(e) ? e : index_compare_docs(&ours, &theirs, built_in, cli->arena, out);
}

static struct json verdict(struct cli *cli, const struct index_hit *hit)
{
    struct json out = json_object();
    question_verdict(hit, cli->arena, &out);
    json_set_integer(cli->arena, &out, "score_version", INDEX_SCORE_VERSION);
    return out;
}

static void print(struct cli *cli, const struct json *value)
{
    struct bytes line;
    if (failed(json_format(value, cli->arena, &line)))
        return; /* the arena is full, which the line's own error has said */
    (void)fwrite(line.data, 1, line.len, stdout);
    (void)fputc('\n', stdout);
}

/* "@FILE": a record or a question; all else is a name. */
static struct err side_of(struct cli *cli, struct text word, struct json *out)
{
    struct bytes file;
    if (!text_starts(word, TEXT("@"))) {
        *out = json_string(word);
        return err_none();
    }
    struct err e = cli_read(cli, text_slice(word, 1, word.len), SIDE_MAX, &file);
    return failed(e) ? e : json_parse(file, cli->arena, out);
}

static int compare_two(struct cli *cli, const struct args *args)
{
    struct json sides[2];
    struct index_hit hit;
    if (args->word_count != 2) {
        cli_say(cli, "cli.compare-two", TEXT("--compare"));
        return CLI_USAGE;
    }
    for (size_t i = 0; i < 2; i++) {
        struct err e = side_of(cli, args->words[i], &sides[i]);
        if (failed(e))
            return cli_fail(cli, e, args->words[i]);
    }
    struct err e = compare(cli, &sides[0], &sides[1], &hit);
    if (failed(e))
        return cli_fail(cli, e, TEXT(""));
    struct json out = verdict(cli, &hit);
    if (!cli_print_json(cli, &out))
        search_show_verdict(cli, &out);
    return CLI_OK;
}

static void print_error(struct cli *cli, const struct batch_line *line, char separator)
{
    struct json out = json_object();
    batch_say(cli, line);
    if (separator != 0) {
        (void)printf("%u%cerror%c%s\n", (unsigned)line->line, separator, separator,
                     line->err.rule);
        return;
    }
    json_set_integer(cli->arena, &out, "line", line->line);
    json_set(cli->arena, &out, "error", json_literal(line->err.rule));
    print(cli, &out);
}

static void print_pair(struct cli *cli, uint32_t line, const struct index_hit *hit,
                       char separator)
{
    if (separator != 0) {
        (void)printf("%u%c%s%c%d\n", (unsigned)line, separator, question_band(hit->band),
                     separator, (int)hit->score);
        return;
    }
    struct json out = verdict(cli, hit);
    json_set_integer(cli->arena, &out, "line", line);
    print(cli, &out);
}

static int compare_batch(struct cli *cli, struct text path, char separator)
{
    struct batch batch;
    struct batch_line line;
    int code = CLI_OK;
    if (!batch_open(cli, path, BATCH_COMPARE, &batch, &code))
        return code;
    if (separator != 0)
        (void)printf("pair%cband%cscore\n", separator, separator);
    for (size_t mark = cli->arena->used; batch_next(cli, &batch, &line);
         arena_rewind(cli->arena, mark)) {
        struct index_hit hit;
        if (!failed(line.err))
            line.err = compare(cli, json_get(&line.json, "a"), json_get(&line.json, "b"), &hit);
        if (failed(line.err)) {
            print_error(cli, &line, separator);
            code = CLI_FINDINGS;
        } else {
            print_pair(cli, line.line, &hit, separator);
        }
    }
    return code;
}

int search_compare(struct cli *cli, const struct args *args, struct text batch_opt,
                   char separator)
{
    return batch_opt.len > 0 ? compare_batch(cli, batch_opt, separator) : compare_two(cli, args);
}
