/* Figures of the index alone (goals S1 to S4 and S8): CPU time of this thread over the population
 * of population.h, in segments that are written here straight through index/. Recall stands beside
 * every latency; a name is found when it is among the hits, in whatever band.
 *     bench-search [DIR [PERSONS [OBJECTS [QUERIES]]]]
 * Without numbers: 1 M persons and 10 M objects, ten times that with SCALE=full.
 * Questions: S2 and S4 name only, S3 with the true birth, every word of four or more letters with
 * one edit, 30 % of those of six or more with two; .exact as spelt; .nobody persons who are not
 * there. TOP=0.05 and DISTINCT=2000000 sweep the skew and the vocabulary; with LISTS, the folder of
 * lists of names (population.h), NATIVE=0.5 of the persons are written in other alphabets.
 * SEGMENT=FILE keeps the persons' segment, and maps it when the same is asked again (their number
 * is checked; TOP, DISTINCT and NATIVE are the caller's to keep). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "population.h"
#include "index/names/frequency.h"

enum { LOOKUPS = 4000000, RARE_SAMPLE = 200000 };

static void die(const char *why)
{
    fprintf(stderr, "bench-search: %s\n", why);
    exit(1);
}

/* Address space; what is not touched costs nothing. */
static struct arena reserve(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        die("no memory");
    return arena_over(memory, size);
}

struct making {
    const struct population *population;
    bool objects;
    struct population_scratch scratch;
};

static struct err make(void *state, size_t i, struct arena *scratch, struct index_doc *out)
{
    struct making *m = state;
    (void)scratch;
    if (m->objects)
        population_object(m->population, i, out, &m->scratch);
    else
        population_person(m->population, i, out, &m->scratch);
    return err_none();
}

static struct index_segment build(const struct population *population, bool objects, size_t count)
{
    static struct making making;
    making = (struct making){ .population = population, .objects = objects };
    struct index_source source = { count, &making, make };
    struct arena arena = reserve(objects ? count * 160 + (64 << 20) : count * 2048 + (1 << 30));
    struct bytes bytes;
    struct index_segment segment = { 0 };
    double begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
    struct err e = index_build_from(&source, &arena, &bytes);
    double middle = measure_us(CLOCK_THREAD_CPUTIME_ID);
    if (!failed(e))
        e = index_open(bytes, &segment);
    if (failed(e))
        die(e.rule);
    const char *what = objects ? "objects" : "persons";
    printf("S9.build_%s_s %.2f s\nS9.open_%s_s %.6f s\n", what, (middle - begin) / 1e6, what,
           (measure_us(CLOCK_THREAD_CPUTIME_ID) - middle) / 1e6);
    fflush(stdout);
    uintptr_t page = 4096; /* what was needed to build goes; the segment is the arena's last part */
    uintptr_t until = (uintptr_t)bytes.data / page * page;
    madvise(arena.data, until - (uintptr_t)arena.data, MADV_DONTNEED);
    uintptr_t behind = ((uintptr_t)bytes.data + bytes.len + page - 1) / page * page;
    madvise((void *)behind, (uintptr_t)arena.data + arena.size - behind, MADV_DONTNEED);
    return segment;
}

/* From the file that an earlier run kept, or built and kept there. */
static struct index_segment build_kept(const struct population *population, size_t persons,
                                       const char *path)
{
    struct index_segment segment = { 0 };
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        segment = build(population, false, persons);
        FILE *out = fopen(path, "wb");
        if (out == NULL ||
            fwrite(segment.bytes.data, 1, segment.bytes.len, out) != segment.bytes.len ||
            fclose(out) != 0)
            die("the segment cannot be kept");
        return segment;
    }
    size_t len = (size_t)info.st_size;
    void *mapped = mmap(NULL, len, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED || failed(index_open(bytes_of(mapped, len), &segment)))
        die("the segment that was kept is none");
    if (segment.doc_count != persons)
        die("the segment that was kept is of another number of persons");
    return segment;
}

