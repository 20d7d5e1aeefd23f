/* One node: what a command does, what a failing one does not do, and what a restart changes. */
#include "test_clerk.h"

#include "clerk/apply.h"

#define ID_A "BEN-01ARZ3NDEKTSV4RRFFQ69G5FAV"
#define ID_B "BEN-01ARZ3NDEKTSV4RRFFQ69G5FAW"

static const struct test_person person_a = { ID_A, "Zinsou Marguerite", "1980-03-04",
                                             "wanted.arrest" };
static const struct test_person person_b = { ID_B, "Okpara Theophile", "1975-01-02",
                                             "wanted.arrest" };
static struct office ben;

static int begin(void **state)
{
    int bad = test_begin(state);
    office_open(&ben, "BEN");
    (void)office_do(&ben, "admin", VERB_UNIT_PUT, "%s",
                    "{\"unit\":{\"id\":\"registry\",\"name\":\"Registry\",\"branch\":\"police\","
                    "\"ceiling\":\"restricted\",\"purposes\":[\"criminal-investigation\"]}}");
    return bad;
}

static int end(void **state)
{
    (void)state;
    office_close(&ben);
    return 0;
}

static void a_record_put_is_searchable_when_its_commit_returns(void **state)
{
    (void)state;
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    struct json body = reply_good(office_put(&ben, person_a), __LINE__);
    assert_true(text_is(json_get_text(&body, "result"), "created"));
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
    assert_int_equal(office_hits(&ben, "OKPARA Theophile"), 0);
}

static void the_same_record_again_adds_no_fact(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, person_a), __LINE__);
    uint64_t journal = office_journal(&ben);
    struct json body = reply_good(office_put(&ben, person_a), __LINE__);
    assert_true(text_is(json_get_text(&body, "result"), "unchanged"));
    assert_int_equal(office_journal(&ben), journal);
}

static void a_changed_record_is_found_by_its_new_name_only(void **state)
{
    (void)state;
    struct test_person renamed = person_a;
    renamed.name = "Okpara Theophile";
    (void)reply_good(office_put(&ben, person_a), __LINE__);
    struct json body = reply_good(office_put(&ben, renamed), __LINE__);
    int64_t version = 0;
    assert_true(json_get_integer(&body, "version", &version));
    assert_int_equal(version, 2);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    assert_int_equal(office_hits(&ben, "OKPARA Theophile"), 1);
}

static void many_changes_keep_one_document_alive(void **state)
{
    (void)state;
    char name[32];
    struct test_person person = person_a;
    person.name = name;
    for (int i = 0; i < 70; i++) { /* more than there may be segments */
        (void)snprintf(name, sizeof(name), "Zinsou Marguerite%c%c", 'a' + i % 26, 'a' + i / 26);
        (void)reply_good(office_put(&ben, person), __LINE__);
    }
    const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
    assert_int_equal(view->doc_count, 1);
    assert_true(view->segment_count <= INDEX_SEGMENTS_MAX);
    shelf_give(clerk_shelf(ben.clerk), view);
    assert_int_equal(office_hits(&ben, name), 1);
}

static void only_the_owner_changes_a_record(void **state)
{
    (void)state;
    struct test_person foreign = person_a;
    foreign.id = "NER-01ARZ3NDEKTSV4RRFFQ69G5FAV";
    uint64_t journal = office_journal(&ben);
    reply_refused(office_put(&ben, foreign), "clerk.not-the-owner"); /* I2 */
    reply_refused(office_try(&ben, "officer", VERB_RECORD_WITHDRAW,
                             "{\"record\":\"NER-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"reason\":\"x\"}"),
                  "clerk.no-such-owner");
    assert_int_equal(office_journal(&ben), journal);
}

static void a_role_that_may_not_is_refused_by_name(void **state)
{
    (void)state;
    reply_refused(office_try(&ben, "admin", VERB_RECORD_ERASE,
                             "{\"record\":\"" ID_A "\",\"reason\":\"x\"}"),
                  "clerk.role");
    reply_refused(office_try(&ben, "officer", VERB_FEED_NUMBER, "%s", "{\"partner\":\"NER\"}"),
                  "clerk.role");
}

