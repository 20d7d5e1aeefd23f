/* By what a search judges: a version of the score and a table of how common names are. A score
 * replays with the same two. */
#ifndef COMITY_INDEX_SCORING_H
#define COMITY_INDEX_SCORING_H

#include "core/bytes.h"
#include "core/err.h"
#include "core/hash.h"

/* How common words are in a population, proved once for many searches: the bytes of
 * index_frequency_build() (frequency.h). ERR_INVALID index.bad-frequency. */
struct index_frequency {
    struct bytes proved; /* empty: the built-in table */
    struct hash hash;    /* SHA-256 of them: a score replays with this table alone */
};
MUST_USE struct err index_frequency_open(struct bytes in, struct index_frequency *out);

/* Zeroed: the newest version, the built-in table. */
struct index_scoring {
    uint32_t version;
    struct index_frequency frequency;
};

#endif
