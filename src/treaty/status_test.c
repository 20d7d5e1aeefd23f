#include "treaty/status_test.h"

static const struct text tcd_only[] = { { "TCD", 3 } };
static const struct text nga_ner[] = { { "NGA", 3 }, { "NER", 3 } };

static void it_enters_into_force_with_the_last_signature_needed(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when all parties have signed\n");
    struct treaty_event events[] = { sign("NGA", 3), sign("TCD", 1), sign("BEN", 0),
                                     sign("NER", 7) };
    assert_int_equal(treaty_status(&treaty, events, 0, day(9)).state, TREATY_DRAFT);
    assert_int_equal(treaty_status(&treaty, events, 3, day(9)).state, TREATY_SIGNED_BY_SOME);
    assert_int_equal(treaty_status(&treaty, events, 3, day(9)).signed_count, 2);
    struct treaty_status status = treaty_status(&treaty, events, 4, day(9));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.from.ms, day(7).ms);
    assert_int_equal(treaty_status(&treaty, events, 4, day(6)).state, TREATY_SIGNED_BY_SOME);
}

static void its_first_and_last_day_are_kept(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-01-11 when 2 parties have signed\n"
                                 "until 2026-01-20\n");
    struct treaty_event events[] = { sign("NGA", 3), sign("TCD", 1), sign("NER", 14) };
    struct treaty_status status = treaty_status(&treaty, events, 3, day(10));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.from.ms, day(10).ms);
    assert_int_equal(status.until.ms, day(20).ms);         /* the whole last day */
    assert_int_equal(status.bound[1].from.ms, day(14).ms); /* NER joins later */
    assert_int_equal(treaty_status(&treaty, events, 3, instant_plus(day(10), -1)).state,
                     TREATY_SIGNED_BY_SOME);
    assert_int_equal(treaty_status(&treaty, events, 3, day(20)).state, TREATY_ENDED);
    assert_int_equal(treaty_status(&treaty, events, 3, instant_plus(day(20), -1)).state,
                     TREATY_IN_FORCE);
}

static void a_withdrawal_ends_it_for_that_party_and_the_last_pair_for_all(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when all parties have signed\n");
    struct treaty_event events[] = { sign("NGA", 0),     sign("NER", 0),     sign("TCD", 0),
                                     withdraw("NER", 5), withdraw("NER", 6), withdraw("NGA", 8) };
    struct treaty_status status = treaty_status(&treaty, events, 5, day(5));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_true(status.bound[1].withdrawn);
    assert_int_equal(status.bound[1].until.ms, day(5).ms);
    assert_false(status.bound[0].withdrawn);
    assert_int_equal(status.bound[0].until.ms, INT64_MAX);
    status = treaty_status(&treaty, events, 6, day(8));
    assert_int_equal(status.state, TREATY_ENDED);
    assert_int_equal(status.bound[2].until.ms, day(8).ms); /* TCD is alone */
    assert_false(status.bound[2].withdrawn);
}

static void who_left_before_entry_does_not_count(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-01-11 when 2 parties have signed\n");
    struct treaty_event events[] = { sign("NGA", 0), sign("NER", 1), withdraw("NGA", 5),
                                     sign("TCD", 20) };
    assert_int_equal(treaty_status(&treaty, events, 3, day(12)).state, TREATY_SIGNED_BY_SOME);
    struct treaty_status status = treaty_status(&treaty, events, 4, day(30));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(status.from.ms, day(20).ms);
}

/* -- consent ------------------------------------------------------------------------------ */

static void where_ratification_counts_a_signature_binds_nobody(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.consent = CONSENT_RATIFICATION;
    struct treaty_status status = treaty_status(&treaty, EVENTS(ALL_SIGN), at("2026-06-01"));
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
    assert_int_equal(status.signed_count, 0);
    assert_int_equal(status.needed, 3);
    is_never(status.from);
}

static void a_ratification_needs_no_signature_before_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.consent = CONSENT_RATIFICATION;
    struct treaty_status status =
        treaty_status(&treaty,
                      EVENTS(act(ACT_RATIFY, "NGA", "2026-02-01"),
                             act(ACT_RATIFY, "NER", "2026-03-01"),
                             act(ACT_RATIFY, "TCD", "2026-02-10")),
                      at("2026-06-01"));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    is_at(status.from, "2026-03-01");
}

static void where_signatures_count_a_ratification_is_no_consent(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-02-01"), act(ACT_SIGN, "NER", "2026-02-01"),
               act(ACT_RATIFY, "TCD", "2026-02-01")),
        at("2026-06-01"));
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
    is_never(status.consent[TCD]);
}

