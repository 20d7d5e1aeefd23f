/* From a record document to what rules test. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "test_record.h"

#include "model/redact.h"
#include "treaty/decide.h"

enum { ARENA_BYTES = 8 << 20 };

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

static struct treaty_view view_of(const struct record *record, const struct note *notes,
                                  size_t count)
{
    struct treaty_view view;
    assert_false(failed(treaty_view_of(record, notes, count, &arena, &view)));
    return view;
}

static void the_example_person_shows_what_rules_test(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct json json = example(&arena, "person");
    struct record record = parsed(&arena, &json);
    struct treaty_view view = view_of(&record, NULL, 0);
    assert_true(text_is(view.kind, "person"));
    assert_false(view.partial || view.ageless || view.child_presumed);
    assert_int_equal(view.alert_count, record.alert_count);
    assert_true(text_is(view.nationalities.codes.items[0], "NGA"));
    assert_false(view.nationalities.doubt);
    assert_true(view.born_first.year <= 1984 && view.born_last.year >= 1986);
    const struct view_alert *alert = &view.alerts[0];
    assert_true(text_equal(alert->category, record.alerts[0].category.code));
    assert_int_equal(alert->classification, LEVEL_CONFIDENTIAL); /* the phone's */
    assert_true(alert->grading.doubt);                           /* not every statement is graded */
    assert_true(text_is(alert->grading.codes.items[0], "4x4.source.B"));
    assert_true(text_is(alert->grading.codes.items[1], "4x4.information.2"));
}

static void what_is_missing_is_doubt(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct json json = example(&arena, "person");
    struct record record = parsed(&arena, &json);
    struct alert alert = record.alerts[0];
    struct note note = { .kind = NOTE_RAW };
    record.alerts = &alert;
    record.alert_count = 1;
    record.statement_count = 1; /* the name alone */
    alert.subjects = 0;
    alert.offence_count = 0;
    struct treaty_view view = view_of(&record, &note, 1);
    assert_true(view.nationalities.doubt);
    assert_true(view.alerts[0].subjects.doubt);
    assert_int_equal(view.born_first.year, 0);
    assert_int_equal(view.alerts[0].death, TRUTH_UNKNOWN); /* wanted for nothing that is said */
    assert_int_equal(code_find(CODE_NOTE, view.notes[0].code), CODE_RAW);
    alert.category = code_of(CODE_CATEGORY, TEXT("missing.child"));
    alert.subjects = UINT32_C(1) << 31; /* a class of a newer list */
    alert.classification = CLASSIFICATION_RAW;
    view = view_of(&record, NULL, 0);
    assert_int_equal(view.alerts[0].death, TRUTH_FALSE);
    assert_true(view.child_presumed);
    assert_true(view.alerts[0].subjects.doubt);
    assert_int_equal(view.alerts[0].classification, LEVEL_NONE);
}

static void the_penalty_is_death_unless_every_offence_says_no(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct json json = example(&arena, "person");
    struct record record = parsed(&arena, &json);
    struct alert alert = record.alerts[0];
    struct offence offences[2] = { { .penalty_death_said = true }, { .penalty_death_said = true } };
    record.alerts = &alert;
    record.alert_count = 1;
    alert.offences = offences;
    alert.offence_count = 2;
    assert_int_equal(view_of(&record, NULL, 0).alerts[0].death, TRUTH_FALSE);
    offences[1].penalty_death_said = false;
    assert_int_equal(view_of(&record, NULL, 0).alerts[0].death, TRUTH_UNKNOWN);
    offences[0].penalty_death = true;
    assert_int_equal(view_of(&record, NULL, 0).alerts[0].death, TRUTH_TRUE);
}

static struct member_code member(const char *code)
{
    struct member_code out;
    assert_false(failed(member_code_parse(text_literal(code), &out)));
    return out;
}

static void audiences_are_joined_by_and(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct json json = example(&arena, "person");
    struct record record = parsed(&arena, &json);
    struct alert alert = record.alerts[0];
    struct member_code two[] = { member("NER"), member("TCD") };
    struct member_code other[] = { member("TCD"), member("BEN") };
    struct restriction restrictions[] = {
        { .audience = AUDIENCE_ONLY, .recipients = other, .recipient_count = 2 },
        { .audience = AUDIENCE_NEVER, .recipients = other, .recipient_count = 1 }
    };
    record.alerts = &alert;
    record.alert_count = 1;
    alert.audience = AUDIENCE_ONLY;
    alert.recipients = two;
    alert.recipient_count = 2;
    record.restrictions = restrictions;
    record.restriction_count = 2;
    struct treaty_view view = view_of(&record, NULL, 0);
    assert_true(view.alerts[0].restricted);
    assert_int_equal(view.alerts[0].only.count, 1);
    assert_true(text_is(view.alerts[0].only.items[0], "TCD"));
    assert_int_equal(view.alerts[0].never.count, 1);
    assert_true(text_is(view.alerts[0].never.items[0], "TCD"));
}

