/* comity serve: runs the node until SIGTERM or SIGINT; SIGHUP renews certificates. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"
#include "node/node.h"

enum { OPT_SECRET };

static const struct args_option options[] = {
    [OPT_SECRET] = { ARGS_TEXT, "secret", 's', "FILE", "cli.secret", 0, 0 },
};
static const struct args_table table = {
    .command = "comity serve", .usage = "cli.serve-usage", .help = "cli.serve-help",
    .options = options, .count = sizeof(options) / sizeof(options[0]),
};

/* Signals are taken by sigwait alone: blocked before any thread exists. */
static void block(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

int cli_serve(struct cli *cli, int argc, char **argv)
{
    struct args args;
    struct node *node = NULL;
    struct node_setup setup = { .dir = cli->dir };
    struct node_fault fault = { .about = "" };
    sigset_t set;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    struct text file = args.values[OPT_SECRET].set ? args.values[OPT_SECRET].text : TEXT("");
    struct err e = cli_secret(cli, file, &setup.passphrase);
    block(&set);
    if (!failed(e))
        e = node_start(&setup, &node, &fault);
    if (failed(e))
        return cli_fail(cli, e, text_literal(fault.about[0] != 0 ? fault.about : cli->dir));
    (void)printf("%u %u\n", node_port(node, 0), node_port(node, 1));
    (void)fflush(stdout);
    int caught = 0;
    while (sigwait(&set, &caught) == 0 && caught == SIGHUP) {
        e = node_reload(node);
        if (failed(e))
            (void)cli_fail(cli, e, text_literal(cli->dir));
    }
    node_stop(node);
    return CLI_OK;
}