static struct command note_on(const char *id, struct json *body)
{
    char text[256];
    (void)snprintf(text, sizeof(text),
                   "{\"record\":\"%s\",\"kind\":\"refugee-status\",\"text\":\"x\"}", id);
    *body = test_json(text);
    return test_command(&ben, "officer", VERB_NOTE_PUT, body);
}

static struct command unit_put(const char *id, struct json *body)
{
    char text[256];
    (void)snprintf(text, sizeof(text),
                   "{\"unit\":{\"id\":\"%s\",\"name\":\"Post\",\"branch\":\"border\","
                   "\"ceiling\":\"restricted\",\"purposes\":[]}}",
                   id);
    *body = test_json(text);
    return test_command(&ben, "admin", VERB_UNIT_PUT, body);
}

static void a_failing_command_leaves_its_neighbours_alone(void **state)
{
    (void)state;
    struct json bodies[5];
    struct reply replies[5];
    struct command batch[5] = { unit_put("post-1", &bodies[0]), note_on(ID_B, &bodies[1]),
                                unit_put("post-2", &bodies[2]), unit_put("Not A Slug", &bodies[3]),
                                unit_put("post-3", &bodies[4]) };
    uint64_t journal = office_journal(&ben);
    office_batch(&ben, batch, 5, replies);
    assert_false(failed(replies[0].err));
    assert_true(failed(replies[1].err));
    assert_false(failed(replies[2].err));
    assert_string_equal(replies[1].err.rule, "clerk.no-such-record");
    assert_true(failed(replies[3].err));
    assert_false(failed(replies[4].err));
    assert_int_equal(office_journal(&ben), journal + 3);
    assert_int_equal(office_rows(&ben, TABLE_UNIT), 4);
}

/* An instrument whose second signature is bad fails after its text was written (C2). */
static void a_command_that_fails_after_it_wrote_leaves_nothing(void **state)
{
    (void)state;
    char text[2048];
    struct json bodies[3];
    struct reply replies[3];
    struct text root = hex_format(&arena, BYTES_OF(ben.config.root_key));
    (void)snprintf(text, sizeof(text),
                   "{\"text\":\"agreement pact version 1\\ntitle \\\"P\\\"\\nparties BEN NER\\n"
                   "in force when all parties have signed\\nclassification up to restricted\\n\\n"
                   "article 1 \\\"A\\\"\\n  share person among parties for criminal-investigation "
                   "by copy\\n\\nannex\\n  party BEN key %.64s\\n  party NER key %064d\\n\","
                   "\"signatures\":[\"no statement\"]}",
                   root.data, 7);
    bodies[1] = test_json(text);
    struct command batch[3] = { unit_put("post-1", &bodies[0]),
                                test_command(&ben, "chief", VERB_INSTRUMENT_PUT, &bodies[1]),
                                unit_put("post-2", &bodies[2]) };
    office_batch(&ben, batch, 3, replies);
    assert_false(failed(replies[0].err));
    assert_true(failed(replies[1].err));
    assert_false(failed(replies[2].err));
    assert_int_equal(office_rows(&ben, TABLE_AGREEMENT), 0);
    assert_int_equal(office_rows(&ben, TABLE_UNIT), 3);
    const char *const others[] = { "{\"no\":\"list\"}", "[7]" };
    for (size_t i = 0; i < 2; i++) {
        struct json none = test_json(others[i]);
        json_set(&arena, &bodies[1], "signatures", none);
        assert_true(failed(office_command(&ben, batch[1]).err));
        assert_int_equal(office_rows(&ben, TABLE_AGREEMENT), 0);
    }
}

static void a_key_gives_the_first_reply_again_and_no_other_request(void **state)
{
    (void)state;
    struct json body;
    struct json other;
    struct command command = unit_put("post-1", &body);
    command.idempotency = TEXT("key-1");
    struct json first = reply_good(office_command(&ben, command), __LINE__);
    uint64_t journal = office_journal(&ben);
    struct json again = reply_good(office_command(&ben, command), __LINE__);
    assert_true(json_equal(&first, &again));
    assert_int_equal(office_journal(&ben), journal);
    struct command second = unit_put("post-2", &other);
    second.idempotency = TEXT("key-1");
    reply_refused(office_command(&ben, second), "clerk.key-reused");
    second.by.who.user = TEXT("another"); /* whose keys are another's */
    (void)reply_good(office_command(&ben, second), __LINE__);
}

