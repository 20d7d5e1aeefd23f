/* The node's side of the keeper. */
#include "shell/keeper.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/reader.h"
#include "core/writer.h"
#include "shell/clock.h"
#include "shell/log.h"

enum { START_MS = 30000, STOP_MS = 1000 };

struct keeper {
    pid_t pid;
    pthread_mutex_t mutex;
    int lines[KEEPER_LINES]; /* -1: lost */
};

static void lose(struct keeper *keeper, size_t line)
{
    if (keeper->lines[line] >= 0)
        close(keeper->lines[line]);
    keeper->lines[line] = -1;
}

/* Exactly `len` bytes before `until_ms`. */
static struct err receive(int fd, uint8_t *out, size_t len, int64_t until_ms)
{
    size_t have = 0;
    while (have < len) {
        int64_t left = until_ms - clock_monotonic_ms();
        struct pollfd polled = { .fd = fd, .events = POLLIN };
        if (left <= 0 || poll(&polled, 1, (int)left) == 0)
            return err_make(ERR_UNAVAILABLE, "keeper.timeout");
        ssize_t n = recv(fd, out + have, len - have, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n <= 0)
            return err_make(ERR_UNAVAILABLE, "keeper.gone");
        have += (size_t)n;
    }
    return err_none();
}

static struct err receive_frame(int fd, int64_t until_ms, struct arena *arena, struct bytes *out)
{
    uint8_t head[KEEPER_FRAME_HEAD];
    struct err e = receive(fd, head, sizeof(head), until_ms);
    if (failed(e))
        return e;
    struct reader r = reader_over(BYTES_OF(head));
    uint32_t len = reader_u32(&r);
    if (len > KEEPER_MESSAGE_MAX)
        return err_make(ERR_UNAVAILABLE, "keeper.gone");
    uint8_t *data = arena_take(arena, len);
    if (!data)
        return err_make(ERR_LIMIT, "arena.full");
    e = receive(fd, data, len, until_ms);
    if (!failed(e))
        *out = bytes_of(data, len);
    return e;
}

