/* Hits: a member finds a copy, reports it to the owner, who answers; the finder codes the outcome.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

/* The rows of a table, as a user of that node sees them. */
static struct store_rows rows_of(struct world *world, const struct node *node,
                                 enum store_table table)
{
    struct store_range range = { .table = table, .limit = STORE_READ_MAX };
    struct store_rows rows = { .count = 0 };
    if (failed(store_scan(store_view(node->store), &range, &world->arena, &rows)))
        rows.count = 0;
    return rows;
}

static void subject_set(struct op *op, struct text id)
{
    assert(id.len < sizeof op->subject);
    memcpy(op->subject, id.data, id.len);
    op->subject[id.len] = '\0';
}

/* A copy that it could be: any. */
static bool pick_report(struct world *world, const struct node *node, struct op *op)
{
    struct store_rows rows = rows_of(world, node, TABLE_RECORD);
    size_t first = rows.count == 0 ? 0 : dice_below(&world->dice, rows.count);
    for (size_t i = 0; i < rows.count && world->hit_count < SIM_HITS_MAX; i++) {
        struct json row;
        const struct store_row *one = &rows.rows[(first + i) % rows.count];
        if (failed(json_parse(one->value, &world->arena, &row)) || json_get(&row, "from") == NULL)
            continue;
        op->kind = OP_HIT;
        subject_set(op, json_get_text(json_get(&row, "record"), "id"));
        return true;
    }
    return false;
}

/* A hit on the desk in which it is this side's move. */
static bool pick_move(struct world *world, const struct node *node, struct op *op)
{
    struct store_rows rows = rows_of(world, node, TABLE_HIT);
    size_t first = rows.count == 0 ? 0 : dice_below(&world->dice, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        struct json row;
        if (failed(json_parse(rows.rows[(first + i) % rows.count].value, &world->arena, &row)))
            continue;
        bool owner = text_is(json_get_text(&row, "side"), "owner");
        struct text state = json_get_text(&row, "state");
        if (!text_is(state, owner ? "reported" : "confirmed"))
            continue;
        op->kind = owner ? OP_HIT_ANSWER : OP_HIT_OUTCOME;
        op->fresh = dice_falls(&world->dice, 700000); /* it is he */
        subject_set(op, json_get_text(&row, "hit"));
        return true;
    }
    return false;
}

bool hits_pick(struct world *world, const struct node *node, struct op *op)
{
    return dice_falls(&world->dice, 500000) ? pick_move(world, node, op)
                                            : pick_report(world, node, op);
}

void hits_body(struct world *world, const struct op *op, struct json *body)
{
    struct arena *arena = &world->arena;
    struct json report = json_object();
    struct text subject = text_literal(op->subject);
    switch ((int)op->kind) {
    case OP_HIT:
        json_set(arena, &report, "text", json_literal("simulated"));
        json_set_text(arena, body, "record", subject);
        json_set(arena, body, "report", report);
        return;
    case OP_HIT_ANSWER:
        json_set_text(arena, body, "hit", subject);
        json_set(arena, body, "confirmed", json_bool(op->fresh));
        return;
    case OP_HIT_OUTCOME:
        json_set_text(arena, body, "hit", subject);
        json_set(arena, body, "outcome", json_literal("identified"));
        return;
    default:
        return;
    }
}

void hits_done(struct world *world, const struct node *node, const struct op *op,
               const struct reply *reply)
{
    struct text id = json_get_text(&reply->body, "hit");
    world->counters.hits++;
    if (op->kind != OP_HIT)
        return;
    assert(id.len < sizeof world->hits[0].id && world->hit_count < SIM_HITS_MAX);
    struct sim_hit *hit = &world->hits[world->hit_count++];
    memcpy(hit->id, id.data, id.len);
    hit->finder = node->number;
}
