#include "test_files.h"

#include "import/test_sink.h"

static uint8_t memory[IMPORT_ARENA_SIZE];
static struct sink sink;

/* The model's own examples, one a line. */
static char *example_lines(void)
{
    static const char *const names[] = { "person", "document", "vehicle" };
    char *out = calloc(1, 1 << 18);
    for (size_t i = 0; i < 3; i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        char below[64];
        char path[TEST_PATH_MAX];
        struct test_file file = { NULL, 0 };
        struct json json;
        struct bytes line;
        snprintf(below, sizeof(below), "spec/examples/%s.json", names[i]);
        assert_true(test_source(below, path) && test_file_read(path, &file));
        assert_false(failed(json_parse(test_file_bytes(&file), &arena, &json)));
        json_set(&arena, &json, "owner", json_literal("NGA"));
        char id[64];
        snprintf(id, sizeof(id), "NGA-%026zu", i + 1);
        json_set(&arena, &json, "id", json_literal(id));
        assert_false(failed(json_format(&json, &arena, &line)));
        strncat(out, (const char *)line.data, line.len);
        strncat(out, "\n", 1);
        free(file.data);
    }
    return out;
}

static struct err load(const char *in, struct import_account *account)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_host host = sink_host(&sink, "NGA", "abuja-bureau");
    host.next_held_opt = NULL;
    struct err e = import_ndjson(text_bytes(text_literal(in)), &host, &arena, account);
    assert_int_equal(arena.used, 0);
    return e;
}

static void test_each_line_is_a_record(void **state)
{
    (void)state;
    struct import_account a;
    char *in = example_lines();
    memset(&sink, 0, sizeof(sink));
    assert_false(failed(load(in, &a)));
    if (a.accepted != 3)
        fail_msg("line %u: %s %s", sink.refusal.line, sink.field, sink.refusal.rule);
    assert_false(failed(load(in, &a)));
    assert_int_equal(a.unchanged, 3);
    free(in);
}

static void test_a_wrong_line_is_refused_alone(void **state)
{
    (void)state;
    struct import_account a;
    char *lines = example_lines();
    size_t size = strlen(lines) + 256;
    char *in = calloc(1, size);
    snprintf(in, size, "{\"a\":1\n \r\n[]\n{\"id\":\"NER-1\"}\n%s", lines);
    memset(&sink, 0, sizeof(sink));
    assert_false(failed(load(in, &a)));
    assert_int_equal(a.read, 6);
    assert_int_equal(a.accepted, 3);
    assert_int_equal(a.refused, 3);
    assert_int_equal(sink.refusal.line, 4);
    free(in);
    free(lines);
}

static void test_every_prefix_takes_only_whole_lines(void **state)
{
    (void)state;
    char *lines = example_lines();
    size_t whole = strcspn(lines, "\n");
    for (size_t len = 0; len < whole; len += 7) {
        struct import_account a;
        char *in = calloc(1, len + 1);
        memcpy(in, lines, len);
        memset(&sink, 0, sizeof(sink));
        assert_false(failed(load(in, &a)));
        assert_int_equal(a.accepted, 0);
        assert_int_equal(a.refused, len > 0);
        free(in);
    }
    free(lines);
}

static void test_a_record_of_somebody_else_is_refused(void **state)
{
    (void)state;
    struct import_account a;
    char *lines = example_lines();
    for (char *p = strstr(lines, "NGA"); p != NULL; p = strstr(p, "NGA"))
        memcpy(p, "TCD", 3);
    memset(&sink, 0, sizeof(sink));
    assert_false(failed(load(lines, &a)));
    assert_int_equal(a.refused, 3);
    assert_string_equal(sink.refusal.rule, "import.other-owner");
    free(lines);
}

/* What the demo loads: every nation's invented records pass the model as that nation's own. */
static void test_the_records_of_the_demo_are_all_accepted(void **state)
{
    (void)state;
    static const char *const nations[][2] = {
        { "nga", "NGA" }, { "ner", "NER" }, { "tcd", "TCD" }, { "cmr", "CMR" }, { "ben", "BEN" }
    };
    for (size_t i = 0; i < 5; i++) {
        char below[64];
        char path[TEST_PATH_MAX];
        struct test_file file = { NULL, 0 };
        struct import_account a;
        struct arena arena = arena_over(memory, sizeof(memory));
        snprintf(below, sizeof(below), "demo/data/%s.ndjson", nations[i][0]);
        assert_true(test_source(below, path) && test_file_read(path, &file));
        memset(&sink, 0, sizeof(sink));
        struct import_host host = sink_host(&sink, nations[i][1], "bureau");
        assert_false(failed(import_ndjson(test_file_bytes(&file), &host, &arena, &a)));
        if (a.refused > 0)
            fail_msg("%s line %u: %s %s", below, sink.refusal.line, sink.field, sink.refusal.rule);
        size_t lines = 0;
        for (size_t k = 0; k < file.len; k++)
            lines += file.data[k] == '\n';
        assert_int_equal(a.accepted, lines);
        free(file.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_line_is_a_record),
        cmocka_unit_test(test_a_wrong_line_is_refused_alone),
        cmocka_unit_test(test_every_prefix_takes_only_whole_lines),
        cmocka_unit_test(test_a_record_of_somebody_else_is_refused),
        cmocka_unit_test(test_the_records_of_the_demo_are_all_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
