#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "catalogue/edition.h"
#include "catalogue/show.h"
#include "catalogue/warn.h"
#include "test_record.h"

static const struct edition *edition(const char *name)
{
    const struct edition *found = edition_find(text_literal(name));
    assert_non_null(found);
    return found;
}

static int code(enum code_list list, const char *name)
{
    int number = code_find(list, text_literal(name));
    if (number < 0)
        fail_msg("no code %s", name);
    return number;
}

/* The table of the domain reference, section 1.1, typed from it and not from the edition. */
static const struct {
    const char *category;
    enum record_kind kind;
    const char *action;
    int review;
    const char *flag;
} alerts[] = {
    { "entry.return", RECORD_PERSON, "confirm-departure", 36, "no" },
    { "entry.refusal", RECORD_PERSON, "refuse-entry", 36, "no" },
    { "wanted.arrest", RECORD_PERSON, "arrest", 60, "report-whereabouts" },
    { "missing.protect", RECORD_PERSON, "protect", 60, "not-shown" },
    { "missing.child", RECORD_PERSON, "protect", 60, "not-shown" },
    { "missing.locate", RECORD_PERSON, "report-whereabouts", 60, "not-shown" },
    { "at-risk.abduction", RECORD_PERSON, "prevent-travel", 12, "not-shown" },
    { "at-risk.child", RECORD_PERSON, "prevent-travel", 12, "not-shown" },
    { "at-risk.adult", RECORD_PERSON, "prevent-travel", 12, "not-shown" },
    { "wanted.judicial", RECORD_PERSON, "communicate-residence", 36, "no" },
    { "check", RECORD_PERSON, "check", 12, "not-shown" },
    { "check.security", RECORD_PERSON, "check", 12, "not-shown" },
    { "check", RECORD_VEHICLE, "check", 120, "not-shown" },
    { "check", RECORD_VESSEL, "check", 120, "not-shown" },
    { "check", RECORD_CONTAINER, "check", 120, "not-shown" },
    { "information", RECORD_PERSON, "inform", 12, "no" },
    { "object.seize", RECORD_FIREARM, "seize", 120, "no" },
    { "object.evidence", RECORD_OBJECT, "preserve-evidence", 120, "no" },
    { "object.invalid", RECORD_DOCUMENT, "seize", 120, "no" },
    { "wanted.unknown", RECORD_PERSON, "identify", 36, "no" },
};

static void every_alert_of_the_reference_has_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
        const struct category_rules *rules = edition_rules(
            edition("sis"), code(CODE_CATEGORY, alerts[i].category), alerts[i].kind);
        enum flag_rule flag = strcmp(alerts[i].flag, "no") == 0          ? FLAG_NO
                              : strcmp(alerts[i].flag, "not-shown") == 0 ? FLAG_NOT_SHOWN
                                                                         : FLAG_ACTION;
        if (rules == NULL || rules->review_months != alerts[i].review || rules->flag != flag ||
            (rules->actions >> code(CODE_ACTION, alerts[i].action) & 1) == 0)
            fail_msg("%s", alerts[i].category);
    }
}

static void an_edition_covers_only_what_it_names(void **state)
{
    (void)state;
    const struct edition *sis = edition("sis");
    assert_null(edition_rules(sis, code(CODE_CATEGORY, "police-record"), RECORD_PERSON));
    assert_null(edition_rules(sis, code(CODE_CATEGORY, "wanted.arrest"), RECORD_VEHICLE));
    assert_null(edition_rules(sis, CODE_RAW, RECORD_PERSON));
    assert_non_null(edition_rules(edition("general"), CODE_RAW, RECORD_PERSON));
    assert_null(edition_find(TEXT("sis2")));
}

static struct text check_after(const char *from, const char *forbidden_opt)
{
    uint32_t forbidden = 0;
    if (forbidden_opt != NULL)
        forbidden = 1u << code(CODE_CHECK, forbidden_opt);
    int out = edition_downgrade(edition("sis"), code(CODE_CHECK, from), forbidden);
    return out < 0 ? TEXT("none") : text_literal(code_row(CODE_CHECK, (size_t)out)->code);
}

