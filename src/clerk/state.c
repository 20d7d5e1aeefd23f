#include "clerk/state.h"

#include <assert.h>
#include <stdlib.h>

#include "clerk/shelf/shelf.h"
#include "seal/vault.h"

enum { REPLAY_STEP = 256, LOAD_ARENA = 64 << 20 };

const struct clerk_config *clerk_config(const struct clerk *clerk)
{
    return &clerk->config;
}

struct store *clerk_store(const struct clerk *clerk)
{
    return clerk->store;
}

struct shelf *clerk_shelf(const struct clerk *clerk)
{
    return clerk->shelf;
}

const struct rules *clerk_rules(const struct clerk *clerk)
{
    return clerk->rules;
}

struct err rules_load(struct clerk *clerk, struct instant now)
{
    int side = 1 - clerk->rules_side;
    struct arena *memory = &clerk->rules_memory[side];
    struct rules *rules = NULL;
    arena_reset(memory);
    struct err e = rules_make(store_view(clerk->store), clerk->config.member, now, memory,
                              &rules);
    if (failed(e))
        return e;
    clerk->rules = rules;
    clerk->rules_side = side;
    clerk->rules_loads++;
    return err_none();
}

/* -- keys --------------------------------------------------------------------------------- */

static struct clerk_key *key_slot(struct clerk *clerk, struct clerk_month month)
{
    for (size_t i = 0; i < clerk->key_count; i++) {
        if (clerk->keys[i].of.month == month.month &&
            clerk->keys[i].of.retention == month.retention)
            return &clerk->keys[i];
    }
    if (clerk->key_count == CLERK_MONTHS_MAX)
        return NULL;
    struct clerk_key *slot = &clerk->keys[clerk->key_count];
    slot->of = month;
    clerk->key_count++;
    return slot;
}

struct err clerk_key_give(struct clerk *clerk, struct clerk_month month,
                          const struct secret_key *key)
{
    struct clerk_key *slot = key_slot(clerk, month);
    if (slot == NULL)
        return err_make(ERR_LIMIT, "clerk.too-many-months");
    if (slot->given)
        return err_none(); /* a reader may be at it, and a version never changes */
    slot->secret = *key;
    slot->given = true;
    return err_none();
}

size_t clerk_keys_wanted(struct clerk *clerk, struct instant now, struct clerk_month *out,
                         size_t size)
{
    size_t count = 0;
    for (int class_ = 0; class_ < RETENTIONS; class_++) {
        struct clerk_month month = { vault_month_of(now), (uint8_t)class_ };
        (void)key_slot(clerk, month);
    }
    for (size_t i = 0; i < clerk->key_count && count < size; i++) {
        if (!clerk->keys[i].given)
            out[count++] = clerk->keys[i].of;
    }
    return count;
}

static struct err months_load(struct clerk *clerk, struct arena *arena)
{
    struct store_range range = { .table = TABLE_MONTH, .limit = CLERK_MONTHS_MAX };
    struct store_rows rows;
    struct err e = store_scan(store_view(clerk->store), &range, arena, &rows);
    if (failed(e))
        return e;
    for (size_t i = 0; i < rows.count; i++) {
        struct bytes key = rows.rows[i].key;
        if (key.len != 5)
            return err_make(ERR_CORRUPT, "clerk.bad-row");
        uint32_t month = (uint32_t)key.data[0] << 24 | (uint32_t)key.data[1] << 16 |
                         (uint32_t)key.data[2] << 8 | key.data[3];
        (void)key_slot(clerk, (struct clerk_month){ month, key.data[4] });
    }
    return err_none();
}

/* -- index -------------------------------------------------------------------------------- */

struct err shelf_again(struct clerk *clerk)
{
    void *memory = malloc(LOAD_ARENA);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    struct arena arena = arena_over(memory, LOAD_ARENA);
    struct err e = shelf_load(clerk->shelf, store_view(clerk->store), &arena);
    clerk->shelf_stale = failed(e);
    free(memory);
    return e;
}

