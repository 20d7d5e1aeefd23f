/* The certificates that the keeper writes, judged by GnuTLS under the shell's profile. */
#include "shell/x509.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "seal/keeper.h"

static struct arena arena;
static struct keeper_state *keeper;
static const struct instant begin = { 1795313640000 };

static int create(void **state)
{
    (void)state;
    const struct keeper_birth birth = { .realm = TEXT("demo"),
                                        .member = TEXT("BEN"),
                                        .generation = 1,
                                        .root_seed = { { 1 } },
                                        .seed = { { 2 } },
                                        .now = begin };
    static uint8_t memory[4 << 20];
    arena = arena_over(memory, sizeof(memory));
    keeper = malloc(sizeof(*keeper));
    return keeper == NULL || failed(keeper_create(&birth, &arena, keeper));
}

static struct bytes leaf_for(const char *host, struct instant now)
{
    struct keeper_question q = { .kind = KEEPER_CERTIFY_TLS,
                                 .tls = { .host_opt = text_literal(host) } };
    const struct keeper_tick tick = { now, { { 3 } } };
    struct keeper_answer answer;
    struct bytes question;
    bool changed = false;
    memset(q.tls.key.bytes, 9, SIGN_PUBLIC_LEN);
    assert_false(failed(keeper_question_format(&q, &arena, &question)));
    struct bytes out = keeper_step(keeper, question, &tick, &arena, &changed);
    assert_false(failed(keeper_answer_parse(out, &answer)));
    assert_false(failed(answer.err));
    return answer.tls.x509;
}

static struct err judge(struct bytes leaf, struct instant now, struct x509_peer *out)
{
    const struct bytes chain[] = {
        leaf,
        bytes_of(keeper->node_x509.data, keeper->node_x509.len),
        bytes_of(keeper->root_x509.data, keeper->root_x509.len),
    };
    return x509_check_chain(chain, 3, now, &keeper->root, out);
}

static void gnutls_believes_the_chain_the_keeper_made(void **state)
{
    (void)state;
    static const char *const hosts[] = { "", "ben.example.org", "127.0.0.1" };
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        struct x509_peer peer;
        assert_false(failed(judge(leaf_for(hosts[i], begin), begin, &peer)));
        assert_memory_equal(peer.root.bytes, keeper->root.bytes, SIGN_PUBLIC_LEN);
        assert_memory_equal(peer.node.bytes, keeper->node.bytes, SIGN_PUBLIC_LEN);
        assert_int_equal(peer.leaf.bytes[0], 9);
    }
}

static void its_times_hold_to_the_second(void **state)
{
    (void)state;
    struct x509_peer peer;
    struct bytes leaf = leaf_for("", begin);
    struct instant end = instant_plus(begin, CARD_TLS_LIFE + CARD_CLOCK_SLACK);
    assert_false(failed(judge(leaf, end, &peer)));
    end = instant_plus(end, INSTANT_SECOND);
    assert_string_equal(judge(leaf, end, &peer).rule, "x509.expired");
    struct instant early = instant_plus(begin, -CARD_CLOCK_SLACK - INSTANT_SECOND);
    assert_string_equal(judge(leaf, early, &peer).rule, "x509.not-yet");
}

static void a_changed_byte_of_the_leaf_breaks_the_chain(void **state)
{
    (void)state;
    struct bytes leaf = leaf_for("ben.example.org", begin);
    uint8_t copy[X509_CERT_MAX];
    struct x509_peer peer;
    assert_true(leaf.len <= sizeof(copy));
    for (size_t i = 0; i < leaf.len; i++) {
        memcpy(copy, leaf.data, leaf.len);
        copy[i] ^= 1;
        assert_true(failed(judge(bytes_of(copy, leaf.len), begin, &peer)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gnutls_believes_the_chain_the_keeper_made),
        cmocka_unit_test(its_times_hold_to_the_second),
        cmocka_unit_test(a_changed_byte_of_the_leaf_breaks_the_chain),
    };
    return cmocka_run_group_tests(tests, create, NULL);
}