/* The whole way: record, agreement, decision, redaction, view, the receiver's second opinion. */
static const char shared_law[] =
    "agreement a version 1\nparties NGA NER\nin force when all parties have signed\n"
    "article 1\n  share person where category is wanted.* and subject is suspect\n"
    "    among parties for criminal-investigation by copy\n    withhold field contact\n"
    "  never share person where penalty may be death unless assurance no-death-penalty\n";

static void what_is_shared_passes_the_receivers_check(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct text law = text_literal(shared_law);
    struct treaty treaty;
    struct treaty_errors errors;
    assert_false(failed(treaty_parse(law, LANGUAGE_EN, &arena, &errors, &treaty)));
    struct treaty_event events[2] = {
        { .act = ACT_SIGN, .party = TEXT("NGA"), .at = { 1 } },
        { .act = ACT_SIGN, .party = TEXT("NER"), .at = { 1 } },
    };
    struct instant now = { INT64_C(1795000000000) };
    struct treaty_status status = treaty_status(&treaty, events, 2, now);
    struct treaty_force force = { .treaty = &treaty, .status = &status };
    const struct ruleset *rules = NULL;
    assert_false(failed(treaty_compile(&force, 1, NULL, &arena, &rules)));
    struct json json = example(&arena, "person");
    struct record record = parsed(&arena, &json);
    struct treaty_view view = view_of(&record, NULL, 0);
    const struct treaty_row *row = NULL;
    assert_false(failed(treaty_row_make(rules, &view, now, &arena, &row)));
    struct text assurance = TEXT("no-death-penalty");
    struct question question = { .from = treaty_member(rules, TEXT("NGA")),
                                 .to = treaty_member(rules, TEXT("NER")),
                                 .purpose = TEXT(""),
                                 .row = row,
                                 .alerts = UINT64_MAX,
                                 .assurances = { &assurance, 1 } };
    struct decision decision;
    treaty_decide(rules, &question, &decision);
    assert_int_equal(decision.outcome, DECISION_SHARE);
    bool alerts[RECORD_ALERTS_MAX] = { false };
    for (uint32_t i = 0; i < record.alert_count; i++)
        alerts[i] = (decision.shared >> i & 1) != 0;
    struct text withheld = treaty_name_of(rules, NAME_FIELD, 0);
    struct redaction redaction = { .alerts = alerts, .withheld = &withheld, .withheld_count = 1 };
    struct json sent;
    assert_false(failed(record_redact(&record, &redaction, &arena, &sent)));
    struct findings findings;
    struct record copy;
    findings_init(&findings, &arena);
    assert_false(failed(record_parse_view(&sent, &arena, &findings, &copy)));
    struct treaty_view seen = view_of(&copy, NULL, 0);
    assert_true(seen.partial);
    assert_false(failed(treaty_row_make(rules, &seen, now, &arena, &row)));
    struct text *fields = ARENA_ARRAY(&arena, struct text, copy.statement_count);
    for (size_t i = 0; i < copy.statement_count; i++)
        fields[i] = copy.statements[i].attribute;
    struct treaty_received received = { treaty_basis(rules, decision.rule).hash,
                                        1,
                                        treaty_basis(rules, decision.rule).clause->id,
                                        question.from,
                                        question.to,
                                        row,
                                        { fields, (uint32_t)copy.statement_count } };
    assert_string_equal(treaty_receive_check(rules, &received).rule, "");
    fields[0] = TEXT("phone");
    assert_string_equal(treaty_receive_check(rules, &received).rule, "treaty.basis-withheld");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_person_shows_what_rules_test),
        cmocka_unit_test(what_is_missing_is_doubt),
        cmocka_unit_test(the_penalty_is_death_unless_every_offence_says_no),
        cmocka_unit_test(audiences_are_joined_by_and),
        cmocka_unit_test(what_is_shared_passes_the_receivers_check),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
