/* Names that the writer and the reader of the tree's JSON share (spec/agreement.md section 6). */
#ifndef COMITY_WORDING_TREE_JSON_H
#define COMITY_WORDING_TREE_JSON_H

#include "wording/treaty.h"

/* "category"…; NULL for TEST_NONE. */
const char *test_name(enum condition_test test);

struct json codes_json(struct codes codes, struct arena *arena);
/* Nothing when there are none. */
void json_set_codes(struct arena *arena, struct json *out, const char *name, struct codes codes);
/* "count" and "per" among the members of `out`. */
void json_set_rate(struct arena *arena, struct json *out, struct rate rate);

/* JSON to a tree of the right shape and nothing more: not checked, borrowed from `json`. */
MUST_USE struct err treaty_tree_read(const struct json *json, struct arena *arena,
                                     struct treaty *out);
MUST_USE struct err reservations_tree_read(const struct json *json, struct arena *arena,
                                           struct reservations *out);

#endif
