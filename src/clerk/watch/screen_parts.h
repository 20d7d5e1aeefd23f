/* Inside screening: its memory, the index of watches, one step at work. */
#ifndef COMITY_CLERK_SCREEN_PARTS_H
#define COMITY_CLERK_SCREEN_PARTS_H

#include "clerk/rows.h"
#include "clerk/watch/screen.h"
#include "index/index.h"

enum { PARTS_MAX = 40 }; /* of the index of watches: each is twice as large as the next */

/* Documents up to `docs` were held against watches up to `watches`. */
struct screen_mark {
    uint64_t docs, watches;
};

struct screen {
    struct index_segment parts[PARTS_MAX]; /* each in memory of its own */
    uint8_t *memory[PARTS_MAX];
    size_t count;
    uint64_t loaded; /* watches up to this number are in the parts */
    struct date day; /* of the parts: what has ended is dropped the next day */
    uint64_t back;   /* what the searches of new watches did not see begins behind this */
    struct screen_mark done, next, told; /* `next` is done with screen_told(); `told` is durable */
    struct instant told_at, next_at;
    size_t untold; /* documents done with since */
    bool begun, reports;
    bool stands; /* something did, at the last step */
    bool marked; /* how far it has come is in the store */
    uint64_t again; /* this day's round has asked watches up to this number */
    struct date round; /* the day of the last round that is over */
    uint8_t *room; /* of one search among the watches */
    size_t room_size;
};

/* One step at work. */
struct step {
    struct screen *screen;
    const struct screen_world *world;
    struct arena *arena;
    struct screen_found *out;
    struct json matches;
};

/* Numbers of watches, each once. */
struct likely {
    uint64_t *numbers;
    size_t count, room;
    bool all; /* more than an answer holds: every watch is tried */
};

/* What was begun since the last step; *any_out: something stands at all. */
MUST_USE struct err screen_load(struct step *step, bool *any_out);
/* Who may be looking for it: the document is the question. */
MUST_USE struct err screen_likely(const struct step *step, const struct index_doc *doc,
                                  struct likely *likely);
void screen_parts_drop(struct screen *screen, size_t from);
/* The row of TABLE_WATCH with this key. */
MUST_USE struct err watch_row(const struct step *step, struct bytes key, struct arena *arena,
                              struct json *out);

#endif
