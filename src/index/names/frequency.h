/* What an exact agreement of a token is worth, from how common it is. Built-in: three levels of
 * catalogue/names/common.tsv. Of a population: index_frequency_build.
 *
 * The odds that a person found is the one looked for fall with the number of persons looked
 * through, so where there are more than those among whom the bands were chosen, strong and possible
 * begin that many bits later, and a rare word may be worth as many more (Fellegi and Sunter, JASA
 * 64, 1969: the threshold is a matter of the prior). Weak begins where it did, so that nobody is
 * lost, and a number says who it is among any many. How many is the table's, never of the day: it
 * betrays no record, and a score replays. */
#ifndef COMITY_INDEX_FREQUENCY_H
#define COMITY_INDEX_FREQUENCY_H

#include "index/index.h"

struct token;

/* How common name tokens are in a population, for a command to rebuild: never by each record, so
 * that a score betrays no hidden record and replays. `next` gives one name after the other and how
 * many bear it (1 or more), false at the end, and begins again; it is asked twice. `persons`: how
 * many will be searched, 0: as many as the bands were chosen among. ERR_LIMIT arena.full: about 21
 * bytes a word. */
struct index_names {
    void *state;
    bool (*next)(void *state, struct index_name *out, uint32_t *bearers_out);
    uint32_t persons;
};
MUST_USE struct err index_frequency_build(const struct index_names *names, struct arena *arena,
                                          struct bytes *out);
/* The same of the names of these documents, for a search among `persons`. */
MUST_USE struct err index_frequency_of(const struct index_doc *docs, size_t count, uint32_t persons,
                                       struct arena *arena, struct bytes *out);

uint8_t frequency_weight(struct bytes frequency, const struct token *token);
/* By how much strong and possible begin later, tenths of a bit. */
int32_t frequency_shift(struct bytes frequency);

#endif
