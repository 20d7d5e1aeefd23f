/* What a record contributes to the index. */
#ifndef COMITY_INDEX_RECORD_H
#define COMITY_INDEX_RECORD_H

#include "index/index.h"
#include "model/record.h"

/* Names with their sets (misused identities too: a hit on one clears somebody), the birth (several:
 * the interval over all, as "about"), sex, nationalities, identifiers under their keys. What is
 * more than a document holds (INDEX_NAMES_MAX …) is left out. Texts borrow from the record and the
 * arena. ERR_LIMIT arena.full. */
MUST_USE struct err index_doc_from_record(const struct record *record, uint64_t number,
                                          struct arena *arena, struct index_doc *out);

/* An identifier as documents hold it: `type` is a code of list identifier, `value` as seen. Codes
 * that our list does not have share one class. */
struct index_identifier index_identifier_of(struct text type, struct text value,
                                            struct text country, struct arena *arena);
/* One of which a part is known, as pattern.h reads it. */
struct index_identifier index_partial_of(struct text type, struct text pattern,
                                         struct text country);
/* A birth as documents hold it. */
struct index_birth index_birth_of(const struct when *when);

#endif
