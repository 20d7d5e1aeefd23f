/* A load generator for a node of our own: every line of FILE is a JSON body, posted to PATH over
 * CONNECTIONS kept alive, each a thread with one request under way. What a node answers is counted
 * and timed here, in C, because client and node share the cores.
 *
 *     bench-load TARGET TOKEN PATH FILE CONNECTIONS COUNT SECONDS RATE [TIMES]
 *
 * TARGET    /path/of/comity.sock, or HOST:PORT=ROOT.pem: TLS 1.3, the chain checked against ROOT
 * TOKEN     of a session; - for none
 * COUNT     requests; the lines are taken in order and begun again at the end
 * SECONDS   stops earlier; 0: no limit
 * RATE      offered requests a second, whatever the answers do; 0: as fast as answers come
 * TIMES     file for one line an answer: microseconds of the wall clock when it came
 *
 * Prints one line of JSON: sent, ok, failed, seconds, per_s, p50_ms, p99_ms, and of the answers'
 * members "entry": how many, how many different, the lowest and the highest; first_failure. With
 * RATE a latency begins when the request was due. */
#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 256, REPLY_MAX = 1 << 20, REQUEST_HEAD_MAX = 512 };

struct line {
    const char *data;
    size_t len;
};

struct sample {
    int64_t latency_us;
    int64_t wall_us; /* when the answer came */
    int64_t entry;   /* 0: none */
    bool ok;
};

static struct {
    const char *socket; /* NULL: TLS */
    char host[64];
    uint16_t port;
    gnutls_certificate_credentials_t trust;
    const char *token;
    const char *path;
    struct line *lines;
    size_t line_count;
    struct sample *samples;
    size_t count;
    double rate;
    int64_t begun_us;
    int64_t until_us; /* 0: never */
    atomic_size_t next;
    atomic_size_t done;
    pthread_mutex_t lock;
    char failure[512];
} load = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void die(const char *what)
{
    fprintf(stderr, "bench-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t clock_us(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* -- a connection ------------------------------------------------------------------------- */

struct wire {
    int fd;
    gnutls_session_t tls; /* NULL: none */
    char *reply;          /* REPLY_MAX */
};

static int dial(void)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    struct sockaddr_in remote = { .sin_family = AF_INET, .sin_port = htons(load.port) };
    const struct sockaddr *to = (const struct sockaddr *)&remote;
    socklen_t len = sizeof(remote);
    const int on = 1;
    if (load.socket != NULL) {
        (void)snprintf(local.sun_path, sizeof(local.sun_path), "%s", load.socket);
        to = (const struct sockaddr *)&local;
        len = sizeof(local);
    } else if (inet_pton(AF_INET, load.host, &remote.sin_addr) != 1) {
        die("address");
    }
    int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, to, len) != 0)
        die("connect");
    if (load.socket == NULL)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

static void wire_open(struct wire *wire)
{
    wire->fd = dial();
    wire->tls = NULL;
    wire->reply = malloc(REPLY_MAX);
    if (wire->reply == NULL)
        die("memory");
    if (load.socket != NULL)
        return;
    gnutls_init(&wire->tls, GNUTLS_CLIENT);
    gnutls_set_default_priority(wire->tls);
    gnutls_credentials_set(wire->tls, GNUTLS_CRD_CERTIFICATE, load.trust);
    gnutls_session_set_verify_cert(wire->tls, NULL, 0); /* the chain; the root is the identity */
    gnutls_transport_set_int(wire->tls, wire->fd);
    int code;
    do {
        code = gnutls_handshake(wire->tls);
    } while (code < 0 && gnutls_error_is_fatal(code) == 0);
    if (code < 0) {
        fprintf(stderr, "bench-load: handshake: %s\n", gnutls_strerror(code));
        exit(1);
    }
}

