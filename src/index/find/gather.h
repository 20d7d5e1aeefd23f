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

#include "index/find/matches.h"

enum { BIRTH_RANGES_MAX = 192 };

struct birth_range { /* documents begin to end - 1 */
    uint32_t begin;
    uint32_t end;
    int32_t need; /* of a name, less what light words of the query add (compare_slack) */
};

struct cell {       /* 64 named documents, side by side so that memory is waited for once */
    uint64_t found; /* candidates */
    uint64_t once;  /* met by one word */
    uint64_t unit;  /* met by the word at work */
};

struct candidates {
    struct cell *cells;
    uint64_t *filled; /* a bit for each cell that has candidates */
    size_t cell_count;
    uint32_t *identified; /* documents that share an identifier, ascending */
    size_t identified_count;
    size_t range_count;
    struct birth_range ranges[BIRTH_RANGES_MAX]; /* all named documents, in order */
};

/* What births add at most, weighed once for all segments; their ranges in one (ranges.c). */
void gather_births(const struct asked *asked, struct birth_steps *out);
void gather_ranges(const struct index_segment *s, const struct plan *plan, struct candidates *c);

MUST_USE struct err gather(const struct plan *plan, const struct matches *matches,
                           struct arena *arena, struct candidates *out);

/* The first candidate by name from *doc on and before `end`, into *doc; false: none. */
bool candidates_next(const struct candidates *c, uint32_t *doc, uint32_t end);
void candidates_drop(struct candidates *c, uint32_t doc);

#endif
