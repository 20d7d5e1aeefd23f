#include "ledger/proof_file.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger/anchor.h"
#include "ledger/vectors_test.h"

enum { LEAVES = 37 };

static struct arena arena;
static struct note_key key;
static struct opening openings[LEAVES];
static struct hash entries[LEAVES];
static struct hash stored[2 * LEAVES];
static struct tree_head heads[LEAVES + 1];
static struct bytes signed_head;

#define LOG "comity/0011223344556677/1/anchors"
#define ANCHORED "comity/0011223344556677/1/internal"

static struct text sign(struct text text, const uint8_t secret[64])
{
    uint8_t signature[64];
    struct text note;
    crypto_sign_detached(signature, NULL, (const uint8_t *)text.data, text.len, secret);
    assert_false(failed(note_assemble(text, &key, signature, &arena, &note)));
    return note;
}

/* Anchor i of an internal log that is this very log at size i: enough to have true heads. */
static struct bytes anchor_content(uint64_t i)
{
    struct anchor a = { TEXT(ANCHORED), heads[i], { (int64_t)i * ANCHOR_EVERY } };
    struct json fact = json_object();
    struct bytes out;
    json_set(&arena, &fact, "kind", json_literal(ANCHOR_KIND));
    json_set_text(&arena, &fact, "at", instant_format(&arena, a.at));
    json_set(&arena, &fact, "body", anchor_body(&arena, &a));
    assert_false(failed(json_format(&fact, &arena, &out)));
    return out;
}

static int build_log(void **state)
{
    (void)state;
    struct frontier f = { 0 };
    struct hash new[TREE_LEVELS];
    uint8_t seed[32] = { 7 };
    uint8_t public[32];
    uint8_t secret[64];
    size_t count = 0;
    arena = vectors_arena(16 << 20);
    heads[0] = (struct tree_head){ 0, frontier_root(&f) };
    for (uint64_t i = 0; i < LEAVES; i++) {
        memset(openings[i].salt, (int)i + 1, COMMIT_SALT_LEN);
        openings[i].content = anchor_content(i);
        entries[i] = commit_entry(&openings[i]);
        struct hash leaf = commit_leaf(&entries[i]);
        size_t added = frontier_append(&f, &leaf, new);
        memcpy(stored + count, new, added * sizeof(new[0]));
        count += added;
        heads[i + 1] = (struct tree_head){ i + 1, frontier_root(&f) };
    }
    crypto_sign_seed_keypair(public, secret, seed);
    if (failed(note_key_make(TEXT(LOG), public, &key)))
        return 1;
    struct checkpoint cp = { key.name, heads[LEAVES] };
    signed_head = text_bytes(sign(checkpoint_format(&arena, &cp), secret));
    return 0;
}

static struct proof_file file_of(uint64_t index, bool hollow)
{
    struct proof_file file = { .hollow = hollow, .index = index, .checkpoint = signed_head };
    struct tree_plan plan;
    if (hollow)
        file.entry = entries[index];
    else
        file.opening = openings[index];
    assert_false(failed(tree_plan_inclusion(index, LEAVES, &plan)));
    tree_plan_read(&plan, stored, 2 * LEAVES, &file.proof);
    return file;
}

static void commitments_are_the_stated_hash(void **state)
{
    (void)state;
    struct opening opening = { .content = text_bytes(TEXT("{}")) };
    uint8_t flat[17 + 16 + 2] = "comity/commit/v1";
    memcpy(flat + 33, "{}", 2);
    uint8_t want[32];
    crypto_hash_sha256(want, flat, sizeof(flat)); /* libsodium as second opinion of nettle */
    struct hash made = commit_entry(&opening);
    assert_memory_equal(made.bytes, want, 32);
}

static void openings_survive_their_bytes(void **state)
{
    (void)state;
    struct bytes out;
    struct opening back;
    assert_false(failed(opening_format(&openings[3], &arena, &out)));
    assert_false(failed(opening_parse(out, &back)));
    assert_false(failed(opening_check(&back, &entries[3])));
    back.salt[15] ^= 1;
    assert_string_equal(opening_check(&back, &entries[3]).rule, "ledger.opening");
    for (size_t len = 0; len <= COMMIT_SALT_LEN; len++)
        assert_true(failed(opening_parse(bytes_of(out.data, len), &back)));
    struct opening empty = { .content = { NULL, 0 } };
    assert_string_equal(opening_format(&empty, &arena, &out).rule, "ledger.opening-length");
}

static void a_proof_file_proves_each_entry_open_or_hollow(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < LEAVES; i++) {
        for (int hollow = 0; hollow < 2; hollow++) {
            struct proof_file file = file_of(i, hollow != 0);
            struct proof_file back;
            struct checkpoint cp;
            struct text text;
            assert_false(failed(proof_file_format(&file, &arena, &text)));
            assert_false(failed(proof_file_parse(text_bytes(text), &arena, &back)));
            assert_false(failed(proof_file_check(&back, &key, &arena, &cp)));
            assert_int_equal(cp.head.size, LEAVES);
            assert_int_equal(back.index, i);
            assert_true(hash_equal(&back.entry, &entries[i]));
            if (hollow == 0)
                assert_true(bytes_equal(back.opening.content, openings[i].content));
        }
    }
}

