#include "model/code.h"

#include "model/effect.h"
#include "model/fact.h"
#include "model/note.h"
#include "test_record.h"

static uint8_t memory[1 << 20];

static void every_list_is_filled_and_found_by_its_codes(void **state)
{
    (void)state;
    for (unsigned list = 0; list < CODE_LISTS; list++) {
        enum code_list found;
        assert_true(code_list_find(text_literal(code_list_name(list)), &found));
        assert_int_equal(found, list);
        assert_true(code_count(list) > 0);
        assert_true(code_list_version(list)[0] != '\0');
        for (size_t i = 0; i < code_count(list); i++) {
            const struct code_row *row = code_row(list, i);
            assert_int_equal(code_find(list, text_literal(row->code)), i);
            assert_true(row->parent < (int)code_count(list));
            assert_true(code_within(list, (int)i, (int)i));
        }
        assert_int_equal(code_find(list, TEXT("no such code")), CODE_RAW);
        assert_int_equal(code_find(list, TEXT("")), CODE_RAW);
    }
}

/* The enums on which C branches are rows of data: a moved row would change their meaning. */
static const struct {
    enum code_list list;
    int number;
    const char *code;
} enum_rows[] = {
    { CODE_CLASSIFICATION, CLASSIFICATION_UNCLASSIFIED, "unclassified" },
    { CODE_CLASSIFICATION, CLASSIFICATION_RESTRICTED, "restricted" },
    { CODE_CLASSIFICATION, CLASSIFICATION_CONFIDENTIAL, "confidential" },
    { CODE_CLASSIFICATION, CLASSIFICATION_SECRET, "secret" },
    { CODE_CLASSIFICATION, CLASSIFICATION_TOP_SECRET, "top-secret" },
    { CODE_SUBJECT, SUBJECT_SUSPECT, "suspect" },
    { CODE_SUBJECT, SUBJECT_ACCUSED, "accused" },
    { CODE_SUBJECT, SUBJECT_CONVICTED, "convicted" },
    { CODE_SUBJECT, SUBJECT_VICTIM, "victim" },
    { CODE_SUBJECT, SUBJECT_WITNESS, "witness" },
    { CODE_SUBJECT, SUBJECT_CONTACT, "contact" },
    { CODE_SUBJECT, SUBJECT_MISSING, "missing" },
    { CODE_SUBJECT, SUBJECT_UNIDENTIFIED, "unidentified" },
    { CODE_SUBJECT, SUBJECT_AT_RISK, "at-risk" },
    { CODE_SUBJECT, SUBJECT_LISTED, "listed" },
    { CODE_SUBJECT, SUBJECT_HOLDER, "holder" },
    { CODE_SUBJECT, SUBJECT_NONE, "none-known" },
    { CODE_WARNING, WARNING_ARMED, "armed" },
    { CODE_WARNING, WARNING_VIOLENT, "violent" },
    { CODE_WARNING, WARNING_ESCAPES, "escapes" },
    { CODE_WARNING, WARNING_SELF_HARM, "self-harm" },
    { CODE_WARNING, WARNING_CONTAGIOUS, "contagious" },
    { CODE_WARNING, WARNING_TERRORISM, "terrorism" },
    { CODE_KIND, RECORD_PERSON, "person" },
    { CODE_KIND, RECORD_DOCUMENT, "document" },
    { CODE_KIND, RECORD_VEHICLE, "vehicle" },
    { CODE_KIND, RECORD_FIREARM, "firearm" },
    { CODE_KIND, RECORD_VESSEL, "vessel" },
    { CODE_KIND, RECORD_AIRCRAFT, "aircraft" },
    { CODE_KIND, RECORD_CONTAINER, "container" },
    { CODE_KIND, RECORD_OBJECT, "object" },
    { CODE_KIND, RECORD_ACCOUNT, "account" },
    { CODE_KIND, RECORD_ORGANISATION, "organisation" },
    { CODE_KIND, RECORD_PLACE, "place" },
    { CODE_KIND, RECORD_EVENT, "event" },
    { CODE_KIND, RECORD_INDICATOR, "indicator" },
    { CODE_KIND, RECORD_SAMPLE, "sample" },
    { CODE_NAME_SET, SET_CONFIRMED, "confirmed" },
    { CODE_NAME_SET, SET_UNCONFIRMED, "unconfirmed" },
    { CODE_NAME_SET, SET_ALIAS, "alias" },
    { CODE_NAME_SET, SET_MISUSED, "misused" },
    { CODE_EFFECT, EFFECT_AS_ASKED, "as-asked" },
    { CODE_EFFECT, EFFECT_REDUCED, "reduced" },
    { CODE_EFFECT, EFFECT_SPECIALISTS_ONLY, "specialists-only" },
    { CODE_EFFECT, EFFECT_NOT_SHOWN, "not-shown" },
    { CODE_EFFECT, EFFECT_REFUSED, "refused" },
    { CODE_NOTE, NOTE_REFUGEE, "refugee-status" },
    { CODE_NOTE, NOTE_SOURCE_AT_RISK, "source-at-risk" },
    { CODE_NOTE, NOTE_PROTECTED_FROM, "protected-from" },
    { CODE_NOTE, NOTE_PENDING_APPEAL, "pending-appeal" },
    { CODE_NOTE, NOTE_REMARK, "remark" },
    { CODE_WHEN_QUALITY, WHEN_EXACT, "exact" },
    { CODE_WHEN_QUALITY, WHEN_ABOUT, "about" },
    { CODE_WHEN_QUALITY, WHEN_MONTH_ONLY, "month-only" },
    { CODE_WHEN_QUALITY, WHEN_YEAR_ONLY, "year-only" },
    { CODE_WHEN_QUALITY, WHEN_REGISTRY_DEFAULT, "registry-default" },
    { CODE_WHEN_QUALITY, WHEN_AGE_ESTIMATED, "age-estimated" },
    { CODE_WHEN_QUALITY, WHEN_UNKNOWN, "unknown" },
    { CODE_ROLE, ROLE_OFFICER, "officer" },
    { CODE_ROLE, ROLE_SUPERVISOR, "supervisor" },
    { CODE_ROLE, ROLE_LEGAL, "legal" },
    { CODE_ROLE, ROLE_AUDITOR, "auditor" },
    { CODE_ROLE, ROLE_ADMINISTRATOR, "administrator" },
    { CODE_ROLE, ROLE_MACHINE, "machine" },
    { CODE_BRANCH, UNIT_POLICE, "police" },
    { CODE_BRANCH, UNIT_BORDER, "border" },
    { CODE_BRANCH, UNIT_CUSTOMS, "customs" },
    { CODE_BRANCH, UNIT_FIU, "fiu" },
    { CODE_BRANCH, UNIT_PROSECUTOR, "prosecutor" },
    { CODE_BRANCH, UNIT_JOINT, "joint" },
    { CODE_BRANCH, UNIT_MILITARY, "military" },
};

