/* Couriers: one thread a partner, which greets, has frames numbered as late as it can, and carries
 * them. What to do next is decided by link/send.h; this only does it. */
#include <stdio.h>
#include <stdlib.h>

#include "node/lines.h"
#include "node/pull.h"
#include "shell/client.h"
#include "shell/clock.h"
#include "shell/log.h"
#include "shell/random.h"
#include "shell/zip.h"

#define COURIER_ARENA ((size_t)32 << 20)
enum {
    COURIER_IDLE_MS = 1000,
};

struct courier {
    struct courier *next;
    struct node *node;
    pthread_t thread;
    struct member_code code;
    struct arena arena;
    struct feed_out feed;
    pthread_mutex_t line;  /* over the pointer: others cancel */
    struct client *client;
    uint64_t anchors_held; /* entries of our anchor log, as their hello or receipt said */
    _Atomic bool sending; /* a batch may leave: couriers_halt() breaks it off */
    bool more; /* there is more to number than the last step took */
};

/* Everything of one round, read in one snapshot. */
struct round {
    struct courier *courier;
    struct store_view *view;
    struct line line;
    struct line_room room; /* for what may still be numbered ahead */
};

static uint32_t spread(void)
{
    uint32_t out = 0;
    random_bytes((uint8_t *)&out, sizeof(out));
    return out;
}

static struct text partner_code(const struct courier *courier)
{
    return member_code_text(&courier->code);
}

static void line_close(struct courier *courier)
{
    pthread_mutex_lock(&courier->line);
    struct client *client = courier->client;
    courier->client = NULL;
    pthread_mutex_unlock(&courier->line);
    client_close(client);
}

static void hang_up(struct courier *courier, struct err e)
{
    LOG(LOG_INFO, "courier.lost", log_member("partner", partner_code(courier)), log_rule(e));
    line_close(courier);
    feed_out_lost(&courier->feed, clock_now(), spread());
}

/* No snapshot is held while a line is waited for. */
static void round_pause(struct round *round)
{
    store_snapshot_close(round->view);
    round->view = NULL;
}

static struct err round_resume(struct round *round)
{
    struct courier *courier = round->courier;
    struct err e = store_snapshot_open(courier->node->store, &round->view);
    return failed(e) ? e
                     : line_open(courier->node->clerk, round->view, partner_code(courier),
                                 &courier->arena, &round->line);
}

static struct err dial(struct round *round)
{
    struct courier *courier = round->courier;
    struct node *node = courier->node;
    char trust[HOME_PATH_MAX + 64];
    char chain[HOME_PATH_MAX + 64];
    char address[280];
    if (courier->client != NULL)
        return err_none();
    if (round->line.address.len == 0 || round->line.address.len >= sizeof(address))
        return err_make(ERR_UNAVAILABLE, "courier.no-address");
    struct text host = round->line.address;
    if (text_starts(host, TEXT("https://")))
        host = text_slice(host, 8, host.len);
    (void)snprintf(address, sizeof(address), "%.*s", (int)host.len, host.data);
    home_path(&node->home, "tls/tls.pem", chain);
    struct err e = tls_partner_file(node, partner_code(courier), round->line.root, trust);
    if (failed(e))
        return e;
    struct client_setup setup = { .address = address, .root_file = trust, .cert_file = chain,
                                  .key_file = chain };
    memcpy(setup.root.bytes, round->line.root, sizeof(setup.root.bytes));
    struct client *client = NULL;
    e = client_open(&setup, &client);
    if (failed(e))
        return e;
    pthread_mutex_lock(&courier->line);
    courier->client = client;
    pthread_mutex_unlock(&courier->line);
    return err_none();
}

static struct err post(struct courier *courier, const char *path, const char *type,
                       struct bytes body, struct client_reply *out)
{
    struct client_request request = { .method = "POST", .path = text_literal(path),
                                      .content_type = type, .body = body };
    return client_call(courier->client, &request, &courier->arena, out);
}

