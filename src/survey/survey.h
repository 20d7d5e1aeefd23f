/* What a set of agreements says as a whole, found by asking treaty_decide() about every class of
 * record that its clauses can tell apart.
 *
 * The clauses test finitely many codes, thresholds and flags, so each attribute falls into finitely
 * many classes of values that no clause distinguishes; one value stands for each (space.h). Parties
 * that no clause, reservation or status distinguishes stand for each other, too. Where the product
 * of all classes fits into `questions_max`, every answer is proved; where it does not, the classes
 * around each clause and a fixed sample of the others are asked, and what depends on few clauses
 * only is proved by their own tests: what is found then is found, and what is not found is
 * reported as not decided ("decided": false).
 *
 * Records have one alert, one offence, one nationality, one value of each kind; a law that treats
 * combinations of several in a special way cannot be written in the language, but a `where` over
 * two tests of one attribute can hold for a record with two values only: that it never applies is
 * then not decided. All answers are JSON with codes; the sentences are the catalogue's. */
#ifndef COMITY_SURVEY_SURVEY_H
#define COMITY_SURVEY_SURVEY_H

#include "core/json.h"
#include "treaty/decide.h"

enum { SURVEY_QUESTIONS = 2000000 };

struct survey_law {
    const struct treaty_force *forces;
    size_t count;
    const struct national *national_opt;
};

/* Agreements as if each party had consented to all of them in time: for texts that nobody has
 * signed yet. `as_of` is moved to the first instant at which all of them are in force. */
MUST_USE struct err survey_assume(const struct treaty *treaties, size_t count,
                                  struct arena *arena, struct instant *as_of,
                                  struct survey_law *out);

/* {"decided","questions","findings":[{"finding","clause","other"?,"decided","example"?}]}:
 *   never-applies     no record is ever shared, asked or restricted under the clause
 *   never-first       it applies, but what it gives is always given by an earlier clause
 *   always-forbidden  it gives, and something always forbids it: a contradiction
 *   never-restricts   it restricts what nothing gives
 *   wider             `clause` gives whatever `other` gives
 *   no-clause         no clause gives this category ("category")
 *   unseen            a condition tests a field that the receiver does not see ("field") */
MUST_USE struct err survey_findings(const struct survey_law *law, struct instant as_of,
                                    uint32_t questions_max, struct arena *arena,
                                    struct json *out);

/* {"decided","questions","parties":[[members that are alike]…],"cells":[{"from","to","category",
 * "mode","when":"always"|"sometimes"|"after-release","clauses":[…]}]}: parties × categories ×
 * mode. */
MUST_USE struct err survey_table(const struct survey_law *law, struct instant as_of,
                                 uint32_t questions_max, struct arena *arena, struct json *out);

/* {"decided","questions","differences":[{"from":[members],"to":[…],"change":"gained"|"lost"|
 * "narrower"|"wider"|"other-terms","cases","before","after","example","said_before",
 * "says_after"}]}: every way in which the second law answers
 * otherwise than the first, each with one record that shows it. */
MUST_USE struct err survey_contrast(const struct survey_law *before,
                                    const struct survey_law *after, struct instant as_of,
                                    uint32_t questions_max, struct arena *arena,
                                    struct json *out);

#endif
