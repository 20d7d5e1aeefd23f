/* Populations made up from a seed, for every benchmark of search: person i, object i and query q
 * come from (options, i) alone, in any order, and nothing of them is stored, so that 10 M persons
 * and 100 M objects cost only the vocabulary. The same options give the same population on every
 * machine.
 *
 * Names: `stems` made-up words, drawn with weight 1 / (rank + q), q such that the commonest is
 * `top_share` of all words; `misspelt` of the words carry one edit, so that distinct words grow
 * with the population; particles before some family names. With a folder of name lists (`lists`),
 * `native` of the persons have names in Arabic, Chinese, Korean or Katakana letters, and `real`
 * puts the Latin words of these lists before the made-up ones. */
#ifndef COMITY_BENCH_POPULATION_H
#define COMITY_BENCH_POPULATION_H

#include "index/index.h"

enum {
    POPULATION_NAME_BYTES = 192,
    POPULATION_KEY_BYTES = 20,
    POPULATION_TUNING = 11, /* seeds: whoever tunes uses the first, whoever reports the second */
    POPULATION_TESTING = 29
};

/* Shares are parts of one. */
struct population_options {
    uint64_t seed;
    uint64_t persons;
    uint64_t objects;
    uint32_t stems;
    double top_share; /* of all words: 0.005, 0.016, 0.05 */
    double misspelt;
    double aliases; /* persons with a second name */
    bool parts;     /* family and given apart; else full names alone */
    double birth_unknown;
    double birth_registry; /* 1 January */
    double birth_about;    /* one year on both sides */
    double birth_age;      /* from an age estimated by somebody */
    const char *lists;     /* ".../names/netransliteration-coling2018"; NULL: none */
    double native;
    bool real;
};

/* Of about 0.6 million distinct words, top word 1.6 %, 4 % misspelt, 8 % of births unknown. */
struct population_options population_options(uint64_t seed, uint64_t persons, uint64_t objects);
/* The stems and the share of misspelt words that give about so many distinct words at 10 M
 * persons: 600000, 1200000, 2000000. */
void population_vocabulary(struct population_options *options, uint32_t distinct);
/* Half of the births only about, of registries, or ages (goal S12); the other half exact. */
void population_vague_births(struct population_options *options);

struct population;
/* NULL when memory is short, an option is out of range or the lists cannot be read (no message). */
struct population *population_new(const struct population_options *options);
void population_free(struct population *population);
const struct population_options *population_has(const struct population *population);

/* What one document needs while it is used; overwritten by the next call with it. */
struct population_scratch {
    char text[2][POPULATION_NAME_BYTES];
    struct index_name names[2];
    struct text nationality;
    char key[POPULATION_KEY_BYTES];
    struct index_identifier identifier;
};

/* Number i + 1, kind 0. From i = options.persons on: persons not in the population. */
void population_person(const struct population *population, uint64_t i, struct index_doc *out,
                       struct population_scratch *scratch);
/* Number options.persons + i + 1: half documents (kind 1), a third plates, the rest VINs (kind 2);
 * every key once. From i = options.objects on: objects not in the population. */
void population_object(const struct population *population, uint64_t i, struct index_doc *out,
                       struct population_scratch *scratch);

enum population_spelling {
    POPULATION_EXACT,
    POPULATION_MISSPELT, /* goal S4: every word of 4 or more letters one edit, 30 % of 6 or more
                            two, shorter ones as they are, words in random order */
    POPULATION_MISREAD,  /* one or two look-alikes as a scanner or a machine-readable zone has them
                          */
    POPULATION_NOBODY    /* a person who is not in the population, spelt exactly */
};

struct population_question {
    uint64_t number; /* the document looked for; 0: nobody */
    struct text name;
    struct index_birth birth; /* the true day; of half of the vague ones what the document has */
    enum index_sex sex;
    struct text nationality; /* may be empty */
    char text[2 * POPULATION_NAME_BYTES];
    struct population_scratch person;
};

/* Question q; the persons asked for are spread over the whole population. Of a person of native
 * letters, edits touch whole letters and leave one each. */
void population_ask(const struct population *population, enum population_spelling spelling,
                    uint64_t q, struct population_question *out);

#endif
