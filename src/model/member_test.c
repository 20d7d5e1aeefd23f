#include "model/member.h"

#include "model/effect.h"
#include "model/note.h"
#include "test_record.h"

static uint8_t memory[1 << 20];

static struct arena fresh(void)
{
    return arena_over(memory, sizeof(memory));
}

static void codes_are_states_or_private(void **state)
{
    static const char *const good[] = { "NER", "x-un", "x-lake-1", "x-a" };
    static const char *const bad[] = {
        "",     "NE",   "ner", "NERX", "x-",
        "x--a", "x-a-", "x-A", "x_a",  "x-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    };
    (void)state;
    struct member_code code;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_false(failed(member_code_parse(text_literal(good[i]), &code)));
        assert_true(text_is(member_code_text(&code), good[i]));
        assert_int_equal(member_code_is_private(&code), i > 0);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(failed(member_code_parse(text_literal(bad[i]), &code)));
}

static void units_carry_a_competence(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct unit unit = { .name = TEXT("untouched") };
    struct json json = text_json(&arena, "{\"id\":\"seme-krake\",\"parent\":\"dgpr\",\"name\":"
                                         "\"Sèmè-Kraké\",\"branch\":\"border\",\"purposes\":"
                                         "[\"border\",\"missing-persons\"],\"ceiling\":"
                                         "\"restricted\"}");
    assert_false(failed(unit_parse(&json, &arena, &unit)));
    assert_int_equal(unit.branch, UNIT_BORDER);
    assert_int_equal(unit.ceiling, CLASSIFICATION_RESTRICTED);
    assert_true(unit_may_ask(&unit, code_of(CODE_PURPOSE, TEXT("border-check"))));
    assert_true(unit_may_ask(&unit, code_of(CODE_PURPOSE, TEXT("missing-persons"))));
    assert_false(unit_may_ask(&unit, code_of(CODE_PURPOSE, TEXT("counter-terrorism"))));
    assert_false(unit_may_ask(&unit, code_of(CODE_PURPOSE, TEXT("new-purpose"))));

    struct json none = text_json(&arena, "{\"id\":\"a\",\"name\":\"A\",\"branch\":\"police\","
                                         "\"ceiling\":\"restricted\"}");
    assert_false(failed(unit_parse(&none, &arena, &unit)));
    assert_false(unit_may_ask(&unit, code_of(CODE_PURPOSE, TEXT("border-check"))));
}

static void units_that_are_wrong_are_refused(void **state)
{
    static const char *const bad[] = {
        "{}",
        "{\"id\":\"A\",\"name\":\"A\",\"branch\":\"police\",\"ceiling\":\"restricted\"}",
        "{\"id\":\"a\",\"name\":\"A\",\"branch\":\"pirates\",\"ceiling\":\"restricted\"}",
        "{\"id\":\"a\",\"name\":\"A\",\"branch\":\"police\",\"ceiling\":\"cosmic\"}",
        "{\"id\":\"a\",\"parent\":\"a\",\"name\":\"A\",\"branch\":\"police\",\"ceiling\":"
        "\"restricted\"}",
        "{\"id\":\"a\",\"name\":\"A\",\"branch\":\"police\",\"ceiling\":\"restricted\","
        "\"purposes\":[\"other\"]}",
        "{\"id\":\"a\",\"name\":\"A\",\"branch\":\"police\",\"ceiling\":\"restricted\","
        "\"purposes\":\"border\"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct arena arena = fresh();
        struct unit unit = { .name = TEXT("untouched") };
        struct json json = text_json(&arena, bad[i]);
        assert_true(failed(unit_parse(&json, &arena, &unit)));
        assert_true(text_is(unit.name, "untouched"));
    }
}

static void users_hold_roles_of_the_list(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct user user;
    struct json good = text_json(&arena, "{\"id\":\"a.officer\",\"unit\":\"u\",\"roles\":"
                                         "[\"officer\",\"supervisor\"],\"languages\":[\"fr\"],"
                                         "\"clearance\":\"confidential\"}");
    struct json bad = text_json(&arena, "{\"id\":\"a.officer\",\"unit\":\"u\",\"roles\":[],"
                                        "\"clearance\":\"confidential\"}");
    struct json king = text_json(&arena, "{\"id\":\"a\",\"unit\":\"u\",\"roles\":[\"king\"],"
                                         "\"clearance\":\"confidential\"}");
    assert_false(failed(user_parse(&good, &arena, &user)));
    assert_int_equal(user.roles, ROLE_BIT(ROLE_OFFICER) | ROLE_BIT(ROLE_SUPERVISOR));
    assert_int_equal(user.language_count, 1);
    assert_string_equal(role_name(ROLE_LEGAL), "legal");
    assert_true(failed(user_parse(&bad, &arena, &user)));
    assert_true(failed(user_parse(&king, &arena, &user)));
}

static void effects_are_decided_by_a_rule_or_an_officer(void **state)
{
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        { "\"effect\":\"as-asked\",\"rule\":\"r1\"", true },
        { "\"effect\":\"as-asked\"", false },
        { "\"effect\":\"reduced\",\"reduced_to\":\"detain\",\"ground\":\"own-law\",\"officer\":"
          "{\"unit\":\"u\",\"user\":\"o\"},\"until\":\"2027-03-01\",\"text\":\"magistrate\"",
          true },
        { "\"effect\":\"reduced\",\"ground\":\"own-law\",\"rule\":\"r1\"", false },
        { "\"effect\":\"reduced\",\"reduced_to\":\"shoot\",\"ground\":\"own-law\",\"rule\":"
          "\"r1\"",
          false },
        { "\"effect\":\"refused\",\"rule\":\"r1\"", false },
        { "\"effect\":\"refused\",\"ground\":\"political-offence\",\"rule\":\"r1\"", true },
        { "\"effect\":\"refused\",\"reduced_to\":\"detain\",\"ground\":\"own-law\",\"rule\":"
          "\"r1\"",
          false },
        { "\"effect\":\"as-asked\",\"rule\":\"r1\",\"officer\":{\"unit\":\"u\",\"user\":\"o\"}",
          false },
        { "\"effect\":\"ignored\",\"rule\":\"r1\"", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = fresh();
        char text[400];
        struct effect effect;
        struct effect again;
        snprintf(text, sizeof(text),
                 "{\"record\":\"NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"alert\":\"a1\",%s}",
                 rows[i].text);
        struct json json = text_json(&arena, text);
        assert_int_equal(!failed(effect_parse(&json, &effect)), rows[i].good);
        if (!rows[i].good)
            continue;
        struct json back = effect_format(&effect, &arena);
        assert_true(json_equal(&json, &back));
        assert_false(failed(effect_parse(&back, &again)));
    }
}

static void notes_protect_whom_they_name(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct note note;
    struct member_code tcd;
    struct member_code ner;
    assert_false(failed(member_code_parse(TEXT("TCD"), &tcd)));
    assert_false(failed(member_code_parse(TEXT("NER"), &ner)));
    struct json from = text_json(&arena, "{\"record\":\"NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"note\":"
                                         "\"n1\",\"kind\":\"protected-from\",\"members\":"
                                         "[\"TCD\"]}");
    assert_false(failed(note_parse(&from, &arena, &note)));
    assert_true(note_protects_from(&note, &tcd));
    assert_false(note_protects_from(&note, &ner));
    struct json newer = text_json(&arena, "{\"record\":\"NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"note\":"
                                          "\"n1\",\"kind\":\"sanctuary\"}");
    assert_false(failed(note_parse(&newer, &arena, &note)));
    assert_true(note_protects_from(&note, &ner));
    struct json remark =
        text_json(&arena, "{\"record\":\"NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"note\":"
                          "\"n1\",\"kind\":\"remark\",\"text\":\"x\"}");
    assert_false(failed(note_parse(&remark, &arena, &note)));
    assert_false(note_protects_from(&note, &ner));
    struct json nobody =
        text_json(&arena, "{\"record\":\"NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"note\":"
                          "\"n1\",\"kind\":\"protected-from\"}");
    assert_true(failed(note_parse(&nobody, &arena, &note)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_states_or_private),
        cmocka_unit_test(units_carry_a_competence),
        cmocka_unit_test(units_that_are_wrong_are_refused),
        cmocka_unit_test(users_hold_roles_of_the_list),
        cmocka_unit_test(effects_are_decided_by_a_rule_or_an_officer),
        cmocka_unit_test(notes_protect_whom_they_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
