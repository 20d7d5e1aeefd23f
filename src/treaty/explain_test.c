/* Why, and what would have to change: both read by people who then act on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "treaty/question_test.h"

enum { ARENA_BYTES = 24 << 20, EVENTS_MAX = 8, LAWS_MAX = 2 };
#define NOW WORLD_NOW
#define HEAD                        \
    "agreement a version 1\n"       \
    "parties NGA NER TCD\n"         \
    "in force from 2026-01-01 when all parties have signed\n"

static struct arena arena;

static int arena_open(void **state)
{
    (void)state;
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    return arena.data == NULL;
}

static int arena_close(void **state)
{
    (void)state;
    free(arena.data);
    return 0;
}

struct scene {
    struct treaty treaties[LAWS_MAX];
    struct treaty_status status[LAWS_MAX];
    struct treaty_force force[LAWS_MAX];
    uint32_t laws;
    struct national national;
    const struct national *national_opt;
    const struct ruleset *rules;
    struct text offence, nationality, assurance;
    struct view_alert alert;
    struct treaty_view view;
    struct question question;
    struct explanation why;
    struct json json;
};

/* In force between all since January; `act_opt` follows in February, by NGA. */
static void add_law(struct scene *s, const char *law, const struct treaty_event *act_opt)
{
    struct treaty_event events[EVENTS_MAX];
    struct treaty_errors errors;
    struct treaty *treaty = &s->treaties[s->laws];
    size_t count = 0;
    struct err e = treaty_parse(text_literal(law), LANGUAGE_EN, &arena, &errors, treaty);
    assert_string_equal(e.rule, "");
    for (uint32_t i = 0; i < treaty->parties.count; i++)
        events[count++] = (struct treaty_event){ .act = ACT_SIGN,
                                                 .party = treaty->parties.items[i],
                                                 .at = date_begin((struct date){ 2026, 1, 2 }) };
    if (act_opt != NULL) {
        events[count] = *act_opt;
        events[count].party = TEXT("NGA");
        events[count++].at = date_begin((struct date){ 2026, 2, 1 });
    }
    s->status[s->laws] = treaty_status(treaty, events, count, NOW);
    s->force[s->laws] = (struct treaty_force){ .treaty = treaty, .status = &s->status[s->laws] };
    s->laws++;
}

/* An adult of Niger wanted for drugs, everything known, asked for by NER from NGA. */
static void begin(struct scene *s, const char *law)
{
    *s = (struct scene){ .offence = TEXT("drugs"), .nationality = TEXT("NER") };
    arena_reset(&arena);
    add_law(s, law, NULL);
    s->alert = (struct view_alert){ .category = TEXT("wanted.arrest"),
                                    .offences = { { &s->offence, 1 }, false },
                                    .classification = LEVEL_RESTRICTED };
    s->view = (struct treaty_view){ .kind = TEXT("person"),
                                    .nationalities = { { &s->nationality, 1 }, false },
                                    .born_first = { 1984, 1, 1 },
                                    .born_last = { 1986, 12, 31 },
                                    .alerts = &s->alert,
                                    .alert_count = 1 };
    s->question = (struct question){ .purpose = TEXT("criminal-investigation"),
                                     .alerts = UINT64_MAX };
}

static void explain(struct scene *s)
{
    struct decision decision;
    struct err e = treaty_compile(s->force, s->laws, s->national_opt, &arena, &s->rules);
    assert_string_equal(e.rule, "");
    s->question.from = treaty_member(s->rules, TEXT("NGA"));
    s->question.to = treaty_member(s->rules, TEXT("NER"));
    assert_false(failed(treaty_row_make(s->rules, &s->view, NOW, &arena, &s->question.row)));
    treaty_decide(s->rules, &s->question, &decision);
    assert_false(failed(treaty_explain(s->rules, &s->question, &arena, &s->why)));
    assert_int_equal(decision.outcome, s->why.decision.outcome);
    assert_int_equal(decision.reason, s->why.decision.reason);
    assert_int_equal(decision.rule, s->why.decision.rule);
    assert_int_equal(decision.denied_by, s->why.decision.denied_by);
    assert_int_equal(decision.shared, s->why.decision.shared);
    s->json = treaty_explanation_json(s->rules, &s->why, &arena);
    assert_false(failed(arena_check(&arena)));
}

