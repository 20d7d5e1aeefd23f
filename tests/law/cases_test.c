/* Every table of cases, decided; and what the reader of tables refuses. Fewer cases than the issue
 * demands fail too. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check.h"
#include "test_files.h"

enum { ARENA_BYTES = 64 << 20, CASES_WANTED = 300 };

static const char *given; /* a table named on the command line: only that one is read */

static struct arena arena;

static int arena_open(void **state)
{
    (void)state;
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    return arena.data == NULL;
}

static int arena_close(void **state)
{
    (void)state;
    free(arena.data);
    return 0;
}

static struct table *read_table(const char *path, struct arena *into)
{
    struct test_file file = { NULL, 0 };
    struct text text;
    struct fault fault;
    struct table *table = ARENA_NEW(into, struct table);
    if (!test_file_read(path, &file))
        fail_msg("%s cannot be read", path);
    assert_false(failed(text_parse(arena_copy(into, test_file_bytes(&file)), &text)));
    free(file.data);
    if (!table_parse(text, into, table, &fault))
        fail_msg("%s:%u: %s: %.*s", path, fault.line, fault.what, (int)fault.where.len,
                 fault.where.data);
    return table;
}

static uint32_t check_names(const char *name, const struct table_name *names, uint32_t count)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (names[i].used)
            continue;
        print_message("%s:%u: %.*s is used by no case\n", name, names[i].line,
                      (int)names[i].name.len, names[i].name.data);
        wrong++;
    }
    return wrong;
}

static uint32_t check_table(const char *name, uint32_t *cases)
{
    uint32_t wrong = 0;
    struct said said;
    struct fault fault;
    arena_reset(&arena);
    struct table *table = read_table(name, &arena);
    size_t mark = arena.used;
    for (uint32_t i = 0; i < table->case_count; i++) {
        arena_rewind(&arena, mark);
        if (check_case(table, &table->cases[i], &arena, &said, &fault))
            continue;
        print_message("%s:%u: case %u: %s (%.*s): decided: %s\n", name, table->cases[i].line, i + 1,
                      fault.what, (int)fault.where.len, fault.where.data, said.text);
        wrong++;
    }
    *cases += table->case_count;
    return wrong + check_names(name, table->lives, table->life_count) +
           check_names(name, table->records, table->record_count);
}

static uint32_t check_folder(const char *folder, uint32_t *cases)
{
    char path[TEST_PATH_MAX + 256];
    uint32_t wrong = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *one = readdir(dir); one != NULL; one = readdir(dir)) {
        if (!text_ends(text_literal(one->d_name), TEXT(".txt")))
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, one->d_name);
        wrong += check_table(path, cases);
    }
    closedir(dir);
    return wrong;
}

static void every_case_is_decided_as_a_lawyer_reads_it(void **state)
{
    (void)state;
    char folder[TEST_PATH_MAX];
    uint32_t cases = 0;
    uint32_t wrong = 0;
    if (!test_source("catalogue/cases", folder))
        skip();
    wrong = given != NULL ? check_table(given, &cases) : check_folder(folder, &cases);
    print_message("%u cases, %u wrong\n", cases, wrong);
    assert_int_equal(wrong, 0);
    assert_true(given != NULL || cases >= CASES_WANTED);
}

#define HEAD "cases of a\ntitle t\nlife usual: 2026-01-01 sign by all\n"
#define ROW(number, decision)                                   \
    "| " number " | r | A > B | - | 2026-01-01 | - | " decision \
    " | 1.1 | - | because the law says so |\n"

