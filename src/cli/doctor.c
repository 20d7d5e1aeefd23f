/* comity doctor: what an operator should know before an incident. Exit 6: warnings; 1: faults. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cli/cli.h"
#include "node/home.h"
#include "shell/clock.h"
#include "shell/config.h"
#include "shell/files.h"
#include "store/sqlite.h"

enum { SPACE_LOW_PERMILLE = 50, DEVICE_PATH_MAX = 128 };
#define CLOCK_EARLIEST_MS INT64_C(1767225600000) /* 2026-01-01: before it the clock was never set */

struct visit {
    struct cli *cli;
    struct home home;
    unsigned warnings, faults;
};

enum finding_kind { GOOD, WARN, FAULT };

static void note(struct visit *v, enum finding_kind kind, const char *id, struct text subject)
{
    static const char *const signs[] = { [GOOD] = "ok ", [WARN] = "!  ", [FAULT] = "!! " };
    static const enum term_style styles[] = { [GOOD] = TERM_GREEN, [WARN] = TERM_YELLOW,
                                              [FAULT] = TERM_RED };
    struct cli *cli = v->cli;
    struct text clean = term_clean(cli->arena, subject);
    v->warnings += kind == WARN;
    v->faults += kind == FAULT;
    (void)printf("%s%s%s%s", term_style(&cli->out, styles[kind]), signs[kind],
                 term_style(&cli->out, TERM_PLAIN), text_say(cli->lang, id));
    if (subject.len > 0)
        (void)printf(" [%.*s]", (int)clean.len, clean.data);
    (void)fputc('\n', stdout);
}

static void check_home(struct visit *v)
{
    char path[HOME_PATH_MAX + 64];
    struct stat st;
    struct text dir = text_literal(v->cli->dir);
    bool open = stat(v->cli->dir, &st) != 0 || (st.st_mode & 077) != 0;
    note(v, open ? FAULT : GOOD, open ? "cli.doctor-dir-open" : "cli.doctor-dir", dir);
    home_path(&v->home, "keeper.state", path);
    struct err e = files_check_private(path);
    note(v, failed(e) ? FAULT : GOOD, failed(e) ? "cli.doctor-keeper-open" : "cli.doctor-keeper",
         text_literal(path));
}

static void check_space(struct visit *v)
{
    struct files_space space;
    struct err e = files_space(v->cli->dir, &space);
    bool low = failed(e) || space.free_permille < SPACE_LOW_PERMILLE;
    note(v, low ? WARN : GOOD, low ? "cli.doctor-space-low" : "cli.doctor-space", TEXT(""));
}

static void check_clock(struct visit *v)
{
    struct instant now = clock_now();
    bool wrong = now.ms < CLOCK_EARLIEST_MS;
    note(v, wrong ? FAULT : GOOD, wrong ? "cli.doctor-clock-wrong" : "cli.doctor-clock",
         instant_format(v->cli->arena, now));
}

/* Device mapper says in its uuid who made the mapping: "CRYPT-LUKS2-…". A partition or a volume on
 * top of an encrypted one is not followed: it is reported as plain, and the operator decides. */
static bool encrypted(const char *dir)
{
    char path[DEVICE_PATH_MAX];
    char uuid[8] = { 0 };
    struct stat st;
    if (stat(dir, &st) != 0)
        return false;
    (void)snprintf(path, sizeof(path), "/sys/dev/block/%u:%u/dm/uuid", major(st.st_dev),
                   minor(st.st_dev));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t len = read(fd, uuid, sizeof(uuid) - 1);
    (void)close(fd);
    return len >= 6 && strncmp(uuid, "CRYPT-", 6) == 0;
}

static void check_volume(struct visit *v)
{
    bool production = text_is(home_realm(&v->home), "production");
    if (encrypted(v->cli->dir))
        note(v, GOOD, "cli.doctor-volume", TEXT(""));
    else
        note(v, production ? FAULT : WARN, "cli.doctor-volume-plain", TEXT(""));
}

static void check_config(struct visit *v)
{
    struct config *config = ARENA_NEW(v->cli->arena, struct config);
    struct config_place place;
    if (config == NULL)
        return;
    struct err e = config_load(v->cli->dir, v->cli->arena, config, &place);
    if (!failed(e)) {
        note(v, GOOD, "cli.config-good", TEXT(""));
        return;
    }
    note(v, FAULT, "cli.doctor-config",
         config_explain(e, &place, v->cli->arena, v->cli->lang));
}

/* A running node holds the store; then it is asked to check itself. */
static void check_running(struct visit *v)
{
    struct cli *cli = v->cli;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!cli_send(cli, "POST", TEXT("/v1/ledger/verify"), &body, &answer, &code)) {
        note(v, WARN, "cli.doctor-not-asked", TEXT(""));
        return;
    }
    int64_t damaged = 0;
    bool bad = !json_get_integer(&answer, "damaged", &damaged) || damaged > 0;
    note(v, bad ? FAULT : GOOD, bad ? "cli.doctor-ledger-bad" : "cli.doctor-ledger", TEXT(""));
}

static void check_store(struct visit *v)
{
    char path[HOME_PATH_MAX + 64];
    struct store_sqlite_options options = { .verify = true };
    struct store *store = NULL;
    home_path(&v->home, "store", path);
    struct err e = store_sqlite_open(text_literal(path), &options, &store);
    if (e.code == ERR_CONFLICT) {
        check_running(v);
        return;
    }
    if (!failed(e))
        e = store_check(store);
    if (store != NULL)
        store_close(store);
    if (failed(e))
        note(v, FAULT, e.rule, text_literal(path));
    else
        note(v, GOOD, "cli.doctor-store", TEXT(""));
}

int cli_doctor(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = { .command = "comity doctor", .usage = "cli.no-usage",
                                             .help = "cli.doctor-help" };
    struct args args;
    struct visit *visit = ARENA_NEW(cli->arena, struct visit);
    int code = CLI_OK;
    if (visit == NULL || !cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    visit->cli = cli;
    struct err e = home_read(cli->dir, &visit->home);
    if (failed(e))
        return cli_fail(cli, e, text_literal(cli->dir));
    check_home(visit);
    check_volume(visit);
    check_space(visit);
    check_clock(visit);
    check_config(visit);
    check_store(visit);
    if (visit->faults > 0)
        return CLI_FAILED;
    return visit->warnings > 0 ? CLI_FINDINGS : CLI_OK;
}