static void a_key_is_forgotten_after_a_day(void **state)
{
    (void)state;
    struct json body;
    struct command command = unit_put("post-1", &body);
    command.idempotency = TEXT("key-1");
    (void)reply_good(office_command(&ben, command), __LINE__);
    now = instant_plus(now, INSTANT_DAY - INSTANT_SECOND);
    office_tick(&ben);
    assert_int_equal(office_rows(&ben, TABLE_IDEMPOTENCY), 1);
    now = instant_plus(now, INSTANT_SECOND);
    office_tick(&ben);
    assert_int_equal(office_rows(&ben, TABLE_IDEMPOTENCY), 0);
}

static struct reply look(const char *unit, const char *purpose, const struct json *reference)
{
    struct json body = test_json("{\"kind\":\"look\",\"record\":\"" ID_A "\"}");
    struct command command = test_command(&ben, "officer", VERB_LOOK, &body);
    command.by.who.unit = text_literal(unit);
    command.by.purpose = text_literal(purpose);
    command.by.reference = reference;
    return office_command(&ben, command);
}

static void an_access_entry_is_durable_and_found_by_record_and_user(void **state)
{
    (void)state;
    struct json reference = test_json("{\"case\":\"2026-77\"}");
    (void)reply_good(office_put(&ben, person_a), __LINE__);
    struct json body = reply_good(look("registry", "criminal-investigation", &reference), __LINE__);
    int64_t entry = 0;
    assert_true(json_get_integer(&body, "entry", &entry));
    office_reopen(&ben); /* I3 */
    assert_int_equal(office_journal(&ben), entry);
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_RECORD), 2); /* put, look */
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_USER), 1);
}

static void a_look_without_purpose_reference_or_competence_is_refused(void **state)
{
    (void)state;
    struct json reference = test_json("{\"case\":\"2026-77\"}");
    uint64_t journal = office_journal(&ben);
    reply_refused(look("registry", "", &reference), "clerk.purpose-missing");
    reply_refused(look("registry", "curiosity", &reference), "model.unknown-purpose");
    reply_refused(look("registry", "criminal-investigation", NULL), "model.reference-missing");
    reply_refused(look("nowhere", "criminal-investigation", &reference), "clerk.no-such-unit");
    struct json lane = test_json("{\"post\":\"Seme\",\"lane\":\"3\"}");
    reply_refused(look("registry", "border-check", &lane), "clerk.not-your-competence");
    assert_int_equal(office_journal(&ben), journal);
}

/* Every disk effect of a commit fails once: the reply says so and nothing is there; then it
 * works. */
static void a_failed_commit_fails_all_replies_and_changes_nothing(void **state)
{
    (void)state;
    static const enum store_fault faults[] = { STORE_FAULT_WRITE_FAIL, STORE_FAULT_FSYNC_FAIL };
    struct json bodies[2];
    struct reply replies[2];
    struct command batch[2] = { unit_put("post-1", &bodies[0]), unit_put("post-2", &bodies[1]) };
    int failures = 0;
    for (size_t f = 0; f < sizeof(faults) / sizeof(faults[0]); f++) {
        for (uint64_t ahead = 1; ahead <= 3; ahead++) {
            uint64_t journal = office_journal(&ben);
            size_t units = office_rows(&ben, TABLE_UNIT);
            store_memory_script(ben.store, store_memory_effects(ben.store) + ahead, faults[f]);
            office_batch(&ben, batch, 2, replies);
            store_memory_script(ben.store, 0, STORE_FAULT_NONE);
            if (!failed(replies[0].err)) {
                assert_false(failed(replies[1].err));
                continue; /* the fault fell on no effect of its kind */
            }
            failures++;
            assert_string_equal(replies[0].err.rule, replies[1].err.rule);
            assert_int_equal(office_journal(&ben), journal);
            assert_int_equal(office_rows(&ben, TABLE_UNIT), units);
        }
    }
    assert_true(failures >= 2);
    (void)reply_good(office_put(&ben, person_b), __LINE__);
    assert_int_equal(office_hits(&ben, "OKPARA Theophile"), 1);
}

