#include "shell/client.h"

#include <assert.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shell/files.h"

enum { URL_MAX = 4096, HEADER_MAX = 1280 };

struct client {
    CURL *curl;
    struct curl_slist *connect_to;
    char base[512]; /* "https://name:port" */
    char problem[CURL_ERROR_SIZE];
    uint32_t connect_ms, total_ms;
    size_t body_max;
    bool certified; /* we show a certificate */
    _Atomic bool cancelled;
    pthread_mutex_t socket_lock; /* over the number: a closed one may be another's */
    int socket;                  /* in use last; -1: none */
};

/* One call: where its answer goes. */
struct call {
    struct client *client;
    struct arena *arena;
    uint8_t *body;
    size_t len, size;
    bool begun, too_big, full;
    struct client_reply reply;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t take_body(char *data, size_t one, size_t count, void *context)
{
    struct call *call = context;
    size_t len = one * count;
    if (len > call->client->body_max - call->len) {
        call->too_big = true;
        return 0;
    }
    if (call->len + len > call->size) {
        size_t size = call->size > 0 ? call->size : 16384;
        while (size < call->len + len)
            size *= 2;
        uint8_t *grown = realloc(call->body, size);
        if (!grown)
            return 0;
        call->body = grown;
        call->size = size;
    }
    memcpy(call->body + call->len, data, len);
    call->len += len;
    return len;
}

static void keep_header(struct call *call, struct text line, const char *name, struct text *out)
{
    size_t len = strlen(name);
    if (line.len <= len || line.data[len] != ':' || strncasecmp(line.data, name, len) != 0)
        return;
    struct text value = text_trim(text_slice(line, len + 1, SIZE_MAX));
    struct text proved = { NULL, 0 };
    if (failed(text_parse(text_bytes(value), &proved)))
        return;
    *out = arena_copy_text(call->arena, proved);
    call->full = call->full || (value.len > 0 && !out->data);
}

static size_t take_header(char *data, size_t one, size_t count, void *context)
{
    struct call *call = context;
    call->begun = true;
    struct text line = { data, one * count };
    keep_header(call, line, "content-type", &call->reply.content_type);
    keep_header(call, line, "etag", &call->reply.etag);
    keep_header(call, line, "location", &call->reply.location);
    return one * count;
}

static int see_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    const struct client *client = context;
    return atomic_load(&client->cancelled) ? 1 : 0;
}

static int see_socket(void *context, curl_socket_t fd, curlsocktype purpose)
{
    (void)purpose;
    struct client *client = context;
    pthread_mutex_lock(&client->socket_lock);
    client->socket = fd;
    pthread_mutex_unlock(&client->socket_lock);
    return CURL_SOCKOPT_OK;
}

static int close_socket(void *context, curl_socket_t fd)
{
    struct client *client = context;
    pthread_mutex_lock(&client->socket_lock);
    if (client->socket == fd)
        client->socket = -1;
    int result = close(fd);
    pthread_mutex_unlock(&client->socket_lock);
    return result;
}

/* The port of "host:port", with the colon; NULL when it has none. */
static const char *port_of(const char *address)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address || colon[1] == '\0' || strlen(colon) > 6)
        return NULL;
    for (const char *c = colon + 1; *c; c++) {
        if (*c < '0' || *c > '9')
            return NULL;
    }
    return colon;
}

static struct err set_trust(struct client *client, const struct client_setup *setup)
{
    if (!setup->root_file)
        return err_make(ERR_INVALID, "client.no-root");
    if (!files_exists(setup->root_file))
        return err_make(ERR_NOT_FOUND, "file.missing");
    CURL *curl = client->curl;
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(curl, CURLOPT_CAINFO, setup->root_file);
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!setup->cert_file)
        return err_none();
    if (!setup->key_file || !files_exists(setup->cert_file))
        return err_make(ERR_NOT_FOUND, "file.missing");
    client->certified = true;
    curl_easy_setopt(curl, CURLOPT_SSLCERT, setup->cert_file);
    curl_easy_setopt(curl, CURLOPT_SSLCERTTYPE, "PEM");
    curl_easy_setopt(curl, CURLOPT_SSLKEY, setup->key_file);
    return files_check_private(setup->key_file);
}

