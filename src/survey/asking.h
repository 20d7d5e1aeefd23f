/* One law, compiled, and asked about points of a table. */
#ifndef COMITY_SURVEY_ASKING_H
#define COMITY_SURVEY_ASKING_H

#include "survey/space.h"

/* The tables of a whole survey: space, walk and bases. */
struct tour {
    struct space space;
    struct walk walk;
    struct arena *arena;
    struct instant as_of;
    size_t mark; /* the arena behind all that outlives one question */
};

/* `laws` together make the axes. Bases are where the clauses apply. */
MUST_USE struct err tour_begin(const struct survey_law *laws, size_t count,
                               struct instant as_of, uint32_t questions_max,
                               struct arena *arena, struct tour *out);
/* What the arena holds now outlives the questions. */
void tour_keep(struct tour *tour);
/* The next point as a case; what the arena held for the one before is given back. */
bool tour_next(struct tour *tour, struct space_case *out, struct err *err_out);
/* Everything was asked: what was not found does not exist. */
bool tour_complete(const struct tour *tour);

/* How many rules it has when compiled: a reservation's clause counts twice. */
uint32_t law_rules(const struct survey_law *law);
MUST_USE struct err law_compile(const struct survey_law *law, struct arena *arena,
                                const struct ruleset **out);
/* The question of a case for one ruleset and pair; false: the ruleset does not know a member. */
bool pair_question(const struct ruleset *rules, const struct space_case *from_case,
                   const struct treaty_row *row, struct text from, struct text to,
                   struct question *out);

#endif
