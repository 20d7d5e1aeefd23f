/* Server and client over the Unix socket, and what only raw bytes can say. */
#include "shell/server_test.h"

#include <poll.h>

static void the_unix_socket_tells_who_calls(void **state)
{
    (void)state;
    struct server_listener listener = local();
    struct server *server = start(&listener);
    struct stat info;
    assert_int_equal(stat(socket_path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0660);
    struct client_setup setup = { .socket_path = socket_path };
    struct client_reply reply = { 0 };
    assert_string_equal(call_once(&setup, &get, &reply).rule, "");
    struct json body = parsed(reply.body);
    assert_int_equal(integer_of(&body, "uid"), getuid());
    struct server *second = NULL;
    assert_string_equal(server_start(&listener, 1, &second).rule, "server.socket-in-use");
    server_stop(server, 1000);
    assert_int_not_equal(access(socket_path, F_OK), 0);
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.unreachable");
}

static void a_stale_socket_is_replaced_and_another_file_is_not(void **state)
{
    (void)state;
    struct server_listener listener = local();
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    memcpy(address.sun_path, socket_path, strlen(socket_path));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    close(fd); /* as after kill -9: the file stays */
    struct server *server = start(&listener);
    server_stop(server, 0);
    assert_false(failed(files_write(socket_path, text_bytes(TEXT("precious")), 0600)));
    assert_string_equal(server_start(&listener, 1, &server).rule, "server.socket-in-use");
    assert_true(files_exists(socket_path));
    assert_false(failed(files_remove(socket_path)));
}

static int raw_connect(void)
{
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    memcpy(address.sun_path, socket_path, strlen(socket_path));
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

/* Sends `bytes` and reads until the other side closes. */
static void raw_talk(const char *bytes, char *out, size_t size)
{
    int fd = raw_connect();
    assert_int_equal(send(fd, bytes, strlen(bytes), MSG_NOSIGNAL), strlen(bytes));
    shutdown(fd, SHUT_WR);
    size_t len = 0;
    for (ssize_t n = 1; n > 0 && len + 1 < size; len += n > 0 ? (size_t)n : 0)
        n = recv(fd, out + len, size - 1 - len, 0);
    out[len] = '\0';
    close(fd);
}

static void requests_are_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *request, *status, *code;
    } cases[] = {
        { "GET /v1/a%20b HTTP/1.1\r\nHost: x\r\n\r\n", "200", "\"path\":\"/v1/a b\"" },
        { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "200", "\"path\":\"/\"" },
        { "BREW /v1/pot HTTP/1.1\r\nHost: x\r\n\r\n", "405", "server.method-not-allowed" },
        { "GET /v1/../secret HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/%2e%2e/secret HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1//x HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/x/ HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/a%00b HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/a%4 HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/%FF HTTP/1.1\r\nHost: x\r\n\r\n", "400", "server.bad-path" },
        { "GET /v1/x HTTP/1.1\r\nHost: x\r\nIf-Match: \"1\"\r\nif-match: \"2\"\r\n\r\n", "400",
          "server.bad-request" },
        { "GET /v1/x HTTP/1.1\r\nHost: x\r\nAuthorization: \xFF\r\n\r\n", "400",
          "server.bad-request" },
        { "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n", "413",
          "server.body-too-big" },
        { "GET /v1/x HTTP/1.1\r\n\r\n", "400", "" },
    };
    struct server_listener listener = local();
    struct server *server = start(&listener);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[4096];
        raw_talk(cases[i].request, out, sizeof(out));
        if (strncmp(out, "HTTP/1.1 ", 9) != 0 || strncmp(out + 9, cases[i].status, 3) != 0 ||
            !strstr(out, cases[i].code))
            fail_msg("%s got %s", cases[i].request, out);
    }
    server_stop(server, 1000);
}

static void a_chunked_body_past_the_limit_is_refused(void **state)
{
    (void)state;
    struct server_listener listener = local();
    listener.body_max = 5;
    struct server *server = start(&listener);
    char out[4096];
    raw_talk("POST /v1/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
             "5\r\nabcde\r\n0\r\n\r\n",
             out, sizeof(out));
    assert_non_null(strstr(out, "\"len\":5"));
    raw_talk("POST /v1/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n",
             out, sizeof(out));
    assert_true(strncmp(out, "HTTP/1.1 413 ", 13) == 0);
    assert_int_equal(server_counts(server).body_bytes, 0);
    server_stop(server, 1000);
}

