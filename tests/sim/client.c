/* The users of the nodes: one thing at a time, repeated under its key until it is answered. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/encode.h"
#include "world.h"

enum { LAW_TEXT_MAX = 4096, RECORD_TEXT_MAX = 4096 };

static struct version version_new(struct world *world, unsigned owner)
{
    struct version version = { .serial = ++world->serials };
    version.category = (unsigned)dice_below(&world->dice, SIM_CATEGORIES);
    version.level = (unsigned)dice_below(&world->dice, SIM_LEVELS);
    version.phone = dice_falls(&world->dice, 700000);
    if (dice_falls(&world->dice, 200000))
        version.only = 1u << dice_below(&world->dice, world->config.nodes);
    if ((version.only >> owner & 1) != 0)
        version.only = 0;
    return version;
}

static bool pick_put(struct world *world, unsigned owner, struct op *op)
{
    struct truth *truth = &world->truth;
    unsigned *count = &truth->record_count[owner];
    op->kind = OP_PUT;
    op->version = version_new(world, owner);
    op->fresh = *count == 0 || (*count < SIM_RECORDS_MAX && dice_falls(&world->dice, 300000));
    if (!op->fresh) {
        op->record = (unsigned)dice_below(&world->dice, *count);
        const struct sim_record *record = &truth->records[owner][op->record];
        return record->state != RECORD_ERASED && record->count < SIM_VERSIONS_MAX;
    }
    uint8_t bits[16];
    char id[BASE32_128_LEN];
    op->record = (*count)++;
    dice_fill(&world->dice, bits, sizeof bits);
    base32_format_128(bits, id);
    struct sim_record *record = &truth->records[owner][op->record];
    *record = (struct sim_record){ .state = RECORD_NONE };
    snprintf(record->id, sizeof record->id, "%s-%.*s", member_name(owner), BASE32_128_LEN, id);
    return true;
}

static bool pick_end(struct world *world, unsigned owner, struct op *op)
{
    unsigned count = world->truth.record_count[owner];
    if (count == 0)
        return false;
    op->record = (unsigned)dice_below(&world->dice, count);
    op->kind = dice_falls(&world->dice, 250000) ? OP_ERASE : OP_WITHDRAW;
    return world->truth.records[owner][op->record].state == RECORD_LIVE;
}

static bool pick_law(struct world *world, unsigned member, struct op *op)
{
    bool joined = world->truth.laws[0].has_signed[member];
    op->law = joined ? (unsigned)dice_below(&world->dice, SIM_LAWS_MAX) : 0;
    const struct law *law = &world->truth.laws[op->law];
    if ((law->parties >> member & 1) == 0 || (law->old != NULL && !law_signed(law->old)))
        return false; /* a next version is made of what is in force */
    if (!law->put[member])
        op->kind = OP_LAW_PUT;
    else if (!law->has_signed[member])
        op->kind = OP_LAW_SIGN;
    else if (!law->has_left[member] && op->law != 0 && dice_falls(&world->dice, 150000))
        op->kind = OP_LAW_LEAVE;
    return op->kind != OP_NONE;
}

/* Its clock must have passed its last act there. */
static bool stop_op(struct world *world, unsigned member, struct op *op)
{
    const struct law *law = &world->truth.laws[op->law];
    const struct sim_stop *stop = &law->stops[op->kind_of_stop][member][op->target];
    op->at = node_now(world, &world->nodes[member]).ms;
    op->begins = !stop->open;
    op->kind = OP_LAW_STOP;
    return op->at > stop->at;
}

static bool pick_stop(struct world *world, unsigned member, struct op *op)
{
    op->law = (unsigned)dice_below(&world->dice, SIM_LAWS_MAX);
    op->kind_of_stop = (unsigned)dice_below(&world->dice, 2);
    op->target = (unsigned)dice_below(&world->dice, SIM_TARGETS);
    const struct law *law = &world->truth.laws[op->law];
    bool party = op->target == SIM_MEMBERS_MAX || (law->parties >> op->target & 1) != 0;
    return law->has_signed[member] && !law->has_left[member] && party && op->target != member &&
           law->acts[member] < SIM_STOPS_MAX && stop_op(world, member, op);
}

