/* The keeper's process: it alone holds the node's signing and month keys and runs the pure machine
 * of seal/keeper.h over length-delimited frames (u32 big-endian length, then one message of
 * seal/keeper_wire.h). This side creates its file, starts it and asks.
 *
 * The process touches no files but its own, reaches no network, starts nothing, gets no
 * descriptors, cannot be dumped or traced, keeps its memory out of swap, and ends when the node
 * does. It serves KEEPER_LINES connections: a sender that breaks the framing loses its line, not
 * the keeper. A changed state is durable before the answer leaves.
 *
 * The file: "comity/keeper/v1\n", 16 bytes of salt, then the state sealed under the key that
 * Argon2id (64 MiB, 3 passes) makes of the operator's secret. Mode 0600, replaced atomically. */
#ifndef COMITY_SHELL_KEEPER_H
#define COMITY_SHELL_KEEPER_H

#include "seal/keeper.h"

enum {
    KEEPER_LINES = 2,
    KEEPER_TIMEOUT_MS = 5000,
    KEEPER_SECRET_MIN = 10, /* bytes of the operator's secret */
    KEEPER_SECRET_MAX = 1024
};

/* The key ceremony's end: a keeper is born and its file written. ERR_CONFLICT keeper.exists;
 * ERR_INVALID keeper.weak-secret and those of keeper_create; file.*. */
MUST_USE struct err keeper_file_create(const char *path, const struct keeper_birth *birth,
                                       struct text secret);
/* Opens the file of `path` with the secret into `out`, and the key that seals it. For restore
 * and doctor; serving is keeper_start's. ERR_DENIED seal.wrong-key, file.too-open; ERR_CORRUPT
 * seal.damaged, keeper.state; file.*. */
MUST_USE struct err keeper_file_load(const char *path, struct text secret, struct arena *arena,
                                     struct keeper_state *out, struct secret_key *key_out);

struct keeper;

/* Forks the process and waits until it has opened its file: errors are those of
 * keeper_file_load, and ERR_UNAVAILABLE keeper.no-start. Call it before any thread exists. */
MUST_USE struct err keeper_start(const char *path, struct text secret, struct keeper **out);
/* Thread-safe, one question at a time. The answer (also its `err`, which is returned) lies in
 * `arena`. ERR_UNAVAILABLE keeper.gone, keeper.timeout (the line is lost; the next question takes
 * another, while there is one). */
MUST_USE struct err keeper_ask(struct keeper *keeper, const struct keeper_question *question,
                               struct arena *arena, struct keeper_answer *out);
/* The same with messages as bytes: what keeper_step takes and gives. */
MUST_USE struct err keeper_ask_bytes(struct keeper *keeper, struct bytes question,
                                     struct arena *arena, struct bytes *answer_out);
int keeper_pid(const struct keeper *keeper);
/* Hangs up and waits for the process to end; kills it after a second. */
void keeper_stop(struct keeper *keeper_opt);

/* One message as a frame, to the keeper or from it; false: the line is lost. */
bool keeper_send(int fd, struct bytes message);

/* Body of the process: serves the lines until all are closed. Exit code. */
int keeper_serve(const int lines[static KEEPER_LINES], const char *path, struct text secret);

#endif
