/* Phrases that may stand at one place: no two are alike in any language, and where one begins
 * another the parser tries the longer first and nothing that may follow the shorter reads as the
 * longer. */
#include "wording/wording_test.h"

#include "wording/draft.h"
#include "wording/parts.h"

enum { PLACE_MAX = 128 };

/* In the order in which the parser tries them; of the first `any`, the longest that fits is read.
 */
struct place {
    enum phrase phrases[PLACE_MAX];
    uint32_t count, any;
};

static void put(struct place *place, enum phrase phrase)
{
    for (uint32_t i = 0; i < place->count; i++) {
        if (place->phrases[i] == phrase)
            return; /* the same words for one thing: "withhold field" */
    }
    assert_true(place->count < PLACE_MAX);
    place->phrases[place->count++] = phrase;
}

#define PUT(place, ...)                                                         \
    do {                                                                        \
        static const enum phrase list[] = { __VA_ARGS__ };                      \
        for (size_t put_i = 0; put_i < sizeof(list) / sizeof(list[0]); put_i++) \
            put(place, list[put_i]);                                            \
    } while (0)

/* `a` is `b`, or `b` goes on behind a word of it. */
static bool begins(struct text a, struct text b)
{
    return text_starts(b, a) && (b.len == a.len || b.data[a.len] == ' ');
}

/* What may follow the shorter phrase is no word with which the longer one goes on. */
static void check_follower(enum phrase shorter, struct text next)
{
    if (shorter == PHRASE_AMONG_LIST || shorter == PHRASE_WITH || shorter == PHRASE_BY)
        assert_false(group_name_valid(next));
    assert_false(member_valid(next));
    assert_true(next.data[0] < '0' || next.data[0] > '9');
    assert_int_equal(code_find(CODE_PURPOSE, next), CODE_RAW);
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++)
        assert_int_equal(code_find(CODE_KIND, word_to_code(WORDS_KIND, language, next)), CODE_RAW);
}

static uint32_t check_pair(const struct place *place, uint32_t first, uint32_t second,
                           enum language language)
{
    struct text a = phrase_text(place->phrases[first], language);
    struct text b = phrase_text(place->phrases[second], language);
    if (!begins(a, b) && !begins(b, a))
        return 0;
    if (text_equal(a, b))
        fail_msg("\"%.*s\" means two things at one place", (int)a.len, a.data);
    if (begins(a, b) && second >= place->any)
        fail_msg("\"%.*s\" is tried before \"%.*s\"", (int)a.len, a.data, (int)b.len, b.data);
    bool a_shorter = a.len < b.len;
    struct text rest =
        a_shorter ? text_slice(b, a.len + 1, b.len) : text_slice(a, b.len + 1, a.len);
    check_follower(place->phrases[a_shorter ? first : second], text_split(&rest, ' '));
    return 1;
}

/* Gives how many pairs begin alike. */
static uint32_t check_place(const struct place *place)
{
    uint32_t pairs = 0;
    for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
        for (uint32_t i = 0; i < place->count; i++) {
            for (uint32_t j = i + 1; j < place->count; j++)
                pairs += check_pair(place, i, j, language);
        }
    }
    return pairs;
}

static const enum phrase headers[] = {
    PHRASE_TITLE,       PHRASE_IMPLEMENTS, PHRASE_PARTIES,        PHRASE_GROUP,
    PHRASE_ACCESSION,   PHRASE_FORCE_FROM, PHRASE_FORCE,          PHRASE_PROVISIONAL,
    PHRASE_UNTIL,       PHRASE_RENEWED,    PHRASE_WITHDRAWAL_NOW, PHRASE_WITHDRAWAL,
    PHRASE_AMENDED_ALL, PHRASE_AMENDED,    PHRASE_REPLACES,       PHRASE_PREVAILS,
    PHRASE_CEILING,     PHRASE_SILENCE,    PHRASE_OFFENCES_OF,    PHRASE_MARKING,
};

