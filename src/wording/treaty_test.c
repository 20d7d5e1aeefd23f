/* The language as text: every keyword in every language, exact places of errors, print and parse,
 * prefixes, the neutral JSON. */
#include "wording/wording_test.h"

static void canonical_text_prints_as_itself(void **state)
{
    (void)state;
    arena_reset(&arena);
    for (int i = 0; i < CANONICAL; i++) {
        struct treaty treaty = parse_text(text_literal(canonical[i]));
        assert_text(print_text(&treaty, LANGUAGE_EN), text_literal(canonical[i]));
    }
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

/* Prints the text in the language, parses that and has the same tree; marks the phrases it has. */
static void go_through(const char *source, enum language language, bool printed[PHRASES])
{
    struct treaty treaty = parse_text(text_literal(source));
    struct hash hash = hash_of_treaty(&treaty);
    struct text text = print_text(&treaty, language);
    struct treaty again = parse_text(text);
    struct hash other = hash_of_treaty(&again);
    assert_true(hash_equal(&hash, &other));
    assert_text(print_text(&again, language), text);
    assert_text(print_text(&again, LANGUAGE_EN), text_literal(source));
    for (enum phrase phrase = 0; phrase < PHRASES; phrase++)
        printed[phrase] |= contains(text, phrase_text(phrase, language));
}

static void every_keyword_prints_and_parses_in_every_language(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct national national;
    struct treaty_errors errors;
    assert_false(failed(national_parse(text_literal(everything_national), LANGUAGE_ANY, &arena,
                                       &errors, &national)));
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        bool printed[PHRASES] = { false };
        struct text text;
        for (int i = 0; i < CANONICAL; i++)
            go_through(canonical[i], language, printed);
        assert_false(failed(national_print(&national, language, &arena, &text)));
        for (enum phrase phrase = 0; phrase < PHRASES; phrase++) {
            struct text words = phrase_text(phrase, language);
            if (phrase != PHRASE_WITH_PARTY && !printed[phrase] && !contains(text, words))
                fail_msg("%.*s is never printed", (int)words.len, words.data);
        }
        struct national nation;
        assert_int_equal(treaty_language(text), language);
        assert_false(failed(national_parse(text, LANGUAGE_ANY, &arena, &errors, &nation)));
        assert_false(failed(national_print(&nation, LANGUAGE_EN, &arena, &text)));
        assert_text(text, text_literal(everything_national));
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
    assert_false(failed(treaty_check_enter(&treaty, TEXT("CMR")))); /* no party */
}

static void reservations_of_an_act_parse_print_and_are_json(void **state)
{
    (void)state;
    static const char text[] = "reservation of TCD to clause 1.4\n"
                               "  not bound\n"
                               "\n"
                               "reservation of TCD to article 1\n"
                               "  never share person with sahel where dual criminality\n";
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        struct reservations first, second, third;
        struct treaty_errors errors;
        struct text printed;
        assert_false(failed(reservations_parse(text_literal(text), LANGUAGE_ANY, &treaty, &arena,
                                               &errors, &first)));
        assert_int_equal(first.count, 2);
        assert_text(first.items[1].clauses[0].id, TEXT("1/TCD.1"));
        assert_false(failed(reservations_print(&first, language, &arena, &printed)));
        assert_false(
            failed(reservations_parse(printed, LANGUAGE_ANY, &treaty, &arena, &errors, &second)));
        struct json json = reservations_to_json(&second, &arena);
        assert_false(failed(reservations_from_json(&json, &treaty, &arena, &third)));
        assert_false(failed(reservations_print(&third, LANGUAGE_EN, &arena, &printed)));
        assert_text(printed, text_literal(text));
    }
}

static void reservations_of_an_act_are_checked_against_the_agreement(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *rule;
    } cases[] = {
        { "", "treaty.unknown-first-line" },
        { "reservation of CMR to article 1\n  not bound\n", "treaty.not-a-party" },
        { "reservation of NER to article 9\n  not bound\n", "treaty.reservation-to-nothing" },
        { "reservation of NER to clause 1.9\n  not bound\n", "treaty.reservation-to-nothing" },
        { "reservation of NER to clause 2.2\n  not bound\n", "treaty.reservation-widens" },
        { "reservation of NER to article 1\n", "treaty.reservation-content" },
        { "reservation of NER to article 1\n  never share person with lakes\n",
          "treaty.unknown-group" },
        { "reservation of NER to article 1\n  not bound\narticle 2\n",
          "treaty.expected-reservation" },
        { "reservation of NER to clause 1.1\n  not bound\nreservation of NER to clause 1.1\n"
          "  not bound\n",
          "treaty.said-twice" },
    };
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct reservations list = { .count = 77 };
        struct treaty_errors errors;
        struct err e = reservations_parse(text_literal(cases[i].text), LANGUAGE_ANY, &treaty,
                                          &arena, &errors, &list);
        assert_true(failed(e));
        assert_string_equal(e.rule, cases[i].rule);
        assert_int_equal(list.count, 77);
    }
    struct json other = json_array();
    struct reservations list;
    assert_true(failed(reservations_from_json(&other, &treaty, &arena, &list)));
    json_push(&arena, &other, json_object());
    assert_true(failed(reservations_from_json(&other, &treaty, &arena, &list)));
}

