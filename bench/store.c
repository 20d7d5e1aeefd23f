/* Figures of the SQLite store (goals P1, P2, H4). A fact is what the clerk writes for one record:
 * a journal entry with a sealed opening of 1,064 bytes, its commitment computed, the record's row
 * of 1,000 bytes, two small rows, and the two Merkle nodes that one leaf brings on average. Keys
 * are random, as record identifiers are.
 *     P1.whole_per_s          facts a second, 256 a commit; .batchN: N a commit
 *     P1.whole_cpu_us         CPU time of the writing thread for one of them, 256 a commit
 *     P2.p50_ms, P2.p99_ms    one fact, one commit
 *     P2.fsync_ms.store       median fdatasync of 4 kB behind a file's end on the same disk
 *     H4.bytes_per_fact.store store.db after a checkpoint, of all facts written
 * `bench-store [DIR]`: the store lies in a new directory in DIR (default: the working directory).
 * A second thread moves the write-ahead log, as in a node. */
#include <endian.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "store/sqlite.h"

enum { FACT = 1000, SEALED = 1064, FACTS = 40000, SINGLES = 1000, SYNCS = 400, ROUNDS = 5 };

static size_t part; /* one of this many of them is done: 1, a test's 100 */

static uint64_t random_state = 1;

static uint64_t next_random(void)
{
    random_state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    uint64_t z = random_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void must(struct err e)
{
    if (failed(e)) {
        fprintf(stderr, "bench-store: %s\n", e.rule);
        exit(1);
    }
}

static double now_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double quantile(double *values, size_t count, double share)
{
    qsort(values, count, sizeof *values, measure_order);
    return values[(size_t)(share * (double)(count - 1))];
}

static void append_fact(struct store *store, uint64_t number)
{
    static uint64_t sealed[SEALED / 8];
    uint64_t key[4];
    for (size_t i = 0; i < SEALED / 8; i++)
        sealed[i] = next_random();
    struct journal_entry entry = {
        .number = number, .log = 1, .leaf = number - 1, .class_ = 2, .month = 24322
    };
    entry.sealed = bytes_of(sealed, SEALED);
    entry.entry = hash_of(entry.sealed);
    memcpy(key, entry.entry.bytes, sizeof key);
    key[2] = htobe64(number); /* in order, as the clerk's keys of numbers are */
    must(store_append(store, &entry));
    must(store_put(store, TABLE_RECORD, bytes_of(key, 16), bytes_of(sealed, FACT)));
    must(store_put(store, TABLE_DOC, bytes_of(&key[2], 8), bytes_of(key, 16)));
    must(store_put(store, TABLE_CHANGE, bytes_of(&key[2], 8), bytes_of(key, 16)));
    uint64_t index = number - 1;
    must(store_node_put(store, (struct store_node){ 1, 0, index }, &entry.entry));
    for (uint8_t level = 1; (index & 1) == 1; level++) {
        index >>= 1;
        must(store_node_put(store, (struct store_node){ 1, level, index }, &entry.entry));
    }
}

static double commit_facts(struct store *store, uint64_t *last, size_t count)
{
    double begin = now_s(CLOCK_MONOTONIC);
    must(store_begin(store));
    for (size_t i = 0; i < count; i++)
        append_fact(store, ++*last);
    must(store_commit(store));
    return now_s(CLOCK_MONOTONIC) - begin;
}

static double facts_per_s(struct store *store, uint64_t *last, size_t batch, double *cpu_us)
{
    double rates[ROUNDS];
    size_t facts = (batch < 64 ? FACTS / 8 : FACTS) / part;
    uint64_t first = *last;
    double cpu = now_s(CLOCK_THREAD_CPUTIME_ID);
    for (size_t r = 0; r < ROUNDS; r++) {
        double seconds = 0;
        size_t done = 0;
        for (; done < facts / ROUNDS; done += batch)
            seconds += commit_facts(store, last, batch);
        rates[r] = (double)done / seconds;
    }
    *cpu_us = (now_s(CLOCK_THREAD_CPUTIME_ID) - cpu) * 1e6 / (double)(*last - first);
    return quantile(rates, ROUNDS, 0.5);
}

static double fsync_ms(void)
{
    static const uint8_t block[4096] = { 1 };
    double times[SYNCS];
    int fd = open(".", O_TMPFILE | O_RDWR, 0600);
    if (fd < 0)
        die("open");
    for (size_t i = 0; i < SYNCS / part; i++) {
        double begin = now_s(CLOCK_MONOTONIC);
        if (pwrite(fd, block, sizeof block, (off_t)(i * sizeof block)) != (ssize_t)sizeof block ||
            fdatasync(fd) != 0)
            die("fdatasync");
        times[i] = (now_s(CLOCK_MONOTONIC) - begin) * 1e3;
    }
    close(fd);
    return quantile(times, SYNCS / part, 0.5);
}

struct mover {
    struct store *store;
    atomic_bool stop;
};

static void *move_log(void *context)
{
    struct mover *m = context;
    const struct timespec pause = { 0, 100 * 1000 * 1000 };
    while (!atomic_load(&m->stop)) {
        must(store_checkpoint(m->store, STORE_CHECKPOINT_PASSIVE));
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void measure(struct store *store)
{
    static const size_t batches[] = { 1, 16, 64, 256, 1024 };
    static double singles[SINGLES];
    uint64_t last = 0;
    struct stat info;
    for (size_t i = 0; i < SINGLES / part; i++)
        singles[i] = commit_facts(store, &last, 1) * 1e3;
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        double cpu_us = 0;
        double rate = facts_per_s(store, &last, batches[i], &cpu_us);
        if (batches[i] == 256)
            printf("P1.whole_per_s %.0f 1/s\nP1.whole_cpu_us %.1f us\n", rate, cpu_us);
        else
            printf("P1.whole_per_s.batch%zu %.0f 1/s\n", batches[i], rate);
    }
    printf("P2.p50_ms %.3f ms\n", quantile(singles, SINGLES / part, 0.5));
    printf("P2.p99_ms %.3f ms\n", quantile(singles, SINGLES / part, 0.99));
    printf("P2.fsync_ms.store %.3f ms\n", fsync_ms());
    must(store_checkpoint(store, STORE_CHECKPOINT_TRUNCATE));
    if (stat("store.db", &info) != 0)
        die("store.db");
    printf("H4.bytes_per_fact.store %.0f B\n", (double)info.st_size / (double)last);
    printf("P1.size %llu facts\n", (unsigned long long)last);
}

int main(int argc, char **argv)
{
    char directory[] = "bench-store-XXXXXX";
    struct store_sqlite_options options = { .create = true };
    struct mover mover = { NULL, false };
    pthread_t thread;
    part = measure_size(100, 1, 1);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if ((argc > 1 && chdir(argv[1]) != 0) || mkdtemp(directory) == NULL || chdir(directory) != 0)
        die("directory");
    must(store_sqlite_open(TEXT("."), &options, &mover.store));
    if (pthread_create(&thread, NULL, move_log, &mover) != 0)
        die("thread");
    measure(mover.store);
    atomic_store(&mover.stop, true);
    pthread_join(thread, NULL);
    store_close(mover.store);
    if (unlink("store.db") != 0 || unlink("lock") != 0 || rmdir("blobs") != 0 || chdir("..") != 0 ||
        rmdir(directory) != 0)
        die("cleaning");
    return 0;
}
