/* Persons of the UN and OFAC lists below COMITY_SHARED/lists, as a node holds them: imported,
 * parsed as records, turned into documents. */
#ifndef COMITY_BENCH_LISTED_H
#define COMITY_BENCH_LISTED_H

#include "labelled.h"

/* Adds them to an index that is not built yet, with names, birth and sex. False, with a line on
 * stderr, when a list is not there; how many entries were refused in *refused_out. */
bool listed_add_un(struct bench_index *index, size_t *refused_out);
bool listed_add_ofac(struct bench_index *index, size_t *refused_out);

#endif
