/* The faults have stopped and everything is delivered: what must be true now. */
#include <stdio.h>

#include "clerk/rows.h"
#include "oracle_parts.h"

static void view_check(struct world *world, unsigned owner, unsigned holder,
                       const struct sim_record *record, const struct json *row_opt)
{
    enum truth_view view = truth_view(&world->truth, owner, holder, record);
    int64_t number = 0;
    bool phone = false;
    if ((view == VIEW_NOTHING) != (row_opt == NULL)) {
        oracle_explain(world, owner, holder, record);
    }
    if (world->config.trace && row_opt != NULL && view == VIEW_NOTHING) {
        struct bytes bytes;
        if (!failed(json_format(row_opt, &world->arena, &bytes)))
            printf("  row: %.*s\n", (int)bytes.len, (const char *)bytes.data);
    }
    if (view == VIEW_NOTHING) {
        if (row_opt != NULL)
            world_fail(world, "I6", "%s still holds %s (state %d) and is not entitled to it",
                       member_name(holder), record->id, record->state);
        return;
    }
    const struct version *last = record_last(record);
    if (row_opt == NULL)
        world_fail(world, "I4", "%s is entitled to %s version %llu (%s) and has it not",
                   member_name(holder), record->id, (unsigned long long)last->number,
                   sim_categories[last->category]);
    (void)json_get_integer(row_opt, "version", &number);
    if ((uint64_t)number != last->number ||
        !oracle_content_is(json_get(row_opt, "record"), last, &phone))
        world_fail(world, "I4", "%s holds %s at version %lld, newest is %llu", member_name(holder),
                   record->id, (long long)number, (unsigned long long)last->number);
    bool wants = last->phone && view == VIEW_WHOLE;
    if (view != VIEW_EITHER && phone != wants)
        world_fail(world, "I1", "%s holds %s %s its phone", member_name(holder), record->id,
                   phone ? "with" : "without");
}

static void holder_check(struct world *world, const struct node *node)
{
    struct store_rows rows = oracle_records(world, node);
    for (unsigned owner = 0; owner < world->config.nodes; owner++) {
        for (unsigned i = 0; owner != node->number && i < world->truth.record_count[owner]; i++) {
            const struct sim_record *record = &world->truth.records[owner][i];
            struct json found = json_null();
            size_t mark = world->arena.used;
            for (size_t k = 0; k < rows.count && found.kind == JSON_NULL; k++) {
                struct json row = oracle_row(world, rows.rows[k].value);
                struct text id = json_get_text(json_get(&row, "record"), "id");
                if (!json_get_bool(&row, "own") && text_is(id, record->id))
                    found = row;
            }
            view_check(world, owner, node->number, record, found.kind == JSON_NULL ? NULL : &found);
            arena_rewind(&world->arena, mark);
        }
    }
}

static bool hit_row(struct world *world, unsigned member, const char *id, struct json *out)
{
    struct row_key key = key_text(text_literal(id));
    struct store_view *view = store_view(world->nodes[member].store);
    return !failed(view_get(view, TABLE_HIT, &key, &world->arena, out));
}

/* What was reported is on the owner's desk, and both tell the same story, as long as the law under
 * which it was reported joins the two. */
static void hits_check(struct world *world)
{
    for (unsigned i = 0; i < world->hit_count; i++) {
        const struct sim_hit *hit = &world->hits[i];
        struct json found;
        struct json told;
        unsigned owner = 0;
        size_t mark = world->arena.used;
        if (!hit_row(world, hit->finder, hit->id, &found))
            world_fail(world, "I4", "hit %s of %s is lost", hit->id, member_name(hit->finder));
        const struct law *law = oracle_law_of(world, json_get(&found, "basis"));
        if (!oracle_member_of(world, json_get_text(&found, "partner"), &owner) || law == NULL)
            world_fail(world, "I1", "hit %s names no agreement or partner", hit->id);
        if (!law_joins(law, hit->finder, owner) || law->stopped || law->next != NULL)
            continue; /* a message that meets a stop, or a text that has ended, is dropped */
        if (!hit_row(world, owner, hit->id, &told))
            world_fail(world, "I4", "hit %s of %s never reached %s", hit->id,
                       member_name(hit->finder), member_name(owner));
        struct text here = json_get_text(&found, "state");
        struct text there = json_get_text(&told, "state");
        if (!text_equal(here, there))
            world_fail(world, "I4", "hit %s is %.*s at %s and %.*s at %s", hit->id, (int)here.len,
                       here.data, member_name(hit->finder), (int)there.len, there.data,
                       member_name(owner));
        arena_rewind(&world->arena, mark);
    }
}

static struct hash table_hash(struct world *world, const struct node *node, enum store_table table)
{
    struct store_range range = { .table = table, .limit = STORE_READ_MAX };
    struct store_rows rows = { .count = 0 };
    struct hasher h;
    struct err e = store_scan(store_view(node->store), &range, &world->arena, &rows);
    if (failed(e))
        world_fail(world, "store", "%s: %s", member_name(node->number), e.rule);
    hasher_init(&h);
    for (size_t i = 0; i < rows.count; i++) {
        hasher_add(&h, bytes_of(&rows.rows[i].key.len, sizeof rows.rows[i].key.len));
        hasher_add(&h, rows.rows[i].key);
        hasher_add(&h, bytes_of(&rows.rows[i].value.len, sizeof rows.rows[i].value.len));
        hasher_add(&h, rows.rows[i].value);
    }
    return hasher_end(&h);
}

/* Every table is computed from the journal: computed again, it is the same. All but two: that a
 * deadline has fired, and that a message was dropped since its clause had ended, are no facts; both
 * are found again and end the same way. */
static void rebuild_check(struct world *world, struct node *node)
{
    struct hash before[STORE_TABLES];
    arena_reset(&world->arena);
    for (unsigned i = 0; i < STORE_TABLES; i++)
        before[i] = table_hash(world, node, (enum store_table)i);
    struct err e = clerk_rebuild(node->clerk, &world->arena);
    if (failed(e))
        world_fail(world, "rebuild", "%s: %s", member_name(node->number), e.rule);
    for (unsigned i = 0; i < STORE_TABLES; i++) {
        struct hash after = table_hash(world, node, (enum store_table)i);
        bool again = i == TABLE_DEADLINE || i == TABLE_OUTBOX;
        if (!again && !hash_equal(&before[i], &after))
            world_fail(world, "rebuild", "%s computes another table %s from its journal",
                       member_name(node->number), store_table_name((enum store_table)i));
    }
}

void oracle_converged(struct world *world)
{
    for (unsigned i = 0; i < world->config.nodes; i++) {
        oracle_owner(world, &world->nodes[i]);
        oracle_copies(world, &world->nodes[i]);
        holder_check(world, &world->nodes[i]);
        for (unsigned k = 0; k < world->config.nodes; k++) {
            struct line line;
            oracle_feed(world, i, k);
            struct err e = line_open(world->nodes[i].clerk, store_view(world->nodes[i].store),
                                     text_literal(member_name(k)), &world->arena, &line);
            if (!failed(e) && line.theirs.parked_count > 0)
                world_fail(world, "I1", "%s still parks %zu frames of %s", member_name(i),
                           line.theirs.parked_count, member_name(k));
        }
    }
    hits_check(world);
    for (unsigned i = 0; i < world->config.nodes; i++)
        rebuild_check(world, &world->nodes[i]);
}
