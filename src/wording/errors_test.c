/* Every rule that a reading of a text can break: the text, its line and column, the rule. */
#include "wording/wording_test.h"

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
    { HEAD "in force when 4 parties have signed\narticle 1\n", 3, 15, "treaty.signatures" },
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_its_line_column_and_rule),
        cmocka_unit_test(one_reading_reports_every_error),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