static void a_forbidden_check_becomes_the_next_one_and_stays_immediate(void **state)
{
    (void)state;
    assert_true(text_is(check_after("specific", NULL), "specific"));
    assert_true(text_is(check_after("specific", "specific"), "inquiry"));
    assert_true(text_is(check_after("specific.immediate", "specific"), "inquiry.immediate"));
    assert_true(text_is(check_after("inquiry", "inquiry"), "discreet"));
    assert_true(text_is(check_after("inquiry.immediate", "inquiry"), "discreet.immediate"));
    assert_true(text_is(check_after("discreet", "inquiry"), "discreet"));
    assert_true(text_is(check_after("discreet", "discreet"), "none"));
    uint32_t both = 1u << code(CODE_CHECK, "specific") | 1u << code(CODE_CHECK, "inquiry");
    assert_int_equal(edition_downgrade(edition("sis"), code(CODE_CHECK, "specific"), both),
                     code(CODE_CHECK, "discreet"));
    assert_int_equal(edition_downgrade(edition("sis"), CODE_RAW, 0), CODE_RAW);
}

/* The clocks of the domain reference, sections 1.3 and 1.5. */
static const struct {
    const char *name;
    int count;
    enum period_unit unit;
} clocks[] = {
    { "deletion-warning", 4, PERIOD_MONTHS },   { "majority-warning", 4, PERIOD_MONTHS },
    { "achieved", 15, PERIOD_DAYS },            { "hidden", 48, PERIOD_HOURS },
    { "error-report", 2, PERIOD_WORKING_DAYS }, { "error-dispute", 2, PERIOD_MONTHS },
    { "answer", 12, PERIOD_HOURS },             { "same-description", 12, PERIOD_HOURS },
    { "child-decision", 12, PERIOD_HOURS },     { "technical-copy", 48, PERIOD_HOURS },
};

static void every_clock_of_the_reference_is_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
        const struct period *period = edition_period(edition("sis"), clocks[i].name);
        if (period == NULL || period->count != clocks[i].count || period->unit != clocks[i].unit)
            fail_msg("%s", clocks[i].name);
    }
    assert_int_equal(edition_period(edition("interpol"), "initial")->count, 5);
}

static void a_period_moves_a_day(void **state)
{
    (void)state;
    struct date day = { 2026, 11, 20 }; /* a Friday */
    struct date moved =
        period_move(edition_period(edition("sis"), "error-report"), day, 1);
    assert_int_equal(moved.day, 24);
    moved = period_move(edition_period(edition("sis"), "deletion-warning"), day, -1);
    assert_int_equal(moved.month, 7);
    moved = period_move(edition_period(edition("sis"), "achieved"), day, 1);
    assert_int_equal(moved.month, 12);
    assert_int_equal(moved.day, 5);
    moved = period_move(edition_period(edition("interpol"), "initial"), day, 1);
    assert_int_equal(moved.year, 2031);
}

static void what_nobody_has_read_is_marked(void **state)
{
    (void)state;
    const struct category_rules *rules =
        edition_rules(edition("sis"), code(CODE_CATEGORY, "information"), RECORD_PERSON);
    assert_true(word_in(TEXT("review"), rules->unverified));
    rules = edition_rules(edition("interpol"), code(CODE_CATEGORY, "wanted.arrest"),
                          RECORD_PERSON);
    assert_true(word_in(TEXT("penalty"), rules->unverified));
    assert_string_equal(edition_period(edition("sis"), "permit-consultation")->unverified, "*");
    assert_string_equal(edition_period(edition("sis"), "answer")->unverified, "");
    assert_false(edition("lake-chad")->law);
}

static uint8_t memory[1 << 20];

#define CHILD(category, born)                                                                  \
    "{\"alerts\":[{\"category\":\"" category "\",\"valid\":{\"from\":\"2026-01-01\"}}],"   \
    "\"statements\":[{\"attribute\":\"birth-date\",\"value\":{\"from\":\"" born "\","    \
    "\"to\":\"2012-12-31\"}}]}"

static bool of_age(const char *text, struct date *out)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json = text_json(&arena, text);
    return warn_majority(&json, out);
}

