#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "catalogue/entry.h"
#include "model/effect.h"
#include "test_record.h"

static uint8_t memory[1 << 20];

/* A record is made of parts; a test takes one out or changes it. */
struct draft {
    const char *kind;
    const char *statements; /* each begins with a comma but the first */
    const char *alert;      /* members, without category and what every alert has */
    const char *category, *action;
    const char *until, *review;
    const char *files;
};

#define SOURCE "\"source\":{\"unit\":\"registry\",\"reference\":\"f\"},\"basis\":\"fact\""
#define NAME                                                                                   \
    "{\"id\":\"n\",\"attribute\":\"name\",\"value\":{\"parts\":[{\"type\":\"surname\","        \
    "\"text\":\"MAIGA\"},{\"type\":\"given\",\"text\":\"A\"}]}," SOURCE "}"
#define SEX "{\"id\":\"x\",\"attribute\":\"sex\",\"value\":{\"code\":\"F\"}," SOURCE "}"
#define PHONE                                                                                  \
    "{\"id\":\"t\",\"attribute\":\"phone\",\"value\":{\"number\":\"+22790\"}," SOURCE "}"
#define PRINT                                                                                  \
    "{\"id\":\"p\",\"attribute\":\"fingerprint\",\"value\":{\"modality\":\"fingerprint\"},"    \
    SOURCE "}"
#define DNA                                                                                    \
    "{\"id\":\"d\",\"attribute\":\"dna\",\"value\":{\"modality\":\"dna\"}," SOURCE "}"
#define NATION                                                                                 \
    "{\"id\":\"c\",\"attribute\":\"nationality\",\"value\":{\"country\":\"NER\"}," SOURCE "}"
#define SERIAL "{\"id\":\"s\",\"attribute\":\"serial\",\"value\":{\"number\":\"1\"}," SOURCE "}"
#define PASSPORT                                                                               \
    "{\"id\":\"q\",\"attribute\":\"document\",\"value\":{\"type\":\"passport\",\"country\":"   \
    "\"NER\",\"number\":\"10XX\",\"status\":\"%s\"}," SOURCE "}"
#define WARRANT                                                                                \
    ",\"decision\":{\"kind\":\"arrest-warrant\",\"authority\":\"Court\",\"number\":\"1\"}"
#define COPY                                                                                   \
    "{\"id\":\"w\",\"sha256\":"                                                                \
    "\"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9\","                    \
    "\"type\":\"application/pdf\",\"size\":10,\"role\":\"decision\"}"

/* Every rule that the edition finds broken, "place rule" joined by "; ". */
static struct text judge(const char *edition, const struct draft *d)
{
    static char page[8192];
    static char out[1024];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct findings findings;
    struct record record;
    size_t len = 0;
    snprintf(page, sizeof(page),
             "{\"schema\":1,\"id\":\"NER-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"owner\":\"NER\","
             "\"kind\":\"%s\",\"unit\":\"registry\",\"statements\":[%s],\"attachments\":[%s],"
             "\"alerts\":[{\"id\":\"a1\",\"category\":\"%s\",\"action\":\"%s\",\"reason\":\"r\","
             "\"subject\":[\"suspect\"],\"valid\":{\"from\":\"2026-01-01\"%s},%s"
             "\"recipients\":{\"never\":[]}%s}]}",
             d->kind == NULL ? "person" : d->kind, d->statements, d->files == NULL ? "" : d->files,
             d->category, d->action, d->until == NULL ? "" : d->until,
             d->review == NULL ? "\"review\":\"2026-06-01\"," : d->review,
             d->alert == NULL ? "" : d->alert);
    struct json json = text_json(&arena, page);
    catalogue_fill(edition_find(text_literal(edition)), &arena, &json);
    record = parsed(&arena, &json);
    findings_init(&findings, &arena);
    catalogue_check(edition_find(text_literal(edition)), &record, (struct instant){ 0 },
                    &findings);
    out[0] = '\0';
    for (size_t i = 0; i < findings.count; i++)
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%.*s %s", i > 0 ? "; " : "",
                                (int)findings.list[i].pointer.len, findings.list[i].pointer.data,
                                findings.list[i].rule);
    return text_literal(out);
}

