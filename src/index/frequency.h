/* What an exact agreement of a token is worth, from how common it is. Built-in: three levels of
 * catalogue/names/common.tsv. Of a population: index_frequency_build. */
#ifndef COMITY_INDEX_FREQUENCY_H
#define COMITY_INDEX_FREQUENCY_H

#include "index/analyse.h"

uint8_t frequency_weight(struct bytes frequency, const struct token *token);

#endif
