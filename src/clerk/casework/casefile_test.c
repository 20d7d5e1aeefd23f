/* The life of a case: who works on it, what stands for it, how it ends and is forgotten. */
#include "test_watch.h"

#include "clerk/casework/casefile.h"
#include "flow/casefile.h"
#include "flow/duties.h"

#define OPEN "\"title\":\"MARK of the lorry\",\"purpose\":\"criminal-investigation\""

static struct text opened(const char *more)
{
    struct json body = office_do(&ben, "officer", VERB_CASE_OPEN, "{%s%s}", OPEN, more);
    return arena_copy_text(&arena, json_get_text(&body, "case"));
}

static bool case_row(struct text number, struct json *out)
{
    struct row_key key = casefile_key(number);
    return !failed(view_get(store_view(ben.store), TABLE_CASE, &key, &arena, out));
}

static bool is_in_state(struct text number, const char *name)
{
    struct json row;
    assert_true(case_row(number, &row));
    return text_is(json_get_text(&row, "state"), name);
}

/* `more`: further members, each with a comma before it. */
static struct command order(const char *user, enum verb verb, struct text number, const char *more,
                            struct json *body)
{
    char text[TEST_TEXT_MAX];
    (void)snprintf(text, sizeof(text), "{\"case\":\"%.*s\"%s}", (int)number.len, number.data, more);
    *body = test_json(text);
    return test_command(&ben, user, verb, body);
}

static struct reply on(const char *user, enum verb verb, struct text number, const char *more)
{
    struct json body;
    return office_command(&ben, order(user, verb, number, more, &body));
}

#define good(...) ((void)reply_good(on(__VA_ARGS__), __LINE__))

static void numbers_count_the_cases_of_a_year(void **state)
{
    (void)state;
    struct text first = opened("");
    struct text second = opened("");
    assert_int_equal(first.len, sizeof("BEN-2026-00001") - 1);
    assert_true(text_starts(first, TEXT("BEN-20")));
    assert_int_equal(first.data[first.len - 1], '1');
    assert_int_equal(second.data[second.len - 1], '2');
    now = instant_plus(now, 400 * INSTANT_DAY);
    struct text later = opened("");
    assert_false(text_equal(text_slice(first, 0, 8), text_slice(later, 0, 8)));
    assert_int_equal(later.data[later.len - 1], '1');
}

static void what_is_wrong_with_an_opening_is_named(void **state)
{
    (void)state;
    uint64_t before = office_journal(&ben);
    const struct {
        const char *body, *rule;
    } bad[] = {
        { "{\"purpose\":\"criminal-investigation\"}", "clerk.field-missing" },
        { "{\"title\":\"x\",\"purpose\":\"border-check\"}", "case.purpose" },
        { "{\"title\":\"x\",\"purpose\":\"law-enforcement\"}", "case.purpose" },
        { "{\"title\":\"x\",\"purpose\":\"missing-persons\"}", "clerk.not-your-competence" },
        { "{" OPEN ",\"areas\":[\"chess\"]}", "case.unknown-area" },
        { "{" OPEN ",\"areas\":\"drugs\"}", "case.bad-list" },
        { "{" OPEN ",\"units\":[\"nowhere\"]}", "clerk.no-such-unit" },
        { "{" OPEN ",\"classification\":\"cosmic\"}", "case.unknown-level" },
        { "{" OPEN ",\"classification\":\"top-secret\"}", "case.above-clearance" },
        { "{" OPEN ",\"days\":0}", "case.bad-days" },
        { "{" OPEN ",\"days\":4000}", "case.bad-days" },
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        reply_refused(office_try(&ben, "officer", VERB_CASE_OPEN, "%s", bad[i].body), bad[i].rule);
    assert_int_equal(office_journal(&ben), before);
}

static void for_others_it_is_not_there(void **state)
{
    (void)state;
    struct json body;
    struct text number = opened(",\"classification\":\"confidential\"");
    struct command other =
        order("officer", VERB_CASE_NOTE, number, ",\"kind\":\"fact\",\"text\":\"x\"", &body);
    other.by.who.unit = TEXT("elsewhere");
    reply_refused(office_command(&ben, other), "case.none");
    other.by.who.unit = TEXT("registry");
    other.by.clearance = CLASSIFICATION_RESTRICTED;
    reply_refused(office_command(&ben, other), "case.none");
    other.by.clearance = CLASSIFICATION_CONFIDENTIAL;
    (void)reply_good(office_command(&ben, other), __LINE__);
    reply_refused(
        on("officer", VERB_CASE_NOTE, TEXT("BEN-1999-00001"), ",\"kind\":\"fact\",\"text\":\"x\""),
        "case.none");
}

static void only_its_lead_or_a_supervisor_decides(void **state)
{
    (void)state;
    struct json body;
    struct text number = opened("");
    const char *close = ",\"outcome\":\"arrested\",\"reason\":\"done\"";
    struct command colleague = order("deputy", VERB_CASE_CLOSE, number, close, &body);
    colleague.by.roles = ROLE_BIT(ROLE_OFFICER);
    reply_refused(office_command(&ben, colleague), "case.not-your-decision");
    reply_refused(on("officer", VERB_CASE_CLOSE, number, ",\"outcome\":\"won\",\"reason\":\"x\""),
                  "clerk.unknown-outcome");
    reply_refused(on("officer", VERB_CASE_CLOSE, number, ",\"outcome\":\"arrested\""),
                  "clerk.field-missing");
    colleague.by.roles = ROLE_BIT(ROLE_SUPERVISOR);
    (void)reply_good(office_command(&ben, colleague), __LINE__);
    reply_refused(on("officer", VERB_CASE_NOTE, number, ",\"kind\":\"fact\",\"text\":\"x\""),
                  "case.not-now");
    good("officer", VERB_CASE_REOPEN, number, ",\"reason\":\"a new witness\"");
    assert_true(is_in_state(number, "open"));
}

static void records_are_linked_once_and_taken_out_with_a_reason(void **state)
{
    (void)state;
    struct json row;
    char link[160], out[200];
    struct text number = opened("");
    put(1, "Abdoulaye Toure", "1980-03-04");
    (void)snprintf(link, sizeof(link), ",\"record\":\"%s\"", id_of(1));
    (void)snprintf(out, sizeof(out), "%s,\"remove\":true,\"text\":\"another lorry\"", link);
    size_t seen = office_rows(&ben, TABLE_ACCESS_RECORD);
    reply_refused(on("officer", VERB_CASE_LINK, number, out), "case.not-linked");
    good("officer", VERB_CASE_LINK, number, link);
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_RECORD), seen + 1);
    reply_refused(on("officer", VERB_CASE_LINK, number, link), "case.linked");
    (void)snprintf(link, sizeof(link), ",\"record\":\"%s\"", id_of(2));
    reply_refused(on("officer", VERB_CASE_LINK, number, link), "clerk.no-such-record");
    good("officer", VERB_CASE_LINK, number, out);
    assert_true(case_row(number, &row));
    assert_int_equal(json_count(json_get(&row, "links")), 0);
}

