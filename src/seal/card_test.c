#include "seal/card.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger/vectors_test.h"
#include "seal/instrument.h"

static struct arena arena;
static struct sign_secret root_secret;
static struct sign_secret node_secret;
static struct card root;
static struct card node;
static struct card tls;
static const struct instant now = { 1795313640000 };

static int fresh_cards(void **state)
{
    (void)state;
    static const struct secret_key root_seed = { { 1 } };
    static const struct secret_key node_seed = { { 2 } };
    if (arena.data == NULL)
        arena = vectors_arena(8 << 20);
    arena_reset(&arena);
    root = (struct card){
        .kind = CARD_ROOT, .realm = TEXT("demo"), .member = TEXT("x-bassin"), .from = now
    };
    sign_keypair(&root_seed, &root_secret, &root.key);
    root.root = root.key;
    root.next = card_key_hash(&root.key);
    node = (struct card){ .kind = CARD_NODE,
                          .realm = root.realm,
                          .member = root.member,
                          .root = root.key,
                          .generation = 3,
                          .from = now,
                          .until = instant_plus(now, CARD_NODE_LIFE) };
    sign_keypair(&node_seed, &node_secret, &node.key);
    tls = node;
    tls.kind = CARD_TLS;
    tls.node = node.key;
    memset(tls.key.bytes, 0xAB, SIGN_PUBLIC_LEN);
    tls.until = instant_plus(now, CARD_TLS_LIFE);
    return 0;
}

static struct bytes make(const struct card *card)
{
    struct bytes out;
    const struct sign_secret *secret = card->kind == CARD_TLS ? &node_secret : &root_secret;
    assert_false(failed(card_make(card, secret, &arena, &out)));
    return out;
}

static void every_kind_comes_back_as_it_was_made(void **state)
{
    (void)state;
    const struct card *cards[] = { &root, &node, &tls };
    for (size_t i = 0; i < 3; i++) {
        struct card back;
        assert_false(failed(card_parse(make(cards[i]), &arena, &back)));
        assert_true(back.kind == cards[i]->kind && back.generation == cards[i]->generation);
        assert_true(sign_public_equal(&back.key, &cards[i]->key));
        assert_true(sign_public_equal(&back.root, &root.key));
        assert_true(sign_public_equal(&back.node, &cards[i]->node));
        assert_true(hash_equal(&back.next, &cards[i]->next));
        assert_true(text_is(back.member, "x-bassin") && text_is(back.realm, "demo"));
        assert_true(back.from.ms == cards[i]->from.ms && back.until.ms == cards[i]->until.ms);
        assert_true(bytes_equal(make(&back), make(cards[i])));
    }
}

static void no_prefix_and_no_changed_byte_is_a_card(void **state)
{
    (void)state;
    const struct card *cards[] = { &root, &node, &tls };
    for (size_t c = 0; c < 3; c++) {
        struct bytes good = make(cards[c]);
        uint8_t copy[CARD_LEN_MAX];
        struct card back = { .generation = 77 };
        size_t mark = arena.used;
        for (size_t i = 0; i < good.len; i++) {
            arena_rewind(&arena, mark);
            assert_true(failed(card_parse(bytes_of(good.data, i), &arena, &back)));
            for (unsigned bit = 0; bit < 8; bit++) {
                memcpy(copy, good.data, good.len);
                copy[i] ^= (uint8_t)(1u << bit);
                arena_rewind(&arena, mark);
                assert_true(failed(card_parse(bytes_of(copy, good.len), &arena, &back)));
            }
        }
        assert_int_equal(back.generation, 77);
    }
}

/* Signs any content as a card. */
static struct err parse_forged(const char *content)
{
    struct json json;
    struct bytes out;
    struct card card;
    assert_false(failed(json_parse(text_bytes(text_literal(content)), &arena, &json)));
    assert_false(failed(statement_sign(TEXT("card"), &json, &root_secret, &arena, &out)));
    return card_parse(out, &arena, &card);
}

