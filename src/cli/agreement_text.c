/* comity agreement new, check, print, diff, amend: work on texts. They need no node, unless a text
 * is named by its hash. */
#include <stdio.h>
#include <string.h>

#include "cli/agreement.h"
#include "core/encode.h"
#include "wording/words.h"
#include "cli/template_lines.inc"

enum { DIFF_CELLS_MAX = 16 << 20, LINES_MAX = 65536, PARTIES_SHOWN = 2 };

/* -- check ---------------------------------------------------------------------------------- */

static struct json error_json(struct cli *cli, struct text text, struct err error)
{
    struct json out = json_object();
    struct text_place place = treaty_place(text, error.at);
    json_set_integer(cli->arena, &out, "line", place.line);
    json_set_integer(cli->arena, &out, "column", place.column);
    json_set(cli->arena, &out, "rule", json_literal(error.rule));
    return out;
}

/* Every error at once; nothing to say but the hash: the text is in order. */
int agreement_check(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = { .command = "comity agreement check",
                                             .usage = "cli.agreement-put-usage",
                                             .help = "cli.agreement-check-help",
                                             .words_min = 1, .words_max = 1 };
    struct treaty_errors errors = { .count = 0 };
    struct treaty treaty;
    struct hash hash;
    struct text text;
    struct args args;
    struct json out = json_object();
    struct json list = json_array();
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_text(cli, args.words[0], &text, &code))
        return code;
    struct err e = treaty_parse(text, LANGUAGE_ANY, cli->arena, &errors, &treaty);
    if (failed(e) && errors.count == 0)
        return cli_fail(cli, e, args.words[0]);
    json_set(cli->arena, &out, "ok", json_bool(!failed(e)));
    for (uint32_t i = 0; i < errors.count; i++)
        json_push(cli->arena, &list, error_json(cli, text, errors.items[i]));
    json_set(cli->arena, &out, "errors", list);
    if (!failed(e) && !failed(treaty_hash(&treaty, cli->arena, &hash)))
        json_set_text(cli->arena, &out, "hash", hex_format(cli->arena, BYTES_OF(hash.bytes)));
    if (!cli_print_json(cli, &out) && !failed(e))
        cli_line(cli, json_get_text(&out, "hash"));
    agreement_say_errors(cli, args.words[0], text, &errors);
    return failed(e) ? CLI_FINDINGS : CLI_OK;
}

/* -- print ---------------------------------------------------------------------------------- */

static const struct args_option language_option[] = {
    { ARGS_TEXT, "language", 'l', "en|fr|ar", "cli.agreement-language", 0, 0 },
};

int agreement_print(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement print", .usage = "cli.agreement-text-usage",
        .help = "cli.agreement-print-help", .options = language_option, .count = 1,
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct treaty treaty;
    struct text text;
    enum language language;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_language(cli, &args.values[0], &language, &code) ||
        !agreement_take(cli, args.words[0], &treaty, &code))
        return code;
    struct err e = treaty_print(&treaty, language, cli->arena, &text);
    if (failed(e))
        return cli_fail(cli, e, args.words[0]);
    if (cli->json) {
        struct json out = json_object();
        json_set_text(cli->arena, &out, "text", text);
        (void)cli_print_json(cli, &out);
    } else {
        agreement_put_text(cli, text);
    }
    return CLI_OK;
}

/* -- amend ---------------------------------------------------------------------------------- */

/* The next version, ready for editing: it replaces this one, and nobody has signed it. */
int agreement_amend(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement amend", .usage = "cli.agreement-text-usage",
        .help = "cli.agreement-amend-help", .options = language_option, .count = 1,
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct treaty treaty;
    struct text text;
    enum language language;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_language(cli, &args.values[0], &language, &code) ||
        !agreement_take(cli, args.words[0], &treaty, &code))
        return code;
    struct succession old = { .name = treaty.name, .version = treaty.version };
    treaty.replaces = &old;
    treaty.replaces_count = 1;
    treaty.version++;
    struct err e = treaty.version > TREATY_COUNT_MAX
                       ? err_make(ERR_LIMIT, "treaty.number-too-big")
                       : treaty_print(&treaty, language, cli->arena, &text);
    if (failed(e))
        return cli_fail(cli, e, args.words[0]);
    agreement_put_text(cli, text);
    return CLI_OK;
}

/* -- diff ----------------------------------------------------------------------------------- */

struct lines {
    struct text *items;
    size_t count;
};

