/* The first message both ways on a line between two nodes, and all that resume needs: one
 * round trip, each way at most HELLO_RESUME_LEN_MAX bytes when no cards travel.
 *
 *   {"anchors":88,"at":"…","cards":["…"],"comity":1,"generation":1,"holds":{"generation":1,
 *    "number":4711,"root":"<64 hex>"},"member":"NER","realm":"demo","root":"<64 hex>","sends":4800,
 *    "to":"<64 hex>","type":"hello","versions":{"max":1,"min":1}}
 *
 *   {"at":"…","comity":1,"realm":"demo","root":"<64 hex>","rule":"link.fork","type":"refusal"}
 *
 * `holds`: "I hold your feed of that generation up to that number, with that root". `sends`:
 * the size of my feed for you. `anchors`: entries that I hold of your anchor log. `cards`: the
 * sender's certificates (seal/), root's first, as texts; absent on resume: TLS already proved the
 * key. A refusal is recorded by both sides with its rule. */
#ifndef COMITY_LINK_HELLO_H
#define COMITY_LINK_HELLO_H

#include "core/hash.h"
#include "core/json.h"
#include "core/time.h"
#include "link/batch.h"

enum {
    HELLO_LEN_MAX = 32 * 1024,
    HELLO_CARDS_MAX = 8,
    HELLO_CARD_LEN_MAX = 4096,
    HELLO_RESUME_LEN_MAX = 512,
    LINK_VERSION_MIN = 1,
    LINK_VERSION_MAX = 1,
    LINK_CLOCK_OFF_MS_MAX = 5 * 60 * 1000, /* design section 9 */
};

/* What somebody holds of a feed. number 0: nothing yet, root is the empty root. */
struct feed_mark {
    uint32_t generation;
    uint64_t number;
    struct hash root;
};

struct hello {
    uint32_t version_min;
    uint32_t version_max;
    struct text realm;
    uint32_t generation;
    struct text member;
    uint8_t root[BATCH_KEY_LEN];
    uint8_t to[BATCH_KEY_LEN]; /* root key of the member that is greeted */
    struct instant at;
    struct feed_mark holds;
    uint64_t sends;
    uint64_t anchors;
    const struct text *cards;
    size_t cards_count;
};

struct refusal {
    struct text realm;
    uint8_t root[BATCH_KEY_LEN];
    struct instant at;
    struct text rule;
};

/* Errors: ERR_INVALID hello.*, json.*; ERR_LIMIT hello.too-long, arena.full. */
MUST_USE struct err hello_parse(struct bytes in, struct arena *arena, struct hello *out);
MUST_USE struct err hello_format(const struct hello *hello, struct arena *arena,
                                 struct bytes *out);
MUST_USE struct err refusal_parse(struct bytes in, struct arena *arena, struct refusal *out);
MUST_USE struct err refusal_format(const struct refusal *refusal, struct arena *arena,
                                   struct bytes *out);
/* Which of the two it is; false when neither. */
bool hello_is_refusal(struct bytes in, struct arena *arena, bool *refusal_out);

/* What we know when a hello comes in. The caller reads root_at after it has parsed the hello.
 *
 * A hello is a little old when it arrives: batches and receipts on another line may have overtaken
 * it. Only an answer to our own greeting was written after that greeting; so with `answers`,
 * `acked` and `held` are what they were when we greeted, and less than that is a rollback.
 * Of a hello that we did not ask for, less means "greet again" (link.hello-overtaken): whoever
 * really rolled back stays refused, and is frozen by its answer when we greet. */
struct hello_known {
    struct text realm;
    uint32_t generation;              /* ours */
    uint8_t self[BATCH_KEY_LEN];      /* our root key */
    uint8_t peer[BATCH_KEY_LEN];      /* the root key that TLS proved */
    struct text peer_code;            /* the label that the agreement binds to that key */
    bool peer_known;                  /* an agreement pins that key */
    uint32_t peer_generation;         /* the last that we saw of them; 0: never met */
    uint64_t numbered;                /* size of our feed for them */
    uint64_t acked;                   /* the last receipt of theirs that we keep */
    const struct hash *root_at_opt;   /* of our feed at hello->holds.number; NULL: no such size */
    struct feed_mark held;            /* what we hold of theirs */
    bool answers; /* it answers our greeting */
    struct instant now;
};

struct hello_agreed {
    uint32_t version;
    bool clock_off;       /* more than LINK_CLOCK_OFF_MS_MAX apart: tell both sides */
    int64_t clock_off_ms; /* theirs minus ours */
    uint64_t resume;      /* they hold our feed up to here: send from resume + 1 */
    bool new_generation;  /* theirs is the next one: their feed begins again at 1 */
};

/* Order of checks, first failure wins: version (link.version), realm (link.realm), addressee
 * (link.not-for-us), key (link.unknown-root, link.other-root, link.other-code), generation
 * (link.generation-behind), then the marks: link.receipt-ahead (they hold more than we sent),
 * link.fork (another root at the same size), link.rolled-back (they hold less than they
 * acknowledged, or have numbered less than we hold; unasked ERR_UNAVAILABLE
 * link.hello-overtaken), all ERR_CONFLICT; the rest is ERR_DENIED. */
MUST_USE struct err hello_check(const struct hello *hello, const struct hello_known *known,
                                struct hello_agreed *out);

/* True for a rule after which no frame may pass until an operator has looked at both sides. */
bool link_rule_freezes(struct text rule);

#endif