static void judged(const char *edition, const struct draft *d, const char *wanted)
{
    struct text found = judge(edition, d);
    if (!text_is(found, wanted))
        fail_msg("%s: \"%s\" instead of \"%s\"", d->category, found.data, wanted);
}

static const struct draft arrest = { .category = "wanted.arrest", .action = "arrest",
                                     .statements = NAME "," SEX, .alert = WARRANT, .files = COPY };

static void a_whole_arrest_alert_passes(void **state)
{
    (void)state;
    judged("sis", &arrest, "");
}

static void a_missing_field_is_named_with_its_rule(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.statements = SEX;
    judged("sis", &d, "/statements/name/surname catalogue.needs-surname");
    d = arrest;
    d.statements = NAME;
    judged("sis", &d, "/statements/sex catalogue.needs-sex");
    d = arrest;
    d.files = NULL;
    judged("sis", &d, "/attachments/decision catalogue.needs-decision-copy");
    d = arrest;
    d.alert = ",\"decision\":{\"kind\":\"arrest-warrant\",\"authority\":\"Court\"}";
    judged("sis", &d, "/alerts/0/decision/number catalogue.needs-decision-number");
    d.alert = NULL;
    judged("sis", &d,
           "/alerts/0/decision catalogue.needs-decision; "
           "/alerts/0/decision/number catalogue.needs-decision-number");
}

static void an_arrest_rests_on_a_warrant_alone(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.alert = ",\"decision\":{\"kind\":\"report\",\"authority\":\"Post\",\"number\":\"1\"}";
    judged("sis", &d, "/alerts/0/decision/kind catalogue.decision-not-allowed");
}

static void the_action_is_one_of_the_category(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.action = "locate";
    judged("sis", &d, "/alerts/0/action catalogue.action-not-allowed");
    d.alert = WARRANT ",\"check\":\"discreet\"";
    d.action = "arrest";
    judged("sis", &d, "/alerts/0/check catalogue.check-not-asked");
}

static void a_check_names_its_type(void **state)
{
    (void)state;
    struct draft d = { .category = "check", .action = "check", .statements = NAME "," SEX };
    judged("sis", &d, "/alerts/0/check catalogue.needs-check");
    d.alert = ",\"check\":\"inquiry.immediate\"";
    judged("sis", &d, "");
}

static void an_unknown_wanted_person_is_prints_only(void **state)
{
    (void)state;
    struct draft d = { .category = "wanted.unknown", .action = "identify", .statements = PRINT };
    judged("sis", &d, "");
    d.statements = PRINT "," NAME;
    judged("sis", &d, "/statements/1 catalogue.field-not-allowed");
    d.statements = NAME;
    judged("sis", &d,
           "/statements/fingerprint catalogue.needs-prints; "
           "/statements/0 catalogue.field-not-allowed");
}

static void a_person_has_the_closed_list_of_article_20(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.statements = NAME "," SEX "," PHONE;
    judged("sis", &d, "/statements/2 catalogue.field-not-allowed");
    judged("general", &d, "");
}

static void dna_is_the_last_resort_for_a_missing_person(void **state)
{
    (void)state;
    struct draft d = { .category = "missing.protect", .action = "protect",
                       .statements = NAME "," SEX "," DNA };
    judged("sis", &d, "");
    d.statements = NAME "," SEX "," DNA "," PRINT;
    judged("sis", &d, "/statements/2 catalogue.last-resort");
    d.category = "missing.locate";
    d.action = "report-whereabouts";
    d.statements = NAME "," SEX "," DNA;
    judged("sis", &d, "/statements/2 catalogue.field-not-allowed");
}

static void a_review_lies_within_the_maximum_and_is_filled_in(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.review = "\"review\":\"2031-01-01\",";
    judged("sis", &d, "");
    d.review = "\"review\":\"2031-01-02\",";
    judged("sis", &d, "/alerts/0/review catalogue.review-too-late");
    d.review = "";
    judged("sis", &d, "");
}

