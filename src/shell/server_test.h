/* What the tests of the server share. */
#ifndef COMITY_SHELL_SERVER_TEST_H
#define COMITY_SHELL_SERVER_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/json.h"
#include "shell/client.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/log.h"
#include "shell/random.h"
#include "shell/server.h"

enum { SLEEPERS = 1000, MEMORY = 4 << 20 };

static uint8_t memory[MEMORY];
static char dir[64];

static inline int make_dir(void **state)
{
    (void)state;
    log_setup(LOG_ERROR, LOG_KEY_VALUE, STDERR_FILENO);
    snprintf(dir, sizeof(dir), "/tmp/comity-server-XXXXXX");
    return failed(random_start()) || !mkdtemp(dir);
}

static inline int tear_down(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}

/* Answers with what it saw. */
static inline void echo(void *context, struct exchange *x)
{
    (void)context;
    const struct server_request *r = exchange_request(x);
    uint8_t room[8192];
    struct arena arena = arena_over(room, sizeof(room));
    struct json body = json_object();
    json_set_text(&arena, &body, "method", text_literal(server_method_name(r->method)));
    json_set_text(&arena, &body, "path", r->path);
    json_set_text(&arena, &body, "key", r->idempotency_key);
    json_set_integer(&arena, &body, "len", (int64_t)r->body.len);
    json_set_integer(&arena, &body, "uid", r->uid == (uid_t)-1 ? -1 : (int64_t)r->uid);
    json_set_integer(&arena, &body, "root", r->peer.root.bytes[0]);
    struct bytes out = { NULL, 0 };
    assert_false(failed(json_format(&body, &arena, &out)));
    const struct server_reply reply = { .status = 200,
                                        .content_type = "application/json",
                                        .body = out,
                                        .headers = { { "ETag", TEXT("\"7\"") } } };
    server_answer(x, &reply);
}

static inline struct server *start(const struct server_listener *listener)
{
    struct server *server = NULL;
    struct err e = server_start(listener, 1, &server);
    assert_string_equal(e.rule, "");
    return server;
}

/* To benin's server, as `who`. */
static inline struct err call_once(const struct client_setup *setup,
                                   const struct client_request *request, struct client_reply *reply)
{
    static struct arena arena;
    arena = arena_over(memory, sizeof(memory));
    struct client *client = NULL;
    struct err e = client_open(setup, &client);
    if (failed(e))
        return e;
    e = client_call(client, request, &arena, reply);
    client_close(client);
    return e;
}

static const struct client_request get = { .method = "GET", .path = { "/v1/hello", 9 } };

static inline struct json parsed(struct bytes body)
{
    static uint8_t room[1 << 16];
    struct arena arena = arena_over(room, sizeof(room));
    struct json json = json_null();
    assert_false(failed(json_parse(body, &arena, &json)));
    return json;
}

static inline int64_t integer_of(const struct json *json, const char *name)
{
    int64_t value = -99;
    assert_true(json_get_integer(json, name, &value));
    return value;
}

static char socket_path[96];

static inline struct server_listener local(void)
{
    snprintf(socket_path, sizeof(socket_path), "%s/comity.sock", dir);
    return (struct server_listener){ .kind = SERVER_LOCAL, .path = socket_path, .handle = echo };
}

static struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct exchange *waiting[SLEEPERS];
    size_t count, given;
    bool closed;
} queue = { .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static inline void enqueue(void *context, struct exchange *x)
{
    (void)context;
    pthread_mutex_lock(&queue.mutex);
    assert_true(queue.count < SLEEPERS);
    queue.waiting[queue.count++] = x;
    pthread_cond_signal(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
}

#endif
