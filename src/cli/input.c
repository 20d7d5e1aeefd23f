/* What commands take: options, files, secrets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "shell/files.h"

enum { VERBS_MAX = 64, SECRET_MAX = 1024 };

static void list_verbs(struct cli *cli, const char *noun, const struct cli_verb *verbs,
                       size_t count, FILE *to)
{
    (void)fprintf(to, "%s\n", text_say(cli->lang, "cli.commands"));
    for (size_t i = 0; i < count; i++)
        (void)fprintf(to, "  %s%s %-12s %s\n", strcmp(noun, "comity") == 0 ? "" : "comity ", noun,
                      verbs[i].name, text_say(cli->lang, verbs[i].help));
}

int cli_dispatch(struct cli *cli, const char *noun, const struct cli_verb *verbs, size_t count,
                 int argc, char **argv)
{
    const char *names[VERBS_MAX];
    if (argc < 1 || strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "help") == 0) {
        list_verbs(cli, noun, verbs, count, argc < 1 ? stderr : stdout);
        return argc < 1 ? CLI_USAGE : CLI_OK;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(argv[0], verbs[i].name) == 0)
            return verbs[i].run != NULL ? verbs[i].run(cli, argc - 1, argv + 1)
                                        : cli_act(cli, verbs[i].action, argc - 1, argv + 1);
        names[i] = verbs[i].name;
    }
    cli_say(cli, "cli.no-such-command", text_literal(argv[0]));
    const char *nearest = args_nearest(text_literal(argv[0]), names, count);
    if (nearest != NULL)
        cli_say(cli, "cli.nearest", text_literal(nearest));
    return CLI_USAGE;
}

bool cli_args(struct cli *cli, const struct args_table *table, int argc, char **argv,
              struct args *args, int *exit_out)
{
    struct err e = args_parse(table, cli->arena, argc, argv, args);
    if (!failed(e) && !args->help)
        return true;
    if (args->help) {
        struct text help = args_help(table, cli->arena, cli->lang);
        (void)fwrite(help.data, 1, help.len, stdout);
        *exit_out = CLI_OK;
        return false;
    }
    struct text why = args_explain(e, args, cli->arena, cli->lang);
    (void)fprintf(stderr, "comity: %.*s\n", (int)why.len, why.data);
    *exit_out = CLI_USAGE;
    return false;
}

static struct err read_all(struct cli *cli, FILE *from, size_t max, struct bytes *out)
{
    size_t len = 0;
    uint8_t *data = arena_take(cli->arena, max);
    if (data == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    while (len < max) {
        size_t part = fread(data + len, 1, max - len, from);
        if (part == 0)
            break;
        len += part;
    }
    if (len == max)
        return err_make(ERR_LIMIT, "file.too-big");
    *out = bytes_of(data, len);
    return err_none();
}

struct err cli_read(struct cli *cli, struct text path, size_t max, struct bytes *out)
{
    char name[CLI_PATH_MAX];
    if (text_is(path, "-"))
        return read_all(cli, stdin, max, out);
    if (path.len >= sizeof(name))
        return err_make(ERR_LIMIT, "node.path-too-long");
    (void)snprintf(name, sizeof(name), "%.*s", (int)path.len, path.data);
    return files_read(name, max, cli->arena, out);
}

static struct err ask_secret(struct cli *cli, struct text *out)
{
    struct termios old;
    char line[SECRET_MAX];
    if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &old) != 0)
        return err_make(ERR_INVALID, "cli.no-secret");
    struct termios quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)fprintf(stderr, "%s ", text_say(cli->lang, "cli.ask-secret"));
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    char *got = fgets(line, sizeof(line), stdin);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
    (void)fputc('\n', stderr);
    if (got == NULL)
        return err_make(ERR_INVALID, "cli.no-secret");
    line[strcspn(line, "\n")] = 0;
    *out = arena_copy_text(cli->arena, text_literal(line));
    return arena_check(cli->arena);
}

struct err cli_secret(struct cli *cli, struct text file_opt, struct text *out)
{
    struct bytes file;
    const char *named = getenv("COMITY_SECRET_FILE");
    struct text path = file_opt.len > 0 ? file_opt
                       : named != NULL  ? text_literal(named)
                                        : (struct text){ NULL, 0 };
    if (path.len == 0 || (text_is(path, "-") && isatty(STDIN_FILENO)))
        return ask_secret(cli, out);
    struct err e = cli_read(cli, path, SECRET_MAX, &file);
    if (!failed(e))
        e = text_parse(file, out);
    if (failed(e))
        return e;
    while (out->len > 0 && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
        out->len--;
    return out->len == 0 ? err_make(ERR_INVALID, "cli.no-secret") : err_none();
}