static void enums_equal_the_rows_of_their_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(enum_rows) / sizeof(enum_rows[0]); i++)
        assert_int_equal(code_find(enum_rows[i].list, text_literal(enum_rows[i].code)),
                         enum_rows[i].number);
    assert_int_equal(code_count(CODE_CLASSIFICATION), CLASSIFICATION_RAW);
    assert_int_equal(code_count(CODE_SUBJECT), SUBJECT_RAW);
    assert_int_equal(code_count(CODE_WARNING), WARNING_RAW);
    assert_int_equal(code_count(CODE_KIND), RECORD_KIND_RAW);
    assert_int_equal(code_count(CODE_NAME_SET), SET_RAW);
    assert_int_equal(code_count(CODE_NOTE), NOTE_RAW);
    assert_int_equal(code_count(CODE_ROLE), ROLES);
    assert_int_equal(code_count(CODE_BRANCH), UNIT_BRANCHES);
    assert_true(code_count(CODE_HANDLING) <= 31);
}

static void patterns_of_agreements_match_trees(void **state)
{
    (void)state;
    struct code child = code_of(CODE_CATEGORY, TEXT("missing.child"));
    struct code raw = code_of(CODE_CATEGORY, TEXT("missing.cat"));
    assert_true(code_matches(CODE_CATEGORY, child, TEXT("missing.*")));
    assert_true(code_matches(CODE_CATEGORY, child, TEXT("missing.child")));
    assert_true(code_matches(CODE_CATEGORY, child, TEXT("*")));
    assert_false(code_matches(CODE_CATEGORY, child, TEXT("missing")));
    assert_false(code_matches(CODE_CATEGORY, child, TEXT("wanted.*")));
    assert_false(code_matches(CODE_CATEGORY, child, TEXT("nonsense.*")));
    assert_true(code_is_raw(raw));
    assert_false(code_matches(CODE_CATEGORY, raw, TEXT("missing.*")));
    assert_true(code_matches(CODE_CATEGORY, raw, TEXT("*")));
    struct code bomb = code_of(CODE_OFFENCE, TEXT("ITZ"));
    assert_true(code_matches(CODE_OFFENCE, bomb, TEXT("terrorism.*")));
}

