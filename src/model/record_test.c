#include "model/record.h"

#include "test_record.h"

static uint8_t memory[16 << 20];

static struct arena fresh(void)
{
    return arena_over(memory, sizeof(memory));
}

/* The member at `path`, names and indexes separated by '/', of a tree of ours. */
static struct json *at_path(struct json *in, const char *path)
{
    struct text rest = text_literal(path);
    while (rest.data != NULL && rest.len > 0) {
        struct text part = text_split(&rest, '/');
        struct json *next = NULL;
        if (in->kind == JSON_ARRAY)
            next = &in->items[(size_t)strtoul(part.data, NULL, 10)];
        for (uint32_t i = 0; in->kind == JSON_OBJECT && i < in->count; i++) {
            if (text_equal(in->members[i].name, part))
                next = &in->members[i].value;
        }
        assert_non_null(next);
        in = next;
    }
    return in;
}

/* The record is refused, with this rule at this place, and nothing is written. */
static void refused(struct arena *arena, const struct json *json, const char *pointer,
                    const char *rule)
{
    struct findings findings;
    struct record record = { .kind_text = TEXT("untouched") };
    findings_init(&findings, arena);
    struct err e = record_parse(json, arena, &findings, &record);
    assert_int_equal(e.code, ERR_INVALID);
    assert_string_equal(e.rule, "record.refused");
    assert_true(text_is(record.kind_text, "untouched"));
    for (size_t i = 0; i < findings.count; i++) {
        if (strcmp(findings.list[i].rule, rule) == 0 && text_is(findings.list[i].pointer, pointer))
            return;
    }
    for (size_t i = 0; i < findings.count; i++)
        print_message("%.*s %s\n", (int)findings.list[i].pointer.len, findings.list[i].pointer.data,
                      findings.list[i].rule);
    fail_msg("wanted %s at %s", rule, pointer);
}

static void the_example_of_a_person_is_read_whole(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    struct record r = parsed(&arena, &json);
    assert_int_equal(r.kind, RECORD_PERSON);
    assert_true(text_is(member_code_text(&r.owner), "NGA"));
    assert_int_equal(r.statement_count, 15);
    assert_int_equal(r.alert_count, 2);
    assert_int_equal(r.link_count, 1);
    assert_int_equal(r.attachment_count, 3);
    assert_int_equal(r.originator_count, 1);
    assert_true(text_is(member_code_text(&r.originators[0]), "TCD"));
    assert_int_equal(r.co_owner_count, 1);
    assert_int_equal(r.classification, CLASSIFICATION_CONFIDENTIAL);
    assert_false(r.redacted);

    const struct alert *a = record_find_alert(&r, TEXT("a1"));
    assert_true(text_is(a->category.code, "wanted.arrest"));
    assert_int_equal(a->subjects, SUBJECT_BIT(SUBJECT_SUSPECT));
    assert_int_equal(a->warnings, WARNING_BIT(WARNING_ARMED) | WARNING_BIT(WARNING_ESCAPES));
    assert_int_equal(a->offence_count, 1);
    assert_true(code_is_raw(a->offences[0].own));
    assert_true(code_matches(CODE_OFFENCE, a->offences[0].mapped, TEXT("property.*")));
    assert_int_equal(a->offences[0].penalty_max_months, 252);
    assert_true(a->offences[0].penalty_death_said);
    assert_false(a->offences[0].penalty_death);
    assert_int_equal(a->audience, AUDIENCE_NEVER);
    assert_int_equal(a->condition_count, 2);
    assert_int_equal(a->classification, CLASSIFICATION_RESTRICTED);
    assert_int_equal(record_find_alert(&r, TEXT("a2"))->classification,
                     CLASSIFICATION_CONFIDENTIAL);
    assert_null(record_find_alert(&r, TEXT("a9")));
}