/* Sends `first`, sees whether an answer comes before `rest`, sends that and reads the answer. */
static bool answered_early(const char *first, const char *rest, char *out, size_t size)
{
    int fd = raw_connect();
    assert_int_equal(send(fd, first, strlen(first), MSG_NOSIGNAL), strlen(first));
    struct pollfd answer = { .fd = fd, .events = POLLIN };
    bool early = poll(&answer, 1, 300) == 1;
    assert_true(early || send(fd, rest, strlen(rest), MSG_NOSIGNAL) == (ssize_t)strlen(rest));
    ssize_t len = recv(fd, out, size - 1, 0);
    out[len > 0 ? len : 0] = '\0';
    close(fd);
    return early;
}

static void who_still_sends_a_body_reads_why_it_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *request, *status;
        bool early;
    } cases[] = {
        { "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n", "413", false },
        { "BREW /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n", "405", false },
        { "POST /v1//x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n", "400",
          false },
        { "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n", "413", true },
        { "POST /v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n",
          "413", true },
    };
    struct server_listener listener = local();
    listener.body_max = 5;
    struct server *server = start(&listener);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char out[4096];
        const char *rest = strstr(cases[i].request, "chunked") ? "abcd\r\n0\r\n\r\n" : "abcdefgh";
        bool early = answered_early(cases[i].request, rest, out, sizeof(out));
        if (early != cases[i].early || strncmp(out, "HTTP/1.1 ", 9) != 0 ||
            strncmp(out + 9, cases[i].status, 3) != 0)
            fail_msg("%s got %s", cases[i].request, out);
    }
    assert_int_equal(server_counts(server).refused, sizeof(cases) / sizeof(cases[0]));
    assert_int_equal(server_counts(server).body_bytes, 0);
    server_stop(server, 1000);
}

static void a_slow_client_is_hung_up_on(void **state)
{
    (void)state;
    struct server_listener listener = local();
    listener.request_s = 1;
    listener.idle_s = 600; /* never silent for that long: only the total ends it */
    struct server *server = start(&listener);
    int fd = raw_connect();
    int64_t begun = clock_monotonic_ms();
    const char *line = "GET /v1/x HTTP/1.1\r\nX-Slow: ";
    bool open = send(fd, line, strlen(line), MSG_NOSIGNAL) > 0;
    while (open && clock_monotonic_ms() - begun < 20000) {
        struct timeval pause = { 0, 100000 };
        char byte = 0;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof(pause));
        open = send(fd, "a", 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, 0) != 0;
    }
    close(fd);
    assert_false(open);
    assert_int_equal(server_counts(server).requests, 0);
    server_stop(server, 1000);
}

/* ---- answers from other threads ---- */

static struct exchange *first_waiting(void)
{
    struct exchange *x = NULL;
    while (!x) {
        pthread_mutex_lock(&queue.mutex);
        x = queue.count > 0 ? queue.waiting[0] : NULL;
        pthread_mutex_unlock(&queue.mutex);
        sched_yield();
    }
    return x;
}

static void many_connections_may_sleep_at_one_time(void **state)
{
    (void)state;
    enum { CONNECTIONS = 400 };
    struct server_listener listener = local();
    listener.handle = enqueue;
    queue.count = 0;
    struct server *server = start(&listener);
    static int fds[CONNECTIONS];
    const char *request = "GET /v1/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    for (size_t i = 0; i < CONNECTIONS; i++) {
        fds[i] = raw_connect();
        assert_true(send(fds[i], request, strlen(request), MSG_NOSIGNAL) > 0);
    }
    size_t asleep = 0;
    while (asleep < CONNECTIONS) {
        pthread_mutex_lock(&queue.mutex);
        asleep = queue.count;
        pthread_mutex_unlock(&queue.mutex);
        sched_yield();
    }
    assert_int_equal(server_counts(server).open, CONNECTIONS);
    for (size_t i = 0; i < CONNECTIONS; i++)
        echo(NULL, queue.waiting[i]);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        char out[32] = "";
        assert_true(recv(fds[i], out, sizeof(out) - 1, 0) > 12);
        assert_true(strncmp(out, "HTTP/1.1 200", 12) == 0);
        close(fds[i]);
    }
    server_stop(server, 1000);
}

static void *stop_server(void *context)
{
    server_stop(context, 100);
    return NULL;
}

