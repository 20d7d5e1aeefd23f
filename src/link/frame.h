/* What one frame says: canonical JSON (spec/frame.md), parsed into values that only
 * frame_parse() and frame_format() make. A frame is one disclosure to one partner.
 *
 *   {"as_of":"2026-11-22T02:14:00.000Z","basis":{"agreement":"<64 hex>","clause":"3.1",
 *    "version":1},"body":{…},"comity":1,"feed":"NER","generation":1,"kind":"record",
 *    "number":7,"realm":"demo"}
 *
 * The record that a frame is about ("subject") is body.record.id where body.record is an
 * object (kind record), else body.record where that is a string (withdraw, release, erasure,
 * and a message about a record); a frame without one is about no record. Frames about one
 * record are applied in order, also when the first of them is parked (I1). */
#ifndef COMITY_LINK_FRAME_H
#define COMITY_LINK_FRAME_H

#include "core/hash.h"
#include "core/json.h"
#include "core/time.h"

enum {
    FRAME_FORMAT = 1,                       /* member "comity" */
    FRAME_CONTENT_LEN_MAX = 1024 * 1024,    /* any frame, photographs included */
    FRAME_RECORD_LEN_MAX = 256 * 1024,      /* a record frame whose record has no attachments */
    FRAME_SALT_LEN = 16,
    FRAME_REALM_LEN_MAX = 32,               /* a-z, 0-9, '-' */
    FRAME_CODE_LEN_MAX = 32,                /* member code: NER, x-joint-1 */
    FRAME_CLAUSE_LEN_MAX = 64,
    FRAME_SUBJECT_LEN_MAX = 64,
};

#define FRAME_NUMBER_MAX ((uint64_t)JSON_INTEGER_MAX)

/* Zero is no kind: what is not mentioned hangs up. */
enum frame_kind {
    FRAME_NONE,
    FRAME_RECORD,     /* body.record (redacted view), body.version; body.attachments optional */
    FRAME_WITHDRAW,   /* body.record (id), body.version, body.reason */
    FRAME_INSTRUMENT, /* no basis: it concerns the parties of that text only */
    FRAME_MESSAGE,    /* hit report and answer, question */
    FRAME_RELEASE,    /* what two persons released: body.record (id) */
    FRAME_KEY,        /* no basis: a certificate of the sender */
    FRAME_ERASURE,    /* body.record (id): erase the copy and answer with a receipt */
    FRAME_KINDS
};

/* The clause that entitles the partner. `agreement` is the hash of the tree. */
struct basis {
    struct hash agreement;
    uint32_t version;
    struct text clause;
};

struct frame {
    struct text realm;
    uint32_t generation;
    struct text feed; /* code of the member to whom it is disclosed */
    uint64_t number;  /* 1, 2, 3… without gaps; 1..FRAME_NUMBER_MAX */
    enum frame_kind kind;
    bool has_basis; /* exactly when frame_kind_has_basis(kind) */
    struct basis basis;
    struct instant as_of;    /* the instant for which the clause was decided */
    const struct json *body; /* an object; in the arena of the parser or the caller's */
};

/* "record", …; NULL for FRAME_NONE. */
const char *frame_kind_name(enum frame_kind kind);
/* FRAME_NONE for a name that is not known. */
enum frame_kind frame_kind_of(struct text name);
/* Every disclosure but an instrument or a key rests on a clause (I1). */
bool frame_kind_has_basis(enum frame_kind kind);

/* The id of the record that the body is about; data NULL when about none. */
struct text frame_subject(const struct frame *frame);

/* `content` must be canonical: the same frame has one spelling. Texts and body borrow from
 * `content` and `arena`. Errors: ERR_INVALID frame.* (at: offset in content) or json.*;
 * ERR_LIMIT frame.too-long, frame.record-too-long, arena.full. */
MUST_USE struct err frame_parse(struct bytes content, struct arena *arena, struct frame *out);

/* Canonical bytes of a frame of ours. The same checks as frame_parse(), so that we never send
 * what a partner must refuse. */
MUST_USE struct err frame_format(const struct frame *frame, struct arena *arena,
                                 struct bytes *out);

/* A realm's and a member's name: the alphabets of FRAME_REALM_LEN_MAX and FRAME_CODE_LEN_MAX. */
bool frame_realm_valid(struct text realm);
bool frame_code_valid(struct text code);

#endif