static void documents_and_vehicles_are_read(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "document");
    struct record r = parsed(&arena, &json);
    size_t at = 0;
    struct identifier_view id;
    assert_int_equal(r.kind, RECORD_DOCUMENT);
    assert_true(record_next_identifier(&r, &at, &id));
    assert_true(text_is(id.type.code, "document"));
    assert_true(text_is(id.value, "10XX00001"));
    assert_true(text_is(id.country, "NER"));
    assert_false(record_next_identifier(&r, &at, &id));

    json = example(&arena, "vehicle");
    r = parsed(&arena, &json);
    at = 0;
    assert_true(record_next_identifier(&r, &at, &id));
    assert_true(text_is(id.type.code, "vin"));
    assert_true(record_next_identifier(&r, &at, &id));
    assert_true(text_is(id.type.code, "plate"));
    assert_true(text_is(id.country, "NGA"));
    assert_false(record_next_identifier(&r, &at, &id));
}

static void a_misused_identity_says_nothing_about_the_person(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    struct json *birth = at_path(&json, "statements/2");
    struct record r = parsed(&arena, &json);
    struct name_view name;
    size_t names = 0;
    size_t misused = 0;
    for (size_t at = 0; record_next_name(&r, &at, &name); names++)
        misused += name.set == SET_MISUSED;
    assert_int_equal(names, 3);
    assert_int_equal(misused, 1);
    json_set_text(&arena, birth, "set", TEXT("misused"));
    json_set_text(&arena, birth, "identity", TEXT("i3"));
    r = parsed(&arena, &json);
    struct when when;
    size_t at = 0;
    assert_false(record_next_birth(&r, &at, &when));
    assert_int_equal(record_is_minor(&r, (struct date){ 2026, 11, 22 }), MINOR_UNKNOWN);
}

static const struct {
    const char *path;
    const char *name;
    const char *value; /* JSON, or NULL: remove */
    const char *pointer;
    const char *rule;
} wrong_rows[] = {
    { "", "kind", NULL, "/kind", "record.missing" },
    { "", "schema", "2", "/schema", "record.out-of-range" },
    { "", "kind", "\"unicorn\"", "/kind", "record.unknown-code" },
    { "", "owner", "\"Nigeria\"", "/owner", "record.not-a-member" },
    { "", "owner", "\"NER\"", "/owner", "record.id-of-other-owner" },
    { "", "!shield", "1", "/!shield", "record.critical" },
    { "", "statements", "{}", "/statements", "record.wrong-type" },
    { "", "nga:risk", "7", "", "record.scored-person" },
    { "statements/0", "source", NULL, "/statements/0/source", "record.missing" },
    { "statements/0/source", "reference", NULL, "/statements/0/source/reference",
      "record.missing" },
    { "statements/0", "id", "\"s2\"", "/statements/1/id", "record.duplicate-id" },
    { "statements/0", "attribute", "\"vin\"", "/statements/0/value/number", "record.missing" },
    { "statements/0", "basis", "\"rumour\"", "/statements/0/basis", "record.unknown-basis" },
    { "statements/0", "script", "\"latin\"", "/statements/0/script", "record.not-a-script" },
    { "statements/0/grading", "source", "\"Z\"", "/statements/0/grading",
      "record.unknown-grading" },
    { "statements/2/value", "from", "\"1985-02-30\"", "/statements/2/value/from",
      "record.not-a-date" },
    { "statements/2/value", "to", "\"1980-01-01\"", "/statements/2/value",
      "model.date-ends-before" },
    { "statements/2/value", "quality", "\"exact\"", "/statements/2/value",
      "model.date-not-exact" },
    { "statements/4/value", "code", "\"man\"", "/statements/4/value/code",
      "record.unknown-code" },
    { "statements/9/value", "attachment", "\"f9\"", "/statements/9/value",
      "record.attachment-missing" },
    { "statements/12", "identity", "\"i1\"", "/statements/12/set",
      "record.misused-without-consent" },
    { "misused/0/consent", "withdrawn", "\"2026-10-01\"", "/statements/12/set",
      "record.misused-without-consent" },
    { "alerts/0", "recipients", NULL, "/alerts/0/recipients", "record.missing" },
    { "alerts/0", "recipients", "{\"only\":[]}", "/alerts/0/recipients", "record.no-audience" },
    { "alerts/0", "recipients", "{}", "/alerts/0/recipients", "record.no-audience" },
    { "alerts/0/recipients", "only", "[\"NER\"]", "/alerts/0/recipients",
      "record.no-audience" },
    { "alerts/0", "subject", "[]", "/alerts/0/subject", "record.no-subject" },
    { "alerts/0/valid", "until", "\"2026-01-01\"", "/alerts/0/valid",
      "record.ends-before-it-begins" },
    { "alerts/0", "review", "\"2020-01-01\"", "/alerts/0/review",
      "record.review-before-begin" },
    { "alerts/0/offences/0/mapped", "list", "\"colour\"", "/alerts/0/offences/0/mapped",
      "record.wrong-list" },
    { "alerts/0/offences/0/mapped", "code", "\"ZZZ\"", "/alerts/0/offences/0/mapped",
      "record.unknown-code" },
    { "links/0", "to", "\"NGA-1\"", "/links/0/to", "record.not-a-record-id" },
    { "attachments/0", "sha256", "\"00\"", "/attachments/0/sha256", "record.not-a-hash" },
    { "attachments/0", "type", "\"text/html\"", "/attachments/0/type", "record.unknown-code" },
    { "attachments/0", "size", "0", "/attachments/0/size", "record.out-of-range" },
    { "attachments/0", "size", "61441", "/attachments/0/size", "record.photo-too-big" },
    { "attachments/1", "size", "12289", "/attachments/1/size", "record.photo-too-big" },
};

