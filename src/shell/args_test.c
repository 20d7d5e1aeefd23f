#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "shell/args.h"

static uint8_t memory[1 << 18];

static const struct args_option options[] = {
    { ARGS_FLAG, "json", 'j', NULL, "args.help", 0, 0 },
    { ARGS_TEXT, "purpose", 'p', "PURPOSE", "args.help", 0, 0 },
    { ARGS_NUMBER, "limit", 0, "N", "args.help", 1, 100 },
    { ARGS_LIST, "note", 'n', "TEXT", "args.help", 0, 0 },
};
static const struct args_table table = {
    "comity test", "args.usage", "args.help", options, 4, 1, 3,
};

static struct err parse(struct arena *arena, struct args *args, int argc, const char *const *argv)
{
    char *copies[16];
    for (int i = 0; i < argc; i++) {
        struct text copy = arena_join(arena, text_literal(argv[i]), (struct text){ "", 1 });
        copies[i] = arena_take(arena, copy.len);
        memcpy(copies[i], copy.data, copy.len);
    }
    return args_parse(&table, arena, argc, copies, args);
}

#define PARSE(...)                                                                        \
    parse(&arena, &args, (int)(sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *)), \
          (const char *[]){ __VA_ARGS__ })

static void every_way_to_write_an_option_is_the_same(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct args args;
    assert_false(failed(
        PARSE("a", "--json", "-p", "border", "b", "--limit=7", "-nx", "--note", "y", "--", "-p")));
    assert_true(args.values[0].set);
    assert_true(text_is(args.values[1].text, "border"));
    assert_int_equal(args.values[2].number, 7);
    assert_int_equal(args.values[3].list_count, 2);
    assert_true(text_is(args.values[3].list[1], "y"));
    assert_int_equal(args.word_count, 3);
    assert_true(text_is(args.words[2], "-p"));
    assert_false(failed(PARSE("-jpborder", "-")));
    assert_true(text_is(args.values[1].text, "border"));
    assert_true(text_is(args.words[0], "-"));
}

static void usage_errors_name_the_argument(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct args args;
    assert_string_equal(PARSE("a", "--purpose").rule, "args.missing-value");
    assert_string_equal(PARSE("a", "--json=1").rule, "args.unwanted-value");
    assert_string_equal(PARSE("a", "--limit", "x").rule, "args.not-number");
    assert_string_equal(PARSE("a", "--limit", "101").rule, "args.out-of-range");
    assert_string_equal(PARSE("--json").rule, "args.too-few-words");
    assert_string_equal(PARSE("a", "b", "c", "d").rule, "args.too-many-words");
    assert_true(text_is(args.fault, "d"));
    assert_string_equal(PARSE("\xFF").rule, "args.bad-text");
    assert_string_equal(PARSE("a", "-z").rule, "args.unknown-option");
    assert_int_equal(PARSE("a", "b", "-z").at, 2);
}

static void an_unknown_option_gets_a_suggestion(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct args args;
    struct err e = PARSE("a", "--purpsoe", "x");
    assert_string_equal(e.rule, "args.unknown-option");
    struct text said = args_explain(e, &args, &arena, TEXT_EN);
    assert_true(text_is(said, "The option --purpsoe is not known. See --help. "
                              "Did you mean --purpose?"));
    e = PARSE("a", "--colour");
    assert_null(args.nearest.data);
}

static void help_needs_no_words_and_lists_every_option(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct args args;
    assert_false(failed(PARSE("--help")));
    assert_true(args.help);
    struct text help = args_help(&table, &arena, TEXT_FR);
    char copy[2048] = "";
    assert_true(help.len < sizeof(copy));
    memcpy(copy, help.data, help.len);
    assert_non_null(strstr(copy, "  -p, --purpose PURPOSE"));
    assert_non_null(strstr(copy, "  --limit N"));
    assert_non_null(strstr(copy, "afficher cette aide"));
}

static void nearest_counts_swaps_as_one(void **state)
{
    (void)state;
    static const char *const names[] = { "record", "search", "serve" };
    assert_string_equal(args_nearest(TEXT("serach"), names, 3), "search");
    assert_string_equal(args_nearest(TEXT("recodr"), names, 3), "record");
    assert_null(args_nearest(TEXT("xyz"), names, 3));
    assert_null(args_nearest(TEXT(""), names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_write_an_option_is_the_same),
        cmocka_unit_test(usage_errors_name_the_argument),
        cmocka_unit_test(an_unknown_option_gets_a_suggestion),
        cmocka_unit_test(help_needs_no_words_and_lists_every_option),
        cmocka_unit_test(nearest_counts_swaps_as_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
