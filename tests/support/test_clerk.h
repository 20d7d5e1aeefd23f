/* A node in memory for the tests of clerk/: store, keeper and clerk, people who give commands, and
 * the line to another node. All memory is one arena that each test resets. */
#ifndef COMITY_TESTS_TEST_CLERK_H
#define COMITY_TESTS_TEST_CLERK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "clerk/exchange/line.h"
#include "core/encode.h"
#include "clerk/exchange/logs.h"
#include "clerk/rows.h"
#include "clerk/shelf/shelf.h"
#include "clerk/state.h"
#include "seal/keeper.h"
#include "store/memory.h"

enum { TEST_ARENA_SIZE = 96 << 20, TEST_TEXT_MAX = 8192, TEST_KEYS_MAX = 64 };

static struct arena arena;
static struct instant now;

struct office {
    struct text code;
    struct keeper_state *keeper;
    struct store *store;
    struct clerk *clerk;
    struct clerk_config config;
    uint64_t seeds;
};

static inline int test_begin(void **state)
{
    (void)state;
    if (arena.data == NULL)
        arena = arena_over(malloc(TEST_ARENA_SIZE), TEST_ARENA_SIZE);
    arena_reset(&arena);
    return failed(instant_parse(TEXT("2026-11-22T12:00:00.000Z"), &now));
}

static inline void must(struct err e)
{
    if (failed(e))
        fail_msg("%s", e.rule);
}

static inline struct json test_json(const char *text)
{
    struct json json;
    struct text copy = arena_copy_text(&arena, text_literal(text));
    struct err e = json_parse(text_bytes(copy), &arena, &json);
    if (failed(e))
        fail_msg("%s at %u: %s", e.rule, e.at, text);
    return json;
}

/* -- keeper and keys ---------------------------------------------------------------------- */

static inline struct err test_ask(void *context, const struct keeper_question *question,
                                  struct arena *memory, struct keeper_answer *out)
{
    struct office *office = context;
    struct keeper_tick tick = { .now = now };
    struct bytes bytes;
    bool changed = false;
    memcpy(tick.seed.bytes, &office->seeds, sizeof(office->seeds));
    office->seeds++;
    struct err e = keeper_question_format(question, memory, &bytes);
    if (failed(e))
        return e;
    bytes = keeper_step(office->keeper, bytes, &tick, memory, &changed);
    e = keeper_answer_parse(bytes, out);
    return failed(e) ? e : out->err;
}

/* Month keys by hand: the same month and class give the same key. */
static inline void office_keys(struct office *office)
{
    struct clerk_month wanted[TEST_KEYS_MAX];
    size_t count = clerk_keys_wanted(office->clerk, now, wanted, TEST_KEYS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct secret_key key = { { 7 } };
        memcpy(key.bytes + 4, &wanted[i].month, sizeof(wanted[i].month));
        key.bytes[1] = wanted[i].retention;
        must(clerk_key_give(office->clerk, wanted[i], &key));
    }
}

static inline void office_open(struct office *office, const char *code)
{
    struct store_memory_plan plan = { .seed = 1 };
    struct keeper_birth birth = { .realm = TEXT("demo"), .generation = 1, .keep_root = true,
                                  .now = now };
    *office = (struct office){ .code = text_literal(code), .seeds = (uint64_t)code[0] << 32 };
    birth.member = office->code;
    memcpy(birth.root_seed.bytes, code, 3);
    memcpy(birth.seed.bytes + 3, code, 3);
    office->keeper = calloc(1, sizeof(*office->keeper));
    assert_non_null(office->keeper);
    must(keeper_create(&birth, &arena, office->keeper));
    must(store_memory_open(&plan, &office->store));
    office->config = (struct clerk_config){ .realm = birth.realm, .member = birth.member,
                                            .generation = 1 };
    memcpy(office->config.root_key, office->keeper->root.bytes, 32);
    must(clerk_open(&office->config, office->store, &office->clerk));
    office_keys(office);
}

static inline void office_close(struct office *office)
{
    clerk_close(office->clerk);
    store_close(office->store);
    free(office->keeper);
}