static void what_is_missing_or_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong_rows) / sizeof(wrong_rows[0]); i++) {
        struct arena arena = fresh();
        struct json json = example(&arena, "person");
        struct json *place = at_path(&json, wrong_rows[i].path);
        if (wrong_rows[i].value == NULL)
            json_remove(place, wrong_rows[i].name);
        else
            json_set(&arena, place, wrong_rows[i].name, text_json(&arena, wrong_rows[i].value));
        refused(&arena, &json, wrong_rows[i].pointer, wrong_rows[i].rule);
    }
}

static void attributes_belong_to_kinds(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "vehicle");
    struct json *sex = at_path(&json, "statements/0");
    json_set_text(&arena, sex, "attribute", TEXT("sex"));
    json_set(&arena, sex, "value", text_json(&arena, "{\"code\":\"F\"}"));
    refused(&arena, &json, "/statements/0/attribute", "record.attribute-of-other-kind");
}

static void codes_of_a_newer_vocabulary_are_kept_and_deny(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    json_set_integer(&arena, &json, "vocabulary", 2);
    json_set(&arena, at_path(&json, "alerts/0"), "subject",
             text_json(&arena, "[\"suspect\",\"clairvoyant\"]"));
    json_set_text(&arena, at_path(&json, "alerts/0"), "category", TEXT("wanted.question"));
    json_set_text(&arena, at_path(&json, "alerts/0"), "classification", TEXT("cosmic"));
    json_set_text(&arena, at_path(&json, "statements/3"), "attribute", TEXT("aura"));
    struct findings findings;
    struct record r;
    findings_init(&findings, &arena);
    assert_false(failed(record_parse(&json, &arena, &findings, &r)));
    assert_true(findings.warnings >= 4);
    assert_int_equal(r.alerts[0].subjects, SUBJECT_BIT(SUBJECT_SUSPECT) | SUBJECT_BIT(SUBJECT_RAW));
    assert_true(code_is_raw(r.alerts[0].category));
    assert_true(text_is(r.alerts[0].category.code, "wanted.question"));
    assert_int_equal(r.classification, CLASSIFICATION_RAW);
    assert_int_equal(r.statements[3].attribute_number, ATTRIBUTE_RAW);
    assert_int_equal(r.statements[3].type, VALUE_RAW);
}

