/* What the acts of parties do to what is shared, over two and three nodes. */
#include "clerk/apply.h"
#include "clerk/law/rules.h"
#include "test_pact.h"

static struct office tcd;
static const struct test_person lost = { ID_B, "Okpara Theophile", "1980-03-04",
                                         "missing.protect" };
static const struct test_person second = { ID_B, "Okpara Theophile", "1980-03-04",
                                           "wanted.arrest" };

#define SHARE_ALL                                                                                \
    "article 1\\n  share person where category in (wanted.arrest, missing.protect)\\n"           \
    "    among parties for criminal-investigation by copy\\n"
#define SHARE_TWICE                                                                              \
    "article 1\\n  share person where category is wanted.arrest\\n"                              \
    "    among parties for criminal-investigation by copy\\n"                                    \
    "  share person where category is missing.protect\\n"                                        \
    "    among parties for criminal-investigation by copy\\n"

static int three_begin(void **state)
{
    int bad = pact_begin(state);
    office_open(&tcd, "TCD");
    return bad;
}

static int three_end(void **state)
{
    office_close(&tcd);
    return pact_end(state);
}

/* One text at every office of the list (NULL ends it); "KEYS" are those of the list. */
static struct text put_at(struct office **offices, const char *head, const char *body)
{
    struct text hash = { NULL, 0 };
    char annex[512];
    size_t len = (size_t)snprintf(annex, sizeof(annex), "\\nannex\\n");
    for (size_t i = 0; offices[i] != NULL; i++)
        len += (size_t)snprintf(annex + len, sizeof(annex) - len, "  party %s key %.64s\\n",
                                offices[i]->code.data,
                                hex_format(&arena, BYTES_OF(offices[i]->config.root_key)).data);
    for (size_t i = 0; offices[i] != NULL; i++) {
        struct json made = office_do(offices[i], "chief", VERB_INSTRUMENT_PUT,
                                     "{\"text\":\"agreement %s\\n%s%s\"}", head, body, annex);
        hash = json_get_text(&made, "hash");
    }
    return hash;
}

static struct text put_two(const char *head, const char *body)
{
    struct office *both[] = { &ben, &ner, NULL };
    return put_at(both, head, body);
}

static struct reply act_of(struct office *who, struct text hash, const char *role,
                           const char *more)
{
    now = instant_plus(now, INSTANT_MINUTE); /* one act after the other */
    struct text at = instant_format(&arena, now);
    char whole[1024];
    (void)snprintf(whole, sizeof(whole), "{\"at\":\"%.*s\"%s%s}", (int)at.len, at.data,
                   more[0] == '\0' ? "" : ",", more);
    return office_bring(who, hash, office_act(who, hash, role, whole));
}

static void done(struct reply reply, int line)
{
    (void)reply_good(reply, line);
}
#define ACT(...) done(act_of(__VA_ARGS__), __LINE__)

/* All that is due goes, both ways, until nothing more does. */
static void settle(void)
{
    now = instant_plus(now, INSTANT_MINUTE);
    for (int i = 0; i < 8; i++) {
        office_tick(&ben);
        office_tick(&ner);
        int64_t went = office_send(&ben, &ner);
        went += office_send(&ner, &ben);
        if (went == 0)
            return;
    }
    fail_msg("frames without end");
}

static struct json status_of(struct office *office, struct text hash)
{
    struct hash bytes;
    struct json row;
    struct json status;
    must(hex_parse(hash, bytes.bytes, HASH_LEN));
    struct row_key key = key_of(BYTES_OF(bytes.bytes));
    must(view_get(store_view(office->store), TABLE_AGREEMENT, &key, &arena, &row));
    must(rules_status(store_view(office->store), &row, office->code, now, &arena, &status));
    return status;
}

static void is_kept_out(struct office *office, struct text hash, const char *rule)
{
    struct json status = status_of(office, hash);
    struct text why = json_get_text(&status, "kept_out");
    if (rule == NULL && why.len > 0)
        fail_msg("%.*s", (int)why.len, why.data);
    if (rule != NULL && !text_is(why, rule))
        fail_msg("%.*s, not %s", (int)why.len, why.data, rule);
}

static size_t found(void)
{
    return office_hits(&ner, "ZINSOU Marguerite");
}

/* -- suspension and dispute ------------------------------------------------------------------- */