static struct lines lines_of(struct cli *cli, struct text text)
{
    struct lines out = { ARENA_ARRAY(cli->arena, struct text, LINES_MAX), 0 };
    while (out.items != NULL && text.len > 0 && out.count < LINES_MAX)
        out.items[out.count++] = text_split(&text, '\n');
    return out;
}

static void put_line(struct cli *cli, char mark, struct text line)
{
    const char *style = term_style(&cli->out, mark == '-'   ? TERM_RED
                                              : mark == '+' ? TERM_GREEN
                                                            : TERM_PLAIN);
    (void)printf("%s%c ", style, mark);
    agreement_put_text(cli, line);
    (void)printf("%s\n", term_style(&cli->out, TERM_PLAIN));
}

/* The lines between the common beginning and end, by their longest common part. */
static bool put_middle(struct cli *cli, struct lines a, struct lines b)
{
    size_t width = b.count + 1;
    uint16_t *cells = ARENA_ARRAY(cli->arena, uint16_t, (a.count + 1) * width);
    size_t i = 0;
    size_t j = 0;
    if (cells == NULL)
        return false;
    for (i = a.count; i-- > 0;) {
        for (j = b.count; j-- > 0;) {
            uint16_t down = cells[(i + 1) * width + j];
            uint16_t right = cells[i * width + j + 1];
            cells[i * width + j] = text_equal(a.items[i], b.items[j])
                                       ? (uint16_t)(cells[(i + 1) * width + j + 1] + 1)
                                   : down > right ? down
                                                  : right;
        }
    }
    i = 0;
    j = 0;
    while (i < a.count || j < b.count) {
        bool both = i < a.count && j < b.count;
        if (both && text_equal(a.items[i], b.items[j])) {
            put_line(cli, ' ', a.items[i]);
            i++;
            j++;
        } else if (j == b.count ||
                   (both && cells[(i + 1) * width + j] >= cells[i * width + j + 1])) {
            put_line(cli, '-', a.items[i++]);
        } else {
            put_line(cli, '+', b.items[j++]);
        }
    }
    return true;
}

static void skip_common(struct lines *a, struct lines *b)
{
    while (a->count > 0 && b->count > 0 && text_equal(a->items[0], b->items[0])) {
        a->items++;
        b->items++;
        a->count--;
        b->count--;
    }
    while (a->count > 0 && b->count > 0 &&
           text_equal(a->items[a->count - 1], b->items[b->count - 1])) {
        a->count--;
        b->count--;
    }
}

static int show_lines(struct cli *cli, struct lines sides[static 2])
{
    skip_common(&sides[0], &sides[1]);
    if (sides[0].count == 0 && sides[1].count == 0)
        return CLI_OK;
    bool small = sides[0].count < UINT16_MAX && sides[1].count < UINT16_MAX &&
                 (sides[0].count + 1) * (sides[1].count + 1) <= DIFF_CELLS_MAX;
    if (small && put_middle(cli, sides[0], sides[1]))
        return CLI_FINDINGS;
    for (size_t i = 0; i < sides[0].count; i++)
        put_line(cli, '-', sides[0].items[i]);
    for (size_t i = 0; i < sides[1].count; i++)
        put_line(cli, '+', sides[1].items[i]);
    return CLI_FINDINGS;
}

/* The canonical texts of both trees, line by line: layout, comments and language make no
 * difference. As JSON clause by clause, with what was only moved. */
int agreement_diff(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity agreement diff", .usage = "cli.agreement-diff-usage",
        .help = "cli.agreement-diff-help", .options = language_option, .count = 1,
        .words_min = 2, .words_max = 2,
    };
    struct args args;
    struct treaty treaties[2];
    struct lines sides[2];
    struct json changes;
    enum language language;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_language(cli, &args.values[0], &language, &code))
        return code;
    for (size_t i = 0; i < 2; i++) {
        struct text text;
        if (!agreement_take(cli, args.words[i], &treaties[i], &code))
            return code;
        struct err e = treaty_print(&treaties[i], language, cli->arena, &text);
        if (failed(e))
            return cli_fail(cli, e, args.words[i]);
        sides[i] = lines_of(cli, text);
    }
    struct err e = treaty_diff(&treaties[0], &treaties[1], language, cli->arena, &changes);
    if (failed(e))
        return cli_fail(cli, e, args.words[1]);
    if (cli_print_json(cli, &changes))
        return json_count(&changes) > 0 ? CLI_FINDINGS : CLI_OK;
    return show_lines(cli, sides);
}

