/* What commands show. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

int cli_exit_of(struct err e)
{
    switch (e.code) {
    case ERR_NONE:
        return CLI_OK;
    case ERR_NOT_FOUND:
        return CLI_NOT_FOUND;
    case ERR_DENIED:
        return CLI_DENIED;
    case ERR_CONFLICT:
        return CLI_CONFLICT;
    case ERR_UNAVAILABLE:
        return CLI_UNAVAILABLE;
    case ERR_INVALID:
    case ERR_LIMIT:
    case ERR_CORRUPT:
    case ERR_IO:
    case ERR_CODES:
        break;
    }
    return CLI_FAILED;
}

int cli_fail(struct cli *cli, struct err e, struct text subject)
{
    cli_say(cli, e.rule, subject);
    return cli_exit_of(e);
}

void cli_say(struct cli *cli, const char *id, struct text subject)
{
    struct text_param params[] = { { "subject", term_clean(cli->arena, subject) } };
    struct text line = text_fill(cli->arena, cli->lang, id, params, 1);
    (void)fprintf(stderr, "comity: %.*s", (int)line.len, line.data);
    if (subject.len > 0)
        (void)fprintf(stderr, " [%.*s]", (int)params[0].value.len, params[0].value.data);
    (void)fputc('\n', stderr);
}

void cli_line(struct cli *cli, struct text line)
{
    struct text clean = term_clean(cli->arena, line);
    (void)fwrite(clean.data, 1, clean.len, stdout);
    (void)fputc('\n', stdout);
}

bool cli_print_json(struct cli *cli, const struct json *value)
{
    struct bytes bytes;
    if (!cli->json)
        return false;
    struct err e = cli->out.tty ? json_format_pretty(value, cli->arena, &bytes)
                                : json_format(value, cli->arena, &bytes);
    if (failed(e)) {
        (void)cli_fail(cli, e, TEXT(""));
        return true;
    }
    (void)fwrite(bytes.data, 1, bytes.len, stdout);
    (void)fputc('\n', stdout);
    return true;
}

static struct text cell(struct cli *cli, const struct json *value);

/* "a,b" and "k=v,k=v". */
static struct text cell_list(struct cli *cli, const struct json *value)
{
    struct text out = TEXT("");
    bool object = value->kind == JSON_OBJECT;
    if (json_count(value) == 0)
        return TEXT("-");
    for (uint32_t i = 0; i < json_count(value); i++) {
        if (i > 0)
            out = arena_join(cli->arena, out, TEXT(","));
        if (object) {
            struct text name = term_clean(cli->arena, value->members[i].name);
            out = arena_join(cli->arena, arena_join(cli->arena, out, name), TEXT("="));
        }
        const struct json *one = object ? &value->members[i].value : json_item(value, i);
        out = arena_join(cli->arena, out, cell(cli, one));
    }
    return out;
}

struct text cli_plain(struct cli *cli, const struct json *value)
{
    struct bytes bytes;
    if (value->kind == JSON_TRUE || value->kind == JSON_FALSE)
        return text_literal(
            text_say(cli->lang, value->kind == JSON_TRUE ? "cli.yes" : "cli.no"));
    if (failed(json_format(value, cli->arena, &bytes)))
        return TEXT("-");
    return (struct text){ (const char *)bytes.data, bytes.len };
}

/* A cell as text: strings as they are, lists in one line. */
static struct text cell(struct cli *cli, const struct json *value)
{
    if (value == NULL || value->kind == JSON_NULL)
        return TEXT("-");
    if (value->kind == JSON_STRING)
        return term_clean(cli->arena, value->string);
    if (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT)
        return cell_list(cli, value);
    return cli_plain(cli, value);
}

static void put_cell(struct text text, int width, bool last)
{
    (void)fwrite(text.data, 1, text.len, stdout);
    int pad = last ? 0 : width - (int)term_columns(text);
    if (!last)
        (void)printf("%*s", pad < 0 ? 2 : pad + 2, ""); /* a long cell moves the rest */
}

void cli_table(struct cli *cli, const struct json *items, const struct cli_column *columns,
               size_t count)
{
    (void)fputs(term_style(&cli->out, TERM_BOLD), stdout);
    for (size_t i = 0; i < count; i++)
        put_cell(text_literal(text_say(cli->lang, columns[i].title)), columns[i].width,
                 i + 1 == count);
    (void)fputs(term_style(&cli->out, TERM_PLAIN), stdout);
    (void)fputc('\n', stdout);
    for (size_t i = 0; i < json_count(items); i++) {
        for (size_t j = 0; j < count; j++)
            put_cell(cell(cli, json_get(json_item(items, i), columns[j].member)),
                     columns[j].width, j + 1 == count);
        (void)fputc('\n', stdout);
    }
}
