/* The couriers of a node: link/ and clerk/exchange/line.h on one side, the virtual network on the
 * other. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "clerk/exchange/logs.h"
#include "world.h"

static struct text text_of(struct bytes bytes)
{
    return (struct text){ (const char *)bytes.data, bytes.len };
}

static struct instant clock_of(const struct world *world)
{
    return (struct instant){ world->now }; /* monotonic: couriers do not wait by the wall clock */
}

static uint32_t spread(struct world *world)
{
    return (uint32_t)dice_next(&world->dice);
}

static bool open_line(struct world *world, struct node *node, unsigned partner, struct line *out)
{
    struct err e = line_open(node->clerk, store_view(node->store),
                             text_literal(member_name(partner)), &world->arena, out);
    if (failed(e) && e.code != ERR_NOT_FOUND && e.code != ERR_UNAVAILABLE)
        world_fail(world, "line", "%s to %s: %s", member_name(node->number), member_name(partner),
                   e.rule);
    return !failed(e);
}

/* Trouble that passes: disk full, crashed, a key not given yet. */
static bool passes(struct err e)
{
    return e.code == ERR_UNAVAILABLE || e.code == ERR_IO;
}

static struct json partner_body(struct world *world, unsigned partner)
{
    struct json body = json_object();
    json_set_text(&world->arena, &body, "partner", text_literal(member_name(partner)));
    return body;
}

/* -- sending ------------------------------------------------------------------------------ */

/* Numbers what the partner is entitled to; false when the node has died of it. */
static bool number(struct world *world, struct node *node, unsigned partner, struct line *line)
{
    struct line_room room;
    uint64_t before = line->numbered;
    struct err e = line_room(line, node->peers[partner].out.acked, &world->arena, &room);
    if (failed(e) || room.frames == 0)
        return !failed(e);
    struct json body = partner_body(world, partner);
    json_set_integer(&world->arena, &body, "room", (int64_t)room.bytes);
    json_set_integer(&world->arena, &body, "frames", (int64_t)room.frames);
    struct command command = { .verb = VERB_FEED_NUMBER,
                               .by = node_caller(node, false),
                               .body = &body };
    struct reply reply = node_run(world, node, command);
    if (failed(reply.err) && !passes(reply.err))
        world_fail(world, "command", "feed.number of %s to %s: %s", member_name(node->number),
                   member_name(partner), reply.err.rule);
    if (!node->up)
        return false;
    int64_t numbered = 0;
    if (!failed(reply.err) && json_get_integer(&reply.body, "numbered", &numbered) &&
        numbered > 0) {
        world->counters.frames += (uint64_t)numbered;
        world->quiet = 0;
        world_say(world, "%s numbers %lld for %s", member_name(node->number), (long long)numbered,
                  member_name(partner));
        oracle_numbered(world, node->number, partner, before + 1, before + (uint64_t)numbered);
    }
    oracle_halt(world, node->number, partner);
    return open_line(world, node, partner, line);
}

static struct letter letter_of(const struct node *node, unsigned to, enum letter_kind kind)
{
    return (struct letter){
        .kind = kind, .from = (uint8_t)node->number, .to = (uint8_t)to, .line = node->peers[to].line
    };
}

static struct bytes hello_of(struct world *world, struct node *node, const struct line *line,
                             bool cards)
{
    const struct keeper_state *keeper = node->keeper;
    struct text texts[2] = { text_of(bytes_of(keeper->root_card.data, keeper->root_card.len)),
                             text_of(bytes_of(keeper->node_card.data, keeper->node_card.len)) };
    struct bytes bytes;
    struct err e =
        line_hello(line, texts, cards ? 2 : 0, node_now(world, node), &world->arena, &bytes);
    if (failed(e))
        world_fail(world, "line", "hello: %s", e.rule);
    return bytes;
}

static void greet(struct world *world, struct node *node, unsigned partner, const struct line *line)
{
    struct peer *peer = &node->peers[partner];
    peer->line = ++world->lines;
    peer->greeting = line_greeting(line);
    struct letter letter = letter_of(node, partner, LETTER_HELLO);
    world_say(world, "%s greets %s", member_name(node->number), member_name(partner));
    world_send(world, &letter, hello_of(world, node, line, !peer->introduced));
    feed_out_greeted(&peer->out, clock_of(world));
}

static struct err sign(void *context, struct store_view *view, const struct log_head *which,
                       struct arena *arena, struct text *note_out)
{
    const struct node_line *line = context;
    struct log_keeper keeper = { node_ask, context };
    return log_head_sign(&line->node->config, view, which, &keeper, arena, note_out);
}

