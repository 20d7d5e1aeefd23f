/* A local note about a record: a refugee's status, a source at risk, a person protected from a
 * member. It never leaves the node; rules may read it to deny. The body of a fact note.put:
 *   {"record":"NGA-…","note":"n1","kind":"protected-from","members":["TCD"],"text":"…"} */
#ifndef COMITY_MODEL_NOTE_H
#define COMITY_MODEL_NOTE_H

#include "model/record.h"

enum note_kind {
    NOTE_REFUGEE,        /* refugee, asylum seeker or subsidiary protection */
    NOTE_SOURCE_AT_RISK, /* disclosure would endanger who told us */
    NOTE_PROTECTED_FROM, /* from each member named */
    NOTE_PENDING_APPEAL, /* a decision on erasure, restriction or extradition is open */
    NOTE_REMARK,         /* for our own officers only; denies nothing */
    NOTE_LIVE_OPERATION,   /* an operation is running that a disclosure would endanger */
    NOTE_PROTECTED_PERSON, /* official, witness or other person under protection */
    NOTE_RAW
};

enum { NOTE_MEMBERS_MAX = 32 };

struct note {
    struct record_id record;
    struct text id;
    enum note_kind kind;
    const struct member_code *members; /* of protected-from */
    size_t member_count;
    struct text text;
};

/* ERR_INVALID model.bad-note, ERR_LIMIT arena.full. protected-from demands members. */
MUST_USE struct err note_parse(const struct json *in, struct arena *arena, struct note *out);
/* The note forbids that `member` learns of the record. NOTE_RAW protects from everyone. */
bool note_protects_from(const struct note *note, const struct member_code *member);

#endif
