/* Cases a lawyer can read: one agreement, one record, one question, and what must come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "treaty/decide.h"

enum { ARENA_BYTES = 8 << 20, PARTIES = 4 };

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

static const char law[] =
    "agreement a version 1\n"
    "parties NGA NER TCD CMR\n"
    "in force from 2026-01-01 when all parties have signed\n"
    "classification up to restricted\n"
    "article 3\n"
    "  share person where category in (wanted.arrest, missing.*)\n"
    "    among parties for criminal-investigation, missing-persons by copy\n"
    "    withhold field phone\n"
    "    on condition no-onward\n"
    "    retain 3 years, review every 1 year\n"
    "    answer urgent within 8 hours, otherwise within 3 days\n"
    "  share vehicle where category is object.seize by NGA to NER for customs-check by copy\n"
    "article 5\n"
    "  ask trace among parties for criminal-investigation\n"
    "    answer urgent within 2 hours, otherwise within 1 day\n"
    "article 7\n"
    "  release by two persons where subject is minor\n"
    "  release by legal-office where offence is terrorism.*\n"
    "  never share person where penalty may be death unless assurance no-death-penalty\n"
    "  never share person where note protected-from is that party\n"
    "  never use for missing-persons with TCD\n"
    "reservation of CMR to clause 3.1\n"
    "  never share person where nationality is CMR\n";

#define NOW ((struct instant){ INT64_C(1780000000000) })

struct scene {
    struct treaty treaty;
    struct treaty_status status;
    struct treaty_force force;
    struct national national;
    const struct ruleset *rules;
    struct text nationality, offence;
    struct view_alert alert;
    struct view_note note;
    struct text note_member;
    struct treaty_view view;
    struct question question;
    struct decision decision;
};

static void compile(struct scene *s, const char *national_opt)
{
    struct treaty_event events[PARTIES];
    struct treaty_errors errors;
    arena_reset(&arena);
    struct err e = treaty_parse(text_literal(law), LANGUAGE_EN, &arena, &errors, &s->treaty);
    assert_string_equal(e.rule, "");
    for (uint32_t i = 0; i < PARTIES; i++)
        events[i] = (struct treaty_event){ .act = ACT_SIGN,
                                           .party = s->treaty.parties.items[i],
                                           .at = date_begin((struct date){ 2026, 1, 2 }) };
    s->status = treaty_status(&s->treaty, events, PARTIES, NOW);
    assert_int_equal(s->status.state, TREATY_IN_FORCE);
    s->force = (struct treaty_force){ .treaty = &s->treaty, .status = &s->status };
    if (national_opt != NULL)
        assert_false(failed(national_parse(text_literal(national_opt), LANGUAGE_EN, &arena, &errors,
                                           &s->national)));
    e = treaty_compile(&s->force, 1, national_opt == NULL ? NULL : &s->national, &arena, &s->rules);
    assert_string_equal(e.rule, "");
}

/* An adult wanted for arrest, everything known. */
static void begin_with(struct scene *s, const char *national_opt)
{
    *s = (struct scene){ .nationality = TEXT("NGA"), .offence = text_literal("drugs") };
    compile(s, national_opt);
    s->alert = (struct view_alert){ .category = TEXT("wanted.arrest"),
                                    .offences = { { &s->offence, 1 }, false },
                                    .classification = LEVEL_RESTRICTED };
    s->view = (struct treaty_view){ .kind = TEXT("person"),
                                    .nationalities = { { &s->nationality, 1 }, false },
                                    .born_first = { 1984, 1, 1 },
                                    .born_last = { 1986, 12, 31 },
                                    .alerts = &s->alert,
                                    .alert_count = 1 };
    s->question = (struct question){ .purpose = TEXT(""), .alerts = UINT64_MAX };
    s->question.from = treaty_member(s->rules, TEXT("NGA"));
    s->question.to = treaty_member(s->rules, TEXT("NER"));
}

static void begin(struct scene *s)
{
    begin_with(s, NULL);
}

