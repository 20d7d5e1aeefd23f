#include "core/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "test_files.h"

static uint8_t memory[8 << 20];

static struct arena fresh(void)
{
    return arena_over(memory, sizeof(memory));
}

static struct json parse(struct arena *arena, const char *in)
{
    struct json out;
    struct err e = json_parse(text_bytes(text_literal(in)), arena, &out);
    if (failed(e))
        fail_msg("%s at %u: %s", e.rule, e.at, in);
    return out;
}

static void check_refused(const char *in, const char *rule, uint32_t at)
{
    struct arena arena = fresh();
    struct json out = json_bool(true);
    struct err e = json_parse(text_bytes(text_literal(in)), &arena, &out);
    assert_true(failed(e));
    assert_string_equal(e.rule, rule);
    assert_int_equal(e.at, at);
    assert_int_equal(out.kind, JSON_TRUE);
}

static void check_prints(struct arena *arena, const struct json *value, const char *want)
{
    struct bytes out;
    assert_false(failed(json_format(value, arena, &out)));
    if (!bytes_equal(out, text_bytes(text_literal(want))))
        fail_msg("%.*s is not %s", (int)out.len, (const char *)out.data, want);
}

static void test_canonicalises_the_vectors_of_rfc_8785(void **state)
{
    (void)state;
    static const char *const names[] = { "arrays", "french", "structures", "unicode", "values" };
    for (size_t i = 0; i < 5; i++) {
        char below[128];
        char path[TEST_PATH_MAX];
        struct test_file in = { NULL, 0 };
        struct test_file want = { NULL, 0 };
        snprintf(below, sizeof(below), "tests/vectors/jcs/input/%s.json", names[i]);
        assert_true(test_source(below, path) && test_file_read(path, &in));
        snprintf(below, sizeof(below), "tests/vectors/jcs/output/%s.json", names[i]);
        assert_true(test_source(below, path) && test_file_read(path, &want));
        struct arena arena = fresh();
        struct json value;
        struct bytes out;
        assert_false(failed(json_parse(test_file_bytes(&in), &arena, &value)));
        assert_false(failed(json_format(&value, &arena, &out)));
        assert_true(bytes_equal(out, test_file_bytes(&want)));
        free(in.data);
        free(want.data);
    }
}

static void test_canonical_bytes_equal_the_hex_of_the_authors(void **state)
{
    (void)state;
    static const char *const names[] = { "arrays", "french", "structures", "unicode", "values" };
    for (size_t i = 0; i < 5; i++) {
        char below[128];
        char path[TEST_PATH_MAX];
        struct test_file in = { NULL, 0 };
        struct test_file hex = { NULL, 0 };
        snprintf(below, sizeof(below), "json/jcs/outhex/%s.txt", names[i]);
        if (!test_shared(below, path))
            return;
        assert_true(test_file_read(path, &hex));
        snprintf(below, sizeof(below), "tests/vectors/jcs/input/%s.json", names[i]);
        assert_true(test_source(below, path) && test_file_read(path, &in));
        struct arena arena = fresh();
        struct json value;
        struct bytes out;
        assert_false(failed(json_parse(test_file_bytes(&in), &arena, &value)));
        assert_false(failed(json_format(&value, &arena, &out)));
        char *at = (char *)hex.data;
        for (size_t b = 0; b < out.len; b++)
            assert_int_equal(strtoul(at, &at, 16), out.data[b]);
        assert_int_equal(strspn(at, " \r\n"), strlen(at));
        free(in.data);
        free(hex.data);
    }
}

static void test_refuses_with_place_and_rule(void **state)
{
    (void)state;
    check_refused("", "json.unterminated", 0);
    check_refused("{\"a\":1,\"a\":2}", "json.duplicate-name", 11);
    check_refused("{\"a\":1,\"\\u0061\":2}", "json.duplicate-name", 16);
    check_refused("[1,]", "json.unexpected", 3);
    check_refused("[1 2]", "json.expected-comma", 3);
    check_refused("{\"a\" 1}", "json.expected-colon", 5);
    check_refused("{a:1}", "json.expected-name", 1);
    check_refused("01", "json.trailing", 1);
    check_refused("-", "json.bad-number", 1);
    check_refused("1.", "json.bad-number", 2);
    check_refused("1e+", "json.bad-number", 3);
    check_refused("1e400", "json.number-too-big", 0);
    check_refused("\"\\x\"", "json.bad-escape", 2);
    check_refused("\"\\u12g4\"", "json.bad-escape", 5);
    check_refused("\"\\ud800\"", "json.lone-surrogate", 3);
    check_refused("\"\\ud800\\u0041\"", "json.lone-surrogate", 3);
    check_refused("\"\\udc00\"", "json.lone-surrogate", 3);
    check_refused("\"a\tb\"", "json.control-character", 2);
    check_refused("\"abc", "json.unterminated", 4);
    check_refused("tru", "json.unexpected", 0);
    check_refused("\"\xff\"", "text.not-utf8", 1);
    check_refused("\xef\xbb\xbf{}", "json.unexpected", 0);
}

