#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>

#include "shell/x509.h"

#define NOW ((struct instant){ 1795305600000 }) /* 2026-11-22T00:00:00Z */

static uint8_t memory[1 << 20];

struct family {
    struct x509_key root_seed, node_seed, leaf_seed;
    struct bytes chain[X509_CHAIN_MAX];
};

static struct x509_key seed_of(uint8_t fill)
{
    struct x509_key seed;
    memset(seed.bytes, fill, sizeof(seed.bytes));
    return seed;
}

static struct x509_grant grant_for(const struct x509_key *root, const struct x509_key *subject,
                                   int64_t days)
{
    return (struct x509_grant){ .root = x509_public(root),
                                .subject = x509_public(subject),
                                .from = instant_plus(NOW, -INSTANT_HOUR),
                                .until = instant_plus(NOW, days * INSTANT_DAY - INSTANT_HOUR),
                                .serial = { 1, 2, 3 } };
}

static struct family family_of(uint8_t fill, struct arena *arena)
{
    struct family f = {
        seed_of(fill), seed_of((uint8_t)(fill + 1)), seed_of((uint8_t)(fill + 2)), { { NULL, 0 } }
    };
    struct x509_grant root = grant_for(&f.root_seed, &f.root_seed, X509_ROOT_DAYS);
    struct x509_grant node = grant_for(&f.root_seed, &f.node_seed, X509_NODE_DAYS);
    struct x509_grant leaf = grant_for(&f.root_seed, &f.leaf_seed, X509_LEAF_DAYS);
    assert_false(failed(x509_make_root(&root, &f.root_seed, arena, &f.chain[2])));
    assert_false(failed(x509_make_node(&node, &f.root_seed, arena, &f.chain[1])));
    assert_false(failed(x509_make_leaf(&leaf, &f.node_seed, arena, &f.chain[0])));
    return f;
}

static const char *verdict(const struct bytes *chain, struct instant now,
                           const struct x509_key *pinned)
{
    struct x509_peer peer;
    struct err e = x509_check_chain(chain, X509_CHAIN_MAX, now, pinned, &peer);
    return e.rule;
}

static void a_chain_of_ours_is_believed_and_names_its_keys(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct x509_key root = x509_public(&f.root_seed);
    struct x509_key node = x509_public(&f.node_seed);
    struct x509_peer peer;
    assert_string_equal(x509_check_chain(f.chain, 3, NOW, &root, &peer).rule, "");
    assert_memory_equal(&peer.root, &root, sizeof(root));
    assert_memory_equal(&peer.node, &node, sizeof(node));
    assert_int_equal(peer.until.ms, NOW.ms + 7 * INSTANT_DAY - INSTANT_HOUR);
    assert_string_equal(verdict(f.chain, NOW, NULL), "");
}

static void the_same_arguments_give_the_same_bytes(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family a = family_of(10, &arena);
    struct family b = family_of(10, &arena);
    for (size_t i = 0; i < X509_CHAIN_MAX; i++)
        assert_true(bytes_equal(a.chain[i], b.chain[i]));
}

static void a_foreign_root_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct family other = family_of(20, &arena);
    struct x509_key pinned = x509_public(&other.root_seed);
    assert_string_equal(verdict(f.chain, NOW, &pinned), "x509.wrong-root");
    /* the pinned root shown over another's node */
    struct bytes mixed[] = { f.chain[0], f.chain[1], other.chain[2] };
    assert_string_not_equal(verdict(mixed, NOW, &pinned), "");
    struct bytes leaf[] = { f.chain[0], other.chain[1], other.chain[2] };
    assert_string_not_equal(verdict(leaf, NOW, &pinned), "");
}

static void a_leaf_that_names_another_member_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct x509_key victim = seed_of(99);
    struct x509_grant leaf = grant_for(&victim, &f.leaf_seed, X509_LEAF_DAYS);
    assert_false(failed(x509_make_leaf(&leaf, &f.node_seed, &arena, &f.chain[0])));
    assert_string_not_equal(verdict(f.chain, NOW, NULL), "");
}

static void time_counts_with_five_minutes_of_grace(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct instant end = instant_plus(NOW, 7 * INSTANT_DAY - INSTANT_HOUR);
    struct instant begin = instant_plus(NOW, -INSTANT_HOUR);
    assert_string_equal(verdict(f.chain, instant_plus(end, 300000), NULL), "");
    assert_string_equal(verdict(f.chain, instant_plus(end, 301000), NULL), "x509.expired");
    assert_string_equal(verdict(f.chain, instant_plus(begin, -300000), NULL), "");
    assert_string_equal(verdict(f.chain, instant_plus(begin, -301000), NULL), "x509.not-yet");
}

