/* Files for unit tests: the repository's own vectors and, where it is present, the larger
 * collection that COMITY_SHARED names. Everything is malloc'ed and ends with a NUL that is
 * not counted. */
#ifndef COMITY_TESTS_TEST_FILES_H
#define COMITY_TESTS_TEST_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/bytes.h"

enum { TEST_PATH_MAX = 1024 };

struct test_file {
    uint8_t *data;
    size_t len;
};

static inline struct bytes test_file_bytes(const struct test_file *f)
{
    return bytes_of(f->data, f->len);
}

/* false when the file does not exist. */
static inline bool test_file_read(const char *path, struct test_file *out)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return false;
    struct test_file file = { malloc(1), 0 };
    size_t size = 0;
    size_t got = 1;
    while (got > 0) {
        if (file.len + 65536 > size) {
            size = size * 2 + 131072;
            file.data = realloc(file.data, size + 1);
        }
        got = fread(file.data + file.len, 1, size - file.len, f);
        file.len += got;
    }
    fclose(f);
    file.data[file.len] = 0;
    *out = file;
    return true;
}

static inline bool test_path(const char *variable, const char *below, char *out)
{
    const char *base = getenv(variable);
    struct stat info;
    if (base == NULL)
        return false;
    snprintf(out, TEST_PATH_MAX, "%s/%s", base, below);
    return stat(out, &info) == 0;
}

/* Path below the shared collection; prints why and gives false when it is not there. */
static inline bool test_shared(const char *below, char out[static TEST_PATH_MAX])
{
    if (test_path("COMITY_SHARED", below, out))
        return true;
    printf("skipped: no %s in COMITY_SHARED\n", below);
    return false;
}

/* Path below the repository. */
static inline bool test_source(const char *below, char out[static TEST_PATH_MAX])
{
    return test_path("COMITY_SOURCE", below, out);
}

#endif