static void interpol_offences_are_all_there(void **state)
{
    (void)state;
    size_t of_interpol = 0;
    for (size_t i = 0; i < code_count(CODE_OFFENCE); i++)
        of_interpol += text_is(code_column(CODE_OFFENCE, i, 0), "int-i");
    assert_int_equal(of_interpol, 71);
}

/* Against the published table itself, when it is at hand. */
static void offences_equal_the_published_table(void **state)
{
    (void)state;
    char path[TEST_PATH_MAX];
    struct test_file file = { NULL, 0 };
    if (!test_shared("int-i/MRT/MRT_INT-I_LookupCodes.csv", path))
        return;
    assert_true(test_file_read(path, &file));
    size_t count = 0;
    for (char *line = (char *)file.data; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "\"OTY\",\"", 7) != 0)
            continue;
        struct code code = code_of(CODE_OFFENCE, (struct text){ line + 7, 3 });
        assert_false(code_is_raw(code));
        count++;
    }
    free(file.data);
    assert_int_equal(count, 71);
}

static bool reference_good(const char *purpose, const char *reference)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct json json = text_json(&arena, reference);
    return !failed(purpose_check_reference(code_of(CODE_PURPOSE, text_literal(purpose)), &json));
}

static void a_purpose_names_the_reference_that_it_demands(void **state)
{
    (void)state;
    assert_true(reference_good("criminal-investigation", "{\"case\":\"2026-77\"}"));
    assert_false(reference_good("criminal-investigation", "{\"case\":\"  \"}"));
    assert_false(reference_good("criminal-investigation", "{\"case\":7}"));
    assert_false(reference_good("criminal-investigation", "{}"));
    assert_false(reference_good("criminal-investigation", "[]"));
    assert_true(reference_good("border-check", "{\"post\":\"seme-krake\",\"lane\":\"2\"}"));
    assert_false(reference_good("border-check", "{\"post\":\"seme-krake\"}"));
    assert_false(reference_good("law-enforcement", "{\"case\":\"1\"}"));
    assert_false(reference_good("other", "{\"case\":\"1\"}"));
    assert_int_equal(code_find(CODE_PURPOSE, TEXT("other")), CODE_RAW);
    assert_true(purpose_knows_reference(TEXT("lane")));
    assert_false(purpose_knows_reference(TEXT("lanes")));
    assert_false(purpose_knows_reference(TEXT("")));
    struct code purpose = code_of(CODE_PURPOSE, TEXT("border-check"));
    assert_true(failed(purpose_check_reference(purpose, NULL)));
}