/* The name in the URL is the one that the certificate must bear; where it really is comes from
 * CONNECT_TO, so no DNS server has a say in who the partner is. */
static struct err set_address(struct client *client, const struct client_setup *setup)
{
    const char *port = port_of(setup->address);
    char name[X509_NAME_LEN + 1] = "";
    if (!port)
        return err_make(ERR_INVALID, "client.bad-address");
    x509_name(&setup->root, name);
    int len = snprintf(client->base, sizeof(client->base), "https://%s%s",
                       setup->name ? setup->name : name, port);
    char to[512];
    int to_len = snprintf(to, sizeof(to), "::%s", setup->address);
    if (len >= (int)sizeof(client->base) || to_len >= (int)sizeof(to))
        return err_make(ERR_INVALID, "client.bad-address");
    client->connect_to = curl_slist_append(NULL, to);
    if (!client->connect_to)
        return err_make(ERR_UNAVAILABLE, "client.no-memory");
    curl_easy_setopt(client->curl, CURLOPT_CONNECT_TO, client->connect_to);
    return set_trust(client, setup);
}

static struct err set_up(struct client *client, const struct client_setup *setup)
{
    CURL *curl = client->curl;
    client->connect_ms = setup->connect_ms > 0 ? setup->connect_ms : CLIENT_CONNECT_MS;
    client->total_ms = setup->total_ms > 0 ? setup->total_ms : CLIENT_TOTAL_MS;
    client->body_max = setup->body_max > 0 ? setup->body_max : CLIENT_BODY_MAX;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->problem);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_ms);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, see_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, client);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, see_socket);
    curl_easy_setopt(curl, CURLOPT_SOCKOPTDATA, client);
    curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, client);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    if (!setup->socket_path)
        return set_address(client, setup);
    snprintf(client->base, sizeof(client->base), "http://localhost");
    if (curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, setup->socket_path) != CURLE_OK)
        return err_make(ERR_UNAVAILABLE, "client.no-memory");
    return err_none();
}

struct err client_open(const struct client_setup *setup, struct client **out)
{
    assert((setup->socket_path != NULL) != (setup->address != NULL));
    pthread_once(&curl_once, curl_start);
    struct client *client = calloc(1, sizeof(*client));
    if (!client)
        return err_make(ERR_UNAVAILABLE, "client.no-memory");
    client->socket = -1;
    pthread_mutex_init(&client->socket_lock, NULL);
    client->curl = curl_easy_init();
    struct err e =
        client->curl ? set_up(client, setup) : err_make(ERR_UNAVAILABLE, "client.no-memory");
    if (failed(e)) {
        client_close(client);
        return e;
    }
    *out = client;
    return err_none();
}

static bool add_header(struct curl_slist **list, const char *name, struct text value)
{
    char line[HEADER_MAX];
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.data[i] < 0x20 || value.data[i] == 0x7F)
            return false; /* would be a second header */
    }
    int len = snprintf(line, sizeof(line), "%s: %.*s", name, (int)value.len, value.data);
    struct curl_slist *more =
        len > 0 && len < (int)sizeof(line) ? curl_slist_append(*list, line) : NULL;
    if (more)
        *list = more;
    return more != NULL;
}

static bool add_headers(struct curl_slist **list, const struct client_request *request)
{
    *list = curl_slist_append(NULL, "Expect:"); /* none: it would cost a round trip */
    bool good = *list != NULL;
    if (good && request->content_type)
        good = add_header(list, "Content-Type", text_literal(request->content_type));
    for (size_t i = 0; good && i < CLIENT_HEADERS_MAX && request->headers[i].name; i++)
        good = add_header(list, request->headers[i].name, request->headers[i].value);
    return good;
}

/* In TLS 1.3 the server judges our certificate when our side of the handshake is done. Its alert
 * can be lost behind the reset of a connection on which we have already sent the request; what is
 * left to see is a new connection that ends after its handshake and before the first byte. */
