/* Fronts: a request becomes an api call on a snapshot; what must be durable first goes to the desk,
 * and the answer leaves behind its commit. */
#include <stdio.h>
#include <stdlib.h>

#include "clerk/rows.h"
#include "node/parts.h"
#include "node/queue.h"
#include "shell/clock.h"
#include "shell/log.h"
#include "shell/password.h"

_Static_assert((int)API_SEARCHES_MAX <= (int)QUEUE_SMALL, "they are of one commit");

/* One request on its way; freed with its answer. */
enum { SPARE_BLOCKS = 32, SPARE_SIZE = NODE_SEARCH_ARENA + (256 << 10) };

struct errand {
    struct worker_job worker; /* first: worker.work gets it back */
    struct desk_job desk;
    struct node *node;
    struct exchange *x;
    struct arena arena;
    struct api_request request;
    struct api_work work;
    struct reply *replies;
    struct json body;
};

/* Memory of searches, used again: its pages are there already. One slot a waiting request. */
static _Atomic(void *) spare[SPARE_BLOCKS];

static void *block_take(size_t size)
{
    for (size_t i = 0; size == SPARE_SIZE && i < SPARE_BLOCKS; i++) {
        void *block = atomic_exchange(&spare[i], NULL);
        if (block != NULL)
            return block;
    }
    return malloc(size);
}

static void block_give(void *block, size_t size)
{
    for (size_t i = 0; size == SPARE_SIZE && i < SPARE_BLOCKS; i++) {
        void *none = NULL;
        if (atomic_compare_exchange_strong(&spare[i], &none, block))
            return;
    }
    free(block);
}

static void errand_free(struct errand *errand)
{
    block_give(errand->arena.data, errand->arena.size);
    free(errand);
}

static void refuse(struct errand *errand, struct err e, struct text subject)
{
    front_answer_problem(errand->x, e, subject, &errand->arena);
    errand_free(errand);
}

static void finish(struct errand *errand)
{
    struct api_work *work = &errand->work;
    struct json body = json_null();
    unsigned status = api_finish(work, errand->replies, &errand->arena, &body);
    if (failed(work->err)) {
        refuse(errand, work->err, work->subject);
        return;
    }
    front_answer_json(errand->x, status, &body, &errand->arena);
    errand_free(errand);
}

static void committed(struct desk_job *job)
{
    finish(job->context);
}

/* Budgets, and what a disk that fills up still allows. */
static struct err may_run(struct errand *errand)
{
    struct node *node = errand->node;
    const struct command *first = &errand->work.commands[0];
    int disk = atomic_load(&node->disk);
    bool import = first->verb == VERB_IMPORT_RECORD || first->verb == VERB_IMPORT_RUN;
    if (first->verb == VERB_LOOK)
        return budget_search(node, first->by.who.user, errand->work.command_count,
                             clock_now());
    if (disk == DISK_FULL || (disk == DISK_LOW && import))
        return err_make(ERR_UNAVAILABLE, "front.disk-low");
    return err_none();
}

static void submit(struct errand *errand)
{
    struct api_work *work = &errand->work;
    if (work->command_count == 0) {
        finish(errand);
        return;
    }
    struct err spent = may_run(errand);
    if (failed(spent)) {
        refuse(errand, spent, TEXT(""));
        return;
    }
    errand->replies = ARENA_ARRAY(&errand->arena, struct reply, work->command_count);
    if (errand->replies == NULL) {
        refuse(errand, err_make(ERR_LIMIT, "arena.full"), TEXT(""));
        return;
    }
    errand->desk = (struct desk_job){ .commands = work->commands,
                                      .count = work->command_count,
                                      .replies = errand->replies,
                                      .arena = &errand->arena,
                                      .done = committed,
                                      .context = errand };
    desk_submit(errand->node->desk, &errand->desk);
}

/* On the worker's thread: what may block. */
static void do_duty(struct worker_job *job)
{
    struct errand *errand = (struct errand *)job;
    duty_run(errand->node, &errand->work, &errand->arena, &errand->work.answer);
    if (failed(errand->work.err))
        refuse(errand, errand->work.err, errand->work.subject);
    else
        submit(errand);
}