static void put_statements(struct place *place)
{
    PUT(place, PHRASE_ARTICLE, PHRASE_RESERVATION, PHRASE_ANNEX);
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        put(place, headers[i]);
    PUT(place, PHRASE_NOT_BOUND, PHRASE_NEVER_FIELD, PHRASE_WITHHOLD);
    for (enum clause_kind kind = CLAUSE_SHARE; kind < CLAUSE_KINDS; kind++)
        put(place, clause_forms[kind].phrase);
    PUT(place, PHRASE_PARTY);
}

static void what_may_follow_a_clause_is_never_ambiguous(void **state)
{
    (void)state;
    uint32_t pairs = 0;
    for (enum clause_kind kind = CLAUSE_SHARE; kind < CLAUSE_KINDS; kind++) {
        struct place place = { .count = 0 };
        for (uint32_t i = 0; i < PARTS; i++) {
            if (part_fits(&clause_parts[i], kind))
                put(&place, clause_parts[i].phrase);
        }
        place.any = place.count;
        PUT(&place, PHRASE_AMONG, PHRASE_WITH_PARTY, PHRASE_WITH, PHRASE_AMONG_LIST, PHRASE_BY);
        PUT(&place, PHRASE_WHERE, PHRASE_UNLESS, PHRASE_AND, PHRASE_OR);
        put_statements(&place);
        put(&place, PHRASE_EFFECT);
        pairs += check_place(&place);
    }
    assert_true(pairs > 20); /* "for" and "for use by", "by" and "by copy" … are there */
}

static void what_may_follow_a_header_is_never_ambiguous(void **state)
{
    (void)state;
    struct place place = { .count = 0 };
    PUT(&place, PHRASE_ALL_RATIFIED, PHRASE_WHEN_ALL, PHRASE_WHEN, PHRASE_AFTER);
    PUT(&place, PHRASE_UNLESS_NOTICE, PHRASE_TEXT_HASH);
    put_statements(&place);
    assert_true(check_place(&place) > 5);
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct treaty_errors errors;
        struct parser p = { .arena = &arena, .errors = &errors };
        assert_false(
            failed(parser_open(&p, phrase_text(headers[i], LANGUAGE_FR), LANGUAGE_FR, headers[i])));
        assert_true(draft_sees_header(&p));
    }
}

static void no_two_tests_are_alike(void **state)
{
    (void)state;
    struct place place = { .count = 0 };
    PUT(&place, PHRASE_NOT, PHRASE_MINOR, PHRASE_AGE, PHRASE_PENALTY, PHRASE_SENTENCE,
        PHRASE_CEILING, PHRASE_NOTE, PHRASE_ASSURANCE, PHRASE_DEATH, PHRASE_THIRD, PHRASE_DUAL,
        PHRASE_URGENT_CASE, PHRASE_CATEGORY, PHRASE_KIND, PHRASE_OFFENCE, PHRASE_SUBJECT,
        PHRASE_NATIONALITY, PHRASE_WARNING, PHRASE_GRADING, PHRASE_HANDLING, PHRASE_ACTION,
        PHRASE_UNIT);
    assert_true(check_place(&place) >= LANGUAGES); /* "subject is minor" and "subject" */
}

