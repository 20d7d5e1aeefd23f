/* Alerts under an edition of the catalogue: what is refused, what waits, and how it goes in. */
#include "clerk/apply.h"
#include "clerk/record/standing.h"
#include "test_pact.h"

#define N1 "NER-01ARZ3NDEKTSV4RRFFQ69G5FA1"
#define N2 "NER-01ARZ3NDEKTSV4RRFFQ69G5FA2"
#define N3 "NER-01ARZ3NDEKTSV4RRFFQ69G5FA3"

struct sought {
    const char *id, *category, *action;
    const char *more;  /* of the alert */
    const char *valid; /* behind "from" */
    const char *given;
};

static void under(struct office *office, const char *edition)
{
    office->config.edition_opt = edition_find(text_literal(edition));
    assert_non_null(office->config.edition_opt);
    office_reopen(office);
}

/* Zinsou Marguerite, born on 4 March 1980, unless `given` says another forename. */
static struct reply put(struct office *office, struct sought who, const char *extra)
{
    return office_try(
        office, "officer", VERB_RECORD_PUT,
        "{\"record\":{\"schema\":1,\"id\":\"%s\",\"owner\":\"%.3s\",\"kind\":\"person\","
        "\"unit\":\"registry\",\"classification\":\"restricted\",\"statements\":["
        "{\"id\":\"s1\",\"attribute\":\"name\",\"value\":{\"parts\":[{\"type\":\"surname\","
        "\"text\":\"ZINSOU\"},{\"type\":\"given\",\"text\":\"%s\"}]},"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"f\"},\"basis\":\"fact\"},"
        "{\"id\":\"s2\",\"attribute\":\"birth-date\",\"value\":{\"from\":\"1980-03-04\","
        "\"to\":\"1980-03-04\",\"quality\":\"exact\"},"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"f\"},\"basis\":\"fact\"},"
        "{\"id\":\"s3\",\"attribute\":\"sex\",\"value\":{\"code\":\"F\"},"
        "\"source\":{\"unit\":\"registry\",\"reference\":\"f\"},\"basis\":\"fact\"}],"
        "\"alerts\":[{\"id\":\"a1\",\"category\":\"%s\",\"action\":\"%s\",\"reason\":\"r\","
        "\"subject\":[\"suspect\"],\"valid\":{\"from\":\"2026-01-01\"%s},%s"
        "\"recipients\":{\"never\":[\"x-nobody\"]}}]}%s}",
        who.id, who.id, who.given == NULL ? "Marguerite" : who.given, who.category, who.action,
        who.valid == NULL ? "" : who.valid,
        who.more == NULL ? "\"review\":\"2026-12-01\"," : who.more, extra);
}

#define CHECK "\"check\":\"discreet\",\"review\":\"2026-12-01\","
static const struct sought check = { .id = N1, .category = "check", .action = "check",
                                     .more = CHECK };
static const struct sought missing = { .id = N2, .category = "missing.locate",
                                       .action = "report-whereabouts" };
static const struct sought arrest = { .id = N3, .category = "wanted.arrest",
                                      .action = "arrest",
                                      .more = "\"review\":\"2026-12-01\",\"decision\":{\"kind\":"
                                              "\"arrest-warrant\",\"authority\":\"Court\","
                                              "\"number\":\"1\"},\"offences\":[{"
                                              "\"penalty_max_months\":60}]," };

static bool row_of(struct office *office, const char *id, struct json *out)
{
    struct record_key record;
    struct text copy = arena_copy_text(&arena, text_literal(id));
    must(record_key_view(office->clerk, store_view(office->store), copy, &arena, &record));
    struct row_key key = key_record(&record);
    return !failed(view_get(store_view(office->store), TABLE_RECORD, &key, &arena, out));
}

static void has(struct office *office, const char *id, size_t alerts, size_t waiting)
{
    struct json row;
    assert_true(row_of(office, id, &row));
    assert_int_equal(json_count(json_get(json_get(&row, "record"), "alerts")), alerts);
    assert_int_equal(json_count(json_get(&row, "waiting")), waiting);
}

static bool warned(const struct json *reply, const char *rule)
{
    const struct json *findings = json_get(reply, "findings");
    for (size_t i = 0; i < json_count(findings); i++) {
        if (text_is(json_get_text(json_item(findings, i), "rule"), rule))
            return true;
    }
    return false;
}

