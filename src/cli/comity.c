/* comity: global options, then the noun. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "shell/random.h"

static const struct cli_verb nouns[] = {
    { "init", cli_init, "cli.init-help" },
    { "serve", cli_serve, "cli.serve-help" },
    { "api", cli_api, "cli.api-help" },
    { "demo", cli_demo, "demo.help" },
};

enum { NOUNS = sizeof(nouns) / sizeof(nouns[0]) };

static int run(struct cli *cli, int argc, char **argv)
{
    int at = 1;
    while (at < argc && argv[at][0] == '-') {
        if (strcmp(argv[at], "--json") == 0) {
            cli->json = true;
        } else if (strcmp(argv[at], "--dir") == 0 && at + 1 < argc) {
            cli->dir = argv[++at];
        } else if (strcmp(argv[at], "--version") == 0) {
            puts("comity " COMITY_VERSION);
            return CLI_OK;
        } else {
            break; /* --help, or an unknown option: the dispatcher speaks */
        }
        at++;
    }
    return cli_dispatch(cli, "comity", nouns, NOUNS, argc - at, argv + at);
}

int main(int argc, char **argv)
{
    const char *dir = getenv("COMITY_DIR");
    void *memory = malloc(CLI_ARENA);
    if (memory == NULL || setvbuf(stdout, NULL, _IOFBF, 1 << 16) != 0)
        return CLI_UNAVAILABLE;
    (void)setlocale(LC_CTYPE, "");
    struct arena arena = arena_over(memory, CLI_ARENA);
    struct cli cli = { .dir = dir != NULL ? dir : "/var/lib/comity",
                       .token = getenv("COMITY_TOKEN"),
                       .lang = text_lang_of_environment(),
                       .arena = &arena,
                       .out = term_open(STDOUT_FILENO),
                       .err = term_open(STDERR_FILENO) };
    struct err e = random_start();
    int code = failed(e) ? cli_fail(&cli, e, TEXT("")) : run(&cli, argc, argv);
    if (fflush(stdout) != 0 && code == CLI_OK)
        code = CLI_FAILED; /* the reader of our output has gone, or the disk is full */
    client_close(cli.client);
    free(memory);
    return code;
}
