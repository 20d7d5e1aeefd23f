/* The life of a search that stands: who it is of, how it ends, and what stays of it. */
#include "test_watch.h"

#include "flow/watch.h"

static void another_unit_and_a_lower_clearance_find_no_watch(void **state)
{
    (void)state;
    struct text id = watch(TOURE, "{}");
    struct json body = test_json("{\"watch\":\"\",\"reason\":\"closed\"}");
    json_set_text(&arena, &body, "watch", id);
    struct command other = test_command(&ben, "deputy", VERB_WATCH_END, &body);
    other.by.who.unit = TEXT("elsewhere");
    reply_refused(office_command(&ben, other), "watch.none");
    other = test_command(&ben, "deputy", VERB_WATCH_END, &body);
    other.by.clearance = CLASSIFICATION_RESTRICTED;
    reply_refused(office_command(&ben, other), "watch.none");
    other = test_command(&ben, "deputy", VERB_WATCH_END, &body);
    (void)reply_good(office_command(&ben, other), __LINE__); /* a colleague's shift */
    reply_refused(act("officer", VERB_WATCH_END, id, ",\"reason\":\"twice\""), "watch.none");
}

static void it_ends_on_its_day_and_nothing_of_it_stays(void **state)
{
    (void)state;
    struct json row;
    struct text id = watch(TOURE, "{\"days\":10,\"note\":\"MARK\"}");
    assert_true(office_mentions(&ben, "MARK") > 0);
    now = instant_plus(now, 9 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(watch_row(id, &row));
    (void)reply_good(act("officer", VERB_WATCH_RENEW, id,
                         ",\"days\":20,\"reason\":\"MARK not found\""), __LINE__);
    now = instant_plus(now, 19 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(watch_row(id, &row));
    now = instant_plus(now, 2 * INSTANT_DAY);
    put(1, "Abdoulaye Toure", "1980-03-04");
    (void)screen_all();
    office_tick(&ben);
    assert_false(watch_row(id, &row));
    assert_int_equal(office_rows(&ben, TABLE_WATCH_DOC), 0);
    assert_int_equal(office_rows(&ben, TABLE_WATCHED), 0);
    assert_int_equal(office_mentions(&ben, "MARK"), 0); /* I6 */
}

static void what_nobody_has_judged_keeps_it_for_a_while(void **state)
{
    (void)state;
    struct json row;
    struct text id = watch(TOURE, "{\"note\":\"MARK\"}");
    struct text other = watch(TOURE, "{\"note\":\"MARK\"}");
    put(1, "Abdoulaye Toure", "1980-03-04");
    put(2, "Touré Abdulaye", "1980-03-04");
    (void)screen_all();
    (void)reply_good(act("officer", VERB_WATCH_END, id, ",\"reason\":\"closed\""), __LINE__);
    (void)reply_good(act("officer", VERB_WATCH_END, other, ",\"reason\":\"closed\""), __LINE__);
    reply_refused(act("officer", VERB_WATCH_RENEW, id, ",\"days\":5,\"reason\":\"x\""),
                  "watch.ended");
    put(3, "Abdoulaye Touré", "1980-03-04");
    (void)screen_all();
    assert_int_equal(of_watch(id, "matches"), 2); /* it looks no more */
    (void)reply_good(judge(id, 1, "same"), __LINE__);
    assert_true(watch_row(id, &row));
    (void)reply_good(judge(id, 2, "different"), __LINE__);
    assert_false(watch_row(id, &row)); /* that was all that kept it */
    now = instant_plus(now, 29 * INSTANT_DAY);
    office_tick(&ben);
    assert_true(watch_row(other, &row));
    now = instant_plus(now, 2 * INSTANT_DAY);
    office_tick(&ben);
    assert_false(watch_row(other, &row));
    assert_int_equal(office_rows(&ben, TABLE_WATCHED), 0);
    assert_int_equal(office_mentions(&ben, "MARK"), 0);
}

static void a_purpose_that_is_over_at_once_has_no_watch_and_no_entry(void **state)
{
    (void)state;
    uint64_t before = office_journal(&ben);
    reply_refused(ask_as(CLASSIFICATION_SECRET, "border-check", TOURE, "{\"kind\":\"recheck\"}"),
                  "watch.not-for-this-purpose");
    assert_int_equal(office_journal(&ben), before);
    reply_refused(act("officer", VERB_WATCH_RENEW, watch(TOURE, "{}"),
                      ",\"days\":4000,\"reason\":\"x\""), "watch.bad-days");
    reply_refused(judge(watch(TOURE, "{}"), 9, "same"), "watch.no-match");
}

static void a_watch_that_finds_too_much_says_so_and_stops_telling(void **state)
{
    (void)state;
    struct json row;
    struct text id = watch("{\"name\":\"Touré\"}", "{}");
    struct json report = json_object();
    struct json matches = json_array();
    for (unsigned i = 0; i < WATCH_MATCHES_MAX + 3; i++) {
        struct json one = json_object();
        json_set_text(&arena, &one, "watch", id);
        json_set_text(&arena, &one, "unit", TEXT("registry"));
        json_set_text(&arena, &one, "record",
                      arena_copy_text(&arena, text_literal(id_of(i))));
        json_set_integer(&arena, &one, "doc", 1000 + (int64_t)i);
        json_set_integer(&arena, &one, "score", 200);
        json_push(&arena, &matches, one);
    }
    json_set_integer(&arena, &report, "docs", 5000);
    json_set_integer(&arena, &report, "watches", 5000);
    json_set(&arena, &report, "matches", matches);
    tell(&report);
    assert_true(watch_row(id, &row));
    assert_true(json_get_bool(&row, "overflow"));
    assert_int_equal(of_watch(id, "matches"), WATCH_MATCHES_MAX);
    assert_int_equal(office_rows(&ben, TABLE_WATCHED), WATCH_MATCHES_MAX);
}

/* The rows are what the facts say (C1). */
static void a_rebuild_gives_the_same_rows(void **state)
{
    (void)state;
    struct text kept = watch(TOURE, "{\"days\":200}");
    struct text gone = watch(TOURE, "{\"days\":5}");
    put(1, "Abdoulaye Toure", "1980-03-04");
    put(2, "Touré Abdulaye", "1980-03-04");
    (void)screen_all();
    (void)reply_good(judge(kept, 1, "same"), __LINE__);
    (void)reply_good(judge(gone, 1, "same"), __LINE__);
    (void)reply_good(judge(gone, 2, "unsure"), __LINE__);
    now = instant_plus(now, 6 * INSTANT_DAY);
    office_tick(&ben);
    struct json before, after;
    assert_true(watch_row(kept, &before));
    size_t found_before = office_rows(&ben, TABLE_WATCHED);
    must(clerk_rebuild(ben.clerk, &arena));
    assert_true(watch_row(kept, &after));
    assert_true(json_equal(&before, &after));
    assert_false(watch_row(gone, &after));
    assert_int_equal(office_rows(&ben, TABLE_WATCHED), found_before);
    assert_int_equal(office_rows(&ben, TABLE_WATCH_DOC), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(another_unit_and_a_lower_clearance_find_no_watch),
        TEST_OF(it_ends_on_its_day_and_nothing_of_it_stays),
        TEST_OF(what_nobody_has_judged_keeps_it_for_a_while),
        TEST_OF(a_purpose_that_is_over_at_once_has_no_watch_and_no_entry),
        TEST_OF(a_watch_that_finds_too_much_says_so_and_stops_telling),
        TEST_OF(a_rebuild_gives_the_same_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
