#include "test_files.h"

#include "import/csv.h"
#include "import/test_sink.h"

static uint8_t memory[IMPORT_ARENA_SIZE];
static uint8_t mapping_memory[1 << 16];
static struct sink sink;

static const char vehicles[] =
    "{\"format\":\"csv\",\"separator\":\";\",\"reference\":\"ID\",\"null\":[\"-0-\"],\"record\":{"
    "\"kind\":\"vehicle\",\"classification\":\"restricted\",\"statements\":["
    "{\"attribute\":\"plate\",\"value\":{\"number\":{\"column\":\"PLATE\",\"needed\":true},"
    "\"country\":{\"column\":\"STATE\",\"as\":\"country\"}}},"
    "{\"attribute\":\"vin\",\"value\":{\"number\":{\"column\":\"VIN\",\"as\":\"upper\"}}},"
    "{\"attribute\":\"year\",\"value\":{\"column\":\"YEAR\",\"as\":\"when\"}},"
    "{\"attribute\":\"status\",\"value\":{\"code\":{\"column\":\"ST\",\"map\":{\"S\":\"stolen\"}},"
    "\"since\":{\"column\":\"SINCE\",\"as\":\"when-dmy\"}}},"
    "{\"attribute\":\"remark\",\"value\":{\"text\":{\"columns\":[\"NOTE\",\"MORE\"]}}}],"
    "\"alerts\":[{\"category\":\"object.seize\",\"action\":\"seize\",\"reason\":\"stolen\","
    "\"subject\":[\"none-known\"],\"valid\":{\"from\":{\"column\":\"SINCE\",\"as\":\"dmy\"}},"
    "\"review\":\"2030-01-01\",\"recipients\":{\"never\":[]}}]}}";

#define HEADER "ID;PLATE;STATE;VIN;YEAR;ST;SINCE;NOTE;MORE;COLOUR\n"

static struct csv_mapping mapping_of(const char *in)
{
    struct arena arena = arena_over(mapping_memory, sizeof(mapping_memory));
    static struct json json;
    struct csv_mapping out;
    assert_false(failed(json_parse(text_bytes(text_literal(in)), &arena, &json)));
    struct err e = csv_mapping_parse(&json, &out);
    if (failed(e))
        fail_msg("%s at %u", e.rule, e.at);
    return out;
}

static struct err load(const char *in, struct import_account *account)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct csv_mapping mapping = mapping_of(vehicles);
    struct import_host host = sink_host(&sink, "NER", "niamey");
    struct err e = import_csv(text_bytes(text_literal(in)), &mapping, &host, &arena, account);
    assert_int_equal(arena.used, 0);
    sink_sweep(&sink);
    return e;
}

static void test_rows_become_records_by_the_mapping(void **state)
{
    (void)state;
    struct import_account a;
    memset(&sink, 0, sizeof(sink));
    struct err e =
        load("\xEF\xBB\xBF" HEADER
             "7; RB 1 ;Niger;1hgcm82633a004352;2003;S;05/02/2024;\"a \"\"b\"\"\nc\";d;red\r\n"
             "\r\n8;-0-;Niger;1HGCM82633A123456;;S;6.2.2024;;;\n\x1A",
             &a);
    if (failed(e))
        fail_msg("%s %u", e.rule, e.at);
    if (a.accepted != 2)
        fail_msg("line %u: %s %s", sink.refusal.line, sink.field, sink.refusal.rule);
    assert_int_equal(a.not_understood, 1);
    assert_string_equal(a.unknown[0].name, "COLOUR");
    assert_int_equal(sink.held[0].line, 2);
    assert_int_equal(sink.held[1].line, 5);
    assert_non_null(strstr(sink.first, "\"from\":\"2024-02-06\""));
    assert_null(strstr(sink.first, "plate")); /* needed, and there is none */
    assert_null(strstr(sink.first, "remark"));
    assert_non_null(strstr(sink.first, "\"code\":\"stolen\""));
}

static void test_the_same_table_twice_changes_nothing_and_a_missing_row_is_withdrawn(void **state)
{
    (void)state;
    struct import_account a;
    memset(&sink, 0, sizeof(sink));
    static const char both[] = HEADER "7;A1;Niger;;;S;05/02/2024\n8;A2;Niger;;;S;05/02/2024\n";
    assert_false(failed(load(both, &a)));
    assert_int_equal(a.accepted, 2);
    assert_false(failed(load(both, &a)));
    assert_int_equal(a.unchanged, 2);
    assert_false(failed(load(HEADER "8;A3;Niger;;;S;05/02/2024\n", &a)));
    assert_int_equal(a.changed, 1);
    assert_int_equal(a.withdrawn, 1);
    assert_false(failed(load(HEADER ";A9;Niger;;;S;05/02/2024\n", &a)));
    assert_int_equal(a.refused, 1);
    assert_int_equal(a.withdrawn, 0); /* whose row that was nobody can say */
}

