/* What the parsers of wording/ share: a cursor over tokens, errors that stop one statement and not
 * the reading, lists that grow in the arena. */
#ifndef COMITY_WORDING_PARSER_H
#define COMITY_WORDING_PARSER_H

#include "model/code.h"
#include "wording/words.h"

struct parser {
    struct text text;
    enum language language;
    struct arena *arena;
    struct treaty_errors *errors;
    struct token token; /* the next one */
    bool failed;        /* this statement: later reads of it give nothing */
    bool groups;        /* where members are named, groups may be */
    struct {
        uint32_t consents, amended;
    } places; /* of numbers that are checked when the parties are known */
};

/* A list that doubles in the arena; what it left behind is given back with the arena. */
struct list {
    void *items;
    uint32_t count;
    uint32_t room;
};

/* Room for one more item of `size` bytes, zeroed; NULL when the arena is full or `max` are there.
 */
void *list_add(struct list *list, struct arena *arena, size_t size, uint32_t max);

/* `p` has its arena and errors. Checks size and characters and that the text begins with `first` in
 * its language (LANGUAGE_ANY: whichever has it); the cursor then stands at the beginning. */
MUST_USE struct err parser_open(struct parser *p, struct text text, enum language language,
                                enum phrase first);
void parser_next(struct parser *p);
/* One error a statement: the first. */
void parser_fail(struct parser *p, uint32_t at, const char *rule);
/* As parser_fail() for what is found after the reading, without stopping it. */
void parser_report(struct parser *p, uint32_t at, const char *rule);
/* Where a view of the text stands in it; 0 for views of anything else. */
uint32_t parser_place(const struct parser *p, struct text view);

bool parser_sees(const struct parser *p, enum phrase phrase);
bool parser_sees_to(const struct parser *p, enum phrase phrase, uint32_t *end_out);
bool parser_accept(struct parser *p, enum phrase phrase);
void parser_expect(struct parser *p, enum phrase phrase, const char *rule);
bool parser_accept_kind(struct parser *p, enum token_kind kind);

/* The readers below fail the statement with `rule` or a rule of their own and give zero. */
struct text parser_code(struct parser *p, enum word_list list, const char *rule);
struct codes parser_codes(struct parser *p, enum word_list list, const char *rule);
struct text parser_string(struct parser *p);
uint16_t parser_number(struct parser *p, uint32_t max);
struct date parser_date(struct parser *p);
struct span parser_span(struct parser *p);
struct rate parser_rate(struct parser *p); /* "200 per day" */
enum level parser_level(struct parser *p);
struct titles parser_titles(struct parser *p);
struct text parser_word(struct parser *p, bool (*valid)(struct text), const char *rule);
struct text parser_member(struct parser *p);
struct codes parser_parties(struct parser *p); /* members alone */
struct codes parser_members(struct parser *p); /* members, and groups in an agreement */
/* Two codes alike in a list: treaty.said-twice. */
void parser_check_distinct(struct parser *p, struct codes codes);

/* A code: 1 to TREATY_CODE_MAX of A-Z a-z 0-9 . _ - */
bool code_valid(struct text code);
/* A code, "x.*" or "*". */
bool pattern_valid(struct text pattern);
/* ISO 3166-1 alpha-3 form, or x-… (model/member.h). */
bool member_valid(struct text member);
/* A code of small letters, digits and . _ - that begins with a letter, not with "x-", and with
 * which no phrase of any language goes on behind "among", "with" or "by" ("parties", "copie"). */
bool group_name_valid(struct text name);

/* parse_condition.c; also records unknown codes. NULL when the statement failed. */
const struct condition *parser_condition(struct parser *p);

/* parse_clause.c: which words begin a clause, and the clause that begins here. */
bool parser_sees_clause(const struct parser *p);
struct clause parser_clause(struct parser *p);
/* Ids of a list of clauses: "<head>.1", "<head>.2"... */
void parser_name_clauses(struct parser *p, struct list *clauses, struct text head);
struct text parser_number_text(struct parser *p, uint16_t number);
/* Skips to the next line that begins with a keyword of a statement (parse.c). */
void parser_recover(struct parser *p, bool (*begins)(const struct parser *p));
/* Ends a reading: sorts the errors and gives the first, or the arena's. */
struct err parser_end(struct parser *p);

/* check.c: what no single statement shows. */
void check_treaty(struct parser *p, const struct treaty *treaty);
void check_national(struct parser *p, const struct national *national);
/* The rule that an unknown code of this test or list breaks is recorded at its place. */
void check_condition_codes(struct parser *p, enum condition_test test, struct codes codes);
void check_clause_codes(struct parser *p, const struct clause *clause);
/* The rules for the reservations of an act, made to `treaty`. */
void check_reservations(struct parser *p, const struct treaty *treaty, struct reservations list);
/* Codes or patterns of a list. */
void check_known(struct parser *p, enum code_list list, struct codes codes);
/* check_sense.c: the clauses of one article or reservation, beside each other. */
void check_sense(struct parser *p, const struct treaty *treaty, const struct clause *clauses,
                 uint32_t count);
/* Does one of its conditions make this test? */
bool clause_reads(const struct clause *clause, enum condition_test test);

#endif
