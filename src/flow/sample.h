/* The weekly sample of access entries. It is drawn from the root of a log that was anchored after
 * the week was over: whoever holds the ledger draws the same one, and nobody can choose. */
#ifndef COMITY_FLOW_SAMPLE_H
#define COMITY_FLOW_SAMPLE_H

#include "core/hash.h"
#include "core/time.h"

enum { SAMPLE_SIZE = 10, SAMPLE_TRIES = 2000 };

struct sample_week {
    struct date monday;
    struct instant begin, end;
};
/* The week in which the day lies: Monday 00:00 UTC to Monday. */
struct sample_week sample_week(struct date day);

/* Draw number `i`: SHA-256("comity/audit-sample/v1" 00 seed i), i big-endian in 8 bytes; the first
 * 8 bytes of it choose a leaf of [from, to), the next 8 who judges. from < to (asserted). */
struct sample_draw {
    uint64_t leaf, chance;
};
struct sample_draw sample_draw(const struct hash *seed, uint64_t i, uint64_t from, uint64_t to);

#endif
