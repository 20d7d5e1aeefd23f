#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "shell/files.h"
#include "shell/config.h"

static uint8_t memory[1 << 18];

static struct err read_lines(const char *lines, struct config *config, struct config_place *place,
                             struct arena *arena)
{
    *config = config_default();
    return config_read(config, "test.conf", text_bytes(text_literal(lines)), arena, place);
}

static void an_empty_file_is_all_defaults(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct config config;
    struct config_place place;
    assert_false(failed(read_lines("", &config, &place, &arena)));
    assert_int_equal(config_number(&config, CONFIG_CLERK_BATCH), 1024);
    assert_int_equal(config_number(&config, CONFIG_NODE_MAX_CLASSIFICATION), 1);
    assert_true(text_is(config_string(&config, CONFIG_USERS_LISTEN), "127.0.0.1:8443"));
    assert_int_equal(config_string(&config, CONFIG_PARTNERS_LISTEN).len, 0);
}

static void sections_comments_and_spaces_are_understood(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct config config;
    struct config_place place;
    assert_false(failed(read_lines("# node of Niger\n\n[node]\r\n  realm=demo  \n[clerk]\n"
                                   "batch = 7\n[node]\nlanguage = fr\n[partners]\n"
                                   "listen = [::1]:9443",
                                   &config, &place, &arena)));
    assert_true(text_is(config_string(&config, CONFIG_NODE_REALM), "demo"));
    assert_int_equal(config_number(&config, CONFIG_CLERK_BATCH), 7);
    assert_int_equal(config_number(&config, CONFIG_NODE_LANGUAGE), 1);
    assert_int_equal(config.values[CONFIG_CLERK_BATCH].line, 6);
}

static void an_error_names_line_rule_and_word_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *rule;
        uint32_t line;
        const char *word, *nearest;
    } cases[] = {
        { "[node]\nrealm = demo\n[usres]\n", "config.bad-section", 3, "usres", "users" },
        { "[users]\n\nlogin = 3\n", "config.unknown-key", 3, "login", "logins" },
        { "[users]\nbatch = 3\n", "config.unknown-key", 2, "batch", NULL },
        { "realm = demo\n", "config.unknown-key", 1, "realm", NULL },
        { "[users]\nlogins = 3\nlogins = 4\n", "config.twice", 3, "logins", NULL },
        { "[users]\nlogins = many\n", "config.bad-value", 2, "many", NULL },
        { "[users]\nlogins = 99999999999999999999\n", "config.bad-value", 2, "99999999999999999999",
          NULL },
        { "[users]\nlogins = 2\n", "config.out-of-range", 2, "2", NULL },
        { "[users]\nlogins =\n", "config.bad-value", 2, "", NULL },
        { "[users]\nlisten = 8443\n", "config.bad-value", 2, "8443", NULL },
        { "[users]\nlisten = ::1:8443\n", "config.bad-value", 2, "::1:8443", NULL },
        { "[users]\nlisten = host:65536\n", "config.bad-value", 2, "host:65536", NULL },
        { "[log]\nformat = xml\n", "config.bad-value", 2, "xml", NULL },
        { "[node\n", "config.bad-line", 1, "[node", NULL },
        { "hello\n", "config.bad-line", 1, "hello", NULL },
        { "[node]\nrealm = \xFF\n", "config.not-utf8", 0, NULL, NULL },
    };
    const struct config before = config_default();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct config config;
        struct config_place place;
        struct err e = read_lines(cases[i].lines, &config, &place, &arena);
        assert_string_equal(e.rule, cases[i].rule);
        assert_int_equal(place.line, cases[i].line);
        if (cases[i].word)
            assert_true(text_is(place.word, cases[i].word));
        assert_int_equal(place.nearest.data != NULL, cases[i].nearest != NULL);
        if (cases[i].nearest)
            assert_true(text_is(place.nearest, cases[i].nearest));
        assert_memory_equal(&config, &before, sizeof(config));
    }
}

static void the_sentence_names_file_line_and_remedy(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct config config;
    struct config_place place;
    struct err e = read_lines("[users]\n\nlogin = 3\n", &config, &place, &arena);
    struct text said = config_explain(e, &place, &arena, TEXT_EN);
    assert_true(text_is(said, "test.conf:3: There is no key “login” in this section. See "
                              "comity.conf(5). Did you mean “logins”?"));
}

static void what_print_writes_is_read_back_the_same(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct config config;
    struct config_place place;
    assert_false(failed(
        read_lines("[users]\nlogins = 42\n[log]\nformat = json\n", &config, &place, &arena)));
    struct text printed = config_print(&config, &arena, TEXT_FR);
    assert_true(printed.len > 1000);
    struct config again = config_default();
    assert_false(failed(config_read(&again, "printed", text_bytes(printed), &arena, &place)));
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        assert_true(text_equal(again.values[i].text, config.values[i].text));
        assert_int_equal(again.values[i].number, config.values[i].number);
    }
}

static void a_directory_without_a_file_is_all_defaults(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    char dir[] = "/tmp/comity-config-XXXXXX";
    assert_non_null(mkdtemp(dir));
    const char *path = files_join(&arena, dir, "comity.conf");
    assert_false(failed(files_write(path, text_bytes(TEXT("[users]\nlogins = 5\nx\n")), 0600)));
    struct config config;
    struct config_place place;
    assert_string_equal(config_load(dir, &arena, &config, &place).rule, "config.bad-line");
    assert_string_equal(place.file, path);
    assert_false(failed(files_write(path, text_bytes(TEXT("[users]\nlogins = 5\n")), 0600)));
    assert_false(failed(config_load(dir, &arena, &config, &place)));
    assert_int_equal(config_number(&config, CONFIG_USERS_LOGINS), 5);
    assert_false(failed(files_remove(path)));
    remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_is_all_defaults),
        cmocka_unit_test(sections_comments_and_spaces_are_understood),
        cmocka_unit_test(an_error_names_line_rule_and_word_and_changes_nothing),
        cmocka_unit_test(the_sentence_names_file_line_and_remedy),
        cmocka_unit_test(what_print_writes_is_read_back_the_same),
        cmocka_unit_test(a_directory_without_a_file_is_all_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
