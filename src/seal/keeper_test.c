#include "seal/keeper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/writer.h"
#include "ledger/vectors_test.h"
#include "seal/instrument.h"

enum { LEAVES = 100 };

static struct arena arena;
static struct keeper_state *keeper;
static struct keeper_state *other;
static struct keeper_tick tick;
static struct tree_head heads[LEAVES + 1];
static struct hash stored[2 * LEAVES];
static struct text feed; /* origin of a log of this keeper */

static const struct instant begin = { 1795313640000 }; /* 2026-11-22 */

static struct secret_key seed_of(uint8_t n)
{
    struct secret_key seed;
    memset(seed.bytes, n, sizeof(seed.bytes));
    return seed;
}

static struct text origin_of(const struct keeper_state *k, uint32_t generation, const char *name)
{
    struct origin origin = { .generation = generation, .name = text_literal(name) };
    origin_member(k->root.bytes, origin.member);
    return origin_format(&arena, &origin);
}

static struct keeper_birth birth_of(void)
{
    return (struct keeper_birth){ .realm = TEXT("demo"),
                                  .member = TEXT("BEN"),
                                  .generation = 1,
                                  .root_seed = seed_of(1),
                                  .seed = seed_of(2),
                                  .keep_root = true,
                                  .now = begin };
}

static int open_all(void **state)
{
    (void)state;
    struct frontier f = { 0 };
    struct hash new[TREE_LEVELS];
    size_t count = 0;
    arena = vectors_arena(32 << 20);
    keeper = malloc(sizeof(*keeper));
    other = malloc(sizeof(*other));
    heads[0].root = frontier_root(&f);
    for (uint64_t i = 0; i < LEAVES; i++) {
        struct hash leaf = tree_leaf(bytes_of(&i, sizeof(i)));
        size_t added = frontier_append(&f, &leaf, new);
        memcpy(stored + count, new, added * sizeof(new[0]));
        count += added;
        heads[i + 1] = (struct tree_head){ i + 1, frontier_root(&f) };
    }
    return 0;
}

static int fresh_keeper(void **state)
{
    (void)state;
    struct keeper_birth birth = birth_of();
    arena_reset(&arena);
    tick = (struct keeper_tick){ instant_plus(begin, INSTANT_DAY), seed_of(3) };
    if (failed(keeper_create(&birth, &arena, keeper)))
        return 1;
    feed = origin_of(keeper, 1, "NER");
    return 0;
}

static struct keeper_answer ask_bytes(struct bytes question, bool *changed)
{
    struct keeper_answer answer;
    struct bytes out = keeper_step(keeper, question, &tick, &arena, changed);
    assert_false(failed(keeper_answer_parse(out, &answer)));
    return answer;
}

static struct keeper_answer ask(const struct keeper_question *q)
{
    struct bytes bytes;
    bool changed = false;
    assert_false(failed(keeper_question_format(q, &arena, &bytes)));
    struct keeper_answer answer = ask_bytes(bytes, &changed);
    assert_true(answer.kind == q->kind);
    assert_false(changed && failed(answer.err));
    return answer;
}

static struct keeper_question checkpoint_from(uint64_t old, uint64_t size)
{
    struct keeper_question q = { .kind = KEEPER_SIGN_CHECKPOINT };
    struct tree_plan plan;
    q.checkpoint.next = (struct checkpoint){ feed, heads[size] };
    if (old > 0) {
        assert_false(failed(tree_plan_consistency(old, size, &plan)));
        tree_plan_read(&plan, stored, 2 * LEAVES, &q.checkpoint.proof);
    }
    return q;
}

