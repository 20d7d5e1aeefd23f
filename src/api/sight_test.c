/* What an asker may not see leaves no trace in an answer: it is the answer of a node where those
 * records do not exist. */
#include "test_api.h"

#include "clerk/record/sight.h"

enum { RECORDS = 140, WORLDS = 12, QUESTIONS = 4 };

static uint64_t dice;

static uint64_t roll(uint64_t sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (dice >> 33) % sides;
}

/* A record as a row of the table, and what hides it. */
struct held {
    struct json row;
    enum classification level;
    bool copy;
    bool for_investigation, for_border; /* purposes of the clause */
    bool any_unit, for_police;          /* its audience */
    bool silent;
};

static struct json own_template, copy_template;
static struct held world[RECORDS];

static struct json string_list(bool first, const char *a, bool second, const char *b)
{
    struct json list = json_array();
    if (first)
        json_push(&arena, &list, json_literal(a));
    if (second)
        json_push(&arena, &list, json_literal(b));
    return list;
}

static const char *const people[] = { "Abiola Chidinma", "Zinsou Marguerite" };

static void set_record(struct held *one, size_t number)
{
    static const char *const levels[] = { "restricted", "confidential", "secret" };
    struct json record = json_copy(&arena, json_get(&one->row, "record"));
    char id[40];
    (void)snprintf(id, sizeof(id), "%s-01ARZ3NDEKTSV4RRFFQ69G6%c%c%c", one->copy ? "BEN" : "NER",
                   'A' + (int)(number / 100), '0' + (int)(number / 10 % 10),
                   '0' + (int)(number % 10));
    size_t level = (size_t)roll(3);
    one->level = (enum classification)((int)CLASSIFICATION_RESTRICTED + (int)level);
    json_set_text(&arena, &record, "id", arena_copy_text(&arena, text_literal(id)));
    json_set(&arena, &record, "classification", json_literal(levels[level]));
    struct json statements = json_copy(&arena, json_get(&record, "statements"));
    struct json value = json_object();
    json_set(&arena, &value, "full", json_literal(people[roll(8) == 0]));
    json_set(&arena, &statements.items[0], "value", value);
    json_set(&arena, &record, "statements", statements);
    json_set(&arena, &one->row, "record", record);
    json_set_integer(&arena, &one->row, "doc", (int64_t)number);
}

static void make_world(void)
{
    for (size_t i = 0; i < RECORDS; i++) {
        struct held *one = &world[i];
        *one = (struct held){ .copy = roll(3) > 0 };
        one->row = json_copy(&arena, one->copy ? &copy_template : &own_template);
        set_record(one, i + 1);
        if (!one->copy)
            continue;
        one->for_investigation = roll(2) == 0;
        one->for_border = roll(2) == 0;
        one->any_unit = roll(2) == 0;
        one->for_police = roll(2) == 0;
        one->silent = roll(4) == 0;
        json_set(&arena, &one->row, "purposes",
                 string_list(one->for_investigation, "criminal-investigation", one->for_border,
                             "border-check"));
        json_set_integer(&arena, &one->row, "silence_days", one->silent ? 2 : 365);
        if (!one->any_unit)
            json_set(&arena, &one->row, "audience",
                     string_list(one->for_police, "police", true, "customs"));
    }
}

/* The rule once more, from what was rolled. */
static bool may_see(const struct held *one, const struct caller *caller)
{
    bool border = text_is(caller->purpose, "border-check");
    if (one->level > caller->clearance)
        return false;
    return !one->copy || ((border ? one->for_border : one->for_investigation) &&
                          (one->any_unit || one->for_police) && !one->silent);
}

/* The node holds these records, all or those that the caller may see. */
static size_t hold_world(const struct caller *only_opt)
{
    size_t held = 0;
    must(store_begin(ner.store));
    for (size_t i = 0; i < RECORDS; i++) {
        struct record_key record;
        struct bytes value;
        struct text id = json_get_text(json_get(&world[i].row, "record"), "id");
        must(record_key_view(ner.clerk, store_view(ner.store), id, &arena, &record));
        struct row_key key = key_record(&record);
        struct row_key doc = key_u64(i + 1);
        must(store_delete(ner.store, TABLE_DOC, key_bytes(&doc)));
        must(store_delete(ner.store, TABLE_RECORD, key_bytes(&key)));
        if (only_opt != NULL && !may_see(&world[i], only_opt))
            continue;
        must(json_format(&world[i].row, &arena, &value));
        must(store_put(ner.store, TABLE_RECORD, key_bytes(&key), value));
        must(store_put(ner.store, TABLE_DOC, key_bytes(&doc), key_bytes(&key)));
        held++;
    }
    must(store_commit(ner.store));
    office_reopen(&ner);
    return held;
}