static void foreign_fields_and_missing_fields_are_refused(void **state)
{
    (void)state;
    assert_string_equal(parse_forged("{}").rule, "seal.card");
    assert_string_equal(parse_forged("{\"card\":\"boss\"}").rule, "seal.card");
    struct signed_statement statement;
    struct bytes out;
    struct card card;
    assert_false(failed(statement_parse(make(&node), &arena, &statement)));
    struct json content = json_copy(&arena, statement.content);
    json_set_integer(&arena, &content, "extra", 1);
    assert_false(failed(statement_sign(TEXT("card"), &content, &root_secret, &arena, &out)));
    assert_string_equal(card_parse(out, &arena, &card).rule, "seal.card");
    json_remove(&content, "extra");
    assert_false(failed(statement_sign(TEXT("card"), &content, &root_secret, &arena, &out)));
    assert_false(failed(card_parse(out, &arena, &card)));
    json_set_integer(&arena, &content, "generation", 0);
    assert_false(failed(statement_sign(TEXT("card"), &content, &root_secret, &arena, &out)));
    assert_string_equal(card_parse(out, &arena, &card).rule, "seal.card");
}

static void a_card_may_not_outlive_its_kind(void **state)
{
    (void)state;
    struct signed_statement statement;
    struct bytes out;
    struct card card;
    assert_false(failed(statement_parse(make(&node), &arena, &statement)));
    struct json content = json_copy(&arena, statement.content);
    struct instant late = instant_plus(node.until, 1);
    json_set_text(&arena, &content, "until", instant_format(&arena, late));
    assert_false(failed(statement_sign(TEXT("card"), &content, &root_secret, &arena, &out)));
    assert_string_equal(card_parse(out, &arena, &card).rule, "seal.card-life");
    json_set_text(&arena, &content, "until", instant_format(&arena, node.from));
    assert_false(failed(statement_sign(TEXT("card"), &content, &root_secret, &arena, &out)));
    assert_string_equal(card_parse(out, &arena, &card).rule, "seal.card-life");
}

static void a_spelling_that_is_not_canonical_is_refused(void **state)
{
    (void)state;
    struct bytes good = make(&node);
    uint8_t longer[CARD_LEN_MAX];
    struct card card;
    memcpy(longer, good.data, good.len);
    longer[good.len] = '\n';
    assert_string_equal(card_parse(bytes_of(longer, good.len + 1), &arena, &card).rule,
                        "seal.not-canonical");
}

static void a_chain_holds_from_pinned_root_to_tls_key(void **state)
{
    (void)state;
    struct card_expect expect = { root.key, TEXT("demo"), now };
    assert_false(failed(card_check_tls(&node, &tls, &expect)));
    struct card_expect wrong = expect;
    wrong.root = node.key;
    assert_string_equal(card_check_tls(&node, &tls, &wrong).rule, "seal.unknown-root");
    wrong = expect;
    wrong.realm = TEXT("prod");
    assert_string_equal(card_check_tls(&node, &tls, &wrong).rule, "seal.wrong-realm");
    struct card lies[] = { tls, tls, tls, tls, tls, tls };
    lies[0].node = root.key;
    lies[1].root = node.key;
    lies[2].generation = 4;
    lies[3].member = TEXT("NER");
    lies[4].realm = TEXT("prod");
    lies[5].kind = CARD_NODE;
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
        assert_string_equal(card_check_tls(&node, &lies[i], &expect).rule, "seal.chain");
    assert_string_equal(card_check_tls(&tls, &tls, &expect).rule, "seal.chain");
}

static void only_the_root_that_was_named_may_follow(void **state)
{
    (void)state;
    struct card next = root;
    assert_string_equal(card_check_next(&node, &root).rule, "seal.chain");
    next.key = node.key;
    assert_string_equal(card_check_next(&root, &next).rule, "seal.chain");
    root.next = card_key_hash(&node.key);
    assert_false(failed(card_check_next(&root, &next)));
    next.member = TEXT("NER");
    assert_string_equal(card_check_next(&root, &next).rule, "seal.chain");
}

