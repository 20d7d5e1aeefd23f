/* What treaty_compile() makes and only treaty/ reads.
 *
 * Every clause is a rule with a number; the order of rules is the order in which permissions are
 * tried: agreements by rank, fewer parties, later first day, name, later version and hash, their
 * articles, their reservations, then national rules. A condition is a small program over truth
 * values of *atoms* (distinct tests). What does not depend on the partner is computed once a
 * record, as one bit a rule (struct treaty_row). */
#ifndef COMITY_TREATY_RULESET_H
#define COMITY_TREATY_RULESET_H

#include "treaty/decide.h"

enum {
    ATOMS_MAX = 4096,
    OPS_MAX = 65536,
    RULE_WORDS_MAX = RULES_MAX / 64,
    MEMBER_WORDS = RULESET_MEMBERS_MAX / 64,
    NATIONAL_RULE = 0xffff, /* in place of the number of an agreement */
    NO_PARTY = 0xff,
    STACK_MAX = TREATY_NODES_MAX * 2 + 2
};

struct bits256 {
    uint64_t words[MEMBER_WORDS];
};

static inline bool bit_test(const uint64_t *words, uint32_t i)
{
    return (words[i / 64] >> (i % 64) & 1) != 0;
}

static inline void bit_set(uint64_t *words, uint32_t i)
{
    words[i / 64] |= UINT64_C(1) << (i % 64);
}

struct atom_code {
    int16_t number; /* row of the list, or CODE_RAW */
    bool below;     /* a pattern: and everything below it */
    bool any;       /* "*" */
};

struct atom {
    const struct condition *test;
    const struct atom_code *codes;
    uint32_t count;
};

enum op_kind { OP_ATOM, OP_LATE, OP_NOT, OP_AND, OP_OR };

/* Postfix. OP_LATE: an atom that depends on the partner or on what was given for it. */
struct op {
    uint8_t kind;
    uint16_t atom;
};

struct rule {
    enum clause_kind kind;
    const struct clause *clause;
    uint16_t treaty;                 /* or NATIONAL_RULE */
    uint16_t article, number;        /* "3.1"; 0 for reservations' and national rules */
    uint16_t scope_begin, scope_end; /* of a restriction: the rules that it narrows */
    uint32_t op_begin, op_end;       /* where and not unless; empty: always */
    bool late;
    uint32_t kinds;     /* bit per row of list kind */
    enum level ceiling; /* LEVEL_NONE: none */
    uint64_t withheld, conditions, uses, offices;
    uint64_t purposes; /* bit per row of list purpose that the clause names or stands above */
    uint64_t audience; /* all ones: any branch */
    uint8_t persons;
    uint32_t retain_days, review_days, urgent_hours, otherwise_hours;
    uint32_t achieved_days, offline_hours, warn_days;
};

/* Offences punishable under one member's law, as an agreement lists them. */
struct recognised {
    uint16_t member;
    const struct atom_code *codes;
    uint32_t count;
};

struct compiled_treaty {
    const struct treaty *treaty;
    const struct treaty_status *status;
    struct hash hash;
    uint16_t rule_begin, rule_end;
    uint16_t parties[TREATY_PARTIES_MAX]; /* member numbers */
    uint8_t party_of[RULESET_MEMBERS_MAX]; /* and back; NO_PARTY */
    uint32_t rank;                 /* 0: no other loaded agreement prevails over it */
    uint64_t replaced_by;          /* bit per agreement that replaces it */
    bool plain;                    /* nothing replaces it and nothing is stopped */
    const struct recognised *recognised;
    uint32_t recognised_count;
};
_Static_assert(RULESET_TREATIES_MAX <= 64, "replaced_by has a bit for each");

/* Whose a prohibition is: of a reservation, an agreement as a whole, the nation. */
enum forbidder { FORBID_RESERVATION, FORBID_AGREEMENT, FORBID_NATION, FORBIDDERS };

struct names {
    struct text items[RULESET_MEMBERS_MAX];
    uint32_t count;
};

struct ruleset {
    struct compiled_treaty *treaties;
    uint32_t treaty_count;
    uint16_t self; /* whose national rules these are; NO_MEMBER */
    struct rule *rules;
    uint32_t rule_count;
    uint32_t words; /* of a bit set over rules */
    bool capacity;  /* a rule has one */
    struct atom *atoms;
    uint32_t atom_count;
    struct op *ops;
    uint32_t op_count;
    uint64_t *from; /* per member: the rules that bind it as the sender */
    uint64_t *to;
    uint64_t share[ACCESS_MODES][RULE_WORDS_MAX]; /* by mode: rules that permit it */
    uint64_t forbid[FORBIDDERS][RULE_WORDS_MAX]; /* what may deny, by whose it is */
    uint64_t release[RULE_WORDS_MAX];
    uint64_t oblige[RULE_WORDS_MAX]; /* what goes along with an alert that is shared */
    struct names names[NAME_LISTS];
};

/* The values of one attribute as rows of its list, found once. */
struct numbers {
    const int16_t *items;
    uint32_t count;
    bool doubt;
};

