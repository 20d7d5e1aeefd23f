/* Sorting without the C library. */
#ifndef COMITY_INDEX_SORT_H
#define COMITY_INDEX_SORT_H

#include <stddef.h>
#include <stdint.h>

struct sort_pair {
    uint64_t key;
    uint64_t value;
};

/* Ascending by key, equal keys stay in order. `scratch` has room for `count`. */
void sort_pairs(struct sort_pair *pairs, struct sort_pair *scratch, size_t count);
/* Ascending. `scratch` has room for `count`. */
void sort_numbers(uint64_t *numbers, uint64_t *scratch, size_t count);
/* Ascending, in place, for some tens of numbers. */
void sort_short(uint64_t *numbers, size_t count);
/* Ascending without doubles; the new count. In place. */
size_t sort_keys(uint32_t *keys, size_t count);

#endif
