/* The only function that says yes (I1), and what surrounds it.
 *
 * Four layers, each only narrowing: the agreements in force, this member's national rules, the
 * record's own restriction, release by persons. Deny by default; `never` overrides every share
 * between parties of the same agreement; what cannot be known (a code of an unknown list, an
 * unknown birth date) does not satisfy a permission and does satisfy a restriction.
 *
 * treaty_compile() once, treaty_row_make() once per record and instant, treaty_decide() once per
 * partner: no allocation, a few bit operations. A ruleset and a row are immutable; they borrow
 * the trees and the arena they were made from. Members, fields, conditions and offices are
 * numbers of the ruleset; treaty_name_of() gives their codes. */
#ifndef COMITY_TREATY_DECIDE_H
#define COMITY_TREATY_DECIDE_H

#include "treaty/status.h"
#include "treaty/view.h"

enum {
    RULES_MAX = 2048, /* rules of one ruleset; a reservation's clause counts twice */
    RULESET_TREATIES_MAX = 64,
    RULESET_MEMBERS_MAX = 256,
    RULESET_NAMES_MAX = 64, /* fields, conditions, offices, forbidden uses: each */
    NO_RULE = 0xffff,
    NO_MEMBER = 0xffff
};

struct ruleset;    /* compiled agreements and national rules */
struct treaty_row; /* one record, prepared for one ruleset and one instant */

struct treaty_force {
    const struct treaty *treaty;
    const struct treaty_status *status; /* who is bound from when until when */
    /* Of the signed tree, where reservations made with a party's consent were added to `treaty`;
     * NULL: that of `treaty`. */
    const struct hash *hash_opt;
};

/* `self` is this member: its national rules narrow what it sends. Hit clauses are decided like all
 * others; that such an agreement does not enter into force yet is treaty_check_enter()'s.
 * ERR_CONFLICT treaty.label-of-another-key (two annexes give one label two keys),
 * treaty.priority-cycle (agreements prevail over or replace each other in a ring), ERR_LIMIT
 * treaty.too-many-rules, arena.full. */
MUST_USE struct err treaty_compile(const struct treaty_force *treaties, size_t count,
                                   const struct national *national_opt, struct arena *arena,
                                   const struct ruleset **out);

/* A clause of it has a capacity: without one no treaty_spent matters. */
bool treaty_has_capacity(const struct ruleset *rules);

/* NO_MEMBER for a code that no agreement names. */
uint16_t treaty_member(const struct ruleset *rules, struct text code);

MUST_USE struct err treaty_row_make(const struct ruleset *rules, const struct treaty_view *view,
                                    struct instant as_of, struct arena *arena,
                                    const struct treaty_row **out);

struct treaty_release {
    struct text office; /* role of who released: "legal-office"; may be empty */
    struct text person; /* user id: two persons are two different ids */
};

/* What a clause with a capacity has given in its present period. */
struct treaty_spent {
    uint16_t rule;
    uint32_t count;
};

struct question {
    uint16_t from, to;   /* treaty_member() */
    enum access_mode mode; /* MODE_NONE: copy */
    bool urgent;           /* an officer declared it so */
    struct text purpose; /* empty: for a copy, any purpose of the clause */
    const struct treaty_row *row;
    uint64_t alerts;                       /* bit i: alert i of the view is asked for */
    const struct treaty_release *releases; /* those given for this record and partner */
    size_t release_count;
    struct codes assurances; /* codes that a named office recorded for this record and partner */
    const struct treaty_spent *spent; /* of rules with a capacity; absent: nothing was given */
    size_t spent_count;
};

enum decision_outcome { DECISION_DENY, DECISION_SHARE, DECISION_HOLD };
enum decision_layer { LAYER_NONE, LAYER_TREATY, LAYER_NATIONAL, LAYER_RECORD, LAYER_RELEASE };

enum decision_reason {
    REASON_NONE,
    REASON_NOT_MEMBER, /* no agreement names one of the two */
    REASON_NO_ALERT,   /* no alert asked for, or none in the record */
    REASON_NO_CLAUSE,  /* nothing entitles: not among the parties, other kind, category, purpose */
    REASON_CAPACITY,   /* a clause entitles, but its period's capacity is used up */
    REASON_NEVER,      /* an agreement's never clause, or a reservation's */
    REASON_NEVER_USE,  /* the purpose is forbidden */
    REASON_NATIONAL,   /* a national rule */
    REASON_HALTED,
    REASON_RECIPIENTS, /* the record's own list */
    REASON_HIDDEN,     /* hidden until a later instant */
    REASON_NOT_VALID,  /* the alert is not valid (yet, any more) */
    REASON_RELEASE,    /* waits for persons */
    REASONS
};

