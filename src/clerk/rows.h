/* Rows: what the tables hold, and their keys. A value is canonical JSON but where said. All of it
 * is computed from the journal (apply_*.c).
 *
 *  table            key                               value
 *  META             name                              see clerk.c
 *  LOG              log id u16                        frontier bytes (ledger/frontier)
 *  RECORD           record key (32)                   {doc, version, own, from, basis, …, record}
 *  DOC              journal number u64                record key
 *  CHANGE           journal number u64                record key: own records, for couriers
 *  HOLDS            record key, journal number        "": openings that hold its content (I6)
 *  SHARED           partner, 0, record key            {number, version, view, basis} they hold
 *  FRAME            partner, 0, frame number u64      journal number u64
 *  PARTNER          code                              {root, log, cards, cursor, acked, …}
 *  FEED_IN          code                              state bytes (link/receive)
 *  PARKED           code, 0, frame number u64         opening bytes
 *  INSTRUMENT       tree hash (32)                    {tree, signatures, withdrawals, state}
 *  NATIONAL         ""                                {text}
 *  FILE             record key, SHA-256 in hex         {entry}: the fact that holds the bytes
 *  NOTE             record key, note id               {kind, …}
 *  HIT              hit id                            {state, …}
 *  RELEASE          partner, 0, record key            {needed, office, given, version}
 *  OUTBOX           partner, 0, urgency u8, u64       {kind, basis, body}
 *  ACCESS_RECORD    record key, journal number        "": the record's log: changes, looks, frames
 *  ACCESS_USER      user, 0, journal number           ""
 *  USER, UNIT       id                                {…}
 *  SOURCE           code                              {…}
 *  DUE              instant u64, kind, id             {…}
 *  IDEMPOTENCY      user, 0, key                      {request, reply}
 *  IDENTITY         identity key (16), record key      ""
 *  WAIT             blocker's record key, waiter's      {record}
 *  MONTH            month u32, retention u8           ""
 *  SUBJECT          request id                        rights/apply_subject.c
 *  SAMPLE           Monday; "protected"               {week, seed, entries…}; {names}
 *  WATCH            unit, 0, watch id                 watch/apply_watch.c
 *  WATCH_DOC        journal number u64                key of the watch: those that still look
 *  WATCHED          watch id, 0, record key           {record, doc, band, score, state, …}
 *  CASE             case number                       casefile.h
 *  CASE_ENTRY       case number, 0, journal number    {what, at, by, unit, …}
 */
#ifndef COMITY_CLERK_ROWS_H
#define COMITY_CLERK_ROWS_H

#include "core/hash.h"
#include "core/json.h"
#include "store/store.h"

enum { ROW_KEY_MAX = 192, RECORD_KEY_LEN = 32 };

struct row_key {
    uint8_t data[ROW_KEY_MAX];
    size_t len;
};

struct record_key {
    uint8_t bytes[RECORD_KEY_LEN]; /* first half of SHA-256(owner's root), then the 128 id bits */
};

/* Built left to right; a part that does not fit is our mistake (asserted: parts are bounded). */
struct row_key key_of(struct bytes first);
struct row_key key_text(struct text first);
struct row_key key_u64(uint64_t first);
struct row_key key_record(const struct record_key *first);
void key_add(struct row_key *key, struct bytes part);
void key_add_text(struct row_key *key, struct text part); /* part and a 0 byte before it */
void key_add_u64(struct row_key *key, uint64_t part);
void key_add_u8(struct row_key *key, uint8_t part);
struct bytes key_bytes(const struct row_key *key);
/* The big-endian number that ends (or is) a key. */
uint64_t key_tail_u64(struct bytes key);

/* A row of any view as JSON. ERR_NOT_FOUND store.no-row. */
MUST_USE struct err view_get(struct store_view *view, enum store_table table,
                             const struct row_key *key, struct arena *arena, struct json *out);

struct record_key record_key_make(const uint8_t root[static 32], const uint8_t id[static 16]);
/* The root that stands for a public source, such as x-un, in a record key. */
struct hash source_root(struct text code);

#endif
