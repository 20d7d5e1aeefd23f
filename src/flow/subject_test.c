#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/duties.h"
#include "flow/subject.h"

static const char *rule_of(const char *outcome, const char *ground)
{
    enum subject_outcome out;
    struct err e = subject_answer_check(text_literal(outcome), text_literal(ground), &out);
    return failed(e) ? e.rule : "";
}

static void the_four_rights_are_the_kinds(void **state)
{
    (void)state;
    static const char *const names[] = { "access", "correction", "erasure", "restriction" };
    enum subject_kind kind = SUBJECT_KIND_NONE;
    for (size_t i = 0; i < 4; i++) {
        assert_false(failed(subject_kind_parse(text_literal(names[i]), &kind)));
        assert_int_equal(kind, SUBJECT_ACCESS + (int)i);
        struct instant due = subject_due(kind, (struct instant){ 1000 });
        assert_int_equal(due.ms, 1000 + duty_ms(names[i]));
    }
    assert_true(failed(subject_kind_parse(TEXT("objection"), &kind)));
    assert_true(failed(subject_kind_parse(TEXT(""), &kind)));
}

static void a_refusal_names_a_ground_of_the_list_and_a_grant_none(void **state)
{
    (void)state;
    assert_string_equal(rule_of("granted", ""), "");
    assert_string_equal(rule_of("refused", "neither-confirmed-nor-denied"), "");
    assert_string_equal(rule_of("partly", "third-party"), "");
    assert_string_equal(rule_of("refused", ""), "subject.ground-missing");
    assert_string_equal(rule_of("partly", ""), "subject.ground-missing");
    assert_string_equal(rule_of("granted", "security"), "subject.ground-needless");
    assert_string_equal(rule_of("refused", "because"), "subject.unknown-ground");
    assert_string_equal(rule_of("perhaps", ""), "subject.unknown-outcome");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_rights_are_the_kinds),
        cmocka_unit_test(a_refusal_names_a_ground_of_the_list_and_a_grant_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
