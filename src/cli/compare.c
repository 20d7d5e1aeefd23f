/* comity search --compare: two names, questions or records held against each other by the function
 * that judges every search. What the caller brings is compared here: it touches no data of a node,
 * needs none and leaves no entry. A record of the node is named by its id; then the node compares,
 * for a purpose, and enters it as a look. */
#include <stdio.h>
#include <string.h>

#include "cli/search.h"
#include "index/question.h"
#include "model/record.h"
#include "shell/clock.h"

enum { SIDE_MAX = 1 << 20 };

static const char *const side_names[] = { "a", "b" };

static struct err compare(struct cli *cli, const struct index_scoring *scoring,
                          const struct json *pair, struct json *out)
{
    struct index_doc sides[2];
    struct index_hit hit;
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < 2; i++)
        e = question_side(json_get(pair, side_names[i]), date_of_instant(clock_now()), cli->arena,
                          &sides[i]);
    if (!failed(e))
        e = index_compare_docs(&sides[0], &sides[1], scoring, cli->arena, &hit);
    if (failed(e))
        return e;
    *out = json_object();
    question_verdict(&hit, cli->arena, out);
    question_scoring(scoring, cli->arena, out);
    return err_none();
}

/* -- two ---------------------------------------------------------------------------------- */

/* "@FILE": a record or a question; an id: a record of the node; all else is a name. */
static struct err side_of(struct cli *cli, struct text word, struct json *out)
{
    struct bytes file;
    struct record_id id;
    *out = json_string(word);
    if (text_starts(word, TEXT("@"))) {
        struct err e = cli_read(cli, text_slice(word, 1, word.len), SIDE_MAX, &file);
        return failed(e) ? e : json_parse(file, cli->arena, out);
    }
    if (failed(record_id_parse(word, &id)))
        return err_none();
    *out = json_object();
    json_set_text(cli->arena, out, "record", word);
    return err_none();
}

/* The node's verdict on the pair; false: said. */
static bool ask_node(struct cli *cli, const struct json *frame, const struct json *pair,
                     struct json *out, int *exit_out)
{
    struct json body = json_copy(cli->arena, frame);
    struct json pairs = json_array();
    struct json answer;
    json_push(cli->arena, &pairs, *pair);
    json_remove(&body, "query");
    json_set(cli->arena, &body, "pairs", pairs);
    if (!cli_send(cli, "POST", TEXT("/v1/compare"), &body, &answer, exit_out))
        return false;
    *out = *json_item(json_get(&answer, "results"), 0);
    if (!text_is(json_get_text(out, "result"), "refused"))
        return true;
    char rule[64];
    struct text code = json_get_text(out, "code");
    (void)snprintf(rule, sizeof(rule), "%.*s", (int)code.len, code.data);
    bool absent = text_is(code, "clerk.no-such-record");
    *exit_out = cli_fail(cli, err_make(absent ? ERR_NOT_FOUND : ERR_INVALID, rule),
                         json_get_text(out, "pointer"));
    return false;
}

static void show(struct cli *cli, const struct json *verdict)
{
    search_show_verdict(cli, verdict);
    for (size_t i = 0; i < 2; i++) {
        const struct json *card = json_get(verdict, side_names[i]);
        if (card == NULL)
            continue;
        (void)printf("%s: ", side_names[i]);
        cli_line(cli, json_get_text(card, "record"));
        search_show_card(cli, card);
    }
}

static int compare_two(struct cli *cli, const struct args *args, const struct search_compare *how,
                       const struct index_scoring *scoring)
{
    struct json pair = json_object();
    struct json verdict;
    int code = CLI_OK;
    if (args->word_count != 2) {
        cli_say(cli, "cli.compare-two", TEXT("--compare"));
        return CLI_USAGE;
    }
    for (size_t i = 0; i < 2; i++) {
        struct json side;
        struct err e = side_of(cli, args->words[i], &side);
        if (failed(e))
            return cli_fail(cli, e, args->words[i]);
        json_set(cli->arena, &pair, side_names[i], side);
    }
    if (how->node) {
        if (!ask_node(cli, how->batch.frame, &pair, &verdict, &code))
            return code;
    } else {
        struct err e = compare(cli, scoring, &pair, &verdict);
        if (failed(e))
            return cli_fail(cli, e, TEXT(""));
    }
    if (!cli_print_json(cli, &verdict))
        show(cli, &verdict);
    return code;
}

/* -- many --------------------------------------------------------------------------------- */

static struct err check_pair(struct cli *cli, const struct json *pair)
{
    struct index_doc side;
    struct err e = err_none();
    for (size_t i = 0; !failed(e) && i < 2; i++) {
        const struct json *in = json_get(pair, side_names[i]);
        if (json_get(in, "statements") != NULL)
            e = err_make(ERR_INVALID, "compare.content");
        else if (json_get(in, "record") == NULL)
            e = question_side(in, date_of_instant(clock_now()), cli->arena, &side);
    }
    return e;
}

/* band, score */
static void print_verdict(struct cli *cli, const struct json *verdict, char separator)
{
    int64_t score = 0;
    struct text band = term_clean(cli->arena, json_get_text(verdict, "band"));
    (void)json_get_integer(verdict, "score", &score);
    (void)printf("%c%.*s%c%lld", separator, (int)band.len, band.data, separator, (long long)score);
}

static const struct batch_of pairs = {
    .use = BATCH_COMPARE,
    .path = "/v1/compare",
    .member = "pairs",
    .columns = { "pair", "band", "score" },
    .column_count = 3,
    .check = check_pair,
    .print = print_verdict,
};

static int compare_batch(struct cli *cli, const struct search_batch *task,
                         const struct index_scoring *scoring)
{
    struct batch batch;
    struct batch_line line;
    int code = CLI_OK;
    if (!batch_open(cli, task->path, BATCH_COMPARE, &batch, &code))
        return code;
    search_columns(&pairs, task->separator);
    for (size_t mark = cli->arena->used; batch_next(cli, &batch, &line);
         arena_rewind(cli->arena, mark)) {
        struct json verdict;
        if (line.line < task->from)
            continue;
        if (!failed(line.err))
            line.err = compare(cli, scoring, &line.json, &verdict);
        if (failed(line.err)) {
            search_refused(cli, &pairs, line.line, text_literal(line.err.rule), task->separator);
            code = CLI_FINDINGS;
        } else {
            search_result(cli, &pairs, line.line, &verdict, task->separator);
        }
    }
    return code;
}

int search_compare(struct cli *cli, const struct args *args, const struct search_compare *how)
{
    struct index_scoring scoring = { .version = 0 };
    bool batch = how->batch.path.len > 0;
    if (how->node && how->frequency.len > 0) {
        cli_say(cli, "cli.compare-frequency", TEXT("--frequency"));
        return CLI_USAGE;
    }
    struct err e = frequency_read(cli, how->frequency, &scoring.frequency);
    if (failed(e))
        return cli_fail(cli, e, how->frequency);
    if (batch && how->node)
        return search_many(cli, &pairs, &how->batch);
    return batch ? compare_batch(cli, &how->batch, &scoring)
                 : compare_two(cli, args, how, &scoring);
}
