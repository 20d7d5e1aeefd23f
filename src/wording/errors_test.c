/* Every rule that a reading of a text can break: the text, its line and column, the rule. */
#include <dirent.h>

#include "wording/wording_test.h"

#define HEAD "agreement a version 1\nparties NGA NER TCD\n"
#define SHARE "  share person among parties for criminal-investigation by copy\n"

#define PART(part) HEAD "article 1\n" SHARE "    " part "\n"
#define CLAUSE(clause) HEAD "article 1\n  " clause "\n"
#define HEADER(line) HEAD line "\narticle 1\n"

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
    /* headers */
    { HEADER("group Sahel NER"), 3, 7, "treaty.group-name" },
    { HEADER("group x-lake NER"), 3, 7, "treaty.group-name" },
    { HEADER("group parties NER"), 3, 7, "treaty.group-name" },
    { HEADER("group copie NER"), 3, 7, "treaty.group-name" },
    { HEADER("group sahel"), 4, 1, "treaty.expected-member" },
    { HEADER("group sahel BEN"), 3, 13, "treaty.not-a-party" },
    { HEADER("group lake NER\ngroup lake TCD"), 4, 7, "treaty.said-twice" },
    { HEADER("group lake NER\ngroup all lake"), 4, 11, "treaty.expected-member" },
    { HEADER("open to accession by BEN"), 3, 22, "treaty.not-a-party" },
    { HEADER("open to accession by NER, TCD"), 3, 22, "treaty.accession-leaves-none" },
    { HEADER("applied provisionally by BEN"), 3, 26, "treaty.not-a-party" },
    { HEADER("in force when 2 parties agree"), 3, 17, "treaty.expected-signed" },
    { HEADER("in force when 1 parties have ratified"), 3, 15, "treaty.signatures" },
    { HEADER("in force when all parties have ratified after soon"), 3, 47,
      "treaty.expected-number" },
    { HEADER("until 2030-01-01 renewed every 1 year unless notice of 365 days"), 3, 56,
      "treaty.renewal-notice" },
    { HEADER("renewed every 1 year"), 3, 15, "treaty.renewal-without-until" },
    { HEADER("until 2030-01-01\nuntil 2031-01-01"), 4, 7, "treaty.said-twice" },
    { HEADER("withdrawal at once, data burnt"), 3, 21, "treaty.expected-leftover" },
    { HEADER("withdrawal at once\nwithdrawal with notice of 1 day"), 4, 27, "treaty.said-twice" },
    { HEADER("amended by some parties"), 3, 12, "treaty.expected-number" },
    { HEADER("amended by 2 of them"), 3, 14, "treaty.expected-amendment" },
    { HEADER("amended by 4 parties"), 3, 12, "treaty.amendment-consents" },
    { HEADER("amended by 1 parties"), 3, 12, "treaty.amendment-consents" },
    { HEADER("replaces a version 1"), 3, 10, "treaty.replaces-itself" },
    { HEADER("replaces b version 3, a version 2"), 3, 23, "treaty.replaces-later" },
    { HEADER("replaces b version 3, b version 3"), 3, 23, "treaty.said-twice" },
    { HEADER("replaces b.*"), 3, 10, "treaty.expected-name" },
    { HEADER("replaces b"), 4, 1, "treaty.expected-version" },
    { HEADER("prevails over b, a"), 3, 18, "treaty.prevails-over-itself" },
    { HEADER("prevails over b.*"), 3, 15, "treaty.expected-name" },
    { HEADER("offences of NER terrorism"), 3, 17, "treaty.expected-offences" },
    { HEADER("offences of NER (terrorism"), 4, 1, "treaty.expected-close" },
    { HEADER("offences of NER (witchcraft)"), 3, 18, "treaty.unknown-code" },
    { HEADER("offences of BEN (terrorism)"), 3, 13, "treaty.not-a-party" },
    { HEADER("offences of NER (terrorism)\noffences of NER (fraud)"), 4, 13, "treaty.said-twice" },
    { HEADER("marking of BEN secret \"S\""), 3, 12, "treaty.not-a-party" },
    { HEADER("marking of NER secret"), 4, 1, "treaty.expected-string" },
    { HEADER("marking of NER secret \"S\"\nmarking of NER secret \"T\""), 4, 12,
      "treaty.said-twice" },
    { HEADER("implements \"T\" dated May"), 3, 22, "treaty.expected-date" },
    { HEADER("implements \"T\" depositary Chad authentic en"), 3, 27, "treaty.expected-string" },
    /* clauses and their parts */
    { CLAUSE("share person with sahel for criminal-investigation by copy"), 4, 3,
      "treaty.without-parties" },
    { CLAUSE("share person among sahel for criminal-investigation by copy"), 4, 22,
      "treaty.unknown-group" },
    { CLAUSE("share person among NGA for criminal-investigation by copy"), 4, 3,
      "treaty.with-itself" },
    { HEAD "group one NER\narticle 1\n  never share person by NER to one\n", 5, 3,
      "treaty.with-itself" },
    { CLAUSE("coarsen field birth-date"), 5, 1, "treaty.expected-way" },
    { CLAUSE("coarsen field birth-date to decade"), 4, 31, "treaty.expected-way" },
    { CLAUSE("coarsen field phone to initials"), 4, 17, "treaty.coarsen-type" },
    { CLAUSE("coarsen field identity to year"), 4, 17, "treaty.coarsen-type" },
    { CLAUSE("coarsen field shoe to year"), 4, 17, "treaty.unknown-field" },
    { CLAUSE("duty of legal-office where subject is minor"), 4, 24, "treaty.expected-string" },
    { CLAUSE("duty of legal.* \"Judge.\""), 4, 11, "treaty.pattern-not-here" },
    { HEAD "offences of NER (terrorism)\narticle 1\n  duty of office \"Judge.\" where dual "
           "criminality\n",
      5, 3, "treaty.dual-not-here" },
    { CLAUSE("never share person unless dual criminality"), 4, 3, "treaty.dual-without-list" },
    { CLAUSE("never share ("), 4, 15, "treaty.expected-code" },
    { PART("at most 5"), 6, 1, "treaty.expected-per" },
    { PART("at most 5 per fortnight"), 5, 19, "treaty.expected-unit" },
    { PART("at most 1000001 per day"), 5, 13, "treaty.number-too-big" },
    { PART("for use by spies"), 5, 16, "treaty.unknown-code" },
    { PART("on condition no.*"), 5, 18, "treaty.pattern-not-here" },
    { PART("counted from match, received"), 5, 25, "treaty.counted-once" },
    { PART("counted from dawn"), 5, 18, "treaty.unknown-code" },
    { PART("suspended by rain"), 5, 18, "treaty.unknown-code" },
    { PART("refusal on whim"), 5, 16, "treaty.unknown-code" },
    { PART("under Article 3"), 5, 11, "treaty.expected-string" },
    { PART("under \"3\" under \"4\""), 5, 15, "treaty.said-twice" },
    { PART("retain 30 days, warn before deletion 1 month"), 4, 3, "treaty.warning-too-early" },
    { PART("answer urgent within 3 days, otherwise within 8 hours"), 4, 3,
      "treaty.urgent-is-slower" },
    { CLAUSE("never share person where maximum penalty at least 3 weeks"), 4, 53,
      "treaty.penalty-in-months" },
    { CLAUSE("never share person where sentence at least 101 years"), 4, 46,
      "treaty.number-too-big" },
    { CLAUSE("never share person where handling is H9"), 4, 40, "treaty.unknown-code" },
    { CLAUSE("never share person where action is dance"), 4, 38, "treaty.unknown-code" },
    /* what a text must not say of itself */
    { CLAUSE("never use for targeting\n  never use for targeting"), 5, 3, "treaty.clause-twice" },
    { HEAD "article 1\n" SHARE "  never share record\n", 5, 3, "treaty.contradicts-itself" },
    { HEAD "article 1\n  never share person, vehicle with TCD\n"
           "  share person by NGA to TCD for criminal-investigation by copy\n",
      4, 3, "treaty.contradicts-itself" },
    { HEAD "group lake NER, TCD\narticle 1\n  share person where subject is minor by NGA to lake "
           "for criminal-investigation by copy\n  never share person where subject is minor\n",
      6, 3, "treaty.contradicts-itself" },
    { CLAUSE("share person where category is wanted.* and category is missing.child among parties "
             "for criminal-investigation by copy"),
      4, 3, "treaty.never-true" },
    { CLAUSE("share person where kind is vehicle among parties for criminal-investigation by copy"),
      4, 3, "treaty.never-true" },
    { CLAUSE("share record where kind is vehicle and (not kind in (vehicle, person) and subject is "
             "minor) among parties for criminal-investigation by copy"),
      4, 3, "treaty.never-true" },
    { CLAUSE("share person where subject is minor and not subject is minor among parties for "
             "criminal-investigation by copy"),
      4, 3, "treaty.never-true" },
    { CLAUSE("share person where urgent case and subject is minor unless urgent case among parties "
             "for criminal-investigation by copy"),
      4, 3, "treaty.never-true" },
    /* annex */
    { "agreement a version 1\nparties NGA NER\narticle 1\nannex\nparty NGA key "
      "0000000000000000000000000000000000000000000000000000000000000001\nparty NER key "
      "0000000000000000000000000000000000000000000000000000000000000001\n",
      6, 7, "treaty.key-of-another" },
    { HEAD "article 1\nannex\nparty NGA key "
           "0000000000000000000000000000000000000000000000000000000000000001 contact a.*\n",
      5, 88, "treaty.expected-code" },
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