static struct json ask(const struct caller *caller, const char *question)
{
    char body[512];
    struct api_work work;
    struct api_request request = { .method = API_POST, .path = TEXT("/v1/search"),
                                   .caller = *caller };
    struct api_world at = { .clerk = ner.clerk, .view = store_view(ner.store),
                            .shelf = clerk_shelf(ner.clerk), .now = now, .arena = &arena };
    (void)snprintf(body, sizeof(body),
                   "{\"purpose\":\"%.*s\",\"reference\":{\"case\":\"2026-17\"},\"query\":%s}",
                   (int)caller->purpose.len, caller->purpose.data, question);
    request.body = text_bytes(arena_copy_text(&arena, text_literal(body)));
    api_handle(&at, &request, &work);
    must(work.err);
    return work.answer;
}

static struct caller random_caller(void)
{
    struct json nothing = json_object();
    struct caller caller = test_command(&ner, "officer", VERB_LOOK, &nothing).by;
    caller.clearance = (enum classification)((int)CLASSIFICATION_RESTRICTED + (int)roll(3));
    caller.purpose = roll(2) == 0 ? TEXT("criminal-investigation") : TEXT("border-check");
    return caller;
}

static void take_templates(void)
{
    struct test_person mine = { "NER-01ARZ3NDEKTSV4RRFFQ69G5FAV", "Abiola Chidinma", "1980-03-04",
                                "wanted.arrest" };
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    (void)reply_good(office_put(&ner, mine), __LINE__);
    assert_true(duty_row(&ner, ID_A, &copy_template));
    assert_true(duty_row(&ner, mine.id, &own_template));
    (void)office_do(&ben, "chief", VERB_RECORD_WITHDRAW,
                    "{\"record\":\"" ID_A "\",\"reason\":\"closed\"}");
    (void)office_send(&ben, &ner);
    (void)office_do(&ner, "chief", VERB_RECORD_ERASE, "{\"record\":\"%s\",\"reason\":\"x\"}",
                    mine.id);
    while (office_journal(&ner) < RECORDS) /* numbers for the documents */
        (void)office_do(&ner, "admin", VERB_UNIT_PUT,
                        "{\"unit\":{\"id\":\"post-%llu\",\"name\":\"Post\",\"branch\":\"border\","
                        "\"ceiling\":\"restricted\",\"purposes\":[]}}",
                        (unsigned long long)office_journal(&ner));
    now = instant_plus(now, 10 * INSTANT_DAY); /* nobody ticks: nothing is erased */
}

static void hidden_records_are_as_if_they_were_not(void **state)
{
    (void)state;
    static const char *const questions[QUESTIONS] = {
        "{\"name\":\"Abiola Chidinma\"}", "{\"name\":\"Zinsou Marguerite\"}",
        "{\"name\":\"Chidinma\"}", "{\"name\":\"Abiola Chidinma\",\"birth\":{\"year\":1980}}"
    };
    size_t common = 0;
    size_t hidden = 0;
    take_templates();
    size_t mark = arena.used;
    for (dice = 1; dice <= WORLDS; dice++) {
        uint64_t seed = dice;
        struct json answers[QUESTIONS];
        arena_rewind(&arena, mark);
        make_world();
        struct caller caller = random_caller();
        (void)hold_world(NULL);
        for (size_t q = 0; q < QUESTIONS; q++)
            answers[q] = ask(&caller, questions[q]);
        size_t seen = hold_world(&caller);
        hidden += RECORDS - seen;
        for (size_t q = 0; q < QUESTIONS; q++) {
            struct json alone = ask(&caller, questions[q]);
            int64_t records = 0;
            assert_true(json_get_integer(json_get(&alone, "searched"), "records", &records));
            assert_int_equal(records, seen);
            assert_true(json_equal(&alone, &answers[q]));
            common += json_get_bool(&alone, "too_common");
        }
        dice = seed;
    }
    assert_true(hidden > 0);
    assert_true(common > 0 && common < (size_t)WORLDS * QUESTIONS);
}

static void set_effect(const char *effect)
{
    (void)office_do(&ner, "chief", VERB_EFFECT_SET,
                    "{\"record\":\"" ID_A "\",\"alert\":\"a1\",\"effect\":\"%s\","
                    "\"ground\":\"own-law\"}",
                    effect);
}

static void a_copy_that_is_not_shown_here_is_not_in_the_index(void **state)
{
    (void)state;
    (void)reply_good(office_put(&ben, adult), __LINE__);
    (void)office_send(&ben, &ner);
    assert_int_equal(test_hits(&ner), 1);
    size_t before = office_hits(&ner, adult.name);
    assert_int_equal(before, 1);
    set_effect("not-shown");
    assert_int_equal(office_hits(&ner, adult.name), 0); /* whoever asks */
    rebuilt_alike(&ner);
    office_keys(&ner);
    assert_int_equal(office_hits(&ner, adult.name), 0);
    struct test_person renamed = adult;
    renamed.born = "1981-01-02";
    (void)reply_good(office_put(&ben, renamed), __LINE__); /* a new version is not shown either */
    (void)office_send(&ben, &ner);
    assert_int_equal(office_hits(&ner, adult.name), 0);
    set_effect("as-asked");
    assert_int_equal(office_hits(&ner, adult.name), 1);
    rebuilt_alike(&ner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(hidden_records_are_as_if_they_were_not),
        API_TEST(a_copy_that_is_not_shown_here_is_not_in_the_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