static void a_growing_log_is_signed_at_each_step(void **state)
{
    (void)state;
    struct note_key key;
    assert_false(failed(note_key_make(feed, keeper->node.bytes, &key)));
    uint64_t old = 0;
    for (uint64_t size = 1; size <= LEAVES; size += 1 + size % 7) {
        struct keeper_question q = checkpoint_from(old, size);
        struct keeper_answer answer = ask(&q);
        struct checkpoint cp;
        assert_false(failed(answer.err));
        assert_false(failed(checkpoint_open(text_bytes(answer.note), &key, &arena, &cp)));
        assert_int_equal(cp.head.size, size);
        old = size;
    }
    struct keeper_question q = { .kind = KEEPER_LOG_HEAD, .origin = feed };
    assert_int_equal(ask(&q).head.size, old);
}

static void rollback_and_fork_are_not_signed(void **state)
{
    (void)state;
    struct keeper_question first = checkpoint_from(0, 50);
    assert_false(failed(ask(&first).err));
    struct keeper_question rollback = checkpoint_from(0, 49);
    assert_string_equal(ask(&rollback).err.rule, "keeper.not-extending");
    struct keeper_question forged = checkpoint_from(50, 60);
    forged.checkpoint.next.head.root.bytes[0] ^= 1;
    assert_string_equal(ask(&forged).err.rule, "keeper.not-extending");
    struct keeper_question fork = checkpoint_from(50, 50);
    fork.checkpoint.next.head.root.bytes[31] ^= 1;
    assert_string_equal(ask(&fork).err.rule, "keeper.not-extending");
    struct keeper_question unproved = checkpoint_from(0, 60);
    assert_string_equal(ask(&unproved).err.rule, "keeper.not-extending");
    struct keeper_question wrong_base = checkpoint_from(49, 60);
    assert_string_equal(ask(&wrong_base).err.rule, "keeper.not-extending");
    struct keeper_question again = checkpoint_from(50, 50);
    assert_false(failed(ask(&again).err)); /* an answer that was lost may be asked for again */
    struct keeper_question next = checkpoint_from(50, 60);
    assert_false(failed(ask(&next).err));
}

static void only_logs_of_this_member_and_generation_are_signed(void **state)
{
    (void)state;
    struct keeper_question q = checkpoint_from(0, 5);
    q.checkpoint.next.origin = origin_of(keeper, 2, "NER");
    assert_string_equal(ask(&q).err.rule, "keeper.other-log");
    q.checkpoint.next.origin = TEXT("comity/0000000000000000/1/NER");
    assert_string_equal(ask(&q).err.rule, "keeper.other-log");
    q.checkpoint.next.origin = TEXT("example.com/log");
    assert_string_equal(ask(&q).err.rule, "ledger.origin");
    assert_int_equal(keeper->log_count, 0);
}

static void an_expired_node_key_signs_nothing(void **state)
{
    (void)state;
    struct keeper_question q = checkpoint_from(0, 5);
    struct keeper_question tls = { .kind = KEEPER_CERTIFY_TLS };
    struct keeper_question renew = { .kind = KEEPER_RENEW_NODE };
    tick.now = instant_plus(begin, CARD_NODE_LIFE);
    assert_string_equal(ask(&q).err.rule, "keeper.node-expired");
    assert_string_equal(ask(&tls).err.rule, "keeper.node-expired");
    struct sign_public before = keeper->node;
    struct card card;
    struct keeper_answer answer = ask(&renew);
    assert_false(failed(answer.err));
    assert_false(failed(card_parse(answer.data, &arena, &card)));
    assert_true(sign_public_equal(&card.key, &keeper->node));
    assert_false(sign_public_equal(&before, &keeper->node));
    assert_false(failed(ask(&q).err));
}

