/* Candidates of one segment: documents whose names, birth and sex could reach a band, or that share
 * an identifier. Nothing that compare_doc would put into a band is left out, save what its header
 * states (S1).
 *
 * Births order the documents, so they fall into a few ranges, each with the most that a birth in it
 * can add; from it follows what a name must be worth there. A document in whose range one word is
 * enough, or whose name has no other word, is a candidate by that word; else it takes two. The word
 * with the most documents is only asked whether it meets one that another word met. */
#ifndef COMITY_INDEX_GATHER_H
#define COMITY_INDEX_GATHER_H

#include "index/matches.h"

enum { BIRTH_RANGES_MAX = 192 };

struct birth_range { /* documents begin to end - 1 */
    uint32_t begin;
    uint32_t end;
    int32_t need; /* of a name, less what light words of the query add (compare_slack) */
};

struct candidates {
    uint64_t *bits; /* of the named documents */
    size_t word_count;
    uint32_t *identified; /* documents that share an identifier, ascending */
    size_t identified_count;
    size_t range_count;
    struct birth_range ranges[BIRTH_RANGES_MAX]; /* all named documents, in order */
};

/* The ranges of a segment for this query (ranges.c). */
void gather_ranges(const struct index_segment *s, const struct asked *asked, struct candidates *c);

MUST_USE struct err gather(const struct plan *plan, const struct matches *matches,
                           struct arena *arena, struct candidates *out);

#endif