#define NATION "national rules of NER version 1\n"

static const struct wrong national_wrongs[] = {
    { NATION "share person among parties for criminal-investigation by copy\n", 2, 1,
      "treaty.national-widens" },
    { NATION "ask trace among parties for criminal-investigation\n", 2, 1,
      "treaty.national-widens" },
    { NATION "never share person by NER to NGA\n", 2, 23, "treaty.national-sends" },
    { NATION "never share person with sahel\n", 2, 25, "treaty.expected-member" },
    { NATION "halt NER\n", 2, 1, "treaty.with-itself" },
    { NATION "release by two persons where dual criminality\n", 2, 1, "treaty.dual-not-here" },
    { NATION "effect of wanted.* is held\n", 2, 20, "treaty.expected-from" },
    { NATION "effect of wanted.* from any party held\n", 2, 35, "treaty.expected-effect" },
    { NATION "effect of wanted.* from any party is lost\n", 2, 38, "treaty.expected-effect" },
    { NATION "effect of wanted.parking from any party is held\n", 2, 11, "treaty.unknown-code" },
    { NATION "effect of wanted.* from any party is reduced to dance\n", 2, 49,
      "treaty.unknown-code" },
    { NATION "wibble\n", 2, 1, "treaty.unknown-keyword" },
};