/* When the last sweep was: what has changed by the clock since then is swept by the first tick. */
static struct err rules_instant(struct clerk *clerk, struct arena *arena, struct instant *out)
{
    struct row_key key = key_text(TEXT(CLERK_SWEPT_ROW));
    struct json row;
    struct err e = view_get(store_view(clerk->store), TABLE_META, &key, arena, &row);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    return failed(e) ? e : instant_parse(json_get_text(&row, "at"), out);
}

/* -- open, close, rebuild ----------------------------------------------------------------- */

static struct err load(struct clerk *clerk)
{
    void *memory = malloc(LOAD_ARENA);
    if (memory == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    struct arena arena = arena_over(memory, LOAD_ARENA);
    struct err e = months_load(clerk, &arena);
    if (!failed(e))
        e = shelf_load(clerk->shelf, store_view(clerk->store), &arena);
    struct instant at = { 0 };
    if (!failed(e))
        e = rules_instant(clerk, &arena, &at);
    free(memory);
    return failed(e) ? e : rules_load(clerk, at);
}

struct err clerk_open(const struct clerk_config *config, struct store *store, struct clerk **out)
{
    struct clerk *clerk = calloc(1, sizeof(*clerk));
    if (clerk == NULL)
        return err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    clerk->config = *config;
    clerk->store = store;
    struct err e = member_code_parse(config->member, &clerk->member);
    if (!failed(e))
        e = shelf_open(config->depot_opt, &clerk->shelf);
    clerk->memory = malloc(2 * (size_t)CLERK_RULES_SIZE);
    clerk->keys = calloc(CLERK_MONTHS_MAX, sizeof(*clerk->keys));
    if (!failed(e) && (clerk->memory == NULL || clerk->keys == NULL))
        e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (!failed(e)) {
        uint8_t *memory = clerk->memory;
        clerk->rules_memory[0] = arena_over(memory, CLERK_RULES_SIZE);
        clerk->rules_memory[1] = arena_over(memory + CLERK_RULES_SIZE, CLERK_RULES_SIZE);
        e = load(clerk);
    }
    if (failed(e)) {
        clerk_close(clerk);
        return e;
    }
    *out = clerk;
    return err_none();
}

void clerk_close(struct clerk *clerk_opt)
{
    if (clerk_opt == NULL)
        return;
    shelf_close(clerk_opt->shelf);
    if (clerk_opt->keys != NULL)
        secret_wipe(clerk_opt->keys, CLERK_MONTHS_MAX * sizeof(*clerk_opt->keys));
    free(clerk_opt->keys);
    free(clerk_opt->memory);
    free(clerk_opt);
}

static struct err replay_all(struct act *act)
{
    uint64_t next = 1;
    for (;;) {
        struct journal_entries entries;
        arena_reset(act->arena);
        struct err e = store_journal_read(store_view(act->store), next, REPLAY_STEP, act->arena,
                                          &entries);
        if (failed(e) || entries.count == 0)
            return e;
        for (size_t i = 0; i < entries.count; i++) {
            e = entry_replay(act, &entries.entries[i]);
            if (failed(e))
                return e;
        }
        next += entries.count;
    }
}

struct err clerk_rebuild(struct clerk *clerk, struct arena *arena)
{
    struct caller nobody = { .roles = ROLE_BIT_NODE };
    struct act act = { .clerk = clerk, .store = clerk->store, .arena = arena, .by = &nobody,
                       .replay = true };
    struct err e = store_begin(clerk->store);
    if (failed(e))
        return e;
    e = store_reset_tables(clerk->store);
    if (!failed(e))
        e = replay_all(&act);
    if (failed(e)) {
        store_rollback(clerk->store);
        return e;
    }
    e = store_commit(clerk->store);
    return failed(e) ? e : load(clerk);
}
