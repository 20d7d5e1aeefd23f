#include "treaty/status_test.h"

/* What stops between two parties, what stays of what was received, and amendment. */

/* -- suspension, dispute, objection --------------------------------------------------------- */

static bool joins(const struct treaty_status *status, uint32_t a, uint32_t b, const char *on)
{
    return treaty_status_joins(status, a, b, at(on));
}

static void a_suspension_with_one_stops_it_between_the_two_alone(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty, EVENTS(ALL_SIGN, with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "NER")),
        at("2026-04-01"));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.stop_count, 1);
    assert_false(joins(&status, NGA, NER, "2026-03-01"));
    assert_false(joins(&status, NER, NGA, "2026-03-01"));
    assert_true(joins(&status, NGA, NER, "2026-02-28"));
    assert_true(joins(&status, NGA, TCD, "2026-03-01"));
    assert_true(joins(&status, NER, TCD, "2026-03-01"));
}

static void a_suspension_with_all_stops_it_for_that_party_until_it_resumes(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, act(ACT_SUSPEND, "NGA", "2026-03-01"),
               act(ACT_RESUME, "NGA", "2026-05-01")),
        at("2026-04-01"));
    assert_false(joins(&status, NGA, NER, "2026-04-01"));
    assert_false(joins(&status, TCD, NGA, "2026-04-30"));
    assert_true(joins(&status, NER, TCD, "2026-04-01"));
    assert_true(joins(&status, NGA, NER, "2026-05-01"));
    is_at(treaty_status_next(&status, at("2026-04-01")), "2026-05-01");
}

static void only_who_suspended_resumes(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "NER"),
               with(act(ACT_RESUME, "NER", "2026-03-02"), "NGA"),
               with(act(ACT_RESUME, "NGA", "2026-03-03"), "TCD")),
        at("2026-04-01"));
    assert_false(joins(&status, NGA, NER, "2026-04-01"));
}

static void who_resumes_with_all_ends_every_suspension_of_its_own(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "NER"),
               with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "TCD"),
               act(ACT_RESUME, "NGA", "2026-03-05"),
               with(act(ACT_SUSPEND, "NGA", "2026-03-09"), "NER")),
        at("2026-04-01"));
    assert_true(joins(&status, NGA, TCD, "2026-03-05"));
    assert_true(joins(&status, NGA, NER, "2026-03-08"));
    assert_false(joins(&status, NGA, NER, "2026-03-09")); /* again */
}

static void a_dispute_stops_an_article_and_no_more(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, to_clause(act(ACT_DISPUTE, "NGA", "2026-03-01"), 3, 1),
               to_clause(act(ACT_SETTLE, "NGA", "2026-03-02"), 3, 2),
               to_clause(act(ACT_SETTLE, "NER", "2026-03-02"), 3, 1)),
        at("2026-04-01"));
    assert_int_equal(status.stop_count, 1);
    assert_int_equal(status.stops[0].why, STOP_DISPUTED);
    assert_int_equal(status.stops[0].article, 3);
    assert_int_equal(status.stops[0].clause, 1);
    assert_int_equal(status.stops[0].against, STOP_ALL);
    is_never(status.stops[0].until); /* another clause was settled, and by another */
    assert_true(joins(&status, NGA, NER, "2026-04-01"));
}

static void a_settled_dispute_is_over_from_that_day(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, to_clause(act(ACT_DISPUTE, "NGA", "2026-03-01"), 3, 0),
               to_clause(act(ACT_SETTLE, "NGA", "2026-03-12"), 3, 0)),
        at("2026-04-01"));
    assert_int_equal(status.stop_count, 1);
    is_at(status.stops[0].until, "2026-03-12");
}