static void compare(size_t i, const struct wrong *wrong, struct err e)
{
    struct text_place place = treaty_place(text_literal(wrong->text), e.at);
    if (!failed(e) || strcmp(e.rule, wrong->rule) != 0 || place.line != wrong->line ||
        place.column != wrong->column)
        fail_msg("%zu: %u:%u %s instead of %u:%u %s in\n%s", i, place.line, place.column, e.rule,
                 wrong->line, wrong->column, wrong->rule, wrong->text);
}

static void an_error_names_its_line_column_and_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        arena_reset(&arena);
        struct treaty treaty = { .version = 77 };
        struct treaty_errors errors;
        compare(i, &wrongs[i],
                treaty_parse(text_literal(wrongs[i].text), LANGUAGE_ANY, &arena, &errors, &treaty));
        assert_int_equal(treaty.version, 77); /* nothing written */
        assert_true(errors.count >= 1);
    }
}

static void an_error_in_national_rules_names_its_line_column_and_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(national_wrongs) / sizeof(national_wrongs[0]); i++) {
        arena_reset(&arena);
        struct national national = { .version = 77 };
        struct treaty_errors errors;
        compare(i, &national_wrongs[i],
                national_parse(text_literal(national_wrongs[i].text), LANGUAGE_ANY, &arena, &errors,
                               &national));
        assert_int_equal(national.version, 77);
    }
}

