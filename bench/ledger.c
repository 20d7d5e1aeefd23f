/* Figures of the ledger alone (goals P1 and P3): CPU time of this thread, medians of 7 rounds.
 *     P1.cpu_us          an entry of 256 bytes: commitment, leaf, nodes; batches of 256, each with
 * a signed checkpoint P1.appends_per_s   the same, each batch written to a file and fdatasync'ed
 *     P3.make_us         an inclusion proof from nodes in memory, 2^20 leaves
 *     P3.verify_us       checking it
 * `bench-ledger [DIR]`: the file lies in DIR (default: the working directory). */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "ledger/commit.h"
#include "measure.h"

enum { ROUNDS = 7, BATCH = 256, CONTENT = 256, LEAVES = 1 << 20, PROOFS = 20000, BATCHES = 400 };

static size_t batches; /* BATCHES, or two of a test */
static struct hash *stored;
static struct hash *leaves;
static struct hash root;

struct log {
    struct frontier frontier;
    struct note_key key;
    uint8_t secret[64];
    uint8_t content[CONTENT];
    uint64_t count;
};

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof(*values), measure_order);
    return values[ROUNDS / 2];
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void open_log(struct log *log)
{
    uint8_t seed[32] = { 42 };
    uint8_t public[32];
    memset(log, 0, sizeof(*log));
    crypto_sign_seed_keypair(public, log->secret, seed);
    if (failed(note_key_make(TEXT("comity/0011223344556677/1/NER"), public, &log->key)))
        die("key");
}

/* One batch: what a durable commit would write is put to `out`. */
static size_t append_batch(struct log *log, struct hash *out, struct arena *arena,
                           struct text *note_out)
{
    size_t count = 0;
    uint8_t signature[64];
    for (size_t i = 0; i < BATCH; i++) {
        struct opening opening = { .content = BYTES_OF(log->content) };
        memcpy(opening.salt, &log->count, sizeof(log->count));
        memcpy(log->content, &log->count, sizeof(log->count));
        log->count++;
        struct hash entry = commit_entry(&opening);
        struct hash leaf = commit_leaf(&entry);
        count += frontier_append(&log->frontier, &leaf, out + count);
    }
    struct checkpoint cp = { log->key.name, { log->frontier.size, frontier_root(&log->frontier) } };
    struct text body = checkpoint_format(arena, &cp);
    crypto_sign_detached(signature, NULL, (const uint8_t *)body.data, body.len, log->secret);
    if (failed(note_assemble(body, &log->key, signature, arena, note_out)))
        die("note");
    return count;
}

static double append_cpu_us(struct log *log)
{
    static struct hash out[2 * BATCH + TREE_LEVELS];
    static uint8_t memory[4096];
    struct text note;
    double begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t b = 0; b < batches; b++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        append_batch(log, out, &arena, &note);
    }
    return (measure_us(CLOCK_THREAD_CPUTIME_ID) - begin) / (double)(batches * BATCH);
}

/* Wall time: appends a second with one fdatasync a batch; *fsync_us is what that alone took. */
static double append_durable(struct log *log, int fd, double *fsync_us)
{
    static struct hash out[2 * BATCH + TREE_LEVELS];
    static uint8_t memory[4096];
    struct text note;
    double flushing = 0;
    double begin = measure_us(CLOCK_MONOTONIC);
    for (size_t b = 0; b < batches; b++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        size_t len = append_batch(log, out, &arena, &note) * sizeof(out[0]);
        if (write(fd, out, len) != (ssize_t)len ||
            write(fd, note.data, note.len) != (ssize_t)note.len)
            die("write");
        double flush = measure_us(CLOCK_MONOTONIC);
        if (fdatasync(fd) != 0)
            die("fdatasync");
        flushing += measure_us(CLOCK_MONOTONIC) - flush;
    }
    *fsync_us = flushing / (double)batches;
    return (double)(batches * BATCH) / ((measure_us(CLOCK_MONOTONIC) - begin) / 1e6);
}

static void build_tree(void)
{
    struct frontier f = { 0 };
    struct hash new[TREE_LEVELS];
    size_t count = 0;
    stored = calloc(2 * (size_t)LEAVES, sizeof(*stored));
    leaves = calloc(LEAVES, sizeof(*leaves));
    if (stored == NULL || leaves == NULL)
        die("memory");
    for (uint64_t i = 0; i < LEAVES; i++) {
        leaves[i] = tree_leaf(bytes_of(&i, sizeof(i)));
        size_t added = frontier_append(&f, &leaves[i], new);
        memcpy(stored + count, new, added * sizeof(new[0]));
        count += added;
    }
    root = frontier_root(&f);
}

/* A full-period walk over the leaves. */
static uint64_t leaf_of(uint64_t n)
{
    return n * 699053 % LEAVES;
}

static double proofs_us(struct proof *proofs, bool verify)
{
    double begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
    for (uint64_t n = 0; n < PROOFS; n++) {
        uint64_t i = leaf_of(n);
        struct tree_plan plan;
        if (verify) {
            if (failed(proof_check_inclusion(&proofs[n], i, LEAVES, &leaves[i], &root)))
                die("proof");
        } else {
            if (failed(tree_plan_inclusion(i, LEAVES, &plan)))
                die("plan");
            tree_plan_read(&plan, stored, tree_positions(LEAVES), &proofs[n]);
        }
    }
    return (measure_us(CLOCK_THREAD_CPUTIME_ID) - begin) / PROOFS;
}

int main(int argc, char **argv)
{
    static struct log log;
    struct proof *proofs = calloc(PROOFS, sizeof(*proofs));
    double cpu[ROUNDS];
    double rate[ROUNDS];
    double flush[ROUNDS];
    double make[ROUNDS];
    double verify[ROUNDS];
    double load = 0;
    if (proofs == NULL || sodium_init() < 0 || (argc > 1 && chdir(argv[1]) != 0))
        die("start");
    int fd = open(".", O_TMPFILE | O_RDWR, 0600);
    if (fd < 0)
        die("open");
    batches = measure_size(2, BATCHES, BATCHES);
    build_tree();
    for (size_t r = 0; r < ROUNDS; r++) {
        open_log(&log);
        cpu[r] = append_cpu_us(&log);
        rate[r] = append_durable(&log, fd, &flush[r]);
        make[r] = proofs_us(proofs, false);
        verify[r] = proofs_us(proofs, true);
    }
    close(fd);
    if (getloadavg(&load, 1) == 1)
        fprintf(stderr, "load average %.1f\n", load);
    printf("P1.appends_per_s %.0f 1/s\n", median(rate));
    printf("P1.cpu_us %.2f us\n", median(cpu));
    printf("P2.fsync_ms %.3f ms\n", median(flush) / 1e3);
    printf("P3.make_us %.2f us\n", median(make));
    printf("P3.verify_us %.2f us\n", median(verify));
    free(proofs);
    free(stored);
    free(leaves);
    return 0;
}