static void decide(struct scene *s)
{
    const struct treaty_row *row = NULL;
    assert_false(failed(treaty_row_make(s->rules, &s->view, NOW, &arena, &row)));
    s->question.row = row;
    treaty_decide(s->rules, &s->question, &s->decision);
}

static void assert_denied(struct scene *s, enum decision_layer layer, enum decision_reason reason)
{
    decide(s);
    assert_int_equal(s->decision.outcome, DECISION_DENY);
    assert_int_equal(s->decision.layer, layer);
    assert_int_equal(s->decision.reason, reason);
    assert_int_equal(s->decision.shared, 0);
}

static void assert_shared(struct scene *s)
{
    decide(s);
    assert_string_equal(treaty_reason_name(s->decision.reason), "none");
    assert_int_equal(s->decision.outcome, DECISION_SHARE);
}

static bool names(const struct scene *s, enum name_list list, uint64_t mask, const char *code)
{
    for (uint32_t i = 0; i < RULESET_NAMES_MAX; i++) {
        if ((mask >> i & 1) != 0 && text_is(treaty_name_of(s->rules, list, i), code))
            return true;
    }
    return false;
}

static void a_share_carries_clause_and_duties(void **state)
{
    (void)state;
    struct scene s;
    begin(&s);
    assert_shared(&s);
    struct treaty_basis basis = treaty_basis(s.rules, s.decision.rule);
    assert_true(text_is(basis.clause->id, "3.1"));
    assert_int_equal(basis.treaty->version, 1);
    assert_int_equal(s.decision.shared, 1);
    assert_int_equal(s.decision.retain_days, 3 * 365);
    assert_int_equal(s.decision.review_days, 365);
    assert_int_equal(s.decision.urgent_hours, 8);
    assert_int_equal(s.decision.otherwise_hours, 72);
    assert_int_equal(s.decision.silence_days, TREATY_SILENCE_DAYS);
    assert_true(names(&s, NAME_FIELD, s.decision.withheld, "phone"));
    assert_true(names(&s, NAME_CONDITION, s.decision.conditions, "no-onward"));
}

static void what_no_clause_names_is_denied(void **state)
{
    (void)state;
    struct scene s;
    begin(&s);
    s.alert.category = TEXT("wanted.locate");
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
    begin(&s);
    s.view.kind = TEXT("document");
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
    begin(&s);
    s.question.purpose = TEXT("immigration");
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
    begin(&s);
    s.question.to = treaty_member(s.rules, TEXT("BEN"));
    assert_denied(&s, LAYER_TREATY, REASON_NOT_MEMBER);
    begin(&s);
    s.question.to = s.question.from;
    assert_denied(&s, LAYER_TREATY, REASON_NOT_MEMBER);
    begin(&s);
    s.alert.classification = LEVEL_CONFIDENTIAL;
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
    begin(&s);
    s.view.alert_count = 0;
    assert_denied(&s, LAYER_RECORD, REASON_NO_ALERT);
    begin(&s); /* the vehicles clause goes one way only */
    s.view.kind = TEXT("vehicle");
    s.alert.category = TEXT("object.seize");
    assert_shared(&s);
    s.question.from = treaty_member(s.rules, TEXT("NER"));
    s.question.to = treaty_member(s.rules, TEXT("NGA"));
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
}

static void a_prohibition_overrides_every_permission(void **state)
{
    (void)state;
    struct scene s;
    struct text assurance = TEXT("no-death-penalty");
    begin(&s);
    s.alert.death = TRUTH_TRUE;
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
    assert_true(text_is(treaty_basis(s.rules, s.decision.denied_by).clause->id, "7.3"));
    s.question.assurances = (struct codes){ &assurance, 1 };
    assert_shared(&s);
    begin(&s);
    s.note_member = TEXT("NER");
    s.note = (struct view_note){ TEXT("protected-from"), { &s.note_member, 1 } };
    s.view.notes = &s.note;
    s.view.note_count = 1;
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
    s.question.to = treaty_member(s.rules, TEXT("CMR"));
    assert_shared(&s);
    begin(&s);
    s.question.to = treaty_member(s.rules, TEXT("TCD"));
    s.question.purpose = TEXT("missing-persons");
    assert_denied(&s, LAYER_TREATY, REASON_NEVER_USE);
    s.question.purpose = TEXT("criminal-investigation");
    assert_shared(&s);
    assert_true(names(&s, NAME_USE, s.decision.never_use, "missing-persons"));
}

