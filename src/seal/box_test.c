#include "seal/box.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/encode.h"
#include "ledger/vectors_test.h"
#include "seal/blob.h"
#include "seal/vault.h"

static struct arena arena;
static const struct secret_key key = { { 1, 2, 3 } };
static const struct secret_key other_key = { { 1, 2, 4 } };

static int fresh_arena(void **state)
{
    (void)state;
    if (arena.data == NULL)
        arena = vectors_arena(32 << 20);
    arena_reset(&arena);
    return 0;
}

static struct bytes unhex(const struct json *object, const char *name)
{
    struct text hex = json_get_text(object, name);
    uint8_t *out = arena_take(&arena, hex.len / 2);
    assert_non_null(out);
    assert_false(failed(hex_parse(hex, out, hex.len / 2)));
    return bytes_of(out, hex.len / 2);
}

static void check_aead(const struct json *test)
{
    struct secret_key k;
    struct bytes iv = unhex(test, "iv");
    struct bytes aad = unhex(test, "aad");
    struct bytes plain = unhex(test, "msg");
    struct bytes cipher = unhex(test, "ct");
    struct bytes tag = unhex(test, "tag");
    uint8_t sealed[4096];
    uint8_t out[4096];
    assert_true(cipher.len + tag.len <= sizeof(sealed));
    memcpy(k.bytes, unhex(test, "key").data, SECRET_LEN);
    memcpy(sealed, cipher.data, cipher.len);
    memcpy(sealed + cipher.len, tag.data, tag.len);
    bool valid = text_is(json_get_text(test, "result"), "valid");
    struct bytes whole = bytes_of(sealed, cipher.len + tag.len);
    assert_int_equal(aead_open(&k, iv.data, aad, whole, out), valid);
    if (!valid)
        return;
    assert_memory_equal(out, plain.data, plain.len);
    aead_seal(&k, iv.data, aad, plain, out);
    assert_memory_equal(out, sealed, whole.len);
}

static void wycheproof_xchacha20_poly1305_agrees(void **state)
{
    (void)state;
    const struct json *v = vectors_json("crypto/wycheproof/xchacha20_poly1305_test.json", &arena);
    if (v == NULL)
        return;
    unsigned done = 0;
    unsigned no_nonce = 0;
    const struct json *groups = json_get(v, "testGroups");
    for (size_t g = 0; g < json_count(groups); g++) {
        const struct json *tests = json_get(json_item(groups, g), "tests");
        for (size_t i = 0; i < json_count(tests); i++) {
            const struct json *test = json_item(tests, i);
            if (unhex(test, "iv").len == BOX_NONCE_LEN) {
                check_aead(test);
                done++;
            } else { /* our type has no such nonce; all of these are to be refused */
                assert_true(text_is(json_get_text(test, "result"), "invalid"));
                no_nonce++;
            }
        }
    }
    assert_int_equal(done + no_nonce, 315);
    assert_true(done > 300);
}

static void wycheproof_ed25519_agrees(void **state)
{
    (void)state;
    const struct json *v = vectors_json("crypto/wycheproof/ed25519_test.json", &arena);
    if (v == NULL)
        return;
    unsigned done = 0;
    const struct json *groups = json_get(v, "testGroups");
    for (size_t g = 0; g < json_count(groups); g++) {
        struct sign_public public;
        const struct json *group = json_item(groups, g);
        struct bytes pk = unhex(json_get(group, "publicKey"), "pk");
        const struct json *tests = json_get(group, "tests");
        assert_int_equal(pk.len, SIGN_PUBLIC_LEN);
        memcpy(public.bytes, pk.data, pk.len);
        for (size_t i = 0; i < json_count(tests); i++, done++) {
            const struct json *test = json_item(tests, i);
            bool valid = text_is(json_get_text(test, "result"), "valid");
            assert_int_equal(sign_check(&public, unhex(test, "msg"), unhex(test, "sig")), valid);
        }
    }
    assert_int_equal(done, 151);
}