static void send_batch(struct world *world, struct node *node, unsigned partner,
                       const struct line *line, struct feed_range range)
{
    struct peer *peer = &node->peers[partner];
    struct node_line context = { world, node };
    struct line_signer signer = { sign, &context };
    struct bytes bytes;
    struct err e = line_batch(line, range, peer->anchors, &signer, &world->arena, &bytes);
    if (failed(e))
        world_fail(world, "line", "%s to %s, frames %llu to %llu: %s", member_name(node->number),
                   member_name(partner), (unsigned long long)range.first,
                   (unsigned long long)range.last, e.rule);
    struct letter letter = letter_of(node, partner, LETTER_BATCH);
    letter.last = range.last;
    world_say(world, "%s sends %llu-%llu to %s", member_name(node->number),
              (unsigned long long)range.first, (unsigned long long)range.last,
              member_name(partner));
    world_send(world, &letter, bytes);
    feed_out_sent(&peer->out, range, clock_of(world));
    world->counters.batches++;
}

void courier_step(struct world *world, struct node *node, unsigned partner)
{
    struct peer *peer = &node->peers[partner];
    struct line line;
    struct feed_range range;
    world->quiet++;
    if (!node->up || !open_line(world, node, partner, &line))
        return;
    feed_out_tick(&peer->out, clock_of(world), spread(world));
    if (peer->out.phase == FEED_OUT_FROZEN)
        world_fail(world, "I5", "%s froze its feed to %s: %s", member_name(node->number),
                   member_name(partner), peer->out.frozen_rule);
    if (peer->out.phase == FEED_OUT_OPEN && !number(world, node, partner, &line))
        return;
    if (line.halted && peer->out.phase == FEED_OUT_OPEN)
        return;
    switch (feed_out_next(&peer->out, line.numbered, clock_of(world), &range)) {
    case FEED_OUT_GREET:
        world->quiet = 0;
        greet(world, node, partner, &line);
        return;
    case FEED_OUT_SEND:
        world->quiet = 0;
        send_batch(world, node, partner, &line, range);
        return;
    case FEED_OUT_WAIT:
        if (peer->out.phase != FEED_OUT_OPEN || peer->out.flying > 0)
            world->quiet = 0;
        return;
    }
}

/* -- receiving ---------------------------------------------------------------------------- */

static bool cards_put(struct world *world, struct node *node, unsigned partner,
                      const struct hello *hello)
{
    if (hello->cards_count == 0)
        return true;
    struct json body = partner_body(world, partner);
    struct json cards = json_array();
    for (size_t i = 0; i < hello->cards_count; i++)
        json_push(&world->arena, &cards, json_string(hello->cards[i]));
    json_set(&world->arena, &body, "cards", cards);
    struct command command = { .verb = VERB_CARD_PUT,
                               .by = node_caller(node, false),
                               .body = &body };
    struct reply reply = node_run(world, node, command);
    bool early = strcmp(reply.err.rule, "seal.not-yet") == 0; /* our clock is far behind */
    if (failed(reply.err) && !passes(reply.err) && !early)
        world_fail(world, "command", "card.put: %s", reply.err.rule);
    return !failed(reply.err);
}

static void hello_take(struct world *world, struct node *node, const struct letter *letter)
{
    struct peer *peer = &node->peers[letter->from];
    struct hello hello;
    struct hello_agreed agreed;
    struct line line;
    struct bytes answer;
    if (letter->line <= peer->line_seen || !open_line(world, node, letter->from, &line))
        return; /* a connection that is long dead, or a stranger yet */
    peer->line_seen = letter->line;
    struct err e = hello_parse(bytes_of(letter->bytes, letter->len), &world->arena, &hello);
    if (failed(e))
        world_fail(world, "line", "hello: %s", e.rule);
    if (!cards_put(world, node, letter->from, &hello) || !node->up)
        return; /* the power may fail in that commit: the line stood on a clerk that is gone */
    e = line_greeted(&line, &hello, world->nodes[letter->from].config.root_key, NULL,
                     node_now(world, node), &agreed);
    if (failed(e) && link_rule_freezes(text_literal(e.rule)))
        world_fail(world, "I5", "%s finds %s %s", member_name(node->number),
                   member_name(letter->from), e.rule);
    struct letter head = letter_of(node, letter->from, LETTER_ANSWER);
    head.asked = LETTER_HELLO;
    head.line = letter->line;
    if (failed(e)) {
        e = line_refusal(line.clerk, e.rule, node_now(world, node), &world->arena, &answer);
        if (!failed(e))
            world_send(world, &head, answer);
        return;
    }
    if (hello.anchors > peer->anchors)
        peer->anchors = hello.anchors;
    world_send(world, &head, hello_of(world, node, &line, hello.cards_count > 0));
}

