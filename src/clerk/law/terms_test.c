/* What a clause says about how a record goes: less exact, so many a day, for whose use. */
#include "test_pact.h"

#include "clerk/apply.h"

static void pact_under(const char *parts)
{
    struct office *both[] = { &ben, &ner };
    struct text keys[] = { hex_format(&arena, BYTES_OF(ben.config.root_key)),
                           hex_format(&arena, BYTES_OF(ner.config.root_key)) };
    struct text hash = { NULL, 0 };
    for (size_t i = 0; i < 2; i++) {
        struct json body = office_do(
            both[i], "chief", VERB_INSTRUMENT_PUT,
            "{\"text\":\"agreement terms version 1\\nparties BEN NER\\n"
            "in force when all parties have signed\\n\\narticle 1\\n%s\\n\\nannex\\n"
            "  party BEN key %.64s\\n  party NER key %.64s\\n\"}",
            parts, keys[0].data, keys[1].data);
        hash = json_get_text(&body, "hash");
    }
    sign_all(hash);
    office_introduce(&ben, &ner);
    office_introduce(&ner, &ben);
    office_tick(&ben);
    office_tick(&ner);
    (void)office_send(&ben, &ner);
    (void)office_send(&ner, &ben);
}

#define SHARE                                                                                    \
    "  share person where category is wanted.arrest\\n"                                          \
    "    among parties for criminal-investigation by copy\\n"

static int offices_open(void **state)
{
    int bad = test_begin(state);
    office_open(&ben, "BEN");
    office_open(&ner, "NER");
    return bad;
}

static void row_of(struct office *office, struct json *row)
{
    struct record_key record;
    must(record_key_view(office->clerk, store_view(office->store), TEXT(ID_A), &arena, &record));
    struct row_key key = key_record(&record);
    must(view_get(store_view(office->store), TABLE_RECORD, &key, &arena, row));
}

static const struct json *statement(const struct json *record, const char *attribute)
{
    const struct json *list = json_get(record, "statements");
    for (size_t i = 0; i < json_count(list); i++) {
        if (text_is(json_get_text(json_item(list, i), "attribute"), attribute))
            return json_item(list, i);
    }
    return NULL;
}

static void a_date_goes_as_its_year(void **state)
{
    (void)state;
    struct json row;
    pact_under(SHARE "  coarsen field birth-date to year\\n  coarsen field name to initials");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    row_of(&ner, &row);
    const struct json *record = json_get(&row, "record");
    const struct json *value = json_get(statement(record, "birth-date"), "value");
    assert_true(text_is(json_get_text(value, "from"), "1980-01-01"));
    assert_true(text_is(json_get_text(value, "to"), "1980-12-31"));
    assert_true(text_is(json_get_text(value, "quality"), "year-only"));
    value = json_get(statement(record, "name"), "value");
    assert_true(text_is(json_get_text(value, "full"), "Z. M."));
    assert_int_equal(json_count(json_get(record, "coarsened")), 2);
    assert_int_equal(office_mentions(&ner, "1980-03-04"), 0); /* nowhere at the partner */
    assert_int_equal(office_mentions(&ner, "Marguerite"), 0);
}

static void a_capacity_holds_back_and_opens_with_the_next_day(void **state)
{
    (void)state;
    struct test_person second = adult;
    second.id = ID_B;
    second.name = "Okpara Theophile";
    pact_under(SHARE "    at most 1 per day");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)reply_good(office_put(&ben, second), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 0);
    struct test_person newer = adult;
    newer.name = "Zinsou Marguerite Rose";
    (void)reply_good(office_put(&ben, newer), __LINE__); /* what they hold is not counted anew */
    assert_int_equal(office_send(&ben, &ner), 1);
    now = instant_plus(now, INSTANT_DAY);
    office_tick(&ben);
    assert_int_equal(office_send(&ben, &ner), 1);
    assert_int_equal(office_hits(&ner, "OKPARA Theophile"), 1);
    assert_int_equal(office_hits(&ner, "ZINSOU Marguerite"), 1); /* nothing was taken back */
}

static void a_question_beyond_the_capacity_is_refused(void **state)
{
    (void)state;
    const char *question = "{\"partner\":\"NER\",\"form\":\"trace\","
                           "\"purpose\":\"criminal-investigation\",\"question\":{}}";
    pact_under("  ask trace among parties for criminal-investigation\\n    at most 1 per day");
    (void)reply_good(office_try(&ben, "officer", VERB_ASK, "%s", question), __LINE__);
    reply_refused(office_try(&ben, "officer", VERB_ASK, "%s", question), "clerk.capacity");
    now = instant_plus(now, INSTANT_DAY);
    (void)reply_good(office_try(&ben, "officer", VERB_ASK, "%s", question), __LINE__);
}

static void a_copy_says_whose_units_may_use_it(void **state)
{
    (void)state;
    struct json row;
    pact_under(SHARE "    for use by police, border");
    (void)reply_good(office_put(&ben, adult), __LINE__);
    assert_int_equal(office_send(&ben, &ner), 1);
    row_of(&ner, &row);
    const struct json *audience = json_get(&row, "audience");
    assert_int_equal(json_count(audience), 2);
    assert_true(text_is(json_item_text(audience, 0), "police"));
}

#define TERMS(name) cmocka_unit_test_setup_teardown(name, offices_open, pact_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TERMS(a_date_goes_as_its_year),
        TERMS(a_capacity_holds_back_and_opens_with_the_next_day),
        TERMS(a_question_beyond_the_capacity_is_refused),
        TERMS(a_copy_says_whose_units_may_use_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
