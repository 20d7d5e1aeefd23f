/* One request from its first line to the end of its answer.
 *
 *   X1 An exchange is handed to the handler at most once, and answered at most once.
 *   X2 It lives as long as the connection or the one who answers holds it.
 *   X3 A connection sleeps only under the exchange's mutex and only without an answer. */
#include "shell/server_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/json.h"
#include "shell/clock.h"
#include "shell/text.h"

enum { BODY_FIRST = 4096, PROBLEM_MEMORY = 8192 };

static int64_t patience_ms(const struct exchange *x, size_t bytes)
{
    unsigned seconds = x->gate->setup.request_s;
    return (int64_t)seconds * 1000 + (int64_t)(bytes * 1000 / SERVER_RATE_MIN);
}

static void await_peer(struct exchange *x, size_t bytes)
{
    if (x->wire)
        atomic_store(&x->wire->awaited_ms, clock_monotonic_ms() + patience_ms(x, bytes));
}

static void give_up_hold(struct exchange *x)
{
    pthread_mutex_lock(&x->mutex);
    bool last = --x->holders == 0;
    pthread_mutex_unlock(&x->mutex);
    if (!last)
        return;
    assert(x->state == EXCHANGE_ANSWERED || x->state == EXCHANGE_READING); /* X2 */
    if (x->response)
        MHD_destroy_response(x->response);
    pthread_mutex_destroy(&x->mutex);
    free(x->target);
    free(x->strings);
    free(x->body);
    free(x);
}

static void list_in(struct exchange *x)
{
    pthread_mutex_lock(&x->server->mutex);
    x->next = x->server->exchanges;
    if (x->next)
        x->next->before = x;
    x->server->exchanges = x;
    pthread_mutex_unlock(&x->server->mutex);
}

static void list_out(struct exchange *x)
{
    struct server *server = x->server;
    pthread_mutex_lock(&server->mutex);
    if (x->before)
        x->before->next = x->next;
    else
        server->exchanges = x->next;
    if (x->next)
        x->next->before = x->before;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->mutex);
}

void *exchange_begin(void *gate, const char *target, struct MHD_Connection *connection)
{
    struct exchange *x = calloc(1, sizeof(*x));
    if (!x)
        return NULL;
    x->gate = gate;
    x->server = x->gate->server;
    x->connection = connection;
    x->holders = 1;
    x->target = strdup(target);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->wire = info ? info->socket_context : NULL;
    pthread_mutex_init(&x->mutex, NULL);
    list_in(x);
    return x;
}

static bool header_value(struct text in, char *out, size_t size)
{
    if (in.len >= size)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        if ((unsigned char)in.data[i] < 0x20 || in.data[i] == 0x7F)
            return false;
    }
    if (in.len > 0)
        memcpy(out, in.data, in.len);
    out[in.len] = '\0';
    return true;
}

static bool add_headers(struct MHD_Response *response, const struct server_reply *reply)
{
    bool good = MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES &&
                MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES;
    if (good && reply->content_type)
        good = MHD_add_response_header(response, "Content-Type", reply->content_type) == MHD_YES;
    for (size_t i = 0; good && i < SERVER_REPLY_HEADERS_MAX && reply->headers[i].name; i++) {
        char value[1024];
        good = header_value(reply->headers[i].value, value, sizeof(value)) &&
               MHD_add_response_header(response, reply->headers[i].name, value) == MHD_YES;
    }
    return good;
}

/* NULL without memory, or for a header that would be split. */
static struct MHD_Response *response_of(const struct server_reply *reply)
{
    union { /* libmicrohttpd copies and does not write, but says so in no type */
        const uint8_t *in;
        void *out;
    } body = { reply->body.data };
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->body.len, body.out, MHD_RESPMEM_MUST_COPY);
    if (response && !add_headers(response, reply)) {
        MHD_destroy_response(response);
        return NULL;
    }
    return response;
}

/* The first answer wins; wakes the connection if it sleeps. */
static void set_answer(struct exchange *x, unsigned status, struct MHD_Response *response,
                       size_t len)
{
    pthread_mutex_lock(&x->mutex);
    bool first = x->state != EXCHANGE_ANSWERED;
    bool asleep = x->state == EXCHANGE_SLEEPING;
    if (first) { /* X1 */
        x->status = status;
        x->response = response;
        x->answer_len = len;
        x->state = EXCHANGE_ANSWERED;
        atomic_fetch_add(&x->server->answered, 1);
        atomic_fetch_sub(&x->server->open, 1);
        if (asleep)
            MHD_resume_connection(x->connection);
    }
    pthread_mutex_unlock(&x->mutex);
    if (!first && response)
        MHD_destroy_response(response);
}