/* Issue 4, point 8: what comes in is screened against open cases. */
static void a_search_on_the_case_stands_while_it_is_open(void **state)
{
    (void)state;
    struct json row;
    struct text number = opened("");
    case_number = number;
    struct text id = watch(TOURE, "{\"days\":10}");
    put(1, "Abdoulaye Toure", "1980-03-04");
    (void)screen_all();
    assert_int_equal(of_watch(id, "matches"), 1);
    reply_refused(
        on("officer", VERB_CASE_CLOSE, number, ",\"outcome\":\"arrested\",\"reason\":\"x\""),
        "case.unjudged");
    (void)reply_good(judge(id, 1, "same"), __LINE__);
    good("officer", VERB_CASE_REVIEW, number, ",\"days\":60,\"reason\":\"goes on\"");
    now = instant_plus(now, 50 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(watch_row(id, &row)); /* its ten days are over, the review let it stand on */
    good("officer", VERB_CASE_CLOSE, number, ",\"outcome\":\"arrested\",\"reason\":\"done\"");
    assert_false(watch_row(id, &row));
    assert_true(case_row(number, &row));
    assert_int_equal(json_count(json_get(&row, "watches")), 0);
    reply_refused(ask_as(CLASSIFICATION_SECRET, CASE, TOURE, "{}"), "case.not-now");
    case_number = TEXT("77");
    assert_true(watch(TOURE, "{}").len > 0); /* a number of another system */
}

static void a_review_that_nobody_makes_is_told_again_and_again(void **state)
{
    (void)state;
    struct json row;
    int64_t level = 0;
    struct text number = opened(",\"days\":30");
    now = instant_plus(now, 31 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(is_in_state(number, "overdue"));
    office_tick(&ben);
    uint64_t before = office_journal(&ben);
    office_tick(&ben);
    assert_true(case_row(number, &row));
    assert_true(json_get_integer(&row, "level", &level) && level == 1); /* once a deadline */
    now = instant_plus(now, 8 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(office_journal(&ben) > before);
    assert_true(case_row(number, &row));
    assert_true(json_get_integer(&row, "level", &level) && level == 2);
    good("officer", VERB_CASE_NOTE, number, ",\"kind\":\"fact\",\"text\":\"still work\"");
    assert_true(is_in_state(number, "overdue"));
    good("officer", VERB_CASE_REVIEW, number, ",\"reason\":\"goes on\"");
    assert_true(is_in_state(number, "open"));
}

static void past_its_period_nothing_of_it_stays(void **state)
{
    (void)state;
    struct json row;
    struct text number = opened("");
    good("officer", VERB_CASE_NOTE, number,
         ",\"kind\":\"assessment\",\"grading\":\"B2\",\"text\":\"MARK was there\"");
    good("officer", VERB_CASE_CLOSE, number, ",\"outcome\":\"located\",\"reason\":\"MARK\"");
    assert_true(office_mentions(&ben, "MARK") > 0);
    now = (struct instant){ now.ms + duty_ms("case-closed") - INSTANT_DAY };
    office_tick(&ben);
    assert_true(case_row(number, &row));
    now = instant_plus(now, 2 * INSTANT_DAY);
    office_tick(&ben);
    assert_false(case_row(number, &row));
    assert_int_equal(office_rows(&ben, TABLE_CASE_ENTRY), 0);
    assert_int_equal(office_mentions(&ben, "MARK"), 0); /* I6 */
    office_tick(&ben);
    assert_int_equal(office_rows(&ben, TABLE_CASE), 0);
}

static void it_is_handed_over_to_somebody_who_may_have_it(void **state)
{
    (void)state;
    struct json row;
    struct text number = opened(",\"classification\":\"confidential\"");
    (void)office_do(&ben, "admin", VERB_UNIT_PUT, "%s",
                    "{\"unit\":{\"id\":\"border\",\"name\":\"Border\",\"branch\":\"police\","
                    "\"ceiling\":\"secret\",\"purposes\":[\"law-enforcement\"]}}");
    (void)office_do(&ben, "admin", VERB_USER_PUT, "%s",
                    "{\"user\":{\"id\":\"b.border\",\"name\":\"B\",\"unit\":\"border\","
                    "\"roles\":[\"officer\"],\"languages\":[],\"clearance\":\"secret\"}}");
    (void)office_do(&ben, "admin", VERB_USER_PUT, "%s",
                    "{\"user\":{\"id\":\"low\",\"name\":\"L\",\"unit\":\"border\","
                    "\"roles\":[\"officer\"],\"languages\":[],\"clearance\":\"restricted\"}}");
    reply_refused(
        on("officer", VERB_CASE_ASSIGN, number, ",\"lead\":\"b.border\",\"reason\":\"x\""),
        "case.no-such-lead");
    reply_refused(on("officer", VERB_CASE_ASSIGN, number, ",\"unit\":\"border\",\"reason\":\"x\""),
                  "case.who-leads");
    reply_refused(on("officer", VERB_CASE_ASSIGN, number,
                     ",\"unit\":\"border\",\"lead\":\"low\",\"reason\":\"x\""),
                  "case.lead-not-cleared");
    good("officer", VERB_CASE_ASSIGN, number, ",\"units\":[\"border\"],\"reason\":\"with them\"");
    good("officer", VERB_CASE_ASSIGN, number,
         ",\"unit\":\"border\",\"lead\":\"b.border\",\"units\":[\"registry\"],\"reason\":"
         "\"theirs\"");
    assert_true(case_row(number, &row));
    assert_true(text_is(json_get_text(&row, "lead"), "b.border"));
    good("officer", VERB_CASE_NOTE, number, ",\"kind\":\"fact\",\"text\":\"we still add\"");
    reply_refused(
        on("officer", VERB_CASE_CLOSE, number, ",\"outcome\":\"located\",\"reason\":\"x\""),
        "case.not-your-decision");
    struct json body;
    struct command desk = order("legal", VERB_CASE_ASSIGN, number,
                                ",\"lead\":\"b.border\",\"reason\":\"nobody else\"", &body);
    desk.by.roles = ROLE_BIT(ROLE_LEGAL);
    desk.by.who.unit = TEXT("law");
    (void)reply_good(office_command(&ben, desk), __LINE__);
    desk.verb = VERB_CASE_CLOSE;
    assert_true(failed(office_command(&ben, desk).err));
}

/* The rows are what the facts say (C1). */
static void a_rebuild_gives_the_same_cases(void **state)
{
    (void)state;
    struct json before, after;
    struct text number = opened("");
    case_number = number;
    (void)watch(TOURE, "{\"days\":200}");
    struct text gone = watch(TOURE, "{\"days\":5}");
    put(1, "Abdoulaye Toure", "1980-03-04");
    good("officer", VERB_CASE_NOTE, number, ",\"kind\":\"fact\",\"text\":\"x\"");
    now = instant_plus(now, 6 * INSTANT_DAY);
    office_tick(&ben);
    assert_false(watch_row(gone, &after));
    assert_true(case_row(number, &before));
    size_t entries = office_rows(&ben, TABLE_CASE_ENTRY);
    must(clerk_rebuild(ben.clerk, &arena));
    assert_true(case_row(number, &after));
    assert_true(json_equal(&before, &after));
    assert_int_equal(office_rows(&ben, TABLE_CASE_ENTRY), entries);
    struct text second = opened("");
    assert_int_equal(second.data[second.len - 1], '2');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(numbers_count_the_cases_of_a_year),
        TEST_OF(what_is_wrong_with_an_opening_is_named),
        TEST_OF(for_others_it_is_not_there),
        TEST_OF(only_its_lead_or_a_supervisor_decides),
        TEST_OF(records_are_linked_once_and_taken_out_with_a_reason),
        TEST_OF(a_search_on_the_case_stands_while_it_is_open),
        TEST_OF(a_review_that_nobody_makes_is_told_again_and_again),
        TEST_OF(past_its_period_nothing_of_it_stays),
        TEST_OF(it_is_handed_over_to_somebody_who_may_have_it),
        TEST_OF(a_rebuild_gives_the_same_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
