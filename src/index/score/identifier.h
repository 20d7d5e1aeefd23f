/* Identifiers: one table for every class, found by the key whose look-alike characters are folded.
 */
#ifndef COMITY_INDEX_IDENTIFIER_H
#define COMITY_INDEX_IDENTIFIER_H

#include "index/index.h"

/* Shorter keys are not searched with two neighbours swapped. */
enum { INDEX_SWAP_LEN_MIN = 5 };

struct key {
    uint8_t len;
    char at[INDEX_KEY_BYTES_MAX]; /* whole words of 8, behind len whatever there was */
};

/* The confusable key: as given, or folded from the canonical one. */
void identifier_fold(const struct index_identifier *identifier, struct key *out);
struct key identifier_key(const struct index_identifier *identifier);
/* A byte of a number as it is compared: upper; with look-alikes as one. 0: a mark. */
char identifier_plain_byte(char c);
char identifier_fold_byte(char c);
uint64_t key_hash(uint16_t cls, const struct key *key);
/* Two neighbours swapped; false when they are equal. */
bool key_swap(struct key *key, size_t at);

#endif
