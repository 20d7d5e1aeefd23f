/* The catalogue of record categories: what an edition (SIS, INTERPOL, a region's own) demands of an
 * alert. The rules are data, catalogue/editions/NAME.txt, which a legal officer edits and
 * tools/gen_catalogue.py checks and compiles in; catalogue/README.md has the format. A statement
 * nobody has yet read in the instrument is marked unverified: it binds like the others and is
 * shown with its mark.
 *
 * An edition covers the categories that it names, for the kinds of record that it names; of all
 * else it says nothing. */
#ifndef COMITY_CATALOGUE_EDITION_H
#define COMITY_CATALOGUE_EDITION_H

#include "model/record.h"

struct said { /* in each language of ours; empty: nothing said */
    const char *en, *fr;
};

enum period_unit { PERIOD_HOURS, PERIOD_DAYS, PERIOD_WORKING_DAYS, PERIOD_MONTHS, PERIOD_YEARS };

struct period {
    const char *name; /* "deletion-warning" */
    int16_t count;
    enum period_unit unit;
    struct said text;
    const char *basis;
    const char *unverified; /* "" no; "*" all of it; else the properties that are */
};

struct statement_of_law { /* for people: no check rests on it */
    const char *name;
    struct said text;
    const char *basis;
    const char *unverified;
};

/* What becomes of an alert that meets a standing one; of many, the last in this order counts. */
enum entry {
    ENTRY_FREE,     /* it goes in */
    ENTRY_AT_ONCE,  /* it goes in before anybody is consulted */
    ENTRY_CONSULTS, /* it has priority, and waits until the owners have consulted */
    ENTRY_WAITS,    /* behind the standing one, and goes in when that ends */
    ENTRY_REFUSED
};

struct alert_class {
    const char *name;
    const char *alerts; /* words: a category, or "category:check" */
    uint32_t with;      /* bit per class of the table: compatible */
    const char *unverified;
};

struct priority_table {
    const char *name;
    uint32_t kinds; /* bit per record_kind */
    const struct alert_class *classes;
    size_t class_count; /* highest priority first, at most 32 */
    enum entry lower;   /* an incompatible alert of the same or a lower class */
    enum entry higher;
    uint32_t at_once; /* bit per class */
    const char *basis;
};

struct closed_list {
    const char *attributes;        /* words: nothing else may be stated */
    const char *misused;           /* and these of a misused identity */
    const char *resort;            /* an attribute only where none of `behind` stands */
    const char *behind;
};

enum flag_rule { FLAG_NO, FLAG_ANY, FLAG_NOT_SHOWN, FLAG_ACTION };

struct category_rules {
    int16_t category; /* row of the list, or CODE_RAW: every one that has no row of its own */
    uint32_t kinds;   /* bit per record_kind */
    uint32_t actions, checks, decisions; /* bit per row; 0: any (checks: none is asked) */
    uint64_t required;                   /* bit per catalogue_field */
    const struct closed_list *closed;    /* or NULL */
    const char *values; /* "status stolen lost; type car": closed lists of codes */
    int16_t review_months;               /* 0: no maximum */
    int16_t review_long_months;          /* where the alert runs longer than… */
    int16_t review_long_above;           /* …this many months */
    enum flag_rule flag;
    int16_t flagged_action;              /* of FLAG_ACTION: a row of list action */
    int16_t penalty_months, served_months; /* highest penalty or sentence at least; 0: no floor */
    struct said asked, does;
    const char *basis;
    const char *unverified;
};

struct edition {
    const char *name;
    struct said title;
    const char *sources;
    bool law;      /* else model text */
    bool one_each; /* one alert about one person or object and member */
    int16_t check_order[4]; /* rows of list check: where one is forbidden the next is taken */
    size_t check_count;
    const struct priority_table *tables;
    size_t table_count;
    const struct period *periods;
    size_t period_count;
    const struct statement_of_law *rules;
    size_t rule_count;
    const struct category_rules *categories;
    size_t category_count;
};

#define EDITION_DEFAULT "general"

size_t edition_count(void);
const struct edition *edition_at(size_t i);
/* NULL when there is none of this name. */
const struct edition *edition_find(struct text name);

/* What the edition says of this category for this kind of record; NULL: it does not cover it. A raw
 * category is covered by "every one" alone. */
const struct category_rules *edition_rules(const struct edition *edition, int category,
                                           enum record_kind kind);
/* NULL when the edition has none of this name. */
const struct period *edition_period(const struct edition *edition, const char *name);
/* `day` moved on by it (count -1: back); working days are Monday to Friday; hours are not days:
 * asserted. */
struct date period_move(const struct period *period, struct date day, int sign);

/* Words of a list: true while there is one. `*rest` begins as text_literal(list). */
bool word_next(struct text *rest, struct text *out);
bool word_in(struct text word, const char *list);

/* The first check type of the edition's order, from `check` on, that the law does not forbid
 * (`forbidden`: bit per row of list check; forbidding a type forbids its immediate form). The
 * answer keeps "immediate". CODE_RAW: none is left. */
int edition_downgrade(const struct edition *edition, int check, uint32_t forbidden);

#endif