static struct text formatted(const struct json *json)
{
    struct bytes bytes;
    struct text text;
    assert_non_null(json);
    assert_false(failed(json_format(json, &arena, &bytes)));
    assert_false(failed(text_parse(bytes, &text)));
    return text;
}

static void assert_json(const struct json *json, const char *expected)
{
    struct text text = formatted(json);
    if (!text_is(text, expected)) {
        print_error("%.*s\n%s\n", (int)text.len, text.data, expected);
        fail();
    }
}

static const struct json *step_of_clause(const struct scene *s, const char *clause)
{
    const struct json *steps = json_get(&s->json, "steps");
    for (size_t i = 0; i < json_count(steps); i++) {
        if (text_is(json_get_text(json_item(steps, i), "clause"), clause))
            return json_item(steps, i);
    }
    fail();
    return NULL;
}

static void assert_result(const struct scene *s, const char *clause, const char *result)
{
    struct text found = json_get_text(step_of_clause(s, clause), "result");
    if (!text_is(found, result)) {
        print_error("%s: %.*s, not %s\n", clause, (int)found.len, found.data, result);
        fail();
    }
}

static const struct json *needs_of(const struct scene *s, size_t i)
{
    return json_get(json_item(json_get(&s->json, "remedies"), i), "need");
}

/* ---- the path ---- */

static void a_step_tells_its_condition_with_the_values_of_the_record(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share person where category is wanted.* and (offence is terrorism.* or not "
                   "age under 21) unless assurance no-torture\n"
                   "    among parties for criminal-investigation by copy\n");
    explain(&s);
    const struct json *step = step_of_clause(&s, "1.1");
    assert_json(json_get(step, "where"),
                "{\"all\":[{\"in\":[\"wanted.*\"],\"test\":\"category\",\"truth\":\"true\","
                "\"value\":[\"wanted.arrest\"]},{\"any\":[{\"in\":[\"terrorism.*\"],\"test\":"
                "\"offence\",\"truth\":\"false\",\"value\":[\"drugs\"]},{\"not\":[{\"number\":21,"
                "\"test\":\"age\",\"truth\":\"false\",\"value\":[\"1984-01-01\",\"1986-12-31\"]}],"
                "\"truth\":\"true\"}],\"truth\":\"true\"}],\"truth\":\"true\"}");
    assert_json(json_get(step, "unless"), "{\"in\":[\"no-torture\"],\"test\":\"assurance\","
                                          "\"truth\":\"false\",\"value\":[]}");
}

static void doubt_is_told_as_unknown_with_what_is_known(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share person where maximum penalty at least 5 years among parties\n"
                   "    for criminal-investigation by copy\n"
                   "  never share person where offence is terrorism.* or penalty may be death\n");
    s.alert.offences.doubt = true;
    s.alert.penalty = (struct view_term){ 24, true };
    explain(&s);
    assert_result(&s, "1.1", "condition-unknown");
    assert_json(json_get(step_of_clause(&s, "1.1"), "where"),
                "{\"doubt\":true,\"number\":60,\"test\":\"penalty\",\"truth\":\"unknown\","
                "\"value\":[24]}");
    assert_result(&s, "1.2", "matched-by-doubt");
    assert_json(json_get(step_of_clause(&s, "1.2"), "where"),
                "{\"any\":[{\"doubt\":true,\"in\":[\"terrorism.*\"],\"test\":\"offence\",\"truth\":"
                "\"unknown\",\"value\":[\"drugs\"]},{\"test\":\"death\",\"truth\":\"false\"}],"
                "\"truth\":\"unknown\"}");
}