static void a_tls_key_gets_a_card_that_chains_to_the_root(void **state)
{
    (void)state;
    struct keeper_question q = { .kind = KEEPER_CERTIFY_TLS,
                                 .tls = { .host_opt = TEXT("ben.example") } };
    struct keeper_question status = { .kind = KEEPER_STATUS };
    memset(q.tls.key.bytes, 9, SIGN_PUBLIC_LEN);
    struct keeper_answer answer = ask(&q);
    struct keeper_answer about = ask(&status);
    struct card node;
    struct card tls;
    assert_false(failed(answer.err));
    assert_false(failed(card_parse(about.status.node_card, &arena, &node)));
    assert_false(failed(card_parse(answer.tls.card, &arena, &tls)));
    struct card_expect expect = { keeper->root, TEXT("demo"), tick.now };
    assert_false(failed(card_check_tls(&node, &tls, &expect)));
    assert_true(answer.tls.x509.len > 200);
    expect.now = instant_plus(tick.now, CARD_TLS_LIFE + CARD_CLOCK_SLACK);
    assert_string_equal(card_check_tls(&node, &tls, &expect).rule, "seal.expired");
}

static void instruments_are_signed_only_where_the_root_is(void **state)
{
    (void)state;
    struct keeper_question q = { .kind = KEEPER_SIGN_INSTRUMENT,
                                 .instrument = { .role = TEXT("ratify"), .on = { 2026, 11, 22 } } };
    struct instrument_signature signature;
    struct keeper_answer answer = ask(&q);
    assert_false(failed(answer.err));
    assert_false(failed(instrument_signature_verify(answer.data, &arena, &signature)));
    assert_true(sign_public_equal(&signature.root, &keeper->root));
    assert_true(text_is(signature.member, "BEN"));
    q.instrument.role = TEXT("dispute");
    q.instrument.more = text_bytes(TEXT("{\"article\":3,\"clause\":1,\"against\":\"NER\"}"));
    answer = ask(&q);
    assert_false(failed(answer.err));
    assert_false(failed(instrument_signature_verify(answer.data, &arena, &signature)));
    assert_true(signature.article == 3 && signature.clause == 1);
    assert_true(text_is(signature.against, "NER"));
    q.instrument.more = text_bytes(TEXT("{\"opposing\":true}"));
    assert_string_equal(ask(&q).err.rule, "seal.instrument");
    q.instrument.more = text_bytes(TEXT("{"));
    assert_true(failed(ask(&q).err));
    q.instrument.more = text_bytes(TEXT(""));
    q.instrument.role = TEXT("annex");
    assert_string_equal(ask(&q).err.rule, "seal.role");
    struct keeper_birth birth = birth_of();
    birth.keep_root = false;
    assert_false(failed(keeper_create(&birth, &arena, keeper)));
    q.instrument.role = TEXT("sign");
    assert_string_equal(ask(&q).err.rule, "keeper.no-root");
    struct keeper_question renew = { .kind = KEEPER_RENEW_NODE };
    assert_string_equal(ask(&renew).err.rule, "keeper.no-root");
}

static void a_receipt_can_not_pass_for_a_card(void **state)
{
    (void)state;
    struct keeper_question q = { .kind = KEEPER_SIGN_STATEMENT,
                                 .statement = { TEXT("card"), text_bytes(TEXT("{\"a\":1}")) } };
    struct signed_statement statement;
    struct keeper_answer answer = ask(&q);
    assert_false(failed(answer.err));
    assert_false(failed(statement_parse(answer.data, &arena, &statement)));
    assert_true(failed(statement_check(&statement, TEXT("card"), &keeper->node, &arena)));
    assert_false(
        failed(statement_check(&statement, TEXT("statement/card"), &keeper->node, &arena)));
    q.statement.content = text_bytes(TEXT("[1]"));
    assert_string_equal(ask(&q).err.rule, "seal.statement");
}

static struct keeper_question month_question(enum keeper_kind kind, uint32_t version)
{
    return (struct keeper_question){ .kind = kind, .month = { 202611, TEXT("alert"), version } };
}

