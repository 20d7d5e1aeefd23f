/* What the survey finds in small laws of which the answer is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "survey/survey.h"

enum { ARENA = 64 << 20 };

static void *memory;
static struct arena arena;
static struct treaty treaties[2];
static struct survey_law law;
static struct instant now;

#define HEAD                                                                                     \
    "agreement test version 1\n"                                                                 \
    "parties NGA NER TCD\n"                                                                      \
    "in force from 2026-01-01 when all parties have signed\n"

static int set_up(void **state)
{
    (void)state;
    memory = malloc(ARENA);
    return memory == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static void parse(const char *text, struct treaty *out)
{
    struct treaty_errors errors = { .count = 0 };
    struct err e =
        treaty_parse(text_literal(text), LANGUAGE_EN, &arena, &errors, out);
    if (failed(e))
        fprintf(stderr, "%s at %u\n", e.rule, e.at);
    assert_false(failed(e));
}

static void assume(const char *text)
{
    arena = arena_over(memory, ARENA);
    now = (struct instant){ INT64_C(1795000000000) }; /* November 2026 */
    parse(text, &treaties[0]);
    assert_false(failed(survey_assume(treaties, 1, &arena, &now, &law)));
}

static struct json findings(const char *text)
{
    struct json out;
    assume(text);
    struct err e = survey_findings(&law, now, SURVEY_QUESTIONS, &arena, &out);
    assert_string_equal(e.rule == NULL ? "" : e.rule, "");
    return out;
}

/* How often a finding names this clause (and this other one). */
static int count(const struct json *found, const char *finding, const char *clause,
                 const char *other_opt)
{
    const struct json *list = json_get(found, "findings");
    int n = 0;
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *item = json_item(list, i);
        const struct json *about = json_get(item, "clause");
        const struct json *other = json_get(item, "other");
        bool same = text_is(json_get_text(item, "finding"), finding) && about != NULL &&
                    text_is(json_get_text(about, "clause"), clause);
        if (other_opt != NULL)
            same = same && other != NULL && text_is(json_get_text(other, "clause"), other_opt);
        n += same;
    }
    return n;
}

static bool lacks_category(const struct json *found, const char *category)
{
    const struct json *list = json_get(found, "findings");
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *item = json_item(list, i);
        if (text_is(json_get_text(item, "finding"), "no-clause") &&
            text_is(json_get_text(item, "category"), category))
            return true;
    }
    return false;
}

static void a_clause_that_no_record_fits_is_found(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where (category is wanted.arrest or category is missing.locate) and\n"
        "    category is missing.child\n"
        "    among parties for criminal-investigation by copy\n"
        "  share person where category is wanted.arrest\n"
        "    among parties for criminal-investigation by copy\n");
    assert_true(json_get_bool(&found, "decided"));
    assert_int_equal(count(&found, "never-applies", "1.1", NULL), 1);
    assert_int_equal(count(&found, "never-applies", "1.2", NULL), 0);
}

static void a_category_of_things_never_fits_a_person(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where category is object.seize\n"
        "    among parties for criminal-investigation by copy\n");
    assert_int_equal(count(&found, "never-applies", "1.1", NULL), 1);
}

static void a_prohibition_that_always_wins_is_a_contradiction(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where category is wanted.arrest\n"
        "    among parties for criminal-investigation by copy\n"
        "  share person where category is missing.child\n"
        "    among parties for missing-persons by copy\n"
        "  never share person where category is wanted.*\n");
    assert_int_equal(count(&found, "always-forbidden", "1.1", NULL), 1);
    assert_int_equal(count(&found, "always-forbidden", "1.2", NULL), 0);
}

static void a_wider_clause_is_named_with_the_narrower(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where category is wanted.*\n"
        "    among parties for criminal-investigation by copy\n"
        "  share person where category is wanted.arrest and nationality is NGA\n"
        "    among parties for criminal-investigation by copy\n");
    assert_int_equal(count(&found, "wider", "1.1", "1.2"), 1);
    assert_int_equal(count(&found, "wider", "1.2", "1.1"), 0);
    assert_int_equal(count(&found, "never-first", "1.2", NULL), 1);
    assert_int_equal(count(&found, "never-first", "1.1", NULL), 0);
}

static void a_restriction_of_what_nothing_gives_is_found(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where category is wanted.arrest\n"
        "    among parties for criminal-investigation by copy\n"
        "  release by legal-office where category is missing.child\n"
        "  release by two persons where subject is minor\n");
    assert_int_equal(count(&found, "never-restricts", "1.2", NULL), 1);
    assert_int_equal(count(&found, "never-restricts", "1.3", NULL), 0);
}

static void categories_without_a_clause_are_listed(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where category is wanted.*\n"
        "    among parties for criminal-investigation by copy\n");
    assert_true(lacks_category(&found, "missing.child"));
    assert_false(lacks_category(&found, "wanted.arrest"));
}

static void a_condition_on_a_withheld_field_is_named(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where category is wanted.arrest and nationality is NGA\n"
        "    among parties for criminal-investigation by copy\n"
        "    withhold field nationality\n");
    assert_int_equal(count(&found, "unseen", "1.1", NULL), 1);
}

