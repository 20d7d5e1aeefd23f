/* The language as text: every keyword in every language, exact places of errors, print and parse,
 * prefixes, the neutral JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/encode.h"
#include "wording/words.h"

enum { ARENA_BYTES = 24 << 20 };

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

/* Every keyword stands in one of these two, in the canonical form. */
static const char everything[] =
    "agreement all-words version 2\n"
    "title en \"Every \\\"word\\\"\", fr \"Tous les mots\"\n"
    "implements \"A treaty\" authentic en fr ar, text sha256 "
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
    "parties NGA NER x-mnjtf\n"
    "in force from 2027-03-01 when 2 parties have signed\n"
    "until 2032-03-01\n"
    "classification up to restricted\n"
    "silence 1 day\n"
    "\n"
    "article 1\n"
    "  share person, vehicle where category in (wanted.arrest, missing.*) and "
    "(subject is minor or not nationality is NER) unless warning is armed\n"
    "    by NGA, NER to x-mnjtf for criminal-investigation, counter-terrorism by copy\n"
    "    classification up to unclassified\n"
    "    withhold field phone, address\n"
    "    on condition no-onward\n"
    "    retain 1 year, review every 1 month\n"
    "    answer urgent within 1 hour, otherwise within 1 week\n"
    "  share record where grading in (4x4.source.A, 4x4.source.B) and age under 21 and "
    "classification up to restricted\n"
    "    among parties for missing-persons by hit\n"
    "    retain 2 years, review every 3 months\n"
    "    answer within 2 weeks\n"
    "\n"
    "article 2 \"Rest\"\n"
    "  ask trace\n"
    "    among parties for criminal-investigation\n"
    "    answer urgent within 8 hours, otherwise within 3 days\n"
    "  never share person with NGA where penalty may be death unless assurance no-death-penalty\n"
    "  never share person where note protected-from is that party or kind is person\n"
    "  never share field biometric where subject is witness\n"
    "  never use for targeting\n"
    "  release by legal-office where offence is terrorism\n"
    "  release by two persons\n"
    "\n"
    "reservation of NER to article 2\n"
    "  never share person where note refugee-status\n"
    "\n"
    "reservation of NER to clause 1.2\n"
    "  not bound\n"
    "\n"
    "annex\n"
    "  party NGA key 0000000000000000000000000000000000000000000000000000000000000001\n"
    "  party NER key 0000000000000000000000000000000000000000000000000000000000000002 "
    "at \"ner.example:8443\"\n"
    "  party x-mnjtf key 0000000000000000000000000000000000000000000000000000000000000003\n";

static const char everything_national[] =
    "national rules of BEN version 1\n"
    "never share person with NGA where nationality is BEN\n"
    "halt TCD\n"
    "effect of wanted.arrest from NGA is reduced to identify call duty-magistrate\n"
    "effect of wanted.* from NER, TCD is as asked\n"
    "effect of missing.child from any party is for specialists only\n"
    "effect of entry.* from any party is not shown\n"
    "effect of * from any party is held\n";

static const char when_all[] =
    "agreement a version 1\nparties NGA NER\n"
    "in force when all parties have signed\nsilence 2 days\n\narticle 1\n";

static struct treaty parse_text(struct text text)
{
    struct treaty treaty;
    struct treaty_errors errors;
    struct err e = treaty_parse(text, LANGUAGE_ANY, &arena, &errors, &treaty);
    if (failed(e)) {
        struct text_place place = treaty_place(text, e.at);
        fail_msg("%u:%u %s", place.line, place.column, e.rule);
    }
    return treaty;
}

static struct text print_text(const struct treaty *treaty, enum language language)
{
    struct text text;
    assert_false(failed(treaty_print(treaty, language, &arena, &text)));
    assert_false(failed(text_parse(text_bytes(text), &text)));
    return text;
}

static struct hash hash_of_treaty(const struct treaty *treaty)
{
    struct hash hash;
    assert_false(failed(treaty_hash(treaty, &arena, &hash)));
    return hash;
}

