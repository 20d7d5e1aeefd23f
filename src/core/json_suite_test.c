/* JSONTestSuite: every n_ refused, every y_ accepted but duplicate names, and every i_ as
 * docs/json-verdicts.md says. */
#include "core/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "core/encode.h"
#include "test_files.h"

static uint8_t memory[1 << 20];

static bool accepts(struct bytes in)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json out;
    return !failed(json_parse(in, &arena, &out));
}

/* From the table: "| name | accept |". */
static bool verdict(const struct test_file *table, const char *name)
{
    char row[256];
    snprintf(row, sizeof(row), "| %s | accept |", name);
    if (strstr((const char *)table->data, row) != NULL)
        return true;
    snprintf(row, sizeof(row), "| %s | refuse |", name);
    if (strstr((const char *)table->data, row) == NULL)
        fail_msg("docs/json-verdicts.md has no row for %s", name);
    return false;
}

static bool expected(const struct test_file *table, const char *name)
{
    if (strcmp(name, "y_object_duplicated_key") == 0 ||
        strcmp(name, "y_object_duplicated_key_and_value") == 0)
        return false;
    if (name[0] == 'i')
        return verdict(table, name);
    return name[0] == 'y';
}

static struct test_file table_read(void)
{
    char path[TEST_PATH_MAX];
    struct test_file table = { NULL, 0 };
    assert_true(test_source("docs/json-verdicts.md", path));
    assert_true(test_file_read(path, &table));
    return table;
}

static void test_gives_each_case_its_verdict(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    struct test_file suite = { NULL, 0 };
    struct test_file table = table_read();
    assert_true(test_source("tests/vectors/json_test_suite.txt", path));
    assert_true(test_file_read(path, &suite));
    size_t counts[3] = { 0 };
    struct text rest = { (const char *)suite.data, suite.len };
    while (rest.len > 0) {
        struct text line = text_split(&rest, '\n');
        struct text name = text_split(&line, ' ');
        char name_z[128];
        uint8_t in[2048];
        snprintf(name_z, sizeof(name_z), "%.*s", (int)name.len, name.data);
        assert_false(failed(hex_parse(line, in, line.len / 2)));
        uint8_t *exact = malloc(line.len / 2 + 1); /* so that a sanitizer sees any overrun */
        memcpy(exact, in, line.len / 2);
        if (accepts(bytes_of(exact, line.len / 2)) != expected(&table, name_z))
            fail_msg("%s", name_z);
        free(exact);
        counts[name_z[0] == 'y' ? 0 : name_z[0] == 'n' ? 1 : 2]++;
    }
    assert_int_equal(counts[0], 95);
    assert_int_equal(counts[1], 186);
    assert_int_equal(counts[2], 35);
    free(suite.data);
    free(table.data);
}

static void test_refuses_the_deep_cases(void **state)
{
    (void)state;
    static const char *const names[] = { "n_structure_open_array_object.json",
                                         "n_structure_100000_opening_arrays.json" };
    for (size_t i = 0; i < 2; i++) {
        char path[TEST_PATH_MAX];
        char below[256];
        struct test_file in = { NULL, 0 };
        snprintf(below, sizeof(below), "json/JSONTestSuite/test_parsing/%s", names[i]);
        if (!test_shared(below, path) || !test_file_read(path, &in))
            return;
        struct arena arena = arena_over(memory, sizeof(memory));
        struct json out;
        struct err e = json_parse(test_file_bytes(&in), &arena, &out);
        assert_int_equal(e.code, ERR_LIMIT);
        assert_string_equal(e.rule, "json.too-deep");
        free(in.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gives_each_case_its_verdict),
        cmocka_unit_test(test_refuses_the_deep_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
