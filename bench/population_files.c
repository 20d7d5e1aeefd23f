/* Writes a population and questions to files, for engines that are not ours (bench/peers.py), and
 * answers the same questions itself.
 *     bench-population_files DIR [PERSONS [QUESTIONS [ask]]]
 * DIR/persons.tsv: number, name, birth (first day), nationality. DIR/exact.tsv, misspelt.tsv,
 * misread.tsv, nobody.tsv: number looked for (0: nobody), name, true day of birth.
 * Environment: SEED (default: of the testing half), WORDS (distinct words at 10 M persons), TOP
 * (share of the commonest word, in thousandths), NATIVE (hundredths), LISTS (folder), VAGUE=1.
 * With `ask`, a line for each file and one with births for the misspelt: asked found p50 p99
 * results wall_p50 wall_p99, in microseconds, the first two of this thread's processor time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "labelled.h"
#include "population.h"
#include "measure.h"
#include "index/names/frequency.h"

static void close_file(FILE *file)
{
    if (ferror(file) || fclose(file) != 0) {
        perror("bench-population_files");
        exit(1);
    }
}

static void write_line(FILE *file, uint64_t number, struct text name, struct index_birth birth)
{
    fprintf(file, "%llu\t%.*s\t", (unsigned long long)number, (int)name.len, name.data);
    if (birth.quality != INDEX_BIRTH_UNKNOWN)
        fprintf(file, "%04d-%02d-%02d", birth.from.year, birth.from.month, birth.from.day);
}

static unsigned long long wish(const char *name, unsigned long long otherwise)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? otherwise : strtoull(value, NULL, 10);
}

static struct population *make(uint64_t persons)
{
    struct population_options o = population_options(wish("SEED", POPULATION_TESTING), persons, 0);
    population_vocabulary(&o, (uint32_t)wish("WORDS", 600000));
    o.top_share = (double)wish("TOP", 16) / 1000;
    o.lists = getenv("LISTS");
    o.native = (double)wish("NATIVE", 0) / 100;
    o.real = o.lists != NULL;
    if (wish("VAGUE", 0) != 0)
        population_vague_births(&o);
    struct population *p = population_new(&o);
    if (p == NULL) {
        fprintf(stderr, "bench-population_files: memory, options or lists\n");
        exit(1);
    }
    return p;
}

static void answer_all(struct bench_index *index, const struct population *p, int spelling,
                       size_t questions, bool with_birth, struct index_frequency frequency)
{
    static struct population_question question;
    double *us = malloc((questions + 1) * 2 * sizeof *us);
    double *wall = us + questions;
    size_t found = 0;
    size_t results = 0;
    for (size_t q = 0; us != NULL && q < questions; q++) {
        struct index_answer answer;
        population_ask(p, (enum population_spelling)spelling, q, &question);
        struct index_query query = { .name.full = question.name, .scoring.frequency = frequency };
        if (with_birth)
            query.birth = question.birth;
        double begin = measure_us(CLOCK_MONOTONIC);
        double cpu = measure_us(CLOCK_THREAD_CPUTIME_ID);
        bench_index_search(index, &query, &answer);
        us[q] = measure_us(CLOCK_THREAD_CPUTIME_ID) - cpu;
        wall[q] = measure_us(CLOCK_MONOTONIC) - begin;
        found += bench_index_band(&answer, question.number) > INDEX_NONE;
        results += answer.hit_count;
    }
    if (us != NULL && questions > 0) {
        qsort(us, questions, sizeof *us, measure_order);
        qsort(wall, questions, sizeof *wall, measure_order);
        size_t tail = questions * 99 / 100;
        printf("%zu %zu %.1f %.1f %zu %.1f %.1f\n", questions, found, us[questions / 2], us[tail],
               results, wall[questions / 2], wall[tail]);
    }
    free(us);
}

static void answer(const struct population *p, uint64_t persons, size_t questions)
{
    struct bench_index index = { 0 };
    size_t room = persons * 256 + (1 << 20);
    struct arena arena = arena_over(malloc(room), room);
    char(*text)[POPULATION_NAME_BYTES] = malloc(persons * sizeof *text);
    struct bytes bytes = { 0 };
    struct index_frequency frequency = { .proved = { NULL, 0 } };
    for (uint64_t i = 0; text != NULL && i < persons; i++) {
        struct population_scratch scratch;
        struct index_doc doc;
        population_person(p, i, &doc, &scratch);
        memcpy(text[i], doc.names[0].full.data, doc.names[0].full.len);
        bench_index_add(&index, (struct text){ text[i], doc.names[0].full.len }, doc.birth, false);
    }
    bench_index_build(&index);
    uint32_t count = (uint32_t)index.count;
    if (failed(index_frequency_of(index.docs, count, count, &arena, &bytes)) ||
        failed(index_frequency_open(bytes, &frequency))) {
        fprintf(stderr, "bench-population_files: memory\n");
        exit(1);
    }
    for (int spelling = POPULATION_EXACT; spelling <= POPULATION_NOBODY; spelling++)
        answer_all(&index, p, spelling, questions, false, frequency);
    answer_all(&index, p, POPULATION_MISSPELT, questions, true, frequency);
    bench_index_free(&index);
    free(arena.data);
    free(text);
}

int main(int argc, char **argv)
{
    static const char *const files[] = { "exact.tsv", "misspelt.tsv", "misread.tsv", "nobody.tsv" };
    const char *folder = argc > 1 ? argv[1] : ".";
    uint64_t persons = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    uint64_t questions = argc > 3 ? strtoull(argv[3], NULL, 10) : 4000;
    struct population *p = make(persons);
    FILE *file = measure_create(folder, "persons.tsv");
    for (uint64_t i = 0; i < persons; i++) {
        struct population_scratch scratch;
        struct index_doc doc;
        population_person(p, i, &doc, &scratch);
        write_line(file, doc.number, doc.names[0].full, doc.birth);
        fprintf(file, "\t%.*s\n", (int)scratch.nationality.len, scratch.nationality.data);
    }
    close_file(file);
    for (int spelling = POPULATION_EXACT; spelling <= POPULATION_NOBODY; spelling++) {
        file = measure_create(folder, files[spelling]);
        for (uint64_t q = 0; q < questions; q++) {
            static struct population_question question;
            population_ask(p, (enum population_spelling)spelling, q, &question);
            write_line(file, question.number, question.name, question.birth);
            fprintf(file, "\n");
        }
        close_file(file);
    }
    if (argc > 4)
        answer(p, persons, questions);
    population_free(p);
    return 0;
}