/* Something that it has stopped and not let go on. */
static bool pick_open(struct world *world, unsigned member, struct op *op)
{
    for (op->law = 0; op->law < SIM_LAWS_MAX; op->law++) {
        for (op->kind_of_stop = 0; op->kind_of_stop < 2; op->kind_of_stop++) {
            for (op->target = 0; op->target < SIM_TARGETS; op->target++) {
                const struct law *law = &world->truth.laws[op->law];
                if (law->stops[op->kind_of_stop][member][op->target].open)
                    return stop_op(world, member, op);
            }
        }
    }
    return false;
}

static bool pick_halt(struct world *world, unsigned member, struct op *op)
{
    op->partner = (unsigned)dice_below(&world->dice, world->config.nodes);
    const struct law *law = &world->truth.laws[0];
    if (op->partner == member || !law->has_signed[member])
        return false;
    op->kind = world->truth.halted[member][op->partner] ? OP_RESUME : OP_HALT;
    return true;
}

static struct op pick(struct world *world, unsigned member)
{
    struct op op = { .kind = OP_NONE };
    bool good = false;
    if (world->calm) { /* only what is left undone */
        for (op.partner = 0; op.partner < world->config.nodes && !good; op.partner++) {
            good = world->truth.halted[member][op.partner];
            if (good) {
                op.kind = OP_RESUME;
                break;
            }
        }
        good = good || pick_open(world, member, &op);
    } else {
        uint64_t kind = dice_below(&world->dice, 100);
        if (!world->truth.laws[0].has_signed[member] && kind >= 40)
            kind = 70; /* without law nothing happens */
        good = kind < 52   ? pick_put(world, member, &op)
               : kind < 64 ? pick_end(world, member, &op)
               : kind < 75 ? pick_law(world, member, &op)
               : kind < 80 ? pick_halt(world, member, &op)
               : kind < 86 ? pick_stop(world, member, &op)
                           : hits_pick(world, &world->nodes[member], &op);
    }
    if (!good)
        op.kind = OP_NONE;
    snprintf(op.key, sizeof op.key, "op-%llu", (unsigned long long)dice_next(&world->dice) >> 1);
    return op;
}

/* -- as commands -------------------------------------------------------------------------- */

static struct json text_json(struct world *world, const char *text, size_t len)
{
    struct json json = json_null();
    char *copy = arena_take(&world->arena, len + 1);
    assert(copy != NULL);
    memcpy(copy, text, len);
    struct err e = json_parse(bytes_of(copy, len), &world->arena, &json);
    if (failed(e))
        world_fail(world, "setup", "%s in %s", e.rule, text);
    return json;
}

static struct json put_body(struct world *world, unsigned owner, const struct op *op)
{
    char text[RECORD_TEXT_MAX];
    struct json body = json_object();
    size_t len = version_text(&op->version, owner, world->truth.records[owner][op->record].id, text,
                              sizeof text);
    json_set(&world->arena, &body, "record", text_json(world, text, len));
    return body;
}

static struct json law_body(struct world *world, const struct op *op)
{
    char keys[SIM_MEMBERS_MAX][65];
    char text[LAW_TEXT_MAX];
    struct json body = json_object();
    for (unsigned i = 0; i < world->config.nodes; i++)
        memcpy(keys[i], world->nodes[i].root_hex, sizeof keys[i]);
    size_t len = law_text(&world->truth.laws[op->law], op->law, world->config.nodes,
                          (const char(*)[65])keys, text, sizeof text);
    json_set_text(&world->arena, &body, "text",
                  arena_copy_text(&world->arena, (struct text){ text, len }));
    return body;
}

static void stop_question(struct world *world, const struct op *op,
                          struct keeper_question *question)
{
    static const char *const roles[2][2] = { { "resume", "suspend" }, { "settle", "dispute" } };
    struct instant at = { op->at };
    struct json more = json_object();
    json_set_text(&world->arena, &more, "at", instant_format(&world->arena, at));
    if (op->target != SIM_MEMBERS_MAX)
        json_set_text(&world->arena, &more, "against", text_literal(member_name(op->target)));
    if (op->kind_of_stop == 1) {
        json_set_integer(&world->arena, &more, "article", 1);
        json_set_integer(&world->arena, &more, "clause", 1);
    }
    question->instrument.role = text_literal(roles[op->kind_of_stop][op->begins]);
    question->instrument.on = date_of_instant(at);
    struct err e = json_format(&more, &world->arena, &question->instrument.more);
    if (failed(e))
        world_fail(world, "setup", "act: %s", e.rule);
}

