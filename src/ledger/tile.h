/* C2SP tlog-tiles (c2sp.org/tlog-tiles): a log as static files, so that strangers' tools read it.
 *     tile/<L>/<N>[.p/<W>]          W (1..256) hashes of level 8 L, from 256 N
 *     tile/entries/<N>[.p/<W>]      W entries, each with a u16 length
 * N in groups of three digits, all but the last marked x: 1234067 is x001/x234/067. */
#ifndef COMITY_LEDGER_TILE_H
#define COMITY_LEDGER_TILE_H

#include "ledger/tree.h"
#include "core/arena.h"

enum {
    TILE_HEIGHT = 8,
    TILE_WIDTH = 256,
    TILE_LEVELS = 8,    /* tile levels 0..7 hold tree levels 0, 8, … 56 */
    TILE_ENTRIES = 255, /* "level" of entry bundles */
    TILE_PATH_MAX = 48,
};

struct tile {
    uint8_t level;  /* 0..7, or TILE_ENTRIES */
    uint16_t width; /* 1..256; 256 is full */
    uint64_t index;
};

/* The tile (level, index) as it is in a log of `size` leaves: false when it would be empty. */
bool tile_at(uint8_t level, uint64_t index, uint64_t size, struct tile *out);
/* How many tiles of `level` a log of `size` leaves has, the last one maybe partial. */
uint64_t tile_count(uint8_t level, uint64_t size);
struct text tile_path(struct arena *arena, const struct tile *tile);
/* ERR_INVALID ledger.tile-path. */
MUST_USE struct err tile_parse_path(struct text in, struct tile *out);
/* Node i (0 .. width - 1) whose hash stands in the tile; not for entries. */
struct tree_node tile_node(const struct tile *tile, uint16_t i);
/* Adds one entry (at most 65,535 bytes, asserted) to a bundle. */
struct writer;
void tile_put_entry(struct writer *w, struct bytes entry);

#endif
