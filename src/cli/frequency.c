/* comity frequency: how common names are in a population, from a list of them. By this command
 * alone, never by a record: a score betrays nobody and replays with the table it was made with. */
#include <stdio.h>

#include "cli/batch.h"
#include "cli/search.h"
#include "core/decimal.h"
#include "core/encode.h"
#include "index/names/frequency.h"
#include "shell/files.h"

enum { LIST_MAX = 32 << 20, TABLE_MAX = 64 << 20, PATH_BYTES = 4096 };

struct list {
    struct text in;
    size_t at;
    uint32_t line;
    size_t names, wrong;
    bool told; /* what is wrong is said in the first of two rounds */
    struct cli *cli;
};

/* "NAME" or "NAME<tab>BEARERS"; ERR_INVALID frequency.bad-count, frequency.bad-name. */
static struct err parse_line(struct text line, struct text *name_out, uint32_t *bearers_out)
{
    struct text rest = line;
    uint64_t count = 1;
    struct text name = text_split(&rest, '\t');
    bool number = rest.data == NULL || decimal_parse(rest, &count);
    if (!number || count == 0 || count > UINT32_MAX)
        return err_make(ERR_INVALID, "frequency.bad-count");
    if (failed(text_parse(text_bytes(name), name_out)) || name.len > INDEX_NAME_BYTES_MAX)
        return err_make(ERR_INVALID, "frequency.bad-name");
    *bearers_out = (uint32_t)count;
    return err_none();
}

static void say_wrong(struct list *list, struct err e)
{
    if (list->told)
        return;
    list->wrong++;
    batch_say(list->cli, list->line, text_literal(e.rule));
}

static bool next_name(void *state, struct index_name *out, uint32_t *bearers_out)
{
    struct list *list = state;
    while (list->at < list->in.len) {
        struct text rest = text_slice(list->in, list->at, list->in.len);
        struct text line = text_split(&rest, '\n');
        struct text name;
        list->at += line.len + 1;
        list->line++;
        if (text_ends(line, TEXT("\r")))
            line.len--;
        if (line.len == 0 || line.data[0] == '#')
            continue;
        struct err e = parse_line(line, &name, bearers_out);
        if (failed(e)) {
            say_wrong(list, e);
            continue;
        }
        list->names += list->told ? 0 : 1;
        *out = (struct index_name){ .full = name };
        return true;
    }
    list->told = true;
    list->at = 0;
    list->line = 0;
    return false;
}

static int finish(struct cli *cli, const struct list *list, struct bytes table, struct text path)
{
    char to[PATH_BYTES];
    struct index_frequency proved;
    if (path.len >= sizeof(to))
        return cli_fail(cli, err_make(ERR_LIMIT, "clerk.field-too-long"), path);
    memcpy(to, path.data, path.len);
    to[path.len] = '\0';
    struct err e = index_frequency_open(table, &proved);
    if (!failed(e))
        e = files_write(to, table, 0644);
    if (failed(e))
        return cli_fail(cli, e, path);
    struct json out = json_object();
    json_set_integer(cli->arena, &out, "names", (int64_t)list->names);
    json_set_integer(cli->arena, &out, "wrong", (int64_t)list->wrong);
    json_set_integer(cli->arena, &out, "bytes", (int64_t)table.len);
    json_set_text(cli->arena, &out, "frequency",
                  hex_format(cli->arena, BYTES_OF(proved.hash.bytes)));
    if (!cli_print_json(cli, &out))
        cli_show(cli, &out);
    return list->wrong > 0 ? CLI_FINDINGS : CLI_OK;
}

static int run_build(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        { ARGS_TEXT, "out", 'o', "FILE", "cli.frequency-out", 0, 0 },
        { ARGS_NUMBER, "persons", 'p', "N", "cli.frequency-persons", 0, UINT32_MAX },
    };
    static const struct args_table table = {
        .command = "comity frequency build", .usage = "cli.frequency-usage",
        .help = "cli.frequency-build-help", .options = options, .count = 2,
        .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct bytes file;
    struct bytes out;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (!args.values[0].set) {
        cli_say(cli, "cli.option-missing", TEXT("--out"));
        return CLI_USAGE;
    }
    struct err e = cli_read(cli, args.words[0], LIST_MAX, &file);
    struct list list = { .cli = cli, .in = { (const char *)file.data, file.len } };
    struct index_names names = { &list, next_name, (uint32_t)args.values[1].number };
    if (!failed(e))
        e = index_frequency_build(&names, cli->arena, &out);
    if (failed(e))
        return cli_fail(cli, e, args.words[0]);
    return finish(cli, &list, out, args.values[0].text);
}

struct err frequency_read(struct cli *cli, struct text path, struct index_frequency *out)
{
    struct bytes file;
    *out = (struct index_frequency){ .proved = { NULL, 0 } };
    if (path.len == 0)
        return err_none();
    struct err e = cli_read(cli, path, TABLE_MAX, &file);
    return failed(e) ? e : index_frequency_open(file, out);
}

int cli_frequency(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "build", run_build, "cli.frequency-build-help", NULL },
    };
    return cli_dispatch(cli, "frequency", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
