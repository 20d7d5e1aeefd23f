/* A question as JSON, as POST /v1/search and `comity search --compare` take it, and the judgement
 * as JSON: one shape wherever two things are held against each other. */
#ifndef COMITY_INDEX_QUESTION_H
#define COMITY_INDEX_QUESTION_H

#include "core/json.h"
#include "index/index.h"

enum { QUESTION_IDENTIFIERS_MAX = 16, QUESTION_NATIONALITIES_MAX = 8, QUESTION_HITS_MAX = 50 };

struct question {
    struct index_query query; /* borrows the arrays below, the JSON and the arena */
    struct text nationalities[QUESTION_NATIONALITIES_MAX];
    struct index_identifier identifiers[QUESTION_IDENTIFIERS_MAX];
};

/* {"kind","name","family","given","sex","nationalities","birth","identifiers"}, each optional here;
 * an identifier has a "value", or a "pattern" (pattern.h). `today` is the day of an age.
 * ERR_INVALID api.bad-query, api.unknown-kind, api.bad-birth, clerk.field-missing (no object), and
 * those of pattern_read; `place_out` is the pointer of what is wrong, below the question. `out`
 * stays where it is: its query points into it. */
MUST_USE struct err question_parse(const struct json *in, struct date today, struct arena *arena,
                                   struct question *out, struct text *place_out);

/* One side of a comparison: a name (a string), a whole record (an object with "statements"), or a
 * question. Errors as question_parse and record_parse; ERR_INVALID index.pattern-alone: a number of
 * which a part is known can be searched, not be held against another. */
MUST_USE struct err question_side(const struct json *in, struct date today, struct arena *arena,
                                  struct index_doc *out);

/* It asks for a number of which a part is known. */
bool question_partial(const struct json *in);

/* {"band","score","reasons":[…]} added to `out`. */
void question_verdict(const struct index_hit *hit, struct arena *arena, struct json *out);
const char *question_band(enum index_band band);
/* What the answer says as a whole: "too_common" and the fields that would "narrow" it, and how many
 * "weak_left_out". */
void question_answer(const struct index_answer *answer, struct arena *arena, struct json *out);
/* By what it was judged: "score_version" and, of a nation's own table, its hash as "frequency". */
void question_scoring(const struct index_scoring *scoring, struct arena *arena, struct json *out);

#endif