static void a_stop_answers_who_still_sleeps_and_a_late_answer_is_harmless(void **state)
{
    (void)state;
    struct server_listener listener = local();
    listener.handle = enqueue;
    queue.count = 0;
    struct server *server = start(&listener);
    int fd = raw_connect();
    const char *request = "GET /v1/x HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_true(send(fd, request, strlen(request), MSG_NOSIGNAL) > 0);
    struct exchange *late = first_waiting();
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, server), 0);
    char out[64] = "";
    assert_true(recv(fd, out, sizeof(out) - 1, 0) > 12);
    assert_true(strncmp(out, "HTTP/1.1 503", 12) == 0);
    close(fd);
    pthread_join(stopper, NULL);
    echo(NULL, late);
}

static void *cancel_soon(void *context)
{
    (void)first_waiting();
    client_cancel(context);
    return NULL;
}

static void cancel_from_another_thread_ends_a_call_at_once(void **state)
{
    (void)state;
    struct server_listener listener = local();
    listener.handle = enqueue;
    queue.count = 0;
    struct server *server = start(&listener);
    struct client_setup setup = { .socket_path = socket_path, .total_ms = 20000 };
    struct client_reply reply = { 0 };
    struct client *client = NULL;
    pthread_t canceller;
    struct arena arena = arena_over(memory, sizeof(memory));
    assert_false(failed(client_open(&setup, &client)));
    int64_t begun = clock_monotonic_ms();
    assert_int_equal(pthread_create(&canceller, NULL, cancel_soon, client), 0);
    assert_string_equal(client_call(client, &get, &arena, &reply).rule, "client.cancelled");
    assert_in_range(clock_monotonic_ms() - begun, 0, 600); /* curl alone looks once a second */
    pthread_join(canceller, NULL);
    client_close(client);
    echo(NULL, first_waiting());
    server_stop(server, 1000);
}

static void cancel_ends_a_call_that_waits(void **state)
{
    (void)state;
    struct server_listener listener = local();
    listener.handle = enqueue;
    queue.count = 0;
    struct server *server = start(&listener);
    struct client_setup setup = { .socket_path = socket_path, .total_ms = 300 };
    struct client_reply reply = { 0 };
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.timeout");
    struct client *client = NULL;
    assert_false(failed(client_open(&setup, &client)));
    client_cancel(client);
    struct arena arena = arena_over(memory, sizeof(memory));
    assert_string_equal(client_call(client, &get, &arena, &reply).rule, "client.cancelled");
    client_close(client);
    echo(NULL, first_waiting());
    server_stop(server, 1000);
}

static void query_parameters_are_decoded_once(void **state)
{
    (void)state;
    uint8_t room[1024];
    struct arena arena = arena_over(room, sizeof(room));
    struct server_request request = { .query = TEXT("a=1&b=x%20y+z&c&a2=%2526&d=%zz&e=1&e=2") };
    struct text out = { NULL, 0 };
    assert_false(failed(server_query(&request, "b", &arena, &out)));
    assert_true(text_is(out, "x y z"));
    assert_false(failed(server_query(&request, "c", &arena, &out)));
    assert_int_equal(out.len, 0);
    assert_false(failed(server_query(&request, "a2", &arena, &out)));
    assert_true(text_is(out, "%26"));
    assert_string_equal(server_query(&request, "d", &arena, &out).rule, "server.bad-query");
    assert_string_equal(server_query(&request, "e", &arena, &out).rule, "server.bad-query");
    assert_string_equal(server_query(&request, "f", &arena, &out).rule, "server.no-parameter");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_unix_socket_tells_who_calls),
        cmocka_unit_test(a_stale_socket_is_replaced_and_another_file_is_not),
        cmocka_unit_test(requests_are_read_strictly),
        cmocka_unit_test(a_chunked_body_past_the_limit_is_refused),
        cmocka_unit_test(who_still_sends_a_body_reads_why_it_is_refused),
        cmocka_unit_test(a_slow_client_is_hung_up_on),
        cmocka_unit_test(many_connections_may_sleep_at_one_time),
        cmocka_unit_test(a_stop_answers_who_still_sleeps_and_a_late_answer_is_harmless),
        cmocka_unit_test(cancel_ends_a_call_that_waits),
        cmocka_unit_test(cancel_from_another_thread_ends_a_call_at_once),
        cmocka_unit_test(query_parameters_are_decoded_once),
    };
    return cmocka_run_group_tests(tests, make_dir, tear_down);
}