static void hello_answered(struct world *world, struct node *node, const struct letter *letter)
{
    struct peer *peer = &node->peers[letter->from];
    struct bytes in = bytes_of(letter->bytes, letter->len);
    struct hello hello;
    struct hello_agreed agreed;
    struct line line;
    bool refusal = false;
    if (peer->out.phase != FEED_OUT_GREETING || !open_line(world, node, letter->from, &line))
        return;
    if (!hello_is_refusal(in, &world->arena, &refusal) || refusal) {
        feed_out_refused(&peer->out, clock_of(world), spread(world));
        return;
    }
    struct err e = hello_parse(in, &world->arena, &hello);
    if (failed(e))
        world_fail(world, "line", "hello: %s", e.rule);
    if (!cards_put(world, node, letter->from, &hello) || !node->up)
        return;
    e = line_greeted(&line, &hello, world->nodes[letter->from].config.root_key, &peer->greeting,
                     node_now(world, node), &agreed);
    if (!failed(e))
        e = feed_out_hello(&peer->out, agreed.resume, line.numbered, clock_of(world));
    if (failed(e))
        world_fail(world, "I5", "%s is answered by %s: %s", member_name(node->number),
                   member_name(letter->from), e.rule);
    peer->introduced = true;
    if (hello.anchors > peer->anchors)
        peer->anchors = hello.anchors;
}

static void batch_take(struct world *world, struct node *node, const struct letter *letter)
{
    struct json body = partner_body(world, letter->from);
    struct command command = { .verb = VERB_FEED_RECEIVE,
                               .by = node_caller(node, false),
                               .body = &body,
                               .blob = bytes_of(letter->bytes, letter->len) };
    struct line line;
    if (!open_line(world, node, letter->from, &line))
        return;
    world->counters.duplicates += letter->last <= line.theirs.frontier.size;
    struct reply reply = node_run(world, node, command);
    bool stranger = reply.err.code == ERR_DENIED && strcmp(reply.err.rule, "clerk.no-card") == 0;
    if (failed(reply.err) && !passes(reply.err) && !stranger && !letter->damaged)
        world_fail(world, "I4", "%s refuses a batch of %s: %s", member_name(node->number),
                   member_name(letter->from), reply.err.rule);
    if (!node->up || failed(reply.err))
        return;
    if (json_get(&reply.body, "refused") != NULL)
        world_fail(world, "I5", "%s freezes the feed of %s", member_name(node->number),
                   member_name(letter->from));
    struct text receipt = json_get_text(&reply.body, "receipt");
    world_say(world, "%s to %s: %.*s", member_name(node->number), member_name(letter->from),
              (int)receipt.len, receipt.data);
    oracle_copies(world, node);
    oracle_feed(world, letter->from, node->number);
    struct letter head = letter_of(node, letter->from, LETTER_ANSWER);
    head.asked = LETTER_BATCH;
    head.line = letter->line;
    world_send(world, &head, text_bytes(receipt));
}

static void batch_answered(struct world *world, struct node *node, const struct letter *letter)
{
    struct peer *peer = &node->peers[letter->from];
    struct json body = partner_body(world, letter->from);
    struct command command = { .verb = VERB_FEED_RECEIPT,
                               .by = node_caller(node, false),
                               .body = &body,
                               .blob = bytes_of(letter->bytes, letter->len) };
    struct receipt receipt;
    struct line line;
    struct hash root;
    struct err e = receipt_parse(command.blob, &world->arena, &receipt);
    if (failed(e))
        world_fail(world, "line", "receipt: %s", e.rule);
    struct reply reply = node_run(world, node, command);
    if (failed(reply.err) && !passes(reply.err))
        world_fail(world, "I4", "%s takes no receipt of %s: %s", member_name(node->number),
                   member_name(letter->from), reply.err.rule);
    if (failed(reply.err) || !open_line(world, node, letter->from, &line))
        return;
    e = log_root_at(line.view, line.log, receipt.number, &root);
    if (!failed(e))
        e = feed_out_receipt(&peer->out, &receipt, line.numbered, &root, clock_of(world));
    if (failed(e))
        world_fail(world, "I5", "receipt of %s at %s: %s", member_name(letter->from),
                   member_name(node->number), e.rule);
    peer->anchors = receipt.anchors;
    oracle_feed(world, node->number, letter->from);
}

void courier_letter(struct world *world, struct node *node, const struct letter *letter)
{
    if (!node->up)
        return;
    switch (letter->kind) {
    case LETTER_HELLO:
        hello_take(world, node, letter);
        return;
    case LETTER_BATCH:
        batch_take(world, node, letter);
        return;
    case LETTER_ANSWER:
        if (letter->line != node->peers[letter->from].line)
            return; /* that connection is gone */
        if (letter->asked == LETTER_HELLO)
            hello_answered(world, node, letter);
        else
            batch_answered(world, node, letter);
        return;
    }
}
