/* Candidates of one segment: documents that share an identifier with the query, or words enough
 * that their names may reach a band. Nothing that compare_doc would put into a band is left out,
 * save what its header states (S1). */
#ifndef COMITY_INDEX_GATHER_H
#define COMITY_INDEX_GATHER_H

#include "index/compare.h"
#include "index/segment.h"

struct candidate {
    uint32_t doc;      /* + 1; 0: a free slot */
    uint16_t evidence; /* the most that its words can agree, tenths of a bit */
    uint8_t unit;      /* that added to it last, + 1 */
    bool identified;   /* shares an identifier */
};

struct candidates { /* open addressing over document places; grows in the arena */
    struct candidate *slots;
    uint32_t slot_count; /* a power of two */
    uint32_t used;
};

MUST_USE struct err gather(const struct index_segment *segment, const struct asked *asked,
                           struct arena *arena, struct candidates *out);

#endif