static void a_leaf_cannot_sign_and_a_node_cannot_be_a_leaf(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct x509_grant leaf = grant_for(&f.root_seed, &f.leaf_seed, X509_LEAF_DAYS);
    struct bytes forged = { NULL, 0 };
    assert_false(failed(x509_make_leaf(&leaf, &f.leaf_seed, &arena, &forged)));
    struct bytes below[] = { forged, f.chain[0], f.chain[2] };
    assert_string_equal(verdict(below, NOW, NULL), "x509.not-ours");
    struct bytes swapped[] = { f.chain[1], f.chain[1], f.chain[2] };
    assert_string_equal(verdict(swapped, NOW, NULL), "x509.not-ours");
    struct bytes short_chain[] = { f.chain[0], f.chain[1], f.chain[1] };
    assert_string_not_equal(verdict(short_chain, NOW, NULL), "");
}

static void periods_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct x509_grant grant = grant_for(&f.root_seed, &f.leaf_seed, X509_LEAF_DAYS);
    struct bytes out = { NULL, 0 };
    grant.until = instant_plus(grant.until, 1);
    assert_string_equal(x509_make_leaf(&grant, &f.node_seed, &arena, &out).rule, "x509.bad-period");
    grant.until = grant.from;
    assert_string_equal(x509_make_leaf(&grant, &f.node_seed, &arena, &out).rule, "x509.bad-period");
    assert_null(out.data);
}

static void every_prefix_and_every_changed_byte_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct x509_key root = x509_public(&f.root_seed);
    for (size_t c = 0; c < 2; c++) { /* nothing depends on the root's own signature */
        struct bytes whole = f.chain[c];
        for (size_t len = 0; len < whole.len; len++) {
            f.chain[c] = bytes_of(whole.data, len);
            assert_string_not_equal(verdict(f.chain, NOW, &root), "");
        }
        uint8_t copy[X509_CERT_MAX];
        for (size_t i = 0; i < whole.len; i++) {
            memcpy(copy, whole.data, whole.len);
            copy[i] ^= 1;
            f.chain[c] = bytes_of(copy, whole.len);
            assert_string_not_equal(verdict(f.chain, NOW, &root), "");
        }
        f.chain[c] = whole;
    }
}

static void pem_goes_there_and_back(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct text two =
        arena_join(&arena, x509_cert_pem(&arena, f.chain[0]), x509_cert_pem(&arena, f.chain[1]));
    struct bytes rest = text_bytes(two);
    for (size_t i = 0; i < 2; i++) {
        struct bytes der = { NULL, 0 };
        assert_false(failed(x509_pem_next(&rest, &arena, &der)));
        assert_true(bytes_equal(der, f.chain[i]));
    }
    struct bytes none = { NULL, 0 };
    assert_string_equal(x509_pem_next(&rest, &arena, &none).rule, "x509.no-pem");
}

static void openssl_believes_the_chain_too(void **state)
{
    (void)state;
    if (system("openssl version >/dev/null 2>&1") != 0) {
        print_message("skipped: no openssl program here\n");
        return;
    }
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    char dir[] = "/tmp/comity-x509-XXXXXX";
    assert_non_null(mkdtemp(dir));
    static const char *const names[] = { "leaf", "node", "root" };
    char path[128];
    for (size_t i = 0; i < X509_CHAIN_MAX; i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(x509_cert_pem(&arena, f.chain[i]).data, file);
        fclose(file);
    }
    char command[512];
    snprintf(command, sizeof(command),
             "cd %s && openssl verify -x509_strict -attime %lld -CAfile root -untrusted node leaf "
             ">out 2>&1; code=$?; rm -rf %s; exit $code",
             dir, (long long)(NOW.ms / 1000), dir);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_of_ours_is_believed_and_names_its_keys),
        cmocka_unit_test(the_same_arguments_give_the_same_bytes),
        cmocka_unit_test(a_foreign_root_is_refused),
        cmocka_unit_test(a_leaf_that_names_another_member_is_refused),
        cmocka_unit_test(time_counts_with_five_minutes_of_grace),
        cmocka_unit_test(a_leaf_cannot_sign_and_a_node_cannot_be_a_leaf),
        cmocka_unit_test(periods_beyond_the_limit_are_refused),
        cmocka_unit_test(every_prefix_and_every_changed_byte_is_refused),
        cmocka_unit_test(pem_goes_there_and_back),
        cmocka_unit_test(openssl_believes_the_chain_too),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