struct row_alert {
    struct numbers offences;
    const uint8_t *truths; /* enum truth per atom */
    const uint64_t *match; /* bit per rule; late rules are 1 and looked at again */
    struct bits256 only, never;
    bool restricted, hidden, valid;
};

struct treaty_row {
    const struct ruleset *rules;
    const struct treaty_view *view;
    struct instant as_of;
    int16_t kind; /* row of list kind, or CODE_RAW */
    struct row_alert *alerts;
    uint32_t alert_count;
    bool raw_note;
    struct bits256 *bound; /* per agreement: the members it binds at as_of */
};

static inline enum truth truth_not(enum truth a)
{
    return a == TRUTH_UNKNOWN ? a : a == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

/* Kleene: false wins over unknown, unknown over true. */
static inline enum truth truth_and(enum truth a, enum truth b)
{
    if (a == TRUTH_FALSE || b == TRUTH_FALSE)
        return TRUTH_FALSE;
    return a == TRUTH_UNKNOWN || b == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_TRUE;
}

static inline enum truth truth_or(enum truth a, enum truth b)
{
    return truth_not(truth_and(truth_not(a), truth_not(b)));
}

/* row.c */
/* The value of a test: an op of kind OP_ATOM or OP_LATE of this rule. */
enum truth test_truth(const struct rule *rule, struct op op, const struct treaty_row *row,
                      uint32_t alert, const struct question *question_opt);
/* The condition of a rule for one alert; `question_opt` NULL: what depends on it is unknown. */
enum truth rule_truth(const struct ruleset *rules, const struct rule *rule,
                      const struct treaty_row *row, uint32_t alert,
                      const struct question *question_opt);

/* Does a clause of mode `given` permit what is asked in mode `asked`? */
static inline bool mode_gives(enum access_mode given, enum access_mode asked)
{
    return given == MODE_COPY || given == asked;
}

/* force.c */
/* Why an agreement does not bind two members. */
enum binding { BINDS, BINDS_NOT_BOUND, BINDS_SUSPENDED, BINDS_OPPOSED, BINDS_REPLACED };
enum binding treaty_binding(const struct ruleset *rules, uint16_t treaty, uint16_t from,
                            uint16_t to, struct instant as_of);
/* What the functions below ask where their first look does not decide. */
bool dispute_stands(const struct ruleset *rules, const struct rule *rule, uint16_t from,
                    uint16_t to, struct instant as_of);
bool binds_back(const struct ruleset *rules, uint32_t rule, uint16_t from, uint16_t to);
bool capacity_used(const struct ruleset *rules, uint32_t rule, const struct treaty_spent *spent,
                   size_t count);

/* The agreement of the rule binds both at the row's instant. */
static inline bool rule_in_force(const struct treaty_row *row, const struct rule *rule,
                                 uint16_t from, uint16_t to)
{
    if (rule->treaty == NATIONAL_RULE)
        return true;
    if (!row->rules->treaties[rule->treaty].plain)
        return treaty_binding(row->rules, rule->treaty, from, to, row->as_of) == BINDS;
    const uint64_t *bound = row->bound[rule->treaty].words;
    return bit_test(bound, from) && bit_test(bound, to);
}

/* A clause that permits is disputed between the two. */
static inline bool rule_disputed(const struct ruleset *rules, const struct rule *rule,
                                 uint16_t from, uint16_t to, struct instant as_of)
{
    return rule->treaty != NATIONAL_RULE && !rules->treaties[rule->treaty].plain &&
           dispute_stands(rules, rule, from, to, as_of);
}

/* Where it says so, it binds the other way round as well. */
static inline bool rule_reciprocated(const struct ruleset *rules, uint32_t rule, uint16_t from,
                                     uint16_t to)
{
    return !rules->rules[rule].clause->reciprocal || binds_back(rules, rule, from, to);
}

/* What `spent` says of a rule with a capacity. */
static inline bool rule_used_up(const struct ruleset *rules, uint32_t rule,
                                const struct treaty_spent *spent, size_t count)
{
    return rules->rules[rule].clause->capacity.count > 0 &&
           capacity_used(rules, rule, spent, count);
}

/* A restriction narrows this permission: of a reservation, that of its article or clause. */
static inline bool rule_narrows(const struct rule *rule, uint32_t share)
{
    return rule->scope_begin <= share && share < rule->scope_end;
}

static inline bool rule_is_reservation(const struct rule *rule)
{
    return rule->treaty != NATIONAL_RULE && rule->scope_end != RULES_MAX;
}

/* decide.c */
bool purpose_listed(struct codes purposes, struct text purpose);
/* The row of the list, or CODE_RAW. */
int purpose_number(struct text purpose);
/* What this rule says to the question where it applies; REASON_NONE: it forbids nothing asked. */
enum decision_reason rule_forbids(const struct question *q, const struct rule *rule);
/* Offices of the mask that have not released, and how many different persons have. */
uint64_t offices_missing(const struct question *q, uint64_t mask);
uint8_t distinct_persons(const struct question *q);

#endif
