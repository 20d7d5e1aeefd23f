#include "clerk/exchange/logs.h"

#include <assert.h>

#include "clerk/act.h"
#include "clerk/state.h"

static struct err read_nodes(struct store_view *view, uint16_t log, const struct tree_plan *plan,
                             struct proof *out)
{
    struct hash hashes[TREE_PLAN_MAX];
    for (size_t i = 0; i < plan->count; i++) {
        struct store_node node = { log, plan->nodes[i].level, plan->nodes[i].index };
        struct err e = store_node_get(view, node, &hashes[i]);
        if (failed(e))
            return e;
    }
    tree_plan_fold(plan, hashes, out);
    return err_none();
}

struct err log_root_at(struct store_view *view, uint16_t log, uint64_t size, struct hash *out)
{
    struct tree_plan plan;
    struct proof proof;
    if (size == 0) {
        *out = tree_empty_root();
        return err_none();
    }
    struct err e = tree_plan_root(size, &plan);
    if (!failed(e))
        e = read_nodes(view, log, &plan, &proof);
    if (failed(e))
        return e;
    assert(proof.count == 1);
    *out = proof.hashes[0];
    return err_none();
}

struct err log_frontier_at(struct store_view *view, uint16_t log, uint64_t size,
                           struct frontier *out)
{
    struct tree_plan plan;
    uint8_t bytes[TREE_PLAN_MAX * HASH_LEN];
    struct err e = tree_plan_root(size, &plan);
    for (size_t i = 0; !failed(e) && i < plan.count; i++) {
        struct store_node node = { log, plan.nodes[i].level, plan.nodes[i].index };
        struct hash hash;
        e = store_node_get(view, node, &hash);
        memcpy(bytes + i * HASH_LEN, hash.bytes, HASH_LEN);
    }
    return failed(e) ? e : frontier_from(size, bytes_of(bytes, plan.count * HASH_LEN), out);
}

struct err log_inclusion(struct store_view *view, uint16_t log, uint64_t index, uint64_t size,
                         struct proof *out)
{
    struct tree_plan plan;
    struct err e = tree_plan_inclusion(index, size, &plan);
    return failed(e) ? e : read_nodes(view, log, &plan, out);
}

struct err log_consistency(struct store_view *view, uint16_t log, uint64_t old, uint64_t size,
                           struct proof *out)
{
    struct tree_plan plan;
    out->count = 0;
    if (old == 0)
        return err_none();
    struct err e = tree_plan_consistency(old, size, &plan);
    return failed(e) ? e : read_nodes(view, log, &plan, out);
}

static struct err frame_of(const struct clerk *clerk, const struct journal_entry *entry,
                           struct arena *arena, struct batch_frame *out)
{
    struct opening_bytes opening;
    *out = (struct batch_frame){ .number = entry->leaf + 1, .commitment = entry->entry };
    struct err e = journal_open(clerk, entry, arena, &opening);
    if (e.code == ERR_NOT_FOUND) {
        out->hollow = true; /* I6: erased, and numbers never break */
        return err_none();
    }
    if (failed(e))
        return e;
    memcpy(out->salt, opening.salt, sizeof(out->salt));
    out->content = opening.content;
    return err_none();
}

struct err feed_frames(const struct clerk *clerk, struct store_view *view, uint16_t log,
                       uint64_t first, uint64_t last, struct arena *arena, struct batch *out)
{
    struct journal_entries entries;
    assert(first >= 1 && first <= last && last - first < BATCH_FRAMES_MAX);
    uint32_t count = (uint32_t)(last - first + 1);
    struct err e = store_log_read(view, log, first - 1, count, arena, &entries);
    if (failed(e))
        return e;
    struct batch_frame *frames = ARENA_ARRAY(arena, struct batch_frame, count);
    if (frames == NULL)
        return err_make(ERR_LIMIT, "arena.full");
    if (entries.count != count)
        return err_make(ERR_CORRUPT, "clerk.log-gap");
    for (uint32_t i = 0; i < count; i++) {
        e = frame_of(clerk, &entries.entries[i], arena, &frames[i]);
        if (failed(e))
            return e;
    }
    *out = (struct batch){ .realm = batch_realm_hash(clerk->config.realm),
                           .generation = clerk->config.generation,
                           .first = first,
                           .frames = frames,
                           .count = count };
    memcpy(out->from, clerk->config.root_key, sizeof(out->from));
    return err_none();
}

struct text log_origin(const struct clerk_config *config, struct text name, struct arena *arena)
{
    struct origin origin = { .generation = config->generation, .name = name };
    origin_member(config->root_key, origin.member);
    return origin_format(arena, &origin);
}

static struct err ask(const struct log_keeper *keeper, const struct keeper_question *question,
                      struct arena *arena, struct keeper_answer *out)
{
    struct err e = keeper->ask(keeper->context, question, arena, out);
    return failed(e) ? e : out->err;
}

struct err log_head_sign(const struct clerk_config *config, struct store_view *view,
                         const struct log_head *which, const struct log_keeper *keeper,
                         struct arena *arena, struct text *note_out)
{
    struct keeper_answer answer;
    struct keeper_question last = { .kind = KEEPER_LOG_HEAD };
    last.origin = log_origin(config, which->name, arena);
    struct err e = ask(keeper, &last, arena, &answer);
    if (failed(e))
        return e;
    uint64_t old = answer.head.size;
    if (old > which->size)
        return err_make(ERR_CONFLICT, "clerk.behind-keeper");
    struct keeper_question sign = { .kind = KEEPER_SIGN_CHECKPOINT };
    sign.checkpoint.next.origin = last.origin;
    sign.checkpoint.next.head.size = which->size;
    e = log_root_at(view, which->log, which->size, &sign.checkpoint.next.head.root);
    if (!failed(e))
        e = log_consistency(view, which->log, old, which->size, &sign.checkpoint.proof);
    if (!failed(e))
        e = ask(keeper, &sign, arena, &answer);
    if (!failed(e))
        *note_out = answer.note;
    return e;
}
