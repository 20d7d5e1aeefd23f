/* What the files of the server share; nobody else includes it. */
#ifndef COMITY_SHELL_SERVER_PARTS_H
#define COMITY_SHELL_SERVER_PARTS_H

#include <gnutls/abstract.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "shell/server.h"

/* One certificate with its key; old ones stay until the listener ends, since handshakes that run
 * may still use them (one in some days). */
struct server_identity {
    gnutls_pcert_st *certs;
    unsigned count;
    gnutls_privkey_t key;
    struct server_identity *older;
};

struct server_gate { /* one listener at work */
    struct server *server;
    struct server_listener setup; /* strings belong to the gate */
    struct MHD_Daemon *daemon;
    int fd;
    uint16_t port;
    _Atomic(struct server_identity *) identity;
    pthread_mutex_t mutex;
    struct server_wire *wires;
    _Atomic int64_t logged_ms;
    _Atomic uint64_t unlogged; /* refused peers */
};

/* One connection. The watchdog shuts down what is awaited for too long. */
struct server_wire {
    struct server_gate *gate;
    struct server_wire *next, *before;
    int fd;
    uid_t uid;
    struct x509_peer peer;
    _Atomic int64_t awaited_ms; /* until when the peer must have done its part; 0: it is our turn */
};

enum exchange_state { EXCHANGE_READING, EXCHANGE_HANDLING, EXCHANGE_SLEEPING, EXCHANGE_ANSWERED };

struct exchange {
    struct server *server;
    struct server_gate *gate;
    struct server_wire *wire;
    struct MHD_Connection *connection;
    struct exchange *next, *before; /* all that are not completed */
    pthread_mutex_t mutex;          /* of state, response, holders */
    enum exchange_state state;
    int holders; /* the connection, and while it is theirs, those who answer */
    struct MHD_Response *response;
    size_t answer_len;
    unsigned status;
    const char *refused; /* rule of our own refusal, before any handler */
    struct server_request request;
    char *target;  /* as sent: path and query */
    char *strings; /* path and headers of `request` */
    uint8_t *body;
    size_t body_len, body_size;
    size_t dropped; /* bytes of a body that is refused */
};

struct server {
    struct server_gate gates[SERVER_LISTENERS_MAX];
    size_t count;
    pthread_t watchdog;
    pthread_mutex_t mutex; /* of exchanges, stopping */
    pthread_cond_t changed, ended;
    struct exchange *exchanges;
    _Atomic bool stopping;
    _Atomic uint64_t requests, refused, answered, open, body_bytes;
};

bool server_has_tls(enum server_kind kind);
bool server_has_client_certificates(enum server_kind kind);

/* server_listen.c: a listening socket for the gate (fd, port). */
MUST_USE struct err server_listen(struct server_gate *gate);

/* server_tls.c */
MUST_USE struct err server_identity_load(struct server_gate *gate, const char *cert_pem,
                                         const char *key_pem);
void server_identities_free(struct server_gate *gate);
/* Asks for a client certificate where the kind demands it. Without memory for a wire the
 * handshake will fail. */
void server_tls_prepare(const struct server_gate *gate, struct server_wire *wire_opt,
                        gnutls_session_t session);
int server_tls_retrieve(gnutls_session_t session, const gnutls_datum_t *ca_names, int ca_count,
                        const gnutls_pk_algorithm_t *algorithms, int algorithm_count,
                        gnutls_pcert_st **certs, unsigned *cert_count, gnutls_privkey_t *key);

/* server_request.c: what the request says, from the connection's headers and `target`. NULL or the
 * rule that it breaks; status_out with it. */
const char *server_request_read(struct exchange *x, const char *method, unsigned *status_out);

/* server_exchange.c: libmicrohttpd's callbacks. */
void *exchange_begin(void *gate, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_step(void *gate, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *len, void **context);
void exchange_end(void *gate, struct MHD_Connection *connection, void **context,
                  enum MHD_RequestTerminationCode code);
/* 503 to all that sleep. */
void exchange_refuse_all(struct server *server);
void wire_changed(void *gate, struct MHD_Connection *connection, void **context,
                  enum MHD_ConnectionNotificationCode code);

#endif