static void a_field_that_the_category_needs_is_named(void **state)
{
    struct sought who = check;
    (void)state;
    under(&ner, "sis");
    who.more = "\"review\":\"2026-12-01\",";
    struct reply reply = put(&ner, who, "");
    reply_refused(reply, "catalogue.needs-check");
    assert_true(text_is(reply.subject, "/alerts/0/check"));
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
    under(&ner, "general");
    (void)reply_good(put(&ner, who, ""), __LINE__);
}

static void an_absent_review_is_the_latest_permitted(void **state)
{
    struct sought who = check;
    struct json row;
    (void)state;
    under(&ner, "sis");
    who.more = "\"check\":\"discreet\",";
    (void)reply_good(put(&ner, who, ""), __LINE__);
    assert_true(row_of(&ner, N1, &row));
    const struct json *alert = json_item(json_get(json_get(&row, "record"), "alerts"), 0);
    assert_true(text_is(json_get_text(alert, "review"), "2027-01-01"));
    who.more = "\"check\":\"discreet\",\"review\":\"2027-01-02\",";
    reply_refused(put(&ner, who, ""), "catalogue.review-too-late");
}

static void an_incompatible_alert_waits_and_enters_when_the_other_ends(void **state)
{
    (void)state;
    under(&ner, "lake-chad");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    struct json reply = reply_good(put(&ner, missing, ""), __LINE__);
    assert_true(warned(&reply, "catalogue.waits-for-consultation"));
    has(&ner, N2, 0, 1);
    rebuilt_alike(&ner);
    office_tick(&ner);
    has(&ner, N2, 0, 1); /* nothing has moved */
    (void)office_do(&ner, "officer", VERB_RECORD_WITHDRAW, "{\"record\":\"%s\"}", N1);
    has(&ner, N2, 0, 1);
    office_tick(&ner);
    has(&ner, N2, 1, 0);
    assert_int_equal(office_rows(&ner, TABLE_WAIT), 0);
    rebuilt_alike(&ner);
}

static void it_enters_on_the_day_after_the_other_has_ended(void **state)
{
    struct sought brief = check;
    (void)state;
    under(&ner, "lake-chad");
    brief.valid = ",\"until\":\"2026-12-24\"";
    (void)reply_good(put(&ner, brief, ""), __LINE__);
    (void)reply_good(put(&ner, missing, ""), __LINE__);
    must(instant_parse(TEXT("2026-12-24T23:59:59.999Z"), &now));
    office_tick(&ner);
    has(&ner, N2, 0, 1);
    must(instant_parse(TEXT("2026-12-25T00:00:00.000Z"), &now));
    office_tick(&ner);
    has(&ner, N2, 1, 0);
}

static void a_lower_alert_waits_behind_a_standing_one(void **state)
{
    (void)state;
    under(&ner, "lake-chad");
    (void)reply_good(put(&ner, missing, ""), __LINE__);
    struct json reply = reply_good(put(&ner, check, ""), __LINE__);
    assert_true(warned(&reply, "catalogue.waits-behind"));
    assert_true(text_is(json_get_text(&reply, "result"), "created"));
    reply = reply_good(put(&ner, check, ""), __LINE__);
    assert_true(text_is(json_get_text(&reply, "result"), "unchanged"));
    has(&ner, N1, 0, 1);
}

static void an_arrest_enters_at_once(void **state)
{
    (void)state;
    under(&ner, "lake-chad");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    struct json reply = reply_good(put(&ner, arrest, ""), __LINE__);
    assert_true(warned(&reply, "catalogue.entered-at-once"));
    has(&ner, N3, 1, 0);
}

static void after_consultation_it_goes_in_and_the_journal_says_so(void **state)
{
    (void)state;
    under(&ner, "lake-chad");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    (void)reply_good(put(&ner, missing, ",\"consulted\":\"form E 12 of 2026\""), __LINE__);
    has(&ner, N2, 1, 0);
    assert_true(office_mentions(&ner, "form E 12 of 2026") > 0);
}

static void a_standing_alert_is_not_judged_again(void **state)
{
    struct sought again = missing;
    (void)state;
    (void)reply_good(put(&ner, missing, ""), __LINE__); /* under the general edition */
    (void)reply_good(put(&ner, check, ""), __LINE__);
    under(&ner, "lake-chad");
    again.more = "\"review\":\"2026-11-30\",";
    (void)reply_good(put(&ner, again, ""), __LINE__);
    has(&ner, N2, 1, 0);
}