static void assert_text(struct text text, struct text expected)
{
    if (!text_equal(text, expected))
        fail_msg("got\n%.*s\ninstead of\n%.*s", (int)text.len, text.data, (int)expected.len,
                 expected.data);
}

static void canonical_text_prints_as_itself(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    assert_text(print_text(&treaty, LANGUAGE_EN), text_literal(everything));
    struct treaty plain = parse_text(text_literal(when_all));
    assert_text(print_text(&plain, LANGUAGE_EN), text_literal(when_all));
    struct national national;
    struct treaty_errors errors;
    struct text text;
    assert_false(failed(national_parse(text_literal(everything_national), LANGUAGE_ANY, &arena,
                                       &errors, &national)));
    assert_false(failed(national_print(&national, LANGUAGE_EN, &arena, &text)));
    assert_text(text, text_literal(everything_national));
}

static bool contains(struct text text, struct text part)
{
    return memmem(text.data, text.len, part.data, part.len) != NULL;
}

static void every_keyword_prints_and_parses_in_every_language(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    struct treaty plain = parse_text(text_literal(when_all));
    struct hash hash = hash_of_treaty(&treaty);
    struct national national;
    struct treaty_errors errors;
    assert_false(failed(national_parse(text_literal(everything_national), LANGUAGE_ANY, &arena,
                                       &errors, &national)));
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        struct text text = print_text(&treaty, language);
        struct text text2 = print_text(&plain, language);
        struct text text3;
        assert_false(failed(national_print(&national, language, &arena, &text3)));
        for (enum phrase phrase = 0; phrase < PHRASES; phrase++) {
            struct text words = phrase_text(phrase, language);
            if (phrase != PHRASE_WITH_PARTY && !contains(text, words) && !contains(text2, words) &&
                !contains(text3, words))
                fail_msg("%.*s is never printed", (int)words.len, words.data);
        }
        struct treaty again = parse_text(text);
        struct hash other = hash_of_treaty(&again);
        assert_true(hash_equal(&hash, &other));
        assert_text(print_text(&again, LANGUAGE_EN), text_literal(everything));
        struct national nation;
        assert_int_equal(treaty_language(text3), language);
        assert_false(failed(national_parse(text3, LANGUAGE_ANY, &arena, &errors, &nation)));
        assert_false(failed(national_print(&nation, LANGUAGE_EN, &arena, &text3)));
        assert_text(text3, text_literal(everything_national));
    }
}

static void the_hash_is_over_the_tree_and_not_over_comments_or_layout(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty a = parse_text(text_literal(when_all));
    struct treaty b = parse_text(TEXT("agreement a   version 1 # a note\nparties NGA, NER\r\n"
                                      "in force when all parties\n have signed\n silence 2 days "
                                      "# end\narticle 1 # nothing"));
    struct treaty c = parse_text(TEXT("agreement a version 1\nparties NGA NER\nin force when all "
                                      "parties have signed\nsilence 3 days\narticle 1\n"));
    struct hash ha = hash_of_treaty(&a);
    struct hash hb = hash_of_treaty(&b);
    struct hash hc = hash_of_treaty(&c);
    assert_true(hash_equal(&ha, &hb));
    assert_false(hash_equal(&ha, &hc));
    /* pinned: a change of the canonical form would break every signature ever given */
    struct text hex = hex_format(&arena, BYTES_OF(ha.bytes));
    assert_text(hex, TEXT("96f3ebf314bc25961ad43f9caebd8b6d57c0095d785aec472fe1ab65851fbf8e"));
}

#define HEAD "agreement a version 1\nparties NGA NER TCD\n"
#define SHARE "  share person among parties for criminal-investigation by copy\n"

struct wrong {
    const char *text;
    uint32_t line, column;
    const char *rule;
};