static void a_step_tells_the_order_of_its_agreement_and_the_article_behind_it(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share person among parties for criminal-investigation by copy\n"
                   "    under \"Article 3(2)\"\n");
    add_law(&s, "agreement b version 2\n"
                "parties NGA NER\n"
                "in force from 2026-01-01 when all parties have signed\n"
                "prevails over a\n"
                "article 7\n"
                "  share person among parties for criminal-investigation by copy\n",
            NULL);
    explain(&s);
    const struct json *first = json_item(json_get(&s.json, "steps"), 0);
    const struct json *second = json_item(json_get(&s.json, "steps"), 1);
    int64_t number = -1;
    assert_true(text_is(json_get_text(first, "name"), "b"));
    assert_true(json_get_integer(first, "order", &number) && number == 1);
    assert_true(json_get_integer(first, "rank", &number) && number == 0);
    assert_true(json_get_integer(second, "order", &number) && number == 2);
    assert_true(json_get_integer(second, "rank", &number) && number == 1);
    assert_true(text_is(json_get_text(second, "under"), "Article 3(2)"));
    assert_true(
        text_is(json_get_text(json_get(json_get(&s.json, "decision"), "basis"), "clause"), "7.1"));
}

/* ---- why an agreement does not speak ---- */

static const char plain[] = HEAD
    "article 1\n"
    "  share person among parties for criminal-investigation by copy\n";

static void begin_with_act(struct scene *s, struct treaty_event act)
{
    begin(s, plain);
    s->laws = 0;
    add_law(s, plain, &act);
}

static void what_stops_an_agreement_between_two_has_its_own_name(void **state)
{
    (void)state;
    struct scene s;
    begin_with_act(&s, (struct treaty_event){ .act = ACT_SUSPEND });
    explain(&s);
    assert_result(&s, "1.1", "suspended");
    assert_json(needs_of(&s, 0), "[{\"state\":\"suspended\",\"what\":\"agreement\"}]");
    begin_with_act(&s, (struct treaty_event){ .act = ACT_WITHDRAW });
    explain(&s);
    assert_result(&s, "1.1", "not-bound");
    assert_json(needs_of(&s, 0), "[{\"state\":\"not-bound\",\"what\":\"agreement\"}]");
    begin_with_act(&s, (struct treaty_event){ .act = ACT_DISPUTE, .article = 1 });
    explain(&s);
    assert_result(&s, "1.1", "disputed");
    assert_json(needs_of(&s, 0), "[{\"state\":\"disputed\",\"what\":\"agreement\"}]");
}

static void what_has_been_replaced_is_no_remedy(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, plain);
    add_law(&s, "agreement b version 1\n"
                "parties NGA NER\n"
                "in force from 2026-01-01 when all parties have signed\n"
                "replaces a version 1\n"
                "article 2\n"
                "  share person among parties for border-check by copy\n",
            NULL);
    explain(&s);
    assert_result(&s, "1.1", "replaced");
    assert_int_equal(json_count(json_get(&s.json, "remedies")), 1);
    assert_json(needs_of(&s, 0), "[{\"one_of\":[\"border-check\"],\"what\":\"purpose\"}]");
}

static void what_keeps_a_permission_shut_has_its_own_name(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share person by NGA to NER for criminal-investigation by copy reciprocally\n"
                   "  share person among parties for criminal-investigation by request\n"
                   "  share person among parties for border-check by copy\n"
                   "  share person among parties for criminal-investigation by copy\n"
                   "    classification up to unclassified\n"
                   "  share vehicle among parties for criminal-investigation by copy\n"
                   "  share person by NER to NGA for criminal-investigation by copy\n"
                   "  share person among parties for criminal-investigation by copy\n"
                   "    at most 3 per day\n"
                   "  share person where subject is missing among parties\n"
                   "    for criminal-investigation by copy\n"
                   "reservation of NER to clause 1.7\n"
                   "  never share person where nationality is TCD\n"
                   "article 2\n"
                   "  share person among parties for criminal-investigation by copy\n"
                   "reservation of NER to article 2\n"
                   "  never share person where nationality is NER\n");
    struct treaty_spent spent = { 6, 3 };
    s.question.spent = &spent;
    s.question.spent_count = 1;
    explain(&s);
    assert_result(&s, "1.1", "not-reciprocal");
    assert_result(&s, "1.2", "other-mode");
    assert_result(&s, "1.3", "other-purpose");
    assert_result(&s, "1.4", "ceiling");
    assert_result(&s, "1.5", "other-kind");
    assert_result(&s, "1.6", "not-parties");
    assert_result(&s, "1.7", "capacity");
    assert_result(&s, "2.1", "reserved");
    assert_int_equal(s.why.decision.reason, REASON_CAPACITY);
}

