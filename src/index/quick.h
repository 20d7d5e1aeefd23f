/* Candidates scored by their words in the dictionary, without reading a letter of them: the same
 * verdict as compare_doc's, or word that only that one can tell. */
#ifndef COMITY_INDEX_QUICK_H
#define COMITY_INDEX_QUICK_H

#include "index/matches.h"
#include "index/words.h"

enum quick_result {
    QUICK_NONE,  /* no band */
    QUICK_BAND,  /* the verdict's */
    QUICK_WHOLE, /* compare_doc must tell: initials, split words, other fields */
};

struct quick { /* made once a search and segment */
    const struct plan *plan;
    const struct matches *matches;
    struct word_facts ours;
    bool initials; /* the query has some */
    bool whole;    /* it asks for more than names, birth and sex */
};
void quick_make(const struct plan *plan, const struct matches *matches, struct quick *out);

/* `need`: of the document's birth_range. */
enum quick_result quick_compare(const struct quick *q, uint32_t doc, int32_t need,
                                struct verdict *out);

#endif