/* -- log-in ------------------------------------------------------------------------------- */

static struct err check_login(struct node *node, const struct json *body, struct arena *arena,
                              struct caller *out)
{
    struct store_view *view = NULL;
    struct json row = json_null();
    struct text user = json_get_text(body, "user");
    struct text password = json_get_text(body, "password");
    struct row_key key = key_text(text_slice(user, 0, SLUG_MAX));
    struct instant now = clock_now();
    struct err e = budget_login(node, user, now);
    if (!failed(e))
        e = store_snapshot_open(node->store, &view);
    if (failed(e))
        return e;
    if (user.len > 0)
        (void)!failed(view_get(view, TABLE_USER, &key, arena, &row));
    struct text hash = json_get_text(&row, "password");
    e = hash.len > 0 ? password_check(password, hash) : password_check_nobody(password);
    if (failed(e))
        budget_login_failed(node, user, now);
    else
        e = caller_of_user(view, user, arena, out);
    store_snapshot_close(view);
    return e;
}

static void do_login(struct worker_job *job)
{
    struct errand *errand = (struct errand *)job;
    struct json body = json_null();
    struct json answer = json_object();
    struct caller caller;
    struct text token;
    struct err e = json_parse(errand->request.body, &errand->arena, &body);
    if (!failed(e))
        e = check_login(errand->node, &body, &errand->arena, &caller);
    if (failed(e)) {
        refuse(errand, e, TEXT(""));
        return;
    }
    session_open(errand->node, caller.who.user, &errand->arena, &token);
    json_set_text(&errand->arena, &answer, "token", token);
    json_set_text(&errand->arena, &answer, "user", caller.who.user);
    json_set_text(&errand->arena, &answer, "unit", caller.who.unit);
    front_answer_json(errand->x, 201, &answer, &errand->arena);
    errand_free(errand);
}

/* -- a request ---------------------------------------------------------------------------- */

static bool method_of(enum server_method method, enum api_method *out)
{
    switch (method) {
    case SERVER_GET:
        *out = API_GET;
        return true;
    case SERVER_POST:
        *out = API_POST;
        return true;
    case SERVER_PUT:
        *out = API_PUT;
        return true;
    case SERVER_DELETE:
        *out = API_DELETE;
        return true;
    case SERVER_HEAD:
    case SERVER_PATCH:
    case SERVER_METHODS:
        break;
    }
    return false;
}

static struct err call(struct errand *errand, const struct server_request *in)
{
    struct node *node = errand->node;
    struct store_view *view = NULL;
    struct err e = store_snapshot_open(node->store, &view);
    if (failed(e))
        return e;
    e = session_caller(node, view, in, &errand->arena, &errand->request.caller);
    if (!failed(e)) {
        struct api_world world = { .clerk = node->clerk,
                                   .view = view,
                                   .shelf = clerk_shelf(node->clerk),
                                   .now = in->at,
                                   .arena = &errand->arena,
                                   .screened = atomic_load(&node->screening.docs),
                                   .scoring = node->scoring };
        api_handle(&world, &errand->request, &errand->work);
        e = errand->work.err;
    }
    store_snapshot_close(view);
    return e;
}

static bool is_session(const struct server_request *in)
{
    return text_is(in->path, "/v1/session");
}

/* /v1/records/{record}/attachments/{attachment}: its bytes stand in the answer. */
static bool is_file(const struct server_request *in)
{
    struct text rest = in->path;
    bool found = false;
    while (rest.data != NULL && !found)
        found = text_is(text_split(&rest, '/'), "attachments");
    return found;
}

/* The arena is sized by the body: its JSON, its commands, their replies; a search may find the
 * most that the index gives. */
