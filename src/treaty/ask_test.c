/* Messages under a share clause: reports need its answer duty, what protects the data does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "treaty/decide.h"

enum { ARENA_BYTES = 8 << 20, PARTIES = 2 };
#define NOW ((struct instant){ INT64_C(1780000000000) })

static struct arena arena;
static struct treaty treaty;
static struct treaty_status status;
static struct national national;
static const struct ruleset *rules;
static uint16_t plain, clocked, nga, ner;

static const char law[] = "agreement a version 1\n"
                          "parties NGA NER\n"
                          "in force from 2026-01-01 when all parties have signed\n"
                          "article 1\n"
                          "  share vehicle by NGA to NER for customs-check by copy\n"
                          "  share person by NGA to NER for criminal-investigation by copy\n"
                          "    answer within 1 day\n";

static void compile_with(const char *national_opt, bool suspended)
{
    struct treaty_event events[PARTIES + 1];
    struct treaty_errors errors;
    struct treaty_force force = { .treaty = &treaty, .status = &status };
    struct hash hash;
    arena_reset(&arena);
    struct err e = treaty_parse(text_literal(law), LANGUAGE_EN, &arena, &errors, &treaty);
    assert_string_equal(e.rule, "");
    for (uint32_t i = 0; i < PARTIES; i++)
        events[i] = (struct treaty_event){ .act = ACT_SIGN, .party = treaty.parties.items[i],
                                           .at = date_begin((struct date){ 2026, 1, 2 }) };
    events[PARTIES] = (struct treaty_event){ .act = ACT_SUSPEND, .party = TEXT("NGA"),
                                             .at = date_begin((struct date){ 2026, 1, 3 }) };
    status = treaty_status(&treaty, events, suspended ? PARTIES + 1 : PARTIES, NOW);
    if (national_opt != NULL)
        assert_false(failed(national_parse(text_literal(national_opt), LANGUAGE_EN, &arena,
                                           &errors, &national)));
    e = treaty_compile(&force, 1, national_opt == NULL ? NULL : &national, &arena, &rules);
    assert_string_equal(e.rule, "");
    assert_false(failed(treaty_hash(&treaty, &arena, &hash)));
    plain = treaty_rule_find(rules, &hash, TEXT("1.1"));
    clocked = treaty_rule_find(rules, &hash, TEXT("1.2"));
    nga = treaty_member(rules, TEXT("NGA"));
    ner = treaty_member(rules, TEXT("NER"));
    assert_true(plain != NO_RULE && clocked != NO_RULE);
}

static void compile(const char *national_opt)
{
    compile_with(national_opt, false);
}

static int begin(void **state)
{
    (void)state;
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    return arena.data == NULL;
}

static int end(void **state)
{
    (void)state;
    free(arena.data);
    return 0;
}

static bool may(const char *kind, uint16_t from, uint16_t to, uint16_t basis)
{
    struct decision d;
    struct treaty_ask ask = { .from = from, .to = to, .kind = text_literal(kind), .as_of = NOW,
                              .basis = basis };
    treaty_may_ask(rules, &ask, &d);
    return d.outcome == DECISION_SHARE;
}

static const struct {
    const char *kind;
    bool to_owner, needs_clock;
} messages[] = {
    { "hit-report", true, true },       { "hit-answer", false, true },
    { "subject-request", true, false }, { "subject-answer", false, false },
    { "inaccuracy", false, false },     { "inaccuracy-known", true, false },
    { "restriction", false, false },    { "copy-erased", true, false },
    { "use-report", true, false },
};

static void each_message_goes_one_way_and_a_report_needs_a_clock(void **state)
{
    (void)state;
    compile(NULL);
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        uint16_t from = messages[i].to_owner ? ner : nga;
        uint16_t to = messages[i].to_owner ? nga : ner;
        assert_int_equal(may(messages[i].kind, from, to, plain), !messages[i].needs_clock);
        assert_true(may(messages[i].kind, from, to, clocked));
        assert_false(may(messages[i].kind, to, from, plain));
        assert_false(may(messages[i].kind, to, from, clocked));
        assert_false(may(messages[i].kind, from, to, NO_RULE)); /* about no copy: no */
        assert_int_equal(treaty_protects(text_literal(messages[i].kind)),
                         !messages[i].needs_clock);
    }
    assert_false(may("subject-forgery", ner, nga, clocked));
    assert_false(treaty_protects(TEXT("trace")));
}

static void a_halt_stops_them_too(void **state)
{
    (void)state;
    compile("national rules of NGA version 1\nhalt NER\n");
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        if (!messages[i].to_owner)
            assert_false(may(messages[i].kind, nga, ner, clocked));
    }
}

static void a_suspension_stops_reports_and_not_what_protects(void **state)
{
    (void)state;
    compile_with(NULL, true);
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        uint16_t from = messages[i].to_owner ? ner : nga;
        uint16_t to = messages[i].to_owner ? nga : ner;
        assert_int_equal(may(messages[i].kind, from, to, clocked), !messages[i].needs_clock);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_message_goes_one_way_and_a_report_needs_a_clock,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_halt_stops_them_too, begin, end),
        cmocka_unit_test_setup_teardown(a_suspension_stops_reports_and_not_what_protects, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