static void a_long_ban_is_reviewed_after_five_years(void **state)
{
    (void)state;
    struct draft d = { .category = "entry.refusal", .action = "refuse-entry",
                       .statements = NAME "," SEX, .alert = WARRANT,
                       .review = "\"review\":\"2031-01-01\"," };
    judged("sis", &d, "/alerts/0/review catalogue.review-too-late");
    d.until = ",\"until\":\"2029-01-01\"";
    judged("sis", &d, "/alerts/0/review catalogue.review-too-late");
    d.until = ",\"until\":\"2029-01-02\"";
    judged("sis", &d, "");
}

#define OFFENCE(members) ",\"offences\":[{" members "}]"
#define RED                                                                                    \
    ",\"decision\":{\"kind\":\"judgment\",\"authority\":\"Court\",\"number\":\"1\","           \
    "\"date\":\"2026-01-01\"}"

static void a_red_notice_has_its_threshold(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.alert = RED OFFENCE("\"penalty_max_months\":24");
    judged("interpol", &d, "");
    d.alert = RED OFFENCE("\"penalty_max_months\":23");
    judged("interpol", &d, "/alerts/0/offences catalogue.penalty-below");
    d.alert = RED OFFENCE("\"penalty_max_months\":23,\"sentence_months\":6");
    judged("interpol", &d, "");
    d.alert = RED OFFENCE("\"sentence_months\":5");
    judged("interpol", &d, "/alerts/0/offences catalogue.penalty-below");
    d.alert = RED OFFENCE("\"text\":\"theft\"");
    judged("interpol", &d, "/alerts/0/offences catalogue.needs-penalty");
}

static void a_document_is_one_of_the_five_statuses(void **state)
{
    static char statement[512];
    (void)state;
    struct draft d = { .kind = "document", .category = "object.invalid", .action = "seize",
                       .statements = statement };
    snprintf(statement, sizeof(statement), PASSPORT, "invalidated");
    judged("sis", &d, "");
    snprintf(statement, sizeof(statement), PASSPORT, "valid");
    judged("sis", &d, "/statements/0 catalogue.value-not-allowed");
}

/* One alert a category of SIS with all it needs, and one thing less. */
static void every_category_of_sis_asks_for_what_the_reference_says(void **state)
{
    static const struct {
        const char *category, *action, *kind, *whole, *less, *alert;
    } rows[] = {
        { "entry.return", "confirm-departure", "person", NAME "," SEX, SEX, WARRANT },
        { "entry.refusal", "refuse-entry", "person", NAME "," SEX, SEX, WARRANT },
        { "missing.protect", "protect", "person", NAME "," SEX, SEX, "" },
        { "missing.child", "protect", "person", NAME "," SEX, NAME, ",\"case_type\":\"runaway\"" },
        { "missing.locate", "report-whereabouts", "person", NAME "," SEX, NAME, "" },
        { "at-risk.abduction", "prevent-travel", "person", NAME "," SEX, NAME, WARRANT },
        { "at-risk.child", "prevent-travel", "person", NAME "," SEX, NAME, WARRANT },
        { "at-risk.adult", "protect", "person", NAME "," SEX, NAME, WARRANT },
        { "wanted.judicial", "communicate-residence", "person", NAME "," SEX, SEX, "" },
        { "check", "check", "person", NAME "," SEX, SEX, ",\"check\":\"discreet\"" },
        { "check.security", "check", "person", NAME "," SEX, SEX, ",\"check\":\"specific\"" },
        { "check", "check", "object", SERIAL, "", ",\"check\":\"discreet\"" },
        { "information", "inform", "person", NAME "," SEX "," NATION, NAME "," SEX, "" },
        { "object.seize", "seize", "object", SERIAL, "", "" },
        { "object.evidence", "preserve-evidence", "object", SERIAL, "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct draft d = { .category = rows[i].category, .action = rows[i].action,
                           .kind = rows[i].kind, .statements = rows[i].whole,
                           .alert = rows[i].alert };
        judged("sis", &d, "");
        d.statements = rows[i].less;
        if (judge("sis", &d).len == 0)
            fail_msg("%s lacks something and passes", rows[i].category);
    }
}