static void a_suspension_lets_nothing_new_flow_and_takes_nothing_back(void **state)
{
    (void)state;
    done(office_put(&ben, adult), __LINE__);
    settle();
    ACT(&ner, pact, "suspend", "");
    settle();
    done(office_put(&ben, second), __LINE__);
    settle();
    assert_int_equal(found(), 1);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    rebuilt_alike(&ner);
    office_keys(&ner);
    ACT(&ner, pact, "resume", "");
    settle();
    assert_int_equal(found(), 1);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 1);
    rebuilt_alike(&ben);
}

static void what_crossed_a_suspension_is_offered_again(void **state)
{
    (void)state;
    ACT(&ner, pact, "suspend", "\"against\":\"BEN\"");
    now = instant_plus(now, INSTANT_MINUTE);
    done(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1); /* BEN does not know yet */
    assert_int_equal(found(), 0);                 /* NER refuses it */
    ACT(&ner, pact, "resume", "");
    settle();
    assert_int_equal(found(), 1);
    assert_int_equal(office_number(&ben, &ner), 0); /* once */
}

static void what_changes_while_it_is_suspended_is_taken_back(void **state)
{
    (void)state;
    struct test_person renamed = adult;
    renamed.name = "Zinsou Margot";
    done(office_put(&ben, adult), __LINE__);
    settle();
    ACT(&ben, pact, "suspend", "");
    settle();
    assert_int_equal(found(), 1);
    done(office_put(&ben, renamed), __LINE__);
    settle();
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0); /* I2: the old one holds no more */
    ACT(&ben, pact, "resume", "");
    settle();
    assert_int_equal(office_hits(&ner, "ZINSOU Margot"), 1);
}

static void a_safeguard_works_through_a_suspension(void **state)
{
    (void)state;
    done(office_put(&ben, adult), __LINE__);
    (void)office_do(&ben, "chief", VERB_NATIONAL_SET, "%s",
                    "{\"text\":\"national rules of BEN version 1\\n"
                    "never share person where note refugee-status\\n\"}");
    settle();
    ACT(&ben, pact, "suspend", "");
    settle();
    assert_int_equal(found(), 1);
    (void)office_do(&ben, "officer", VERB_NOTE_PUT, "%s",
                    "{\"record\":\"" ID_A "\",\"kind\":\"refugee-status\",\"text\":\"x\"}");
    settle();
    assert_int_equal(found(), 0);
}

static void a_dispute_stops_its_clause_and_no_other(void **state)
{
    (void)state;
    struct text hash = put_two("two version 1\\nparties BEN NER\\n", SHARE_TWICE);
    ACT(&ben, pact, "withdraw", "");
    ACT(&ben, hash, "sign", "");
    ACT(&ner, hash, "sign", "");
    settle();
    ACT(&ner, hash, "dispute", "\"article\":1,\"clause\":2");
    settle();
    done(office_put(&ben, adult), __LINE__);
    done(office_put(&ben, lost), __LINE__);
    settle();
    assert_int_equal(found(), 1);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    ACT(&ner, hash, "settle", "\"article\":1,\"clause\":2");
    settle();
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 1);
}

/* -- reservations ----------------------------------------------------------------------------- */

#define NO_MISSING                                                                               \
    "\"terms\":[{\"party\":\"NER\",\"article\":1,\"clauses\":[{\"do\":\"never-share\","          \
    "\"codes\":[\"person\"],\"where\":{\"test\":\"category\",\"in\":[\"missing.protect\"]}}]}]"

#define NOT_BOUND(party, article)                                                                \
    "\"terms\":[{\"party\":\"" party "\",\"article\":" article                                    \
    ",\"not_bound\":true,\"clauses\":[]}]"

static void a_reservation_by_act_narrows_and_the_hash_stays(void **state)
{
    (void)state;
    struct text hash = put_two("two version 1\\nparties BEN NER\\n", SHARE_ALL);
    ACT(&ben, pact, "withdraw", "");
    ACT(&ner, hash, "reserve", NO_MISSING);
    ACT(&ner, hash, "sign", "");
    ACT(&ben, hash, "sign", "");
    settle();
    is_kept_out(&ben, hash, NULL);
    done(office_put(&ben, adult), __LINE__);
    done(office_put(&ben, lost), __LINE__);
    settle();
    assert_int_equal(found(), 1); /* its frame names the hash that was signed */
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    struct json status = status_of(&ben, hash);
    const struct json *one = json_item(json_get(&status, "reservations"), 0);
    assert_true(text_is(json_get_text(one, "by"), "act"));
    rebuilt_alike(&ben);
}

