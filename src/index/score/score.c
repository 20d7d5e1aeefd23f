#include "index/score/score.h"

#include <stddef.h>

#include "index/index.h"
#include "index/scores.inc"

enum { COUNT = sizeof tables / sizeof tables[0], ROWS_EMPTY = 3 + 4 + 3 + 4 };

/* Every parameter has its row; what has no row, such as an edit of one letter, is
 * nothing. */
_Static_assert(sizeof(struct score_table) == (1 + SCORE_ROWS + ROWS_EMPTY) * sizeof(int32_t),
               "the table and its files agree");
_Static_assert(COUNT == (int)INDEX_SCORE_VERSION, "every version has its file");

const struct score_table *score_table(uint32_t version)
{
    if (version > COUNT)
        return NULL;
    return &tables[version == 0 ? COUNT - 1 : version - 1];
}
