#include "test_files.h"

#include "import/test_sink.h"

static uint8_t memory[1 << 20];

static struct mrz_origin origin(void)
{
    struct mrz_origin out = { .unit = TEXT("seme-krake"),
                              .reference = TEXT("lane 3"),
                              .today = { 2026, 11, 22 } };
    assert_false(failed(record_id_parse(TEXT("BEN-00000000000000000000000001"), &out.id)));
    return out;
}

static void test_a_passport_becomes_a_draft_that_the_model_accepts(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    static struct findings findings;
    struct mrz_origin from = origin();
    struct json draft;
    struct record record;
    findings_init(&findings, &arena);
    struct text zone = TEXT("P<NGAHUSSAINI<<ABDULLAHI<<<<<<<<<<<<<<<<<<<<\n"
                            "L898902C36NGA8502<<5M3104159ZE184226B<<<<<10\n");
    assert_false(failed(import_mrz(zone, &from, &arena, &findings, &draft)));
    assert_int_equal(findings.errors, 0);
    assert_true(findings.warnings > 0); /* digits were not made for this date */
    findings_init(&findings, &arena);
    struct err e = record_parse(&draft, &arena, &findings, &record);
    if (failed(e) && findings.count > 0)
        fail_msg("%.*s %s", (int)findings.list[0].pointer.len, findings.list[0].pointer.data,
                 findings.list[0].rule);
    assert_false(failed(e));
    size_t at = 0;
    struct name_view name;
    struct identifier_view id;
    struct date first, last;
    assert_true(record_next_name(&record, &at, &name));
    assert_true(text_is(name.full, "HUSSAINI ABDULLAHI"));
    assert_true(record_birth_interval(&record, &first, &last));
    assert_int_equal(first.month, 2);
    assert_int_equal(last.day, 28);
    at = 0;
    assert_true(record_next_identifier(&record, &at, &id));
    assert_true(text_is(id.value, "L898902C3"));
    assert_true(text_is(id.country, "NGA"));
    assert_int_equal(record_sex(&record), SEX_MALE);
}

static void test_what_is_no_zone_is_refused(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    static struct findings findings;
    struct mrz_origin from = origin();
    struct json draft = json_bool(true);
    findings_init(&findings, &arena);
    struct err e = import_mrz(TEXT("P<NGA"), &from, &arena, &findings, &draft);
    assert_string_equal(e.rule, "mrz.wrong-shape");
    assert_int_equal(draft.kind, JSON_TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_passport_becomes_a_draft_that_the_model_accepts),
        cmocka_unit_test(test_what_is_no_zone_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