static void an_opposed_reservation_ends_it_between_the_two(void **state)
{
    (void)state;
    struct text hash = put_two("two version 1\\nparties BEN NER\\n", SHARE_ALL);
    ACT(&ben, pact, "withdraw", "");
    ACT(&ner, hash, "reserve", NO_MISSING);
    ACT(&ner, hash, "sign", "");
    ACT(&ben, hash, "sign", "");
    settle();
    done(office_put(&ben, adult), __LINE__);
    settle();
    ACT(&ben, hash, "object", "\"against\":\"NER\"");
    settle();
    assert_int_equal(found(), 1);
    ACT(&ben, hash, "object", "\"against\":\"NER\",\"opposing\":true");
    settle();
    assert_int_equal(found(), 0);
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
}

/* -- withdrawal, succession, amendment --------------------------------------------------------- */

static struct text leave_after(const char *head)
{
    struct text hash = put_two(head, SHARE_ALL);
    ACT(&ben, pact, "withdraw", "");
    ACT(&ben, hash, "sign", "");
    ACT(&ner, hash, "sign", "");
    settle();
    done(office_put(&ben, adult), __LINE__);
    settle();
    assert_int_equal(found(), 1);
    ACT(&ner, hash, "withdraw", "");
    settle();
    assert_int_equal(found(), 1); /* the notice runs */
    now = instant_plus(now, 31 * INSTANT_DAY);
    settle();
    is_kept_out(&ben, hash, "treaty.over");
    return hash;
}

static void what_was_received_goes_when_the_notice_has_run(void **state)
{
    (void)state;
    (void)leave_after("two version 1\\nparties BEN NER\\nwithdrawal with notice of 30 days\\n");
    assert_int_equal(found(), 0);
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0); /* I6 */
}

static void what_was_received_stays_where_the_text_keeps_it(void **state)
{
    (void)state;
    (void)leave_after("two version 1\\nparties BEN NER\\n"
                      "withdrawal with notice of 30 days, data kept\\n");
    assert_int_equal(found(), 1);
    assert_int_equal(office_mentions(&ben, "\"state\":\"held\""), 1);
    done(office_put(&ben, lost), __LINE__);
    settle();
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
}

static void a_next_version_takes_over_what_was_shared_without_taking_it_back(void **state)
{
    (void)state;
    done(office_put(&ben, adult), __LINE__);
    settle();
    struct text hash =
        put_two("pact version 2\\nparties BEN NER\\nreplaces pact version 1\\n", SHARE_ALL);
    ACT(&ben, hash, "sign", "");
    ACT(&ner, hash, "sign", "");
    (void)office_send(&ner, &ben);
    office_tick(&ben);
    office_tick(&ner);
    assert_int_equal(found(), 1);
    assert_int_equal(office_send(&ben, &ner), 2); /* the signature, and the record once more */
    assert_int_equal(found(), 1);
    assert_int_equal(office_number(&ben, &ner), 0);
    struct record_key record;
    struct json row;
    must(record_key_view(ner.clerk, store_view(ner.store), TEXT(ID_A), &arena, &record));
    struct row_key key = key_record(&record);
    must(view_get(store_view(ner.store), TABLE_RECORD, &key, &arena, &row));
    assert_true(text_equal(json_get_text(json_get(&row, "basis"), "agreement"), hash));
    settle();
    assert_int_equal(found(), 1);
    rebuilt_alike(&ner);
}

static void a_replaced_text_does_not_come_back_when_the_next_is_left(void **state)
{
    (void)state;
    done(office_put(&ben, adult), __LINE__);
    settle();
    struct text hash =
        put_two("pact version 2\\nparties BEN NER\\nreplaces pact version 1\\n", SHARE_ALL);
    ACT(&ben, hash, "sign", "");
    ACT(&ner, hash, "sign", "");
    settle();
    ACT(&ner, hash, "suspend", "");
    done(office_put(&ben, second), __LINE__);
    settle();
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    ACT(&ner, hash, "withdraw", "");
    settle();
    assert_int_equal(office_rows(&ner, TABLE_RECORD), 0);
    assert_int_equal(office_mentions(&ner, "Zinsou"), 0);
}

