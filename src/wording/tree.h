/* The language-neutral tree of an agreement and of a member's national rules: what every party
 * signs, whatever the language in which it reads it (spec/agreement.md).
 *
 * Only treaty_parse(), treaty_from_json() and national_parse() make trees: a tree that exists has
 * passed every check of wording/check.c. Everything it points to lives in the arena given to them.
 * Lists keep the order of the text; words of closed lists are kept as their neutral codes. */
#ifndef COMITY_WORDING_TREE_H
#define COMITY_WORDING_TREE_H

#include "core/time.h"
#include "model/coarsen.h"

enum {
    TREATY_TEXT_MAX = 512 * 1024, /* bytes of a text */
    TREATY_PARTIES_MAX = 64,
    TREATY_ARTICLES_MAX = 256,
    TREATY_CLAUSES_MAX = 512, /* in one agreement, those of reservations counted */
    TREATY_RESERVATIONS_MAX = 128,
    TREATY_GROUPS_MAX = 32,
    TREATY_MARKINGS_MAX = 320, /* five levels of each party */
    TREATY_REPLACES_MAX = 16,
    TREATY_LIST_MAX = 64,     /* entries of one list */
    TREATY_CODE_MAX = 64,     /* bytes of one code */
    TREATY_STRING_MAX = 1024, /* bytes of one quoted string */
    TREATY_DEPTH_MAX = 8,     /* nesting of a condition */
    TREATY_NODES_MAX = 64,    /* tests and connectives of one condition */
    TREATY_AGE_MAX = 150,
    TREATY_COUNT_MAX = 9999,   /* versions, durations, articles */
    TREATY_RATE_MAX = 1000000, /* of a capacity */
    TREATY_PENALTY_MAX = 1200, /* months */
    TREATY_SILENCE_DAYS = 90,  /* when the text sets none (design section 7) */
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

/* At most `count` in each `per`; 0 with SPAN_NONE: not said. */
struct rate {
    uint32_t count; /* 1..TREATY_RATE_MAX */
    enum span_unit per;
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
    TEST_HANDLING,  /* codes of list handling, of the alert or of any statement */
    TEST_ACTION,    /* codes of list action: what the alert asks for */
    TEST_UNIT,      /* codes of units: who made the record */
    TEST_PENALTY,   /* the maximum penalty is at least `number` months */
    TEST_SENTENCE,  /* the sentence to serve is at least `number` months */
    TEST_THIRD,     /* it came from a third party (an originator that is not the owner) */
    TEST_DUAL,      /* every offence stands in the `offences of` lists of both members */
    TEST_URGENT,    /* an officer declared this disclosure or question urgent */
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
    CLAUSE_COARSEN,   /* fields, made less exact in `way` */
    CLAUSE_DUTY,      /* what only a person can judge: `offices` owe `text` */
    CLAUSE_KINDS
};

/* MODE_COPY: the partner holds a copy; MODE_HIT: it learns hit or no hit; MODE_ASK: content on
 * request. Who may hold a copy may also query and ask. */
enum access_mode { MODE_NONE, MODE_COPY, MODE_HIT, MODE_ASK, ACCESS_MODES };

struct clause {
    enum clause_kind kind;
    struct text id;        /* "3.1"; of a reservation "3/CMR.1" or "3.1/CMR.1"; national "n.1" */
    uint32_t at;           /* byte offset in the text it was parsed from; outside the tree */
    struct codes codes;    /* record kinds ("record": any), or kinds of messages */
    struct codes from, to; /* members and groups; empty: every party */
    const struct condition *where_opt;
    const struct condition *unless_opt;
    struct codes purposes;
    enum access_mode mode;
    enum level ceiling;
    struct codes withheld;   /* fields; of CLAUSE_COARSEN those made less exact */
    enum coarse_way way;     /* of CLAUSE_COARSEN */
    struct codes conditions; /* of use */
    struct codes audience;   /* branches whose units may use it; empty: all */
    struct rate capacity;
    bool reciprocal; /* only as far as it binds the other way round */
    struct span retain, review;
    struct span warn;     /* before deletion */
    bool extend;          /* retention may be extended, with a recorded reason */
    struct span achieved; /* delete within, once the purpose is achieved */
    struct span offline;  /* longest life of a copy without a line */
    struct span urgent, otherwise;
    struct codes counted; /* the event from which answer times run (list clock); at most one */
    struct codes stopped; /* events that stop them */
    struct codes grounds; /* on which an answer may be refused (list ground) */
    struct text under;    /* article of the instrument: "Article 3(2)"; may be empty */
    struct text text;     /* of CLAUSE_DUTY */
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
    struct text contact;         /* unit that is its single point of contact; may be empty */
    struct text signs;           /* office that may sign for it; may be empty */
};

/* A name for some of the parties, to be used wherever a clause names members. */
struct group {
    struct text name; /* lower-case code that does not begin with "x-" */
    uint32_t at;
    struct codes members;
};

/* Offences that are punishable under this party's law, for TEST_DUAL. */
struct recognition {
    struct text party;
    uint32_t at;
    struct codes offences; /* patterns of list offence */
};

/* What a party writes on paper for a level of ours. */
struct marking {
    struct text party;
    uint32_t at;
    enum level level;
    struct text text;
};

/* An agreement that ends between those whom this one binds (Vienna Convention, articles 30, 40,
 * 41, 59); between others it goes on. */
struct succession {
    struct text name;
    uint32_t at;
    uint16_t version;
};

/* What makes a party's consent final (Vienna Convention, articles 12 and 14). */
enum consent { CONSENT_SIGNATURE, CONSENT_RATIFICATION };

/* What becomes of what was received when a party leaves. */
enum leftover { LEFTOVER_ERASED, LEFTOVER_KEPT /* until its retention ends */ };

struct treaty {
    struct text name;
    uint16_t version;
    struct titles titles;
    struct text implements; /* title of the instrument; the treaty prevails over this text */
    struct date dated;      /* of the instrument; year 0: not said */
    struct text depositary; /* may be empty */
    struct codes authentic; /* its authentic languages */
    struct text text_hash;  /* SHA-256 of the signed text, 64 hex; may be empty */
    struct codes parties;
    struct codes accession; /* parties that may join later; their consent is not waited for */
    const struct group *groups;
    uint32_t group_count;
    struct date from;           /* year 0: not said, then in force with the last consent needed */
    enum consent consent;       /* what is counted */
    uint16_t signatures;        /* 0: all parties but those of `accession`; else how many */
    struct span after;          /* behind the last consent needed */
    struct codes provisional;   /* parties that apply it from their signature (VCLT article 25) */
    struct date until;          /* year 0: open */
    struct span renewal;        /* each time `until` is reached, unless a party left with ... */
    struct span renewal_notice; /* ... at least this notice before it */
    struct span notice;         /* of withdrawal; SPAN_NONE: at once */
    enum leftover leftover;
    uint16_t amended_by; /* consents that a next version needs; 0: all parties */
    const struct succession *replaces;
    uint32_t replaces_count;
    struct codes prevails; /* names of agreements whose permissions are tried after this one's */
    enum level ceiling;
    uint16_t silence_days;
    const struct recognition *recognitions;
    uint32_t recognition_count;
    const struct marking *markings;
    uint32_t marking_count;
    const struct article *articles;
    uint32_t article_count;
    const struct reservation *reservations;
    uint32_t reservation_count;
    const struct annex_entry *annex;
    uint32_t annex_count;
};

#endif
