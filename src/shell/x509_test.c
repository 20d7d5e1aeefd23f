#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>

#include "seal/certificate.h"
#include "shell/x509.h"

#define NOW ((struct instant){ 1795305600000 }) /* 2026-11-22T00:00:00Z */

static uint8_t memory[1 << 20];

struct family {
    struct sign_secret root, node;
    struct sign_public root_key, node_key, leaf_key;
    struct bytes chain[X509_CHAIN_MAX];
};

static struct secret_key seed_of(uint8_t fill)
{
    struct secret_key seed;
    memset(seed.bytes, fill, sizeof(seed.bytes));
    return seed;
}

static struct certificate certificate_of(const struct family *f, enum card_kind kind, int64_t life)
{
    const struct sign_public *const keys[] = {
        [CARD_ROOT] = &f->root_key, [CARD_NODE] = &f->node_key, [CARD_TLS] = &f->leaf_key
    };
    return (struct certificate){ .kind = kind,
                                 .root = f->root_key,
                                 .key = *keys[kind],
                                 .from = instant_plus(NOW, -INSTANT_HOUR),
                                 .until = instant_plus(NOW, life - INSTANT_HOUR) };
}

static void make(struct family *f, const struct certificate *certificate, struct arena *arena)
{
    size_t at = (size_t)(CARD_TLS - certificate->kind);
    const struct sign_secret *by = certificate->kind == CARD_TLS ? &f->node : &f->root;
    assert_false(failed(certificate_make(certificate, by, arena, &f->chain[at])));
}

static struct family family_of(uint8_t fill, struct arena *arena)
{
    struct family f;
    struct sign_secret unused;
    struct secret_key seeds[] = { seed_of(fill), seed_of((uint8_t)(fill + 1)),
                                  seed_of((uint8_t)(fill + 2)) };
    sign_keypair(&seeds[0], &f.root, &f.root_key);
    sign_keypair(&seeds[1], &f.node, &f.node_key);
    sign_keypair(&seeds[2], &unused, &f.leaf_key);
    const int64_t lives[] = {
        [CARD_ROOT] = 3650 * INSTANT_DAY, [CARD_NODE] = CARD_NODE_LIFE, [CARD_TLS] = CARD_TLS_LIFE
    };
    for (enum card_kind kind = CARD_ROOT; kind <= CARD_TLS; kind++) {
        struct certificate certificate = certificate_of(&f, kind, lives[kind]);
        make(&f, &certificate, arena);
    }
    return f;
}

static const char *verdict(const struct bytes *chain, struct instant now,
                           const struct sign_public *pinned)
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
    struct x509_peer peer;
    assert_string_equal(x509_check_chain(f.chain, 3, NOW, &f.root_key, &peer).rule, "");
    assert_true(sign_public_equal(&peer.root, &f.root_key));
    assert_true(sign_public_equal(&peer.node, &f.node_key));
    assert_true(sign_public_equal(&peer.leaf, &f.leaf_key));
    assert_int_equal(peer.until.ms, NOW.ms + 7 * INSTANT_DAY - INSTANT_HOUR);
    assert_string_equal(verdict(f.chain, NOW, NULL), "");
    assert_string_equal(x509_check_chain(f.chain, 2, NOW, NULL, &peer).rule, "x509.chain-length");
}

static void a_foreign_root_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct family other = family_of(20, &arena);
    assert_string_equal(verdict(f.chain, NOW, &other.root_key), "x509.wrong-root");
    /* the pinned root shown over another's node */
    struct bytes mixed[] = { f.chain[0], f.chain[1], other.chain[2] };
    assert_string_equal(verdict(mixed, NOW, &other.root_key), "x509.bad-signature");
    struct bytes leaf[] = { f.chain[0], other.chain[1], other.chain[2] };
    assert_string_equal(verdict(leaf, NOW, &other.root_key), "x509.bad-signature");
}

static void a_leaf_that_names_another_member_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct family victim = family_of(40, &arena);
    struct certificate leaf = certificate_of(&f, CARD_TLS, CARD_TLS_LIFE);
    leaf.root = victim.root_key;
    make(&f, &leaf, &arena);
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
    struct bytes below[] = { f.chain[0], f.chain[0], f.chain[2] };
    assert_string_equal(verdict(below, NOW, NULL), "x509.not-ours");
    struct bytes swapped[] = { f.chain[1], f.chain[1], f.chain[2] };
    assert_string_equal(verdict(swapped, NOW, NULL), "x509.not-ours");
    struct bytes no_root[] = { f.chain[0], f.chain[1], f.chain[1] };
    assert_string_equal(verdict(no_root, NOW, NULL), "x509.wrong-name");
    assert_string_equal(verdict(no_root, NOW, &f.root_key), "x509.wrong-root");
}

static void a_leaf_that_lives_too_long_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    struct certificate leaf = certificate_of(&f, CARD_TLS, CARD_TLS_LIFE + CARD_CLOCK_SLACK);
    make(&f, &leaf, &arena);
    assert_string_equal(verdict(f.chain, NOW, NULL), "");
    leaf.until = instant_plus(leaf.until, 1000);
    make(&f, &leaf, &arena);
    assert_string_equal(verdict(f.chain, NOW, NULL), "x509.not-ours");
}

static void every_prefix_and_every_changed_byte_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct family f = family_of(10, &arena);
    for (size_t c = 0; c < 2; c++) { /* nothing depends on the root's own signature */
        struct bytes whole = f.chain[c];
        for (size_t len = 0; len < whole.len; len++) {
            f.chain[c] = bytes_of(whole.data, len);
            assert_string_not_equal(verdict(f.chain, NOW, &f.root_key), "");
        }
        uint8_t copy[X509_CERT_MAX];
        for (size_t i = 0; i < whole.len; i++) {
            memcpy(copy, whole.data, whole.len);
            copy[i] ^= 1;
            f.chain[c] = bytes_of(copy, whole.len);
            assert_string_not_equal(verdict(f.chain, NOW, &f.root_key), "");
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
        struct text pem = x509_cert_pem(&arena, f.chain[i]);
        assert_int_equal(fwrite(pem.data, 1, pem.len, file), pem.len);
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
        cmocka_unit_test(a_foreign_root_is_refused),
        cmocka_unit_test(a_leaf_that_names_another_member_is_refused),
        cmocka_unit_test(time_counts_with_five_minutes_of_grace),
        cmocka_unit_test(a_leaf_cannot_sign_and_a_node_cannot_be_a_leaf),
        cmocka_unit_test(a_leaf_that_lives_too_long_is_refused),
        cmocka_unit_test(every_prefix_and_every_changed_byte_is_refused),
        cmocka_unit_test(pem_goes_there_and_back),
        cmocka_unit_test(openssl_believes_the_chain_too),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
