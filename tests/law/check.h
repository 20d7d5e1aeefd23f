/* A row of a table, decided and compared: by the compiled evaluator, by the reference, and by the
 * explanation, which must name the same clause. */
#ifndef COMITY_TESTS_LAW_CHECK_H
#define COMITY_TESTS_LAW_CHECK_H

#include "scene.h"

enum { SAID_MAX = 512 };

/* What was decided, in the words of a table: "share 3.1", "deny never 7.3". */
struct said {
    char text[SAID_MAX];
};

/* false: `fault` says what differs, `said` what was decided instead. */
bool check_case(struct table *table, const struct table_case *row, struct arena *arena,
                struct said *said, struct fault *fault);

#endif
