#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/demo.h"
#include "node/node.h"
#include "shell/clock.h"
#include "shell/files.h"

enum { START_MS_MAX = 15000, SETTLE_MS_MAX = 15000 };

/* Poll, never guess: 2 ms between looks. */
static void breathe(void)
{
    struct timespec ms = { 0, 2000000 };
    (void)nanosleep(&ms, NULL);
}

static uint16_t free_port(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    uint16_t port = 0;
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &len) == 0)
        port = ntohs(address.sin_port);
    if (fd >= 0)
        (void)close(fd);
    return port;
}

static struct err write_config(const struct demo_node *node)
{
    char path[DEMO_PATH_MAX + 64];
    char text[256];
    int len = snprintf(text, sizeof(text),
                       "[node]\nmax_classification = confidential\n\n"
                       "[users]\nlisten = off\n\n[partners]\nlisten = 127.0.0.1:%u\n",
                       node->port);
    (void)snprintf(path, sizeof(path), "%s/comity.conf", node->dir);
    return files_write(path, bytes_of(text, (size_t)len), 0600);
}

/* A member of its own process: five key ceremonies side by side. */
static pid_t init_node(struct demo *demo, const struct demo_node *node)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct home home;
    struct text passphrase = { NULL, 0 };
    struct node_birth birth = { .dir = node->dir, .realm = TEXT("demo"),
                                .member = text_literal(node->code), .unit = TEXT("headquarters"),
                                .user = TEXT("chief"), .name = TEXT("Chief"), .all_roles = true };
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0)
        (void)dup2(null, STDERR_FILENO);
    struct err e = cli_secret(demo->cli, text_literal(demo->secret), &passphrase);
    birth.passphrase = passphrase;
    if (!failed(e))
        e = node_init(&birth, &home);
    _exit(failed(e) ? 1 : 0);
}

static struct err read_root(struct demo *demo, struct demo_node *node)
{
    char path[DEMO_PATH_MAX + 64];
    struct bytes file;
    struct json json;
    (void)snprintf(path, sizeof(path), "%s/node.json", node->dir);
    struct err e = files_read(path, 4096, demo->cli->arena, &file);
    if (!failed(e))
        e = json_parse(file, demo->cli->arena, &json);
    struct text root = failed(e) ? TEXT("") : json_get_text(&json, "root");
    if (root.len != 64)
        return failed(e) ? e : err_make(ERR_CORRUPT, "node.bad-home");
    memcpy(node->root, root.data, 64);
    return err_none();
}

struct err demo_nodes_make(struct demo *demo)
{
    pid_t children[DEMO_NODES];
    struct err e = err_none();
    for (int i = 0; i < DEMO_NODES; i++)
        children[i] = init_node(demo, &demo->nodes[i]);
    for (int i = 0; i < DEMO_NODES; i++) {
        int status = 1;
        if (children[i] < 0 || waitpid(children[i], &status, 0) < 0 || status != 0)
            e = err_make(ERR_UNAVAILABLE, "demo.no-init");
    }
    for (int i = 0; !failed(e) && i < DEMO_NODES; i++) {
        demo->nodes[i].port = free_port();
        e = write_config(&demo->nodes[i]);
        if (!failed(e))
            e = read_root(demo, &demo->nodes[i]);
    }
    return e;
}

static void exec_serve(const struct demo *demo, const struct demo_node *node)
{
    char log[DEMO_PATH_MAX + 64];
    char self[DEMO_PATH_MAX] = { 0 }; /* by its path, so that the process has its name */
    (void)snprintf(log, sizeof(log), "%s/log", node->dir);
    if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
        _exit(127);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0) {
        (void)dup2(fd, STDOUT_FILENO);
        (void)dup2(fd, STDERR_FILENO);
    }
    (void)setpgid(0, 0); /* Ctrl-C ends the play, not the nodes */
    (void)execl(self, "comity", "--dir", node->dir, "serve", "--secret", demo->secret,
                (char *)NULL);
    _exit(127);
}

static bool is_up(struct demo_node *node)
{
    char path[DEMO_PATH_MAX + 64];
    struct cli *cli = &node->person[CHIEF];
    uint8_t memory[64 << 10];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct client *client = NULL;
    struct client_reply reply;
    struct client_request request = { .method = "GET", .path = TEXT("/v1/status") };
    (void)snprintf(path, sizeof(path), "%s/comity.sock", cli->dir);
    if (!files_exists(path))
        return false;
    struct client_setup setup = { .socket_path = path };
    struct err e = client_open(&setup, &client);
    if (!failed(e))
        e = client_call(client, &request, &arena, &reply);
    client_close(client);
    return !failed(e) && reply.status == 200;
}

struct err demo_node_start(struct demo *demo, struct demo_node *node)
{
    int64_t until = clock_monotonic_ms() + START_MS_MAX;
    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        exec_serve(demo, node);
    if (pid < 0)
        return err_make(ERR_UNAVAILABLE, "demo.no-start");
    node->pid = pid;
    for (int i = 0; i < DEMO_PERSONS; i++) {
        client_close(node->person[i].client); /* of a node that was killed */
        node->person[i].client = NULL;
    }
    while (clock_monotonic_ms() < until) {
        int status = 0;
        if (waitpid(pid, &status, WNOHANG) == pid)
            break;
        if (is_up(node))
            return err_none();
        breathe();
    }
    node->pid = 0;
    return err_make(ERR_UNAVAILABLE, "demo.no-start");
}