static void clocks_may_differ_by_five_minutes_and_no_more(void **state)
{
    (void)state;
    struct card_expect expect = { root.key, TEXT("demo"), instant_plus(now, -CARD_CLOCK_SLACK) };
    assert_false(failed(card_check_node(&node, &expect)));
    expect.now = instant_plus(expect.now, -1);
    assert_string_equal(card_check_node(&node, &expect).rule, "seal.not-yet");
    expect.now = instant_plus(node.until, CARD_CLOCK_SLACK - 1);
    assert_false(failed(card_check_node(&node, &expect)));
    expect.now = instant_plus(expect.now, 1);
    assert_string_equal(card_check_node(&node, &expect).rule, "seal.expired");
    expect.now = instant_plus(tls.until, CARD_CLOCK_SLACK);
    assert_string_equal(card_check_tls(&node, &tls, &expect).rule, "seal.expired");
}

static struct instrument_signature some_instrument(void)
{
    return (struct instrument_signature){ .tree = { { 9 } },
                                          .realm = TEXT("demo"),
                                          .member = TEXT("NER"),
                                          .role = TEXT("withdraw"),
                                          .on = { 2026, 2, 28 },
                                          .root = root.key };
}

static void an_instrument_is_signed_by_the_root_it_names(void **state)
{
    (void)state;
    struct instrument_signature signature = some_instrument();
    struct instrument_signature back;
    struct bytes out;
    assert_false(failed(instrument_signature_format(&signature, &root_secret, &arena, &out)));
    assert_false(failed(instrument_signature_verify(out, &arena, &back)));
    assert_true(hash_equal(&back.tree, &signature.tree));
    assert_true(text_is(back.role, "withdraw") && text_is(back.member, "NER"));
    assert_true(back.on.year == 2026 && back.on.month == 2 && back.on.day == 28);
    size_t mark = arena.used;
    uint8_t copy[2048];
    for (size_t i = 0; i < out.len; i++) {
        memcpy(copy, out.data, out.len);
        copy[i] ^= 1;
        assert_true(failed(instrument_signature_verify(bytes_of(copy, out.len), &arena, &back)));
        assert_true(failed(instrument_signature_verify(bytes_of(copy, i), &arena, &back)));
        arena_rewind(&arena, mark);
    }
    signature.role = TEXT("steal");
    assert_string_equal(instrument_signature_format(&signature, &root_secret, &arena, &out).rule,
                        "seal.role");
}

/* Signs any content as an act. */
static struct err act_of(const char *members, struct instrument_signature *out)
{
    struct instrument_signature signature = some_instrument();
    struct signed_statement statement;
    struct json more;
    struct bytes bytes;
    assert_false(failed(instrument_signature_format(&signature, &root_secret, &arena, &bytes)));
    assert_false(failed(statement_parse(bytes, &arena, &statement)));
    struct json content = json_copy(&arena, statement.content);
    assert_false(failed(json_parse(text_bytes(text_literal(members)), &arena, &more)));
    for (uint32_t i = 0; i < more.count; i++)
        json_set_name(&arena, &content, more.members[i].name, more.members[i].value);
    assert_false(
        failed(statement_sign(TEXT("instrument"), &content, &root_secret, &arena, &bytes)));
    return instrument_signature_verify(bytes, &arena, out);
}