static void a_childs_majority_is_the_first_day_that_it_may_be(void **state)
{
    struct date day;
    (void)state;
    assert_true(of_age(CHILD("missing.child", "2012-02-29"), &day));
    assert_int_equal(date_days(day), date_days((struct date){ 2030, 2, 28 }));
    assert_true(of_age(CHILD("at-risk.child", "2012-05-01"), &day));
    assert_int_equal(date_days(day), date_days((struct date){ 2030, 5, 1 }));
    assert_false(of_age(CHILD("wanted.arrest", "2012-05-01"), &day));
    assert_false(of_age(CHILD("missing.protect", "1980-05-01"), &day));
}

static void an_owner_is_warned_as_long_before_as_the_edition_says(void **state)
{
    struct date today = { 2026, 11, 23 };
    (void)state;
    assert_int_equal(date_days(warn_horizon(edition("sis"), false, today)),
                     date_days((struct date){ 2027, 3, 23 }));
    assert_int_equal(date_days(warn_horizon(edition("lake-chad"), false, today)),
                     date_days((struct date){ 2027, 2, 23 }));
    assert_int_equal(date_days(warn_horizon(edition("lake-chad"), true, today)),
                     date_days((struct date){ 2027, 3, 23 }));
    assert_int_equal(date_days(warn_horizon(edition("interpol"), true, today)),
                     date_days((struct date){ 2027, 3, 23 }));
}

static void a_category_is_shown_with_all_its_rules(void **state)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json out;
    struct bytes bytes;
    (void)state;
    assert_false(failed(catalogue_show(edition("sis"), TEXT("check"), &arena, &out)));
    assert_int_equal(json_count(json_get(&out, "rules")), 2); /* persons, objects */
    assert_int_equal(json_count(json_get(&out, "priority")), 9);
    assert_int_equal(json_count(json_get(&out, "downgrade")), 3);
    const struct json *last = json_item(json_get(&out, "downgrade"), 2);
    assert_true(text_is(json_get_text(last, "forbidden"), "specific"));
    assert_true(text_is(json_get_text(last, "becomes"), "inquiry"));
    const struct json *rules = json_item(json_get(&out, "rules"), 0);
    assert_true(text_is(json_item_text(json_get(rules, "required"), 0), "surname"));
    assert_false(failed(json_format(&out, &arena, &bytes)));
    struct err e = catalogue_show(edition("sis"), TEXT("police-record"), &arena, &out);
    assert_string_equal(e.rule, "catalogue.not-covered");
    e = catalogue_show(edition("sis"), TEXT("cats"), &arena, &out);
    assert_string_equal(e.rule, "catalogue.no-such-category");
    assert_false(failed(catalogue_show(edition("general"), TEXT("police-record"), &arena, &out)));
}

static void an_edition_is_listed_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < edition_count(); i++) {
        struct arena arena = arena_over(memory, sizeof(memory));
        struct bytes bytes;
        struct json out = catalogue_list(edition_at(i), &arena);
        assert_int_equal(json_count(json_get(&out, "items")), edition_at(i)->category_count);
        assert_int_equal(json_count(json_get(&out, "periods")), edition_at(i)->period_count);
        assert_false(failed(json_format(&out, &arena, &bytes)));
    }
}

/* What people read stands in both languages. */
static void every_text_has_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < edition_count(); i++) {
        const struct edition *one = edition_at(i);
        assert_true(one->title.en[0] != 0 && one->title.fr[0] != 0);
        for (size_t j = 0; j < one->category_count; j++) {
            const struct category_rules *rules = &one->categories[j];
            assert_int_equal(rules->does.en[0] == 0, rules->does.fr[0] == 0);
            assert_int_equal(rules->asked.en[0] == 0, rules->asked.fr[0] == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_alert_of_the_reference_has_its_row),
        cmocka_unit_test(an_edition_covers_only_what_it_names),
        cmocka_unit_test(a_forbidden_check_becomes_the_next_one_and_stays_immediate),
        cmocka_unit_test(every_clock_of_the_reference_is_there),
        cmocka_unit_test(a_period_moves_a_day),
        cmocka_unit_test(what_nobody_has_read_is_marked),
        cmocka_unit_test(a_childs_majority_is_the_first_day_that_it_may_be),
        cmocka_unit_test(an_owner_is_warned_as_long_before_as_the_edition_says),
        cmocka_unit_test(a_category_is_shown_with_all_its_rules),
        cmocka_unit_test(an_edition_is_listed_whole),
        cmocka_unit_test(every_text_has_both_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
