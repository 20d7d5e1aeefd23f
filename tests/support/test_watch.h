/* Searches that stand, for the tests of the clerk: an officer who asks, records that come in, and
 * screening step by step. */
#ifndef COMITY_TESTS_TEST_WATCH_H
#define COMITY_TESTS_TEST_WATCH_H

#include "test_clerk.h"

#include "clerk/apply.h"
#include "clerk/watch/screen.h"
#include "clerk/watch/watch.h"

#define CASE "criminal-investigation"

static struct office ben;
static struct screen *screen;
static uint64_t dice;
static struct text case_number; /* on which is searched: another system's unless a test opens one */

static inline int begin(void **state)
{
    int bad = test_begin(state);
    dice = 12;
    case_number = TEXT("77");
    office_open(&ben, "BEN");
    (void)office_do(&ben, "admin", VERB_UNIT_PUT, "%s",
                    "{\"unit\":{\"id\":\"registry\",\"name\":\"Registry\",\"branch\":\"police\","
                    "\"ceiling\":\"secret\",\"purposes\":[\"law-enforcement\",\"border\"]}}");
    must(screen_open(&screen));
    return bad;
}

static inline int end(void **state)
{
    (void)state;
    screen_close(screen);
    office_close(&ben);
    return 0;
}

static inline uint64_t roll(uint64_t sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (dice >> 33) % sides;
}

/* -- what people do ----------------------------------------------------------------------- */

static inline const char *id_of(unsigned person)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    static char id[40];
    (void)snprintf(id, sizeof(id), "BEN-01ARZ3NDEKTSV4RRFFQ69G5%c%c%c", digits[person / 1024],
                   digits[person / 32 % 32], digits[person % 32]);
    return id;
}

static inline void put(unsigned person, const char *name, const char *born)
{
    struct test_person who = { id_of(person), name, born, "wanted.arrest" };
    (void)reply_good(office_put(&ben, who), __LINE__);
}

/* A search that is to stand: `query` is a question, `wanted` its watch; the clearance is that of
 * the caller. */
static inline struct reply ask_as(enum classification clearance, const char *purpose,
                                  const char *query, const char *wanted)
{
    char text[TEST_TEXT_MAX];
    (void)snprintf(text, sizeof(text), "{\"kind\":\"search\",\"query\":%s,\"watch\":%s}", query,
                   wanted);
    struct json body = test_json(text);
    struct json reference = test_json("{\"post\":\"1\",\"lane\":\"2\"}");
    json_set_text(&arena, &reference, "case", case_number);
    struct command command = test_command(&ben, "officer", VERB_LOOK, &body);
    command.by.purpose = text_literal(purpose);
    command.by.reference = &reference;
    command.by.clearance = clearance;
    return office_command(&ben, command);
}

static inline struct text watch(const char *query, const char *wanted)
{
    struct json body = reply_good(ask_as(CLASSIFICATION_SECRET, CASE, query, wanted), __LINE__);
    return json_get_text(&body, "watch");
}

static inline struct screen_found step_of(bool round)
{
    struct screen_found found;
    struct arena room = arena_over(malloc(SCREEN_STEP_ROOM), SCREEN_STEP_ROOM);
    struct screen_world world = { .view = store_view(ben.store), .now = now,
                                  .shelf_opt = clerk_shelf(ben.clerk) };
    must(member_code_parse(ben.code, &world.member));
    must(round ? screen_again(screen, &world, &room, &found)
               : screen_step(screen, &world, &room, &found));
    found.report = json_copy(&arena, &found.report);
    free((void *)room.data);
    return found;
}

static inline void tell(const struct json *report)
{
    struct command command = test_command(&ben, "node", VERB_WATCH_SCREENED, report);
    (void)reply_good(office_command(&ben, command), 0);
}

/* All that there is to screen; how many pairs were compared. */
static inline size_t screen_all(void)
{
    size_t compared = 0;
    bool more = true;
    while (more) {
        struct screen_found found = step_of(false);
        if (found.report.kind == JSON_OBJECT)
            tell(&found.report);
        screen_told(screen);
        compared += found.compared;
        assert_int_equal(found.unread, 0);
        more = found.more;
    }
    return compared;
}

/* The round of the day. */
static inline void ask_again(void)
{
    bool more = true;
    while (more) {
        struct screen_found found = step_of(true);
        if (found.report.kind == JSON_OBJECT)
            tell(&found.report);
        assert_int_equal(found.unread, 0);
        more = found.more;
    }
}

static inline bool watch_row(struct text id, struct json *out)
{
    struct row_key key = watch_key(TEXT("registry"), id);
    return !failed(view_get(store_view(ben.store), TABLE_WATCH, &key, &arena, out));
}

static inline int64_t of_watch(struct text id, const char *name)
{
    struct json row;
    int64_t value = -1;
    assert_true(watch_row(id, &row));
    (void)json_get_integer(&row, name, &value);
    return value;
}

static inline bool found(struct text id, unsigned person, struct json *out)
{
    struct record_key record;
    must(record_key_view(ben.clerk, store_view(ben.store),
                         arena_copy_text(&arena, text_literal(id_of(person))), &arena, &record));
    struct row_key key = watched_key(id, &record);
    return !failed(view_get(store_view(ben.store), TABLE_WATCHED, &key, &arena, out));
}

static inline struct reply act(const char *user, enum verb verb, struct text id, const char *more)
{
    return office_try(&ben, user, verb, "{\"watch\":\"%.*s\"%s}", (int)id.len, id.data, more);
}

static inline struct reply judge(struct text id, unsigned person, const char *verdict)
{
    return office_try(&ben, "officer", VERB_WATCH_JUDGE,
                      "{\"watch\":\"%.*s\",\"record\":\"%s\",\"verdict\":\"%s\",\"text\":\"MARK\"}",
                      (int)id.len, id.data, id_of(person), verdict);
}

#define TOURE "{\"name\":\"Abdoulaye Touré\",\"birth\":{\"date\":\"1980-03-04\"}}"

#define TEST_OF(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