static void test_a_wrong_row_is_refused_alone(void **state)
{
    (void)state;
    static const struct {
        const char *row, *field, *rule;
    } rows[] = {
        { ";A1;Niger;;;S;05/02/2024", "ID", "import.field-missing" },
        { "7;A1;Niger;;;S;05/02/2024;;;;x", "", "import.row-too-wide" },
        { "7;A1;Niger;;;S;soon", "/alerts/0/valid/from", "record.not-a-date" },
        { "6;A1;Niger;;;S;05/02/2024", "/id", "import.twice" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char in[512];
        struct import_account a;
        memset(&sink, 0, sizeof(sink));
        snprintf(in, sizeof(in), "%s6;A0;Niger;;;S;05/02/2024\n%s\n", HEADER, rows[i].row);
        assert_false(failed(load(in, &a)));
        assert_int_equal(a.refused, 1);
        assert_int_equal(a.accepted, 1);
        assert_int_equal(sink.refusal.line, 3);
        assert_string_equal(sink.field, rows[i].field);
        assert_string_equal(sink.refusal.rule, rows[i].rule);
    }
}

static void test_a_broken_table_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *in, *rule;
        uint32_t line;
    } rows[] = {
        { HEADER "7;A1;Niger;;;S;05/02/2024\n8;\"A2;Niger\n\n", "import.quote-open", 3 },
        { HEADER "7;A1;Niger;;;S;05/02/2024\n8;\xE9;Niger", "text.not-utf8", 3 },
        { "ID;PLATE\n7;A1\n", "import.column-missing", 1 },
        { "", "import.column-missing", 0 },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct import_account a;
        memset(&sink, 0, sizeof(sink));
        struct err e = load(rows[i].in, &a);
        assert_string_equal(e.rule, rows[i].rule);
        if (rows[i].line > 0)
            assert_int_equal(e.at, rows[i].line);
        assert_int_equal(a.read, 0);
        assert_int_equal(sink.count, 0);
    }
}

static void test_latin_1_is_read_when_the_mapping_says_so(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    static const char in[] = "a\xE9\xFFz,b";
    struct csv_reader r = csv_over(bytes_of(in, sizeof(in) - 1), ',', true);
    static struct csv_row row;
    assert_false(failed(csv_next(&r, &arena, &row)));
    assert_true(text_is(row.fields[0], "a\xC3\xA9\xC3\xBFz"));
    assert_false(failed(csv_next(&r, &arena, &row)));
    assert_int_equal(row.count, 0);
}

static void test_rows_and_fields_have_limits(void **state)
{
    (void)state;
    static char in[CSV_FIELD_BYTES_MAX + 16];
    static struct csv_row row;
    struct arena arena = arena_over(memory, sizeof(memory));
    memset(in, ',', CSV_FIELDS_MAX);
    struct csv_reader r = csv_over(bytes_of(in, CSV_FIELDS_MAX), ',', false);
    assert_string_equal(csv_next(&r, &arena, &row).rule, "import.row-too-wide");
    memset(in, 'x', sizeof(in));
    r = csv_over(bytes_of(in, sizeof(in)), ',', false);
    assert_string_equal(csv_next(&r, &arena, &row).rule, "import.field-too-long");
}

static void test_a_mapping_must_make_sense(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{}",
        "[]",
        "[[1],\"reference\"]",
        "{\"reference\":\"ID\"}",
        "{\"reference\":\"ID\",\"record\":{}}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\"},\"colour\":1}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\"},\"separator\":\"\\n\"}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\"},\"encoding\":\"utf-16\"}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\",\"x\":{\"column\":1}}}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\",\"x\":{\"column\":\"a\",\"as\":"
        "\"b\"}}}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\",\"x\":{\"column\":\"a\",\"b\":\"c\"}"
        "}}",
        "{\"reference\":\"ID\",\"record\":{\"kind\":\"person\",\"x\":{\"columns\":[]}}}",
        "{\"reference\":\"ID\",\"null\":{\"a\":\"b\"},\"record\":{\"kind\":\"person\"}}",
        "{\"reference\":\"ID\",\"null\":[1],\"record\":{\"kind\":\"person\"}}",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct json json;
        struct csv_mapping out;
        assert_false(failed(json_parse(text_bytes(text_literal(bad[i])), &arena, &json)));
        if (!failed(csv_mapping_parse(&json, &out)))
            fail_msg("%s", bad[i]);
    }
}

