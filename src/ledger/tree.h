/* RFC 6962 Merkle trees over SHA-256: leaves, nodes, roots, proofs.
 *
 * A log is stored as the hashes of its *complete* subtrees, in the order in which appending
 * completes them: leaf 0, leaf 1, node(0,1), leaf 2, … So the store is one growing array of
 * 32-byte hashes a log; tree_position() says where a node lies. That is also the order of
 * Go's x/mod/sumdb/tlog. To append, only the frontier is needed; to prove, the few nodes
 * that a plan names:
 *
 *     struct tree_plan plan;
 *     e = tree_plan_inclusion(index, size, &plan);
 *     for (i < plan.count) hashes[i] = <read position tree_position(plan.nodes[i])>;
 *     tree_plan_fold(&plan, hashes, &proof);
 *
 * No function here reads anything but its arguments. */
#ifndef COMITY_LEDGER_TREE_H
#define COMITY_LEDGER_TREE_H

#include "core/hash.h"

enum {
    TREE_LEVELS = 63,    /* levels 0 (leaves) to 62 */
    TREE_PROOF_MAX = 64, /* hashes in a proof */
    TREE_PLAN_MAX = 128, /* nodes that one proof is made of */
    FRONTIER_LEN_MAX = 8 + 62 * HASH_LEN,
};
#define TREE_SIZE_MAX (((uint64_t)1 << 62) - 1) /* leaves of a log */

/* SHA-256(0x00 entry). */
struct hash tree_leaf(struct bytes entry);
/* SHA-256(0x01 left right). */
struct hash tree_node_hash(const struct hash *left, const struct hash *right);
/* SHA-256(""): the root of the log without leaves. */
struct hash tree_empty_root(void);

/* A complete subtree over the leaves [index << level, (index + 1) << level). */
struct tree_node {
    uint8_t level;
    uint64_t index;
};

/* Place of a node in the stored array, and how long the array of `size` leaves is. */
uint64_t tree_position(struct tree_node node);
uint64_t tree_positions(uint64_t size);

/* What appending needs and the root follows from: hashes[l] is the complete subtree of 2^l
 * leaves when bit l of `size` is set, else unused. All zero is the empty log. */
struct frontier {
    uint64_t size;
    struct hash hashes[TREE_LEVELS];
};

/* Appends a leaf hash. `stored_out` gets what must be added to the stored array, in order;
 * its count (1 to TREE_LEVELS) is returned. size < TREE_SIZE_MAX is asserted. */
size_t frontier_append(struct frontier *f, const struct hash *leaf,
                       struct hash stored_out[static TREE_LEVELS]);
struct hash frontier_root(const struct frontier *f);

/* u64 size, then one hash a set bit, highest first: the same order as tree_plan_root(). */
struct bytes frontier_format(const struct frontier *f, uint8_t out[static FRONTIER_LEN_MAX]);
/* Errors: wire.short, wire.trailing, ledger.tree-too-large. */
MUST_USE struct err frontier_parse(struct bytes in, struct frontier *out);
/* From the nodes of tree_plan_root(size), in its order. */
MUST_USE struct err frontier_from(uint64_t size, struct bytes hashes, struct frontier *out);

/* The nodes to fetch, and how they fold to the hashes of a proof: hash i of the proof is made
 * of the next part_len[i] nodes, from the right: H(a, H(b, c)). */
struct tree_plan {
    size_t count;
    struct tree_node nodes[TREE_PLAN_MAX];
    size_t parts;
    uint8_t part_len[TREE_PROOF_MAX];
};

/* ERR_INVALID ledger.index-beyond-size, ledger.tree-too-large. */
MUST_USE struct err tree_plan_inclusion(uint64_t index, uint64_t size, struct tree_plan *out);
/* 1 <= old <= size, else ERR_INVALID ledger.old-size. old == size is an empty proof. */
MUST_USE struct err tree_plan_consistency(uint64_t old, uint64_t size, struct tree_plan *out);
/* One part whose fold is the root; no part when size is 0. */
MUST_USE struct err tree_plan_root(uint64_t size, struct tree_plan *out);

struct proof {
    size_t count;
    struct hash hashes[TREE_PROOF_MAX]; /* leaf to root */
};

/* `hashes` holds one hash for each plan.nodes[i]. */
void tree_plan_fold(const struct tree_plan *plan, const struct hash *hashes, struct proof *out);
/* As tree_plan_fold, from the whole stored array: `stored_count` >= tree_positions(size). */
void tree_plan_read(const struct tree_plan *plan, const struct hash *stored, size_t stored_count,
                    struct proof *out);

/* RFC 9162 2.1.3.2. ERR_CORRUPT ledger.inclusion when the proof does not lead from `leaf`
 * at `index` to `root`; ERR_INVALID ledger.index-beyond-size. */
MUST_USE struct err proof_check_inclusion(const struct proof *proof, uint64_t index, uint64_t size,
                                          const struct hash *leaf, const struct hash *root);

struct tree_head {
    uint64_t size;
    struct hash root;
};

/* RFC 9162 2.1.4.2. 1 <= old.size <= new.size, else ERR_INVALID ledger.old-size; equal sizes
 * need equal roots and no hashes. ERR_CORRUPT ledger.consistency: the second log is not the
 * first with something appended (a fork), or the proof is bad. */
MUST_USE struct err proof_check_consistency(const struct proof *proof, const struct tree_head *old,
                                            const struct tree_head *new);

/* As proof_check_consistency, and the empty log (size 0, root tree_empty_root(), no hashes)
 * is extended by every log. For keepers and anchors, which begin somewhere. */
MUST_USE struct err proof_check_extends(const struct proof *proof, const struct tree_head *old,
                                        const struct tree_head *new);

#endif