static bool send_all(int fd, struct bytes in)
{
    for (size_t done = 0; done < in.len;) {
        ssize_t n = send(fd, in.data + done, in.len - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

bool keeper_send(int fd, struct bytes message)
{
    uint8_t head[KEEPER_FRAME_HEAD];
    struct writer w = writer_over(head, sizeof(head));
    writer_u32(&w, (uint32_t)message.len);
    return send_all(fd, BYTES_OF(head)) && send_all(fd, message);
}

static struct err talk(int fd, struct bytes question, struct arena *arena, struct bytes *out)
{
    if (!keeper_send(fd, question))
        return err_make(ERR_UNAVAILABLE, "keeper.gone");
    return receive_frame(fd, clock_monotonic_ms() + KEEPER_TIMEOUT_MS, arena, out);
}

struct err keeper_ask_bytes(struct keeper *keeper, struct bytes question, struct arena *arena,
                            struct bytes *answer_out)
{
    struct err e = err_make(ERR_UNAVAILABLE, "keeper.gone");
    if (question.len > KEEPER_MESSAGE_MAX)
        return err_make(ERR_LIMIT, "keeper.message-too-long");
    pthread_mutex_lock(&keeper->mutex);
    size_t line = 0;
    while (line < KEEPER_LINES && keeper->lines[line] < 0)
        line++;
    if (line < KEEPER_LINES) {
        e = talk(keeper->lines[line], question, arena, answer_out);
        if (failed(e)) /* whatever comes on it now answers no question that is asked */
            lose(keeper, line);
    }
    pthread_mutex_unlock(&keeper->mutex);
    return e;
}

struct err keeper_ask(struct keeper *keeper, const struct keeper_question *question,
                      struct arena *arena, struct keeper_answer *out)
{
    struct bytes asked = { NULL, 0 };
    struct bytes told = { NULL, 0 };
    struct keeper_answer answer;
    struct err e = keeper_question_format(question, arena, &asked);
    if (!failed(e))
        e = keeper_ask_bytes(keeper, asked, arena, &told);
    if (!failed(e))
        e = keeper_answer_parse(told, &answer);
    if (failed(e))
        return e;
    if (failed(answer.err))
        return answer.err;
    if (answer.kind != question->kind)
        return err_make(ERR_CORRUPT, "keeper.message");
    *out = answer;
    return err_none();
}

static _Noreturn void child(int (*ends)[2], const char *path, struct text secret, pid_t parent)
{
    int lines[KEEPER_LINES];
    for (size_t i = 0; i < KEEPER_LINES; i++)
        lines[i] = ends[i][1];
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) /* it has died in between */
        _exit(1);
    _exit(keeper_serve(lines, path, secret));
}

/* A rule is a literal of ours, also when it comes from another process of ours. */
static struct err report_parse(struct bytes in)
{
    static const char *const rules[] = {
        "arena.full",   "file.missing",       "file.no-permission", "file.not-directory",
        "file.too-big", "file.not-regular",   "file.too-open",      "file.unreadable",
        "keeper.state", "keeper.weak-secret", "keeper.no-memory",   "seal.wrong-key",
        "seal.damaged",
    };
    struct reader r = reader_over(in);
    uint8_t code = reader_u8(&r);
    struct bytes rule = reader_take(&r, reader_left(&r));
    if (code == ERR_NONE && rule.len == 0 && !failed(reader_end(&r)))
        return err_none();
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (code < ERR_CODES && bytes_equal(rule, text_bytes(text_literal(rules[i]))))
            return err_make((enum err_code)code, rules[i]);
    }
    return err_make(ERR_UNAVAILABLE, "keeper.no-start");
}

/* How opening went comes as the first frame. */
static struct err await_report(const struct keeper *keeper)
{
    uint8_t memory[256];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes frame = { NULL, 0 };
    int64_t until = clock_monotonic_ms() + START_MS;
    if (failed(receive_frame(keeper->lines[0], until, &arena, &frame)))
        return err_make(ERR_UNAVAILABLE, "keeper.no-start");
    return report_parse(frame);
}

static bool make_lines(int (*ends)[2])
{
    for (size_t i = 0; i < KEEPER_LINES; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends[i]) != 0) {
            while (i-- > 0) {
                close(ends[i][0]);
                close(ends[i][1]);
            }
            return false;
        }
    }
    return true;
}

struct err keeper_start(const char *path, struct text secret, struct keeper **out)
{
    int ends[KEEPER_LINES][2];
    struct keeper *keeper = calloc(1, sizeof(*keeper));
    if (!keeper || !make_lines(ends)) {
        free(keeper);
        return err_make(ERR_UNAVAILABLE, "keeper.no-start");
    }
    pthread_mutex_init(&keeper->mutex, NULL);
    pid_t parent = getpid();
    keeper->pid = fork();
    if (keeper->pid == 0)
        child(ends, path, secret, parent);
    for (size_t i = 0; i < KEEPER_LINES; i++) {
        keeper->lines[i] = ends[i][0];
        close(ends[i][1]);
    }
    struct err e =
        keeper->pid > 0 ? await_report(keeper) : err_make(ERR_UNAVAILABLE, "keeper.no-start");
    if (failed(e)) {
        keeper_stop(keeper);
        return e;
    }
    LOG(LOG_INFO, "keeper.started", log_number("pid", keeper->pid));
    *out = keeper;
    return err_none();
}

int keeper_pid(const struct keeper *keeper)
{
    return keeper->pid;
}

void keeper_stop(struct keeper *keeper_opt)
{
    if (!keeper_opt)
        return;
    for (size_t i = 0; i < KEEPER_LINES; i++)
        lose(keeper_opt, i);
    int64_t until = clock_monotonic_ms() + STOP_MS;
    while (keeper_opt->pid > 0 && waitpid(keeper_opt->pid, NULL, WNOHANG) == 0) {
        if (clock_monotonic_ms() >= until)
            kill(keeper_opt->pid, SIGKILL);
        poll(NULL, 0, 1);
    }
    pthread_mutex_destroy(&keeper_opt->mutex);
    free(keeper_opt);
}