static const struct wrong wrongs[] = {
    { "", 1, 1, "treaty.unknown-first-line" },
    { "agreemnt a version 1", 1, 1, "treaty.unknown-first-line" },
    { "agreement \"a\" version 1", 1, 11, "treaty.expected-name" },
    { "agreement a versoin 1", 1, 13, "treaty.expected-version" },
    { "agreement a version one", 1, 21, "treaty.expected-number" },
    { "agreement a version 65000", 1, 21, "treaty.number-too-big" },
    { HEAD "wibble\narticle 1\n", 3, 1, "treaty.unknown-keyword" },
    { HEAD SHARE, 3, 3, "treaty.outside-article" },
    { HEAD, 3, 1, "treaty.without-article" },
    { HEAD "title Plain\narticle 1\n", 3, 7, "treaty.expected-language" },
    { HEAD "title \"open\narticle 1\n", 3, 7, "treaty.string-open" },
    { HEAD "title \"\"\narticle 1\n", 3, 7, "treaty.string-length" },
    { HEAD "title \"a\\n\"\narticle 1\n", 3, 9, "treaty.bad-escape" },
    { HEAD "title \"a\"\ntitle \"b\"\narticle 1\n", 4, 7, "treaty.said-twice" },
    { HEAD "implements \"T\" in en\narticle 1\n", 3, 16, "treaty.expected-authentic" },
    { HEAD "implements \"T\" authentic\narticle 1\n", 4, 1, "treaty.expected-language" },
    { HEAD "implements \"T\" authentic en, text sha256 12\narticle 1\n", 3, 42,
      "treaty.expected-hash" },
    { HEAD "in force from 2027-02-29\narticle 1\n", 3, 15, "treaty.expected-date" },
    { HEAD "in force\narticle 1\n", 4, 1, "treaty.expected-signed" },
    { HEAD "in force from 2027-02-01\nuntil 2027-01-01\narticle 1\n", 4, 7, "treaty.date-order" },
    { HEAD "in force when 4 parties have signed\narticle 1\n", 1, 11, "treaty.signatures" },
    { HEAD "classification up to cosmic\narticle 1\n", 3, 22, "treaty.expected-level" },
    { HEAD "silence 3 weeks\narticle 1\n", 3, 9, "treaty.silence-in-days" },
    { HEAD "silence 3 fortnights\narticle 1\n", 3, 11, "treaty.expected-unit" },
    { HEAD "article 1\nsilence 3 days\n", 4, 1, "treaty.header-too-late" },
    { "agreement a version 1\nparties NGA\narticle 1\n", 1, 11, "treaty.too-few-parties" },
    { "agreement a version 1\nparties NGA NGA\narticle 1\n", 2, 13, "treaty.said-twice" },
    { "agreement a version 1\nparties NGA ner\narticle 1\n", 2, 13, "treaty.expected-member" },
    { HEAD "article 2\narticle 2\n", 4, 1, "treaty.article-order" },
    { HEAD "article 1\n  share person among parties by copy\n", 4, 3, "treaty.without-purpose" },
    { HEAD "article 1\n  share person for criminal-investigation by copy\n", 4, 3,
      "treaty.without-parties" },
    { HEAD "article 1\n  share person among parties for criminal-investigation\n", 4, 3,
      "treaty.without-mode" },
    { HEAD "article 1\n  share persons among parties for criminal-investigation by copy\n", 4, 9,
      "treaty.unknown-code" },
    { HEAD "article 1\n  share person among parties for other by copy\n", 4, 34,
      "treaty.unknown-code" },
    { HEAD "article 1\n" SHARE "    withhold field shoe\n", 5, 20, "treaty.unknown-field" },
    { HEAD "article 1\n" SHARE "    retain 3\n", 6, 1, "treaty.expected-unit" },
    { HEAD "article 1\n" SHARE "    retain 3 years, retain 2 years\n", 5, 21, "treaty.said-twice" },
    { HEAD "article 1\n" SHARE "    retain 3 years,\n", 5, 19, "treaty.stray-comma" },
    { HEAD "article 1\n  share person by NGA for criminal-investigation by copy\n", 4, 23,
      "treaty.expected-to" },
    { HEAD "article 1\n  share person by NGA to BEN for criminal-investigation by copy\n", 4, 26,
      "treaty.not-a-party" },
    { HEAD "article 1\n  share person by NGA to NGA for criminal-investigation by copy\n", 4, 3,
      "treaty.with-itself" },
    { HEAD "article 1\n  never share person where colour is red\n", 4, 28,
      "treaty.expected-condition" },
    { HEAD "article 1\n  never share person where category equals x\n", 4, 37,
      "treaty.expected-is-or-in" },
    { HEAD "article 1\n  never share person where category in missing.*\n", 4, 40,
      "treaty.expected-open" },
    { HEAD "article 1\n  never share person where category in (missing.*\n", 5, 1,
      "treaty.expected-close" },
    { HEAD "article 1\n  never share person where category is wanted.parking\n", 4, 40,
      "treaty.unknown-code" },
    { HEAD "article 1\n  never share person where ((((((((((subject is minor))))))))))\n", 4, 37,
      "treaty.condition-too-big" },
    { HEAD "article 1\n  share person where note refugee-status among parties for "
           "criminal-investigation by copy\n",
      4, 3, "treaty.note-only-denies" },
    { HEAD "article 1\n  never share person unless note refugee-status\n", 4, 3,
      "treaty.note-only-denies" },
    { HEAD "article 1\n  halt NGA\n", 4, 3, "treaty.national-only" },
    { HEAD "article 1\n" SHARE "reservation of BEN to article 1\n  not bound\n", 5, 16,
      "treaty.not-a-party" },
    { HEAD "article 1\n" SHARE "reservation of NGA to article 2\n  not bound\n", 5, 1,
      "treaty.reservation-to-nothing" },
    { HEAD "article 1\n" SHARE "reservation of NGA to clause 1.2\n  not bound\n", 5, 1,
      "treaty.reservation-to-nothing" },
    { HEAD "article 1\n" SHARE "reservation of NGA to clause one\n  not bound\n", 5, 30,
      "treaty.expected-clause-number" },
    { HEAD "article 1\n" SHARE "reservation of NGA against article 1\n", 5, 20,
      "treaty.expected-article" },
    { HEAD "article 1\n" SHARE "reservation of NGA to article 1\n", 5, 1,
      "treaty.reservation-content" },
    { HEAD "article 1\n" SHARE "reservation of NGA to article 1\n" SHARE, 6, 3,
      "treaty.reservation-widens" },
    { HEAD "article 1\n  never use for targeting\nreservation of NGA to article 1\n  not bound\n",
      5, 1, "treaty.reservation-widens" },
    { HEAD "article 1\nannex\nparty NGA key "
           "0000000000000000000000000000000000000000000000000000000000000001\nannex\n",
      6, 1, "treaty.said-twice" },
    { HEAD "article 1\nannex\n", 5, 1, "treaty.expected-party" },
    { HEAD "article 1\nannex\nparty NGA key 12\n", 5, 15, "treaty.expected-key" },
    { HEAD "article 1\nannex\nparty NGA key "
           "0000000000000000000000000000000000000000000000000000000000000001\n",
      2, 13, "treaty.party-without-key" },
    { HEAD "title \"a\xe2\x80\xae\x62\"\narticle 1\n", 3, 9, "treaty.hidden-character" },
    /* the column counts characters: é is one */
    { "accord a version 1\nparties NGA NER\ntitre \"é\" faux\narticle 1\n", 3, 11,
      "treaty.unknown-keyword" },
    { "agreement a version 1\n# line 2\n# line 3\nparties NGA NER\n\n# line 6\n\narticle 1 "
      "\"One\"\n"
      "  share person\n    among parties for criminal-investigation by copy\n\narticle 2\n"
      "  # line 13\n  never share person where sujet is minor\n",
      14, 28, "treaty.expected-condition" },
};