static void a_table_with_a_fault_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *in, *what;
        uint32_t line;
    } bad[] = {
        { "title t\n", "a table begins with: cases of AGREEMENT", 1 },
        { HEAD ROW("2", "share"), "rows are numbered from 1 on", 4 },
        { HEAD ROW("1", "share") "| 2 | x |\n", "a row has ten cells", 5 },
        { HEAD ROW("1", "share") "# c\n\nlawyer says\n", "no such line", 7 },
        { HEAD ROW("1", "-"), "a case has a decision and a sentence why", 4 },
        { HEAD "| 1 | r | A > B |  | d | - | share | 1.1 | - | because |\n",
          "a cell is empty: write -", 4 },
        { HEAD "life usual: 2026-01-01 sign by all\n", "this name is taken", 4 },
        { HEAD "record r person\n", "a definition is NAME [of AGREEMENT]: …", 4 },
        { HEAD "record r:\n  person\n  alert x\nlife usual: x\n", "this name is taken", 7 },
        { HEAD, "a table has a title, a life and cases", 1 },
    };
    struct fault fault;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        arena_reset(&arena);
        struct table *table = ARENA_NEW(&arena, struct table);
        assert_false(table_parse(text_literal(bad[i].in), &arena, table, &fault));
        assert_string_equal(fault.what, bad[i].what);
        assert_int_equal(fault.line, bad[i].line);
    }
    struct table *table = ARENA_NEW(&arena, struct table);
    assert_true(table_parse(text_literal(HEAD ROW("1", "share")), &arena, table, &fault));
}

/* A row of the basin's table with one cell changed; the usual one is decided as expected. */
static const char *fault_of(const char *facts, const char *record, const char *clause)
{
    static char in[2048];
    struct fault fault;
    struct said said;
    struct text text = text_literal(in);
    snprintf(in, sizeof(in),
             "cases of lake-chad\ntitle t\nlife usual: 2026-01-01 sign by all\nrecord r: %s\n"
             "| 1 | r | NGA > NER | border-check | 2026-06-01 | %s | share | %s | - | "
             "because the law says so |\n",
             record, facts, clause);
    arena_reset(&arena);
    struct table *table = ARENA_NEW(&arena, struct table);
    text = text_literal(in);
    assert_true(table_parse(text, &arena, table, &fault));
    return check_case(table, &table->cases[0], &arena, &said, &fault) ? "" : fault.what;
}

#define CAR "vehicle; alert object.seize; classification restricted"

static void a_wrong_expectation_or_fact_is_seen(void **state)
{
    (void)state;
    if (getenv("COMITY_SOURCE") == NULL)
        skip();
    assert_string_equal(fault_of("-", CAR, "4.1"), "");
    assert_string_equal(fault_of("-", CAR, "3.1"), "another decision is expected");
    assert_string_equal(fault_of("as guess", CAR, "4.1"), "no such fact");
    assert_string_equal(fault_of("life other", CAR, "4.1"), "no such life");
    assert_string_equal(fault_of("release x y", CAR, "4.1"), "release [OFFICE] by PERSON");
    assert_string_equal(fault_of("rules national-nowhere", CAR, "4.1"), "no such national rules");
    assert_string_equal(fault_of("-", "vehicle; alert object.seize; wheels four", "4.1"),
                        "no such word about a record");
    assert_string_equal(fault_of("-", CAR "; offence PTS, max ten years", "4.1"),
                        "not a word about an offence");
    assert_string_equal(fault_of("-", "horse; alert object.seize", "4.1"), "record.unknown-code");
}

/* With a table's path: that table alone, for whoever writes one. */
int main(int count, char **words)
{
    const struct CMUnitTest one[] = {
        cmocka_unit_test(every_case_is_decided_as_a_lawyer_reads_it),
    };
    given = count > 1 ? words[1] : NULL;
    if (given != NULL)
        return cmocka_run_group_tests_name("law/cases", one, arena_open, arena_close);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_with_a_fault_is_refused_with_its_line),
        cmocka_unit_test(a_wrong_expectation_or_fact_is_seen),
        cmocka_unit_test(every_case_is_decided_as_a_lawyer_reads_it),
    };
    return cmocka_run_group_tests_name("law/cases", tests, arena_open, arena_close);
}
