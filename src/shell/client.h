/* HTTP/1.1 client (libcurl over GnuTLS): to a partner over mutual TLS 1.3 with its root key
 * pinned, to an API with a certificate, or to the node's Unix socket. Calls block: for courier
 * threads and the CLI. A client is one connection that is kept alive, used by one thread at a time;
 * client_cancel alone may come from another thread. Redirects and proxies are never followed. */
#ifndef COMITY_SHELL_CLIENT_H
#define COMITY_SHELL_CLIENT_H

#include "core/arena.h"
#include "shell/x509.h"

enum {
    CLIENT_CONNECT_MS = 10000,
    CLIENT_TOTAL_MS = 60000,
    CLIENT_BODY_MAX = 8 << 20,
    CLIENT_HEADERS_MAX = 8
};

/* Strings are copied. Give exactly one of socket_path, address. */
struct client_setup {
    const char *socket_path; /* Unix socket, no TLS */
    const char *address;     /* "host:port", "[::1]:8443" */
    /* TLS: files, because libcurl-gnutls silently ignores certificates given as blobs. */
    const char *root_file;   /* PEM of the partner's root certificate: the only trust */
    const char *cert_file;   /* our chain leaf, node, root; NULL: none */
    const char *key_file;    /* mode 0600 or file.too-open */
    struct sign_public root; /* the pinned root key: gives the name asked for */
    const char *name;        /* other name to ask for instead (users' API); NULL: from `root` */
    uint32_t connect_ms, total_ms; /* 0: the defaults */
    size_t body_max;               /* 0: CLIENT_BODY_MAX */
};

struct client_header {
    const char *name;
    struct text value;
};

struct client_request {
    const char *method; /* "GET", "POST", ... */
    struct text path;   /* with query, already encoded */
    const char *content_type;
    struct bytes body;
    struct client_header headers[CLIENT_HEADERS_MAX]; /* up to the first NULL name */
    uint32_t total_ms;                                /* 0: as set up (a long poll takes longer) */
};

struct client_reply {
    unsigned status;
    struct text content_type, etag, location; /* empty when absent */
    struct bytes body;
};

struct client;

/* ERR_INVALID client.bad-address, client.no-root; file.* of the files. */
MUST_USE struct err client_open(const struct client_setup *setup, struct client **out);
/* Any status is a success. ERR_UNAVAILABLE client.unreachable, client.timeout, client.broken,
 * client.cancelled; ERR_DENIED client.wrong-peer (certificate, root, name), client.refused-by-peer
 * (it did not accept ours); ERR_LIMIT client.too-big, arena.full. */
MUST_USE struct err client_call(struct client *client, const struct client_request *request,
                                struct arena *arena, struct client_reply *out);
/* Ends the running call, and every later one, with client.cancelled. What the system has not yet
 * sent of it is dropped. */
void client_cancel(struct client *client);
void client_close(struct client *client_opt);

#endif