static void an_error_names_its_line_column_and_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        arena_reset(&arena);
        const struct wrong *wrong = &wrongs[i];
        struct text text = text_literal(wrong->text);
        struct treaty treaty = { .version = 77 };
        struct treaty_errors errors;
        struct err e = treaty_parse(text, LANGUAGE_ANY, &arena, &errors, &treaty);
        struct text_place place = treaty_place(text, e.at);
        if (!failed(e) || strcmp(e.rule, wrong->rule) != 0 || place.line != wrong->line ||
            place.column != wrong->column)
            fail_msg("%zu: %u:%u %s instead of %u:%u %s in\n%s", i, place.line, place.column,
                     e.rule, wrong->line, wrong->column, wrong->rule, wrong->text);
        assert_int_equal(treaty.version, 77); /* nothing written */
        assert_true(errors.count >= 1);
    }
}

static void one_reading_reports_every_error(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct text text =
        TEXT("agreement a version 1\nparties NGA NER\ntitle 5\nsilence 3 days\nwibble\narticle 1\n"
             "  share person by copy\n  never share persoon\n  ask x\n");
    static const uint32_t lines[] = { 3, 5, 7, 8, 9 };
    struct treaty treaty;
    struct treaty_errors errors;
    assert_true(failed(treaty_parse(text, LANGUAGE_EN, &arena, &errors, &treaty)));
    assert_int_equal(errors.count, 5);
    for (uint32_t i = 0; i < errors.count; i++)
        assert_int_equal(treaty_place(text, errors.items[i].at).line, lines[i]);
    char many[4096] = "agreement a version 1\n";
    for (int i = 0; i < 100; i++)
        memcpy(many + strlen(many), "title 5\n", sizeof "title 5\n");
    assert_true(failed(treaty_parse(text_literal(many), LANGUAGE_EN, &arena, &errors, &treaty)));
    assert_int_equal(errors.count, TREATY_ERRORS_MAX);
}