static void a_flag_is_where_the_category_permits_it(void **state)
{
    const struct edition *sis = edition_find(TEXT("sis"));
    int report = code_find(CODE_ACTION, TEXT("report-whereabouts"));
    int arrested = code_find(CODE_CATEGORY, TEXT("wanted.arrest"));
    int missing = code_find(CODE_CATEGORY, TEXT("missing.locate"));
    int refusal = code_find(CODE_CATEGORY, TEXT("entry.refusal"));
    (void)state;
    assert_null(catalogue_flag(sis, arrested, RECORD_PERSON, EFFECT_REDUCED, report));
    assert_string_equal(catalogue_flag(sis, arrested, RECORD_PERSON, EFFECT_NOT_SHOWN, CODE_RAW),
                        "catalogue.flag-otherwise");
    assert_null(catalogue_flag(sis, missing, RECORD_PERSON, EFFECT_NOT_SHOWN, CODE_RAW));
    assert_string_equal(catalogue_flag(sis, refusal, RECORD_PERSON, EFFECT_NOT_SHOWN, CODE_RAW),
                        "catalogue.flag-not-allowed");
    assert_null(catalogue_flag(sis, refusal, RECORD_PERSON, EFFECT_AS_ASKED, CODE_RAW));
    assert_null(catalogue_flag(edition_find(TEXT("general")), refusal, RECORD_PERSON,
                               EFFECT_NOT_SHOWN, CODE_RAW));
}

/* Judged at the beginning of 1970: an end within 48 hours of it. */
static void an_alert_is_hidden_for_two_days_by_a_court(void **state)
{
    (void)state;
    struct draft d = arrest;
    d.alert = WARRANT ",\"hidden_until\":\"1970-01-03T00:00:00.000Z\",\"hidden_by\":\"order 3\"";
    judged("sis", &d, "");
    d.alert = WARRANT ",\"hidden_until\":\"1970-01-03T00:00:00.001Z\",\"hidden_by\":\"order 3\"";
    judged("sis", &d, "/alerts/0/hidden_until catalogue.hidden-too-long");
    d.alert = WARRANT ",\"hidden_until\":\"1970-01-02T00:00:00.000Z\"";
    judged("sis", &d, "/alerts/0/hidden_by catalogue.hidden-without-court");
    judged("general", &d, "");
}

static void the_general_edition_takes_what_says_whom_it_is_about(void **state)
{
    (void)state;
    struct draft d = { .category = "police-record", .action = "inform", .statements = NAME };
    judged("general", &d, "");
    d.statements = SEX;
    judged("general", &d, "/statements/name catalogue.needs-name-or-trace");
    judged("sis", &d, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_arrest_alert_passes),
        cmocka_unit_test(a_missing_field_is_named_with_its_rule),
        cmocka_unit_test(an_arrest_rests_on_a_warrant_alone),
        cmocka_unit_test(the_action_is_one_of_the_category),
        cmocka_unit_test(a_check_names_its_type),
        cmocka_unit_test(an_unknown_wanted_person_is_prints_only),
        cmocka_unit_test(a_person_has_the_closed_list_of_article_20),
        cmocka_unit_test(dna_is_the_last_resort_for_a_missing_person),
        cmocka_unit_test(a_review_lies_within_the_maximum_and_is_filled_in),
        cmocka_unit_test(a_long_ban_is_reviewed_after_five_years),
        cmocka_unit_test(a_red_notice_has_its_threshold),
        cmocka_unit_test(a_document_is_one_of_the_five_statuses),
        cmocka_unit_test(every_category_of_sis_asks_for_what_the_reference_says),
        cmocka_unit_test(a_flag_is_where_the_category_permits_it),
        cmocka_unit_test(an_alert_is_hidden_for_two_days_by_a_court),
        cmocka_unit_test(the_general_edition_takes_what_says_whom_it_is_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