static void a_destroyed_month_key_is_gone_and_its_version_never_returns(void **state)
{
    (void)state;
    struct keeper_question new = month_question(KEEPER_NEW_MONTH_KEY, 0);
    struct keeper_question newest = month_question(KEEPER_OPEN_MONTH_KEY, 0);
    struct keeper_question first = month_question(KEEPER_OPEN_MONTH_KEY, 1);
    struct keeper_question destroy = month_question(KEEPER_DESTROY_MONTH_KEY, 1);
    assert_string_equal(ask(&newest).err.rule, "keeper.no-key");
    struct keeper_answer one = ask(&new);
    assert_int_equal(one.month.version, 1);
    struct keeper_answer opened = ask(&first);
    assert_true(secret_equal(&one.month.key, &opened.month.key));
    tick.seed = seed_of(4);
    struct keeper_answer two = ask(&new);
    assert_int_equal(two.month.version, 2);
    assert_false(secret_equal(&one.month.key, &two.month.key));
    assert_int_equal(ask(&newest).month.version, 2);
    assert_false(failed(ask(&destroy).err));
    assert_string_equal(ask(&first).err.rule, "keeper.key-destroyed");
    destroy.month.version = 2;
    assert_false(failed(ask(&destroy).err));
    assert_string_equal(ask(&newest).err.rule, "keeper.key-destroyed");
    assert_int_equal(ask(&new).month.version, 3);
    destroy.month.version = 0;
    assert_string_equal(ask(&destroy).err.rule, "keeper.no-key");
    const uint8_t *state_bytes = (const uint8_t *)keeper;
    assert_null(memmem(state_bytes, sizeof(*keeper), one.month.key.bytes, SECRET_LEN));
}

static void months_that_do_not_exist_get_no_key(void **state)
{
    (void)state;
    static const uint32_t bad[] = { 0, 202600, 202613, 99, 1000001 };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct keeper_question q = month_question(KEEPER_NEW_MONTH_KEY, 0);
        q.month.month = bad[i];
        assert_string_equal(ask(&q).err.rule, "keeper.month");
    }
}

static void small_secrets_come_back_under_their_label_only(void **state)
{
    (void)state;
    struct keeper_question q = { .kind = KEEPER_WRAP,
                                 .wrap = { TEXT("pairwise-ner"), text_bytes(TEXT("secret")) } };
    struct keeper_answer wrapped = ask(&q);
    assert_false(failed(wrapped.err));
    q.kind = KEEPER_UNWRAP;
    q.wrap.data = wrapped.data;
    assert_true(bytes_equal(ask(&q).data, text_bytes(TEXT("secret"))));
    q.wrap.label = TEXT("pairwise-nga");
    assert_string_equal(ask(&q).err.rule, "seal.wrong-key");
}

static void no_message_however_malformed_ends_or_changes_the_keeper(void **state)
{
    (void)state;
    struct keeper_question all[] = {
        checkpoint_from(0, 5),
        month_question(KEEPER_NEW_MONTH_KEY, 0),
        { .kind = KEEPER_WRAP, .wrap = { TEXT("a"), text_bytes(TEXT("b")) } },
        { .kind = KEEPER_CERTIFY_TLS, .tls = { .host_opt = TEXT("h") } },
        { .kind = KEEPER_SIGN_INSTRUMENT,
          .instrument = { .role = TEXT("suspend"), .on = { 2026, 1, 2 },
                          .more = text_bytes(TEXT("{\"against\":\"NER\"}")) } },
        { .kind = KEEPER_SIGN_STATEMENT, .statement = { TEXT("r"), text_bytes(TEXT("{}")) } },
        { .kind = KEEPER_LOG_HEAD, .origin = feed },
    };
    struct keeper_state *before = other;
    *before = *keeper;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct bytes whole;
        bool changed = true;
        assert_false(failed(keeper_question_format(&all[i], &arena, &whole)));
        for (size_t len = 0; len < whole.len; len++) {
            struct keeper_answer answer = ask_bytes(bytes_of(whole.data, len), &changed);
            assert_true(failed(answer.err) && !changed && answer.kind == 0);
        }
        uint8_t longer[4096];
        memcpy(longer, whole.data, whole.len);
        longer[whole.len] = 0;
        assert_string_equal(ask_bytes(bytes_of(longer, whole.len + 1), &changed).err.rule,
                            "wire.trailing");
    }
    for (unsigned kind = 0; kind < 256; kind++) {
        uint8_t noise[40];
        bool changed = true;
        memset(noise, 0xFF, sizeof(noise));
        noise[0] = 1;
        noise[1] = (uint8_t)kind;
        assert_true(failed(ask_bytes(BYTES_OF(noise), &changed).err) && !changed);
    }
    assert_memory_equal(before, keeper, sizeof(*keeper));
}