static void an_opposed_reservation_leaves_no_treaty_between_the_two(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_event objection = with(act(ACT_OBJECT, "NGA", "2026-03-01"), "NER");
    struct treaty_status status =
        treaty_status(&treaty, EVENTS(ALL_SIGN, objection), at("2026-04-01"));
    assert_int_equal(status.stop_count, 0); /* the narrowing stays, and nothing more */
    objection.opposing = true;
    status = treaty_status(&treaty, EVENTS(ALL_SIGN, objection), at("2026-04-01"));
    assert_false(joins(&status, NGA, NER, "2026-03-01"));
    assert_true(joins(&status, NER, TCD, "2026-03-01"));
    struct treaty_status kept = treaty_status_kept(&treaty, &status);
    assert_false(joins(&kept, NGA, NER, "2026-03-01"));
}

static void a_declaration_changes_nothing(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status without = treaty_status(&treaty, EVENTS(ALL_SIGN), at("2026-04-01"));
    struct treaty_status status = treaty_status(
        &treaty, EVENTS(ALL_SIGN, act(ACT_DECLARE, "NGA", "2026-03-01")), at("2026-04-01"));
    assert_memory_equal(&status, &without, sizeof(status));
}

static void more_stops_than_the_list_holds_stop_more_and_never_less(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    static struct treaty_event events[400];
    events[0] = act(ACT_SIGN, "NGA", "2026-01-01");
    events[1] = act(ACT_SIGN, "NER", "2026-01-01");
    events[2] = act(ACT_SIGN, "TCD", "2026-01-01");
    for (uint16_t i = 3; i < 400; i++)
        events[i] = to_clause(with(act(ACT_DISPUTE, "NGA", "2026-03-01"), "NER"), 3, i);
    struct treaty_status status = treaty_status(&treaty, events, 400, at("2026-04-01"));
    assert_true(status.stop_count <= TREATY_STOPS_MAX);
    assert_false(joins(&status, NGA, NER, "2026-03-01"));
    assert_true(joins(&status, NER, TCD, "2026-03-01"));
    for (uint16_t i = 3; i < 400; i++) /* those that have ended are forgotten first */
        if (i % 2 == 0)
            events[i] = to_clause(with(act(ACT_SETTLE, "NGA", "2026-03-10"), "NER"), 3,
                                  events[i - 1].clause);
    status = treaty_status(&treaty, events, 400, at("2026-04-01"));
    assert_true(joins(&status, NGA, NER, "2026-04-01"));
}

/* -- what stays, and amendment -------------------------------------------------------------- */

static void what_was_received_stays_through_suspension_and_where_the_text_keeps_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, act(ACT_SUSPEND, "NGA", "2026-03-01"),
               act(ACT_WITHDRAW, "TCD", "2026-03-01")),
        at("2026-04-01"));
    struct treaty_status kept = treaty_status_kept(&treaty, &status);
    assert_true(joins(&kept, NGA, NER, "2026-04-01"));
    assert_false(joins(&kept, NER, TCD, "2026-04-01"));
    treaty.leftover = LEFTOVER_KEPT;
    kept = treaty_status_kept(&treaty, &status);
    assert_true(joins(&kept, NER, TCD, "2026-04-01"));
    assert_false(joins(&status, NER, TCD, "2026-04-01"));
}

static struct instant accepted(const struct treaty *old, const struct treaty_event *old_events,
                               size_t old_count, const struct treaty_event *events, size_t count)
{
    struct treaty next = parse("");
    struct treaty_status was = treaty_status(old, old_events, old_count, at("2026-06-01"));
    struct treaty_status status = treaty_status(&next, events, count, at("2026-06-01"));
    return treaty_amendment_accepted(old, &was, &next, &status);
}

static void an_amendment_needs_all_whom_the_text_before_binds(void **state)
{
    (void)state;
    struct treaty old = parse("in force when 2 parties have signed\n");
    const struct treaty_event two[] = { act(ACT_SIGN, "NGA", "2026-04-01"),
                                        act(ACT_SIGN, "NER", "2026-04-02") };
    const struct treaty_event three[] = { two[0], two[1], act(ACT_SIGN, "TCD", "2026-05-01") };
    is_never(accepted(&old, EVENTS(ALL_SIGN), two, 2));
    is_at(accepted(&old, EVENTS(ALL_SIGN), three, 3), "2026-05-01");
    /* TCD never was bound by the text before, or has left it: it is not asked. */
    is_at(accepted(&old, EVENTS(act(ACT_SIGN, "NGA", "2026-01-01"),
                                act(ACT_SIGN, "NER", "2026-01-01")), two, 2), "2026-04-02");
    is_at(accepted(&old, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "TCD", "2026-04-20")), two, 2),
          "2026-04-20");
}

