#include "node/pull.h"

#include <stdio.h>
#include <stdlib.h>

#include "node/lines.h"
#include "shell/log.h"
#include "shell/zip.h"

#define PULL_ARENA ((size_t)32 << 20)
enum { PULL_PATH_MAX = 96 };

struct pull {
    struct worker_job worker; /* first: worker.work gets it back */
    struct node *node;
    struct exchange *x;
    struct arena arena;
    struct member_code partner;
};

/* The state of one commit. */
static struct err look(struct pull *pull, struct store_view **view, struct line *line,
                       struct line_room *room)
{
    struct err e = store_snapshot_open(pull->node->store, view);
    if (failed(e))
        return e;
    e = line_open(pull->node->clerk, *view, member_code_text(&pull->partner), &pull->arena, line);
    return failed(e) ? e : line_room(line, 0, &pull->arena, room);
}

static uint64_t anchors_of(const struct exchange *x, struct arena *arena)
{
    struct text text;
    uint64_t anchors = 0;
    if (failed(server_query(exchange_request(x), "anchors", arena, &text)) || text.len > 15)
        return 0;
    for (size_t i = 0; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        anchors = anchors * 10 + (uint64_t)(text.data[i] - '0');
    return anchors;
}

/* Empty when nothing is due. */
static struct err make(struct pull *pull, struct bytes *out)
{
    struct store_view *view = NULL;
    struct line line;
    struct line_room room;
    struct bytes plain;
    struct line_signer signer = lines_signer(pull->node);
    bool more = false; /* they ask again until nothing is due */
    struct err e = look(pull, &view, &line, &room);
    store_snapshot_close(view);
    if (!failed(e) && !line.halted)
        e = lines_number(pull->node, line.partner, &room, &pull->arena, &more);
    if (failed(e))
        return e;
    view = NULL;
    e = look(pull, &view, &line, &room);
    struct feed_range range = { line.acked + 1, line.numbered };
    if (failed(e) || line.halted || line.numbered <= line.acked) {
        store_snapshot_close(view);
        return e;
    }
    uint64_t anchors = anchors_of(pull->x, &pull->arena);
    e = line_batch(&line, range, anchors, &signer, &pull->arena, &plain);
    store_snapshot_close(view);
    return failed(e) ? e : zip_pack(plain, &pull->arena, out);
}

static void serve(struct worker_job *job)
{
    struct pull *pull = (struct pull *)job;
    struct bytes batch = { NULL, 0 };
    struct err e = make(pull, &batch);
    if (failed(e)) {
        LOG(LOG_WARN, "pull.failed", log_member("partner", member_code_text(&pull->partner)),
            log_rule(e));
        front_answer(pull->x, api_status(e), NULL, (struct bytes){ NULL, 0 });
    } else {
        front_answer(pull->x, batch.len == 0 ? 204 : 200,
                     batch.len == 0 ? NULL : "application/octet-stream", batch);
    }
    free(pull->arena.data);
    free(pull);
}

void pull_serve(struct node *node, struct exchange *x, struct text partner)
{
    struct pull *pull = calloc(1, sizeof(*pull));
    void *memory = malloc(PULL_ARENA); /* touched only as far as a batch needs it */
    if (pull == NULL || memory == NULL || failed(member_code_parse(partner, &pull->partner))) {
        free(pull);
        free(memory);
        front_answer(x, 503, NULL, (struct bytes){ NULL, 0 });
        return;
    }
    pull->node = node;
    pull->x = x;
    pull->arena = arena_over(memory, PULL_ARENA);
    pull->worker.work = serve;
    worker_submit(node, &pull->worker);
}

/* -- the side that fetches ---------------------------------------------------------------- */

static struct err take(const struct pull_from *from, struct bytes plain, struct arena *arena,
                       struct text *receipt_out)
{
    struct json body = json_object();
    json_set_text(arena, &body, "partner", from->partner);
    struct command command = { .verb = VERB_FEED_RECEIVE, .by = node_caller(from->node),
                               .body = &body, .blob = plain };
    struct reply reply = desk_one(from->node->desk, &command, arena);
    *receipt_out = json_get_text(&reply.body, "receipt");
    if (!failed(reply.err) && receipt_out->len == 0)
        return err_make(ERR_CONFLICT, "link.frozen");
    return reply.err;
}

struct err pull_fetch(const struct pull_from *from, struct arena *arena, bool *got_out)
{
    char path[PULL_PATH_MAX];
    struct client_reply reply;
    struct bytes plain;
    struct text receipt;
    int len = snprintf(path, sizeof(path), "/link/v1/batch?anchors=%llu",
                       (unsigned long long)from->anchors);
    struct client_request get = { .method = "GET", .path = { path, (size_t)len } };
    *got_out = false;
    struct err e = client_call(from->client, &get, arena, &reply);
    if (failed(e) || reply.status == 204)
        return e;
    if (reply.status != 200)
        return err_make(ERR_DENIED, "courier.refused");
    e = zip_unpack(reply.body, BATCH_LEN_MAX, arena, &plain);
    if (!failed(e))
        e = take(from, plain, arena, &receipt); /* durable before it is acknowledged (I4) */
    if (failed(e))
        return e;
    struct client_request post = { .method = "POST", .path = TEXT("/link/v1/receipt"),
                                   .content_type = "application/json",
                                   .body = text_bytes(receipt) };
    e = client_call(from->client, &post, arena, &reply);
    *got_out = !failed(e);
    return e;
}
