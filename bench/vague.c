/* S12: half of the births of the population are only about, of registries, or ages.
 *     bench-vague [DIR [PERSONS [QUESTIONS]]]   . 100000 4000; SCALE=full: 1000000; SEED=11: that
 *     of tuning
 *
 *   S12.recall_pct          misspelt as in goal S4, with birth: answered strong or possible
 *   S12.answered_pct        the same in any band
 *   S12.recall_exact_pct    spelt exactly
 *   S12.recall_misread_pct  misread by a machine
 *   S12.shown_per_search    strong or possible answers to a question for nobody of the population
 */
#include <stdio.h>
#include <stdlib.h>

#include "labelled.h"
#include "measure.h"
#include "population.h"
#include "index/names/frequency.h"

struct answered {
    size_t asked, shown, answered, answers, too_common;
};

static struct answered ask(struct bench_index *index, const struct population *p,
                           enum population_spelling spelling, size_t questions,
                           struct index_frequency table)
{
    static struct population_question question;
    struct answered out = { .asked = questions };
    for (size_t q = 0; q < questions; q++) {
        struct index_answer answer;
        population_ask(p, spelling, q, &question);
        struct index_query query = { .name.full = question.name,
                                     .birth = question.birth,
                                     .scoring.frequency = table };
        out.too_common += !bench_index_search(index, &query, &answer);
        enum index_band band = bench_index_band(&answer, question.number);
        out.shown += band >= INDEX_POSSIBLE;
        out.answered += band > INDEX_NONE;
        for (size_t i = 0; i < answer.hit_count; i++)
            out.answers += answer.hits[i].band >= INDEX_POSSIBLE;
    }
    return out;
}

static double percent(size_t part, size_t whole)
{
    return 100 * (double)part / (double)whole;
}

static void keep_person(struct bench_index *index, const struct population *p, uint64_t i,
                        char (*text)[POPULATION_NAME_BYTES])
{
    struct population_scratch scratch;
    struct index_doc doc;
    population_person(p, i, &doc, &scratch);
    struct text name = doc.names[0].full;
    memcpy(text[i], name.data, name.len);
    bench_index_add(index, (struct text){ text[i], name.len }, doc.birth, false);
}

int main(int argc, char **argv)
{
    size_t persons = measure_size(2000, 100000, 1000000);
    size_t questions = measure_size(20, 4000, 4000);
    persons = argc > 2 ? strtoul(argv[2], NULL, 10) : persons;
    questions = argc > 3 ? strtoul(argv[3], NULL, 10) : questions;
    const char *seed = getenv("SEED");
    struct population_options o = population_options(
        seed != NULL ? strtoull(seed, NULL, 10) : POPULATION_TESTING, persons, 0);
    population_vague_births(&o);
    struct population *p = population_new(&o);
    char(*text)[POPULATION_NAME_BYTES] = malloc(persons * sizeof *text);
    size_t room = persons * 256 + (1 << 20);
    struct arena arena = arena_over(malloc(room), room);
    struct bench_index index = { 0 };
    struct bytes bytes = { 0 };
    struct index_frequency table = { .proved = { NULL, 0 } };
    if (p == NULL || text == NULL || arena.data == NULL) {
        fprintf(stderr, "bench-vague: memory\n");
        return 1;
    }
    for (uint64_t i = 0; i < persons; i++)
        keep_person(&index, p, i, text);
    bench_index_build(&index);
    struct err e = index_frequency_of(index.docs, index.count, (uint32_t)persons, &arena, &bytes);
    if (!failed(e))
        e = index_frequency_open(bytes, &table);
    if (failed(e)) {
        fprintf(stderr, "bench-vague: %s\n", e.rule);
        return 1;
    }
    struct answered misspelt = ask(&index, p, POPULATION_MISSPELT, questions, table);
    struct answered exact = ask(&index, p, POPULATION_EXACT, questions, table);
    struct answered misread = ask(&index, p, POPULATION_MISREAD, questions, table);
    struct answered nobody = ask(&index, p, POPULATION_NOBODY, questions, table);
    printf("S12.size %zu persons\n", persons);
    printf("S12.recall_pct %.2f %%\n", percent(misspelt.shown, questions));
    printf("S12.answered_pct %.2f %%\n", percent(misspelt.answered, questions));
    printf("S12.recall_exact_pct %.2f %%\n", percent(exact.shown, questions));
    printf("S12.recall_misread_pct %.2f %%\n", percent(misread.shown, questions));
    printf("S12.shown_per_search %.4f 1\n", (double)nobody.answers / (double)questions);
    printf("S12.too_common_pct %.2f %%\n",
           percent(misspelt.too_common + nobody.too_common, 2 * questions));
    bench_index_free(&index);
    population_free(p);
    free(text);
    free(arena.data);
    return 0;
}
