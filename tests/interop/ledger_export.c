/* Writes a log as static files, for strangers' tools to check (check_ledger.go):
 *     DIR/vkey checkpoint tile/… proofs
 * `ledger-export DIR SIZE`. One line of `proofs` a proof:
 *     record INDEX HASH…    or    tree OLD_SIZE OLD_ROOT HASH… */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "core/encode.h"
#include "core/writer.h"
#include "ledger/checkpoint.h"
#include "ledger/commit.h"
#include "ledger/tile.h"

enum { PATH_LEN = 1024, TILE_BYTES_MAX = 256 * 34, PROOFS = 200 };

static struct arena arena;
static struct hash *stored;
static struct hash *entries;
static struct tree_head *heads; /* of every size */

static void die(const char *what)
{
    fprintf(stderr, "ledger-export: %s: %s\n", what, strerror(errno));
    exit(1);
}

static FILE *open_below(const char *dir, struct text name)
{
    char path[PATH_LEN];
    int len = snprintf(path, sizeof(path), "%s/%.*s", dir, (int)name.len, name.data);
    if (len < 0 || len >= PATH_LEN)
        die("path");
    for (char *p = path + strlen(dir) + 1; *p != 0; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            die(path);
        *p = '/';
    }
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        die(path);
    return f;
}

static void write_file(const char *dir, struct text name, struct bytes content)
{
    FILE *f = open_below(dir, name);
    if (fwrite(content.data, 1, content.len, f) != content.len || fclose(f) != 0)
        die("write");
}

static void build_log(uint64_t size)
{
    struct frontier f = { 0 };
    struct hash new[TREE_LEVELS];
    size_t count = 0;
    stored = calloc(2 * size, sizeof(*stored));
    entries = calloc(size, sizeof(*entries));
    heads = calloc(size + 1, sizeof(*heads));
    if (stored == NULL || entries == NULL || heads == NULL)
        die("memory");
    for (uint64_t i = 0; i < size; i++) {
        struct opening opening = { .content = text_bytes(TEXT("{\"comity\":1}")) };
        memcpy(opening.salt, &i, sizeof(i));
        entries[i] = commit_entry(&opening);
        struct hash leaf = commit_leaf(&entries[i]);
        size_t added = frontier_append(&f, &leaf, new);
        memcpy(stored + count, new, added * sizeof(new[0]));
        count += added;
        heads[i + 1] = (struct tree_head){ i + 1, frontier_root(&f) };
    }
}

static void write_checkpoint(const char *dir, uint64_t size)
{
    struct note_key key;
    struct text note;
    uint8_t seed[32] = { 42 };
    uint8_t public[32];
    uint8_t secret[64];
    uint8_t signature[64];
    crypto_sign_seed_keypair(public, secret, seed);
    struct origin origin = { .generation = 1, .name = TEXT("NER") };
    origin_member(public, origin.member);
    if (failed(note_key_make(origin_format(&arena, &origin), public, &key)))
        die("key");
    struct checkpoint cp = { key.name, heads[size] };
    struct text body = checkpoint_format(&arena, &cp);
    crypto_sign_detached(signature, NULL, (const uint8_t *)body.data, body.len, secret);
    if (failed(note_assemble(body, &key, signature, &arena, &note)))
        die("note");
    write_file(dir, TEXT("vkey"), text_bytes(note_key_format(&arena, &key)));
    write_file(dir, TEXT("checkpoint"), text_bytes(note));
}

static void write_tile(const char *dir, const struct tile *tile)
{
    static uint8_t memory[TILE_BYTES_MAX];
    struct writer w = writer_over(memory, sizeof(memory));
    struct bytes content;
    for (uint16_t i = 0; i < tile->width; i++) {
        if (tile->level == TILE_ENTRIES)
            tile_put_entry(&w, BYTES_OF(entries[tile->index * TILE_WIDTH + i].bytes));
        else
            writer_put(&w, BYTES_OF(stored[tree_position(tile_node(tile, i))].bytes));
    }
    if (failed(writer_end(&w, &content)))
        die("tile");
    size_t mark = arena.used;
    write_file(dir, tile_path(&arena, tile), content);
    arena_rewind(&arena, mark);
}

static void write_tiles(const char *dir, uint64_t size)
{
    static const uint8_t levels[] = { 0, 1, 2, 3, TILE_ENTRIES };
    for (size_t l = 0; l < sizeof(levels); l++) {
        struct tile tile;
        for (uint64_t i = 0; tile_at(levels[l], i, size, &tile); i++)
            write_tile(dir, &tile);
    }
}

static void print_hash(FILE *f, const struct hash *hash)
{
    size_t mark = arena.used;
    struct text coded = base64_format(&arena, BYTES_OF(hash->bytes));
    fprintf(f, " %.*s", (int)coded.len, coded.data);
    arena_rewind(&arena, mark);
}

static void print_proof(FILE *f, const struct tree_plan *plan, uint64_t size)
{
    struct proof proof;
    tree_plan_read(plan, stored, tree_positions(size), &proof);
    for (size_t i = 0; i < proof.count; i++)
        print_hash(f, &proof.hashes[i]);
    fprintf(f, "\n");
}

static void write_proofs(const char *dir, uint64_t size)
{
    FILE *f = open_below(dir, TEXT("proofs"));
    uint64_t step = size < PROOFS ? 1 : size / PROOFS;
    for (uint64_t i = 0; i < size; i += step) {
        struct tree_plan plan;
        if (failed(tree_plan_inclusion(i, size, &plan)))
            die("plan");
        fprintf(f, "record %llu", (unsigned long long)i);
        print_proof(f, &plan, size);
        if (failed(tree_plan_consistency(i + 1, size, &plan)))
            die("plan");
        fprintf(f, "tree %llu", (unsigned long long)i + 1);
        print_hash(f, &heads[i + 1].root);
        print_proof(f, &plan, size);
    }
    if (fclose(f) != 0)
        die("proofs");
}

int main(int argc, char **argv)
{
    static uint8_t memory[1 << 16];
    arena = arena_over(memory, sizeof(memory));
    uint64_t size = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (size == 0 || size > 10000000) {
        fprintf(stderr, "usage: ledger-export DIR SIZE\n");
        return 2;
    }
    build_log(size);
    write_checkpoint(argv[1], size);
    write_tiles(argv[1], size);
    write_proofs(argv[1], size);
    return 0;
}