/* The table of commonness, as a command would make it, from a sample. */
static struct index_frequency frequency_of(const struct population *population, size_t persons)
{
    size_t count = persons < RARE_SAMPLE ? persons : RARE_SAMPLE;
    struct population_scratch *scratch = calloc(count, sizeof *scratch);
    struct index_doc *docs = calloc(count, sizeof *docs);
    struct arena arena = reserve(count * 512 + (1 << 20));
    struct bytes bytes = { 0 };
    struct index_frequency out = { .proved = { NULL, 0 } };
    if (scratch == NULL || docs == NULL)
        die("no memory");
    for (size_t i = 0; i < count; i++)
        population_person(population, i * (persons / count), &docs[i], &scratch[i]);
    struct err e = index_frequency_of(docs, count, (uint32_t)persons, &arena, &bytes);
    if (!failed(e))
        e = index_frequency_open(bytes, &out);
    if (failed(e))
        die(e.rule);
    free(scratch);
    free(docs);
    return out;
}

struct asking {
    const struct population *population;
    const struct index_segment *segment;
    struct index_frequency frequency;
    enum population_spelling spelling;
    bool with_birth;
    size_t queries;
};

struct told {
    double p50_ms, p99_ms, max_ms, per_s;
    double recall_pct, common_pct, shown;
    double crowded_pct; /* not among the hits of an answer that says there are more */
};

static struct told ask(const struct asking *a)
{
    double *us = calloc(a->queries, sizeof *us);
    struct index_query query = { .scoring.frequency = a->frequency };
    struct arena arena = reserve(index_search_room(a->segment, 1, &query));
    struct index_filter filter = { 0 };
    struct told told = { 0 };
    static struct population_question question;
    double total = 0;
    for (size_t q = 0; us != NULL && q < a->queries; q++) {
        struct index_answer answer = { 0 };
        arena_reset(&arena);
        population_ask(a->population, a->spelling, q, &question);
        query.name.full = question.name;
        query.birth = a->with_birth ? question.birth : (struct index_birth){ 0 };
        double begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
        struct err e = index_search(a->segment, 1, &filter, &query, &arena, &answer);
        us[q] = measure_us(CLOCK_THREAD_CPUTIME_ID) - begin;
        total += us[q];
        if (failed(e))
            die(e.rule);
        bool found = false;
        for (size_t i = 0; i < answer.hit_count; i++) {
            found = found || answer.hits[i].doc == question.number;
            told.shown += answer.hits[i].band >= INDEX_POSSIBLE;
        }
        told.recall_pct += found;
        told.crowded_pct += !found && (answer.too_common || answer.weak_left_out > 0);
        told.common_pct += answer.too_common;
    }
    qsort(us, a->queries, sizeof *us, measure_order);
    double share = 100 / (double)a->queries;
    told.p50_ms = us[a->queries / 2] / 1e3;
    told.p99_ms = us[a->queries * 99 / 100] / 1e3;
    told.max_ms = us[a->queries - 1] / 1e3;
    told.per_s = 1e6 * (double)a->queries / total;
    told.recall_pct *= share;
    told.common_pct *= share;
    told.crowded_pct *= share;
    told.shown *= share / 100;
    free(us);
    return told;
}

static void print_speed(const char *name, const struct told *t)
{
    printf("%s.p50_ms %.3f ms\n%s.p99_ms %.3f ms\n%s.max_ms %.3f ms\n%s.per_s %.0f 1/s\n", name,
           t->p50_ms, name, t->p99_ms, name, t->max_ms, name, t->per_s);
    printf("%s.too_common_pct %.2f %%\n%s.shown %.3f hits\n", name, t->common_pct, name, t->shown);
}

/* Among the hits; and with those whose answer says that more persons are alike than fit. */
static void print_recall(const char *name, const struct told *t)
{
    printf("%s.recall_pct %.2f %%\n%s.recall_or_told_pct %.2f %%\n", name, t->recall_pct, name,
           t->recall_pct + t->crowded_pct);
}