static void doubt_is_denial(void **state)
{
    (void)state;
    struct scene s;
    begin(&s); /* nobody said whether the penalty may be death */
    s.alert.death = TRUTH_UNKNOWN;
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
    begin(&s); /* a category of a newer list satisfies no permission */
    s.alert.category = TEXT("missing.in-space");
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
    begin(&s); /* an unknown level lies above every ceiling */
    s.alert.classification = LEVEL_NONE;
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
    begin(&s); /* an unknown kind of note may protect from everyone */
    s.note = (struct view_note){ TEXT("future-note"), { NULL, 0 } };
    s.view.notes = &s.note;
    s.view.note_count = 1;
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
    begin(&s); /* age unknown: treated as a child */
    s.view.born_first = s.view.born_last = (struct date){ 0 };
    decide(&s);
    assert_int_equal(s.decision.outcome, DECISION_HOLD);
    begin(&s); /* an offence code that we do not have: the legal office looks */
    s.offence = TEXT("future-offence");
    decide(&s);
    assert_int_equal(s.decision.outcome, DECISION_HOLD);
    assert_true(names(&s, NAME_OFFICE, s.decision.offices, "legal-office"));
}

static void a_child_waits_for_two_different_persons(void **state)
{
    (void)state;
    struct scene s;
    struct treaty_release releases[3] = { { TEXT(""), TEXT("a.bah") },
                                          { TEXT("legal-office"), TEXT("a.bah") },
                                          { TEXT(""), TEXT("b.diallo") } };
    begin(&s);
    s.view.born_first = s.view.born_last = (struct date){ 2008, 5, 29 }; /* 18 tomorrow */
    s.question.releases = releases;
    for (size_t given = 0; given < 3; given++) {
        s.question.release_count = given;
        decide(&s);
        assert_int_equal(s.decision.outcome, DECISION_HOLD);
        assert_int_equal(s.decision.layer, LAYER_RELEASE);
        assert_int_equal(s.decision.persons, 2);
        assert_int_equal(s.decision.held, 1);
    }
    s.question.release_count = 3;
    assert_shared(&s);
    s.question.release_count = 0;
    s.view.born_first = s.view.born_last = (struct date){ 2008, 5, 28 }; /* 18 today */
    assert_shared(&s);
}

static void an_office_releases_what_it_is_named_for(void **state)
{
    (void)state;
    struct scene s;
    struct treaty_release release = { TEXT("ministry"), TEXT("a.bah") };
    begin(&s);
    s.offence = TEXT("terrorism");
    s.question.releases = &release;
    s.question.release_count = 1;
    decide(&s);
    assert_int_equal(s.decision.outcome, DECISION_HOLD);
    assert_true(names(&s, NAME_OFFICE, s.decision.offices, "legal-office"));
    release.office = TEXT("legal-office");
    assert_shared(&s);
}

static void a_reservation_narrows_both_ways_and_only_for_its_party(void **state)
{
    (void)state;
    struct scene s;
    begin(&s);
    s.nationality = TEXT("CMR");
    assert_shared(&s); /* between NGA and NER nothing is reserved */
    s.question.to = treaty_member(s.rules, TEXT("CMR"));
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
    s.question.from = treaty_member(s.rules, TEXT("CMR"));
    s.question.to = treaty_member(s.rules, TEXT("TCD"));
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
    s.nationality = TEXT("TCD");
    assert_shared(&s);
    s.view.nationalities.codes.count = 0; /* not known: may be CMR */
    s.view.nationalities.doubt = true;
    assert_denied(&s, LAYER_TREATY, REASON_NEVER);
}

