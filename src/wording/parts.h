/* What may stand in a clause behind its first words: one row a part, read by the parser, the
 * printer and both sides of the JSON. */
#ifndef COMITY_WORDING_PARTS_H
#define COMITY_WORDING_PARTS_H

#include "wording/words.h"

enum part_type {
    PART_CODES,
    PART_SPAN,
    PART_LEVEL,
    PART_MODE, /* the phrase is the value: row.mode */
    PART_FLAG, /* the phrase is the value: true */
    PART_RATE,
    PART_STRING
};

/* Kinds of clauses in which a part may stand. */
enum { IN_SHARE = 1, IN_ASK = 2, IN_OTHER = 4 };

struct part {
    const char *name; /* in the JSON */
    enum phrase phrase;
    enum part_type type;
    size_t offset;  /* in struct clause */
    uint8_t in;     /* IN_SHARE... */
    uint8_t mode;   /* of PART_MODE: enum access_mode */
    bool same_line; /* printed behind the part before it */
    bool comma;     /* ... with a comma, when that part is there */
};

enum { PARTS = 23 };
extern const struct part clause_parts[PARTS];

/* The first words of each clause. */
struct clause_form {
    const char *name; /* in the JSON */
    enum phrase phrase;
    enum word_list list;   /* of its codes */
    size_t codes;          /* offset of the list behind the phrase */
    bool treaty, national; /* where it may stand */
};
extern const struct clause_form clause_forms[CLAUSE_KINDS];

/* May the part stand in a clause of this kind? */
bool part_fits(const struct part *part, enum clause_kind kind);
bool part_present(const struct part *part, const struct clause *clause);

/* Equal in the tree; ids and places stand outside it. */
bool codes_same(struct codes a, struct codes b);
bool condition_same(const struct condition *a_opt, const struct condition *b_opt);
bool clause_same(const struct clause *a, const struct clause *b);

#endif