static void who_may_accede_is_not_waited_for_and_joins_by_accession_alone(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.accession = (struct codes){ tcd_only, 1 };
    const struct treaty_event two = act(ACT_SIGN, "NER", "2026-02-01");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-01-10"), two, act(ACT_SIGN, "TCD", "2026-01-01")),
        at("2026-03-01"));
    is_at(status.from, "2026-02-01");
    is_never(status.bound[TCD].from); /* it signed, and did not accede */
    status = treaty_status(&treaty,
                           EVENTS(act(ACT_SIGN, "NGA", "2026-01-10"), two,
                                  act(ACT_ACCEDE, "TCD", "2026-05-01")),
                           at("2026-03-01"));
    is_at(status.from, "2026-02-01");
    is_at(status.bound[TCD].from, "2026-05-01");
}

static void an_accession_of_one_who_may_not_is_no_consent(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-02-01"), act(ACT_SIGN, "NER", "2026-02-01"),
               act(ACT_ACCEDE, "TCD", "2026-02-01")),
        at("2026-06-01"));
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
}

/* -- entry into force ---------------------------------------------------------------------- */

static void it_enters_that_long_after_the_last_consent_needed(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when 2 parties have signed\n");
    treaty.after = SPAN(1, SPAN_MONTH);
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-01-05"), act(ACT_SIGN, "NER", "2026-01-31"),
               act(ACT_SIGN, "TCD", "2026-03-31")),
        at("2026-02-27"));
    is_at(status.from, "2026-02-28"); /* a month after the 31st: the last day of February */
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
    is_at(status.bound[TCD].from, "2026-04-30"); /* its own consent, as long after */
    is_at(status.bound[NGA].from, "2026-02-28");
}

static void the_first_day_is_waited_for_and_a_later_last_consent_too(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-03-01 when all parties have signed\n");
    treaty.after = SPAN(10, SPAN_DAY);
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2026-01-02")).from, "2026-03-01");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-01-01"), act(ACT_SIGN, "NER", "2026-01-01"),
               act(ACT_SIGN, "TCD", "2026-02-25")),
        at("2026-02-26"));
    is_at(status.from, "2026-03-07");
}

static void what_is_complete_only_after_its_last_day_never_enters(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-01-01 when all parties have signed\n"
                                 "until 2026-01-31\n");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-01-01"), act(ACT_SIGN, "NER", "2026-01-01"),
               act(ACT_SIGN, "TCD", "2026-02-01")),
        at("2026-02-02"));
    is_never(status.from);
    assert_int_equal(status.state, TREATY_ENDED);
}

/* -- provisional application ---------------------------------------------------------------- */

static void two_who_apply_it_provisionally_are_bound_when_both_have_signed(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.consent = CONSENT_RATIFICATION;
    treaty.provisional = (struct codes){ nga_ner, 2 };
    struct treaty_status status = treaty_status(
        &treaty, EVENTS(act(ACT_SIGN, "NGA", "2026-02-01"), act(ACT_SIGN, "TCD", "2026-02-01")),
        at("2026-06-01"));
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME); /* one alone */
    status = treaty_status(&treaty,
                           EVENTS(act(ACT_SIGN, "NGA", "2026-02-01"),
                                  act(ACT_SIGN, "TCD", "2026-02-01"),
                                  act(ACT_SIGN, "NER", "2026-03-01")),
                           at("2026-06-01"));
    assert_int_equal(status.state, TREATY_PROVISIONAL);
    is_at(status.bound[NGA].from, "2026-03-01");
    is_at(status.bound[NER].from, "2026-03-01");
    is_never(status.bound[TCD].from);
    is_never(status.from);
}

static void provisional_application_goes_over_into_force_without_a_gap(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when 2 parties have signed\n");
    treaty.consent = CONSENT_RATIFICATION;
    treaty.provisional = (struct codes){ nga_ner, 2 };
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-02-01"), act(ACT_SIGN, "NER", "2026-02-01"),
               act(ACT_RATIFY, "NGA", "2026-04-01"), act(ACT_RATIFY, "TCD", "2026-05-01")),
        at("2026-06-01"));
    assert_int_equal(status.state, TREATY_IN_FORCE);
    is_at(status.from, "2026-05-01");
    is_at(status.bound[NER].from, "2026-02-01"); /* has not ratified, and applies it on */
    is_never(status.bound[NER].until);
    is_at(status.bound[TCD].from, "2026-05-01");
}

