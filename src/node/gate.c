/* The partners' listener: POST /link/v1/hello, POST and GET /link/v1/batch, POST /link/v1/receipt.
 * Who is there TLS has shown: a chain up to a root key that an agreement of ours pins; everything
 * else a frame must prove itself. */
#include <stdlib.h>

#include "node/lines.h"
#include "node/pull.h"
#include "shell/clock.h"
#include "shell/log.h"
#include "shell/zip.h"

#define GATE_ARENA_BATCH ((size_t)24 << 20)
#define GATE_ARENA_HELLO ((size_t)512 << 10)

struct visit {
    struct desk_job desk;
    struct node *node;
    struct exchange *x;
    struct arena arena;
    struct text partner; /* its code; empty until identify() */
    struct hello hello;
    struct command command;
    struct json body;
    struct reply reply;
};

static void visit_free(struct visit *visit)
{
    free(visit->arena.data);
    free(visit);
}

/* A refusal both sides can record: the rule, never more (I7). */
static void turn_away(struct visit *visit, struct err e)
{
    struct bytes out;
    LOG(LOG_WARN, "gate.refused", log_member("partner", visit->partner), log_rule(e));
    if (failed(line_refusal(visit->node->clerk, e.rule, clock_now(), &visit->arena, &out)))
        front_answer(visit->x, 500, NULL, (struct bytes){ NULL, 0 });
    else
        front_answer(visit->x, api_status(e), "application/json", out);
    visit_free(visit);
}

static void submit(struct visit *visit, enum verb verb, void (*done)(struct desk_job *))
{
    visit->command = (struct command){ .verb = verb,
                                       .by = node_caller(visit->node),
                                       .body = &visit->body,
                                       .blob = visit->command.blob };
    visit->desk = (struct desk_job){ .commands = &visit->command,
                                     .count = 1,
                                     .replies = &visit->reply,
                                     .arena = &visit->arena,
                                     .done = done,
                                     .context = visit };
    desk_submit(visit->node->desk, &visit->desk);
}

/* -- hello -------------------------------------------------------------------------------- */

static struct err check_and_answer(struct visit *visit, struct bytes *out)
{
    struct store_view *view = NULL;
    struct line line;
    struct hello_agreed agreed;
    struct err e = store_snapshot_open(visit->node->store, &view);
    if (failed(e))
        return e;
    e = line_open(visit->node->clerk, view, visit->partner, &visit->arena, &line);
    if (!failed(e))
        e = line_greeted(&line, &visit->hello, exchange_request(visit->x)->peer.root.bytes, NULL,
                         clock_now(), &agreed);
    if (!failed(e))
        e = lines_hello(visit->node, &line, &visit->arena, out);
    store_snapshot_close(view);
    return e;
}

/* Behind the commit that took their certificates in. */
static void greeted_back(struct desk_job *job)
{
    struct visit *visit = job->context;
    struct bytes out = { NULL, 0 };
    struct err e = visit->reply.err;
    if (!failed(e))
        e = check_and_answer(visit, &out);
    if (failed(e)) {
        turn_away(visit, e);
        return;
    }
    front_answer(visit->x, 200, "application/json", out);
    visit_free(visit);
}

static void handle_hello(struct visit *visit, const struct server_request *in)
{
    struct err e = hello_parse(in->body, &visit->arena, &visit->hello);
    if (failed(e)) {
        turn_away(visit, e);
        return;
    }
    visit->body = lines_cards(visit->partner, &visit->hello, &visit->arena);
    submit(visit, VERB_CARD_PUT, greeted_back);
}

/* -- batch -------------------------------------------------------------------------------- */

static void received(struct desk_job *job)
{
    struct visit *visit = job->context;
    struct text receipt = json_get_text(&visit->reply.body, "receipt");
    if (failed(visit->reply.err)) {
        turn_away(visit, visit->reply.err);
        return;
    }
    if (receipt.len == 0) {
        turn_away(visit, err_make(ERR_CONFLICT, "link.frozen"));
        return;
    }
    front_answer(visit->x, 200, "application/json", text_bytes(receipt));
    visit_free(visit);
}

static void handle_batch(struct visit *visit, const struct server_request *in)
{
    struct bytes plain;
    struct err e = zip_unpack(in->body, BATCH_LEN_MAX, &visit->arena, &plain);
    if (failed(e)) {
        turn_away(visit, e);
        return;
    }
    visit->body = json_object();
    json_set_text(&visit->arena, &visit->body, "partner", visit->partner);
    visit->command.blob = plain;
    submit(visit, VERB_FEED_RECEIVE, received);
}

/* A receipt for what they fetched. */
static void acknowledged(struct desk_job *job)
{
    struct visit *visit = job->context;
    if (failed(visit->reply.err)) {
        turn_away(visit, visit->reply.err);
        return;
    }
    front_answer(visit->x, 204, NULL, (struct bytes){ NULL, 0 });
    visit_free(visit);
}

static void handle_receipt(struct visit *visit, const struct server_request *in)
{
    visit->body = json_object();
    json_set_text(&visit->arena, &visit->body, "partner", visit->partner);
    visit->command.blob = in->body;
    submit(visit, VERB_FEED_RECEIPT, acknowledged);
}

/* -- entry -------------------------------------------------------------------------------- */

bool gate_admit(void *context, const struct x509_peer *peer)
{
    struct node *node = context;
    uint8_t memory[64 << 10];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct store_view *view = NULL;
    struct text partner;
    if (failed(store_snapshot_open(node->store, &view)))
        return false;
    struct err e = lines_by_root(view, peer->root.bytes, &arena, &partner);
    store_snapshot_close(view);
    return !failed(e);
}

static struct err identify(struct visit *visit, const struct server_request *in)
{
    struct store_view *view = NULL;
    struct err e = store_snapshot_open(visit->node->store, &view);
    if (failed(e))
        return e;
    e = lines_by_root(view, in->peer.root.bytes, &visit->arena, &visit->partner);
    store_snapshot_close(view);
    return e;
}

void gate_handle(void *context, struct exchange *x)
{
    const struct server_request *in = exchange_request(x);
    bool batch = text_is(in->path, "/link/v1/batch");
    size_t size = batch ? GATE_ARENA_BATCH : GATE_ARENA_HELLO;
    struct visit *visit = calloc(1, sizeof(*visit));
    void *memory = malloc(size);
    if (visit == NULL || memory == NULL) {
        free(visit);
        free(memory);
        front_answer(x, 503, NULL, (struct bytes){ NULL, 0 });
        return;
    }
    visit->node = context;
    visit->x = x;
    visit->arena = arena_over(memory, size);
    struct err e = identify(visit, in);
    if (failed(e))
        turn_away(visit, e);
    else if (batch && in->method == SERVER_GET) {
        pull_serve(visit->node, x, visit->partner);
        visit_free(visit);
    } else if (in->method != SERVER_POST)
        turn_away(visit, err_make(ERR_INVALID, "api.wrong-method"));
    else if (batch)
        handle_batch(visit, in);
    else if (text_is(in->path, "/link/v1/receipt"))
        handle_receipt(visit, in);
    else if (text_is(in->path, "/link/v1/hello"))
        handle_hello(visit, in);
    else
        turn_away(visit, err_make(ERR_NOT_FOUND, "api.no-such-path"));
}