static void what_is_sealed_opens_and_nothing_else_does(void **state)
{
    (void)state;
    static uint8_t plain[300];
    for (size_t len = 0; len < sizeof(plain); len += 37) {
        struct bytes ad = text_bytes(TEXT("place"));
        struct bytes sealed;
        struct bytes back;
        assert_false(failed(box_seal(&key, ad, bytes_of(plain, len), &arena, &sealed)));
        assert_int_equal(sealed.len, len + BOX_OVERHEAD);
        assert_false(failed(box_open(&key, ad, sealed, &arena, &back)));
        assert_true(bytes_equal(back, bytes_of(plain, len)));
        assert_string_equal(box_open(&other_key, ad, sealed, &arena, &back).rule, "seal.wrong-key");
        assert_string_equal(box_open(&key, text_bytes(TEXT("Place")), sealed, &arena, &back).rule,
                            "seal.damaged");
        uint8_t copy[sizeof(plain) + BOX_OVERHEAD];
        for (size_t i = 0; i < sealed.len; i++) {
            memcpy(copy, sealed.data, sealed.len);
            copy[i] ^= 0x80;
            assert_true(failed(box_open(&key, ad, bytes_of(copy, sealed.len), &arena, &back)));
            assert_true(failed(box_open(&key, ad, bytes_of(copy, i), &arena, &back)));
        }
    }
}

static void nonces_follow_key_place_and_text(void **state)
{
    (void)state;
    struct bytes a;
    struct bytes b;
    struct bytes one = text_bytes(TEXT("one"));
    struct bytes two = text_bytes(TEXT("two"));
    assert_false(failed(box_seal(&key, one, two, &arena, &a)));
    assert_false(failed(box_seal(&key, one, two, &arena, &b)));
    assert_true(bytes_equal(a, b));
    assert_false(failed(box_seal(&key, two, two, &arena, &b)));
    assert_memory_not_equal(a.data + 1, b.data + 1, BOX_NONCE_LEN);
    assert_false(failed(box_seal(&key, one, one, &arena, &b)));
    assert_memory_not_equal(a.data + 1, b.data + 1, BOX_NONCE_LEN);
    assert_false(failed(box_seal(&other_key, one, two, &arena, &b)));
    assert_memory_not_equal(a.data + 1, b.data + 1, BOX_NONCE_LEN);
    /* the border between place and text counts */
    struct bytes left;
    struct bytes right;
    assert_false(
        failed(box_seal(&key, text_bytes(TEXT("ab")), text_bytes(TEXT("c")), &arena, &left)));
    assert_false(
        failed(box_seal(&key, text_bytes(TEXT("a")), text_bytes(TEXT("bc")), &arena, &right)));
    assert_memory_not_equal(left.data + 1, right.data + 1, BOX_NONCE_LEN);
}

static void derived_keys_differ_by_purpose_and_context(void **state)
{
    (void)state;
    struct secret_key a = secret_derive(&key, "wrap", text_bytes(TEXT("x")));
    struct secret_key b = secret_derive(&key, "wrap", text_bytes(TEXT("y")));
    struct secret_key c = secret_derive(&key, "month key", text_bytes(TEXT("x")));
    struct secret_key again = secret_derive(&key, "wrap", text_bytes(TEXT("x")));
    assert_true(secret_equal(&a, &again));
    assert_false(secret_equal(&a, &b) || secret_equal(&a, &c) || secret_equal(&a, &key));
}

static void an_opening_opens_only_in_its_place(void **state)
{
    (void)state;
    const struct vault_month home = { TEXT("demo"), 1, 202611, TEXT("alert"), 1 };
    struct vault_month away[] = { home, home, home, home, home };
    struct bytes opening = text_bytes(TEXT("0123456789abcdef{}"));
    struct bytes sealed;
    struct bytes back;
    away[0].realm = TEXT("prod");
    away[1].generation = 2;
    away[2].month = 202612;
    away[3].retention = TEXT("access");
    away[4].version = 2;
    assert_false(failed(vault_seal(&key, &home, 88, opening, &arena, &sealed)));
    assert_int_equal(sealed.len, opening.len + VAULT_OVERHEAD);
    assert_false(failed(vault_open(&key, &home, 88, sealed, &arena, &back)));
    assert_true(bytes_equal(back, opening));
    assert_string_equal(vault_open(&key, &home, 89, sealed, &arena, &back).rule, "seal.damaged");
    for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
        assert_string_equal(vault_open(&key, &away[i], 88, sealed, &arena, &back).rule,
                            "seal.damaged");
}