static void bench_persons(struct asking a, size_t persons)
{
    struct told t = ask(&a);
    printf("S2.size %zu persons\n", persons);
    print_speed("S2", &t);
    print_recall("S4", &t);
    a.with_birth = true;
    t = ask(&a);
    printf("S3.size %zu persons\n", persons);
    print_speed("S3", &t);
    print_recall("S3", &t);
    a.spelling = POPULATION_NOBODY;
    t = ask(&a);
    print_speed("S3.nobody", &t);
    a.with_birth = false;
    t = ask(&a);
    print_speed("S2.nobody", &t);
    a.spelling = POPULATION_EXACT;
    t = ask(&a);
    print_speed("S2.exact", &t);
    print_recall("S2.exact", &t);
}

/* Keys made before the time starts: half in the table, half not. */
static void bench_objects(const struct population *population, const struct index_segment *segment,
                          size_t objects)
{
    enum { KEYS = 1 << 20 };
    static struct population_scratch scratch;
    char(*keys)[POPULATION_KEY_BYTES] = calloc(KEYS, sizeof *keys); /* densely, as a batch comes */
    struct index_identifier *asked = calloc(KEYS, sizeof *asked);
    uint64_t number[INDEX_LOOKUP_BATCH];
    uint64_t found = 0;
    if (keys == NULL || asked == NULL)
        die("no memory");
    for (size_t i = 0; i < KEYS; i++) {
        struct index_doc doc;
        uint64_t which = i * UINT64_C(0x9e3779b97f4a7c15) % objects + (i % 2 == 0 ? 0 : objects);
        population_object(population, which, &doc, &scratch);
        asked[i] = doc.identifiers[0];
        memcpy(keys[i], asked[i].canonical.data, asked[i].canonical.len);
        asked[i].canonical.data = keys[i];
    }
    double begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < LOOKUPS; i++)
        found += index_lookup(segment, &asked[i % KEYS], number, 1);
    double single = measure_us(CLOCK_THREAD_CPUTIME_ID) - begin;
    begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < LOOKUPS; i += INDEX_LOOKUP_BATCH) {
        index_lookup_batch(segment, &asked[i % KEYS], number);
        for (size_t k = 0; k < INDEX_LOOKUP_BATCH; k++)
            found += number[k] != 0;
    }
    double batch = measure_us(CLOCK_THREAD_CPUTIME_ID) - begin;
    printf("S1.size %zu objects\nS1.single_per_s %.0f 1/s\nS1.batch_per_s %.0f 1/s\n", objects,
           1e6 * LOOKUPS / single, 1e6 * LOOKUPS / batch);
    printf("S1.bytes_per_key %.1f B\nS1.found_pct %.3f %%\nS8.bytes_per_object %.1f B\n",
           (double)segment->bucket_count * 64 / (double)objects,
           100 * (double)found / (2.0 * LOOKUPS), (double)segment->bytes.len / (double)objects);
    free(keys);
    free(asked);
}