static void another_person_stands_in_nobodys_way(void **state)
{
    struct sought other = missing;
    (void)state;
    under(&ner, "lake-chad");
    other.given = "Mireille";
    (void)reply_good(put(&ner, check, ""), __LINE__);
    (void)reply_good(put(&ner, other, ""), __LINE__);
    has(&ner, N2, 1, 0);
}

static void sis_has_one_alert_a_person_and_state(void **state)
{
    struct sought again = check;
    (void)state;
    under(&ner, "sis");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    again.id = N2;
    struct reply reply = put(&ner, again, "");
    reply_refused(reply, "catalogue.already-entered");
    assert_true(text_is(reply.subject, N1));
}

static void what_waits_is_erased_with_its_record(void **state)
{
    (void)state;
    under(&ner, "lake-chad");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    (void)reply_good(put(&ner, missing, ""), __LINE__);
    (void)office_do(&ner, "chief", VERB_RECORD_ERASE,
                    "{\"record\":\"%s\",\"reason\":\"error\"}", N2);
    assert_int_equal(office_rows(&ner, TABLE_WAIT), 0);
    assert_int_equal(office_rows(&ner, TABLE_IDENTITY), 1);
    assert_int_equal(office_mentions(&ner, "report-whereabouts"), 0); /* I6 */
    rebuilt_alike(&ner);
}

static void a_partners_alert_stands_in_the_way_until_it_is_withdrawn(void **state)
{
    struct sought foreign = arrest;
    (void)state;
    foreign.id = ID_A;
    (void)reply_good(put(&ben, foreign, ""), __LINE__);
    assert_true(office_send(&ben, &ner) > 0);
    under(&ner, "sis");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    has(&ner, N1, 0, 1);
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "{\"record\":\"%s\"}", ID_A);
    assert_true(office_send(&ben, &ner) > 0);
    office_tick(&ner);
    has(&ner, N1, 1, 0);
    rebuilt_alike(&ner);
}

static void what_waits_goes_to_nobody(void **state)
{
    struct sought child = { .id = ID_A, .category = "wanted.judicial",
                            .action = "communicate-residence" };
    struct sought blocker = check;
    struct json row;
    (void)state;
    blocker.id = ID_B;
    (void)reply_good(put(&ben, child, ""), __LINE__);
    (void)reply_good(put(&ben, blocker, ""), __LINE__);
    under(&ben, "sis");
    child.category = "missing.child"; /* the pact shares it */
    child.action = "protect";
    child.more = "\"review\":\"2026-12-01\",\"case_type\":\"runaway\",";
    (void)reply_good(put(&ben, child, ""), __LINE__);
    has(&ben, ID_A, 0, 1);
    (void)office_send(&ben, &ner);
    assert_false(row_of(&ner, ID_A, &row));
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "{\"record\":\"%s\"}", ID_B);
    office_tick(&ben);
    assert_true(office_send(&ben, &ner) > 0);
    has(&ner, ID_A, 1, 0);
}

static struct reply flag(struct office *office, const char *effect)
{
    return office_try(office, "officer", VERB_EFFECT_SET,
                      "{\"record\":\"%s\",\"alert\":\"a1\",\"ground\":\"own-law\",%s}", ID_A,
                      effect);
}

static void a_flag_has_the_effect_that_the_category_permits(void **state)
{
    struct sought foreign = arrest;
    (void)state;
    foreign.id = ID_A;
    (void)reply_good(put(&ben, foreign, ""), __LINE__);
    assert_true(office_send(&ben, &ner) > 0);
    under(&ner, "sis");
    reply_refused(flag(&ner, "\"effect\":\"not-shown\""), "catalogue.flag-otherwise");
    (void)reply_good(flag(&ner, "\"effect\":\"reduced\",\"reduced_to\":"
                                "\"report-whereabouts\""), __LINE__);
    under(&ner, "general");
    (void)reply_good(flag(&ner, "\"effect\":\"not-shown\""), __LINE__);
}