static void an_amendment_waits_for_all_whom_the_text_before_binds(void **state)
{
    (void)state;
    struct office *all[] = { &ben, &ner, &tcd, NULL };
    struct text first = put_at(all, "basin version 1\\nparties BEN NER TCD\\n", SHARE_ALL);
    struct text next = put_at(all,
                              "basin version 2\\nparties BEN NER TCD\\n"
                              "in force when 2 parties have signed\\n"
                              "replaces basin version 1\\n",
                              SHARE_ALL);
    for (size_t i = 0; i < 3; i++) {
        struct text signature = office_signature(all[i], first, "sign");
        done(office_bring(&ben, first, signature), __LINE__);
    }
    is_kept_out(&ben, first, NULL);
    done(office_bring(&ben, next, office_signature(&ben, next, "sign")), __LINE__);
    is_kept_out(&ben, next, "treaty.amendment-not-accepted");
    done(office_bring(&ben, next, office_signature(&ner, next, "sign")), __LINE__);
    office_tick(&ben);
    is_kept_out(&ben, next, "treaty.amendment-not-accepted");
    done(office_bring(&ben, next, office_signature(&tcd, next, "sign")), __LINE__);
    office_tick(&ben);
    is_kept_out(&ben, next, NULL);
}

static void a_version_whose_forerunner_is_unknown_stays_out(void **state)
{
    (void)state;
    struct text hash =
        put_two("other version 2\\nparties BEN NER\\nreplaces other version 1\\n", SHARE_ALL);
    ACT(&ben, hash, "sign", "");
    ACT(&ner, hash, "sign", "");
    settle();
    is_kept_out(&ben, hash, "treaty.amended-text-missing");
}

static void put_forerunner(struct office *office)
{
    (void)office_do(office, "chief", VERB_INSTRUMENT_PUT, "%s",
                    "{\"text\":\"agreement other version 1\\nparties BEN NER\\n" SHARE_ALL "\"}");
}

static void a_frame_before_its_agreement_waits_and_is_applied(void **state)
{
    (void)state;
    ACT(&ben, pact, "withdraw", "");
    put_forerunner(&ben);
    struct text hash =
        put_two("other version 2\\nparties BEN NER\\nreplaces other version 1\\n", SHARE_ALL);
    (void)reply_good(office_event(&ben, &ner, hash, "sign"), __LINE__);
    (void)reply_good(office_event(&ben, &ben, hash, "sign"), __LINE__);
    done(office_put(&ben, adult), __LINE__);
    settle();
    is_kept_out(&ben, hash, NULL);
    is_kept_out(&ner, hash, "treaty.amended-text-missing");
    assert_int_equal(office_rows(&ner, TABLE_PARKED), 1);
    assert_int_equal(found(), 0);
    rebuilt_alike(&ner);
    office_keys(&ner);
    put_forerunner(&ner);
    settle();
    assert_int_equal(office_rows(&ner, TABLE_PARKED), 0);
    assert_int_equal(found(), 1);
    rebuilt_alike(&ner);
}

static void a_ring_of_priorities_keeps_the_last_out_and_the_others_work(void **state)
{
    (void)state;
    struct text a = put_two("a version 1\\nparties BEN NER\\nprevails over b\\n", SHARE_ALL);
    struct text b = put_two("b version 1\\nparties BEN NER\\nprevails over a\\n", SHARE_ALL);
    ACT(&ben, a, "sign", "");
    ACT(&ner, a, "sign", "");
    ACT(&ben, b, "sign", "");
    ACT(&ner, b, "sign", "");
    settle();
    is_kept_out(&ben, a, NULL);
    is_kept_out(&ben, b, "treaty.priority-cycle");
    done(office_put(&ben, adult), __LINE__);
    settle();
    assert_int_equal(found(), 1);
    ACT(&ner, a, "withdraw", "");
    settle();
    is_kept_out(&ben, b, NULL); /* the ring is open */
}

static void it_is_applied_provisionally_before_it_is_in_force(void **state)
{
    (void)state;
    struct text hash = put_two("two version 1\\nparties BEN NER\\n"
                               "in force when all parties have ratified\\n"
                               "applied provisionally by BEN, NER\\n",
                               SHARE_ALL);
    ACT(&ben, pact, "withdraw", "");
    ACT(&ben, hash, "sign", "");
    ACT(&ner, hash, "sign", "");
    settle();
    done(office_put(&ben, adult), __LINE__);
    settle();
    assert_int_equal(found(), 1);
    struct json status = status_of(&ben, hash);
    assert_true(text_is(json_get_text(&status, "state"), "provisional"));
}

/* -- refusals --------------------------------------------------------------------------------- */

