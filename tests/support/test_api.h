/* One call to the API of a node in memory: handled, its commands run, its answer finished. */
#ifndef COMITY_TESTS_TEST_API_H
#define COMITY_TESTS_TEST_API_H

#include "api/api.h"
#include "test_duty.h"

struct test_answer {
    unsigned status;
    struct json body;
    struct text subject;
    const char *rule; /* "" when it went well */
};

static inline struct test_answer test_call(struct office *office, const char *user,
                                           enum api_method method, const char *path,
                                           const char *body_opt)
{
    struct api_request request = { .method = method };
    struct api_work work;
    struct text rest = arena_copy_text(&arena, text_literal(path));
    struct json nothing = json_object();
    struct store_view *view = store_view(office->store);
    struct test_answer answer = { .rule = "" };
    request.path = text_split(&rest, '?');
    request.query = rest.data == NULL ? TEXT("") : rest;
    request.caller = test_command(office, user, VERB_LOOK, &nothing).by;
    if (strcmp(user, "auditor") == 0)
        request.caller.roles = ROLE_BIT(ROLE_AUDITOR);
    if (body_opt != NULL)
        request.body = text_bytes(arena_copy_text(&arena, text_literal(body_opt)));
    struct api_world world = { .clerk = office->clerk, .view = view,
                               .shelf = clerk_shelf(office->clerk), .now = now,
                               .arena = &arena };
    api_handle(&world, &request, &work);
    if (!failed(work.err)) {
        struct reply *replies = ARENA_ARRAY(&arena, struct reply, work.command_count + 1);
        if (work.command_count > 0)
            office_batch(office, work.commands, work.command_count, replies);
        answer.status = api_finish(&work, replies, &arena, &answer.body);
    }
    if (failed(work.err)) {
        answer.status = api_status(work.err);
        answer.rule = work.err.rule;
        answer.subject = work.subject;
    }
    return answer;
}

static inline struct json call_good(struct test_answer answer, int line)
{
    if (answer.status != 200)
        fail_msg("line %d: %u %s %.*s", line, answer.status, answer.rule,
                 (int)answer.subject.len, answer.subject.data);
    return answer.body;
}

/* The unit of everybody in test_clerk.h, with its purposes. */
static inline void test_registry(struct office *office)
{
    (void)office_do(office, "admin", VERB_UNIT_PUT, "%s",
                    "{\"unit\":{\"id\":\"registry\",\"name\":\"Registry\",\"branch\":\"police\","
                    "\"purposes\":[\"law-enforcement\",\"oversight\"],"
                    "\"ceiling\":\"restricted\"}}");
}

#define SEARCH                                                                                    \
    "{\"purpose\":\"criminal-investigation\",\"reference\":{\"case\":\"2026-17\"},"               \
    "\"query\":{\"name\":\"ZINSOU Marguerite\"}}"
#define LOOK "?purpose=criminal-investigation&case=2026-17"

static inline size_t test_hits(struct office *office)
{
    struct json body = call_good(test_call(office, "officer", API_POST, "/v1/search", SEARCH),
                                 __LINE__);
    return json_count(json_get(&body, "hits"));
}

static inline int api_begin(void **state)
{
    int bad = duty_begin(state);
    test_registry(&ben);
    test_registry(&ner);
    return bad;
}

#define API_TEST(name) cmocka_unit_test_setup_teardown(name, api_begin, pact_end)

#endif