static size_t deadlines(struct office *office, const char *kind)
{
    struct store_range range = { .table = TABLE_DEADLINE, .limit = STORE_READ_MAX };
    struct store_rows rows;
    size_t count = 0;
    must(store_scan(store_view(office->store), &range, &arena, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        struct json row;
        must(json_parse(rows.rows[i].value, &arena, &row));
        count += text_is(json_get_text(&row, "kind"), kind);
    }
    return count;
}

static void a_review_is_due_and_goes_with_its_alert(void **state)
{
    struct sought later = check;
    (void)state;
    (void)reply_good(put(&ner, check, ""), __LINE__);
    assert_int_equal(deadlines(&ner, "review"), 1);
    later.more = "\"check\":\"discreet\",\"review\":\"2026-12-15\",";
    (void)reply_good(put(&ner, later, ""), __LINE__);
    assert_int_equal(deadlines(&ner, "review"), 1);
    rebuilt_alike(&ner);
    (void)office_do(&ner, "officer", VERB_RECORD_WITHDRAW, "{\"record\":\"%s\"}", N1);
    assert_int_equal(deadlines(&ner, "review"), 0);
}

static void two_alerts_of_one_record_are_compatible(void **state)
{
    struct sought both = missing;
    (void)state;
    under(&ner, "lake-chad");
    both.more = "\"review\":\"2026-12-01\",\"recipients\":{\"never\":[\"x-nobody\"]}},"
                "{\"id\":\"a2\",\"category\":\"check\",\"action\":\"check\","
                "\"check\":\"discreet\",\"reason\":\"r\",\"subject\":[\"suspect\"],"
                "\"valid\":{\"from\":\"2026-01-01\"},\"review\":\"2026-12-01\",";
    struct reply reply = put(&ner, both, "");
    reply_refused(reply, "catalogue.incompatible-within");
    assert_true(text_is(reply.subject, "/alerts/1"));
}

/* A command, or the tick that lets an alert in, may run out of memory: whole or not at all. */
static void an_arena_of_any_size_leaves_whole_rows(void **state)
{
    struct arena whole;
    size_t refused = 0;
    (void)state;
    under(&ner, "lake-chad");
    (void)reply_good(put(&ner, check, ""), __LINE__);
    whole = arena;
    for (size_t size = 24 << 10; size < 120 << 10; size += 509) {
        struct json row;
        arena = whole;
        arena.used = whole.size - size;
        struct reply reply = put(&ner, missing, "");
        bool good = !failed(reply.err);
        arena = whole;
        arena.used = whole.size / 2;
        if (good) {
            has(&ner, N2, 0, 1);
            assert_int_equal(office_rows(&ner, TABLE_WAIT), 1);
            (void)office_do(&ner, "chief", VERB_RECORD_ERASE,
                            "{\"record\":\"%s\",\"reason\":\"error\"}", N2);
            break;
        }
        assert_false(row_of(&ner, N2, &row));
        assert_int_equal(office_rows(&ner, TABLE_WAIT), 0);
        assert_int_equal(office_rows(&ner, TABLE_IDENTITY), 1);
        refused++;
    }
    assert_int_equal(office_rows(&ner, TABLE_IDENTITY), 1);
    assert_true(refused > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(a_field_that_the_category_needs_is_named),
        TEST_OF(an_absent_review_is_the_latest_permitted),
        TEST_OF(an_incompatible_alert_waits_and_enters_when_the_other_ends),
        TEST_OF(it_enters_on_the_day_after_the_other_has_ended),
        TEST_OF(a_lower_alert_waits_behind_a_standing_one),
        TEST_OF(an_arrest_enters_at_once),
        TEST_OF(after_consultation_it_goes_in_and_the_journal_says_so),
        TEST_OF(a_standing_alert_is_not_judged_again),
        TEST_OF(another_person_stands_in_nobodys_way),
        TEST_OF(sis_has_one_alert_a_person_and_state),
        TEST_OF(what_waits_is_erased_with_its_record),
        TEST_OF(a_partners_alert_stands_in_the_way_until_it_is_withdrawn),
        TEST_OF(what_waits_goes_to_nobody),
        TEST_OF(an_arena_of_any_size_leaves_whole_rows),
        TEST_OF(a_flag_has_the_effect_that_the_category_permits),
        TEST_OF(a_review_is_due_and_goes_with_its_alert),
        TEST_OF(two_alerts_of_one_record_are_compatible),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
