/* The keeper's process. Everything it needs is one locked block of memory and its lines. */
#include "shell/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/writer.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/keeper_file.h"
#include "shell/log.h"
#include "shell/random.h"
#include "shell/sandbox.h"

enum { ROOM_MEMORY = 8 << 20 };

struct line {
    int fd; /* -1: closed */
    size_t len;
    uint8_t data[KEEPER_FRAME_HEAD + KEEPER_MESSAGE_MAX];
};

struct room {
    struct keeper_state state;
    struct keeper_file file;
    struct line lines[KEEPER_LINES];
    uint8_t memory[ROOM_MEMORY];
};

static void hang_up(struct line *line)
{
    close(line->fd);
    line->fd = -1;
}

/* Steps, saves what changed, then answers. Without a durable state there is no answer: the keeper
 * would forget what it has signed. */
static bool answer(struct room *room, int fd, struct bytes question)
{
    struct arena arena = arena_over(room->memory, sizeof(room->memory));
    struct keeper_tick tick = { .now = clock_now() };
    random_bytes(tick.seed.bytes, sizeof(tick.seed.bytes));
    bool changed = false;
    struct bytes out = keeper_step(&room->state, question, &tick, &arena, &changed);
    secret_wipe(&tick, sizeof(tick));
    struct err e = changed ? keeper_file_save(&room->file, &room->state, &arena) : err_none();
    if (failed(e)) {
        LOG(LOG_ERROR, "keeper.not-saved", log_rule(e));
        _exit(1);
    }
    bool good = out.len > 0 && keeper_send(fd, out);
    secret_wipe(room->memory, arena.used);
    return good;
}

/* false: the line is to be closed. */
static bool serve_line(struct room *room, struct line *line)
{
    ssize_t n =
        recv(line->fd, line->data + line->len, sizeof(line->data) - line->len, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    line->len += (size_t)n;
    for (;;) {
        struct bytes message = { NULL, 0 };
        size_t used = 0;
        if (failed(keeper_frame_take(bytes_of(line->data, line->len), &message, &used)))
            return false;
        if (used == 0)
            return true;
        if (!answer(room, line->fd, message))
            return false;
        line->len -= used;
        memmove(line->data, line->data + used, line->len);
    }
}

static void serve(struct room *room)
{
    for (;;) {
        struct pollfd polled[KEEPER_LINES];
        size_t open = 0;
        for (size_t i = 0; i < KEEPER_LINES; i++) {
            polled[i] = (struct pollfd){ .fd = room->lines[i].fd, .events = POLLIN };
            open += room->lines[i].fd >= 0;
        }
        if (open == 0)
            return;
        if (poll(polled, KEEPER_LINES, -1) < 0)
            continue;
        for (size_t i = 0; i < KEEPER_LINES; i++) {
            if (polled[i].revents != 0 && !serve_line(room, &room->lines[i]))
                hang_up(&room->lines[i]);
        }
    }
}

/* The first frame of the first line: how opening went, as code and rule. */
static bool report(const struct room *room, struct err e)
{
    uint8_t memory[128];
    struct writer w = writer_over(memory, sizeof(memory));
    writer_u8(&w, (uint8_t)e.code);
    writer_literal(&w, e.rule);
    struct bytes out = { NULL, 0 };
    return !failed(writer_end(&w, &out)) && keeper_send(room->lines[0].fd, out);
}

static struct err open_state(struct room *room, struct text secret)
{
    struct arena arena = arena_over(room->memory, sizeof(room->memory));
    struct err e = keeper_file_open(&room->file, secret, &arena, &room->state);
    secret_wipe(room->memory, sizeof(room->memory));
    return e;
}

static void confine(const char *path)
{
    char dir[FILES_PATH_MAX];
    snprintf(dir, sizeof(dir), "%s", path);
    char *slash = strrchr(dir, '/');
    if (slash)
        slash[slash == dir ? 1 : 0] = '\0';
    int missing = sandbox_enter(slash ? dir : ".");
    if (missing > 0)
        LOG(LOG_WARN, "keeper.sandbox-partial", log_number("missing", missing));
}

int keeper_serve(const int lines[static KEEPER_LINES], const char *path, struct text secret)
{
    prctl(PR_SET_NAME, "comity-keeper", 0, 0, 0);
    sandbox_close_others(lines, KEEPER_LINES);
    for (int i = 1; i < NSIG; i++) {
        bool ignored = i == SIGINT || i == SIGHUP || i == SIGPIPE;
        struct sigaction action = { .sa_handler = ignored ? SIG_IGN : SIG_DFL };
        sigaction(i, &action, NULL);
    }
    struct room *room =
        mmap(NULL, sizeof(*room), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return 1;
    madvise(room, sizeof(*room), MADV_DONTDUMP);
    if (mlock(room, sizeof(*room)) != 0)
        log_plain(LOG_WARN, "keeper.memory-not-locked");
    room->file.path = path;
    for (size_t i = 0; i < KEEPER_LINES; i++)
        room->lines[i].fd = lines[i];
    struct err e = open_state(room, secret);
    confine(path);
    bool good = report(room, e) && !failed(e);
    if (good)
        serve(room);
    secret_wipe(room, sizeof(*room));
    return good ? 0 : 1;
}
