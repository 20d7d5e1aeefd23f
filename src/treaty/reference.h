/* The slow evaluator: the text of spec/agreement.md section 5 read aloud, walking the trees with
 * strings. It shares no code with compile.c, row.c and decide.c; tests and the simulator demand
 * that both say the same. Not for production use. */
#ifndef COMITY_TREATY_REFERENCE_H
#define COMITY_TREATY_REFERENCE_H

#include "treaty/decide.h"

struct reference_spent {
    const struct clause *clause;
    uint32_t count;
};

struct reference_question {
    const struct treaty_force *treaties; /* in any order; no `hash_opt`: behind no other */
    size_t treaty_count;
    const struct national *national_opt;
    struct text from, to;
    enum access_mode mode;
    bool urgent;
    struct text purpose;
    const struct treaty_view *view;
    struct instant as_of;
    uint64_t alerts;
    const struct treaty_release *releases;
    size_t release_count;
    struct codes assurances;
    const struct reference_spent *spent;
    size_t spent_count;
};

enum { REFERENCE_SET_MAX = 128 };

struct reference_set {
    struct text items[REFERENCE_SET_MAX];
    uint32_t count;
};

struct reference_decision {
    enum decision_outcome outcome;
    enum decision_layer layer;
    enum decision_reason reason;
    const struct clause *basis; /* NULL: none */
    uint64_t shared, held;
    struct reference_set withheld, conditions, never_use, offices, duties, audience;
    struct reference_set coarse[COARSE_WAYS];
    bool restricted; /* to `audience` */
    uint8_t persons;
    uint16_t silence_days;
    uint32_t retain_days, review_days, achieved_days, offline_hours, warn_days;
    bool extend;
    uint32_t urgent_hours, otherwise_hours;
};

/* A message of `from` to `to`; `basis_opt`: the share clause that it is about. */
struct reference_message {
    const struct treaty_force *treaties;
    size_t treaty_count;
    const struct national *national_opt;
    struct text from, to, kind, purpose;
    struct instant as_of;
    const struct clause *basis_opt;
    bool reply;
    const struct reference_spent *spent;
    size_t spent_count;
};

/* The ask or share clause under which it may be sent; NULL: it may not, for `reason`. */
const struct clause *reference_may_ask(const struct reference_message *message,
                                       enum decision_reason *reason);

void reference_decide(const struct reference_question *question, struct reference_decision *out);

#endif