static struct json signature_body(struct world *world, struct node *node, const struct op *op)
{
    const struct law *law = &world->truth.laws[op->law];
    struct node_line line = { world, node };
    struct keeper_question question = { .kind = KEEPER_SIGN_INSTRUMENT };
    struct keeper_answer answer;
    struct json body = json_object();
    struct err e =
        hex_parse((struct text){ law->hash, 64 }, question.instrument.tree.bytes, HASH_LEN);
    question.instrument.role = op->kind == OP_LAW_SIGN ? TEXT("sign") : TEXT("withdraw");
    question.instrument.on = (struct date){ 2026, 11, 22 };
    if (op->kind == OP_LAW_STOP)
        stop_question(world, op, &question);
    if (!failed(e))
        e = node_ask(&line, &question, &world->arena, &answer);
    if (!failed(e))
        e = answer.err;
    if (failed(e))
        world_fail(world, "setup", "signature: %s", e.rule);
    json_set_text(&world->arena, &body, "hash", (struct text){ law->hash, 64 });
    json_set_text(&world->arena, &body, "signature",
                  (struct text){ (const char *)answer.data.data, answer.data.len });
    return body;
}

static struct json body_of(struct world *world, struct node *node, const struct op *op,
                           enum verb *verb_out)
{
    static const enum verb verbs[] = {
        [OP_PUT] = VERB_RECORD_PUT,
        [OP_WITHDRAW] = VERB_RECORD_WITHDRAW,
        [OP_ERASE] = VERB_RECORD_ERASE,
        [OP_LAW_PUT] = VERB_INSTRUMENT_PUT,
        [OP_LAW_SIGN] = VERB_INSTRUMENT_SIGN,
        [OP_LAW_LEAVE] = VERB_INSTRUMENT_WITHDRAW,
        [OP_LAW_STOP] = VERB_INSTRUMENT_ACT,
        [OP_HIT] = VERB_HIT_OPEN,
        [OP_HIT_ANSWER] = VERB_HIT_ANSWER,
        [OP_HIT_OUTCOME] = VERB_HIT_OUTCOME,
        [OP_HALT] = VERB_PARTNER_HALT,
        [OP_RESUME] = VERB_PARTNER_RESUME,
    };
    struct json body = json_object();
    *verb_out = verbs[op->kind];
    switch (op->kind) {
    case OP_PUT:
        return put_body(world, node->number, op);
    case OP_WITHDRAW:
    case OP_ERASE:
        json_set_text(&world->arena, &body, "record",
                      text_literal(world->truth.records[node->number][op->record].id));
        break;
    case OP_LAW_PUT:
        return law_body(world, op);
    case OP_LAW_SIGN:
    case OP_LAW_LEAVE:
    case OP_LAW_STOP:
        return signature_body(world, node, op);
    case OP_HALT:
    case OP_RESUME:
        json_set_text(&world->arena, &body, "partner", text_literal(member_name(op->partner)));
        break;
    case OP_HIT:
    case OP_HIT_ANSWER:
    case OP_HIT_OUTCOME:
        hits_body(world, op, &body);
        return body;
    case OP_NONE:
        break;
    }
    json_set_text(&world->arena, &body, "reason", TEXT("simulated"));
    return body;
}

/* -- what the answer makes true ----------------------------------------------------------- */

static void record_done(struct world *world, unsigned owner, const struct op *op,
                        const struct reply *reply)
{
    struct sim_record *record = &world->truth.records[owner][op->record];
    int64_t number = 0;
    if (op->kind == OP_PUT) {
        (void)json_get_integer(&reply->body, "version", &number);
        if ((uint64_t)number != record->number + 1)
            world_fail(world, "I4",
                       "%s is version %lld behind %llu: something happened twice "
                       "or was lost",
                       record->id, (long long)number, (unsigned long long)record->number);
        assert(record->count < SIM_VERSIONS_MAX);
        record->versions[record->count] = op->version;
        record->versions[record->count++].number = (uint64_t)number;
    }
    record->number++;
    record->state = op->kind == OP_PUT        ? RECORD_LIVE
                    : op->kind == OP_WITHDRAW ? RECORD_WITHDRAWN
                                              : RECORD_ERASED;
}