void demo_node_kill(struct demo_node *node, int signal)
{
    if (node->pid <= 0)
        return;
    (void)kill(node->pid, signal);
    (void)waitpid(node->pid, NULL, 0);
    node->pid = 0;
}

/* -- calls -------------------------------------------------------------------------------- */

static struct err raw_call(struct demo *demo, struct cli *cli, const struct cli_call *in,
                           struct client_reply *out)
{
    char path[DEMO_PATH_MAX + 64];
    struct client_request request = { .method = in->method, .path = in->path };
    struct err e = err_none();
    if (cli->client == NULL) {
        (void)snprintf(path, sizeof(path), "%s/comity.sock", cli->dir);
        struct client_setup setup = { .socket_path = path };
        e = client_open(&setup, &cli->client);
    }
    if (!failed(e) && in->body_opt != NULL) {
        request.content_type = "application/json";
        e = json_format(in->body_opt, demo->cli->arena, &request.body);
    }
    if (failed(e))
        return e;
    if (cli->token != NULL) {
        request.headers[0].name = "Authorization";
        request.headers[0].value =
            arena_join(demo->cli->arena, TEXT("Bearer "), text_literal(cli->token));
    }
    return client_call(cli->client, &request, demo->cli->arena, out);
}

static void show_failure(struct demo *demo, enum demo_member who, const struct cli_call *call,
                         const char *rule)
{
    demo->failed = true;
    (void)fflush(stdout);
    (void)fprintf(stderr, "comity demo: %s %s %.*s: %s\n", demo->nodes[who].code, call->method,
                  (int)call->path.len, call->path.data, text_say(demo->cli->lang, rule));
}

static const char *problem_code(struct demo *demo, const struct json *problem)
{
    struct text code = json_get_text(problem, "code");
    char *out = arena_take(demo->cli->arena, code.len + 1);
    if (out == NULL || code.len == 0)
        return "cli.no-answer";
    memcpy(out, code.data, code.len);
    return out;
}

bool demo_call(struct demo *demo, enum demo_member who, enum demo_person person,
               const struct cli_call *call, struct json *out)
{
    struct client_reply reply;
    struct json body = json_null();
    struct err e = raw_call(demo, &demo->nodes[who].person[person], call, &reply);
    if (!failed(e) && reply.body.len > 0)
        e = json_parse(reply.body, demo->cli->arena, &body);
    if (failed(e)) {
        show_failure(demo, who, call, e.rule);
        return false;
    }
    if (reply.status >= 300) {
        show_failure(demo, who, call, problem_code(demo, &body));
        return false;
    }
    *out = body;
    return true;
}

bool demo_refused(struct demo *demo, enum demo_member who, enum demo_person person,
                  const struct cli_call *call, const char *code)
{
    struct client_reply reply;
    struct json body = json_null();
    struct err e = raw_call(demo, &demo->nodes[who].person[person], call, &reply);
    if (!failed(e) && reply.body.len > 0)
        e = json_parse(reply.body, demo->cli->arena, &body);
    bool as_expected = !failed(e) && reply.status >= 400 &&
                       text_is(json_get_text(&body, "code"), code);
    if (!as_expected)
        show_failure(demo, who, call, failed(e) ? e.rule : "demo.not-refused");
    return as_expected;
}

bool demo_get(struct demo *demo, enum demo_member who, struct text path, struct json *out)
{
    struct cli_call call = { .method = "GET", .path = path };
    return demo_call(demo, who, CHIEF, &call, out);
}

bool demo_post(struct demo *demo, enum demo_member who, enum demo_person person,
               struct text path, const struct json *body, struct json *out)
{
    struct cli_call call = { .method = "POST", .path = path, .body_opt = body };
    return demo_call(demo, who, person, &call, out);
}

int64_t demo_status(struct demo *demo, enum demo_member who, const char *member)
{
    struct json status;
    int64_t value = -1;
    if (demo->nodes[who].pid > 0 && demo_get(demo, who, TEXT("/v1/status"), &status))
        (void)json_get_integer(&status, member, &value);
    return value;
}

static bool settled(struct demo *demo, enum demo_member from, enum demo_member to,
                    bool *failed_out)
{
    struct json partner;
    int64_t numbered = 0;
    int64_t acked = 0;
    size_t mark = demo->cli->arena->used;
    struct text path = demo_join(demo, "/v1/partners/", text_literal(demo->nodes[to].code), "");
    *failed_out = !demo_get(demo, from, path, &partner);
    if (*failed_out)
        return false;
    (void)json_get_integer(&partner, "numbered", &numbered);
    (void)json_get_integer(&partner, "acked", &acked);
    bool idle = json_get_bool(&partner, "idle");
    arena_rewind(demo->cli->arena, mark);
    return idle && numbered == acked;
}

int64_t demo_settle(struct demo *demo, enum demo_member from, enum demo_member to)
{
    int64_t begun = clock_monotonic_ms();
    bool lost = false;
    while (clock_monotonic_ms() - begun < SETTLE_MS_MAX) {
        if (settled(demo, from, to, &lost))
            return clock_monotonic_ms() - begun;
        if (lost)
            return -1;
        breathe();
    }
    return -1;
}

int64_t demo_settle_all(struct demo *demo)
{
    int64_t begun = clock_monotonic_ms();
    for (int from = 0; from < DEMO_NODES; from++) {
        for (int to = 0; to < DEMO_NODES; to++) {
            if (from != to && demo->nodes[from].pid > 0 && demo->nodes[to].pid > 0 &&
                demo_settle(demo, (enum demo_member)from, (enum demo_member)to) < 0)
                return -1;
        }
    }
    return clock_monotonic_ms() - begun;
}
