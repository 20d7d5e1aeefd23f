/* The library of model agreements: each is one tree in every language it has, prints and parses to
 * itself, and together they use everything that the language can say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scene.h"
#include "test_files.h"

enum { ARENA_BYTES = 32 << 20 };

static const struct {
    const char *name, *languages[4];
} library[] = {
    { "border-like", { "en", "fr", "ar" } }, { "fiu-network", { "en", "fr" } },
    { "fiu-network-1", { "en", "fr" } },     { "lake-chad", { "en", "fr", "ar" } },
    { "prum-like", { "en", "fr" } },         { "schengen-like", { "en", "fr" } },
    { "template", { "en", "fr", "ar" } },    { "us-mexico-like", { "en", "fr" } },
    { "us-mexico-like-1", { "en", "fr" } },
};
static const char *const rules[] = { "national-benin-model", "national-chad-model",
                                     "national-mexico-model" };

enum { LIBRARY = sizeof(library) / sizeof(library[0]), RULES = sizeof(rules) / sizeof(rules[0]) };

static struct arena arena;
static struct treaty treaties[LIBRARY];
static struct national nationals[RULES];

static enum language language_of(const char *tag)
{
    enum language language = LANGUAGE_ANY;
    assert_true(treaty_language_parse(text_literal(tag), &language));
    return language;
}

static struct text read_text(const char *name, const char *tag)
{
    struct text text;
    if (!scene_read(text_literal(name), tag, &arena, &text))
        fail_msg("no catalogue/agreements/%s.%s", name, tag);
    return text;
}

static struct treaty parse(struct text text, const char *tag, const char *name)
{
    struct treaty_errors errors;
    struct treaty treaty;
    struct err e = treaty_parse(text, language_of(tag), &arena, &errors, &treaty);
    for (uint32_t i = 0; failed(e) && i < errors.count; i++) {
        struct text_place place = treaty_place(text, errors.items[i].at);
        print_message("%s.%s:%u:%u: %s\n", name, tag, place.line, place.column,
                      errors.items[i].rule);
    }
    assert_string_equal(e.rule, "");
    return treaty;
}

static int library_open(void **state)
{
    (void)state;
    arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    return arena.data == NULL;
}

static int library_close(void **state)
{
    (void)state;
    free(arena.data);
    return 0;
}

static void every_agreement_is_one_tree_in_all_its_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIBRARY; i++) {
        struct hash first;
        for (size_t k = 0; library[i].languages[k] != NULL; k++) {
            const char *tag = library[i].languages[k];
            struct hash hash;
            struct text text = read_text(library[i].name, tag);
            struct treaty treaty = parse(text, tag, library[i].name);
            assert_int_equal(treaty_language(text), language_of(tag));
            assert_false(failed(treaty_hash(&treaty, &arena, &hash)));
            if (k == 0) {
                first = hash;
                treaties[i] = treaty;
            }
            if (!hash_equal(&first, &hash))
                fail_msg("%s.%s is another tree", library[i].name, tag);
        }
    }
}

static void every_agreement_prints_and_parses_to_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIBRARY; i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            static const char *const tags[LANGUAGES] = { "en", "fr", "ar" };
            struct text first;
            struct text second;
            struct hash hashes[2];
            struct err e = treaty_print(&treaties[i], (enum language)language, &arena, &first);
            assert_false(failed(e));
            struct treaty again = parse(first, tags[language], library[i].name);
            e = treaty_print(&again, (enum language)language, &arena, &second);
            assert_false(failed(e));
            assert_true(text_equal(first, second));
            assert_false(failed(treaty_hash(&treaties[i], &arena, &hashes[0])));
            assert_false(failed(treaty_hash(&again, &arena, &hashes[1])));
            assert_true(hash_equal(&hashes[0], &hashes[1]));
        }
    }
}

/* tests/law/instruments.py counts clauses by this. */
static void every_english_clause_begins_behind_two_spaces(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIBRARY; i++) {
        struct text text = read_text(library[i].name, "en");
        for (uint32_t a = 0; a < treaties[i].article_count; a++) {
            const struct article *article = &treaties[i].articles[a];
            for (uint32_t c = 0; c < article->count; c++) {
                uint32_t at = article->clauses[c].at;
                if (at < 3 || memcmp(text.data + at - 3, "\n  ", 3) != 0)
                    fail_msg("%s: clause %u.%u", library[i].name, article->number, c + 1);
            }
        }
    }
}