static void law_done(struct world *world, unsigned member, const struct op *op,
                     const struct reply *reply)
{
    struct law *law = &world->truth.laws[op->law];
    struct text hash = json_get_text(&reply->body, "hash");
    law->put[member] = true;
    law->has_signed[member] = law->has_signed[member] || op->kind == OP_LAW_SIGN;
    law->has_left[member] = law->has_left[member] || op->kind == OP_LAW_LEAVE;
    if (op->kind != OP_LAW_PUT)
        return;
    if (hash.len != 64 || (law->hash[0] != '\0' && memcmp(law->hash, hash.data, 64) != 0))
        world_fail(world, "I9", "two hashes of law %u", op->law);
    memcpy(law->hash, hash.data, 64);
}

static void stop_done(struct world *world, unsigned member, const struct op *op)
{
    struct law *law = &world->truth.laws[op->law];
    law->stops[op->kind_of_stop][member][op->target] = (struct sim_stop){ op->begins, op->at };
    law->acts[member]++;
    law->stopped = true;
}

static void halt_done(struct world *world, struct node *node, const struct op *op)
{
    world->truth.halted[node->number][op->partner] = op->kind == OP_HALT;
    struct line line;
    struct err e = line_open(node->clerk, store_view(node->store),
                             text_literal(member_name(op->partner)), &world->arena, &line);
    if (!failed(e))
        node->peers[op->partner].halted_size = line.numbered;
}

static void done(struct world *world, struct node *node, const struct reply *reply)
{
    struct op op = node->op;
    node->op.kind = OP_NONE;
    world_say(world, "%s op %d record %u law %u partner %u", member_name(node->number), op.kind,
              op.record, op.law, op.partner);
    switch (op.kind) {
    case OP_PUT:
    case OP_WITHDRAW:
    case OP_ERASE:
        record_done(world, node->number, &op, reply);
        return;
    case OP_LAW_PUT:
    case OP_LAW_SIGN:
    case OP_LAW_LEAVE:
        law_done(world, node->number, &op, reply);
        return;
    case OP_LAW_STOP:
        stop_done(world, node->number, &op);
        return;
    case OP_HALT:
    case OP_RESUME:
        halt_done(world, node, &op);
        return;
    case OP_HIT:
    case OP_HIT_ANSWER:
    case OP_HIT_OUTCOME:
        hits_done(world, node, &op, reply);
        return;
    case OP_NONE:
        return;
    }
}

void client_step(struct world *world, struct node *node)
{
    if (!node->up)
        return;
    if (node->op.kind == OP_NONE) {
        node->op = pick(world, node->number);
        world->steps += node->op.kind != OP_NONE;
    }
    if (node->op.kind == OP_NONE)
        return;
    struct command command = { .by = node_caller(node, true),
                               .idempotency = text_literal(node->op.key) };
    struct json body = body_of(world, node, &node->op, &command.verb);
    command.body = &body;
    struct reply reply = node_run(world, node, command);
    if (!failed(reply.err)) {
        done(world, node, &reply);
        return;
    }
    bool passes = reply.err.code == ERR_UNAVAILABLE || reply.err.code == ERR_IO ||
                  strcmp(reply.err.rule, "treaty.act-in-future") == 0; /* its clock went back */
    if (!passes && node->op.kind >= OP_HIT) { /* the copy, the clause or the move is gone */
        node->op.kind = OP_NONE;
        return;
    }
    if (!passes)
        world_fail(world, "command", "%s: %s (%.*s) to op %d", member_name(node->number),
                   reply.err.rule, (int)reply.subject.len,
                   reply.subject.data == NULL ? "" : reply.subject.data, node->op.kind);
    world->counters.retries++;
}

static bool has_open(const struct world *world, unsigned member)
{
    for (unsigned i = 0; i < SIM_LAWS_MAX; i++)
        for (unsigned kind = 0; kind < 2; kind++)
            for (unsigned k = 0; k < SIM_TARGETS; k++)
                if (world->truth.laws[i].stops[kind][member][k].open)
                    return true;
    return false;
}

bool client_idle(const struct world *world)
{
    for (unsigned i = 0; i < world->config.nodes; i++) {
        if (!world->nodes[i].up || world->nodes[i].op.kind != OP_NONE)
            return false;
        for (unsigned k = 0; k < world->config.nodes; k++)
            if (world->truth.halted[i][k])
                return false;
        if (has_open(world, i))
            return false;
    }
    return true;
}
