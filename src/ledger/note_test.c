#include "ledger/note.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger/checkpoint.h"
#include "ledger/vectors_test.h"

static struct arena arena;

static int fresh_arena(void **state)
{
    (void)state;
    if (arena.data == NULL)
        arena = vectors_arena(8 << 20);
    arena_reset(&arena);
    return 0;
}

/* The key of the vectors' log: seed 32 times 0x11. */
static void log_key(struct note_key *key, uint8_t secret[64])
{
    uint8_t seed[32];
    uint8_t public[32];
    memset(seed, 0x11, sizeof(seed));
    crypto_sign_seed_keypair(public, secret, seed);
    assert_false(failed(note_key_make(TEXT("ledger.aa.example/node1"), public, key)));
}

static struct text sign(struct text text, const struct note_key *key, const uint8_t secret[64])
{
    uint8_t signature[64];
    struct text note;
    crypto_sign_detached(signature, NULL, (const uint8_t *)text.data, text.len, secret);
    assert_false(failed(note_assemble(text, key, signature, &arena, &note)));
    return note;
}

static void verifier_strings_equal_those_of_go(void **state)
{
    (void)state;
    struct note_key key;
    struct note_key back;
    uint8_t secret[64];
    log_key(&key, secret);
    struct text vkey = note_key_format(&arena, &key);
    assert_true(text_is(vkey, "ledger.aa.example/node1+ad75b6ac+"
                              "AdBKsjJ0K7SrOhNovUYV5ObQIkq3GgFrr4UgozLJd4c3"));
    assert_false(failed(note_key_parse(vkey, &back)));
    assert_true(text_equal(back.name, key.name) && back.id == key.id);
    assert_memory_equal(back.key, key.key, 32);
    for (size_t len = 0; len < vkey.len; len++)
        assert_true(failed(note_key_parse(text_slice(vkey, 0, len), &back)));
    assert_true(failed(note_key_parse(TEXT("ledger.aa.example/node1+ad75b6ad+"
                                           "AdBKsjJ0K7SrOhNovUYV5ObQIkq3GgFrr4UgozLJd4c3"),
                                      &back)));
}

static void names_with_space_or_plus_are_refused(void **state)
{
    (void)state;
    struct note_key key;
    uint8_t public[32] = { 1 };
    static const char *const bad[] = { "", "a b", "a+b", "a\tb", "a\xC2\xA0z", "a\xE2\x80\x83z" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_string_equal(note_key_make(text_literal(bad[i]), public, &key).rule,
                            "ledger.note-name");
    assert_false(failed(note_key_make(text_literal("caf\xC3\xA9/\xE2\x82\xAC"), public, &key)));
}

static void go_made_checkpoints_open_and_ours_equal_them(void **state)
{
    (void)state;
    const struct json *v =
        vectors_json("crypto/own-tlog-checkpoint-cosignature-witness-vectors.json", &arena);
    if (v == NULL)
        return;
    struct note_key key;
    struct note_key witness;
    uint8_t secret[64];
    log_key(&key, secret);
    assert_false(failed(note_key_make(TEXT("nobody"), key.key, &witness)));
    const struct json *list = json_get(v, "add_checkpoint_sequence");
    assert_int_equal(json_count(list), 6);
    for (size_t i = 0; i < json_count(list); i++) {
        struct text full = json_get_text(json_item(list, i), "FullCheckpoint");
        struct checkpoint cp;
        struct note note;
        int64_t size = 0;
        assert_true(json_get_integer(json_item(list, i), "New", &size));
        assert_false(failed(checkpoint_open(text_bytes(full), &key, &arena, &cp)));
        assert_int_equal(cp.head.size, size);
        assert_false(failed(note_read(text_bytes(full), &arena, &note)));
        assert_int_equal(note.count, 2);
        assert_string_equal(note_check(&note, &witness).rule, "ledger.note-unsigned");
        struct text body = checkpoint_format(&arena, &cp);
        assert_true(text_equal(body, note.text));
        struct text ours = sign(body, &key, secret);
        assert_true(text_starts(full, ours)); /* the witness's line follows */
    }
}

static void a_changed_byte_anywhere_is_noticed(void **state)
{
    (void)state;
    struct note_key key;
    uint8_t secret[64];
    log_key(&key, secret);
    struct text good = sign(TEXT("ledger.aa.example/node1\n1\nx\n"), &key, secret);
    uint8_t copy[1024];
    struct note note;
    assert_false(failed(note_read(text_bytes(good), &arena, &note)));
    assert_false(failed(note_check(&note, &key)));
    for (size_t i = 0; i < good.len; i++) {
        memcpy(copy, good.data, good.len);
        copy[i] ^= 1;
        struct err e = note_read(bytes_of(copy, good.len), &arena, &note);
        if (!failed(e))
            e = note_check(&note, &key);
        assert_true(failed(e));
    }
}

static void every_proper_prefix_is_refused(void **state)
{
    (void)state;
    struct note_key key;
    uint8_t secret[64];
    log_key(&key, secret);
    struct text good = sign(TEXT("a\n\nb\n"), &key, secret);
    struct note note = { .count = 77 };
    for (size_t len = 0; len < good.len; len++) {
        struct err e = note_read(bytes_of(good.data, len), &arena, &note);
        assert_true(failed(e) || failed(note_check(&note, &key)));
        if (failed(e))
            assert_int_equal(note.count, 77);
    }
    assert_false(failed(note_read(text_bytes(good), &arena, &note)));
    assert_true(text_is(note.text, "a\n\nb\n")); /* split at the last blank line */
}

static void malformed_notes_are_refused_with_their_place(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n\nname AAAA\n",
        "text\n\n\xE2\x80\x94 name\n",
        "text\n\n\xE2\x80\x94 name AAAA\n",
        "text\n\n\xE2\x80\x94 na+me AAAAAAAA\n",
        "te\rxt\n\n\xE2\x80\x94 name AAAAAAAA\n",
        "text\n\n\xE2\x80\x94 name AAAAAAA*\n",
        "text\n\n\xE2\x80\x94 name AAAAAAAA",
    };
    struct note note;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(failed(note_read(text_bytes(text_literal(bad[i])), &arena, &note)));
    struct err e = note_read(text_bytes(TEXT("te\rxt\n")), &arena, &note);
    assert_int_equal(e.at, 2);
    assert_false(failed(
        note_read(text_bytes(TEXT("text\n\n\xE2\x80\x94 name AAAAAAAA\n")), &arena, &note)));
}

