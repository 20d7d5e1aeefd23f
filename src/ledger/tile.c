#include "ledger/tile.h"

#include <assert.h>

#include "core/writer.h"
#include "core/decimal.h"

/* Hashes (or entries) at a tile's level in a log of `size` leaves. */
static uint64_t level_len(uint8_t level, uint64_t size)
{
    assert(level < TILE_LEVELS || level == TILE_ENTRIES);
    return level == TILE_ENTRIES ? size : size >> (TILE_HEIGHT * level);
}

uint64_t tile_count(uint8_t level, uint64_t size)
{
    uint64_t len = level_len(level, size);
    return len / TILE_WIDTH + (len % TILE_WIDTH != 0 ? 1 : 0);
}

bool tile_at(uint8_t level, uint64_t index, uint64_t size, struct tile *out)
{
    if (index >= tile_count(level, size))
        return false;
    uint64_t left = level_len(level, size) - index * TILE_WIDTH;
    *out = (struct tile){ level, left < TILE_WIDTH ? (uint16_t)left : TILE_WIDTH, index };
    return true;
}

static void put_group(struct writer *w, uint64_t group)
{
    for (unsigned unit = 100; unit > 0; unit /= 10)
        writer_u8(w, (uint8_t)('0' + group / unit % 10));
}

static void put_index(struct writer *w, uint64_t index)
{
    uint64_t unit = 1;
    while (index / unit >= 1000)
        unit *= 1000;
    for (; unit > 1; unit /= 1000) {
        writer_literal(w, "x");
        put_group(w, index / unit % 1000);
        writer_literal(w, "/");
    }
    put_group(w, index % 1000);
}

struct text tile_path(struct arena *arena, const struct tile *tile)
{
    uint8_t memory[TILE_PATH_MAX];
    struct writer w = writer_over(memory, sizeof(memory));
    assert(tile->width >= 1 && tile->width <= TILE_WIDTH && tile->index <= TREE_SIZE_MAX);
    writer_literal(&w, "tile/");
    if (tile->level == TILE_ENTRIES)
        writer_literal(&w, "entries");
    else
        writer_decimal(&w, tile->level);
    writer_literal(&w, "/");
    put_index(&w, tile->index);
    if (tile->width < TILE_WIDTH) {
        writer_literal(&w, ".p/");
        writer_decimal(&w, tile->width);
    }
    assert(!w.full);
    struct text path = { (const char *)memory, w.len };
    return arena_copy_text(arena, path);
}

/* Three digits. */
static bool parse_group(struct text in, uint64_t *out)
{
    if (in.len != 3)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < 3; i++) {
        if (in.data[i] < '0' || in.data[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(in.data[i] - '0');
    }
    *out = value;
    return true;
}

/* x001/x234/067, or with .p at the end: then `partial_out` is set. */
static bool parse_index(struct text *rest, uint64_t *out, bool *partial_out)
{
    uint64_t index = 0;
    for (bool first = true;; first = false) {
        struct text part = text_split(rest, '/');
        uint64_t group = 0;
        bool more = text_starts(part, TEXT("x"));
        bool partial = text_ends(part, TEXT(".p"));
        struct text digits = text_slice(part, more ? 1 : 0, 3);
        size_t want = (size_t)3 + (more ? 1 : 0) + (partial ? 2 : 0);
        if (part.len != want || (more && partial) || !parse_group(digits, &group) ||
            (first && more && group == 0) || index > TREE_SIZE_MAX / 1000)
            return false;
        index = index * 1000 + group;
        if (!more) {
            *out = index;
            *partial_out = partial;
            return index <= TREE_SIZE_MAX;
        }
        if (rest->data == NULL)
            return false;
    }
}

struct err tile_parse_path(struct text in, struct tile *out)
{
    const struct err bad = err_make(ERR_INVALID, "ledger.tile-path");
    struct tile tile = { .width = TILE_WIDTH };
    struct text rest = in;
    uint64_t level = TILE_ENTRIES;
    uint64_t width = TILE_WIDTH;
    bool partial = false;
    if (!text_is(text_split(&rest, '/'), "tile") || rest.data == NULL)
        return bad;
    struct text name = text_split(&rest, '/');
    if (rest.data == NULL)
        return bad;
    if (!text_is(name, "entries") && (!decimal_parse(name, &level) || level >= TILE_LEVELS))
        return bad;
    if (!parse_index(&rest, &tile.index, &partial) || partial != (rest.data != NULL))
        return bad;
    if (partial && (!decimal_parse(rest, &width) || width == 0 || width >= TILE_WIDTH))
        return bad;
    tile.level = (uint8_t)level;
    tile.width = (uint16_t)width;
    *out = tile;
    return err_none();
}

struct tree_node tile_node(const struct tile *tile, uint16_t i)
{
    assert(tile->level < TILE_LEVELS && i < tile->width);
    return (struct tree_node){ (uint8_t)(TILE_HEIGHT * tile->level), tile->index * TILE_WIDTH + i };
}

void tile_put_entry(struct writer *w, struct bytes entry)
{
    assert(entry.len <= UINT16_MAX);
    writer_u16(w, (uint16_t)entry.len);
    writer_put(w, entry);
}