static void every_prefix_is_refused_or_a_shorter_agreement(void **state)
{
    (void)state;
    uint32_t refused = 0;
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        arena_reset(&arena);
        struct treaty treaty = parse_text(text_literal(everything));
        struct text whole = print_text(&treaty, language);
        size_t mark = arena.used;
        for (size_t len = 0; len < whole.len; len++) {
            struct text prefix;
            arena_rewind(&arena, mark);
            if (failed(text_parse(bytes_of(whole.data, len), &prefix)))
                continue; /* cuts a character */
            struct treaty out = { .version = 77 };
            struct treaty_errors errors;
            struct err e = treaty_parse(prefix, language, &arena, &errors, &out);
            refused += failed(e);
            if (failed(e)) {
                assert_int_equal(out.version, 77);
                assert_true(e.at <= len);
                continue;
            }
            struct text printed = print_text(&out, language);
            struct treaty again = parse_text(printed);
            assert_text(print_text(&again, language), printed);
        }
    }
    assert_true(refused > 3000);
}

static void a_full_arena_refuses_and_writes_nothing(void **state)
{
    (void)state;
    static uint8_t memory[64 * 1024];
    for (size_t size = 0; size < sizeof(memory); size += 512) {
        struct arena small = arena_over(memory, size);
        struct treaty out = { .version = 77 };
        struct treaty_errors errors;
        struct err e = treaty_parse(text_literal(everything), LANGUAGE_EN, &small, &errors, &out);
        assert_true(failed(e) ? out.version == 77 : out.version == 2);
    }
}

static void json_that_no_text_says_is_refused(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    struct treaty out;
    struct json json = treaty_to_json(&treaty, &arena);
    assert_false(failed(treaty_from_json(&json, &arena, &out)));
    struct json extra = json_copy(&arena, &json);
    json_set_integer(&arena, &extra, "secret_clause", 1);
    assert_true(failed(treaty_from_json(&extra, &arena, &out)));
    struct json name = json_copy(&arena, &json);
    json_set_text(&arena, &name, "agreement", TEXT("a version 9 # "));
    assert_true(failed(treaty_from_json(&name, &arena, &out)));
    struct json parties = json_copy(&arena, &json);
    json_set(&arena, &parties, "parties", json_string(TEXT("NGA")));
    assert_true(failed(treaty_from_json(&parties, &arena, &out)));
    struct json none = json_null();
    assert_true(failed(treaty_from_json(&none, &arena, &out)));
}