static void an_amendment_by_some_needs_as_many_as_the_text_before_says(void **state)
{
    (void)state;
    struct treaty old = parse("");
    const struct treaty_event two[] = { act(ACT_SIGN, "NGA", "2026-04-01"),
                                        act(ACT_SIGN, "NER", "2026-04-02") };
    old.amended_by = 2;
    is_never(accepted(&old, EVENTS(ALL_SIGN), two, 1));
    is_at(accepted(&old, EVENTS(ALL_SIGN), two, 2), "2026-04-02");
}

static void what_waited_for_its_acceptance_applies_from_then(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(&treaty, EVENTS(ALL_SIGN), at("2026-04-01"));
    treaty_status_hold(&status, at("2026-05-01"), at("2026-04-01"));
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
    is_at(status.from, "2026-05-01");
    assert_false(joins(&status, NGA, NER, "2026-04-30"));
    assert_true(joins(&status, NGA, NER, "2026-05-01"));
}

static void what_took_over_once_has_taken_over_for_good(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_event objection = with(act(ACT_OBJECT, "NGA", "2026-01-01"), "NER");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, act(ACT_SUSPEND, "NGA", "2026-01-01"),
               act(ACT_WITHDRAW, "TCD", "2026-03-01")),
        at("2026-06-01"));
    assert_false(treaty_status_took_over(&status, NGA, NER, instant_plus(at("2026-01-01"), -1)));
    assert_true(treaty_status_took_over(&status, NGA, NER, at("2026-01-01")));
    assert_true(treaty_status_took_over(&status, NER, TCD, at("2026-06-01"))); /* TCD has left */
    objection.opposing = true;
    status = treaty_status(&treaty, EVENTS(ALL_SIGN, objection), at("2026-06-01"));
    assert_false(treaty_status_took_over(&status, NGA, NER, at("2026-06-01")));
    assert_true(treaty_status_took_over(&status, NGA, TCD, at("2026-06-01")));
    status = treaty_status(&treaty,
                           EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "TCD", "2026-01-01")),
                           at("2026-06-01"));
    assert_false(treaty_status_took_over(&status, NGA, TCD, at("2026-06-01"))); /* never both */
}

static void every_act_has_a_name_that_is_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < TREATY_ACTS; i++) {
        enum treaty_act back = TREATY_ACTS;
        assert_true(treaty_act_parse(text_literal(treaty_act_name((enum treaty_act)i)), &back));
        assert_int_equal(back, i);
    }
    enum treaty_act back = TREATY_ACTS;
    assert_false(treaty_act_parse(text_literal("annul"), &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suspension_with_one_stops_it_between_the_two_alone),
        cmocka_unit_test(a_suspension_with_all_stops_it_for_that_party_until_it_resumes),
        cmocka_unit_test(only_who_suspended_resumes),
        cmocka_unit_test(who_resumes_with_all_ends_every_suspension_of_its_own),
        cmocka_unit_test(a_dispute_stops_an_article_and_no_more),
        cmocka_unit_test(a_settled_dispute_is_over_from_that_day),
        cmocka_unit_test(an_opposed_reservation_leaves_no_treaty_between_the_two),
        cmocka_unit_test(a_declaration_changes_nothing),
        cmocka_unit_test(more_stops_than_the_list_holds_stop_more_and_never_less),
        cmocka_unit_test(what_was_received_stays_through_suspension_and_where_the_text_keeps_it),
        cmocka_unit_test(an_amendment_needs_all_whom_the_text_before_binds),
        cmocka_unit_test(an_amendment_by_some_needs_as_many_as_the_text_before_says),
        cmocka_unit_test(what_waited_for_its_acceptance_applies_from_then),
        cmocka_unit_test(what_took_over_once_has_taken_over_for_good),
        cmocka_unit_test(every_act_has_a_name_that_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