void server_answer(struct exchange *x, const struct server_reply *reply)
{
    assert(reply->status >= 200 && reply->status <= 599);
    struct MHD_Response *response = response_of(reply);
    unsigned status = reply->status;
    size_t len = reply->body.len;
    if (!response) {
        const struct server_reply broken = { .status = 500 };
        response = response_of(&broken);
        status = 500;
        len = 0;
    }
    set_answer(x, status, response, len);
    give_up_hold(x);
}

static struct MHD_Response *problem(const struct exchange *x, unsigned status, struct err e)
{
    uint8_t memory[PROBLEM_MEMORY];
    struct arena arena = arena_over(memory, sizeof(memory));
    enum text_lang lang = text_lang_of(x->request.accept_language);
    struct json body = json_object();
    json_set_integer(&arena, &body, "status", status);
    json_set_text(&arena, &body, "code", text_literal(e.rule));
    json_set_text(&arena, &body, "title", text_literal(text_say(lang, e.rule)));
    if (e.at > 0)
        json_set_integer(&arena, &body, "at", e.at);
    struct bytes out = { NULL, 0 };
    if (failed(json_format(&body, &arena, &out)))
        out = bytes_of("{}", 2);
    const struct server_reply reply = { .status = status,
                                        .content_type = "application/problem+json",
                                        .body = out };
    return response_of(&reply);
}

void server_answer_problem(struct exchange *x, unsigned status, struct err e)
{
    set_answer(x, status, problem(x, status, e), 0);
    give_up_hold(x);
}

const struct server_request *exchange_request(const struct exchange *x)
{
    return &x->request;
}

static enum MHD_Result send_answer(struct exchange *x)
{
    await_peer(x, x->answer_len);
    if (!x->response)
        return MHD_NO; /* no memory even for a 500: the connection ends */
    return MHD_queue_response(x->connection, x->status, x->response);
}

static enum MHD_Result refuse(struct exchange *x, unsigned status, const char *rule)
{
    atomic_fetch_add(&x->server->refused, 1);
    x->status = status;
    x->response = problem(x, status, err_make(ERR_INVALID, rule));
    return send_answer(x);
}

/* Takes the room out of the budget that all bodies share. */
static bool body_room(struct exchange *x, size_t size)
{
    if (size <= x->body_size)
        return true;
    size_t more = size - x->body_size;
    uint64_t held = atomic_fetch_add(&x->server->body_bytes, more) + more;
    uint8_t *grown = held <= SERVER_BODIES_MAX ? realloc(x->body, size) : NULL;
    if (!grown) {
        atomic_fetch_sub(&x->server->body_bytes, more);
        return false;
    }
    x->body = grown;
    x->body_size = size;
    return true;
}

/* Whether a refused peer is sending a body that is to be read away before the answer: one that
 * still writes when we have answered and hung up is reset, and never reads why. Not who waits for
 * 100 (Continue), and not what is far beyond our limit. */
static bool body_is_coming(const struct exchange *x, uint64_t len)
{
    size_t max = x->gate->setup.body_max;
    const char *chunked =
        MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Transfer-Encoding");
    return (len > 0 || chunked) && max > 0 && len <= 2 * (uint64_t)max &&
           !MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Expect");
}

/* Before the body: what can be refused without reading it. */
static enum MHD_Result step_headers(struct exchange *x, const char *method)
{
    atomic_fetch_add(&x->server->requests, 1);
    unsigned status = 0;
    const char *rule = server_request_read(x, method, &status);
    if (!rule && atomic_load(&x->server->stopping)) {
        status = 503;
        rule = "server.stopping";
    }
    const char *length =
        MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, "Content-Length");
    /* libmicrohttpd has checked that it is a number that fits */
    uint64_t len = length ? strtoull(length, NULL, 10) : 0;
    if (!rule && len > x->gate->setup.body_max) {
        status = 413;
        rule = "server.body-too-big";
    }
    if (!rule && len > 0 && !body_room(x, (size_t)len)) {
        status = 503;
        rule = "server.busy";
    }
    if (rule && !body_is_coming(x, len))
        return refuse(x, status, rule);
    x->refused = rule;
    x->status = status;
    return MHD_YES;
}