static void who_ends_provisional_application_is_out_at_once(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.consent = CONSENT_RATIFICATION;
    treaty.provisional = (struct codes){ nga_ner, 2 };
    treaty.notice = SPAN(6, SPAN_MONTH);
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-02-01"), act(ACT_SIGN, "NER", "2026-02-01"),
               act(ACT_WITHDRAW, "NER", "2026-03-01")),
        at("2026-03-01"));
    is_at(status.bound[NER].until, "2026-03-01");
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
}

/* -- withdrawal ---------------------------------------------------------------------------- */

static void a_withdrawal_takes_effect_at_the_end_of_the_notice(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.notice = SPAN(3, SPAN_MONTH);
    struct treaty_status status = treaty_status(
        &treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-11-30")), at("2026-12-01"));
    is_at(status.bound[NER].until, "2027-02-28");
    assert_false(status.bound[NER].withdrawn);
    assert_int_equal(status.state, TREATY_IN_FORCE);
    is_at(treaty_status_next(&status, at("2026-12-01")), "2027-02-28");
    status = treaty_status(&treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-11-30")),
                           at("2027-02-28"));
    assert_true(status.bound[NER].withdrawn);
    assert_int_equal(status.state, TREATY_IN_FORCE); /* of the two others */
}

static void a_notice_in_a_leap_year_counts_the_calendar(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.notice = SPAN(1, SPAN_YEAR);
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2028-02-29")),
                        at("2028-03-01")).bound[NER].until, "2029-02-28");
    treaty.notice = SPAN(2, SPAN_WEEK);
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2028-02-20")),
                        at("2028-03-01")).bound[NER].until, "2028-03-05");
}

static void before_entry_a_withdrawal_waits_for_no_notice(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force from 2026-06-01 when 2 parties have signed\n");
    treaty.notice = SPAN(1, SPAN_YEAR);
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-01-01"), act(ACT_SIGN, "NER", "2026-01-01"),
               act(ACT_WITHDRAW, "NER", "2026-05-31")),
        at("2026-07-01"));
    assert_int_equal(status.state, TREATY_SIGNED_BY_SOME);
    is_never(status.from);
}

static void of_two_who_leave_one_after_the_other_the_second_ends_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    treaty.notice = SPAN(30, SPAN_DAY);
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-03-01"),
               act(ACT_WITHDRAW, "TCD", "2026-03-11")),
        at("2026-04-05"));
    is_at(status.bound[NER].until, "2026-03-31");
    is_at(status.bound[TCD].until, "2026-04-10");
    is_at(status.until, "2026-04-10");
    is_at(status.bound[NGA].until, "2026-04-10"); /* nobody is left to share with */
    assert_false(status.bound[NGA].withdrawn);
    assert_int_equal(status.state, TREATY_IN_FORCE);
}

static void two_who_leave_on_one_day_end_it_that_day(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-03-01"),
               act(ACT_WITHDRAW, "TCD", "2026-03-01")),
        at("2026-03-01"));
    assert_int_equal(status.state, TREATY_ENDED);
    is_at(status.until, "2026-03-01");
}

static void who_joins_after_the_last_pair_has_ended_revives_nothing(void **state)
{
    (void)state;
    struct treaty treaty = parse("in force when 2 parties have signed\n");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(act(ACT_SIGN, "NGA", "2026-01-01"), act(ACT_SIGN, "NER", "2026-01-01"),
               act(ACT_WITHDRAW, "NER", "2026-03-01"), act(ACT_SIGN, "TCD", "2026-04-01")),
        at("2026-05-01"));
    assert_int_equal(status.state, TREATY_ENDED);
    is_at(status.until, "2026-03-01");
    assert_true(status.bound[TCD].from.ms >= status.bound[TCD].until.ms);
}

static void a_second_signature_does_not_bring_back_who_left(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_status status = treaty_status(
        &treaty,
        EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-03-01"),
               act(ACT_SIGN, "NER", "2026-04-01")),
        at("2026-05-01"));
    is_at(status.bound[NER].from, "2026-01-01");
    is_at(status.bound[NER].until, "2026-03-01");
}

/* -- terms --------------------------------------------------------------------------------- */

static struct treaty renewed(void)
{
    struct treaty treaty = parse("until 2026-12-31\n");
    treaty.renewal = SPAN(1, SPAN_YEAR);
    treaty.renewal_notice = SPAN(3, SPAN_MONTH);
    return treaty;
}