static void test_a_preview_shows_rows_as_they_would_become_and_keeps_none(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct csv_mapping mapping = mapping_of(vehicles);
    memset(&sink, 0, sizeof(sink));
    struct import_host host = sink_host(&sink, "NER", "niamey");
    struct json out;
    struct bytes in =
        text_bytes(TEXT(HEADER "7;A1;Niger;;;S;05/02/2024\n;A2;;;;;\n9;A3;Niger;;;S;05/02/2024\n"));
    assert_false(failed(import_csv_preview(in, &mapping, &host, 2, &arena, &out)));
    assert_int_equal(json_count(json_get(&out, "columns")), 10);
    const struct json *entries = json_get(&out, "entries");
    assert_int_equal(json_count(entries), 2);
    const struct json *first = json_get(json_item(entries, 0), "record");
    assert_true(text_is(json_get_text(first, "owner"), "NER"));
    assert_true(text_is(json_get_text(json_item(entries, 1), "rule"), "import.field-missing"));
    assert_int_equal(sink.count, 0);
}

/* A list of another kind that exists: OFAC's, latin-1, "-0-" for nothing, Ctrl-Z at its end. */
static const char ofac[] =
    "{\"encoding\":\"latin-1\",\"reference\":\"ent_num\",\"null\":[\"-0-\"],\"record\":{"
    "\"kind\":\"organisation\",\"statements\":[{\"attribute\":\"name\",\"value\":"
    "{\"full\":{\"column\":\"name\"}}},{\"attribute\":\"remark\",\"value\":{\"text\":"
    "{\"column\":\"remarks\"}}},{\"attribute\":\"listing\",\"value\":{\"text\":"
    "{\"column\":\"program\"}}}]}}";

static void test_reads_a_list_of_the_wild(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    struct test_file file = { NULL, 0 };
    static const char header[] =
        "ent_num,name,type,program,title,call_sign,vessel_type,tonnage,grt,"
        "flag,owner,remarks\n";
    if (!test_shared("lists/ofac/2021-07/sdn.csv", path))
        return;
    assert_true(test_file_read(path, &file));
    uint8_t *whole = malloc(file.len + sizeof(header));
    memcpy(whole, header, sizeof(header) - 1);
    memcpy(whole + sizeof(header) - 1, file.data, file.len);
    struct arena arena = arena_over(memory, sizeof(memory));
    struct csv_mapping mapping = mapping_of(ofac);
    memset(&sink, 0, sizeof(sink));
    struct import_host host = sink_host(&sink, "x-us-ofac", "ofac");
    struct import_account a;
    struct bytes in = bytes_of(whole, sizeof(header) - 1 + file.len);
    host.lookup_opt = NULL;
    size_t lines = 0;
    for (size_t i = 0; i < file.len; i++)
        lines += file.data[i] == '\n';
    sink.answer = err_make(ERR_DENIED, "test.counted"); /* only counts: the sink is small */
    struct err e = import_csv(in, &mapping, &host, &arena, &a);
    if (failed(e))
        fail_msg("%s at %u", e.rule, e.at);
    printf("OFAC: read %u of %zu lines, last refusal %s at %u\n", a.read, lines, sink.refusal.rule,
           sink.refusal.line);
    assert_int_equal(a.read, lines);
    free(whole);
    free(file.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_become_records_by_the_mapping),
        cmocka_unit_test(test_the_same_table_twice_changes_nothing_and_a_missing_row_is_withdrawn),
        cmocka_unit_test(test_a_wrong_row_is_refused_alone),
        cmocka_unit_test(test_a_broken_table_changes_nothing),
        cmocka_unit_test(test_latin_1_is_read_when_the_mapping_says_so),
        cmocka_unit_test(test_rows_and_fields_have_limits),
        cmocka_unit_test(test_a_mapping_must_make_sense),
        cmocka_unit_test(test_a_preview_shows_rows_as_they_would_become_and_keeps_none),
        cmocka_unit_test(test_reads_a_list_of_the_wild),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
