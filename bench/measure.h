/* What every benchmark in C does alike. */
#ifndef COMITY_BENCH_MEASURE_H
#define COMITY_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How much to do: SCALE=full as the goals say, SCALE=tiny so little that only a test learns from it
 * (tests/bench: the program still works), otherwise a tenth of the goals. */
static inline size_t measure_size(size_t tiny, size_t tenth, size_t full)
{
    const char *scale = getenv("SCALE");
    if (scale != NULL && strcmp(scale, "full") == 0)
        return full;
    return scale != NULL && strcmp(scale, "tiny") == 0 ? tiny : tenth;
}

static inline double measure_us(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* For qsort() of doubles, ascending. */
static inline int measure_order(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

/* A file to write; ends the program when there can be none. */
static inline FILE *measure_create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

#endif