/* Switched off and on again. */
static inline void office_reopen(struct office *office)
{
    clerk_close(office->clerk);
    must(store_memory_reopen(office->store));
    must(clerk_open(&office->config, office->store, &office->clerk));
    office_keys(office);
}

/* -- commands ----------------------------------------------------------------------------- */

static const struct {
    const char *user;
    uint32_t roles;
} test_people[] = {
    { "node", ROLE_BIT_NODE },
    { "officer", ROLE_BIT(ROLE_OFFICER) },
    { "chief", ROLE_BIT(ROLE_OFFICER) | ROLE_BIT(ROLE_SUPERVISOR) | ROLE_BIT(ROLE_LEGAL) },
    { "deputy", ROLE_BIT(ROLE_OFFICER) | ROLE_BIT(ROLE_SUPERVISOR) },
    { "lawyer", ROLE_BIT(ROLE_LEGAL) },
    { "admin", ROLE_BIT(ROLE_ADMINISTRATOR) },
    { "machine", ROLE_BIT(ROLE_MACHINE) },
};

static inline struct command test_command(const struct office *office, const char *user,
                                          enum verb verb, const struct json *body)
{
    struct command command = { .verb = verb, .body = body };
    must(member_code_parse(office->code, &command.by.who.member));
    command.by.who.user = text_literal(user);
    command.by.who.unit = TEXT("registry");
    command.by.clearance = CLASSIFICATION_SECRET;
    for (size_t i = 0; i < sizeof(test_people) / sizeof(test_people[0]); i++) {
        if (strcmp(user, test_people[i].user) == 0)
            command.by.roles = test_people[i].roles;
    }
    return command;
}

static inline void office_batch(struct office *office, const struct command *commands,
                                size_t count, struct reply *replies)
{
    uint8_t seed[CLERK_SEED_LEN] = { 3 };
    memcpy(seed + 8, &office->seeds, sizeof(office->seeds));
    office->seeds++;
    office_keys(office);
    must(clerk_run(office->clerk, commands, count, now, seed, &arena, replies));
}

static inline struct reply office_command(struct office *office, struct command command)
{
    struct reply reply;
    office_batch(office, &command, 1, &reply);
    return reply;
}

/* `format` makes the body. */
__attribute__((format(printf, 4, 5))) static inline struct reply
office_try(struct office *office, const char *user, enum verb verb, const char *format, ...)
{
    char text[TEST_TEXT_MAX];
    va_list list;
    va_start(list, format);
    int len = vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    assert_true(len > 0 && len < TEST_TEXT_MAX);
    struct json body = test_json(text);
    return office_command(office, test_command(office, user, verb, &body));
}

#define office_do(...) reply_good(office_try(__VA_ARGS__), __LINE__)

static inline struct json reply_good(struct reply reply, int line)
{
    if (failed(reply.err))
        fail_msg("line %d: %s %.*s", line, reply.err.rule, (int)reply.subject.len,
                 reply.subject.data);
    return reply.body;
}

static inline void reply_refused(struct reply reply, const char *rule)
{
    assert_true(failed(reply.err));
    assert_string_equal(reply.err.rule, rule);
    assert_int_equal(reply.body.kind, JSON_NULL);
}

/* A wanted person, as the body of record.put. `born` and `category` matter to the rules. */
struct test_person {
    const char *id, *name, *born, *category;
};

