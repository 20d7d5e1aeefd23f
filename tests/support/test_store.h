/* For tests of and over the store: a temporary directory, a store of each kind, seeded numbers,
 * and entries made from them. */
#ifndef COMITY_TESTS_TEST_STORE_H
#define COMITY_TESTS_TEST_STORE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/memory.h"
#include "store/sqlite.h"

enum { TEST_DIRECTORY_MAX = 200 };

struct test_random {
    uint64_t state;
};

static inline uint64_t test_random(struct test_random *r)
{
    r->state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    uint64_t z = r->state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t test_below(struct test_random *r, uint64_t limit)
{
    return test_random(r) % limit;
}

static inline void test_directory_make(char out[static TEST_DIRECTORY_MAX])
{
    const char *base = getenv("TMPDIR");
    snprintf(out, TEST_DIRECTORY_MAX, "%.150s/comity-store-XXXXXX", base == NULL ? "/tmp" : base);
    if (mkdtemp(out) == NULL)
        abort();
}

static inline int test_remove_one(const char *path, const struct stat *info, int kind,
                                  struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void test_directory_remove(const char *directory)
{
    (void)nftw(directory, test_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct err test_open_sqlite(const char *directory, struct store **out)
{
    struct store_sqlite_options options = { .create = true };
    return store_sqlite_open(text_literal(directory), &options, out);
}

/* In memory where there is such a place: these tests need no disk, only files. */
static inline void test_fast_directory(char out[static TEST_DIRECTORY_MAX])
{
    if (getenv("TMPDIR") == NULL && access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1);
    test_directory_make(out);
}

static inline struct store *test_open_in(const char *directory)
{
    struct store *store = NULL;
    if (failed(test_open_sqlite(directory, &store)))
        abort();
    return store;
}

static inline struct store *test_open_memory(uint64_t seed)
{
    struct store_memory_plan plan = { .seed = seed, .fsync_ms = 4 };
    struct store *store = NULL;
    if (failed(store_memory_open(&plan, &store)))
        abort();
    return store;
}

/* An entry whose commitment and sealed bytes follow from its number and `r`. */
static inline struct journal_entry test_entry(struct test_random *r, uint64_t number,
                                              uint8_t *memory, size_t len)
{
    struct journal_entry entry = { .number = number,
                                   .log = (uint16_t)(number % 3),
                                   .leaf = number / 3,
                                   .class_ = (uint8_t)test_below(r, 4),
                                   .month = (uint32_t)(24300 + test_below(r, 12)) };
    for (size_t i = 0; i < len; i++)
        memory[i] = (uint8_t)test_random(r);
    for (size_t i = 0; i < HASH_LEN; i++)
        entry.entry.bytes[i] = (uint8_t)test_random(r);
    entry.sealed = bytes_of(memory, len);
    return entry;
}

#endif