struct decision {
    enum decision_outcome outcome;
    enum decision_layer
        layer; /* that denied or held what came furthest; LAYER_NONE for a plain share */
    enum decision_reason reason;
    uint16_t rule;       /* basis: clause of the first alert shared or held; NO_RULE */
    uint16_t denied_by;  /* the rule that denied, where a rule did; NO_RULE */
    uint64_t shared;     /* alerts that go */
    uint64_t held;       /* alerts that wait for release */
    uint64_t withheld;   /* fields */
    uint64_t coarse[COARSE_WAYS]; /* fields made less exact, a mask a way */
    uint64_t conditions; /* of use */
    uint64_t audience;   /* branches that may use it; all ones: any */
    uint64_t duties;     /* offices that owe a judgement (CLAUSE_DUTY) */
    uint64_t never_use;  /* purposes forbidden on what is shared */
    uint64_t offices;    /* that must still release what is held */
    uint8_t persons;     /* that must still release it, in all */
    uint16_t silence_days;
    uint32_t retain_days, review_days;      /* 0: not said; else the shortest that applies */
    uint32_t achieved_days, offline_hours;  /* the same */
    uint32_t warn_days;                     /* 0: not said; else the longest */
    bool extend;                            /* every clause lets retention be extended */
    uint32_t urgent_hours, otherwise_hours; /* 0: no answer duty */
};

void treaty_decide(const struct ruleset *rules, const struct question *question,
                   struct decision *out);

enum name_list {
    NAME_MEMBER,
    NAME_FIELD,
    NAME_CONDITION,
    NAME_OFFICE,
    NAME_USE,
    NAME_BRANCH,
    NAME_LISTS
};
/* Code number i of a list; empty text beyond it. */
struct text treaty_name_of(const struct ruleset *rules, enum name_list list, uint32_t i);

struct treaty_basis {
    const struct treaty *treaty; /* NULL: a national rule */
    const struct clause *clause;
    struct hash hash; /* of the tree; zero for a national rule */
};
/* Rules are numbered from 0; a reservation's clause has two numbers. */
uint32_t treaty_rule_count(const struct ruleset *rules);
/* `rule` is one of the ruleset's (asserted). */
struct treaty_basis treaty_basis(const struct ruleset *rules, uint16_t rule);

/* For the owner's screen and the API; "layer" and "clause" are for the owner only. */
struct json treaty_decision_json(const struct ruleset *rules, const struct decision *decision,
                                 struct arena *arena);

enum step_result {
    STEP_MATCHED,          /* applies to at least one alert asked for */
    STEP_MATCHED_BY_DOUBT, /* a restriction applies because something is unknown */
    /* The others in the order in which they are looked at. */
    STEP_NOT_PARTIES,
    STEP_NOT_BOUND, /* one of the two is not bound at the instant */
    STEP_SUSPENDED,
    STEP_OPPOSED,  /* an opposed reservation stands between them */
    STEP_REPLACED, /* a later agreement has taken over between them */
    STEP_DISPUTED, /* this clause, or its article */
    STEP_NOT_RECIPROCAL,
    STEP_OTHER_KIND,
    STEP_OTHER_MODE, /* by hit, by request */
    STEP_CEILING,    /* classified above it */
    STEP_CONDITION_FALSE,
    STEP_CONDITION_UNKNOWN, /* a permission that doubt keeps shut */
    STEP_OTHER_PURPOSE,
    STEP_RESERVED, /* a reservation takes it away */
    STEP_CAPACITY, /* used up */
    STEP_RESULTS
};

struct treaty_step {
    uint16_t rule;
    enum step_result result; /* of the alert that came furthest */
    enum decision_layer layer;
    uint8_t alert;   /* that one */
    uint64_t alerts; /* to which it applies */
};

/* Borrows what the question borrows. */
struct explanation {
    struct question question;
    struct decision decision;        /* what treaty_decide() says to the same question */
    const struct treaty_step *steps; /* every rule but those about messages, in order */
    uint32_t count;
};