static void national_rules_only_narrow_what_this_member_sends(void **state)
{
    (void)state;
    struct scene s;
    begin_with(&s, "national rules of NGA version 1\n"
                   "never share person with NER where nationality is NGA\n"
                   "withhold field photo\nrelease by ministry with TCD\n");
    assert_denied(&s, LAYER_NATIONAL, REASON_NATIONAL);
    assert_true(text_is(treaty_basis(s.rules, s.decision.denied_by).clause->id, "n.1"));
    s.question.to = treaty_member(s.rules, TEXT("CMR"));
    assert_shared(&s);
    assert_true(names(&s, NAME_FIELD, s.decision.withheld, "photo"));
    s.question.to = treaty_member(s.rules, TEXT("TCD"));
    decide(&s);
    assert_int_equal(s.decision.outcome, DECISION_HOLD);
    s.question.from = treaty_member(s.rules, TEXT("NER")); /* what others send is not ours */
    s.question.to = treaty_member(s.rules, TEXT("NGA"));
    assert_shared(&s);
    begin_with(&s, "national rules of NGA version 1\nhalt NER\n");
    assert_denied(&s, LAYER_NATIONAL, REASON_HALTED);
    struct treaty_ask ask = { .from = s.question.from,
                              .to = s.question.to,
                              .kind = TEXT("trace"),
                              .purpose = TEXT("criminal-investigation"),
                              .as_of = NOW,
                              .basis = NO_RULE };
    treaty_may_ask(s.rules, &ask, &s.decision);
    assert_int_equal(s.decision.reason, REASON_HALTED);
}

static void the_record_has_the_last_word_before_release(void **state)
{
    (void)state;
    struct scene s;
    struct text ner = TEXT("NER");
    begin(&s);
    s.alert.never = (struct codes){ &ner, 1 };
    assert_denied(&s, LAYER_RECORD, REASON_RECIPIENTS);
    begin(&s);
    s.alert.restricted = true;
    assert_denied(&s, LAYER_RECORD, REASON_RECIPIENTS);
    s.alert.only = (struct codes){ &ner, 1 };
    assert_shared(&s);
    begin(&s);
    s.alert.hidden_until = instant_plus(NOW, 1);
    assert_denied(&s, LAYER_RECORD, REASON_HIDDEN);
    s.alert.hidden_until = NOW;
    assert_shared(&s);
    s.alert.valid_until = NOW;
    assert_denied(&s, LAYER_RECORD, REASON_NOT_VALID);
    s.alert.valid_until = instant_plus(NOW, 1);
    assert_shared(&s);
    s.alert.valid_from = instant_plus(NOW, 1);
    assert_denied(&s, LAYER_RECORD, REASON_NOT_VALID);
}

static void alerts_are_decided_one_by_one(void **state)
{
    (void)state;
    struct scene s;
    begin(&s);
    struct view_alert alerts[3] = { s.alert, s.alert, s.alert };
    alerts[0].category = TEXT("information.warning");
    alerts[2].death = TRUTH_TRUE;
    s.view.alerts = alerts;
    s.view.alert_count = 3;
    assert_shared(&s);
    assert_int_equal(s.decision.shared, 2);
    s.question.alerts = 5;
    assert_denied(&s, LAYER_TREATY, REASON_NO_CLAUSE);
}

static void questions_and_reports_need_their_own_clause(void **state)
{
    (void)state;
    struct scene s;
    struct decision d;
    begin(&s);
    assert_shared(&s);
    struct treaty_ask ask = { .from = s.question.to,
                              .to = s.question.from,
                              .kind = TEXT("trace"),
                              .purpose = TEXT("criminal-investigation"),
                              .as_of = NOW,
                              .basis = NO_RULE };
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.outcome, DECISION_SHARE);
    assert_int_equal(d.urgent_hours, 2);
    ask.reply = true;
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.outcome, DECISION_SHARE);
    ask.reply = false;
    ask.purpose = TEXT("immigration");
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.reason, REASON_NO_CLAUSE);
    ask.kind = TEXT("phone-numbers");
    ask.purpose = TEXT("criminal-investigation");
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.reason, REASON_NO_CLAUSE);
    ask.kind = TEXT("hit-report"); /* NER holds NGA's record under 3.1: it may report */
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.reason, REASON_NO_CLAUSE);
    ask.basis = s.decision.rule;
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.outcome, DECISION_SHARE);
    assert_int_equal(d.urgent_hours, 8);
    ask.kind = TEXT("hit-answer");
    uint16_t owner = ask.to;
    ask.to = ask.from;
    ask.from = owner;
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.outcome, DECISION_SHARE);
    ask.as_of = date_begin((struct date){ 2025, 12, 31 });
    treaty_may_ask(s.rules, &ask, &d);
    assert_int_equal(d.outcome, DECISION_DENY);
}