static void two_offences_at_once_are_not_decided(void **state)
{
    (void)state;
    struct json found = findings(HEAD "article 1\n"
        "  share person where offence is children and offence is terrorism\n"
        "    among parties for criminal-investigation by copy\n");
    assert_int_equal(count(&found, "never-applies", "1.1", NULL), 1);
    assert_false(json_get_bool(json_item(json_get(&found, "findings"), 0), "decided"));
}

static void beyond_the_bound_nothing_is_called_proved(void **state)
{
    (void)state;
    struct json out;
    assume(HEAD "article 1\n"
        "  share person where category is wanted.arrest and offence is terrorism.* and\n"
        "    nationality is NGA and subject is suspect and not penalty may be death\n"
        "    among parties for criminal-investigation by copy\n"
        "  share person where (category is wanted.arrest or category is missing.locate) and\n"
        "    category is missing.child\n"
        "    among parties for criminal-investigation by copy\n");
    assert_false(failed(survey_findings(&law, now, 2000, &arena, &out)));
    assert_false(json_get_bool(&out, "decided"));
    assert_int_equal(count(&out, "never-applies", "1.1", NULL), 0); /* found near its base */
    assert_int_equal(count(&out, "never-applies", "1.2", NULL), 1);
    /* its own tests are few enough to ask all of them */
    assert_true(json_get_bool(json_item(json_get(&out, "findings"), 0), "decided"));
    size_t mark = arena.used;
    assert_false(failed(survey_findings(&law, now, 4, &arena, &out)));
    arena_rewind(&arena, mark);
    assert_int_equal(count(&out, "never-applies", "1.2", NULL), 1);
    assert_false(json_get_bool(json_item(json_get(&out, "findings"), 0), "decided"));
}

static void the_table_joins_parties_that_nothing_tells_apart(void **state)
{
    (void)state;
    struct json out;
    assume(HEAD "article 1\n"
        "  share person where category is wanted.arrest\n"
        "    by NGA to NER, TCD for criminal-investigation by copy\n");
    assert_false(failed(survey_table(&law, now, SURVEY_QUESTIONS, &arena, &out)));
    assert_int_equal(json_count(json_get(&out, "parties")), 2);
    const struct json *cells = json_get(&out, "cells");
    assert_int_equal(json_count(cells), 1);
    const struct json *cell = json_item(cells, 0);
    assert_true(text_is(json_get_text(cell, "category"), "wanted.arrest"));
    assert_true(text_is(json_get_text(cell, "mode"), "copy"));
    assert_true(text_is(json_item_text(json_get(cell, "clauses"), 0), "1.1"));
}

static struct json contrast(const char *before, const char *after)
{
    struct survey_law one;
    struct json out;
    assume(before);
    one = law;
    parse(after, &treaties[1]);
    assert_false(failed(survey_assume(&treaties[1], 1, &arena, &now, &law)));
    struct err e = survey_contrast(&one, &law, now, SURVEY_QUESTIONS, &arena, &out);
    assert_string_equal(e.rule == NULL ? "" : e.rule, "");
    return out;
}

#define BEFORE                                                                                   \
    HEAD "article 1\n"                                                                           \
         "  share person where category is wanted.*\n"                                           \
         "    among parties for criminal-investigation by copy\n"                                \
         "    retain 3 years\n"

static void two_texts_alike_do_not_differ(void **state)
{
    (void)state;
    struct json out = contrast(BEFORE, BEFORE);
    assert_true(json_get_bool(&out, "decided"));
    assert_int_equal(json_count(json_get(&out, "differences")), 0);
}

static void a_loss_is_shown_with_a_record(void **state)
{
    (void)state;
    struct json out = contrast(BEFORE, BEFORE "  never share person where subject is minor\n");
    const struct json *list = json_get(&out, "differences");
    assert_true(json_count(list) > 0);
    for (size_t i = 0; i < json_count(list); i++) {
        const struct json *one = json_item(list, i);
        assert_true(text_is(json_get_text(one, "change"), "lost"));
        assert_true(text_is(json_get_text(json_get(one, "example"), "kind"), "person"));
    }
}

static void other_terms_are_a_difference(void **state)
{
    (void)state;
    struct json out = contrast(BEFORE, HEAD "article 1\n"
        "  share person where category is wanted.*\n"
        "    among parties for criminal-investigation by copy\n"
        "    withhold field contact\n"
        "    retain 2 years\n");
    const struct json *list = json_get(&out, "differences");
    assert_true(json_count(list) > 0);
    assert_true(text_is(json_get_text(json_item(list, 0), "change"), "other-terms"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clause_that_no_record_fits_is_found),
        cmocka_unit_test(a_category_of_things_never_fits_a_person),
        cmocka_unit_test(a_prohibition_that_always_wins_is_a_contradiction),
        cmocka_unit_test(a_wider_clause_is_named_with_the_narrower),
        cmocka_unit_test(a_restriction_of_what_nothing_gives_is_found),
        cmocka_unit_test(categories_without_a_clause_are_listed),
        cmocka_unit_test(a_condition_on_a_withheld_field_is_named),
        cmocka_unit_test(two_offences_at_once_are_not_decided),
        cmocka_unit_test(beyond_the_bound_nothing_is_called_proved),
        cmocka_unit_test(the_table_joins_parties_that_nothing_tells_apart),
        cmocka_unit_test(two_texts_alike_do_not_differ),
        cmocka_unit_test(a_loss_is_shown_with_a_record),
        cmocka_unit_test(other_terms_are_a_difference),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
