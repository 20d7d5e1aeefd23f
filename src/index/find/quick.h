/* Candidates scored by their words in the dictionary, without reading a letter of them: the same
 * verdict as compare_doc's, or word that only that one can tell. */
#ifndef COMITY_INDEX_QUICK_H
#define COMITY_INDEX_QUICK_H

#include "index/find/matches.h"
#include "index/segment/words.h"

enum quick_result {
    QUICK_NONE,  /* no band */
    QUICK_BAND,  /* the verdict's */
    QUICK_WHOLE, /* compare_doc must tell: initials, split words, other fields */
};

struct quick { /* made once a search and segment */
    const struct plan *plan;
    const struct matches *matches;
    struct word_facts ours;
    int32_t slack;
    bool initials; /* the query has some */
    bool whole;    /* it asks for more than names, birth and sex */
};
void quick_make(const struct plan *plan, const struct matches *matches, struct quick *out);

/* Documents `docs` in order; for each the result and, with QUICK_BAND, its verdict. `need`: of
 * their birth_range. In strides, so that memory is waited for once for many. */
enum { QUICK_STRIDE = 64 };
void quick_compare(const struct quick *q, const uint32_t *docs, size_t count, int32_t need,
                   enum quick_result results[static QUICK_STRIDE],
                   struct verdict verdicts[static QUICK_STRIDE]);

#endif
