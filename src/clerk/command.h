/* What a front asks of the clerk, and what it gets. */
#ifndef COMITY_CLERK_COMMAND_H
#define COMITY_CLERK_COMMAND_H

#include "core/json.h"
#include "model/fact.h"

/* Each verb has a row in clerk/verbs.c: name, roles that may, handler. */
enum verb {
    VERB_NONE = 0,
    VERB_RECORD_PUT,
    VERB_RECORD_WITHDRAW,
    VERB_RECORD_ERASE,
    VERB_RECORD_HOLD,     /* for a court: apart from daily use */
    VERB_RECORD_HOLD_END,
    VERB_RECORD_RESTRICT, /* and its end */
    VERB_INACCURACY,      /* the owner's note on what it sent */
    VERB_SUBJECT_OPEN,
    VERB_SUBJECT_FORWARD,
    VERB_SUBJECT_ANSWER,
    VERB_SUBJECT_CLOSE,
    VERB_AUDIT_SAMPLE,
    VERB_AUDIT_FINDING,
    VERB_PROTECTED_SET,   /* names that nobody looks up idly */
    VERB_BLOB_PUT, /* the bytes of an attachment, in `blob` */
    VERB_NOTE_PUT,
    VERB_EFFECT_SET,
    VERB_LOOK, /* the access entry of a search or a read (I3) */
    VERB_WATCH_RENEW,
    VERB_WATCH_JUDGE, /* what somebody says of a match */
    VERB_WATCH_END,
    VERB_WATCH_SCREENED, /* screening: how far it has come, and what it found */
    VERB_CASE_OPEN,
    VERB_CASE_NOTE,
    VERB_CASE_LINK, /* a record to it, or from it */
    VERB_CASE_ASSIGN,
    VERB_CASE_REVIEW,
    VERB_CASE_CLOSE,
    VERB_CASE_REOPEN,
    VERB_IMPORT_RECORD,
    VERB_IMPORT_WITHDRAW,
    VERB_IMPORT_RUN,
    VERB_USER_PUT,
    VERB_UNIT_PUT,
    VERB_INSTRUMENT_PUT,
    VERB_INSTRUMENT_SIGN,
    VERB_INSTRUMENT_WITHDRAW,
    VERB_INSTRUMENT_ACT, /* any other act of a party: ratify, suspend, reserve, … */
    VERB_NATIONAL_SET,
    VERB_CARD_PUT,
    VERB_PARTNER_HALT,
    VERB_PARTNER_RESUME,
    VERB_RELEASE_GIVE,
    VERB_ASSURANCE_GIVE, /* for one record and partner; its reference is demanded */
    VERB_ASSURANCE_REVOKE,
    VERB_HIT_OPEN,
    VERB_HIT_ANSWER,
    VERB_HIT_OUTCOME,
    VERB_ASK,
    VERB_EXPLAIN,      /* who would get a record, and why: changes nothing */
    VERB_PREVIEW,      /* which partners would get a record or draft: changes nothing */
    VERB_FEED_NUMBER,  /* courier: number what one partner is entitled to */
    VERB_FEED_RECEIVE, /* a batch of a partner, in `blob` */
    VERB_FEED_RECEIPT, /* a partner's receipt for our feed */
    VERB_TICK,         /* what is due: deadlines, anchors, ends of validity */
    VERBS
};

/* The node itself: courier, scheduler, feed. No user has this bit. */
#define ROLE_BIT_NODE (1u << 31)

/* Who acts, as a front has authenticated it (never what a caller says of itself). */
struct caller {
    struct actor who;
    uint32_t roles; /* ROLE_BIT(…), or ROLE_BIT_NODE */
    enum classification clearance;
    struct text purpose;          /* of a look-up: a code of the list purpose */
    const struct json *reference; /* what that purpose demands; NULL when none was given */
};

struct command {
    enum verb verb;
    struct caller by;
    const struct json *body; /* an object */
    struct bytes blob;
    struct text idempotency; /* empty: none. The same actor and key give the first reply again */
};

struct reply {
    struct err err;
    struct text subject; /* what the error is about: a field, an id; may be empty */
    struct json body;    /* JSON_NULL on error */
};

MUST_USE struct err verb_parse(struct text name, enum verb *out);
struct text verb_name(enum verb verb);

#endif