static void no_prefix_and_no_changed_byte_of_a_proof_file_holds(void **state)
{
    (void)state;
    struct proof_file file = file_of(11, false);
    struct proof_file back;
    struct checkpoint cp;
    struct text text;
    assert_false(failed(proof_file_format(&file, &arena, &text)));
    uint8_t copy[4096];
    assert_true(text.len < sizeof(copy));
    size_t mark = arena.used;
    for (size_t len = 0; len < text.len; len++) {
        arena_rewind(&arena, mark);
        assert_true(failed(proof_file_parse(bytes_of(text.data, len), &arena, &back)));
    }
    for (size_t i = 0; i < text.len; i++) {
        arena_rewind(&arena, mark);
        memcpy(copy, text.data, text.len);
        copy[i] ^= 1;
        struct err e = proof_file_parse(bytes_of(copy, text.len), &arena, &back);
        if (!failed(e))
            e = proof_file_check(&back, &key, &arena, &cp);
        assert_true(failed(e));
    }
}

static void a_proof_under_another_key_is_refused(void **state)
{
    (void)state;
    struct proof_file file = file_of(0, true);
    struct note_key other;
    struct checkpoint cp;
    uint8_t public[32] = { 9 };
    assert_false(failed(note_key_make(TEXT(LOG), public, &other)));
    assert_string_equal(proof_file_check(&file, &other, &arena, &cp).rule, "ledger.note-unsigned");
}

static void any_two_anchors_open_and_extend(void **state)
{
    (void)state;
    for (uint64_t a = 0; a < LEAVES; a++) {
        for (uint64_t b = a; b < LEAVES; b++) {
            struct tree_plan plan;
            struct proof proof = { 0 };
            struct anchor_opened first = { entries[a], openings[a] };
            struct anchor_opened second = { entries[b], openings[b] };
            size_t mark = arena.used;
            if (a > 0) {
                assert_false(failed(tree_plan_consistency(a, b, &plan)));
                tree_plan_read(&plan, stored, 2 * LEAVES, &proof);
            }
            assert_false(failed(anchors_check(&first, &second, &proof, &arena)));
            if (a < b)
                assert_string_equal(anchors_check(&second, &first, &proof, &arena).rule,
                                    "ledger.anchor-order");
            second.opening.salt[0] ^= 1;
            assert_string_equal(anchors_check(&first, &second, &proof, &arena).rule,
                                "ledger.opening");
            arena_rewind(&arena, mark);
        }
    }
}

static void an_anchor_of_a_rewritten_log_is_caught(void **state)
{
    (void)state;
    struct tree_plan plan;
    struct proof proof;
    struct anchor_opened first = { entries[5], openings[5] };
    struct anchor_opened second = { entries[20], openings[20] };
    struct tree_head kept = heads[20];
    heads[20].root.bytes[0] ^= 1;
    second.opening.content = anchor_content(20);
    second.entry = commit_entry(&second.opening);
    heads[20] = kept;
    assert_false(failed(tree_plan_consistency(5, 20, &plan)));
    tree_plan_read(&plan, stored, 2 * LEAVES, &proof);
    assert_string_equal(anchors_check(&first, &second, &proof, &arena).rule, "ledger.consistency");
}

static void what_is_no_anchor_is_refused(void **state)
{
    (void)state;
    struct anchor out;
    struct bytes good = anchor_content(3);
    for (size_t len = 0; len < good.len; len++)
        assert_true(failed(anchor_parse(bytes_of(good.data, len), &arena, &out)));
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"kind\":\"anchor\",\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{}}",
        "{\"kind\":\"other\",\"at\":\"2026-11-22T02:14:00.000Z\",\"body\":{\"log\":\"" ANCHORED
        "\",\"root\":\"00\",\"size\":1}}",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_string_equal(anchor_parse(text_bytes(text_literal(bad[i])), &arena, &out).rule,
                            "ledger.anchor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commitments_are_the_stated_hash),
        cmocka_unit_test(openings_survive_their_bytes),
        cmocka_unit_test(a_proof_file_proves_each_entry_open_or_hollow),
        cmocka_unit_test(no_prefix_and_no_changed_byte_of_a_proof_file_holds),
        cmocka_unit_test(a_proof_under_another_key_is_refused),
        cmocka_unit_test(any_two_anchors_open_and_extend),
        cmocka_unit_test(an_anchor_of_a_rewritten_log_is_caught),
        cmocka_unit_test(what_is_no_anchor_is_refused),
    };
    return cmocka_run_group_tests(tests, build_log, NULL);
}
