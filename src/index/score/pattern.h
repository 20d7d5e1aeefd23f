/* Numbers of which a part is known: `?` stands for one character, `*` for any run of them, also for
 * none. Marks count for nothing, as in every number; of two that look alike one may stand for the
 * other, and is said so.
 *
 * No key tells which numbers fit, so a search looks at every number of its class: time grows with
 * the numbers, memory does not. */
#ifndef COMITY_INDEX_PATTERN_H
#define COMITY_INDEX_PATTERN_H

#include "index/score/compare.h"
#include "index/segment/segment.h"

enum { PATTERN_KNOWN_MIN = 4 }; /* characters: fewer say too little */

struct partial {
    uint16_t cls;
    uint8_t len;
    uint8_t known;
    char plain[INDEX_KEY_BYTES_MAX];
    char folded[INDEX_KEY_BYTES_MAX]; /* look-alikes are one */
};

/* A partial identifier. ERR_INVALID index.pattern-empty (wildcards alone), index.pattern-short;
 * ERR_LIMIT index.pattern-too-long. */
MUST_USE struct err pattern_read(const struct index_identifier *in, struct partial *out);

enum pattern_fit { PATTERN_DIFFERS, PATTERN_ALIKE, PATTERN_FITS };
enum pattern_fit pattern_fit(const struct partial *pattern, const struct index_identifier *theirs);
/* The same as part of a score: what each known character is worth, never enough to be strong. */
struct field_likeness pattern_compare(const struct score_table *score,
                                      const struct index_identifier *ours,
                                      const struct index_identifier *theirs);

/* What its wildcards stand for in the number, in their order; how many (at most
 * INDEX_KEY_BYTES_MAX, 0 when it does not fit). Texts of the arena, empty where a run is. */
size_t pattern_filled(struct text pattern, struct text number, struct arena *arena,
                      struct text *out);

struct patterns { /* of a query */
    size_t count;
    struct partial list[INDEX_QUERY_IDENTIFIERS_MAX];
};
/* Those of the query that can be read: asked_make has refused others. */
void patterns_of(const struct index_query *query, struct patterns *out);
/* The first document from `doc` on that holds a number one of them fits; doc_count: none. */
uint32_t patterns_next(const struct index_segment *s, const struct patterns *patterns,
                       uint32_t doc);

#endif
