#include "treaty/act.h"
#include "treaty/status_test.h"

static const struct text tcd_only[] = { { "TCD", 3 } };

#define NOW at("2026-06-01")

static void refused(const struct treaty *treaty, const struct treaty_event *events, size_t count,
                    struct treaty_event event, const char *rule)
{
    struct err e = treaty_act_check(treaty, events, count, &event, NOW);
    if (rule == NULL && failed(e))
        fail_msg("%s", e.rule);
    if (rule != NULL)
        assert_string_equal(failed(e) ? e.rule : "taken", rule);
}

#define SIGNED act(ACT_SIGN, "NGA", "2026-01-10"), act(ACT_SIGN, "NER", "2026-01-11")

static void only_a_party_acts_and_on_another(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    refused(&treaty, EVENTS(SIGNED), act(ACT_SIGN, "BEN", "2026-02-01"), "treaty.not-a-party");
    refused(&treaty, EVENTS(SIGNED), with(act(ACT_SUSPEND, "NGA", "2026-02-01"), "BEN"),
            "treaty.not-a-party");
    refused(&treaty, EVENTS(SIGNED), with(act(ACT_SUSPEND, "NGA", "2026-02-01"), "NGA"),
            "treaty.against-itself");
    refused(&treaty, EVENTS(SIGNED), with(act(ACT_SUSPEND, "NGA", "2026-02-01"), "NER"), NULL);
}

static void a_date_ahead_waits_and_five_minutes_are_no_matter(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_event event = act(ACT_SIGN, "TCD", "2026-06-01");
    event.at = instant_plus(event.at, TREATY_CLOCK_SLACK);
    refused(&treaty, EVENTS(SIGNED), event, NULL);
    event.at = instant_plus(event.at, 1);
    refused(&treaty, EVENTS(SIGNED), event, "treaty.act-in-future");
    assert_int_equal(treaty_act_check(&treaty, NULL, 0, &event, NOW).code, ERR_NOT_FOUND);
}

static void each_consents_in_the_way_that_the_text_asks(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    refused(&treaty, NULL, 0, act(ACT_RATIFY, "NGA", "2026-02-01"), "treaty.ratify-not-asked");
    refused(&treaty, NULL, 0, act(ACT_ACCEDE, "TCD", "2026-02-01"), "treaty.may-not-accede");
    treaty.accession = (struct codes){ tcd_only, 1 };
    refused(&treaty, NULL, 0, act(ACT_SIGN, "TCD", "2026-02-01"), "treaty.accede-instead");
    refused(&treaty, NULL, 0, act(ACT_ACCEDE, "TCD", "2026-02-01"), NULL);
    treaty.consent = CONSENT_RATIFICATION;
    refused(&treaty, NULL, 0, act(ACT_SIGN, "NGA", "2026-02-01"), NULL);
    refused(&treaty, NULL, 0, act(ACT_RATIFY, "NGA", "2026-02-01"), NULL);
    refused(&treaty, NULL, 0, act(ACT_RATIFY, "TCD", "2026-02-01"), "treaty.accede-instead");
}

static void who_has_left_does_not_consent_again(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    refused(&treaty, EVENTS(SIGNED, act(ACT_WITHDRAW, "NER", "2026-02-01")),
            act(ACT_SIGN, "NER", "2026-03-01"), "treaty.has-left");
}

static void a_withdrawal_needs_a_consent_before_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    refused(&treaty, EVENTS(SIGNED), act(ACT_WITHDRAW, "TCD", "2026-02-01"),
            "treaty.nothing-to-withdraw");
    refused(&treaty, EVENTS(SIGNED), act(ACT_WITHDRAW, "NER", "2026-01-10"),
            "treaty.act-before-another");
    refused(&treaty, EVENTS(SIGNED), act(ACT_WITHDRAW, "NER", "2026-01-11"), NULL);
}