static void the_national_rules_print_and_parse_to_themselves(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULES; i++) {
        struct treaty_errors errors;
        struct text french;
        struct text again;
        struct text text = read_text(rules[i], "en");
        struct err e = national_parse(text, LANGUAGE_EN, &arena, &errors, &nationals[i]);
        if (failed(e))
            fail_msg("%s:%u: %s", rules[i], treaty_place(text, e.at).line, e.rule);
        assert_false(failed(national_print(&nationals[i], LANGUAGE_FR, &arena, &french)));
        struct text stored = read_text(rules[i], "fr");
        struct national two;
        e = national_parse(stored, LANGUAGE_FR, &arena, &errors, &two);
        assert_string_equal(e.rule, "");
        assert_false(failed(national_print(&two, LANGUAGE_FR, &arena, &again)));
        assert_true(text_equal(french, again));
    }
}

/* ---- everything the language can say ---- */

struct uses {
    bool kinds[CLAUSE_KINDS], tests[TESTS], modes[ACCESS_MODES], ways[COARSE_WAYS];
    bool ops[CONDITION_ANY + 1];
    bool effects[SOIL_EFFECTS], pers[SPAN_UNITS], spans[SPAN_UNITS];
    bool reciprocal, audience, ceiling, capacity, warn, extend, achieved, offline, counted, stopped;
    bool grounds, under, by_to, with_scope, two_persons, offices, call, not_bound;
};

static void use_condition(struct uses *u, const struct condition *c)
{
    if (c == NULL)
        return;
    u->ops[c->op] = true;
    if (c->op == CONDITION_TEST)
        u->tests[c->test] = true;
    for (uint32_t i = 0; i < c->count; i++)
        use_condition(u, &c->items[i]);
}

static void use_clause(struct uses *u, const struct clause *c)
{
    u->kinds[c->kind] = true;
    u->modes[c->mode] = true;
    u->ways[c->way] = true;
    u->pers[c->capacity.per] = true;
    u->spans[c->retain.unit] = true;
    u->spans[c->urgent.unit] = true;
    u->reciprocal |= c->reciprocal;
    u->audience |= c->audience.count > 0;
    u->ceiling |= c->ceiling != LEVEL_NONE;
    u->capacity |= c->capacity.count > 0;
    u->warn |= c->warn.count > 0;
    u->extend |= c->extend;
    u->achieved |= c->achieved.count > 0;
    u->offline |= c->offline.count > 0;
    u->counted |= c->counted.count > 0;
    u->stopped |= c->stopped.count > 0;
    u->grounds |= c->grounds.count > 0;
    u->under |= c->under.len > 0;
    u->by_to |= c->from.count > 0 && c->to.count > 0;
    u->with_scope |= c->from.count == 0 && c->to.count > 0;
    u->two_persons |= c->persons == 2;
    u->offices |= c->offices.count > 0;
    use_condition(u, c->where_opt);
    use_condition(u, c->unless_opt);
}

static void all_of(const bool *used, size_t first, size_t end, const char *what)
{
    for (size_t i = first; i < end; i++) {
        if (!used[i])
            fail_msg("no example uses %s number %zu", what, i);
    }
}

static void every_clause_test_and_effect_appears(void **state)
{
    (void)state;
    struct uses u = { .kinds = { false } };
    for (size_t i = 0; i < LIBRARY; i++) {
        const struct treaty *t = &treaties[i];
        for (uint32_t a = 0; a < t->article_count; a++) {
            for (uint32_t c = 0; c < t->articles[a].count; c++)
                use_clause(&u, &t->articles[a].clauses[c]);
        }
        for (uint32_t r = 0; r < t->reservation_count; r++) {
            u.not_bound |= t->reservations[r].not_bound;
            for (uint32_t c = 0; c < t->reservations[r].count; c++)
                use_clause(&u, &t->reservations[r].clauses[c]);
        }
    }
    for (size_t i = 0; i < RULES; i++) {
        for (uint32_t c = 0; c < nationals[i].count; c++)
            use_clause(&u, &nationals[i].clauses[c]);
        for (uint32_t e = 0; e < nationals[i].effect_count; e++) {
            u.effects[nationals[i].effects[e].kind] = true;
            u.call |= nationals[i].effects[e].call.len > 0;
        }
    }
    all_of(u.kinds, CLAUSE_SHARE, CLAUSE_KINDS, "clause");
    all_of(u.tests, TEST_CATEGORY, TESTS, "test");
    all_of(u.modes, MODE_COPY, MODE_ASK + 1, "mode");
    all_of(u.ways, COARSE_YEAR, COARSE_WAYS, "way to coarsen");
    all_of(u.ops, CONDITION_TEST, CONDITION_ANY + 1, "connective");
    all_of(u.effects, SOIL_HELD, SOIL_EFFECTS, "effect");
    all_of(u.pers, SPAN_HOUR, SPAN_UNITS, "capacity unit");
    assert_true(u.reciprocal && u.audience && u.ceiling && u.capacity && u.warn && u.extend);
    assert_true(u.achieved && u.offline && u.counted && u.stopped && u.grounds && u.under);
    assert_true(u.by_to && u.with_scope && u.two_persons && u.offices && u.call && u.not_bound);
}

