/* "I hold your feed up to N": cumulative, sent after the receiver's commit is durable (I4).
 * Canonical JSON:
 *
 *   {"anchors":88,"comity":1,"feed":"NER","generation":1,"number":4711,
 *    "parked":[{"number":4702,"rule":"link.clock"}],"realm":"demo","refused":[{"number":4700,
 *    "rule":"treaty.no-clause"}],"root":"<64 hex>","type":"receipt"}
 *
 * `feed` is the receiver's own code: the feed that it was sent. Parked and refused are numbers
 * and rules only, never content (I7); each list names at most RECEIPT_LIST_MAX, the newest. */
#ifndef COMITY_LINK_RECEIPT_H
#define COMITY_LINK_RECEIPT_H

#include "core/hash.h"
#include "core/json.h"

enum {
    RECEIPT_LIST_MAX = 1024,
    RECEIPT_RULE_LEN_MAX = 64,
    RECEIPT_LEN_MAX = 256 * 1024,
};

struct receipt_line {
    uint64_t number;
    struct text rule;
};

struct receipt {
    struct text realm;
    struct text feed;
    uint32_t generation;
    uint64_t number;  /* durable up to here; 0 is nothing yet */
    struct hash root; /* of the feed's log at that size */
    uint64_t anchors; /* entries held of the sender's anchor log */
    const struct receipt_line *parked;
    size_t parked_count;
    const struct receipt_line *refused;
    size_t refused_count;
};

/* Errors: ERR_INVALID receipt.*, json.*; ERR_LIMIT receipt.too-long, arena.full. */
MUST_USE struct err receipt_parse(struct bytes in, struct arena *arena, struct receipt *out);
MUST_USE struct err receipt_format(const struct receipt *receipt, struct arena *arena,
                                   struct bytes *out);

/* A rule id is a-z, 0-9, '.' and '-': all that a partner may write into our log. */
bool receipt_rule_valid(struct text rule);

#endif
