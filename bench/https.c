/* Figures of the HTTP server and client on one machine: client and server share the cores, TLS 1.3
 * with client certificates, X25519, Ed25519. A body of 256 bytes goes each way.
 *     S10.https_per_s             4 connections kept alive, answered by the handler
 *     S10.https_p99_us            of these
 *     S10.https_suspended_per_s   the same, each answered later by another thread
 *     S10.https_handshakes_per_s  a new connection for each request, one after the other
 *     S10.https_handshake_cpu_us  CPU time of one, both sides, request included
 *     S10.unix_per_s              4 connections over the Unix socket, without TLS
 * `bench-https [DIR]`: its files lie in a new directory in DIR (default: the working directory). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "shell/client.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/identity.h"
#include "shell/log.h"
#include "shell/random.h"
#include "shell/server.h"

enum { CALLERS = 4, CALLS = 5000, HANDSHAKES = 300, BODY = 256, QUEUE = 64, MEMORY = 1 << 20 };

static size_t part; /* one of this many calls is made: 1, a test's 100 */
static uint8_t memory[MEMORY];
static uint8_t body[BODY];

static void or_die(struct err e, const char *what)
{
    if (failed(e)) {
        fprintf(stderr, "%s: %s\n", what, e.rule);
        exit(1);
    }
}

static void reply_to(struct exchange *x)
{
    const struct server_reply reply = { .status = 200,
                                        .content_type = "application/octet-stream",
                                        .body = BYTES_OF(body) };
    server_answer(x, &reply);
}