static void signatures_have_an_upper_limit(void **state)
{
    (void)state;
    static const char line[] = "\xE2\x80\x94 name AAAAAAAA\n";
    uint8_t bytes[4096] = "text\n\n";
    struct note note;
    size_t len = 6;
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++) {
        memcpy(bytes + len, line, sizeof(line) - 1);
        len += sizeof(line) - 1;
    }
    assert_false(failed(note_read(bytes_of(bytes, len), &arena, &note)));
    assert_int_equal(note.count, NOTE_SIGNATURES_MAX);
    memcpy(bytes + len, line, sizeof(line) - 1);
    len += sizeof(line) - 1;
    assert_string_equal(note_read(bytes_of(bytes, len), &arena, &note).rule,
                        "ledger.note-signatures");
}

static void checkpoints_have_one_spelling(void **state)
{
    (void)state;
    static const char root[] = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    static const char *const bad_sizes[] = {
        "01", "+1", "-1", "1 ", "", "4611686018427387904", "18446744073709551617", "1e3"
    };
    struct checkpoint cp;
    for (size_t i = 0; i < sizeof(bad_sizes) / sizeof(bad_sizes[0]); i++) {
        char text[256];
        int len = snprintf(text, sizeof(text), "log\n%s\n%s", bad_sizes[i], root);
        assert_true(failed(checkpoint_parse((struct text){ text, (size_t)len }, &cp)));
    }
    struct text good = TEXT("log\n4611686018427387903\n"
                            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    assert_false(failed(checkpoint_parse(good, &cp)));
    assert_true(text_equal(checkpoint_format(&arena, &cp), good));
    for (size_t len = 0; len < good.len; len++)
        assert_true(failed(checkpoint_parse(text_slice(good, 0, len), &cp)));
    assert_true(failed(checkpoint_parse(arena_join(&arena, good, TEXT("extension\n")), &cp)));
}

static void origins_name_member_generation_and_log(void **state)
{
    (void)state;
    struct origin origin;
    struct text good = TEXT("comity/0123456789abcdef/4294967295/x-lake-chad");
    assert_false(failed(origin_parse(good, &origin)));
    assert_int_equal(origin.generation, 4294967295u);
    assert_true(text_is(origin.name, "x-lake-chad"));
    assert_true(text_equal(origin_format(&arena, &origin), good));
    static const char *const bad[] = {
        "",
        "comity/0123456789abcde/1/NER",
        "comity/0123456789ABCDEF/1/NER",
        "comity/0123456789abcdef/0/NER",
        "comity/0123456789abcdef/01/NER",
        "comity/0123456789abcdef/4294967296/NER",
        "comity/0123456789abcdef/1/",
        "comity/0123456789abcdef/1",
        "comity/0123456789abcdef/1/a/b",
        "comity/0123456789abcdef/1/a b",
        "Comity/0123456789abcdef/1/NER",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_string_equal(origin_parse(text_literal(bad[i]), &origin).rule, "ledger.origin");
}

static void a_checkpoint_of_another_log_is_refused(void **state)
{
    (void)state;
    struct note_key key;
    uint8_t secret[64];
    log_key(&key, secret);
    struct checkpoint cp = { TEXT("other.log"), { 0, tree_empty_root() } };
    struct text note = sign(checkpoint_format(&arena, &cp), &key, secret);
    assert_string_equal(checkpoint_open(text_bytes(note), &key, &arena, &cp).rule,
                        "ledger.other-log");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(verifier_strings_equal_those_of_go, fresh_arena),
        cmocka_unit_test_setup(names_with_space_or_plus_are_refused, fresh_arena),
        cmocka_unit_test_setup(go_made_checkpoints_open_and_ours_equal_them, fresh_arena),
        cmocka_unit_test_setup(a_changed_byte_anywhere_is_noticed, fresh_arena),
        cmocka_unit_test_setup(every_proper_prefix_is_refused, fresh_arena),
        cmocka_unit_test_setup(malformed_notes_are_refused_with_their_place, fresh_arena),
        cmocka_unit_test_setup(signatures_have_an_upper_limit, fresh_arena),
        cmocka_unit_test_setup(checkpoints_have_one_spelling, fresh_arena),
        cmocka_unit_test_setup(origins_name_member_generation_and_log, fresh_arena),
        cmocka_unit_test_setup(a_checkpoint_of_another_log_is_refused, fresh_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