static inline struct reply office_put(struct office *office, struct test_person person)
{
    const char *action = strcmp(person.category, "missing.child") == 0 ? "protect" : "arrest";
    return office_try(
        office, "officer", VERB_RECORD_PUT,
        "{\"record\":{\"schema\":1,\"id\":\"%s\",\"owner\":\"%.3s\",\"kind\":\"person\","
        "\"unit\":\"registry\",\"classification\":\"restricted\",\"statements\":["
        "{\"id\":\"s1\",\"attribute\":\"name\",\"value\":{\"full\":\"%s\"},"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"file 1\"},\"basis\":\"fact\"},"
        "{\"id\":\"s2\",\"attribute\":\"birth-date\",\"value\":{\"from\":\"%s\",\"to\":\"%s\","
        "\"quality\":\"exact\"},\"source\":{\"unit\":\"registry\",\"reference\":\"file 1\"},"
        "\"basis\":\"fact\"}],\"alerts\":[{\"id\":\"a1\",\"category\":\"%s\","
        "\"action\":\"%s\",\"reason\":\"an example\",\"subject\":[\"suspect\"],"
        "\"valid\":{\"from\":\"2020-01-01\"},\"review\":\"2027-06-01\","
        "\"recipients\":{\"never\":[\"x-nobody\"]}}]}}",
        person.id, person.id, person.name, person.born, person.born, person.category, action);
}

/* -- looking ------------------------------------------------------------------------------ */

static inline uint64_t office_journal(struct office *office)
{
    uint64_t last = 0;
    must(store_journal_last(store_view(office->store), &last));
    return last;
}

static inline size_t office_rows(struct office *office, enum store_table table)
{
    struct store_range range = { .table = table, .limit = STORE_READ_MAX };
    struct store_rows rows;
    must(store_scan(store_view(office->store), &range, &arena, &rows));
    return rows.count;
}

static inline size_t office_hits(struct office *office, const char *name)
{
    struct shelf *shelf = clerk_shelf(office->clerk);
    const struct shelf_view *view = shelf_take(shelf);
    struct index_query query = { .name = { .full = text_literal(name) } };
    struct index_filter filter = { .dead = view->dead };
    struct index_answer answer;
    must(index_search(view->segments, view->segment_count, &filter, &query, &arena, &answer));
    size_t strong = 0;
    for (size_t i = 0; i < answer.hit_count; i++)
        strong += answer.hits[i].band == INDEX_STRONG || answer.hits[i].band == INDEX_POSSIBLE;
    shelf_give(shelf, view);
    return strong;
}

struct test_find {
    struct bytes what;
    size_t found;
};

static inline bool bytes_hold(struct bytes in, struct bytes what)
{
    for (size_t i = 0; i + what.len <= in.len; i++) {
        if (memcmp(in.data + i, what.data, what.len) == 0)
            return true;
    }
    return false;
}

static inline bool test_find_part(void *context, struct bytes part)
{
    struct test_find *find = context;
    find->found += bytes_hold(part, find->what);
    return true;
}

/* In how many rows and openings does `what` stand? Openings are opened. */
static inline size_t office_mentions(struct office *office, const char *what)
{
    struct test_find find = { .what = text_bytes(text_literal(what)) };
    struct journal_entries entries;
    must(store_dump(office->store, (struct store_sink){ test_find_part, &find }));
    must(store_journal_read(store_view(office->store), 1, STORE_READ_MAX, &arena, &entries));
    for (size_t i = 0; i < entries.count; i++) {
        struct opening_bytes opening;
        struct err e = journal_open(office->clerk, &entries.entries[i], &arena, &opening);
        if (e.code == ERR_NOT_FOUND)
            continue;
        must(e);
        find.found += bytes_hold(opening.content, find.what);
    }
    return find.found;
}

/* -- between two nodes -------------------------------------------------------------------- */

static inline struct err test_sign(void *context, struct store_view *view,
                                   const struct log_head *which, struct arena *memory,
                                   struct text *note_out)
{
    const struct office *office = context;
    struct log_keeper keeper = { test_ask, context };
    return log_head_sign(clerk_config(office->clerk), view, which, &keeper, memory, note_out);
}

/* The frames that `to` lacks as a batch; empty when there are none. */
static inline struct bytes office_pack(struct office *from, struct office *to, uint64_t first)
{
    struct line line;
    struct line back;
    struct bytes bytes = { NULL, 0 };
    struct line_signer signer = { test_sign, from };
    must(line_open(from->clerk, store_view(from->store), to->code, &arena, &line));
    must(line_open(to->clerk, store_view(to->store), from->code, &arena, &back));
    struct feed_range range = { first == 0 ? line.acked + 1 : first, line.numbered };
    if (range.first > range.last)
        return bytes;
    uint64_t anchors = back.theirs.anchors.size;
    must(line_batch(&line, range, anchors, &signer, &arena, &bytes));
    return bytes;
}

