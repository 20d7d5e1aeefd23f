/* What a store, a backup or an opened envelope may hold, the first byte says of what kind: a fact,
 * an opening, an anchor, a frontier, the row of a partner's feed. What parses is written again as
 * the same bytes; of a fact what a later version added is not known and left out. */
#include <stdlib.h>

#include "ledger/anchor.h"
#include "link/receive.h"
#include "model/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(struct err e, struct bytes in, struct bytes again)
{
    if (failed(e) ? e.code != ERR_LIMIT : !bytes_equal(in, again))
        abort();
}

static void check_fact(struct bytes in, struct arena *arena)
{
    struct fact fact;
    struct bytes known = { NULL, 0 };
    struct bytes again = { NULL, 0 };
    if (failed(fact_parse(in, arena, &fact)) || failed(fact_format(&fact, arena, &known)))
        return;
    if (known.len > in.len || failed(fact_parse(known, arena, &fact)))
        abort();
    same(fact_format(&fact, arena, &again), known, again);
}

static void check_opening(struct bytes in, struct arena *arena)
{
    struct opening opening;
    struct bytes again = { NULL, 0 };
    if (failed(opening_parse(in, &opening)))
        return;
    struct hash entry = commit_entry(&opening);
    same(opening_format(&opening, arena, &again), in, again);
    if (failed(opening_check(&opening, &entry)))
        abort();
}

/* Its members are few, so that what it says and what it is may be held side by side. */
static void check_anchor(struct bytes in, struct arena *arena)
{
    struct anchor anchor;
    struct json fact;
    if (failed(anchor_parse(in, arena, &anchor)) || failed(json_parse(in, arena, &fact)))
        return;
    struct json body = anchor_body(arena, &anchor);
    const struct json *given = json_get(&fact, "body");
    if (!json_equal(json_get(&body, "log"), json_get(given, "log")) ||
        !json_equal(json_get(&body, "size"), json_get(given, "size")))
        abort();
}

static void check_frontier(struct bytes in)
{
    struct frontier frontier;
    uint8_t again[FRONTIER_LEN_MAX];
    if (!failed(frontier_parse(in, &frontier)))
        same(err_none(), in, frontier_format(&frontier, again));
}

static void check_feed(struct bytes in, struct arena *arena)
{
    struct feed_in feed;
    struct bytes again = { NULL, 0 };
    if (!failed(feed_in_parse(in, arena, &feed)))
        same(feed_in_format(&feed, arena, &again), in, again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t memory[8 << 20];
    struct arena arena = arena_over(memory, sizeof(memory));
    if (size == 0)
        return 0;
    struct bytes in = bytes_of(data + 1, size - 1);
    if (data[0] == 'f')
        check_fact(in, &arena);
    else if (data[0] == 'o')
        check_opening(in, &arena);
    else if (data[0] == 'a')
        check_anchor(in, &arena);
    else if (data[0] == 't')
        check_frontier(in);
    else
        check_feed(in, &arena);
    return 0;
}