/* Plates of which the last character, or the first two, are not known: each number is looked at. */
static void bench_patterns(const struct population *population, const struct index_segment *segment,
                           size_t objects)
{
    enum { PATTERNS = 20, ROOM = 1 << 24 };
    static struct population_scratch scratch;
    struct arena arena = reserve(ROOM + index_search_room(segment, 1, &(struct index_query){ 0 }));
    struct index_filter filter = { 0 };
    size_t found = 0;
    double us[2] = { 0, 0 };
    for (size_t i = 0; i < 2 * PATTERNS; i++) {
        struct index_doc doc;
        char text[POPULATION_KEY_BYTES + 1];
        population_object(population, i * (objects / 2 / PATTERNS) / 6 * 6 + 3, &doc, &scratch);
        size_t len = doc.identifiers[0].canonical.len;
        memcpy(text, doc.identifiers[0].canonical.data, len);
        text[i % 2 == 0 ? len - 1 : 1] = '*';
        struct index_identifier asked = doc.identifiers[0];
        asked.canonical = (struct text){ text + i % 2, len - i % 2 };
        asked.partial = true;
        struct index_query query = { .identifiers = &asked, .identifier_count = 1 };
        struct index_answer answer;
        double begin = measure_us(CLOCK_THREAD_CPUTIME_ID);
        if (failed(index_search(segment, 1, &filter, &query, &arena, &answer)))
            die("a pattern was refused");
        us[i % 2] += measure_us(CLOCK_THREAD_CPUTIME_ID) - begin;
        for (size_t k = 0; k < answer.hit_count; k++)
            found += answer.hits[k].doc == doc.number;
        arena_reset(&arena);
    }
    printf("S1.pattern_begin_ms %.1f ms\nS1.pattern_end_ms %.1f ms\n", us[0] / PATTERNS / 1e3,
           us[1] / PATTERNS / 1e3);
    printf("S1.pattern_found_pct %.1f %%\n", 100.0 * (double)found / (2 * PATTERNS));
}

static void print_memory(const struct index_segment *s, size_t persons)
{
    static const char *const names[] = { "rows",     "blobs",   "objects",  "numbers",  "tokens_at",
                                         "tokens",   "keys_at", "keys",     "posts_at", "posts",
                                         "alone_at", "alone",   "words_at", "words",    "buckets" };
    double index = (double)(s->bytes.len - s->len[1]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        printf("S8.person.%s %.1f B\n", names[i], (double)s->len[i] / (double)persons);
    printf("S8.bytes_per_person %.1f B\nS8.bytes_per_person_whole %.1f B\nS8.tokens %u tokens\n",
           index / (double)persons, (double)s->bytes.len / (double)persons, s->token_count);
    printf("S8.keys_per_token %.1f keys\n", (double)s->key_count / (double)s->token_count);
}

static double resident_gb(void)
{
    long pages[2] = { 0, 0 };
    FILE *f = fopen("/proc/self/statm", "r");
    if (f != NULL && fscanf(f, "%ld %ld", &pages[0], &pages[1]) != 2)
        pages[1] = 0;
    if (f != NULL)
        fclose(f);
    return (double)pages[1] * 4096 / 1e9;
}

int main(int argc, char **argv)
{
    const char *top = getenv("TOP");
    const char *distinct = getenv("DISTINCT");
    const char *native = getenv("NATIVE");
    size_t persons = measure_size(2000, 1000000, 10000000);
    size_t objects = measure_size(5000, 10000000, 100000000);
    size_t queries = measure_size(20, 2000, 2000);
    persons = argc > 2 ? strtoul(argv[2], NULL, 10) : persons;
    objects = argc > 3 ? strtoul(argv[3], NULL, 10) : objects;
    queries = argc > 4 ? strtoul(argv[4], NULL, 10) : queries;
    struct population_options options = population_options(POPULATION_TESTING, persons, objects);
    population_vocabulary(&options,
                          distinct != NULL ? (uint32_t)strtoul(distinct, NULL, 10) : 1200000);
    if (top != NULL)
        options.top_share = strtod(top, NULL);
    options.lists = getenv("LISTS");
    options.native = native != NULL ? strtod(native, NULL) : 0;
    struct population *population = population_new(&options);
    if (population == NULL)
        die("no population");
    const char *kept = getenv("SEGMENT");
    struct index_segment people =
        kept != NULL ? build_kept(population, persons, kept) : build(population, false, persons);
    struct asking asking = { .population = population,
                             .segment = &people,
                             .spelling = POPULATION_MISSPELT,
                             .queries = queries };
    asking.frequency = frequency_of(population, persons);
    print_memory(&people, persons);
    bench_persons(asking, persons);
    if (objects > 0) {
        struct index_segment things = build(population, true, objects);
        bench_objects(population, &things, objects);
        bench_patterns(population, &things, objects);
    }
    printf("S8.resident_gb %.2f GB\n", resident_gb());
    population_free(population);
    return 0;
}