/* ---- what would have to change ---- */

static void a_refusal_names_the_least_that_would_have_to_change(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share person where category is missing.* and offence is terrorism.*\n"
                   "    among parties for criminal-investigation by copy\n"
                   "  share person where assurance no-death-penalty or category is missing.*\n"
                   "    among parties for border-check, customs-check by copy\n"
                   "article 2\n"
                   "  release by legal-office\n"
                   "  never use for customs-check\n");
    explain(&s);
    assert_int_equal(s.why.decision.outcome, DECISION_DENY);
    const struct json *first = json_item(json_get(&s.json, "remedies"), 0);
    assert_true(text_is(json_get_text(first, "clause"), "1.1"));
    assert_json(needs_of(&s, 1),
                "[{\"in\":[\"no-death-penalty\"],\"must\":\"true\",\"test\":\"assurance\","
                "\"truth\":\"false\",\"value\":[],\"what\":\"condition\"},"
                "{\"one_of\":[\"border-check\"],\"what\":\"purpose\"},"
                "{\"office\":\"legal-office\",\"what\":\"release\"}]");
}

static void who_does_what_a_refusal_names_is_not_refused(void **state)
{
    (void)state;
    struct scene s;
    struct treaty_release release = { TEXT("legal-office"), TEXT("u1") };
    begin(&s, HEAD "article 1\n"
                   "  share person where assurance no-death-penalty and urgent case\n"
                   "    among parties for border-check by hit\n"
                   "article 2\n"
                   "  release by legal-office where category is wanted.*\n");
    explain(&s);
    assert_int_equal(json_count(needs_of(&s, 0)), 5);
    s.assurance = TEXT("no-death-penalty");
    s.question.assurances = (struct codes){ &s.assurance, 1 };
    s.question.urgent = true;
    s.question.mode = MODE_HIT;
    s.question.purpose = TEXT("border-check");
    explain(&s);
    assert_int_equal(s.why.decision.outcome, DECISION_HOLD);
    assert_json(needs_of(&s, 0), "[{\"office\":\"legal-office\",\"what\":\"release\"}]");
    s.question.releases = &release;
    s.question.release_count = 1;
    explain(&s);
    assert_int_equal(s.why.decision.outcome, DECISION_SHARE);
    assert_int_equal(json_count(json_get(&s.json, "remedies")), 0);
}

static void what_the_record_itself_denies_is_named_too(void **state)
{
    (void)state;
    struct scene s;
    struct text ner = TEXT("NER");
    begin(&s, plain);
    s.alert.never = (struct codes){ &ner, 1 };
    s.alert.hidden_until = instant_plus(NOW, INSTANT_DAY);
    explain(&s);
    assert_json(needs_of(&s, 0), "[{\"until\":\"2026-05-29T20:26:40.000Z\",\"what\":\"wait\"},"
                                 "{\"member\":\"NER\",\"what\":\"recipient\"}]");
    begin(&s, plain);
    s.alert.valid_until = NOW;
    explain(&s);
    assert_json(needs_of(&s, 0), "[{\"what\":\"validity\"}]");
}

