#include "ledger/tile.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/encode.h"
#include "core/writer.h"
#include "ledger/vectors_test.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena = vectors_arena(4 << 20);
    return 0;
}

static void paths_are_those_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        struct tile tile;
        const char *path;
    } cases[] = {
        { { 0, 256, 0 }, "tile/0/000" },
        { { 0, 256, 1234067 }, "tile/0/x001/x234/067" },
        { { 7, 1, 999 }, "tile/7/999.p/1" },
        { { 2, 255, 1000 }, "tile/2/x001/000.p/255" },
        { { TILE_ENTRIES, 44, 1 }, "tile/entries/001.p/44" },
        { { TILE_ENTRIES, 256, 4611686018427387u }, "tile/entries/x004/x611/x686/x018/x427/387" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tile back;
        struct text path = tile_path(&arena, &cases[i].tile);
        assert_true(text_is(path, cases[i].path));
        assert_false(failed(tile_parse_path(path, &back)));
        assert_true(back.level == cases[i].tile.level && back.width == cases[i].tile.width &&
                    back.index == cases[i].tile.index);
    }
}

static void only_the_one_spelling_of_a_path_is_read(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/8/000",
        "tile/00/000",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/001/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000/5",
        "tile/0/x001.p/5",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/000.p/5/6",
        "tile/0/-01",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    };
    struct tile tile;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_string_equal(tile_parse_path(text_literal(bad[i]), &tile).rule, "ledger.tile-path");
}

static void a_log_has_the_tiles_its_size_says(void **state)
{
    (void)state;
    struct tile tile;
    assert_int_equal(tile_count(0, 0), 0);
    assert_false(tile_at(0, 0, 0, &tile));
    assert_int_equal(tile_count(0, 300), 2);
    assert_int_equal(tile_count(1, 300), 1);
    assert_int_equal(tile_count(2, 300), 0);
    assert_true(tile_at(0, 1, 300, &tile));
    assert_int_equal(tile.width, 44);
    assert_true(tile_at(1, 0, 65536, &tile));
    assert_int_equal(tile.width, 256);
    assert_false(tile_at(1, 1, 65536, &tile));
}

static struct hash digest(const struct tile *tile, const struct hash *stored)
{
    static uint8_t memory[16384];
    struct writer w = writer_over(memory, sizeof(memory));
    for (uint16_t i = 0; i < tile->width; i++) {
        char text[16];
        int len = snprintf(text, sizeof(text), "leaf %u", (unsigned)(tile->index * 256 + i));
        if (tile->level == TILE_ENTRIES)
            tile_put_entry(&w, bytes_of(text, (size_t)len));
        else
            writer_put(&w, BYTES_OF(stored[tree_position(tile_node(tile, i))].bytes));
    }
    return hash_of(bytes_of(memory, w.len));
}

static void tiles_of_300_leaves_equal_those_of_go(void **state)
{
    (void)state;
    const struct json *v =
        vectors_json("crypto/own-tlog-checkpoint-cosignature-witness-vectors.json", &arena);
    if (v == NULL)
        return;
    static struct hash stored[600];
    struct hash new[TREE_LEVELS];
    struct frontier f = { 0 };
    size_t count = 0;
    for (unsigned n = 0; n < 300; n++) {
        char text[16];
        int len = snprintf(text, sizeof(text), "leaf %u", n);
        struct hash leaf = tree_leaf(bytes_of(text, (size_t)len));
        size_t added = frontier_append(&f, &leaf, new);
        memcpy(stored + count, new, added * sizeof(new[0]));
        count += added;
    }
    const struct json *tiles = json_get(v, "tile_sha256_for_size_300");
    assert_int_equal(json_count(tiles), 4);
    for (size_t i = 0; i < json_count(tiles); i++) {
        struct tile tile;
        uint8_t want[32];
        assert_false(failed(tile_parse_path(tiles->members[i].name, &tile)));
        assert_false(failed(hex_parse(tiles->members[i].value.string, want, 32)));
        struct hash made = digest(&tile, stored);
        assert_memory_equal(made.bytes, want, 32);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_those_of_the_specification),
        cmocka_unit_test(only_the_one_spelling_of_a_path_is_read),
        cmocka_unit_test(a_log_has_the_tiles_its_size_says),
        cmocka_unit_test(tiles_of_300_leaves_equal_those_of_go),
    };
    return cmocka_run_group_tests(tests, open_arena, NULL);
}
