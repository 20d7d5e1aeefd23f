/* What must be said before a record leaves: by offices, and by the partner. */
#include "test_pact.h"

static void national(const char *rules)
{
    (void)reply_good(office_try(&ben, "chief", VERB_NATIONAL_SET,
                                "{\"text\":\"national rules of BEN version 1\\n%s\"}", rules),
                     __LINE__);
}

static struct reply release_by(const char *user)
{
    return office_try(&ben, user, VERB_RELEASE_GIVE,
                      "{\"record\":\"" ID_A "\",\"partner\":\"NER\"}");
}

static struct reply assure(const char *more)
{
    return office_try(&ben, "chief", VERB_ASSURANCE_GIVE,
                      "{\"record\":\"" ID_A "\",\"partner\":\"NER\","
                      "\"code\":\"no-death-penalty\"%s}",
                      more);
}

static void every_office_that_the_law_names_must_speak(void **state)
{
    (void)state;
    national("release by legal-office, supervisor where category is wanted.arrest\\n");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 0);
    (void)reply_good(release_by("lawyer"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 0); /* the supervisor has not spoken */
    (void)reply_good(release_by("chief"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
}

static void what_was_said_stays_said_when_the_law_asks_for_more(void **state)
{
    (void)state;
    national("release by legal-office where category is wanted.arrest\\n"
             "never share person where category is wanted.unknown\\n");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 0);
    national("release by legal-office, supervisor where category is wanted.arrest\\n");
    office_tick(&ben);
    assert_int_equal(office_send(&ben, &ner), 0);
    (void)reply_good(release_by("lawyer"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 0);
    (void)reply_good(release_by("chief"), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
}

static void an_assurance_opens_and_its_end_takes_back(void **state)
{
    (void)state;
    national("never share person where category is wanted.arrest unless assurance "
             "no-death-penalty\\n");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 0);
    (void)reply_good(assure(",\"reference\":\"note 12/2026\""), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    (void)reply_good(office_try(&ben, "chief", VERB_ASSURANCE_REVOKE,
                                "{\"record\":\"" ID_A "\",\"partner\":\"NER\","
                                "\"code\":\"no-death-penalty\"}"),
                     __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
}

static void an_assurance_ends_with_its_last_day(void **state)
{
    (void)state;
    national("never share person where category is wanted.arrest unless assurance "
             "no-death-penalty\\n");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    struct text today = date_format(&arena, date_of_instant(now));
    char more[96];
    (void)snprintf(more, sizeof(more), ",\"reference\":\"note 12\",\"until\":\"%.*s\"",
                   (int)today.len, today.data);
    (void)reply_good(assure(more), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    now = instant_plus(now, 2 * INSTANT_DAY);
    office_tick(&ben);
    assert_int_equal(office_send(&ben, &ner), 1); /* taken back */
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 0);
}

static void an_assurance_without_its_reference_is_refused(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    reply_refused(assure(""), "clerk.assurance-reference");
    reply_refused(assure(",\"reference\":\"n\",\"until\":\"tomorrow\""), "clerk.bad-date");
    reply_refused(office_try(&ben, "chief", VERB_ASSURANCE_REVOKE,
                             "{\"record\":\"" ID_A "\",\"partner\":\"NER\",\"code\":\"x\"}"),
                  "clerk.no-such-assurance");
    assert_int_equal(office_rows(&ben, TABLE_ASSURANCE), 0);
}

static void a_rebuild_finds_what_was_said(void **state)
{
    (void)state;
    national("release by legal-office, supervisor where category is wanted.arrest\\n");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)reply_good(assure(",\"reference\":\"note 12\""), __LINE__);
    (void)office_send(&ben, &ner);
    (void)reply_good(release_by("lawyer"), __LINE__);
    rebuilt_alike(&ben);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(every_office_that_the_law_names_must_speak),
        TEST_OF(what_was_said_stays_said_when_the_law_asks_for_more),
        TEST_OF(an_assurance_opens_and_its_end_takes_back),
        TEST_OF(an_assurance_ends_with_its_last_day),
        TEST_OF(an_assurance_without_its_reference_is_refused),
        TEST_OF(a_rebuild_finds_what_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
