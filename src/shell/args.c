#include "shell/args.h"

#include <assert.h>

#include "core/writer.h"

enum { NEAREST_WORD_MAX = 40, NEAREST_EDITS_MAX = 2 };

struct args_reader {
    const struct args_table *table;
    struct arena *arena;
    int argc;
    char *const *argv;
    int at;
    struct args *args;
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein with swaps of neighbours (optimal string alignment), both at most
 * NEAREST_WORD_MAX. */
static size_t edit_distance(struct text a, struct text b)
{
    size_t rows[3][NEAREST_WORD_MAX + 1];
    size_t *before = rows[0];
    size_t *last = rows[1];
    size_t *row = rows[2];
    memset(rows, 0, sizeof(rows));
    for (size_t j = 0; j <= b.len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            bool same = a.data[i - 1] == b.data[j - 1];
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + (same ? 0 : 1));
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *old = before;
        before = last;
        last = row;
        row = old;
    }
    return last[b.len];
}

const char *args_nearest(struct text word, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = NEAREST_EDITS_MAX + 1;
    for (size_t i = 0; i < count; i++) {
        struct text name = text_literal(names[i]);
        if (word.len > NEAREST_WORD_MAX || name.len > NEAREST_WORD_MAX)
            continue;
        size_t distance = edit_distance(word, name);
        if (distance < best_distance && distance * 2 < word.len) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}

static const struct args_option *option_named(const struct args_table *table, struct text name)
{
    for (size_t i = 0; i < table->count; i++) {
        if (text_is(name, table->options[i].name))
            return &table->options[i];
    }
    return NULL;
}

static const struct args_option *option_lettered(const struct args_table *table, char letter)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->options[i].letter != '\0' && table->options[i].letter == letter)
            return &table->options[i];
    }
    return NULL;
}

static struct err unknown_option(struct args_reader *r, struct text name)
{
    const char *names[ARGS_OPTIONS_MAX + 1];
    for (size_t i = 0; i < r->table->count; i++)
        names[i] = r->table->options[i].name;
    names[r->table->count] = "help";
    const char *near = args_nearest(name, names, r->table->count + 1);
    if (near)
        r->args->nearest = arena_join(r->arena, TEXT("--"), text_literal(near));
    return err_make(ERR_INVALID, "args.unknown-option");
}