static void nobody_suspends_disputes_or_objects_before_it_has_signed(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    refused(&treaty, EVENTS(SIGNED), act(ACT_SUSPEND, "TCD", "2026-02-01"), "treaty.not-signed");
    refused(&treaty, EVENTS(SIGNED), to_clause(act(ACT_DISPUTE, "TCD", "2026-02-01"), 1, 0),
            "treaty.not-signed");
    refused(&treaty, EVENTS(SIGNED), with(act(ACT_OBJECT, "TCD", "2026-02-01"), "NER"),
            "treaty.not-signed");
    refused(&treaty, EVENTS(SIGNED), act(ACT_DECLARE, "TCD", "2026-02-01"), NULL);
}

static void a_suspension_is_said_once_and_resumed_by_who_said_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_event suspended = with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "NER");
    struct treaty_event resumed = with(act(ACT_RESUME, "NGA", "2026-03-05"), "NER");
    refused(&treaty, EVENTS(SIGNED), resumed, "treaty.not-suspended");
    refused(&treaty, EVENTS(SIGNED, suspended), suspended, "treaty.suspended-already");
    refused(&treaty, EVENTS(SIGNED, suspended), resumed, NULL);
    refused(&treaty, EVENTS(SIGNED, suspended), act(ACT_RESUME, "NGA", "2026-03-05"), NULL);
    refused(&treaty, EVENTS(SIGNED, suspended), act(ACT_RESUME, "NGA", "2026-02-28"),
            "treaty.act-before-another");
    refused(&treaty, EVENTS(SIGNED, suspended), with(act(ACT_RESUME, "NGA", "2026-03-05"), "TCD"),
            "treaty.not-suspended");
    refused(&treaty, EVENTS(SIGNED, suspended), act(ACT_RESUME, "NER", "2026-03-05"),
            "treaty.not-suspended");
    refused(&treaty, EVENTS(SIGNED, suspended, resumed), resumed, "treaty.not-suspended");
    suspended.at = at("2026-03-04");
    refused(&treaty, EVENTS(SIGNED, with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "NER"), resumed),
            suspended, "treaty.act-before-another");
    suspended.at = at("2026-03-06");
    refused(&treaty, EVENTS(SIGNED, with(act(ACT_SUSPEND, "NGA", "2026-03-01"), "NER"), resumed),
            suspended, NULL);
}

static void a_dispute_names_what_exists_and_is_settled_by_who_began_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_event disputed = to_clause(act(ACT_DISPUTE, "NGA", "2026-03-01"), 1, 0);
    refused(&treaty, EVENTS(SIGNED), act(ACT_DISPUTE, "NGA", "2026-03-01"),
            "treaty.dispute-of-nothing");
    refused(&treaty, EVENTS(SIGNED), to_clause(disputed, 2, 0), "treaty.reservation-to-nothing");
    refused(&treaty, EVENTS(SIGNED), to_clause(disputed, 1, 1), "treaty.reservation-to-nothing");
    refused(&treaty, EVENTS(SIGNED), disputed, NULL);
    refused(&treaty, EVENTS(SIGNED, disputed), disputed, "treaty.disputed-already");
    refused(&treaty, EVENTS(SIGNED, disputed), with(disputed, "NER"), NULL);
    refused(&treaty, EVENTS(SIGNED), to_clause(act(ACT_SETTLE, "NGA", "2026-03-02"), 1, 0),
            "treaty.not-disputed");
    refused(&treaty, EVENTS(SIGNED, disputed),
            to_clause(act(ACT_SETTLE, "NGA", "2026-03-02"), 1, 0), NULL);
}