static void a_record_of_a_failed_commit_is_not_found(void **state)
{
    (void)state;
    store_memory_script(ben.store, store_memory_effects(ben.store) + 1, STORE_FAULT_WRITE_FAIL);
    assert_true(failed(office_put(&ben, person_a).err));
    store_memory_script(ben.store, 0, STORE_FAULT_NONE);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 0);
    (void)reply_good(office_put(&ben, person_a), __LINE__);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
}

static void a_reopened_clerk_answers_alike(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, person_a), __LINE__);
    (void)reply_good(office_put(&ben, person_b), __LINE__);
    (void)office_do(&ben, "officer", VERB_RECORD_WITHDRAW, "%s",
                    "{\"record\":\"" ID_B "\",\"reason\":\"found\"}");
    office_reopen(&ben);
    assert_int_equal(office_hits(&ben, "ZINSOU Marguerite"), 1);
    assert_int_equal(office_hits(&ben, "OKPARA Theophile"), 0);
    struct json body = reply_good(office_put(&ben, person_a), __LINE__);
    assert_true(text_is(json_get_text(&body, "result"), "unchanged"));
    body = reply_good(office_put(&ben, person_b), __LINE__);
    int64_t version = 0;
    assert_true(json_get_integer(&body, "version", &version));
    assert_int_equal(version, 3); /* put, withdrawn, put */
}

static void an_erased_record_is_nowhere_and_its_looks_remain(void **state)
{
    (void)state;
    struct json reference = test_json("{\"case\":\"2026-77\"}");
    struct test_person marked = person_a;
    struct json note;
    marked.name = "Xylocarp Marguerite";
    (void)reply_good(office_put(&ben, marked), __LINE__);
    (void)reply_good(office_command(&ben, note_on(ID_A, &note)), __LINE__);
    (void)reply_good(look("registry", "criminal-investigation", &reference), __LINE__);
    assert_true(office_mentions(&ben, "Xylocarp") > 0);
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    assert_int_equal(office_mentions(&ben, "Xylocarp"), 0); /* I6 */
    assert_int_equal(office_hits(&ben, "XYLOCARP Marguerite"), 0);
    assert_int_equal(office_rows(&ben, TABLE_NOTE), 0);
    assert_int_equal(office_rows(&ben, TABLE_ACCESS_RECORD), 2); /* look, erasure */
    reply_refused(office_put(&ben, marked), "clerk.erased");
}

static void a_request_that_is_kept_for_its_key_keeps_no_content(void **state)
{
    (void)state;
    struct json body = test_json("{\"record\":\"" ID_A "\",\"kind\":\"refugee-status\","
                                 "\"text\":\"Xylocarp was here\"}");
    struct command command = test_command(&ben, "officer", VERB_NOTE_PUT, &body);
    command.idempotency = TEXT("key-1");
    (void)reply_good(office_put(&ben, person_a), __LINE__);
    (void)reply_good(office_command(&ben, command), __LINE__);
    (void)office_do(&ben, "chief", VERB_RECORD_ERASE, "%s",
                    "{\"record\":\"" ID_A "\",\"reason\":\"court order\"}");
    assert_int_equal(office_rows(&ben, TABLE_IDEMPOTENCY), 1);
    assert_int_equal(office_mentions(&ben, "Xylocarp"), 0);
}

static void a_command_that_fills_the_arena_leaves_it_to_its_neighbours(void **state)
{
    (void)state;
    enum { LONG = 600 << 10 };
    struct json bodies[3];
    struct reply replies[3];
    struct arena whole = arena;
    char *text = arena_take(&arena, LONG);
    memset(text, 'x', LONG);
    bodies[1] = json_object();
    struct json record = json_object();
    json_set_text(&arena, &record, "id", (struct text){ text, LONG });
    json_set(&arena, &bodies[1], "record", record);
    struct command batch[3] = { unit_put("post-1", &bodies[0]),
                                test_command(&ben, "officer", VERB_RECORD_PUT, &bodies[1]),
                                unit_put("post-2", &bodies[2]) };
    arena.used = whole.size - (500 << 10);
    office_batch(&ben, batch, 3, replies);
    assert_false(failed(replies[0].err));
    assert_string_equal(replies[1].err.rule, "arena.full");
    assert_false(failed(replies[2].err));
    assert_int_equal(office_rows(&ben, TABLE_UNIT), 3);
}

