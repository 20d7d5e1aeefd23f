/* Verifiers of RFC 9162 sections 2.1.3.2 and 2.1.4.2, as written there. */
#include "ledger/tree.h"

struct err proof_check_inclusion(const struct proof *proof, uint64_t index, uint64_t size,
                                 const struct hash *leaf, const struct hash *root)
{
    if (index >= size)
        return err_make(ERR_INVALID, "ledger.index-beyond-size");
    if (proof->count > TREE_PROOF_MAX)
        return err_make(ERR_CORRUPT, "ledger.inclusion");
    uint64_t fn = index;
    uint64_t sn = size - 1;
    struct hash r = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (sn == 0)
            return err_at(ERR_CORRUPT, (uint32_t)i, "ledger.inclusion");
        if ((fn & 1) != 0 || fn == sn) {
            r = tree_node_hash(&proof->hashes[i], &r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = tree_node_hash(&r, &proof->hashes[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0 || !hash_equal(&r, root))
        return err_at(ERR_CORRUPT, (uint32_t)proof->count, "ledger.inclusion");
    return err_none();
}

/* 1 <= old->size < new->size. `path` starts with the old root where RFC 9162 adds it. */
static bool consistency_holds(const struct hash *first, const struct proof *rest, size_t from,
                              const struct tree_head *old, const struct tree_head *new)
{
    uint64_t fn = old->size - 1;
    uint64_t sn = new->size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    struct hash fr = *first;
    struct hash sr = *first;
    for (size_t i = from; i < rest->count; i++) {
        const struct hash *c = &rest->hashes[i];
        if (sn == 0)
            return false;
        if ((fn & 1) != 0 || fn == sn) {
            fr = tree_node_hash(c, &fr);
            sr = tree_node_hash(c, &sr);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = tree_node_hash(&sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash_equal(&fr, &old->root) && hash_equal(&sr, &new->root);
}

struct err proof_check_consistency(const struct proof *proof, const struct tree_head *old,
                                   const struct tree_head *new)
{
    static const char bad[] = "ledger.consistency";
    if (old->size == 0 || old->size > new->size)
        return err_make(ERR_INVALID, "ledger.old-size");
    if (proof->count > TREE_PROOF_MAX)
        return err_make(ERR_CORRUPT, bad);
    if (old->size == new->size) {
        bool same = proof->count == 0 && hash_equal(&old->root, &new->root);
        return same ? err_none() : err_make(ERR_CORRUPT, bad);
    }
    bool power_of_two = (old->size & (old->size - 1)) == 0;
    if (proof->count == 0)
        return err_make(ERR_CORRUPT, bad);
    bool holds = power_of_two ? consistency_holds(&old->root, proof, 0, old, new)
                              : consistency_holds(&proof->hashes[0], proof, 1, old, new);
    return holds ? err_none() : err_make(ERR_CORRUPT, bad);
}

struct err proof_check_extends(const struct proof *proof, const struct tree_head *old,
                               const struct tree_head *new)
{
    if (old->size != 0)
        return proof_check_consistency(proof, old, new);
    struct hash empty = tree_empty_root();
    bool grows = new->size > 0 || hash_equal(&new->root, &empty);
    if (proof->count != 0 || !hash_equal(&old->root, &empty) || !grows)
        return err_make(ERR_CORRUPT, "ledger.consistency");
    return err_none();
}