static void unknown_members_are_kept_and_misspelt_ones_named(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "vehicle");
    json_set_text(&arena, &json, "nga:shelf", TEXT("12"));
    json_set_text(&arena, &json, "aleerts", TEXT("?"));
    struct findings findings;
    struct record r;
    findings_init(&findings, &arena);
    assert_false(failed(record_parse(&json, &arena, &findings, &r)));
    assert_int_equal(findings.warnings, 1);
    assert_true(text_is(findings.list[0].pointer, "/aleerts"));
    assert_string_equal(findings.list[0].rule, "record.unknown-member");
    assert_true(text_is(json_get_text(r.json, "nga:shelf"), "12"));
}

static void a_wrong_check_digit_is_a_warning_with_a_correction(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "vehicle");
    json_set_text(&arena, at_path(&json, "statements/0/value"), "number",
                  TEXT("1HGCM82633A123456"));
    struct findings findings;
    struct record r;
    findings_init(&findings, &arena);
    assert_false(failed(record_parse(&json, &arena, &findings, &r)));
    assert_int_equal(findings.warnings, 1);
    assert_true(text_is(findings.list[0].pointer, "/statements/0/value/number"));
    assert_true(text_starts(text_literal(findings.list[0].rule), TEXT("identifier.")));
    assert_true(text_is(r.statements[0].value->members[0].value.string, "1HGCM82633A123456"));
}

static void pointers_escape_slash_and_tilde(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "vehicle");
    json_set_text(&arena, &json, "!a/b~c", TEXT("?"));
    refused(&arena, &json, "/!a~1b~0c", "record.critical");
}

static struct record born(struct arena *arena, struct json *json, const char *value)
{
    json_set(arena, at_path(json, "statements/2"), "value", text_json(arena, value));
    return parsed(arena, json);
}

static void doubt_about_eighteen_counts_as_minor(void **state)
{
    static const struct {
        const char *value;
        enum minor want;
    } rows[] = {
        { "{\"from\":\"2008-11-22\",\"to\":\"2008-11-22\",\"quality\":\"exact\"}", MINOR_NO },
        { "{\"from\":\"2008-11-23\",\"to\":\"2008-11-23\",\"quality\":\"exact\"}", MINOR_YES },
        { "{\"from\":\"2008-01-01\",\"to\":\"2008-12-31\",\"quality\":\"year-only\"}",
          MINOR_DOUBT },
        { "{\"from\":\"2008-01-01\",\"to\":\"2008-01-01\",\"quality\":\"registry-default\"}",
          MINOR_DOUBT },
        { "{\"from\":\"2007-01-01\",\"to\":\"2007-01-01\",\"quality\":\"registry-default\"}",
          MINOR_NO },
        { "{\"from\":\"2006-11-22\",\"to\":\"2006-11-22\",\"quality\":\"age-estimated\","
          "\"estimated_on\":\"2026-01-01\"}",
          MINOR_NO },
        { "{\"from\":\"2006-11-23\",\"to\":\"2006-11-23\",\"quality\":\"age-estimated\","
          "\"estimated_on\":\"2026-01-01\"}",
          MINOR_DOUBT },
        { "{\"from\":\"2005-01-01\",\"to\":\"2012-12-31\",\"quality\":\"about\"}", MINOR_DOUBT },
        { "{\"from\":\"2012-01-01\",\"to\":\"2013-12-31\",\"quality\":\"about\"}", MINOR_YES },
        { "{\"written\":\"?\",\"quality\":\"unknown\"}", MINOR_UNKNOWN },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena arena = fresh();
        struct json json = example(&arena, "person");
        struct record r = born(&arena, &json, rows[i].value);
        assert_int_equal(record_is_minor(&r, (struct date){ 2026, 11, 22 }), rows[i].want);
        assert_int_equal(minor_counts(rows[i].want), rows[i].want != MINOR_NO);
    }
}

