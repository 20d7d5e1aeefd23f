/* Hellos, ours and theirs: what both the gate (they dial) and the courier (we dial) say and
 * check. */
#ifndef COMITY_NODE_GREETING_H
#define COMITY_NODE_GREETING_H

#include "clerk/logs.h"
#include "link/hello.h"
#include "link/receive.h"
#include "node/parts.h"

/* A partner as its row says. Text in the arena that read it. */
struct greeted {
    struct text code;
    struct text address;
    uint8_t root[32];
    uint16_t log;
    uint64_t acked;
    uint32_t generation; /* the last that we saw; 0: never met */
    bool halted;
};

/* ERR_NOT_FOUND clerk.no-such-partner. */
MUST_USE struct err greeted_by_code(struct store_view *view, struct text code,
                                    struct arena *arena, struct greeted *out);
MUST_USE struct err greeted_by_root(struct store_view *view, const uint8_t root[static 32],
                                    struct arena *arena, struct greeted *out);

/* Our hello to a partner, formatted. */
MUST_USE struct err greeting_make(struct node *node, struct store_view *view,
                                  const struct greeted *to, struct arena *arena,
                                  struct bytes *out);
/* Their hello against what we know. `held_opt`, when it answers ours: what we held of theirs when
 * we greeted; a batch on another line may have overtaken the answer (link/hello.h). */
MUST_USE struct err greeting_check(struct node *node, struct store_view *view,
                                   const struct greeted *from, const struct hello *hello,
                                   const struct feed_mark *held_opt, struct hello_agreed *out);
/* What we hold of their feed, in this view. */
MUST_USE struct err greeting_held(struct store_view *view, const struct greeted *from,
                                  struct arena *arena, struct feed_mark *out);
/* The command that takes their certificates in. */
struct json greeting_cards(const struct greeted *from, const struct hello *hello,
                           struct arena *arena);
/* A refusal for `e`, signed by nothing: TLS has shown who says it. */
MUST_USE struct err greeting_refuse(struct node *node, struct err e, struct arena *arena,
                                    struct bytes *out);

#endif