static void a_full_arena_refuses_and_signs_nothing(void **state)
{
    (void)state;
    struct keeper_question q = checkpoint_from(0, 5);
    struct bytes question;
    assert_false(failed(keeper_question_format(&q, &arena, &question)));
    for (size_t room = 0; room < 400; room += 8) {
        _Alignas(16) uint8_t memory[400];
        struct arena small = arena_over(memory, room);
        bool changed = true;
        struct bytes out = keeper_step(keeper, question, &tick, &small, &changed);
        struct keeper_answer answer;
        if (out.len > 0) {
            assert_false(failed(keeper_answer_parse(out, &answer)));
            assert_int_equal(answer.err.code, ERR_LIMIT);
        }
        if (!changed) /* signed but not told is told when asked again */
            assert_int_equal(keeper->log_count, 0);
        keeper->log_count = 0;
    }
    assert_false(failed(ask(&q).err));
}

static void the_state_survives_its_file_and_opens_under_no_other_key(void **state)
{
    (void)state;
    struct keeper_question q = checkpoint_from(0, 33);
    struct keeper_question new = month_question(KEEPER_NEW_MONTH_KEY, 0);
    struct secret_key operator_key = seed_of(7);
    struct secret_key wrong = seed_of(8);
    struct bytes saved;
    assert_false(failed(ask(&q).err));
    assert_false(failed(ask(&new).err));
    assert_false(failed(keeper_save(keeper, &operator_key, &arena, &saved)));
    memset(other, 0x5A, sizeof(*other));
    assert_string_equal(keeper_load(saved, &wrong, &arena, other).rule, "seal.wrong-key");
    assert_int_equal(other->generation, 0x5A5A5A5A);
    assert_false(failed(keeper_load(saved, &operator_key, &arena, other)));
    assert_int_equal(other->log_count, 1);
    assert_int_equal(other->month_key_count, 1);
    struct bytes again;
    assert_false(failed(keeper_save(other, &operator_key, &arena, &again)));
    assert_true(bytes_equal(saved, again));
    *keeper = *other;
    struct keeper_question rollback = checkpoint_from(0, 32);
    assert_string_equal(ask(&rollback).err.rule, "keeper.not-extending");
}

static void a_full_keeper_says_so_and_can_still_be_saved(void **state)
{
    (void)state;
    struct keeper_question new = month_question(KEEPER_NEW_MONTH_KEY, 0);
    struct secret_key operator_key = seed_of(7);
    struct arena whole = vectors_arena(KEEPER_ARENA_LEN);
    struct bytes saved;
    char name[ORIGIN_NAME_MAX + 1];
    size_t mark = arena.used;
    for (unsigned i = 0; i < KEEPER_MONTH_KEYS_MAX; i++) {
        assert_int_equal(ask(&new).month.version, i + 1);
        arena_rewind(&arena, mark);
    }
    assert_string_equal(ask(&new).err.rule, "keeper.full");
    struct keeper_question q = checkpoint_from(0, 1);
    mark = arena.used;
    for (unsigned i = 0; i < KEEPER_LOGS_MAX; i++) {
        snprintf(name, sizeof(name), "x-%030u", i);
        q.checkpoint.next.origin = origin_of(keeper, 1, name);
        assert_false(failed(ask(&q).err));
        arena_rewind(&arena, mark);
    }
    q.checkpoint.next.origin = feed;
    assert_string_equal(ask(&q).err.rule, "keeper.full");
    assert_false(failed(keeper_save(keeper, &operator_key, &whole, &saved)));
    struct bytes kept = arena_copy(&arena, saved);
    arena_reset(&whole);
    assert_false(failed(keeper_load(kept, &operator_key, &whole, other)));
    assert_int_equal(other->month_key_count, KEEPER_MONTH_KEYS_MAX);
    assert_int_equal(other->log_count, KEEPER_LOGS_MAX);
    free(whole.data);
}