static void at_once(void *context, struct exchange *x)
{
    (void)context;
    reply_to(x);
}

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct exchange *waiting[QUEUE];
    size_t count;
} queue = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void later(void *context, struct exchange *x)
{
    (void)context;
    pthread_mutex_lock(&queue.mutex);
    queue.waiting[queue.count++] = x; /* at most one a connection */
    pthread_cond_signal(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
}

static void *answer(void *context)
{
    for (;;) {
        struct exchange *taken[QUEUE];
        pthread_mutex_lock(&queue.mutex);
        while (queue.count == 0)
            pthread_cond_wait(&queue.changed, &queue.mutex);
        size_t count = queue.count;
        memcpy(taken, queue.waiting, sizeof(taken));
        queue.count = 0;
        pthread_mutex_unlock(&queue.mutex);
        for (size_t i = 0; i < count; i++)
            reply_to(taken[i]);
    }
    return context;
}

struct caller {
    const struct client_setup *setup;
    int64_t took_us[CALLS];
};

static void call(struct client *client)
{
    uint8_t room[4096];
    struct arena arena = arena_over(room, sizeof(room));
    const struct client_request post = { .method = "POST",
                                         .path = TEXT("/v1/batch"),
                                         .body = BYTES_OF(body) };
    struct client_reply reply = { 0 };
    or_die(client_call(client, &post, &arena, &reply), "call");
}

static void *call_many(void *context)
{
    struct caller *caller = context;
    struct client *client = NULL;
    or_die(client_open(caller->setup, &client), "open");
    for (size_t i = 0; i < CALLS / part; i++) {
        int64_t begun = clock_monotonic_us();
        call(client);
        caller->took_us[i] = clock_monotonic_us() - begun;
    }
    client_close(client);
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void measure(const struct client_setup *setup, const char *name, bool tail)
{
    static struct caller callers[CALLERS];
    static int64_t all[CALLERS * CALLS];
    pthread_t threads[CALLERS];
    int64_t begun = clock_monotonic_us();
    for (size_t i = 0; i < CALLERS; i++) {
        callers[i].setup = setup;
        pthread_create(&threads[i], NULL, call_many, &callers[i]);
    }
    for (size_t i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    double seconds = (double)(clock_monotonic_us() - begun) / 1e6;
    size_t each = CALLS / part;
    printf("%s %.0f 1/s\n", name, (double)(CALLERS * each) / seconds);
    for (size_t i = 0; i < CALLERS; i++)
        memcpy(all + i * each, callers[i].took_us, each * sizeof(all[0]));
    qsort(all, CALLERS * each, sizeof(all[0]), by_value);
    if (tail)
        printf("S10.https_p99_us %lld us\n", (long long)all[CALLERS * each / 100 * 99]);
}

static void measure_handshakes(const struct client_setup *setup)
{
    int64_t begun = clock_monotonic_us();
    clock_t cpu = clock();
    size_t count = HANDSHAKES / part;
    for (size_t i = 0; i < count; i++) {
        struct client *client = NULL;
        or_die(client_open(setup, &client), "open");
        call(client);
        client_close(client);
    }
    printf("S10.https_handshakes_per_s %.0f 1/s\n",
           (double)count * 1e6 / (double)(clock_monotonic_us() - begun));
    printf("S10.https_handshake_cpu_us %.0f us\n",
           (double)(clock() - cpu) * 1e6 / CLOCKS_PER_SEC / (double)count);
}

static struct keeper *born(const char *path)
{
    struct keeper_birth birth = { .realm = TEXT("demo"),
                                  .member = TEXT("BEN"),
                                  .generation = 1,
                                  .keep_root = true,
                                  .now = clock_now() };
    random_bytes(birth.root_seed.bytes, sizeof(birth.root_seed.bytes));
    random_bytes(birth.seed.bytes, sizeof(birth.seed.bytes));
    struct keeper *keeper = NULL;
    or_die(keeper_file_create(path, &birth, TEXT("bench secret")), "create");
    or_die(keeper_start(path, TEXT("bench secret"), &keeper), "keeper");
    return keeper;
}

static void run(const char *dir)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct keeper *keeper = born(files_join(&arena, dir, "keeper"));
    struct identity me;
    or_die(identity_renew(keeper, dir, clock_now(), &arena, &me), "identity");
    const char *tls = files_join(&arena, dir, "tls.pem");
    const char *root = files_join(&arena, dir, "root.pem");
    or_die(files_write(root, text_bytes(me.root_pem), 0644), "root");
    struct server_listener listeners[] = {
        { .kind = SERVER_PARTNERS, .handle = at_once },
        { .kind = SERVER_PARTNERS, .handle = later },
        { .kind = SERVER_LOCAL, .handle = at_once, .path = files_join(&arena, dir, "sock") },
    };
    struct server *server = NULL;
    for (size_t i = 0; i < 2; i++) {
        listeners[i].address = "127.0.0.1:0";
        listeners[i].cert_pem = me.cert_pem.data;
        listeners[i].key_pem = me.key_pem.data;
    }
    or_die(server_start(listeners, 3, &server), "server");
    char addresses[2][32];
    struct client_setup setups[2];
    for (size_t i = 0; i < 2; i++) {
        snprintf(addresses[i], sizeof(addresses[i]), "127.0.0.1:%u", server_port(server, i));
        setups[i] = (struct client_setup){ .address = addresses[i],
                                           .root_file = root,
                                           .cert_file = tls,
                                           .key_file = tls,
                                           .root = me.root };
    }
    const struct client_setup local = { .socket_path = listeners[2].path };
    pthread_t answerer;
    pthread_create(&answerer, NULL, answer, NULL);
    measure(&setups[0], "S10.https_per_s", true);
    measure(&setups[1], "S10.https_suspended_per_s", false);
    measure_handshakes(&setups[0]);
    measure(&local, "S10.unix_per_s", false);
    server_stop(server, 1000);
    keeper_stop(keeper);
}

int main(int argc, char **argv)
{
    char dir[256];
    snprintf(dir, sizeof(dir), "%s/bench-https-XXXXXX", argc > 1 ? argv[1] : ".");
    part = measure_size(100, 1, 1);
    or_die(random_start(), "random");
    log_setup(LOG_ERROR, LOG_KEY_VALUE, STDERR_FILENO);
    if (!mkdtemp(dir))
        return 1;
    run(dir);
    static const char *const left[] = { "keeper", "tls.pem", "root.pem" };
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        char path[320];
        snprintf(path, sizeof(path), "%s/%s", dir, left[i]);
        unlink(path);
    }
    rmdir(dir);
    return 0;
}
