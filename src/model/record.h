/* A record: one entity with all the statements and alerts that one owner has about it. It is the
 * unit of id, version, put, frame, withdrawal and erasure. spec/record.md describes the document,
 * catalogue/schema/record.txt is the table that checks it, spec/schema/record.schema.json its
 * JSON Schema.
 *
 * What cannot be said: a score or rank of a person, a statement without a source, an alert
 * without an audience, the purpose "other".
 *
 * The structs are views made by record_parse alone: they borrow from the JSON tree, their arrays
 * live in the arena. Members that we do not know are kept (the JSON is what is stored and hashed);
 * a member whose name begins with "!" is critical: unknown, the record is refused. */
#ifndef COMITY_MODEL_RECORD_H
#define COMITY_MODEL_RECORD_H

#include "core/json.h"
#include "core/time.h"
#include "model/code.h"
#include "model/findings.h"
#include "model/member.h"
#include "model/when.h"

enum {
    RECORD_SCHEMA = 1,
    RECORD_BYTES_MAX = 512 * 1024,
    RECORD_STATEMENTS_MAX = 512,
    RECORD_ALERTS_MAX = 32,
    RECORD_LINKS_MAX = 256,
    RECORD_ATTACHMENTS_MAX = 64,
    RECORD_PHOTO_BYTES_MAX = 60 * 1024, /* role photo; thumbnail: role thumbnail */
    RECORD_THUMBNAIL_BYTES_MAX = 12 * 1024,
    RECORD_ID_BITS = 16,
    RECORD_ID_LEN_MAX = MEMBER_CODE_MAX + 1 + 26,
    MAJORITY_YEARS = 18
};

/* "NER-" and 26 base32 characters: 128 random bits. */
struct record_id {
    struct member_code owner;
    uint8_t bits[RECORD_ID_BITS];
};

MUST_USE struct err record_id_parse(struct text in, struct record_id *out); /* model.bad-id */
struct text record_id_format(const struct record_id *id, struct arena *arena);
int record_id_compare(const struct record_id *a, const struct record_id *b);

enum record_kind { /* rows of list kind */
                   RECORD_PERSON,
                   RECORD_DOCUMENT,
                   RECORD_VEHICLE,
                   RECORD_FIREARM,
                   RECORD_VESSEL,
                   RECORD_AIRCRAFT,
                   RECORD_CONTAINER,
                   RECORD_OBJECT,
                   RECORD_ACCOUNT,
                   RECORD_ORGANISATION,
                   RECORD_PLACE,
                   RECORD_EVENT,
                   RECORD_INDICATOR,
                   RECORD_SAMPLE,
                   RECORD_KIND_RAW
};

enum name_set { /* rows of list name-set */
                SET_CONFIRMED,
                SET_UNCONFIRMED,
                SET_ALIAS,
                SET_MISUSED, /* somebody else's identity: exists only to clear that person */
                SET_RAW
};

/* What the value of an attribute looks like; catalogue/schema/record.txt has the shapes. */
enum value_type {
    VALUE_RAW, /* an attribute that we do not know */
    VALUE_NAME,
    VALUE_WHEN,
    VALUE_WHERE,
    VALUE_CODE,
    VALUE_TEXT,
    VALUE_IDENTIFIER,
    VALUE_DOCUMENT,
    VALUE_MEASURE,
    VALUE_MONEY,
    VALUE_MARK,
    VALUE_SAMPLE,
    VALUE_BLOB,
    VALUE_NAME_OF, /* somebody else's name: father, owner */
    VALUE_EVENT,
    VALUE_PATTERN
};

enum { ATTRIBUTE_RAW = -1 };

struct statement {
    struct text id;
    struct text attribute;    /* "birth-date" */
    int16_t attribute_number; /* row of the attribute table, or ATTRIBUTE_RAW */
    enum value_type type;
    const struct json *value; /* object that has passed its shape */
    enum name_set set;        /* confirmed unless said */
    struct text identity;     /* groups statements of one identity; may be empty */
    struct text script;       /* ISO 15924, may be empty */
    struct text language;     /* BCP 47, may be empty */
    struct text source_unit;
    struct text source_reference;
    struct text grading_scale, grading_source, grading_information; /* may be empty */
    bool assessment; /* an opinion of the source, no fact (2016/680 art 7) */
    const struct json *seen_opt;
    uint32_t handling; /* bit per row of list handling; HANDLING_RAW for unknown ones */
    enum classification classification;
};
#define HANDLING_RAW (1u << 31)

struct offence {
    struct code own;
    struct code mapped;         /* list offence; list empty when not mapped */
    int64_t penalty_max_months; /* -1: not said */
    int64_t sentence_months;    /* still to serve; -1: not said */
    bool penalty_life;
    bool penalty_death;
    bool penalty_death_said; /* absent is doubt, and doubt is denial */
};

enum audience {
    AUDIENCE_ONLY, /* nobody but recipients */
    AUDIENCE_NEVER /* everybody entitled but recipients */
};

struct alert {
    struct text id;
    struct code category;
    struct code action;
    struct code check; /* list empty when absent */
    struct text reason;
    const struct offence *offences;
    size_t offence_count;
    const struct json *decision_opt; /* {"kind","authority","number","date"} */
    uint32_t subjects;               /* SUBJECT_BIT */
    uint32_t warnings;               /* WARNING_BIT */
    struct date valid_from;
    struct date valid_until; /* the last day; year 0: open */
    struct date review;
    const struct code *conditions;
    size_t condition_count;
    uint32_t handling; /* as of a statement */
    enum audience audience;
    const struct member_code *recipients;
    size_t recipient_count;
    struct instant hidden_until; /* 0: not hidden */
    enum classification classification;
};