static bool parse_number(struct text in, int64_t *out)
{
    bool negative = in.len > 0 && in.data[0] == '-';
    size_t i = negative ? 1 : 0;
    if (in.len - i == 0 || in.len - i > 18)
        return false;
    int64_t value = 0;
    for (; i < in.len; i++) {
        if (in.data[i] < '0' || in.data[i] > '9')
            return false;
        value = value * 10 + (in.data[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

static struct err set_value(struct args_reader *r, const struct args_option *option,
                            struct text text)
{
    struct args_value *value = &r->args->values[option - r->table->options];
    if (option->kind == ARGS_NUMBER) {
        if (!parse_number(text, &value->number))
            return err_make(ERR_INVALID, "args.not-number");
        if (value->number < option->min || value->number > option->max)
            return err_make(ERR_INVALID, "args.out-of-range");
    }
    if (option->kind == ARGS_LIST) {
        if (!value->list)
            value->list = ARENA_ARRAY(r->arena, struct text, ARGS_LIST_MAX);
        if (!value->list || value->list_count == ARGS_LIST_MAX)
            return err_make(ERR_INVALID, "args.too-many-words");
        value->list[value->list_count++] = text;
    }
    value->text = text;
    value->set = true;
    return err_none();
}

/* `given` has data NULL when the value, if one is needed, is the next argument. */
static struct err read_option(struct args_reader *r, const struct args_option *option,
                              struct text given)
{
    if (option->kind == ARGS_FLAG) {
        if (given.data)
            return err_make(ERR_INVALID, "args.unwanted-value");
        r->args->values[option - r->table->options].set = true;
        return err_none();
    }
    if (!given.data) {
        if (r->at + 1 >= r->argc)
            return err_make(ERR_INVALID, "args.missing-value");
        struct err e = text_parse(bytes_of(r->argv[r->at + 1], strlen(r->argv[r->at + 1])), &given);
        if (failed(e))
            return err_make(ERR_INVALID, "args.bad-text");
        r->at++;
    }
    return set_value(r, option, given);
}

static struct err read_long(struct args_reader *r, struct text argument)
{
    struct text value = text_slice(argument, 2, SIZE_MAX);
    struct text name = text_split(&value, '=');
    if (text_is(name, "help") && !value.data) {
        r->args->help = true;
        return err_none();
    }
    const struct args_option *option = option_named(r->table, name);
    return option ? read_option(r, option, value) : unknown_option(r, name);
}

static struct err read_letters(struct args_reader *r, struct text argument)
{
    for (size_t i = 1; i < argument.len; i++) {
        const struct args_option *option = option_lettered(r->table, argument.data[i]);
        if (!option && argument.data[i] == 'h') {
            r->args->help = true;
            continue;
        }
        if (!option)
            return unknown_option(r, text_slice(argument, 1, SIZE_MAX));
        if (option->kind != ARGS_FLAG) {
            struct text value = text_slice(argument, i + 1, SIZE_MAX);
            return read_option(r, option, value.len > 0 ? value : (struct text){ NULL, 0 });
        }
        r->args->values[option - r->table->options].set = true;
    }
    return err_none();
}

static struct err read_word(struct args_reader *r, struct text argument)
{
    if (r->args->word_count == ARGS_WORDS_MAX || r->args->word_count == r->table->words_max)
        return err_make(ERR_INVALID, "args.too-many-words");
    r->args->words[r->args->word_count++] = argument;
    return err_none();
}

static struct err read_argument(struct args_reader *r, bool *only_words)
{
    const char *raw = r->argv[r->at];
    struct text argument = TEXT("");
    struct err e = text_parse(bytes_of(raw, strlen(raw)), &argument);
    if (failed(e))
        return err_make(ERR_INVALID, "args.bad-text");
    r->args->fault = argument;
    if (*only_words || argument.len < 2 || argument.data[0] != '-')
        return read_word(r, argument);
    if (text_is(argument, "--")) {
        *only_words = true;
        return err_none();
    }
    return argument.data[1] == '-' ? read_long(r, argument) : read_letters(r, argument);
}

struct err args_parse(const struct args_table *table, struct arena *arena, int argc,
                      char *const *argv, struct args *args)
{
    assert(table->count <= ARGS_OPTIONS_MAX);
    memset(args, 0, sizeof(*args));
    args->words = ARENA_ARRAY(arena, struct text, ARGS_WORDS_MAX);
    if (!args->words)
        return err_make(ERR_LIMIT, "arena.full");
    struct args_reader r = { table, arena, argc, argv, 0, args };
    bool only_words = false;
    for (; r.at < argc; r.at++) {
        struct err e = read_argument(&r, &only_words);
        if (failed(e))
            return err_at(e.code, (uint32_t)r.at, e.rule);
    }
    args->fault = TEXT("");
    if (!args->help && args->word_count < table->words_min)
        return err_at(ERR_INVALID, (uint32_t)argc, "args.too-few-words");
    return err_none();
}

struct text args_explain(struct err e, const struct args *args, struct arena *arena,
                         enum text_lang lang)
{
    const struct text_param word = { "word", args->fault };
    struct text said = text_fill(arena, lang, e.rule, &word, 1);
    if (!args->nearest.data)
        return said;
    const struct text_param nearest = { "word", args->nearest };
    struct text hint = text_fill(arena, lang, "args.nearest", &nearest, 1);
    return arena_join(arena, said, arena_join(arena, TEXT(" "), hint));
}

static void help_option(struct writer *w, const struct args_option *option, enum text_lang lang)
{
    enum { HELP_COLUMN = 26 };
    size_t begin = w->len;
    writer_literal(w, "  ");
    if (option->letter != '\0') {
        writer_literal(w, "-");
        writer_u8(w, (uint8_t)option->letter);
        writer_literal(w, ", ");
    }
    writer_literal(w, "--");
    writer_literal(w, option->name);
    if (option->value) {
        writer_literal(w, " ");
        writer_literal(w, option->value);
    }
    if (w->len - begin >= HELP_COLUMN) {
        writer_literal(w, "\n");
        begin = w->len;
    }
    while (!w->full && w->len - begin < HELP_COLUMN)
        writer_u8(w, ' ');
    writer_literal(w, text_say(lang, option->help));
    writer_literal(w, "\n");
}

struct text args_help(const struct args_table *table, struct arena *arena, enum text_lang lang)
{
    static const struct args_option help = { ARGS_FLAG, "help", 'h', NULL, "args.help", 0, 0 };
    struct writer w = writer_in(arena);
    writer_literal(&w, text_say(lang, "args.usage"));
    writer_literal(&w, " ");
    writer_literal(&w, table->command);
    writer_literal(&w, " ");
    writer_literal(&w, text_say(lang, table->usage));
    writer_literal(&w, "\n\n");
    writer_literal(&w, text_say(lang, table->help));
    writer_literal(&w, "\n\n");
    for (size_t i = 0; i < table->count; i++)
        help_option(&w, &table->options[i], lang);
    help_option(&w, &help, lang);
    struct bytes out = { NULL, 0 };
    if (failed(writer_keep(&w, arena, &out)))
        return TEXT("");
    return (struct text){ (const char *)out.data, out.len };
}