static void what_no_party_may_do_is_refused_and_leaves_no_trace(void **state)
{
    (void)state;
    static const struct {
        const char *role, *more, *rule;
    } bad[] = {
        { "resume", "", "treaty.not-suspended" },
        { "settle", "\"article\":1", "treaty.not-disputed" },
        { "dispute", "\"article\":7", "treaty.reservation-to-nothing" },
        { "ratify", "", "treaty.ratify-not-asked" },
        { "accede", "", "treaty.may-not-accede" },
        { "object", "\"against\":\"NER\"", "treaty.nothing-to-object" },
        { "reserve", NOT_BOUND("BEN", "1"),
          "treaty.reservation-too-late" },
        { "declare", "\"terms\":{\"language\":\"en\",\"text\":\"\"}", "treaty.declaration-empty" },
        { "suspend", "\"against\":\"TCD\"", "treaty.not-a-party" },
        { "suspend", "\"against\":\"BEN\"", "treaty.against-itself" },
    };
    uint64_t journal = office_journal(&ben);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        reply_refused(act_of(&ben, pact, bad[i].role, bad[i].more), bad[i].rule);
    assert_int_equal(office_journal(&ben), journal);
}

static void a_reservation_to_nothing_or_for_another_is_refused(void **state)
{
    (void)state;
    struct text hash = put_two("two version 1\\nparties BEN NER\\n", SHARE_ALL);
    reply_refused(act_of(&ben, hash, "reserve",
                         NOT_BOUND("BEN", "9")),
                  "treaty.reservation-to-nothing");
    reply_refused(act_of(&ben, hash, "reserve",
                         NOT_BOUND("NER", "1")),
                  "treaty.reservation-of-another");
    reply_refused(act_of(&ben, hash, "reserve", ""), "treaty.reservation-missing");
    ACT(&ben, hash, "reserve", NOT_BOUND("BEN", "1"));
}

static void an_act_of_tomorrow_is_refused_here_and_waits_where_it_arrives(void **state)
{
    (void)state;
    now = instant_plus(now, INSTANT_DAY);
    struct text tomorrow = office_signature(&ben, pact, "withdraw");
    now = instant_plus(now, -INSTANT_DAY);
    reply_refused(office_bring(&ben, pact, tomorrow), "treaty.act-in-future");
}

static void an_act_of_another_key_or_on_another_text_is_refused(void **state)
{
    (void)state;
    struct text hash = put_two("two version 1\\nparties BEN NER\\n", SHARE_ALL);
    reply_refused(office_bring(&ben, pact, office_signature(&ben, hash, "withdraw")),
                  "clerk.signature-of-another");
    reply_refused(office_bring(&ben, pact, office_signature(&tcd, pact, "withdraw")),
                  "clerk.not-a-party");
    struct text good = office_signature(&ner, pact, "suspend");
    uint8_t *bad = arena_take(&arena, good.len);
    memcpy(bad, good.data, good.len);
    bad[good.len - 20] ^= 1;
    assert_true(failed(office_bring(&ben, pact, (struct text){ (char *)bad, good.len }).err));
}

#define THREE_OF(name) cmocka_unit_test_setup_teardown(name, three_begin, three_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_OF(a_suspension_lets_nothing_new_flow_and_takes_nothing_back),
        TEST_OF(what_crossed_a_suspension_is_offered_again),
        TEST_OF(what_changes_while_it_is_suspended_is_taken_back),
        TEST_OF(a_safeguard_works_through_a_suspension),
        TEST_OF(a_dispute_stops_its_clause_and_no_other),
        TEST_OF(a_reservation_by_act_narrows_and_the_hash_stays),
        TEST_OF(an_opposed_reservation_ends_it_between_the_two),
        TEST_OF(what_was_received_goes_when_the_notice_has_run),
        TEST_OF(what_was_received_stays_where_the_text_keeps_it),
        TEST_OF(a_next_version_takes_over_what_was_shared_without_taking_it_back),
        TEST_OF(a_replaced_text_does_not_come_back_when_the_next_is_left),
        THREE_OF(an_amendment_waits_for_all_whom_the_text_before_binds),
        TEST_OF(a_version_whose_forerunner_is_unknown_stays_out),
        TEST_OF(a_frame_before_its_agreement_waits_and_is_applied),
        TEST_OF(a_ring_of_priorities_keeps_the_last_out_and_the_others_work),
        TEST_OF(it_is_applied_provisionally_before_it_is_in_force),
        TEST_OF(what_no_party_may_do_is_refused_and_leaves_no_trace),
        TEST_OF(a_reservation_to_nothing_or_for_another_is_refused),
        TEST_OF(an_act_of_tomorrow_is_refused_here_and_waits_where_it_arrives),
        THREE_OF(an_act_of_another_key_or_on_another_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
