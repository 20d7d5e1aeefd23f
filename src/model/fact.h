/* The envelope of every entry of the journal (ARCHITECTURE.md, "A fact"):
 *   {"comity":1,"realm":"demo","generation":1,"kind":"record.put","at":"…Z",
 *    "by":{"member":"BEN","unit":"seme-krake","user":"a.officer"},"body":{…}}
 * Its bytes are canonical JSON; commitments and signatures are over them. A kind of a later
 * release is kept (FACT_RAW); a member whose name begins with "!" is critical, and one that is not
 * known is refused. */
#ifndef COMITY_MODEL_FACT_H
#define COMITY_MODEL_FACT_H

#include "core/json.h"
#include "core/time.h"
#include "model/member.h"

enum { FACT_FORMAT = 1, FACT_BYTES_MAX = 2 << 20, /* a whole frame fits in */ REALM_MAX = 32 };
#define REALM_PRODUCTION "production"

/* How long an opening lives, and which month key encrypts it (seal/vault). */
enum retention {
    RETENTION_PERSONAL, /* content about persons and things: erased with its record */
    RETENTION_ACCESS,   /* who looked, what left: proves lawfulness and outlives the record */
    RETENTION_CASE,     /* hits, questions, answers: until the case is closed and its period over */
    RETENTION_LAW,      /* instruments, keys, national rules: kept */
    RETENTION_OPERATION, /* users, units, configuration, imports */
    RETENTIONS
};

/* id, text, retention, in what log, a user is demanded (not where a partner's frame or the node
 * itself may be the cause) */
#define FACT_KINDS_X(X)                                                                         \
    X(LOG_OPEN, "log.open", LAW, INTERNAL, false) /* first entry of a generation's log */       \
    X(RECORD_PUT, "record.put", PERSONAL, INTERNAL, true)                                       \
    X(RECORD_ENTER, "record.enter", PERSONAL, INTERNAL, false) /* an alert that waited */        \
    X(RECORD_WITHDRAW, "record.withdraw", PERSONAL, INTERNAL, false)                            \
    X(EFFECT_SET, "effect.set", CASE, INTERNAL, false)                                          \
    X(NOTE_PUT, "note.put", PERSONAL, INTERNAL, true)                                           \
    X(NOTE_REMOVE, "note.remove", PERSONAL, INTERNAL, true)                                     \
    X(JUDGEMENT, "judgement", CASE, INTERNAL, true)                                             \
    X(SEARCH, "search", ACCESS, INTERNAL, true)                                                 \
    X(LOOK, "look", ACCESS, INTERNAL, true)     /* one record opened by its id */               \
    X(EXPORT, "export", ACCESS, INTERNAL, true) /* pouch, print, proof file */                  \
    X(DISCLOSE, "disclose", ACCESS, FEED, false)                                                \
    X(RECEIVED, "received", PERSONAL, INTERNAL, false)                                          \
    X(PARKED, "parked", PERSONAL, INTERNAL, false)                                              \
    X(CONTRADICTION, "contradiction", LAW, INTERNAL, false) /* frame refused, with its rule */  \
    X(RECEIPT, "receipt", LAW, INTERNAL, false)                                                 \
    X(INSTRUMENT_PUT, "instrument.put", LAW, INTERNAL, false)                                   \
    X(INSTRUMENT_SIGN, "instrument.sign", LAW, INTERNAL, false)                                  \
    X(INSTRUMENT_ENTER, "instrument.enter", LAW, INTERNAL, false)                               \
    X(INSTRUMENT_ACT, "instrument.act", LAW, INTERNAL, false) /* ratify, suspend, reserve, … */ \
    X(INSTRUMENT_WITHDRAW, "instrument.withdraw", LAW, INTERNAL, false)                         \
    X(PARTNER_HALT, "partner.halt", LAW, INTERNAL, true)                                        \
    X(PARTNER_RESUME, "partner.resume", LAW, INTERNAL, true)                                    \
    X(PARTNER_SET, "partner.set", OPERATION, INTERNAL, true) /* address, languages */           \
    X(NATIONAL_SET, "national.set", LAW, INTERNAL, true)                                        \
    X(HIT_OPEN, "hit.open", CASE, INTERNAL, false)                                              \
    X(HIT_ANSWER, "hit.answer", CASE, INTERNAL, false)                                           \
    X(HIT_OUTCOME, "hit.outcome", CASE, INTERNAL, false)                                         \
    X(HIT_ESCALATE, "hit.escalate", CASE, INTERNAL, false)                                      \
    X(HIT_CLOSE, "hit.close", CASE, INTERNAL, false)                                            \
    X(RELEASE_ASK, "release.ask", CASE, INTERNAL, false)                                        \
    X(RELEASE_GIVE, "release.give", CASE, INTERNAL, true)                                       \
    X(RELEASE_REFUSE, "release.refuse", CASE, INTERNAL, true)                                   \
    X(ASSURANCE_GIVE, "assurance.give", CASE, INTERNAL, true) /* of a partner, for a record */  \
    X(ASSURANCE_REVOKE, "assurance.revoke", CASE, INTERNAL, true)                               \
    X(ASK_OPEN, "ask.open", CASE, INTERNAL, false)                                               \
    X(ASK_ANSWER, "ask.answer", CASE, INTERNAL, false)                                           \
    X(USER_PUT, "user.put", OPERATION, INTERNAL, false)                                          \
    X(USER_DISABLE, "user.disable", OPERATION, INTERNAL, true)                                  \
    X(USER_LOGIN, "user.login", ACCESS, INTERNAL, false)                                        \
    X(UNIT_PUT, "unit.put", OPERATION, INTERNAL, false)                                          \
    X(KEY_CARD, "key.card", LAW, INTERNAL, false)                                               \
    X(ERASURE, "erasure", LAW, INTERNAL, false)                                                 \
    X(RECORD_PRUNE, "record.prune", PERSONAL, INTERNAL, false) /* one alert of several is over */ \
    X(RECORD_HOLD, "record.hold", LAW, INTERNAL, true)          /* a court needs it: apart */   \
    X(RECORD_HOLD_END, "record.hold-end", LAW, INTERNAL, false)                                 \
    X(RECORD_RESTRICT, "record.restrict", LAW, INTERNAL, false) /* and its end */               \
    X(INACCURACY, "inaccuracy", CASE, INTERNAL, false) /* the owner's note on what it sent */   \
    X(INACCURACY_KNOWN, "inaccuracy.known", CASE, INTERNAL, false) /* a partner has it */       \
    X(COPY_ERASED, "copy.erased", LAW, INTERNAL, false) /* a partner erased a copy on time */   \
    X(USE_REPORT, "use.report", ACCESS, INTERNAL, false) /* a partner used a copy */            \
    X(SUBJECT_OPEN, "subject.open", CASE, INTERNAL, false)                                      \
    X(SUBJECT_FORWARD, "subject.forward", CASE, INTERNAL, true)                                 \
    X(SUBJECT_ANSWER, "subject.answer", CASE, INTERNAL, false)                                  \
    X(SUBJECT_CLOSE, "subject.close", CASE, INTERNAL, true)                                     \
    X(SUBJECT_ERASE, "subject.erase", LAW, INTERNAL, false) /* a request past its period */     \
    X(AUDIT_SAMPLE, "audit.sample", ACCESS, INTERNAL, true) /* drawn from a root of the log */  \
    X(PROTECTED_SET, "protected.set", OPERATION, INTERNAL, true)                                \
    X(LOG_ERASURE, "log.erasure", LAW, INTERNAL, false) /* access entries past their period */  \
    X(IMPORT_RUN, "import.run", OPERATION, INTERNAL, true)                                      \
    X(SOURCE_PUT, "source.put", PERSONAL, INTERNAL, true)                                       \
    X(SOURCE_WITHDRAW, "source.withdraw", PERSONAL, INTERNAL, true)                             \
    X(BLOB_PUT, "blob.put", PERSONAL, INTERNAL, false)                                          \
    X(REVIEW, "review", CASE, INTERNAL, true) /* an alert's review, an access entry's review */ \
    X(WATCH_PUT, "watch.put", CASE, INTERNAL, true) /* a search that stands */                  \
    X(WATCH_RENEW, "watch.renew", CASE, INTERNAL, true)                                         \
    X(WATCH_MATCH, "watch.match", ACCESS, INTERNAL, false) /* what came in is like it */        \
    X(WATCH_JUDGE, "watch.judge", CASE, INTERNAL, true)                                         \
    X(WATCH_END, "watch.end", CASE, INTERNAL, false)                                            \
    X(CASE_OPEN, "case.open", CASE, INTERNAL, true)                                             \
    X(CASE_NOTE, "case.note", CASE, INTERNAL, true)                                             \
    X(CASE_LINK, "case.link", CASE, INTERNAL, true) /* a record is part of it, or no more */    \
    X(CASE_ASSIGN, "case.assign", CASE, INTERNAL, true)                                         \
    X(CASE_REVIEW, "case.review", CASE, INTERNAL, true)                                         \
    X(CASE_LAPSE, "case.lapse", CASE, INTERNAL, false) /* nobody has reviewed it */             \
    X(CASE_CLOSE, "case.close", CASE, INTERNAL, true)                                           \
    X(CASE_REOPEN, "case.reopen", CASE, INTERNAL, true)                                         \
    X(CASE_ERASE, "case.erase", LAW, INTERNAL, false) /* past its period */                     \
    X(ANCHOR, "anchor", LAW, ANCHORS, false)                                                    \
    X(CHECKPOINT, "checkpoint", LAW, INTERNAL, false)                                           \
    X(CONFIG_SET, "config.set", OPERATION, INTERNAL, true)