static void test_refuses_a_nul_behind_the_value(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json out;
    assert_true(failed(json_parse(bytes_of("123\0", 4), &arena, &out)));
    assert_false(failed(json_parse(bytes_of("\"\\u0000\"", 8), &arena, &out)));
    assert_int_equal(out.string.len, 1);
}

static void test_nests_to_the_limit_and_no_further(void **state)
{
    (void)state;
    char in[4 * JSON_DEPTH_MAX];
    struct arena arena = fresh();
    struct json out;
    for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(in, '[', depth);
        memset(in + depth, ']', depth);
        struct err e = json_parse(bytes_of(in, 2 * depth), &arena, &out);
        assert_int_equal(e.code, depth == JSON_DEPTH_MAX ? ERR_NONE : ERR_LIMIT);
    }
}

static void test_refuses_every_prefix_and_writes_nothing(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":[1.5e3,-0.25,true,false,null,{}],\"\\u00e9\\ud83d\\ude00\":"
                                "\"x\\n\\\"y\",\"\xc3\xa9z\":[]}";
    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        struct arena arena = fresh();
        struct json out = json_bool(true);
        uint8_t *exact = malloc(len + 1);
        memcpy(exact, whole, len);
        assert_true(failed(json_parse(bytes_of(exact, len), &arena, &out)));
        assert_int_equal(out.kind, JSON_TRUE);
        free(exact);
    }
    struct arena arena = fresh();
    parse(&arena, whole);
}

static void test_refuses_when_the_arena_is_too_small(void **state)
{
    (void)state;
    static const char in[] = "{\"a\":[1,2,3,{\"b\":\"c\\n\"}],\"d\":{}}";
    bool fitted = false;
    for (size_t size = 0; size < 4096; size += 16) {
        struct arena arena = arena_over(memory, size);
        struct json out;
        struct bytes text;
        struct err e = json_parse(bytes_of(in, sizeof(in) - 1), &arena, &out);
        if (!failed(e))
            e = json_format(&out, &arena, &text);
        assert_true(!failed(e) || e.code == ERR_LIMIT);
        assert_true(failed(e) || !fitted || !failed(e));
        fitted = fitted || !failed(e);
    }
    assert_true(fitted);
}

/* Objects too large for selection are sorted with scratch memory; nested ones share it. */
static struct json large_object(struct arena *arena, int count, int depth)
{
    struct json object = json_object();
    for (int i = 0; i < count; i++) {
        char name[16];
        int len = snprintf(name, sizeof(name), "n%d", (i * 7919) % count);
        struct text copy = arena_copy_text(arena, (struct text){ name, (size_t)len });
        json_set_name(arena, &object, copy, json_integer(i));
    }
    if (depth > 0)
        json_set(arena, &object, "inner", large_object(arena, count, depth - 1));
    return object;
}

static void check_sorted(const struct json *object, uint32_t count)
{
    assert_int_equal(object->count, count);
    for (uint32_t i = 1; i < count; i++)
        assert_true(bytes_compare(text_bytes(object->members[i - 1].name),
                                  text_bytes(object->members[i].name)) < 0);
}

static void test_sorts_large_objects_inside_large_objects(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json object = large_object(&arena, 500, 3);
    struct bytes first;
    struct bytes second;
    size_t before = arena.used;
    assert_false(failed(json_format(&object, &arena, &first)));
    assert_true(arena.used == before + first.len);
    struct json back;
    assert_false(failed(json_parse(first, &arena, &back)));
    assert_true(json_equal(&object, &back));
    const struct json *level = &back;
    for (int depth = 3; depth >= 0; depth--) {
        check_sorted(level, depth > 0 ? 501 : 500);
        level = json_get(level, "inner");
    }
    assert_false(failed(json_format(&back, &arena, &second)));
    assert_true(bytes_equal(first, second));
}

static void test_large_objects_never_overrun_a_small_arena(void **state)
{
    (void)state;
    static uint8_t source[1 << 20];
    struct arena tree = arena_over(source, sizeof(source));
    struct json object = large_object(&tree, 70, 2);
    size_t refused = 0;
    for (size_t size = 0; size < 6000; size++) {
        uint8_t *exact = malloc(size + 1);
        struct arena arena = arena_over(exact, size);
        struct bytes out;
        refused += failed(json_format(&object, &arena, &out));
        free(exact);
    }
    assert_true(refused > 1000 && refused < 6000);
}

static void test_sorts_names_by_utf16_units(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json v =
        parse(&arena, "{\"\\ufb33\":1,\"\\ud83d\\ude00\":2,\"\\u20ac\":3,\"\":4,\"a\":5,\"aa\":6}");
    check_prints(
        &arena, &v,
        "{\"\":4,\"a\":5,\"aa\":6,\"\xe2\x82\xac\":3,\"\xf0\x9f\x98\x80\":2,\"\xef\xac\xb3\":1}");
}