/* -- new ------------------------------------------------------------------------------------ */

static const struct {
    const char *const *lines;
    size_t count;
} templates[LANGUAGES] = {
    { template_en, sizeof(template_en) / sizeof(template_en[0]) },
    { template_fr, sizeof(template_fr) / sizeof(template_fr[0]) },
    { template_ar, sizeof(template_ar) / sizeof(template_ar[0]) },
};

struct filling {
    struct cli *cli;
    enum language language;
    struct text name;
    struct text parties[ARGS_LIST_MAX];
    size_t count;
    bool annex; /* below it: a line of comment each, until there are keys */
};

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

/* `line` with every whole word `from` replaced. */
static struct text swap_word(struct cli *cli, struct text line, struct text from, struct text to)
{
    struct text out = TEXT("");
    size_t begin = 0;
    for (size_t i = 0; i + from.len <= line.len; i++) {
        bool whole = (i == 0 || !word_char(line.data[i - 1])) &&
                     (i + from.len == line.len || !word_char(line.data[i + from.len]));
        if (!whole || !text_equal(text_slice(line, i, from.len), from))
            continue;
        out = arena_join(cli->arena, out, text_slice(line, begin, i - begin));
        out = arena_join(cli->arena, out, to);
        begin = i + from.len;
        i = begin - 1;
    }
    return arena_join(cli->arena, out, text_slice(line, begin, line.len));
}

static void put_filled(struct filling *f, const char *template)
{
    static const struct text models[PARTIES_SHOWN] = { { "BEN", 3 }, { "TGO", 3 } };
    struct text line = text_literal(template);
    struct text parties = TEXT("BEN TGO");
    struct text all = TEXT("");
    for (size_t i = 0; i < f->count; i++) {
        all = arena_join(f->cli->arena, all, i == 0 ? TEXT("") : TEXT(" "));
        all = arena_join(f->cli->arena, all, f->parties[i]);
    }
    line = swap_word(f->cli, line, TEXT("template-model"), f->name);
    f->annex = f->annex || text_equal(line, phrase_text(PHRASE_ANNEX, f->language));
    if (f->count > 0 && text_ends(line, parties))
        line = arena_join(f->cli->arena, text_slice(line, 0, line.len - parties.len), all);
    for (size_t i = 0; f->count > 0 && i < PARTIES_SHOWN; i++)
        line = swap_word(f->cli, line, models[i], f->parties[i]);
    if (f->annex && f->count > 0 && line.len > 0 && line.data[0] != '#')
        (void)fputs("# ", stdout);
    agreement_put_text(f->cli, line);
    (void)fputc('\n', stdout);
}

/* Parties come as "--parties NER,TCD" or one option each. */
static void take_parties(struct filling *f, const struct args_value *given)
{
    for (size_t i = 0; i < given->list_count; i++) {
        struct text rest = given->list[i];
        while (rest.len > 0 && f->count < ARGS_LIST_MAX) {
            struct text one = text_split(&rest, ',');
            if (one.len > 0)
                f->parties[f->count++] = one;
        }
    }
}

int agreement_new(struct cli *cli, int argc, char **argv)
{
    enum { NAME, PARTIES, LANGUAGE, OPTIONS };
    static const struct args_option options[OPTIONS] = {
        { ARGS_TEXT, "name", 'n', "NAME", "cli.agreement-name", 0, 0 },
        { ARGS_LIST, "parties", 'p', "MEMBER,MEMBER", "cli.agreement-parties", 0, 0 },
        { ARGS_TEXT, "language", 'l', "en|fr|ar", "cli.agreement-language", 0, 0 },
    };
    static const struct args_table table = { .command = "comity agreement new",
                                             .usage = "cli.no-usage",
                                             .help = "cli.agreement-new-help",
                                             .options = options, .count = OPTIONS };
    struct filling filling = { .cli = cli, .name = TEXT("template-model") };
    struct args args;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !agreement_language(cli, &args.values[LANGUAGE], &filling.language, &code))
        return code;
    if (args.values[NAME].set)
        filling.name = args.values[NAME].text;
    take_parties(&filling, &args.values[PARTIES]);
    if (filling.count == 1) {
        cli_say(cli, "treaty.too-few-parties", filling.parties[0]);
        return CLI_USAGE;
    }
    for (size_t i = 0; i < templates[filling.language].count; i++)
        put_filled(&filling, templates[filling.language].lines[i]);
    return CLI_OK;
}
