/* The keeper: a small process that alone holds the node's signing and month keys. This side starts
 * it and asks; the other side runs a pure machine over length-delimited frames (u32 big-endian
 * length, then the message of seal/keeper_wire.h), one question at a time a connection.
 *
 * The process has no files but its state file's directory, no network, no new descriptors, cannot
 * be dumped or traced, its memory is locked, and it ends when the node does. A malformed message
 * ends the sender's connection, never the keeper. */
#ifndef COMITY_SHELL_KEEPER_H
#define COMITY_SHELL_KEEPER_H

#include "core/arena.h"

enum { KEEPER_FRAME_MAX = 64 << 10, KEEPER_STATE_MAX = 4 << 20, KEEPER_TIMEOUT_MS = 5000 };

/* What the process runs. */
struct keeper_machine {
    void *context;
    /* Question in, answer out; both plain messages. A failure is a malformed message: the
     * connection ends. `*changed` true: the state is written, durable, before the answer leaves. */
    struct err (*step)(void *context, struct bytes in, struct arena *arena, struct bytes *out,
                       bool *changed);
    /* The bytes of the state file. */
    struct err (*save)(void *context, struct arena *arena, struct bytes *out);
};

/* Body of the process: serves `fd` until it is closed; never returns before. `state_dir` and name
 * of the state file, opened before the process gives everything up. Exit code. */
int keeper_serve(int fd, const char *state_dir, const char *state_name,
                 const struct keeper_machine *machine);

struct keeper;

/* fork + socketpair; the child runs `body(context, fd)` and exits with what it returns. Before
 * threads exist. ERR_UNAVAILABLE keeper.no-start. */
MUST_USE struct err keeper_start(int (*body)(void *context, int fd), void *context,
                                 struct keeper **out);
/* Thread-safe; one at a time. ERR_UNAVAILABLE keeper.gone (it died or hung up), keeper.timeout;
 * ERR_LIMIT keeper.too-big. After gone or timeout every later question fails alike. */
MUST_USE struct err keeper_ask(struct keeper *keeper, struct bytes question, struct arena *arena,
                               struct bytes *answer_out);
/* Process id, for doctor and tests. */
int keeper_pid(const struct keeper *keeper);
/* Closes the connection, waits for the process (kills it after a second). */
void keeper_stop(struct keeper *keeper_opt);

#endif
