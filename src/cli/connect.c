/* Calls to the node: over its Unix socket, as who we are or as the session in COMITY_TOKEN. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

static struct err open_client(struct cli *cli)
{
    char path[CLI_PATH_MAX];
    if (cli->client != NULL)
        return err_none();
    int len = snprintf(path, sizeof(path), "%s/comity.sock", cli->dir);
    if (len < 0 || (size_t)len >= sizeof(path))
        return err_make(ERR_LIMIT, "node.path-too-long");
    struct client_setup setup = { .socket_path = path };
    return client_open(&setup, &cli->client);
}

struct text cli_path(struct cli *cli, const char *before, struct text id, const char *after)
{
    static const char hex[] = "0123456789ABCDEF";
    char *encoded = arena_take_array(cli->arena, id.len, 3);
    size_t len = 0;
    if (encoded == NULL)
        return (struct text){ NULL, 0 };
    for (size_t i = 0; i < id.len; i++) {
        unsigned char c = (unsigned char)id.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '.';
        if (plain) {
            encoded[len++] = (char)c;
            continue;
        }
        encoded[len++] = '%';
        encoded[len++] = hex[c >> 4];
        encoded[len++] = hex[c & 15];
    }
    struct text head = arena_join(cli->arena, text_literal(before),
                                  (struct text){ encoded, len });
    return arena_join(cli->arena, head, text_literal(after));
}

/* The problem's own sentence is already in our language: the node was asked for it. */
static void show_place(struct text sent, int64_t at)
{
    long line = 1;
    long column = 1;
    if (at <= 0)
        return;
    for (size_t i = 0; i < sent.len && i < (size_t)at; i++) {
        column += (sent.data[i] & 0xC0) != 0x80; /* characters, not bytes */
        if (sent.data[i] == '\n') {
            line++;
            column = 1;
        }
    }
    if (sent.len > 0)
        (void)fprintf(stderr, " (%ld:%ld)", line, column);
    else
        (void)fprintf(stderr, " (@%lld)", (long long)at);
}

static int show_problem(struct cli *cli, const struct cli_call *call, unsigned status,
                        const struct json *problem)
{
    struct text title = json_get_text(problem, "title");
    const struct json *first = json_item(json_get(problem, "errors"), 0);
    struct text pointer = json_get_text(first, "pointer");
    int64_t at = 0;
    if (title.len == 0)
        title = text_literal(text_say(cli->lang, "cli.no-answer"));
    title = term_clean(cli->arena, title);
    pointer = term_clean(cli->arena, pointer);
    (void)json_get_integer(first, "at", &at);
    (void)fprintf(stderr, "comity: %.*s", (int)title.len, title.data);
    if (pointer.len > 0)
        (void)fprintf(stderr, " [%.*s]", (int)pointer.len, pointer.data);
    show_place(call->sent, at);
    (void)fputc('\n', stderr);
    switch (status) {
    case 404:
        return CLI_NOT_FOUND;
    case 401:
    case 403:
        return CLI_DENIED;
    case 409:
        return CLI_CONFLICT;
    case 503:
        return CLI_UNAVAILABLE;
    default:
        return CLI_FAILED;
    }
}

static struct err call(struct cli *cli, const struct cli_call *in, struct client_reply *out)
{
    struct client_request request = { .method = in->method, .path = in->path };
    size_t headers = 0;
    struct err e = open_client(cli);
    if (!failed(e) && in->body_opt != NULL) {
        request.content_type = "application/json";
        e = json_format(in->body_opt, cli->arena, &request.body);
    }
    if (failed(e))
        return e;
    request.headers[headers].name = "Accept-Language";
    request.headers[headers++].value = cli->lang == TEXT_FR ? TEXT("fr") : TEXT("en");
    if (cli->token != NULL) {
        request.headers[headers].name = "Authorization";
        request.headers[headers++].value =
            arena_join(cli->arena, TEXT("Bearer "), text_literal(cli->token));
    }
    return client_call(cli->client, &request, cli->arena, out);
}

bool cli_request(struct cli *cli, const struct cli_call *in, struct json *body_out,
                 int *exit_out)
{
    struct client_reply reply;
    struct json body = json_null();
    struct err e = call(cli, in, &reply);
    if (!failed(e) && reply.body.len > 0)
        e = json_parse(reply.body, cli->arena, &body);
    if (failed(e)) {
        *exit_out = cli_fail(cli, e, text_literal(cli->dir));
        return false;
    }
    if (reply.status >= 300) {
        if (cli->json)
            (void)cli_print_json(cli, &body);
        *exit_out = show_problem(cli, in, reply.status, &body);
        return false;
    }
    *body_out = body;
    return true;
}