static void a_damaged_state_is_refused(void **state)
{
    (void)state;
    struct secret_key operator_key = seed_of(7);
    struct bytes saved;
    assert_false(failed(keeper_save(keeper, &operator_key, &arena, &saved)));
    uint8_t *copy = malloc(saved.len);
    assert_non_null(copy);
    size_t mark = arena.used;
    for (size_t i = 0; i < saved.len; i += 41) {
        memcpy(copy, saved.data, saved.len);
        copy[i] ^= 0x10;
        assert_true(failed(keeper_load(bytes_of(copy, saved.len), &operator_key, &arena, other)));
        assert_true(failed(keeper_load(bytes_of(saved.data, i), &operator_key, &arena, other)));
        arena_rewind(&arena, mark);
    }
    free(copy);
}

static void frames_are_taken_one_by_one(void **state)
{
    (void)state;
    uint8_t stream[64];
    struct writer w = writer_over(stream, sizeof(stream));
    struct bytes message;
    size_t used = 99;
    writer_block(&w, text_bytes(TEXT("first")));
    writer_block(&w, text_bytes(TEXT("second")));
    for (size_t len = 0; len < 9; len++) {
        assert_false(failed(keeper_frame_take(bytes_of(stream, len), &message, &used)));
        assert_int_equal(used, 0);
    }
    assert_false(failed(keeper_frame_take(bytes_of(stream, w.len), &message, &used)));
    assert_int_equal(used, 9);
    assert_true(bytes_equal(message, text_bytes(TEXT("first"))));
    memset(stream, 0xFF, 4);
    assert_string_equal(keeper_frame_take(bytes_of(stream, w.len), &message, &used).rule,
                        "keeper.message-too-long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_growing_log_is_signed_at_each_step, fresh_keeper),
        cmocka_unit_test_setup(rollback_and_fork_are_not_signed, fresh_keeper),
        cmocka_unit_test_setup(only_logs_of_this_member_and_generation_are_signed, fresh_keeper),
        cmocka_unit_test_setup(an_expired_node_key_signs_nothing, fresh_keeper),
        cmocka_unit_test_setup(a_tls_key_gets_a_card_that_chains_to_the_root, fresh_keeper),
        cmocka_unit_test_setup(instruments_are_signed_only_where_the_root_is, fresh_keeper),
        cmocka_unit_test_setup(a_receipt_can_not_pass_for_a_card, fresh_keeper),
        cmocka_unit_test_setup(a_destroyed_month_key_is_gone_and_its_version_never_returns,
                               fresh_keeper),
        cmocka_unit_test_setup(months_that_do_not_exist_get_no_key, fresh_keeper),
        cmocka_unit_test_setup(small_secrets_come_back_under_their_label_only, fresh_keeper),
        cmocka_unit_test_setup(no_message_however_malformed_ends_or_changes_the_keeper,
                               fresh_keeper),
        cmocka_unit_test_setup(a_full_arena_refuses_and_signs_nothing, fresh_keeper),
        cmocka_unit_test_setup(the_state_survives_its_file_and_opens_under_no_other_key,
                               fresh_keeper),
        cmocka_unit_test_setup(a_full_keeper_says_so_and_can_still_be_saved, fresh_keeper),
        cmocka_unit_test_setup(a_damaged_state_is_refused, fresh_keeper),
        cmocka_unit_test_setup(frames_are_taken_one_by_one, fresh_keeper),
    };
    return cmocka_run_group_tests(tests, open_all, NULL);
}