static void a_reservation_comes_before_the_consent(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    refused(&treaty, EVENTS(SIGNED), act(ACT_RESERVE, "TCD", "2026-02-01"), NULL);
    refused(&treaty, EVENTS(SIGNED), act(ACT_RESERVE, "NER", "2026-02-01"),
            "treaty.reservation-too-late");
    treaty.consent = CONSENT_RATIFICATION; /* it has only signed so far */
    refused(&treaty, EVENTS(SIGNED), act(ACT_RESERVE, "NER", "2026-02-01"), NULL);
    refused(&treaty, EVENTS(SIGNED, act(ACT_RATIFY, "NER", "2026-02-02")),
            act(ACT_RESERVE, "NER", "2026-02-01"), "treaty.reservation-too-late");
}

static void an_objection_needs_a_reservation_before_it(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    struct treaty_event objection = with(act(ACT_OBJECT, "NGA", "2026-02-01"), "NER");
    struct treaty_event reserved = act(ACT_RESERVE, "NER", "2026-01-11");
    refused(&treaty, EVENTS(SIGNED), objection, "treaty.nothing-to-object");
    refused(&treaty, EVENTS(SIGNED, reserved), act(ACT_OBJECT, "NGA", "2026-02-01"),
            "treaty.nothing-to-object");
    refused(&treaty, EVENTS(SIGNED, reserved), objection, NULL);
    objection.at = at("2026-01-10");
    refused(&treaty, EVENTS(SIGNED, reserved), objection, "treaty.act-before-another");
}

static void nobody_fills_the_file_with_acts(void **state)
{
    (void)state;
    struct treaty treaty = parse("");
    static struct treaty_event events[2 + TREATY_PARTY_REPEATED_MAX];
    const struct treaty_event two[] = { SIGNED };
    memcpy(events, two, sizeof(two));
    for (size_t i = 2; i < 2 + TREATY_PARTY_REPEATED_MAX; i++)
        events[i] = act(ACT_DECLARE, "NGA", "2026-02-01");
    refused(&treaty, events, 1 + TREATY_PARTY_REPEATED_MAX, act(ACT_DECLARE, "NGA", "2026-02-01"),
            NULL);
    refused(&treaty, events, 2 + TREATY_PARTY_REPEATED_MAX, act(ACT_DECLARE, "NGA", "2026-02-01"),
            "treaty.too-many-acts");
    refused(&treaty, events, 2 + TREATY_PARTY_REPEATED_MAX, act(ACT_WITHDRAW, "NGA", "2026-02-01"),
            NULL);
    refused(&treaty, events, 2 + TREATY_PARTY_REPEATED_MAX, act(ACT_DECLARE, "NER", "2026-02-01"),
            NULL);
}

static void what_has_been_done_is_known(void **state)
{
    (void)state;
    const struct treaty_event events[] = { SIGNED, act(ACT_SUSPEND, "NGA", "2026-03-01") };
    struct treaty_event event = act(ACT_SIGN, "NGA", "2026-05-01");
    assert_true(treaty_act_done(events, 3, &event));
    event.act = ACT_WITHDRAW;
    assert_false(treaty_act_done(events, 3, &event));
    event = events[2];
    assert_false(treaty_act_done(events, 3, &event)); /* may be said again, once resumed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_party_acts_and_on_another),
        cmocka_unit_test(a_date_ahead_waits_and_five_minutes_are_no_matter),
        cmocka_unit_test(each_consents_in_the_way_that_the_text_asks),
        cmocka_unit_test(who_has_left_does_not_consent_again),
        cmocka_unit_test(a_withdrawal_needs_a_consent_before_it),
        cmocka_unit_test(nobody_suspends_disputes_or_objects_before_it_has_signed),
        cmocka_unit_test(a_suspension_is_said_once_and_resumed_by_who_said_it),
        cmocka_unit_test(a_dispute_names_what_exists_and_is_settled_by_who_began_it),
        cmocka_unit_test(a_reservation_comes_before_the_consent),
        cmocka_unit_test(an_objection_needs_a_reservation_before_it),
        cmocka_unit_test(nobody_fills_the_file_with_acts),
        cmocka_unit_test(what_has_been_done_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