static void what_only_states_can_change_comes_last(void **state)
{
    (void)state;
    struct scene s;
    struct treaty_errors errors;
    begin(&s, HEAD "article 1\n"
                   "  share person among parties for criminal-investigation by copy\n"
                   "reservation of NER to clause 1.1\n"
                   "  never share person\n"
                   "article 2\n"
                   "  share person where category is missing.* and offence is terrorism.*\n"
                   "    among parties for border-check by copy\n");
    explain(&s);
    assert_true(text_is(json_get_text(json_item(json_get(&s.json, "remedies"), 0), "clause"),
                        "2.1"));
    const struct json *need = json_item(needs_of(&s, 1), 0);
    assert_true(text_is(json_get_text(need, "what"), "prohibition"));
    assert_true(text_is(json_get_text(json_get(need, "rule"), "clause"), "1.1/NER.1"));
    begin(&s, plain);
    assert_false(failed(national_parse(TEXT("national rules of NGA version 1\n"
                                            "never share person where nationality is NER\n"),
                                       LANGUAGE_EN, &arena, &errors, &s.national)));
    s.national_opt = &s.national;
    explain(&s);
    assert_json(needs_of(&s, 0), "[{\"in\":[\"NER\"],\"must\":\"false\",\"test\":\"nationality\","
                                 "\"truth\":\"true\",\"value\":[\"NER\"],\"what\":\"condition\"}]");
}

static void where_no_clause_could_ever_speak_there_is_no_remedy(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share vehicle among parties for criminal-investigation by copy\n"
                   "  share person by NER to NGA for criminal-investigation by copy\n");
    explain(&s);
    assert_int_equal(s.why.decision.reason, REASON_NO_CLAUSE);
    assert_int_equal(json_count(json_get(&s.json, "remedies")), 0);
}

/* ---- what goes with it ---- */

static void a_decision_tells_every_obligation(void **state)
{
    (void)state;
    struct scene s;
    begin(&s, HEAD "article 1\n"
                   "  share person among parties for criminal-investigation by copy\n"
                   "    for use by police, border\n"
                   "    at most 5 per week\n"
                   "    withhold field phone\n"
                   "    on condition no-onward\n"
                   "    retain 3 years, review every 1 year\n"
                   "    warn before deletion 30 days\n"
                   "    extend with reason\n"
                   "    when achieved delete within 10 days\n"
                   "    offline at most 12 hours\n"
                   "    answer urgent within 8 hours, otherwise within 3 days\n"
                   "    counted from received\n"
                   "    suspended by clarification\n"
                   "    refusal on own-law\n"
                   "  coarsen field birth-date to year\n"
                   "  duty of legal-office \"judges article 3\"\n");
    explain(&s);
    const struct json *decision = json_get(&s.json, "decision");
    json_remove(&s.json, "steps");
    assert_json(json_get(decision, "coarse"), "{\"year\":[\"birth-date\"]}");
    assert_json(json_get(decision, "audience"), "[\"police\",\"border\"]");
    assert_json(json_get(decision, "duties"), "[\"legal-office\"]");
    assert_json(json_get(decision, "capacity"), "{\"count\":5,\"per\":\"week\"}");
    assert_json(json_get(decision, "counted"), "[\"received\"]");
    assert_json(json_get(decision, "stopped"), "[\"clarification\"]");
    assert_json(json_get(decision, "grounds"), "[\"own-law\"]");
    assert_json(json_get(decision, "achieved_days"), "10");
    assert_json(json_get(decision, "offline_hours"), "12");
    assert_json(json_get(decision, "warn_days"), "30");
    assert_json(json_get(decision, "extend"), "true");
    explain(&s);
    assert_true(text_is(json_get_text(step_of_clause(&s, "1.3"), "text"), "judges article 3"));
    assert_true(text_is(json_get_text(step_of_clause(&s, "1.2"), "way"), "year"));
}

/* ---- always ---- */

static const struct world_shape shape = {
    .members = 6, .treaties = 4, .articles = 3, .clauses = 4
};

struct tally {
    uint32_t decisions, shared, results[STEP_RESULTS];
};

