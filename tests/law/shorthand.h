/* A record in the words of a table:
 *
 *   person; nationality NER; born 1985-03-02; classification restricted; unit border-post;
 *   alert wanted.arrest; subject suspect; offence ITB, max 10 years, no death; warning armed
 *
 * Of the record: KIND first; `nationality A, B`; `born 1985-03-02` or `born 1985` or
 * `born 2007..2009`; `classification LEVEL`; `unit SLUG`; `originator MEMBER`;
 * `grading SCALE SOURCE INFORMATION` (of every statement); `note CODE [MEMBER, …]`.
 * Of an alert: `alert CATEGORY` begins one; `subject A, B`; `warning A`; `handling A`; `action A`;
 * `offence CODE [, max N months|years] [, life] [, death | no death] [, sentence N months]` (CODE
 * "unmapped": only the own law's code is known); `valid DATE..DATE`; `hidden until DATE`;
 * `only A, B` or `never A, B`; `level LEVEL`.
 * It becomes a record as an office would type it, is parsed with every check of the model, and its
 * view is taken as the node takes it. */
#ifndef COMITY_TESTS_LAW_SHORTHAND_H
#define COMITY_TESTS_LAW_SHORTHAND_H

#include "table.h"
#include "treaty/view.h"

bool shorthand_view(struct text body, struct text owner, struct arena *arena,
                    struct treaty_view *out, struct fault *fault);

#endif
