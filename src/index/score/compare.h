/* One query against one document: alignment of names, then every other field, then the band. Search
 * and index_compare run this same code; the reasons come from the alignment that made the score. */
#ifndef COMITY_INDEX_COMPARE_H
#define COMITY_INDEX_COMPARE_H

#include "index/names/token.h"

struct asked { /* a query, analysed once */
    const struct index_query *query;
    const struct score_table *score;
    int32_t shift;                             /* of strong and possible, frequency.h */
    struct analysed name;                      /* count 0: none asked */
    struct token joined[INDEX_TOKENS_MAX - 1]; /* token i and i + 1 together */
};

/* Checks the query and analyses its name. Errors as index_search. */
MUST_USE struct err asked_make(const struct index_query *query, struct asked *out);

struct reasons { /* collects; what does not fit is a bug (asserted) */
    size_t count;
    struct index_reason list[INDEX_REASONS_MAX];
};

struct verdict {
    int32_t score;
    enum index_band band;
    size_t name; /* of the document; name_count: none matched */
};

/* `reasons_opt`: also explain, with texts of the arena, which may be NULL without it. */
void compare_doc(const struct asked *asked, const struct index_doc *doc,
                 struct reasons *reasons_opt, struct arena *arena_opt, struct verdict *out);
/* Everything but names and identifiers: what a document's fixed row tells already. */
int32_t compare_birth_weight(const struct score_table *score, const struct index_birth *ours,
                             const struct index_birth *theirs);
int32_t compare_sex_weight(const struct score_table *score, enum index_sex ours,
                           enum index_sex theirs);

/* The most that particles, titles and initials of the query add to what its other words agree. */
int32_t compare_slack(const struct asked *asked);
/* The most that it is worth that no word is left over: `exact`, no pair is only close; `script`,
 * some may be so by another script; `joined`, one may stand for two. */
int32_t complete_bound(const struct score_table *score, bool exact, bool script, bool joined);

struct field_likeness {
    int32_t weight;
    enum index_relation relation;
    const char *rule;
};
/* Unknown, or two days that exist in their order. */
bool birth_valid(const struct index_birth *birth);
/* No year of ours that a living person was born in: of another calendar, or wrong. */
enum { BIRTH_YEAR_FIRST = 1700, BIRTH_YEAR_LAST = 2300 };
bool birth_foreign(const struct index_birth *birth);
struct field_likeness birth_compare(const struct score_table *score, const struct index_birth *ours,
                                    const struct index_birth *theirs);
/* "1985-03-04", "1984-01-01/1986-12-31"; empty when not known. */
struct text birth_format(const struct index_birth *birth, struct arena *arena);

struct field_likeness identifier_compare(const struct score_table *score,
                                         const struct index_identifier *ours,
                                         const struct index_identifier *theirs);

/* Which words of two names stand for each other. */
struct pairing {
    uint16_t ours, theirs; /* bits of the words */
    uint8_t our_first, their_first;
    struct likeness likeness;
};
struct alignment {
    size_t count;
    struct pairing pair[INDEX_TOKENS_MAX];
    uint16_t ours_left, theirs_left; /* words without a counterpart */
    uint8_t contradictions;          /* left over on both sides */
    bool swapped;
    bool complete;
    int32_t whole;   /* of it, for being complete */
    int32_t against; /* of it, for contradictions */
    int32_t score;
};
void align(const struct asked *asked, const struct analysed *theirs, struct alignment *out);

/* The same in two steps, for a search that knows the likenesses of words already: what a word is
 * beside its letters, and every pair that is like, in this order: by our word, by their word,
 * alone, ours joined with its neighbour, theirs split in two. */
struct word_fact {
    enum token_role role;
    bool counts; /* no particle, title or initial: left over, it says something */
    bool initial;
};
struct word_facts {
    uint8_t count;
    struct word_fact word[INDEX_TOKENS_MAX];
};
enum { PAIRS_MAX = 3 * INDEX_TOKENS_MAX * INDEX_TOKENS_MAX };
struct pairs {
    size_t count;
    struct pairing at[PAIRS_MAX];
};
void pairs_add(struct pairs *pairs, struct likeness likeness, unsigned ours, unsigned our_words,
               unsigned theirs, unsigned their_words);
void pairs_add_joined(struct pairs *pairs, struct likeness likeness, unsigned ours,
                      unsigned theirs);
void word_facts(const struct analysed *name, struct word_facts *out);
void align_pairs(const struct score_table *score, const struct word_facts *ours,
                 const struct word_facts *theirs, const struct pairs *pairs, struct alignment *out);

/* A document of which no letter was read: its best alignment, and what its row tells. Only for a
 * query without nationalities and identifiers. */
void compare_aligned(const struct asked *asked, const struct alignment *name,
                     const struct index_birth *birth, enum index_sex sex, struct verdict *out);

#endif