static void a_hit_clause_that_binds_this_member_keeps_the_agreement_out(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    assert_string_equal(treaty_check_enter(&treaty, TEXT("NGA")).rule, "treaty.hit-not-yet");
    assert_false(failed(treaty_check_enter(&treaty, TEXT("NER")))); /* not bound by clause 1.2 */
    assert_false(failed(treaty_check_enter(&treaty, TEXT("TCD")))); /* no party */
}

static void the_model_agreement_is_one_tree_in_english_and_french(void **state)
{
    (void)state;
    const char *source = getenv("COMITY_SOURCE");
    struct hash hashes[2];
    struct text texts[2];
    if (source == NULL) {
        print_message("skipped: COMITY_SOURCE is not set\n");
        return;
    }
    arena_reset(&arena);
    for (int i = 0; i < 2; i++) {
        char path[512];
        snprintf(path, sizeof(path), "%s/catalogue/agreements/lake-chad.%s", source,
                 i == 0 ? "en" : "fr");
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        char *data = arena_take(&arena, 64 * 1024);
        size_t len = fread(data, 1, 64 * 1024, file);
        fclose(file);
        assert_false(failed(text_parse(bytes_of(data, len), &texts[i])));
        struct treaty treaty = parse_text(texts[i]);
        hashes[i] = hash_of_treaty(&treaty);
        assert_int_equal(treaty.parties.count, 5);
        assert_false(failed(treaty_check_enter(&treaty, TEXT("NER"))));
    }
    assert_true(hash_equal(&hashes[0], &hashes[1]));
    assert_int_equal(treaty_language(texts[1]), LANGUAGE_FR);
}

/* The examples of the manual are what readers copy first. */
static void the_examples_of_the_manual_parse(void **state)
{
    (void)state;
    const char *source = getenv("COMITY_SOURCE");
    char path[512];
    int examples = 0;
    if (source == NULL) {
        print_message("skipped: COMITY_SOURCE is not set\n");
        return;
    }
    arena_reset(&arena);
    snprintf(path, sizeof(path), "%s/docs/man/comity-agreement.5", source);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *data = arena_take(&arena, 64 * 1024);
    size_t len = fread(data, 1, 64 * 1024 - 1, file);
    fclose(file);
    data[len] = '\0';
    for (char *at = strstr(data, ".Bd -literal\n"); at != NULL; at = strstr(at, ".Bd -literal\n")) {
        at += strlen(".Bd -literal\n");
        struct text text = { at, (size_t)(strstr(at, ".Ed") - at) };
        struct treaty_errors errors;
        struct national national;
        if (text_starts(text, TEXT("agreement")))
            (void)parse_text(text);
        else
            assert_false(failed(national_parse(text, LANGUAGE_EN, &arena, &errors, &national)));
        examples++;
    }
    assert_int_equal(examples, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_text_prints_as_itself),
        cmocka_unit_test(every_keyword_prints_and_parses_in_every_language),
        cmocka_unit_test(the_hash_is_over_the_tree_and_not_over_comments_or_layout),
        cmocka_unit_test(an_error_names_its_line_column_and_rule),
        cmocka_unit_test(one_reading_reports_every_error),
        cmocka_unit_test(every_prefix_is_refused_or_a_shorter_agreement),
        cmocka_unit_test(a_full_arena_refuses_and_writes_nothing),
        cmocka_unit_test(json_that_no_text_says_is_refused),
        cmocka_unit_test(a_hit_clause_that_binds_this_member_keeps_the_agreement_out),
        cmocka_unit_test(the_model_agreement_is_one_tree_in_english_and_french),
        cmocka_unit_test(the_examples_of_the_manual_parse),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
