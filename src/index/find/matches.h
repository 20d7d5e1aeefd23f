/* Which tokens of a segment's dictionary are like the words of a query, and how like. */
#ifndef COMITY_INDEX_MATCHES_H
#define COMITY_INDEX_MATCHES_H

#include "index/score/compare.h"
#include "index/score/distance.h"
#include "index/segment/segment.h"

enum { UNITS_MAX = 2 * INDEX_TOKENS_MAX - 1 };

/* A word of the query, or two neighbours joined, made ready once for all segments. */
struct unit {
    const struct token *token;
    uint8_t first; /* word of the query */
    bool joined;
    uint32_t key_count;
    const uint32_t *keys;
    const uint8_t *kinds;
    struct pattern form[FORMS_MAX];
    struct pattern tight[FORMS_MAX];
};

/* How much births add at most, for an exact one asked: up to which day, ascending; what comes
 * behind the last adds at most `rest` (ranges.c). */
enum { BIRTH_STEPS_MAX = 512 };
struct birth_steps {
    size_t count;
    struct birth_step {
        int32_t day;
        int32_t most;
    } list[BIRTH_STEPS_MAX];
    int32_t rest;
};

struct plan {
    const struct asked *asked;
    struct birth_steps births;
    size_t unit_count;
    struct unit *units; /* words first, then joined ones */
};
MUST_USE struct err plan_make(const struct asked *asked, struct arena *arena, struct plan *out);

/* A token that is like several units of the query stands for one of them at a time. */
enum match_share { SHARE_NONE, SHARE_FIRST, SHARE_AGAIN };

struct match {
    uint32_t token;
    uint32_t next; /* matches_next: place in list + 1; 0: none */
    uint8_t unit;
    uint8_t share; /* match_share; a half has none */
    bool counts;   /* the token is no particle or title */
    bool half;     /* a half of the unit: it may stand with its neighbour for it */
    uint32_t other_begin, other_end; /* of the rarer half: where in list the other halves are */
    struct likeness likeness;
};

struct matches {
    const struct index_segment *segment;
    bool script; /* some are like by the sound of another script */
    size_t count;
    size_t room;
    struct match *list; /* by unit */
    size_t begin[UNITS_MAX + 1];
    uint32_t *slots; /* by token: place in list + 1; 0: free */
    uint32_t mask;
};

/* Every token with which token_compare brings a unit together, initials aside, and both halves of
 * what may be split. */
MUST_USE struct err matches_find(const struct index_segment *segment, const struct plan *plan,
                                 struct arena *arena, struct matches *out);
/* The first match of the token, and the next one of its token; NULL: none. */
const struct match *matches_of(const struct matches *m, uint32_t token);
static inline const struct match *matches_next(const struct matches *m, const struct match *match)
{
    return match->next == 0 ? NULL : &m->list[match->next - 1];
}

#endif
