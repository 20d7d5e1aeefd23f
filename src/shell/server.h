/* HTTP/1.1 server (libmicrohttpd, epoll, thread pool): several listeners, one handler each.
 *
 * Who is asking:
 *   SERVER_LOCAL     Unix socket; the peer's uid from the kernel (SO_PEERCRED)
 *   SERVER_USERS     TLS 1.3; a bearer session in `authorization`, checked by the handler
 *   SERVER_MACHINES  TLS 1.3, client certificate demanded; its chain is checked here
 *   SERVER_PARTNERS  as SERVER_MACHINES, for other nodes
 *   SERVER_METRICS   plain HTTP on a loopback address, GET only
 * With a client certificate the handshake ends unless the chain holds (x509_check_chain) and
 * `admit` says yes to its root key; a request therefore always has a peer.
 *
 * A handler gets an exchange and must answer it exactly once: before it returns, or later from any
 * thread (group commit); meanwhile the connection sleeps and costs no thread. */
#ifndef COMITY_SHELL_SERVER_H
#define COMITY_SHELL_SERVER_H

#include <sys/types.h>

#include "core/arena.h"
#include "shell/x509.h"

enum server_kind {
    SERVER_LOCAL,
    SERVER_USERS,
    SERVER_MACHINES,
    SERVER_PARTNERS,
    SERVER_METRICS,
    SERVER_KINDS
};
enum server_method {
    SERVER_GET,
    SERVER_HEAD,
    SERVER_POST,
    SERVER_PUT,
    SERVER_PATCH,
    SERVER_DELETE,
    SERVER_METHODS
};

enum {
    SERVER_BODY_USERS_MAX = 8 << 20,
    SERVER_BODY_PARTNERS_MAX = 4 << 20,
    SERVER_BODY_METRICS_MAX = 0,
    SERVER_BODIES_MAX = 256 << 20, /* all bodies in memory at one time; beyond: 503 */
    SERVER_HEADERS_MAX = 16 << 10, /* request line and headers; beyond: 431 */
    SERVER_PATH_MAX = 2048,
    SERVER_CONNECTIONS_MAX = 1000, /* a listener */
    SERVER_IDLE_S = 30,            /* silence on a connection */
    SERVER_REQUEST_S = 120,        /* from one answer to the whole next request, and to send one */
    SERVER_RATE_MIN = 1024,        /* a byte more gives 1/1024 s more: slow lines are no attack */
    SERVER_REPLY_HEADERS_MAX = 8,
    SERVER_LISTENERS_MAX = 8
};

struct exchange; /* one request and its answer */

struct server_request {
    enum server_kind kind;
    enum server_method method;
    struct text path; /* begins with "/"; percent-decoded; valid UTF-8; no NUL, "//", "." or ".." */
    struct text query; /* after "?", raw: server_query() decodes */
    /* Headers; empty when absent. Each at most once (a repeated one is refused: 400). */
    struct text authorization, idempotency_key, if_match, if_none_match, accept, accept_language,
        content_type, cookie;
    struct bytes body;
    uid_t uid;             /* SERVER_LOCAL; else (uid_t)-1 */
    struct x509_peer peer; /* SERVER_MACHINES, SERVER_PARTNERS; else zeros */
    struct instant at;     /* wall clock when the last byte had come */
};

struct server_header {
    const char *name;
    struct text value; /* a control character in it is a 500, never a split header */
};

struct server_reply {
    unsigned status;                                        /* 200..599 (asserted) */
    const char *content_type;                               /* NULL: none */
    struct bytes body;                                      /* copied */
    struct server_header headers[SERVER_REPLY_HEADERS_MAX]; /* up to the first NULL name */
};

struct server_listener {
    enum server_kind kind;
    const char *path;     /* SERVER_LOCAL: the socket, made with mode 0660 */
    const char *address;  /* else: "127.0.0.1:8443", "[::1]:0"; port 0: one that is free */
    size_t body_max;      /* 0: the kind's limit above */
    unsigned threads;     /* 0: 1 */
    unsigned connections; /* 0: SERVER_CONNECTIONS_MAX */
    unsigned idle_s;      /* 0: SERVER_IDLE_S */
    unsigned request_s;   /* 0: SERVER_REQUEST_S */
    const char *cert_pem; /* TLS kinds: chain, leaf first; text, not a path */
    const char *key_pem;
    void *context;
    /* Must answer `x` once. Called on a server thread: never block on I/O here. */
    void (*handle)(void *context, struct exchange *x);
    /* Certificate kinds: is this root ours to talk to? NULL: all whose chain holds. */
    bool (*admit)(void *context, const struct x509_peer *peer);
};

struct server;

/* All listeners or none. On failure `at` is the index of the listener: ERR_CONFLICT
 * server.port-in-use, server.socket-in-use; ERR_DENIED server.port-forbidden; ERR_INVALID
 * server.bad-address, server.not-loopback, server.bad-certificate; ERR_UNAVAILABLE
 * server.no-start. `listeners` is copied, strings too. */
MUST_USE struct err server_start(const struct server_listener *listeners, size_t count,
                                 struct server **out);
/* The port that listener `i` really has. */
uint16_t server_port(const struct server *server, size_t i);
/* New certificate for listener `i` from the next handshake on. ERR_INVALID server.bad-certificate.
 */
MUST_USE struct err server_renew(struct server *server, size_t i, const char *cert_pem,
                                 const char *key_pem);
/* Accepts nothing new, waits at most `grace_ms` for answers, then answers 503, closes, frees.
 * Exchanges that are answered later still are harmless. */
void server_stop(struct server *server, unsigned grace_ms);

struct server_counts {
    uint64_t requests, refused, answered;
    uint64_t open;       /* exchanges without an answer now */
    uint64_t body_bytes; /* held now */
};
struct server_counts server_counts(const struct server *server);

/* Valid until the exchange is answered. */
const struct server_request *exchange_request(const struct exchange *x);
/* Gives `x` back: do not touch it afterwards. Thread-safe. */
void server_answer(struct exchange *x, const struct server_reply *reply);
/* RFC 9457: application/problem+json with status, code (the rule), title (its sentence in the
 * caller's language) and at, where the error has a place. */
void server_answer_problem(struct exchange *x, unsigned status, struct err e);

/* Value of query parameter `name`, decoded into the arena. ERR_NOT_FOUND server.no-parameter;
 * ERR_INVALID server.bad-query (escape, UTF-8, or name given twice). */
MUST_USE struct err server_query(const struct server_request *request, const char *name,
                                 struct arena *arena, struct text *out);
const char *server_method_name(enum server_method method);

#endif