/* The rule of a refusal; a literal, for the machine and the log. */
static const char *refusal_rule(struct courier *courier, struct bytes body)
{
    static const char *const known[] = { "link.fork", "link.rolled-back", "link.receipt-ahead",
                                         "link.frozen", "link.anchor-fork",
                                         "link.hello-overtaken" };
    struct refusal refusal;
    if (failed(refusal_parse(body, &courier->arena, &refusal)))
        return "courier.refused";
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (text_is(refusal.rule, known[i]))
            return known[i];
    }
    return "courier.refused";
}

static void refused(struct courier *courier, struct bytes body)
{
    const char *rule = refusal_rule(courier, body);
    LOG(LOG_WARN, "courier.refused", log_member("partner", partner_code(courier)),
        log_name("rule", rule));
    if (link_rule_freezes(text_literal(rule)))
        feed_out_freeze(&courier->feed, rule);
    else
        feed_out_refused(&courier->feed, clock_now(), spread());
}

/* -- greeting ----------------------------------------------------------------------------- */

static struct err take_cards(struct round *round, const struct hello *hello)
{
    struct courier *courier = round->courier;
    struct json body = lines_cards(partner_code(courier), hello, &courier->arena);
    struct command command = { .verb = VERB_CARD_PUT, .by = node_caller(courier->node),
                               .body = &body };
    return desk_one(courier->node->desk, &command, &courier->arena).err;
}

static void greet(struct round *round)
{
    struct courier *courier = round->courier;
    struct bytes hello_bytes;
    struct client_reply reply;
    struct hello hello;
    struct hello_agreed agreed;
    /* as of now: when the answer comes we may hold more */
    struct line_greeting greeting = line_greeting(&round->line);
    struct err e = dial(round);
    if (!failed(e))
        e = lines_hello(courier->node, &round->line, &courier->arena, &hello_bytes);
    if (!failed(e)) {
        feed_out_greeted(&courier->feed, clock_now());
        round_pause(round);
        e = post(courier, "/link/v1/hello", "application/json", hello_bytes, &reply);
    }
    if (!failed(e))
        e = round_resume(round);
    if (failed(e)) {
        hang_up(courier, e);
        return;
    }
    if (reply.status != 200) {
        refused(courier, reply.body);
        return;
    }
    e = hello_parse(reply.body, &courier->arena, &hello);
    if (!failed(e))
        e = line_greeted(&round->line, &hello, round->line.root, &greeting, clock_now(), &agreed);
    if (!failed(e))
        e = take_cards(round, &hello);
    if (failed(e) && link_rule_freezes(text_literal(e.rule)))
        feed_out_freeze(&courier->feed, e.rule);
    else if (failed(e))
        hang_up(courier, e);
    if (failed(e))
        return;
    courier->anchors_held = hello.anchors;
    e = feed_out_hello(&courier->feed, agreed.resume, round->line.numbered, clock_now());
    if (failed(e))
        LOG(LOG_ERROR, "courier.frozen", log_member("partner", partner_code(courier)),
            log_rule(e));
}

/* -- sending ------------------------------------------------------------------------------ */

static struct err make_batch(struct round *round, struct feed_range range, struct bytes *out)
{
    struct courier *courier = round->courier;
    struct line_signer signer = lines_signer(courier->node);
    struct bytes plain;
    struct err e = line_batch(&round->line, range, courier->anchors_held, &signer,
                              &courier->arena, &plain);
    return failed(e) ? e : zip_pack(plain, &courier->arena, out);
}

static struct err take_receipt(struct round *round, struct bytes body)
{
    struct courier *courier = round->courier;
    struct receipt receipt;
    struct hash root;
    struct json about = json_object();
    struct err e = receipt_parse(body, &courier->arena, &receipt);
    if (!failed(e))
        e = log_root_at(round->view, round->line.log, receipt.number, &root);
    if (!failed(e))
        e = feed_out_receipt(&courier->feed, &receipt, round->line.numbered, &root, clock_now());
    if (failed(e))
        return e;
    courier->anchors_held = receipt.anchors;
    json_set_text(&courier->arena, &about, "partner", partner_code(courier));
    struct command command = { .verb = VERB_FEED_RECEIPT, .by = node_caller(courier->node),
                               .body = &about, .blob = body };
    return desk_one(courier->node->desk, &command, &courier->arena).err;
}