static bool hung_up_on_certificate(const struct client *client, const struct call *call)
{
    long connects = 0;
    curl_off_t handshake_us = 0;
    curl_easy_getinfo(client->curl, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(client->curl, CURLINFO_APPCONNECT_TIME_T, &handshake_us);
    return client->certified && connects > 0 && handshake_us > 0 && !call->begun;
}

static struct err failure(const struct client *client, const struct call *call, CURLcode code)
{
    if (call->too_big)
        return err_make(ERR_LIMIT, "client.too-big");
    if (atomic_load(&client->cancelled))
        return err_make(ERR_UNAVAILABLE, "client.cancelled");
    switch ((int)code) {
    case CURLE_ABORTED_BY_CALLBACK:
        return err_make(ERR_UNAVAILABLE, "client.cancelled");
    case CURLE_OPERATION_TIMEDOUT:
        return err_make(ERR_UNAVAILABLE, "client.timeout");
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
        return err_make(ERR_UNAVAILABLE, "client.unreachable");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
        return err_make(ERR_DENIED, "client.wrong-peer");
    default:
        break;
    }
    if (strstr(client->problem, "alert") || hung_up_on_certificate(client, call))
        return err_make(ERR_DENIED, "client.refused-by-peer");
    return err_make(ERR_UNAVAILABLE, "client.broken");
}

static struct err perform(struct client *client, struct call *call)
{
    client->problem[0] = '\0';
    CURLcode code = curl_easy_perform(client->curl);
    if (code != CURLE_OK)
        return failure(client, call, code);
    long status = 0;
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    struct bytes body = arena_copy(call->arena, bytes_of(call->body, call->len));
    if (call->full || (call->len > 0 && !body.data))
        return err_make(ERR_LIMIT, "arena.full");
    call->reply.status = (unsigned)status;
    call->reply.body = body;
    return err_none();
}

static void set_body(CURL *curl, const struct client_request *request)
{
    bool sends = request->body.len > 0 || strcmp(request->method, "POST") == 0 ||
                 strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0;
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl, CURLOPT_NOBODY, strcmp(request->method, "HEAD") == 0 ? 1L : 0L);
    if (sends) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                         request->body.len > 0 ? (const char *)request->body.data : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

struct err client_call(struct client *client, const struct client_request *request,
                       struct arena *arena, struct client_reply *out)
{
    if (atomic_load(&client->cancelled))
        return err_make(ERR_UNAVAILABLE, "client.cancelled");
    char url[URL_MAX];
    int len = snprintf(url, sizeof(url), "%s%.*s", client->base, (int)request->path.len,
                       request->path.data);
    if (len >= (int)sizeof(url) || !text_starts(request->path, TEXT("/")))
        return err_make(ERR_INVALID, "client.bad-address");
    struct call call = { .client = client, .arena = arena };
    struct curl_slist *headers = NULL;
    struct err e = err_make(ERR_INVALID, "client.bad-header");
    if (add_headers(&headers, request)) {
        set_body(client->curl, request);
        curl_easy_setopt(client->curl, CURLOPT_URL, url);
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &call);
        curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, &call);
        curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS,
                         (long)(request->total_ms > 0 ? request->total_ms : client->total_ms));
        e = perform(client, &call);
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
    }
    curl_slist_free_all(headers);
    free(call.body);
    if (!failed(e))
        *out = call.reply;
    return e;
}

void client_cancel(struct client *client)
{
    const struct linger none = { .l_onoff = 1, .l_linger = 0 };
    atomic_store(&client->cancelled, true);
    pthread_mutex_lock(&client->socket_lock);
    if (client->socket >= 0) { /* wakes who waits for it; then closing drops what is unsent */
        (void)setsockopt(client->socket, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
        (void)shutdown(client->socket, SHUT_RDWR);
    }
    pthread_mutex_unlock(&client->socket_lock);
}

void client_close(struct client *client_opt)
{
    if (!client_opt)
        return;
    if (client_opt->curl)
        curl_easy_cleanup(client_opt->curl);
    curl_slist_free_all(client_opt->connect_to);
    pthread_mutex_destroy(&client_opt->socket_lock);
    free(client_opt);
}