static void every_purpose_demands_something_or_is_a_heading(void **state)
{
    (void)state;
    for (size_t i = 0; i < code_count(CODE_PURPOSE); i++) {
        bool parent = false;
        for (size_t j = 0; j < code_count(CODE_PURPOSE); j++)
            parent = parent || code_row(CODE_PURPOSE, j)->parent == (int)i;
        assert_int_equal(code_column(CODE_PURPOSE, i, 0).len == 0, parent);
    }
}

static void coded_values_need_list_version_and_code(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct code code = { .number = 7 };
    struct json good = text_json(&arena, "{\"list\":\"nga\",\"version\":\"1\",\"code\":\"X\"}");
    struct json ours = text_json(&arena, "{\"list\":\"sex\",\"version\":\"1\",\"code\":\"F\"}");
    struct json bad = text_json(&arena, "{\"list\":\"nga\",\"code\":\"X\"}");
    assert_false(failed(code_parse(&good, &code)));
    assert_true(code_is_raw(code));
    assert_false(failed(code_parse(&ours, &code)));
    assert_int_equal(code.number, 0);
    assert_true(failed(code_parse(&bad, &code)));
    assert_int_equal(code.number, 0);
}

static bool labelled(const struct test_file *file, const char *list, const char *code)
{
    char line[256];
    snprintf(line, sizeof(line), "\ncode.%s.%s = ", list, code);
    return strstr((const char *)file->data, line) != NULL;
}

static void every_code_has_an_english_and_a_french_label(void **state)
{
    (void)state;
    static const char *const files[] = { "catalogue/text/en.txt", "catalogue/text/fr.txt" };
    for (size_t f = 0; f < 2; f++) {
        char path[TEST_PATH_MAX];
        struct test_file file = { NULL, 0 };
        assert_true(test_path("COMITY_SOURCE", files[f], path));
        assert_true(test_file_read(path, &file));
        for (unsigned list = 0; list < CODE_LISTS; list++) {
            for (size_t i = 0; i < code_count(list); i++) {
                const char *code = code_row(list, i)->code;
                if (!labelled(&file, code_list_name(list), code))
                    fail_msg("%s lacks code.%s.%s", files[f], code_list_name(list), code);
            }
        }
        free(file.data);
    }
}

/* Every class named by the attribute table and every action of a category is in its list. */
static void tables_refer_to_rows_that_exist(void **state)
{
    (void)state;
    for (size_t i = 0; i < code_count(CODE_CATEGORY); i++) {
        struct text action = code_column(CODE_CATEGORY, i, 0);
        struct text kinds = code_column(CODE_CATEGORY, i, 2);
        if (action.len > 0)
            assert_true(code_find(CODE_ACTION, action) >= 0);
        while (kinds.data != NULL)
            assert_true(code_find(CODE_KIND, text_split(&kinds, ',')) >= 0);
    }
    for (size_t i = 0; i < code_count(CODE_COUNTRY); i++) {
        struct text next = code_column(CODE_COUNTRY, i, 1);
        while (next.len > 0)
            assert_true(code_find(CODE_COUNTRY, text_split(&next, ',')) >= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_is_filled_and_found_by_its_codes),
        cmocka_unit_test(enums_equal_the_rows_of_their_lists),
        cmocka_unit_test(patterns_of_agreements_match_trees),
        cmocka_unit_test(interpol_offences_are_all_there),
        cmocka_unit_test(offences_equal_the_published_table),
        cmocka_unit_test(a_purpose_names_the_reference_that_it_demands),
        cmocka_unit_test(every_purpose_demands_something_or_is_a_heading),
        cmocka_unit_test(coded_values_need_list_version_and_code),
        cmocka_unit_test(every_code_has_an_english_and_a_french_label),
        cmocka_unit_test(tables_refer_to_rows_that_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