static size_t room_for(const struct server_request *in)
{
    bool search = text_is(in->path, "/v1/search");
    bool file = is_file(in);
    size_t base = search || file ? NODE_SEARCH_ARENA : NODE_JOB_ARENA;
    if (text_starts(in->path, TEXT("/v1/audit")) || text_starts(in->path, TEXT("/v1/agreements")) ||
        text_starts(in->path, TEXT("/v1/sources")) || text_starts(in->path, TEXT("/v1/watches")) ||
        text_starts(in->path, TEXT("/v1/cases")) ||
        text_is(in->path, "/v1/searches") || text_is(in->path, "/v1/compare"))
        base = NODE_IMPORT_ARENA; /* opened entries, all texts, rows; untouched, it is no memory */
    size_t size = base + 16 * in->body.len;
    return search && size < SPARE_SIZE ? SPARE_SIZE : size;
}

static struct errand *errand_make(struct node *node, struct exchange *x)
{
    const struct server_request *in = exchange_request(x);
    size_t size = room_for(in);
    struct errand *errand = calloc(1, sizeof(*errand));
    void *memory = block_take(size);
    if (errand == NULL || memory == NULL) {
        free(errand);
        if (memory != NULL)
            block_give(memory, size);
        return NULL;
    }
    errand->node = node;
    errand->x = x;
    errand->arena = arena_over(memory, size);
    errand->request.path = in->path;
    errand->request.query = in->query;
    errand->request.body = in->body;
    errand->request.idempotency = in->idempotency_key;
    return errand;
}

void front_handle(void *context, struct exchange *x)
{
    struct node *node = context;
    const struct server_request *in = exchange_request(x);
    struct errand *errand = errand_make(node, x);
    if (errand == NULL) {
        front_answer(x, 503, NULL, (struct bytes){ NULL, 0 });
        return;
    }
    if (!method_of(in->method, &errand->request.method)) {
        refuse(errand, err_make(ERR_INVALID, "api.wrong-method"), in->path);
        return;
    }
    if (is_session(in) && in->method == SERVER_POST) {
        errand->worker.work = do_login;
        worker_submit(node, &errand->worker);
        return;
    }
    if (is_session(in) && in->method == SERVER_DELETE) {
        session_close(node, in->authorization);
        front_answer(x, 204, NULL, (struct bytes){ NULL, 0 });
        errand_free(errand);
        return;
    }
    struct err e = call(errand, in);
    if (failed(e)) {
        refuse(errand, e, errand->work.subject);
        return;
    }
    if (errand->work.duty != API_NO_DUTY) {
        errand->worker.work = do_duty;
        worker_submit(node, &errand->worker);
        return;
    }
    submit(errand);
}

/* -- metrics ------------------------------------------------------------------------------ */

/* Why the node would rather not be asked now; NULL when it may be. */
static const char *not_ready(struct node *node)
{
    static const char *const disks[] = { [DISK_FINE] = NULL, [DISK_LOW] = NULL,
                                         [DISK_FULL] = "disk-full\n" };
    if (atomic_load(&node->stopping))
        return "stopping\n";
    return disks[atomic_load(&node->disk)];
}

/* OpenMetrics text: counts of ours only, nothing about persons or partners' content. */
void metrics_handle(void *context, struct exchange *x)
{
    struct node *node = context;
    const struct server_request *in = exchange_request(x);
    char out[1024];
    if (text_is(in->path, "/ready") || text_is(in->path, "/health")) {
        const char *reason = not_ready(node);
        front_answer(x, reason == NULL ? 200 : 503, "text/plain",
                     text_bytes(text_literal(reason == NULL ? "ok\n" : reason)));
        return;
    }
    struct desk_counts desk = desk_counts(node->desk);
    struct server_counts http = server_counts(node->server);
    const struct shelf_view *shelf = shelf_take(clerk_shelf(node->clerk));
    int len = snprintf(out, sizeof(out),
                       "comity_commits_total %llu\ncomity_commands_total %llu\n"
                       "comity_queue %llu\ncomity_requests_total %llu\n"
                       "comity_requests_refused_total %llu\ncomity_records_searchable %zu\n",
                       (unsigned long long)desk.commits, (unsigned long long)desk.commands,
                       (unsigned long long)desk.queued, (unsigned long long)http.requests,
                       (unsigned long long)http.refused, shelf->doc_count);
    shelf_give(clerk_shelf(node->clerk), shelf);
    front_answer(x, 200, "text/plain", bytes_of(out, len < 0 ? 0 : (size_t)len));
}