static void send(struct round *round, struct feed_range range)
{
    struct courier *courier = round->courier;
    struct bytes packed;
    struct client_reply reply;
    struct err e = make_batch(round, range, &packed);
    if (!failed(e)) {
        feed_out_sent(&courier->feed, range, clock_now());
        round_pause(round);
        e = post(courier, "/link/v1/batch", "application/octet-stream", packed, &reply);
    }
    if (!failed(e))
        e = round_resume(round);
    if (!failed(e) && reply.status == 200)
        e = take_receipt(round, reply.body);
    if (failed(e)) {
        hang_up(courier, e);
        return;
    }
    if (reply.status != 200)
        refused(courier, reply.body);
}

/* -- the loop ----------------------------------------------------------------------------- */

/* Has the clerk number what is due, no further ahead than the window. */
static void number(struct round *round)
{
    struct courier *courier = round->courier;
    courier->more = false;
    if (courier->feed.phase != FEED_OUT_OPEN || round->line.halted)
        return;
    struct err e = lines_number(courier->node, partner_code(courier), &round->room,
                                &courier->arena, &courier->more);
    if (failed(e))
        LOG(LOG_ERROR, "courier.number", log_member("partner", partner_code(courier)), log_rule(e));
}

static struct err round_open(struct courier *courier, struct round *round)
{
    *round = (struct round){ .courier = courier };
    arena_reset(&courier->arena);
    struct err e = round_resume(round);
    if (!failed(e))
        e = line_room(&round->line, courier->feed.acked, &courier->arena, &round->room);
    if (failed(e))
        round_pause(round);
    return e;
}

/* Who cannot be dialled fetches what is theirs over the line that they opened. */
static void fetch(struct round *round)
{
    struct courier *courier = round->courier;
    struct node *node = courier->node;
    bool got = false;
    if (node->listeners[SERVER_PARTNERS] >= 0 || courier->feed.phase != FEED_OUT_OPEN ||
        courier->client == NULL)
        return;
    struct pull_from from = { node, courier->client, partner_code(courier),
                              round->line.theirs.anchors.size };
    struct err e = pull_fetch(&from, &courier->arena, &got);
    if (failed(e))
        hang_up(courier, e);
    courier->more = courier->more || got;
}

/* One step; milliseconds until the next is worth trying. */
static int64_t step(struct courier *courier)
{
    struct round round;
    struct feed_range range = { 0, 0 };
    struct instant now = clock_now();
    /* Before the snapshot: a halt that is not in it finds us, and what we send is broken off. */
    atomic_store(&courier->sending, true);
    if (failed(round_open(courier, &round))) {
        atomic_store(&courier->sending, false);
        return COURIER_IDLE_MS;
    }
    feed_out_tick(&courier->feed, now, spread());
    enum feed_out_do what = feed_out_next(&courier->feed, round.line.numbered, now, &range);
    if (round.line.halted && what == FEED_OUT_SEND)
        what = FEED_OUT_WAIT; /* within a second of the command nothing leaves */
    if (what != FEED_OUT_SEND)
        atomic_store(&courier->sending, false);
    switch (what) {
    case FEED_OUT_GREET:
        greet(&round);
        break;
    case FEED_OUT_SEND:
        send(&round, range);
        atomic_store(&courier->sending, false);
        break;
    case FEED_OUT_WAIT:
        break;
    }
    store_snapshot_close(round.view);
    if (what != FEED_OUT_WAIT)
        return courier->feed.phase == FEED_OUT_OPEN ? 0 : 50;
    number(&round);
    fetch(&round);
    int64_t due = feed_out_deadline(&courier->feed).ms - now.ms;
    return courier->more ? 0 : due < COURIER_IDLE_MS && due > 0 ? due : COURIER_IDLE_MS;
}

