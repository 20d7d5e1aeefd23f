#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "shell/term.h"

static uint8_t memory[4096];

static void what_could_move_the_cursor_is_replaced(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    assert_true(text_is(term_clean(&arena, TEXT("a\033[2Jb\x7F\n\tc")), "a\uFFFD[2Jb\uFFFD\n\tc"));
    assert_true(text_is(term_clean(&arena, TEXT("\u202Egnp.exe\u2066 \xC2\x9B"
                                                "31m")),
                        "\uFFFDgnp.exe\uFFFD \uFFFD31m"));
    assert_true(text_is(term_clean(&arena, TEXT("Agadès ዓለም 😀")), "Agadès ዓለም 😀"));
}

static void columns_are_those_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(term_columns(TEXT("Niamey")), 6);
    assert_int_equal(term_columns(TEXT("e\u0301t")), 2);
    assert_int_equal(term_columns(TEXT("日本")), 4);
    assert_int_equal(term_columns(TEXT("")), 0);
}

static void a_file_gets_neither_colours_nor_progress(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct term term = term_open(ends[1]);
    assert_false(term.tty);
    assert_string_equal(term_style(&term, TERM_RED), "");
    term.begun_ms -= 10000;
    term_progress(&term, TEXT("import"), 1, 2);
    term_progress_end(&term);
    close(ends[1]);
    char byte = 0;
    assert_int_equal(read(ends[0], &byte, 1), 0);
    close(ends[0]);
}

static void a_terminal_gets_progress_after_half_a_second(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct term term = term_open(ends[1]);
    term.tty = true;
    term_progress(&term, TEXT("early"), 1, 2);
    term.begun_ms -= 10000;
    term_progress(&term, TEXT("import"), 1, 2);
    term_progress(&term, TEXT("too soon"), 2, 2);
    close(ends[1]);
    char got[256] = "";
    assert_true(read(ends[0], got, sizeof(got) - 1) > 0);
    assert_string_equal(got, "\r\033[Kimport 1/2 (50 %)");
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_could_move_the_cursor_is_replaced),
        cmocka_unit_test(columns_are_those_of_a_terminal),
        cmocka_unit_test(a_file_gets_neither_colours_nor_progress),
        cmocka_unit_test(a_terminal_gets_progress_after_half_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