static inline int64_t office_number(struct office *from, struct office *to)
{
    int64_t numbered = 0;
    struct json body = office_do(from, "node", VERB_FEED_NUMBER,
                                 "{\"partner\":\"%s\",\"room\":1000000,\"frames\":500}",
                                 to->code.data);
    assert_true(json_get_integer(&body, "numbered", &numbered));
    return numbered;
}

static inline struct reply office_receive(struct office *to, struct office *from,
                                          struct bytes batch)
{
    struct json body = json_object();
    json_set_text(&arena, &body, "partner", from->code);
    struct command command = test_command(to, "node", VERB_FEED_RECEIVE, &body);
    command.blob = batch;
    return office_command(to, command);
}

/* Number, carry, receive, receipt: how many frames went. */
static inline int64_t office_send(struct office *from, struct office *to)
{
    int64_t numbered = office_number(from, to);
    struct bytes batch = office_pack(from, to, 0);
    struct json about = json_object();
    if (batch.len == 0)
        return 0;
    struct json body = reply_good(office_receive(to, from, batch), __LINE__);
    json_set_text(&arena, &about, "partner", to->code);
    struct command command = test_command(from, "node", VERB_FEED_RECEIPT, &about);
    command.blob = text_bytes(json_get_text(&body, "receipt"));
    (void)reply_good(office_command(from, command), __LINE__);
    return numbered;
}

/* `more`: what the act says besides, as JSON; "": nothing. */
static inline struct text office_act(struct office *office, struct text hash, const char *role,
                                     const char *more)
{
    struct keeper_question question = { .kind = KEEPER_SIGN_INSTRUMENT };
    struct keeper_answer answer;
    must(hex_parse(hash, question.instrument.tree.bytes, HASH_LEN));
    question.instrument.role = text_literal(role);
    question.instrument.on = date_of_instant(now);
    question.instrument.more = text_bytes(arena_copy_text(&arena, text_literal(more)));
    must(test_ask(office, &question, &arena, &answer));
    return arena_copy_text(&arena,
                           (struct text){ (const char *)answer.data.data, answer.data.len });
}

static inline struct text office_signature(struct office *office, struct text hash,
                                           const char *role)
{
    return office_act(office, hash, role, "");
}

/* A signed act brought to `at`. */
static inline struct reply office_bring(struct office *at, struct text hash, struct text signature)
{
    struct json body = json_object();
    json_set_text(&arena, &body, "hash", hash);
    json_set_text(&arena, &body, "signature", signature);
    return office_command(at, test_command(at, "chief", VERB_INSTRUMENT_ACT, &body));
}

/* `signer`'s act on the agreement, brought to `at`. */
static inline struct reply office_event(struct office *at, struct office *signer, struct text hash,
                                        const char *role)
{
    return office_bring(at, hash, office_signature(signer, hash, role));
}

static inline void office_introduce(struct office *at, const struct office *who)
{
    const struct keeper_state *keeper = who->keeper;
    struct json body = json_object();
    struct json cards = json_array();
    const struct keeper_blob *blobs[] = { &keeper->root_card, &keeper->node_card };
    for (size_t i = 0; i < 2; i++)
        json_push(&arena, &cards,
                  json_string((struct text){ (const char *)blobs[i]->data, blobs[i]->len }));
    json_set_text(&arena, &body, "partner", who->code);
    json_set(&arena, &body, "cards", cards);
    (void)reply_good(office_command(at, test_command(at, "node", VERB_CARD_PUT, &body)), __LINE__);
}

/* A tick until nothing more is due. */
static inline void office_tick(struct office *office)
{
    for (int i = 0; i < 100; i++) {
        struct json body = office_do(office, "node", VERB_TICK, "%s", "{}");
        if (!json_get_bool(&body, "more"))
            return;
    }
    fail_msg("the ticks do not end");
}

#endif
