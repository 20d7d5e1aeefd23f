/* Writes a population and questions to files, for engines that are not ours (bench/peers.py).
 *     bench-population_files DIR [PERSONS [QUESTIONS]]
 * DIR/persons.tsv: number, name, birth (first day), nationality. DIR/exact.tsv, misspelt.tsv,
 * misread.tsv, nobody.tsv: number looked for (0: nobody), name, true day of birth.
 * Environment: SEED (default: of the testing half), WORDS (distinct words at 10 M persons), TOP
 * (share of the commonest word, in thousandths), NATIVE (hundredths), LISTS (folder), VAGUE=1. */
#include <stdio.h>
#include <stdlib.h>

#include "population.h"

static FILE *create(const char *folder, const char *name)
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

int main(int argc, char **argv)
{
    static const char *const files[] = { "exact.tsv", "misspelt.tsv", "misread.tsv", "nobody.tsv" };
    const char *folder = argc > 1 ? argv[1] : ".";
    uint64_t persons = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    uint64_t questions = argc > 3 ? strtoull(argv[3], NULL, 10) : 4000;
    struct population *p = make(persons);
    FILE *file = create(folder, "persons.tsv");
    for (uint64_t i = 0; i < persons; i++) {
        struct population_scratch scratch;
        struct index_doc doc;
        population_person(p, i, &doc, &scratch);
        write_line(file, doc.number, doc.names[0].full, doc.birth);
        fprintf(file, "\t%.*s\n", (int)scratch.nationality.len, scratch.nationality.data);
    }
    close_file(file);
    for (int spelling = POPULATION_EXACT; spelling <= POPULATION_NOBODY; spelling++) {
        file = create(folder, files[spelling]);
        for (uint64_t q = 0; q < questions; q++) {
            static struct population_question question;
            population_ask(p, (enum population_spelling)spelling, q, &question);
            write_line(file, question.number, question.name, question.birth);
            fprintf(file, "\n");
        }
        close_file(file);
    }
    population_free(p);
    return 0;
}
