/* Agreements as text and as tree (spec/agreement.md, comity-agreement(5)).
 *
 * One tree, several keyword languages: treaty_print() gives the one canonical text per language,
 * and parsing it gives the same tree. Comments (`#` to the end of the line) are outside the tree.
 * The hash that the parties sign is SHA-256 over the canonical JSON (RFC 8785) of the tree. */
#ifndef COMITY_WORDING_TREATY_H
#define COMITY_WORDING_TREATY_H

#include "core/hash.h"
#include "core/json.h"
#include "wording/national.h"

enum { TREATY_ERRORS_MAX = 20 };

/* Everything found wrong in one reading, in the order of the text; `at` is a byte offset. */
struct treaty_errors {
    struct err items[TREATY_ERRORS_MAX];
    uint32_t count;
};

/* 1-based; the column counts characters, not bytes. */
struct text_place {
    uint32_t line;
    uint32_t column;
};

struct text_place treaty_place(struct text text, uint32_t at);

/* Text to tree. The result is the first of `errors`, or ERR_LIMIT arena.full. The tree borrows
 * from `text` and the arena. */
MUST_USE struct err treaty_parse(struct text text, enum language language, struct arena *arena,
                                 struct treaty_errors *errors, struct treaty *out);
MUST_USE struct err national_parse(struct text text, enum language language, struct arena *arena,
                                   struct treaty_errors *errors, struct national *out);

/* Tree to canonical text. ERR_LIMIT arena.full. */
MUST_USE struct err treaty_print(const struct treaty *treaty, enum language language,
                                 struct arena *arena, struct text *out);
MUST_USE struct err national_print(const struct national *national, enum language language,
                                   struct arena *arena, struct text *out);

/* The language whose keywords begin the text; LANGUAGE_ANY when none does. */
enum language treaty_language(struct text text);
/* "en", "fr", "ar" to language; false for others. */
bool treaty_language_parse(struct text tag, enum language *out);

/* Tree to neutral JSON and back, for storage and signature. treaty_from_json() takes what a peer
 * sent: it makes the same checks as the parser (rule ids treaty.*, `at` 0 where no place exists).
 */
struct json treaty_to_json(const struct treaty *treaty, struct arena *arena);
MUST_USE struct err treaty_from_json(const struct json *json, struct arena *arena,
                                     struct treaty *out);
MUST_USE struct err treaty_hash(const struct treaty *treaty, struct arena *arena, struct hash *out);

/* The reservations of one act, outside any agreement; checked against the one to which they are
 * made. A list of at least one. The text begins with "reservation of"; the JSON is the list
 * `reservations` of the tree. */
struct reservations {
    const struct reservation *items;
    uint32_t count;
};

MUST_USE struct err reservations_parse(struct text text, enum language language,
                                       const struct treaty *treaty, struct arena *arena,
                                       struct treaty_errors *errors, struct reservations *out);
MUST_USE struct err reservations_print(const struct reservations *reservations,
                                       enum language language, struct arena *arena,
                                       struct text *out);
struct json reservations_to_json(const struct reservations *reservations, struct arena *arena);
MUST_USE struct err reservations_from_json(const struct json *json, const struct treaty *treaty,
                                           struct arena *arena, struct reservations *out);

/* What `new` changes in `old`, in the words of a language:
 *   {"header":{"removed":[line…],"added":[line…]}, "articles":…, "annex":… (as header),
 *    "clauses":[{"change":"added"|"removed"|"changed"|"moved","old_id","old","id","new"}…],
 *    "reservations":[{"change":"added"|"removed"|"changed","party","old","new"}…]}
 * What did not change is absent; {} for one tree. A clause that only has another number is moved.
 */
MUST_USE struct err treaty_diff(const struct treaty *old, const struct treaty *new,
                                enum language language, struct arena *arena, struct json *out);

bool codes_have(struct codes codes, struct text code);
bool treaty_has_party(const struct treaty *treaty, struct text member);
/* NULL when the agreement has no group of this name. */
const struct group *treaty_group_find(const struct treaty *treaty, struct text name);
/* The members that the `from` or `to` of a clause names, each once, groups opened, in the order of
 * the text; every party for an empty list. Gives how many. */
uint32_t treaty_members_of(const struct treaty *treaty, struct codes names,
                           struct text out[TREATY_PARTIES_MAX]);
/* Is the member among them? */
bool treaty_names(const struct treaty *treaty, struct codes names, struct text member);
/* The annex pins this party to this key; NULL when the annex does not name it. */
const struct annex_entry *treaty_annex_find(const struct treaty *treaty, struct text member);
/* "3.1" to its clause (articles only); NULL. */
const struct clause *treaty_clause_find(const struct treaty *treaty, struct text id);

/* ERR_UNAVAILABLE treaty.hit-not-yet when a `by hit` clause would bind `self`: until blind
 * queries exist such an agreement does not enter into force on this node. */
MUST_USE struct err treaty_check_enter(const struct treaty *treaty, struct text self);

/* Length of a span for comparing and counting: a year has 365 days, a month 30, a week 7. */
uint32_t span_hours(struct span span);

#endif
