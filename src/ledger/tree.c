#include "ledger/tree.h"

#include <assert.h>

#include "core/reader.h"
#include "core/writer.h"

struct hash tree_leaf(struct bytes entry)
{
    struct hasher h;
    static const uint8_t prefix = 0x00;
    hasher_init(&h);
    hasher_add(&h, bytes_of(&prefix, 1));
    hasher_add(&h, entry);
    return hasher_end(&h);
}

struct hash tree_node_hash(const struct hash *left, const struct hash *right)
{
    uint8_t block[1 + 2 * HASH_LEN];
    block[0] = 0x01;
    memcpy(block + 1, left->bytes, HASH_LEN);
    memcpy(block + 1 + HASH_LEN, right->bytes, HASH_LEN);
    return hash_of(BYTES_OF(block));
}

struct hash tree_empty_root(void)
{
    return hash_of(text_bytes(TEXT("")));
}

/* Leaf n completes as many nodes as n + 1 has trailing zero bits, itself not counted; summed
 * over the leaves before n that is n less its bits. */
uint64_t tree_positions(uint64_t size)
{
    assert(size <= TREE_SIZE_MAX);
    return 2 * size - (uint64_t)__builtin_popcountll(size);
}

uint64_t tree_position(struct tree_node node)
{
    assert(node.level < TREE_LEVELS && node.index <= TREE_SIZE_MAX >> node.level);
    uint64_t last_leaf = ((node.index + 1) << node.level) - 1;
    return tree_positions(last_leaf) + node.level;
}

size_t frontier_append(struct frontier *f, const struct hash *leaf,
                       struct hash stored_out[static TREE_LEVELS])
{
    assert(f->size < TREE_SIZE_MAX);
    size_t level = 0;
    stored_out[0] = *leaf;
    for (uint64_t left = f->size; (left & 1) != 0; left >>= 1) {
        stored_out[level + 1] = tree_node_hash(&f->hashes[level], &stored_out[level]);
        level++;
    }
    f->hashes[level] = stored_out[level];
    f->size++;
    return level + 1;
}

struct hash frontier_root(const struct frontier *f)
{
    assert(f->size <= TREE_SIZE_MAX);
    if (f->size == 0)
        return tree_empty_root();
    unsigned level = (unsigned)__builtin_ctzll(f->size);
    struct hash root = f->hashes[level];
    for (level++; f->size >> level != 0; level++) {
        if ((f->size >> level & 1) != 0)
            root = tree_node_hash(&f->hashes[level], &root);
    }
    return root;
}

struct bytes frontier_format(const struct frontier *f, uint8_t out[static FRONTIER_LEN_MAX])
{
    struct writer w = writer_over(out, FRONTIER_LEN_MAX);
    assert(f->size <= TREE_SIZE_MAX);
    writer_u64(&w, f->size);
    for (size_t level = TREE_LEVELS; level-- > 0;) {
        if ((f->size >> level & 1) != 0)
            writer_put(&w, BYTES_OF(f->hashes[level].bytes));
    }
    assert(!w.full);
    return bytes_of(out, w.len);
}

struct err frontier_from(uint64_t size, struct bytes hashes, struct frontier *out)
{
    struct frontier f = { .size = size };
    struct reader r = reader_over(hashes);
    if (size > TREE_SIZE_MAX)
        return err_make(ERR_INVALID, "ledger.tree-too-large");
    for (size_t level = TREE_LEVELS; level-- > 0;) {
        if ((size >> level & 1) != 0)
            reader_copy(&r, f.hashes[level].bytes, HASH_LEN);
    }
    struct err e = reader_end(&r);
    if (!failed(e))
        *out = f;
    return e;
}

struct err frontier_parse(struct bytes in, struct frontier *out)
{
    struct reader r = reader_over(in);
    uint64_t size = reader_u64(&r);
    struct bytes hashes = reader_take(&r, reader_left(&r));
    struct err e = reader_end(&r);
    if (failed(e))
        return e;
    return frontier_from(size, hashes, out);
}