static void no_two_phrases_of_a_choice_are_alike(void **state)
{
    (void)state;
    static const enum phrase choices[][8] = {
        { PHRASE_IS, PHRASE_IN, PHRASES },
        { PHRASE_HAVE_RATIFIED, PHRASE_HAVE_SIGNED, PHRASES },
        { PHRASE_DATA_KEPT, PHRASE_DATA_ERASED, PHRASES },
        { PHRASE_TO_CLAUSE, PHRASE_TO_ARTICLE, PHRASES },
        { PHRASE_DATED, PHRASE_DEPOSITARY, PHRASE_AUTHENTIC, PHRASES },
        { PHRASE_HOUR, PHRASE_DAY, PHRASE_WEEK, PHRASE_MONTH, PHRASE_YEAR, PHRASES },
        { PHRASE_HOURS, PHRASE_DAYS, PHRASE_WEEKS, PHRASE_MONTHS, PHRASE_YEARS, PHRASES },
        { PHRASE_HOUR, PHRASE_DAYS, PHRASE_WEEK, PHRASE_MONTHS, PHRASE_YEAR, PHRASES },
        { PHRASE_HOURS, PHRASE_DAY, PHRASE_WEEKS, PHRASE_MONTH, PHRASE_YEARS, PHRASES },
        { PHRASE_ADDRESS, PHRASE_CONTACT, PHRASE_SIGNS, PHRASE_PARTY, PHRASES },
        { PHRASE_AS_ASKED, PHRASE_REDUCED, PHRASE_SPECIALISTS, PHRASE_NOT_SHOWN, PHRASE_HELD,
          PHRASES },
    };
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        struct place place = { .count = 0 };
        for (size_t j = 0; choices[i][j] != PHRASES; j++)
            put(&place, choices[i][j]);
        check_place(&place);
    }
}

/* The first words tell the language, and what it is. */
static void first_words_differ_in_all_languages(void **state)
{
    (void)state;
    static const enum phrase firsts[] = { PHRASE_AGREEMENT, PHRASE_NATIONAL, PHRASE_RESERVATION };
    for (int i = 0; i < 3 * LANGUAGES; i++) {
        for (int j = 0; j < 3 * LANGUAGES; j++) {
            struct text a = phrase_text(firsts[i / LANGUAGES], (enum language)(i % LANGUAGES));
            struct text b = phrase_text(firsts[j / LANGUAGES], (enum language)(j % LANGUAGES));
            assert_true(i == j || !begins(a, b));
        }
    }
}

/* Words of closed lists: no two codes of one list have one word in a language. */
static void words_of_a_list_mean_one_code(void **state)
{
    (void)state;
    static const struct {
        enum word_list list;
        const char *code;
    } words[] = {
#define X(list, code, fr, ar) { WORDS_##list, code },
#include "wording/codes.inc"
#undef X
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        for (enum language language = LANGUAGE_EN; language < LANGUAGES; language++) {
            struct text code = text_literal(words[i].code);
            struct text word = code_to_word(words[i].list, language, code);
            assert_text(word_to_code(words[i].list, language, word), code);
        }
    }
}

static void a_code_is_read_back_and_nothing_else_is(void **state)
{
    enum access_mode mode = MODE_NONE;
    enum coarse_way way = COARSE_NONE;
    enum level level = LEVEL_NONE;
    (void)state;
    for (enum access_mode i = MODE_COPY; i < ACCESS_MODES; i++)
        assert_true(mode_parse(mode_code(i), &mode) && mode == i);
    for (enum coarse_way i = COARSE_YEAR; i < COARSE_WAYS; i++)
        assert_true(way_parse(way_code(i), &way) && way == i);
    for (enum level i = LEVEL_UNCLASSIFIED; i < LEVELS; i++)
        assert_true(level_parse(level_code(i), &level) && level == i);
    assert_false(mode_parse(mode_code(MODE_NONE), &mode) || mode_parse(TEXT("cop"), &mode));
    assert_false(way_parse(way_code(COARSE_NONE), &way) || way_parse(TEXT("day"), &way));
    assert_false(level_parse(level_code(LEVEL_NONE), &level) || level_parse(TEXT("top"), &level));
    assert_true(mode == MODE_ASK && way == COARSE_INITIALS && level == LEVEL_TOP_SECRET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_follow_a_clause_is_never_ambiguous),
        cmocka_unit_test(what_may_follow_a_header_is_never_ambiguous),
        cmocka_unit_test(no_two_tests_are_alike),
        cmocka_unit_test(no_two_phrases_of_a_choice_are_alike),
        cmocka_unit_test(first_words_differ_in_all_languages),
        cmocka_unit_test(words_of_a_list_mean_one_code),
        cmocka_unit_test(a_code_is_read_back_and_nothing_else_is),
    };
    return cmocka_run_group_tests(tests, arena_open, arena_close);
}
