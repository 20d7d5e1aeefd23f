/* What treaty_compile() makes and only treaty/ reads.
 *
 * Every clause is a rule with a number; the order of rules is the order in which permissions are
 * tried: agreements by name, version and hash, their articles, their reservations, then national
 * rules. A condition is a small program over truth values of *atoms* (distinct tests). What does
 * not depend on the partner is computed once a record, as one bit a rule (struct treaty_row). */
#ifndef COMITY_TREATY_RULESET_H
#define COMITY_TREATY_RULESET_H

#include "treaty/decide.h"

enum {
    ATOMS_MAX = 4096,
    OPS_MAX = 65536,
    RULE_WORDS_MAX = RULES_MAX / 64,
    MEMBER_WORDS = RULESET_MEMBERS_MAX / 64,
    NATIONAL_RULE = 0xffff, /* in place of the number of an agreement */
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
    uint16_t scope_begin, scope_end; /* of a restriction: the rules that it narrows */
    uint32_t op_begin, op_end;       /* where and not unless; empty: always */
    bool late;
    uint32_t kinds;     /* bit per row of list kind */
    enum level ceiling; /* LEVEL_NONE: none */
    uint64_t withheld, conditions, uses, offices;
    uint8_t persons;
    uint32_t retain_days, review_days, urgent_hours, otherwise_hours;
};

struct compiled_treaty {
    const struct treaty *treaty;
    const struct treaty_status *status;
    struct hash hash;
    uint16_t rule_begin, rule_end;
    uint16_t parties[TREATY_PARTIES_MAX]; /* member numbers */
};

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
    struct atom *atoms;
    uint32_t atom_count;
    struct op *ops;
    uint32_t op_count;
    uint64_t *from; /* per member: the rules that bind it as the sender */
    uint64_t *to;
    uint64_t share[RULE_WORDS_MAX];  /* rules that permit by copy */
    uint64_t narrow[RULE_WORDS_MAX]; /* rules that restrict */
    struct names names[NAME_LISTS];
};

struct row_alert {
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

/* row.c */
/* The condition of a rule for one alert; `question_opt` NULL: what depends on it is unknown. */
enum truth rule_truth(const struct ruleset *rules, const struct rule *rule,
                      const struct treaty_row *row, uint32_t alert,
                      const struct question *question_opt);

/* decide.c: the agreement of the rule binds both at the row's instant. */
bool rule_in_force(const struct treaty_row *row, const struct rule *rule, uint16_t from,
                   uint16_t to);
bool purpose_listed(struct codes purposes, struct text purpose);

#endif