static void *work(void *context)
{
    struct courier *courier = context;
    struct node *node = courier->node;
    while (!atomic_load(&node->stopping)) {
        uint64_t seen = bell_wait(&node->bell, UINT64_MAX, 0); /* the count, at once */
        int64_t wait = step(courier);
        if (wait > 0)
            (void)bell_wait(&node->bell, seen, wait);
    }
    line_close(courier);
    return NULL;
}

static struct err courier_start(struct node *node, struct text code, uint64_t acked)
{
    struct courier *courier = calloc(1, sizeof(*courier));
    void *memory = malloc(COURIER_ARENA);
    struct err e = err_none();
    if (courier == NULL || memory == NULL)
        e = err_make(ERR_UNAVAILABLE, "clerk.no-memory");
    if (!failed(e)) {
        courier->node = node;
        pthread_mutex_init(&courier->line, NULL);
        courier->arena = arena_over(memory, COURIER_ARENA);
        courier->feed = feed_out_start(acked, clock_now());
        e = member_code_parse(code, &courier->code);
    }
    if (!failed(e) && pthread_create(&courier->thread, NULL, work, courier) != 0)
        e = err_make(ERR_UNAVAILABLE, "node.no-thread");
    if (failed(e)) {
        free(courier);
        free(memory);
        return e;
    }
    pthread_mutex_lock(&node->couriers_lock);
    courier->next = node->couriers;
    node->couriers = courier;
    pthread_mutex_unlock(&node->couriers_lock);
    return err_none();
}

static bool has_courier(const struct node *node, struct text code)
{
    for (const struct courier *c = node->couriers; c != NULL; c = c->next) {
        if (text_equal(partner_code(c), code))
            return true;
    }
    return false;
}

void couriers_look(struct node *node)
{
    uint8_t memory[256 << 10];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct store_view *view = NULL;
    struct store_range range = { .table = TABLE_PARTNER, .limit = 256 };
    struct store_rows rows = { NULL, 0 };
    if (atomic_load(&node->stopping) || failed(store_snapshot_open(node->store, &view)))
        return;
    struct err e = store_scan(view, &range, &arena, &rows);
    for (size_t i = 0; !failed(e) && i < rows.count; i++) {
        struct line line;
        struct bytes key = rows.rows[i].key;
        struct text code = { (const char *)key.data, key.len };
        size_t mark = arena.used;
        if (has_courier(node, code))
            continue;
        e = line_open(node->clerk, view, code, &arena, &line);
        if (!failed(e))
            e = courier_start(node, code, line.acked);
        arena_rewind(&arena, mark);
    }
    store_snapshot_close(view);
    if (failed(e))
        LOG(LOG_ERROR, "courier.start", log_rule(e));
}

void couriers_halt(struct node *node, struct text partner)
{
    pthread_mutex_lock(&node->couriers_lock);
    for (struct courier *c = node->couriers; c != NULL; c = c->next) {
        if (!text_equal(partner_code(c), partner))
            continue;
        pthread_mutex_lock(&c->line);
        if (c->client != NULL && atomic_load(&c->sending))
            client_cancel(c->client);
        pthread_mutex_unlock(&c->line);
    }
    pthread_mutex_unlock(&node->couriers_lock);
}

void couriers_stop(struct node *node)
{
    bell_ring(&node->bell);
    for (struct courier *c = node->couriers; c != NULL; c = c->next) {
        pthread_mutex_lock(&c->line);
        if (c->client != NULL)
            client_cancel(c->client);
        pthread_mutex_unlock(&c->line);
    }
    while (node->couriers != NULL) {
        struct courier *courier = node->couriers;
        pthread_mutex_lock(&node->couriers_lock);
        node->couriers = courier->next;
        pthread_mutex_unlock(&node->couriers_lock);
        pthread_join(courier->thread, NULL);
        free(courier->arena.data);
        free(courier);
    }
}