static void test_escapes_only_what_must_be(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json v = parse(&arena, "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\\\/\\u007f\\u2028\"");
    check_prints(&arena, &v, "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\x7f\xe2\x80\xa8\"");
}

static void test_refuses_to_print_what_json_cannot_say(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json v = { .kind = JSON_NUMBER, .number = (double)INFINITY };
    struct bytes out;
    struct err e = json_format(&v, &arena, &out);
    assert_string_equal(e.rule, "json.not-finite");
}

static void test_builds_sets_and_removes(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json object = json_object();
    struct json array = json_array();
    for (int i = 0; i < 40; i++)
        json_push(&arena, &array, json_integer(i));
    json_set(&arena, &object, "list", array);
    json_set_text(&arena, &object, "text", TEXT("x"));
    json_set_integer(&arena, &object, "number", 1);
    json_set_integer(&arena, &object, "number", -2);
    json_set(&arena, &object, "yes", json_bool(true));
    json_remove(&object, "text");
    json_remove(&object, "absent");
    static const char *const names[] = { "absent", "number" };
    struct json taken = json_object();
    json_take_all(&arena, &taken, &object, names, 2); /* what is not there is left out */
    json_take(&arena, &taken, NULL, "number");
    assert_int_equal(json_count(&taken), 1);
    assert_true(json_equal(json_get(&taken, "number"), json_get(&object, "number")));
    int64_t number = 0;
    assert_true(json_get_integer(&object, "number", &number));
    assert_int_equal(number, -2);
    assert_true(json_get_bool(&object, "yes"));
    assert_false(json_get_bool(&object, "list"));
    assert_null(json_get(&object, "text"));
    assert_null(json_get_text(&object, "number").data);
    assert_int_equal(json_count(json_get(&object, "list")), 40);
    assert_true(json_is_integer(json_item(json_get(&object, "list"), 39), &number));
    assert_int_equal(number, 39);
    assert_int_equal(json_item(json_get(&object, "list"), 40)->kind, JSON_NULL);
    assert_int_equal(json_item(&object, 0)->kind, JSON_NULL); /* it has members, not elements */
    assert_int_equal(json_item(NULL, 0)->kind, JSON_NULL);
    assert_null(json_item_text(json_get(&object, "list"), 39).data);
    assert_null(json_item_text(&object, 0).data);
    struct json copy = json_copy(&arena, &object);
    assert_true(json_equal(&copy, &object));
    json_set_integer(&arena, &copy, "number", 3);
    assert_false(json_equal(&copy, &object));
}

static void test_reads_integers_within_2_to_the_53(void **state)
{
    (void)state;
    struct arena arena = fresh();
    int64_t out = 0;
    struct json v =
        parse(&arena, "[9007199254740991,-9007199254740991,9007199254740992,1.5,1e3,\"1\"]");
    static const bool want[] = { true, true, false, false, true, false };
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(json_is_integer(json_item(&v, i), &out), want[i]);
}

static void test_prints_for_people(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json v = parse(&arena, "{\"b\":[1,{}],\"a\":[]}");
    struct bytes out;
    assert_false(failed(json_format_pretty(&v, &arena, &out)));
    struct json back;
    assert_false(failed(json_parse(out, &arena, &back)));
    assert_true(json_equal(&v, &back));
    assert_true(
        bytes_equal(out, text_bytes(TEXT("{\n  \"a\": [],\n  \"b\": [\n    1,\n    {}\n  ]\n}"))));
}

static void test_a_full_arena_sticks_through_building(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, 512);
    struct json array = json_array();
    for (int i = 0; i < 1000; i++)
        json_push(&arena, &array, json_integer(i));
    struct bytes out;
    assert_int_equal(json_format(&array, &arena, &out).code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonicalises_the_vectors_of_rfc_8785),
        cmocka_unit_test(test_canonical_bytes_equal_the_hex_of_the_authors),
        cmocka_unit_test(test_refuses_with_place_and_rule),
        cmocka_unit_test(test_refuses_a_nul_behind_the_value),
        cmocka_unit_test(test_nests_to_the_limit_and_no_further),
        cmocka_unit_test(test_refuses_every_prefix_and_writes_nothing),
        cmocka_unit_test(test_refuses_when_the_arena_is_too_small),
        cmocka_unit_test(test_sorts_large_objects_inside_large_objects),
        cmocka_unit_test(test_large_objects_never_overrun_a_small_arena),
        cmocka_unit_test(test_sorts_names_by_utf16_units),
        cmocka_unit_test(test_escapes_only_what_must_be),
        cmocka_unit_test(test_refuses_to_print_what_json_cannot_say),
        cmocka_unit_test(test_builds_sets_and_removes),
        cmocka_unit_test(test_reads_integers_within_2_to_the_53),
        cmocka_unit_test(test_prints_for_people),
        cmocka_unit_test(test_a_full_arena_sticks_through_building),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
