/* The language-neutral tree of an agreement and of a member's national rules: what every party
 * signs, whatever the language in which it reads it (spec/agreement.md).
 *
 * Only treaty_parse(), treaty_from_json() and national_parse() make trees: a tree that exists has
 * passed every check of wording/check.c. Everything it points to lives in the arena given to them.
 * Lists keep the order of the text; words of closed lists are kept as their neutral codes. */
#ifndef COMITY_WORDING_TREE_H
#define COMITY_WORDING_TREE_H

#include "core/time.h"

enum {
    TREATY_TEXT_MAX = 512 * 1024, /* bytes of a text */
    TREATY_PARTIES_MAX = 64,
    TREATY_ARTICLES_MAX = 256,
    TREATY_CLAUSES_MAX = 512, /* in one agreement, those of reservations counted */
    TREATY_RESERVATIONS_MAX = 128,
    TREATY_LIST_MAX = 64,     /* entries of one list */
    TREATY_CODE_MAX = 64,     /* bytes of one code */
    TREATY_STRING_MAX = 1024, /* bytes of one quoted string */
    TREATY_DEPTH_MAX = 8,     /* nesting of a condition */
    TREATY_NODES_MAX = 64,    /* tests and connectives of one condition */
    TREATY_AGE_MAX = 150,
    TREATY_COUNT_MAX = 9999,  /* versions, durations, articles */
    TREATY_SILENCE_DAYS = 90, /* when the text sets none (design section 7) */
    TREATY_KEY_LEN = 32
};

/* Keyword languages. LANGUAGE_ANY asks the parser to recognise it by the first word. */
enum language { LANGUAGE_EN, LANGUAGE_FR, LANGUAGE_AR, LANGUAGES, LANGUAGE_ANY = LANGUAGES };

/* Neutral levels, ordered. LEVEL_NONE: the text sets no ceiling. */
enum level {
    LEVEL_NONE,
    LEVEL_UNCLASSIFIED,
    LEVEL_RESTRICTED,
    LEVEL_CONFIDENTIAL,
    LEVEL_SECRET,
    LEVEL_TOP_SECRET,
    LEVELS
};

enum span_unit { SPAN_NONE, SPAN_HOUR, SPAN_DAY, SPAN_WEEK, SPAN_MONTH, SPAN_YEAR, SPAN_UNITS };

struct span {
    uint16_t count; /* 1..TREATY_COUNT_MAX; 0 with SPAN_NONE: not said */
    enum span_unit unit;
};

struct codes {
    const struct text *items;
    uint32_t count;
};

enum condition_test {
    TEST_NONE,
    TEST_CATEGORY, /* codes; "missing.*" is missing and all below it */
    TEST_KIND,
    TEST_OFFENCE,
    TEST_SUBJECT, /* subject class */
    TEST_NATIONALITY,
    TEST_WARNING,
    TEST_GRADING,
    TEST_CLASSIFICATION, /* up to `number`, an enum level */
    TEST_AGE,            /* under `number` years at the instant of the decision */
    TEST_DEATH,          /* penalty may be death */
    TEST_NOTE, /* a local note codes[0] exists; `number` 1: and names the other party. Only denies
                */
    TEST_ASSURANCE, /* codes[0] has been given for this disclosure */
    TESTS
};

enum { AGE_OF_MAJORITY = 18 }; /* Convention on the Rights of the Child, article 1 */

enum condition_op { CONDITION_TEST, CONDITION_NOT, CONDITION_ALL, CONDITION_ANY };

struct condition {
    enum condition_op op;
    enum condition_test test;
    struct codes codes;
    uint16_t number;
    const struct condition *items; /* operands: one of NOT, two or more of ALL and ANY */
    uint32_t count;
};

enum clause_kind {
    CLAUSE_NONE,
    CLAUSE_SHARE,
    CLAUSE_ASK, /* codes: kinds of messages */
    CLAUSE_NEVER_SHARE,
    CLAUSE_NEVER_USE, /* purposes */
    CLAUSE_WITHHOLD,  /* fields */
    CLAUSE_RELEASE,   /* offices that must release, or persons (2) */
    CLAUSE_HALT,      /* national: nothing to the members in `to` */
    CLAUSE_KINDS
};

enum access_mode { MODE_NONE, MODE_COPY, MODE_HIT, MODE_ASK };

struct clause {
    enum clause_kind kind;
    struct text id;        /* "3.1"; of a reservation "3/CMR.1" or "3.1/CMR.1"; national "n.1" */
    uint32_t at;           /* byte offset in the text it was parsed from; outside the tree */
    struct codes codes;    /* record kinds ("record": any), or kinds of messages */
    struct codes from, to; /* members; empty: every party */
    const struct condition *where_opt;
    const struct condition *unless_opt;
    struct codes purposes;
    enum access_mode mode;
    enum level ceiling;
    struct codes withheld;   /* fields */
    struct codes conditions; /* of use */
    struct span retain, review, urgent, otherwise;
    struct codes offices;
    uint8_t persons;
};

/* A text in a language ("" when none is said). */
struct titled {
    struct text language;
    struct text text;
};

struct titles {
    const struct titled *items;
    uint32_t count;
};

struct article {
    uint16_t number;
    uint32_t at;
    struct titles titles;
    const struct clause *clauses;
    uint32_t count;
};

/* Reciprocal (Vienna Convention, article 21): its clauses bind what the party sends and receives
 * under that article (clause 0) or clause. It can only narrow; `not_bound` takes the party out. */
struct reservation {
    struct text party;
    uint32_t at;
    uint16_t article;
    uint16_t clause;
    bool not_bound;
    const struct clause *clauses;
    uint32_t count;
};

struct annex_entry {
    struct text party;
    uint8_t key[TREATY_KEY_LEN]; /* root public key: the member itself */
    struct text address;         /* hint where its node answers; may be empty */
};

struct treaty {
    struct text name;
    uint16_t version;
    struct titles titles;
    struct text implements; /* title of the instrument; the treaty prevails over this text */
    struct codes authentic; /* its authentic languages */
    struct text text_hash;  /* SHA-256 of the signed text, 64 hex; may be empty */
    struct codes parties;
    struct date from;    /* year 0: not said, then in force with the last signature needed */
    uint16_t signatures; /* 0: all parties must have signed; else how many */
    struct date until;   /* year 0: open */
    enum level ceiling;
    uint16_t silence_days;
    const struct article *articles;
    uint32_t article_count;
    const struct reservation *reservations;
    uint32_t reservation_count;
    const struct annex_entry *annex;
    uint32_t annex_count;
};

/* What a foreign alert does on this soil until an officer decides (I13). */
enum soil_effect {
    SOIL_HELD, /* nothing; shown as waiting for a decision: also where no rule speaks */
    SOIL_AS_ASKED,
    SOIL_REDUCED, /* to `action` */
    SOIL_SPECIALISTS,
    SOIL_NOT_SHOWN,
    SOIL_EFFECTS
};

struct effect_rule {
    uint32_t at;
    struct text id; /* "e.1" */
    struct codes categories;
    struct codes from; /* empty: any member */
    enum soil_effect kind;
    struct text action; /* code; of SOIL_REDUCED only */
    struct text call;   /* code of an instruction ("duty-magistrate"); may be empty */
};

struct national {
    struct text member;
    uint16_t version;
    const struct clause *clauses; /* never, withhold, release, halt: they only narrow */
    uint32_t count;
    const struct effect_rule *effects; /* the first that matches decides */
    uint32_t effect_count;
};

#endif
