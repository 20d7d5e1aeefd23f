/* JSON, one document a line: each becomes an entry or a refusal. */
#ifndef COMITY_IMPORT_LINES_H
#define COMITY_IMPORT_LINES_H

#include "import/run.h"

/* An error ends the walk. */
typedef struct err lines_take(struct import_run *run, const struct json *json, uint32_t number);
/* A line that is no JSON or too long is refused alone, and then nothing can be withdrawn: nobody
 * knows which entry it was. The arena is rewound after each. */
MUST_USE struct err lines_walk(struct import_run *run, struct bytes in, lines_take *take);

#endif
