/* Which stored nodes a proof is made of (RFC 6962 sections 2.1.1 and 2.1.2, unrolled), and
 * how they fold to its hashes. */
#include <assert.h>

#include "ledger/tree.h"

/* The leaves [begin, end): one hash of a proof. */
struct span {
    uint64_t begin;
    uint64_t end;
};

struct spans {
    size_t count;
    struct span items[TREE_PROOF_MAX];
};

/* Largest power of two smaller than `size`: where RFC 6962 splits a tree. */
static uint64_t split_at(uint64_t size)
{
    assert(size > 1);
    return (uint64_t)1 << (63 - __builtin_clzll(size - 1));
}

static void spans_push(struct spans *s, uint64_t begin, uint64_t end)
{
    assert(s->count < TREE_PROOF_MAX && begin < end);
    s->items[s->count++] = (struct span){ begin, end };
}

/* A span begins at a multiple of every power of two that it holds, so it falls apart into
 * complete subtrees from the left, largest first. */
static void plan_add_span(struct tree_plan *plan, struct span span)
{
    uint8_t parts = 0;
    while (span.begin < span.end) {
        unsigned level = 63 - (unsigned)__builtin_clzll(span.end - span.begin);
        assert(plan->count < TREE_PLAN_MAX);
        assert((span.begin & (((uint64_t)1 << level) - 1)) == 0);
        plan->nodes[plan->count++] = (struct tree_node){ (uint8_t)level, span.begin >> level };
        span.begin += (uint64_t)1 << level;
        parts++;
    }
    plan->part_len[plan->parts++] = parts;
}

/* The walk goes from the root down, a proof from the leaf up. */
static void plan_from_spans(const struct spans *spans, struct tree_plan *out)
{
    out->count = 0;
    out->parts = 0;
    for (size_t i = spans->count; i-- > 0;)
        plan_add_span(out, spans->items[i]);
}

struct err tree_plan_inclusion(uint64_t index, uint64_t size, struct tree_plan *out)
{
    if (size > TREE_SIZE_MAX)
        return err_make(ERR_INVALID, "ledger.tree-too-large");
    if (index >= size)
        return err_make(ERR_INVALID, "ledger.index-beyond-size");
    struct spans spans = { 0 };
    struct span at = { 0, size };
    while (at.end - at.begin > 1) {
        uint64_t middle = at.begin + split_at(at.end - at.begin);
        if (index < middle) {
            spans_push(&spans, middle, at.end);
            at.end = middle;
        } else {
            spans_push(&spans, at.begin, middle);
            at.begin = middle;
        }
    }
    plan_from_spans(&spans, out);
    return err_none();
}

struct err tree_plan_consistency(uint64_t old, uint64_t size, struct tree_plan *out)
{
    if (size > TREE_SIZE_MAX)
        return err_make(ERR_INVALID, "ledger.tree-too-large");
    if (old == 0 || old > size)
        return err_make(ERR_INVALID, "ledger.old-size");
    struct spans spans = { 0 };
    struct span at = { 0, size };
    while (at.end != old) {
        uint64_t middle = at.begin + split_at(at.end - at.begin);
        if (old <= middle) {
            spans_push(&spans, middle, at.end);
            at.end = middle;
        } else {
            spans_push(&spans, at.begin, middle);
            at.begin = middle;
        }
    }
    if (at.begin != 0) /* else it is the old root, which the verifier has */
        spans_push(&spans, at.begin, at.end);
    plan_from_spans(&spans, out);
    return err_none();
}

struct err tree_plan_root(uint64_t size, struct tree_plan *out)
{
    if (size > TREE_SIZE_MAX)
        return err_make(ERR_INVALID, "ledger.tree-too-large");
    struct spans spans = { 0 };
    if (size > 0)
        spans_push(&spans, 0, size);
    plan_from_spans(&spans, out);
    return err_none();
}

void tree_plan_fold(const struct tree_plan *plan, const struct hash *hashes, struct proof *out)
{
    const struct hash *at = hashes;
    for (size_t part = 0; part < plan->parts; part++) {
        size_t len = plan->part_len[part];
        assert(len > 0);
        struct hash folded = at[len - 1];
        for (size_t i = len - 1; i-- > 0;)
            folded = tree_node_hash(&at[i], &folded);
        out->hashes[part] = folded;
        at += len;
    }
    assert(at == hashes + plan->count);
    out->count = plan->parts;
}

void tree_plan_read(const struct tree_plan *plan, const struct hash *stored, size_t stored_count,
                    struct proof *out)
{
    struct hash hashes[TREE_PLAN_MAX];
    for (size_t i = 0; i < plan->count; i++) {
        uint64_t position = tree_position(plan->nodes[i]);
        assert(position < stored_count);
        hashes[i] = stored[position];
    }
    tree_plan_fold(plan, hashes, out);
}