static void names_of_members_and_groups_open_to_members(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty treaty = parse_text(text_literal(everything));
    struct text out[TREATY_PARTIES_MAX];
    struct text mixed[] = { TEXT("TCD"), TEXT("sahel"), TEXT("lake") };
    struct codes names = { mixed, 3 };
    assert_int_equal(treaty_members_of(&treaty, names, out), 3);
    assert_text(out[0], TEXT("TCD"));
    assert_text(out[1], TEXT("NER"));
    assert_text(out[2], TEXT("x-mnjtf"));
    assert_true(treaty_names(&treaty, names, TEXT("NER")));
    assert_false(treaty_names(&treaty, names, TEXT("NGA")));
    assert_int_equal(treaty_members_of(&treaty, (struct codes){ 0 }, out), 4);
    assert_true(treaty_names(&treaty, (struct codes){ 0 }, TEXT("NGA")));
    assert_false(treaty_names(&treaty, (struct codes){ 0 }, TEXT("CMR")));
    assert_null(treaty_group_find(&treaty, TEXT("NER")));
    assert_int_equal(treaty_group_find(&treaty, TEXT("sahel"))->members.count, 2);
}

static void assert_diff(const struct treaty *old, const struct treaty *new, const char *expected)
{
    struct json diff;
    struct json wanted;
    struct bytes bytes;
    assert_false(failed(treaty_diff(old, new, LANGUAGE_EN, &arena, &diff)));
    assert_false(failed(json_format(&diff, &arena, &bytes)));
    assert_false(failed(json_parse(text_bytes(text_literal(expected)), &arena, &wanted)));
    if (!json_equal(&diff, &wanted))
        fail_msg("%.*s", (int)bytes.len, (const char *)bytes.data);
}

static void a_difference_names_lines_and_clauses_with_both_texts(void **state)
{
    (void)state;
    arena_reset(&arena);
    struct treaty all = parse_text(text_literal(everything));
    assert_diff(&all, &all, "{}");
    struct treaty old = parse_text(
        TEXT("agreement a version 1\nparties NGA NER\narticle 1\n  never use for targeting\n"
             "  never share person where subject is minor\n  release by two persons\n"
             "  ask trace among parties for criminal-investigation\n"
             "reservation of NGA to clause 1.4\n  not bound\n"));
    struct treaty new =
        parse_text(TEXT("agreement a version 2\nparties NGA NER TCD\narticle 1 \"One\"\n"
                        "  release by two persons\n  never share person where age under 16\n"
                        "  never use for targeting\narticle 2\n  never use for sport\n"
                        "reservation of TCD to article 1\n  release by ministry\n"));
    assert_diff(
        &old, &new,
        "{\"header\":{\"removed\":[\"agreement a version 1\",\"parties NGA NER\"],"
        "\"added\":[\"agreement a version 2\",\"parties NGA NER TCD\"]},"
        "\"articles\":{\"removed\":[\"article 1\"],"
        "\"added\":[\"article 1 \\\"One\\\"\",\"article 2\"]},"
        "\"clauses\":["
        "{\"change\":\"moved\",\"old_id\":\"1.3\",\"id\":\"1.1\","
        "\"old\":\"release by two persons\",\"new\":\"release by two persons\"},"
        "{\"change\":\"changed\",\"old_id\":\"1.2\",\"id\":\"1.2\","
        "\"old\":\"never share person where subject is minor\","
        "\"new\":\"never share person where age under 16\"},"
        "{\"change\":\"moved\",\"old_id\":\"1.1\",\"id\":\"1.3\","
        "\"old\":\"never use for targeting\",\"new\":\"never use for targeting\"},"
        "{\"change\":\"added\",\"id\":\"2.1\",\"new\":\"never use for sport\"},"
        "{\"change\":\"removed\",\"old_id\":\"1.4\",\"old\":\"ask trace\\n"
        "    among parties for criminal-investigation\"}],"
        "\"reservations\":["
        "{\"change\":\"added\",\"party\":\"TCD\",\"new\":\"reservation of TCD to article 1\\n"
        "  release by ministry\"},"
        "{\"change\":\"removed\",\"party\":\"NGA\",\"old\":\"reservation of NGA to clause 1.4\\n"
        "  not bound\"}]}");
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
    struct treaty trees[8];
    int treaties = 0;
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
        if (text_starts(text, TEXT("national")))
            assert_false(failed(national_parse(text, LANGUAGE_EN, &arena, &errors, &national)));
        else
            trees[treaties++] = parse_text(text);
        examples++;
    }
    assert_int_equal(examples, 4);
    struct hash english = hash_of_treaty(&trees[0]);
    struct hash french = hash_of_treaty(&trees[2]);
    assert_true(hash_equal(&english, &french));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_text_prints_as_itself),
        cmocka_unit_test(every_keyword_prints_and_parses_in_every_language),
        cmocka_unit_test(the_hash_is_over_the_tree_and_not_over_comments_or_layout),
        cmocka_unit_test(every_prefix_is_refused_or_a_shorter_agreement),
        cmocka_unit_test(a_full_arena_refuses_and_writes_nothing),
        cmocka_unit_test(json_that_no_text_says_is_refused),
        cmocka_unit_test(a_hit_clause_that_binds_this_member_keeps_the_agreement_out),
        cmocka_unit_test(reservations_of_an_act_parse_print_and_are_json),
        cmocka_unit_test(reservations_of_an_act_are_checked_against_the_agreement),
        cmocka_unit_test(names_of_members_and_groups_open_to_members),
        cmocka_unit_test(a_difference_names_lines_and_clauses_with_both_texts),
        cmocka_unit_test(the_model_agreement_is_one_tree_in_english_and_french),
        cmocka_unit_test(the_examples_of_the_manual_parse),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