static struct err receive(struct scene *s, struct codes fields)
{
    const struct treaty_row *row = NULL;
    struct treaty_received received = { .version = 1, .clause = TEXT("3.1"), .fields = fields };
    s->view.partial = true;
    s->view.notes = NULL;
    s->view.note_count = 0;
    assert_false(failed(treaty_row_make(s->rules, &s->view, NOW, &arena, &row)));
    assert_false(failed(treaty_hash(&s->treaty, &arena, &received.agreement)));
    received.from = s->question.from;
    received.to = s->question.to;
    received.row = row;
    return treaty_receive_check(s->rules, &received);
}

static void the_receiver_refuses_what_the_clause_denies_on_what_it_sees(void **state)
{
    (void)state;
    struct scene s;
    struct codes none = { NULL, 0 };
    struct text phone = TEXT("phone");
    struct text name = TEXT("name");
    begin(&s);
    assert_string_equal(receive(&s, (struct codes){ &name, 1 }).rule, "");
    assert_string_equal(receive(&s, (struct codes){ &phone, 1 }).rule, "treaty.basis-withheld");
    s.alert.death = TRUTH_UNKNOWN; /* the sender knew */
    assert_string_equal(receive(&s, none).rule, "");
    s.alert.category = TEXT("wanted.locate");
    assert_string_equal(receive(&s, none).rule, "treaty.basis-contradicted");
    begin(&s);
    s.view.kind = TEXT("vehicle");
    assert_string_equal(receive(&s, none).rule, "treaty.basis-contradicted");
    begin(&s);
    s.nationality = TEXT("CMR");
    s.question.to = treaty_member(s.rules, TEXT("CMR"));
    assert_string_equal(receive(&s, none).rule, "treaty.basis-contradicted");
    begin(&s);
    s.treaty.version = 2; /* another text: its hash is unknown here */
    assert_string_equal(receive(&s, none).rule, "treaty.basis-unknown");
    assert_int_equal(receive(&s, none).code, ERR_NOT_FOUND);
}

static void a_copy_serves_only_the_purposes_of_its_clause(void **state)
{
    (void)state;
    struct scene s;
    const struct treaty_row *row = NULL;
    begin(&s);
    s.view.partial = true;
    assert_false(failed(treaty_row_make(s.rules, &s.view, NOW, &arena, &row)));
    struct treaty_received received = { .from = s.question.from, .to = s.question.to, .row = row };
    assert_string_equal(treaty_may_use(s.rules, &received, TEXT("criminal-investigation")).rule,
                        "");
    assert_string_equal(treaty_may_use(s.rules, &received, TEXT("border-check")).rule,
                        "treaty.purpose-not-covered");
    received.to = treaty_member(s.rules, TEXT("TCD"));
    assert_string_equal(treaty_may_use(s.rules, &received, TEXT("missing-persons")).rule,
                        "treaty.purpose-not-covered");
}