/* `part` many times between a head and a tail. */
static struct err parse_many(const char *head, const char *part, int count, const char *tail)
{
    size_t room = strlen(head) + strlen(part) * (size_t)count + strlen(tail) + 1;
    char *data = malloc(room);
    size_t len = (size_t)snprintf(data, room, "%s", head);
    for (int i = 0; i < count; i++)
        len += (size_t)snprintf(data + len, room - len, "%s", part);
    len += (size_t)snprintf(data + len, room - len, "%s", tail);
    struct treaty treaty;
    struct treaty_errors errors;
    arena_reset(&arena);
    struct err e = treaty_parse((struct text){ data, len }, LANGUAGE_EN, &arena, &errors, &treaty);
    free(data);
    return e;
}

static void what_is_too_long_is_refused(void **state)
{
    (void)state;
    assert_string_equal(parse_many(HEAD, "# no end\n", 60000, "article 1\n").rule,
                        "treaty.text-too-long");
    assert_string_equal(parse_many(HEAD "title \"a\"", ", \"a\"", 64, "\narticle 1\n").rule,
                        "treaty.list-too-long");
    assert_string_equal(
        parse_many(HEAD, "marking of NER secret \"S\"\n", TREATY_MARKINGS_MAX + 1, "article 1\n")
            .rule,
        "treaty.said-twice");
    assert_string_equal(
        parse_many(HEAD "article 1\n", "  never use for targeting\n", TREATY_CLAUSES_MAX + 1, "")
            .rule,
        "treaty.too-many-clauses");
    assert_string_equal(parse_many(HEAD, "article 1\n", TREATY_ARTICLES_MAX + 1, "").rule,
                        "treaty.article-order");
}

static bool is_tested(struct text rule)
{
    /* of JSON, of reservations alone, of entering into force: treaty_test.c; of what is too long */
    static const char *const elsewhere[] = {
        "treaty.json-shape",    "treaty.hit-not-yet",   "treaty.expected-reservation",
        "treaty.text-too-long", "treaty.list-too-long", "treaty.too-many-clauses",
    };
    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        if (text_is(rule, wrongs[i].rule))
            return true;
    }
    for (size_t i = 0; i < sizeof(national_wrongs) / sizeof(national_wrongs[0]); i++) {
        if (text_is(rule, national_wrongs[i].rule))
            return true;
    }
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        if (text_is(rule, elsewhere[i]))
            return true;
    }
    return false;
}

static int check_rules_of(const char *path)
{
    int rules = 0;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *data = arena_take(&arena, 64 * 1024);
    size_t len = fread(data, 1, 64 * 1024 - 1, file);
    fclose(file);
    data[len] = '\0';
    for (char *at = strstr(data, "\"treaty."); at != NULL; at = strstr(at, "\"treaty.")) {
        char *end = strchr(++at, '"');
        struct text rule = { at, (size_t)(end - at) };
        if (!is_tested(rule))
            fail_msg("%s: no text breaks %.*s", path, (int)rule.len, rule.data);
        at = end;
        rules++;
    }
    return rules;
}

static void every_rule_is_broken_by_some_text(void **state)
{
    (void)state;
    const char *source = getenv("COMITY_SOURCE");
    char path[512];
    int rules = 0;
    if (source == NULL) {
        print_message("skipped: COMITY_SOURCE is not set\n");
        return;
    }
    arena_reset(&arena);
    snprintf(path, sizeof(path), "%s/src/wording", source);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        struct text name = text_literal(entry->d_name);
        if (!text_ends(name, TEXT(".c")) || text_ends(name, TEXT("_test.c")))
            continue;
        snprintf(path, sizeof(path), "%s/src/wording/%s", source, entry->d_name);
        rules += check_rules_of(path);
    }
    closedir(folder);
    assert_true(rules > 100);
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
        cmocka_unit_test(an_error_in_national_rules_names_its_line_column_and_rule),
        cmocka_unit_test(what_is_too_long_is_refused),
        cmocka_unit_test(every_rule_is_broken_by_some_text),
        cmocka_unit_test(one_reading_reports_every_error),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