struct link {
    struct text id;
    struct code type;
    struct record_id target;
    struct text target_text;
};

struct attachment {
    struct text id;
    struct text sha256; /* 64 hex characters of the content in clear */
    struct text type;   /* media type of the allow-list */
    struct text role;   /* photo, thumbnail, original, document-copy, sample… */
    int64_t size;
    struct text thumbnail; /* id of the attachment that is this one's thumbnail, or empty */
};

struct restriction { /* a co-owner's narrowing, or the owner's on the whole record */
    struct member_code by;
    enum audience audience;
    const struct member_code *recipients;
    size_t recipient_count;
};

struct record {
    const struct json *json;
    struct record_id id;
    struct text id_text;
    struct member_code owner;
    enum record_kind kind;
    struct text kind_text;
    struct text unit;
    enum classification classification; /* highest of record (restricted unless said), alerts,
                                           statements */
    const struct statement *statements;
    size_t statement_count;
    const struct alert *alerts;
    size_t alert_count;
    const struct link *links;
    size_t link_count;
    const struct attachment *attachments;
    size_t attachment_count;
    const struct restriction *restrictions;
    size_t restriction_count;
    const struct member_code *originators; /* members that it came from, first to last */
    size_t originator_count;
    const struct member_code *co_owners;
    size_t co_owner_count;
    bool redacted; /* a partner's view: has "withheld" */
};

/* A whole record, as its owner holds it. ERR_INVALID record.refused when `findings` holds an error
 * (each names its place), record.is-a-view for a partner's view; ERR_LIMIT arena.full. Warnings
 * alone do not refuse. `out` borrows from `in` and `arena`. */
MUST_USE struct err record_parse(const struct json *in, struct arena *arena,
                                 struct findings *findings, struct record *out);
/* A partner's view, as record_redact made it: what only the owner sees is absent, `redacted` is set
 * and every alert has AUDIENCE_ONLY without recipients. ERR_INVALID record.not-a-view for others.
 */
MUST_USE struct err record_parse_view(const struct json *in, struct arena *arena,
                                      struct findings *findings, struct record *out);

/* ---- what rules and the index read. Misused identities are left out of all of these but
 * record_next_name, which marks them. `*at` begins at 0; false at the end. ---- */

struct name_view {
    const struct statement *statement;
    enum name_set set;
    struct text full;             /* as written; may be empty when there are parts */
    const struct json *parts_opt; /* [{"type":"surname","text":"HUSSAINI"},…] */
    struct text script, language;
    bool weak; /* marked low quality by its source */
};
bool record_next_name(const struct record *r, size_t *at, struct name_view *out);

bool record_next_birth(const struct record *r, size_t *at, struct when *out);
/* First and last possible day over all birth dates, widened; false when none is known. */
bool record_birth_interval(const struct record *r, struct date *from_out, struct date *to_out);

enum sex { SEX_UNKNOWN, SEX_FEMALE, SEX_MALE, SEX_OTHER };
enum sex record_sex(const struct record *r); /* contradictory statements: unknown */
bool record_next_nationality(const struct record *r, size_t *at, struct code *out);

struct identifier_view {
    const struct statement *statement;
    struct code type;    /* list identifier: passport, vin, plate, imei, phone… */
    struct text value;   /* as seen */
    struct text country; /* issuing or registering; may be empty */
};
bool record_next_identifier(const struct record *r, size_t *at, struct identifier_view *out);

enum minor {
    MINOR_NO,     /* of age on every possible day of birth */
    MINOR_YES,    /* a child on every one */
    MINOR_DOUBT,  /* of age on some: counts as minor */
    MINOR_UNKNOWN /* nothing known about the age: counts as minor */
};
/* Age is derived at the date of use. MINOR_NO for kinds other than person. A missing.child alert
 * makes an unknown age MINOR_YES. */
enum minor record_is_minor(const struct record *r, struct date on);
static inline bool minor_counts(enum minor m)
{
    return m != MINOR_NO;
}

/* In force on `on`: begun, not ended, not hidden at `now`. */
bool alert_valid(const struct alert *alert, struct instant now);
/* The record's own restriction lets `member` have this alert (AND over alert and restrictions). */
bool record_audience_allows(const struct record *r, const struct alert *alert,
                            const struct member_code *member);
const struct alert *record_find_alert(const struct record *r, struct text id);
const struct statement *record_find_statement(const struct record *r, struct text id);

/* ---- the attribute table ---- */
size_t attribute_count(void);
const char *attribute_name(size_t number);
int attribute_find(struct text name); /* or ATTRIBUTE_RAW */
enum value_type attribute_type(size_t number);
bool attribute_applies(size_t number, enum record_kind kind);
/* A pattern of an agreement ("phone", "address", or a group: "contact", "biometric", "identity",
 * "family", "appearance") covers the attribute. Raw attributes are covered by every pattern:
 * what we do not understand is withheld. */
bool attribute_matches(struct text attribute, struct text pattern);
/* `pattern` names an attribute or a group of ours. */
bool attribute_pattern_known(struct text pattern);

#endif