static void an_explanation_names_every_clause_and_agrees_with_the_decision(void **state)
{
    (void)state;
    struct scene s;
    struct explanation why;
    begin(&s);
    s.alert.death = TRUTH_UNKNOWN;
    decide(&s);
    assert_false(failed(treaty_explain(s.rules, &s.question, &arena, &why)));
    assert_int_equal(why.decision.reason, REASON_NEVER);
    static const struct {
        const char *clause;
        enum step_result result;
    } expected[] = {
        { "3.1", STEP_MATCHED },          { "3.2", STEP_OTHER_KIND },
        { "7.1", STEP_CONDITION_FALSE },  { "7.2", STEP_CONDITION_FALSE },
        { "7.3", STEP_MATCHED_BY_DOUBT }, { "7.4", STEP_CONDITION_FALSE },
        { "7.5", STEP_NOT_PARTIES },
    };
    for (uint32_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        assert_true(
            text_is(treaty_basis(s.rules, why.steps[i].rule).clause->id, expected[i].clause));
        assert_string_equal(treaty_step_name(why.steps[i].result),
                            treaty_step_name(expected[i].result));
    }
    struct json json = treaty_explanation_json(s.rules, &why, &arena);
    struct bytes bytes;
    assert_false(failed(json_format(&json, &arena, &bytes)));
    const struct json *decision = json_get(&json, "decision");
    assert_true(text_is(json_get_text(decision, "layer"), "treaty"));
    const struct json *first = json_item(json_get(&json, "steps"), 0);
    assert_true(text_is(json_get_text(first, "do"), "share"));
    assert_true(text_is(json_item_text(json_get(first, "withhold"), 0), "phone"));
    assert_true(text_is(json_get_text(json_get(decision, "denied_by"), "clause"), "7.3"));
}

static void a_foreign_alert_is_held_until_the_nation_says_otherwise(void **state)
{
    (void)state;
    struct national national;
    struct treaty_errors errors;
    arena_reset(&arena);
    assert_int_equal(treaty_effect(NULL, TEXT("wanted.arrest"), TEXT("NGA")).kind, SOIL_HELD);
    assert_false(failed(national_parse(
        TEXT("national rules of BEN version 1\n"
             "effect of wanted.arrest from NGA is reduced to \"identify\" call duty-magistrate\n"
             "effect of wanted.* from any party is as asked\n"
             "effect of missing.child from NER is for specialists only\n"
             "effect of entry.* from any party is not shown\n"),
        LANGUAGE_EN, &arena, &errors, &national)));
    struct effect_default d = treaty_effect(&national, TEXT("wanted.arrest"), TEXT("NGA"));
    assert_int_equal(d.kind, SOIL_REDUCED);
    assert_true(text_is(d.action, "identify") && text_is(d.call, "duty-magistrate"));
    assert_true(text_is(d.rule, "e.1"));
    assert_int_equal(treaty_effect(&national, TEXT("wanted.arrest"), TEXT("NER")).kind,
                     SOIL_AS_ASKED);
    assert_int_equal(treaty_effect(&national, TEXT("missing.child"), TEXT("NER")).kind,
                     SOIL_SPECIALISTS);
    assert_int_equal(treaty_effect(&national, TEXT("missing.child"), TEXT("NGA")).kind, SOIL_HELD);
    assert_int_equal(treaty_effect(&national, TEXT("entry.refusal"), TEXT("NGA")).kind,
                     SOIL_NOT_SHOWN);
    assert_int_equal(treaty_effect(&national, TEXT("wanted.new"), TEXT("NER")).kind, SOIL_HELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_carries_clause_and_duties),
        cmocka_unit_test(what_no_clause_names_is_denied),
        cmocka_unit_test(a_prohibition_overrides_every_permission),
        cmocka_unit_test(doubt_is_denial),
        cmocka_unit_test(a_child_waits_for_two_different_persons),
        cmocka_unit_test(an_office_releases_what_it_is_named_for),
        cmocka_unit_test(a_reservation_narrows_both_ways_and_only_for_its_party),
        cmocka_unit_test(national_rules_only_narrow_what_this_member_sends),
        cmocka_unit_test(the_record_has_the_last_word_before_release),
        cmocka_unit_test(alerts_are_decided_one_by_one),
        cmocka_unit_test(questions_and_reports_need_their_own_clause),
        cmocka_unit_test(the_receiver_refuses_what_the_clause_denies_on_what_it_sees),
        cmocka_unit_test(a_copy_serves_only_the_purposes_of_its_clause),
        cmocka_unit_test(an_explanation_names_every_clause_and_agrees_with_the_decision),
        cmocka_unit_test(a_foreign_alert_is_held_until_the_nation_says_otherwise),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