static void a_wrapped_month_key_comes_back(void **state)
{
    (void)state;
    const struct vault_month month = { TEXT("demo"), 1, 202611, TEXT("alert"), 1 };
    struct vault_month next = month;
    struct bytes wrapped;
    struct secret_key back;
    next.version = 2;
    assert_false(failed(vault_wrap(&key, &month, &other_key, &arena, &wrapped)));
    assert_int_equal(wrapped.len, VAULT_WRAPPED_LEN);
    assert_false(failed(vault_unwrap(&key, &month, wrapped, &back)));
    assert_true(secret_equal(&back, &other_key));
    assert_string_equal(vault_unwrap(&key, &next, wrapped, &back).rule, "seal.damaged");
    assert_string_equal(vault_unwrap(&other_key, &month, wrapped, &back).rule, "seal.wrong-key");
    for (size_t len = 0; len < wrapped.len; len++)
        assert_true(failed(vault_unwrap(&key, &month, bytes_of(wrapped.data, len), &back)));
}

static void months_are_those_of_utc(void **state)
{
    (void)state;
    struct instant at;
    assert_false(failed(instant_parse(TEXT("2026-11-30T23:59:59.999Z"), &at)));
    assert_int_equal(vault_month_of(at), 202611);
    assert_int_equal(vault_month_of(instant_plus(at, 1)), 202612);
}

static void chunks_cannot_be_swapped_cut_or_ended_early(void **state)
{
    (void)state;
    static uint8_t plain[BLOB_CHUNK_LEN];
    struct blob_chunk first = { BLOB_ATTACHMENT, TEXT("demo"), { 5 }, 0, false };
    struct blob_chunk last = { BLOB_ATTACHMENT, TEXT("demo"), { 5 }, 1, true };
    struct bytes a;
    struct bytes b;
    struct bytes back;
    memset(plain, 7, sizeof(plain));
    assert_false(failed(blob_seal_chunk(&key, &first, BYTES_OF(plain), &arena, &a)));
    assert_false(failed(blob_seal_chunk(&key, &last, bytes_of(plain, 10), &arena, &b)));
    assert_false(failed(blob_open_chunk(&key, &first, a, &arena, &back)));
    assert_true(bytes_equal(back, BYTES_OF(plain)));
    assert_false(failed(blob_open_chunk(&key, &last, b, &arena, &back)));
    assert_true(bytes_equal(back, bytes_of(plain, 10)));
    struct blob_chunk lies[] = { first, first, first, first, first };
    lies[0].last = true;
    lies[1].index = 1;
    lies[2].kind = BLOB_BACKUP;
    lies[3].id[0] = 6;
    lies[4].realm = TEXT("prod");
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
        assert_string_equal(blob_open_chunk(&key, &lies[i], a, &arena, &back).rule, "seal.damaged");
    last.last = false;
    assert_string_equal(blob_open_chunk(&key, &last, b, &arena, &back).rule, "seal.damaged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(wycheproof_xchacha20_poly1305_agrees, fresh_arena),
        cmocka_unit_test_setup(wycheproof_ed25519_agrees, fresh_arena),
        cmocka_unit_test_setup(what_is_sealed_opens_and_nothing_else_does, fresh_arena),
        cmocka_unit_test_setup(nonces_follow_key_place_and_text, fresh_arena),
        cmocka_unit_test_setup(derived_keys_differ_by_purpose_and_context, fresh_arena),
        cmocka_unit_test_setup(an_opening_opens_only_in_its_place, fresh_arena),
        cmocka_unit_test_setup(a_wrapped_month_key_comes_back, fresh_arena),
        cmocka_unit_test_setup(months_are_those_of_utc, fresh_arena),
        cmocka_unit_test_setup(chunks_cannot_be_swapped_cut_or_ended_early, fresh_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