enum fact_kind {
#define X(id, name, retention, log, user) FACT_##id,
    FACT_KINDS_X(X)
#undef X
        FACT_KINDS,
    FACT_RAW = FACT_KINDS
};

enum fact_log { FACT_LOG_INTERNAL, FACT_LOG_FEED, FACT_LOG_ANCHORS };

struct actor {
    struct member_code member;
    struct text unit; /* empty: the node itself */
    struct text user;
};

struct fact {
    struct text realm;
    uint32_t generation;
    enum fact_kind kind;
    struct text kind_text;
    struct instant at;
    struct actor by;
    struct json body; /* always an object */
};

/* Refuses bytes that are not canonical (their hash would not be reproducible). Views borrow from
 * `in` and the arena. ERR_INVALID json.*, fact.not-canonical, fact.bad-field, fact.user-missing,
 * fact.critical; ERR_LIMIT fact.too-long, arena.full. `at`: byte offset for json.*, else 0. */
MUST_USE struct err fact_parse(struct bytes in, struct arena *arena, struct fact *out);
/* Canonical bytes. `fact` must be one that fact_parse would give back (asserted where ours). */
MUST_USE struct err fact_format(const struct fact *fact, struct arena *arena, struct bytes *out);

const char *fact_kind_name(enum fact_kind kind); /* not for FACT_RAW */
enum fact_kind fact_kind_find(struct text name);
enum retention fact_retention(enum fact_kind kind); /* RAW: PERSONAL, the shortest */
const char *retention_name(enum retention retention);
enum fact_log fact_log(enum fact_kind kind);
bool fact_needs_user(enum fact_kind kind);
/* 1 to 32 of a-z 0-9 and inner hyphens. */
bool realm_valid(struct text realm);

#endif
