#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "shell/text.h"

static uint8_t memory[4096];

static void a_sentence_is_found_in_both_languages(void **state)
{
    (void)state;
    assert_string_equal(text_say(TEXT_EN, "zip.trailing"),
                        "Bytes follow the compressed data. Send the data alone.");
    assert_non_null(strstr(text_say(TEXT_FR, "zip.trailing"), "compressées"));
    assert_true(text_known("args.help"));
}

static void an_unknown_id_is_its_own_sentence(void **state)
{
    (void)state;
    const char *id = "nothing.of-that-name";
    assert_ptr_equal(text_say(TEXT_FR, id), id);
    assert_false(text_known(id));
}

static void parameters_are_filled_once_and_not_again_in_their_values(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const struct text_param params[] = { { "subject", TEXT("{subject}8443") } };
    struct text said = text_fill(&arena, TEXT_EN, "server.port-in-use", params, 1);
    assert_true(text_starts(said, TEXT("Port {subject}8443 is in use.")));
    struct text bare = text_fill(&arena, TEXT_EN, "server.port-in-use", params, 0);
    assert_true(text_starts(bare, TEXT("Port {subject} is in use.")));
}

static void a_full_arena_gives_the_empty_text(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, 16);
    assert_int_equal(text_fill(&arena, TEXT_EN, "zip.trailing", NULL, 0).len, 0);
}

static void languages_come_from_tags_and_the_environment(void **state)
{
    (void)state;
    assert_int_equal(text_lang_of(TEXT("fr_NE.UTF-8")), TEXT_FR);
    assert_int_equal(text_lang_of(TEXT("FR")), TEXT_FR);
    assert_int_equal(text_lang_of(TEXT("fr-BJ,en;q=0.5")), TEXT_FR);
    assert_int_equal(text_lang_of(TEXT("frisian")), TEXT_EN);
    assert_int_equal(text_lang_of(TEXT("")), TEXT_EN);
    setenv("LC_ALL", "", 1);
    setenv("LC_MESSAGES", "fr_TD", 1);
    setenv("LANG", "en_GB", 1);
    assert_int_equal(text_lang_of_environment(), TEXT_FR);
    setenv("LC_ALL", "C", 1);
    assert_int_equal(text_lang_of_environment(), TEXT_EN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_found_in_both_languages),
        cmocka_unit_test(an_unknown_id_is_its_own_sentence),
        cmocka_unit_test(parameters_are_filled_once_and_not_again_in_their_values),
        cmocka_unit_test(a_full_arena_gives_the_empty_text),
        cmocka_unit_test(languages_come_from_tags_and_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