static void every_header_appears(void **state)
{
    (void)state;
    bool implements = false, dated = false, depositary = false, authentic = false, hash = false;
    bool group = false, accession = false, from = false, no_from = false, after = false;
    bool counted = false, all = false, ratified = false, signatures = false, provisional = false;
    bool until = false, renewal = false, renewal_notice = false, notice = false, at_once = false;
    bool kept = false, amended = false, replaces = false, prevails = false, ceiling = false;
    bool silence = false, offences = false, marking = false, reservation = false, annex = false;
    for (size_t i = 0; i < LIBRARY; i++) {
        const struct treaty *t = &treaties[i];
        implements |= t->implements.len > 0;
        dated |= t->dated.year != 0;
        depositary |= t->depositary.len > 0;
        authentic |= t->authentic.count > 0;
        hash |= t->text_hash.len > 0;
        group |= t->group_count > 0;
        accession |= t->accession.count > 0;
        from |= t->from.year != 0;
        no_from |= t->from.year == 0;
        after |= t->after.count > 0;
        counted |= t->signatures > 0;
        all |= t->signatures == 0;
        ratified |= t->consent == CONSENT_RATIFICATION;
        signatures |= t->consent == CONSENT_SIGNATURE;
        provisional |= t->provisional.count > 0;
        until |= t->until.year != 0;
        renewal |= t->renewal.count > 0;
        renewal_notice |= t->renewal_notice.count > 0;
        notice |= t->notice.count > 0;
        at_once |= t->notice.count == 0;
        kept |= t->leftover == LEFTOVER_KEPT;
        amended |= t->amended_by > 0;
        replaces |= t->replaces_count > 0;
        prevails |= t->prevails.count > 0;
        ceiling |= t->ceiling != LEVEL_NONE;
        silence |= t->silence_days > 0;
        offences |= t->recognition_count > 0;
        marking |= t->marking_count > 0;
        reservation |= t->reservation_count > 0;
        annex |= t->annex_count > 0;
    }
    assert_true(implements && dated && depositary && authentic && hash && group && accession);
    assert_true(from && no_from && after && counted && all && ratified && signatures);
    assert_true(provisional && until && renewal && renewal_notice && notice && at_once && kept);
    assert_true(amended && replaces && prevails && ceiling && silence && offences && marking);
    assert_true(reservation && annex);
}

/* The template names the very text that lies beside it. */
static void the_template_names_the_text_of_its_treaty(void **state)
{
    (void)state;
    static const char digits[] = "0123456789abcdef";
    char hex[2 * sizeof(struct hash)];
    struct hash hash = hash_of(text_bytes(read_text("template-treaty", "txt")));
    const uint8_t *bytes = (const uint8_t *)&hash;
    for (size_t i = 0; i < sizeof(hash); i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    for (size_t i = 0; i < LIBRARY; i++) {
        if (treaties[i].text_hash.len > 0)
            assert_true(text_equal(treaties[i].text_hash, (struct text){ hex, sizeof(hex) }));
    }
}

/* By hit is decided and explained, but binds nobody until blind queries exist. */
static void a_hit_clause_keeps_its_agreement_out_of_force(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIBRARY; i++) {
        for (uint32_t p = 0; p < treaties[i].parties.count; p++) {
            bool hits = text_is(treaties[i].name, "prum-like-model");
            struct err e = treaty_check_enter(&treaties[i], treaties[i].parties.items[p]);
            assert_string_equal(e.rule, hits ? "treaty.hit-not-yet" : "");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_agreement_is_one_tree_in_all_its_languages),
        cmocka_unit_test(every_agreement_prints_and_parses_to_itself),
        cmocka_unit_test(every_english_clause_begins_behind_two_spaces),
        cmocka_unit_test(the_national_rules_print_and_parse_to_themselves),
        cmocka_unit_test(every_clause_test_and_effect_appears),
        cmocka_unit_test(every_header_appears),
        cmocka_unit_test(the_template_names_the_text_of_its_treaty),
        cmocka_unit_test(a_hit_clause_keeps_its_agreement_out_of_force),
    };
    if (getenv("COMITY_SOURCE") == NULL) {
        printf("skipped: COMITY_SOURCE is not set\n");
        return 77;
    }
    return cmocka_run_group_tests_name("law/library", tests, library_open, library_close);
}