static void every_act_comes_back_as_it_was_signed(void **state)
{
    (void)state;
    static const char *const terms = "[{\"article\":3,\"not_bound\":true,\"party\":\"NER\"}]";
    struct json json;
    struct bytes out;
    assert_false(failed(json_parse(text_bytes(text_literal(terms)), &arena, &json)));
    struct instrument_signature acts[] = { some_instrument(), some_instrument(), some_instrument(),
                                           some_instrument() };
    acts[0].role = TEXT("dispute");
    acts[0].article = 3;
    acts[0].clause = 2;
    acts[0].against = TEXT("NGA");
    acts[0].at = instant_plus(date_begin(acts[0].on), INSTANT_HOUR);
    acts[1].role = TEXT("object");
    acts[1].against = TEXT("x-bassin");
    acts[1].opposing = true;
    acts[2].role = TEXT("reserve");
    acts[2].terms_opt = &json;
    acts[3].role = TEXT("accede");
    for (size_t i = 0; i < 4; i++) {
        struct instrument_signature back;
        assert_false(failed(instrument_signature_format(&acts[i], &root_secret, &arena, &out)));
        assert_false(failed(instrument_signature_verify(out, &arena, &back)));
        assert_true(text_equal(back.role, acts[i].role));
        assert_true(text_equal(back.against, acts[i].against));
        assert_true(back.article == acts[i].article && back.clause == acts[i].clause);
        assert_true(back.opposing == acts[i].opposing && back.at.ms == acts[i].at.ms);
        assert_true((back.terms_opt == NULL) == (acts[i].terms_opt == NULL));
        assert_true(back.terms_opt == NULL || json_equal(back.terms_opt, &json));
    }
}

static void an_act_says_nothing_that_it_has_no_room_for(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{\"role\":\"sign\",\"against\":\"NGA\"}",
        "{\"role\":\"sign\",\"terms\":[]}",
        "{\"role\":\"suspend\",\"article\":3}",
        "{\"role\":\"suspend\",\"opposing\":true}",
        "{\"role\":\"suspend\",\"against\":\"\"}",
        "{\"role\":\"suspend\",\"against\":7}",
        "{\"role\":\"dispute\",\"clause\":3}",
        "{\"role\":\"dispute\",\"article\":0}",
        "{\"role\":\"dispute\",\"article\":10000}",
        "{\"role\":\"object\",\"opposing\":false}",
        "{\"role\":\"reserve\",\"terms\":7}",
        "{\"role\":\"suspend\",\"at\":\"2026-03-01T00:00:00.000Z\"}",
        "{\"role\":\"suspend\",\"at\":\"noon\"}",
        "{\"role\":\"suspend\",\"extra\":1}",
    };
    struct instrument_signature back;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_string_equal(act_of(bad[i], &back).rule, "seal.instrument");
    assert_string_equal(act_of("{\"role\":\"annul\"}", &back).rule, "seal.role");
    assert_false(failed(act_of("{\"role\":\"suspend\"}", &back))); /* as ever */
    assert_false(
        failed(act_of("{\"role\":\"suspend\",\"at\":\"2026-02-28T12:00:00.000Z\"}", &back)));
}

static void a_card_is_no_instrument_and_back(void **state)
{
    (void)state;
    struct instrument_signature signature = some_instrument();
    struct card card;
    struct bytes out;
    assert_false(failed(instrument_signature_format(&signature, &root_secret, &arena, &out)));
    assert_true(failed(card_parse(out, &arena, &card)));
    assert_true(failed(instrument_signature_verify(make(&root), &arena, &signature)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_kind_comes_back_as_it_was_made, fresh_cards),
        cmocka_unit_test_setup(no_prefix_and_no_changed_byte_is_a_card, fresh_cards),
        cmocka_unit_test_setup(foreign_fields_and_missing_fields_are_refused, fresh_cards),
        cmocka_unit_test_setup(a_card_may_not_outlive_its_kind, fresh_cards),
        cmocka_unit_test_setup(a_spelling_that_is_not_canonical_is_refused, fresh_cards),
        cmocka_unit_test_setup(a_chain_holds_from_pinned_root_to_tls_key, fresh_cards),
        cmocka_unit_test_setup(only_the_root_that_was_named_may_follow, fresh_cards),
        cmocka_unit_test_setup(clocks_may_differ_by_five_minutes_and_no_more, fresh_cards),
        cmocka_unit_test_setup(an_instrument_is_signed_by_the_root_it_names, fresh_cards),
        cmocka_unit_test_setup(every_act_comes_back_as_it_was_signed, fresh_cards),
        cmocka_unit_test_setup(an_act_says_nothing_that_it_has_no_room_for, fresh_cards),
        cmocka_unit_test_setup(a_card_is_no_instrument_and_back, fresh_cards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
