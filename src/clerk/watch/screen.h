/* Screening: every document that comes into the index is held against all searches that stand.
 *
 * The searches lie in an index of their own, in memory: what comes in is the question put to it.
 * Whatever may be alike by that is compared the right way round, by the function that answers a
 * search (index_compare), and only as far as the search's author may see the record (sight.h). Put
 * the other way round a question finds a little less (words that are joined in one of the two
 * names), so once a day each watch is also asked of the whole index as any search is.
 *
 * SC1  A match is what a search of the author's would have shown in the band that the watch asks
 *      for: screen_step() tells of nothing else, screen_again() of all the rest.
 * SC2  A document is held against every watch whose search did not see it, and told once: a
 *      report that did not become durable is made again, one that comes twice changes nothing.
 * SC3  Without watches nothing is read, and nothing written but, once, that there are none.
 *
 * Whoever screens takes a snapshot, calls screen_step(), hands the report to the clerk
 * (VERB_WATCH_SCREENED), and says screen_told(). One thread. */
#ifndef COMITY_CLERK_SCREEN_H
#define COMITY_CLERK_SCREEN_H

#include "core/json.h"
#include "core/time.h"
#include "index/index.h"
#include "model/member.h"
#include "store/store.h"

struct screen;
struct shelf;

enum {
    SCREEN_DOCS = 256,          /* of a step */
    SCREEN_WATCHES = 16,        /* of a step of screen_again() */
    SCREEN_STEP_ROOM = 32 << 20 /* bytes that one may need */
};

MUST_USE struct err screen_open(struct screen **out);
void screen_close(struct screen *own_opt);

struct screen_world {
    struct store_view *view; /* a snapshot */
    struct shelf *shelf_opt; /* for screen_again(): of that commit or later */
    struct member_code member;
    struct instant now;
    struct index_scoring scoring;
};
struct screen_found {
    struct json report; /* body of VERB_WATCH_SCREENED; JSON_NULL: nothing to tell yet */
    uint64_t docs;      /* documents up to this number are done with */
    size_t compared;    /* pairs held against each other */
    size_t unread;      /* documents that could not be read: passed over */
    bool more;          /* another step at once has something to do */
};
/* Some documents more. ERR_LIMIT arena.full, clerk.no-memory; errors of the store. On error the
 * next step does the same again. */
MUST_USE struct err screen_step(struct screen *screen, const struct screen_world *world,
                                struct arena *arena, struct screen_found *out);
/* Some watches of this day's round: `more` until it is over. No screen_told() is needed. */
MUST_USE struct err screen_again(struct screen *screen, const struct screen_world *world,
                                 struct arena *arena, struct screen_found *out);
/* What the step found is durable, or was nothing: the next one goes on behind it. */
void screen_told(struct screen *screen);

#endif