MUST_USE struct err treaty_explain(const struct ruleset *rules, const struct question *question,
                                   struct arena *arena, struct explanation *out);
/* {"decision":…,"steps":[…],"remedies":[…]}: for the owner; a partner reads only "not available".
 * A step: {"agreement","name","version","order","rank","clause","under"?,"layer","do","result",
 * "alert","alerts", what it demands, "where"?, "unless"?}. A condition is written as in the tree
 * (spec/agreement.md section 6) with "truth" at each node: "true", "false", "unknown"; a test has
 * the record's "value" and "doubt" where there may be more values than these. */
struct json treaty_explanation_json(const struct ruleset *rules,
                                    const struct explanation *explanation, struct arena *arena);

/* What would have to change for an alert to be shared under a permission. */
struct treaty_remedy {
    uint16_t rule;
    uint8_t alert;
    uint32_t needs; /* changes; 0: it is shared */
    uint32_t law;   /* of them, those that only states can make: a prohibition without condition… */
};
enum { REMEDIES_MAX = 5 };
/* The nearest permissions, those that ask least of states and then least in all first; 0 when no
 * clause that could speak of this kind of record joins the two. */
uint32_t treaty_remedies(const struct ruleset *rules, const struct question *question,
                         struct treaty_remedy out[REMEDIES_MAX]);
/* {"agreement"…,"clause","alert","need":[{"what":…}]}; "what" is agreement, mode, classification,
 * condition, purpose, capacity, prohibition, validity, wait, recipient or release. */
struct json treaty_remedy_json(const struct ruleset *rules, const struct question *question,
                               const struct treaty_remedy *remedy, struct arena *arena);
/* Codes of the enums above ("no-clause", "treaty", "condition-false"...): ids, not sentences. */
const char *treaty_reason_name(enum decision_reason reason);
const char *treaty_layer_name(enum decision_layer layer);
const char *treaty_step_name(enum step_result result);

/* The receiver's second opinion on a frame (I1). `row` is made from the view received, with
 * view.partial set, for the frame's `as_of`. ERR_NOT_FOUND treaty.basis-unknown: park the frame
 * and ask for the instrument; ERR_DENIED treaty.basis-contradicted or treaty.basis-withheld:
 * refuse it, and both sides record the rule. */
struct treaty_received {
    struct hash agreement;
    uint16_t version;
    struct text clause;
    uint16_t from, to;
    const struct treaty_row *row;
    struct codes fields; /* names of all attributes present in the view */
};
MUST_USE struct err treaty_receive_check(const struct ruleset *rules,
                                         const struct treaty_received *received);

/* May `to` use the copy for this purpose at the row's instant? Some clause in force that may have
 * entitled it names the purpose, and none forbids it. ERR_DENIED treaty.purpose-not-covered. */
MUST_USE struct err treaty_may_use(const struct ruleset *rules,
                                   const struct treaty_received *received, struct text purpose);

/* May `from` send `to` a message of this kind? Under an `ask` clause (`reply`: the answer to
 * such a question travels the other way), or, where `basis` is a share clause with an answer duty,
 * kind "hit-report" from the receiver to the owner and "hit-answer" back; under any share clause,
 * the kinds for which treaty_protects(). */
struct treaty_ask {
    uint16_t from, to;
    struct text kind;
    struct text purpose;
    struct instant as_of;
    uint16_t basis; /* a share rule, or NO_RULE */
    bool reply;
    const struct treaty_spent *spent; /* as in a question */
    size_t spent_count;
};
void treaty_may_ask(const struct ruleset *rules, const struct treaty_ask *ask,
                    struct decision *out);
/* A message about the protection of a copy's data, between its owner and its receiver:
 * "subject-request", "inaccuracy", "restriction", "use-report"… */
bool treaty_protects(struct text kind);
/* The rule of a basis named on the wire; NO_RULE when unknown here. */
uint16_t treaty_rule_find(const struct ruleset *rules, const struct hash *agreement,
                          struct text clause);

/* The national default for a foreign alert of `category` from `from`. */
struct effect_default {
    enum soil_effect kind;
    struct text action, call, rule; /* empty where nothing is said; rule "e.1" */
};
struct effect_default treaty_effect(const struct national *national_opt, struct text category,
                                    struct text from);

#endif