/* Whatever a command finds no room for, journal, rows and index agree afterwards. */
static void an_arena_of_any_size_leaves_journal_and_index_agreed(void **state)
{
    (void)state;
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    struct arena whole = arena;
    size_t put = 0;
    size_t refused = 0;
    size_t missed = 0; /* durable, and not at once in the index: made again by the next command */
    for (size_t size = 16 << 10; size < 80 << 10; size += 64) {
        char id[] = "BEN-01ARZ3NDEKTSV4RRFFQ69G5F00";
        struct test_person person = person_b;
        id[sizeof(id) - 3] = digits[size / 64 / 32 % 32];
        id[sizeof(id) - 2] = digits[size / 64 % 32];
        person.id = id;
        size_t before = office_rows(&ben, TABLE_RECORD);
        arena.used = whole.size - size; /* the command, its body and its commit live in `size` */
        struct reply reply = office_put(&ben, person);
        arena = whole;
        arena.used = whole.size / 2;
        size_t after = office_rows(&ben, TABLE_RECORD);
        put += after - before;
        refused += failed(reply.err);
        missed += failed(reply.err) && after > before;
        (void)office_do(&ben, "node", VERB_TICK, "%s", "{}");
        const struct shelf_view *view = shelf_take(clerk_shelf(ben.clerk));
        assert_int_equal(view->doc_count, after);
        shelf_give(clerk_shelf(ben.clerk), view);
    }
    assert_true(put > 10 && refused > 10);
    print_message("%zu put, %zu refused, %zu missed by the index\n", put, refused, missed);
}

static void an_alert_from_before_1970_is_an_alert(void **state)
{
    (void)state;
    struct json body = reply_good(office_put(&ben, person_a), __LINE__);
    struct row_key key;
    struct record_key record;
    struct json row;
    must(record_key_view(ben.clerk, store_view(ben.store), TEXT(ID_A), &arena, &record));
    key = key_record(&record);
    must(view_get(store_view(ben.store), TABLE_RECORD, &key, &arena, &row));
    struct json old = json_copy(&arena, json_get(&row, "record"));
    struct json list = json_array();
    struct json alert = json_copy(&arena, json_item(json_get(&old, "alerts"), 0));
    json_set(&arena, &alert, "valid", test_json("{\"from\":\"1931-01-01\"}"));
    json_push(&arena, &list, alert);
    json_set(&arena, &old, "alerts", list);
    body = json_object();
    json_set(&arena, &body, "record", old);
    (void)reply_good(office_command(&ben, test_command(&ben, "officer", VERB_RECORD_PUT, &body)),
                     __LINE__);
    assert_int_equal(office_rows(&ben, TABLE_DEADLINE), 2); /* to come: its review, its end */
}

int main(void)
{
#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST_OF(a_record_put_is_searchable_when_its_commit_returns),
        TEST_OF(the_same_record_again_adds_no_fact),
        TEST_OF(a_changed_record_is_found_by_its_new_name_only),
        TEST_OF(many_changes_keep_one_document_alive),
        TEST_OF(only_the_owner_changes_a_record),
        TEST_OF(a_role_that_may_not_is_refused_by_name),
        TEST_OF(a_failing_command_leaves_its_neighbours_alone),
        TEST_OF(a_command_that_fails_after_it_wrote_leaves_nothing),
        TEST_OF(a_key_gives_the_first_reply_again_and_no_other_request),
        TEST_OF(a_key_is_forgotten_after_a_day),
        TEST_OF(an_access_entry_is_durable_and_found_by_record_and_user),
        TEST_OF(a_look_without_purpose_reference_or_competence_is_refused),
        TEST_OF(a_failed_commit_fails_all_replies_and_changes_nothing),
        TEST_OF(a_record_of_a_failed_commit_is_not_found),
        TEST_OF(a_reopened_clerk_answers_alike),
        TEST_OF(an_erased_record_is_nowhere_and_its_looks_remain),
        TEST_OF(a_command_that_fills_the_arena_leaves_it_to_its_neighbours),
        TEST_OF(an_arena_of_any_size_leaves_journal_and_index_agreed),
        TEST_OF(an_alert_from_before_1970_is_an_alert),
        TEST_OF(a_request_that_is_kept_for_its_key_keeps_no_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