static enum MHD_Result step_body(struct exchange *x, const char *data, size_t len)
{
    await_peer(x, x->body_len + x->dropped);
    if (!x->refused && len > x->gate->setup.body_max - x->body_len) {
        x->refused = "server.body-too-big";
        x->status = 413;
    }
    size_t size = x->body_size > 0 ? x->body_size : BODY_FIRST;
    while (size < x->body_len + len)
        size *= 2;
    if (size > x->gate->setup.body_max)
        size = x->gate->setup.body_max;
    if (!x->refused && !body_room(x, size)) {
        x->refused = "server.busy";
        x->status = 503;
    }
    if (x->refused) { /* the answer leaves after the body; beyond twice the limit, none */
        x->dropped += len;
        return x->body_len + x->dropped <= 2 * x->gate->setup.body_max ? MHD_YES : MHD_NO;
    }
    memcpy(x->body + x->body_len, data, len);
    x->body_len += len;
    return MHD_YES;
}

static enum MHD_Result step_handle(struct exchange *x)
{
    if (x->refused)
        return refuse(x, x->status, x->refused);
    if (x->wire)
        atomic_store(&x->wire->awaited_ms, 0);
    x->request.body = bytes_of(x->body, x->body_len);
    x->request.at = clock_now();
    x->state = EXCHANGE_HANDLING;
    x->holders++; /* theirs, until they answer */
    atomic_fetch_add(&x->server->open, 1);
    x->gate->setup.handle(x->gate->setup.context, x);
    pthread_mutex_lock(&x->mutex);
    bool answered = x->state == EXCHANGE_ANSWERED;
    if (!answered) { /* X3 */
        x->state = EXCHANGE_SLEEPING;
        MHD_suspend_connection(x->connection);
    }
    pthread_mutex_unlock(&x->mutex);
    return answered ? send_answer(x) : MHD_YES;
}

enum MHD_Result exchange_step(void *gate, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **context)
{
    (void)gate;
    (void)connection;
    (void)url;
    (void)version;
    struct exchange *x = *context;
    if (!x)
        return MHD_NO;
    if (!x->strings && !x->response && !x->refused)
        return step_headers(x, method);
    if (*len > 0) {
        enum MHD_Result result = step_body(x, data, *len);
        *len = 0;
        return result;
    }
    pthread_mutex_lock(&x->mutex);
    bool answered = x->state == EXCHANGE_ANSWERED;
    pthread_mutex_unlock(&x->mutex);
    return answered ? send_answer(x) : step_handle(x);
}

void exchange_end(void *gate, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode code)
{
    (void)gate;
    (void)connection;
    (void)code;
    struct exchange *x = *context;
    if (!x)
        return;
    *context = NULL;
    list_out(x);
    await_peer(x, 0);
    /* Now, because the server may be gone when a late answer frees the rest (X2). */
    atomic_fetch_sub(&x->server->body_bytes, x->body_size);
    give_up_hold(x);
}

void exchange_refuse_all(struct server *server)
{
    pthread_mutex_lock(&server->mutex);
    for (struct exchange *x = server->exchanges; x; x = x->next) {
        pthread_mutex_lock(&x->mutex);
        bool asleep = x->state == EXCHANGE_SLEEPING;
        pthread_mutex_unlock(&x->mutex);
        if (asleep)
            set_answer(x, 503, problem(x, 503, err_make(ERR_UNAVAILABLE, "server.stopping")), 0);
    }
    pthread_mutex_unlock(&server->mutex);
}

static void wire_open(struct server_gate *gate, struct MHD_Connection *connection, void **context)
{
    struct server_wire *wire = calloc(1, sizeof(*wire));
    if (server_has_tls(gate->setup.kind)) {
        const union MHD_ConnectionInfo *tls =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
        server_tls_prepare(gate, wire, tls->tls_session);
    }
    if (!wire)
        return;
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct ucred who = { .uid = (uid_t)-1 };
    socklen_t size = sizeof(who);
    wire->gate = gate;
    wire->fd = fd ? fd->connect_fd : -1;
    wire->uid = (uid_t)-1;
    if (gate->setup.kind == SERVER_LOCAL &&
        getsockopt(wire->fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0)
        wire->uid = who.uid;
    atomic_store(&wire->awaited_ms, clock_monotonic_ms() + gate->setup.request_s * 1000LL);
    pthread_mutex_lock(&gate->mutex);
    wire->next = gate->wires;
    if (wire->next)
        wire->next->before = wire;
    gate->wires = wire;
    pthread_mutex_unlock(&gate->mutex);
    *context = wire;
}

static void wire_close(struct server_gate *gate, struct server_wire *wire)
{
    pthread_mutex_lock(&gate->mutex);
    if (wire->before)
        wire->before->next = wire->next;
    else
        gate->wires = wire->next;
    if (wire->next)
        wire->next->before = wire->before;
    pthread_mutex_unlock(&gate->mutex);
    free(wire);
}

void wire_changed(void *gate, struct MHD_Connection *connection, void **context,
                  enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        wire_open(gate, connection, context);
    else if (*context)
        wire_close(gate, *context);
}