/* The first clause that matches is the basis, and what needs nothing is shared: for each alert. */
static void check_alert(const struct world *world, struct question q, uint32_t alert,
                        struct arena *memory, struct tally *tally)
{
    struct explanation why;
    struct treaty_remedy remedies[REMEDIES_MAX];
    uint16_t first = NO_RULE;
    q.alerts = UINT64_C(1) << alert;
    assert_false(failed(treaty_explain(world->rules, &q, memory, &why)));
    for (uint32_t i = 0; i < why.count; i++) {
        uint16_t rule = why.steps[i].rule;
        bool share = treaty_basis(world->rules, rule).clause->kind == CLAUSE_SHARE;
        if (share && first == NO_RULE && why.steps[i].result == STEP_MATCHED)
            first = rule;
        tally->results[why.steps[i].result]++;
    }
    if (why.decision.rule != NO_RULE)
        assert_int_equal(why.decision.rule, first);
    if (why.decision.reason == REASON_NO_CLAUSE || why.decision.reason == REASON_CAPACITY)
        assert_int_equal(first, NO_RULE);
    uint32_t count = treaty_remedies(world->rules, &q, remedies);
    bool complete = count > 0 && remedies[0].needs == 0;
    assert_int_equal(complete, why.decision.outcome == DECISION_SHARE);
    if (why.decision.outcome == DECISION_HOLD)
        assert_int_equal(remedies[0].rule, why.decision.rule);
    struct json json = treaty_explanation_json(world->rules, &why, memory);
    assert_int_equal(json_get(json_get(&json, "decision"), "outcome") != NULL, 1);
    tally->decisions++;
    tally->shared += complete;
}

static void explanation_and_remedies_never_contradict_the_decision(void **state)
{
    (void)state;
    struct dice dice = { 7 };
    struct tally tally = { 0 };
    for (int w = 0; w < 60; w++) {
        struct world world;
        arena_reset(&arena);
        world_make(&world, &dice, &shape, &arena);
        if (world.rules == NULL)
            continue; /* a ring of priorities */
        size_t mark = arena.used;
        for (int i = 0; i < 60; i++) {
            struct given given;
            const struct treaty_row *row = NULL;
            arena_rewind(&arena, mark);
            struct treaty_view view = random_view(&dice, &arena);
            assert_false(failed(treaty_row_make(world.rules, &view, NOW, &arena, &row)));
            random_given(&dice, &given);
            random_spent(&dice, &world, &given);
            struct reference_question asked =
                random_question(&dice, &world, &shape, &view, &given);
            struct question q = same_question(&asked, &given, world.rules, row);
            for (uint32_t alert = 0; alert < view.alert_count; alert++)
                check_alert(&world, q, alert, &arena, &tally);
            assert_false(failed(arena_check(&arena)));
        }
    }
    print_message("explained %u shared %u\n", tally.decisions, tally.shared);
    for (int i = 0; i < STEP_RESULTS; i++) {
        print_message("  %s %u\n", treaty_step_name((enum step_result)i), tally.results[i]);
        assert_true(tally.results[i] > 0);
    }
    assert_true(tally.shared > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_tells_its_condition_with_the_values_of_the_record),
        cmocka_unit_test(doubt_is_told_as_unknown_with_what_is_known),
        cmocka_unit_test(a_step_tells_the_order_of_its_agreement_and_the_article_behind_it),
        cmocka_unit_test(what_stops_an_agreement_between_two_has_its_own_name),
        cmocka_unit_test(what_has_been_replaced_is_no_remedy),
        cmocka_unit_test(what_keeps_a_permission_shut_has_its_own_name),
        cmocka_unit_test(a_refusal_names_the_least_that_would_have_to_change),
        cmocka_unit_test(who_does_what_a_refusal_names_is_not_refused),
        cmocka_unit_test(what_the_record_itself_denies_is_named_too),
        cmocka_unit_test(what_only_states_can_change_comes_last),
        cmocka_unit_test(where_no_clause_could_ever_speak_there_is_no_remedy),
        cmocka_unit_test(a_decision_tells_every_obligation),
        cmocka_unit_test(explanation_and_remedies_never_contradict_the_decision),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
