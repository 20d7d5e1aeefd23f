/* comity ledger: heads, the node's check of itself, proofs, and their check without a node. */
#include <stdio.h>

#include "cli/cli.h"
#include "core/encode.h"
#include "ledger/proof_file.h"

enum { OPT_OFFLINE, OPT_KEY };

static const struct cli_action show = {
    .command = "comity ledger show", .usage = "cli.no-usage", .help = "cli.ledger-show-help",
    .method = "GET", .before = "/v1/ledger",
};

/* The proof as it stands in the answer: a text file to keep. */
static int run_proof(struct cli *cli, int argc, char **argv)
{
    static const struct args_table table = {
        .command = "comity ledger proof", .usage = "cli.entry-usage",
        .help = "cli.ledger-proof-help", .words_min = 1, .words_max = 1,
    };
    struct args args;
    struct json answer;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code) ||
        !cli_send(cli, "GET", cli_path(cli, "/v1/ledger/proof?entry=", args.words[0], ""), NULL,
                  &answer, &code))
        return code;
    if (cli_print_json(cli, &answer))
        return CLI_OK;
    struct text proof = json_get_text(&answer, "proof");
    (void)fwrite(proof.data, 1, proof.len, stdout);
    cli_say(cli, "cli.ledger-checked-with", json_get_text(&answer, "vkey"));
    return CLI_OK;
}

static void say_checked(struct cli *cli, const struct proof_file *file,
                        const struct checkpoint *head)
{
    struct json out = json_object();
    json_set_text(cli->arena, &out, "origin", head->origin);
    json_set_integer(cli->arena, &out, "size", (int64_t)head->head.size);
    json_set_text(cli->arena, &out, "root",
                  hex_format(cli->arena, BYTES_OF(head->head.root.bytes)));
    json_set_integer(cli->arena, &out, "index", (int64_t)file->index);
    json_set(cli->arena, &out, "erased", json_bool(file->hollow));
    if (!file->hollow) {
        struct json content;
        if (!failed(json_parse(file->opening.content, cli->arena, &content)))
            json_set(cli->arena, &out, "content", content);
    }
    if (!cli_print_json(cli, &out))
        cli_show(cli, &out);
}

/* Neither node nor network: the file, and the key that the reader trusts. */
static int verify_offline(struct cli *cli, struct text path, const struct args *args)
{
    struct bytes bytes;
    struct proof_file file;
    struct note_key key;
    struct checkpoint head;
    if (!args->values[OPT_KEY].set) {
        cli_say(cli, "cli.option-missing", TEXT("--key"));
        return CLI_USAGE;
    }
    struct err e = note_key_parse(args->values[OPT_KEY].text, &key);
    if (failed(e))
        return cli_fail(cli, e, args->values[OPT_KEY].text);
    e = cli_read(cli, path, PROOF_FILE_LEN_MAX, &bytes);
    if (!failed(e))
        e = proof_file_parse(bytes, cli->arena, &file);
    if (!failed(e))
        e = proof_file_check(&file, &key, cli->arena, &head);
    if (failed(e))
        return cli_fail(cli, e, path);
    say_checked(cli, &file, &head);
    return CLI_OK;
}

static int run_verify(struct cli *cli, int argc, char **argv)
{
    static const struct args_option options[] = {
        [OPT_OFFLINE] = { ARGS_TEXT, "offline", 0, "FILE", "cli.ledger-offline", 0, 0 },
        [OPT_KEY] = { ARGS_TEXT, "key", 'k', "VKEY", "cli.ledger-key", 0, 0 },
    };
    static const struct args_table table = {
        .command = "comity ledger verify", .usage = "cli.ledger-verify-usage",
        .help = "cli.ledger-verify-help", .options = options, .count = 2,
    };
    struct args args;
    struct json answer;
    struct json body = json_object();
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    if (args.values[OPT_OFFLINE].set)
        return verify_offline(cli, args.values[OPT_OFFLINE].text, &args);
    if (!cli_send(cli, "POST", TEXT("/v1/ledger/verify"), &body, &answer, &code))
        return code;
    if (!cli_print_json(cli, &answer))
        cli_show(cli, &answer);
    int64_t damaged = 0;
    (void)json_get_integer(&answer, "damaged", &damaged);
    return damaged > 0 ? CLI_FINDINGS : CLI_OK;
}

int cli_ledger(struct cli *cli, int argc, char **argv)
{
    static const struct cli_verb verbs[] = {
        { "show", NULL, "cli.ledger-show-help", &show },
        { "verify", run_verify, "cli.ledger-verify-help", NULL },
        { "proof", run_proof, "cli.ledger-proof-help", NULL },
    };
    return cli_dispatch(cli, "ledger", verbs, sizeof(verbs) / sizeof(verbs[0]), argc, argv);
}