static bool put(struct wire *wire, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = wire->tls != NULL ? gnutls_record_send(wire->tls, data, len)
                                      : send(wire->fd, data, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static ssize_t take(struct wire *wire, char *out, size_t len)
{
    ssize_t n;
    if (wire->tls == NULL)
        return recv(wire->fd, out, len, 0);
    do {
        n = gnutls_record_recv(wire->tls, out, len);
    } while (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED);
    return n;
}

/* A whole answer with Content-Length, which is what our server sends; zero-terminated. */
static bool take_reply(struct wire *wire, int *status_out, const char **body_out)
{
    size_t have = 0;
    size_t want = 0;
    char *head_end = NULL;
    while (want == 0 || have < want) {
        ssize_t n = take(wire, wire->reply + have, REPLY_MAX - 1 - have);
        if (n <= 0)
            return false;
        have += (size_t)n;
        wire->reply[have] = 0;
        if (head_end == NULL)
            head_end = strstr(wire->reply, "\r\n\r\n");
        if (head_end == NULL || want > 0)
            continue;
        const char *length = strcasestr(wire->reply, "content-length:");
        want = (size_t)(head_end - wire->reply) + 4;
        want += length == NULL || length > head_end ? 0 : strtoul(length + 15, NULL, 10);
        if (want >= REPLY_MAX)
            return false;
    }
    *status_out = (int)strtol(wire->reply + 9, NULL, 10);
    *body_out = head_end + 4;
    return true;
}

static bool post(struct wire *wire, struct line body, int *status_out, const char **body_out)
{
    char request[(64 << 10) + REQUEST_HEAD_MAX];
    bool named = strcmp(load.token, "-") != 0;
    int len = snprintf(request, REQUEST_HEAD_MAX,
                       "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                       "%s%s%sContent-Length: %zu\r\n\r\n",
                       load.path, named ? "Authorization: Bearer " : "", named ? load.token : "",
                       named ? "\r\n" : "", body.len);
    if (len < 0 || len >= REQUEST_HEAD_MAX)
        return false;
    if (body.len > 64 << 10) /* a page of records */
        return put(wire, request, (size_t)len) && put(wire, body.data, body.len) &&
               take_reply(wire, status_out, body_out);
    memcpy(request + len, body.data, body.len); /* one record on the wire */
    return put(wire, request, (size_t)len + body.len) && take_reply(wire, status_out, body_out);
}

/* -- the load ----------------------------------------------------------------------------- */

static int64_t entry_of(const char *body)
{
    const char *at = strstr(body, "\"entry\":");
    return at == NULL ? 0 : strtoll(at + 8, NULL, 10);
}

static void note_failure(int status, const char *body)
{
    pthread_mutex_lock(&load.lock);
    if (load.failure[0] == 0)
        (void)snprintf(load.failure, sizeof(load.failure), "%d %.400s", status, body);
    pthread_mutex_unlock(&load.lock);
}

/* Waits until request `i` is due; its beginning. */
static int64_t due(size_t i)
{
    int64_t now = clock_us(CLOCK_MONOTONIC);
    if (load.rate <= 0)
        return now;
    int64_t at = load.begun_us + (int64_t)((double)i * 1e6 / load.rate);
    if (at > now) {
        struct timespec t = { at / 1000000, at % 1000000 * 1000 };
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
    }
    return at;
}

static void *work(void *context)
{
    struct wire wire;
    wire_open(&wire);
    for (;;) {
        size_t i = atomic_fetch_add(&load.next, 1);
        if (i >= load.count)
            break;
        int64_t begun = due(i);
        if (load.until_us > 0 && clock_us(CLOCK_MONOTONIC) >= load.until_us)
            break;
        int status = 0;
        const char *body = "";
        if (!post(&wire, load.lines[i % load.line_count], &status, &body)) {
            note_failure(0, "the connection ended");
            break;
        }
        struct sample *sample = &load.samples[atomic_fetch_add(&load.done, 1)];
        sample->latency_us = clock_us(CLOCK_MONOTONIC) - begun;
        sample->wall_us = clock_us(CLOCK_REALTIME);
        sample->entry = entry_of(body);
        sample->ok = status >= 200 && status < 300;
        if (!sample->ok)
            note_failure(status, body);
    }
    if (wire.tls != NULL) {
        (void)gnutls_bye(wire.tls, GNUTLS_SHUT_WR);
        gnutls_deinit(wire.tls);
    }
    (void)close(wire.fd);
    free(wire.reply);
    return context;
}

static void read_lines(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        die(path);
    size_t size = (size_t)ftell(file);
    char *data = malloc(size + 1);
    rewind(file);
    if (data == NULL || fread(data, 1, size, file) != size)
        die(path);
    (void)fclose(file);
    for (size_t from = 0; from < size;) {
        const char *end = memchr(data + from, '\n', size - from);
        size_t len = end == NULL ? size - from : (size_t)(end - data) - from;
        if (load.line_count % 1024 == 0)
            load.lines = realloc(load.lines, (load.line_count + 1024) * sizeof(*load.lines));
        if (load.lines == NULL)
            die("memory");
        if (len > 0)
            load.lines[load.line_count++] = (struct line){ data + from, len };
        from += len + 1;
    }
    if (load.line_count == 0)
        die("no lines");
}

static int by_latency(const void *a, const void *b)
{
    int64_t x = ((const struct sample *)a)->latency_us;
    int64_t y = ((const struct sample *)b)->latency_us;
    return (x > y) - (x < y);
}

static int by_entry(const void *a, const void *b)
{
    int64_t x = ((const struct sample *)a)->entry;
    int64_t y = ((const struct sample *)b)->entry;
    return (x > y) - (x < y);
}

static void report(double seconds)
{
    size_t done = atomic_load(&load.done);
    size_t ok = 0;
    size_t entries = 0;
    size_t different = 0;
    int64_t lowest = 0;
    qsort(load.samples, done, sizeof(*load.samples), by_entry);
    for (size_t i = 0; i < done; i++) {
        const struct sample *sample = &load.samples[i];
        ok += sample->ok;
        entries += sample->entry > 0;
        if (sample->entry > 0 && lowest == 0)
            lowest = sample->entry;
        different += sample->entry > 0 && (i == 0 || sample->entry != sample[-1].entry);
    }
    int64_t highest = done > 0 ? load.samples[done - 1].entry : 0;
    qsort(load.samples, done, sizeof(*load.samples), by_latency);
    double p50 = done > 0 ? (double)load.samples[(done - 1) / 2].latency_us / 1e3 : 0;
    double p99 = done > 0 ? (double)load.samples[(done - 1) * 99 / 100].latency_us / 1e3 : 0;
    for (char *c = load.failure; *c != 0; c++) {
        if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
            *c = ' ';
    }
    printf("{\"sent\":%zu,\"ok\":%zu,\"failed\":%zu,\"seconds\":%.6f,\"per_s\":%.2f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"entries\":%zu,\"different\":%zu,"
           "\"lowest\":%lld,\"highest\":%lld,\"first_failure\":\"%s\"}\n",
           done, ok, done - ok, seconds, (double)ok / seconds, p50, p99, entries, different,
           (long long)lowest, (long long)highest, load.failure);
}

static void write_times(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        die(path);
    for (size_t i = 0; i < atomic_load(&load.done); i++) {
        if (load.samples[i].ok)
            fprintf(file, "%lld\n", (long long)load.samples[i].wall_us);
    }
    if (fclose(file) != 0)
        die(path);
}

static void take_target(char *target)
{
    char *root = strchr(target, '=');
    char *port = strrchr(target, ':');
    load.socket = target[0] == '/' ? target : NULL;
    if (load.socket != NULL)
        return;
    if (root == NULL || port == NULL || port > root || (size_t)(port - target) >= sizeof(load.host))
        die("target");
    memcpy(load.host, target, (size_t)(port - target));
    load.port = (uint16_t)strtoul(port + 1, NULL, 10);
    gnutls_certificate_allocate_credentials(&load.trust);
    if (gnutls_certificate_set_x509_trust_file(load.trust, root + 1, GNUTLS_X509_FMT_PEM) < 1)
        die(root + 1);
}

int main(int argc, char **argv)
{
    static pthread_t threads[CONNECTIONS_MAX];
    if (argc < 9) {
        fprintf(stderr, "usage: bench-load TARGET TOKEN PATH FILE CONNECTIONS COUNT SECONDS RATE"
                        " [TIMES]\n");
        return 2;
    }
    take_target(argv[1]);
    load.token = argv[2];
    load.path = argv[3];
    read_lines(argv[4]);
    size_t connections = strtoul(argv[5], NULL, 10);
    load.count = strtoul(argv[6], NULL, 10);
    double limit = strtod(argv[7], NULL);
    load.rate = strtod(argv[8], NULL);
    load.samples = calloc(load.count, sizeof(*load.samples));
    if (load.samples == NULL || connections == 0 || connections > CONNECTIONS_MAX)
        die("numbers");
    load.begun_us = clock_us(CLOCK_MONOTONIC);
    load.until_us = limit > 0 ? load.begun_us + (int64_t)(limit * 1e6) : 0;
    for (size_t i = 0; i < connections; i++) {
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            die("thread");
    }
    for (size_t i = 0; i < connections; i++)
        (void)pthread_join(threads[i], NULL);
    double seconds = (double)(clock_us(CLOCK_MONOTONIC) - load.begun_us) / 1e6;
    if (argc > 9)
        write_times(argv[9]);
    report(seconds);
    return 0;
}
