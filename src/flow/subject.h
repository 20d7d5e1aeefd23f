/* A request of the person concerned: access, correction, erasure, restriction (2016/680 art.
 * 14-17). Own records are answered here; a copy by its owner, to whom it is forwarded. */
#ifndef COMITY_FLOW_SUBJECT_H
#define COMITY_FLOW_SUBJECT_H

#include "core/bytes.h"
#include "core/time.h"

enum { SUBJECT_RECORDS_MAX = 32, SUBJECT_TEXT_MAX = 4000, SUBJECT_NAME_MAX = 200 };

enum subject_kind {
    SUBJECT_KIND_NONE = 0,
    SUBJECT_ACCESS,
    SUBJECT_CORRECTION,
    SUBJECT_ERASURE,
    SUBJECT_RESTRICTION,
    SUBJECT_KINDS
};
/* ERR_INVALID subject.unknown-kind. */
MUST_USE struct err subject_kind_parse(struct text text, enum subject_kind *out);

/* By when the person is answered, or a partner who asked the owner. */
struct instant subject_due(enum subject_kind kind, struct instant received);
struct instant subject_owner_due(struct instant asked);

enum subject_outcome { SUBJECT_GRANTED, SUBJECT_PARTLY, SUBJECT_REFUSED };
/* What is refused, whole or in part, names a ground of the list; what is granted names none.
 * ERR_INVALID subject.unknown-outcome, subject.ground-missing, subject.ground-needless,
 * subject.unknown-ground. */
MUST_USE struct err subject_answer_check(struct text outcome, struct text ground,
                                         enum subject_outcome *out);

#endif
