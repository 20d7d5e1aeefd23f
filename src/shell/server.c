#include "shell/server_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "shell/clock.h"

enum {
    POOL_MEMORY = 2 * SERVER_HEADERS_MAX,
    FLUSH_MS = 500,
    STACK_SIZE = 1 << 20,
    OPTIONS_MAX = 16
};

bool server_has_tls(enum server_kind kind)
{
    return kind == SERVER_USERS || server_has_client_certificates(kind);
}

bool server_has_client_certificates(enum server_kind kind)
{
    return kind == SERVER_MACHINES || kind == SERVER_PARTNERS;
}

static size_t body_limit(enum server_kind kind)
{
    if (kind == SERVER_METRICS)
        return SERVER_BODY_METRICS_MAX;
    return kind == SERVER_PARTNERS ? SERVER_BODY_PARTNERS_MAX : SERVER_BODY_USERS_MAX;
}

/* What both kinds of daemons share. */
static void daemon_options(const struct server_listener *setup, struct MHD_OptionItem *options)
{
    /* X25519 and P-256 stay enabled: libmicrohttpd 0.9.75 fails at a HelloRetryRequest. */
    static char priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3";
    size_t n = 0;
    options[n++] = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_LIMIT, setup->connections, NULL };
    options[n++] = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_TIMEOUT, setup->idle_s, NULL };
    options[n++] = (struct MHD_OptionItem){ MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_MEMORY, NULL };
    options[n++] = (struct MHD_OptionItem){ MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL };
    options[n++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_STACK_SIZE, STACK_SIZE, NULL };
    if (setup->threads > 1)
        options[n++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE, setup->threads, NULL };
    if (server_has_tls(setup->kind))
        options[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0, priorities };
    options[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
    assert(n < OPTIONS_MAX);
}

static struct err daemon_start(struct server_gate *gate)
{
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    struct MHD_OptionItem options[OPTIONS_MAX];
    daemon_options(&gate->setup, options);
    if (server_has_tls(gate->setup.kind))
        gate->daemon = MHD_start_daemon(
            flags | MHD_USE_TLS, 0, NULL, NULL, exchange_step, gate, MHD_OPTION_LISTEN_SOCKET,
            gate->fd, MHD_OPTION_NOTIFY_CONNECTION, wire_changed, gate, MHD_OPTION_URI_LOG_CALLBACK,
            exchange_begin, gate, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, gate, MHD_OPTION_ARRAY,
            options, MHD_OPTION_HTTPS_CERT_CALLBACK, server_tls_retrieve, MHD_OPTION_END);
    else
        gate->daemon = MHD_start_daemon(
            flags, 0, NULL, NULL, exchange_step, gate, MHD_OPTION_LISTEN_SOCKET, gate->fd,
            MHD_OPTION_NOTIFY_CONNECTION, wire_changed, gate, MHD_OPTION_URI_LOG_CALLBACK,
            exchange_begin, gate, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, gate, MHD_OPTION_ARRAY,
            options, MHD_OPTION_END);
    return gate->daemon ? err_none() : err_make(ERR_UNAVAILABLE, "server.no-start");
}

static struct err gate_start(struct server_gate *gate, struct server *server,
                             const struct server_listener *listener)
{
    gate->server = server;
    gate->fd = -1;
    gate->setup = *listener;
    pthread_mutex_init(&gate->mutex, NULL);
    struct server_listener *setup = &gate->setup;
    size_t limit = body_limit(setup->kind);
    setup->body_max = setup->body_max > 0 && setup->body_max < limit ? setup->body_max : limit;
    setup->connections = setup->connections > 0 ? setup->connections : SERVER_CONNECTIONS_MAX;
    setup->idle_s = setup->idle_s > 0 ? setup->idle_s : SERVER_IDLE_S;
    setup->request_s = setup->request_s > 0 ? setup->request_s : SERVER_REQUEST_S;
    if (server_has_tls(setup->kind)) {
        struct err e = server_identity_load(gate, setup->cert_pem, setup->key_pem);
        if (failed(e))
            return e;
    }
    setup->cert_pem = NULL; /* borrowed for the call only */
    setup->key_pem = NULL;
    setup->path = setup->path ? strdup(setup->path) : NULL;
    struct err e = server_listen(gate);
    setup->address = NULL;
    return failed(e) ? e : daemon_start(gate);
}

static void gate_free(struct server_gate *gate)
{
    union { /* strdup'ed by gate_start */
        const char *in;
        void *out;
    } path = { gate->setup.path };
    if (gate->daemon) {
        MHD_quiesce_daemon(gate->daemon); /* so that the socket stays ours to close */
        MHD_stop_daemon(gate->daemon);
    }
    if (gate->fd >= 0)
        close(gate->fd);
    if (gate->setup.kind == SERVER_LOCAL && gate->fd >= 0)
        unlink(gate->setup.path);
    free(path.out);
    server_identities_free(gate);
    pthread_mutex_destroy(&gate->mutex);
}