static void an_alert_counts_only_in_its_time(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    struct record r = parsed(&arena, &json);
    static const struct {
        const char *now;
        bool want;
    } rows[] = {
        { "2026-08-21T12:00:00.000Z", false }, /* hidden */
        { "2026-08-22T00:00:00.000Z", true },
        { "2031-08-19T23:59:59.999Z", true },
        { "2031-08-20T00:00:00.000Z", false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct instant now;
        assert_false(failed(instant_parse(text_literal(rows[i].now), &now)));
        assert_int_equal(alert_valid(&r.alerts[0], now), rows[i].want);
    }
    struct instant early;
    assert_false(failed(instant_parse(TEXT("2026-07-31T23:59:59.999Z"), &early)));
    assert_false(alert_valid(&r.alerts[1], early));
}

static bool allows(const struct record *r, size_t alert, const char *member)
{
    struct member_code code;
    assert_false(failed(member_code_parse(text_literal(member), &code)));
    return record_audience_allows(r, &r->alerts[alert], &code);
}

static void every_restriction_narrows_the_audience(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    struct record r = parsed(&arena, &json);
    assert_true(allows(&r, 0, "NER"));
    assert_false(allows(&r, 0, "x-lake-press"));
    assert_true(allows(&r, 1, "BEN"));
    assert_false(allows(&r, 1, "CMR"));
    json_set(&arena, at_path(&json, "restrictions/0"), "recipients",
             text_json(&arena, "{\"only\":[\"NER\"]}"));
    r = parsed(&arena, &json);
    assert_true(allows(&r, 0, "NER"));
    assert_true(allows(&r, 1, "NER"));
    assert_false(allows(&r, 0, "BEN"));
    assert_false(allows(&r, 1, "BEN"));
}

static void sexes_that_contradict_are_unknown(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    struct record r = parsed(&arena, &json);
    assert_int_equal(record_sex(&r), SEX_MALE);
    struct json *other = at_path(&json, "statements/5");
    json_set_text(&arena, other, "attribute", TEXT("sex"));
    json_set(&arena, other, "value", text_json(&arena, "{\"code\":\"F\"}"));
    r = parsed(&arena, &json);
    assert_int_equal(record_sex(&r), SEX_UNKNOWN);
}

static void identifiers_of_a_person_are_all_given(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    struct record r = parsed(&arena, &json);
    struct identifier_view id;
    struct code nation;
    size_t at = 0;
    assert_true(record_next_identifier(&r, &at, &id));
    assert_true(text_is(id.type.code, "phone"));
    assert_true(text_is(id.value, "+234 800 555 0142"));
    assert_true(record_next_identifier(&r, &at, &id));
    assert_true(text_is(id.type.code, "document"));
    assert_false(record_next_identifier(&r, &at, &id));
    at = 0;
    assert_true(record_next_nationality(&r, &at, &nation));
    assert_true(text_is(nation.code, "NGA"));
    assert_false(code_is_raw(nation));
    assert_false(record_next_nationality(&r, &at, &nation));
}

static void ids_are_written_one_way(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct record_id id;
    static const char *const good[] = { "NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV",
                                        "x-un-7ZZZZZZZZZZZZZZZZZZZZZZZZZ" };
    static const char *const bad[] = {
        "",
        "NGA",
        "NGA-",
        "-01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "NGA-01ARZ3NDEKTSV4RRFFQ69G5FA",
        "NGA_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "NGA-01arz3ndektsv4rrffq69g5fav",
        "NGA-81ARZ3NDEKTSV4RRFFQ69G5FAV",
        "nga-01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "NGA--01ARZ3NDEKTSV4RRFFQ69G5FAV",
    };
    for (size_t i = 0; i < 2; i++) {
        assert_false(failed(record_id_parse(text_literal(good[i]), &id)));
        struct text again = record_id_format(&id, &arena);
        assert_true(text_is(again, good[i]));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_true(failed(record_id_parse(text_literal(bad[i]), &id)));
}

static void a_small_arena_refuses_and_does_not_crash(void **state)
{
    (void)state;
    struct arena arena = fresh();
    struct json json = example(&arena, "person");
    static uint8_t small[1 << 16];
    size_t refusals = 0;
    for (size_t size = 0; size < sizeof(small); size += 97) {
        struct arena little = arena_over(small, size);
        struct findings findings;
        struct record r = { .kind_text = TEXT("untouched") };
        findings_init(&findings, &little);
        struct err e = record_parse(&json, &little, &findings, &r);
        if (!failed(e))
            break;
        assert_int_equal(e.code, ERR_LIMIT);
        assert_true(text_is(r.kind_text, "untouched"));
        refusals++;
    }
    assert_in_range(refusals, 10, sizeof(small) / 97);
}

/* xorshift64*: a fixed seed, so a failure repeats. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717ULL;
}

/* Bytes of the three examples with up to eight changed, cut or doubled: parsed or refused, and what
 * parses is written and parses again to the same record. */
static void mutated_records_never_crash(void **state)
{
    (void)state;
    static const char *const names[] = { "person", "document", "vehicle" };
    static uint8_t text[32 << 10];
    uint64_t seed = 20261122;
    size_t accepted = 0;
    for (int round = 0; round < 6000; round++) {
        struct arena arena = fresh();
        struct json json = example(&arena, names[round % 3]);
        struct bytes bytes;
        assert_false(failed(json_format(&json, &arena, &bytes)));
        assert_true(bytes.len < sizeof(text));
        memcpy(text, bytes.data, bytes.len);
        for (uint64_t n = next_random(&seed) % 8 + 1; n > 0; n--)
            text[next_random(&seed) % bytes.len] = bytes.data[next_random(&seed) % bytes.len];
        struct findings findings;
        struct record r;
        struct json changed;
        findings_init(&findings, &arena);
        if (failed(json_parse(bytes_of(text, bytes.len), &arena, &changed)) ||
            failed(record_parse(&changed, &arena, &findings, &r)))
            continue;
        struct bytes once;
        struct json again;
        assert_false(failed(json_format(r.json, &arena, &once)));
        assert_false(failed(json_parse(once, &arena, &again)));
        assert_true(json_equal(&changed, &again));
        assert_false(failed(record_parse(&again, &arena, &findings, &r)));
        accepted++;
    }
    assert_true(accepted > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_a_person_is_read_whole),
        cmocka_unit_test(documents_and_vehicles_are_read),
        cmocka_unit_test(a_misused_identity_says_nothing_about_the_person),
        cmocka_unit_test(what_is_missing_or_wrong_is_named_with_its_place),
        cmocka_unit_test(attributes_belong_to_kinds),
        cmocka_unit_test(codes_of_a_newer_vocabulary_are_kept_and_deny),
        cmocka_unit_test(unknown_members_are_kept_and_misspelt_ones_named),
        cmocka_unit_test(a_wrong_check_digit_is_a_warning_with_a_correction),
        cmocka_unit_test(pointers_escape_slash_and_tilde),
        cmocka_unit_test(doubt_about_eighteen_counts_as_minor),
        cmocka_unit_test(an_alert_counts_only_in_its_time),
        cmocka_unit_test(every_restriction_narrows_the_audience),
        cmocka_unit_test(sexes_that_contradict_are_unknown),
        cmocka_unit_test(identifiers_of_a_person_are_all_given),
        cmocka_unit_test(ids_are_written_one_way),
        cmocka_unit_test(a_small_arena_refuses_and_does_not_crash),
        cmocka_unit_test(mutated_records_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
