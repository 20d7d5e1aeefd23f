/* comity: global options, then the noun. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "shell/random.h"

static const struct cli_verb nouns[] = {
    { "init", cli_init, "cli.init-help", NULL },
    { "serve", cli_serve, "cli.serve-help", NULL },
    { "status", cli_status, "cli.status-help", NULL },
    { "login", cli_login, "cli.login-help", NULL },
    { "logout", cli_logout, "cli.logout-help", NULL },
    { "search", cli_search, "cli.search-help", NULL },
    { "watch", cli_watch, "cli.watch-help", NULL },
    { "case", cli_case, "cli.case-help", NULL },
    { "frequency", cli_frequency, "cli.frequency-help", NULL },
    { "record", cli_record, "cli.record-help", NULL },
    { "import", cli_import, "cli.import-help", NULL },
    { "catalogue", cli_catalogue, "cli.catalogue-help", NULL },
    { "agreement", cli_agreement, "cli.agreement-help", NULL },
    { "national", cli_national, "cli.national-help", NULL },
    { "partner", cli_partner, "cli.partner-help", NULL },
    { "hit", cli_hit, "cli.hit-help", NULL },
    { "release", cli_release, "cli.release-help", NULL },
    { "ask", cli_ask, "cli.ask-help", NULL },
    { "subject", cli_subject, "cli.subject-help", NULL },
    { "user", cli_user, "cli.user-help", NULL },
    { "unit", cli_unit, "cli.unit-help", NULL },
    { "audit", cli_audit, "cli.audit-help", NULL },
    { "ledger", cli_ledger, "cli.ledger-help", NULL },
    { "backup", cli_backup, "cli.backup-help", NULL },
    { "restore", cli_restore, "cli.restore-help", NULL },
    { "config", cli_config, "cli.config-help", NULL },
    { "doctor", cli_doctor, "cli.doctor-help", NULL },
    { "api", cli_api, "cli.api-help", NULL },
    { "demo", cli_demo, "demo.help", NULL },
};

enum { NOUNS = sizeof(nouns) / sizeof(nouns[0]) };

/* --json may stand anywhere before "--": it is taken out, and what follows moves up. */
static int take_json(struct cli *cli, int argc, char **argv)
{
    int kept = 0;
    bool ended = false;
    for (int i = 0; i < argc; i++) {
        ended = ended || strcmp(argv[i], "--") == 0;
        if (!ended && strcmp(argv[i], "--json") == 0)
            cli->json = true;
        else
            argv[kept++] = argv[i];
    }
    return kept;
}

static int run(struct cli *cli, int argc, char **argv)
{
    int at = 1;
    argc = take_json(cli, argc, argv);
    while (at < argc && argv[at][0] == '-') {
        if (strcmp(argv[at], "--dir") == 0 && at + 1 < argc) {
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