static void gate_watch(struct server_gate *gate, int64_t now)
{
    pthread_mutex_lock(&gate->mutex);
    for (const struct server_wire *wire = gate->wires; wire; wire = wire->next) {
        int64_t awaited = atomic_load(&wire->awaited_ms);
        if (awaited > 0 && awaited < now)
            shutdown(wire->fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&gate->mutex);
}

/* libmicrohttpd knows silence but no total: a byte now and then would hold a connection for ever.
 */
static void *watch(void *context)
{
    struct server *server = context;
    pthread_mutex_lock(&server->mutex);
    while (!atomic_load(&server->stopping)) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&server->ended, &server->mutex, &until);
        pthread_mutex_unlock(&server->mutex);
        for (size_t i = 0; i < server->count; i++)
            gate_watch(&server->gates[i], clock_monotonic_ms());
        pthread_mutex_lock(&server->mutex);
    }
    pthread_mutex_unlock(&server->mutex);
    return NULL;
}

static void server_free(struct server *server)
{
    for (size_t i = 0; i < server->count; i++)
        gate_free(&server->gates[i]);
    pthread_cond_destroy(&server->changed);
    pthread_cond_destroy(&server->ended);
    pthread_mutex_destroy(&server->mutex);
    free(server);
}

struct err server_start(const struct server_listener *listeners, size_t count, struct server **out)
{
    assert(count > 0 && count <= SERVER_LISTENERS_MAX);
    struct server *server = calloc(1, sizeof(*server));
    if (!server)
        return err_make(ERR_UNAVAILABLE, "server.no-start");
    pthread_mutex_init(&server->mutex, NULL);
    pthread_cond_init(&server->changed, NULL);
    pthread_cond_init(&server->ended, NULL);
    for (size_t i = 0; i < count; i++) {
        assert(listeners[i].handle);
        server->count++;
        struct err e = gate_start(&server->gates[i], server, &listeners[i]);
        if (failed(e)) {
            server_free(server);
            return err_at(e.code, (uint32_t)i, e.rule);
        }
    }
    if (pthread_create(&server->watchdog, NULL, watch, server) != 0) {
        server_free(server);
        return err_make(ERR_UNAVAILABLE, "server.no-start");
    }
    *out = server;
    return err_none();
}

uint16_t server_port(const struct server *server, size_t i)
{
    assert(i < server->count);
    return server->gates[i].port;
}

struct err server_renew(struct server *server, size_t i, const char *cert_pem, const char *key_pem)
{
    assert(i < server->count && server_has_tls(server->gates[i].setup.kind));
    return server_identity_load(&server->gates[i], cert_pem, key_pem);
}

static bool is_empty(struct server *server, bool also_sent)
{
    return also_sent ? server->exchanges == NULL : atomic_load(&server->open) == 0;
}

/* Until every exchange is answered (and sent), at most `ms`. */
static void drain(struct server *server, bool also_sent, unsigned ms)
{
    int64_t until = clock_monotonic_ms() + ms;
    pthread_mutex_lock(&server->mutex);
    while (!is_empty(server, also_sent) && clock_monotonic_ms() < until) {
        struct timespec soon;
        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_nsec += 10000000;
        if (soon.tv_nsec >= 1000000000) {
            soon.tv_nsec -= 1000000000;
            soon.tv_sec++;
        }
        pthread_cond_timedwait(&server->changed, &server->mutex, &soon);
    }
    pthread_mutex_unlock(&server->mutex);
}

void server_stop(struct server *server, unsigned grace_ms)
{
    for (size_t i = 0; i < server->count; i++)
        MHD_quiesce_daemon(server->gates[i].daemon);
    pthread_mutex_lock(&server->mutex);
    atomic_store(&server->stopping, true);
    pthread_cond_broadcast(&server->ended);
    pthread_mutex_unlock(&server->mutex);
    pthread_join(server->watchdog, NULL);
    drain(server, false, grace_ms);
    exchange_refuse_all(server);
    drain(server, true, FLUSH_MS);
    server_free(server);
}

struct server_counts server_counts(const struct server *server)
{
    return (struct server_counts){
        .requests = atomic_load(&server->requests),
        .refused = atomic_load(&server->refused),
        .answered = atomic_load(&server->answered),
        .open = atomic_load(&server->open),
        .body_bytes = atomic_load(&server->body_bytes),
    };
}
