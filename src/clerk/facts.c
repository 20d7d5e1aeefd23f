/* Facts into the journal and out of it. */
#include <assert.h>

#include "clerk/state.h"
#include "ledger/commit.h"
#include "ledger/tree.h"
#include "seal/vault.h"

enum { CONTENT_FRAME_LOG_FIRST = LOG_FEED_FIRST };

const struct secret_key *clerk_key_find(const struct clerk *clerk, struct clerk_month month)
{
    for (size_t i = 0; i < clerk->key_count; i++) {
        const struct clerk_key *key = &clerk->keys[i];
        if (key->of.month == month.month && key->of.retention == month.retention)
            return key->given ? &key->secret : NULL;
    }
    return NULL;
}

static struct vault_month vault_month(const struct clerk *clerk,
                                      const struct journal_entry *entry)
{
    return (struct vault_month){ .realm = clerk->config.realm,
                                 .generation = clerk->config.generation,
                                 .month = entry->month,
                                 .retention =
                                     text_literal(retention_name((enum retention)entry->class_)),
                                 .version = 1 };
}

static struct err seal_opening(struct act *act, const struct opening *opening,
                               struct journal_entry *entry)
{
    struct clerk_month month = { entry->month, entry->class_ };
    const struct secret_key *key = clerk_key_find(act->clerk, month);
    if (key == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-month-key");
    struct bytes plain;
    struct err e = opening_format(opening, act->arena, &plain);
    if (failed(e))
        return e;
    struct vault_month of = vault_month(act->clerk, entry);
    return vault_seal(key, &of, entry->number, plain, act->arena, &entry->sealed);
}

struct err journal_open(const struct clerk *clerk, const struct journal_entry *entry,
                        struct arena *arena, struct opening_bytes *out)
{
    struct clerk_month month = { entry->month, entry->class_ };
    if (entry->sealed.len == 0)
        return err_make(ERR_NOT_FOUND, "clerk.erased");
    const struct secret_key *key = clerk_key_find(clerk, month);
    if (key == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-month-key");
    struct bytes plain;
    struct vault_month of = vault_month(clerk, entry);
    struct err e = vault_open(key, &of, entry->number, entry->sealed, arena, &plain);
    if (failed(e))
        return e;
    struct opening opening;
    e = opening_parse(plain, &opening);
    if (failed(e))
        return e;
    e = opening_check(&opening, &entry->entry);
    if (failed(e))
        return e;
    memcpy(out->salt, opening.salt, sizeof(out->salt));
    out->content = opening.content;
    return err_none();
}

static struct row_key log_key(uint16_t log)
{
    uint8_t bytes[2] = { (uint8_t)(log >> 8), (uint8_t)log };
    return key_of(BYTES_OF(bytes));
}

struct err log_frontier(struct store_view *view, uint16_t log, struct arena *arena,
                        struct frontier *out)
{
    struct row_key key = log_key(log);
    struct bytes row;
    struct err e = store_get(view, TABLE_LOG, key_bytes(&key), arena, &row);
    if (e.code == ERR_NOT_FOUND) {
        memset(out, 0, sizeof(*out));
        return err_none();
    }
    return failed(e) ? e : frontier_parse(row, out);
}

/* Appends the leaf of `entry` to its log: nodes and frontier. */
static struct err log_append(struct act *act, uint16_t log, uint64_t leaf,
                             const struct hash *entry)
{
    struct frontier frontier;
    struct err e = log_frontier(store_view(act->store), log, act->arena, &frontier);
    if (failed(e))
        return e;
    if (frontier.size != leaf)
        return err_make(ERR_CORRUPT, "clerk.log-gap");
    struct hash stored[TREE_LEVELS];
    struct hash leaf_hash = commit_leaf(entry);
    size_t count = frontier_append(&frontier, &leaf_hash, stored);
    for (size_t level = 0; level < count; level++) {
        struct store_node node = { log, (uint8_t)level, leaf >> level };
        e = store_node_put(act->store, node, &stored[level]);
        if (failed(e))
            return e;
    }
    uint8_t bytes[FRONTIER_LEN_MAX];
    struct row_key key = log_key(log);
    return row_put_bytes(act, TABLE_LOG, &key, frontier_format(&frontier, bytes));
}

static struct err month_mark(struct act *act, const struct journal_entry *entry)
{
    struct row_key key = { .len = 0 };
    for (int shift = 24; shift >= 0; shift -= 8)
        key_add_u8(&key, (uint8_t)(entry->month >> shift));
    key_add_u8(&key, entry->class_);
    if (row_exists(act, TABLE_MONTH, &key))
        return err_none();
    static const uint8_t used = 1;
    return row_put_bytes(act, TABLE_MONTH, &key, bytes_of(&used, 1));
}

/* What every fact brings with it, whatever its kind: leaf and month. */
static struct err entry_rows(struct act *act, const struct journal_entry *entry)
{
    struct err e = log_append(act, entry->log, entry->leaf, &entry->entry);
    return failed(e) ? e : month_mark(act, entry);
}

static struct err entry_add(struct act *act, const struct opening *opening, uint16_t log,
                            enum retention retention, struct journal_entry *out)
{
    struct journal_entry entry = { .log = log,
                                   .class_ = (uint8_t)retention,
                                   .month = vault_month_of(act->now),
                                   .entry = commit_entry(opening) };
    struct store_view *view = store_view(act->store);
    struct err e = store_journal_last(view, &entry.number);
    if (failed(e))
        return e;
    entry.number++;
    e = store_log_size(view, log, &entry.leaf);
    if (failed(e))
        return e;
    e = seal_opening(act, opening, &entry);
    if (failed(e))
        return e;
    act->wrote = true;
    e = store_append(act->store, &entry);
    if (failed(e))
        return e;
    *out = entry;
    return entry_rows(act, &entry);
}

struct err fact_add(struct act *act, enum fact_kind kind, struct json body, uint64_t *number_out)
{
    assert(!act->replay); /* C1 */
    assert(fact_log(kind) != FACT_LOG_FEED);
    struct fact fact = { .realm = act->clerk->config.realm,
                         .generation = act->clerk->config.generation,
                         .kind = kind,
                         .kind_text = text_literal(fact_kind_name(kind)),
                         .at = act->now,
                         .by = act->by->who,
                         .body = body };
    struct opening opening;
    struct err e = fact_format(&fact, act->arena, &opening.content);
    if (failed(e))
        return e;
    chance_draw(act->chance, opening.salt, sizeof(opening.salt));
    uint16_t log = fact_log(kind) == FACT_LOG_ANCHORS ? LOG_ANCHORS : LOG_INTERNAL;
    struct journal_entry entry;
    e = entry_add(act, &opening, log, fact_retention(kind), &entry);
    if (failed(e))
        return e;
    *number_out = entry.number;
    return apply_fact(act, &entry, &fact);
}

struct err frame_add(struct act *act, uint16_t log, const struct frame *frame, size_t *len_out)
{
    assert(!act->replay && log >= CONTENT_FRAME_LOG_FIRST);
    struct opening opening;
    struct err e = frame_format(frame, act->arena, &opening.content);
    if (failed(e))
        return e;
    chance_draw(act->chance, opening.salt, sizeof(opening.salt));
    enum retention retention =
        frame->kind == FRAME_RECORD ? RETENTION_PERSONAL : fact_retention(FACT_DISCLOSE);
    struct journal_entry entry;
    e = entry_add(act, &opening, log, retention, &entry);
    if (failed(e))
        return e;
    assert(entry.leaf + 1 == frame->number); /* the clerk gives numbers, nobody else */
    *len_out = opening.content.len;
    return apply_frame(act, &entry, frame);
}

/* One entry of the journal again: its rows as when it was written. */
struct err entry_replay(struct act *act, const struct journal_entry *entry)
{
    struct opening_bytes opening;
    struct err e = entry_rows(act, entry);
    if (failed(e) || entry->sealed.len == 0)
        return e; /* erased: the leaf is all that is left */
    e = journal_open(act->clerk, entry, act->arena, &opening);
    if (failed(e))
        return e;
    if (entry->log >= LOG_FEED_FIRST) {
        struct frame frame;
        e = frame_parse(opening.content, act->arena, &frame);
        return failed(e) ? e : apply_frame(act, entry, &frame);
    }
    struct fact fact;
    e = fact_parse(opening.content, act->arena, &fact);
    return failed(e) ? e : apply_fact(act, entry, &fact);
}