static void without_renewal_the_last_day_is_the_last(void **state)
{
    (void)state;
    struct treaty treaty = parse("until 2028-02-29\n");
    struct treaty_status status = treaty_status(&treaty, EVENTS(ALL_SIGN), at("2028-02-29"));
    is_at(status.until, "2028-03-01"); /* the 29th is whole */
    is_at(status.term, "2028-03-01");
    assert_int_equal(status.state, TREATY_IN_FORCE);
    assert_int_equal(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2028-03-01")).state,
                     TREATY_ENDED);
}

static void with_renewal_it_goes_on_by_one_period_each_time(void **state)
{
    (void)state;
    struct treaty treaty = renewed();
    struct treaty_status status = treaty_status(&treaty, EVENTS(ALL_SIGN), at("2026-12-31"));
    is_never(status.until);
    is_at(status.term, "2027-01-01");
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2027-01-01")).term, "2028-01-01");
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2029-07-01")).term, "2030-01-01");
    assert_int_equal(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2029-07-01")).state,
                     TREATY_IN_FORCE);
}

static void a_term_that_ends_on_the_29th_of_february_finds_it_again(void **state)
{
    (void)state;
    struct treaty treaty = renewed();
    treaty.until = (struct date){ 2024, 2, 29 };
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2026-01-05")).term, "2026-03-01");
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2027-06-01")).term, "2028-03-01");
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2028-02-29")).term, "2028-03-01");
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN), at("2028-03-01")).term, "2029-03-01");
}

static void a_renewed_text_is_left_at_the_end_of_the_term(void **state)
{
    (void)state;
    struct treaty treaty = renewed();
    struct treaty_status status = treaty_status(
        &treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-05-01")), at("2026-06-01"));
    is_at(status.bound[NER].until, "2027-01-01");
    treaty.notice = SPAN(1, SPAN_YEAR); /* ends in the next term */
    status = treaty_status(&treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-05-01")),
                           at("2026-06-01"));
    is_at(status.bound[NER].until, "2028-01-01");
}

static void a_notice_shorter_than_required_counts_for_the_next_term(void **state)
{
    (void)state;
    struct treaty treaty = renewed();
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-10-01")),
                        at("2026-11-01")).bound[NER].until, "2027-01-01");
    is_at(treaty_status(&treaty, EVENTS(ALL_SIGN, act(ACT_WITHDRAW, "NER", "2026-10-02")),
                        at("2026-11-01")).bound[NER].until, "2028-01-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_enters_into_force_with_the_last_signature_needed),
        cmocka_unit_test(its_first_and_last_day_are_kept),
        cmocka_unit_test(a_withdrawal_ends_it_for_that_party_and_the_last_pair_for_all),
        cmocka_unit_test(who_left_before_entry_does_not_count),
        cmocka_unit_test(where_ratification_counts_a_signature_binds_nobody),
        cmocka_unit_test(a_ratification_needs_no_signature_before_it),
        cmocka_unit_test(where_signatures_count_a_ratification_is_no_consent),
        cmocka_unit_test(who_may_accede_is_not_waited_for_and_joins_by_accession_alone),
        cmocka_unit_test(an_accession_of_one_who_may_not_is_no_consent),
        cmocka_unit_test(it_enters_that_long_after_the_last_consent_needed),
        cmocka_unit_test(the_first_day_is_waited_for_and_a_later_last_consent_too),
        cmocka_unit_test(what_is_complete_only_after_its_last_day_never_enters),
        cmocka_unit_test(two_who_apply_it_provisionally_are_bound_when_both_have_signed),
        cmocka_unit_test(provisional_application_goes_over_into_force_without_a_gap),
        cmocka_unit_test(who_ends_provisional_application_is_out_at_once),
        cmocka_unit_test(a_withdrawal_takes_effect_at_the_end_of_the_notice),
        cmocka_unit_test(a_notice_in_a_leap_year_counts_the_calendar),
        cmocka_unit_test(before_entry_a_withdrawal_waits_for_no_notice),
        cmocka_unit_test(of_two_who_leave_one_after_the_other_the_second_ends_it),
        cmocka_unit_test(two_who_leave_on_one_day_end_it_that_day),
        cmocka_unit_test(who_joins_after_the_last_pair_has_ended_revives_nothing),
        cmocka_unit_test(a_second_signature_does_not_bring_back_who_left),
        cmocka_unit_test(without_renewal_the_last_day_is_the_last),
        cmocka_unit_test(with_renewal_it_goes_on_by_one_period_each_time),
        cmocka_unit_test(a_term_that_ends_on_the_29th_of_february_finds_it_again),
        cmocka_unit_test(a_renewed_text_is_left_at_the_end_of_the_term),
        cmocka_unit_test(a_notice_shorter_than_required_counts_for_the_next_term),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
